//! How messages are processed on the way: the newer chain and the older rules.
use super::FailureParam;
use super::chain::FieldParam;
use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// The older processing rules, page `TransformParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransformParam {
    /// How messages are read: `JSON`, `DELIMITER` or `REGULAR`.
    #[schemars(extend("enum" = ["JSON", "DELIMITER", "REGULAR"]))]
    pub analysis_format: String,
    /// The form of what comes out, such as `JSON`.
    #[schemars(length(min = 1, max = 64))]
    pub output_format: String,
    /// What becomes of messages that fail.
    pub failure_param: FailureParam,
    /// A sample of what comes in.
    #[schemars(length(max = 65_536))]
    pub content: String,
    /// Where the sample came from: `TOPIC` or `CUSTOMIZE`.
    #[schemars(extend("enum" = ["TOPIC", "CUSTOMIZE"]))]
    pub source_type: String,
    /// The delimiter, or the regular expression.
    #[schemars(length(max = 4096))]
    pub regex: Option<String>,
    /// The fields that come out, in this order.
    #[schemars(length(max = 1000))]
    pub map_param: Option<Vec<MapParam>>,
    /// Which messages are carried.
    #[schemars(length(max = 100))]
    pub filter_param: Option<Vec<FilterMapParam>>,
    /// Whether an event bus is used.
    pub use_event_bus: Option<bool>,
}

/// A field that comes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct MapParam {
    /// The field.
    #[schemars(length(min = 1, max = 256))]
    pub key: String,
    /// Where its value comes from: `DEFAULT`, `DATE`, `CUSTOMIZE` or `MAPPING`.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["DEFAULT", "DATE", "CUSTOMIZE", "MAPPING"]))]
    pub type_: Option<String>,
    /// The value.
    #[schemars(length(max = 65_536))]
    pub value: Option<String>,
}

/// Which messages are carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct FilterMapParam {
    /// The field that is looked at.
    #[schemars(length(min = 1, max = 256))]
    pub key: String,
    /// How: `PREFIX`, `SUFFIX`, `CONTAINS`, `EXCEPT`, `NUMBER` or `IP`.
    #[schemars(extend("enum" = ["PREFIX", "SUFFIX", "CONTAINS", "EXCEPT", "NUMBER", "IP"]))]
    pub match_mode: String,
    /// What is looked for.
    #[schemars(length(max = 65_536))]
    pub value: String,
    /// Always `REGULAR`.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["REGULAR"]))]
    pub type_: Option<String>,
}

/// The newer processing rules, page `TransformsParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.outputFormat) || self.outputFormat != 'ROW' || has(self.rowParam)")
        .message("transformsParam.rowParam is required when outputFormat is ROW: say how rows are written")
)]
pub struct TransformsParam {
    /// A sample of what comes in.
    #[schemars(length(max = 65_536))]
    pub content: String,
    /// The steps, in this order.
    #[schemars(length(max = 16))]
    pub field_chain: Vec<FieldParam>,
    /// Which messages are carried.
    #[schemars(length(max = 100))]
    pub filter_param: Option<Vec<FilterMapParam>>,
    /// What becomes of messages that fail.
    pub failure_param: Option<Box<FailureParam>>,
    /// Where the sample came from, such as `CKAFKA`.
    #[schemars(length(max = 64))]
    pub source_type: Option<String>,
    /// The form of what comes out: `JSON` (default) or `ROW`.
    #[schemars(extend("enum" = ["JSON", "ROW"]))]
    pub output_format: Option<String>,
    /// How rows are written; required for `ROW`.
    pub row_param: Option<Box<RowParam>>,
    /// Whether metadata of the message is kept; false by default.
    pub keep_metadata: Option<bool>,
    /// How messages that hold lists are read.
    pub batch_analyse: Option<BatchAnalyseParam>,
}

/// How rows are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowParam {
    /// What a row holds: `KEY_VALUE` or `VALUE`.
    #[schemars(extend("enum" = ["KEY_VALUE", "VALUE"]))]
    pub row_content: String,
    /// What stands between key and value.
    #[schemars(length(max = 4096))]
    pub key_value_delimiter: Option<String>,
    /// What stands between entries.
    #[schemars(length(max = 4096))]
    pub entry_delimiter: Option<String>,
}

/// How messages that hold lists are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnalyseParam {
    /// `ONE_BY_ONE` or `MERGE`.
    #[schemars(extend("enum" = ["ONE_BY_ONE", "MERGE"]))]
    pub format: String,
}
