//! Writing status and events: server-side apply, only when something differs; sends nothing to the vendor.
use super::observe::SightOf;
use super::{Error, Pass};
use crate::api::GROUP;
use crate::api::keys;
use crate::api::status::{JobStatus, LastError, Retry};
use crate::engine::conditions::{conditions, headline};
use crate::engine::kind::JobKind;
use crate::engine::mark;
use crate::engine::plan::Again;
use crate::engine::queue::Action;
use crate::engine::sight::Sight;
use crate::engine::verdict::Verdict;
use crate::remote::{Fault, RemoteError};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, ObjectMeta, Time};
use kube::api::{Patch, PatchParams};
use kube::core::PartialObjectMeta;
use kube::runtime::events::{Event, EventType};
use kube::{Resource, ResourceExt};
use std::time::{Duration, Instant};

/// Steps on the way are shown at most this often, so that a job that is soon ready costs few writes.
const ON_THE_WAY: Duration = Duration::from_secs(15);
/// The shortest and the longest wait for something that is under way.
const POLL: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(15));

impl<K: JobKind> Pass<'_, K> {
    /// Puts what was seen into the status.
    pub(super) fn describe(&mut self, sight: &SightOf<K>) {
        self.status.last_handled_reconcile_at = self.annotation(keys::RECONCILE_REQUESTED_AT).cloned();
        if matches!(sight, Sight::Absent) {
            self.status.state = None;
        }
        let (Sight::Ours(seen) | Sight::Foreign(seen)) = sight else {
            return;
        };
        self.status.state = Some(seen.state.clone()).filter(|state| !state.is_empty());
        let is_ours = matches!(sight, Sight::Ours(_));
        if let Some(mut shown) = seen.definition.as_ref().and_then(shown) {
            // Not in `.status.id`: that is kept for jobs that are this object's.
            if let (false, Some(fields)) = (is_ours, shown.as_object_mut()) {
                fields.insert("id".into(), seen.id.clone().into());
            }
            self.status.at_provider = Some(shown.into());
        }
        if !is_ours {
            return;
        }
        if let Some(run) = K::run(seen) {
            self.status.run = Some(run);
        }
        if let Some(endpoints) = K::endpoints(seen) {
            self.status.endpoints = Some(endpoints.into());
        }
        if let Some(progress) = K::progress(seen) {
            // After a restart the class that stands in status is not known, and no reason to write.
            let changed = self
                .track
                .progress_class
                .as_ref()
                .is_some_and(|class| *class != progress.class);
            if self.status.progress.is_none() || changed {
                self.status.progress = Some(progress.detail.into());
            }
            self.track.progress_class = Some(progress.class);
        }
    }

    pub(super) fn note_failure(&mut self, error: &RemoteError, delay: Duration) {
        self.status.last_error = Some(LastError::of(error, self.status.last_error.as_ref(), self.now));
        let throttled = matches!(error.fault, Fault::Throttled { .. });
        self.status.retry = (!throttled).then(|| Retry {
            attempt: i32::try_from(self.track.attempt).unwrap_or(i32::MAX),
            next_retry_time: Time(self.now.saturating_add(delay).unwrap_or(self.now)),
        });
    }

    /// Writes the status if it differs from what is there and is worth a write now.
    pub(super) async fn report(&mut self, verdict: &Verdict) -> Result<(), Error> {
        self.complete(verdict);
        let before = self.written.clone();
        if self.status == before {
            return Ok(());
        }
        // This write is not fenced: once the lease is over, it could undo what the next leader wrote down.
        if !(self.context.tenure)() {
            return Ok(());
        }
        let recent = self.track.reported.is_some_and(|at| at.elapsed() < ON_THE_WAY);
        if recent && verdict.is_under_way() && is_on_the_way(&before) && !self.must_be_kept(&before) {
            return Ok(());
        }
        self.write_status(verdict, false).await?;
        self.tell_turn(&before).await;
        Ok(())
    }

    /// Whether losing the status at a crash would lose more than a word on the way.
    fn must_be_kept(&self, before: &JobStatus) -> bool {
        self.status.id != before.id && !self.is_proved_by_mark()
            || self.status.claim != before.claim
            || self.status.acts != before.acts
            || self.status.secret_digests != before.secret_digests
            || self.status.approved_plan != before.approved_plan
            || self.status.last_handled_reconcile_at != before.last_handled_reconcile_at
            || self.status.last_handled_restart_at != before.last_handled_restart_at
            || self.status.observed_generation != before.observed_generation
            || self.status.last_error != before.last_error
    }

    /// Whether a crash would lose nothing with the id: the claim is written, and the job that it made carries our mark.
    fn is_proved_by_mark(&self) -> bool {
        let made = self.track.made.as_ref().map(|made| &made.id);
        K::MARKED && made.is_some() && made == self.status.id.as_ref()
    }

    /// Writes the status; with `locked` only if nobody wrote the object since it was read.
    pub(super) async fn write_status(&mut self, verdict: &Verdict, locked: bool) -> Result<(), Error> {
        self.complete(verdict);
        let mut metadata = serde_json::Map::new();
        if locked {
            metadata.insert("resourceVersion".into(), self.resource.resource_version().into());
        }
        let patch = Patch::Apply(serde_json::json!({
            "apiVersion": K::Resource::api_version(&()),
            "kind": K::Resource::kind(&()),
            "metadata": metadata,
            "status": self.status,
        }));
        let params = PatchParams::apply(keys::FIELD_MANAGER).force();
        let written: PartialObjectMeta<K::Resource> = self.patch_status_metadata(&params, &patch).await?;
        // The version that is answered holds their change too, and would otherwise be taken for our own.
        self.overtaken |= asks_for_more(&written.metadata, self.resource.meta());
        self.resource.meta_mut().resource_version = written.metadata.resource_version;
        self.track.version = self.resource.resource_version();
        self.track.reported = Some(Instant::now());
        self.written.clone_from(&self.status);
        Ok(())
    }

    async fn patch_status_metadata(
        &self,
        params: &PatchParams,
        patch: &Patch<serde_json::Value>,
    ) -> Result<PartialObjectMeta<K::Resource>, kube::Error> {
        let request = kube::core::Request::new(self.api.resource_url());
        let request = request
            .patch_subresource("status", &self.name, params, patch)
            .map_err(kube::Error::BuildRequest)?;
        self.context.client.request(request).await
    }

    fn complete(&mut self, verdict: &Verdict) {
        let generation = self.resource.meta().generation;
        self.status.observed_generation = generation;
        self.status.conditions = conditions(verdict, generation, &self.status.conditions, self.now);
        self.status.reason = headline(&self.status.conditions);
    }

    /// An event when a person has to act, or need not any more.
    async fn tell_turn(&self, before: &JobStatus) {
        let stalled = |status: &JobStatus| -> Option<Condition> {
            status
                .conditions
                .iter()
                .find(|c| c.type_ == "Stalled" && c.status == "True")
                .cloned()
        };
        let failed = |status: &JobStatus| -> Option<Condition> {
            status
                .conditions
                .iter()
                .find(|c| c.type_ == "Ready" && c.reason == "RemoteFailed")
                .cloned()
        };
        for (was, is) in [
            (stalled(before), stalled(&self.status)),
            (failed(before), failed(&self.status)),
        ] {
            if let Some(condition) = is
                && was.is_none_or(|w| w.reason != condition.reason || w.message != condition.message)
            {
                self.event(EventType::Warning, &condition.reason, condition.message)
                    .await;
            }
        }
    }

    /// Publishes one event.
    pub(super) async fn event(&self, type_: EventType, reason: &str, note: String) {
        let mut note = note;
        note.truncate(note.floor_char_boundary(1000));
        let event = Event {
            type_,
            reason: reason.into(),
            note: Some(note),
            action: "Reconcile".into(),
            secondary: None,
        };
        let reference = self.resource.object_ref(&());
        self.context.events.publish(&event, &reference).await;
    }

    /// When to come back, and until when nothing has to be done unless the object changes.
    pub(super) fn rest(&mut self, again: Again) -> Action {
        match again {
            Again::Soon => self.track.waiting = self.track.waiting.or_else(|| Some(Instant::now())),
            Again::Interval | Again::Watch => self.track.waiting = None,
            Again::Now | Again::Backoff(_) => {}
        }
        match again {
            Again::Now => Action::requeue(Duration::ZERO),
            Again::Soon => self.rest_for(self.poll()),
            Again::Watch => {
                let since = self.track.watching.map_or(Duration::ZERO, |at| at.elapsed());
                self.rest_for((since / 4).clamp(POLL.0, POLL.1))
            }
            Again::Interval => self.rest_for(self.until_phase()),
            // A failure whose error is known takes its delay from the back-off; this one has none.
            Again::Backoff(_) => self.rest_for(POLL.1),
        }
    }

    pub(super) fn rest_for(&mut self, delay: Duration) -> Action {
        let version = self.resource.resource_version().unwrap_or_default();
        let until = Instant::now().checked_add(delay).filter(|_| !self.overtaken);
        self.track.quiet = until.map(|until| (version, until));
        Action::requeue(delay)
    }

    /// Often while something was asked for just now, then ever less.
    fn poll(&self) -> Duration {
        let written = self.track.last_write.as_ref().map(|w| w.at);
        let since = written.or(self.track.waiting);
        let since = since.map_or(Duration::ZERO, |at| at.elapsed());
        (since / 4).clamp(POLL.0, POLL.1)
    }

    /// The time until the object's own moment of the interval, so that the passes of many objects spread over it.
    fn until_phase(&self) -> Duration {
        let interval = self.interval();
        let position = self
            .now
            .as_millisecond()
            .rem_euclid(i64::try_from(interval.as_millis()).unwrap_or(i64::MAX));
        let moment = interval.mul_f64(mark::phase(&self.uid));
        let position = Duration::from_millis(u64::try_from(position).unwrap_or_default());
        let ahead = moment
            .checked_sub(position)
            .unwrap_or_else(|| (moment + interval).saturating_sub(position));
        if ahead < interval / 10 {
            ahead + interval
        } else {
            ahead
        }
    }
}

/// Whether an object asks for something that it did not ask for when it was read: a new spec, an end, or an annotation.
fn asks_for_more(now: &ObjectMeta, read: &ObjectMeta) -> bool {
    let asked = |meta: &ObjectMeta| {
        let annotations = meta.annotations.clone().unwrap_or_default();
        annotations
            .into_iter()
            .filter(|(key, _)| key.starts_with(GROUP))
            .collect::<Vec<_>>()
    };
    now.generation != read.generation
        || now.deletion_timestamp != read.deletion_timestamp
        || asked(now) != asked(read)
}

/// Whether the status that is there shows a job on its way, so that the next step on the way may wait.
fn is_on_the_way(status: &JobStatus) -> bool {
    let of = |name: &str| status.conditions.iter().find(|c| c.type_ == name);
    of("Ready").is_some_and(|c| c.status == "False") && of("Stalled").is_none_or(|c| c.status == "False")
}

/// A definition as `.status.atProvider` shows it: what is unset is left out.
pub(super) fn shown(definition: &impl serde::Serialize) -> Option<serde_json::Value> {
    serde_json::to_value(definition).ok().map(without_nulls)
}

fn without_nulls(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        other => other,
    }
}
