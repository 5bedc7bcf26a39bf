//! The standing of a credential at a vendor: whether it was refused, and what is left of its budget. Accounts with the
//! same credential share it, because the vendor counts and locks by credential and knows nothing of accounts.
use super::breaker::Breaker;
use super::limit::{Limits, Rate, RateError};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use url::Url;

/// The standing of every credential in use, among the accounts that are opened with the same registry.
#[derive(Default)]
pub struct Standings(Mutex<HashMap<Credential, Weak<Standing>>>);

/// Tells credentials apart, and where they are sent: what one address says of a credential is not to hold at another.
///
/// It covers the secret values too. Who knows only the public half of a key cannot touch the standing of the whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Credential([u8; 32]);

/// What tells a credential from every other.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'a> {
    Open(&'a str),
    Secret(&'a SecretString),
}

/// One account's share in the standing of its credential; the account's own paces count as long as it is held.
#[derive(Debug)]
pub(crate) struct Share {
    standing: Arc<Standing>,
    member: u64,
}

#[derive(Debug)]
struct Standing {
    breaker: Breaker,
    limits: Limits,
}

impl Credential {
    /// The credential with these parts, at a vendor, in a region, sent to these addresses where they are not the vendor's.
    pub(crate) fn new(
        vendor: &str,
        region: &str,
        endpoints: &BTreeMap<String, Url>,
        parts: &[Part<'_>],
    ) -> Self {
        let count = endpoints.len().to_string();
        let addresses = endpoints
            .iter()
            .flat_map(|(service, url)| [service.as_str(), url.as_str()]);
        let words = [vendor, region, count.as_str()].into_iter().chain(addresses);
        let parts = parts.iter().map(|part| match part {
            Part::Open(text) => *text,
            Part::Secret(secret) => secret.expose_secret(),
        });
        let mut digest = Sha256::new();
        for word in words.chain(parts) {
            digest.update(word.len().to_be_bytes());
            digest.update(word);
        }
        Self(digest.finalize().into())
    }
}

impl Standings {
    /// A share in the standing of a credential, which is made when nobody has one.
    ///
    /// # Errors
    /// When a pace of the account cannot be kept.
    pub(crate) fn join(
        &self,
        credential: Credential,
        paces: BTreeMap<String, Rate>,
        fresh: impl FnOnce() -> (Breaker, Limits),
    ) -> Result<Share, RateError> {
        let mut standings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        standings.retain(|_, standing| standing.strong_count() > 0);
        let standing = standings.get(&credential).and_then(Weak::upgrade);
        let standing = standing.unwrap_or_else(|| {
            let (breaker, limits) = fresh();
            Arc::new(Standing { breaker, limits })
        });
        let member = standing.limits.join(paces)?;
        standings.insert(credential, Arc::downgrade(&standing));
        Ok(Share { standing, member })
    }
}

impl Share {
    pub(crate) fn breaker(&self) -> &Breaker {
        &self.standing.breaker
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.standing.limits
    }

    /// Takes the place of an earlier share of the same account. Whoever changed the account may have mended the reason
    /// why its credential was refused, so that it may be tried once more.
    pub(crate) fn succeed(&self, earlier: &Self) {
        if Arc::ptr_eq(&self.standing, &earlier.standing) {
            self.standing.breaker.reconsider();
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.standing.limits.leave(self.member);
    }
}

impl fmt::Debug for Standings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Standings").finish_non_exhaustive()
    }
}
