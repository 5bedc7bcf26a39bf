//! A structure of the vendor in its normal form: what the service fills in, repeats in another order or never shows is
//! taken out of it, so that what is left can be compared.
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// One structure, by our names of its fields. What is unset is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Structure(Map<String, Value>);

/// Filled by the service, by the structure they stand in.
const FILLED: [(&str, &str); 5] = [
    ("kafkaParam", "resourceName"),
    ("kafkaParam", "zoneId"),
    ("kafkaParam", "topicId"),
    ("kafkaParam", "partitionNum"),
    ("topicParam", "topicId"),
];
/// What tests of processing rules gave at the console.
const LEFTOVERS: [&str; 5] = [
    "result",
    "analyseResult",
    "secondaryAnalyseResult",
    "analyseJsonResult",
    "secondaryAnalyseJsonResult",
];
/// Shown by the service as it likes, and never compared: what was sent is known by its digest.
const SECRETS: [&str; 2] = ["password", "groupPassword"];
/// Names joined by commas, whose order means nothing.
const JOINED: [(&str, &str); 4] = [
    ("kafkaParam", "topic"),
    ("mongoDBParam", "listeningEvent"),
    ("mqttParam", "topics"),
    ("icebergParam", "primaryKeys"),
];
/// Lists whose order means nothing.
const SETS: [&str; 2] = ["tableMappings", "topicList"];
/// Where the empty text is a value of its own.
const EMPTY: (&str, &str) = ("clickHouseParam", "type");
/// Documented defaults, which may read back absent.
const DEFAULTS: [(&str, &str, Default); 30] = [
    ("kafkaParam", "useTableMapping", Default::Flag(false)),
    ("kafkaParam", "useAutoCreateTopic", Default::Flag(false)),
    ("kafkaParam", "keepPartition", Default::Flag(false)),
    ("kafkaParam", "compressionType", Default::Text("none")),
    ("kafkaParam", "msgMultiple", Default::Number(1)),
    ("topicParam", "useAutoCreateTopic", Default::Flag(false)),
    ("topicParam", "compressionType", Default::Text("none")),
    ("esParam", "indexType", Default::Text("STRING")),
    ("esParam", "protocol", Default::Text("http")),
    ("tdwParam", "isDomestic", Default::Flag(true)),
    ("tdwParam", "tdwPort", Default::Number(8099)),
    ("dtsParam", "tranSql", Default::Flag(true)),
    ("clickHouseParam", "dropInvalidMessage", Default::Flag(true)),
    ("clickHouseParam", "batchSize", Default::Number(1000)),
    ("cosParam", "timezone", Default::Text("UTC+08:00")),
    ("mySQLParam", "snapshotMode", Default::Text("initial")),
    ("mySQLParam", "topicRegex", Default::Text("(.*)")),
    ("mySQLParam", "dropInvalidMessage", Default::Flag(true)),
    ("postgreSQLParam", "snapshotMode", Default::Text("initial")),
    ("postgreSQLParam", "dropInvalidMessage", Default::Flag(true)),
    ("sqlServerParam", "snapshotMode", Default::Text("initial")),
    ("mariaDBParam", "snapshotMode", Default::Text("initial")),
    ("scfParam", "namespace", Default::Text("default")),
    ("scfParam", "qualifier", Default::Text("$DEFAULT")),
    ("scfParam", "batchSize", Default::Number(1000)),
    ("scfParam", "maxRetries", Default::Number(5)),
    ("mqttParam", "maxTasks", Default::Number(1)),
    ("icebergParam", "upsertMode", Default::Text("Off")),
    ("transformsParam", "outputFormat", Default::Text("JSON")),
    ("transformsParam", "keepMetadata", Default::Flag(false)),
];

/// A documented default.
#[derive(Clone, Copy, Debug)]
enum Default {
    Flag(bool),
    Number(i64),
    Text(&'static str),
}

impl Structure {
    /// The normal form of what the user wrote.
    pub fn wished(name: &str, written: &Value) -> Option<Self> {
        match plain("", name, written) {
            Some(Value::Object(fields)) => Some(Self(fields)),
            Some(_) | None => None,
        }
    }

    /// The normal form of what the service shows: documented defaults that it leaves out are put in.
    pub fn shown(name: &str, shown: Map<String, Value>) -> Option<Self> {
        let Self(mut fields) = Self::wished(name, &Value::Object(shown))?;
        fill(name, &mut fields);
        Some(Self(fields))
    }

    /// The value of a field of the structure that goes with the type, such as `offsetType` of `kafkaParam`.
    pub fn of_param(&self, field: &str) -> Option<&str> {
        let mut params = self.0.values().filter_map(Value::as_object);
        params.find_map(|param| param.get(field)?.as_str())
    }
}

/// The value in its normal form; `None` where it is unset or not to be compared.
fn plain(parent: &str, name: &str, value: &Value) -> Option<Value> {
    let left_out = FILLED.contains(&(parent, name))
        || LEFTOVERS.contains(&name)
        || SECRETS.contains(&name)
        || name.ends_with("SecretRef");
    if left_out {
        return None;
    }
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() && (parent, name) != EMPTY => None,
        Value::String(text) if JOINED.contains(&(parent, name)) => Some(sorted(text).into()),
        Value::Number(number) => Some(Value::Number(whole(number))),
        Value::Array(list) => plain_list(name, list),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), plain(name, key, value)?)));
            Some(Value::Object(fields.collect()))
        }
        Value::Bool(_) | Value::String(_) => Some(value.clone()),
    }
}

fn plain_list(name: &str, list: &[Value]) -> Option<Value> {
    let mut list: Vec<Value> = list
        .iter()
        .filter_map(|element| plain(name, "", element))
        .collect();
    if SETS.contains(&name) {
        list.sort_by_key(Value::to_string);
    }
    (!list.is_empty()).then_some(Value::Array(list))
}

/// The names, each once, in a fixed order.
fn sorted(joined: &str) -> String {
    let mut names: Vec<&str> = joined
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.join(",")
}

/// A number without the point that some writers put behind whole ones.
fn whole(number: &Number) -> Number {
    let digits = number.to_string();
    let whole = digits
        .strip_suffix(".0")
        .and_then(|digits| digits.parse::<i64>().ok());
    whole.map_or_else(|| number.clone(), Number::from)
}

fn fill(name: &str, fields: &mut Map<String, Value>) {
    for (_, field, default) in DEFAULTS.iter().filter(|(structure, ..)| *structure == name) {
        fields.entry(*field).or_insert_with(|| Value::from(*default));
    }
    for (name, field) in fields.iter_mut() {
        if let Value::Object(inner) = field {
            fill(name, inner);
        }
    }
}

impl From<Default> for Value {
    fn from(default: Default) -> Self {
        match default {
            Default::Flag(flag) => flag.into(),
            Default::Number(number) => number.into(),
            Default::Text(text) => text.into(),
        }
    }
}
