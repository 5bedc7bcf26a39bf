//! Configurations in requests. Whatever holds a secret has no `Debug`.
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// `ConfigValues`.
#[derive(Serialize)]
pub struct ConfigValuesBody<'a> {
    /// The configurations.
    pub configs: Vec<ConfigBody<'a>>,
    /// What the console keeps beside the inputs, sent back as it was read.
    #[serde(rename = "extended-configs", skip_serializing_if = "Option::is_none")]
    pub extended_configs: Option<&'a Value>,
}

/// `Configs`. A configuration without inputs has an empty list, which every release reads.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateJob")]
pub struct ConfigBody<'a> {
    pub inputs: Vec<InputBody<'a>>,
    pub name: &'a str,
}

/// `Input`; `name` is fully qualified.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateJob")]
pub struct InputBody<'a> {
    pub name: String,
    pub value: ValueBody<'a>,
}

/// The value of an input.
pub enum ValueBody<'a> {
    /// A text, also where it is a number or a boolean.
    Text(&'a str),
    /// An object.
    Map(&'a BTreeMap<String, String>),
    /// A secret, exposed only while the body is written.
    Secret(&'a SecretString),
}

impl Serialize for ValueBody<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(to),
            Self::Map(map) => map.serialize(to),
            Self::Secret(secret) => secret.expose_secret().serialize(to),
        }
    }
}
