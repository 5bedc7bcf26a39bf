//! The listener, and the way of one request through faults, gateway and service.

mod passage;

use std::io::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{Request, Response};
use tokio::signal::unix::{SignalKind, signal};

use crate::admin;
use crate::call::Call;
use crate::cloud::Cloud;
use crate::command::Failure;
use crate::connection::{Cut, Gate};

/// Listens and serves until SIGTERM or SIGINT.
pub(crate) async fn serve(address: &str, cloud: Arc<Cloud>) -> Result<(), Failure> {
    let gate = Gate::bind(address)
        .await
        .map_err(|e| Failure::Listen(address.to_owned(), e))?;
    let bound = gate
        .address()
        .map_err(|e| Failure::Listen(address.to_owned(), e))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::Server)?;
    let router = Router::new().fallback(answer).with_state(cloud);
    let service = router.into_make_service_with_connect_info::<Cut>();
    println!("listening on http://{bound}");
    // A pipe is block-buffered, and a test waits for this line.
    std::io::stdout().flush().map_err(Failure::Server)?;
    tokio::select! {
        ended = async { axum::serve(gate, service).await } => ended.map_err(Failure::Server),
        _ = terminate.recv() => Ok(()),
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

async fn answer(
    State(cloud): State<Arc<Cloud>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request<Body>,
) -> Response<Body> {
    let call = Call::read(request).await;
    match call {
        Ok(call) if call.path.starts_with(admin::PREFIX) => admin::answer(&cloud, &call),
        Ok(call) => passage::pass(cloud, cut, call, true).await,
        Err(call) => passage::pass(cloud, cut, call, false).await,
    }
}
