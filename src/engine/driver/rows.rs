//! What the row of a list is worth for a job that is known: it may lag, and may lack the definition. Sends reads only.
use super::observe::{NoLook, UNDER_WAY, is_there};
use super::{Pass, Prepared};
use crate::engine::kind::{JobKind, Phase, RemoteJobs, Rest, Seen};
use crate::engine::look::{Need, Snapshot};
use crate::engine::track::WriteKind;
use crate::remote::{Fault, RemoteError};
use std::sync::Arc;
use std::time::Duration;

/// How far a list may lag behind a single read or a write.
const LAG: Duration = Duration::from_secs(10);

/// After how many intervals the definition of a job at rest is read as if something depended on it.
const LATE: u32 = 3;

impl<K: JobKind> Pass<'_, K> {
    /// Whether list rows may be used at all: not between a request of ours and the rest that follows it, nor so soon
    /// after a better look that they may be older.
    pub(super) fn rows_count(&self) -> bool {
        let count = match &self.track.last_write {
            Some(write) => write.kind != WriteKind::Other,
            None => self.track.certain.is_none_or(|at| at.elapsed() > LAG),
        };
        count && !self.wants_fresh_look()
    }

    /// The row of an id, completed with its definition; `None` when only a single read will do.
    pub(super) async fn row(&mut self, prepared: &Prepared<K>, id: &str) -> Result<Option<Seen<K>>, NoLook> {
        let Some(snapshot) = self.recent(prepared, id).await? else {
            return Ok(None);
        };
        let Some(mut row) = snapshot.row(id).filter(|row| self.is_news(row)).cloned() else {
            return Ok(None);
        };
        if row.definition.is_some() {
            return Ok(Some(row));
        }
        let Some(known) = self.track.known.as_ref().filter(|known| known.id == id) else {
            // As long as the service is busy with the job, nothing is compared.
            return Ok(Some(row).filter(|row| K::phase(row) == Phase::Moving));
        };
        row.definition = Some(known.definition.clone());
        let age = known.at.elapsed();
        // While something is under way its end is waited for, and drift can be looked for after it.
        let is_due = !self.is_under_way() && age >= self.interval().mul_f64(0.9);
        if !is_due || !prepared.remote.spares_read(age > self.interval() * LATE) {
            return Ok(Some(row));
        }
        match self.show(prepared, id).await {
            // The budget wins over the interval: what the list says is enough until there is room.
            Err(RemoteError {
                fault: Fault::Throttled { .. },
                ..
            }) => Ok(Some(row)),
            Ok(shown) => Ok(shown),
            Err(error) => Err(error.into()),
        }
    }

    /// A list that tells of a job what was not known before, or the same.
    async fn recent(&self, prepared: &Prepared<K>, id: &str) -> Result<Option<Arc<Snapshot<K>>>, NoLook> {
        let age = if self.is_under_way() {
            UNDER_WAY
        } else {
            self.interval()
        };
        let need = self.need(age);
        let snapshot = self.list(prepared, need).await?;
        let certain = self.track.certain.filter(|_| self.track.last_write.is_none());
        let outdated = certain.and_then(|at| at.checked_add(LAG));
        // What such a list says that differs from the single read may be from before it.
        let may_be_older = snapshot.as_ref().is_some_and(|snapshot| {
            outdated.is_some_and(|until| snapshot.started < until)
                && snapshot.row(id).is_some_and(|row| !self.is_as_read(row))
        });
        if !may_be_older {
            return Ok(snapshot);
        }
        let newer = Need {
            after: outdated,
            ..need
        };
        self.list(prepared, newer).await
    }

    fn is_under_way(&self) -> bool {
        self.track.last_write.is_some() || self.track.waiting.is_some()
    }

    /// Whether a row shows the job as it was last read singly.
    fn is_as_read(&self, row: &Seen<K>) -> bool {
        let Some(known) = self.track.known.as_ref().filter(|known| known.id == row.id) else {
            return false;
        };
        let definition = row.definition.as_ref();
        known.state.as_ref() == Some(&row.state) && definition.is_none_or(|shown| *shown == known.definition)
    }

    /// Whether a row is worth anything: not that of a deleted job, nor after the first start one from before it.
    fn is_news(&self, row: &Seen<K>) -> bool {
        let started = self
            .track
            .last_write
            .as_ref()
            .is_some_and(|w| w.kind == WriteKind::FirstStart);
        let is_running = matches!(K::rest(row), Rest::Starting | Rest::AtWork | Rest::Running);
        is_there::<K>(row) && (!started || K::phase(row) == Phase::Moving || is_running)
    }
}
