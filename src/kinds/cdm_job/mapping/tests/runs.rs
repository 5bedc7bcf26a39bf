//! When a run is due, and what became of one whose answer was lost: data is copied once for each run that is wished.
use super::*;
use crate::api::run::{RunPolicy, RunStatus};
use crate::api::status::{Act, ActKind, ActOutcome};
use crate::engine::kind::{Attention, Desired, Evidence, Legal, Phase, Rest, Watch};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use rstest::rstest;
use std::collections::BTreeMap;

fn object(policy: RunPolicy, requested: Option<&str>) -> CdmJob {
    let mut job = job();
    job.spec.run.policy = policy;
    job.spec.run.requested_at = requested.map(Into::into);
    job
}

fn wished(job: &CdmJob) -> Desired<Definition> {
    desired(job, &links()).unwrap()
}

/// What is asked for, given these acts.
fn asks(job: &CdmJob, before: &[Act]) -> Vec<ActKind> {
    asked(job, &wished(job), before)
        .into_iter()
        .map(|asked| asked.act)
        .collect()
}

/// The announcement of what is asked for.
fn announced(job: &CdmJob, before: &[Act], outcome: Option<ActOutcome>) -> Act {
    let asked = asked(job, &wished(job), before).pop().unwrap();
    Act {
        act: asked.act,
        nonce: "n".into(),
        time: Time(Timestamp::UNIX_EPOCH),
        answers: asked.answers,
        earlier: BTreeMap::new(),
        outcome,
        evidence: None,
    }
}

fn submission_of(id: i64, status: &str, scheduled: bool) -> Run {
    let json = json!({"submission-id": id, "status": status, "is-execute-auto": scheduled, "execute-date": id * 1000});
    submission(serde_json::from_value(json).unwrap())
}

fn after(state: &str, runs: Vec<Run>) -> Seen<CdmJobs> {
    let mut seen = seen(state);
    with_runs(&mut seen, runs);
    seen
}

#[test]
fn once_is_once_whatever_became_of_it() {
    let job = object(RunPolicy::Once, None);
    assert_eq!(asks(&job, &[]), [ActKind::Run]);
    for outcome in [None, Some(ActOutcome::Done), Some(ActOutcome::Unknown)] {
        let before = [announced(&job, &[], outcome)];
        assert_eq!(asks(&job, &before), []);
    }
}

#[test]
fn another_definition_runs_again_on_change_only() {
    let (once, on_change) = (object(RunPolicy::Once, None), object(RunPolicy::OnChange, None));
    let before = [announced(&on_change, &[], Some(ActOutcome::Done))];
    let edited = |mut job: CdmJob| {
        job.spec
            .for_provider
            .to
            .inputs
            .config
            .insert("outputDirectory".into(), "/b/".into());
        job
    };
    assert_eq!(asks(&on_change, &before), []);
    assert_eq!(asks(&edited(once), &before), []);
    assert_eq!(asks(&edited(on_change), &before), [ActKind::Run]);
}

#[test]
fn a_name_is_no_definition() {
    let mut job = object(RunPolicy::OnChange, None);
    let before = [announced(&job, &[], Some(ActOutcome::Done))];
    job.spec.for_provider.name = Some("another".into());
    assert_eq!(asks(&job, &before), []);
}

#[rstest]
#[case(RunPolicy::Never)]
#[case(RunPolicy::Once)]
#[case(RunPolicy::OnChange)]
fn every_new_request_runs_once_more(#[case] policy: RunPolicy) {
    let first = object(policy, Some("1"));
    assert_eq!(asks(&first, &[]), [ActKind::Run]);
    let before = [announced(&first, &[], Some(ActOutcome::Done))];
    assert_eq!(asks(&first, &before), []);
    let second = object(policy, Some("2"));
    assert_eq!(asks(&second, &before), [ActKind::Run]);
    let withdrawn = object(policy, None);
    assert_eq!(asks(&withdrawn, &before), []);
}

#[test]
fn a_request_that_was_answered_stays_answered() {
    let first = object(RunPolicy::OnChange, Some("1"));
    let before = [announced(&first, &[], Some(ActOutcome::Done))];
    let mut without = object(RunPolicy::OnChange, None);
    without.spec.for_provider.driver.clear();
    let before = [announced(&without, &before, Some(ActOutcome::Done))];
    let mut again = object(RunPolicy::OnChange, Some("1"));
    again.spec.for_provider.driver.clear();
    assert_eq!(asks(&again, &before), []);
}

#[test]
fn never_runs_nothing() {
    assert_eq!(asks(&object(RunPolicy::Never, None), &[]), []);
}

#[test]
fn a_stop_comes_first_and_is_answered_without_a_run() {
    let mut job = object(RunPolicy::Once, None);
    job.spec.run.stop_requested_at = Some("1".into());
    assert_eq!(asks(&job, &[]), [ActKind::Stop, ActKind::Run]);
    assert_eq!(legal(&Move::Stop, &seen("NEW")), Legal::Moot);
    assert_eq!(legal(&Move::Stop, &seen("SUCCEEDED")), Legal::Moot);
    assert_eq!(legal(&Move::Stop, &seen("A_NEW_WORD")), Legal::Later);
    assert_eq!(legal(&Move::Stop, &seen("RUNNING")), Legal::Later);
    let running = after("RUNNING", vec![submission_of(3, "RUNNING", false)]);
    assert_eq!(legal(&Move::Stop, &running), Legal::Now);
    assert_eq!(
        before(&Move::Stop, &running),
        BTreeMap::from([("run".to_owned(), "3".to_owned())])
    );
}

fn start() -> Move {
    Move::Start {
        variables: BTreeMap::new(),
    }
}

#[test]
fn a_start_needs_to_know_what_came_before() {
    assert_eq!(legal(&start(), &seen("NEW")), Legal::Now);
    assert_eq!(legal(&start(), &seen("SUCCEEDED")), Legal::Later);
    let rested = after("SUCCEEDED", vec![submission_of(3, "SUCCEEDED", false)]);
    assert_eq!(legal(&start(), &rested), Legal::Now);
    assert_eq!(
        before(&start(), &rested),
        BTreeMap::from([("after".to_owned(), "3".to_owned())])
    );
    let running = after("RUNNING", vec![submission_of(4, "RUNNING", true)]);
    assert_eq!(legal(&start(), &running), Legal::Later);
}

fn lost(after: &str) -> Act {
    let mut act = announced(&object(RunPolicy::Once, None), &[], None);
    act.answers.insert("after".into(), after.into());
    act
}

#[rstest]
#[case::nothing_newer(vec![submission_of(3, "SUCCEEDED", false)], Evidence::NotDone)]
#[case::ours(vec![submission_of(4, "RUNNING", false), submission_of(3, "SUCCEEDED", false)], Evidence::Done(Some("4".into())))]
#[case::of_the_schedule(vec![submission_of(4, "RUNNING", true), submission_of(3, "SUCCEEDED", false)], Evidence::NotDone)]
#[case::ours_under_that_of_the_schedule(vec![submission_of(5, "RUNNING", true), submission_of(4, "SUCCEEDED", false)], Evidence::Done(Some("4".into())))]
#[case::failed_at_once(vec![submission_of(4, "FAILURE_ON_SUBMIT", false)], Evidence::Done(Some("4".into())))]
#[case::pushed_out((4..14).rev().map(|id| submission_of(id, "SUCCEEDED", true)).collect(), Evidence::Nothing)]
fn the_history_decides(#[case] runs: Vec<Run>, #[case] expected: Evidence) {
    assert_eq!(evidence(&lost("3"), &after("SUCCEEDED", runs)), expected);
}

#[test]
fn without_the_history_nothing_is_decided() {
    assert_eq!(evidence(&lost("3"), &seen("SUCCEEDED")), Evidence::Nothing);
}

#[test]
fn a_stop_is_over_when_its_run_is() {
    let mut job = object(RunPolicy::Never, None);
    job.spec.run.stop_requested_at = Some("1".into());
    let mut act = announced(&job, &[], None);
    act.answers.insert("run".into(), "3".into());
    let running = |id| after("RUNNING", vec![submission_of(id, "RUNNING", false)]);
    assert_eq!(evidence(&act, &running(3)), Evidence::NotDone);
    assert_eq!(evidence(&act, &running(4)), Evidence::Done(Some("3".into())));
    let stopped = after("STOPPED", vec![submission_of(3, "STOPPED", false)]);
    assert_eq!(evidence(&act, &stopped), Evidence::Done(Some("3".into())));
}

#[test]
fn a_run_that_was_stopped_on_request_is_not_failed() {
    let mut job = object(RunPolicy::Never, None);
    job.spec.run.stop_requested_at = Some("1".into());
    let mut act = announced(&job, &[], Some(ActOutcome::Done));
    act.answers.insert("run".into(), "3".into());
    let mut older = after("FAILED", vec![submission_of(3, "FAILED", false)]);
    assert_eq!(phase(&older), Phase::Broken);
    recall(&mut older, None, std::slice::from_ref(&act));
    assert_eq!((phase(&older), rest(&older)), (Phase::Resting, Rest::Stopped));
    let mut later = after("FAILED", vec![submission_of(4, "FAILED", false)]);
    recall(&mut later, None, &[act]);
    assert_eq!(phase(&later), Phase::Broken);
}

#[test]
fn the_words_of_a_failure_stay_although_they_are_not_read_again() {
    let status = RunStatus {
        submission_id: Some(3),
        status: Some("FAILED".into()),
        error: Some("Table [a] unavailable.".into()),
        ..RunStatus::default()
    };
    let mut row = seen("FAILED");
    recall(&mut row, Some(&status), &[]);
    assert_eq!(row.failure.as_ref().unwrap().message, "Table [a] unavailable.");
    assert_eq!(run(&row), Some(status));
}

fn attention<'a>(before: Option<&'a Seen<CdmJobs>>, shown: Option<&'a RunStatus>) -> Attention<'a, CdmJobs> {
    Attention {
        acts: &[],
        open: None,
        asked: false,
        pending: false,
        before,
        shown,
    }
}

#[test]
fn only_jobs_that_run_are_asked_for_their_status() {
    assert_eq!(watch(&seen("NEW"), &attention(None, None)), Watch::Nothing);
    assert_eq!(watch(&seen("RUNNING"), &attention(None, None)), Watch::Latest);
    let ended = seen("SUCCEEDED");
    assert_eq!(watch(&ended, &attention(None, None)), Watch::Latest);
    assert_eq!(watch(&ended, &attention(Some(&ended), None)), Watch::Nothing);
    let shown = RunStatus {
        status: Some("SUCCEEDED".into()),
        ..RunStatus::default()
    };
    assert_eq!(watch(&ended, &attention(None, Some(&shown))), Watch::Nothing);
}

#[test]
fn a_later_run_with_the_same_end_is_noticed() {
    let mut answer = answer("SUCCEEDED");
    answer["execute_start_date"] = json!(1000);
    let earlier = read(answer.clone());
    answer["execute_start_date"] = json!(2000);
    assert_eq!(
        watch(&read(answer), &attention(Some(&earlier), None)),
        Watch::Latest
    );
}

/// An operator that is started right after it started a run may be shown the job as it was before, which agrees.
#[test]
fn a_run_that_was_started_is_looked_for_until_it_is_shown() {
    let act = Act {
        outcome: Some(ActOutcome::Done),
        ..lost("1")
    };
    let shown = |id| RunStatus {
        submission_id: Some(id),
        status: Some("SUCCEEDED".into()),
        ..RunStatus::default()
    };
    let looked_for = |state: &str, shown: &RunStatus| {
        let attention = Attention {
            acts: std::slice::from_ref(&act),
            ..attention(None, Some(shown))
        };
        watch(&seen(state), &attention)
    };
    assert_eq!(looked_for("SUCCEEDED", &shown(1)), Watch::Latest);
    assert_eq!(looked_for("NEW", &shown(2)), Watch::Latest);
    assert_eq!(looked_for("SUCCEEDED", &shown(2)), Watch::Nothing);
}

#[test]
fn a_lost_start_is_looked_up_in_the_history() {
    let act = lost("3");
    let attention = Attention {
        open: Some(&act),
        ..attention(None, None)
    };
    assert_eq!(watch(&seen("NEW"), &attention), Watch::History);
}

#[rstest]
#[case("DELETE_AFTER_SUCCEED", true)]
#[case("DELETE", true)]
#[case("NONE", false)]
fn a_job_that_deletes_itself_is_finished_when_it_is_gone(#[case] word: &str, #[case] vanishes: bool) {
    let mut job = job();
    let inputs = BTreeMap::from([("disposableType".to_owned(), word.to_owned())]);
    job.spec
        .for_provider
        .driver
        .insert("schedulerConfig".into(), inputs);
    let act = announced(&job, &[], Some(ActOutcome::Done));
    assert_eq!(finished(&wished(&job), &[], None), None);
    assert_eq!(finished(&wished(&job), &[act], None).is_some(), vanishes);
}

#[test]
fn adopting_a_job_that_ran_copies_nothing() {
    let job = object(RunPolicy::OnChange, None);
    assert_eq!(adopted(&wished(&job), &seen("NEW")), None);
    let done = adopted(&wished(&job), &seen("SUCCEEDED")).unwrap();
    let act = Act {
        answers: done.answers,
        ..announced(&job, &[], Some(ActOutcome::Done))
    };
    assert_eq!(asks(&job, std::slice::from_ref(&act)), []);
    assert_eq!(
        asks(&object(RunPolicy::Once, None), std::slice::from_ref(&act)),
        []
    );
    assert_eq!(asks(&object(RunPolicy::Once, Some("1")), &[act]), [ActKind::Run]);
}
