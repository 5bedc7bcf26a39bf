//! The operator process.
use replication_operator::runtime::args::Args;
use replication_operator::runtime::execute;
use std::process::ExitCode;

fn main() -> ExitCode {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    if provider.install_default().is_err() {
        eprintln!("error: a TLS provider was installed before the program's own");
        return ExitCode::FAILURE;
    }
    execute(Args::read())
}
