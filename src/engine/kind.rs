//! The seam between the engine and one kind of remote job: pure facts in `JobKind`, effects without decisions in
//! `RemoteJobs`.
use super::acts::Announced;
use super::difference;
use super::reason::Ready;
use crate::api::policy::{JobPolicy, RunState};
use crate::api::reference::SecretKeyRef;
use crate::api::run::RunStatus;
use crate::api::status::{Act, ActKind, Effect, FieldChange, JobStatus};
use crate::remote::{Cloud, RemoteError, WritePermit};
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::jiff::Timestamp;
use kube::{CustomResourceExt, Resource};
use secrecy::SecretString;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{collections::BTreeMap, fmt::Debug, future::Future};

/// A custom resource that describes one remote job.
pub trait JobResource:
    Resource<DynamicType = (), Scope = NamespaceResourceScope>
    + CustomResourceExt
    + Clone
    + Debug
    + DeserializeOwned
    + Serialize
    + Send
    + Sync
    + 'static
{
    /// The part of the spec that all kinds share.
    fn policy(&self) -> &JobPolicy;
    /// Whether the job should run; `None` for kinds that have no run state.
    fn run_state(&self) -> Option<RunState>;
    /// The status as it was last read.
    fn job_status(&self) -> Option<&JobStatus>;
}

/// Where an observed job stands, in words that every kind shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The service is carrying out an earlier request, or says a word we do not know; none may follow until it rests.
    Moving,
    /// At rest.
    Resting,
    /// At rest because something failed that no request of ours caused.
    Broken,
    /// Still listed, but deleted.
    Gone,
}

/// What is wished for, normalised: agreement is `Definition` equality field by field.
#[derive(Clone, Debug, PartialEq)]
pub struct Desired<D> {
    /// The remote name: `forProvider.name`, by default the name of the object.
    pub name: String,
    /// The definition, with the defaults filled that the vendor documents and without secrets.
    pub definition: D,
    /// Whether it should run; `None` where the kind has no run state.
    pub run_state: Option<RunState>,
}

/// One observed remote job, normalised the same way as [`Desired`].
#[derive(Clone, Debug, PartialEq)]
pub struct Observed<D, F> {
    /// The vendor's identifier.
    pub id: String,
    /// The remote name.
    pub name: String,
    /// The owner's mark (16 hex digits), where the service shows one.
    pub mark: Option<String>,
    /// When the vendor says it was created.
    pub created_at: Option<Timestamp>,
    /// The vendor's own word for the state.
    pub state: String,
    /// The definition; `None` when the answer did not carry it. Boxed, because thousands of rows are held without one.
    pub definition: Option<Box<D>>,
    /// The vendor's failure of the job itself: code and message.
    pub failure: Option<Failure>,
    /// What only this kind knows about.
    pub facts: F,
}

/// Why a remote job is broken, in the vendor's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: String,
}

/// An observed job of a kind.
pub type Seen<K> = Observed<<K as JobKind>::Definition, <K as JobKind>::Facts>;

/// What a kind wants done next to one of its jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next<M> {
    /// The job is as desired.
    Agreed,
    /// One request, legal in the state the job was seen in.
    Do(M),
    /// Nothing may be sent although the job differs: it was switched over to its other site.
    Switched(String),
    /// What differs waits for something that ends by itself; why, and what a person may do.
    Busy(String),
}

/// What `next` is asked about. The changes are already freed of ignored fields and hold none that needs a replacement.
#[derive(Debug)]
pub struct Wish<'a, D> {
    /// The whole definition to send: the desired one, with ignored and unset fields as they were observed.
    pub definition: &'a D,
    /// The fields that differ, secrets included.
    pub changes: &'a [FieldChange],
    /// Whether it should run.
    pub run_state: Option<RunState>,
}

/// Whether and how a job in the seen state is restarted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restart<M> {
    /// The vendor cannot restart this kind of job: whoever asks is told so, once.
    Unsupported,
    /// The job was never started, so that its first start is all that a restart would be: nothing is sent, once.
    NeverStarted,
    /// Not in this state; asked again at the next look.
    NotNow,
    /// One request that restarts it.
    Do(M),
}

/// What an object asks for once: a request that is announced in `.status.acts` before it leaves, and never sent again for
/// the same announcement unless it certainly had no effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked<M> {
    /// What is asked.
    pub act: ActKind,
    /// What it answers, by name; kept in the announcement, by which a kind knows what was done.
    pub answers: BTreeMap<String, String>,
    /// The request.
    pub step: M,
    /// What it costs, for the plan that users read.
    pub note: Option<String>,
}

/// What a seen job shows of an announced request whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It was carried out; by what the vendor knows it.
    Done(Option<String>),
    /// It was not carried out so far. Once the settle window is over it never will be, and may be sent anew.
    NotDone,
    /// Nothing. After the settle window the outcome is unknown for good.
    Nothing,
}

/// Whether a request that is asked for once may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Legal {
    /// It may.
    Now,
    /// Not in this state; asked again at the next look.
    Later,
    /// There is nothing that it could do: it counts as answered.
    Moot,
}

/// What a further read may tell of a job that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// Nothing that matters.
    Nothing,
    /// How its last run stands.
    Latest,
    /// Its last runs, by which a request whose answer was lost is judged.
    History,
}

/// Why more than a look may be needed.
#[derive(Debug)]
pub struct Attention<'a, K: JobKind> {
    /// The requests that were announced.
    pub acts: &'a [Act],
    /// The announced request of which nobody knows yet what became of it.
    pub open: Option<&'a Act>,
    /// Whether the object asks for something once.
    pub asked: bool,
    /// Whether our last request is so young that its effect may not be seen yet.
    pub pending: bool,
    /// The job as it was when its last run was read the last time.
    pub before: Option<&'a Seen<K>>,
    /// What status says of the last run.
    pub shown: Option<&'a RunStatus>,
}

/// A job that has done what it was for, and is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The vendor's last word for its state.
    pub state: Option<String>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
}

/// Another object of the namespace that an object refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The JSON path of the reference below `forProvider`.
    pub path: String,
    /// The kind of the other object, as manifests spell it.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
}

/// The remote ids of the objects that an object refers to, by the path of the reference.
pub type Resolved = BTreeMap<String, String>;

/// How a settled job is called in `Ready`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Its run is about to begin.
    Starting,
    /// Its run is under way and ends by itself.
    AtWork,
    /// It runs.
    Running,
    /// It is stopped, as wished.
    Stopped,
    /// Its run ended well.
    Succeeded,
    /// It is there and has nothing to run.
    Available,
}

/// One kind of remote job: pure facts about it. No I/O, no clock.
pub trait JobKind: Sized + Send + Sync + 'static {
    /// The custom resource.
    type Resource: JobResource;
    /// The definition in the words of `spec.forProvider`: it serialises to the same JSON paths, so that changes and
    /// `ignoreFields` name what users wrote. A field that serialises to null or is left out is not compared.
    type Definition: Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// What only this kind observes.
    type Facts: Clone + Debug + PartialEq + Send + Sync;
    /// One request that the service understands besides create and delete.
    type Move: Clone + Debug + PartialEq + Send + Sync;
    /// The remote side.
    type Remote: RemoteJobs<Self>;

    /// Names the controller in metrics, events and logs; the kind in lower case.
    const CONTROLLER: &'static str;
    /// Whether the service has a place for our mark.
    const MARKED: bool;
    /// Whether a create carries all of a definition. Otherwise a new job is read singly before it is taken for what was wished.
    const CREATES_WHOLE: bool = true;
    /// What a broken job is called.
    const BROKEN: Ready = Ready::RemoteFailed;

    /// The wish. Pure; called on every pass except for deletion, once every reference is resolved.
    fn desired(resource: &Self::Resource, resolved: &Resolved) -> Result<Desired<Self::Definition>, Invalid>;
    /// The objects of the namespace that this one refers to. It waits for them to be ready, and they outlive it.
    fn references(_resource: &Self::Resource) -> Vec<Reference> {
        vec![]
    }
    /// Every secret that the definition needs, by its JSON path below `forProvider`.
    fn secrets(resource: &Self::Resource) -> Vec<(String, SecretKeyRef)>;
    /// The remote side of an account, or why this account cannot serve this kind.
    fn remote(resource: &Self::Resource, cloud: &Cloud) -> Result<Self::Remote, Invalid>;
    /// Where a job in this state stands.
    fn phase(seen: &Seen<Self>) -> Phase;
    /// What changing the field at this path costs.
    fn effect(path: &str) -> Effect;
    /// Whether an observed leaf is the desired one in the vendor's spelling; none where the vendor shows no such leaf.
    fn agrees(_path: &str, desired: &Value, observed: Option<&Value>) -> bool {
        observed.is_some_and(|observed| difference::agrees(desired, observed))
    }
    /// Whether the field at this path goes back to the vendor's default when a spec that named it does so no more.
    /// Otherwise what is unset stays as it is.
    fn is_removable(_path: &str) -> bool {
        false
    }
    /// What to do next. Called only while the job rests or is broken.
    fn next(wish: &Wish<'_, Self::Definition>, seen: &Seen<Self>) -> Next<Self::Move>;
    /// Whether source and sink are the desired ones exchanged. Asked before anything is compared.
    fn is_switched(_desired: &Self::Definition, _seen: &Self::Definition) -> bool {
        false
    }
    /// The path below `forProvider` that stands for the same thing once source and sink are exchanged.
    fn exchanged(path: &str) -> String {
        path.to_owned()
    }
    /// The request that restarts a job. Called only while the job rests or is broken.
    fn restart(_seen: &Seen<Self>) -> Restart<Self::Move> {
        Restart::Unsupported
    }
    /// What a restart costs, such as lost progress; part of the plan that users read.
    fn restart_note() -> Option<String> {
        None
    }
    /// What the object asks for once beside a restart, given what was announced before. An ended announcement is never
    /// asked for again by the engine: what is due is the kind's to say, by what the announcements answer.
    fn asked(
        _resource: &Self::Resource,
        _desired: &Desired<Self::Definition>,
        _before: &[Act],
    ) -> Vec<Asked<Self::Move>> {
        vec![]
    }
    /// Whether a request of [`asked`](Self::asked) is legal in the seen state. Stops are asked for in every state, all
    /// others once the job rests and agrees.
    fn legal(_step: &Self::Move, _seen: &Seen<Self>) -> Legal {
        Legal::Now
    }
    /// What the seen job shows before a request of [`asked`](Self::asked): kept in its announcement, so that what the
    /// request brings about can be told from what was there.
    fn before(_step: &Self::Move, _seen: &Seen<Self>) -> BTreeMap<String, String> {
        BTreeMap::new()
    }
    /// What a job that is taken over has done already, as if the object had asked for it.
    fn adopted(_desired: &Desired<Self::Definition>, _seen: &Seen<Self>) -> Option<Announced> {
        None
    }
    /// What has to be read beside a job that was looked at.
    fn watch(_seen: &Seen<Self>, _attention: &Attention<'_, Self>) -> Watch {
        Watch::Nothing
    }
    /// Puts what is remembered into a job that was looked at: of its last run, and of what was asked of it.
    fn recall(_seen: &mut Seen<Self>, _shown: Option<&RunStatus>, _acts: &[Act]) {}
    /// The last run of the seen job, where it has runs.
    fn run(_seen: &Seen<Self>) -> Option<RunStatus> {
        None
    }
    /// Whether a job that is not there has done what it was for, and is not to be made again.
    fn finished(
        _desired: &Desired<Self::Definition>,
        _acts: &[Act],
        _last: Option<&RunStatus>,
    ) -> Option<Finished> {
        None
    }
    /// What the seen job shows of a request that was announced and whose answer was lost.
    fn evidence(_announced: &Act, _seen: &Seen<Self>) -> Evidence {
        Evidence::Nothing
    }
    /// The id that the job has after this move, where the move gives it another.
    fn renames(_step: &Self::Move) -> Option<String> {
        None
    }
    /// What has to be done before the service accepts a delete. Called only while the job rests or is broken.
    fn before_delete(seen: &Seen<Self>) -> Option<Self::Move>;
    /// How a job that agrees with the wish is called.
    fn rest(seen: &Seen<Self>) -> Rest;
    /// What a move is, for the plan that users see and approve.
    fn describe(step: &Self::Move) -> MoveKind;
    /// What the vendor reports about progress, and a coarse class of it: status is rewritten only when the class changes.
    fn progress(seen: &Seen<Self>) -> Option<Progress>;
    /// Connectivity of the ends.
    fn endpoints(seen: &Seen<Self>) -> Option<Value>;
    /// What a replacement loses or repeats; part of the plan that users read.
    fn replacement_note(definition: &Self::Definition) -> String;
}

/// What a move does, in words that the plan knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveKind {
    /// Starts the job.
    Start,
    /// Stops the job.
    Stop,
    /// Changes the definition.
    Update,
    /// Restarts the job once.
    Restart,
}

/// Progress as shown, and how coarsely it is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The details for `.status.progress`.
    pub detail: Value,
    /// Equal classes are not worth a status write.
    pub class: String,
}

/// A spec that the kind can never honour, found before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Invalid {
    /// The JSON path below `spec`.
    pub field: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl Invalid {
    /// The account belongs to a vendor that does not have this kind of job.
    pub fn provider(needed: &str) -> Self {
        Self {
            field: "accountRef".into(),
            message: format!(
                "names an account of another vendor: this kind of job needs one whose spec.provider is {needed}. The field cannot be changed, so make the object anew"
            ),
        }
    }
}

/// The secret values that a create or an update carries, by JSON path below `forProvider`. Never printed.
pub type SecretValues = BTreeMap<String, SecretString>;

/// What a create or an update sends beside the move itself.
#[derive(Debug)]
pub struct Parcel<'a> {
    /// The values of the secrets.
    pub secrets: &'a SecretValues,
    /// The owner's mark, 16 hex digits.
    pub mark: &'a str,
}

/// The remote side of one kind: effects, no decisions. Every method sends what its name says and nothing else.
pub trait RemoteJobs<K: JobKind>: Send + Sync + 'static {
    /// Names the set of jobs that one [`list`](Self::list) sees within the account; `None` where the service has no list.
    /// Such jobs are looked at by their names, so that [`show`](Self::show) has to take a name for an id.
    fn scope(&self) -> Option<String>;

    /// Every job of the scope, all pages of it. Rows may lack the definition. Must not answer a part as the whole.
    fn list(&self) -> impl Future<Output = Result<Vec<Seen<K>>, RemoteError>> + Send;

    /// One job with its definition; `None` only when the service's own code says that it does not exist. An error with
    /// fault `NotFound` says that it may not exist: then the list decides.
    fn show(&self, id: &str) -> impl Future<Output = Result<Option<Seen<K>>, RemoteError>> + Send;

    /// Adds to a shown job what costs a further read (progress). Failing is no reason to fail the pass.
    fn enrich(&self, seen: &mut Seen<K>) -> impl Future<Output = Result<(), RemoteError>> + Send;

    /// Brings a job that was looked at up to date by one further read.
    fn watch(
        &self,
        _seen: &mut Seen<K>,
        _watch: Watch,
    ) -> impl Future<Output = Result<(), RemoteError>> + Send {
        std::future::ready(Ok(()))
    }

    /// The last run of a job that may be gone, where the service keeps it.
    fn last_run(&self, _id: &str) -> impl Future<Output = Result<Option<RunStatus>, RemoteError>> + Send {
        std::future::ready(Ok(None))
    }

    /// Whether the budget has a single read to spare for a job at rest, whose row lacks only the definition: not while
    /// other callers wait for one, and a `late` read takes what it would leave to those who may come. Kinds whose rows hold
    /// the definition are never asked.
    fn spares_read(&self, _late: bool) -> bool {
        true
    }

    /// Whether a create could leave now. Asked before the create is claimed, so that no claim is written for nothing.
    fn room_for_create(&self) -> Result<(), RemoteError>;

    /// Whether the jobs that were listed leave room for another one, where the list tells how many there may be. Asked
    /// before a create is claimed.
    fn room_beside(&self, _listed: &[&Seen<K>]) -> Result<(), RemoteError> {
        Ok(())
    }

    /// Whether a failed look proves that every job is gone, because what they were in is gone. Asked when a job is to be
    /// deleted.
    fn is_all_gone(&self, _error: &RemoteError) -> bool {
        false
    }

    /// Sends one create. Never repeats it.
    fn create(
        &self,
        permit: &WritePermit,
        desired: &Desired<K::Definition>,
        parcel: Parcel<'_>,
    ) -> impl Future<Output = Result<Seen<K>, RemoteError>> + Send;

    /// Sends one move.
    fn perform(
        &self,
        permit: &WritePermit,
        seen: &Seen<K>,
        step: &K::Move,
        parcel: Parcel<'_>,
    ) -> impl Future<Output = Result<(), RemoteError>> + Send;

    /// Sends one delete. A service that says the job does not exist is a success.
    fn delete(&self, permit: &WritePermit, id: &str) -> impl Future<Output = Result<(), RemoteError>> + Send;
}
