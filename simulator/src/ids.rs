//! Identifiers that look like the vendors'.

use rand::Rng;

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
    fn event_grid_ids_have_the_shape_of_the_samples() {
        let id = event_grid();
        assert_eq!(id.len(), 36, "{id}");
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    }
}
