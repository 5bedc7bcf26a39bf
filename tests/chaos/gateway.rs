//! Gateways that stand between the operator and the two sides it talks to. They pass everything on as it is, except at
//! the one request that the trap is set for.
use super::line::{LineEnd, Lines};
use super::point::{Moment, Side, name};
use super::trap::{Fate, Trap};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// A gateway; gone when dropped.
pub struct Gateway {
    /// Where the operator finds it.
    pub url: String,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Passage {
    side: Side,
    client: Client,
    trap: Arc<Trap>,
}

impl Gateway {
    /// A gateway to the cloud at this address.
    pub async fn to_cloud(url: &str, trap: Arc<Trap>) -> Self {
        Self::open(Side::Cloud, Config::new(url.parse().unwrap()), trap).await
    }

    /// A gateway to the API server, with the rights that this kubeconfig gives.
    pub async fn to_cluster(kubeconfig: &Path, trap: Arc<Trap>) -> Self {
        let kubeconfig = Kubeconfig::read_from(kubeconfig).unwrap();
        let options = KubeConfigOptions::default();
        let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
        Self::open(Side::Cluster, config.unwrap(), trap).await
    }

    async fn open(side: Side, mut config: Config, trap: Arc<Trap>) -> Self {
        config.default_retry = false;
        let lines = Lines::open(trap.clone()).await;
        let url = lines.url();
        let client = Client::try_from(config).unwrap();
        let passage = Passage { side, client, trap };
        let service = Router::new().fallback(pass).with_state(passage);
        let service = service.into_make_service_with_connect_info::<LineEnd>();
        let task = tokio::spawn(async move { axum::serve(lines, service).await.unwrap() });
        Self { url, task }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(
    State(passage): State<Passage>,
    ConnectInfo(line): ConnectInfo<LineEnd>,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return pending().await;
    };
    let (write, name) = passage.describe(&parts);
    match passage.trap.judge(line.epoch, passage.side, write, name) {
        Fate::Void => pending().await,
        Fate::Pass => passage.forward(parts, body).await,
        Fate::Spring(moment) => passage.spring(moment, &line, parts, body).await,
    }
}

impl Passage {
    async fn spring(&self, moment: Moment, line: &LineEnd, parts: Parts, body: Bytes) -> Response<Body> {
        if moment == Moment::BeforeEffect {
            self.trap.spring();
            return pending().await;
        }
        let (mut parts, body) = self.forward(parts, body).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        if moment == Moment::AfterEffect {
            self.trap.spring();
            return pending().await;
        }
        parts.headers.insert(header::CONNECTION, "close".parse().unwrap());
        line.spring_at_the_end();
        Response::from_parts(parts, Body::from(body))
    }

    /// Whether a request is a write, and its name.
    fn describe(&self, parts: &Parts) -> (bool, String) {
        let action = parts
            .headers
            .get("x-tc-action")
            .map(|action| action.to_str().unwrap());
        let method = parts.method.as_str();
        let path = parts.uri.path();
        let asks = match (self.side, action) {
            (_, Some(action)) => action.starts_with("Describe") || action.starts_with("Get"),
            (Side::Cloud, None) => method == "GET",
            // Leases are renewed by the clock, and reviews are questions.
            (Side::Cluster, None) => {
                method == "GET" || path.contains("/leases") || path.contains("authorization.k8s.io")
            }
        };
        (!asks, name(method, path, action))
    }

    /// Sends the request as it came, also its `Host`, which the vendors' signatures cover.
    async fn forward(&self, mut parts: Parts, body: Bytes) -> Response<Body> {
        strip(&mut parts.headers);
        let request = Request::from_parts(parts, kube::client::Body::from(body));
        match self.client.send(request).await {
            Ok(answer) => {
                let (mut parts, body) = answer.into_parts();
                strip(&mut parts.headers);
                Response::from_parts(parts, Body::new(body))
            }
            Err(error) => Response::builder()
                .status(StatusCode::BAD_GATEWAY)
                .body(Body::from(error.to_string()))
                .unwrap(),
        }
    }
}

/// Takes away what belongs to one connection only.
fn strip(headers: &mut HeaderMap) {
    for name in [header::CONNECTION, header::TRANSFER_ENCODING] {
        headers.remove(name);
    }
}
