//! A command with a control plane around it.

use std::{
    ffi::OsString,
    io::{IsTerminal, stdin},
    os::unix::process::ExitStatusExt,
    process::{ExitCode, ExitStatus},
    time::Duration,
};

use anyhow::{Context, Result};
use control_plane::{ControlPlane, Options, bound_command};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep_until},
};

use crate::signals::{Signals, ended_by};

/// How long a command may take to end once a signal was passed on to it.
const GRACE: Duration = Duration::from_secs(10);

pub(crate) async fn run(options: Options, command: &[OsString]) -> Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let started = Instant::now();
    let mut plane = match signals.start(options).await? {
        Ok(plane) => plane,
        Err(signal) => return Ok(ended_by(signal.as_raw())),
    };
    eprintln!("control plane: ready in {:.1} s", started.elapsed().as_secs_f32());
    let status = watch(spawn(&plane, command)?, &mut signals).await?;
    if let Err(departure) = plane.check() {
        eprintln!("control plane: {departure}");
    }
    plane.stop();
    Ok(exit_code(status))
}

fn spawn(plane: &ControlPlane, command: &[OsString]) -> Result<Child> {
    let (program, arguments) = command.split_first().context("no command")?;
    let mut bound = Command::from(bound_command(program, "TERM"));
    bound.args(arguments).envs(plane.env()).kill_on_drop(true);
    bound
        .spawn()
        .with_context(|| format!("start {}", program.display()))
}

async fn watch(mut child: Child, signals: &mut Signals) -> Result<ExitStatus> {
    let mut deadline = None;
    loop {
        tokio::select! {
            status = child.wait() => return Ok(status?),
            signal = signals.next() => if pass_on(&child, signal) {
                deadline = Some(Instant::now() + GRACE);
            },
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                deadline = None;
                child.start_kill()?;
            }
        }
    }
}

/// Whether the signal went to the command; what a terminal sends, the command has had from the terminal.
fn pass_on(child: &Child, signal: Signal) -> bool {
    if signal == Signal::INT && stdin().is_terminal() {
        return false;
    }
    let pid = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(Pid::from_raw);
    pid.is_some_and(|pid| kill_process(pid, signal).is_ok())
}

fn exit_code(status: ExitStatus) -> ExitCode {
    match (status.code(), status.signal()) {
        (Some(code), _) => ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)),
        (None, Some(signal)) => ended_by(signal),
        (None, None) => ExitCode::FAILURE,
    }
}
