//! The way of traces to a collector: batches from a thread of the SDK's, sent by the process's own HTTP and TLS stack.
use super::TelemetryError;
use async_trait::async_trait;
use opentelemetry::KeyValue;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::env::var;
use std::time::Duration;
use tokio::runtime::Handle;

/// The default of the OTLP specification.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Whether the environment names a collector and does not switch the SDK off.
pub(super) fn is_wanted() -> bool {
    let is_set = |name: &str| var(name).is_ok_and(|value| !value.trim().is_empty());
    let is_off = var("OTEL_SDK_DISABLED").is_ok_and(|value| value.eq_ignore_ascii_case("true"));
    !is_off && (is_set("OTEL_EXPORTER_OTLP_ENDPOINT") || is_set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))
}

/// A provider that sends batches; endpoint, headers and resource attributes come from the variables of the OTLP
/// specification.
pub(super) fn provider() -> Result<SdkTracerProvider, TelemetryError> {
    let client = reqwest::Client::builder().timeout(timeout()).build()?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Courier {
            client,
            runtime: Handle::current(),
        })
        .with_protocol(Protocol::HttpBinary)
        .build()?;
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let mut resource = Resource::builder().with_attribute(version);
    if var("OTEL_SERVICE_NAME").is_err() {
        resource = resource.with_service_name("replication-operator");
    }
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .build())
}

fn timeout() -> Duration {
    let set = var("OTEL_EXPORTER_OTLP_TIMEOUT").ok();
    set.and_then(|text| text.trim().parse().ok())
        .map_or(TIMEOUT, Duration::from_millis)
}

/// Carries requests of the SDK's thread, which has no reactor, to the runtime, which has one.
#[derive(Debug)]
struct Courier {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Courier {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        self.runtime
            .spawn(async move { client.send_bytes(request).await })
            .await?
    }
}
