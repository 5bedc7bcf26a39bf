//! Tokens and temporary keys that were issued.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Principal;

/// What a token is good for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Scope {
    /// One project, by id.
    Project(String),
    /// Global services of the account.
    Domain,
}

/// An issued token.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Token {
    /// Who it stands for.
    pub(crate) principal: Principal,
    /// How it was asked for: `password`, `assume_role`, `hw_ak_sk`.
    pub(crate) method: String,
    /// When it was issued.
    pub(crate) issued_at: Timestamp,
    /// When it ends.
    pub(crate) expires_at: Timestamp,
}

/// An issued temporary key.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Key {
    /// Who it stands for.
    pub(crate) principal: Principal,
    /// Secret access key.
    pub(crate) secret: String,
    /// The security token that goes with it.
    pub(crate) security_token: String,
    /// When it ends.
    pub(crate) expires_at: Timestamp,
}

/// Everything that was issued.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    tokens: HashMap<String, Token>,
    keys: HashMap<String, Key>,
}

impl Tokens {
    /// Remembers a token.
    pub(crate) fn put(&mut self, text: String, token: Token) {
        self.tokens.insert(text, token);
    }

    /// Remembers a temporary key.
    pub(crate) fn put_key(&mut self, access_key: String, key: Key) {
        self.keys.insert(access_key, key);
    }

    /// A token.
    pub(crate) fn token(&self, text: &str) -> Option<&Token> {
        self.tokens.get(text)
    }

    /// A temporary key.
    pub(crate) fn key(&self, access_key: &str) -> Option<&Key> {
        self.keys.get(access_key)
    }

    /// Ends all tokens and temporary keys now; how many there were.
    pub(crate) fn expire(&mut self) -> usize {
        let now = Timestamp::now();
        self.tokens
            .values_mut()
            .for_each(|token| token.expires_at = token.expires_at.min(now));
        self.keys
            .values_mut()
            .for_each(|key| key.expires_at = key.expires_at.min(now));
        self.tokens.len() + self.keys.len()
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.tokens.clear();
        self.keys.clear();
    }
}
