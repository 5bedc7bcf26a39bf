//! As whom the vendor is called right now: keys as they are, or tokens and temporary keys renewed in time.
use super::iam;
use super::own::Own;
use super::site::Site;
use crate::remote::RemoteError;
use crate::remote::credentials::{HuaweiKeys, HuaweiPassword};
use crate::remote::renewed::{Edition, Fetched, Renewed};
use crate::remote::standing::Part;
use secrecy::SecretString;
use std::sync::Arc;

/// The identity of one account. Shared by all calls.
#[derive(Debug)]
pub(super) enum Identity {
    Keys(Arc<HuaweiKeys>),
    Password(HuaweiPassword, Renewed<Token>),
    Own(Box<Own>, Renewed<HuaweiKeys>),
}

/// What a request proves its identity with.
#[derive(Clone, Debug)]
pub(super) enum Proof {
    Keys(Arc<HuaweiKeys>),
    Token(Arc<Token>),
}

/// A proof, and which edition of it.
#[derive(Clone, Debug)]
pub(super) struct Pass {
    pub(super) proof: Proof,
    edition: u64,
}

/// A token, and what its issuer said about it.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) value: SecretString,
    pub(super) project_id: Option<String>,
    pub(super) account_id: Option<String>,
}

impl Identity {
    /// A proof that is good for now.
    pub(super) async fn pass(&self, site: &Site) -> Result<Pass, RemoteError> {
        Ok(match self {
            Self::Keys(keys) => Pass {
                proof: Proof::Keys(Arc::clone(keys)),
                edition: 0,
            },
            Self::Password(password, token) => Pass::token(token.get(|| log_in(site, password)).await?),
            Self::Own(own, keys) => Pass::keys(keys.get(|| fetch(site, own)).await?),
        })
    }

    /// Another proof after this one was refused; `None` where there can be no other.
    pub(super) async fn after(&self, site: &Site, refused: &Pass) -> Result<Option<Pass>, RemoteError> {
        let number = refused.edition;
        Ok(match self {
            Self::Keys(_) => None,
            Self::Password(password, token) => {
                Some(Pass::token(token.after(number, || log_in(site, password)).await?))
            }
            Self::Own(own, keys) => Some(Pass::keys(keys.after(number, || fetch(site, own)).await?)),
        })
    }

    /// What tells this credential from every other.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        match self {
            Self::Keys(keys) => {
                let pair = [&keys.access_key, &keys.secret_key];
                let parts = pair.into_iter().chain(&keys.security_token).map(Part::Secret);
                std::iter::once(Part::Open("keys")).chain(parts).collect()
            }
            Self::Password(user, _) => vec![
                Part::Open("password"),
                Part::Open(&user.domain_name),
                Part::Open(&user.user_name),
                Part::Secret(&user.password),
            ],
            Self::Own(own, _) => vec![Part::Open("own"), Part::Open(own.operation())],
        }
    }

    /// The account's id, where a token told it.
    pub(super) fn account_id(&self) -> Option<String> {
        match self {
            Self::Password(_, token) => token.peek()?.account_id.clone(),
            Self::Keys(_) | Self::Own(..) => None,
        }
    }
}

impl Pass {
    fn token(edition: Edition<Token>) -> Self {
        Self {
            proof: Proof::Token(edition.value),
            edition: edition.number,
        }
    }

    fn keys(edition: Edition<HuaweiKeys>) -> Self {
        Self {
            proof: Proof::Keys(edition.value),
            edition: edition.number,
        }
    }
}

/// Callers queue for a token with leave from the breaker, so it is asked again when their turn comes, and told at once:
/// a password that was changed costs one attempt, not one for each of them.
async fn log_in(site: &Site, password: &HuaweiPassword) -> Result<Fetched<Token>, RemoteError> {
    site.breaker().check(iam::CREATE_TOKEN)?;
    let outcome = iam::create_token(site, password).await;
    site.breaker().learn(&outcome);
    outcome
}

async fn fetch(site: &Site, own: &Own) -> Result<Fetched<HuaweiKeys>, RemoteError> {
    site.breaker().check(own.operation())?;
    own.fetch().await
}
