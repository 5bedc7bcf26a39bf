//! Huawei Cloud: signing, tokens, endpoints and error codes that all its services share.
mod codes;
mod errors;
mod iam;
mod identity;
mod letter;
mod metadata;
mod open;
mod own;
pub mod sign;
mod site;

use super::exchange::{Errand, REPEATS};
use super::limit::Budget;
use super::renewed::Renewed;
use super::session::{self, Caller};
use super::standing::Share;
use super::transport::WireAnswer;
use super::{AccountFacts, Answer, Call, Fault, RemoteError, RemoteOptions};
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

/// One call of this account.
struct Visit<'a> {
    cloud: &'a HuaweiCloud,
    call: &'a Call,
    project: Option<&'a str>,
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
        let errand = self.site.line.errand(&call, REPEATS, started);
        let visit = Visit {
            cloud: self,
            call: &call,
            project: project.as_deref(),
        };
        let answer = session::send(self.site.breaker(), errand, &visit).await?;
        let read = if answer.body.trim_ascii().is_empty() {
            serde_json::from_slice(b"null").or_else(|_| serde_json::from_slice(b"{}"))
        } else {
            serde_json::from_slice(&answer.body)
        };
        Answer::of(&call, read, letter::request_id(&answer), answer.server_time())
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
                project_id: Some(project_id),
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
            project_id: Some(project_id),
            account_id,
        })
    }

    /// What every operation called so far may still send at once.
    pub fn budgets(&self) -> Vec<Budget> {
        self.site.line.share.limits().budgets()
    }

    /// Whether a write of this operation could leave now; a Throttled error that says when, otherwise. Takes no turn.
    pub fn room(&self, service: &'static str, operation: &'static str) -> Result<(), RemoteError> {
        self.site.line.room(service, operation)
    }

    /// Whether a read of this operation may leave now although it could come later: nobody else waits for a turn, and
    /// half of the burst stays. A `late` one takes any turn that is there.
    pub fn spares(&self, service: &'static str, operation: &'static str, late: bool) -> bool {
        self.site.line.spares(service, operation, late)
    }

    /// The settings of the process.
    pub fn options(&self) -> &RemoteOptions {
        &self.options
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.site.region
    }

    pub(super) fn share(&self) -> &Share {
        &self.site.line.share
    }

    /// The token in use, where this account logs in by password.
    async fn login(&self) -> Result<Option<Proof>, RemoteError> {
        if !matches!(self.identity, Identity::Password(..)) {
            return Ok(None);
        }
        let _passage = self.site.breaker().enter(iam::LIST_PROJECTS).await?;
        let outcome = self.identity.pass(&self.site).await;
        self.site.breaker().learn(&outcome);
        Ok(Some(outcome?.proof))
    }
}

impl Caller for Visit<'_> {
    type Pass = Pass;

    async fn pass(&self) -> Result<Pass, RemoteError> {
        self.cloud.identity.pass(&self.cloud.site).await
    }

    async fn after(&self, refused: &Pass) -> Result<Option<Pass>, RemoteError> {
        self.cloud.identity.after(&self.cloud.site, refused).await
    }

    fn is_renewable(&self, code: Option<&str>) -> bool {
        errors::is_renewable(code)
    }

    async fn send(&self, errand: Errand, pass: &Pass) -> Result<WireAnswer, RemoteError> {
        let site = &self.cloud.site;
        site.send(errand, self.call, Some(pass), self.project).await
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
