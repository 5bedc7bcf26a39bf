//! What is written down before a request leaves that must not be forgotten or repeated; sends nothing to the vendor.
use super::act::PlanOf;
use super::prepare::Prepared;
use super::report::shown;
use super::{Error, Pass};
use crate::api::shown::Shown;
use crate::api::status::{Act, ActKind, ActOutcome, ApprovedPlan, Claim, Previous};
use crate::engine::acts::Announced;
use crate::engine::difference::{fixed, hash};
use crate::engine::kind::{JobKind, JobResource};
use crate::engine::plan::Step;
use crate::engine::verdict::Verdict;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::Resource;

impl<K: JobKind> Pass<'_, K> {
    /// Writes down what must not be forgotten or repeated, under the version that was read, before the request leaves.
    pub(super) async fn announce(&mut self, prepared: &Prepared<K>, plan: &PlanOf<K>) -> Result<(), Error> {
        if let Some(approved) = &plan.announce {
            let generation = self.resource.meta().generation.unwrap_or_default();
            self.status.approved_plan = Some(ApprovedPlan {
                hash: approved.hash.clone(),
                action: approved.action,
                generation,
            });
        }
        if let Step::Create(desired) = &plan.step {
            let previous = self.previous();
            self.status.id = None;
            self.status.created_at = None;
            self.status.state = None;
            self.status.at_provider = None;
            // What the create carries: a later look cannot tell with which values the job was made.
            self.status.secret_digests = Some(prepared.digests.clone());
            self.note_applied(prepared);
            self.status.claim = Some(Claim {
                nonce: nonce(),
                time: Time(Timestamp::now()),
                name: desired.name.clone(),
                definition: hash(&desired.definition),
                carries: carries::<K>(&desired.definition),
                previous: previous.filter(|_| !K::MARKED),
                void: false,
            });
            // A job that is new needs no restart, and none of the job before can be on its way to it.
            self.answer_restart();
            self.status
                .acts
                .retain(|act| !matches!(act.act, ActKind::Restart | ActKind::Rename));
        }
        if let Some(announced) = &plan.act {
            self.announce_act(announced);
        }
        let creates = matches!(plan.step, Step::Create(_));
        if plan.announce.is_some() || plan.act.is_some() || creates || self.just_recognised() {
            self.write_status(&before::<K>(plan), true).await?;
        }
        Ok(())
    }

    /// Whether the job was recognised by its claim in this pass: once it is changed, the claim does not describe it any more.
    pub(super) fn just_recognised(&self) -> bool {
        let known = self.resource.job_status().and_then(|status| status.id.as_ref());
        !K::MARKED && self.status.id.is_some() && self.status.id.as_ref() != known
    }

    /// The job that a create follows: a list that lags may still show it.
    pub(super) fn previous(&self) -> Option<Previous> {
        let last = self.status.id.clone().map(|id| Previous {
            id,
            created_at: self.status.created_at.clone(),
        });
        last.or_else(|| self.status.claim.as_ref()?.previous.clone())
    }

    /// Puts the announcement of a request that must not be repeated in the place of the last one of its kind.
    pub(super) fn announce_act(&mut self, announced: &Announced) {
        let nonce = nonce();
        self.announced = Some(nonce.clone());
        self.put_act(announced.clone(), nonce, None);
    }

    /// Writes down that something was done, or has nothing to do, without a request.
    pub(super) fn record(&mut self, done: Announced) {
        self.put_act(done, nonce(), Some(ActOutcome::Done));
    }

    fn put_act(&mut self, announced: Announced, nonce: String, outcome: Option<ActOutcome>) {
        let last = self.status.acts.iter().find(|act| act.act == announced.act);
        let earlier = last.map(|last| match last.outcome {
            Some(_) => last.answers.clone(),
            None => last.earlier.clone(),
        });
        self.status.acts.retain(|act| act.act != announced.act);
        self.status.acts.push(Act {
            act: announced.act,
            nonce,
            time: Time(Timestamp::now()),
            answers: announced.answers,
            earlier: earlier.filter(|_| outcome.is_none()).unwrap_or_default(),
            outcome,
            evidence: None,
        });
    }
}

/// What is said until the answer comes. A request that is refused has set nothing going: what was said of the job stands.
/// Before a create there is none.
fn before<K: JobKind>(plan: &PlanOf<K>) -> Verdict {
    let mut verdict = plan.verdict.clone();
    if !matches!(plan.step, Step::Create(_)) {
        verdict.ready = None;
    }
    verdict
}

/// Tells one announcement from every other.
fn nonce() -> String {
    format!("{:016x}", rand::random::<u64>())
}

/// What is kept of the definition that a create carries: all of it where the job is recognised by it, elsewhere what only
/// another create could change.
fn carries<K: JobKind>(definition: &K::Definition) -> Option<Shown> {
    let definition = shown(definition)?;
    let kept = if K::MARKED {
        fixed::<K>(definition)
    } else {
        definition
    };
    Some(kept.into())
}
