//! Identifiers that look like the vendors'.

use rand::Rng;
use sha2::{Digest as _, Sha256};

/// 32 lower-case hexadecimal digits: request, project and user ids.
pub(crate) fn hex32() -> String {
    format!("{:032x}", rand::rng().random::<u128>())
}

/// An `EventGrid` id: 36 characters, groups as in the samples (version nibble 0, fourth group `0013`), so that
/// nobody parses it as a UUID with version checks.
pub(crate) fn event_grid() -> String {
    let mut random = rand::rng();
    let (a, b, c) = (
        random.random::<u32>(),
        random.random::<u16>(),
        random.random::<u64>() >> 16,
    );
    format!("{a:08x}-{b:04x}-0000-0013-{c:012x}")
}

/// A random UUID.
pub(crate) fn uuid() -> String {
    grouped(rand::rng().random())
}

/// The UUID that belongs to a text, always the same one.
pub(crate) fn uuid_of(text: &str) -> String {
    let bytes = Sha256::digest(text.as_bytes());
    grouped(
        bytes
            .iter()
            .take(16)
            .fold(0, |all, byte| (all << 8) | u128::from(*byte)),
    )
}

fn grouped(bits: u128) -> String {
    // Version 4, variant 1.
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)]
        .map(|(from, to)| hex.get(from..to).unwrap_or_default())
        .join("-")
}

/// Whether a text has the shape of a UUID, of whatever version.
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups
            .iter()
            .all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// `length` lower-case letters and digits: the ends of Tencent Cloud's ids.
pub(crate) fn lower(length: usize) -> String {
    pick(b"abcdefghijklmnopqrstuvwxyz0123456789", length)
}

/// `length` upper-case letters and digits: access keys.
pub(crate) fn upper(length: usize) -> String {
    pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length)
}

/// `length` letters and digits: secret keys and tokens.
pub(crate) fn mixed(length: usize) -> String {
    pick(
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        length,
    )
}

fn pick(alphabet: &[u8], length: usize) -> String {
    let mut random = rand::rng();
    (0..length)
        .filter_map(|_| {
            alphabet
                .get(random.random_range(0..alphabet.len()))
                .map(|b| char::from(*b))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_have_their_shape_and_one_of_a_text_stays() {
        let id = uuid();
        assert!(is_uuid(&id) && id.get(14..15) == Some("4"), "{id}");
        assert_eq!(uuid_of("a"), uuid_of("a"));
        assert_ne!(uuid_of("a"), uuid_of("b"));
        assert!(!is_uuid("c3d1e9a2-44f0-4b0e-8a65-0f9a3b7d6e1"));
    }

    #[test]
    fn event_grid_ids_have_the_shape_of_the_samples() {
        let id = event_grid();
        assert_eq!(id.len(), 36, "{id}");
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    }
}
