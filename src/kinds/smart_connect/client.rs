//! The remote side: one method, one request. Decides nothing; reads and writes through `mapping` and `wire`.
mod classify;

use super::SmartConnect;
use super::mapping::{self, Definition, Facts, Move, Quota};
use super::wire::{Task, TaskPage};
use crate::api::policy::RunState;
use crate::engine::kind::Desired;
use crate::engine::kind::Parcel;
use crate::engine::kind::RemoteJobs;
use crate::engine::kind::Seen;
use crate::kinds::pages::{Page, read_all};
use crate::remote::Call;
use crate::remote::Fault;
use crate::remote::PathSegments;
use crate::remote::RemoteError;
use crate::remote::WritePermit;
use crate::remote::huawei::HuaweiCloud;
use classify::{NO_SUCH_TASK, classify, explained, is_gone};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::sync::Arc;

/// The service, as endpoints and rate limits name it.
const SERVICE: &str = "dms";
const CREATE: &str = "CreateConnectorTask";
const LIST: &str = "ListConnectorTasks";
const SHOW: &str = "ShowConnectorTask";
/// The most tasks of one page; an instance has 18 at most.
const PAGE: usize = 50;

/// The Smart Connect tasks of one instance, as one account sees them.
#[derive(Clone, Debug)]
pub struct SmartConnectTasks {
    cloud: Arc<HuaweiCloud>,
    instance_id: String,
}

impl SmartConnectTasks {
    /// The tasks of this instance.
    pub fn new(cloud: Arc<HuaweiCloud>, instance_id: &str) -> Self {
        Self {
            cloud,
            instance_id: instance_id.to_owned(),
        }
    }

    async fn path<const N: usize>(&self, rest: [&str; N]) -> Result<PathSegments, RemoteError> {
        self.path_below([], rest).await
    }

    /// A path whose part before the instance differs.
    async fn path_below<const F: usize, const N: usize>(
        &self,
        front: [&str; F],
        rest: [&str; N],
    ) -> Result<PathSegments, RemoteError> {
        let project = self.cloud.project_id().await?;
        let instance = ["instances", self.instance_id.as_str(), "connector", "tasks"];
        let segments = ["v2", project.as_str()].into_iter().chain(front);
        Ok(PathSegments(
            segments.chain(instance).chain(rest).map(Into::into).collect(),
        ))
    }

    async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<T, RemoteError> {
        match self.cloud.call(call).await {
            Ok(answer) => Ok(answer.body),
            Err(error) => Err(explained(error)),
        }
    }

    /// A request without body that is answered without one.
    async fn order(
        &self,
        permit: &WritePermit,
        operation: &'static str,
        method: &'static str,
        path: PathSegments,
    ) -> Result<(), RemoteError> {
        let call = Call::write(permit, SERVICE, operation, method, path, classify);
        self.call::<IgnoredAny>(call).await.map(|_| ())
    }

    async fn change(
        &self,
        permit: &WritePermit,
        seen: &Seen<SmartConnect>,
        definition: &Definition,
        paths: &[String],
    ) -> Result<(), RemoteError> {
        let name = "ModifyConnectorTask";
        let unwritable =
            |error: serde_json::Error| RemoteError::new(name, Fault::Rejected, error.to_string());
        let body = mapping::modified(&seen.facts.entity, definition, paths).map_err(unwritable)?;
        let path = self.path([seen.id.as_str()]).await?;
        let call = Call::write(permit, SERVICE, name, "PUT", path, classify);
        self.call::<IgnoredAny>(with_body(name, call, &body)?)
            .await
            .map(|_| ())
    }

    async fn read_page(&self, offset: usize) -> Result<Page<Definition, Facts>, RemoteError> {
        let call = Call::read(SERVICE, LIST, "GET", self.path([]).await?, classify)
            .query("offset", offset.to_string())
            .query("limit", PAGE.to_string());
        let page = self.call::<TaskPage>(call).await?;
        let quota = Quota::of(&page);
        let rows = page.tasks.into_iter().map(|task| {
            let mut seen = mapping::observed(&self.instance_id, task)?;
            seen.facts.quota = quota;
            Some(seen)
        });
        Ok(Page {
            total: page.total_number,
            rows: rows.collect(),
        })
    }

    fn read(&self, task: Task) -> Result<Seen<SmartConnect>, RemoteError> {
        mapping::observed(&self.instance_id, task)
            .ok_or_else(|| RemoteError::new(SHOW, Fault::Malformed, "a task without id"))
    }
}

impl RemoteJobs<SmartConnect> for SmartConnectTasks {
    fn scope(&self) -> Option<String> {
        Some(format!("instances/{}/connector/tasks", self.instance_id))
    }

    async fn list(&self) -> Result<Vec<Seen<SmartConnect>>, RemoteError> {
        read_all(LIST, |offset| self.read_page(offset)).await
    }

    async fn show(&self, id: &str) -> Result<Option<Seen<SmartConnect>>, RemoteError> {
        let call = Call::read(SERVICE, SHOW, "GET", self.path([id]).await?, classify);
        let shown = self.call::<Task>(call).await;
        match shown.and_then(|task| self.read(task)) {
            Ok(seen) => Ok(Some(seen)),
            Err(error) if error.code.as_deref() == Some(NO_SUCH_TASK) => Ok(None),
            // No page says with which code a single read answers for a task that is gone. What is not understood is
            // settled by the list, which the service has to answer well.
            Err(error) if matches!(error.fault, Fault::NotFound | Fault::Malformed) => {
                Ok(self.list().await?.into_iter().find(|task| task.id == id))
            }
            Err(error) => Err(error),
        }
    }

    /// There is nothing more to read.
    async fn enrich(&self, _seen: &mut Seen<SmartConnect>) -> Result<(), RemoteError> {
        Ok(())
    }

    fn spares_read(&self, late: bool) -> bool {
        self.cloud.spares(SERVICE, SHOW, late)
    }

    fn room_for_create(&self) -> Result<(), RemoteError> {
        self.cloud.room(SERVICE, CREATE)
    }

    fn room_beside(&self, listed: &[&Seen<SmartConnect>]) -> Result<(), RemoteError> {
        let quota = listed.iter().find_map(|task| task.facts.quota);
        match quota.filter(|quota| quota.is_used_up()) {
            Some(Quota { used, allowed }) => Err(RemoteError::new(
                CREATE,
                Fault::Exhausted,
                format!(
                    "the instance has {used} of {allowed} Smart Connect tasks: delete one, or take another instance"
                ),
            )),
            None => Ok(()),
        }
    }

    fn is_all_gone(&self, error: &RemoteError) -> bool {
        is_gone(error)
    }

    async fn create(
        &self,
        permit: &WritePermit,
        desired: &Desired<Definition>,
        parcel: Parcel<'_>,
    ) -> Result<Seen<SmartConnect>, RemoteError> {
        let call = Call::write(permit, SERVICE, CREATE, "POST", self.path([]).await?, classify);
        let start_later = desired.run_state == Some(RunState::Stopped);
        let body = mapping::body(&desired.definition, start_later, &parcel);
        let call = with_body(CREATE, call, &body)?;
        let call = parcel.secrets.values().cloned().fold(call, Call::hiding);
        let task: Task = self.call(call).await?;
        // A success that names no task: there may be one, and only a look can tell which.
        mapping::observed(&self.instance_id, task)
            .ok_or_else(|| RemoteError::new(CREATE, Fault::Ambiguous, "the answer names no id"))
    }

    async fn perform(
        &self,
        permit: &WritePermit,
        seen: &Seen<SmartConnect>,
        step: &Move,
        _parcel: Parcel<'_>,
    ) -> Result<(), RemoteError> {
        let id = seen.id.as_str();
        match step {
            Move::Start | Move::Restart => {
                let path = self.path_below(["kafka"], [id, "restart"]).await?;
                self.order(permit, "RestartConnectorTask", "PUT", path).await
            }
            Move::Pause => {
                let path = self.path([id, "pause"]).await?;
                self.order(permit, "PauseConnectorTask", "PUT", path).await
            }
            Move::Resume => {
                let path = self.path([id, "resume"]).await?;
                self.order(permit, "ResumeConnectorTask", "PUT", path).await
            }
            Move::Modify { definition, paths } => self.change(permit, seen, definition, paths).await,
        }
    }

    async fn delete(&self, permit: &WritePermit, id: &str) -> Result<(), RemoteError> {
        let path = self.path([id]).await?;
        match self.order(permit, "DeleteConnectorTask", "DELETE", path).await {
            Err(error) if is_gone(&error) => Ok(()),
            outcome => outcome,
        }
    }
}

fn with_body(operation: &'static str, call: Call, body: &impl Serialize) -> Result<Call, RemoteError> {
    call.json(body)
        .map_err(|error| RemoteError::new(operation, Fault::Rejected, error.to_string()))
}
