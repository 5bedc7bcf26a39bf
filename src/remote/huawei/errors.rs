//! What error answers mean: the status first, a general code stronger, the call's own view strongest; never the text.
use super::codes::{BY_STATUS, GATEWAY, GENERAL};
use crate::remote::Fault;
use crate::remote::VendorError;
use crate::remote::call::Classify;
use crate::remote::meaning::Meaning;

/// The fault of an error answer.
pub(super) fn fault(error: &VendorError, writes: bool, classify: Classify) -> Fault {
    classify(error)
        .or_else(|| by_code(error, writes))
        .unwrap_or_else(|| by_status(error, writes))
}

/// The number of a code of the gateway, under any of its three names.
pub(super) fn gateway_number(code: &str) -> Option<&str> {
    let (front, number) = code.split_once('.')?;
    matches!(front, "APIGW" | "APIG" | "APIC").then_some(number)
}

/// Codes with which another token, or other temporary keys, may help. `0301` has many causes that only its text tells
/// apart, so it is worth one renewal; locked accounts and wrong passwords are not.
pub(super) fn is_renewable(code: Option<&str>) -> bool {
    let Some(code) = code else { return true };
    match gateway_number(code) {
        Some(number) => matches!(number, "0301" | "0307"),
        // The identity service answers with the status as code.
        None => matches!(
            code,
            "401"
                | "IAM.0001"
                | "IAM.0066"
                | "IAM.0067"
                | "IAM.1105"
                | "IAM.1108"
                | "EG.00014010"
                | "DMS.10240101"
                | "DMS.10240102"
        ),
    }
}

/// Our own words where the vendor's must not be shown: these echo the signed headers, tokens included.
pub(super) fn own_words(error: &VendorError, skew_minutes: Option<i64>) -> Option<String> {
    let number = error.code.as_deref().and_then(gateway_number)?;
    if !matches!(number, "0301" | "0303" | "0305") {
        return None;
    }
    Some(match skew_minutes {
        Some(minutes) => format!(
            "the credentials were refused, and the clock of this machine is {minutes} minutes off the vendor's: set the \
             clock first (15 minutes are allowed)"
        ),
        None => "the credentials were refused: check that the key or user exists, is enabled and belongs to this site and \
                 region, and that the Secret holds both halves of it unchanged (the vendor locks a key for five minutes \
                 after five refusals)"
            .to_owned(),
    })
}

fn by_code(error: &VendorError, writes: bool) -> Option<Fault> {
    let code = error.code.as_deref()?;
    let table = match gateway_number(code) {
        Some(BY_STATUS) if error.status == 404 => return Some(Fault::Rejected),
        Some(BY_STATUS) => return None,
        Some(number) => GATEWAY.iter().find(|(known, _)| *known == number),
        None => GENERAL.iter().find(|(known, _)| *known == code),
    };
    let (_, meaning) = table?;
    Some(meaning.fault(writes))
}

fn by_status(error: &VendorError, writes: bool) -> Fault {
    match error.status {
        401 => Fault::Unauthorized,
        403 => Fault::Forbidden,
        404 => absent(error),
        408 | 500 | 502 | 504..=599 => Meaning::Undone.fault(writes),
        409 => Fault::Conflict,
        429 => Fault::Throttled { retry_after: None },
        503 => Fault::Transient,
        400..=499 | 501 => Fault::Rejected,
        _ => Fault::Malformed,
    }
}

/// Only a service that names its own code knows that a thing does not exist: a wrong address, a proxy or a gateway
/// without this interface also answer 404.
fn absent(error: &VendorError) -> Fault {
    let named = error
        .code
        .as_deref()
        .is_some_and(|code| gateway_number(code).is_none() && !code.chars().all(|c| c.is_ascii_digit()));
    if named { Fault::NotFound } else { Fault::Malformed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn error(status: u16, code: &str) -> VendorError {
        VendorError {
            status,
            code: (!code.is_empty()).then(|| code.to_owned()),
            message: "no matter".into(),
            is_finding: false,
        }
    }

    const fn no_view(_: &VendorError) -> Option<Fault> {
        None
    }

    const THROTTLED: Fault = Fault::Throttled { retry_after: None };

    #[rstest]
    #[case::bare(404, "", Fault::Malformed)]
    #[case::keystone(404, "404", Fault::Malformed)]
    #[case::wrong_address(404, "APIGW.0101", Fault::Rejected)]
    #[case::older_front(404, "APIG.0101", Fault::Rejected)]
    #[case::no_backend(404, "APIGW.0103", Fault::Transient)]
    #[case::unknown_gateway_code(404, "APIGW.0999", Fault::Malformed)]
    #[case::service(404, "EG.00014040", Fault::NotFound)]
    #[case::other_service(404, "CDM.0404", Fault::NotFound)]
    #[case::wrong_address_of_dms(404, "DMS.00404001", Fault::Rejected)]
    #[case::busy_dms(404, "DMS.10240407", THROTTLED)]
    #[case::busy_instance(400, "DMS.00400026", Fault::Conflict)]
    #[case::bad_request(400, "EG.00014000", Fault::Rejected)]
    #[case::plain_400(400, "", Fault::Rejected)]
    #[case::unauthorized(401, "", Fault::Unauthorized)]
    #[case::refused_key_with_400(400, "IAM.1104", Fault::Unauthorized)]
    #[case::expired_keys_with_400(400, "IAM.1108", Fault::Unauthorized)]
    #[case::forbidden(403, "IAM.0003", Fault::Forbidden)]
    #[case::conflict(409, "", Fault::Conflict)]
    #[case::busy_front(429, "APIGW.0308", THROTTLED)]
    #[case::throttled_with_another_status(403, "APIG.0308", THROTTLED)]
    #[case::throttled_identity(429, "IAM.0012", THROTTLED)]
    #[case::plain_429(429, "", THROTTLED)]
    #[case::too_large(413, "APIGW.0201", Fault::Rejected)]
    #[case::quota(405, "APIGW.0501", Fault::Exhausted)]
    #[case::redirect(302, "", Fault::Malformed)]
    #[case::not_implemented(501, "", Fault::Rejected)]
    fn reads_and_writes_agree(#[case] status: u16, #[case] code: &str, #[case] expected: Fault) {
        for writes in [false, true] {
            assert_eq!(fault(&error(status, code), writes, no_view), expected);
        }
    }

    #[rstest]
    #[case::plain_500(500, "", Fault::Ambiguous)]
    #[case::plain_502(502, "", Fault::Ambiguous)]
    #[case::plain_503(503, "", Fault::Transient)]
    #[case::plain_504(504, "", Fault::Ambiguous)]
    #[case::internal(500, "EG.00015000", Fault::Ambiguous)]
    #[case::backend_late(504, "APIGW.0203", Fault::Ambiguous)]
    #[case::backend_gone(502, "APIGW.0202", Fault::Ambiguous)]
    #[case::late_under_0201(504, "APIGW.0201", Fault::Ambiguous)]
    #[case::no_name(500, "APIGW.0605", Fault::Transient)]
    #[case::no_instance(502, "APIGW.0610", Fault::Transient)]
    #[case::identity_away(503, "APIGW.0613", Fault::Transient)]
    fn a_write_that_may_have_been_done_is_ambiguous(
        #[case] status: u16,
        #[case] code: &str,
        #[case] on_write: Fault,
    ) {
        assert_eq!(fault(&error(status, code), true, no_view), on_write);
        assert_eq!(fault(&error(status, code), false, no_view), Fault::Transient);
    }

    #[test]
    fn the_calls_own_view_is_strongest() {
        let busy =
            |error: &VendorError| (error.code.as_deref() == Some("DMS.00400868")).then_some(Fault::Conflict);
        assert_eq!(fault(&error(400, "DMS.00400868"), true, busy), Fault::Conflict);
        assert_eq!(fault(&error(400, "DMS.00400001"), true, busy), Fault::Rejected);
    }

    #[rstest]
    #[case(Some("APIGW.0307"), true)]
    #[case(Some("APIGW.0301"), true)]
    #[case(Some("IAM.0066"), true)]
    #[case(Some("401"), true)]
    #[case(None, true)]
    #[case(Some("DMS.10240102"), true)]
    #[case(Some("IAM.0061"), false)]
    #[case(Some("IAM.0062"), false)]
    #[case(Some("APIGW.0305"), false)]
    fn only_some_refusals_are_worth_a_renewal(#[case] code: Option<&str>, #[case] expected: bool) {
        assert_eq!(is_renewable(code), expected);
    }

    #[test]
    fn the_text_that_echoes_headers_is_replaced() {
        let words = own_words(&error(401, "APIGW.0301"), None).unwrap();
        assert!(words.contains("check that the key"));
        let words = own_words(&error(401, "APIG.0301"), Some(20)).unwrap();
        assert!(words.contains("20 minutes"));
        assert_eq!(own_words(&error(401, "IAM.0061"), None), None);
    }
}
