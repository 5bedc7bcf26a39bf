//! How answers are read where vendors are loose about types: text or number, object or list of one, null or missing.
//! Only shapes, no meaning.
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Text; numbers and booleans as they are written, null and `""` as none.
///
/// # Errors
/// When there is an object or a list.
pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::Array(_) | Value::Object(_) => Err(D::Error::custom("expected text")),
    }
}

/// A boolean, also when it is written as text; anything else as none.
///
/// # Errors
/// When there is no JSON value.
pub fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Bool(flag) => Some(flag),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// A whole number, also when it is written as text; anything else as none.
///
/// # Errors
/// When there is no JSON value.
pub fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// An object, also when it stands alone in a list; null and the empty list as none.
///
/// # Errors
/// When the list holds several, or the object has another shape.
pub fn one<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    let value = match Value::deserialize(from)? {
        Value::Array(mut list) if list.len() < 2 => list.pop().unwrap_or(Value::Null),
        value => value,
    };
    serde_json::from_value(value).map_err(D::Error::custom)
}

/// A list; null as the empty one.
///
/// # Errors
/// When an element has another shape.
pub fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Loose {
        #[serde(deserialize_with = "text")]
        text: Option<String>,
        #[serde(deserialize_with = "flag")]
        flag: Option<bool>,
        #[serde(deserialize_with = "number")]
        number: Option<i64>,
        #[serde(deserialize_with = "one")]
        one: Option<Vec<i64>>,
        #[serde(deserialize_with = "list")]
        list: Vec<i64>,
    }

    fn read(value: Value) -> Loose {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn null_empty_and_missing_are_alike() {
        let nothing = Loose::default();
        assert_eq!(read(json!({})), nothing);
        assert_eq!(
            read(json!({"text": null, "flag": null, "number": null, "one": null, "list": null})),
            nothing
        );
        assert_eq!(
            read(json!({"text": "", "flag": "", "number": "", "one": [], "list": []})),
            nothing
        );
    }

    #[test]
    fn numbers_and_booleans_may_be_text() {
        let read = read(json!({"text": 60, "flag": "True", "number": " 60 "}));
        assert_eq!(read.text.as_deref(), Some("60"));
        assert_eq!(read.flag, Some(true));
        assert_eq!(read.number, Some(60));
    }

    #[test]
    fn an_object_may_stand_alone_in_a_list() {
        #[derive(Debug, Deserialize)]
        struct Outer {
            #[serde(deserialize_with = "one")]
            inner: Option<Inner>,
        }
        #[derive(Debug, Deserialize, PartialEq)]
        struct Inner {
            a: i64,
        }
        let plain: Outer = serde_json::from_value(json!({"inner": {"a": 1}})).unwrap();
        let wrapped: Outer = serde_json::from_value(json!({"inner": [{"a": 1}]})).unwrap();
        assert_eq!(plain.inner, wrapped.inner);
        assert!(serde_json::from_value::<Outer>(json!({"inner": [{"a": 1}, {"a": 2}]})).is_err());
    }

    #[test]
    fn an_object_is_no_text() {
        assert!(serde_json::from_value::<Loose>(json!({"text": {}})).is_err());
    }
}
