//! Keyed digests of secret values: they show that a value changed and tell nothing else; no value leaves this module.
use super::kind::SecretValues;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The operator's key. It lives in a Secret of the operator's own namespace.
pub struct DigestKey {
    id: String,
    key: SecretSlice<u8>,
}

/// Digests by JSON path, as they stand in status.
pub type Digests = BTreeMap<String, String>;

impl DigestKey {
    /// A key from its bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        let mut id = hex::encode(Sha256::digest([b"id:".as_slice(), &bytes].concat()));
        id.truncate(8);
        Self {
            id,
            key: bytes.into(),
        }
    }

    /// The digests of all values of an object.
    pub fn digests(&self, secrets: &SecretValues) -> Digests {
        secrets
            .iter()
            .map(|(path, value)| (path.clone(), self.digest(path, value.expose_secret())))
            .collect()
    }

    /// The paths whose values are not the ones that the remote job was last given.
    ///
    /// `sent` is `None` when nothing is known of what was sent, and a digest under another key tells nothing either: the
    /// present values are then the baseline, never a change.
    pub fn rotated(&self, sent: Option<&Digests>, now: &Digests) -> Vec<String> {
        let Some(sent) = sent else { return vec![] };
        let known = |path: &str| {
            sent.get(path)
                .map(|digest| (digest, digest.starts_with(&format!("{}:", self.id))))
        };
        let changed = now.iter().filter(|(path, digest)| match known(path) {
            Some((before, true)) => before != *digest,
            Some((_, false)) => false,
            None => true,
        });
        changed.map(|(path, _)| path.clone()).collect()
    }

    /// What was sent, under the paths that its values have now: `before` says under which path one was sent.
    pub fn moved(&self, sent: &Digests, values: &SecretValues, before: impl Fn(&str) -> String) -> Digests {
        let moved = values.iter().filter_map(|(path, value)| {
            let from = before(path);
            let digest = sent.get(&from)?;
            let value = value.expose_secret();
            let same = *digest == self.digest(&from, value);
            // A digest of another path is never that of the present value.
            let now = if same {
                self.digest(path, value)
            } else {
                digest.clone()
            };
            Some((path.clone(), now))
        });
        moved.collect()
    }

    fn digest(&self, path: &str, value: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret()) else {
            return format!("{}:", self.id);
        };
        mac.update(path.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        let mut text = hex::encode(mac.finalize().into_bytes());
        text.truncate(32);
        format!("{}:{text}", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(password: &str) -> SecretValues {
        SecretValues::from([(
            "sink.kafka.passwordSecretRef".to_owned(),
            password.to_owned().into(),
        )])
    }

    #[test]
    fn a_changed_value_is_noticed_and_an_equal_one_is_not() {
        let key = DigestKey::new(vec![1; 32]);
        let sent = key.digests(&values("old"));
        assert!(key.rotated(Some(&sent), &key.digests(&values("old"))).is_empty());
        assert_eq!(
            key.rotated(Some(&sent), &key.digests(&values("new"))),
            ["sink.kafka.passwordSecretRef"]
        );
    }

    #[test]
    fn an_unknown_key_makes_the_present_value_the_baseline() {
        let (old, new) = (DigestKey::new(vec![1; 32]), DigestKey::new(vec![2; 32]));
        let sent = old.digests(&values("a"));
        assert!(new.rotated(Some(&sent), &new.digests(&values("b"))).is_empty());
        assert!(new.rotated(None, &new.digests(&values("b"))).is_empty());
    }

    #[test]
    fn an_exchanged_value_is_no_change_and_one_that_was_rotated_meanwhile_is() {
        let key = DigestKey::new(vec![1; 32]);
        let two = |source: &str, sink: &str| {
            SecretValues::from([
                ("source".to_owned(), source.to_owned().into()),
                ("sink".to_owned(), sink.to_owned().into()),
            ])
        };
        let other = |path: &str| if path == "source" { "sink" } else { "source" }.to_owned();
        let sent = key.digests(&two("a", "b"));
        let rotated = |now: &SecretValues| {
            let moved = key.moved(&sent, now, other);
            key.rotated(Some(&moved), &key.digests(now))
        };
        assert!(rotated(&two("b", "a")).is_empty());
        assert_eq!(rotated(&two("b", "new")), ["sink"]);
        assert_eq!(rotated(&two("a", "b")), ["sink", "source"]);
    }

    #[test]
    fn a_secret_that_was_never_sent_is_a_change() {
        let key = DigestKey::new(vec![1; 32]);
        assert_eq!(
            key.rotated(Some(&Digests::new()), &key.digests(&values("a")))
                .len(),
            1
        );
    }
}
