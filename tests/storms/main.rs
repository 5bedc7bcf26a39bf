//! Storms over the engine: whatever happened before, no law was broken, and fair weather leads to agreement and silence.
#![allow(
    clippy::large_enum_variant,
    clippy::struct_excessive_bools,
    clippy::needless_pass_by_value,
    clippy::unused_self,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a model of others may be coarse, and a failed test says where"
)]
#![allow(missing_docs, reason = "the names of a test's own parts say what they are")]
mod cluster;
mod kind;
mod laws;
mod looks;
mod mutant;
mod operator;
mod service;
mod storm;
mod wish;

use mutant::Mutant;
use operator::Weather;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, RngSeed, TestError, TestRng, TestRunner};
use replication_operator::api::policy::ManagementPolicy;
use service::Sort;
use storm::{Gust, Storm, World, storms, weathered};
use wish::{Edit, Spec, specs};

/// The same storms every time, so that a verdict is on the code; `STORMS_SEED=<number>` lets others blow.
fn cases(cases: u32) -> ProptestConfig {
    let seed = std::env::var("STORMS_SEED").ok();
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed.map_or(1, |seed| seed.parse().unwrap())),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn after_every_storm_comes_agreement_and_then_silence(storm in storms()) {
        let world = weathered(&storm, Mutant::None);
        prop_assert!(world.is_ok(), "{}", world.unwrap_err());
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn in_fair_weather_a_job_takes_one_create_and_one_start(spec in specs(), sort in sorts(), bare_rows: bool) {
        let spec = Spec { management: ManagementPolicy::Apply, adopting: false, ..spec };
        let starts = usize::from(!spec.stopped);
        let storm = Storm { spec, sort, bare_rows, ..Storm::calm() };
        let mut world = World::new(&storm, Mutant::None);
        prop_assert_eq!(world.calm_down(false), Ok(()));
        prop_assert_eq!((world.service.creates, world.service.starts, world.service.requests), (1, starts, 1 + starts));
    }

    #[test]
    fn in_fair_weather_a_restart_is_one_request(sort in sorts()) {
        let storm = Storm { sort, ..Storm::calm() };
        let mut world = World::new(&storm, Mutant::None);
        prop_assert_eq!(world.calm_down(false), Ok(()));
        let asked = Gust { edit: Some(Edit::Restart), act: None, weather: Weather::FAIR };
        prop_assert!(world.blow(&asked).is_ok());
        prop_assert_eq!(world.calm_down(false), Ok(()));
        prop_assert_eq!(world.service.restarts.values().collect::<Vec<_>>(), [&1]);
        prop_assert_eq!(world.service.requests, 3);
    }
}

fn sorts() -> impl Strategy<Value = Sort> {
    prop_oneof![Just(Sort::Marked), Just(Sort::Unmarked), Just(Sort::Named)]
}

/// Faults that storms were not seen to bring to light: what they break is also held by something else, or needs a rarer
/// course of events.
const RARE: [Mutant; 7] = [
    Mutant::ForeignHidesClaim,
    Mutant::RowReleases,
    Mutant::AnyRowAfterFirstStart,
    Mutant::FirstRowTrusted,
    Mutant::VoidClaimProves,
    Mutant::ClaimedDefinitionIgnored,
    Mutant::PreviousForgotten,
];

/// The law that brings the fault to light, if some storm does. Most do within the first hundreds.
fn caught(mutant: Mutant) -> Option<String> {
    let config = ProptestConfig {
        max_shrink_iters: 0,
        ..cases(9_000)
    };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let result = runner.run(&storms(), |storm| {
        weathered(&storm, mutant).map(drop).map_err(TestCaseError::fail)
    });
    match result {
        Err(TestError::Fail(law, _)) => Some(law.message().into()),
        _ => None,
    }
}

#[test]
fn every_seeded_fault_is_caught() {
    let sought = Mutant::ALL.into_iter().filter(|mutant| !RARE.contains(mutant));
    let missed: Vec<Mutant> = sought.filter(|mutant| caught(*mutant).is_none()).collect();
    assert_eq!(missed, vec![]);
}
