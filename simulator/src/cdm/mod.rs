//! Cloud Data Migration: jobs, links, runs and the clusters that hold them (CDM API reference v1.1).

mod clusters;
mod error;
mod given;
mod hand;
mod history;
mod job;
mod limits;
mod link;
mod links;
mod listing;
mod operations;
mod rules;
mod run;
mod schedule;
mod start;
mod state;
mod tables;
mod update;
mod values;
mod wire;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::call::Call;
use crate::cloud::Cloud;
use crate::fault::Trouble;
use crate::reply::{Refusal, Reply};
use crate::service::{Access, Bend, Hand, Order, Route, Service};
use crate::world::{CdmCluster, CdmSwitches, World};

use hand::{Clusters, Links};
use state::State;

/// The service's name.
const NAME: &str = "cdm";

/// What the service and its hands share.
#[derive(Clone, Debug, Default)]
struct Shared(Arc<Mutex<State>>);

impl Shared {
    /// What is held, with everything that is due carried out.
    fn settled(&self, cloud: &Cloud) -> MutexGuard<'_, State> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.settle(cloud);
        state
    }
}

/// The service.
#[derive(Debug)]
pub(crate) struct DataMigration {
    shared: Shared,
    links: Links,
    clusters: Clusters,
}

impl Default for DataMigration {
    fn default() -> Self {
        let shared = Shared::default();
        Self {
            links: Links(shared.clone()),
            clusters: Clusters(shared.clone()),
            shared,
        }
    }
}

impl Service for DataMigration {
    fn name(&self) -> &'static str {
        NAME
    }

    fn route(&self, call: &Call) -> Option<Route> {
        let segments = call.segments();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        let ["v1.1", project, "clusters", rest @ ..] = path.as_slice() else {
            return None;
        };
        let (operation, permission, id) = operation(call, rest)?;
        Some(Route {
            operation,
            access: Access::Project((*project).to_owned()),
            permission: Some(permission),
            id: id.to_owned(),
        })
    }

    fn perform(&self, cloud: &Cloud, order: Order<'_>) -> Result<Reply, Refusal> {
        limits::check(cloud, &order)?;
        let work = Work::of(cloud, &order);
        let mut state = self.shared.settled(cloud);
        match order.route.operation {
            "ListClusters" => return Ok(clusters::list(&state, &work)),
            "ShowClusterDetail" => return clusters::show(&state, &work),
            "StartCluster" | "StopCluster" | "RestartCluster" => return clusters::act(&mut state, &work),
            _ => clusters::check_running(&state, &work)?,
        }
        match order.route.operation {
            "CreateJob" => operations::create(&mut state, &work),
            "ShowJobs" if work.id == "all" => listing::list(&state, &work),
            "ShowJobs" => listing::show(&state, &work),
            "UpdateJob" => update::update(&mut state, &work),
            "DeleteJob" => operations::delete(&mut state, &work),
            "StartJob" => start::start(&mut state, &work),
            "StopJob" => start::stop(&mut state, &work),
            "ShowJobStatus" => history::status(&state, &work),
            "ShowSubmissions" => history::submissions(&state, &work),
            "CreateLink" => links::create(&mut state, &work),
            "ShowLink" => links::show(&state, &work),
            "UpdateLink" => links::update(&mut state, &work),
            _ => links::delete(&mut state, &work),
        }
    }

    fn refusal(&self, trouble: &Trouble) -> Option<Refusal> {
        match trouble {
            Trouble::Throttle { retry_after } => Some(Refusal {
                retry_after: *retry_after,
                ..limits::over(120)
            }),
            Trouble::RefuseCredentials {} => Some(Refusal::gateway(
                401,
                "APIGW.0301",
                "Incorrect IAM authentication information: Unauthorized",
            )),
            Trouble::RefuseToken {} => Some(error::refusal(401, "Cdm.0001", "The token is invalid.")),
            Trouble::Deny {} => {
                let text = "You do not have permission to perform this operation.";
                Some(error::refusal(403, "Cdm.0032", text))
            }
            Trouble::Error {
                status,
                code,
                message,
            } => Some(error::refusal(*status, code, message)),
            _ => None,
        }
    }

    fn over_limit(&self, limit: u64) -> Refusal {
        limits::over(limit.saturating_mul(60))
    }

    fn action(&self, _call: &Call, route: &Route) -> String {
        match (route.operation, route.id.as_str()) {
            ("ShowJobs", "all") => "ListJobs".to_owned(),
            ("ShowLink", "all") => "ListLinks".to_owned(),
            (operation, _) => operation.to_owned(),
        }
    }

    fn restore(&self, key: &str, value: Value) -> Result<(), String> {
        self.shared
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .restore(key, value)
    }

    fn reset(&self) {
        *self.shared.0.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    fn hand(&self) -> Option<&dyn Hand> {
        Some(&self.shared)
    }

    fn beside(&self, name: &str) -> Option<&dyn Hand> {
        match name {
            "cdm-links" => Some(&self.links),
            "cdm-clusters" => Some(&self.clusters),
            _ => None,
        }
    }
}

const OPERATE_JOB: &str = "cdm:job:operate";
const OPERATE_LINK: &str = "cdm:link:operate";
/// The pages name no action for reading jobs and links.
const GET: &str = "cdm:cluster:get";

/// Operation, IAM action and last path parameter of a request (reference, section 1).
fn operation<'a>(call: &Call, rest: &[&'a str]) -> Option<(&'static str, &'static str, &'a str)> {
    Some(match (call.method.as_str(), rest) {
        ("GET", []) => ("ListClusters", "cdm:cluster:list", ""),
        ("GET", [cluster]) => ("ShowClusterDetail", GET, cluster),
        ("POST", [cluster, "action"]) => (clusters::action(call), "cdm:cluster:operate", cluster),
        ("POST", [_, "cdm", "job"]) => ("CreateJob", OPERATE_JOB, ""),
        ("GET", [_, "cdm", "job", name]) => ("ShowJobs", GET, name),
        ("PUT", [_, "cdm", "job", name]) => ("UpdateJob", OPERATE_JOB, name),
        ("DELETE", [_, "cdm", "job", name]) => ("DeleteJob", OPERATE_JOB, name),
        ("PUT", [_, "cdm", "job", name, "start"]) => ("StartJob", OPERATE_JOB, name),
        ("PUT", [_, "cdm", "job", name, "stop"]) => ("StopJob", OPERATE_JOB, name),
        ("GET", [_, "cdm", "job", name, "status"]) => ("ShowJobStatus", GET, name),
        ("GET", [_, "cdm", "submissions"]) => ("ShowSubmissions", GET, ""),
        ("POST", [_, "cdm", "link"]) => ("CreateLink", OPERATE_LINK, ""),
        ("GET", [_, "cdm", "link", name]) => ("ShowLink", GET, name),
        ("PUT", [_, "cdm", "link", name]) => ("UpdateLink", OPERATE_LINK, name),
        ("DELETE", [_, "cdm", "link", name]) => ("DeleteLink", OPERATE_LINK, name),
        _ => return None,
    })
}

/// One request to be carried out.
struct Work<'a> {
    cloud: &'a Cloud,
    call: &'a Call,
    world: Arc<World>,
    id: &'a str,
    project: &'a str,
    cluster: String,
    user: &'a str,
    bend: &'a Bend,
}

impl<'a> Work<'a> {
    fn of(cloud: &'a Cloud, order: &Order<'a>) -> Self {
        let project = match &order.route.access {
            Access::Project(project) => project.as_str(),
            Access::Open | Access::Account => "",
        };
        Self {
            cloud,
            call: order.call,
            world: cloud.world(),
            id: &order.route.id,
            project,
            cluster: order.call.segments().get(3).cloned().unwrap_or_default(),
            user: order.principal.map_or("", |p| p.user_name.as_str()),
            bend: order.bend,
        }
    }

    fn switches(&self) -> &CdmSwitches {
        &self.world.switches.cdm
    }

    /// The cluster in the path, which every job and link call has.
    fn cluster(&self) -> Result<&CdmCluster, Refusal> {
        let all = &self.world.cdm.clusters;
        all.iter()
            .find(|c| c.id == self.cluster && c.project_id == self.project)
            .ok_or_else(|| error::coded(&self.switches().missing_cluster, "The cluster does not exist."))
    }

    /// The only element of an array in the body, such as `jobs`.
    fn only(&self, member: &str) -> Result<serde_json::Map<String, Value>, Refusal> {
        let body = self
            .call
            .json()
            .map_err(|why| error::invalid(&format!("the body is not JSON: {why}")))?;
        let mut all = match body.get(member) {
            Some(Value::Array(all)) => all.clone(),
            _ => return Err(error::invalid(&format!("{member} must be an array"))),
        };
        match (all.pop(), all.is_empty()) {
            (Some(Value::Object(only)), true) => Ok(only),
            _ => Err(error::invalid(&format!("{member} must hold exactly one object"))),
        }
    }
}
