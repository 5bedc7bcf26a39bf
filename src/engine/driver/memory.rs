//! What status and process remember of an object, as the planner is told it; sends nothing.
use super::Pass;
use super::observe::SightOf;
use super::prepare::Prepared;
use crate::api::keys;
use crate::api::shown::Shown;
use crate::api::status::{Act, ActKind, Claim, Previous};
use crate::engine::acts::{self, REQUESTED_AT};
use crate::engine::difference::removable;
use crate::engine::kind::{Asked, Finished, JobKind, JobResource};
use crate::engine::mark;
use crate::engine::plan::{Intent, Memory, Policy};
use crate::engine::reason::Synced;
use crate::engine::sight::{Claimed, Identity, Sight};
use crate::engine::track::LastWrite;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::{SignedDuration, Timestamp};
use kube::Resource;

impl<K: JobKind> Pass<'_, K> {
    pub(super) fn identity(&self, intent: &Intent<K::Definition>) -> Identity {
        let claim = self.status.claim.as_ref();
        let adopted = self.status.adopted_id.as_ref();
        let adopt = self.resource.policy().adopt.as_ref().map(|adopt| &adopt.id);
        let acts = &self.status.acts;
        let renamed = acts::renamed(acts).filter(|id| Some(*id) != self.status.id.as_ref());
        let created = claim.is_some_and(|claim| !claim.void && self.is_young(&claim.time));
        let identity = Identity {
            name: match intent {
                Intent::Keep(desired) => Some(desired.name.clone()),
                Intent::Remove(_) => None,
            },
            mark: mark::mark(&self.uid),
            adopted: adopted.is_some() && adopted == self.status.id.as_ref(),
            id: self.status.id.clone(),
            renamed: renamed.cloned(),
            adopt: adopt.filter(|id| Some(*id) != adopted).cloned(),
            claim_is_young: created || renamed.is_some() && self.act_is_young(),
            ..Identity::default()
        };
        if K::MARKED {
            return identity;
        }
        Identity {
            born: self.status.created_at.as_ref().map(|at| at.0),
            named: adopt.cloned(),
            claim: claim.and_then(|claim| self.unanswered(claim)),
            claimed_at: claim.map(|claim| claim.time.0),
            previous: claim.and_then(|claim| claim.previous.as_ref()).map(previous),
            ..identity
        }
    }

    /// A claim whose job is not known yet.
    pub(super) fn unanswered(&self, claim: &Claim) -> Option<Claimed> {
        let carries = claim
            .carries
            .as_ref()
            .filter(|_| !claim.void && self.status.id.is_none())?;
        Some(Claimed {
            name: claim.name.clone(),
            at: claim.time.0,
            definition: serde_json::to_value(carries).ok()?,
        })
    }

    pub(super) fn act_is_young(&self) -> bool {
        acts::open(&self.status.acts).is_some_and(|open| self.is_young(&open.time))
    }

    /// Whether the request that was announced at this time may still be on its way.
    pub(super) fn is_young(&self, announced: &Time) -> bool {
        // Times are kept in whole seconds, rounded down: it may be up to a second younger than it looks.
        let age = self.now.duration_since(announced.0) - SignedDuration::from_secs(1);
        age < SignedDuration::try_from(self.context.settle).unwrap_or_default()
    }

    /// A manifest that follows a switchover names the same secrets at exchanged paths: the job has them already, unless
    /// one was changed meanwhile.
    pub(super) fn follow_switch(&mut self, prepared: &Prepared<K>, sight: &SightOf<K>) {
        let sent = self
            .resource
            .job_status()
            .and_then(|status| status.secret_digests.clone());
        self.status.secret_digests = match sent {
            Some(sent) if !self.only_observes() && self.follows_switch(prepared, sight) => Some(
                self.context
                    .digest_key
                    .moved(&sent, &prepared.secrets, K::exchanged),
            ),
            sent => sent,
        };
    }

    /// Whether the object was shown as switched, and is not any more because the manifest was exchanged.
    pub(super) fn follows_switch(&self, prepared: &Prepared<K>, sight: &SightOf<K>) -> bool {
        let conditions = &self.status.conditions;
        let was_switched = conditions.iter().any(|c| c.reason == Synced::Switched.as_str());
        let (Intent::Keep(desired), Sight::Ours(seen)) = (&prepared.intent, sight) else {
            return false;
        };
        let Some(now) = seen.definition.as_ref().filter(|_| was_switched) else {
            return false;
        };
        let before = self.status.at_provider.as_ref().and_then(definition::<K>);
        !K::is_switched(&desired.definition, now)
            && before.is_some_and(|before| !K::is_switched(&before, now))
    }

    pub(super) fn memory(&self, prepared: &Prepared<K>, sight: &SightOf<K>) -> Memory<K::Move> {
        let acts = &self.status.acts;
        Memory {
            restart: self.restart_asked(),
            asked: self.asked(prepared),
            acts: acts.clone(),
            finished: self.finished(prepared),
            act_is_young: self.act_is_young(),
            rotated: self.known_changes(prepared),
            under_way: self.track.last_write.as_ref().map(|w| w.doing),
            sent: self.young_write().and_then(|w| w.sent.clone()),
            futile: self.futile_update(),
            made_with: self.made_with(sight).cloned(),
            deleting: self.track.last_write.as_ref().is_some_and(LastWrite::is_delete),
        }
    }

    /// What our own create made the seen job with; none where it was taken over, or made by nobody knows whom.
    pub(super) fn made_with(&self, sight: &SightOf<K>) -> Option<&Shown> {
        let Sight::Ours(seen) = sight else { return None };
        let adopt = self.resource.policy().adopt.as_ref().map(|adopt| &adopt.id);
        let is_taken = adopt == Some(&seen.id) || self.status.adopted_id.as_ref() == Some(&seen.id);
        let known = [self.status.id.as_ref(), acts::renamed(&self.status.acts)];
        let is_its = self.status.id.is_none() || known.contains(&Some(&seen.id));
        let claim = self.status.claim.as_ref().filter(|claim| !claim.void)?;
        claim.carries.as_ref().filter(|_| is_its && !is_taken)
    }

    /// What the object asks for once.
    pub(super) fn asked(&self, prepared: &Prepared<K>) -> Vec<Asked<K::Move>> {
        match &prepared.intent {
            Intent::Keep(desired) => K::asked(&self.resource, desired, &self.status.acts),
            Intent::Remove(_) => vec![],
        }
    }

    /// What a job that is gone has done, where that was all that was wished.
    pub(super) fn finished(&self, prepared: &Prepared<K>) -> Option<Finished> {
        match &prepared.intent {
            Intent::Keep(desired) => K::finished(desired, &self.status.acts, self.status.run.as_ref()),
            Intent::Remove(_) => None,
        }
    }

    /// What differs although no look can show it: secrets that changed since they were sent, and fields that were sent
    /// and are wished no more.
    pub(super) fn known_changes(&self, prepared: &Prepared<K>) -> Vec<String> {
        let sent = self.status.secret_digests.as_ref();
        let mut changes = self.context.digest_key.rotated(sent, &prepared.digests);
        let applied = self.status.applied.iter().flatten();
        if let Some(wished) = removable_of(prepared) {
            changes.extend(applied.filter(|path| !wished.contains(path)).cloned());
        }
        changes
    }

    /// Notes which fields the remote job has from the spec.
    pub(super) fn note_applied(&mut self, prepared: &Prepared<K>) {
        let paths = removable_of(prepared).filter(|paths| !paths.is_empty());
        self.status.applied = paths;
    }

    /// Taking a job over repeats nothing that it has done already.
    pub(super) fn take_over(&mut self, prepared: &Prepared<K>, sight: &SightOf<K>) {
        let (Intent::Keep(desired), Sight::Ours(seen)) = (&prepared.intent, sight) else {
            return;
        };
        let adopt = self.resource.policy().adopt.as_ref();
        let is_new = adopt
            .is_some_and(|adopt| adopt.id == seen.id && self.status.adopted_id.as_ref() != Some(&adopt.id));
        let Some(done) = K::adopted(desired, seen).filter(|_| is_new) else {
            return;
        };
        if !self.status.acts.iter().any(|act| act.act == done.act) {
            self.record(done);
        }
    }

    /// The value of the restart annotation, unless it was answered or its request was announced.
    pub(super) fn restart_asked(&self) -> Option<String> {
        let token = self.annotation(keys::RESTART_REQUESTED_AT)?;
        let answered = self.status.last_handled_restart_at.as_ref() == Some(token);
        let is_announced =
            |act: &Act| act.act == ActKind::Restart && act.answers.get(REQUESTED_AT) == Some(token);
        (!answered && !self.status.acts.iter().any(is_announced)).then(|| token.clone())
    }

    pub(super) fn young_write(&self) -> Option<&LastWrite> {
        self.track
            .last_write
            .as_ref()
            .filter(|w| w.at.elapsed() < self.context.settle)
    }

    pub(super) fn futile_update(&self) -> Option<String> {
        let (hash, at) = self.track.updated.as_ref()?;
        (at.elapsed() >= self.context.settle).then(|| hash.clone())
    }

    pub(super) fn policy(&self) -> Policy {
        let policy = self.resource.policy();
        let generation = self.resource.meta().generation.unwrap_or_default();
        Policy {
            management: policy.management_policy,
            replace: policy.replace_policy,
            approved: self.annotation(keys::APPROVE_PLAN).cloned(),
            carrying: self
                .status
                .approved_plan
                .as_ref()
                .filter(|a| a.generation == generation)
                .map(|a| a.action),
            subject: format!("{}/{generation}", self.uid),
            ignored: policy.ignore_fields.clone(),
        }
    }
}

/// The definition that a status shows.
fn definition<K: JobKind>(shown: &Shown) -> Option<K::Definition> {
    serde_json::from_value(serde_json::to_value(shown).ok()?).ok()
}

fn previous(job: &Previous) -> (String, Option<Timestamp>) {
    (job.id.clone(), job.created_at.as_ref().map(|at| at.0))
}

/// The fields that go back to the vendor's defaults once the spec names them no more.
pub(super) fn removable_of<K: JobKind>(prepared: &Prepared<K>) -> Option<Vec<String>> {
    match &prepared.intent {
        Intent::Keep(desired) => removable::<K>(&desired.definition, prepared.secrets.keys()).ok(),
        Intent::Remove(_) => None,
    }
}
