//! The decision about a lease as a table, and leadership without an election.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
use k8s_openapi::api::coordination::v1::LeaseSpec;
use replication_operator::runtime::lease::{Decision, Tenure, decide};
use std::time::Duration;

const DURATION: Duration = Duration::from_secs(15);

fn record(holder: Option<&str>, seconds: Option<i32>) -> LeaseSpec {
    LeaseSpec {
        holder_identity: holder.map(Into::into),
        lease_duration_seconds: seconds,
        ..LeaseSpec::default()
    }
}

#[test]
fn the_decision_is_as_the_table_says() {
    use Decision::{Acquire, Lost, Renew, Wait};
    let other = Some("other");
    let table = [
        // record, leading, unchanged for, decision
        (None, false, 0, Acquire),
        (None, true, 0, Lost),
        (Some(record(None, Some(1))), false, 0, Acquire),
        (Some(record(Some(""), Some(15))), false, 0, Acquire),
        (Some(record(None, Some(1))), true, 0, Lost),
        (Some(record(Some("me"), Some(15))), true, 0, Renew),
        (Some(record(Some("me"), Some(15))), true, 99, Renew),
        // Our own write, the answer of which was lost.
        (Some(record(Some("me"), Some(15))), false, 0, Renew),
        (Some(record(other, Some(15))), false, 0, Wait),
        (Some(record(other, Some(15))), false, 14, Wait),
        (Some(record(other, Some(15))), false, 15, Acquire),
        (Some(record(other, Some(15))), true, 0, Lost),
        (Some(record(other, Some(15))), true, 99, Lost),
        // The holder's own promise counts, where there is one.
        (Some(record(other, Some(60))), false, 59, Wait),
        (Some(record(other, Some(60))), false, 60, Acquire),
        (Some(record(other, Some(5))), false, 5, Acquire),
        (Some(record(other, None)), false, 14, Wait),
        (Some(record(other, Some(0))), false, 14, Wait),
        (Some(record(other, Some(-1))), false, 15, Acquire),
    ];
    for (row, (record, leading, unchanged, wanted)) in table.into_iter().enumerate() {
        let decision = decide(
            record.as_ref(),
            "me",
            leading,
            Duration::from_secs(unchanged),
            DURATION,
        );
        assert_eq!(decision, wanted, "row {row}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_an_election_leadership_never_ends() {
    let tenure = Tenure::unbounded();
    assert!(tenure.admits_write() && tenure.is_valid_for(Duration::MAX));
    assert!(tokio::time::timeout(DURATION * 100, tenure.lost()).await.is_err());
}
