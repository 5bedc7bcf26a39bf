//! The inputs of a connector in their normal form: from spec and wire into it, out of it onto the wire, and when two
//! values are the same. Pure.
use super::resource::{ConnectorInputs, SECRET_INPUTS};
use super::wire::answer::{Config, ConfigValues, Input};
use super::wire::request::{ConfigBody, ConfigValuesBody, InputBody, ValueBody};
use crate::api::reference::SecretKeyRef;
use crate::engine::kind::SecretValues;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What newer consoles show in place of a secret.
const MASK: &str = "Add password here";

/// Texts by input; none where the service says that there is a value and does not show it.
pub type Texts = BTreeMap<String, Option<String>>;

/// Inputs without their prefix, in the words of the spec.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Inputs {
    /// Texts.
    pub config: Texts,
    /// Objects.
    pub map_config: BTreeMap<String, BTreeMap<String, String>>,
}

impl Inputs {
    /// As wished.
    pub fn desired(spec: &ConnectorInputs) -> Self {
        let text = |(name, value): (&String, &String)| (name.clone(), Some(value.clone()));
        Self {
            config: spec.config.iter().map(text).collect(),
            map_config: spec.map_config.clone(),
        }
    }

    /// As shown by the service, by whatever configuration they stand in.
    pub fn observed(values: &ConfigValues) -> Self {
        let mut inputs = Self::default();
        for (config, input) in values.configs.iter().flat_map(each) {
            let name = short(&config.name, &input.name);
            match shown(input) {
                Shown::Nothing => {}
                Shown::Hidden => {
                    inputs.config.insert(name.to_owned(), None);
                }
                Shown::Text(text) => {
                    inputs.config.insert(name.to_owned(), Some(text));
                }
                Shown::Map(map) => {
                    inputs.map_config.insert(name.to_owned(), map);
                }
            }
        }
        inputs
    }

    /// As sent, in one configuration of this name. Inputs whose value nobody knows are left out.
    pub fn body<'a>(
        &'a self,
        config: &'a str,
        secrets: Vec<(&'a str, ValueBody<'a>)>,
        extended: Option<&'a Value>,
    ) -> ConfigValuesBody<'a> {
        let is_secret = |name: &str| secrets.iter().any(|(secret, _)| *secret == name);
        let texts = self.config.iter().filter_map(|(name, value)| {
            let value = value.as_deref().filter(|_| !is_secret(name))?;
            Some((name.as_str(), ValueBody::Text(value)))
        });
        let maps = self
            .map_config
            .iter()
            .map(|(name, map)| (name.as_str(), ValueBody::Map(map)));
        let mut inputs: Vec<InputBody<'a>> = texts.chain(maps).map(|one| input(config, one)).collect();
        inputs.extend(secrets.into_iter().map(|one| input(config, one)));
        ConfigValuesBody {
            configs: vec![ConfigBody { inputs, name: config }],
            extended_configs: extended,
        }
    }
}

/// One input of a body.
pub fn input<'a>(config: &str, (name, value): (&str, ValueBody<'a>)) -> InputBody<'a> {
    // A name with a dot of its own is written as it is.
    let name = if name.contains('.') {
        name.to_owned()
    } else {
        format!("{config}.{name}")
    };
    InputBody { name, value }
}

/// The secret inputs of a block by their paths; `at` leads to the block, with its dot.
pub fn secrets(at: &str, spec: &ConnectorInputs) -> Vec<(String, SecretKeyRef)> {
    let path = |input: &str| format!("{at}secretConfig.{input}");
    spec.secret_config
        .iter()
        .map(|one| (path(&one.input), one.secret_ref.clone()))
        .collect()
}

/// The values of the secret inputs of a block, by input.
pub fn secret_values<'a>(at: &str, values: &'a SecretValues) -> Vec<(&'a str, ValueBody<'a>)> {
    let front = format!("{at}secretConfig.");
    values
        .iter()
        .filter_map(|(path, value)| {
            let input = path.strip_prefix(&front)?;
            Some((input, ValueBody::Secret(value)))
        })
        .collect()
}

/// Every input of the configurations in a block, with its configuration.
pub fn each(config: &Config) -> impl Iterator<Item = (&Config, &Input)> {
    config.inputs.iter().map(move |input| (config, input))
}

/// An input's name without that of its configuration.
pub fn short<'a>(config: &str, name: &'a str) -> &'a str {
    name.strip_prefix(config)
        .and_then(|rest| rest.strip_prefix('.'))
        .unwrap_or(name)
}

/// What the service shows of an input.
#[derive(Debug, PartialEq)]
pub enum Shown {
    /// It has no value.
    Nothing,
    /// It has one that is not shown.
    Hidden,
    /// A text.
    Text(String),
    /// An object.
    Map(BTreeMap<String, String>),
}

/// Reads an input. Older releases leave the value of a secret out, newer ones write a sentence in its place.
pub fn shown(input: &Input) -> Shown {
    match &input.value {
        _ if input.sensitive => Shown::Hidden,
        None | Some(Value::Null) => Shown::Hidden,
        Some(Value::String(text)) if text == MASK => Shown::Hidden,
        Some(Value::String(text)) if text.is_empty() => Shown::Nothing,
        Some(Value::String(text)) => Shown::Text(decoded(text).into_owned()),
        Some(Value::Object(map)) => Shown::Map(
            map.iter()
                .map(|(key, value)| (key.clone(), plain(value)))
                .collect(),
        ),
        Some(other) => Shown::Text(plain(other)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A text with its escapes taken away once; as it is when they are none.
fn decoded(text: &str) -> Cow<'_, str> {
    let is_escape = |rest: &str| {
        let mut digits = rest.chars().take(2).filter(char::is_ascii_hexdigit);
        digits.next().is_some() && digits.next().is_some()
    };
    if !text.split('%').skip(1).all(is_escape) {
        return Cow::Borrowed(text);
    }
    percent_decode_str(text)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(text))
}

/// Whether an observed value is the wished one in the service's spelling. Both are as in the normal form: what the
/// service escaped was unescaped once.
pub fn agrees(path: &str, desired: &Value, observed: Option<&Value>) -> bool {
    let input = path.rsplit('.').next().unwrap_or(path);
    let Some(desired) = desired.as_str() else {
        return observed == Some(desired);
    };
    match observed {
        _ if is_secret(input) => true,
        // There is a value that the service does not show.
        Some(Value::Null) => true,
        Some(Value::String(observed)) => is_same(desired, observed),
        Some(_) => false,
        None => desired.is_empty(),
    }
}

fn is_same(desired: &str, observed: &str) -> bool {
    // Separators may be entered escaped, and the service may keep them so or not.
    let spelt = observed == desired || observed == decoded(desired);
    // Some releases escape as forms do.
    let has_words = desired.contains(' ') && !desired.contains('+') && !desired.trim().is_empty();
    spelt || (has_words && observed.replace('+', " ") == desired)
}

/// Whether an input holds a secret, by its name.
fn is_secret(input: &str) -> bool {
    SECRET_INPUTS.contains(&input) || input == "iv" || input.to_ascii_lowercase().ends_with("password")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn read(value: Value) -> Inputs {
        Inputs::observed(&serde_json::from_value(value).unwrap())
    }

    fn shown_as(observed: &str) -> Value {
        let input = Input {
            value: Some(observed.into()),
            ..Input::default()
        };
        match shown(&input) {
            Shown::Text(text) => text.into(),
            other => panic!("{other:?}"),
        }
    }

    #[rstest]
    #[case::as_sent("/orders/", "/orders/")]
    #[case::escaped("/orders/", "%2Forders%2F")]
    #[case::list("id&name", "id%26name")]
    #[case::space("2024-01-04 12:00:00", "2024-01-04%2012%3A00%3A00")]
    #[case::form("2024-01-04 12:00:00", "2024-01-04+12%3A00%3A00")]
    #[case::raw_percent("100%", "100%")]
    #[case::escape_kept("%0A", "%0A")]
    #[case::escape_resolved("%0A", "\n")]
    #[case::escape_escaped("%0A", "%250A")]
    #[case::plus("a+b", "a+b")]
    #[case::plus_escaped("a+b", "a%2Bb")]
    #[case::macros(
        "${dateformat(yyyyMMdd,-1,DAY)}",
        "%24%7Bdateformat%28yyyyMMdd%2C-1%2CDAY%29%7D"
    )]
    fn a_value_agrees_in_every_spelling(#[case] desired: &str, #[case] observed: &str) {
        let observed = shown_as(observed);
        assert!(
            agrees("from.config.x", &desired.into(), Some(&observed)),
            "{observed}"
        );
    }

    #[rstest]
    #[case("/orders/", "%2Fpayments%2F")]
    #[case("|", "%2C")]
    #[case(" ", "+")]
    #[case("a b", "ab")]
    fn another_value_does_not(#[case] desired: &str, #[case] observed: &str) {
        let observed = shown_as(observed);
        assert!(!agrees("from.config.x", &desired.into(), Some(&observed)));
    }

    #[test]
    fn empty_and_absent_are_alike() {
        assert!(agrees("from.config.x", &json!(""), None));
        assert!(!agrees("from.config.x", &json!("a"), None));
        assert!(!agrees("from.config.x", &json!(""), Some(&json!("a"))));
    }

    #[test]
    fn hidden_values_are_not_compared() {
        for name in ["password", "sk", "iv", "cloudPassword"] {
            let path = format!("to.config.{name}");
            assert!(agrees(&path, &json!("a"), Some(&json!("b"))), "{name}");
        }
        assert!(agrees("config.x", &json!("a"), Some(&Value::Null)));
        assert!(!agrees("config.disk", &json!("a"), Some(&json!("b"))));
    }

    #[test]
    fn inputs_are_read_in_every_shape() {
        let inputs = read(json!({"configs": [
            {"name": "linkConfig", "inputs": [
                {"name": "linkConfig.port", "value": 22},
                {"name": "linkConfig.useSSL", "value": false},
                {"name": "linkConfig.blank", "value": ""},
                {"name": "linkConfig.password", "size": 32, "sensitive": true, "type": "STRING"},
                {"name": "linkConfig.sk", "value": MASK},
                {"name": "linkConfig.words", "values": "a,b"},
                {"name": "linkConfig.properties", "value": {"a": "b", "n": 1}},
                {"name": "dialect.identifierEnclose", "value": "%22"},
            ]},
            {"name": "jarConfig", "inputs": {}},
            {"name": "transformConfig", "inputs": null},
        ]}));
        let expected = json!({
            "config": {"port": "22", "useSSL": "false", "password": null, "sk": null, "words": null,
                "dialect.identifierEnclose": "\""},
            "mapConfig": {"properties": {"a": "b", "n": "1"}},
        });
        assert_eq!(serde_json::to_value(inputs).unwrap(), expected);
    }

    #[test]
    fn inputs_go_out_qualified_and_what_is_hidden_does_not() {
        let inputs = read(json!({"configs": [{"name": "fromJobConfig", "inputs": [
            {"name": "fromJobConfig.tableName", "value": "orders"},
            {"name": "dialect.identifierEnclose", "value": "'"},
            {"name": "fromJobConfig.password"},
            {"name": "fromJobConfig.formats", "value": {"f:_date": "yyyy-MM-dd"}},
        ]}]}));
        let body = serde_json::to_value(inputs.body("fromJobConfig", vec![], None)).unwrap();
        let expected = json!({"configs": [{"name": "fromJobConfig", "inputs": [
            {"name": "dialect.identifierEnclose", "value": "'"},
            {"name": "fromJobConfig.tableName", "value": "orders"},
            {"name": "fromJobConfig.formats", "value": {"f:_date": "yyyy-MM-dd"}},
        ]}]});
        assert_eq!(body, expected);
    }
}
