//! What one look at the remote side is worth: whose job was seen, and whether absence may be believed. Pure.
use super::kind::Observed;
use crate::remote::Fault;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The name it is to have, and where jobs carry no mark, the name that was claimed.
    pub names: Vec<String>,
    /// Our mark, 16 hex digits of the object's UID.
    pub mark: String,
    /// The id that is known to be ours: made by our create, or adopted before.
    pub id: Option<String>,
    /// The id that `adopt` names, until that job was taken over: from then on it is a job like any other.
    pub adopt: Option<String>,
    /// Whether `id` came from an adoption, so that it need not carry our mark.
    pub adopted: bool,
    /// Whether a claim is so young that its create may still be on its way.
    pub claim_is_young: bool,
}

impl Identity {
    /// The one job to ask for by its id, if there is one.
    pub fn known_id(&self) -> Option<&str> {
        self.adopt.as_deref().or(self.id.as_deref())
    }

    /// Judges the answer to a look at [`known_id`](Self::known_id); `None` says that the other jobs have to be looked at.
    pub fn judge_one<D, F>(&self, found: Option<Observed<D, F>>) -> Option<Sight<Observed<D, F>>> {
        match found {
            Some(job) if self.is_ours_by_id(&job) => Some(Sight::Ours(job)),
            Some(job) => Some(Sight::Foreign(job)),
            None => self.adopt.clone().map(Sight::AdoptMissing),
        }
    }

    /// Judges the jobs of the scope that could be this object's: those of its name and those with its mark.
    pub fn judge_all<D, F>(&self, mut candidates: Vec<Observed<D, F>>) -> Sight<Observed<D, F>> {
        let ours: Vec<String> = candidates
            .iter()
            .filter(|c| self.has_our_mark(c))
            .map(|c| c.id.clone())
            .collect();
        match ours.as_slice() {
            // Beside a foreign job there may still be ours, which the service does not show yet.
            [] if self.claim_is_young => Sight::Unsure,
            [] => candidates.pop().map_or(Sight::Absent, Sight::Foreign),
            [id] => candidates
                .into_iter()
                .find(|c| c.id == *id)
                .map_or(Sight::Unsure, Sight::Ours),
            _ => Sight::Several(ours),
        }
    }

    /// Whether a listed job has to be judged at all.
    pub fn is_candidate<D, F>(&self, job: &Observed<D, F>) -> bool {
        self.has_our_mark(job) || self.names.contains(&job.name)
    }

    fn is_ours_by_id<D, F>(&self, job: &Observed<D, F>) -> bool {
        let adopting = self.adopt.as_deref() == Some(job.id.as_str());
        adopting || self.adopted || job.mark.as_deref().is_none_or(|mark| mark == self.mark)
    }

    fn has_our_mark<D, F>(&self, job: &Observed<D, F>) -> bool {
        job.mark.as_deref() == Some(self.mark.as_str())
    }
}
