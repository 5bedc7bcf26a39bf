//! The values of a job or link: how they are read from a request, held by full input name, and written in an answer.

use serde_json::{Map, Value, json};

use super::error;
use super::tables::{self, Connector, Input};
use crate::call::decode;
use crate::reply::Refusal;
use crate::world::{AddedInputs, CdmSwitches, EmptyInputs, Encoding, SecretEcho};

/// Values by full input name, such as `fromJobConfig.tableName`.
pub(super) type Values = Map<String, Value>;

/// What stands in place of a secret in newer releases.
const PLACEHOLDER: &str = "Add password here";

/// Which part of a job or link values are of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Block {
    /// `from-config-values`.
    From,
    /// `to-config-values`.
    To,
    /// `driver-config-values`.
    Driver,
    /// `link-config-values`.
    Link,
}

impl Block {
    /// The member that holds it.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::From => "from-config-values",
            Self::To => "to-config-values",
            Self::Driver => "driver-config-values",
            Self::Link => "link-config-values",
        }
    }

    /// Its only config; the driver has several.
    fn config(self) -> Option<&'static str> {
        match self {
            Self::From => Some("fromJobConfig"),
            Self::To => Some("toJobConfig"),
            Self::Link => Some("linkConfig"),
            Self::Driver => None,
        }
    }

    fn has(self, config: &str) -> bool {
        match self.config() {
            Some(own) => own == config,
            None => tables::DRIVER.iter().any(|(own, _)| *own == config),
        }
    }

    /// The input of a name, where its connector is known.
    fn input(self, connector: &str, name: &str) -> Option<Input> {
        let (config, last) = name.split_once('.')?;
        let known: Option<&Connector> = tables::connector(connector);
        let table = match self {
            Self::From => known?.source?,
            Self::To => known?.destination?,
            Self::Link => known?.link,
            Self::Driver => tables::DRIVER.iter().find(|(own, _)| *own == config)?.1,
        };
        tables::inputs(table).find(|input| input.name == last)
    }

    /// Whether the connector is known to have the input.
    pub(super) fn knows(self, connector: &str, name: &str) -> bool {
        // The quote of JDBC identifiers is the one input that is not below its config.
        name == "dialect.identifierEnclose" || self.input(connector, name).is_some()
    }

    fn added(self, connector: &str, switches: &CdmSwitches) -> Vec<(&'static str, &'static str)> {
        match (switches.added_inputs, self) {
            (AddedInputs::None, _) => Vec::new(),
            (_, Self::From) => tables::added_to_source(connector).to_vec(),
            (_, Self::To) => tables::added_to_destination(connector).to_vec(),
            (_, Self::Link) => tables::added_to_link(connector).to_vec(),
            (AddedInputs::Older, Self::Driver) => tables::DRIVER_ADDED.to_vec(),
            (AddedInputs::Recent, Self::Driver) => {
                [tables::DRIVER_ADDED, tables::DRIVER_ADDED_RECENTLY].concat()
            }
        }
    }
}

/// A value's text; empty when it is absent or no text.
pub(super) fn text<'a>(values: &'a Values, name: &str) -> &'a str {
    crate::schema::text(values, name)
}

/// Whether an input holds a secret.
pub(super) fn is_secret(name: &str, switches: &CdmSwitches) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    switches.secret_inputs.iter().any(|secret| secret == last)
}

/// Reads the values of a block of a job or link.
pub(super) fn read(
    block: Block,
    owner: &Map<String, Value>,
    switches: &CdmSwitches,
) -> Result<Values, Refusal> {
    let member = block.member();
    let Some(Value::Object(held)) = owner.get(member) else {
        return Err(error::invalid(&format!("{member} is mandatory")));
    };
    let configs = match held.get("configs") {
        Some(Value::Array(configs)) => configs.as_slice(),
        None | Some(Value::Null) => &[],
        Some(_) => return Err(error::mistyped("configs")),
    };
    let mut values = Values::new();
    for config in configs {
        read_config(block, config, switches, &mut values)?;
    }
    Ok(values)
}

fn read_config(
    block: Block,
    config: &Value,
    switches: &CdmSwitches,
    values: &mut Values,
) -> Result<(), Refusal> {
    let name = config.get("name").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() {
        return Err(error::invalid("configs.name is mandatory"));
    }
    if !block.has(name) {
        let why = format!("The configuration item {name} is incorrect.");
        return Err(error::catalogued("Cdm.0088", &why));
    }
    let inputs = match config.get("inputs") {
        Some(Value::Array(inputs)) => inputs.as_slice(),
        // The samples send an empty object for none.
        Some(Value::Object(none)) if none.is_empty() => &[],
        None | Some(Value::Null) => &[],
        Some(_) => return Err(error::mistyped("inputs")),
    };
    for input in inputs {
        let full = input.get("name").and_then(Value::as_str).unwrap_or_default();
        if full.is_empty() {
            return Err(error::invalid("inputs.name is mandatory"));
        }
        if let Some(value) = read_value(full, input.get("value"), switches)? {
            values.insert(full.to_owned(), value);
        }
    }
    Ok(())
}

fn read_value(name: &str, value: Option<&Value>, switches: &CdmSwitches) -> Result<Option<Value>, Refusal> {
    Ok(match value {
        None | Some(Value::Null) => None,
        Some(Value::Bool(truth)) => Some(json!(truth.to_string())),
        Some(Value::Number(number)) => Some(json!(number.to_string())),
        Some(Value::String(text)) if switches.decode_values => Some(json!(decode(text))),
        Some(value @ (Value::String(_) | Value::Object(_))) => Some(value.clone()),
        Some(Value::Array(_)) => return Err(error::mistyped(name)),
    })
}

/// The values with what is answered unasked.
pub(super) fn whole(block: Block, connector: &str, values: &Values, switches: &CdmSwitches) -> Values {
    let mut all = Values::new();
    for (name, value) in block.added(connector, switches) {
        all.insert(name.to_owned(), json!(value));
    }
    all.extend(values.clone());
    all
}

/// A block as answered.
pub(super) fn write(block: Block, connector: &str, values: &Values, switches: &CdmSwitches) -> Value {
    let all = whole(block, connector, values, switches);
    let configs: Vec<Value> = match block.config() {
        Some(config) => vec![write_config(block, connector, config, &all, switches)],
        None => tables::DRIVER
            .iter()
            .filter_map(|(config, _)| {
                let prefix = format!("{config}.");
                let own: Values = all
                    .iter()
                    .filter(|(name, _)| name.starts_with(&prefix))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                let shown = !own.is_empty() || shows_empty(config, switches);
                shown.then(|| write_config(block, connector, config, &own, switches))
            })
            .collect(),
    };
    json!({ "configs": configs })
}

/// Which configs of the driver are answered without inputs.
fn shows_empty(config: &str, switches: &CdmSwitches) -> bool {
    match switches.added_inputs {
        AddedInputs::Recent => true,
        AddedInputs::Older => config == "jarConfig",
        AddedInputs::None => false,
    }
}

fn write_config(
    block: Block,
    connector: &str,
    config: &str,
    values: &Values,
    switches: &CdmSwitches,
) -> Value {
    let inputs: Vec<Value> = values
        .iter()
        .zip(1_u64..)
        .map(|((name, value), number)| write_input(block, connector, (name, value), number, switches))
        .collect();
    let inputs = if inputs.is_empty() && switches.empty_inputs == EmptyInputs::Object {
        json!({})
    } else {
        Value::Array(inputs)
    };
    if block == Block::Link {
        json!({"id": 3, "type": "LINK", "name": config, "inputs": inputs})
    } else if switches.full_inputs {
        json!({"id": 11, "type": "JOB", "name": config, "inputs": inputs})
    } else {
        json!({"name": config, "inputs": inputs})
    }
}

fn write_input(
    block: Block,
    connector: &str,
    (name, value): (&str, &Value),
    number: u64,
    switches: &CdmSwitches,
) -> Value {
    let known = block.input(connector, name);
    let secret = is_secret(name, switches);
    let mut input = Map::from_iter([("name".to_owned(), json!(name))]);
    let mut put = |name: &str, value: Value| input.insert(name.to_owned(), value);
    match (secret, switches.secret_echo) {
        (false, _) => {
            put("value", write_value(value, switches.encoding));
        }
        (true, SecretEcho::Placeholder) => {
            put("value", json!(PLACEHOLDER));
        }
        (true, SecretEcho::Omit) => {}
    }
    if block == Block::Link || switches.full_inputs {
        let kind = if value.is_object() { "MAP" } else { "STRING" };
        put("type", json!(known.map_or(kind, |known| known.kind)));
    }
    if secret || switches.full_inputs {
        put("sensitive", json!(secret));
        put("mandatory", json!(known.is_some_and(|known| known.mandatory)));
        put("size", json!(if secret { 32 } else { 1024 }));
    }
    if switches.full_inputs {
        put("id", json!(number));
        put("editable", json!("ANY"));
        put("overrides", json!(""));
        put("validators", json!([]));
    }
    Value::Object(input)
}

/// Maps are written as they are.
fn write_value(value: &Value, encoding: Encoding) -> Value {
    match (value, encoding) {
        (Value::String(text), Encoding::Percent) => json!(encode(text, "%20")),
        (Value::String(text), Encoding::Form) => json!(encode(text, "+")),
        (value, _) => value.clone(),
    }
}

/// Percent escapes as `java.net.URLEncoder` writes them, but for the space.
fn encode(text: &str, space: &str) -> String {
    let escaped = text.bytes().map(|byte| match byte {
        b' ' => space.to_owned(),
        b'.' | b'-' | b'*' | b'_' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    escaped.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_as_java_does_but_for_the_space() {
        assert_eq!(
            encode("/a b|c,d:e&f%0A+é", "%20"),
            "%2Fa%20b%7Cc%2Cd%3Ae%26f%250A%2B%C3%A9"
        );
        assert_eq!(encode("a b", "+"), "a+b");
    }
}
