//! The OBS bucket that topics are dumped into, and how files are cut.
use super::ConsumerStrategy;
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The OBS bucket that topics are dumped into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("has(self.agencyName) ? (!has(self.accessKeySecretRef) && !has(self.secretKeySecretRef)) : (has(self.accessKeySecretRef) && has(self.secretKeySecretRef))")
    .message("sink.obs needs both accessKeySecretRef and secretKeySecretRef, or agencyName alone"))]
pub struct ObsSinkParameters {
    /// The bucket, in the region of the instance. Changing it replaces the task.
    #[schemars(length(min = 1, max = 63))]
    pub bucket: String,
    /// The directory within the bucket: letters, digits, '_', '-' and '/', at most 64; slashes at its ends mean
    /// nothing. Absent means none. A change is made in place, and the service restarts a running task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64), regex(pattern = r"^[A-Za-z0-9_/-]*$"))]
    pub path: Option<String>,
    /// Where a new task starts to read: `latest` or `earliest`. Changing it replaces the task.
    pub consumer_strategy: ConsumerStrategy,
    /// The format of the files: `TEXT` (default), the only one there is. Changing it replaces the task.
    #[serde(default = "text")]
    pub file_type: FileType,
    /// How many seconds pass between two files, 30 to 900; default 300. A change is made in place, and the service
    /// restarts a running task.
    #[serde(default = "five_minutes")]
    #[schemars(range(min = 30, max = 900))]
    pub deliver_interval_seconds: i32,
    /// The Secret that holds the access key with which files are written. With `secretKeySecretRef`; not with
    /// `agencyName`. The service cannot take another key later, so a changed value replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_key_secret_ref: Option<SecretKeyRef>,
    /// The Secret that holds the secret key. With `accessKeySecretRef`; not with `agencyName`. A changed value replaces
    /// the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_key_secret_ref: Option<SecretKeyRef>,
    /// The IAM agency with which files are written, in place of the two keys. The vendor's own tools send it, and the
    /// vendor's pages do not name it. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub agency_name: Option<String>,
    /// The directories by time: `yyyy`, `yyyy/MM`, `yyyy/MM/dd`, `yyyy/MM/dd/HH` or `yyyy/MM/dd/HH/mm`. A change is
    /// made in place, and the service restarts a running task.
    pub partition_format: PartitionFormat,
    /// What stands between two messages in a file: `,`, `;`, `|`, a line feed (`"\n"`, the default) or `NULL` for
    /// nothing. A change is made in place, and the service restarts a running task.
    #[serde(default = "line_feed")]
    pub record_delimiter: RecordDelimiter,
    /// Whether the keys of messages are written too; default false. A change is made in place, and the service restarts
    /// a running task.
    #[serde(default)]
    pub store_keys: bool,
}

/// The format of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum FileType {
    /// Text.
    Text,
}

/// The directories by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PartitionFormat {
    /// One for each year.
    #[serde(rename = "yyyy")]
    Year,
    /// One for each month.
    #[serde(rename = "yyyy/MM")]
    Month,
    /// One for each day.
    #[serde(rename = "yyyy/MM/dd")]
    Day,
    /// One for each hour.
    #[serde(rename = "yyyy/MM/dd/HH")]
    Hour,
    /// One for each minute.
    #[serde(rename = "yyyy/MM/dd/HH/mm")]
    Minute,
}

/// What stands between two messages in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RecordDelimiter {
    /// A comma.
    #[serde(rename = ",")]
    Comma,
    /// A semicolon.
    #[serde(rename = ";")]
    Semicolon,
    /// A vertical bar.
    #[serde(rename = "|")]
    Bar,
    /// A line feed.
    #[serde(rename = "\n")]
    LineFeed,
    /// Nothing.
    #[serde(rename = "NULL")]
    Null,
}

fn text() -> FileType {
    FileType::Text
}

fn five_minutes() -> i32 {
    300
}

fn line_feed() -> RecordDelimiter {
    RecordDelimiter::LineFeed
}
