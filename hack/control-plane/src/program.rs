//! Running programs that end with the value that holds them, and with the process that started them.

use std::{
    ffi::OsStr,
    fmt,
    fs::{self, OpenOptions},
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{OnceLock, mpsc},
    thread,
};

use anyhow::{Context, Result};

const TAIL: usize = 20;

/// A command that the kernel sends `signal` to (`KILL`, `TERM`…) when the thread that spawned it ends, however it ends.
///
/// # Caveats
///
/// Spawn it from a thread that lives as long as the command is wanted. Where util-linux's `setpriv` is missing, the
/// command is a plain one.
pub fn bound_command(program: &OsStr, signal: &str) -> Command {
    if !setpriv_works() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", signal, "--"]).arg(program);
    command
}

/// The `setpriv` of busybox knows no `--pdeathsig`.
fn setpriv_works() -> bool {
    static WORKS: OnceLock<bool> = OnceLock::new();
    *WORKS.get_or_init(|| {
        let mut trial = Command::new("setpriv");
        trial.args(["--pdeathsig", "KILL", "--", "true"]);
        trial
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        trial.status().is_ok_and(|status| status.success())
    })
}

type Order = (Command, mpsc::Sender<io::Result<Child>>);

/// A thread that does nothing but spawn.
///
/// The death signal follows the spawning thread, and a worker of an async runtime may end long before the process.
pub(crate) struct Spawner {
    orders: mpsc::Sender<Order>,
}

impl Spawner {
    pub(crate) fn new() -> io::Result<Self> {
        let (orders, received) = mpsc::channel::<Order>();
        thread::Builder::new().name("spawner".into()).spawn(move || {
            for (mut command, answer) in received {
                // Whoever ordered waits for the answer, so it cannot be gone.
                let _ = answer.send(command.spawn());
            }
        })?;
        Ok(Self { orders })
    }

    fn spawn(&self, command: Command) -> io::Result<Child> {
        let (answer, answered) = mpsc::channel();
        self.orders.send((command, answer)).map_err(io::Error::other)?;
        answered.recv().map_err(io::Error::other)?
    }
}

/// A running program; dropping it kills it and waits until it is gone.
pub(crate) struct Program {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Program {
    /// Starts the program in a process group of its own, out of reach of the terminal's signals.
    pub(crate) fn start(
        spawner: &Spawner,
        path: &Path,
        name: &'static str,
        flags: &[String],
        log: &Path,
    ) -> Result<Self> {
        let out = OpenOptions::new().create(true).append(true).open(log)?;
        let mut command = bound_command(path.as_os_str(), "KILL");
        command
            .args(flags)
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .process_group(0);
        // etcd takes flags from the environment as well.
        for (key, _) in std::env::vars_os().filter(|(key, _)| key.as_encoded_bytes().starts_with(b"ETCD_")) {
            command.env_remove(key);
        }
        let child = spawner
            .spawn(command)
            .with_context(|| format!("start {}", path.display()))?;
        Ok(Self {
            name,
            child,
            log: log.to_owned(),
        })
    }

    /// Fails when the program has ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(Departure {
                name: self.name,
                status,
                tail: self.tail(),
            }
            .into()),
        }
    }

    /// The last lines of the program's log.
    pub(crate) fn tail(&self) -> String {
        tail(&fs::read(&self.log).unwrap_or_default())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail only when the program is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tail(log: &[u8]) -> String {
    let text = String::from_utf8_lossy(log);
    let lines: Vec<&str> = text.lines().collect();
    lines
        .get(lines.len().saturating_sub(TAIL)..)
        .unwrap_or_default()
        .join("\n")
}

/// A program that ended without being asked to.
#[derive(Debug)]
pub(crate) struct Departure {
    name: &'static str,
    status: ExitStatus,
    tail: String,
}

impl Departure {
    /// Whether somebody else took its port between choosing and binding.
    pub(crate) fn port_was_taken(&self) -> bool {
        self.tail.contains("address already in use")
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ended by itself ({}); its last words:\n{}",
            self.name, self.status, self.tail
        )
    }
}

impl std::error::Error for Departure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_log_is_its_last_lines() {
        let log: String = ["first\n", "line\n".repeat(98).as_str(), "last\n"].concat();
        let tail = tail(log.as_bytes());
        assert_eq!(tail.lines().count(), TAIL);
        assert!(tail.ends_with("line\nlast"));
    }

    #[test]
    fn the_tail_of_a_short_log_is_all_of_it() {
        assert_eq!(tail(b"one\ntwo\n"), "one\ntwo");
        assert_eq!(tail(b""), "");
    }

    #[test]
    fn a_program_that_ends_by_itself_is_told_with_its_last_words() {
        let dir = tempfile::tempdir().unwrap();
        let spawner = Spawner::new().unwrap();
        let flags = [
            "-c".to_owned(),
            "echo bind: address already in use; exit 3".to_owned(),
        ];
        let log = dir.path().join("sh.log");
        let mut program = Program::start(&spawner, Path::new("/bin/sh"), "sh", &flags, &log).unwrap();
        program.child.wait().unwrap();
        let departure = program.check().unwrap_err().downcast::<Departure>().unwrap();
        assert!(departure.port_was_taken());
        assert!(
            departure
                .to_string()
                .starts_with("sh ended by itself (exit status: 3)")
        );
    }
}
