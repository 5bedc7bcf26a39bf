//! What a vendor service is to the rest: routes, their work, what it keeps, and its jobs for the admin API.

use serde_json::Value;

use crate::auth::Principal;
use crate::call::Call;
use crate::clock::Moment;
use crate::cloud::Cloud;
use crate::fault::Trouble;
use crate::reply::{Refusal, Reply, Stamp};
use crate::world::World;

/// A recognised request.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// API operation, such as `CreateEventRouterJob`.
    pub(crate) operation: &'static str,
    /// Who may call.
    pub(crate) access: Access,
    /// The IAM action it needs.
    pub(crate) permission: Option<&'static str>,
    /// The last path parameter, such as a job id.
    pub(crate) id: String,
}

/// Who may call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Access {
    /// Anybody: the call itself carries the credentials.
    Open,
    /// Every verified caller.
    Account,
    /// Verified callers of the account that owns the project.
    Project(String),
}

/// How faults bend the work on a request that is carried out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bend {
    /// Lists tell what was there at this moment.
    pub(crate) as_of: Option<Moment>,
    /// The fault that the transition waits for.
    pub(crate) stuck_by: Option<String>,
    /// How many times longer the transition takes.
    pub(crate) slow: Option<f64>,
    /// What the transition fails with.
    pub(crate) fails: Option<String>,
}

/// A request to be carried out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order<'a> {
    /// The request.
    pub(crate) call: &'a Call,
    /// What it asks for.
    pub(crate) route: &'a Route,
    /// Who asks; none only where access is open.
    pub(crate) principal: Option<&'a Principal>,
    /// What faults do to it.
    pub(crate) bend: &'a Bend,
    /// The id that its answer tells.
    pub(crate) request_id: &'a str,
}

/// A vendor service.
///
/// Implementations hold their own state behind a lock, never wait, and keep every change with
/// [`crate::store::Store`] before they answer.
pub(crate) trait Service: Send + Sync {
    /// Short name, used in faults, in the request log, and as key of `switches.rateLimit`.
    fn name(&self) -> &'static str;

    /// Recognises a request by method and path; `None` when it is not of this service.
    fn route(&self, call: &Call) -> Option<Route>;

    /// Verifies the caller; the default is Huawei Cloud's gateway, with the service's own word on tokens and actions.
    fn authenticate(&self, cloud: &Cloud, call: &Call, route: &Route) -> Result<Option<Principal>, Refusal> {
        let principal = cloud.admit(call, route).map_err(|refusal| {
            let own = self.refusal(&Trouble::RefuseToken {});
            own.filter(|_| refusal.status == 401 && cloud.leaves_tokens_to_services(call))
                .unwrap_or(refusal)
        })?;
        let denied = principal
            .as_ref()
            .zip(route.permission)
            .is_some_and(|(caller, action)| caller.is_denied(action));
        if denied && let Some(refusal) = self.refusal(&Trouble::Deny {}) {
            return Err(refusal);
        }
        Ok(principal)
    }

    /// Carries the request out.
    fn perform(&self, cloud: &Cloud, order: Order<'_>) -> Result<Reply, Refusal>;

    /// The refusal that stands for a throttling, credential, permission or service fault in this vendor's envelope.
    fn refusal(&self, trouble: &Trouble) -> Option<Refusal>;

    /// The id of one more request.
    fn stamp(&self) -> Stamp {
        Stamp::gateway()
    }

    /// The refusal of a body over the limit of the listener.
    fn too_large(&self) -> Refusal {
        Refusal::gateway(413, "APIGW.0201", "Request entity too large.")
    }

    /// What a limit per second counts a request by.
    fn counted_by(&self, _world: &World, _route: &Route, principal: Option<&Principal>) -> String {
        principal.map_or_else(String::new, |caller| caller.user_name.clone())
    }

    /// The refusal of a request over its limit per second.
    fn over_limit(&self, limit: u64) -> Refusal;

    /// The words of an action call for the request log.
    fn action(&self, _call: &Call, route: &Route) -> String {
        route.operation.to_owned()
    }

    /// Takes back a document kept by an earlier run.
    fn restore(&self, key: &str, value: Value) -> Result<(), String>;

    /// Forgets everything.
    fn reset(&self);

    /// The jobs, when it has any.
    fn hand(&self) -> Option<&dyn Hand> {
        None
    }

    /// What it keeps beside jobs, by a name of its own under `/_sim/jobs/`, such as `cdm-links`.
    fn beside(&self, _name: &str) -> Option<&dyn Hand> {
        None
    }
}

/// Someone else's hand on the jobs of a service, for the admin API.
pub(crate) trait Hand {
    /// All jobs with totals.
    fn list(&self, cloud: &Cloud) -> Value;

    /// One job.
    fn show(&self, cloud: &Cloud, id: &str) -> Result<Value, Slip>;

    /// Makes a job.
    fn create(&self, cloud: &Cloud, job: Value) -> Result<Value, Slip>;

    /// Merges a patch into a job.
    fn patch(&self, cloud: &Cloud, id: &str, patch: &Value) -> Result<Value, Slip>;

    /// Takes a job away at once.
    fn delete(&self, cloud: &Cloud, id: &str) -> Result<(), Slip>;
}

/// Why a foreign hand slipped.
#[derive(Debug)]
pub(crate) enum Slip {
    /// There is no such job.
    Unknown,
    /// The body is wrong.
    Wrong(String),
}
