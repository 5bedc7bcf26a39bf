//! Child processes that end with the test that started them, however it ends.
use super::wait::{PATIENCE, until};
use control_plane::bound_command;
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

/// A running program whose standard output and error go to files.
pub struct Process {
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

impl Process {
    /// Starts it with nothing in its environment but `variables`.
    pub fn start(program: &Path, args: &[String], variables: &[(&str, &OsStr)], files: &Path) -> Self {
        let (out, err) = (files.with_extension("out"), files.with_extension("log"));
        let mut command = bound_command(program.as_os_str(), "KILL");
        let child = command
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&err).unwrap())
            .spawn()
            .unwrap();
        Self { child, out, err }
    }

    /// What it wrote to standard output.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.out).unwrap()).into_owned()
    }

    /// What it wrote to standard error.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.err).unwrap()).into_owned()
    }

    /// SIGKILL, and gone when this returns.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM.
    pub fn ask_to_end(&self) {
        let kill = Command::new("kill")
            .args(["-s", "TERM", &self.child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }

    /// How it ended, once it has.
    pub async fn ended(&mut self, what: &str) -> ExitStatus {
        let child = &mut self.child;
        until(what, PATIENCE, async || {
            child.try_wait().unwrap().ok_or("it runs")
        })
        .await
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A program of this workspace.
pub fn binary(name: &str) -> PathBuf {
    let operator = PathBuf::from(env!("CARGO_BIN_EXE_replication-operator"));
    let named = match name {
        "cloud-simulator" => std::env::var_os("CLOUD_SIMULATOR").map(PathBuf::from),
        _ => None,
    };
    let path = named.unwrap_or_else(|| operator.with_file_name(name));
    assert!(
        path.is_file(),
        "{} is missing: run cargo build --workspace",
        path.display()
    );
    path
}
