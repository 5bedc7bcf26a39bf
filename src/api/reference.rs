//! References from one custom resource to an account, a Secret or another resource; never the thing itself.
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which kind of account a job refers to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum AccountKind {
    /// An account in the namespace of the job.
    #[default]
    CloudAccount,
    /// An account of the whole cluster; it must let the job's namespace in.
    ClusterCloudAccount,
}

/// The account under which the remote job is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountRef {
    /// Whether the account is in this namespace (`CloudAccount`, the default) or of the whole cluster.
    #[serde(default)]
    pub kind: AccountKind,
    /// The name of the account.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

/// One value of a Secret in the namespace of the object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, KubeSchema)]
pub struct SecretKeyRef {
    /// The name of the Secret, in the namespace of this object.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// The key within the Secret. One trailing line break of its value is left out.
    #[schemars(length(min = 1, max = 253))]
    pub key: String,
}
