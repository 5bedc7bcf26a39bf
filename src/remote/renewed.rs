//! A value that is fetched once for all callers and again in time: tokens, temporary keys, project ids.
use super::RemoteError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// However long a value lives, it is fetched again when less than this is left.
const MARGIN: Duration = Duration::from_mins(40);
/// How long a value that is still good is kept after a failed renewal, before the next attempt.
const PAUSE: Duration = Duration::from_secs(30);

/// The holder of such a value.
#[derive(Debug)]
pub(crate) struct Renewed<T> {
    held: Mutex<Option<Held<T>>>,
    /// One fetch at a time; keeps the last failure for those who waited for it.
    flight: tokio::sync::Mutex<Option<(Instant, RemoteError)>>,
}

#[derive(Debug)]
struct Held<T> {
    edition: Edition<T>,
    renew_at: Option<Instant>,
    ends_at: Option<Instant>,
}

/// A value and how often it has been fetched.
#[derive(Debug)]
pub(crate) struct Edition<T> {
    pub(crate) value: Arc<T>,
    pub(crate) number: u64,
}

/// What a fetch brings; without a lifetime it is good for ever.
#[derive(Debug)]
pub(crate) struct Fetched<T> {
    pub(crate) value: T,
    pub(crate) lifetime: Option<Duration>,
}

enum Look<T> {
    Fresh(Edition<T>),
    Due(Edition<T>),
    Missing,
}

impl<T> Clone for Edition<T> {
    fn clone(&self) -> Self {
        Self {
            value: Arc::clone(&self.value),
            number: self.number,
        }
    }
}

impl<T> Renewed<T> {
    pub(crate) fn new() -> Self {
        Self {
            held: Mutex::new(None),
            flight: tokio::sync::Mutex::new(None),
        }
    }

    /// The value, fetched if it is missing or spent. Renewal ahead of time holds up one caller only.
    pub(crate) async fn get<F>(&self, fetch: impl FnOnce() -> F) -> Result<Edition<T>, RemoteError>
    where
        F: Future<Output = Result<Fetched<T>, RemoteError>>,
    {
        match self.look(0) {
            Look::Fresh(edition) => Ok(edition),
            Look::Due(edition) => {
                let Ok(mut flight) = self.flight.try_lock() else {
                    return Ok(edition);
                };
                Ok(self.fly(&mut flight, fetch).await.unwrap_or_else(|_| {
                    self.postpone();
                    edition
                }))
            }
            Look::Missing => self.wait(0, fetch).await,
        }
    }

    /// A later edition than the one with this number, because that one was refused.
    pub(crate) async fn after<F>(
        &self,
        number: u64,
        fetch: impl FnOnce() -> F,
    ) -> Result<Edition<T>, RemoteError>
    where
        F: Future<Output = Result<Fetched<T>, RemoteError>>,
    {
        self.wait(number, fetch).await
    }

    /// What is held now, however old.
    pub(crate) fn peek(&self) -> Option<Arc<T>> {
        self.held().as_ref().map(|held| Arc::clone(&held.edition.value))
    }

    async fn wait<F>(&self, number: u64, fetch: impl FnOnce() -> F) -> Result<Edition<T>, RemoteError>
    where
        F: Future<Output = Result<Fetched<T>, RemoteError>>,
    {
        let asked = Instant::now();
        let mut flight = self.flight.lock().await;
        if let Look::Fresh(edition) | Look::Due(edition) = self.look(number) {
            return Ok(edition);
        }
        if let Some((at, error)) = &*flight
            && *at > asked
        {
            return Err(error.repeated());
        }
        self.fly(&mut flight, fetch).await
    }

    async fn fly<F>(
        &self,
        flight: &mut Option<(Instant, RemoteError)>,
        fetch: impl FnOnce() -> F,
    ) -> Result<Edition<T>, RemoteError>
    where
        F: Future<Output = Result<Fetched<T>, RemoteError>>,
    {
        match fetch().await {
            Ok(fetched) => {
                *flight = None;
                Ok(self.keep(fetched))
            }
            Err(error) => {
                *flight = Some((Instant::now(), error.repeated()));
                Err(error)
            }
        }
    }

    fn keep(&self, fetched: Fetched<T>) -> Edition<T> {
        let now = Instant::now();
        let mut held = self.held();
        let number = held.as_ref().map_or(1, |held| held.edition.number + 1);
        let edition = Edition {
            value: Arc::new(fetched.value),
            number,
        };
        let fresh = |lifetime: Duration| lifetime.saturating_sub(MARGIN.min(lifetime / 3));
        // A moment beyond the clock's reach never comes.
        *held = Some(Held {
            edition: edition.clone(),
            renew_at: fetched
                .lifetime
                .and_then(|lifetime| now.checked_add(fresh(lifetime))),
            ends_at: fetched.lifetime.and_then(|lifetime| now.checked_add(lifetime)),
        });
        edition
    }

    fn look(&self, after: u64) -> Look<T> {
        let now = Instant::now();
        let is_past = |moment: Option<Instant>| moment.is_some_and(|moment| moment <= now);
        match &*self.held() {
            Some(held) if held.edition.number <= after || is_past(held.ends_at) => Look::Missing,
            Some(held) if is_past(held.renew_at) => Look::Due(held.edition.clone()),
            Some(held) => Look::Fresh(held.edition.clone()),
            None => Look::Missing,
        }
    }

    fn postpone(&self) {
        if let Some(held) = &mut *self.held() {
            held.renew_at = Some(Instant::now() + PAUSE);
        }
    }

    fn held(&self) -> MutexGuard<'_, Option<Held<T>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::Fault;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicU64, Ordering};

    const HOUR: Duration = Duration::from_hours(1);

    struct Source {
        fetches: AtomicU64,
        lifetime: Duration,
    }

    impl Source {
        fn living(lifetime: Duration) -> Self {
            Self {
                fetches: AtomicU64::new(0),
                lifetime,
            }
        }

        async fn fetch(&self) -> Result<Fetched<u64>, RemoteError> {
            let value = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::time::sleep(Duration::from_millis(10)).await;
            Ok(Fetched {
                value,
                lifetime: Some(self.lifetime),
            })
        }

        async fn fail(&self) -> Result<Fetched<u64>, RemoteError> {
            self.fetches.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
            Err(RemoteError::new("Fetch", Fault::Transient, "away"))
        }

        fn count(&self) -> u64 {
            self.fetches.load(Ordering::SeqCst)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn many_callers_share_one_fetch() {
        let (held, source) = (Renewed::new(), Source::living(24 * HOUR));
        let values = join_all((0..32).map(|_| held.get(|| source.fetch()))).await;
        assert!(values.into_iter().all(|edition| *edition.unwrap().value == 1));
        assert_eq!(source.count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn many_callers_share_one_failure() {
        let (held, source) = (Renewed::<u64>::new(), Source::living(HOUR));
        let values = join_all((0..32).map(|_| held.get(|| source.fail()))).await;
        assert!(values.into_iter().all(|edition| edition.is_err()));
        assert_eq!(source.count(), 1);
        assert_eq!(*held.get(|| source.fetch()).await.unwrap().value, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_life_is_renewed_forty_minutes_before_its_end() {
        let (held, source) = (Renewed::new(), Source::living(24 * HOUR));
        held.get(|| source.fetch()).await.unwrap();
        tokio::time::advance(23 * HOUR + Duration::from_mins(19)).await;
        assert_eq!(*held.get(|| source.fetch()).await.unwrap().value, 1);
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(*held.get(|| source.fetch()).await.unwrap().value, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_life_is_renewed_at_two_thirds() {
        let (held, source) = (Renewed::new(), Source::living(Duration::from_mins(15)));
        held.get(|| source.fetch()).await.unwrap();
        tokio::time::advance(Duration::from_secs(590)).await;
        assert_eq!(*held.get(|| source.fetch()).await.unwrap().value, 1);
        tokio::time::advance(Duration::from_secs(11)).await;
        assert_eq!(*held.get(|| source.fetch()).await.unwrap().value, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_renewal_keeps_what_is_still_good() {
        let (held, source) = (Renewed::new(), Source::living(HOUR));
        held.get(|| source.fetch()).await.unwrap();
        tokio::time::advance(Duration::from_mins(59)).await;
        assert_eq!(*held.get(|| source.fail()).await.unwrap().value, 1);
        assert_eq!(*held.get(|| source.fail()).await.unwrap().value, 1);
        assert_eq!(source.count(), 2);
        tokio::time::advance(Duration::from_mins(1)).await;
        assert!(held.get(|| source.fail()).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_edition_is_replaced_once_for_all() {
        let (held, source) = (Renewed::new(), Source::living(HOUR));
        let first = held.get(|| source.fetch()).await.unwrap();
        let later = join_all((0..8).map(|_| held.after(first.number, || source.fetch()))).await;
        assert!(later.into_iter().all(|edition| *edition.unwrap().value == 2));
        assert_eq!(source.count(), 2);
        assert_eq!(*held.peek().unwrap(), 2);
    }
}
