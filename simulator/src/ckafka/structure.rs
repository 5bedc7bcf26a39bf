//! The structures of the wire as tables: what requests may hold, and what answers always hold.

use serde_json::{Map, Value, json};

use crate::world::Secrets;

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// Name on the wire.
    pub(super) name: &'static str,
    required: bool,
    shape: Shape,
    out: Out,
}

/// A structure.
pub(super) type Table = [Field];

/// A type, with what the description says about it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// String.
    Text,
    /// String that may be empty even where it is required.
    Blank,
    /// String of at most so many characters.
    Short(usize),
    /// String that is one of some words.
    Word(&'static [&'static str]),
    /// String that is never answered as it is.
    Secret,
    /// Integer.
    Integer,
    /// Integer from 0.
    Unsigned,
    /// Boolean.
    Boolean,
    /// Array of strings.
    Texts,
    /// Object.
    Struct(&'static Table),
    /// Array of objects.
    List(&'static Table),
}

/// What an answer holds where nothing was set.
#[derive(Clone, Copy, Debug)]
pub(super) enum Out {
    /// The empty value of its type.
    Always,
    /// A word.
    Word(&'static str),
    /// A number.
    Number(i64),
    /// null.
    Null,
    /// Nothing.
    Absent,
}

/// A required field.
pub(super) const fn must(name: &'static str, shape: Shape, out: Out) -> Field {
    Field {
        name,
        required: true,
        shape,
        out,
    }
}

/// An optional field.
pub(super) const fn may(name: &'static str, shape: Shape, out: Out) -> Field {
    Field {
        name,
        required: false,
        shape,
        out,
    }
}

/// What is wrong with a request, by path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Defect {
    /// A member that the action does not know.
    Unknown(String),
    /// A required member is missing.
    Missing(String),
    /// A required member is empty.
    Empty(String),
    /// A JSON type is wrong; what is expected.
    Kind(String, &'static str),
    /// A value is wrong; why.
    Value(String, String),
}

/// Checks an object against a table.
pub(super) fn check(object: &Map<String, Value>, table: &Table, at: &str) -> Result<(), Defect> {
    if let Some(unknown) = object
        .keys()
        .find(|name| table.iter().all(|field| field.name != *name))
    {
        return Err(Defect::Unknown(join(at, unknown)));
    }
    for field in table {
        let path = join(at, field.name);
        // Null is taken for a member that is left out.
        match object.get(field.name).filter(|value| !value.is_null()) {
            None if field.required => return Err(Defect::Missing(path)),
            None => {}
            Some(value) => check_value(value, field, path)?,
        }
    }
    Ok(())
}

fn check_value(value: &Value, field: &Field, path: String) -> Result<(), Defect> {
    match (field.shape, value) {
        (Shape::Boolean, Value::Bool(_)) => Ok(()),
        (Shape::Struct(table), Value::Object(object)) => check(object, table, &path),
        (Shape::List(table), Value::Array(items)) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(n, item)| {
                let path = format!("{path}.{n}");
                match item.as_object() {
                    Some(object) => check(object, table, &path),
                    None => Err(Defect::Kind(path, "an object")),
                }
            })
        }
        (Shape::Texts, Value::Array(items)) => match items.iter().position(|item| !item.is_string()) {
            Some(n) => Err(Defect::Kind(format!("{path}.{n}"), "a string")),
            None => Ok(()),
        },
        (Shape::Integer, Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(()),
        (Shape::Unsigned, Value::Number(number)) if number.is_u64() => Ok(()),
        (shape, Value::String(text)) => check_text(shape, text, field.required, path),
        (shape, _) => Err(Defect::Kind(path, kind(shape))),
    }
}

fn check_text(shape: Shape, text: &str, required: bool, path: String) -> Result<(), Defect> {
    match shape {
        Shape::Text | Shape::Secret | Shape::Short(_) | Shape::Word(_) if text.is_empty() => {
            if required {
                Err(Defect::Empty(path))
            } else {
                Ok(())
            }
        }
        Shape::Short(most) if text.chars().count() > most => {
            Err(Defect::Value(path, format!("at most {most} characters")))
        }
        Shape::Blank | Shape::Text | Shape::Secret | Shape::Short(_) => Ok(()),
        Shape::Word(words) if words.contains(&text) => Ok(()),
        Shape::Word(words) => Err(Defect::Value(path, format!("one of {}", words.join(", ")))),
        shape => Err(Defect::Kind(path, kind(shape))),
    }
}

fn kind(shape: Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::Blank | Shape::Short(_) | Shape::Word(_) | Shape::Secret => "a string",
        Shape::Integer => "an integer",
        Shape::Unsigned => "an integer from 0",
        Shape::Boolean => "a boolean",
        Shape::Texts => "an array of strings",
        Shape::Struct(_) => "an object",
        Shape::List(_) => "an array of objects",
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

/// What is answered of an object: filled up as the table says, secrets as the switch says.
pub(super) fn shown(object: &Map<String, Value>, table: &Table, secrets: Secrets) -> Value {
    let mut shown = Map::new();
    for field in table {
        let set = object.get(field.name).filter(|value| !value.is_null());
        let value = match set {
            Some(value) => shown_value(value, field.shape, secrets),
            None => unset(field, secrets),
        };
        if let Some(value) = value {
            shown.insert(field.name.to_owned(), value);
        }
    }
    Value::Object(shown)
}

fn shown_value(value: &Value, shape: Shape, secrets: Secrets) -> Option<Value> {
    Some(match (shape, value) {
        (Shape::Secret, _) => {
            return match secrets {
                Secrets::Absent => None,
                Secrets::Empty => Some(json!("")),
                Secrets::Masked => Some(json!("******")),
                Secrets::Plain => Some(value.clone()),
            };
        }
        (Shape::Struct(table), Value::Object(object)) => shown(object, table, secrets),
        (Shape::List(table), Value::Array(items)) => items
            .iter()
            .filter_map(Value::as_object)
            .map(|item| shown(item, table, secrets))
            .collect(),
        _ => value.clone(),
    })
}

fn unset(field: &Field, secrets: Secrets) -> Option<Value> {
    Some(match field.out {
        Out::Absent => return None,
        Out::Null => Value::Null,
        Out::Word(word) => json!(word),
        Out::Number(number) => json!(number),
        Out::Always => match field.shape {
            Shape::Boolean => json!(false),
            Shape::Integer | Shape::Unsigned => json!(0),
            Shape::Texts | Shape::List(_) => json!([]),
            Shape::Struct(table) => shown(&Map::new(), table, secrets),
            _ => json!(""),
        },
    })
}

/// The secrets of an object by path.
pub(super) fn secrets(
    object: &Map<String, Value>,
    table: &Table,
    at: &str,
    found: &mut Vec<(String, String)>,
) {
    for field in table {
        let path = join(at, field.name);
        match (field.shape, object.get(field.name)) {
            (Shape::Secret, Some(Value::String(text))) => found.push((path, text.clone())),
            (Shape::Struct(table), Some(Value::Object(object))) => secrets(object, table, &path, found),
            _ => {}
        }
    }
}
