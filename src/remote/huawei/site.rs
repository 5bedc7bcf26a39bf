//! One region of Huawei Cloud as one account reaches it: addresses, line and breaker.
use super::identity::Pass;
use super::letter::Letter;
use crate::remote::RemoteError;
use crate::remote::breaker::Breaker;
use crate::remote::call::Call;
use crate::remote::endpoint::Endpoints;
use crate::remote::exchange::{Errand, Line};
use crate::remote::transport::WireAnswer;

#[derive(Debug)]
pub(super) struct Site {
    pub(super) region: String,
    /// As the account says; looked up where it does not.
    pub(super) project_id: Option<String>,
    pub(super) endpoints: Endpoints,
    pub(super) line: Line,
}

impl Site {
    /// The breaker of the account's credential.
    pub(super) fn breaker(&self) -> &Breaker {
        self.line.share.breaker()
    }

    /// Sends a call as it is; the breaker was asked before.
    pub(super) async fn send(
        &self,
        errand: Errand,
        call: &Call,
        pass: Option<&Pass>,
        project: Option<&str>,
    ) -> Result<WireAnswer, RemoteError> {
        let letter = Letter {
            endpoints: &self.endpoints,
            call,
            pass,
            project,
        };
        self.line.exchange(errand, &letter).await
    }
}
