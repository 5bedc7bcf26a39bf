//! One measurement, from the first create to the end of the rest.
use super::figures::{Figures, Rest};
use super::process::cpu_of_all;
use super::rig::Rig;
use super::subject::Subject;
use super::{audit, requests};
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// The sync interval of every job; the shortest that the operator takes.
pub const INTERVAL: Duration = Duration::from_secs(30);
/// How long after ready everybody had the first look that reads the progress, which is news: it may be the second one of
/// a job, after two intervals and a tenth, and may have to wait for a list of all jobs.
const SETTLING: Duration = Duration::from_secs(90);

/// What is measured.
pub struct Plan {
    /// What is multiplied.
    pub subject: Subject,
    /// How it is called in the table.
    pub name: String,
    /// How many jobs.
    pub jobs: usize,
    /// How many sync intervals they are watched at rest.
    pub intervals: u32,
}

impl Plan {
    /// The plan of a word on the command line: `1000`, `quiet`, or either after a kind and a colon.
    pub fn named(word: &str) -> Option<Self> {
        let mut subjects = Subject::all().into_iter();
        let (subject, size) = match word.split_once(':') {
            Some((kind, size)) => (subjects.find(|subject| subject.kind == kind)?, size),
            None => (subjects.next()?, word),
        };
        let (jobs, intervals) = if size == "quiet" {
            (200, 5)
        } else {
            (size.parse().ok().filter(|jobs| *jobs > 0)?, 3)
        };
        Some(Self {
            subject,
            name: word.replace(':', " "),
            jobs,
            intervals,
        })
    }

    /// Long enough for anything that is not stuck.
    fn patience(&self) -> Duration {
        // Where the vendor's limit is kept, a job takes some turns of each operation.
        let each = if self.subject.allowed.is_some() { 600 } else { 60 };
        Duration::from_mins(2) + Duration::from_millis(each) * u32::try_from(self.jobs).unwrap()
    }
}

/// Carries out a plan on a stage of its own.
pub async fn measure(plan: &Plan) -> Figures {
    eprintln!(
        "{}: starting the control plane, the cloud and the operator",
        plan.name
    );
    let (subject, kind) = (&plan.subject, plan.subject.kind.as_str());
    let rig = Rig::start(subject).await;
    let manifests = subject.jobs(plan.jobs, INTERVAL);
    let version = rig.cluster.version(kind).await;
    eprintln!("{}: creating {} jobs", plan.name, plan.jobs);
    let (cpu, began) = (cpu_of_all(), Timestamp::now());
    let ready = rig.cluster.until_ready(kind, version, plan.jobs);
    let created = async {
        rig.cluster.create_all(kind, manifests).await;
        Timestamp::now()
    };
    let (created, ready) = tokio::join!(created, tokio::time::timeout(plan.patience(), ready));
    let never_ready = match ready {
        Ok(_) => 0,
        Err(_) => rig.cluster.not_ready(kind).await,
    };
    let ready = ready.unwrap_or_else(|_| Timestamp::now());
    let cpu = cpu_of_all()
        .into_iter()
        .map(|(name, time)| {
            let before = cpu.get(&name).copied().unwrap_or_default();
            (name, time.saturating_sub(before))
        })
        .collect();
    eprintln!(
        "{}: ready after {:.1} s, resting",
        plan.name,
        seconds(began, ready)
    );
    // The first look at rest that is due reads the progress, which is news.
    tokio::time::sleep(SETTLING).await;
    let rest = rest(&rig, plan).await;
    let writes = audit::writes(&rig.audit_log());
    let requests = requests::read(&rig.request_log());
    let names: HashMap<String, String> = rig.remote_jobs(subject).await.into_iter().collect();
    let made = requests::made(&requests);
    for write in audit::between(&writes, rest.from, rest.to) {
        let (verb, resource, name) = (&write.verb, &write.resource, &write.name);
        let at = seconds(rest.from, write.at);
        eprintln!(
            "{}: at rest, after {at:.1} s: {verb} {resource} {name}",
            plan.name
        );
    }
    Figures {
        name: plan.name.clone(),
        list: subject.list.clone(),
        jobs: plan.jobs,
        intervals: plan.intervals,
        apply: seconds(began, created),
        ready: seconds(began, ready),
        delays: delays(&audit::applied(&writes, &subject.resource()), &made, &names),
        writes: audit::count(&writes, began, ready),
        calls: requests::count(&requests, began, ready),
        busiest: requests::busiest(&requests),
        allowed: subject.allowed,
        made_again: made_again(&made, &names),
        never_ready,
        cpu,
        settling: audit::count(&writes, ready, rest.from),
        rest_writes: audit::count(&writes, rest.from, rest.to),
        rest_calls: requests::count(&requests, rest.from, rest.to),
        rest_cpu: rest.cpu,
        memory: rig.operator.memory(),
        peak_memory: rig.operator.peak_memory(),
    }
}

async fn rest(rig: &Rig, plan: &Plan) -> Rest {
    let (from, cpu) = (Timestamp::now(), rig.operator.cpu());
    tokio::time::sleep(INTERVAL * plan.intervals).await;
    Rest {
        from,
        to: Timestamp::now(),
        cpu: rig.operator.cpu().saturating_sub(cpu),
    }
}

/// From the answer to each create on the API server to the create in the cloud, in seconds, the shortest first.
fn delays(
    applied: &HashMap<String, Timestamp>,
    made: &[(String, Timestamp)],
    names: &HashMap<String, String>,
) -> Vec<f64> {
    let of = |(id, at): &(String, Timestamp)| Some(seconds(*applied.get(names.get(id)?)?, *at));
    let mut delays: Vec<f64> = made.iter().filter_map(of).collect();
    delays.sort_by(f64::total_cmp);
    delays
}

/// How many remote jobs were made for a name that had one, or were made and are gone.
fn made_again(made: &[(String, Timestamp)], names: &HashMap<String, String>) -> usize {
    let distinct: std::collections::HashSet<_> = made.iter().filter_map(|(id, _)| names.get(id)).collect();
    made.len() - distinct.len()
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}
