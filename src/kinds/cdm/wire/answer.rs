//! Configurations in answers. Releases differ: inputs as object or list, values as text, number, boolean or object, and
//! half a dozen members that are never read.
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// `ConfigValues`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ConfigValues {
    /// The configurations.
    #[serde(deserialize_with = "elements")]
    pub configs: Vec<Config>,
    /// What the console keeps beside the inputs.
    #[serde(rename = "extended-configs")]
    pub extended_configs: Option<Value>,
}

/// `Configs`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page ShowJobs")]
pub struct Config {
    pub name: String,
    #[serde(deserialize_with = "elements")]
    pub inputs: Vec<Input>,
}

/// `Input`. The member `values` is the list of allowed words, never the value.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page ShowJobs")]
pub struct Input {
    pub name: String,
    pub value: Option<Value>,
    pub sensitive: bool,
}

/// A list; an empty object, null or nothing as an empty one.
fn elements<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(vec![]),
        Value::Object(fields) if fields.is_empty() => Ok(vec![]),
        list => serde_json::from_value(list).map_err(serde::de::Error::custom),
    }
}
