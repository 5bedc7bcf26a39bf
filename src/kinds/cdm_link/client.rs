//! The remote side: one method, one request. Decides nothing; reads and writes through `mapping` and `wire`.
use super::CdmLinks;
use super::mapping::{self, Definition, Move};
use super::wire::LinkPage;
use crate::engine::kind::Desired;
use crate::engine::kind::Parcel;
use crate::engine::kind::RemoteJobs;
use crate::engine::kind::Seen;
use crate::kinds::cdm::classify;
use crate::kinds::cdm::cluster::{Cluster, Write, created, filled, updated};
use crate::remote::Fault;
use crate::remote::RemoteError;
use crate::remote::WritePermit;
use serde::de::IgnoredAny;
use serde_json::Value;

const CREATE: Write = Write {
    operation: "CreateLink",
    method: "POST",
    classify: classify::writes,
};
const UPDATE: Write = Write {
    operation: "UpdateLink",
    method: "PUT",
    classify: classify::writes,
};
const DELETE: Write = Write {
    operation: "DeleteLink",
    method: "DELETE",
    classify: classify::deletes_link,
};

/// The links of one cluster.
#[derive(Clone, Debug)]
pub struct Links {
    cluster: Cluster,
}

impl Links {
    /// The links of this cluster.
    pub const fn new(cluster: Cluster) -> Self {
        Self { cluster }
    }
}

impl RemoteJobs<CdmLinks> for Links {
    fn scope(&self) -> Option<String> {
        None
    }

    async fn list(&self) -> Result<Vec<Seen<CdmLinks>>, RemoteError> {
        let why = "the service has no list of links";
        Err(RemoteError::new("ShowLink", Fault::Rejected, why))
    }

    async fn show(&self, id: &str) -> Result<Option<Seen<CdmLinks>>, RemoteError> {
        let operation = "ShowLink";
        let call = self
            .cluster
            .read(operation, classify::shows_link, ["link", id])
            .await?;
        let page = match self.cluster.send::<LinkPage>(call).await {
            Ok(answer) => answer.body,
            Err(error) if error.fault == Fault::NotFound => LinkPage::default(),
            Err(error) => return Err(error),
        };
        let link = page
            .links
            .into_iter()
            .find(|link| link.name.as_deref() == Some(id));
        match link.and_then(mapping::observed) {
            Some(seen) => Ok(Some(seen)),
            None => self.cluster.ensure_working().await.map(|()| None),
        }
    }

    async fn enrich(&self, _seen: &mut Seen<CdmLinks>) -> Result<(), RemoteError> {
        Ok(())
    }

    fn room_for_create(&self) -> Result<(), RemoteError> {
        self.cluster.room(CREATE.operation)
    }

    async fn create(
        &self,
        permit: &WritePermit,
        desired: &Desired<Definition>,
        parcel: Parcel<'_>,
    ) -> Result<Seen<CdmLinks>, RemoteError> {
        let call = self.cluster.write(permit, CREATE, ["link"]).await?;
        let body = mapping::body(&desired.definition, parcel.secrets, None);
        let call = filled(CREATE.operation, call, &body, parcel.secrets)?;
        let answer = self.cluster.send::<Value>(call).await?.body;
        let name = created(CREATE.operation, &answer)?;
        Ok(mapping::created(name))
    }

    async fn perform(
        &self,
        permit: &WritePermit,
        seen: &Seen<CdmLinks>,
        step: &Move,
        parcel: Parcel<'_>,
    ) -> Result<(), RemoteError> {
        let Move::Update { definition } = step;
        let call = self.cluster.write(permit, UPDATE, ["link", &seen.id]).await?;
        let body = mapping::body(definition, parcel.secrets, seen.facts.extended.as_ref());
        let call = filled(UPDATE.operation, call, &body, parcel.secrets)?;
        let answer = self.cluster.send::<Value>(call).await?.body;
        updated(UPDATE.operation, &answer)
    }

    async fn delete(&self, permit: &WritePermit, id: &str) -> Result<(), RemoteError> {
        let call = self.cluster.write(permit, DELETE, ["link", id]).await?;
        match self.cluster.send::<IgnoredAny>(call).await {
            Err(error) if !classify::is_no_link(error.code.as_deref()) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}
