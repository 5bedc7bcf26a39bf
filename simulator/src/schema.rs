//! Request bodies as tables of fields: unknown members, missing ones, types, lengths and words.

use serde_json::{Map, Value};

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Name on the wire.
    pub(crate) name: &'static str,
    /// The mandatory column.
    pub(crate) required: bool,
    /// The type column.
    pub(crate) shape: Shape,
}

/// A type, with what the description says about it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// String of at most so many characters.
    Text(usize),
    /// String that is one of some words.
    Word(&'static [&'static str]),
    /// String of digits.
    Digits,
    /// Name: starts with a letter or digit; letters, digits, `.`, `_`, `-`; at most so many characters.
    Name(usize),
    /// Integer within bounds.
    Integer(i64, i64),
    /// Boolean.
    Boolean,
    /// Anything at all.
    Any,
    /// Object of a table.
    Object(&'static [Field]),
    /// Array of objects of a table.
    Array(&'static [Field]),
}

/// A mandatory field.
pub(crate) const fn must(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        required: true,
        shape,
    }
}

/// An optional field.
pub(crate) const fn may(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        required: false,
        shape,
    }
}

/// Checks an object against a table; the error names the field.
pub(crate) fn check(object: &Map<String, Value>, table: &[Field], at: &str) -> Result<(), String> {
    if let Some(unknown) = object
        .keys()
        .find(|name| table.iter().all(|field| field.name != *name))
    {
        return Err(format!("unknown field {}", join(at, unknown)));
    }
    for field in table {
        let path = join(at, field.name);
        // Null stands for a member that is left out: the samples send it for optional ones.
        match object.get(field.name).filter(|value| !value.is_null()) {
            None if field.required => return Err(format!("{path} is mandatory")),
            None => {}
            Some(value) => check_value(value, field, &path)?,
        }
    }
    Ok(())
}

fn check_value(value: &Value, field: &Field, path: &str) -> Result<(), String> {
    match (field.shape, value) {
        (Shape::Any, _) | (Shape::Boolean, Value::Bool(_)) => Ok(()),
        (Shape::Object(table), Value::Object(object)) => check(object, table, path),
        (Shape::Array(table), Value::Array(items)) => items.iter().enumerate().try_for_each(|(n, item)| {
            let path = format!("{path}[{n}]");
            let object = item
                .as_object()
                .ok_or_else(|| format!("{path} must be an object"))?;
            check(object, table, &path)
        }),
        (Shape::Integer(low, high), Value::Number(number)) => match number.as_i64() {
            Some(n) if (low..=high).contains(&n) => Ok(()),
            Some(_) => Err(format!("{path} must be from {low} to {high}")),
            None => Err(format!("{path} must be an integer")),
        },
        (shape, Value::String(text)) => check_text(shape, text, field.required, path),
        (shape, _) => Err(format!("{path} must be {}", kind(shape))),
    }
}

fn check_text(shape: Shape, text: &str, required: bool, path: &str) -> Result<(), String> {
    if text.is_empty() && required {
        return Err(format!("{path} is mandatory"));
    }
    match shape {
        Shape::Text(most) if text.chars().count() > most => {
            Err(format!("{path} can contain a maximum of {most} characters"))
        }
        Shape::Name(most) if !is_name(text, most) => Err(format!("{path} is not a valid name")),

        // The samples send empty strings for what is not set.
        Shape::Word(_) | Shape::Digits if text.is_empty() => Ok(()),
        Shape::Word(words) if !words.contains(&text) => {
            Err(format!("{path} must be one of {}", words.join(", ")))
        }
        Shape::Digits if !text.bytes().all(|b| b.is_ascii_digit()) => {
            Err(format!("{path} must be a string of digits"))
        }
        Shape::Text(_) | Shape::Name(_) | Shape::Word(_) | Shape::Digits => Ok(()),
        _ => Err(format!("{path} must be {}", kind(shape))),
    }
}

fn is_name(text: &str, most: usize) -> bool {
    text.len() <= most
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

fn kind(shape: Shape) -> &'static str {
    match shape {
        Shape::Text(_) | Shape::Word(_) | Shape::Digits | Shape::Name(_) => "a string",
        Shape::Integer(..) => "an integer",
        Shape::Boolean => "a boolean",
        Shape::Any => "a value",
        Shape::Object(_) => "an object",
        Shape::Array(_) => "an array",
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

/// A member's text; empty when it is absent, null or no string.
pub(crate) fn text<'a>(object: &'a Map<String, Value>, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}
