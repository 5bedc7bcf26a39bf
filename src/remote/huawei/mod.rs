//! Huawei Cloud: signing, tokens, endpoints and error codes that all its services share.
mod codes;
pub mod endpoint;
mod errors;
mod iam;
mod identity;
mod letter;
mod metadata;
mod own;
pub mod settings;
pub mod sign;
mod site;

pub use settings::{HuaweiSettings, OpenError, Surroundings};

use super::exchange::REPEATS;
use super::limit::Budget;
use super::redact::presentable;
use super::renewed::Renewed;
use super::transport::WireAnswer;
use super::{Answer, Call, Fault, RemoteError, RemoteOptions};
use iam::Project;
use identity::{Identity, Pass, Proof};
use serde::de::DeserializeOwned;
use site::Site;
use std::fmt;
use tokio::time::Instant;

/// Services that know no project.
const GLOBAL: [&str; 2] = ["iam", "sts"];

/// One Huawei Cloud account and region.
pub struct HuaweiCloud {
    site: Site,
    identity: Identity,
    project: Renewed<Project>,
    options: RemoteOptions,
}

/// What is known about an account whose credentials work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    /// The project that jobs are kept in.
    pub project_id: String,
    /// The account's id, where the credentials may see it.
    pub account_id: Option<String>,
}

impl HuaweiCloud {
    /// Sends a request and parses its answer. An empty answer is read as `null`, then as `{}`.
    pub async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<Answer<T>, RemoteError> {
        let started = Instant::now();
        let project = if GLOBAL.contains(&call.service) {
            None
        } else {
            Some(self.project_id().await?)
        };
        let answer = self.guarded(&call, project.as_deref(), started).await?;
        understood(&call, &answer)
    }

    /// The project id, looked up by region once when the account does not say it.
    pub async fn project_id(&self) -> Result<String, RemoteError> {
        if let Some(id) = &self.site.project_id {
            return Ok(id.clone());
        }
        // The look-up goes through `call` again, which for the identity service does not come back here.
        let project = self.project.get(|| Box::pin(self.find_project())).await?;
        Ok(project.value.id.clone())
    }

    /// Proves the credentials with one cheap call.
    pub async fn verify(&self) -> Result<AccountFacts, RemoteError> {
        let was_known = self.site.project_id.is_some() || self.project.peek().is_some();
        let project_id = self.project_id().await?;
        let known = self
            .project
            .peek()
            .and_then(|project| project.account_id.clone())
            .or_else(|| self.identity.account_id());
        if !was_known && known.is_some() {
            return Ok(AccountFacts {
                project_id,
                account_id: known,
            });
        }
        let account_id = match self.find_account().await {
            Ok(found) => found.or(known),
            // Whoever is forbidden something has been recognised.
            Err(error) if error.fault == Fault::Forbidden => known,
            Err(error) => return Err(error),
        };
        Ok(AccountFacts {
            project_id,
            account_id,
        })
    }

    /// What every operation called so far may still send at once.
    pub fn budgets(&self) -> Vec<Budget> {
        self.site.line.limits.budgets()
    }

    /// Whether a write of this operation could leave now; a Throttled error that says when, otherwise. Takes no turn.
    pub fn room(&self, service: &'static str, operation: &'static str) -> Result<(), RemoteError> {
        self.site.line.room(service, operation)
    }

    /// The settings of the process.
    pub fn options(&self) -> &RemoteOptions {
        &self.options
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.site.region
    }

    async fn guarded(
        &self,
        call: &Call,
        project: Option<&str>,
        started: Instant,
    ) -> Result<WireAnswer, RemoteError> {
        let _passage = self.site.breaker.enter(call.operation).await?;
        let outcome = self.identified(call, project, started).await;
        self.site.breaker.learn(&outcome);
        outcome
    }

    /// One renewal and one more try when the proof was refused; a refused request had no effect, so writes too.
    async fn identified(
        &self,
        call: &Call,
        project: Option<&str>,
        started: Instant,
    ) -> Result<WireAnswer, RemoteError> {
        let errand = self.site.errand(call, REPEATS, started);
        let send = async |pass: &Pass| self.site.send(errand, call, Some(pass), project).await;
        let pass = self.identity.pass(&self.site).await?;
        let refusal = match send(&pass).await {
            Err(error)
                if error.fault == Fault::Unauthorized && errors::is_renewable(error.code.as_deref()) =>
            {
                error
            }
            outcome => return outcome,
        };
        match self.identity.after(&self.site, &pass).await? {
            Some(renewed) => send(&renewed).await,
            None => Err(refusal),
        }
    }

    /// The token in use, where this account logs in by password.
    async fn login(&self) -> Result<Option<Proof>, RemoteError> {
        if !matches!(self.identity, Identity::Password(..)) {
            return Ok(None);
        }
        let _passage = self.site.breaker.enter(iam::LIST_PROJECTS).await?;
        let outcome = self.identity.pass(&self.site).await;
        self.site.breaker.learn(&outcome);
        Ok(Some(outcome?.proof))
    }
}

impl fmt::Debug for HuaweiCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HuaweiCloud")
            .field("region", &self.site.region)
            .field("project_id", &self.site.project_id)
            .finish_non_exhaustive()
    }
}

fn understood<T: DeserializeOwned>(call: &Call, answer: &WireAnswer) -> Result<Answer<T>, RemoteError> {
    let request_id = letter::request_id(answer);
    let body = if answer.body.trim_ascii().is_empty() {
        serde_json::from_slice(b"null").or_else(|_| serde_json::from_slice(b"{}"))
    } else {
        serde_json::from_slice(&answer.body)
    };
    match body {
        Ok(body) => Ok(Answer {
            body,
            request_id,
            server_time: answer.server_time(),
        }),
        Err(error) => Err(RemoteError {
            operation: call.operation,
            // The service did what it was asked, and what came of it is not known.
            fault: if call.writes {
                Fault::Ambiguous
            } else {
                Fault::Malformed
            },
            code: None,
            message: presentable(&format!("the answer is not understood: {error}"), &call.hidden),
            request_id,
            source: None,
        }),
    }
}
