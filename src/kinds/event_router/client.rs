//! The remote side: one method, one request. Decides nothing; reads and writes through `mapping` and `wire`.
mod classify;

use super::EventRouter;
use super::mapping::{self, Definition, Facts, Move};
use super::wire::{ActionBody, JobInfo, JobPage, SyncDetail, SyncDetailBody};
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
use classify::{NO_SUCH_JOB, PAST_THE_END, classify};
use serde::Serialize;
use serde::de::IgnoredAny;
use std::sync::Arc;

const CREATE: &str = "CreateEventRouterJob";
const LIST: &str = "ListEventRouterJobs";
const SHOW: &str = "ShowEventRouterJob";
/// The service, as endpoints and rate limits name it.
const SERVICE: &str = "eg";
/// How many jobs are asked for at once; the vendor documents no maximum, and a page may hold fewer.
const PAGE: usize = 100;
/// The most items of one page of `syncDetail`, page `ShowEventRouterTaskSyncDetail`.
const SYNC_ITEMS: u32 = 1000;

/// The event router jobs of one account.
#[derive(Clone, Debug)]
pub struct EventRouterJobs {
    cloud: Arc<HuaweiCloud>,
}

impl EventRouterJobs {
    /// The jobs of this account.
    pub fn new(cloud: Arc<HuaweiCloud>) -> Self {
        Self { cloud }
    }

    async fn path<const N: usize>(&self, rest: [&str; N]) -> Result<PathSegments, RemoteError> {
        let project = self.cloud.project_id().await?;
        let fixed = ["v1", project.as_str(), "eventrouter", "jobs"];
        Ok(PathSegments(
            fixed.into_iter().chain(rest).map(Into::into).collect(),
        ))
    }

    async fn read_page(&self, offset: usize) -> Result<Page<Definition, Facts>, RemoteError> {
        let call = Call::read(SERVICE, LIST, "GET", self.path([]).await?, classify)
            .query("offset", offset.to_string())
            .query("limit", PAGE.to_string());
        let page = match self.cloud.call::<JobPage>(call).await {
            Ok(answer) => answer.body,
            // The list ends before this offset; the empty page tells that it shrank since the page before.
            Err(error) if offset > 0 && error.code.as_deref() == Some(PAST_THE_END) => JobPage::default(),
            Err(error) => return Err(error),
        };
        Ok(Page {
            total: page.total,
            rows: page.items.into_iter().map(mapping::observed).collect(),
        })
    }

    async fn act(&self, permit: &WritePermit, id: &str, operation: &str) -> Result<(), RemoteError> {
        let name = "ExecuteEventRouterJobOperation";
        let path = self.path([id, "action"]).await?;
        let call = Call::write(permit, SERVICE, name, "POST", path, classify);
        let call = with_body(name, call, &ActionBody { operation })?;
        self.cloud.call::<IgnoredAny>(call).await.map(|_| ())
    }

    async fn update(
        &self,
        permit: &WritePermit,
        id: &str,
        definition: &Definition,
        parcel: &Parcel<'_>,
    ) -> Result<(), RemoteError> {
        let name = "UpdateEventRouterJob";
        let path = self.path([id]).await?;
        let call = Call::write(permit, SERVICE, name, "PUT", path, classify);
        let call = with_definition(name, call, definition, parcel)?;
        self.cloud.call::<IgnoredAny>(call).await.map(|_| ())
    }
}

impl RemoteJobs<EventRouter> for EventRouterJobs {
    fn scope(&self) -> Option<String> {
        Some("eventrouter/jobs".into())
    }

    async fn list(&self) -> Result<Vec<Seen<EventRouter>>, RemoteError> {
        read_all(LIST, |offset| self.read_page(offset)).await
    }

    async fn show(&self, id: &str) -> Result<Option<Seen<EventRouter>>, RemoteError> {
        let call = Call::read(SERVICE, SHOW, "GET", self.path([id]).await?, classify);
        match self.cloud.call::<JobInfo>(call).await {
            Ok(answer) => mapping::observed(answer.body)
                .map(Some)
                .ok_or_else(|| RemoteError::new(SHOW, Fault::Malformed, "a job without job_id")),
            Err(error) if error.code.as_deref() == Some(NO_SUCH_JOB) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn enrich(&self, seen: &mut Seen<EventRouter>) -> Result<(), RemoteError> {
        if !mapping::reports_progress(seen) {
            return Ok(());
        }
        let name = "ShowEventRouterTaskSyncDetail";
        let path = self.path([seen.id.as_str(), "syncDetail"]).await?;
        let call = Call::read(SERVICE, name, "POST", path, classify);
        let page = SyncDetailBody {
            offset: 0,
            limit: SYNC_ITEMS,
        };
        let answer = self
            .cloud
            .call::<SyncDetail>(with_body(name, call, &page)?)
            .await?;
        seen.facts.sync = Some(mapping::sync(answer.body));
        Ok(())
    }

    fn spares_read(&self, late: bool) -> bool {
        self.cloud.spares(SERVICE, SHOW, late)
    }

    fn room_for_create(&self) -> Result<(), RemoteError> {
        self.cloud.room(SERVICE, CREATE)
    }

    async fn create(
        &self,
        permit: &WritePermit,
        desired: &Desired<Definition>,
        parcel: Parcel<'_>,
    ) -> Result<Seen<EventRouter>, RemoteError> {
        let name = CREATE;
        let path = self.path([]).await?;
        let call = Call::write(permit, SERVICE, name, "POST", path, classify);
        let call = with_definition(name, call, &desired.definition, &parcel)?;
        let answer = self.cloud.call::<JobInfo>(call).await?;
        // A success that names no job: there may be one, and only a look can tell which.
        mapping::observed(answer.body)
            .ok_or_else(|| RemoteError::new(name, Fault::Ambiguous, "the answer names no job_id"))
    }

    async fn perform(
        &self,
        permit: &WritePermit,
        seen: &Seen<EventRouter>,
        step: &Move,
        parcel: Parcel<'_>,
    ) -> Result<(), RemoteError> {
        match step {
            Move::Start => self.act(permit, &seen.id, "START").await,
            Move::Stop => {
                let word = &self.cloud.options().event_grid_stop_operation;
                self.act(permit, &seen.id, word).await
            }
            Move::Update { definition } => self.update(permit, &seen.id, definition, &parcel).await,
        }
    }

    async fn delete(&self, permit: &WritePermit, id: &str) -> Result<(), RemoteError> {
        let name = "DeleteEventRouterJob";
        let path = self.path([id]).await?;
        let call = Call::write(permit, SERVICE, name, "DELETE", path, classify);
        match self.cloud.call::<IgnoredAny>(call).await {
            Ok(_) => Ok(()),
            Err(error) if error.code.as_deref() == Some(NO_SUCH_JOB) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The definition as body, and its secrets hidden from whatever the service answers.
fn with_definition(
    operation: &'static str,
    call: Call,
    definition: &Definition,
    parcel: &Parcel<'_>,
) -> Result<Call, RemoteError> {
    let body = mapping::body(definition, parcel)
        .map_err(|invalid| RemoteError::new(operation, Fault::Rejected, invalid.to_string()))?;
    let call = with_body(operation, call, &body)?;
    Ok(parcel.secrets.values().cloned().fold(call, Call::hiding))
}

fn with_body(operation: &'static str, call: Call, body: &impl Serialize) -> Result<Call, RemoteError> {
    call.json(body)
        .map_err(|error| RemoteError::new(operation, Fault::Rejected, error.to_string()))
}
