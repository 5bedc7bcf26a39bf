//! One control plane, from start to stop.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    binaries::Binaries,
    certificates::Authority,
    flags,
    home::Home,
    ports::Ports,
    probe::Probe,
    program::{Departure, Program, Spawner},
};

const ATTEMPTS: usize = 3;
const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(50);
const READY: &str = "/readyz";
const DEFAULT_ACCOUNT: &str = "/api/v1/namespaces/default/serviceaccounts/default";

const ETCD: &str = "etcd";
const APISERVER: &str = "kube-apiserver";
const MANAGER: &str = "kube-controller-manager";

/// How a control plane is wanted.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Keeps keys, data and logs here; what an earlier plane stored here is found again. A directory that goes with
    /// the plane when absent.
    pub dir: Option<PathBuf>,
    /// Appends one JSON line for each answered request to this file, never rotated; nothing is logged when absent.
    pub audit_log: Option<PathBuf>,
    /// Further flags of kube-apiserver, after all others, so that they win.
    pub extra_apiserver_args: Vec<String>,
}

/// A running etcd, kube-apiserver and kube-controller-manager.
///
/// # Guarantees
///
/// Nothing runs on when this value is dropped, nor when the process is killed (the latter where util-linux's
/// `setpriv` is at hand).
pub struct ControlPlane {
    // Dropped in this order: an API server whose etcd goes first may hang and keep its port.
    manager: Option<Program>,
    apiserver: Option<Program>,
    etcd: Option<Program>,
    spawner: Spawner,
    probe: Probe,
    binaries: Binaries,
    ports: Ports,
    options: Options,
    kubeconfig: PathBuf,
    home: Home,
}

impl ControlPlane {
    /// Starts a control plane and waits until it serves and the namespace `default` has its service account.
    ///
    /// # Errors
    ///
    /// When the binaries cannot be had, when a program ends early (with its last log lines), or when the plane is not
    /// ready after two minutes.
    pub async fn start(mut options: Options) -> Result<Self> {
        options.audit_log = options.audit_log.map(std::path::absolute).transpose()?;
        let binaries = Binaries::locate().await?;
        let mut attempts = 1..ATTEMPTS;
        loop {
            match Self::attempt(binaries.clone(), options.clone()).await {
                Err(error) if port_was_taken(&error) && attempts.next().is_some() => {}
                outcome => return outcome,
            }
        }
    }

    /// The administrator's kubeconfig.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// The directory of keys, data and logs.
    pub fn dir(&self) -> &Path {
        self.home.dir()
    }

    /// The programs this plane runs.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// The environment in which `kubectl`, `helm` and every client find this plane.
    pub fn env(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("KUBECONFIG", self.kubeconfig.clone().into()),
            ("KUBEBUILDER_ASSETS", self.binaries.dir().into()),
            // kubectl remembers discovery by address, and a later plane may have the same one.
            ("KUBECACHEDIR", self.home.file("cache").into()),
            ("PATH", self.binaries.path().into()),
        ]
    }

    /// Fails, with the last log lines, when a program has ended that should be running.
    pub fn check(&mut self) -> Result<()> {
        [&mut self.etcd, &mut self.apiserver, &mut self.manager]
            .into_iter()
            .flatten()
            .try_for_each(Program::check)
    }

    /// Kills the API server (SIGKILL) and starts another on the same port and etcd; returns when it is ready.
    pub async fn restart_apiserver(&mut self) -> Result<()> {
        self.stop_apiserver();
        self.start_apiserver().await
    }

    /// Kills the API server (SIGKILL) and waits until the process is gone; nothing else stops.
    pub fn stop_apiserver(&mut self) {
        self.apiserver = None;
    }

    /// Starts the API server after [`ControlPlane::stop_apiserver`] and waits until it is ready.
    pub async fn start_apiserver(&mut self) -> Result<()> {
        if self.apiserver.is_none() {
            let flags = flags::apiserver(&self.home, self.ports, &self.options);
            self.apiserver = Some(self.launch(APISERVER, &flags)?);
        }
        self.succeeds(READY).await
    }

    /// Kills all programs and waits until they are gone; the same as dropping the plane, but for saying so.
    pub fn stop(self) {
        drop(self);
    }

    async fn attempt(binaries: Binaries, options: Options) -> Result<Self> {
        let mut plane = Self::prepare(binaries, options)?;
        let flags = flags::etcd(&plane.home, plane.ports);
        plane.etcd = Some(plane.launch(ETCD, &flags)?);
        plane.start_apiserver().await?;
        // Not earlier: it gives up when it finds no API server within ten seconds.
        plane.manager = Some(plane.launch(MANAGER, &flags::manager(&plane.home))?);
        plane.succeeds(DEFAULT_ACCOUNT).await?;
        Ok(plane)
    }

    fn prepare(binaries: Binaries, options: Options) -> Result<Self> {
        let home = Home::open(options.dir.as_deref())?;
        let ports = Ports::free().context("find free ports")?;
        let authority = Authority::new()?;
        let admin = home.furnish(&authority, ports.apiserver)?;
        for name in [ETCD, APISERVER, MANAGER] {
            forget(&home.file(&format!("{name}.log")))?;
        }
        Ok(Self {
            manager: None,
            apiserver: None,
            etcd: None,
            spawner: Spawner::new()?,
            probe: Probe::new(&authority, &admin, ports.apiserver)?,
            binaries,
            ports,
            options,
            kubeconfig: home.kubeconfig(),
            home,
        })
    }

    fn launch(&self, name: &'static str, flags: &[String]) -> Result<Program> {
        let log = self.home.file(&format!("{name}.log"));
        Program::start(&self.spawner, &self.binaries.program(name), name, flags, &log)
    }

    /// Waits until the API server answers a GET of `path` with success.
    async fn succeeds(&mut self, path: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !self.probe.succeeds(path).await {
            self.check()?;
            if Instant::now() > deadline {
                bail!(
                    "no success from {path} within {} s\n{}",
                    PATIENCE.as_secs(),
                    self.tails()
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    fn tails(&self) -> String {
        let running = [&self.etcd, &self.apiserver, &self.manager];
        running
            .into_iter()
            .flatten()
            .map(Program::tail)
            .collect::<Vec<_>>()
            .join("\n---\n")
    }
}

fn port_was_taken(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<Departure>()
        .is_some_and(Departure::port_was_taken)
}

fn forget(log: &Path) -> io::Result<()> {
    match fs::remove_file(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}
