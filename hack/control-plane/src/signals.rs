//! The signals that ask this program to end.

use std::process::ExitCode;

use anyhow::Result;
use control_plane::{ControlPlane, Options};
use rustix::process::Signal;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

pub(crate) struct Signals {
    interrupt: Stream,
    terminate: Stream,
    hangup: Stream,
}

impl Signals {
    pub(crate) fn listen() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    pub(crate) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.terminate.recv() => Signal::TERM,
            _ = self.hangup.recv() => Signal::HUP,
        }
    }

    /// Starts a plane, unless a signal comes first; then all that was started is killed.
    pub(crate) async fn start(&mut self, options: Options) -> Result<Result<ControlPlane, Signal>> {
        tokio::select! {
            plane = ControlPlane::start(options) => plane.map(Ok),
            signal = self.next() => Ok(Err(signal)),
        }
    }
}

/// The status a shell gives to what a signal ended.
pub(crate) fn ended_by(signal: i32) -> ExitCode {
    ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX))
}
