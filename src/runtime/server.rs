//! Probes and metrics over HTTP, on a thread and a runtime of their own, so that busy workers cannot fail them.
use super::health::{Heartbeat, Readiness};
use super::metrics::Metrics;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread;
use thiserror::Error;
use tokio::sync::oneshot;
use tracing::{error, info};

/// Why a server could not be started.
#[derive(Debug, Error)]
pub enum ServerError {
    /// A port is taken, or the address is not ours.
    #[error("cannot listen on {address} (flag {flag})")]
    Bind {
        /// The flag that names the address.
        flag: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The thread or its runtime could not be had.
    #[error("cannot start the thread of the probes")]
    Thread(#[source] io::Error),
}

/// Two bound ports that nothing is served on yet.
#[derive(Debug)]
pub struct Ports {
    health: TcpListener,
    metrics: TcpListener,
}

/// What the pages show.
#[derive(Clone, Debug)]
pub struct Pages {
    /// Behind `/readyz`.
    pub readiness: Readiness,
    /// Behind `/livez`.
    pub heartbeat: Heartbeat,
    /// Behind `/metrics`.
    pub metrics: Metrics,
}

/// The running servers; they end when it is dropped.
#[derive(Debug)]
pub struct Server {
    /// Where the probes are served.
    pub health: SocketAddr,
    /// Where the metrics are served.
    pub metrics: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Ports {
    /// Takes both ports; port 0 takes a free one.
    pub fn bind(health: SocketAddr, metrics: SocketAddr) -> Result<Self, ServerError> {
        Ok(Self {
            health: listen("--health-addr", health)?,
            metrics: listen("--metrics-addr", metrics)?,
        })
    }

    /// Serves the pages from a new thread.
    pub fn serve(self, pages: Pages) -> Result<Server, ServerError> {
        let health = self.health.local_addr().map_err(ServerError::Thread)?;
        let metrics = self.metrics.local_addr().map_err(ServerError::Thread)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(ServerError::Thread)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let body = move || {
            runtime.block_on(async {
                tokio::select! {
                    served = self.listen_on(pages) => if let Err(source) = served {
                        error!(error = &source as &dyn std::error::Error, "the probes are no longer served");
                    },
                    _ = stopped => {}
                }
            });
        };
        thread::Builder::new()
            .name("probes".into())
            .spawn(body)
            .map_err(ServerError::Thread)?;
        info!(server = "health", address = %health, "listening");
        info!(server = "metrics", address = %metrics, "listening");
        Ok(Server {
            health,
            metrics,
            _stop: stop,
        })
    }

    async fn listen_on(self, pages: Pages) -> io::Result<()> {
        let health = tokio::net::TcpListener::from_std(self.health)?;
        let metrics = tokio::net::TcpListener::from_std(self.metrics)?;
        let probes = Router::new()
            .route("/livez", get(livez))
            .route("/readyz", get(readyz))
            .with_state(pages.clone());
        let numbers = Router::new()
            .route("/metrics", get(numbers))
            .with_state(pages.metrics);
        tokio::try_join!(
            axum::serve(health, probes).into_future(),
            axum::serve(metrics, numbers).into_future(),
        )?;
        Ok(())
    }
}

fn listen(flag: &'static str, address: SocketAddr) -> Result<TcpListener, ServerError> {
    let bind = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    bind().map_err(|source| ServerError::Bind {
        flag,
        address,
        source,
    })
}

async fn livez(State(pages): State<Pages>) -> (StatusCode, String) {
    if pages.heartbeat.is_alive() {
        (StatusCode::OK, "ok\n".into())
    } else {
        let age = pages.heartbeat.age().as_secs();
        let text = format!("the main runtime has not moved for {age} s\n");
        (StatusCode::SERVICE_UNAVAILABLE, text)
    }
}

async fn readyz(State(pages): State<Pages>) -> (StatusCode, String) {
    let (passes, text) = pages.readiness.report();
    let status = if passes {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, text)
}

async fn numbers(State(metrics): State<Metrics>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match metrics.encode() {
        Ok(text) => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        Err(source) => (StatusCode::INTERNAL_SERVER_ERROR, source.to_string()).into_response(),
    }
}
