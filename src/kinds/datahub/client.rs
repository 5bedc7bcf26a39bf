//! The vendor's task actions, one method each; no decisions.
mod classify;

use super::Datahub;
use super::mapping::{self, Definition, Facts, Move};
use super::wire::{ListBody, Task, TaskBody, TaskId, TaskPage};
use crate::api::keys::RESTART_REQUESTED_AT;
use crate::engine::kind::{Desired, Parcel, RemoteJobs, Seen};
use crate::kinds::pages::{Page, read_all};
use crate::remote::call::Classify;
use crate::remote::tencent::{CKAFKA, TencentCloud};
use crate::remote::{Call, Fault, PathSegments, RemoteError, WritePermit};
use classify::{is_gone, on_change, on_create, on_list, on_read};
use serde::Serialize;
use std::sync::Arc;

const CREATE: &str = "CreateDatahubTask";
const DESCRIBE: &str = "DescribeDatahubTask";
const LIST: &str = "DescribeDatahubTasks";
const DELETE: &str = "DeleteDatahubTask";
/// The most rows of one page; the service cuts larger numbers to it.
const PAGE: usize = 100;

/// The connector tasks of one account and region.
#[derive(Clone, Debug)]
pub struct DatahubTasks {
    cloud: Arc<TencentCloud>,
}

impl DatahubTasks {
    /// The tasks of this account.
    pub fn new(cloud: Arc<TencentCloud>) -> Self {
        Self { cloud }
    }

    async fn read_page(&self, offset: usize) -> Result<Page<Definition, Facts>, RemoteError> {
        let body = ListBody { limit: PAGE, offset };
        let call = with_body(LIST, read(LIST, on_list), &body)?;
        let page = self.cloud.call::<TaskPage>(call).await?.body;
        Ok(Page {
            total: page.total_count,
            rows: page.task_list.into_iter().map(mapping::row).collect(),
        })
    }

    async fn change(
        &self,
        permit: &WritePermit,
        action: &'static str,
        body: &impl Serialize,
    ) -> Result<(), RemoteError> {
        let call = with_body(action, write(permit, action, on_change), body)?;
        // The result may be null, and the id in it is not always the one that was sent.
        self.cloud.call::<Option<TaskId>>(call).await.map(|_| ())
    }
}

impl RemoteJobs<Datahub> for DatahubTasks {
    fn scope(&self) -> Option<String> {
        Some("datahub/tasks".into())
    }

    async fn list(&self) -> Result<Vec<Seen<Datahub>>, RemoteError> {
        read_all(LIST, |offset| self.read_page(offset)).await
    }

    async fn show(&self, id: &str) -> Result<Option<Seen<Datahub>>, RemoteError> {
        let call = with_body(DESCRIBE, read(DESCRIBE, on_read), &TaskBody { task_id: id })?;
        match self.cloud.call::<Option<Task>>(call).await {
            Ok(answer) => match answer.body {
                Some(task) => mapping::observed(task)
                    .map(Some)
                    .ok_or_else(|| nameless(DESCRIBE, Fault::Malformed)),
                None => Err(RemoteError {
                    request_id: answer.request_id,
                    ..RemoteError::new(DESCRIBE, Fault::NotFound, "the answer holds no task")
                }),
            },
            Err(error) if is_gone(error.code.as_deref()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a task reports comes with the list.
    async fn enrich(&self, _seen: &mut Seen<Datahub>) -> Result<(), RemoteError> {
        Ok(())
    }

    fn spares_read(&self, late: bool) -> bool {
        self.cloud.spares(CKAFKA, DESCRIBE, late)
    }

    fn room_for_create(&self) -> Result<(), RemoteError> {
        self.cloud.room(CKAFKA, CREATE)
    }

    async fn create(
        &self,
        permit: &WritePermit,
        desired: &Desired<Definition>,
        parcel: Parcel<'_>,
    ) -> Result<Seen<Datahub>, RemoteError> {
        let body = mapping::create_body(&desired.definition, &parcel);
        let call = with_body(CREATE, write(permit, CREATE, on_create), &body)?;
        let call = parcel.secrets.values().cloned().fold(call, Call::hiding);
        let answer = self.cloud.call::<TaskId>(call).await?;
        // A success that names no task: there may be one, and only a look can tell which.
        let id = answer
            .body
            .task_id
            .ok_or_else(|| nameless(CREATE, Fault::Ambiguous))?;
        Ok(mapping::accepted(id, desired.name.clone()))
    }

    async fn perform(
        &self,
        permit: &WritePermit,
        seen: &Seen<Datahub>,
        step: &Move,
        parcel: Parcel<'_>,
    ) -> Result<(), RemoteError> {
        let task = TaskBody { task_id: &seen.id };
        match step {
            Move::Resume => self.change(permit, "ResumeDatahubTask", &task).await,
            Move::Pause => self.change(permit, "PauseDatahubTask", &task).await,
            Move::Restart => self
                .change(permit, "RestartDatahubTask", &task)
                .await
                .map_err(|error| refused_restart(error, seen)),
            Move::Modify { definition, fields } => {
                let body = mapping::modify_body(definition, fields, seen, parcel.mark);
                self.change(permit, "ModifyDatahubTask", &body).await
            }
        }
    }

    async fn delete(&self, permit: &WritePermit, id: &str) -> Result<(), RemoteError> {
        match self.change(permit, DELETE, &TaskBody { task_id: id }).await {
            Err(error) if is_gone(error.code.as_deref()) => Ok(()),
            outcome => outcome,
        }
    }
}

fn read(action: &'static str, classify: Classify) -> Call {
    Call::read(CKAFKA, action, "POST", PathSegments::default(), classify)
}

fn write(permit: &WritePermit, action: &'static str, classify: Classify) -> Call {
    Call::write(permit, CKAFKA, action, "POST", PathSegments::default(), classify)
}

fn with_body(action: &'static str, call: Call, body: &impl Serialize) -> Result<Call, RemoteError> {
    call.json(body)
        .map_err(|error| RemoteError::new(action, Fault::Rejected, error.to_string()))
}

/// The vendor says no more than that it is not possible.
fn refused_restart(error: RemoteError, seen: &Seen<Datahub>) -> RemoteError {
    if error.fault != Fault::Conflict {
        return error;
    }
    let message = format!(
        "{} (the vendor restarts a task that failed, and this one reports {}: it is tried again from time to time; remove the annotation {} to take the wish back)",
        error.message, seen.state, RESTART_REQUESTED_AT
    );
    RemoteError { message, ..error }
}

fn nameless(action: &'static str, fault: Fault) -> RemoteError {
    RemoteError::new(action, fault, "a task without TaskId")
}
