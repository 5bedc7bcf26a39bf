//! Runs a control plane around a command, or by itself until a signal.

#![allow(
    clippy::doc_markdown,
    reason = "the comments of the command line are printed as its help"
)]

mod exec;
mod signals;
mod up;

use std::{
    ffi::OsString,
    io::{Write, stdout},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use control_plane::{Binaries, Options};

/// A real etcd, kube-apiserver and kube-controller-manager on this machine, without containers.
///
/// The programs are those in the directory KUBEBUILDER_ASSETS when it is set; otherwise the pinned versions are built
/// once (needs Go; about ten minutes) and kept in the user's cache.
#[derive(Parser)]
#[command(name = "control-plane", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run a command against a control plane of its own, and end with its status
    ///
    /// The command finds KUBECONFIG and KUBEBUILDER_ASSETS set, and kubectl and helm on its PATH. The control plane is
    /// stopped on every way out. SIGINT, SIGTERM and SIGHUP are passed on to the command.
    Exec {
        #[command(flatten)]
        wishes: Wishes,
        /// Keep keys, data and logs in this directory instead of one that is removed at the end
        #[arg(long)]
        dir: Option<PathBuf>,
        /// The command and its arguments
        #[arg(last = true, required = true, value_name = "CMD")]
        command: Vec<OsString>,
    },
    /// Start a control plane and stay until a signal
    ///
    /// When it is ready, prints the lines for a shell to evaluate; they are also in DIR/env.
    Up {
        #[command(flatten)]
        wishes: Wishes,
        /// Keys, data and logs; what an earlier control plane stored there is found again
        #[arg(long)]
        dir: PathBuf,
    },
    /// Print the directory of the programs, and build what is missing
    Binaries,
}

#[derive(Args)]
struct Wishes {
    /// Append one JSON line (level Metadata) for each request that the API server has answered to this file
    #[arg(long, value_name = "FILE")]
    audit_log: Option<PathBuf>,
    /// A further flag of kube-apiserver, such as --apiserver-arg=--v=4; may be given several times
    #[arg(long, value_name = "FLAG", allow_hyphen_values = true)]
    apiserver_arg: Vec<String>,
}

impl Wishes {
    fn options(self, dir: Option<PathBuf>) -> Options {
        Options {
            dir,
            audit_log: self.audit_log,
            extra_apiserver_args: self.apiserver_arg,
        }
    }
}

// One thread only: the command's death signal follows the thread that spawns it.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    run(Cli::parse().task).await.unwrap_or_else(|error| {
        eprintln!("control plane: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(task: Task) -> anyhow::Result<ExitCode> {
    match task {
        Task::Exec { wishes, dir, command } => exec::run(wishes.options(dir), &command).await,
        Task::Up { wishes, dir } => up::run(wishes.options(Some(dir))).await,
        Task::Binaries => {
            writeln!(stdout(), "{}", Binaries::locate().await?.dir().display())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
