//! One CDM cluster of an account: where requests go, and whether it is in a state to answer them. Decides nothing else.
use super::classify;
use crate::engine::kind::SecretValues;
use crate::kinds::lenient;
use crate::remote::Answer;
use crate::remote::Call;
use crate::remote::Fault;
use crate::remote::PathSegments;
use crate::remote::RemoteError;
use crate::remote::WritePermit;
use crate::remote::call::Classify;
use crate::remote::finding::{findings, refusal};
use crate::remote::huawei::HuaweiCloud;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// The service, as endpoints and rate limits name it.
const SERVICE: &str = "cdm";
/// The code of a cluster that works, page `ShowClusterDetail`.
const NORMAL: &str = "200";

/// A cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    cloud: Arc<HuaweiCloud>,
    id: String,
}

/// A request that changes something, without its place.
#[derive(Clone, Copy, Debug)]
pub struct Write {
    /// The vendor's name of the operation.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// What its error answers mean.
    pub classify: Classify,
}

/// The members of `ShowClusterDetail` that are read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    #[serde(deserialize_with = "lenient::text")]
    status: Option<String>,
}

impl Cluster {
    /// The cluster of this id.
    pub fn new(cloud: Arc<HuaweiCloud>, id: impl Into<String>) -> Self {
        Self { cloud, id: id.into() }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A request that changes nothing.
    pub async fn read<const N: usize>(
        &self,
        operation: &'static str,
        classify: Classify,
        rest: [&str; N],
    ) -> Result<Call, RemoteError> {
        let path = self.path(&rest).await?;
        let call = Call::read(SERVICE, operation, "GET", path, classify);
        Ok(call.header("x-language", "en-us"))
    }

    /// A request that changes something.
    pub async fn write<const N: usize>(
        &self,
        permit: &WritePermit,
        write: Write,
        rest: [&str; N],
    ) -> Result<Call, RemoteError> {
        let path = self.path(&rest).await?;
        let call = Call::write(
            permit,
            SERVICE,
            write.operation,
            write.method,
            path,
            write.classify,
        );
        Ok(call.header("x-language", "en-us"))
    }

    /// Sends a request.
    pub async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<Answer<T>, RemoteError> {
        self.cloud.call(call).await
    }

    /// Whether a write of this operation could leave now.
    pub fn room(&self, operation: &'static str) -> Result<(), RemoteError> {
        self.cloud.room(SERVICE, operation)
    }

    /// Fails unless the cluster works: one that is switched off or on its way may know nothing of its jobs. Asked before
    /// absence is believed.
    pub async fn ensure_working(&self) -> Result<(), RemoteError> {
        let operation = "ShowClusterDetail";
        let path = PathSegments(vec![
            "v1.1".into(),
            self.cloud.project_id().await?,
            "clusters".into(),
            self.id.clone(),
        ]);
        let call = Call::read(SERVICE, operation, "GET", path, classify::reads).header("x-language", "en-us");
        let detail = self.cloud.call::<Detail>(call).await?.body;
        match detail.status.as_deref() {
            Some(NORMAL) => Ok(()),
            status => {
                let status = status.unwrap_or("unknown");
                let message = format!(
                    "the cluster {} is not at work (status {status}: 200 is normal, 900 stopped, 910 stopping, 920 starting): start it",
                    self.id
                );
                Err(RemoteError::new(operation, Fault::Transient, message))
            }
        }
    }

    async fn path(&self, rest: &[&str]) -> Result<PathSegments, RemoteError> {
        let project = self.cloud.project_id().await?;
        let fixed = ["v1.1", project.as_str(), "clusters", self.id.as_str(), "cdm"];
        Ok(PathSegments(
            fixed.iter().chain(rest).map(|part| (*part).to_owned()).collect(),
        ))
    }
}

/// A request with its body; the secrets in it are hidden from whatever the service answers.
pub fn filled(
    operation: &'static str,
    call: Call,
    body: &impl Serialize,
    secrets: &SecretValues,
) -> Result<Call, RemoteError> {
    let call = call
        .json(body)
        .map_err(|error| RemoteError::new(operation, Fault::Rejected, error.to_string()))?;
    Ok(secrets.values().cloned().fold(call, Call::hiding))
}

/// The name of what a create has made. The service may answer a create that it refuses with success, with findings and
/// without a name.
pub fn created(operation: &'static str, answer: &Value) -> Result<String, RemoteError> {
    let refused = refusal(&findings(answer));
    let name = answer
        .get("name")
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty());
    let (fault, message) = match (name, refused) {
        (Some(name), None) => return Ok(name.to_owned()),
        // It names what it refuses: only a look can tell whether it is there.
        (Some(_), Some(text)) => (Fault::Ambiguous, text),
        (None, Some(text)) => (Fault::Rejected, text),
        (None, None) => (
            Fault::Rejected,
            "the service answered without a name: it made nothing".to_owned(),
        ),
    };
    Err(RemoteError::new(operation, fault, message))
}

/// Whether an update was taken.
pub fn updated(operation: &'static str, answer: &Value) -> Result<(), RemoteError> {
    match refusal(&findings(answer)) {
        Some(text) => Err(RemoteError::new(operation, Fault::Rejected, text)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused() -> Value {
        json!([{"fromJobConfig.tableName": [{"message": "no such table", "status": "ERROR"}]}, {}, {}])
    }

    #[test]
    fn a_name_says_that_something_was_made() {
        assert_eq!(created("CreateJob", &json!({"name": "j"})).unwrap(), "j");
        let check = json!({"name": "j", "validation-result": [{}, {}, {}]});
        assert_eq!(created("CreateJob", &check).unwrap(), "j");
    }

    #[test]
    fn without_a_name_nothing_was_made() {
        for (answer, text) in [
            (json!({}), "made nothing"),
            (Value::Null, "made nothing"),
            (json!({"validation-result": refused()}), "no such table"),
        ] {
            let error = created("CreateJob", &answer).unwrap_err();
            assert_eq!(error.fault, Fault::Rejected);
            assert!(error.message.contains(text), "{error}");
        }
    }

    #[test]
    fn a_refusal_that_names_the_job_is_looked_into() {
        let answer = json!({"name": "j", "validation-result": refused()});
        assert_eq!(created("CreateJob", &answer).unwrap_err().fault, Fault::Ambiguous);
    }

    #[test]
    fn an_update_is_refused_by_its_findings() {
        assert!(updated("UpdateJob", &json!({"validation-result": [{}, {}, {}]})).is_ok());
        assert!(updated("UpdateLink", &json!({"name": "l", "validation-result": {}})).is_ok());
        let error = updated("UpdateJob", &json!({"validation-result": refused()})).unwrap_err();
        assert_eq!(error.fault, Fault::Rejected);
    }
}
