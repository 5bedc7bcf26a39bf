//! The remote side: one method, one request. Decides nothing; reads and writes through `mapping` and `wire`.
use super::CdmJobs;
use super::mapping::{self, Definition, Facts, Move, Run};
use super::wire::{JobPage, StartBody, Submissions};
use crate::api::run::RunStatus;
use crate::engine::kind::Desired;
use crate::engine::kind::Parcel;
use crate::engine::kind::RemoteJobs;
use crate::engine::kind::Seen;
use crate::engine::kind::Watch;
use crate::kinds::cdm::classify;
use crate::kinds::cdm::cluster::{Cluster, Write, created, filled, updated};
use crate::kinds::cdm_job::resource::JobType;
use crate::kinds::pages::{Page, read_all};
use crate::remote::Fault;
use crate::remote::RemoteError;
use crate::remote::WritePermit;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::collections::BTreeMap;

const SHOW: &str = "ShowJobs";
/// The most jobs of one page, page `ShowJobs`.
const PAGE: usize = 100;

const CREATE: Write = Write {
    operation: "CreateJob",
    method: "POST",
    classify: classify::writes,
};
const UPDATE: Write = Write {
    operation: "UpdateJob",
    method: "PUT",
    classify: classify::writes,
};
const DELETE: Write = Write {
    operation: "DeleteJob",
    method: "DELETE",
    classify: classify::writes,
};
const START: Write = Write {
    operation: "StartJob",
    method: "PUT",
    classify: classify::starts,
};
const STOP: Write = Write {
    operation: "StopJob",
    method: "PUT",
    classify: classify::writes,
};

/// The jobs of one type in one cluster: the service lists each type by itself.
#[derive(Clone, Debug)]
pub struct Jobs {
    cluster: Cluster,
    job_type: JobType,
}

impl Jobs {
    /// The jobs of this cluster and type.
    pub const fn new(cluster: Cluster, job_type: JobType) -> Self {
        Self { cluster, job_type }
    }

    /// The page that begins behind so many jobs: this service counts pages, from 1.
    async fn read_page(&self, offset: usize) -> Result<Page<Definition, Facts>, RemoteError> {
        let call = self.cluster.read(SHOW, classify::reads, ["job", "all"]).await?;
        let call = call
            .query("jobType", self.job_type.as_str())
            .query("page_no", (offset / PAGE + 1).to_string())
            .query("page_size", PAGE.to_string());
        let page = self.cluster.send::<JobPage>(call).await?.body;
        Ok(Page {
            total: page.total,
            rows: page.jobs.iter().map(mapping::observed).collect(),
        })
    }

    /// The newest run, of which there may be none.
    async fn latest(&self, id: &str) -> Result<Vec<Run>, RemoteError> {
        let call = self
            .cluster
            .read("ShowJobStatus", classify::reads, ["job", id, "status"])
            .await?;
        self.runs(call).await
    }

    /// The newest ten runs, those of a deleted job too where the service keeps them.
    async fn history(&self, id: &str) -> Result<Vec<Run>, RemoteError> {
        let call = self
            .cluster
            .read("ShowSubmissions", classify::reads, ["submissions"])
            .await?;
        self.runs(call.query("jname", id)).await
    }

    async fn runs(&self, call: crate::remote::Call) -> Result<Vec<Run>, RemoteError> {
        let answer = self.cluster.send::<Submissions>(call).await?;
        Ok(answer
            .body
            .submissions
            .into_iter()
            .map(mapping::submission)
            .collect())
    }

    async fn start(
        &self,
        permit: &WritePermit,
        id: &str,
        variables: &BTreeMap<String, String>,
    ) -> Result<(), RemoteError> {
        let call = self.cluster.write(permit, START, ["job", id, "start"]).await?;
        let call = if variables.is_empty() {
            call
        } else {
            filled(START.operation, call, &StartBody { variables }, &BTreeMap::new())?
        };
        self.cluster.send::<IgnoredAny>(call).await.map(|_| ())
    }

    async fn stop(&self, permit: &WritePermit, id: &str) -> Result<(), RemoteError> {
        let call = self.cluster.write(permit, STOP, ["job", id, "stop"]).await?;
        match self.cluster.send::<IgnoredAny>(call).await {
            Err(error) if !classify::is_not_running(error.code.as_deref()) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    async fn update(
        &self,
        permit: &WritePermit,
        seen: &Seen<CdmJobs>,
        definition: &Definition,
        parcel: &Parcel<'_>,
    ) -> Result<(), RemoteError> {
        let call = self.cluster.write(permit, UPDATE, ["job", &seen.id]).await?;
        let body = mapping::body(definition, parcel.secrets, Some(&seen.facts))
            .map_err(|invalid| RemoteError::new(UPDATE.operation, Fault::Rejected, invalid.to_string()))?;
        let call = filled(UPDATE.operation, call, &body, parcel.secrets)?;
        let answer = self.cluster.send::<Value>(call).await?.body;
        updated(UPDATE.operation, &answer)
    }
}

impl RemoteJobs<CdmJobs> for Jobs {
    fn scope(&self) -> Option<String> {
        Some(format!("cdm/{}/{}", self.cluster.id(), self.job_type.as_str()))
    }

    async fn list(&self) -> Result<Vec<Seen<CdmJobs>>, RemoteError> {
        let jobs = read_all(SHOW, |offset| self.read_page(offset)).await?;
        if jobs.is_empty() {
            self.cluster.ensure_working().await?;
        }
        Ok(jobs)
    }

    async fn show(&self, id: &str) -> Result<Option<Seen<CdmJobs>>, RemoteError> {
        let call = self.cluster.read(SHOW, classify::reads, ["job", id]).await?;
        let page = match self.cluster.send::<JobPage>(call).await {
            Ok(answer) => answer.body,
            Err(error) if classify::is_no_job(error.code.as_deref()) => JobPage::default(),
            Err(error) => return Err(error),
        };
        let job = page.jobs.into_iter().find(|job| job.name.as_deref() == Some(id));
        match job.as_ref().and_then(mapping::observed) {
            Some(seen) => Ok(Some(seen)),
            None => self.cluster.ensure_working().await.map(|()| None),
        }
    }

    async fn enrich(&self, _seen: &mut Seen<CdmJobs>) -> Result<(), RemoteError> {
        Ok(())
    }

    async fn watch(&self, seen: &mut Seen<CdmJobs>, watch: Watch) -> Result<(), RemoteError> {
        let runs = match watch {
            Watch::Nothing => return Ok(()),
            Watch::Latest => self.latest(&seen.id).await?,
            Watch::History => self.history(&seen.id).await?,
        };
        mapping::with_runs(seen, runs);
        Ok(())
    }

    async fn last_run(&self, id: &str) -> Result<Option<RunStatus>, RemoteError> {
        Ok(self.history(id).await?.into_iter().next().map(|run| run.shown))
    }

    fn room_for_create(&self) -> Result<(), RemoteError> {
        self.cluster.room(CREATE.operation)
    }

    async fn create(
        &self,
        permit: &WritePermit,
        desired: &Desired<Definition>,
        parcel: Parcel<'_>,
    ) -> Result<Seen<CdmJobs>, RemoteError> {
        let call = self.cluster.write(permit, CREATE, ["job"]).await?;
        let body = mapping::body(&desired.definition, parcel.secrets, None)
            .map_err(|invalid| RemoteError::new(CREATE.operation, Fault::Rejected, invalid.to_string()))?;
        let call = filled(CREATE.operation, call, &body, parcel.secrets)?;
        let answer = self.cluster.send::<Value>(call).await?.body;
        let name = created(CREATE.operation, &answer)?;
        Ok(mapping::created(name))
    }

    async fn perform(
        &self,
        permit: &WritePermit,
        seen: &Seen<CdmJobs>,
        step: &Move,
        parcel: Parcel<'_>,
    ) -> Result<(), RemoteError> {
        match step {
            Move::Start { variables } => self.start(permit, &seen.id, variables).await,
            Move::Stop => self.stop(permit, &seen.id).await,
            Move::Update { definition, .. } => self.update(permit, seen, definition, &parcel).await,
        }
    }

    async fn delete(&self, permit: &WritePermit, id: &str) -> Result<(), RemoteError> {
        let call = self.cluster.write(permit, DELETE, ["job", id]).await?;
        match self.cluster.send::<IgnoredAny>(call).await {
            Err(error) if !classify::is_no_job(error.code.as_deref()) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}
