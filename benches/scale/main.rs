//! How the operator scales: real control plane, simulated cloud, real operator, all on this machine.
//!
//! `cargo bench --bench scale -- 100 1000 quiet` runs one measurement for each word and prints one table;
//! `KIND:1000` is one of another kind, see `subjects.yaml`. The program fails when something is wrong (a job made twice,
//! never ready, or written at rest), never because something is slow.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark whose stage cannot be set up has nothing to measure, and its figures are small numbers"
)]

mod audit;
mod cluster;
mod figures;
mod process;
mod requests;
mod rig;
mod run;
mod subject;

use figures::Figures;
use run::Plan;
use std::process::ExitCode;

/// What is measured when nothing is named.
const ALL: [&str; 4] = ["100", "1000", "10000", "quiet"];

// One thread only: children die with the thread that started them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let words = if named.is_empty() {
        ALL.map(str::to_owned).to_vec()
    } else {
        named
    };
    let plans: Option<Vec<Plan>> = words.iter().map(|word| Plan::named(word)).collect();
    let Some(plans) = plans else {
        eprintln!("usage: cargo bench --bench scale -- [[KIND:]NUMBER OF JOBS | [KIND:]quiet]...");
        return ExitCode::FAILURE;
    };
    let mut measured: Vec<Figures> = vec![];
    for plan in plans {
        measured.push(run::measure(&plan).await);
    }
    print!("{}", figures::table(&measured));
    let wrongs: Vec<String> = measured.iter().flat_map(Figures::wrongs).collect();
    for wrong in &wrongs {
        eprintln!("WRONG: {wrong}");
    }
    if wrongs.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
