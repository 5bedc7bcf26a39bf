//! Label selectors as users write them on a command line, checked before anything is started.
use kube::core::{Expression, Selector};
use std::collections::BTreeSet;

/// Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`, the syntax of `kubectl --selector`. Empty text selects everything.
pub fn parse(text: &str) -> Result<Selector, String> {
    requirements(text)?
        .into_iter()
        .map(expression)
        .collect::<Result<Selector, String>>()
}

/// Splits at commas outside parentheses.
fn requirements(text: &str) -> Result<Vec<&str>, String> {
    if text.trim().is_empty() {
        return Ok(vec![]);
    }
    let mut inside = false;
    let mut broken = false;
    let parts = text
        .split(|letter| {
            match letter {
                '(' => broken |= std::mem::replace(&mut inside, true),
                ')' => broken |= !std::mem::replace(&mut inside, false),
                _ => {}
            }
            letter == ',' && !inside
        })
        .map(str::trim)
        .collect();
    if broken || inside {
        return Err("its parentheses do not match".into());
    }
    Ok(parts)
}

fn expression(text: &str) -> Result<Expression, String> {
    if let Some(key) = text.strip_prefix('!') {
        return Ok(Expression::DoesNotExist(key_of(key)?));
    }
    if let Some((left, list)) = text.split_once('(') {
        return set(left, list);
    }
    if let Some((key, value)) = text.split_once("!=") {
        return Ok(Expression::NotEqual(key_of(key)?, value_of(value)?));
    }
    if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        return Ok(Expression::Equal(key_of(key)?, value_of(value)?));
    }
    Ok(Expression::Exists(key_of(text)?))
}

fn set(left: &str, list: &str) -> Result<Expression, String> {
    let list = list
        .strip_suffix(')')
        .ok_or("there is something behind a closing parenthesis")?;
    let values = list
        .split(',')
        .map(value_of)
        .collect::<Result<BTreeSet<_>, _>>()?;
    match left.split_whitespace().collect::<Vec<_>>().as_slice() {
        [key, "in"] => Ok(Expression::In(key_of(key)?, values)),
        [key, "notin"] => Ok(Expression::NotIn(key_of(key)?, values)),
        _ => Err(format!("`{left}(…)` is neither `key in (…)` nor `key notin (…)`")),
    }
}

fn key_of(text: &str) -> Result<String, String> {
    let key = text.trim();
    let (prefix, name) = key
        .split_once('/')
        .map_or((None, key), |(prefix, name)| (Some(prefix), name));
    let is_prefix = |prefix: &str| {
        !prefix.is_empty()
            && prefix.len() <= 253
            && prefix.split('.').all(|part| {
                is_word(part, |letter| {
                    letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-'
                })
            })
    };
    if is_label_word(name) && prefix.is_none_or(is_prefix) {
        Ok(key.to_owned())
    } else {
        Err(format!("`{key}` is not a label key"))
    }
}

fn value_of(text: &str) -> Result<String, String> {
    let value = text.trim();
    if value.is_empty() || is_label_word(value) {
        Ok(value.to_owned())
    } else {
        Err(format!("`{value}` is not a label value"))
    }
}

fn is_label_word(text: &str) -> bool {
    text.len() <= 63
        && is_word(text, |letter| {
            letter.is_ascii_alphanumeric() || "-_.".contains(letter)
        })
}

fn is_word(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty()
        && text.chars().all(allowed)
        && text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.ends_with(|letter: char| letter.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_form_of_requirement_is_understood() {
        let text = "a=b,c==d,e!=f,g/h in (i, j),k.l/m notin (n),o,!p,q=";
        let selector = parse(text).unwrap().to_string();
        assert_eq!(selector, "a=b,c=d,e!=f,g/h in (i,j),k.l/m notin (n),o,!p,q=");
    }

    #[test]
    fn empty_text_selects_everything() {
        assert!(parse(" ").unwrap().selects_all());
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for text in [
            "a=b,",
            ",",
            "a b",
            "a in b",
            "a in (b",
            "a in b)",
            "a in (b) c",
            "a=b=c",
            "-a=b",
            "a=b c",
            "A.b/!",
            "X/a",
            "a in ((b))",
            "a like (b)",
            "!",
            "=b",
        ] {
            assert!(parse(text).is_err(), "{text} was taken for a selector");
        }
    }
}
