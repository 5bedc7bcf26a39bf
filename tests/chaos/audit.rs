//! What a life left behind at the service.
use super::lifecycle::Lifecycle;
use serde_json::Value;
use std::collections::BTreeMap;
use std::iter::Sum;

/// What must not be.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Jobs that were created beyond the first.
    pub duplicates: usize,
    /// Jobs that are still there although the object is gone.
    pub orphans: usize,
    /// Acts that took effect more often than the life asks for.
    pub repeated: usize,
    /// Acts that took effect less often.
    pub undone: usize,
    /// What was seen, for people.
    pub seen: Vec<String>,
}

impl Audit {
    /// Asks the simulator at this address.
    pub async fn of(lifecycle: &Lifecycle, simulator: &str) -> Self {
        let service = &lifecycle.service;
        let jobs = get(&format!("{simulator}/_sim/jobs/{service}")).await;
        let requests = get(&format!("{simulator}/_sim/requests?since=0")).await;
        let left = jobs["jobs"].as_array().unwrap();
        let created = usize::try_from(jobs["created"].as_u64().unwrap()).unwrap();
        let mut audit = Self {
            duplicates: created.saturating_sub(1),
            orphans: left.len(),
            ..Self::default()
        };
        audit.compare(&lifecycle.acts, &acts(&requests, service));
        audit
    }

    /// Whether there is nothing to complain of.
    pub fn is_clean(&self) -> bool {
        self.duplicates + self.orphans + self.repeated + self.undone == 0
    }

    fn compare(&mut self, asked: &BTreeMap<String, usize>, seen: &[String]) {
        let mut counts: BTreeMap<&str, usize> = asked.keys().map(|act| (act.as_str(), 0)).collect();
        for act in seen {
            *counts.entry(act).or_default() += 1;
        }
        for (act, count) in counts {
            let wished = asked.get(act).copied().unwrap_or_default();
            self.repeated += count.saturating_sub(wished);
            self.undone += wished.saturating_sub(count);
        }
        self.seen = seen.to_vec();
    }
}

impl Sum for Audit {
    fn sum<I: Iterator<Item = Self>>(audits: I) -> Self {
        audits.fold(Self::default(), |mut total, audit| {
            total.duplicates += audit.duplicates;
            total.orphans += audit.orphans;
            total.repeated += audit.repeated;
            total.undone += audit.undone;
            total
        })
    }
}

/// The acts that took effect, in their order.
fn acts(requests: &Value, service: &str) -> Vec<String> {
    let of_service = requests
        .as_array()
        .unwrap()
        .iter()
        .filter(|request| request["service"] == service);
    of_service
        .filter_map(|request| request["effect"]["act"].as_str().map(str::to_owned))
        .collect()
}

async fn get(url: &str) -> Value {
    let text = reqwest::get(url).await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}
