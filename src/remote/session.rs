//! The one order of a call, at every vendor: leave from the breaker, a proof of who calls, the request, and one renewal
//! of a proof that was refused. Knows no vendor.
use super::breaker::Breaker;
use super::exchange::Errand;
use super::transport::WireAnswer;
use super::{Fault, RemoteError};

/// What is a vendor's own about one call.
pub(crate) trait Caller: Sync {
    /// What a request proves its identity with.
    type Pass: Send + Sync;

    /// A proof that is good for now.
    fn pass(&self) -> impl Future<Output = Result<Self::Pass, RemoteError>> + Send;

    /// Another proof after this one was refused; `None` where there can be no other.
    fn after(
        &self,
        refused: &Self::Pass,
    ) -> impl Future<Output = Result<Option<Self::Pass>, RemoteError>> + Send;

    /// Whether another proof may be accepted where one was refused with this code.
    fn is_renewable(&self, code: Option<&str>) -> bool;

    /// Sends the request.
    fn send(
        &self,
        errand: Errand,
        pass: &Self::Pass,
    ) -> impl Future<Output = Result<WireAnswer, RemoteError>> + Send;
}

/// Sends a request once the breaker lets it, and tells the breaker how it ended.
pub(crate) async fn send<C: Caller>(
    breaker: &Breaker,
    errand: Errand,
    caller: &C,
) -> Result<WireAnswer, RemoteError> {
    let _passage = breaker.enter(errand.operation).await?;
    let outcome = identified(errand, caller).await;
    breaker.learn(&outcome);
    outcome
}

/// One renewal and one more try when the proof was refused; a refused request had no effect, so writes too.
async fn identified<C: Caller>(errand: Errand, caller: &C) -> Result<WireAnswer, RemoteError> {
    let pass = caller.pass().await?;
    let refusal = match caller.send(errand, &pass).await {
        Err(error) if error.fault == Fault::Unauthorized && caller.is_renewable(error.code.as_deref()) => {
            error
        }
        outcome => return outcome,
    };
    match caller.after(&pass).await? {
        Some(renewed) => caller.send(errand, &renewed).await,
        None => Err(refusal),
    }
}
