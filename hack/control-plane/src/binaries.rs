//! Where the programs of the control plane are had from.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

const PROGRAMS: [&str; 5] = [
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kubectl",
    "helm",
];
const BUILD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/build");

/// A directory that holds etcd, kube-apiserver, kube-controller-manager, kubectl and helm.
#[derive(Clone, Debug)]
pub struct Binaries {
    dir: PathBuf,
    path: OsString,
}

impl Binaries {
    /// Takes the directory that `KUBEBUILDER_ASSETS` names when nothing is missing there, and otherwise what
    /// `hack/control-plane/build` prints, which builds what is missing and takes about ten minutes the first time.
    pub async fn locate() -> Result<Self> {
        let named = env::var_os("KUBEBUILDER_ASSETS").filter(|named| !named.is_empty());
        match named.map(std::path::absolute).transpose()? {
            Some(dir) if is_complete(&dir) => Self::at(dir),
            _ => Self::at(built().await?),
        }
    }

    /// The directory itself.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The value of `PATH` under which `kubectl` and `helm` are these.
    pub fn path(&self) -> &OsStr {
        &self.path
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn at(dir: PathBuf) -> Result<Self> {
        let rest = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(std::iter::once(dir.clone()).chain(env::split_paths(&rest)))
            .with_context(|| format!("{} cannot stand in PATH; move it", dir.display()))?;
        Ok(Self { dir, path })
    }
}

fn is_complete(dir: &Path) -> bool {
    PROGRAMS.iter().all(|program| dir.join(program).is_file())
}

async fn built() -> Result<PathBuf> {
    let output = Command::new(BUILD)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output()
        .await
        .with_context(|| {
            format!("{BUILD} does not start; set KUBEBUILDER_ASSETS to a directory of ready binaries")
        })?;
    ensure!(
        output.status.success(),
        "{BUILD} failed ({}), its words are above; mend that, or set KUBEBUILDER_ASSETS to a directory with {}",
        output.status,
        PROGRAMS.join(", ")
    );
    let printed =
        String::from_utf8(output.stdout).context("the build printed a directory that is not UTF-8")?;
    let dir = PathBuf::from(printed.trim());
    ensure!(
        is_complete(&dir),
        "{BUILD} printed {}, which lacks a program; remove it and build again",
        dir.display()
    );
    Ok(dir)
}
