//! One JSON object a line, the fields of the event and of all spans around it side by side, so that logs can be
//! searched by `namespace`, `name` or `request_id` without knowing which span set them.
use serde::Serializer;
use serde::ser::SerializeMap;
use serde_json::{Map, Value};
use std::error::Error;
use std::fmt;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::{LookupSpan, Scope};

/// Fields that every line has, in this order.
const FIXED: [&str; 4] = ["timestamp", "level", "target", "message"];

/// The format of a line. Fields of an inner span win over those of an outer one, and those of the event over both.
pub(super) struct Flat;

impl<S, N> FormatEvent<S, N> for Flat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Map::new();
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            let extensions = span.extensions();
            let Some(text) = extensions.get::<FormattedFields<N>>() else {
                continue;
            };
            if let Ok(Value::Object(more)) = serde_json::from_str(text) {
                fields.extend(more);
            }
        }
        for name in FIXED {
            fields.remove(name);
        }
        event.record(&mut Fields(&mut fields));
        let line = line(event, fields).map_err(|_| fmt::Error)?;
        writeln!(writer, "{line}")
    }
}

fn line(event: &Event<'_>, mut fields: Map<String, Value>) -> Result<String, Box<dyn Error>> {
    let metadata = event.metadata();
    // Records of crates that use `log` carry their place in fields.
    let target = fields.remove("log.target");
    fields.retain(|name, _| !name.starts_with("log."));
    let message = fields.remove("message");
    fields.retain(|name, _| !FIXED.contains(&name.as_str()));

    let mut bytes = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::new(&mut bytes);
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("timestamp", &format_args!("{:.6}", jiff::Timestamp::now()))?;
    map.serialize_entry("level", metadata.level().as_str())?;
    map.serialize_entry(
        "target",
        target
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or(metadata.target()),
    )?;
    if let Some(message) = message {
        map.serialize_entry("message", &message)?;
    }
    for (name, value) in &fields {
        map.serialize_entry(name, value)?;
    }
    map.end()?;
    Ok(String::from_utf8(bytes)?)
}

struct Fields<'a>(&'a mut Map<String, Value>);

impl Fields<'_> {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        let name = field.name();
        let name = name.strip_prefix("r#").unwrap_or(name);
        self.0.insert(name.to_owned(), value.into());
    }
}

impl Visit for Fields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.put(field, chain(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }
}

/// An error with everything behind it, each part said once.
pub(in crate::runtime) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    for cause in std::iter::successors(error.source(), |&error| error.source()) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Flat;
    use serde_json::{Value, json};
    use std::io;
    use std::sync::{Arc, Mutex};
    use tracing::{info, info_span, subscriber};
    use tracing_subscriber::fmt::format::JsonFields;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(body: impl FnOnce()) -> Value {
        let page = Page::default();
        let writer = page.clone();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(JsonFields::new())
            .event_format(Flat)
            .with_writer(move || writer.clone())
            .finish();
        subscriber::with_default(subscriber, body);
        let bytes = page.0.lock().unwrap().clone();
        serde_json::from_slice(&bytes).expect("one line of JSON")
    }

    #[test]
    fn fields_of_spans_and_event_stand_side_by_side() {
        let mut line = logged(|| {
            let outer = info_span!("object", namespace = "streams", name = "outer", message = "no");
            let _outer = outer.enter();
            let inner = info_span!("pass", name = "inner", attempt = 2);
            let _inner = inner.enter();
            info!(request_id = "r-1", done = true, "created \"it\"");
        });
        let timestamp = line["timestamp"].take();
        assert!(timestamp.as_str().unwrap().ends_with('Z'), "{timestamp}");
        assert_eq!(
            line,
            json!({
                "timestamp": null, "level": "INFO", "target": module_path!(), "message": "created \"it\"",
                "namespace": "streams", "name": "inner", "attempt": 2, "request_id": "r-1", "done": true,
            })
        );
    }

    #[test]
    fn an_error_is_logged_with_its_causes() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] io::Error);
        let error = Outer(io::Error::other("inner"));
        let line = logged(|| info!(error = &error as &dyn std::error::Error, "failed"));
        assert_eq!(line["error"], "outer: inner");
    }
}
