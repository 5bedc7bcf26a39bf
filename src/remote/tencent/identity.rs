//! As whom the vendor is called right now: keys as they are, or temporary keys renewed in time.
use super::own::Own;
use crate::remote::RemoteError;
use crate::remote::breaker::Breaker;
use crate::remote::credentials::TencentKeys;
use crate::remote::renewed::{Edition, Fetched, Renewed};
use crate::remote::standing::Part;
use std::sync::Arc;

/// The identity of one account. Shared by all calls.
#[derive(Debug)]
pub(super) enum Identity {
    Keys(Arc<TencentKeys>),
    Own(Box<(Own, Renewed<TencentKeys>)>),
}

/// The keys that sign a request, and which edition of them.
#[derive(Clone, Debug)]
pub(super) struct Pass {
    pub(super) keys: Arc<TencentKeys>,
    edition: u64,
}

impl Identity {
    /// What tells this credential from every other.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        match self {
            Self::Keys(keys) => {
                let pair = [&keys.secret_id, &keys.secret_key];
                let parts = pair.into_iter().chain(&keys.token).map(Part::Secret);
                std::iter::once(Part::Open("keys")).chain(parts).collect()
            }
            Self::Own(own) => vec![Part::Open("own"), Part::Open(own.0.operation())],
        }
    }

    /// Keys that are good for now.
    pub(super) async fn pass(&self, breaker: &Breaker) -> Result<Pass, RemoteError> {
        Ok(match self {
            Self::Keys(keys) => Pass {
                keys: Arc::clone(keys),
                edition: 0,
            },
            Self::Own(own) => {
                let (own, keys) = own.as_ref();
                Pass::of(keys.get(|| fetch(breaker, own)).await?)
            }
        })
    }

    /// Other keys after these were refused; `None` where there can be no others.
    pub(super) async fn after(&self, breaker: &Breaker, refused: &Pass) -> Result<Option<Pass>, RemoteError> {
        Ok(match self {
            Self::Keys(_) => None,
            Self::Own(own) => {
                let (own, keys) = own.as_ref();
                let renewed = keys.after(refused.edition, || fetch(breaker, own)).await?;
                Some(Pass::of(renewed))
            }
        })
    }
}

impl Pass {
    fn of(edition: Edition<TencentKeys>) -> Self {
        Self {
            keys: edition.value,
            edition: edition.number,
        }
    }
}

async fn fetch(breaker: &Breaker, own: &Own) -> Result<Fetched<TencentKeys>, RemoteError> {
    breaker.check(own.operation())?;
    own.fetch().await
}
