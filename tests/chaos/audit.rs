//! What a life left behind at the service.
use super::lifecycle::Lifecycle;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// What must not be.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Creates beyond those that the life asks for, refused ones included: a service whose names are its ids takes none twice.
    pub duplicates: usize,
    /// What is still there although the objects are gone.
    pub orphans: usize,
    /// Other acts that took effect more often than the life asks for.
    pub repeated: usize,
    /// Acts that took effect less often, and of which no object says that their outcome is unknown.
    pub undone: usize,
    /// What was seen, for people.
    pub seen: Vec<String>,
}

/// What a cloud keeps, beside what objects made.
pub struct Cloud {
    simulator: String,
    service: String,
    paths: Vec<String>,
    before: Vec<Value>,
}

impl Cloud {
    /// The simulator at this address, in which no object has made anything so far.
    pub async fn untouched(lifecycle: &Lifecycle, simulator: &str) -> Self {
        let named = [&lifecycle.service].into_iter().chain(&lifecycle.beside);
        let mut cloud = Self {
            simulator: simulator.to_owned(),
            service: lifecycle.service.clone(),
            paths: named.map(|name| format!("/_sim/jobs/{name}")).collect(),
            before: vec![],
        };
        cloud.before = cloud.kept().await;
        cloud
    }

    /// What became of it in a life; `doubted` are the acts of which an object said that their outcome is unknown.
    pub async fn audit(&self, asked: &BTreeMap<String, usize>, doubted: &[String]) -> Audit {
        let requests = self.get("/_sim/requests?since=0").await;
        let kept = self.kept().await;
        let left = kept.iter().filter(|one| !self.before.contains(one));
        let mut audit = Audit {
            duplicates: of(&requests, &self.service)
                .filter(|request| is_refused_create(request))
                .count(),
            orphans: left.count(),
            ..Audit::default()
        };
        audit.compare(asked, doubted, &acts(&requests, &self.service));
        audit
    }

    /// Everything that the service keeps.
    async fn kept(&self) -> Vec<Value> {
        let mut kept = vec![];
        for path in &self.paths {
            let answer = self.get(path).await;
            let list = answer.get("jobs").or_else(|| answer.get("links")).unwrap();
            kept.extend(list.as_array().unwrap().clone());
        }
        kept
    }

    async fn get(&self, path: &str) -> Value {
        let answer = reqwest::get(format!("{}{path}", self.simulator)).await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }
}

impl Audit {
    /// Whether there is nothing to complain of.
    pub fn is_clean(&self) -> bool {
        self.duplicates + self.orphans + self.repeated + self.undone == 0
    }

    fn compare(&mut self, asked: &BTreeMap<String, usize>, doubted: &[String], seen: &[String]) {
        let mut counts: BTreeMap<&str, usize> = asked.keys().map(|act| (act.as_str(), 0)).collect();
        for act in seen {
            *counts.entry(act).or_default() += 1;
        }
        for (act, count) in counts {
            let wished = asked.get(act).copied().unwrap_or_default();
            let told = doubted.iter().filter(|doubted| *doubted == act).count();
            let beyond = count.saturating_sub(wished);
            if act.starts_with("create") {
                self.duplicates += beyond;
            } else {
                self.repeated += beyond;
            }
            self.undone += wished.saturating_sub(count + told);
        }
        self.seen = seen.to_vec();
    }
}

impl AddAssign for Audit {
    fn add_assign(&mut self, other: Self) {
        self.duplicates += other.duplicates;
        self.orphans += other.orphans;
        self.repeated += other.repeated;
        self.undone += other.undone;
    }
}

/// The acts that took effect, in their order.
fn acts(requests: &Value, service: &str) -> Vec<String> {
    of(requests, service)
        .filter_map(|request| request["effect"]["act"].as_str().map(str::to_owned))
        .collect()
}

fn is_refused_create(request: &Value) -> bool {
    let operation = request["operation"].as_str().unwrap_or_default();
    operation.starts_with("Create") && !request["errorCode"].is_null()
}

fn of<'a>(requests: &'a Value, service: &'a str) -> impl Iterator<Item = &'a Value> {
    let requests = requests.as_array().unwrap().iter();
    requests.filter(move |request| request["service"] == service)
}
