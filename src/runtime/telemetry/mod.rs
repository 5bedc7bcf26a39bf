//! Logs on standard error, and traces over OTLP where the environment names a collector.
mod export;
mod json;

pub(super) use json::chain;

use super::args::LogFormat;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::io::IsTerminal;
use std::io::stderr;
use thiserror::Error;
use tracing::Subscriber;
use tracing_subscriber::filter::{FilterExt, ParseError, filter_fn};
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{EnvFilter, Layer};

/// Why there are no logs or traces.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The log filter has no meaning.
    #[error("the log filter cannot be read")]
    Filter(#[from] ParseError),
    /// The exporter's settings in the environment cannot be used.
    #[error("traces cannot be exported")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The exporter's client could not be built.
    #[error("the client of the trace collector cannot be built")]
    Client(#[from] reqwest::Error),
    /// Telemetry was installed before.
    #[error("telemetry is installed twice")]
    Twice(#[from] TryInitError),
}

/// The installed telemetry.
#[derive(Debug)]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Installs logs for the whole process, and traces if `OTEL_EXPORTER_OTLP_ENDPOINT` or
    /// `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is set. Must be called on the runtime that is to send the traces, which
    /// must still run when they are flushed.
    pub fn install(format: LogFormat, filter: &str) -> Result<Self, TelemetryError> {
        let traces = if export::is_wanted() {
            Some(export::provider()?)
        } else {
            None
        };
        let spans = match &traces {
            Some(provider) => {
                // The exporter's own requests must not be traced: each export would be cause for the next.
                let ours = filter_fn(|metadata| {
                    let target = metadata.target();
                    target.starts_with("replication_operator") || target.starts_with("kube")
                });
                let source = provider.tracer("replication-operator");
                let layer = tracing_opentelemetry::layer().with_tracer(source);
                Some(layer.with_filter(EnvFilter::try_new(filter)?.and(ours)))
            }
            None => None,
        };
        tracing_subscriber::registry()
            .with(lines(format).with_filter(EnvFilter::try_new(filter)?))
            .with(spans)
            .try_init()?;
        Ok(Self { traces })
    }

    /// Sends the traces that are still waiting. Blocks, for some seconds at most.
    pub fn flush(self) {
        if let Some(provider) = self.traces
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the last traces were not sent"
            );
        }
    }
}

fn lines<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let layer = tracing_subscriber::fmt::layer().with_writer(stderr);
    match format {
        LogFormat::Json => layer
            .fmt_fields(JsonFields::new())
            .event_format(json::Flat)
            .boxed(),
        LogFormat::Text => layer.with_ansi(stderr().is_terminal()).boxed(),
    }
}
