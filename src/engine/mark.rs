//! The mark of an object: sixteen hex digits of a digest of its UID, which name the owner of a remote job,
//! and how a description carries it.
use sha2::{Digest, Sha256};

/// The mark of the object with this UID.
pub fn mark(uid: &str) -> String {
    let mut text = hex::encode(Sha256::digest(uid));
    text.truncate(16);
    text
}

/// A number in `0.0..1.0` that is the object's own, by which passes of different objects spread over an interval.
pub fn phase(uid: &str) -> f64 {
    let digest = Sha256::digest(uid);
    let number = digest
        .iter()
        .take(4)
        .fold(0_u32, |n, byte| (n << 8) | u32::from(*byte));
    f64::from(number) / (f64::from(u32::MAX) + 1.0)
}

/// A description with the mark at its end, 22 characters longer.
pub fn with_mark(description: &str, mark: &str) -> String {
    format!("{description} [rd:{mark}]")
}

/// A description without the mark, and the mark. The space before the mark may be missing: a service may trim it.
pub fn take_mark(description: &str) -> (String, Option<String>) {
    let found = description
        .trim_end()
        .rsplit_once("[rd:")
        .and_then(|(text, tail)| {
            let mark = tail.strip_suffix(']').filter(|mark| is_mark(mark))?;
            let text = text.strip_suffix(' ').unwrap_or(text);
            Some((text.to_owned(), Some(mark.to_owned())))
        });
    found.unwrap_or_else(|| (description.to_owned(), None))
}

fn is_mark(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_taken_off_again() {
        let mark = mark("7f1c");
        for text in ["", "orders", "orders ", "a [b]", "old [rd:12]"] {
            let (read, found) = take_mark(&with_mark(text, &mark));
            assert_eq!((read.as_str(), found.as_ref()), (text, Some(&mark)));
        }
        assert_eq!(with_mark("", &mark).len(), 22);
    }

    #[test]
    fn a_trimmed_mark_is_still_one() {
        assert_eq!(
            take_mark("[rd:0123456789abcdef]"),
            (String::new(), Some("0123456789abcdef".into()))
        );
    }

    #[test]
    fn what_only_looks_like_a_mark_stays() {
        for text in [
            "[rd:0123456789ABCDEF]",
            "[rd:0123]",
            "[rd:0123456789abcdef] x",
            "rd",
        ] {
            assert_eq!(take_mark(text), (text.to_owned(), None));
        }
    }
}
