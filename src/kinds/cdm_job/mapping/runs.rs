//! Runs are acts: which one is due, what became of one whose answer was lost, and what the last one came to. Pure.
use super::definition::{Definition, as_run};
use super::lifecycle::{Move, State};
use super::observed::{Facts, Run};
use crate::api::run::{RunPolicy, RunStatus};
use crate::api::status::{Act, ActKind, ActOutcome};
use crate::engine::acts::Announced;
use crate::engine::difference::hash;
use crate::engine::kind::Asked;
use crate::engine::kind::Attention;
use crate::engine::kind::Desired;
use crate::engine::kind::Evidence;
use crate::engine::kind::Failure;
use crate::engine::kind::Finished;
use crate::engine::kind::Legal;
use crate::engine::kind::Observed;
use crate::engine::kind::Watch;
use crate::kinds::cdm_job::CdmJobs;
use crate::kinds::cdm_job::resource::CdmJob;
use k8s_openapi::jiff::SignedDuration;
use std::collections::BTreeMap;

/// The hash of the definition that was run.
const DEFINITION: &str = "definition";
/// The value of `spec.run.requestedAt` that was answered last.
const REQUESTED_AT: &str = "requestedAt";
/// The value of `spec.run.stopRequestedAt` that was answered last.
const STOP_REQUESTED_AT: &str = "stopRequestedAt";
/// The number of the last run before the start: what is newer may be ours.
const AFTER: &str = "after";
/// The number of the run that is stopped.
const RUN: &str = "run";
/// How many runs the history shows at most, page `ShowSubmissions`.
const HISTORY: usize = 10;
/// What a list says of the time of a run may differ from what the run itself says.
const NEAR: SignedDuration = SignedDuration::from_secs(2);

type SeenJob = Observed<Definition, Facts>;

/// What the object asks for, given what was announced before.
pub fn asked(resource: &CdmJob, desired: &Desired<Definition>, before: &[Act]) -> Vec<Asked<Move>> {
    stop(resource, before)
        .into_iter()
        .chain(start(resource, desired, before))
        .collect()
}

fn stop(resource: &CdmJob, before: &[Act]) -> Option<Asked<Move>> {
    let token = resource.spec.run.stop_requested_at.as_ref()?;
    if answered(before, ActKind::Stop, STOP_REQUESTED_AT) == Some(token) {
        return None;
    }
    Some(Asked {
        act: ActKind::Stop,
        answers: BTreeMap::from([(STOP_REQUESTED_AT.to_owned(), token.clone())]),
        step: Move::Stop,
        note: None,
    })
}

/// One run answers everything that asks for one when it is announced.
fn start(resource: &CdmJob, desired: &Desired<Definition>, before: &[Act]) -> Option<Asked<Move>> {
    let spec = &resource.spec.run;
    let definition = hash(&as_run(&desired.definition));
    let last = answered(before, ActKind::Run, REQUESTED_AT);
    let requested = spec.requested_at.as_ref().filter(|token| Some(*token) != last);
    let by_policy = match spec.policy {
        RunPolicy::Never => false,
        RunPolicy::Once => !before.iter().any(|act| act.act == ActKind::Run),
        RunPolicy::OnChange => answered(before, ActKind::Run, DEFINITION) != Some(&definition),
    };
    if requested.is_none() && !by_policy {
        return None;
    }
    let mut answers = BTreeMap::from([(DEFINITION.to_owned(), definition)]);
    // A request that was answered stays so, also when the spec has none for a while.
    answers.extend(
        requested
            .or(last)
            .map(|token| (REQUESTED_AT.to_owned(), token.clone())),
    );
    Some(Asked {
        act: ActKind::Run,
        answers,
        step: Move::Start {
            variables: spec.variables.clone(),
        },
        note: None,
    })
}

fn answered<'a>(before: &'a [Act], kind: ActKind, name: &str) -> Option<&'a String> {
    before.iter().find(|act| act.act == kind)?.answers.get(name)
}

/// What an adopted job has done already, as if the object had asked for it: adopting copies nothing.
pub fn adopted(desired: &Desired<Definition>, seen: &SeenJob) -> Option<Announced> {
    (State::of(&seen.state) != State::New).then(|| Announced {
        act: ActKind::Run,
        answers: BTreeMap::from([(DEFINITION.to_owned(), hash(&as_run(&desired.definition)))]),
    })
}

/// Whether a request is legal now. What came before has to be known, or nobody could tell its effect from it.
pub fn legal(step: &Move, seen: &SeenJob) -> Legal {
    let state = State::of(&seen.state);
    match step {
        Move::Stop if !state.is_active() && state != State::Unknown => Legal::Moot,
        Move::Start { .. } | Move::Stop if seen.facts.runs.is_none() && state != State::New => Legal::Later,
        Move::Start { .. } | Move::Stop | Move::Update { .. } if step.allowed(state) => Legal::Now,
        Move::Start { .. } | Move::Stop | Move::Update { .. } => Legal::Later,
    }
}

/// What there was before a request, to be told from what it brings about.
pub fn before(step: &Move, seen: &SeenJob) -> BTreeMap<String, String> {
    let latest = latest(seen).and_then(|run| run.id).unwrap_or_default();
    let name = match step {
        Move::Start { .. } => AFTER,
        Move::Stop => RUN,
        Move::Update { .. } => return BTreeMap::new(),
    };
    BTreeMap::from([(name.to_owned(), latest.to_string())])
}

/// What the history shows of an announced request whose answer was lost.
pub fn evidence(announced: &Act, seen: &SeenJob) -> Evidence {
    let Some(runs) = &seen.facts.runs else {
        return Evidence::Nothing;
    };
    match announced.act {
        ActKind::Run => started(number(announced, AFTER), runs),
        ActKind::Stop => stopped(number(announced, RUN), seen),
        ActKind::Restart | ActKind::Rename => Evidence::Nothing,
    }
}

/// A run that is newer than the last one before, and that no schedule started, is the one that was asked for.
fn started(after: i64, runs: &[Run]) -> Evidence {
    let newer = |run: &&Run| run.id.is_some_and(|id| id > after);
    if let Some(run) = runs.iter().filter(newer).find(|run| !run.is_scheduled) {
        return Evidence::Done(run.id.map(|id| id.to_string()));
    }
    // The run may have been pushed out of the history by those of a schedule.
    let is_cut = runs.len() >= HISTORY && runs.iter().filter(newer).count() == runs.len();
    if is_cut {
        Evidence::Nothing
    } else {
        Evidence::NotDone
    }
}

fn stopped(run: i64, seen: &SeenJob) -> Evidence {
    let is_it = latest(seen).and_then(|latest| latest.id) == Some(run);
    if State::of(&seen.state).is_active() && is_it {
        Evidence::NotDone
    } else {
        Evidence::Done(Some(run.to_string()))
    }
}

fn number(announced: &Act, name: &str) -> i64 {
    let text = announced.answers.get(name);
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// What has to be read beside the job itself: a look at a list or at the job tells a state, and not which run's.
pub fn watch(seen: &SeenJob, attention: &Attention<'_, CdmJobs>) -> Watch {
    let state = State::of(&seen.state);
    match attention.open.map(|act| act.act) {
        Some(ActKind::Run) => return Watch::History,
        Some(ActKind::Stop) => return Watch::Latest,
        Some(ActKind::Restart | ActKind::Rename) | None => {}
    }
    let is_known = match (attention.before, attention.shown) {
        (Some(before), _) => before.state == seen.state && before.facts.last_run == seen.facts.last_run,
        (None, Some(shown)) => is_shown(seen, shown),
        (None, None) => false,
    };
    // A job that is new has no runs to read of.
    let asked = attention.asked && state != State::New;
    let is_behind = is_behind(state, attention.acts, attention.shown);
    if state.is_active() || asked || attention.pending || is_behind || (state.is_end() && !is_known) {
        Watch::Latest
    } else {
        Watch::Nothing
    }
}

/// Whether the job may be seen as it was before a run that was started: a list lags, and an operator that was just started
/// does not know that it does. Then there is no run although one is shown, or the one that is shown is an earlier one.
fn is_behind(state: State, acts: &[Act], shown: Option<&RunStatus>) -> bool {
    let is_run = |act: &&Act| act.act == ActKind::Run && act.outcome == Some(ActOutcome::Done);
    let last = shown.and_then(|run| run.submission_id).unwrap_or_default();
    let is_earlier = acts
        .iter()
        .find(is_run)
        .is_some_and(|act| last <= number(act, AFTER));
    is_earlier || (state == State::New && shown.is_some())
}

fn is_shown(seen: &SeenJob, shown: &RunStatus) -> bool {
    let is_near = match (&shown.started_at, seen.facts.last_run) {
        (Some(shown), Some(seen)) => shown.0.duration_since(seen).abs() <= NEAR,
        (None | Some(_), None) => true,
        (None, Some(_)) => false,
    };
    shown.status.as_deref() == Some(&seen.state) && is_near
}

/// Puts what is known of the last run into a job that was only looked at, and what was asked of it.
pub fn recall(seen: &mut SeenJob, shown: Option<&RunStatus>, acts: &[Act]) {
    if seen.facts.runs.is_none() {
        seen.facts.recalled = shown
            .filter(|shown| shown.status.as_deref() == Some(&seen.state))
            .cloned();
    }
    let id = run(seen).and_then(|run| run.submission_id);
    let ours = acts.iter().find(|act| act.act == ActKind::Stop);
    seen.facts.stopped = ours.is_some_and(|act| act.outcome.is_some() && Some(number(act, RUN)) == id);
    if let (Some(failure), Some(error)) = (
        &mut seen.failure,
        run_error(seen.facts.runs.as_ref(), seen.facts.recalled.as_ref()),
    ) {
        failure.message = error;
    }
}

fn run_error(runs: Option<&Vec<Run>>, recalled: Option<&RunStatus>) -> Option<String> {
    match runs.and_then(|runs| runs.first()) {
        Some(run) => run.shown.error.clone(),
        None => recalled?.error.clone(),
    }
}

/// The last run, as it is shown.
pub fn run(seen: &SeenJob) -> Option<RunStatus> {
    match latest(seen) {
        Some(run) => Some(run.shown.clone()),
        None => seen.facts.recalled.clone(),
    }
}

fn latest(seen: &SeenJob) -> Option<&Run> {
    seen.facts.runs.as_ref()?.first()
}

/// Whether the job deletes itself when its run has ended, and has done so.
pub fn finished(desired: &Desired<Definition>, acts: &[Act], last: Option<&RunStatus>) -> Option<Finished> {
    let disposable = desired
        .definition
        .driver
        .get("schedulerConfig")
        .and_then(|inputs| inputs.get("disposableType"))
        .and_then(Option::as_deref)
        .unwrap_or_default();
    let has_run = acts.iter().any(|act| act.act == ActKind::Run);
    if !has_run || !matches!(disposable, "DELETE" | "DELETE_AFTER_SUCCEED") {
        return None;
    }
    let failed = last.filter(|run| State::of(run.status.as_deref().unwrap_or_default()) == State::Failed);
    Some(Finished {
        state: last
            .and_then(|run| run.status.clone())
            .filter(|status| State::of(status).is_end()),
        failure: failed.map(|run| Failure {
            code: None,
            message: run.error.clone().unwrap_or_else(|| "the run failed".into()),
        }),
    })
}

/// The newest runs put into a job, whose state they tell better.
pub fn with_runs(seen: &mut SeenJob, runs: Vec<Run>) {
    // A job that never ran may show a run that is none.
    let runs: Vec<Run> = runs
        .into_iter()
        .filter(|run| State::of(&run.status) != State::New)
        .collect();
    if let Some(run) = runs.first() {
        seen.state.clone_from(&run.status);
        seen.failure = (State::of(&run.status) == State::Failed).then(|| Failure {
            code: None,
            message: run
                .shown
                .error
                .clone()
                .unwrap_or_else(|| format!("the last run ended as {}", run.status)),
        });
    }
    seen.facts.runs = Some(runs);
}
