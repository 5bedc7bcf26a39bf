//! Carrying out the one step of a plan: at most one remote write, announced beforehand where it must not repeat.
use super::observe::SightOf;
use super::report::shown;
use super::{Error, Pass, Prepared, doing};
use crate::api::keys;
use crate::api::status::{ActKind, PlanAction};
use crate::engine::acts::{self, End, News, REQUESTED_AT};
use crate::engine::backoff::Failed;
use crate::engine::finalizer;
use crate::engine::kind::{Desired, JobKind, MoveKind, Parcel, RemoteJobs, Seen};
use crate::engine::mark::mark;
use crate::engine::plan::{Again, Plan, Request, Sent, Step};
use crate::engine::queue::Action;
use crate::engine::sight::Sight;
use crate::engine::track::{Known, LastWrite, Made, WriteKind};
use crate::remote::{Fault, RemoteError, WritePermit};
use kube::runtime::events::EventType;
use std::time::Instant;

pub(super) type PlanOf<K> = Plan<<K as JobKind>::Definition, <K as JobKind>::Move>;

impl<K: JobKind> Pass<'_, K> {
    pub(super) async fn act(
        mut self,
        prepared: Prepared<K>,
        sight: SightOf<K>,
        plan: PlanOf<K>,
    ) -> Result<Action, Error> {
        self.status.plan.clone_from(&plan.shown);
        self.describe(&sight);
        self.write_down(&plan.news).await;
        if matches!(sight, Sight::Absent) {
            self.status.state = self.finished(&prepared).and_then(|finished| finished.state);
        }
        if matches!(sight, Sight::Ours(_)) && plan.shown.is_none() && plan.verdict.is_in_sync() {
            self.note_applied(&prepared);
        }
        match &plan.step {
            Step::Nothing | Step::Guard => self.rest_on(&sight, &plan).await,
            Step::Release => self.release().await,
            Step::Create(_) | Step::Move(_) | Step::Delete => self.write(&prepared, &sight, &plan).await,
        }
    }

    /// Keeps what was found out of requests that must not be repeated, and tells who asked.
    async fn write_down(&mut self, news: &[News]) {
        for news in news {
            match news {
                News::Ended(nonce, end) => self.end(nonce, end).await,
                News::Moot(announced) => self.record(announced.clone()),
                News::RestartNotSupported => {
                    self.answer_restart();
                    let note = "the vendor cannot restart this kind of job; set spec.runState to Stopped and back to Running";
                    self.event(EventType::Warning, "RestartNotSupported", note.into())
                        .await;
                }
                News::RestartNotNeeded => {
                    self.answer_restart();
                    let note = "the remote job was never started, so that there is nothing to restart: set spec.runState to Running to start it";
                    self.event(EventType::Normal, "RestartNotNeeded", note.into())
                        .await;
                }
            }
        }
    }

    /// Keeps what became of an announced request.
    async fn end(&mut self, nonce: &str, end: &End) {
        let Some(announced) = self.status.acts.iter().find(|act| act.nonce == nonce).cloned() else {
            return;
        };
        acts::end(&mut self.status.acts, nonce, end);
        if *end == End::Void {
            return;
        }
        if announced.act == ActKind::Restart {
            self.status.last_handled_restart_at = announced.answers.get(REQUESTED_AT).cloned();
        }
        if *end == End::Unknown {
            let reason = format!("{:?}Unknown", announced.act);
            self.event(EventType::Warning, &reason, acts::unknown(&announced))
                .await;
        }
    }

    pub(super) fn answer_restart(&mut self) {
        self.status.last_handled_restart_at = self.annotation(keys::RESTART_REQUESTED_AT).cloned();
    }

    /// The end of a pass that sends nothing.
    async fn rest_on(&mut self, sight: &SightOf<K>, plan: &PlanOf<K>) -> Result<Action, Error> {
        if let (Again::Backoff(_), Some(error)) = (plan.again, self.failure.take()) {
            return self.fail(Failed::Read, &error).await;
        }
        self.recover();
        if matches!(plan.again, Again::Interval | Again::Watch) {
            self.settle(sight);
        }
        self.keep_watched(sight, plan.again);
        self.report(&plan.verdict).await?;
        Ok(self.rest(plan.again))
    }

    /// While a run is under way, the job is taken for what it was when it was looked at, until the interval is over.
    fn keep_watched(&mut self, sight: &SightOf<K>, again: Again) {
        match sight {
            Sight::Ours(seen) if again == Again::Watch => {
                let at = self.track.watched.take().map(|(_, at)| at);
                let at = at.filter(|at| at.elapsed() < self.interval());
                self.track.watched = Some((Box::new(seen.clone()), at.unwrap_or_else(Instant::now)));
                self.track.watching = self.track.watching.or_else(|| Some(Instant::now()));
            }
            _ => {
                self.track.watched = None;
                self.track.watching = None;
            }
        }
    }

    /// What our last request set going has ended; an approval that was being carried out is used up.
    fn settle(&mut self, sight: &SightOf<K>) {
        if matches!(sight, Sight::Ours(_)) {
            self.track.last_write = None;
        }
        if self.status.plan.is_none() {
            self.track.updated = None;
            self.status.approved_plan = None;
        }
    }

    async fn write(
        &mut self,
        prepared: &Prepared<K>,
        sight: &SightOf<K>,
        plan: &PlanOf<K>,
    ) -> Result<Action, Error> {
        let Some(permit) = self.gate().permit() else {
            return self.say(plan.verdict.clone(), Again::Interval).await;
        };
        if matches!(plan.step, Step::Create(_))
            && let Err(error) = prepared.remote.room_for_create()
        {
            return self.fail(Failed::Write, &error).await;
        }
        if matches!(plan.step, Step::Create(_))
            && let Err(error) = self.room_beside(prepared).await
        {
            // Nothing was sent, and room may come at any time.
            return self.fail(Failed::Read, &error).await;
        }
        let still = match (&plan.step, prepared.scope()) {
            (Step::Create(_) | Step::Delete, Some(scope)) => Some(self.context.looks.hold_still(scope).await),
            _ => None,
        };
        // The lease may end before the request does: whoever leads next decides. Nothing is announced for nothing.
        if !(self.context.tenure)() {
            return Ok(Action::await_change());
        }
        self.announce(prepared, plan).await?;
        if !(self.context.tenure)() {
            return Ok(Action::await_change());
        }
        let result = match (&plan.step, sight) {
            (Step::Create(desired), _) => self.create(&permit, prepared, desired).await,
            (Step::Move(step), Sight::Ours(seen)) => self.perform(&permit, prepared, seen, step).await,
            (Step::Delete, Sight::Ours(seen)) => self.delete(&permit, prepared, seen).await,
            _ => Ok(()),
        };
        drop(still);
        let first_start = self.starts_first(&plan.step);
        match result {
            Ok(()) => {
                self.recover();
                self.track.certain = Some(Instant::now());
                let kind = match (&plan.step, first_start) {
                    (Step::Create(_), _) => WriteKind::Created,
                    (_, true) => WriteKind::FirstStart,
                    _ => WriteKind::Other,
                };
                self.remember(plan, sight, kind);
                self.note_update(plan);
                self.finish(End::Done(None)).await;
                self.report(&plan.verdict).await?;
                self.tell(plan, first_start).await;
                Ok(self.rest(plan.again))
            }
            Err(error) => self.failed(plan, sight, &error).await,
        }
    }

    /// Whether the jobs of the list that showed no job of this object leave room for it.
    async fn room_beside(&self, prepared: &Prepared<K>) -> Result<(), RemoteError> {
        let Some(scope) = prepared.scope() else {
            return Ok(());
        };
        match self.context.looks.last(scope).await {
            Some(list) => prepared.remote.room_beside(&list.rows().collect::<Vec<_>>()),
            None => Ok(()),
        }
    }

    /// Ends the announcement of the request that was just answered.
    async fn finish(&mut self, end: End) {
        if let Some(nonce) = self.announced.take() {
            self.end(&nonce, &end).await;
        }
    }

    /// Remembers a request that was accepted, or may have been, until its effect is seen.
    fn remember(&mut self, plan: &PlanOf<K>, sight: &SightOf<K>, kind: WriteKind) {
        let Some(doing) = doing(&plan.step, &plan.verdict) else {
            return;
        };
        let request = match &plan.step {
            Step::Move(step) => Some(Request::Move(K::describe(step))),
            Step::Delete => Some(Request::Delete),
            Step::Create(_) | Step::Nothing | Step::Guard | Step::Release => None,
        };
        let sent = match (request, sight) {
            (Some(request), Sight::Ours(seen)) => Some(Sent {
                request,
                state: seen.state.clone(),
            }),
            _ => None,
        };
        self.track.last_write = Some(LastWrite {
            at: Instant::now(),
            kind,
            doing,
            sent,
        });
    }

    /// Remembers an accepted update, so that one which is never seen to take effect is not sent for ever.
    fn note_update(&mut self, plan: &PlanOf<K>) {
        let updates = matches!(&plan.step, Step::Move(step) if K::describe(step) == MoveKind::Update);
        if let (true, Some(shown)) = (updates, &plan.shown) {
            self.track.updated = Some((shown.hash.clone(), Instant::now()));
        }
    }

    async fn failed(
        &mut self,
        plan: &PlanOf<K>,
        sight: &SightOf<K>,
        error: &RemoteError,
    ) -> Result<Action, Error> {
        if had_no_effect(error.fault) {
            if let (Step::Create(_), Some(claim)) = (&plan.step, &mut self.status.claim) {
                claim.void = true;
            }
            self.finish(End::Void).await;
        }
        if matches!(error.fault, Fault::Ambiguous | Fault::Malformed) {
            self.remember(plan, sight, WriteKind::Other);
        }
        tracing::warn!(
            operation = error.operation,
            fault = error.fault.as_str(),
            code = error.code,
            request_id = error.request_id,
            "Remote request failed"
        );
        self.fail(Failed::Write, error).await
    }

    /// Whether this is the start that follows our own create.
    fn starts_first(&self, step: &Step<K::Definition, K::Move>) -> bool {
        let start = matches!(step, Step::Move(m) if K::describe(m) == MoveKind::Start);
        start && self.just_created()
    }

    async fn create(
        &mut self,
        permit: &WritePermit,
        prepared: &Prepared<K>,
        desired: &Desired<K::Definition>,
    ) -> Result<(), RemoteError> {
        let mark = mark(&self.uid);
        let parcel = Parcel {
            secrets: &prepared.secrets,
            mark: &mark,
        };
        let seen = prepared.remote.create(permit, desired, parcel).await?;
        self.status.id = Some(seen.id.clone());
        self.track.made = self.status.claim.as_ref().map(|claim| Made {
            nonce: claim.nonce.clone(),
            id: seen.id.clone(),
        });
        self.note_birth(&seen);
        self.status.state = Some(seen.state.clone());
        self.context
            .tracks
            .own(&seen.id, &self.namespace, &self.name, &self.uid);
        self.track.deleted_id = None;
        self.track.known = None;
        if K::CREATES_WHOLE {
            self.status.at_provider = shown(&desired.definition).map(Into::into);
            self.track.known = Some(Known {
                id: seen.id,
                definition: Box::new(desired.definition.clone()),
                state: None,
                at: Instant::now(),
            });
        }
        Ok(())
    }

    async fn perform(
        &mut self,
        permit: &WritePermit,
        prepared: &Prepared<K>,
        seen: &Seen<K>,
        step: &K::Move,
    ) -> Result<(), RemoteError> {
        let mark = mark(&self.uid);
        let parcel = Parcel {
            secrets: &prepared.secrets,
            mark: &mark,
        };
        prepared.remote.perform(permit, seen, step, parcel).await?;
        if let Some(id) = K::renames(step) {
            self.status.id = Some(id);
        }
        if K::describe(step) == MoveKind::Update {
            self.status.secret_digests = Some(prepared.digests.clone());
            self.note_applied(prepared);
        }
        Ok(())
    }

    async fn delete(
        &mut self,
        permit: &WritePermit,
        prepared: &Prepared<K>,
        seen: &Seen<K>,
    ) -> Result<(), RemoteError> {
        prepared.remote.delete(permit, &seen.id).await?;
        self.track.deleted_id = Some(seen.id.clone());
        Ok(())
    }

    /// Takes the finalizer off, last of all.
    pub(super) async fn release(&mut self) -> Result<Action, Error> {
        finalizer::take_off(&self.api, &self.resource, keys::JOB_FINALIZER).await?;
        self.context.tracks.forget(&self.uid);
        self.context.wakes.forget(&self.dependent());
        Ok(Action::await_change())
    }

    /// One event for each act that users asked for; the start that belongs to a create is none of its own.
    async fn tell(&self, plan: &PlanOf<K>, first_start: bool) {
        let id = self.status.id.clone().unwrap_or_default();
        let replaces = plan
            .shown
            .as_ref()
            .is_some_and(|shown| shown.action == PlanAction::Replace);
        let (reason, note) = match &plan.step {
            Step::Move(_) | Step::Delete if replaces => {
                let note = plan.shown.as_ref().and_then(|shown| shown.note.clone());
                let text = format!(
                    "Replacing remote job {id}, because it cannot be changed in place: {} ({})",
                    paths(plan),
                    note.unwrap_or_default()
                );
                ("Replacing", text)
            }
            Step::Create(desired) => ("Created", format!("Created remote job {} ({id})", desired.name)),
            Step::Delete => ("Deleted", format!("Deleted remote job {id}")),
            Step::Move(_) if first_start => return,
            Step::Move(step) => match K::describe(step) {
                MoveKind::Start => ("Started", format!("Started remote job {id}")),
                MoveKind::Stop => ("Stopped", format!("Stopped remote job {id}")),
                MoveKind::Update => ("Updated", format!("Updated remote job {id}: {}", paths(plan))),
                MoveKind::Restart => ("Restarted", format!("Restarted remote job {id}")),
            },
            Step::Nothing | Step::Guard | Step::Release => return,
        };
        self.event(EventType::Normal, reason, note).await;
    }

    fn recover(&mut self) {
        self.track.attempt = 0;
        self.status.last_error = None;
        self.status.retry = None;
    }
}

/// Whether a failed request certainly had no effect.
const fn had_no_effect(fault: Fault) -> bool {
    match fault {
        Fault::Ambiguous | Fault::Malformed => false,
        Fault::Transient
        | Fault::Throttled { .. }
        | Fault::Unauthorized
        | Fault::Forbidden
        | Fault::Conflict
        | Fault::Exists
        | Fault::NotFound
        | Fault::Rejected
        | Fault::Exhausted
        | Fault::NotEnabled => true,
    }
}

fn paths<D, M>(plan: &Plan<D, M>) -> String {
    let changes = plan.shown.iter().flat_map(|shown| &shown.changes);
    changes
        .map(|change| change.path.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
