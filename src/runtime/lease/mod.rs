//! Leader election by one `coordination.k8s.io/v1` Lease, every write of which carries the version that it was decided on.
//!
//! With `d` the duration: renewed every `d/3`, given up after `2d/3` without a renewal, taken over by others no sooner
//! than `d` after they saw the last change. Each participant measures with its own monotonic clock alone; clocks may
//! run apart by up to half.
mod election;
mod tenure;

pub use election::{Decision, Election, decide};
pub use tenure::{Tenure, guard};

use k8s_openapi::api::coordination::v1::Lease as LeaseObject;
use k8s_openapi::jiff::Timestamp;
use kube::api::PostParams;
use kube::{Api, Client};
use std::time::Duration;
use tenure::Term;
use thiserror::Error;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tracing::{info, warn};

/// Which lease to hold, as whom and for how long.
#[derive(Clone, Debug)]
pub struct LeaseOptions {
    /// The name of the Lease object; it is created when it is missing.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Our name in it; never the same for two processes.
    pub identity: String,
    /// How long others wait after the last renewal.
    pub duration: Duration,
}

/// Why one look at the lease led nowhere.
#[derive(Debug, Error)]
pub enum LeaseError {
    /// The API server refused or could not be reached.
    #[error("the lease could not be read or written")]
    Kube(#[from] kube::Error),
    /// The API server did not answer in time.
    #[error("the API server did not answer about the lease in time")]
    Timeout,
    /// It was no longer ours when it was to be given back.
    #[error("the lease was lost before it was released")]
    Lost,
}

/// A participant that does not hold the lease.
pub struct Lease {
    api: Api<LeaseObject>,
    options: LeaseOptions,
    election: Election,
    started: Instant,
}

/// How an attempt ended that met no error.
enum Standing {
    Held,
    Waiting,
    Lost,
}

impl Lease {
    /// A participant; nothing is sent yet.
    #[must_use]
    pub fn new(client: Client, options: LeaseOptions) -> Self {
        Self {
            api: Api::namespaced(client, &options.namespace),
            election: Election::new(options.identity.clone(), options.duration),
            options,
            started: Instant::now(),
        }
    }

    /// Waits until the lease is ours, however long that takes. Errors are logged and tried again.
    pub async fn acquire(mut self) -> Leadership {
        info!(identity = self.options.identity, "waiting for the lease");
        loop {
            match self.attempt().await {
                Ok(Standing::Held) => break,
                Ok(Standing::Waiting | Standing::Lost) => {}
                Err(error) => warn!(
                    error = &error as &dyn std::error::Error,
                    "still without the lease"
                ),
            }
            let pause = self.beat().mul_f64(rand::random_range(0.8..1.2));
            sleep(pause).await;
        }
        info!(identity = self.options.identity, "leading");
        Leadership::start(self)
    }

    /// A sixth of the duration: the bound on one attempt, the pause between the looks of those who wait and the least
    /// that must be left for a remote write.
    fn beat(&self) -> Duration {
        self.options.duration / 6
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// The instant at which leadership ends without a further renewal.
    fn end(&self) -> Option<Instant> {
        self.started.checked_add(self.election.deadline()?)
    }

    async fn attempt(&mut self) -> Result<Standing, LeaseError> {
        timeout(self.beat(), self.round())
            .await
            .map_err(|_| LeaseError::Timeout)?
    }

    /// One look and at most one write.
    async fn round(&mut self) -> Result<Standing, LeaseError> {
        let seen = self.api.get_opt(&self.options.name).await?;
        match self.election.look(seen.as_ref(), self.now()) {
            Decision::Wait => Ok(Standing::Waiting),
            Decision::Lost => Ok(Standing::Lost),
            Decision::Acquire | Decision::Renew => {
                let sent = self.now();
                self.write(seen.as_ref()).await?;
                self.election.won(sent);
                Ok(Standing::Held)
            }
        }
    }

    /// A conflict is an error like any other: somebody wrote first, and the next look says who.
    async fn write(&self, seen: Option<&LeaseObject>) -> Result<(), kube::Error> {
        let mut record = self.election.claimed(seen, Timestamp::now());
        let parameters = PostParams::default();
        if seen.is_some() {
            self.api.replace(&self.options.name, &parameters, &record).await?;
        } else {
            record.metadata.name = Some(self.options.name.clone());
            self.api.create(&parameters, &record).await?;
        }
        Ok(())
    }

    /// Renews until told to stop or until leadership ends; answers the lease if it is still ours.
    async fn keep(mut self, term: watch::Sender<Term>, mut stop: oneshot::Receiver<()>) -> Option<Self> {
        let mut pause = self.beat() * 2;
        while let Some(end) = self.end() {
            tokio::select! {
                biased;
                _ = &mut stop => {
                    term.send_replace(Term::Released);
                    return Some(self);
                }
                () = sleep_until(end) => break,
                () = sleep(pause) => {}
            }
            pause = match self.attempt().await {
                // A renewal that came too late must not raise the dead: others may have acted on the end.
                _ if Instant::now() >= end => break,
                Ok(Standing::Held) => self.beat() * 2,
                Ok(Standing::Lost | Standing::Waiting) => break,
                Err(error) => {
                    warn!(
                        error = &error as &dyn std::error::Error,
                        "the lease was not renewed"
                    );
                    self.beat() / 4
                }
            };
            if let Some(end) = self.end() {
                term.send_replace(Term::Until(end));
            }
        }
        term.send_replace(Term::Lost);
        None
    }

    async fn give_back(&self) -> Result<(), LeaseError> {
        let seen = self.api.get(&self.options.name).await?;
        let record = self
            .election
            .released(&seen, Timestamp::now())
            .ok_or(LeaseError::Lost)?;
        self.api
            .replace(&self.options.name, &PostParams::default(), &record)
            .await?;
        Ok(())
    }
}

/// The lease is ours and is being renewed in the background. Dropped, it is no longer renewed and runs out by itself.
#[derive(Debug)]
pub struct Leadership {
    tenure: Tenure,
    stop: oneshot::Sender<()>,
    keeper: JoinHandle<Option<Lease>>,
}

impl Leadership {
    fn start(lease: Lease) -> Self {
        let term = lease.end().map_or(Term::Lost, Term::Until);
        let (sender, receiver) = watch::channel(term);
        let tenure = Tenure {
            term: receiver,
            margin: lease.beat(),
        };
        let (stop, stopped) = oneshot::channel();
        Self {
            tenure,
            stop,
            keeper: tokio::spawn(lease.keep(sender, stopped)),
        }
    }

    /// The handle that remote writes ask.
    #[must_use]
    pub fn tenure(&self) -> Tenure {
        self.tenure.clone()
    }

    /// Resolves when leadership is lost. The process must end then, at once.
    pub async fn lost(&self) {
        self.tenure.lost().await;
    }

    /// Gives the lease back so that another can take it at once. To be called only when nothing can write any more.
    pub async fn release(self) -> Result<(), LeaseError> {
        // An error means that the keeper ended by itself, which its result says too.
        let _ = self.stop.send(());
        let lease = self.keeper.await.ok().flatten().ok_or(LeaseError::Lost)?;
        timeout(lease.beat(), lease.give_back())
            .await
            .map_err(|_| LeaseError::Timeout)?
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lease")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Our name in the lease: the pod's, else the host's, and eight random digits, so that a restarted container is never
/// taken for the one before it.
#[must_use]
pub fn identity() -> String {
    let host = std::env::var("POD_NAME")
        .ok()
        .filter(|name| !name.is_empty())
        .or_else(|| std::fs::read_to_string("/proc/sys/kernel/hostname").ok());
    let name = host.as_deref().map_or("replication-operator", str::trim);
    format!("{name}_{:08x}", rand::random::<u32>())
}
