//! The plan for an object that is to have a job: what was seen decides what is compared; sends and writes nothing.
use super::permission::may_ever_write;
use super::quiet::{adopt_missing, blind, moving, settled, several, switched, unsure};
use super::{Again, MemoryOf, Plan, PlanOf, Policy, Step, go};
use crate::api::policy::ManagementPolicy;
use crate::api::status::{Effect, FieldChange, PlanAction};
use crate::engine::acts::{self, Due, End, News};
use crate::engine::difference::{Difference, Leaves, difference, field_plan, leaves};
use crate::engine::kind::{Asked, Desired, Finished, JobKind, MoveKind, Phase, Seen};
use crate::engine::reason::{Ready, Stalled, Synced};
use crate::engine::sight::Sight;
use crate::engine::verdict::{Finding, Truth, Verdict};
use crate::remote::Fault;

pub(super) const SWITCHED: &str = "source and sink are exchanged on the remote side: the job was switched over, and nothing is sent until spec.forProvider.source and sink are exchanged too, or the job is switched back";

pub(super) struct Keep<'a, K: JobKind> {
    pub(super) desired: &'a Desired<K::Definition>,
    pub(super) guarded: bool,
    pub(super) memory: &'a MemoryOf<K>,
    pub(super) policy: &'a Policy,
}

impl<K: JobKind> Keep<'_, K> {
    pub(super) fn plan(&self, sight: &Sight<Seen<K>>) -> PlanOf<K> {
        if !self.guarded && may_ever_write(self.policy.management) {
            return go(Step::Guard, Verdict::progressing(Ready::Creating, ""), Again::Now);
        }
        match sight {
            Sight::Blind { fault, message } => blind(*fault, message),
            Sight::Several(ids) => several(ids),
            Sight::Foreign(seen) => self.foreign(seen),
            Sight::AdoptMissing(id) => adopt_missing(id),
            Sight::Unsure => unsure(Ready::Creating),
            Sight::Absent => self.absent(),
            Sight::Ours(seen) => self.ours(seen),
        }
    }

    pub(super) fn foreign(&self, seen: &Seen<K>) -> PlanOf<K> {
        if self.policy.management == ManagementPolicy::Observe {
            return settled(Ready::Observed);
        }
        let text = format!(
            "a remote job named {} exists and is not this object's (id {}): set spec.adopt.id to that id to take it over, or choose another spec.forProvider.name",
            seen.name, seen.id
        );
        let ready = Finding {
            truth: Truth::No,
            reason: Ready::RemoteMissing,
            message: text.clone(),
        };
        let verdict = Verdict::beside(ready, Synced::Drifted, text.clone()).stalled(Stalled::NameTaken, text);
        go(Step::Nothing, verdict, Again::Interval)
    }

    pub(super) fn absent(&self) -> PlanOf<K> {
        let shown = field_plan(&self.policy.subject, PlanAction::Create, vec![], None);
        let text = "there is no remote job";
        let missing = Finding {
            truth: Truth::No,
            reason: Ready::RemoteMissing,
            message: text.into(),
        };
        if self.policy.management == ManagementPolicy::Observe {
            return go(
                Step::Nothing,
                Verdict::beside(missing, Synced::Drifted, text),
                Again::Interval,
            );
        }
        if let Some(finished) = &self.memory.finished
            && !self.asks_for_a_start()
        {
            return self.finished(finished);
        }
        let step = Step::Create(self.desired.clone());
        self.gated(step, missing, Ready::Creating, shown, Again::Soon)
    }

    pub(super) fn asks_for_a_start(&self) -> bool {
        let starts = |asked: &Asked<K::Move>| K::describe(&asked.step) == MoveKind::Start;
        self.memory.asked.iter().any(starts)
    }

    /// The job did what it was for and deleted itself: that is no drift.
    pub(super) fn finished(&self, finished: &Finished) -> PlanOf<K> {
        let verdict = match &finished.failure {
            Some(failure) => Verdict::failed(K::BROKEN, Some(failure)),
            None => Verdict::settled(Ready::Succeeded),
        };
        let open = acts::open(&self.memory.acts);
        let news = open.map(|act| News::Ended(act.nonce.clone(), End::Done(None)));
        Plan {
            news: news.into_iter().collect(),
            ..go(Step::Nothing, verdict, Again::Interval)
        }
    }

    pub(super) fn ours(&self, seen: &Seen<K>) -> PlanOf<K> {
        if self.policy.management == ManagementPolicy::Observe {
            return settled(Ready::Observed);
        }
        match acts::ended::<K>(self.memory, seen) {
            Some((nonce, End::Void)) => return self.void(nonce),
            Some((nonce, end)) => return self.with(News::Ended(nonce, end), seen),
            None => {}
        }
        let phase = K::phase(seen);
        let due = acts::due::<K>(self.memory, seen);
        match due {
            Due::Do(asked) if K::describe(&asked.step) == MoveKind::Stop => self.once(seen, phase, asked),
            _ if phase == Phase::Moving || phase == Phase::Gone => {
                moving(self.memory.under_way.unwrap_or(Ready::RemoteBusy), &seen.state)
            }
            Due::Tell(news) => self.with(news, seen),
            due @ (Due::Nothing | Due::Waits(_) | Due::Do(_)) => self.compare(seen, phase, due),
        }
    }

    /// A request that had no effect: once that is written down, what asked for it asks anew.
    pub(super) fn void(&self, nonce: String) -> PlanOf<K> {
        Plan {
            news: vec![News::Ended(nonce, End::Void)],
            ..unsure(self.memory.under_way.unwrap_or(Ready::RemoteBusy))
        }
    }

    /// The plan for what is remembered once the news is written down.
    pub(super) fn with(&self, news: News, seen: &Seen<K>) -> PlanOf<K> {
        let memory = &acts::told(self.memory, &news);
        let mut plan = Keep::<K> { memory, ..*self }.ours(seen);
        plan.news.insert(0, news);
        plan
    }

    pub(super) fn compare(&self, seen: &Seen<K>, phase: Phase, due: Due<K::Move>) -> PlanOf<K> {
        let Some(observed) = &seen.definition else {
            return unsure(self.memory.under_way.unwrap_or(Ready::RemoteBusy));
        };
        if K::is_switched(&self.desired.definition, observed) {
            return switched::<K>(seen, phase, SWITCHED);
        }
        let compared = difference::<K>(
            &self.desired.definition,
            observed,
            &self.policy.ignored,
            &self.memory.rotated,
        );
        match compared {
            Ok(difference) if needs_replacement(&difference.changes) => {
                let made = self.made_with();
                let is_made_so = |change: &FieldChange| was_made_so::<K>(&made, change);
                let (made_so, changes): (Vec<_>, Vec<_>) =
                    difference.changes.into_iter().partition(is_made_so);
                if needs_replacement(&changes) {
                    self.replace(seen, phase, changes, due)
                } else {
                    let difference = Difference {
                        changes,
                        ..difference
                    };
                    self.follow(seen, phase, difference, &made_so, due)
                }
            }
            Ok(difference) => self.follow(seen, phase, difference, &[], due),
            Err(error) => blind(
                Fault::Malformed,
                &format!("the remote definition cannot be compared: {error}"),
            ),
        }
    }

    pub(super) fn made_with(&self) -> Leaves {
        let made = self.memory.made_with.as_ref();
        let made = made.and_then(|made| serde_json::to_value(made).ok());
        made.map(|made| leaves(&made)).unwrap_or_default()
    }
}

pub(super) fn needs_replacement(changes: &[FieldChange]) -> bool {
    changes.iter().any(|c| c.effect == Effect::Replace)
}

/// Whether our create gave the job this very value already: another create would give it the same, and the service
/// would show it as it shows it now. One replacement for it would be followed by the next, for ever.
pub(super) fn was_made_so<K: JobKind>(made: &Leaves, change: &FieldChange) -> bool {
    let (Some(wished), Some(given)) = (&change.to, made.get(&change.path)) else {
        return false;
    };
    change.effect == Effect::Replace && K::agrees(&change.path, wished, Some(given))
}
