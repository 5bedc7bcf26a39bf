//! Conditions as a pure function of the verdict, the generation and what was written before.
use super::reason::{Ready, Stalled};
use super::verdict::{Finding, Truth, Verdict};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use k8s_openapi::jiff::Timestamp;

/// The full set, always all of it, so that server-side apply owns the list. A time moves only when a status flips.
pub fn conditions(
    verdict: &Verdict,
    generation: Option<i64>,
    before: &[Condition],
    now: Timestamp,
) -> Vec<Condition> {
    let at = Moment {
        generation,
        before,
        now,
    };
    vec![
        ready(verdict, &at),
        at.condition("Synced", &verdict.synced, super::reason::Synced::as_str),
        stalled(verdict, &at),
    ]
}

/// The reason of the first condition that is not good, else that of Ready.
pub fn headline(conditions: &[Condition]) -> Option<String> {
    let of = |name: &str| conditions.iter().find(|c| c.type_ == name);
    [
        of("Stalled").filter(|c| c.status == "True"),
        // A Ready of which nothing is known says less than why nothing is known.
        of("Ready").filter(|c| c.status != "True" && c.reason != Ready::Unknown.as_str()),
        of("Synced").filter(|c| c.status != "True"),
    ]
    .into_iter()
    .flatten()
    .next()
    .or_else(|| of("Ready"))
    .map(|c| c.reason.clone())
}

struct Moment<'a> {
    generation: Option<i64>,
    before: &'a [Condition],
    now: Timestamp,
}

fn ready(verdict: &Verdict, at: &Moment<'_>) -> Condition {
    if let Some(finding) = &verdict.ready {
        return at.condition("Ready", finding, super::reason::Ready::as_str);
    }
    match at.before.iter().find(|c| c.type_ == "Ready") {
        Some(kept) => Condition {
            observed_generation: at.generation,
            ..kept.clone()
        },
        None => at.condition(
            "Ready",
            &Finding {
                truth: Truth::Unknown,
                reason: Ready::Unknown,
                message: String::new(),
            },
            super::reason::Ready::as_str,
        ),
    }
}

fn stalled(verdict: &Verdict, at: &Moment<'_>) -> Condition {
    let free = Finding {
        truth: Truth::No,
        reason: Stalled::Progressing,
        message: String::new(),
    };
    at.condition("Stalled", verdict.stalled.as_ref().unwrap_or(&free), |r| {
        r.as_str()
    })
}

impl Moment<'_> {
    fn condition<R: Copy>(&self, name: &str, finding: &Finding<R>, word: fn(R) -> &'static str) -> Condition {
        let status = finding.truth.as_str();
        let since = self
            .before
            .iter()
            .find(|c| c.type_ == name && c.status == status)
            .map_or(Time(self.now), |c| c.last_transition_time.clone());
        Condition {
            type_: name.into(),
            status: status.into(),
            reason: word(finding.reason).into(),
            message: finding.message.clone(),
            observed_generation: self.generation,
            last_transition_time: since,
        }
    }
}
