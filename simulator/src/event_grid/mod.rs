//! `EventGrid` event-router jobs and their clusters (EventGrid API reference, professional event stream jobs).

mod clusters;
mod hand;
mod job;
mod listing;
mod operations;
mod precheck;
mod progress;
mod rules;
mod tables;
mod update;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use crate::call::Call;
use crate::clock::Sim;
use crate::cloud::Cloud;
use crate::fault::Trouble;
use crate::reply::{Refusal, Reply};
use crate::service::{Access, Bend, Hand, Order, Route, Service};

use job::{Change, Goal, Job};

/// The service's name.
const NAME: &str = "eventgrid";

/// The jobs by project.
type Ledger = crate::ledger::Ledger<Job>;

/// The service.
#[derive(Debug)]
pub(crate) struct EventRouter(Mutex<Ledger>);

impl Default for EventRouter {
    fn default() -> Self {
        Self(Mutex::new(Ledger::new(NAME)))
    }
}

impl EventRouter {
    /// The jobs, with every transition that is due carried out.
    fn settled(&self, cloud: &Cloud) -> MutexGuard<'_, Ledger> {
        let mut ledger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.settle(cloud, &());
        ledger
    }
}

impl Service for EventRouter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn route(&self, call: &Call) -> Option<Route> {
        let segments = call.segments();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        let ["v1", project, "eventrouter", rest @ ..] = path.as_slice() else {
            return None;
        };
        let (operation, permission, id) = operation(call.method.as_str(), rest)?;
        let access = Access::Project((*project).to_owned());
        Some(Route {
            operation,
            access,
            permission: Some(permission),
            id: id.to_owned(),
        })
    }

    fn perform(&self, cloud: &Cloud, order: Order<'_>) -> Result<Reply, Refusal> {
        let project = match &order.route.access {
            Access::Project(project) => project.as_str(),
            Access::Open | Access::Account => "",
        };
        let work = Work {
            cloud,
            call: order.call,
            id: &order.route.id,
            project,
            bend: order.bend,
        };
        let mut ledger = self.settled(cloud);
        match order.route.operation {
            "CreateEventRouterJob" => operations::create(&mut ledger, work),
            "ListEventRouterJobs" => listing::list(&ledger, work),
            "ShowEventRouterJob" => listing::show(&ledger, work),
            "UpdateEventRouterJob" => update::update(&mut ledger, work),
            "DeleteEventRouterJob" => operations::delete(&mut ledger, work),
            "ExecuteEventRouterJobOperation" => operations::execute(&mut ledger, work),
            "ValidateEventRouterJob" => precheck::validate(work),
            "ShowEventRouterTaskSyncDetail" => progress::detail(&ledger, work),
            "UpdateEventRouterTaskLogFeature" => operations::log(&mut ledger, work),
            "ListEventRouterClusters" => clusters::list(&ledger, work),
            "ShowEventRouterCluster" => clusters::show(&ledger, work),
            _ => Err(unknown()),
        }
    }

    fn refusal(&self, trouble: &Trouble) -> Option<Refusal> {
        match trouble {
            Trouble::Throttle { retry_after } => Some(Refusal {
                retry_after: *retry_after,
                ..self.over_limit(10)
            }),
            Trouble::RefuseCredentials {} => Some(Refusal::gateway(
                401,
                "APIGW.0301",
                "Incorrect IAM authentication information: Unauthorized",
            )),
            Trouble::RefuseToken {} => Some(Refusal::service(
                401,
                "EG.00014010",
                "Incorrect token or token resolution failed",
            )),
            Trouble::Deny {} => Some(Refusal::service(
                403,
                "EG.00014030",
                "No permissions to request this method",
            )),
            Trouble::Error {
                status,
                code,
                message,
            } => Some(Refusal::service(*status, code, message)),
            _ => None,
        }
    }

    fn over_limit(&self, limit: u64) -> Refusal {
        let text = format!(
            "The throttling threshold has been reached: policy user over ratelimit,limit:{limit},time:1 second"
        );
        Refusal::gateway(429, "APIGW.0308", text)
    }

    fn action(&self, call: &Call, route: &Route) -> String {
        let asked = (route.operation == "ExecuteEventRouterJobOperation")
            .then(|| call.json().ok())
            .flatten()
            .and_then(|body| body.get("operation").and_then(Value::as_str).map(str::to_owned));
        asked.unwrap_or_else(|| route.operation.to_owned())
    }

    fn restore(&self, key: &str, value: Value) -> Result<(), String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .restore(key, value)
    }

    fn reset(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Ledger::new(NAME);
    }

    fn hand(&self) -> Option<&dyn Hand> {
        Some(self)
    }
}

/// Operation, IAM action and last path parameter of a request (reference, endpoint index).
fn operation<'a>(method: &str, rest: &[&'a str]) -> Option<(&'static str, &'static str, &'a str)> {
    Some(match (method, rest) {
        ("POST", ["jobs"]) => ("CreateEventRouterJob", "eg:erjobs:create", ""),
        ("GET", ["jobs"]) => ("ListEventRouterJobs", "eg:erjobs:list", ""),
        ("POST", ["jobs", "validation"]) => ("ValidateEventRouterJob", "eg:erjobs:validate", ""),
        ("GET", ["jobs", id]) => ("ShowEventRouterJob", "eg:erjobs:get", id),
        ("PUT", ["jobs", id]) => ("UpdateEventRouterJob", "eg:erjobs:update", id),
        ("DELETE", ["jobs", id]) => ("DeleteEventRouterJob", "eg:erjobs:delete", id),
        ("POST", ["jobs", id, "action"]) => ("ExecuteEventRouterJobOperation", "eg:erjobs:operate", id),
        ("POST", ["jobs", id, "syncDetail"]) => {
            ("ShowEventRouterTaskSyncDetail", "eg:erjobs:getSyncDetail", id)
        }
        ("PUT", ["jobs", id, "log"]) => ("UpdateEventRouterTaskLogFeature", "eg:erjobs:operate", id),
        ("GET", ["clusters"]) => ("ListEventRouterClusters", "eg:erclusters:listClusters", ""),
        ("GET", ["clusters", id]) => ("ShowEventRouterCluster", "eg:erclusters:get", id),
        _ => return None,
    })
}

/// One request to be carried out.
#[derive(Clone, Copy)]
struct Work<'a> {
    cloud: &'a Cloud,
    call: &'a Call,
    id: &'a str,
    project: &'a str,
    bend: &'a Bend,
}

impl Work<'_> {
    /// A transition of so many milliseconds.
    fn change(&self, to: Goal, millis: Sim) -> Change {
        Change::begin(to, millis, self.cloud.now(), self.bend)
    }

    /// The body as an object.
    fn body(&self) -> Result<Map<String, Value>, Refusal> {
        match self.call.json() {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(parameter("the body must be an object")),
            Err(error) => Err(parameter(&format!("the body is not JSON: {error}"))),
        }
    }
}

/// 400: wrong parameters, with the field named.
fn parameter(why: &str) -> Refusal {
    Refusal::service(400, "EG.00513000", format!("Parameter error: {why}"))
}

/// 404: no such job or cluster.
fn unknown() -> Refusal {
    Refusal::service(404, "EG.00014040", "Not request resource found")
}
