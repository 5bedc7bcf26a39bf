//! A control plane in the foreground.

use std::{
    fs,
    io::{Write, stdout},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use anyhow::Result;
use control_plane::{ControlPlane, Options};

use crate::signals::{Signals, ended_by};

/// How often the programs are looked after.
const ROUND: Duration = Duration::from_secs(1);

pub(crate) async fn run(options: Options) -> Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let mut plane = match signals.start(options).await? {
        Ok(plane) => plane,
        Err(signal) => return Ok(ended_by(signal.as_raw())),
    };
    let lines = exports(&plane);
    fs::write(plane.dir().join("env"), &lines)?;
    stdout().write_all(lines.as_bytes())?;
    while tokio::time::timeout(ROUND, signals.next()).await.is_err() {
        plane.check()?;
    }
    plane.stop();
    Ok(ExitCode::SUCCESS)
}

/// The plane's environment for a shell, in which `PATH` is put before whatever the shell has.
fn exports(plane: &ControlPlane) -> String {
    let others = plane.env().into_iter().filter(|(name, _)| *name != "PATH");
    let lines = others.map(|(name, value)| format!("export {name}={}\n", quoted(Path::new(&value))));
    let path = format!("export PATH={}:\"$PATH\"\n", quoted(plane.binaries().dir()));
    lines.chain([path]).collect()
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_path_survives_the_shell() {
        assert_eq!(quoted(Path::new("/tmp/it's")), r"'/tmp/it'\''s'");
    }
}
