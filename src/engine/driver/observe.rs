//! Looking at the remote side: which look is good enough, and what it is worth. Sends reads only.
use super::{Pass, Prepared};
use crate::engine::kind::{JobKind, Phase, RemoteJobs, Seen};
use crate::engine::look::{Look, Need, Snapshot};
use crate::engine::plan::Intent;
use crate::engine::sight::{Identity, Sight};
use crate::engine::track::Known;
use crate::remote::{Fault, RemoteError};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How old a list may be while something is under way.
pub(super) const UNDER_WAY: Duration = Duration::from_secs(1);

/// How old the list may be after which a create is sent.
const BEFORE_CREATE: Duration = Duration::from_secs(5);

/// How far apart two lists have to be that do not show a job, where its absence is not said in so many words.
const MISSED: Duration = Duration::from_secs(3);

/// A sight of a kind.
pub(super) type SightOf<K> = Sight<Seen<K>>;

/// Why there is no look.
pub(super) enum NoLook {
    /// The list that is needed may be sent in a while.
    NotYet(Duration),
    /// It failed.
    Failed(RemoteError),
}

impl From<RemoteError> for NoLook {
    fn from(error: RemoteError) -> Self {
        Self::Failed(error)
    }
}

/// What a sight rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A list row, which may lag.
    Row,
    /// A single read, or the absence of rows.
    Single,
}

/// Jobs that could be an object's.
struct Found<K: JobKind> {
    candidates: Vec<Seen<K>>,
    /// Whether the job that the object is known to have is still listed.
    lists_known: bool,
    /// Whether each of them was read singly.
    single: bool,
}

impl<K: JobKind> Pass<'_, K> {
    /// One look, as cheap as it may be; or how long to wait for it.
    pub(super) async fn observe(
        &mut self,
        prepared: &Prepared<K>,
        identity: &Identity,
    ) -> Result<(SightOf<K>, Source), Duration> {
        match self.look(prepared, identity).await {
            Ok(look) => Ok(look),
            Err(NoLook::NotYet(wait)) => Err(wait),
            Err(NoLook::Failed(error)) => Ok((self.blind(prepared, &error), Source::Single)),
        }
    }

    async fn look(
        &mut self,
        prepared: &Prepared<K>,
        identity: &Identity,
    ) -> Result<(SightOf<K>, Source), NoLook> {
        if let Some(seen) = self.watched(identity) {
            return Ok((Sight::Ours(seen), Source::Row));
        }
        if let Some(id) = identity.known_id()
            && self.rows_count()
            && let Some(row) = self.row(prepared, id).await?
            && let Some(sight) = identity.judge_one::<K>(Some(row))
        {
            return Ok((sight, Source::Row));
        }
        Ok((self.one(prepared, identity).await?, Source::Single))
    }

    /// The job by its id; where that is gone, any job that could be this object's.
    pub(super) async fn look_at_one(
        &mut self,
        prepared: &Prepared<K>,
        identity: &Identity,
    ) -> Result<SightOf<K>, Duration> {
        match self.one(prepared, identity).await {
            Ok(sight) => Ok(sight),
            Err(NoLook::NotYet(wait)) => Err(wait),
            Err(NoLook::Failed(error)) => Ok(self.blind(prepared, &error)),
        }
    }

    async fn one(&mut self, prepared: &Prepared<K>, identity: &Identity) -> Result<SightOf<K>, NoLook> {
        let mut other = None;
        for id in identity.known_id().into_iter().chain(identity.renamed.as_deref()) {
            let Some(found) = self.found(prepared, id).await? else {
                return Ok(Sight::Unsure);
            };
            match identity.judge_one::<K>(found) {
                // Somebody else may have taken the name that ours had.
                Some(Sight::Foreign(job)) if identity.renamed.is_some() => other = Some(Sight::Foreign(job)),
                Some(sight) => return Ok(sight),
                None => {}
            }
        }
        match other {
            Some(_) if identity.claim_is_young => Ok(Sight::Unsure),
            Some(sight) => Ok(sight),
            None => self.all(prepared, identity).await,
        }
    }

    /// The job by its id, or that there is none; `None` while neither is sure: a single read that only seems not to find it is
    /// believed when the list does not show it either, twice with some seconds between. While the list shows it the read
    /// has failed, whatever it said.
    async fn found(&mut self, prepared: &Prepared<K>, id: &str) -> Result<Option<Option<Seen<K>>>, NoLook> {
        let error = match self.show(prepared, id).await {
            Err(error) if error.fault == Fault::NotFound => error,
            outcome => return Ok(Some(outcome?)),
        };
        let Some(snapshot) = self.list(prepared, self.need_beside(UNDER_WAY)).await? else {
            return Err(error.into());
        };
        if snapshot.row(id).is_some_and(is_there::<K>) {
            self.track.missed = None;
            return Err(error.into());
        }
        let first = *self.track.missed.get_or_insert(snapshot.started);
        Ok((snapshot.started.saturating_duration_since(first) >= MISSED).then_some(None))
    }

    async fn all(&mut self, prepared: &Prepared<K>, identity: &Identity) -> Result<SightOf<K>, NoLook> {
        let found = match self.listed(prepared, identity).await? {
            Some(found) => found,
            None => self.named(prepared, identity).await?,
        };
        let gone = identity.known_id();
        // An accepted delete ends the wait for a young claim, unless the list still shows the job, or there is none.
        let deleted = gone.is_some() && gone == self.track.deleted_id.as_deref();
        let ends = deleted && !found.lists_known && !found.single;
        let identity = Identity {
            claim_is_young: identity.claim_is_young && !ends,
            ..identity.clone()
        };
        let (candidates, is_vague) = self.completed(prepared, &identity, found.candidates).await?;
        Ok(match identity.judge_all::<K>(candidates) {
            Sight::Ours(row) if !found.single => {
                // The row may be that of an earlier job, or of an earlier state: only a single read may move a job. A
                // list that shows a job which the single read does not: one of them lags.
                let shown = self.show(prepared, &row.id).await?;
                shown.map_or(Sight::Unsure, Sight::Ours)
            }
            Sight::Foreign(row) if row.definition.is_none() && self.only_observes() => {
                let shown = self.show(prepared, &row.id).await?;
                Sight::Foreign(shown.unwrap_or(row))
            }
            // What one shows and the other does not: one of them lags.
            Sight::Absent | Sight::Foreign(_) if is_vague || found.lists_known => Sight::Unsure,
            sight => sight,
        })
    }

    /// The jobs with the definition of each that is judged by it, and whether one of them was listed and not shown.
    async fn completed(
        &mut self,
        prepared: &Prepared<K>,
        identity: &Identity,
        candidates: Vec<Seen<K>>,
    ) -> Result<(Vec<Seen<K>>, bool), NoLook> {
        let mut completed = Vec::with_capacity(candidates.len());
        let mut is_vague = false;
        for row in candidates {
            if !identity.needs_single_read::<K>(&row) {
                completed.push(row);
            } else if let Some(shown) = self.show(prepared, &row.id).await? {
                completed.push(shown);
            } else {
                is_vague = true;
            }
        }
        Ok((completed, is_vague))
    }

    /// The jobs that could be this object's, looked at one by one by their names: the service has no list.
    async fn named(&mut self, prepared: &Prepared<K>, identity: &Identity) -> Result<Found<K>, NoLook> {
        let known = identity.known_id();
        let mut candidates = vec![];
        for name in identity.names().into_iter().filter(|name| Some(*name) != known) {
            candidates.extend(self.show(prepared, name).await?);
        }
        Ok(Found {
            candidates,
            lists_known: false,
            single: true,
        })
    }

    /// The listed jobs that could be this object's; `None` where there is no list.
    async fn listed(&self, prepared: &Prepared<K>, identity: &Identity) -> Result<Option<Found<K>>, NoLook> {
        let is_new = self.status.claim.is_none() && self.status.id.is_none();
        let age = if is_new { BEFORE_CREATE } else { UNDER_WAY };
        let need = if self.wants_fresh_look() {
            Need::now()
        } else {
            self.need_beside(age)
        };
        let Some(mut snapshot) = self.list(prepared, need).await? else {
            return Ok(None);
        };
        let could_be = |row: &&Seen<K>| {
            identity.is_candidate::<K>(row)
                && identity.known_id() != Some(row.id.as_str())
                && is_there::<K>(row)
        };
        // That nothing was there just before a new object came is as good as a list made for it. What was there may
        // have been its predecessor's.
        if is_new && snapshot.started < self.track.first_seen && snapshot.rows().any(|row| could_be(&row)) {
            let need = Need {
                after: Some(self.track.first_seen),
                ..self.need_beside(age)
            };
            match self.list(prepared, need).await? {
                Some(newer) => snapshot = newer,
                None => return Ok(None),
            }
        }
        let known = identity.known_id().and_then(|id| snapshot.row(id));
        Ok(Some(Found {
            candidates: snapshot.rows().filter(could_be).cloned().collect(),
            lists_known: known.is_some_and(is_there::<K>),
            single: false,
        }))
    }

    pub(super) async fn show(
        &mut self,
        prepared: &Prepared<K>,
        id: &str,
    ) -> Result<Option<Seen<K>>, RemoteError> {
        let asked = Instant::now();
        let shown = prepared.remote.show(id).await?;
        self.track.certain = Some(asked);
        let Some(mut seen) = shown.filter(is_there::<K>) else {
            return Ok(None);
        };
        self.track.missed = None;
        if let Some(definition) = seen.definition.clone() {
            self.track.known = Some(Known {
                id: id.to_owned(),
                definition,
                state: Some(seen.state.clone()),
                at: Instant::now(),
            });
        }
        let settled = self.track.last_write.is_none();
        if settled
            && matches!(prepared.intent, Intent::Keep(_))
            && let Err(error) = prepared.remote.enrich(&mut seen).await
        {
            tracing::debug!(%error, "Progress could not be read");
        }
        Ok(Some(seen))
    }

    pub(super) async fn list(
        &self,
        prepared: &Prepared<K>,
        need: Need,
    ) -> Result<Option<Arc<Snapshot<K>>>, NoLook> {
        let Some(key) = prepared.scope() else {
            return Ok(None);
        };
        let (snapshot, changed) = match self.context.looks.look(key, &prepared.remote, need).await? {
            Look::List(snapshot, changed) => (snapshot, changed),
            Look::NotYet(wait) => return Err(NoLook::NotYet(wait)),
        };
        for id in changed {
            let owner = self.context.tracks.owner(&id);
            if let Some(owner) = owner.filter(|owner| owner.uid != self.uid) {
                self.context.tracks.of(&owner.uid).disturb();
                self.context
                    .wakes
                    .wake(K::CONTROLLER, &owner.namespace, &owner.name);
            }
        }
        Ok(Some(snapshot))
    }

    /// A list that is at most this old and not older than our last write or single read.
    pub(super) fn need(&self, age: Duration) -> Need {
        let need = self.need_beside(age);
        Need {
            after: need.after.max(self.track.certain),
            ..need
        }
    }

    /// A list that is looked at beside a single read: at most this old and not older than our last write. One that had
    /// to follow the read would be refused for the sake of the one before it, in every pass anew.
    fn need_beside(&self, age: Duration) -> Need {
        Need {
            after: self.track.last_write.as_ref().map(|w| w.at),
            age,
            at_once: false,
        }
    }

    pub(super) fn blind(&mut self, prepared: &Prepared<K>, error: &RemoteError) -> SightOf<K> {
        if matches!(prepared.intent, Intent::Remove(_)) && prepared.remote.is_all_gone(error) {
            return Sight::Absent;
        }
        let error = self.presentable(error);
        self.failure = Some(error.repeated());
        Sight::Blind {
            fault: error.fault,
            message: error.to_string(),
        }
    }
}

/// Whether the job exists: some services show a deleted one for a while.
pub(super) fn is_there<K: JobKind>(seen: &Seen<K>) -> bool {
    K::phase(seen) != Phase::Gone
}
