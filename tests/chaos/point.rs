//! Kill points: which request, in which step of a life, and which moment of it.
use std::collections::BTreeMap;
use std::fmt;

/// How many reads of one kind are kill points in each step; every write is one.
const READS: usize = 2;

/// Whom a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The vendor.
    Cloud,
    /// Kubernetes.
    Cluster,
}

/// A kind of request within a step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The step's number and name.
    pub step: (usize, String),
    /// Whom it is for.
    pub side: Side,
    /// Whether something is changed by it.
    pub write: bool,
    /// Method and path, without what differs from run to run.
    pub name: String,
}

/// A moment in the life of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It is on its way and never arrives.
    BeforeEffect,
    /// It took effect, and its answer never arrives.
    AfterEffect,
    /// Its answer has arrived.
    AfterAnswer,
}

/// One point.
#[derive(Clone, Debug)]
pub struct Point {
    /// The kind of request.
    pub call: Call,
    /// Which of those in the step, from 1.
    pub nth: usize,
    /// The moment of it.
    pub moment: Moment,
}

/// How often each kind of request was seen.
pub type Record = BTreeMap<Call, usize>;

/// What was seen in both of two lives.
pub fn common(one: &Record, other: &Record) -> Record {
    let both = one.iter().filter_map(|(call, seen)| {
        let also = other.get(call)?;
        Some((call.clone(), *seen.min(also)))
    });
    both.collect()
}

/// Every point of a life that was recorded.
pub fn points(record: &Record) -> Vec<Point> {
    let mut points = vec![];
    for (call, seen) in record {
        let counted = if call.write { *seen } else { READS.min(*seen) };
        for nth in 1..=counted {
            points.extend(moments(call).iter().map(|moment| Point {
                call: call.clone(),
                nth,
                moment: *moment,
            }));
        }
    }
    points
}

impl Point {
    /// Whether it comes up however fast the machine is: what is changed at the service follows from the life alone, while
    /// looks are repeated, and statuses on the way are written, by the clock.
    pub fn is_certain(&self) -> bool {
        self.call.side == Side::Cloud && self.call.write
    }
}

/// What is told of the Kubernetes side is a written state: an answer that was received says nothing that the write did
/// not. Its reads are watches, which have no end.
fn moments(call: &Call) -> &'static [Moment] {
    match (call.side, call.write) {
        (Side::Cloud, _) => &[Moment::BeforeEffect, Moment::AfterEffect, Moment::AfterAnswer],
        (Side::Cluster, true) => &[Moment::BeforeEffect, Moment::AfterEffect],
        (Side::Cluster, false) => &[],
    }
}

/// Method and path without project ids, job ids and generated names, and the action that a header may name.
pub fn name(method: &str, path: &str, action: Option<&str>) -> String {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).peekable();
    let mut kept = vec![];
    while let Some(segment) = segments.next() {
        match segment {
            "namespaces" if segments.peek().is_some() => {
                segments.next();
            }
            "apis" | "api" => {}
            generated if is_generated(generated) => kept.push("*"),
            word => kept.push(word),
        }
    }
    [method, &kept.join("/"), action.unwrap_or_default()]
        .join(" ")
        .trim_end()
        .to_owned()
}

fn is_generated(segment: &str) -> bool {
    segment.len() >= 16 && segment.contains(|c: char| c.is_ascii_digit())
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = match (self.moment, self.call.side) {
            (Moment::BeforeEffect, Side::Cloud) => "before the effect",
            (Moment::AfterEffect, Side::Cloud) => "after the effect",
            (Moment::AfterAnswer, Side::Cloud) => "after the answer",
            (Moment::BeforeEffect, Side::Cluster) => "before the write",
            (_, Side::Cluster) => "after the write",
        };
        let step = &self.call.step.1;
        write!(f, "{step}: {} no. {}, {moment}", self.call.name, self.nth)
    }
}

#[test]
fn names_do_not_differ_from_run_to_run() {
    let job = "/apis/replication.dev/v1alpha1/namespaces/scenario-x7k2p/eventrouterjobs/orders-dr/status";
    assert_eq!(
        name("PATCH", job, None),
        "PATCH replication.dev/v1alpha1/eventrouterjobs/orders-dr/status"
    );
    let remote = "/v1/5a1f0c2b77d94a6c8b1e90d3c4f7a210/eventrouter/jobs";
    assert_eq!(name("POST", remote, None), "POST v1/*/eventrouter/jobs");
    assert_eq!(
        name("POST", "/", Some("CreateDatahubTask")),
        "POST  CreateDatahubTask"
    );
}
