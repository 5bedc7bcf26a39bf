//! The directory of one control plane: keys, kubeconfigs, data and logs.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::KeyPair;
use serde_json::json;
use tempfile::TempDir;

use crate::certificates::{Authority, Identity};

const AUDIT_POLICY: &str =
    "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{level: Metadata}]\n";

/// What one control plane keeps on disk; a directory belongs to one plane at a time.
pub(crate) struct Home {
    dir: PathBuf,
    _lock: File,
    _scratch: Option<TempDir>,
}

impl Home {
    /// A directory that is kept, or a fresh one that goes with this value.
    pub(crate) fn open(kept: Option<&Path>) -> Result<Self> {
        let Some(kept) = kept else {
            let scratch = tempfile::Builder::new().prefix("control-plane-").tempdir()?;
            return Ok(Self {
                dir: scratch.path().to_owned(),
                _lock: lock(scratch.path())?,
                _scratch: Some(scratch),
            });
        };
        let dir = std::path::absolute(kept)?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&dir)
            .with_context(|| format!("make {}", dir.display()))?;
        Ok(Self {
            _lock: lock(&dir)?,
            dir,
            _scratch: None,
        })
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.file("kubeconfig")
    }

    /// Writes all that the three programs read; gives the administrator's certificate back.
    pub(crate) fn furnish(&self, authority: &Authority, port: u16) -> Result<Identity> {
        let server = authority.server()?;
        let accounts = KeyPair::generate()?;
        self.write("ca.crt", &authority.pem())?;
        self.write("server.crt", &server.certificate_pem())?;
        self.write("server.key", &server.key_pem())?;
        self.write("accounts.pub", &accounts.public_key_pem())?;
        self.write("accounts.key", &accounts.serialize_pem())?;
        self.write("audit-policy.yaml", AUDIT_POLICY)?;
        let manager = authority.client("system:kube-controller-manager", None)?;
        self.write(
            "controller-manager.kubeconfig",
            &kubeconfig(authority, &manager, port),
        )?;
        let admin = authority.client("admin", Some("system:masters"))?;
        self.write("kubeconfig", &kubeconfig(authority, &admin, port))?;
        Ok(admin)
    }

    fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.file(name);
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(content.as_bytes()))
            .with_context(|| format!("write {}", path.display()))
    }
}

fn lock(dir: &Path) -> Result<File> {
    let file = File::create(dir.join("lock"))?;
    file.try_lock()
        .with_context(|| format!("another control plane runs in {}", dir.display()))?;
    Ok(file)
}

fn kubeconfig(authority: &Authority, user: &Identity, port: u16) -> String {
    let name = "control-plane";
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": {
            "server": format!("https://127.0.0.1:{port}"),
            "certificate-authority-data": BASE64_STANDARD.encode(authority.pem()),
        }}],
        "users": [{"name": name, "user": {
            "client-certificate-data": BASE64_STANDARD.encode(user.certificate_pem()),
            "client-key-data": BASE64_STANDARD.encode(user.key_pem()),
        }}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, "namespace": "default"}}],
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_belongs_to_one_plane_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let first = Home::open(Some(dir.path())).unwrap();
        assert!(Home::open(Some(dir.path())).is_err());
        drop(first);
        assert!(Home::open(Some(dir.path())).is_ok());
    }
}
