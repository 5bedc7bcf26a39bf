//! What one participant of the election knows and decides; pure, its times are readings of its own monotonic clock.
use k8s_openapi::api::coordination::v1::Lease as LeaseObject;
use k8s_openapi::api::coordination::v1::LeaseSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// What to do about the lease as it was just read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nobody holds it: write our name into it.
    Acquire,
    /// We hold it: write a new time into it.
    Renew,
    /// Somebody else holds it: look again later.
    Wait,
    /// We held it and no longer do.
    Lost,
}

/// Decides about a record that has been the same for `unchanged_for` by our own clock; the times in it are never
/// compared with that clock, so that the clocks of the participants need not agree.
#[must_use]
pub fn decide(
    record: Option<&LeaseSpec>,
    identity: &str,
    leading: bool,
    unchanged_for: Duration,
    duration: Duration,
) -> Decision {
    let holder = record
        .and_then(|spec| spec.holder_identity.as_deref())
        .filter(|holder| !holder.is_empty());
    match holder {
        Some(holder) if holder == identity => Decision::Renew,
        // A record that was deleted or emptied under us may have had another holder in between.
        _ if leading => Decision::Lost,
        Some(_) if unchanged_for < promised(record).unwrap_or(duration) => Decision::Wait,
        Some(_) | None => Decision::Acquire,
    }
}

/// How long the holder said its lease lasts.
fn promised(record: Option<&LeaseSpec>) -> Option<Duration> {
    let seconds = record?.lease_duration_seconds?;
    u64::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs)
}

/// One participant: its name, what it last saw and since when it holds the lease.
#[derive(Clone, Debug)]
pub struct Election {
    identity: String,
    duration: Duration,
    seen: Option<Sighting>,
    held_since: Option<Duration>,
}

/// A version of the record and when we first saw it.
#[derive(Clone, Debug)]
struct Sighting {
    version: (Option<String>, Option<String>),
    since: Duration,
}

impl Election {
    /// A participant that holds nothing and has seen nothing.
    #[must_use]
    pub fn new(identity: String, duration: Duration) -> Self {
        Self {
            identity,
            duration,
            seen: None,
            held_since: None,
        }
    }

    /// Takes in the record as an answer that arrived at `now` showed it.
    pub fn look(&mut self, lease: Option<&LeaseObject>, now: Duration) -> Decision {
        let sighting = lease.map(|lease| self.sighting(lease, now));
        let unchanged_for = sighting
            .as_ref()
            .map_or(Duration::ZERO, |seen| now.saturating_sub(seen.since));
        self.seen = sighting;
        let leading = self.held_since.is_some();
        let decision = decide(
            lease.and_then(|lease| lease.spec.as_ref()),
            &self.identity,
            leading,
            unchanged_for,
            self.duration,
        );
        if decision == Decision::Lost {
            self.held_since = None;
        }
        decision
    }

    fn sighting(&self, lease: &LeaseObject, now: Duration) -> Sighting {
        let version = (
            lease.metadata.uid.clone(),
            lease.metadata.resource_version.clone(),
        );
        match &self.seen {
            Some(seen) if seen.version == version => seen.clone(),
            _ => Sighting { version, since: now },
        }
    }

    /// A write that left at `sent` was accepted. The lease counts from then, not from the answer: others may have seen
    /// the new record at any time since.
    pub fn won(&mut self, sent: Duration) {
        self.held_since = Some(sent);
    }

    /// When leadership ends unless it is renewed: after two thirds of the duration, so that a third is left for what
    /// has been sent to arrive before anyone else can hold the lease.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let held_since = self.held_since?;
        Some(held_since.saturating_add(self.duration.saturating_mul(2) / 3))
    }

    /// Whether this participant may believe that it leads.
    #[must_use]
    pub fn leads(&self, now: Duration) -> bool {
        self.deadline().is_some_and(|deadline| now < deadline)
    }

    /// The record that claims or renews the lease, built on the one that was read so that its version guards it.
    #[must_use]
    pub fn claimed(&self, seen: Option<&LeaseObject>, wall: Timestamp) -> LeaseObject {
        let mut lease = seen.cloned().unwrap_or_default();
        // Sent back, it would only cost bytes: the server keeps its own.
        lease.metadata.managed_fields = None;
        let old = lease.spec.take().unwrap_or_default();
        let is_renewal = old.holder_identity.as_deref() == Some(self.identity.as_str());
        let now = later_than(old.renew_time.as_ref(), wall);
        lease.spec = Some(LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: Some(whole_seconds(self.duration)),
            acquire_time: if is_renewal {
                old.acquire_time
            } else {
                Some(now.clone())
            },
            renew_time: Some(now),
            lease_transitions: Some(transitions(old.lease_transitions, seen.is_some() && !is_renewal)),
            ..old
        });
        lease
    }

    /// The record that gives the lease back; `None` when it is not ours to give.
    #[must_use]
    pub fn released(&self, seen: &LeaseObject, wall: Timestamp) -> Option<LeaseObject> {
        let mut lease = seen.clone();
        lease.metadata.managed_fields = None;
        let spec = lease.spec.as_mut()?;
        if spec.holder_identity.as_deref() != Some(self.identity.as_str()) {
            return None;
        }
        spec.holder_identity = None;
        spec.lease_duration_seconds = Some(1);
        spec.renew_time = Some(later_than(spec.renew_time.as_ref(), wall));
        Some(lease)
    }
}

/// `wall`, or a microsecond after the last renewal if the clock went back or stood still: the API server does not
/// count a write that changes nothing, and others would take us for dead.
fn later_than(last: Option<&MicroTime>, wall: Timestamp) -> MicroTime {
    let next = last.and_then(|last| last.0.checked_add(SignedDuration::from_micros(1)).ok());
    MicroTime(next.map_or(wall, |next| next.max(wall)))
}

fn transitions(last: Option<i32>, changes_hands: bool) -> i32 {
    last.unwrap_or(0).saturating_add(i32::from(changes_hands))
}

/// Rounded up: the record must never promise less than what we hold ourselves to.
fn whole_seconds(duration: Duration) -> i32 {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}
