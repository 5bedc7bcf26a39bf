//! The inputs of a connector as users write them, and the rules about inputs that admission holds. No I/O.
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use kube::core::{Message, Rule};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest value of an input. The cost of rules is estimated from it, and with longer ones the API server refuses them.
const VALUE_MAX: u32 = 7500;
/// The most inputs of one block.
const INPUTS_MAX: u32 = 128;

/// The inputs of a connector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectorInputs {
    /// The inputs of the connector by name, without the prefix `linkConfig.`, `fromJobConfig.` or `toJobConfig.`; an
    /// input whose own name has a dot, such as `dialect.identifierEnclose`, is sent as written. Every value is a text:
    /// write numbers and booleans in quotes. Inputs that are not named here are left as the service has them; one that
    /// is taken out again goes back to the service's default. Can be changed at any time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "texts")]
    pub config: BTreeMap<String, String>,
    /// The inputs that the service takes as objects, such as `properties` of a link and `formats` of a job: text by
    /// key by input. Can be changed at any time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "text_maps")]
    pub map_config: BTreeMap<String, BTreeMap<String, String>>,
    /// The inputs that are secrets, such as `password`, `securityKey` and `sk`, each from a Secret. The service never
    /// gives them back: a changed value is noticed by its digest and sent. Can be changed at any time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["input".into()]))]
    pub secret_config: Vec<SecretInput>,
}

/// One input whose value is a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretInput {
    /// The name of the input, without prefix.
    #[schemars(length(min = 1, max = 128))]
    pub input: String,
    /// The Secret that holds the value.
    pub secret_ref: SecretKeyRef,
}

/// A map of texts, bounded.
pub fn texts(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "maxProperties": INPUTS_MAX,
        "additionalProperties": { "type": "string", "maxLength": VALUE_MAX },
    })
}

/// A map of maps of texts, bounded.
pub fn text_maps(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "maxProperties": 32,
        "additionalProperties": {
            "type": "object",
            "maxProperties": INPUTS_MAX,
            "additionalProperties": { "type": "string", "maxLength": 4096 },
        },
    })
}

/// Names of inputs that hold secrets at every connector: no manifest may hold their values.
pub const SECRET_INPUTS: [&str; 7] = [
    "password",
    "securityKey",
    "sk",
    "dek",
    "keytab",
    "secretKey",
    "secretAccessKey",
];

/// Secrets are references. `at` leads to the block that holds `config`.
pub fn no_plain_secret(at: &str) -> Rule {
    let known = list(&SECRET_INPUTS);
    let names = SECRET_INPUTS.join(", ");
    Rule::new(format!(
        "!has({at}.config) || {known}.all(i, !(i in {at}.config))"
    ))
    .message(Message::Message(format!(
        "config must not hold secrets: move {names} to secretConfig"
    )))
}

/// Names stand without the prefix that the operator adds.
pub fn no_prefix(at: &str, prefix: &str) -> Rule {
    let ends = |map: &str| format!("(!has({at}.{map}) || {at}.{map}.all(i, !i.startsWith('{prefix}.')))");
    let secrets =
        format!("(!has({at}.secretConfig) || {at}.secretConfig.all(s, !s.input.startsWith('{prefix}.')))");
    Rule::new(format!(
        "{} && {} && {secrets}",
        ends("config"),
        ends("mapConfig")
    ))
    .message(Message::Message(format!(
        "inputs are written without the prefix {prefix}.: take it off, the operator adds it"
    )))
}

/// An input has one value.
pub fn once(at: &str) -> Rule {
    let apart =
        format!("(!has({at}.config) || !has({at}.mapConfig) || {at}.mapConfig.all(i, !(i in {at}.config)))");
    let secrets = format!(
        "(!has({at}.secretConfig) || {at}.secretConfig.all(s, (!has({at}.config) || !(s.input in {at}.config)) && (!has({at}.mapConfig) || !(s.input in {at}.mapConfig))))"
    );
    Rule::new(format!("{apart} && {secrets}")).message(
        "an input must stand in one of config, mapConfig and secretConfig only: drop it from the others",
    )
}

/// Inputs that are booleans hold `true` or `false`.
pub fn booleans(at: &str, known: &[&str]) -> Rule {
    let names = known.join(", ");
    let known = list(known);
    let wrong = format!("i in {at}.config && !({at}.config[i] in ['true', 'false', ''])");
    Rule::new(format!("!has({at}.config) || {known}.all(i, !({wrong}))")).message(Message::Message(format!(
        "config inputs must be \"true\" or \"false\" where they are switches: {names}"
    )))
}

/// The inputs that the vendor marks as mandatory for one connector. `guard` says when the rule does not hold, `field` names
/// the block to users. A rule for each connector, because a message that is put together costs more than admission allows.
pub fn mandatory(at: &str, field: &str, guard: &str, (connector, inputs): (&str, &[&str])) -> Rule {
    let given = |input: &&str| {
        format!(
            "((has({at}.config) && '{input}' in {at}.config) || (has({at}.mapConfig) && '{input}' in {at}.mapConfig) || (has({at}.secretConfig) && {at}.secretConfig.exists(s, s.input == '{input}')))"
        )
    };
    let all: Vec<String> = inputs.iter().map(given).collect();
    Rule::new(format!(
        "{guard} || {at}.connectorName != '{connector}' || ({})",
        all.join(" && ")
    ))
    .message(Message::Message(format!(
        "{field} lacks inputs that {connector} requires: give {}, secrets in secretConfig",
        inputs.join(", ")
    )))
}

/// Adds rules to the schema of a structure.
pub fn add(schema: &mut schemars::Schema, rules: impl Iterator<Item = Rule>) {
    for rule in rules {
        // Rules are written into a schema that is an object, which every structure's is.
        let _ = kube::core::validate(schema, rule);
    }
}

/// A list of texts as CEL writes it.
pub fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    format!("[{}]", quoted.join(", "))
}

/// The vendor's rule for names of jobs and links, error `Cdm.0110`; `all` is the word that lists.
pub fn name_rule() -> Rule {
    Rule::new("self.matches('^[A-Za-z][A-Za-z0-9_-]*$') && self != 'all'")
        .message("name must start with a letter, hold only letters, digits, '_' and '-', and not be all, which is the service's word for the list")
}

/// The same for `metadata.name` where it serves as name. A name of an object may be longer and hold dots.
pub fn object_name_rule() -> Rule {
    Rule::new("has(self.spec.forProvider.name) || (size(self.metadata.name) <= 240 && self.metadata.name.matches('^[a-z][a-z0-9-]*$') && self.metadata.name != 'all')")
        .message("metadata.name must start with a letter, hold only letters, digits and '-', have at most 240 characters and not be all: choose another one or set spec.forProvider.name")
}
