//! JSON that users are shown and that is compared as a whole. Kept as text: caches hold it thousands of times, and a
//! tree of maps takes many times its length.
use serde::de::Deserializer;
use serde::ser::{Error, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A JSON value; equal values are equal texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown(Box<str>);

impl From<Value> for Shown {
    fn from(value: Value) -> Self {
        Self(value.to_string().into())
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value: Value = serde_json::from_str(&self.0).map_err(S::Error::custom)?;
        value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_members_makes_no_difference() {
        let read: Shown = serde_json::from_str(r#"{"b": 1, "a": [1.5, null]}"#).unwrap();
        assert_eq!(read, json!({"a": [1.5, null], "b": 1}).into());
        assert_eq!(
            serde_json::to_value(&read).unwrap(),
            json!({"a": [1.5, null], "b": 1})
        );
    }
}
