//! Makes a vendor's text fit to be shown: no secret that we hold, no control characters, at most one kilobyte.
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

const LONGEST: usize = 1024;
const HIDDEN: &str = "[hidden]";

/// The text without the secrets, on one line, cut at one kilobyte.
pub(crate) fn presentable<'a>(text: &str, secrets: impl IntoIterator<Item = &'a SecretString>) -> String {
    let scrubbed = secrets
        .into_iter()
        .fold(text.to_owned(), |text, secret| scrub(&text, secret));
    let line = scrubbed
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    cut(&line).to_owned()
}

/// A secret may be echoed as it was sent, so its escaped forms are looked for too.
fn scrub(text: &str, secret: &SecretString) -> String {
    let plain = secret.expose_secret();
    if plain.is_empty() {
        return text.to_owned();
    }
    let in_json = serde_json::Value::from(plain).to_string();
    let in_json = in_json
        .get(1..in_json.len().saturating_sub(1))
        .unwrap_or_default();
    let in_url = utf8_percent_encode(plain, NON_ALPHANUMERIC).to_string();
    text.replace(plain, HIDDEN)
        .replace(in_json, HIDDEN)
        .replace(&in_url, HIDDEN)
}

fn cut(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_in_every_spelling() {
        let secret = SecretString::from("p\"ss/wörd");
        let text = "plain p\"ss/wörd json p\\\"ss/wörd url p%22ss%2Fw%C3%B6rd end";
        assert_eq!(
            presentable(text, [&secret]),
            "plain [hidden] json [hidden] url [hidden] end"
        );
    }

    #[test]
    fn an_empty_secret_hides_nothing() {
        assert_eq!(presentable("as it is", [&SecretString::from("")]), "as it is");
    }

    #[test]
    fn a_text_is_one_line_of_a_kilobyte_at_most() {
        assert_eq!(
            presentable("<html>\r\n\t<b>502\u{1b}[31m</b>\0", []),
            "<html> <b>502 [31m</b>"
        );
        let long = presentable(&"é".repeat(2000), []);
        assert_eq!(long.len(), 1024);
    }

    #[test]
    fn a_secret_at_the_cut_does_not_show_its_head() {
        let secret = SecretString::from("0123456789");
        let text = format!("{}0123456789", "x".repeat(1020));
        assert!(!presentable(&text, [&secret]).contains("0123"));
    }
}
