//! Smart Connect tasks of Kafka instances (DMS for Kafka API reference, Smart Connect).

mod connectivity;
mod hand;
mod instances;
mod listing;
mod modify;
mod operations;
mod peer;
mod refusals;
mod rules;
mod settings;
mod tables;
mod task;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use crate::call::Call;
use crate::clock::Sim;
use crate::cloud::Cloud;
use crate::fault::Trouble;
use crate::reply::{Refusal, Reply};
use crate::service::{Access, Bend, Hand, Order, Route, Service};
use crate::world::World;

use task::{Change, Goal, Task};

/// The service's name.
const NAME: &str = "dms";

/// The tasks by instance.
type Ledger = crate::ledger::Ledger<Task>;

/// The service.
#[derive(Debug)]
pub(crate) struct SmartConnect(Mutex<Ledger>);

impl Default for SmartConnect {
    fn default() -> Self {
        Self(Mutex::new(Ledger::new(NAME)))
    }
}

impl SmartConnect {
    /// The tasks, with every transition that is due carried out.
    fn settled(&self, cloud: &Cloud) -> MutexGuard<'_, Ledger> {
        let mut ledger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.settle(cloud, &());
        ledger
    }
}

impl Service for SmartConnect {
    fn name(&self) -> &'static str {
        NAME
    }

    fn route(&self, call: &Call) -> Option<Route> {
        let segments = call.segments();
        let place = Place::of(call, &segments)?;
        Some(Route {
            operation: place.operation,
            access: Access::Project(place.project.to_owned()),
            permission: permission(place.operation),
            id: place.task.unwrap_or(place.instance).to_owned(),
        })
    }

    fn perform(&self, cloud: &Cloud, order: Order<'_>) -> Result<Reply, Refusal> {
        let segments = order.call.segments();
        let place = Place::of(order.call, &segments).ok_or_else(refusals::unknown_url)?;
        let work = Work {
            cloud,
            call: order.call,
            place,
            bend: order.bend,
        };
        let world = cloud.world();
        let mut ledger = self.settled(cloud);
        match place.operation {
            "CreateConnectorTask" => operations::create(&mut ledger, work, &world),
            "ListConnectorTasks" => listing::list(&ledger, work, &world),
            "ShowConnectorTask" => listing::show(&ledger, work, &world),
            "ModifyConnectorTask" => modify::modify(&mut ledger, work, &world),
            "DeleteConnectorTask" => operations::delete(&mut ledger, work, &world),
            "PauseConnectorTask" => operations::pause(&mut ledger, work, &world),
            "ResumeConnectorTask" => operations::resume(&mut ledger, work, &world),
            "RestartConnectorTask" => operations::restart(&mut ledger, work, &world, 204),
            "RestartSmartConnectorTask" => {
                let status = world.switches.dms.plain_restart_status;
                operations::restart(&mut ledger, work, &world, status)
            }
            "ValidateConnectorConnectivity" => connectivity::validate(work, &world),
            "ShowInstance" => instances::show(work, &world),
            _ => Err(refusals::unknown_url()),
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
            Trouble::RefuseToken {} => Some(Refusal::service(401, "DMS.10240101", "Invalid token.")),
            Trouble::Deny {} => Some(Refusal::service(
                403,
                "DMS.00403007",
                "Policy doesn't allow this action to be performed.",
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

/// What a path names.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    operation: &'static str,
    project: &'a str,
    instance: &'a str,
    task: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// Operation and path parameters of a request (reference, endpoint index).
    fn of(call: &Call, segments: &'a [String]) -> Option<Self> {
        let path: Vec<&'a str> = segments.iter().map(String::as_str).collect();
        let ["v2", project, rest @ ..] = path.as_slice() else {
            return None;
        };
        let method = call.method.as_str();
        let (instance, operation, task) = match rest {
            [
                "kafka",
                "instances",
                instance,
                "connector",
                "tasks",
                task,
                "restart",
            ] if method == "PUT" => (instance, "RestartConnectorTask", Some(*task)),
            ["instances", instance, "connector", "tasks", rest @ ..] => {
                let (operation, task) = Self::task(method, rest)?;
                (instance, operation, task)
            }
            ["instances", instance, "connector", "validate"] if method == "POST" => {
                (instance, "ValidateConnectorConnectivity", None)
            }
            ["instances", instance] if method == "GET" => (instance, "ShowInstance", None),
            _ => return None,
        };
        Some(Self {
            operation,
            project,
            instance,
            task,
        })
    }

    fn task(method: &str, rest: &[&'a str]) -> Option<(&'static str, Option<&'a str>)> {
        Some(match (method, rest) {
            ("POST", []) => ("CreateConnectorTask", None),
            ("GET", []) => ("ListConnectorTasks", None),
            ("GET", [task]) => ("ShowConnectorTask", Some(*task)),
            ("PUT", [task]) => ("ModifyConnectorTask", Some(*task)),
            ("DELETE", [task]) => ("DeleteConnectorTask", Some(*task)),
            ("PUT", [task, "pause"]) => ("PauseConnectorTask", Some(*task)),
            ("PUT", [task, "resume"]) => ("ResumeConnectorTask", Some(*task)),
            ("PUT", [task, "restart"]) => ("RestartSmartConnectorTask", Some(*task)),
            _ => return None,
        })
    }
}

/// The IAM action of an operation; no page gives one for validate.
fn permission(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "CreateConnectorTask" => "dms:instance:createConnectorSinkTask",
        "ListConnectorTasks" => "dms:instance:listConnectorSinkTask",
        "ShowConnectorTask" => "dms:instance:getConnectorSinkTask",
        "DeleteConnectorTask" => "dms:instance:deleteConnectorSinkTask",
        "ModifyConnectorTask"
        | "PauseConnectorTask"
        | "ResumeConnectorTask"
        | "RestartConnectorTask"
        | "RestartSmartConnectorTask" => "dms:instance:updateConnectorTask",
        "ShowInstance" => "dms:instance:get",
        _ => return None,
    })
}

/// The answer to a request that has nothing to tell.
fn done(status: u16) -> Reply {
    match status {
        204 => Reply::empty(204),
        status => Reply::json(status, &Value::Object(Map::new())),
    }
}

/// One request to be carried out.
#[derive(Clone, Copy)]
struct Work<'a> {
    cloud: &'a Cloud,
    call: &'a Call,
    place: Place<'a>,
    bend: &'a Bend,
}

impl Work<'_> {
    /// A transition of so many milliseconds.
    fn change(&self, to: Goal, millis: Sim) -> Change {
        Change::begin(to, millis, self.cloud.now(), self.bend)
    }

    /// The task that the path names.
    fn task(&self, ledger: &Ledger, world: &World) -> Result<Task, Refusal> {
        let id = self.place.task.unwrap_or_default();
        ledger
            .job(self.place.instance, id)
            .map(|task| Task::clone(task))
            .ok_or_else(|| {
                refusals::code(
                    &world.switches.dms.codes.unknown_task,
                    "Smart Connect task not found.",
                )
            })
    }

    /// The body as an object.
    fn body(&self, world: &World) -> Result<Map<String, Value>, Refusal> {
        if self.call.body.is_empty() {
            return Err(Refusal::service(
                400,
                "DMS.00400004",
                "The request body is empty.",
            ));
        }
        match self.call.json() {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(refusals::parameter(world, "the body must be an object")),
            Err(error) => Err(Refusal::service(
                400,
                "DMS.00400005",
                format!("The request body is not valid JSON: {error}"),
            )),
        }
    }
}
