//! The operator's own Secret that holds the key of secret digests; made at the first start and never changed.
use crate::engine::digest::DigestKey;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{ObjectMeta, PostParams};
use kube::{Api, Client};
use std::collections::BTreeMap;

const FIELD: &str = "key";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum DigestKeyError {
    /// The API server refused.
    #[error("Secret {name} with the key of secret digests: {source}")]
    Kube {
        /// The name of the Secret.
        name: String,
        /// The refusal.
        source: Box<kube::Error>,
    },
    /// Somebody emptied the Secret.
    #[error("Secret {0} has no key `key`: delete it, and the operator makes a new one")]
    Empty(String),
}

/// Reads the key, or makes one.
pub async fn digest_key(client: &Client, namespace: &str, lease: &str) -> Result<DigestKey, DigestKeyError> {
    let name = format!("{lease}-digest-key");
    let api = Api::<Secret>::namespaced(client.clone(), namespace);
    let failed = |source| DigestKeyError::Kube {
        name: name.clone(),
        source: Box::new(source),
    };
    let found = match api.get_opt(&name).await.map_err(failed)? {
        Some(secret) => secret,
        None => match api.create(&PostParams::default(), &fresh(&name)).await {
            Ok(secret) => secret,
            // Another replica was first.
            Err(kube::Error::Api(status)) if status.is_already_exists() => {
                api.get(&name).await.map_err(failed)?
            }
            Err(error) => return Err(failed(error)),
        },
    };
    let bytes = found
        .data
        .and_then(|mut data| data.remove(FIELD))
        .filter(|value| !value.0.is_empty());
    bytes
        .map(|ByteString(bytes)| DigestKey::new(bytes))
        .ok_or(DigestKeyError::Empty(name))
}

fn fresh(name: &str) -> Secret {
    let key: [u8; 32] = rand::random();
    Secret {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            ..ObjectMeta::default()
        },
        immutable: Some(true),
        data: Some(BTreeMap::from([(FIELD.to_owned(), ByteString(key.to_vec()))])),
        ..Secret::default()
    }
}
