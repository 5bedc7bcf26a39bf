//! What a difference between spec and remote job leads to: an update, a start or stop, a replacement, or waiting; pure as the rest.
use super::keep::Keep;
use super::permission::{Permission, announcement, approval_text, permission, summary};
use super::quiet::{
    busy, ends_by_itself, futile_replacement, futile_update, health, moving, pending, resting, switched,
    waits_for,
};
use super::remove::{not_deleted, towards_deletion};
use super::{Again, Plan, PlanOf, Policy, Request, Step, StepOf, action, go, under_way, was_sent};
use crate::api::policy::{ManagementPolicy, ReplacePolicy};
use crate::api::status::{ActKind, Effect, FieldChange, FieldPlan, PlanAction};
use crate::engine::acts::{self, Announced, Due};
use crate::engine::difference::{Difference, field_plan};
use crate::engine::kind::{Asked, Evidence, JobKind, MoveKind, Next, Phase, Rest, Seen, Wish};
use crate::engine::reason::{Ready, Stalled, Synced};
use crate::engine::verdict::{Finding, Verdict};

impl<K: JobKind> Keep<'_, K> {
    pub(super) fn follow(
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

    pub(super) fn next_move(
        &self,
        seen: &Seen<K>,
        phase: Phase,
        step: K::Move,
        update: FieldPlan,
    ) -> PlanOf<K> {
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
    pub(super) fn waiting(
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

    pub(super) fn agreed(&self, seen: &Seen<K>, phase: Phase, made_so: &[FieldChange]) -> PlanOf<K> {
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
    pub(super) fn not_seen_yet(&self, seen: &Seen<K>) -> Option<Ready> {
        let (act, kind) = [(ActKind::Run, MoveKind::Start), (ActKind::Stop, MoveKind::Stop)]
            .into_iter()
            .find(|(_, kind)| was_sent(self.memory, Request::Move(*kind), &seen.state))?;
        let announced = self.memory.acts.iter().find(|announced| announced.act == act)?;
        let is_seen = matches!(K::evidence(announced, seen), Evidence::Done(_));
        (!is_seen && announced.outcome.is_some()).then(|| under_way(kind))
    }

    /// Sends what is asked for once, if the policy lets it.
    pub(super) fn once(&self, seen: &Seen<K>, phase: Phase, asked: Asked<K::Move>) -> PlanOf<K> {
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

    pub(super) fn replace(
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
    pub(super) fn gated(
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
