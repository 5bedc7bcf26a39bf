//! Storms: what users, the console and the weather do, pass by pass, and what is true in the end.
use crate::cluster::{Cluster, Object};
use crate::laws::is_irreconcilable;
use crate::looks::INTERVAL;
use crate::mutant::Mutant;
use crate::operator::{Look, Operator, Passed, SETTLE, Sky, Weather, pass, weather};
use crate::service::{Act, Job, LAG, Service, Sort, acts, is_switched};
use crate::wish::{Edit, IGNORED, Spec, edits, specs};
use proptest::prelude::*;
use replication_operator::api::policy::{DeletionPolicy, ManagementPolicy, ReplacePolicy};
use replication_operator::api::status::{ActKind, PlanAction};
use replication_operator::engine::plan::{Again, Step};
use replication_operator::engine::reason::{Ready, Synced};
use replication_operator::engine::verdict::Truth;
use replication_operator::kinds::event_router::mapping::{Advanced, Definition};

/// Within how many fair passes all is as wished.
const CALM: usize = 60;
/// How long the service was there before the object.
const LONG: u64 = 100;
/// For how many passes silence is listened to.
const SILENCE: usize = 15;

/// One pass of a storm, and what happens before it.
#[derive(Clone, Debug)]
pub struct Gust {
    pub edit: Option<Edit>,
    pub act: Option<Act>,
    pub weather: Weather,
}

/// A storm.
#[derive(Clone, Debug)]
pub struct Storm {
    pub spec: Spec,
    pub sort: Sort,
    /// How far the clock of the service is ahead, in seconds.
    pub skew: i64,
    pub keeps_deleted: bool,
    pub bare_rows: bool,
    /// Whether the service shows another start point than the one that it was given.
    pub misreports: bool,
    /// Whether somebody approves plans in the end.
    pub approver: bool,
    pub gusts: Vec<Gust>,
}

impl Storm {
    /// No storm at all.
    pub fn calm() -> Self {
        Self {
            spec: Spec::default(),
            sort: Sort::Marked,
            skew: 0,
            keeps_deleted: false,
            bare_rows: false,
            misreports: false,
            approver: false,
            gusts: vec![],
        }
    }
}

/// Up to so many gusts, some of which bring edits and acts.
fn gusts(edits_in: f64, acts_in: f64, most: usize, sky: Sky) -> impl Strategy<Value = Vec<Gust>> {
    let edit = proptest::option::weighted(edits_in, edits());
    let act = proptest::option::weighted(acts_in, acts());
    let gust = (edit, act, weather(sky)).prop_map(|(edit, act, weather)| Gust { edit, act, weather });
    proptest::collection::vec(gust, 0..most)
}

/// A short life: the object is deleted soon after it came.
fn short() -> impl Strategy<Value = Vec<Gust>> {
    (gusts(0.3, 0.5, 12, Sky::Dire), 0..4_usize).prop_map(|(mut gusts, end)| {
        if let Some(gust) = gusts.get_mut(end) {
            gust.edit = Some(Edit::Remove(DeletionPolicy::Delete));
        }
        gusts
    })
}

/// All storms.
pub fn storms() -> impl Strategy<Value = Storm> {
    let gusts = prop_oneof![
        gusts(0.3, 0.1, 60, Sky::Deadly),
        gusts(0.4, 0.02, 40, Sky::Dire),
        gusts(0.5, 0.01, 40, Sky::Rough),
        short(),
        short(),
    ];
    let sort = prop_oneof![
        2 => Just(Sort::Marked), 2 => Just(Sort::Unmarked), 1 => Just(Sort::Named),
    ];
    let service = (sort, -4..=4_i64, any::<[bool; 3]>(), prop::bool::weighted(0.1));
    (specs(), service, gusts).prop_map(
        |(spec, (sort, skew, [keeps_deleted, bare_rows, approver], misreports), gusts)| {
            Storm {
                // Who adopts by a name means whichever job has it: there is nothing to prove.
                spec: Spec {
                    adopting: spec.adopting && sort != Sort::Named,
                    ..spec
                },
                sort,
                skew,
                // Where a name is an id, it is free as soon as its job is gone.
                keeps_deleted: keeps_deleted && sort != Sort::Named,
                bare_rows,
                // Without a mark a job is recognised by its definition, so that a service has to show it.
                misreports: misreports && sort == Sort::Marked,
                approver,
                gusts,
            }
        },
    )
}

/// Goes through a storm and the calm after it.
pub fn weathered(storm: &Storm, mutant: Mutant) -> Result<World, String> {
    let mut world = World::new(storm, mutant);
    for gust in &storm.gusts {
        world.blow(gust)?;
    }
    world.calm_down(storm.approver)?;
    Ok(world)
}

/// Everything there is.
#[derive(Debug)]
pub struct World {
    pub service: Service,
    cluster: Cluster,
    operator: Operator,
    secret: u32,
    /// Until when what the operator says may be wrong: others did something, or its process is new.
    doubt: u64,
    /// Passes in a row that wait for something that is over.
    idle: u32,
    awaits_approval: bool,
    /// How many requests there had been when a plan was last approved.
    approved_at: Option<usize>,
}

impl World {
    pub fn new(storm: &Storm, mutant: Mutant) -> Self {
        let cluster = Cluster::new(storm.spec.clone());
        let mut service = Service {
            sort: storm.sort,
            skew: storm.skew,
            elder_name: storm.spec.desired().name,
            keeps_deleted: storm.keeps_deleted,
            bare_rows: storm.bare_rows,
            misreports: storm.misreports,
            ..Service::default()
        };
        if storm.spec.adopting {
            service.elder(
                Spec {
                    compression: 0,
                    ..storm.spec.clone()
                }
                .desired()
                .definition,
            );
        }
        service.tick = LONG;
        Self {
            service,
            cluster,
            operator: Operator::new(mutant),
            secret: 0,
            doubt: 0,
            idle: 0,
            awaits_approval: false,
            approved_at: None,
        }
    }

    /// One pass.
    pub fn blow(&mut self, gust: &Gust) -> Result<Option<Passed>, String> {
        self.service.settle();
        self.cluster.settle(self.service.tick);
        match &gust.edit {
            Some(Edit::Rotate) => self.secret += 1,
            Some(edit) => self.cluster.edit(edit, self.service.tick),
            None => {}
        }
        if let (Some(act), Some(object)) = (gust.act, &self.cluster.object) {
            self.service.meddle(
                act,
                &object.wish.definition,
                object.status.id.as_deref(),
                object.is_unseen(self.service.sort),
            );
        }
        if gust.act.is_some() || gust.weather.ends_process() {
            self.doubt = self.service.tick + INTERVAL + 2 * LAG;
        }
        let passed = pass(
            &mut self.service,
            &mut self.cluster,
            &mut self.operator,
            gust.weather,
            self.secret,
        );
        if let Some(passed) = &passed {
            self.judge(passed, gust.weather)?;
        }
        self.lawful()?;
        Ok(passed)
    }

    fn lawful(&self) -> Result<(), String> {
        if let Some(crime) = &self.service.crime {
            return Err(crime.clone());
        }
        let ours: Vec<_> = self.service.ours().map(|job| &job.id).collect();
        if ours.len() > 1 {
            return Err(format!("1: several jobs: {ours:?}"));
        }
        if let Some((token, _)) = self.service.restarts.iter().find(|(_, times)| **times > 1) {
            return Err(format!("10: restarted twice for {token:?}"));
        }
        Ok(())
    }

    /// Whether what the pass says is true.
    fn judge(&mut self, passed: &Passed, weather: Weather) -> Result<(), String> {
        let verdict = &passed.plan.verdict;
        self.awaits_approval = verdict.synced.reason == Synced::AwaitingApproval;
        let settled = verdict.synced.reason == Synced::UpToDate
            && passed.plan.again == Again::Interval
            && verdict
                .ready
                .as_ref()
                .is_some_and(|ready| ready.truth == Truth::Yes && ready.reason != Ready::Observed);
        if settled && passed.reported {
            self.cluster.consent = None;
        }
        let in_doubt = self.service.doubted || self.service.tick <= self.doubt;
        if settled && !in_doubt && weather.look != Look::StaleCache {
            self.agreed(&passed.object)
                .map_err(|why| format!("5: said to be settled: {why}"))?;
        }
        let waits = passed.plan.step == Step::Nothing && passed.plan.again == Again::Soon;
        let idle =
            waits && passed.ours && weather == Weather::FAIR && self.service.jobs.iter().all(Job::rests);
        self.idle = if idle { self.idle + 1 } else { 0 };
        // A request is not repeated while its effect may still be on its way.
        if u64::from(self.idle) > SETTLE + 1 {
            return Err("5: waits for what is over".into());
        }
        Ok(())
    }

    /// Fair weather leads to agreement within some passes, and then to silence.
    pub fn calm_down(&mut self, approver: bool) -> Result<(), String> {
        self.approved_at = None;
        let fair = Gust {
            edit: None,
            act: None,
            weather: Weather::FAIR,
        };
        for _ in 0..CALM {
            let edit = Some(Edit::Approve).filter(|_| approver && self.approves());
            self.blow(&Gust { edit, ..fair.clone() })?;
        }
        let (requests, mut refused) = (self.service.requests, 0);
        for _ in 0..SILENCE {
            let passed = self.blow(&fair)?;
            let acts = passed.filter(|passed| passed.plan.step != Step::Nothing);
            if acts
                .as_ref()
                .is_some_and(|passed| self.wants_a_taken_name(passed))
            {
                refused += 1;
            } else if let Some(passed) = acts {
                return Err(format!("5: no silence: {:?}", passed.plan));
            }
        }
        if self.service.requests != requests + refused {
            return Err("5: a request in silence".into());
        }
        self.ended_well(approver)
    }

    /// Whether the pass asked for a new name that another job has: a refused request is tried again, ever more rarely.
    fn wants_a_taken_name(&self, passed: &Passed) -> bool {
        let renames = passed.plan.act.iter().filter(|act| act.act == ActKind::Rename);
        let mut names = renames.flat_map(|act| act.answers.values());
        names.any(|name| self.service.job(name).is_some())
    }

    /// Approves what is shown, but not what follows from what was approved: that needs no approval of its own.
    fn approves(&mut self) -> bool {
        let object = self.cluster.object.as_ref();
        let shown = object.and_then(|object| object.status.shown.as_ref());
        let follows = shown.is_some_and(|plan| matches!(plan.action, PlanAction::Start | PlanAction::Create));
        let used = self
            .approved_at
            .is_some_and(|requests| requests != self.service.requests);
        let approves = self.awaits_approval && !(follows && used);
        if approves {
            self.approved_at = Some(self.service.requests);
        }
        approves
    }

    fn ended_well(&self, approver: bool) -> Result<(), String> {
        let Some(object) = &self.cluster.object else {
            return Ok(());
        };
        if self.service.doubted {
            return Ok(());
        }
        match object.spec.management {
            ManagementPolicy::DetectOnly | ManagementPolicy::Observe if !object.deleting => return Ok(()),
            ManagementPolicy::Plan if !approver => return Ok(()),
            _ if object.deleting => return Err("5: the object is still there".into()),
            _ => {}
        }
        let wish = &object.wish.definition;
        let id = object.status.id.as_deref();
        let mut jobs = self.service.jobs.iter().filter(|job| job.lives());
        let Some(job) = jobs.find(|job| self.owns(object, job)) else {
            let mut jobs = self.service.jobs.iter().filter(|job| job.lives());
            let taken = jobs.any(|job| job.definition.name == wish.name || Some(job.id.as_str()) == id);
            let gone = object.spec.adopting && object.status.adopted_id.is_none();
            return if taken || gone {
                Ok(())
            } else {
                Err("6: there is no job".into())
            };
        };
        let is_named = self.service.sort == Sort::Named;
        let irreconcilable = is_irreconcilable(object, job, &self.service, self.secret);
        let refused = object.spec.replace == ReplacePolicy::Never && irreconcilable
            || is_named && job.id != wish.name && self.service.job(&wish.name).is_some();
        if is_switched(wish, job) || refused || job.state == "ERROR" && same(object, job) {
            return Ok(());
        }
        self.agreed(object)
            .map_err(|why| format!("6: in the end: {why}"))?;
        match &object.restart {
            Some((token, _)) if object.status.last_restart.as_ref() != Some(token) => {
                Err(format!("10: the wish for a restart {token:?} is not answered"))
            }
            _ => Ok(()),
        }
    }

    fn owns(&self, object: &Object, job: &Job) -> bool {
        let adopted = object.status.adopted_id.is_some() && job.taken;
        let marked = self.service.sort == Sort::Marked && job.has_our_mark();
        job.made || marked || adopted
    }

    /// Whether the job is as the object wishes.
    fn agreed(&self, object: &Object) -> Result<(), String> {
        let mut jobs = self.service.jobs.iter().filter(|job| job.lives());
        let Some(job) = jobs.find(|job| self.owns(object, job)) else {
            return Err("there is no job".into());
        };
        let state = if object.spec.stopped {
            &["STOPPED", "WAIT_START"][..]
        } else {
            &["RUNNING"]
        };
        if !state.contains(&job.state) {
            return Err(format!("{} is {}", job.id, job.state));
        }
        if !same(object, job) {
            return Err(format!(
                "{:?} is not {:?}",
                job.definition, object.wish.definition
            ));
        }
        if job.made && job.secret != self.secret && object.spec.management != ManagementPolicy::Observe {
            return Err(format!("the secret is {} and not {}", job.secret, self.secret));
        }
        Ok(())
    }
}

/// Whether the fields are as wished, apart from those that nobody wishes or that are ignored.
fn same(object: &Object, job: &Job) -> bool {
    let mut wish = object.wish.definition.clone();
    wish.description = wish.description.or_else(|| job.definition.description.clone());
    if object.ignored.iter().any(|path| path == IGNORED) {
        copy_compression(&mut wish, &job.definition);
    }
    wish == job.definition
}

fn copy_compression(to: &mut Definition, from: &Definition) {
    if let (Advanced::KafkaToKafka(to), Advanced::KafkaToKafka(from)) = (&mut to.advanced, &from.advanced) {
        to.compression.clone_from(&from.compression);
    }
}
