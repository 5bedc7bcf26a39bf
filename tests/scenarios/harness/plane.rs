//! The control plane that all scenarios share: the one they run under, or one that this process starts.
use super::cluster::Cluster;
use super::process::binary;
use super::wait::{PATIENCE, until};
use control_plane::{ControlPlane, Options};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use tokio::sync::OnceCell;

/// Where the API server is, and where `kubectl` is found.
pub struct Plane {
    /// The administrator's kubeconfig.
    pub kubeconfig: PathBuf,
    /// The value of `PATH` under which `kubectl` belongs to the plane.
    pub path: OsString,
}

/// The shared control plane, with this operator's definitions installed.
pub async fn plane() -> &'static Plane {
    static PLANE: OnceCell<Plane> = OnceCell::const_new();
    PLANE
        .get_or_init(async || {
            let plane = match around() {
                Some(plane) => plane,
                None => start().await,
            };
            install(&plane.cluster().await).await;
            plane
        })
        .await
}

impl Plane {
    /// A started plane that somebody else keeps.
    pub fn of(plane: &ControlPlane) -> Self {
        Self::at(plane.kubeconfig(), plane.binaries().path())
    }

    /// A plane that somebody else keeps.
    pub fn at(kubeconfig: &Path, path: &std::ffi::OsStr) -> Self {
        Self {
            kubeconfig: kubeconfig.to_owned(),
            path: path.to_owned(),
        }
    }

    /// A client of the calling test.
    pub async fn cluster(&self) -> Cluster {
        Cluster::new(client(&self.kubeconfig).await)
    }
}

/// The plane of `control-plane exec`. Any other cluster that `KUBECONFIG` names is left alone.
fn around() -> Option<Plane> {
    let kubeconfig = PathBuf::from(std::env::var_os("KUBECONFIG").filter(|path| !path.is_empty())?);
    let context = Kubeconfig::read_from(&kubeconfig).ok()?.current_context?;
    (context == "control-plane").then(|| Plane {
        kubeconfig,
        path: std::env::var_os("PATH").unwrap_or_default(),
    })
}

async fn start() -> Plane {
    // A static is never dropped: the directory of the run before goes when the next one begins.
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scenarios");
    let lock = std::fs::File::options().write(true).open(dir.join("lock"));
    let free = lock.is_ok_and(|lock| lock.try_lock().is_ok());
    if free {
        let _ = std::fs::remove_dir_all(&dir);
    }
    let dir = (free || !dir.exists()).then_some(dir);
    let options = Options {
        dir,
        ..Options::default()
    };
    // It ends with the process, as a static would.
    Plane::of(Box::leak(Box::new(ControlPlane::start(options).await.unwrap())))
}

async fn client(kubeconfig: &Path) -> Client {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let kubeconfig = Kubeconfig::read_from(kubeconfig).unwrap();
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(kubeconfig, &options)
        .await
        .unwrap();
    Client::try_from(config).unwrap()
}

/// A control plane that only one scenario has.
pub async fn own_plane() -> ControlPlane {
    let plane = ControlPlane::start(Options::default()).await.unwrap();
    install(&Plane::of(&plane).cluster().await).await;
    plane
}

/// Applies what `replication-operator crds` prints, and waits until it is served.
async fn install(cluster: &Cluster) {
    for definition in definitions() {
        cluster.apply("", &definition).await.unwrap();
        let name = definition["metadata"]["name"].as_str().unwrap().to_owned();
        until(&format!("{name} to be served"), PATIENCE, async || {
            let seen = cluster.get("CustomResourceDefinition", "", &name).await.unwrap();
            let conditions = seen["status"]["conditions"].as_array().cloned();
            let established = conditions
                .into_iter()
                .flatten()
                .any(|c| c["type"] == "Established" && c["status"] == "True");
            if established {
                Ok(())
            } else {
                Err(seen["status"].to_string())
            }
        })
        .await;
    }
}

fn definitions() -> Vec<Value> {
    let printed = Command::new(binary("replication-operator"))
        .arg("crds")
        .output()
        .unwrap();
    let text = String::from_utf8(printed.stdout).unwrap();
    text.split("---\n")
        .filter(|document| !document.trim().is_empty())
        .map(|document| serde_saphyr::from_str(document).unwrap())
        .collect()
}
