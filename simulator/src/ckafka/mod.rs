//! Connector tasks of Tencent Cloud's `CKafka`, which its API calls Datahub tasks (Datahub API notes).

mod actions;
mod create;
mod hand;
mod listing;
mod neighbours;
mod rules;
mod structure;
mod tables;
mod task;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};

use crate::auth::Principal;
use crate::call::Call;
use crate::clock::Sim;
use crate::cloud::Cloud;
use crate::fault::Trouble;
use crate::reply::{Refusal, Reply, Stamp};
use crate::service::{Access, Bend, Hand, Order, Route, Service};
use crate::tencent::{self, Api};
use crate::world::World;

use neighbours::Place;
use structure::{Defect, Table, check};
use task::{Change, Goal, Task};

/// The service's name.
const NAME: &str = "ckafka";
/// The operation of a call whose action is not known.
const UNKNOWN: &str = "UnknownAction";

const API: Api = Api {
    service: NAME,
    version: "2019-08-19",
    actions: &[
        "CreateDatahubTask",
        "DescribeDatahubTask",
        "DescribeDatahubTasks",
        "ModifyDatahubTask",
        "PauseDatahubTask",
        "ResumeDatahubTask",
        "RestartDatahubTask",
        "DeleteDatahubTask",
    ],
    regional: true,
};

/// The tasks by account and region.
type Ledger = crate::ledger::Ledger<Task>;

/// The service.
#[derive(Debug)]
pub(crate) struct Datahub(Mutex<Ledger>);

impl Default for Datahub {
    fn default() -> Self {
        Self(Mutex::new(Ledger::new(NAME)))
    }
}

impl Datahub {
    /// The tasks, with every transition that is due carried out.
    fn settled(&self, cloud: &Cloud) -> MutexGuard<'_, Ledger> {
        let mut ledger = self.ledger();
        ledger.settle(cloud, &());
        ledger
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service for Datahub {
    fn name(&self) -> &'static str {
        NAME
    }

    fn route(&self, call: &Call) -> Option<Route> {
        let is_api = call.method == "POST" || call.headers.contains_key("x-tc-action");
        if call.path != "/" || !is_api {
            return None;
        }
        let named = tencent::action(call);
        let operation = API.actions.iter().find(|known| **known == named);
        Some(Route {
            operation: operation.copied().unwrap_or(UNKNOWN),
            access: Access::Account,
            permission: None,
            id: String::new(),
        })
    }

    fn authenticate(&self, cloud: &Cloud, call: &Call, _route: &Route) -> Result<Option<Principal>, Refusal> {
        tencent::admit(cloud, call, API).map(Some)
    }

    fn perform(&self, cloud: &Cloud, order: Order<'_>) -> Result<Reply, Refusal> {
        let operation = order.route.operation;
        let world = cloud.world();
        let action = format!("{NAME}:{operation}");
        if order.principal.is_some_and(|caller| caller.is_denied(&action)) {
            return Err(tencent::denied(&world, &action));
        }
        let work = Work {
            cloud,
            world: &world,
            call: order.call,
            place: Place {
                account: order.principal.map_or("", |caller| caller.domain_id.as_str()),
                region: order.call.header("x-tc-region").unwrap_or_default(),
            },
            bend: order.bend,
            request_id: order.request_id,
        };
        let mut ledger = self.settled(cloud);
        match operation {
            "CreateDatahubTask" => create::create(&mut ledger, work),
            "DescribeDatahubTask" => listing::describe(&ledger, work),
            "DescribeDatahubTasks" => listing::list(&ledger, work),
            "ModifyDatahubTask" => actions::modify(&mut ledger, work),
            operation => actions::act(&mut ledger, work, operation),
        }
    }

    fn refusal(&self, trouble: &Trouble) -> Option<Refusal> {
        tencent::refusal(trouble)
    }

    fn stamp(&self) -> Stamp {
        Stamp::in_body()
    }

    fn too_large(&self) -> Refusal {
        tencent::too_large()
    }

    fn counted_by(&self, world: &World, route: &Route, principal: Option<&Principal>) -> String {
        tencent::counted_by(world, route.operation, principal)
    }

    fn over_limit(&self, limit: u64) -> Refusal {
        tencent::over_limit(limit)
    }

    fn action(&self, call: &Call, _route: &Route) -> String {
        tencent::action(call).to_owned()
    }

    fn restore(&self, key: &str, value: Value) -> Result<(), String> {
        self.ledger().restore(key, value)
    }

    fn reset(&self) {
        *self.ledger() = Ledger::new(NAME);
    }

    fn hand(&self) -> Option<&dyn Hand> {
        Some(self)
    }
}

/// One request to be carried out.
#[derive(Clone, Copy)]
struct Work<'a> {
    cloud: &'a Cloud,
    world: &'a World,
    call: &'a Call,
    place: Place<'a>,
    bend: &'a Bend,
    request_id: &'a str,
}

impl Work<'_> {
    /// What tasks are kept apart by.
    fn scope(&self) -> String {
        scope(self.place.account, self.place.region)
    }

    /// The body, checked against a table.
    fn body(&self, table: &Table) -> Result<Map<String, Value>, Refusal> {
        let body = tencent::body(self.call)?;
        check(&body, table, "").map_err(|defect| refused(&defect))?;
        Ok(body)
    }

    /// A transition of so many milliseconds; one without never ends.
    fn change(&self, to: Goal, millis: Option<Sim>) -> Change {
        match millis {
            Some(millis) => Change::begin(to, millis, self.cloud.now(), self.bend),
            None => Change {
                to,
                due: Sim::MAX,
                stuck_by: self.bend.stuck_by.clone(),
            },
        }
    }

    /// The good goal, unless a fault or a switch wants the bad one.
    fn goal(&self, good: Goal, bad: i64, name: &str, forced: &[String]) -> Goal {
        let by_switch = || {
            let is_named = forced.iter().any(|known| known == name);
            is_named.then(|| "The transition failed, as switches.ckafka.forcedEnds says.".to_owned())
        };
        match self.bend.fails.clone().or_else(by_switch) {
            Some(message) => Goal::Fail(bad, message),
            None => good,
        }
    }

    /// An answer that succeeded.
    fn answer(&self, result: Value) -> Reply {
        let mut members = Map::new();
        members.insert("Result".to_owned(), result);
        tencent::answer(self.request_id, members)
    }

    /// The answer of the actions that tell an id.
    fn answer_id(&self, id: &str) -> Reply {
        self.answer(json!({"TaskId": id}))
    }
}

fn scope(account: &str, region: &str) -> String {
    format!("{account}/{region}")
}

/// What is wrong with a body, with the vendor's code.
fn refused(defect: &Defect) -> Refusal {
    let (code, text) = match defect {
        Defect::Unknown(path) => (
            "UnknownParameter",
            format!("The parameter `{path}` is not recognized."),
        ),
        Defect::Missing(path) => (
            "MissingParameter",
            format!("The request is missing the required parameter `{path}`."),
        ),
        Defect::Empty(path) => (
            "InvalidParameterValue.NotAllowedEmpty",
            format!("The parameter `{path}` must not be empty."),
        ),
        Defect::Kind(path, expected) => (
            "InvalidParameter",
            format!("The parameter `{path}` must be {expected}."),
        ),
        Defect::Value(path, expected) => (
            "InvalidParameterValue",
            format!("The value of `{path}` must be: {expected}."),
        ),
    };
    Refusal::tencent(code, text)
}

/// An action that is not possible in this status.
fn wrong_state(world: &World, operation: &str, task: &Task) -> Refusal {
    let text = format!("`{operation}` is not possible in status `{}`.", task.status);
    Refusal::tencent(&world.switches.ckafka.wrong_state, text)
}

/// The refusal of a name that another task has.
fn repeated(name: &str) -> Refusal {
    Refusal::tencent(
        "InvalidParameterValue.RepetitionValue",
        format!("The name `{name}` is in use."),
    )
}

/// Whether another task that is not deleted has the name.
fn is_taken(ledger: &Ledger, scope: &str, name: &str, except: Option<u64>) -> bool {
    let rows = ledger.rows(scope).into_iter().flat_map(|rows| rows.values());
    rows.filter(|task| task.status != task::status::DELETED)
        .any(|task| task.name == name && Some(task.seq) != except)
}
