//! Tencent Cloud: signing, temporary keys, envelopes and error codes that all its services share.
mod codes;
mod errors;
mod identity;
mod letter;
mod open;
mod own;
pub mod sign;

use super::endpoint::Endpoints;
use super::exchange::{Errand, Line, REPEATS};
use super::limit::Budget;
use super::session::{self, Caller};
use super::standing::Share;
use super::transport::WireAnswer;
use super::{AccountFacts, Answer, Call, Fault, PathSegments, RemoteError, VendorError};
use identity::{Identity, Pass};
use letter::Letter;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt;
use tokio::time::Instant;

/// The message queue, and the service's name in signatures whatever host is called.
pub const CKAFKA: &str = "ckafka";
const CKAFKA_VERSION: &str = "2019-08-19";
const STS: &str = "sts";
const STS_VERSION: &str = "2018-08-13";
/// What proves credentials: a short page of a list that every user of this service may read.
const PROOF: &str = "DescribeDatahubTasks";
const CALLER: &str = "GetCallerIdentity";

/// One Tencent Cloud account and region.
pub struct TencentCloud {
    endpoints: Endpoints,
    region: String,
    line: Line,
    identity: Identity,
}

/// One call of this account.
struct Visit<'a> {
    cloud: &'a TencentCloud,
    call: &'a Call,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CallerIdentity {
    account_id: Option<String>,
}

impl TencentCloud {
    /// Sends a request and parses what its envelope holds as `Result`. Null is read as the type reads it.
    pub async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<Answer<T>, RemoteError> {
        let answer = self.response(&call, self.guarded(&call)).await?;
        let mut response = answer.body;
        match response.get_mut("Result").map(Value::take) {
            Some(result) => Answer::of(
                &call,
                serde_json::from_value(result),
                answer.request_id,
                answer.server_time,
            ),
            // Neither a result nor an error: some failures of the service look like this.
            None => Err(call.not_understood("it holds no Result", answer.request_id)),
        }
    }

    /// Proves the credentials with one cheap call.
    pub async fn verify(&self) -> Result<AccountFacts, RemoteError> {
        let call = Call::read(CKAFKA, PROOF, "POST", PathSegments::default(), by_general_table);
        let call = with_body(call, &json!({ "Limit": 1, "Offset": 0 }))?;
        self.call::<Option<Value>>(call).await?;
        Ok(AccountFacts {
            project_id: None,
            account_id: self.account_id().await,
        })
    }

    /// What every operation called so far may still send at once.
    pub fn budgets(&self) -> Vec<Budget> {
        self.share().limits().budgets()
    }

    /// Whether a write of this operation could leave now; a Throttled error that says when, otherwise. Takes no turn.
    pub fn room(&self, service: &'static str, operation: &'static str) -> Result<(), RemoteError> {
        self.line.room(service, operation)
    }

    /// Whether a read of this operation may leave now although it could come later: nobody else waits for a turn, and
    /// half of the burst stays. A `late` one takes any turn that is there.
    pub fn spares(&self, service: &'static str, operation: &'static str, late: bool) -> bool {
        self.line.spares(service, operation, late)
    }

    pub(super) fn share(&self) -> &Share {
        &self.line.share
    }

    /// Who the account is, where the vendor tells: a courtesy, whose failure says nothing about the credentials. Whoever
    /// stands behind an address of one's own is not asked unless the account says where.
    async fn account_id(&self) -> Option<String> {
        if self.endpoints.is_overridden(CKAFKA) && !self.endpoints.is_overridden(STS) {
            return None;
        }
        let call = Call::read(STS, CALLER, "POST", PathSegments::default(), by_general_table);
        let outcome = self.response(&call, self.identified(&call)).await;
        let told = outcome.and_then(|answer| {
            let read = serde_json::from_value::<CallerIdentity>(answer.body);
            Answer::of(&call, read, answer.request_id, answer.server_time)
        });
        match told {
            Ok(answer) => answer.body.account_id,
            Err(error) => {
                tracing::debug!(%error, "The account's id could not be read");
                None
            }
        }
    }

    /// The inside of the envelope.
    async fn response(
        &self,
        call: &Call,
        sent: impl Future<Output = Result<WireAnswer, RemoteError>>,
    ) -> Result<Answer<Value>, RemoteError> {
        let answer = sent.await?;
        let read = serde_json::from_slice::<Value>(&answer.body)
            .map(|mut envelope| envelope.get_mut("Response").map(Value::take).unwrap_or_default());
        Answer::of(call, read, letter::request_id(&answer), answer.server_time())
    }

    async fn guarded(&self, call: &Call) -> Result<WireAnswer, RemoteError> {
        let errand = self.line.errand(call, REPEATS, Instant::now());
        session::send(self.share().breaker(), errand, &Visit { cloud: self, call }).await
    }

    /// Without the breaker: what another service says of the credentials is not to stop this one.
    async fn identified(&self, call: &Call) -> Result<WireAnswer, RemoteError> {
        let errand = self.line.errand(call, 0, Instant::now());
        let visit = Visit { cloud: self, call };
        let pass = visit.pass().await?;
        visit.send(errand, &pass).await
    }
}

impl Caller for Visit<'_> {
    type Pass = Pass;

    async fn pass(&self) -> Result<Pass, RemoteError> {
        self.cloud.identity.pass(self.cloud.share().breaker()).await
    }

    async fn after(&self, refused: &Pass) -> Result<Option<Pass>, RemoteError> {
        self.cloud
            .identity
            .after(self.cloud.share().breaker(), refused)
            .await
    }

    fn is_renewable(&self, code: Option<&str>) -> bool {
        errors::is_renewable(code)
    }

    async fn send(&self, errand: Errand, pass: &Pass) -> Result<WireAnswer, RemoteError> {
        let letter = Letter {
            endpoints: &self.cloud.endpoints,
            region: &self.cloud.region,
            version: if self.call.service == STS {
                STS_VERSION
            } else {
                CKAFKA_VERSION
            },
            call: self.call,
            pass,
        };
        self.cloud.line.exchange(errand, &letter).await
    }
}

impl fmt::Debug for TencentCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TencentCloud")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

fn with_body(call: Call, body: &Value) -> Result<Call, RemoteError> {
    let operation = call.operation;
    call.json(body)
        .map_err(|_| RemoteError::new(operation, Fault::Rejected, "the request cannot be written"))
}

const fn by_general_table(_: &VendorError) -> Option<Fault> {
    None
}
