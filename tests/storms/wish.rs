//! What users say: the spec of the object, and the ways in which they change it.
use proptest::prelude::*;
use replication_operator::api::policy::{DeletionPolicy, ManagementPolicy, ReplacePolicy};
use replication_operator::engine::kind::{Desired, JobKind, Resolved};
use replication_operator::kinds::event_router::mapping::{Definition, End};
use replication_operator::kinds::event_router::{EventRouter, EventRouterJob};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// The id of the job that was there before the object, for adoption.
pub const ELDER: &str = "elder";
/// The one field that `ignoreFields` may name.
pub const IGNORED: &str = "advanced.kafkaToKafka.compression";

const COMPRESSION: [&str; 3] = ["none", "gzip", "zstd"];
const TOPICS: [&[&str]; 3] = [&["t01"], &["t01", "t02"], &["t03"]];
const DESCRIPTION: [&str; 2] = ["orders", "payments"];
const NAME: [&str; 2] = ["orders", "orders-2"];
const SEEK: [&str; 2] = ["earliest", "latest"];

static EXAMPLE: LazyLock<Value> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("../../examples/eventrouterjob-seed-create.yaml")).unwrap()
});

/// The parts of a spec that vary, as indices into the lists above.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    pub compression: usize,
    pub topics: usize,
    pub description: Option<usize>,
    pub name: usize,
    pub seek: usize,
    pub stopped: bool,
    pub exchanged: bool,
    pub ignoring: bool,
    pub adopting: bool,
    pub management: ManagementPolicy,
    pub replace: ReplacePolicy,
    pub deletion: DeletionPolicy,
}

impl Spec {
    /// The wish, by way of the resource that a user would have written.
    pub fn desired(&self) -> Desired<Definition> {
        EventRouter::desired(&self.resource(), &Resolved::new()).unwrap()
    }

    /// Paths that are neither compared nor updated.
    pub fn ignored(&self) -> Vec<String> {
        self.resource().spec.policy.ignore_fields
    }

    fn resource(&self) -> EventRouterJob {
        let mut manifest = EXAMPLE.clone();
        let spec = &mut manifest["spec"];
        spec["runState"] = json!(if self.stopped { "Stopped" } else { "Running" });
        if self.ignoring {
            spec["ignoreFields"] = json!([IGNORED]);
        }
        let job = &mut spec["forProvider"];
        job["name"] = json!(NAME[self.name]);
        job["description"] = json!(self.description.map(|text| DESCRIPTION[text]));
        let sync = &mut job["advanced"]["kafkaToKafka"];
        sync["compression"] = json!(COMPRESSION[self.compression]);
        sync["topics"] = json!(TOPICS[self.topics]);
        sync["seekTo"] = json!(SEEK[self.seek]);
        if self.exchanged {
            let source = job["source"].take();
            job["source"] = std::mem::replace(&mut job["sink"], source);
        }
        serde_json::from_value(manifest).unwrap()
    }
}

/// Whether the ends of a definition are exchanged, compared with the example.
pub fn is_exchanged(definition: &Definition) -> bool {
    matches!(&definition.source, End::Kafka(end) if end.cluster_alias == "bb")
}

/// Something that a user does to the object, or to the Secret that it names.
#[derive(Clone, Debug)]
pub enum Edit {
    Compression(usize),
    Topics(usize),
    Description(Option<usize>),
    Name(usize),
    Seek(usize),
    Stopped(bool),
    Exchanged(bool),
    Ignoring(bool),
    Management(ManagementPolicy),
    Replace(ReplacePolicy),
    Approve,
    Restart,
    Disown,
    Rotate,
    Remove(DeletionPolicy),
}

impl Edit {
    /// Writes it into the spec; what is no part of the spec leaves it as it is.
    pub fn apply(&self, spec: &mut Spec) {
        match self {
            Self::Compression(n) => spec.compression = *n,
            Self::Topics(n) => spec.topics = *n,
            Self::Description(n) => spec.description = *n,
            Self::Name(n) => spec.name = *n,
            Self::Seek(n) => spec.seek = *n,
            Self::Stopped(stopped) => spec.stopped = *stopped,
            Self::Exchanged(exchanged) => spec.exchanged = *exchanged,
            Self::Ignoring(ignoring) => spec.ignoring = *ignoring,
            Self::Management(policy) => spec.management = *policy,
            Self::Replace(policy) => spec.replace = *policy,
            Self::Disown => spec.adopting = false,
            Self::Remove(policy) => spec.deletion = *policy,
            Self::Approve | Self::Restart | Self::Rotate => {}
        }
    }
}

fn management() -> impl Strategy<Value = ManagementPolicy> {
    prop_oneof![
        5 => Just(ManagementPolicy::Apply),
        3 => Just(ManagementPolicy::Plan),
        1 => Just(ManagementPolicy::DetectOnly),
        1 => Just(ManagementPolicy::Observe),
    ]
}

fn deletion() -> impl Strategy<Value = DeletionPolicy> {
    prop_oneof![6 => Just(DeletionPolicy::Delete), 1 => Just(DeletionPolicy::Orphan)]
}

fn replace() -> impl Strategy<Value = ReplacePolicy> {
    prop_oneof![Just(ReplacePolicy::Never), Just(ReplacePolicy::Recreate)]
}

/// The edits of a storm.
pub fn edits() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => (0..3_usize).prop_map(Edit::Compression),
        2 => (0..3_usize).prop_map(Edit::Topics),
        2 => proptest::option::of(0..2_usize).prop_map(Edit::Description),
        1 => (0..2_usize).prop_map(Edit::Name),
        3 => (0..2_usize).prop_map(Edit::Seek),
        4 => any::<bool>().prop_map(Edit::Stopped),
        1 => any::<bool>().prop_map(Edit::Exchanged),
        1 => any::<bool>().prop_map(Edit::Ignoring),
        2 => management().prop_map(Edit::Management),
        2 => replace().prop_map(Edit::Replace),
        4 => Just(Edit::Approve),
        3 => Just(Edit::Restart),
        1 => Just(Edit::Disown),
        2 => Just(Edit::Rotate),
        2 => deletion().prop_map(Edit::Remove),
    ]
}

/// The specs that a storm begins with.
pub fn specs() -> impl Strategy<Value = Spec> {
    let policies = (management(), replace(), deletion());
    let fields = (0..3_usize, 0..3_usize, any::<bool>(), any::<bool>());
    let adopting = prop_oneof![6 => Just(false), 1 => Just(true)];
    (policies, fields, adopting).prop_map(|((management, replace, deletion), fields, adopting)| Spec {
        compression: fields.0,
        topics: fields.1,
        stopped: fields.2 && fields.3,
        adopting,
        management: if fields.3 {
            ManagementPolicy::Apply
        } else {
            management
        },
        replace,
        deletion,
        ..Spec::default()
    })
}
