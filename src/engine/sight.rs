//! What one look at the remote side is worth: whose job was seen, and whether absence may be believed. Pure.
use super::difference::difference;
use super::kind::{JobKind, Seen};
use crate::remote::Fault;
use k8s_openapi::jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// How much earlier than our claim a job may seem to have been created. The two times are of two clocks, which are kept by
/// NTP to far less than a second and may be cut to whole seconds. It is less than the age and lag of the list that showed
/// no job before the claim was made, so that nothing is let in which that list could not have shown.
const SKEW: SignedDuration = SignedDuration::from_secs(5);

/// What one look is worth.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight<S> {
    /// The job of this object.
    Ours(S),
    /// A job of that name that is someone else's.
    Foreign(S),
    /// Several jobs could be this object's.
    Several(Vec<String>),
    /// There is none, and absence may be believed.
    Absent,
    /// There is none, but a create may still be on its way.
    Unsure,
    /// The job that `adopt` names does not exist.
    AdoptMissing(String),
    /// The look itself failed.
    Blind {
        /// Why.
        fault: Fault,
        /// The vendor's words.
        message: String,
    },
}

/// How a job of this object is recognised.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identity {
    /// The name it is to have; `None` when nothing is wished any more.
    pub name: Option<String>,
    /// Our mark, 16 hex digits of the object's UID.
    pub mark: String,
    /// The id that is known to be ours: made by our create, or adopted before.
    pub id: Option<String>,
    /// The id that our job may have by now, because a rename was sent and its answer lost.
    pub renamed: Option<String>,
    /// When the vendor said that our job was created, where jobs carry no mark.
    pub born: Option<Timestamp>,
    /// The id that `adopt` names, until that job was taken over: from then on it is a job like any other.
    pub adopt: Option<String>,
    /// The id that `adopt` names, also once that job was taken over: who names an id means the job that has it now.
    pub named: Option<String>,
    /// Whether `id` came from an adoption, so that it need not carry our mark.
    pub adopted: bool,
    /// The create whose job is not known, where jobs carry no mark.
    pub claim: Option<Claimed>,
    /// The id and the time of creation of the job that this object had before, where jobs carry no mark.
    pub previous: Option<(String, Option<Timestamp>)>,
    /// When the create of our job was claimed, where jobs carry no mark.
    pub claimed_at: Option<Timestamp>,
    /// Whether a claim is so young that its create may still be on its way, or a rename.
    pub claim_is_young: bool,
}

/// A create that was claimed after an absent look, and whose answer is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// The name that the create carried.
    pub name: String,
    /// When it was claimed.
    pub at: Timestamp,
    /// The definition that it carried, as JSON.
    pub definition: Value,
}

impl Claimed {
    /// Whether a job can be the one that the create made, as far as is known without its definition.
    fn fits<K: JobKind>(&self, job: &Seen<K>) -> bool {
        job.name == self.name && is_since(job.created_at, self.at)
    }

    /// Whether the definition is the one that the create carried; what the vendor filled in is left out.
    fn describes<K: JobKind>(&self, job: &Seen<K>) -> bool {
        let (Some(seen), Ok(carried)) = (&job.definition, serde_json::from_value(self.definition.clone()))
        else {
            return false;
        };
        difference::<K>(&carried, seen, &[], &[]).is_ok_and(|found| found.changes.is_empty())
    }
}

fn is_since(created: Option<Timestamp>, claimed: Timestamp) -> bool {
    created.is_some_and(|created| created.duration_since(claimed) >= -SKEW)
}

impl Identity {
    /// The one job to ask for by its id, if there is one.
    pub fn known_id(&self) -> Option<&str> {
        self.adopt.as_deref().or(self.id.as_deref())
    }

    /// The names under which jobs have to be judged.
    pub fn names(&self) -> Vec<&str> {
        let claimed = self.claim.as_ref().map(|claim| claim.name.as_str());
        let mut names: Vec<&str> = claimed.into_iter().chain(self.name.as_deref()).collect();
        names.dedup();
        names
    }

    /// Judges the answer to a look at [`known_id`](Self::known_id) or at the id after a rename; `None` says that the other
    /// jobs have to be looked at.
    pub fn judge_one<K: JobKind>(&self, found: Option<Seen<K>>) -> Option<Sight<Seen<K>>> {
        match found {
            Some(job) if self.is_ours_by_id::<K>(&job) => Some(Sight::Ours(job)),
            Some(job) => Some(Sight::Foreign(job)),
            None => self.adopt.clone().map(Sight::AdoptMissing),
        }
    }

    /// Judges the jobs of the scope that could be this object's: those of its name and those with its mark.
    pub fn judge_all<K: JobKind>(&self, candidates: Vec<Seen<K>>) -> Sight<Seen<K>> {
        let (mut ours, others): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|job| self.is_ours::<K>(job));
        if ours.len() > 1 {
            return Sight::Several(ours.into_iter().map(|job| job.id).collect());
        }
        // Beside a foreign job there may still be ours, which the service does not show yet.
        match ours.pop() {
            Some(job) => Sight::Ours(job),
            None if self.claim_is_young => Sight::Unsure,
            None => others
                .into_iter()
                .rfind(|job| self.is_in_the_way::<K>(job))
                .map_or(Sight::Absent, Sight::Foreign),
        }
    }

    /// Whether a listed job has to be judged at all.
    pub fn is_candidate<K: JobKind>(&self, job: &Seen<K>) -> bool {
        self.has_our_mark::<K>(job) || self.names().contains(&job.name.as_str())
    }

    /// Whether a listed job cannot be judged before it was read singly: for its definition, or because it is the job before,
    /// which a list that lags still shows.
    pub fn needs_single_read<K: JobKind>(&self, job: &Seen<K>) -> bool {
        let lacks = job.definition.is_none() && self.is_claimed::<K>(job).is_some();
        !K::MARKED && (lacks || self.is_previous::<K>(job))
    }

    fn is_ours_by_id<K: JobKind>(&self, job: &Seen<K>) -> bool {
        if self.adopt.as_deref() == Some(job.id.as_str()) {
            return true;
        }
        if K::MARKED {
            return self.adopted || job.mark.as_deref().is_none_or(|mark| mark == self.mark);
        }
        if self.named.as_deref() == Some(job.id.as_str()) {
            return true;
        }
        // A job that somebody deleted and made anew may have the name or the id of ours.
        match (self.born, job.created_at, self.claimed_at) {
            (Some(born), Some(created), _) => born == created,
            (None, Some(_), Some(claimed)) if !self.adopted => is_since(job.created_at, claimed),
            _ => self.renamed.as_deref() != Some(job.id.as_str()),
        }
    }

    fn is_ours<K: JobKind>(&self, job: &Seen<K>) -> bool {
        if K::MARKED {
            return self.has_our_mark::<K>(job);
        }
        self.is_claimed::<K>(job)
            .is_some_and(|claim| claim.describes::<K>(job))
    }

    /// The claim that a job can be the answer to, as far as is known without its definition.
    fn is_claimed<K: JobKind>(&self, job: &Seen<K>) -> Option<&Claimed> {
        let claim = self.claim.as_ref().filter(|claim| claim.fits::<K>(job))?;
        (!self.is_previous::<K>(job)).then_some(claim)
    }

    fn is_previous<K: JobKind>(&self, job: &Seen<K>) -> bool {
        self.previous
            .as_ref()
            .is_some_and(|(id, born)| *id == job.id && *born == job.created_at)
    }

    /// Whether a job that is not ours has the name that is wished, or is perhaps ours and was changed before we saw it.
    fn is_in_the_way<K: JobKind>(&self, job: &Seen<K>) -> bool {
        self.name.as_ref() == Some(&job.name) || self.is_claimed::<K>(job).is_some()
    }

    fn has_our_mark<K: JobKind>(&self, job: &Seen<K>) -> bool {
        K::MARKED && job.mark.as_deref() == Some(self.mark.as_str())
    }
}
