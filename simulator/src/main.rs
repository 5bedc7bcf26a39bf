//! The `cloud-simulator` command.

use std::process::ExitCode;

use clap::Parser;
use cloud_simulator::{Command, run};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Command::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("cloud-simulator: {failure}");
            ExitCode::FAILURE
        }
    }
}
