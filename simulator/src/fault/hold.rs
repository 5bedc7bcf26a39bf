//! Requests that wait until a test lets them go.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// Where the requests held by one fault wait.
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    releases: Arc<watch::Sender<u64>>,
    waiting: Arc<AtomicUsize>,
}

impl Default for Hold {
    fn default() -> Self {
        Self {
            releases: Arc::new(watch::Sender::new(0)),
            waiting: Arc::default(),
        }
    }
}

impl Hold {
    /// A place in the queue: a release from now on counts, even before the wait begins.
    pub(crate) fn ticket(&self) -> Ticket {
        Ticket {
            releases: self.releases.subscribe(),
            waiting: Arc::clone(&self.waiting),
        }
    }

    /// Lets go whoever waits now.
    pub(crate) fn release(&self) {
        self.releases.send_modify(|n| *n += 1);
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }
}

/// One request's place in the queue.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    releases: watch::Receiver<u64>,
    waiting: Arc<AtomicUsize>,
}

impl Ticket {
    /// Waits for the next release; a fault that is gone holds nobody.
    pub(crate) async fn wait(&mut self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _count = Leaving(&self.waiting);
        // An error means that the fault is gone, which is a release too.
        let _ = self.releases.changed().await;
    }
}

/// Counts a waiting request off however it ends, also when its client goes away.
struct Leaving<'a>(&'a AtomicUsize);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
