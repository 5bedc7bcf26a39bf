//! What a vendor's own check of a request found, read out of whatever shape it comes in; decides nothing.
use serde_json::Value;

/// The member that holds findings.
const MEMBER: &str = "validation-result";
/// Findings nested deeper than this are not looked for.
const DEEPEST: usize = 6;

/// One finding of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether it stands in the way; otherwise it is a warning.
    pub is_error: bool,
    /// Where and what, in the vendor's words.
    pub text: String,
}

/// The findings of an answer, error or not; none when it holds no check.
pub fn findings(answer: &Value) -> Vec<Finding> {
    let mut found = vec![];
    if let Some(check) = answer.get(MEMBER) {
        collect(check, None, DEEPEST, &mut found);
    }
    found
}

/// The findings that stand in the way, in one line.
pub fn refusal(found: &[Finding]) -> Option<String> {
    let texts: Vec<&str> = found
        .iter()
        .filter(|finding| finding.is_error)
        .map(|finding| finding.text.as_str())
        .collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

/// The name of the nearest member is the place, where the vendor gives one.
fn collect(value: &Value, place: Option<&str>, depth: usize, found: &mut Vec<Finding>) {
    match value {
        _ if depth == 0 => {}
        Value::Array(list) => list.iter().for_each(|one| collect(one, place, depth - 1, found)),
        Value::Object(fields) => match (text(fields.get("message")), text(fields.get("status"))) {
            (Some(message), Some(status)) => found.push(Finding {
                is_error: status != "WARNING",
                text: place.map_or_else(|| message.to_owned(), |place| format!("{place}: {message}")),
            }),
            _ => fields
                .iter()
                .for_each(|(name, inner)| collect(inner, Some(name), depth - 1, found)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case::of_a_link(json!([{"linkConfig": [{"message": "no route", "status": "ERROR"}]}]), "linkConfig: no route")]
    #[case::of_a_job(json!([{"fromJobConfig.tableName": [{"message": "m", "status": "ERROR"}]}, {}, {}]), "fromJobConfig.tableName: m")]
    #[case::flat(json!([{"message": "m", "status": "ERROR"}]), "m")]
    #[case::bare(json!({"linkConfig": [{"message": "a", "status": "ERROR"}, {"message": "b", "status": "ERROR"}]}), "linkConfig: a; linkConfig: b")]
    fn errors_are_read_in_every_shape(#[case] check: Value, #[case] expected: &str) {
        let found = findings(&json!({ MEMBER: check }));
        assert_eq!(refusal(&found).as_deref(), Some(expected));
    }

    #[rstest]
    #[case(json!({ MEMBER: [{}, {}, {}] }))]
    #[case(json!({ MEMBER: {} }))]
    #[case(json!({ MEMBER: [{"linkConfig": [{"message": "slow", "status": "WARNING"}]}] }))]
    #[case(json!({}))]
    #[case(json!(null))]
    fn nothing_else_stands_in_the_way(#[case] answer: Value) {
        assert_eq!(refusal(&findings(&answer)), None);
    }
}
