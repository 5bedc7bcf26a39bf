//! The command line: what it takes, and the run it starts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser;

use crate::cloud::Cloud;
use crate::guide;
use crate::journal::Journal;
use crate::server;
use crate::store::Store;
use crate::world::World;

/// Stands for Huawei Cloud and Tencent Cloud in tests of replication jobs.
#[derive(Debug, Parser)]
#[command(name = "cloud-simulator", version, after_long_help = guide::TEXT, after_help = "--help says more.")]
pub struct Command {
    /// Address to listen on; port 0 takes a free one, which the first line on stdout names.
    #[arg(long, default_value = "127.0.0.1:9500")]
    listen: String,
    /// JSON file of the world: credentials, projects, clusters, switches; what it leaves out takes the default.
    #[arg(long)]
    world: Option<PathBuf>,
    /// File that keeps jobs and tokens over a restart; made when absent.
    #[arg(long)]
    state: Option<PathBuf>,
    /// File that every vendor request is appended to as one JSON line.
    #[arg(long)]
    request_log: Option<PathBuf>,
    /// Prints the default world (merged with --world when given) as JSON, and ends.
    #[arg(long)]
    print_world: bool,
}

/// Why the program ended.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file named on the command line cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The world file is not a world.
    #[error("the world is not valid: {0}")]
    World(String),
    /// The state file is not one of ours.
    #[error("the state file is not valid: {0}")]
    State(String),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(String, std::io::Error),
    /// The server stopped.
    #[error("the server stopped: {0}")]
    Server(std::io::Error),
}

/// Runs the command to its end: at once for `--print-world`, otherwise until SIGTERM or SIGINT.
pub async fn run(command: Command) -> Result<(), Failure> {
    let world = read_world(command.world.as_deref())?;
    if command.print_world {
        println!("{}", world.pretty());
        return Ok(());
    }
    let (store, kept) = Store::open(command.state.as_deref())?;
    let journal = Journal::open(command.request_log.as_deref())?;
    let cloud = Arc::new(Cloud::new(world, store, journal, kept)?);
    server::serve(&command.listen, cloud).await
}

fn read_world(file: Option<&Path>) -> Result<World, Failure> {
    let Some(file) = file else {
        return Ok(World::default());
    };
    let text = std::fs::read_to_string(file).map_err(|e| Failure::File(file.to_path_buf(), e))?;
    World::parse(&text).map_err(Failure::World)
}
