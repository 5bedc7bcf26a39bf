//! Reading beside a look what it cannot tell: how the run of a job stands. Sends reads only.
use super::observe::SightOf;
use super::{Pass, Prepared};
use crate::engine::acts;
use crate::engine::kind::{Attention, JobKind, RemoteJobs, Seen, Watch};
use crate::engine::sight::{Identity, Sight};
use crate::remote::Fault;
use std::time::{Duration, Instant};

impl<K: JobKind> Pass<'_, K> {
    /// A job whose run is under way, as it was looked at within the interval: what may have changed since is its run.
    pub(super) fn watched(&self, identity: &Identity) -> Option<Seen<K>> {
        let (seen, at) = self.track.watched.as_ref()?;
        let is_fresh = at.elapsed() < self.interval() && !self.wants_fresh_look();
        let is_it = identity.known_id() == Some(seen.id.as_str());
        (is_fresh && is_it && self.track.last_write.is_none() && !self.deleting)
            .then(|| Seen::<K>::clone(seen))
    }

    /// Reads beside a look what it cannot tell. What a request depends on has to be read; all else may be read later.
    pub(super) async fn attend(
        &mut self,
        prepared: &Prepared<K>,
        identity: &Identity,
        sight: SightOf<K>,
    ) -> Result<SightOf<K>, Duration> {
        let Sight::Ours(mut seen) = sight else {
            self.remember_last_run(prepared, &sight).await;
            return Ok(sight);
        };
        let asked = self.asked(prepared);
        let attention = Attention {
            acts: &self.status.acts,
            open: acts::open(&self.status.acts),
            asked: !asked.is_empty(),
            pending: self.track.last_write.is_some(),
            before: self.track.attended.as_deref(),
            shown: self.status.run.as_ref(),
        };
        let is_needed = attention.open.is_some() || attention.asked;
        let watch = K::watch(&seen, &attention);
        if watch != Watch::Nothing {
            match prepared.remote.watch(&mut seen, watch).await {
                Ok(()) => {
                    self.track.certain = Some(Instant::now());
                    self.track.attended = Some(Box::new(seen.clone()));
                }
                // The job is gone, as one that deletes itself after its run.
                Err(error) if error.fault == Fault::NotFound => {
                    self.track.watched = None;
                    return self.look_at_one(prepared, identity).await;
                }
                Err(error) if is_needed => return Ok(self.blind(prepared, &error)),
                Err(error) => tracing::debug!(%error, "The run could not be read"),
            }
        }
        K::recall(&mut seen, self.status.run.as_ref(), &self.status.acts);
        Ok(Sight::Ours(seen))
    }

    /// How the last run of a job ended that deleted itself.
    async fn remember_last_run(&mut self, prepared: &Prepared<K>, sight: &SightOf<K>) {
        let Some(id) = self.status.id.clone().filter(|_| *sight == Sight::Absent) else {
            return;
        };
        if self.finished(prepared).is_none() || self.track.recollected.as_ref() == Some(&id) {
            return;
        }
        match prepared.remote.last_run(&id).await {
            Ok(run) => {
                self.status.run = run.or(self.status.run.take());
                self.track.recollected = Some(id);
            }
            Err(error) => tracing::debug!(%error, "The last run could not be read"),
        }
    }
}
