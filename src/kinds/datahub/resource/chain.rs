//! One step of the newer processing rules, and what it does to values.
use kube::KubeSchema;
use kube::core::{Message, Rule};
use serde::{Deserialize, Serialize};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldParam {
    /// How the message is read.
    pub analyse: AnalyseParam,
    /// How fields are read once more.
    pub secondary_analyse: Option<SecondaryAnalyseParam>,
    /// The fields that come out, in this order.
    #[schemars(length(max = 100))]
    pub smt: Option<Vec<SmtParam>>,
}

/// How a message is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnalyseParam {
    /// `JSON`, `DELIMITER`, `REGULAR`, or `SOURCE` for all that the step before gave.
    #[schemars(extend("enum" = ["JSON", "DELIMITER", "REGULAR", "SOURCE"]))]
    pub format: String,
    /// The delimiter, or the regular expression.
    #[schemars(length(max = 4096))]
    pub regex: Option<String>,
    /// How `inputValue` is read, such as `JSONPATH`.
    #[schemars(length(min = 1, max = 64))]
    pub input_value_type: Option<String>,
    /// What of the message is read, such as `$.log`.
    #[schemars(length(min = 1, max = 4096))]
    pub input_value: Option<String>,
}

/// How fields are read once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondaryAnalyseParam {
    /// The delimiter.
    #[schemars(length(max = 4096))]
    pub regex: String,
}

/// A field that comes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SmtParam {
    /// The field.
    #[schemars(length(min = 1, max = 256))]
    pub key: String,
    /// Where its value comes from: `DATE`, `CUSTOMIZE`, `MAPPING` or `JSONPATH`.
    #[schemars(extend("enum" = ["DATE", "CUSTOMIZE", "MAPPING", "JSONPATH"]))]
    pub operate: String,
    /// Its type: `ORIGINAL`, `STRING`, `INT64`, `FLOAT64`, `BOOLEAN`, `MAP` or `ARRAY`.
    #[schemars(extend("enum" = ["ORIGINAL", "STRING", "INT64", "FLOAT64", "BOOLEAN", "MAP", "ARRAY"]))]
    pub scheme_type: String,
    /// The value.
    #[schemars(length(max = 65_536))]
    pub value: Option<String>,
    /// What is done to the value; the older form, of one step.
    pub value_operate: Option<Box<ValueParam>>,
    /// The value as it was.
    #[schemars(length(max = 65_536))]
    pub original_value: Option<String>,
    /// What is done to the value, in this order.
    #[schemars(length(max = 16))]
    pub value_operates: Option<Vec<ValueParam>>,
}

/// What is done to a value. `type` names the one parameter that it needs; `TRIM` needs none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = needs("REPLACE", "replace"),
    validation = needs("SUBSTR", "substr"),
    validation = needs("DATE", "date"),
    validation = needs("REGEX_REPLACE", "regexReplace"),
    validation = needs("SPLIT", "split"),
    validation = needs("KV", "kv"),
    validation = needs("JSON_PATH_REPLACE", "jsonPathReplace"),
    validation = needs("URL_DECODE", "urlDecode"),
    validation = needs("LOWERCASE", "lowercase")
)]
pub struct ValueParam {
    /// `REPLACE`, `SUBSTR`, `DATE`, `TRIM`, `REGEX_REPLACE`, `SPLIT`, `KV`, `JSON_PATH_REPLACE`, `URL_DECODE` or
    /// `LOWERCASE`.
    #[serde(rename = "type")]
    #[schemars(length(min = 1, max = 32))]
    pub type_: String,
    /// Replaces text; for `REPLACE`.
    pub replace: Option<ReplaceParam>,
    /// Takes a part; for `SUBSTR`.
    pub substr: Option<SubstrParam>,
    /// Writes a date; for `DATE`.
    pub date: Option<DateParam>,
    /// Replaces by a regular expression; for `REGEX_REPLACE`.
    pub regex_replace: Option<RegexReplaceParam>,
    /// Splits; for `SPLIT`.
    pub split: Option<SplitParam>,
    /// Reads keys and values; for `KV`.
    pub kv: Option<KvParam>,
    /// Replaces by JSONPath; for `JSON_PATH_REPLACE`.
    pub json_path_replace: Option<JsonPathReplaceParam>,
    /// Decodes URLs; for `URL_DECODE`.
    pub url_decode: Option<UrlDecodeParam>,
    /// Writes small letters; for `LOWERCASE`. Has no fields: write `{}`.
    pub lowercase: Option<LowercaseParam>,
}

/// Old text and new text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplaceParam {
    /// What is replaced.
    #[schemars(length(max = 4096))]
    pub old_value: String,
    /// By what.
    #[schemars(length(max = 4096))]
    pub new_value: String,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubstrParam {
    /// Where it begins.
    pub start: i64,
    /// Where it ends.
    pub end: i64,
}

/// How a date is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct DateParam {
    /// The form, such as `yyyy-MM-dd HH:mm:ss`.
    #[schemars(length(max = 4096))]
    pub format: Option<String>,
    /// `string` (default) or `unix`.
    #[schemars(extend("enum" = ["string", "unix"]))]
    pub target_type: Option<String>,
    /// The time zone; `GMT+8` by default.
    #[schemars(length(max = 4096))]
    pub time_zone: Option<String>,
}

/// A regular expression and what replaces what it finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegexReplaceParam {
    /// What is replaced.
    #[schemars(length(max = 4096))]
    pub regex: String,
    /// By what.
    #[schemars(length(max = 4096))]
    pub new_value: String,
}

/// How a text is split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SplitParam {
    /// The delimiter.
    #[schemars(length(max = 4096))]
    pub regex: String,
}

/// How keys and values are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct KvParam {
    /// What stands between key and value.
    #[schemars(length(max = 4096))]
    pub delimiter: String,
    /// What stands between entries.
    #[schemars(length(max = 4096))]
    pub regex: String,
    /// Whether the original field is kept: the text `"true"` or `"false"` (default).
    #[schemars(extend("enum" = ["true", "false"]))]
    pub keep_original_key: Option<String>,
}

/// A JSONPath and what replaces what it finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct JsonPathReplaceParam {
    /// The path of what is replaced.
    #[schemars(length(max = 4096))]
    pub old_value: String,
    /// A path, or text.
    #[schemars(length(max = 4096))]
    pub new_value: String,
}

/// How URLs are decoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct UrlDecodeParam {
    /// The character set, such as `UTF-8`.
    #[schemars(length(max = 4096))]
    pub charset_name: Option<String>,
}

/// Small letters. Has no fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
pub struct LowercaseParam {}

/// That the parameter which a type names is there.
fn needs(type_: &str, field: &str) -> Rule {
    Rule::new(format!("self.type != '{type_}' || has(self.{field})")).message(Message::Message(format!(
        "a value operation of type {type_} needs {field}: set it"
    )))
}
