//! The end of the process: asked for by a signal, in good order within a grace period, at once on a second signal.
use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{error, info};

/// How long the passes under way may take to end. A kubelet with the shortest sensible grace period kills after five
/// seconds.
pub const GRACE: Duration = Duration::from_millis(4500);

/// Whether the process was asked to end. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shutdown {
    asked: watch::Receiver<bool>,
}

/// Asks the process to end.
#[derive(Debug)]
pub struct Trigger {
    asked: watch::Sender<bool>,
}

impl Trigger {
    /// Asks.
    pub fn ask(&self) {
        self.asked.send_replace(true);
    }
}

impl Shutdown {
    /// A shutdown asked for by hand alone.
    #[must_use]
    pub fn manual() -> (Trigger, Self) {
        let (sender, receiver) = watch::channel(false);
        (Trigger { asked: sender }, Self { asked: receiver })
    }

    /// A shutdown asked for by SIGTERM or SIGINT. A second signal, or the end of the grace period, ends the process
    /// with status 1 whatever it does; the lease then runs out by itself.
    pub fn on_signals() -> Result<Self, io::Error> {
        let mut signals = Signals::new()?;
        let (trigger, shutdown) = Self::manual();
        tokio::spawn(async move {
            let first = signals.next().await;
            info!(signal = first, "shutting down");
            trigger.ask();
            if let Ok(second) = timeout(GRACE, signals.next()).await {
                error!(signal = second, "asked twice, ending at once");
            } else {
                error!("still busy at the end of the grace period, ending at once");
            }
            std::process::exit(1);
        });
        Ok(shutdown)
    }

    /// Resolves when the process was asked to end; owns what it needs, so that it can be given to controllers.
    pub fn asked(&self) -> impl Future<Output = ()> + Send + Sync + use<> {
        let mut asked = self.asked.clone();
        async move {
            if asked.wait_for(|asked| *asked).await.is_err() {
                // The trigger is gone: nobody can ask any more.
                std::future::pending::<()>().await;
            }
        }
    }

    /// The result of `work`, or `None` when the process is asked to end first; `work` is dropped then.
    pub async fn interrupts<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.asked() => None,
            result = work => Some(result),
        }
    }

    /// Whether the process was asked to end.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Result<Self, io::Error> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
