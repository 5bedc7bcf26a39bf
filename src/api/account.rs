//! `CloudAccount` and `ClusterCloudAccount`: where and as whom the vendors are called; types only.
use super::status::LastError;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The cloud of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Provider {
    /// Huawei Cloud: `EventRouterJob`, `SmartConnectTask`, `CdmJob`, `CdmLink`.
    HuaweiCloud,
    /// Tencent Cloud: `DatahubTask`.
    TencentCloud,
}

/// Where credentials come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CredentialSource {
    /// A Secret.
    Secret,
    /// The environment variables of the operator.
    Environment,
    /// The metadata service of the virtual machine that the operator runs on.
    InstanceMetadata,
    /// The identity of the operator's pod.
    PodIdentity,
}

/// What both kinds of account share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// The cloud: `HuaweiCloud` or `TencentCloud`. Cannot be changed later.
    #[x_kube(validation = Rule::new("self == oldSelf").message("provider cannot be changed: make another account").reason(Reason::FieldValueForbidden))]
    pub provider: Provider,
    /// The region, such as `cn-south-1`. Changing it later points existing objects at another region.
    #[schemars(length(min = 1, max = 64), regex(pattern = "^[a-z0-9-]+$"))]
    pub region: String,
    /// The Huawei Cloud project. By default it is looked up from the region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64), regex(pattern = "^[A-Za-z0-9_-]+$"))]
    pub project_id: Option<String>,
    /// Other addresses of the services, as full URLs by service: `iam`, `eg`, `dms`, `cdm`, `ckafka`, `sts`. For private
    /// clouds, proxies and tests.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[x_kube(validation = Rule::new("self.all(k, k in ['iam', 'eg', 'dms', 'cdm', 'ckafka', 'sts'])").message("endpoints knows the services iam, eg, dms, cdm, ckafka and sts"), validation = Rule::new("self.all(k, self[k].matches('^https?://[^/?#]+/?$'))").message("endpoints holds full URLs without a path, such as https://eg.example.com"))]
    #[schemars(extend("maxProperties" = 6))]
    pub endpoints: BTreeMap<String, Endpoint>,
    /// How fast the services may be called, by service; the vendor's published limits by default. Accounts with the same
    /// credential share one budget: where several declare a pace for a service, the lowest holds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[x_kube(validation = Rule::new("self.all(k, k in ['iam', 'eg', 'dms', 'cdm', 'ckafka', 'sts'])").message("rateLimit knows the services iam, eg, dms, cdm, ckafka and sts"))]
    #[schemars(extend("maxProperties" = 6))]
    pub rate_limit: BTreeMap<String, RateLimit>,
    /// How the services' certificates are checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

/// The address of a service: a full URL without a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Endpoint(pub String);

impl JsonSchema for Endpoint {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Endpoint".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "maxLength": 256 })
    }
    fn inline_schema() -> bool {
        true
    }
}

/// How fast one service may be called. Each operation has a bucket of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateLimit {
    /// How many calls of one operation a second, on average; 0.01 or more.
    #[schemars(range(min = 0.01, max = 10_000.0))]
    pub requests_per_second: f64,
    /// How many calls may go out at once after a quiet time.
    #[schemars(range(min = 1, max = 10_000))]
    pub burst: i32,
}

/// How certificates are checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tls {
    /// A Secret key that holds the certificates of further authorities, as PEM. For a `ClusterCloudAccount` it lies in
    /// the namespace of `credentials.secretRef`.
    pub ca_secret_ref: super::reference::SecretKeyRef,
}

/// A Secret by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
pub struct SecretName {
    /// The name of the Secret, in the namespace of this account.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

/// A Secret by namespace and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
pub struct SecretLocation {
    /// The name of the Secret.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// The namespace of the Secret.
    #[schemars(length(min = 1, max = 63))]
    pub namespace: String,
}

/// As whom a namespaced account calls. The operator's own identity is for `ClusterCloudAccount` only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("self.source == 'Secret'").message("credentials.source must be Secret: the operator's own identity is for ClusterCloudAccount only"), validation = Rule::new("has(self.secretRef)").message("credentials.secretRef is required: name the Secret that holds the keys"))]
pub struct Credentials {
    /// Where the credentials come from: `Secret`.
    pub source: CredentialSource,
    /// The Secret. Huawei Cloud: `accessKey`, `secretKey` and, for temporary keys, `securityToken`; or `userName`,
    /// `password` and `domainName`. Tencent Cloud: `secretId`, `secretKey` and, for temporary keys, `token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<SecretName>,
}

/// As whom a cluster-wide account calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("(self.source == 'Secret') == has(self.secretRef)").message("credentials.secretRef is required when credentials.source is Secret, and must be left out otherwise"))]
pub struct ClusterCredentials {
    /// Where the credentials come from: `Secret`, `Environment`, `InstanceMetadata` or `PodIdentity`.
    pub source: CredentialSource,
    /// The Secret, for source `Secret`. Its keys are those of a `CloudAccount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<SecretLocation>,
}

/// Which namespaces may use a cluster-wide account. Either lets in; none lets nobody in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
pub struct AllowedNamespaces {
    /// Namespaces by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000), inner(length(min = 1, max = 63)))]
    pub names: Vec<String>,
    /// Namespaces by label. An empty selector lets every namespace in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<LabelSelector>,
}

/// An account of one namespace.
#[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "replication.dev",
    version = "v1alpha1",
    kind = "CloudAccount",
    namespaced,
    shortname = "ca",
    category = "replication",
    status = "AccountStatus",
    printcolumn(
        name = "Ready",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].status"#
    ),
    printcolumn(
        name = "Reason",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].reason"#
    ),
    printcolumn(name = "Provider", type_ = "string", json_path = ".spec.provider"),
    printcolumn(name = "Region", type_ = "string", json_path = ".spec.region"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
pub struct CloudAccountSpec {
    /// Where the account is.
    #[serde(flatten)]
    pub connection: Connection,
    /// As whom it is called.
    pub credentials: Credentials,
}

/// An account of the whole cluster.
#[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "replication.dev",
    version = "v1alpha1",
    kind = "ClusterCloudAccount",
    shortname = "cca",
    category = "replication",
    status = "AccountStatus",
    printcolumn(
        name = "Ready",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].status"#
    ),
    printcolumn(
        name = "Reason",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].reason"#
    ),
    printcolumn(name = "Provider", type_ = "string", json_path = ".spec.provider"),
    printcolumn(name = "Region", type_ = "string", json_path = ".spec.region"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("self.credentials.source == 'Secret' || !has(self.endpoints)").message("endpoints cannot be set when credentials.source is the operator's own identity, so that it is never sent elsewhere: use a Secret, or leave endpoints out"), validation = Rule::new("!has(self.tls) || self.credentials.source == 'Secret'").message("tls.caSecretRef needs credentials.source Secret: it is read from the namespace of credentials.secretRef"))]
pub struct ClusterCloudAccountSpec {
    /// Where the account is.
    #[serde(flatten)]
    pub connection: Connection,
    /// As whom it is called.
    pub credentials: ClusterCredentials,
    /// Which namespaces may use it; none by default.
    #[serde(default)]
    pub allowed_namespaces: AllowedNamespaces,
}

/// Whether an account works.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountStatus {
    /// The generation of the spec that this status describes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready: the credentials work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["type".into()]))]
    pub conditions: Vec<Condition>,
    /// The vendor's id of the account, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// The project that is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// The last failure that has not been overcome yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<LastError>,
}
