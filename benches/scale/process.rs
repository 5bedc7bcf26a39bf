//! Child processes that end with this program, and what the kernel knows about them.
use control_plane::bound_command;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

/// Linux counts processor time in hundredths of a second, whatever the kernel was built with.
const TICK: Duration = Duration::from_millis(10);

/// A running program whose output goes to files.
pub struct Process {
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

impl Process {
    /// Starts it with nothing in its environment but `PATH` and `variables`.
    pub fn start(program: &Path, args: &[String], variables: &[(&str, &OsStr)], files: &Path) -> Self {
        let (out, err) = (files.with_extension("out"), files.with_extension("log"));
        let child = bound_command(program.as_os_str(), "KILL")
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
        std::fs::read_to_string(&self.out).unwrap()
    }

    /// The end of what it wrote to standard error.
    pub fn tail(&self) -> String {
        let log = std::fs::read_to_string(&self.err).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// The processor time that it has used.
    pub fn cpu(&self) -> Duration {
        cpu_of(&words(&self.proc("stat")))
    }

    /// The most memory that it ever held, in KiB.
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM")
    }

    /// The memory that it holds, in KiB.
    pub fn memory(&self) -> u64 {
        self.status("VmRSS")
    }

    fn status(&self, field: &str) -> u64 {
        let status = self.proc("status");
        let line = status.lines().find(|line| line.starts_with(field)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    fn proc(&self, file: &str) -> String {
        let path = format!("/proc/{}/{file}", self.child.id());
        std::fs::read_to_string(path)
            .ok()
            .filter(|text| text.contains(')') || text.contains("VmHWM"))
            .unwrap_or_else(|| panic!("a program has ended:\n{}", self.tail()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processor time that this program and each of its children has used, by program.
pub fn cpu_of_all() -> BTreeMap<String, Duration> {
    let own = std::process::id().to_string();
    let mut times = BTreeMap::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        // A process may be gone by now.
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let words = words(&stat);
        let name = if entry.file_name().to_string_lossy() == own {
            "this benchmark".to_owned()
        } else if words[2] == own {
            let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let program = command.split(|byte| *byte == 0).next().unwrap_or_default();
            let program = String::from_utf8_lossy(program).into_owned();
            program.rsplit('/').next().unwrap_or_default().to_owned()
        } else {
            continue;
        };
        *times.entry(name).or_default() += cpu_of(&words);
    }
    times
}

/// What follows the name of a process, which is in parentheses and may hold blanks.
fn words(stat: &str) -> Vec<&str> {
    stat[stat.rfind(')').unwrap()..].split_whitespace().collect()
}

fn cpu_of(words: &[&str]) -> Duration {
    let ticks = |index: usize| words[index].parse::<u32>().unwrap();
    TICK * (ticks(12) + ticks(13))
}

/// A program of this workspace, built as this benchmark is.
pub fn binary(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_BIN_EXE_replication-operator")).with_file_name(name);
    assert!(
        path.is_file(),
        "{} is missing: run cargo build --release -p {name}",
        path.display()
    );
    path
}
