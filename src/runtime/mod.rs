//! The process: flags, leader election, probes, metrics, telemetry and wiring; used by `main` alone.
pub mod args;
pub mod controllers;
pub mod crds;
pub mod digest_key;
pub mod health;
pub mod lease;
pub mod metrics;
pub mod rbac;
pub mod run;
pub mod selector;
pub mod server;
pub mod shutdown;
pub mod telemetry;
mod usage;

use args::{Args, Command};
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

/// Does what the command line says.
#[must_use]
pub fn execute(args: Args) -> ExitCode {
    let done: Result<(), Box<dyn Error>> = match args.command {
        Command::Run(run) => run::start(*run, &controllers::plurals(), controllers::run).map_err(Into::into),
        Command::Crds => crds::print(&controllers::definitions())
            .map_err(Into::into)
            .and_then(|page| Ok(std::io::stdout().write_all(page.as_bytes())?)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", telemetry::chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}
