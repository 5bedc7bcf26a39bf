//! The simulated cloud's request log: what the operator sent, and what came of it.
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One request.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// When it came in.
    pub time: Timestamp,
    /// The vendor's name of the operation.
    pub operation: Option<String>,
    /// What it changed.
    pub effect: Option<Effect>,
}

/// What a request changed.
#[derive(Clone, Debug, Deserialize)]
pub struct Effect {
    /// What was done.
    pub act: String,
    /// The job it was done to.
    pub id: String,
}

/// Every request in the log.
pub fn read(log: &Path) -> Vec<Request> {
    let text = std::fs::read_to_string(log).unwrap();
    let lines = text.lines();
    lines.filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The requests between two moments, by operation.
pub fn count(requests: &[Request], from: Timestamp, to: Timestamp) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for request in requests.iter().filter(|r| r.time >= from && r.time <= to) {
        let operation = request.operation.clone().unwrap_or_else(|| "unknown".into());
        *counts.entry(operation).or_default() += 1;
    }
    counts
}

/// The most calls of any one operation within any one second.
pub fn busiest(requests: &[Request]) -> usize {
    let mut times: BTreeMap<&str, Vec<Timestamp>> = BTreeMap::new();
    for request in requests {
        let operation = request.operation.as_deref().unwrap_or_default();
        times.entry(operation).or_default().push(request.time);
    }
    let most = |mut times: Vec<Timestamp>| {
        times.sort_unstable();
        let mut first = 0;
        let within = times.iter().enumerate().map(|(last, time)| {
            while time.duration_since(times[first]).as_millis() >= 1000 {
                first += 1;
            }
            last + 1 - first
        });
        within.max().unwrap_or_default()
    };
    times.into_values().map(most).max().unwrap_or_default()
}

/// When each remote job was made, and its id.
pub fn made(requests: &[Request]) -> Vec<(String, Timestamp)> {
    let of = |request: &Request| {
        let effect = request.effect.as_ref().filter(|effect| effect.act == "create")?;
        Some((effect.id.clone(), request.time))
    };
    requests.iter().filter_map(of).collect()
}
