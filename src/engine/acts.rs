//! Requests that must not be repeated: which one is due, and what became of one whose answer was lost. Pure.
use super::kind::{Asked, Evidence, JobKind, Legal, Restart, Seen};
use super::plan::Memory;
use crate::api::status::{Act, ActKind, ActOutcome};
use std::collections::BTreeMap;

/// The name under which the announcement of a restart keeps the annotation's value.
pub const REQUESTED_AT: &str = "requestedAt";
/// The name under which the announcement of a rename keeps the new id.
pub const TO: &str = "to";

/// What has to be written down before a request leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// What is asked.
    pub act: ActKind,
    /// What it answers.
    pub answers: BTreeMap<String, String>,
}

impl Announced {
    /// That the job gets another id.
    pub fn rename(to: String) -> Self {
        Self {
            act: ActKind::Rename,
            answers: BTreeMap::from([(TO.to_owned(), to)]),
        }
    }
}

/// What became of an announced request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It was carried out.
    Done(Option<String>),
    /// It had no effect, and may be sent anew.
    Void,
    /// Nobody knows.
    Unknown,
}

/// What a pass found out, to be written down whatever else it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// An announced request, by its nonce, has ended.
    Ended(String, End),
    /// A restart is asked for that the vendor cannot do.
    RestartNotSupported,
    /// A restart is asked for of a job that was never started.
    RestartNotNeeded,
    /// What is asked for has nothing to do any more.
    Moot(Announced),
}

/// What is to be done about the requests that an object asks for once.
#[derive(Clone, Debug, PartialEq)]
pub enum Due<M> {
    /// Nothing.
    Nothing,
    /// The last one is not settled: no other is sent before.
    Waits(ActKind),
    /// Nothing is sent, and whoever asked is told why.
    Tell(News),
    /// This one is sent.
    Do(Asked<M>),
}

/// The announced request of which nobody knows yet what became of it.
pub fn open(acts: &[Act]) -> Option<&Act> {
    acts.iter().find(|act| act.outcome.is_none())
}

/// The id that the job may have by now, because a rename is open.
pub fn renamed(acts: &[Act]) -> Option<&String> {
    acts.iter()
        .find(|act| act.act == ActKind::Rename && act.outcome.is_none())
        .and_then(|act| act.answers.get(TO))
}

/// What the seen job tells of the open request, with its nonce.
pub fn ended<K: JobKind>(memory: &Memory<K::Move>, seen: &Seen<K>) -> Option<(String, End)> {
    let act = open(&memory.acts)?;
    let evidence = match act.act {
        ActKind::Rename if act.answers.get(TO) == Some(&seen.id) => Evidence::Done(Some(seen.id.clone())),
        // The job is seen under its old id once no request can be on its way any more.
        ActKind::Rename if !memory.act_is_young => Evidence::NotDone,
        ActKind::Rename => Evidence::Nothing,
        ActKind::Restart | ActKind::Run | ActKind::Stop => K::evidence(act, seen),
    };
    let end = match evidence {
        Evidence::Done(by) => End::Done(by),
        Evidence::NotDone | Evidence::Nothing if memory.act_is_young => return None,
        Evidence::NotDone => End::Void,
        Evidence::Nothing => End::Unknown,
    };
    Some((act.nonce.clone(), end))
}

/// What the object asks for once, given the state that its job was seen in.
pub fn due<K: JobKind>(memory: &Memory<K::Move>, seen: &Seen<K>) -> Due<K::Move> {
    if let Some(act) = open(&memory.acts) {
        return Due::Waits(act.act);
    }
    if let Some(token) = &memory.restart {
        match K::restart(seen) {
            Restart::Unsupported => return Due::Tell(News::RestartNotSupported),
            Restart::NeverStarted => return Due::Tell(News::RestartNotNeeded),
            Restart::NotNow => {}
            Restart::Do(step) => {
                return Due::Do(Asked {
                    act: ActKind::Restart,
                    answers: BTreeMap::from([(REQUESTED_AT.to_owned(), token.clone())]),
                    step,
                    note: K::restart_note(),
                });
            }
        }
    }
    for asked in &memory.asked {
        let mut answers = asked.answers.clone();
        match K::legal(&asked.step, seen) {
            Legal::Later => {}
            Legal::Moot => {
                return Due::Tell(News::Moot(Announced {
                    act: asked.act,
                    answers,
                }));
            }
            Legal::Now => {
                answers.extend(K::before(&asked.step, seen));
                return Due::Do(Asked {
                    answers,
                    ..asked.clone()
                });
            }
        }
    }
    Due::Nothing
}

/// What is remembered once the news is written down.
pub fn told<M: Clone>(memory: &Memory<M>, news: &News) -> Memory<M> {
    let mut memory = memory.clone();
    match news {
        News::Ended(nonce, ended) => end(&mut memory.acts, nonce, ended),
        News::RestartNotSupported | News::RestartNotNeeded => memory.restart = None,
        News::Moot(moot) => memory.asked.retain(|asked| asked.act != moot.act),
    }
    memory
}

/// Writes down what became of a request.
pub fn end(acts: &mut Vec<Act>, nonce: &str, end: &End) {
    let outcome = match end {
        End::Void => return void(acts, nonce),
        End::Done(_) => ActOutcome::Done,
        End::Unknown => ActOutcome::Unknown,
    };
    if let Some(act) = acts.iter_mut().find(|act| act.nonce == nonce) {
        act.outcome = Some(outcome);
        if let End::Done(by) = end {
            act.evidence.clone_from(by);
        }
    }
}

/// What was answered before a request that had no effect stays answered.
fn void(acts: &mut Vec<Act>, nonce: &str) {
    acts.retain(|act| act.nonce != nonce || !act.earlier.is_empty());
    if let Some(act) = acts.iter_mut().find(|act| act.nonce == nonce) {
        act.answers = std::mem::take(&mut act.earlier);
        act.outcome = Some(ActOutcome::Done);
    }
}

/// What a person should know of requests whose outcome is unknown for good.
pub fn doubt(acts: &[Act]) -> Option<String> {
    let lost = acts.iter().find(|act| act.outcome == Some(ActOutcome::Unknown))?;
    Some(unknown(lost))
}

/// That the outcome of a request is unknown, and what to do.
pub fn unknown(act: &Act) -> String {
    let what = word(act.act);
    let again = match act.act {
        ActKind::Restart => "set the annotation replication.dev/restart-requested-at to a new value",
        ActKind::Run | ActKind::Stop => "ask for it with a new value",
        ActKind::Rename => "look at both names",
    };
    format!(
        "the answer to the {what} of {} was lost, and nothing shows whether the vendor carried it out: it is not sent again; look at the remote job, and if it still needs it, {again}",
        act.time.0
    )
}

/// The request in a sentence.
pub const fn word(act: ActKind) -> &'static str {
    match act {
        ActKind::Restart => "restart",
        ActKind::Run => "start of the run",
        ActKind::Stop => "stop of the run",
        ActKind::Rename => "rename",
    }
}
