//! The operator's process and one pass of its driver, without the driver: the same bookkeeping, step by step.
use crate::cluster::{Claim, Cluster, Object, Overtaken, Status};
use crate::kind::{Marked, PlanOf, SECRET, SeenJob, SightOf};
use crate::mutant::Mutant;
use crate::service::{Request, Service, UID};
use crate::service::{Sort, tick, time};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use proptest::prelude::*;
use replication_operator::api::policy::ManagementPolicy;
use replication_operator::api::shown::Shown;
use replication_operator::api::status::{Act, ActKind};
use replication_operator::engine::acts::{self, Announced, End, News, REQUESTED_AT};
use replication_operator::engine::kind::{JobKind, MoveKind};
use replication_operator::engine::mark::mark;
use replication_operator::engine::plan::{self, Again, Intent, Memory, Policy, Sent, Step, may_ever_write};
use replication_operator::engine::reason::Ready;
use replication_operator::engine::sight::{Claimed, Identity, Sight};
use replication_operator::engine::track::WriteKind;
use replication_operator::kinds::event_router::mapping::Definition;
use replication_operator::remote::Fault;

/// How long absence is not believed after a claim: longer than a late request and a lagging look together.
pub const SETTLE: u64 = 7;

/// What the looks of one pass meet with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Clear,
    /// The look fails.
    Fog,
    /// The list is as it was a while ago.
    StaleList,
    /// A single read is blind to a new job.
    StaleRead,
    /// Both.
    Stale,
    /// The cache shows the version before.
    StaleCache,
}

/// What the writes of one pass meet with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Answered,
    /// The service asks for a slower pace.
    Throttled,
    /// The service refuses the request.
    Refused,
    /// The request never arrives.
    Lost,
    /// The request is carried out, and the answer never arrives.
    Deaf,
    /// The request is carried out after the caller gave up.
    Late,
    /// The process dies before the request leaves.
    KilledBefore,
    /// The process dies before it can write down the answer.
    KilledAfter,
    /// The process stops before it writes to the API server, and wakes up when another has long taken over.
    Paused,
    /// The lease may end before the request does.
    Deposed,
}

/// What one pass meets with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weather {
    pub look: Look,
    pub fate: Fate,
}

impl Weather {
    pub const FAIR: Self = Self {
        look: Look::Clear,
        fate: Fate::Answered,
    };

    /// Whether another process makes the next pass.
    pub const fn ends_process(self) -> bool {
        matches!(self.fate, Fate::KilledBefore | Fate::KilledAfter | Fate::Paused)
    }

    pub const fn has_stale_list(self) -> bool {
        matches!(self.look, Look::StaleList | Look::Stale)
    }
}

/// How bad the weather of a storm is.
#[derive(Clone, Copy, Debug)]
pub enum Sky {
    /// No process ends.
    Rough,
    /// Everything happens.
    Deadly,
    /// Hardly a look or an answer is good.
    Dire,
}

/// The weather of a storm.
pub fn weather(sky: Sky) -> impl Strategy<Value = Weather> {
    let (good, death) = match sky {
        Sky::Rough => (10, 0),
        Sky::Deadly => (10, 1),
        Sky::Dire => (3, 1),
    };
    let look = prop_oneof![
        good => Just(Look::Clear), 1 => Just(Look::Fog), 3 => Just(Look::StaleList), 2 => Just(Look::StaleRead),
        2 => Just(Look::Stale), 1 => Just(Look::StaleCache),
    ];
    let fate = prop_oneof![
        good => Just(Fate::Answered), 1 => Just(Fate::Throttled), 1 => Just(Fate::Refused), 1 => Just(Fate::Lost),
        2 => Just(Fate::Deaf), 2 => Just(Fate::Late), 1 => Just(Fate::Deposed), death => Just(Fate::KilledBefore),
        3 * death => Just(Fate::KilledAfter), death => Just(Fate::Paused),
    ];
    (look, fate).prop_map(|(look, fate)| Weather { look, fate })
}

/// Our last request, until its job is seen at rest.
#[derive(Clone, Debug)]
pub struct LastWrite {
    pub tick: u64,
    pub kind: WriteKind,
    pub doing: Ready,
    pub sent: Option<Sent>,
}

/// A definition that was read or sent.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: String,
    pub definition: Box<Definition>,
    /// The state that was read with it; none where it was sent.
    pub state: Option<String>,
    pub tick: u64,
}

/// What a process remembers of the object.
#[derive(Clone, Debug, Default)]
pub struct Track {
    pub version: u64,
    pub last_write: Option<LastWrite>,
    /// The hash of the last update that was accepted, and when.
    pub updated: Option<(String, u64)>,
    /// When the job was last written or read singly.
    pub certain: Option<u64>,
    /// Whether the last pass left something under way.
    pub waiting: bool,
    pub known: Option<Known>,
    pub deleted_id: Option<String>,
    /// The tick of the claim whose create made a job, and the id of that.
    pub made: Option<(u64, String)>,
}

/// A process of the operator.
#[derive(Clone, Debug)]
pub struct Operator {
    pub mutant: Mutant,
    pub track: Track,
    /// The shared list, and when it was asked for.
    pub list: Option<(u64, Vec<SeenJob>)>,
    /// The newest version of the object that it has seen: a cache never goes back.
    floor: u64,
    /// How many requests were announced so far.
    announced: u64,
}

impl Operator {
    pub fn new(mutant: Mutant) -> Self {
        Self {
            mutant,
            track: Track::default(),
            list: None,
            floor: 0,
            announced: 0,
        }
    }

    /// Another process takes over; it begins with the newest version of the object.
    fn restart(&mut self, cluster: &Cluster) {
        let floor = cluster.object.as_ref().map_or(u64::MAX, |object| object.version);
        *self = Self {
            floor,
            announced: self.announced,
            ..Self::new(self.mutant)
        };
    }
}

/// What a pass came to.
#[derive(Debug)]
pub struct Passed {
    /// The version that it worked on.
    pub object: Object,
    pub plan: PlanOf,
    pub ours: bool,
    /// Whether its status was written.
    pub reported: bool,
}

/// Everything that a pass works with.
pub struct Pass<'a> {
    pub service: &'a mut Service,
    pub cluster: &'a mut Cluster,
    pub operator: &'a mut Operator,
    pub weather: Weather,
    /// The present value of the secret.
    pub secret: u32,
    /// The version of the object that the cache shows.
    pub object: Object,
    /// The status as it is being made.
    pub status: Status,
    /// The request that this pass announced.
    announced: Option<String>,
}

/// One pass, if the cache shows anything to do.
pub fn pass(
    service: &mut Service,
    cluster: &mut Cluster,
    operator: &mut Operator,
    weather: Weather,
    secret: u32,
) -> Option<Passed> {
    let floor = operator.floor.max(operator.track.version);
    let object = match weather.look {
        Look::StaleCache => cluster.older.clone().filter(|older| older.version >= floor),
        _ => cluster.object.clone(),
    }?;
    operator.floor = object.version;
    let status = with_made(object.status.clone(), operator.track.made.as_ref());
    let mut pass = Pass {
        service,
        cluster,
        operator,
        weather,
        secret,
        object,
        status,
        announced: None,
    };
    let result = pass.run();
    if weather.ends_process() {
        pass.operator.restart(pass.cluster);
    }
    result.ok().flatten()
}

/// A status with the id of the job that the claim in it made.
fn with_made(status: Status, made: Option<&(u64, String)>) -> Status {
    let is_of = |claim: &Claim| !claim.void && made.is_some_and(|(tick, _)| *tick == claim.tick);
    let id = made.filter(|_| status.id.is_none() && status.claim.as_ref().is_some_and(is_of));
    match id {
        Some((_, id)) => Status {
            id: Some(id.clone()),
            ..status
        },
        None => status,
    }
}

impl Pass<'_> {
    pub fn mutated(&self, mutant: Mutant) -> bool {
        self.operator.mutant == mutant
    }

    fn run(&mut self) -> Result<Option<Passed>, Overtaken> {
        if self.object.deleting && !self.object.guarded {
            return Ok(None);
        }
        let sent = self.status.claim.as_ref().is_some_and(|claim| !claim.void);
        let untouched = self.status.id.is_none() && !sent && !self.object.spec.adopting;
        if self.object.deleting && (untouched || self.object.lets_go()) {
            return self.release().map(|()| None);
        }
        self.guard()?;
        let intent = self.intent();
        let (sight, plan) = self.decide(&intent);
        self.note_sight(&sight);
        self.write_down(&plan.news);
        self.status.shown.clone_from(&plan.shown);
        let reported = match &plan.step {
            Step::Nothing | Step::Guard => self.rest_on(&sight, &plan)?,
            Step::Release => self.release().map(|()| true)?,
            Step::Create(_) | Step::Move(_) | Step::Delete => self.write(&sight, &plan)?,
        };
        let ours = matches!(sight, Sight::Ours(_));
        let object = Object {
            status: self.status.clone(),
            ..self.object.clone()
        };
        Ok(Some(Passed {
            object,
            plan,
            ours,
            reported,
        }))
    }

    fn intent(&self) -> Intent<Definition> {
        if self.object.deleting {
            Intent::Remove(self.object.spec.deletion)
        } else {
            Intent::Keep(self.object.wish.clone())
        }
    }

    fn guard(&mut self) -> Result<(), Overtaken> {
        let needed = !self.object.deleting && may_ever_write(self.object.spec.management);
        if self.object.guarded || !needed {
            return Ok(());
        }
        let version = self.write_object(true, |object| object.guarded = true)?;
        self.object.guarded = true;
        self.object.version = version;
        Ok(())
    }

    fn decide(&mut self, intent: &Intent<Definition>) -> (SightOf, PlanOf) {
        let identity = self.identity();
        let (mut sight, from_row) = self.observe(&identity);
        let mut plan = self.plan(intent, &sight);
        let acts = match plan.step {
            Step::Move(_) | Step::Delete => !self.mutated(Mutant::RowTrusted),
            Step::Release => !self.mutated(Mutant::RowReleases),
            Step::Nothing | Step::Guard | Step::Create(_) => false,
        };
        if from_row && acts && !self.just_created() {
            sight = self.look_at_one(&identity);
            plan = self.plan(intent, &sight);
        }
        (sight, plan)
    }

    fn plan(&self, intent: &Intent<Definition>, sight: &SightOf) -> PlanOf {
        let tick = self.service.tick;
        let Track {
            last_write, updated, ..
        } = &self.operator.track;
        let last_write = last_write.as_ref();
        let memory = Memory {
            rotated: self.rotated(),
            under_way: last_write.map(|write| write.doing),
            sent: last_write
                .filter(|write| tick < write.tick + SETTLE)
                .and_then(|write| write.sent.clone()),
            futile: updated
                .as_ref()
                .filter(|(_, at)| tick >= at + SETTLE)
                .map(|(hash, _)| hash.clone()),
            made_with: self.made_with(sight),
            deleting: last_write
                .and_then(|write| write.sent.as_ref())
                .is_some_and(|sent| sent.request == plan::Request::Delete),
            restart: self.restart_asked(),
            asked: vec![],
            acts: self.status.acts.clone(),
            finished: None,
            act_is_young: self.act_is_young(),
        };
        let policy = Policy {
            management: self.object.spec.management,
            replace: self.object.spec.replace,
            approved: self.object.approval.clone(),
            carrying: self
                .status
                .approved_plan
                .filter(|(generation, _)| *generation == self.object.generation)
                .map(|(_, action)| action),
            subject: format!("{UID}/{}", self.object.generation),
            ignored: self.object.ignored.clone(),
        };
        let guarded = self.object.guarded;
        self.sort().plan(intent, guarded, sight, &memory, &policy)
    }

    /// What our own create made the seen job with.
    fn made_with(&self, sight: &SightOf) -> Option<Shown> {
        let Sight::Ours(seen) = sight else { return None };
        let is_taken = self.object.spec.adopting && seen.id == self.service.elder_id()
            || self.status.adopted_id.as_ref() == Some(&seen.id);
        let renamed = acts::renamed(&self.status.acts) == Some(&seen.id);
        let is_its = self.status.id.as_ref().is_none_or(|id| *id == seen.id) || renamed;
        let claim = self
            .status
            .claim
            .as_ref()
            .filter(|claim| !claim.void && is_its && !is_taken)?;
        let made = serde_json::to_value(&claim.desired.definition).unwrap();
        Some(made.into()).filter(|_| !self.mutated(Mutant::CreationForgotten))
    }

    pub fn sort(&self) -> Sort {
        self.service.sort
    }

    fn restart_asked(&self) -> Option<String> {
        let (token, _) = self.object.restart.as_ref()?;
        let answered = self.status.last_restart.as_ref() == Some(token);
        let is_announced =
            |act: &Act| act.act == ActKind::Restart && act.answers.get(REQUESTED_AT) == Some(token);
        (!answered && !self.status.acts.iter().any(is_announced)).then(|| token.clone())
    }

    fn act_is_young(&self) -> bool {
        acts::open(&self.status.acts).is_some_and(|open| self.service.tick < tick(open.time.0) + SETTLE)
    }

    fn rotated(&self) -> Vec<String> {
        let sent = self
            .status
            .digest
            .filter(|_| !self.mutated(Mutant::RotationUnseen));
        let rotated = sent.is_some_and(|digest| digest != self.secret);
        rotated.then(|| SECRET.into()).into_iter().collect()
    }

    fn identity(&self) -> Identity {
        let claim = self.status.claim.as_ref();
        let adopted = self.status.adopted_id.as_deref();
        let honoured = adopted.is_some() && !self.mutated(Mutant::AdoptionForgotten);
        let elder = self.service.elder_id();
        let adopt = self.object.spec.adopting && !honoured;
        let id = self.status.id.as_ref();
        let renamed = acts::renamed(&self.status.acts).filter(|to| Some(*to) != id);
        let created = claim.is_some_and(|claim| self.is_young(claim));
        let identity = Identity {
            name: (!self.object.deleting).then(|| self.object.wish.name.clone()),
            mark: mark(UID),
            id: id.cloned(),
            renamed: renamed.cloned(),
            adopt: adopt.then(|| elder.to_owned()),
            adopted: adopted.is_some() && adopted == id.map(String::as_str),
            claim_is_young: created || renamed.is_some() && self.act_is_young(),
            ..Identity::default()
        };
        if self.sort() == Sort::Marked {
            return identity;
        }
        let born = self
            .status
            .created_at
            .filter(|_| !self.mutated(Mutant::BirthIgnored));
        let forgotten = self.mutated(Mutant::PreviousForgotten);
        Identity {
            born,
            named: self.object.spec.adopting.then(|| elder.to_owned()),
            claim: claim.and_then(|claim| self.unanswered(claim)),
            claimed_at: claim.map(|claim| time(claim.tick)),
            previous: claim
                .and_then(|claim| claim.previous.clone())
                .filter(|_| !forgotten),
            ..identity
        }
    }

    fn unanswered(&self, claim: &Claim) -> Option<Claimed> {
        let open = !claim.void || self.mutated(Mutant::VoidClaimProves);
        let unknown = self.status.id.is_none() || self.mutated(Mutant::ClaimProvesTwice);
        let at = if self.mutated(Mutant::ClaimTimeIgnored) {
            0
        } else {
            claim.tick
        };
        (open && unknown).then(|| Claimed {
            name: claim.desired.name.clone(),
            at: time(at),
            definition: self.claimed_definition(claim),
        })
    }

    fn claimed_definition(&self, claim: &Claim) -> serde_json::Value {
        let mut definition = serde_json::to_value(&claim.desired.definition).unwrap();
        if self.mutated(Mutant::ClaimedDefinitionIgnored) {
            definition["advanced"]["kafkaToKafka"]["compression"] = serde_json::Value::Null;
        }
        definition
    }

    fn is_young(&self, claim: &Claim) -> bool {
        let believed = self.mutated(Mutant::AbsenceBelieved)
            || self.object.deleting && self.mutated(Mutant::AbsenceBelievedAtRemoval);
        !claim.void && !believed && self.service.tick < claim.tick + SETTLE
    }

    fn just_created(&self) -> bool {
        self.operator
            .track
            .last_write
            .as_ref()
            .is_some_and(|write| write.kind == WriteKind::Created)
    }

    fn note_sight(&mut self, sight: &SightOf) {
        let Sight::Ours(seen) = sight else { return };
        if self.object.spec.adopting && seen.id == self.service.elder_id() {
            self.status.adopted_id = Some(seen.id.clone());
            self.service.take(&seen.id);
        }
        if !self.mutated(Mutant::IdForgotten) {
            self.status.id = Some(seen.id.clone());
        }
        self.status.created_at = seen.created_at.or(self.status.created_at);
        let compares = !self.object.deleting && self.object.spec.management != ManagementPolicy::Observe;
        if compares {
            self.status.digest.get_or_insert(self.secret);
        }
        if self.mutated(Mutant::ClaimClearedAtSight) {
            self.status.claim = None;
        }
    }

    fn write_down(&mut self, news: &[News]) {
        for news in news {
            match news {
                News::Ended(nonce, end) => self.end(nonce, end),
                News::RestartNotSupported | News::RestartNotNeeded => self.answer_restart(),
                // Nothing is asked for here but restarts.
                News::Moot(_) => {}
            }
        }
    }

    fn end(&mut self, nonce: &str, end: &End) {
        let Some(announced) = self.status.acts.iter().find(|act| act.nonce == nonce).cloned() else {
            return;
        };
        acts::end(&mut self.status.acts, nonce, end);
        if *end != End::Void && announced.act == ActKind::Restart {
            self.status.last_restart = announced.answers.get(REQUESTED_AT).cloned();
        }
    }

    fn answer_restart(&mut self) {
        self.status.last_restart = self.object.restart.clone().map(|(token, _)| token);
    }

    fn rest_on(&mut self, sight: &SightOf, plan: &PlanOf) -> Result<bool, Overtaken> {
        if plan.again == Again::Interval {
            if matches!(sight, Sight::Ours(_)) {
                self.operator.track.last_write = None;
            }
            if plan.shown.is_none() {
                self.operator.track.updated = None;
                let kept = self
                    .status
                    .approved_plan
                    .filter(|_| self.mutated(Mutant::ApprovalKept));
                self.status.approved_plan = kept;
            }
        }
        if !matches!(plan.again, Again::Backoff(_)) {
            self.operator.track.waiting = plan.again == Again::Soon;
        }
        self.report()
    }

    fn release(&mut self) -> Result<(), Overtaken> {
        self.blame_release();
        self.write_object(true, |object| object.guarded = false)?;
        self.operator.track = Track::default();
        Ok(())
    }

    fn blame_release(&mut self) {
        if self.service.doubted {
            return;
        }
        let current = self
            .cluster
            .object
            .as_ref()
            .is_some_and(|now| now.version == self.object.version);
        let adopted = self.status.adopted_id.is_some();
        let left = self.service.awaits_create()
            || self.service.ours().next().is_some()
            || adopted && self.service.jobs.iter().any(|job| job.lives() && job.taken);
        if current && left && !self.object.lets_go() {
            self.service
                .blame("3: the finalizer went before the remote job".into());
        }
    }

    fn write(&mut self, sight: &SightOf, plan: &PlanOf) -> Result<bool, Overtaken> {
        crate::laws::note_consent(self, plan);
        self.announce(plan)?;
        if matches!(self.weather.fate, Fate::KilledBefore | Fate::Deposed) {
            return Ok(false);
        }
        let request = self.request(sight, plan);
        crate::laws::judge(self, plan, &request);
        let answer = self.send(request);
        self.remember(sight, plan, answer);
        if matches!(plan.step, Step::Delete) && self.mutated(Mutant::ReleasedAtDelete) && self.object.deleting
        {
            self.release()?;
        }
        self.report()
    }

    /// Writes down what must not be forgotten or repeated, under the version that was read.
    fn announce(&mut self, plan: &PlanOf) -> Result<(), Overtaken> {
        if let Some(approved) = plan
            .announce
            .as_ref()
            .filter(|_| !self.mutated(Mutant::ApprovalForgotten))
        {
            self.status.approved_plan = Some((self.object.generation, approved.action));
        }
        if let Step::Create(desired) = &plan.step {
            self.service.note_claim(&desired.definition);
            let last = self.status.id.take().map(|id| (id, self.status.created_at));
            let before = self
                .status
                .claim
                .as_ref()
                .and_then(|claim| claim.previous.clone());
            self.status.created_at = None;
            if self.mutated(Mutant::AdoptionForgotten) {
                self.status.adopted_id = None;
            }
            if !self.mutated(Mutant::DigestLate) {
                self.status.digest = Some(self.secret);
            }
            if !self.mutated(Mutant::ClaimUnwritten) {
                self.status.claim = Some(Claim {
                    tick: self.service.tick,
                    desired: desired.clone(),
                    previous: last.or(before),
                    void: false,
                });
            }
            if !self.mutated(Mutant::RestartOutlivesCreate) {
                self.answer_restart();
                self.status
                    .acts
                    .retain(|act| !matches!(act.act, ActKind::Restart | ActKind::Rename));
            }
        }
        if let Some(announced) = plan.act.as_ref().filter(|act| !self.unwritten(act)) {
            self.announce_act(announced);
        }
        let unknown = self.status.id.is_some() && self.status.id != self.object.status.id;
        let recognised =
            unknown && self.sort() != Sort::Marked && !self.mutated(Mutant::RecognitionUnwritten);
        let creates = matches!(plan.step, Step::Create(_));
        if plan.announce.is_some() || plan.act.is_some() || creates || recognised {
            self.write_status(!self.mutated(Mutant::Unfenced))?;
            // Whoever wakes up here finds that its lease is over.
            if self.weather.fate == Fate::Paused {
                return Err(Overtaken);
            }
        }
        Ok(())
    }

    fn unwritten(&self, announced: &Announced) -> bool {
        match announced.act {
            ActKind::Rename => self.mutated(Mutant::RenameUnwritten),
            _ => self.mutated(Mutant::ActUnwritten),
        }
    }

    fn announce_act(&mut self, announced: &Announced) {
        self.operator.announced += 1;
        let nonce = self.operator.announced.to_string();
        self.announced = Some(nonce.clone());
        self.status.acts.retain(|act| act.act != announced.act);
        self.status.acts.push(Act {
            act: announced.act,
            nonce,
            time: Time(time(self.service.tick)),
            answers: announced.answers.clone(),
            earlier: std::collections::BTreeMap::new(),
            outcome: None,
            evidence: None,
        });
    }

    fn finish(&mut self, end: &End) {
        if let Some(nonce) = self.announced.take() {
            self.end(&nonce, end);
        }
    }

    fn request(&self, sight: &SightOf, plan: &PlanOf) -> Request {
        let id = match sight {
            Sight::Ours(seen) => seen.id.clone(),
            _ => String::new(),
        };
        match &plan.step {
            Step::Create(desired) => Request::Create(desired.clone(), self.secret),
            Step::Move(step) => {
                let token = plan.act.as_ref().and_then(|act| act.answers.get(REQUESTED_AT));
                Request::Move(id, step.clone(), self.secret, token.cloned())
            }
            _ => Request::Delete(id),
        }
    }

    fn send(&mut self, request: Request) -> Result<String, Fault> {
        match self.weather.fate {
            Fate::Throttled => Err(Fault::Throttled { retry_after: None }),
            Fate::Refused => Err(Fault::Conflict),
            Fate::Lost => Err(Fault::Ambiguous),
            Fate::Late => {
                self.service.serve_late(request);
                Err(Fault::Ambiguous)
            }
            Fate::Deaf => {
                let _ = self.service.ask(request);
                Err(Fault::Ambiguous)
            }
            _ => self.service.ask(request),
        }
    }

    fn remember(&mut self, sight: &SightOf, plan: &PlanOf, answer: Result<String, Fault>) {
        let creates = matches!(plan.step, Step::Create(_));
        match answer {
            Ok(id) => self.accepted(sight, plan, id),
            Err(Fault::Ambiguous) => {
                self.wrote(sight, plan, WriteKind::Other);
                if creates && self.mutated(Mutant::AmbiguousClaimVoid) {
                    self.void_claim();
                }
                if self.mutated(Mutant::AmbiguousActVoid) {
                    self.finish(&End::Void);
                }
            }
            Err(_) => {
                if creates {
                    self.void_claim();
                }
                self.finish(&End::Void);
            }
        }
    }

    fn void_claim(&mut self) {
        if let Some(claim) = &mut self.status.claim {
            claim.void = true;
        }
    }

    fn accepted(&mut self, sight: &SightOf, plan: &PlanOf, id: String) {
        self.operator.track.certain = Some(self.service.tick);
        let first = matches!(&plan.step, Step::Move(step) if Marked::describe(step) == MoveKind::Start);
        let kind = match &plan.step {
            Step::Create(_) => WriteKind::Created,
            Step::Move(_) if first && self.just_created() => WriteKind::FirstStart,
            _ => WriteKind::Other,
        };
        match &plan.step {
            Step::Create(desired) => self.created(id, desired.definition.clone()),
            Step::Move(step) if Marked::describe(step) == MoveKind::Update => {
                self.status.id = Some(id);
                self.status.digest = Some(self.secret);
                let hash = plan.shown.as_ref().map(|shown| shown.hash.clone());
                self.operator.track.updated = hash.map(|hash| (hash, self.service.tick));
            }
            Step::Delete => self.operator.track.deleted_id = Some(id),
            _ => {}
        }
        self.finish(&End::Done(None));
        self.wrote(sight, plan, kind);
    }

    fn created(&mut self, id: String, definition: Definition) {
        self.status.digest = Some(self.secret);
        if !self.mutated(Mutant::IdForgotten) {
            self.status.id = Some(id.clone());
            let claim = self.status.claim.as_ref();
            self.operator.track.made = claim.map(|claim| (claim.tick, id.clone()));
        }
        self.operator.track.deleted_id = None;
        self.operator.track.known = Some(Known {
            id,
            definition: Box::new(definition),
            state: None,
            tick: self.service.tick,
        });
    }

    fn wrote(&mut self, sight: &SightOf, plan: &PlanOf, kind: WriteKind) {
        let request = match &plan.step {
            Step::Move(step) => Some(plan::Request::Move(Marked::describe(step))),
            Step::Delete => Some(plan::Request::Delete),
            _ => None,
        };
        let sent = match (request, sight) {
            (Some(request), Sight::Ours(seen)) => Some(Sent {
                request,
                state: seen.state.clone(),
            }),
            _ => None,
        };
        let ready = plan.verdict.ready.as_ref();
        self.operator.track.waiting = true;
        self.operator.track.last_write = Some(LastWrite {
            tick: self.service.tick,
            kind,
            doing: ready.map_or(Ready::RemoteBusy, |finding| finding.reason),
            sent,
        });
    }

    /// Writes the status unless the process dies before.
    fn report(&mut self) -> Result<bool, Overtaken> {
        match self.weather.fate {
            Fate::KilledBefore | Fate::KilledAfter => return Ok(false),
            // Who writes late may no longer lead, and finds that out before an unfenced write.
            Fate::Paused if !self.mutated(Mutant::LateReport) => return Ok(false),
            _ if self.only_the_id_is_new() => return Ok(false),
            _ => self.write_status(false)?,
        }
        Ok(self.weather.fate != Fate::Paused)
    }

    /// Whether all that the report would tell on the way is the id of a job that its mark proves to be ours.
    fn only_the_id_is_new(&self) -> bool {
        let is_proved = self.sort() == Sort::Marked;
        let made = self.operator.track.made.as_ref().map(|(_, id)| id);
        let (Some(written), true) = (
            self.cluster.object.as_ref(),
            is_proved && self.operator.track.waiting,
        ) else {
            return false;
        };
        let told = Status {
            id: written.status.id.clone(),
            shown: written.status.shown.clone(),
            ..self.status.clone()
        };
        made.is_some() && made == self.status.id.as_ref() && told == written.status
    }

    fn write_status(&mut self, fenced: bool) -> Result<(), Overtaken> {
        let status = self.status.clone();
        if self.weather.fate == Fate::Paused {
            let fence = Some(self.object.version).filter(|_| fenced);
            self.cluster.write_late(self.service.tick, fence, status);
            return Ok(());
        }
        self.object.version = self.write_object(fenced, |object| object.status = status)?;
        Ok(())
    }

    fn write_object(&mut self, fenced: bool, change: impl FnOnce(&mut Object)) -> Result<u64, Overtaken> {
        let fence = Some(self.object.version).filter(|_| fenced && !self.mutated(Mutant::Unfenced));
        let version = self.cluster.write(fence, change)?;
        self.operator.track.version = version;
        Ok(version)
    }
}
