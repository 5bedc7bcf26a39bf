//! The pure core: what is wanted and what was seen in, one step and one verdict out. No clock, no I/O, no async.
use super::acts::{self, Announced, Due, End, News};
use super::difference::{Difference, Leaves, difference, field_plan, leaves};
use super::kind::{Asked, Desired, Evidence, Finished, JobKind, MoveKind, Next, Phase, Rest, Seen, Wish};
use super::reason::{Ready, Stalled, Synced};
use super::sight::Sight;
use super::verdict::{Finding, Truth, Verdict};
use crate::api::policy::{DeletionPolicy, ManagementPolicy, ReplacePolicy};
use crate::api::shown::Shown;
use crate::api::status::{Act, ActKind, Effect, FieldChange, FieldPlan, PlanAction};
use crate::remote::Fault;

/// What the custom resource asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent<D> {
    /// That the remote job is like this.
    Keep(Desired<D>),
    /// That there be no remote job on account of this object any more.
    Remove(DeletionPolicy),
}

/// What the object allows, and what was promised before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// How far the operator may go.
    pub management: ManagementPolicy,
    /// What a change does that cannot be made in place.
    pub replace: ReplacePolicy,
    /// The hash in the approval annotation.
    pub approved: Option<String>,
    /// The action whose approval for this generation of the spec is being carried out.
    pub carrying: Option<PlanAction>,
    /// Names the object and the generation of its spec, for the hashes of plans.
    pub subject: String,
    /// Paths that are neither compared nor updated.
    pub ignored: Vec<String>,
}

/// What the driver remembers of the passes before this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory<M> {
    /// Secrets whose values changed since they were last sent, by path.
    pub rotated: Vec<String>,
    /// What our last request set going, while it is not yet seen to have ended.
    pub under_way: Option<Ready>,
    /// Our last request, while it is so young that the service may not show its effect yet.
    pub sent: Option<Sent>,
    /// The hash of an update that was accepted long ago and is still not to be seen: sending it again would stop and
    /// start the job for ever.
    pub futile: Option<String>,
    /// What our own create made the job with, of all that cannot be changed in place; none where it did not make it.
    pub made_with: Option<Shown>,
    /// Whether a delete was sent and the job was not seen at rest since.
    pub deleting: bool,
    /// The value of the restart annotation that was not answered yet.
    pub restart: Option<String>,
    /// What else the object asks for once.
    pub asked: Vec<Asked<M>>,
    /// The requests that were announced.
    pub acts: Vec<Act>,
    /// What a job that is gone has done, where that was all that was wished.
    pub finished: Option<Finished>,
    /// Whether the announcement that is open is so young that its request may still be on its way.
    pub act_is_young: bool,
}

/// A request that was accepted, and the state in which it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What was sent.
    pub request: Request,
    /// The vendor's word for the state that the job was in.
    pub state: String,
}

/// The requests that must not be repeated while the service has not shown the effect of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// A move.
    Move(MoveKind),
    /// The delete.
    Delete,
}

/// The one thing that this pass does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<D, M> {
    /// Nothing is sent.
    Nothing,
    /// Put the finalizer on before anything exists that would need it.
    Guard,
    /// Write down that a create is about to be sent, so that a crash cannot hide it, then send it.
    Create(Desired<D>),
    /// Send one request that is legal in the state the job was seen in.
    Move(M),
    /// Send the delete.
    Delete,
    /// Take the finalizer off.
    Release,
}

/// When to look again if nothing else wakes the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// At once.
    Now,
    /// As soon as what is under way may have ended.
    Soon,
    /// Soon, at the state of the run that is under way: what we asked for has been seen, and it ends by itself.
    Watch,
    /// After the sync interval.
    Interval,
    /// When the back-off for this fault says so.
    Backoff(Fault),
}

/// What a pass does and says.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan<D, M> {
    /// The one effect.
    pub step: Step<D, M>,
    /// How matters stand.
    pub verdict: Verdict,
    /// The difference, for `.status.plan`.
    pub shown: Option<FieldPlan>,
    /// The approved plan that has to be written down before the step.
    pub announce: Option<FieldPlan>,
    /// The request that must not be repeated and has to be written down before the step.
    pub act: Option<Announced>,
    /// What was found out of such requests.
    pub news: Vec<News>,
    /// When to look again.
    pub again: Again,
}

type MemoryOf<K> = Memory<<K as JobKind>::Move>;
type PlanOf<K> = Plan<<K as JobKind>::Definition, <K as JobKind>::Move>;
type StepOf<K> = Step<<K as JobKind>::Definition, <K as JobKind>::Move>;

/// Decides. Total and deterministic.
pub fn plan<K: JobKind>(
    intent: &Intent<K::Definition>,
    guarded: bool,
    sight: &Sight<Seen<K>>,
    memory: &MemoryOf<K>,
    policy: &Policy,
) -> PlanOf<K> {
    match intent {
        Intent::Keep(desired) => Keep::<K> {
            desired,
            guarded,
            memory,
            policy,
        }
        .plan(sight),
        Intent::Remove(deletion) => remove::<K>(*deletion, guarded, sight, memory, policy),
    }
}

impl<M> Default for Memory<M> {
    fn default() -> Self {
        Self {
            rotated: vec![],
            under_way: None,
            sent: None,
            futile: None,
            made_with: None,
            deleting: false,
            restart: None,
            asked: vec![],
            acts: vec![],
            finished: None,
            act_is_young: false,
        }
    }
}

/// A failed look or a failed request as a plan: nothing is sent, and the back-off says when to look again.
pub fn blind<D, M>(fault: Fault, message: &str) -> Plan<D, M> {
    go(
        Step::Nothing,
        Verdict::fault(fault, message),
        Again::Backoff(fault),
    )
}

struct Keep<'a, K: JobKind> {
    desired: &'a Desired<K::Definition>,
    guarded: bool,
    memory: &'a MemoryOf<K>,
    policy: &'a Policy,
}

impl<K: JobKind> Keep<'_, K> {
    fn plan(&self, sight: &Sight<Seen<K>>) -> PlanOf<K> {
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

    fn foreign(&self, seen: &Seen<K>) -> PlanOf<K> {
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

    fn absent(&self) -> PlanOf<K> {
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

    fn asks_for_a_start(&self) -> bool {
        let starts = |asked: &Asked<K::Move>| K::describe(&asked.step) == MoveKind::Start;
        self.memory.asked.iter().any(starts)
    }

    /// The job did what it was for and deleted itself: that is no drift.
    fn finished(&self, finished: &Finished) -> PlanOf<K> {
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

    fn ours(&self, seen: &Seen<K>) -> PlanOf<K> {
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
    fn void(&self, nonce: String) -> PlanOf<K> {
        Plan {
            news: vec![News::Ended(nonce, End::Void)],
            ..unsure(self.memory.under_way.unwrap_or(Ready::RemoteBusy))
        }
    }

    /// The plan for what is remembered once the news is written down.
    fn with(&self, news: News, seen: &Seen<K>) -> PlanOf<K> {
        let memory = &acts::told(self.memory, &news);
        let mut plan = Keep::<K> { memory, ..*self }.ours(seen);
        plan.news.insert(0, news);
        plan
    }

    fn compare(&self, seen: &Seen<K>, phase: Phase, due: Due<K::Move>) -> PlanOf<K> {
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

    fn made_with(&self) -> Leaves {
        let made = self.memory.made_with.as_ref();
        let made = made.and_then(|made| serde_json::to_value(made).ok());
        made.map(|made| leaves(&made)).unwrap_or_default()
    }

    fn follow(
        &self,
        seen: &Seen<K>,
        phase: Phase,
        difference: Difference<K::Definition>,
        made_so: &[FieldChange],
        due: Due<K::Move>,
    ) -> PlanOf<K> {
        let update = field_plan(&self.policy.subject, PlanAction::Update, difference.changes, None);
        // A secret is never read back: that its change is still to be sent is our own knowledge.
        let unsent = |change: &FieldChange| self.memory.rotated.contains(&change.path);
        let futile = self.memory.futile.as_ref() == Some(&update.hash) && !update.changes.iter().any(unsent);
        let wish = Wish {
            definition: &difference.merged,
            changes: if futile { &[] } else { &update.changes },
            run_state: self.desired.run_state,
        };
        match K::next(&wish, seen) {
            Next::Switched(text) => switched::<K>(seen, phase, &text),
            Next::Busy(text) => self.waiting(seen, phase, update, |update| busy(update, text)),
            Next::Agreed => match due {
                Due::Do(asked) => self.once(seen, phase, asked),
                Due::Waits(kind) => waits_for::<K>(seen, phase, kind),
                Due::Nothing | Due::Tell(_) if futile => futile_update::<K>(seen, phase, update),
                Due::Nothing | Due::Tell(_) if !update.changes.is_empty() => {
                    self.waiting(seen, phase, update, |update| pending::<K>(seen, phase, update))
                }
                Due::Nothing | Due::Tell(_) => self.agreed(seen, phase, made_so),
            },
            Next::Do(step) if was_sent(self.memory, Request::Move(K::describe(&step)), &seen.state) => {
                moving(under_way(K::describe(&step)), &seen.state)
            }
            Next::Do(step) if futile => {
                let shown = field_plan(&self.policy.subject, action(K::describe(&step)), vec![], None);
                self.next_move(seen, phase, step, shown)
            }
            Next::Do(step) => self.next_move(seen, phase, step, update),
        }
    }

    fn next_move(&self, seen: &Seen<K>, phase: Phase, step: K::Move, update: FieldPlan) -> PlanOf<K> {
        let kind = K::describe(&step);
        let shown = if update.changes.is_empty() {
            field_plan(&self.policy.subject, action(kind), vec![], None)
        } else {
            update
        };
        let rename = K::renames(&step).map(Announced::rename);
        let mut plan = self.gated(
            Step::Move(step),
            health::<K>(seen, phase),
            under_way(kind),
            shown,
            Again::Soon,
        );
        plan.act = rename.filter(|_| matches!(plan.step, Step::Move(_)));
        plan
    }

    /// What differs cannot be sent now: said so where it may be sent at all.
    fn waiting(
        &self,
        seen: &Seen<K>,
        phase: Phase,
        update: FieldPlan,
        allowed: impl FnOnce(FieldPlan) -> PlanOf<K>,
    ) -> PlanOf<K> {
        match permission(self.policy, &update) {
            Permission::Yes => allowed(update),
            Permission::No | Permission::Asked => self.gated(
                Step::Nothing,
                health::<K>(seen, phase),
                Ready::RemoteBusy,
                update,
                Again::Interval,
            ),
        }
    }

    fn agreed(&self, seen: &Seen<K>, phase: Phase, made_so: &[FieldChange]) -> PlanOf<K> {
        if let Some(doing) = self.not_seen_yet(seen) {
            return moving(doing, &seen.state);
        }
        let verdict = if phase == Phase::Broken {
            Verdict::failed(K::BROKEN, seen.failure.as_ref())
        } else if K::rest(seen) == Rest::Starting {
            Verdict::moving(Ready::Starting, format!("the vendor reports {}", seen.state))
        } else {
            Verdict::settled(resting::<K>(seen))
        };
        let verdict = if made_so.is_empty() {
            verdict
        } else {
            verdict.differing(futile_replacement(made_so))
        };
        let verdict = match acts::doubt(&self.memory.acts) {
            Some(text) => verdict.noting(text),
            None => verdict,
        };
        let again = if ends_by_itself::<K>(seen) {
            Again::Watch
        } else {
            Again::Interval
        };
        go(Step::Nothing, verdict, again)
    }

    /// What was asked for once and accepted a short while ago, while the job is still seen as it was.
    fn not_seen_yet(&self, seen: &Seen<K>) -> Option<Ready> {
        let (act, kind) = [(ActKind::Run, MoveKind::Start), (ActKind::Stop, MoveKind::Stop)]
            .into_iter()
            .find(|(_, kind)| was_sent(self.memory, Request::Move(*kind), &seen.state))?;
        let announced = self.memory.acts.iter().find(|announced| announced.act == act)?;
        let is_seen = matches!(K::evidence(announced, seen), Evidence::Done(_));
        (!is_seen && announced.outcome.is_some()).then(|| under_way(kind))
    }

    /// Sends what is asked for once, if the policy lets it.
    fn once(&self, seen: &Seen<K>, phase: Phase, asked: Asked<K::Move>) -> PlanOf<K> {
        let kind = K::describe(&asked.step);
        // The same spec may ask for it again: each time is a plan of its own, which no earlier approval covers.
        let subject = format!("{}/{:?}", self.policy.subject, asked.answers);
        let policy = Policy {
            carrying: None,
            ..self.policy.clone()
        };
        let shown = field_plan(&subject, action(kind), vec![], asked.note);
        let keep = Keep::<K> {
            policy: &policy,
            ..*self
        };
        let mut plan = keep.gated(
            Step::Move(asked.step),
            health::<K>(seen, phase),
            under_way(kind),
            shown,
            Again::Soon,
        );
        if matches!(plan.step, Step::Move(_)) {
            // The announcement of the request itself shows that its approval was used.
            plan.announce = None;
            plan.act = Some(Announced {
                act: asked.act,
                answers: asked.answers,
            });
        }
        plan
    }

    fn replace(
        &self,
        seen: &Seen<K>,
        phase: Phase,
        changes: Vec<FieldChange>,
        due: Due<K::Move>,
    ) -> PlanOf<K> {
        let note = K::replacement_note(&self.desired.definition);
        let named = |change: &FieldChange| {
            let rotated = self.memory.rotated.contains(&change.path);
            let why = if rotated {
                " (the value in the Secret changed)"
            } else {
                ""
            };
            format!("{}{why}", change.path)
        };
        let paths: Vec<String> = changes
            .iter()
            .filter(|change| change.effect == Effect::Replace)
            .map(named)
            .collect();
        let text = format!(
            "{} cannot be changed in place: undo the change, or set spec.replacePolicy to Recreate ({note})",
            paths.join(", ")
        );
        let shown = field_plan(&self.policy.subject, PlanAction::Replace, changes, Some(note));
        if self.policy.replace == ReplacePolicy::Never
            && self.policy.management != ManagementPolicy::DetectOnly
        {
            if let Due::Do(asked) = due {
                return self.once(seen, phase, asked);
            }
            let verdict = Verdict::beside(health::<K>(seen, phase), Synced::Drifted, text.clone())
                .stalled(Stalled::ReplacementRequired, text);
            let again = match due {
                Due::Waits(_) => Again::Soon,
                Due::Nothing | Due::Tell(_) | Due::Do(_) => Again::Interval,
            };
            return Plan {
                shown: Some(shown),
                ..go(Step::Nothing, verdict, again)
            };
        }
        if ends_by_itself::<K>(seen) && permission(self.policy, &shown) == Permission::Yes {
            return busy(
                shown,
                "the job runs and is not stopped for a replacement: it is replaced when the run has ended"
                    .into(),
            );
        }
        let (step, request) = towards_deletion::<K>(seen);
        if was_sent(self.memory, request, &seen.state) {
            return Plan {
                shown: Some(shown),
                ..moving(Ready::Replacing, &seen.state)
            };
        }
        if phase == Phase::Broken && self.memory.deleting {
            return not_deleted::<K>(seen, shown, "undo the change");
        }
        self.gated(
            step,
            health::<K>(seen, phase),
            Ready::Replacing,
            shown,
            Again::Soon,
        )
    }

    /// Lets a step through if the policy does, and says why where it does not.
    fn gated(
        &self,
        step: StepOf<K>,
        health: Finding<Ready>,
        doing: Ready,
        shown: FieldPlan,
        again: Again,
    ) -> PlanOf<K> {
        match permission(self.policy, &shown) {
            Permission::Yes => {
                let announce = announcement(self.policy, &shown);
                let verdict = if shown.changes.is_empty() {
                    Verdict::moving(doing, "")
                } else {
                    Verdict::progressing(doing, summary(&shown))
                };
                let verdict = if doing == Ready::Creating {
                    Verdict::progressing(doing, "")
                } else {
                    verdict
                };
                Plan {
                    announce,
                    shown: Some(shown),
                    ..go(step, verdict, again)
                }
            }
            Permission::No => {
                let text = format!(
                    "{} (managementPolicy DetectOnly: nothing is sent)",
                    summary(&shown)
                );
                let verdict = Verdict::beside(health, Synced::Drifted, text);
                Plan {
                    shown: Some(shown),
                    ..go(Step::Nothing, verdict, Again::Interval)
                }
            }
            Permission::Asked => {
                let verdict = Verdict::beside(health, Synced::AwaitingApproval, approval_text(&shown));
                Plan {
                    shown: Some(shown),
                    ..go(Step::Nothing, verdict, Again::Interval)
                }
            }
        }
    }
}

const SWITCHED: &str = "source and sink are exchanged on the remote side: the job was switched over, and nothing is sent until spec.forProvider.source and sink are exchanged too, or the job is switched back";

fn remove<K: JobKind>(
    deletion: DeletionPolicy,
    guarded: bool,
    sight: &Sight<Seen<K>>,
    memory: &MemoryOf<K>,
    policy: &Policy,
) -> PlanOf<K> {
    if !guarded {
        return go(
            Step::Nothing,
            Verdict::moving(Ready::Deleting, ""),
            Again::Interval,
        );
    }
    let release = || {
        go(
            Step::Release,
            Verdict::moving(Ready::Deleting, ""),
            Again::Interval,
        )
    };
    if deletion == DeletionPolicy::Orphan || !may_ever_write(policy.management) {
        return release();
    }
    match sight {
        Sight::Blind { fault, message } => blind(*fault, message),
        Sight::Unsure => unsure(Ready::Deleting),
        Sight::Several(ids) => several(ids),
        Sight::Absent | Sight::Foreign(_) | Sight::AdoptMissing(_) => release(),
        Sight::Ours(seen) => match K::phase(seen) {
            Phase::Gone => release(),
            Phase::Moving => moving(Ready::Deleting, &seen.state),
            phase @ (Phase::Resting | Phase::Broken) => remove_ours::<K>(seen, phase, memory, policy),
        },
    }
}

fn remove_ours<K: JobKind>(seen: &Seen<K>, phase: Phase, memory: &MemoryOf<K>, policy: &Policy) -> PlanOf<K> {
    let shown = field_plan(&policy.subject, PlanAction::Delete, vec![], None);
    let permission = permission(policy, &shown);
    if permission == Permission::Asked {
        let verdict = Verdict::beside(
            health::<K>(seen, phase),
            Synced::AwaitingApproval,
            approval_text(&shown),
        );
        return Plan {
            shown: Some(shown),
            ..go(Step::Nothing, verdict, Again::Interval)
        };
    }
    let (step, request) = towards_deletion::<K>(seen);
    if was_sent(memory, request, &seen.state) {
        return Plan {
            shown: Some(shown),
            ..moving(Ready::Deleting, &seen.state)
        };
    }
    if phase == Phase::Broken && memory.deleting {
        return not_deleted::<K>(seen, shown, "set spec.deletionPolicy to Orphan to let go of it");
    }
    let announce = announcement(policy, &shown);
    Plan {
        shown: Some(shown),
        announce,
        ..go(step, Verdict::moving(Ready::Deleting, ""), Again::Soon)
    }
}

/// The next request on the way to the deletion of a job at rest.
fn towards_deletion<K: JobKind>(seen: &Seen<K>) -> (StepOf<K>, Request) {
    match K::before_delete(seen) {
        Some(step) => {
            let request = Request::Move(K::describe(&step));
            (Step::Move(step), request)
        }
        None => (Step::Delete, Request::Delete),
    }
}

/// Whether the same request was accepted in the same state a short while ago: the service takes its time.
fn was_sent<M>(memory: &Memory<M>, request: Request, state: &str) -> bool {
    memory
        .sent
        .as_ref()
        .is_some_and(|sent| sent.request == request && sent.state == state)
}

/// The plan to write down before the first step of what was approved.
fn announcement(policy: &Policy, shown: &FieldPlan) -> Option<FieldPlan> {
    let first = policy.management == ManagementPolicy::Plan && !is_carried(policy, shown.action);
    first.then(|| shown.clone())
}

fn futile_update<K: JobKind>(seen: &Seen<K>, phase: Phase, update: FieldPlan) -> PlanOf<K> {
    let text = format!(
        "the service accepted the update and still reports other values ({}): it is not sent again until the spec changes; add the fields to spec.ignoreFields, or set them as the service reports them in .status.atProvider",
        summary(&update)
    );
    let verdict = Verdict::beside(health::<K>(seen, phase), Synced::Drifted, text);
    Plan {
        shown: Some(update),
        ..go(Step::Nothing, verdict, Again::Interval)
    }
}

fn futile_replacement(made_so: &[FieldChange]) -> String {
    let paths: Vec<&str> = made_so.iter().map(|change| change.path.as_str()).collect();
    format!(
        "the service shows other values than the job was created with ({}): it is not replaced for them, because a new job would be created with the same; add the fields to spec.ignoreFields, or write them as .status.atProvider shows them",
        paths.join(", ")
    )
}

/// What differs cannot be sent in the state that the job is in, which no request of ours ends.
fn pending<K: JobKind>(seen: &Seen<K>, phase: Phase, update: FieldPlan) -> PlanOf<K> {
    let text = format!(
        "{}: waits, because it cannot be sent while the vendor reports {}",
        summary(&update),
        seen.state
    );
    let verdict = Verdict::beside(health::<K>(seen, phase), Synced::Drifted, text);
    Plan {
        shown: Some(update),
        ..go(Step::Nothing, verdict, Again::Interval)
    }
}

/// A delete that was accepted, and left a broken job.
fn not_deleted<K: JobKind>(seen: &Seen<K>, shown: FieldPlan, way_out: &str) -> PlanOf<K> {
    let text = format!(
        "the vendor reports {} after the delete: it is sent again after spec.syncInterval; delete the job at the vendor's console, or {way_out}",
        seen.state
    );
    let verdict = Verdict::beside(health::<K>(seen, Phase::Broken), Synced::Drifted, text);
    Plan {
        shown: Some(shown),
        ..go(Step::Nothing, verdict, Again::Interval)
    }
}

/// Whether a policy can ever lead to a write, and so needs the finalizer.
pub const fn may_ever_write(policy: ManagementPolicy) -> bool {
    match policy {
        ManagementPolicy::Apply | ManagementPolicy::Plan => true,
        ManagementPolicy::DetectOnly | ManagementPolicy::Observe => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Permission {
    Yes,
    No,
    Asked,
}

fn permission(policy: &Policy, shown: &FieldPlan) -> Permission {
    match policy.management {
        ManagementPolicy::Apply => Permission::Yes,
        ManagementPolicy::DetectOnly | ManagementPolicy::Observe => Permission::No,
        ManagementPolicy::Plan
            if is_carried(policy, shown.action) || policy.approved.as_ref() == Some(&shown.hash) =>
        {
            Permission::Yes
        }
        ManagementPolicy::Plan => Permission::Asked,
    }
}

/// Whether an action belongs to the approval that is being carried out: it is what was approved, or what follows from it.
fn is_carried(policy: &Policy, action: PlanAction) -> bool {
    policy.carrying.is_some_and(|approved| {
        action == approved
            || action == PlanAction::Start
            || (approved == PlanAction::Replace && action == PlanAction::Create)
    })
}

fn needs_replacement(changes: &[FieldChange]) -> bool {
    changes.iter().any(|c| c.effect == Effect::Replace)
}

/// Whether our create gave the job this very value already: another create would give it the same, and the service
/// would show it as it shows it now. One replacement for it would be followed by the next, for ever.
fn was_made_so<K: JobKind>(made: &Leaves, change: &FieldChange) -> bool {
    let (Some(wished), Some(given)) = (&change.to, made.get(&change.path)) else {
        return false;
    };
    change.effect == Effect::Replace && K::agrees(&change.path, wished, Some(given))
}

fn resting<K: JobKind>(seen: &Seen<K>) -> Ready {
    match K::rest(seen) {
        Rest::Starting => Ready::Starting,
        Rest::AtWork | Rest::Running => Ready::Running,
        Rest::Stopped => Ready::Stopped,
        Rest::Succeeded => Ready::Succeeded,
        Rest::Available => Ready::Available,
    }
}

/// What the job is, whatever is wished of it.
fn health<K: JobKind>(seen: &Seen<K>, phase: Phase) -> Finding<Ready> {
    if phase == Phase::Broken
        && let Some(finding) = Verdict::failed(K::BROKEN, seen.failure.as_ref()).ready
    {
        return finding;
    }
    let is_good = K::rest(seen) != Rest::Starting;
    Finding {
        truth: if is_good { Truth::Yes } else { Truth::No },
        reason: resting::<K>(seen),
        message: String::new(),
    }
}

/// What differs waits for something that ends by itself.
fn busy<D, M>(update: FieldPlan, text: String) -> Plan<D, M> {
    let ready = Finding {
        truth: Truth::No,
        reason: Ready::RemoteBusy,
        message: text.clone(),
    };
    Plan {
        shown: Some(update),
        ..go(
            Step::Nothing,
            Verdict::beside(ready, Synced::Drifted, text),
            Again::Watch,
        )
    }
}

/// Whether what the job does now ends by itself, so that it is worth looking again soon.
fn ends_by_itself<K: JobKind>(seen: &Seen<K>) -> bool {
    matches!(K::rest(seen), Rest::Starting | Rest::AtWork)
}

fn waits_for<K: JobKind>(seen: &Seen<K>, phase: Phase, act: ActKind) -> PlanOf<K> {
    let text = format!("waiting to see what became of the {}", acts::word(act));
    go(
        Step::Nothing,
        Verdict::beside(health::<K>(seen, phase), Synced::Unsure, text),
        Again::Soon,
    )
}

fn switched<K: JobKind>(seen: &Seen<K>, phase: Phase, text: &str) -> PlanOf<K> {
    go(
        Step::Nothing,
        Verdict::beside(health::<K>(seen, phase), Synced::Switched, text),
        Again::Interval,
    )
}

fn several<D, M>(ids: &[String]) -> Plan<D, M> {
    let text = format!(
        "several remote jobs could be this object's: {}. Delete all but one, or set spec.adopt.id to the one to keep",
        ids.join(", ")
    );
    go(
        Step::Nothing,
        Verdict::unseen(Synced::Drifted, text.clone()).stalled(Stalled::Ambiguous, text),
        Again::Interval,
    )
}

fn adopt_missing<D, M>(id: &str) -> Plan<D, M> {
    let text = format!(
        "the remote job {id} that spec.adopt.id names does not exist: correct the id, or remove spec.adopt to have a job created"
    );
    let ready = Finding {
        truth: Truth::No,
        reason: Ready::RemoteMissing,
        message: text.clone(),
    };
    let verdict = Verdict::beside(ready, Synced::Drifted, text.clone()).stalled(Stalled::RemoteMissing, text);
    go(Step::Nothing, verdict, Again::Interval)
}

fn unsure<D, M>(doing: Ready) -> Plan<D, M> {
    let ready = Finding {
        truth: Truth::No,
        reason: doing,
        message: String::new(),
    };
    let text = "waiting to see what became of the last request";
    go(
        Step::Nothing,
        Verdict::beside(ready, Synced::Unsure, text),
        Again::Soon,
    )
}

fn moving<D, M>(doing: Ready, state: &str) -> Plan<D, M> {
    go(
        Step::Nothing,
        Verdict::moving(doing, format!("the vendor reports {state}")),
        Again::Soon,
    )
}

fn settled<D, M>(ready: Ready) -> Plan<D, M> {
    go(Step::Nothing, Verdict::settled(ready), Again::Interval)
}

const fn go<D, M>(step: Step<D, M>, verdict: Verdict, again: Again) -> Plan<D, M> {
    Plan {
        step,
        verdict,
        shown: None,
        announce: None,
        act: None,
        news: vec![],
        again,
    }
}

const fn action(kind: MoveKind) -> PlanAction {
    match kind {
        MoveKind::Start => PlanAction::Start,
        MoveKind::Stop => PlanAction::Stop,
        MoveKind::Update => PlanAction::Update,
        MoveKind::Restart => PlanAction::Restart,
    }
}

const fn under_way(kind: MoveKind) -> Ready {
    match kind {
        MoveKind::Start => Ready::Starting,
        MoveKind::Stop => Ready::Stopping,
        MoveKind::Update => Ready::Updating,
        MoveKind::Restart => Ready::Restarting,
    }
}

fn summary(shown: &FieldPlan) -> String {
    let paths: Vec<&str> = shown.changes.iter().map(|c| c.path.as_str()).collect();
    let what = format!("{:?}", shown.action);
    if paths.is_empty() {
        what
    } else {
        format!("{what}: {}", paths.join(", "))
    }
}

fn approval_text(shown: &FieldPlan) -> String {
    let hash = &shown.hash;
    format!(
        "{}; approve with annotation {}={hash}",
        summary(shown),
        crate::api::keys::APPROVE_PLAN
    )
}
