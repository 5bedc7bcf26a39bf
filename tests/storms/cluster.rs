//! The API server: one object, its versions, and writes that lose when they are fenced and too late.
use crate::service::Sort;
use crate::wish::{Edit, Spec};
use k8s_openapi::jiff::Timestamp;
use replication_operator::api::policy::{DeletionPolicy, ManagementPolicy};
use replication_operator::api::status::{Act, FieldPlan, PlanAction};
use replication_operator::engine::kind::Desired;
use replication_operator::kinds::event_router::mapping::Definition;

/// The announcement of a create.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub tick: u64,
    pub desired: Desired<Definition>,
    pub previous: Option<(String, Option<Timestamp>)>,
    pub void: bool,
}

/// What the operator keeps in the status.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    pub id: Option<String>,
    pub created_at: Option<Timestamp>,
    pub claim: Option<Claim>,
    pub acts: Vec<Act>,
    pub last_restart: Option<String>,
    pub digest: Option<u32>,
    pub adopted_id: Option<String>,
    /// The generation whose plan is being carried out, and what was approved.
    pub approved_plan: Option<(i64, PlanAction)>,
    pub shown: Option<FieldPlan>,
}

/// One version of the object.
#[derive(Clone, Debug)]
pub struct Object {
    pub version: u64,
    pub generation: i64,
    pub spec: Spec,
    pub wish: Desired<Definition>,
    pub ignored: Vec<String>,
    pub approval: Option<String>,
    /// The value that asks for a restart, and when it was set.
    pub restart: Option<(String, u64)>,
    pub deleting: bool,
    pub guarded: bool,
    pub status: Status,
}

impl Object {
    /// Whether its deletion leaves the remote job alone.
    pub fn lets_go(&self) -> bool {
        let reads = matches!(
            self.spec.management,
            ManagementPolicy::DetectOnly | ManagementPolicy::Observe
        );
        reads || self.spec.deletion == DeletionPolicy::Orphan
    }

    /// Whether the job of the last create was not seen yet: where a name is an id, its answer tells nothing. Who adopts a
    /// name means whichever job has it.
    pub fn is_unseen(&self, sort: Sort) -> bool {
        if sort == Sort::Named && self.spec.adopting {
            return true;
        }
        let status = &self.status;
        let unknown = status.id.is_none() || sort == Sort::Named && status.created_at.is_none();
        unknown && status.claim.as_ref().is_some_and(|claim| !claim.void)
    }
}

/// A write that somebody else's was faster than.
#[derive(Clone, Copy, Debug)]
pub struct Overtaken;

/// The API server.
#[derive(Debug)]
pub struct Cluster {
    /// The object, until it is gone.
    pub object: Option<Object>,
    /// The version before.
    pub older: Option<Object>,
    /// The generation whose plan a user approved and that is not carried out yet, as it really is.
    pub consent: Option<i64>,
    /// A status that a process which stopped for a while is about to write.
    late: Option<Late>,
}

#[derive(Debug)]
struct Late {
    due: u64,
    fence: Option<u64>,
    status: Status,
}

/// How long a process stops.
const PAUSE: u64 = 14;

impl Cluster {
    pub fn new(spec: Spec) -> Self {
        let object = Object {
            version: 1,
            generation: 1,
            wish: spec.desired(),
            ignored: spec.ignored(),
            spec,
            approval: None,
            restart: None,
            deleting: false,
            guarded: false,
            status: Status::default(),
        };
        Self {
            object: Some(object),
            older: None,
            consent: None,
            late: None,
        }
    }

    /// A user's change.
    pub fn edit(&mut self, edit: &Edit, tick: u64) {
        let Some(object) = &self.object else { return };
        let mut object = object.clone();
        if let Edit::Approve = edit {
            object.approval = object.status.shown.as_ref().map(|plan| plan.hash.clone());
        } else if let Edit::Restart = edit {
            object.restart = Some((format!("at {tick}"), tick));
        } else {
            edit.apply(&mut object.spec);
            object.generation += 1;
            object.wish = object.spec.desired();
            object.ignored = object.spec.ignored();
        }
        object.deleting |= matches!(edit, Edit::Remove(_));
        self.put(object);
    }

    /// The operator's write; with a version only if that is still the newest.
    pub fn write(&mut self, fence: Option<u64>, change: impl FnOnce(&mut Object)) -> Result<u64, Overtaken> {
        let mut object = self.object.clone().ok_or(Overtaken)?;
        if fence.is_some_and(|version| version != object.version) {
            return Err(Overtaken);
        }
        change(&mut object);
        Ok(self.put(object))
    }

    /// A write that reaches the API server after a while.
    pub fn write_late(&mut self, tick: u64, fence: Option<u64>, status: Status) {
        let due = tick + PAUSE;
        self.late.get_or_insert(Late { due, fence, status });
    }

    /// Lets what is due arrive.
    pub fn settle(&mut self, tick: u64) {
        if let Some(late) = self.late.take_if(|late| late.due <= tick) {
            let _ = self.write(late.fence, |object| object.status = late.status);
        }
    }

    fn put(&mut self, mut object: Object) -> u64 {
        object.version += 1;
        let version = object.version;
        let gone = object.deleting && !object.guarded;
        self.older = self.object.replace(object);
        if gone {
            self.older = self.object.take();
        }
        version
    }
}
