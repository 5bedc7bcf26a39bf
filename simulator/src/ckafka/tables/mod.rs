//! The bodies of the actions (Datahub API notes, actions).

mod databases;
mod ends;
mod transforms;

use super::structure::{Out, Shape, Table, may, must};

pub(super) use ends::RESOURCE;
pub(super) use transforms::{TRANSFORM, TRANSFORMS};

/// Characters of a description.
const DESCRIPTION: Shape = Shape::Short(128);
const SIDES: Shape = Shape::Word(&["SOURCE", "SINK"]);

/// `CreateDatahubTask`. The name is checked with the rules.
pub(super) const CREATE: &Table = &[
    must("TaskName", Shape::Text, Out::Always),
    must("TaskType", SIDES, Out::Always),
    may("SourceResource", Shape::Struct(RESOURCE), Out::Always),
    may("TargetResource", Shape::Struct(RESOURCE), Out::Always),
    may("TransformParam", Shape::Struct(TRANSFORM), Out::Null),
    may("TransformsParam", Shape::Struct(TRANSFORMS), Out::Null),
    may("SchemaId", Shape::Text, Out::Always),
    may("TaskId", Shape::Text, Out::Absent),
    may("Tags", Shape::List(TAG), Out::Always),
    may("Description", DESCRIPTION, Out::Always),
    may("PrivateLinkParam", Shape::Struct(PRIVATE_LINK), Out::Absent),
];

/// A tag.
const TAG: &Table = &[
    must("TagKey", Shape::Text, Out::Always),
    must("TagValue", Shape::Blank, Out::Always),
];

/// Deprecated and without effect.
const PRIVATE_LINK: &Table = &[
    must("ServiceVip", Shape::Text, Out::Absent),
    must("UniqVpcId", Shape::Text, Out::Absent),
];

/// A body of tags alone.
pub(super) const TAGS: &Table = &[may("Tags", Shape::List(TAG), Out::Always)];

/// `DescribeDatahubTasks`.
pub(super) const LIST: &Table = &[
    may("Limit", Shape::Unsigned, Out::Absent),
    may("Offset", Shape::Unsigned, Out::Absent),
    may("SearchWord", Shape::Text, Out::Absent),
    may("TaskType", SIDES, Out::Absent),
    may("SourceType", Shape::Text, Out::Absent),
    may("TargetType", Shape::Text, Out::Absent),
    may("Resource", Shape::Text, Out::Absent),
];

/// `ModifyDatahubTask`.
pub(super) const MODIFY: &Table = &[
    must("TaskId", Shape::Text, Out::Always),
    may("TaskName", Shape::Text, Out::Absent),
    may("Description", DESCRIPTION, Out::Absent),
    may("TasksMax", Shape::Integer, Out::Absent),
    may("SyncThrottleLimit", Shape::Integer, Out::Absent),
    may("AutoExpandFlag", Shape::Boolean, Out::Absent),
];

/// `DescribeDatahubTask` and the actions that take nothing else.
pub(super) const ONE: &Table = &[must("TaskId", Shape::Text, Out::Always)];
