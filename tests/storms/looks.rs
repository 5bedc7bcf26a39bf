//! Looking at the remote side, as the driver does: which look is good enough, and what it is worth.
use crate::kind::{Marked, SeenJob, SightOf};
use crate::mutant::Mutant;
use crate::operator::{Known, Look, Pass};
use crate::service::{LAG, Sort};
use replication_operator::engine::kind::{JobKind, Phase, Rest};
use replication_operator::engine::sight::{Identity, Sight};
use replication_operator::engine::track::WriteKind;
use replication_operator::remote::Fault;

/// The sync interval.
pub const INTERVAL: u64 = 12;

struct Blind;

impl Blind {
    fn sight() -> SightOf {
        Sight::Blind {
            fault: Fault::Transient,
            message: String::new(),
        }
    }
}

impl Pass<'_> {
    /// One look, as cheap as it may be, and whether it was a list row.
    pub fn observe(&mut self, identity: &Identity) -> (SightOf, bool) {
        let Some(id) = identity.known_id() else {
            return (self.look_at_all(identity), false);
        };
        if self.rows_count() {
            match self.row(id) {
                Err(Blind) => return (Blind::sight(), false),
                Ok(row) => {
                    if let Some(sight) = row.and_then(|row| self.sort().judge_one(identity, Some(row))) {
                        return (self.mistaken(sight), true);
                    }
                }
            }
        }
        (self.look_at_one(identity), false)
    }

    /// The job by its id; where that is gone, any job that could be this object's.
    pub fn look_at_one(&mut self, identity: &Identity) -> SightOf {
        let mut other = None;
        for id in identity.known_id().into_iter().chain(identity.renamed.as_deref()) {
            let Ok(found) = self.show(id) else {
                return Blind::sight();
            };
            if found.is_none() && self.mutated(Mutant::OneBlindReadBelieved) {
                return Sight::Absent;
            }
            match self.sort().judge_one(identity, found) {
                Some(Sight::Foreign(job)) if identity.renamed.is_some() => other = Some(Sight::Foreign(job)),
                Some(sight) => return self.mistaken(sight),
                None => {}
            }
        }
        match other {
            Some(_) if identity.claim_is_young => Sight::Unsure,
            Some(sight) => self.mistaken(sight),
            None => self.look_at_all(identity),
        }
    }

    fn look_at_all(&mut self, identity: &Identity) -> SightOf {
        let gone = identity.known_id();
        let (candidates, shown) = if self.sort() == Sort::Named {
            let Ok(found) = self.named(identity) else {
                return Blind::sight();
            };
            (found, None)
        } else {
            let Ok(rows) = self.list(self.fresh(0)) else {
                return Blind::sight();
            };
            let counts = |row: &SeenJob| self.mutated(Mutant::DeletedCounts) || is_there(row);
            let shown = rows.iter().any(|row| gone == Some(&row.id) && counts(row));
            let could_be = |row: &SeenJob| {
                self.sort().is_candidate(identity, row) && gone != Some(&row.id) && counts(row)
            };
            (rows.into_iter().filter(could_be).collect(), Some(shown))
        };
        let is_shown = shown == Some(true) && !self.mutated(Mutant::DeleteBelieved);
        // An accepted delete ends the wait for a young claim, unless the list still shows the job, or there is none.
        let deleted = gone.is_some() && gone == self.operator.track.deleted_id.as_deref();
        let believed = deleted && (shown == Some(false) || self.mutated(Mutant::DeleteBelieved));
        let identity = &Identity {
            claim_is_young: identity.claim_is_young && !believed,
            ..identity.clone()
        };
        let Ok((candidates, is_vague)) = self.completed(identity, candidates) else {
            return Blind::sight();
        };
        let judged = self.sort().judge_all(identity, candidates.clone());
        let judged = match (judged, candidates.first()) {
            (Sight::Unsure, Some(other)) if self.mutated(Mutant::ForeignHidesClaim) => {
                Sight::Foreign(other.clone())
            }
            (judged, _) => judged,
        };
        match self.mistaken(judged) {
            Sight::Ours(row) if row.definition.is_some() && self.mutated(Mutant::FirstRowTrusted) => {
                Sight::Ours(row)
            }
            Sight::Ours(row) => match self.show(&row.id) {
                Ok(Some(seen)) => Sight::Ours(seen),
                Ok(None) => Sight::Unsure,
                Err(Blind) => Blind::sight(),
            },
            Sight::Absent | Sight::Foreign(_) if is_vague || is_shown => Sight::Unsure,
            sight => sight,
        }
    }

    /// The jobs of the names that could be ours, where there is no list.
    fn named(&mut self, identity: &Identity) -> Result<Vec<SeenJob>, Blind> {
        let mut found = vec![];
        if self.mutated(Mutant::NamesUnseen) {
            return Ok(found);
        }
        for name in identity.names() {
            if identity.known_id() != Some(name) {
                found.extend(self.show(name)?);
            }
        }
        Ok(found)
    }

    /// The jobs with their definitions, and whether one of them was listed and not shown.
    fn completed(&mut self, identity: &Identity, rows: Vec<SeenJob>) -> Result<(Vec<SeenJob>, bool), Blind> {
        let mut jobs = vec![];
        let mut is_vague = false;
        for row in rows {
            if !self.sort().needs_single_read(identity, &row) || self.mutated(Mutant::BareRowsJudged) {
                jobs.push(row);
            } else if let Some(seen) = self.show(&row.id)? {
                jobs.push(seen);
            } else {
                is_vague = true;
            }
        }
        Ok((jobs, is_vague))
    }

    fn mistaken(&self, sight: SightOf) -> SightOf {
        match sight {
            Sight::Foreign(_) if self.mutated(Mutant::ForeignIsAbsent) => Sight::Absent,
            Sight::Foreign(seen) if self.mutated(Mutant::ForeignIsOurs) => Sight::Ours(seen),
            sight => sight,
        }
    }

    /// Whether list rows may be used at all: not between a request of ours and the rest that follows it, nor so soon
    /// after a better look that they may be older.
    fn rows_count(&self) -> bool {
        if self.sort() == Sort::Named {
            return false;
        }
        match &self.operator.track.last_write {
            Some(write) => write.kind != WriteKind::Other || self.mutated(Mutant::RowsCountAfterWrite),
            None => self.certain().is_none_or(|at| self.service.tick > at + LAG),
        }
    }

    fn certain(&self) -> Option<u64> {
        self.operator
            .track
            .certain
            .filter(|_| !self.mutated(Mutant::OldListCounts))
    }

    fn row(&mut self, id: &str) -> Result<Option<SeenJob>, Blind> {
        let at_rest = self.operator.track.last_write.is_none();
        let under_way = self.operator.track.waiting || !at_rest;
        let recent = under_way && !(at_rest && self.mutated(Mutant::OldListWhileWaiting));
        let not_before = self.fresh(if recent { 0 } else { INTERVAL });
        let mut row = self.listed(id, not_before)?;
        let outdated = self.certain().filter(|_| at_rest).map_or(0, |at| at + LAG);
        if self.list_began() < outdated && row.as_ref().is_some_and(|row| !self.is_as_read(row)) {
            row = self.listed(id, outdated)?;
        }
        let counts = |row: &SeenJob| self.mutated(Mutant::DeletedCounts) || is_there(row);
        let row = row.filter(|row| counts(row) && self.is_news(row));
        let Some(mut row) = row else {
            return Ok(None);
        };
        if row.definition.is_some() {
            return Ok(Some(row));
        }
        let Some(known) = self.operator.track.known.as_ref().filter(|known| known.id == id) else {
            return Ok(None);
        };
        row.definition = Some(known.definition.clone());
        if under_way || self.service.tick < known.tick + INTERVAL {
            return Ok(Some(row));
        }
        self.show(id)
    }

    fn listed(&mut self, id: &str, not_before: u64) -> Result<Option<SeenJob>, Blind> {
        Ok(self.list(not_before)?.into_iter().find(|row| row.id == id))
    }

    fn list_began(&self) -> u64 {
        self.operator.list.as_ref().map_or(0, |(began, _)| *began)
    }

    /// Whether a row shows the job as it was last read singly.
    fn is_as_read(&self, row: &SeenJob) -> bool {
        let known = self.operator.track.known.as_ref();
        let (state, definition) = (&row.state, row.definition.as_ref());
        let is_it = |known: &Known| {
            known.id == row.id
                && known.state.as_ref() == Some(state)
                && definition.is_none_or(|shown| *shown == known.definition)
        };
        known.is_some_and(is_it) || self.mutated(Mutant::AnyRowAsRead)
    }

    /// After the first start, a row that shows the job at rest is an old one unless the job runs.
    fn is_news(&self, row: &SeenJob) -> bool {
        let write = self.operator.track.last_write.as_ref();
        let started = write.is_some_and(|write| write.kind == WriteKind::FirstStart);
        let moves = Marked::phase(row) == Phase::Moving;
        !started || moves || Marked::rest(row) == Rest::Running || self.mutated(Mutant::AnyRowAfterFirstStart)
    }

    fn show(&mut self, id: &str) -> Result<Option<SeenJob>, Blind> {
        if self.weather.look == Look::Fog {
            return Err(Blind);
        }
        self.operator.track.certain = Some(self.service.tick);
        let counts = |row: &SeenJob| self.mutated(Mutant::DeletedCounts) || is_there(row);
        let seen = self.service.show(id, self.weather.look).filter(counts);
        let read = seen
            .as_ref()
            .map(|seen| (seen.state.clone(), seen.definition.clone()));
        if let Some((state, Some(definition))) = read {
            self.operator.track.known = Some(Known {
                id: id.to_owned(),
                definition,
                state: Some(state),
                tick: self.service.tick,
            });
        }
        Ok(seen)
    }

    fn list(&mut self, not_before: u64) -> Result<Vec<SeenJob>, Blind> {
        if let Some((_, rows)) = self
            .operator
            .list
            .as_ref()
            .filter(|(started, _)| *started >= not_before)
        {
            return Ok(rows.clone());
        }
        if self.weather.look == Look::Fog {
            return Err(Blind);
        }
        let rows = self.service.list(self.weather.has_stale_list());
        self.operator.list = Some((self.service.tick, rows.clone()));
        Ok(rows)
    }

    /// A look that is at most this old and not older than our last request or single read.
    fn fresh(&self, age: u64) -> u64 {
        let written = self.operator.track.last_write.as_ref().map(|write| write.tick);
        let oldest = self.service.tick.saturating_sub(age);
        [written, self.certain()]
            .into_iter()
            .flatten()
            .fold(oldest, u64::max)
    }
}

fn is_there(seen: &SeenJob) -> bool {
    Marked::phase(seen) != Phase::Gone
}
