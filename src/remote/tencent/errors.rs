//! What error answers mean: by code, the call's own view strongest, the status where there is no code; never the text.
use super::codes::{CODES, RENEWABLE, SIGNATURE_EXPIRE};
use crate::remote::call::Classify;
use crate::remote::meaning::Meaning;
use crate::remote::{Fault, VendorError};

/// The fault of an error answer.
pub(super) fn fault(error: &VendorError, writes: bool, classify: Classify) -> Fault {
    classify(error).unwrap_or_else(|| match error.code.as_deref() {
        // A code that nobody documents says that it failed, and no more.
        Some(code) => by_code(code).unwrap_or(Meaning::Undone).fault(writes),
        None => by_status(error.status, writes),
    })
}

/// Whether other temporary keys may be accepted where these were refused with this code.
pub(super) fn is_renewable(code: Option<&str>) -> bool {
    code.is_some_and(|code| RENEWABLE.contains(&code))
}

/// Our own words where the vendor's do not say what to do.
pub(super) fn own_words(error: &VendorError, skew_minutes: Option<i64>) -> Option<String> {
    if error.code.as_deref() != Some(SIGNATURE_EXPIRE) {
        return None;
    }
    Some(match skew_minutes {
        Some(minutes) => format!(
            "the clock of this machine is {minutes} minutes off the vendor's, so signatures are refused: set the clock (5 \
             minutes are allowed)"
        ),
        None => "the vendor finds the signature too old or too new: set the clock of this machine (5 minutes are allowed)"
            .to_owned(),
    })
}

fn by_code(code: &str) -> Option<Meaning> {
    let known = |code: &str| {
        CODES
            .iter()
            .find(|(known, _)| *known == code)
            .map(|(_, meaning)| *meaning)
    };
    known(code).or_else(|| known(code.split_once('.')?.0))
}

/// The service answers 200 also when it fails: any other status is that of something on the way.
fn by_status(status: u16, writes: bool) -> Fault {
    match status {
        429 => Fault::Throttled { retry_after: None },
        408 | 500..=599 => Meaning::Undone.fault(writes),
        _ => Fault::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const THROTTLED: Fault = Fault::Throttled { retry_after: None };

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

    #[rstest]
    #[case("RequestLimitExceeded", THROTTLED)]
    #[case("RequestLimitExceeded.UinLimitExceeded", THROTTLED)]
    #[case("AuthFailure.SignatureFailure", Fault::Unauthorized)]
    #[case("AuthFailure.TokenFailure", Fault::Unauthorized)]
    #[case("AuthFailure.SignatureExpire", Fault::Transient)]
    #[case("AuthFailure.UnauthorizedOperation", Fault::Forbidden)]
    #[case("UnauthorizedOperation", Fault::Forbidden)]
    #[case("ResourceInUse", Fault::Conflict)]
    #[case("LimitExceeded.RouteOverLimit", Fault::Exhausted)]
    #[case("ResourcesSoldOut", Fault::Exhausted)]
    #[case("InvalidParameterValue.ZoneNotSupport", Fault::Rejected)]
    #[case("InvalidParameter", Fault::Rejected)]
    #[case("UnknownParameter", Fault::Rejected)]
    #[case("ResourceNotFound", Fault::NotFound)]
    #[case("InvalidAction", Fault::NotEnabled)]
    fn reads_and_writes_agree(#[case] code: &str, #[case] expected: Fault) {
        for writes in [false, true] {
            assert_eq!(fault(&error(200, code), writes, no_view), expected);
        }
    }

    #[rstest]
    #[case(200, "InternalError")]
    #[case(200, "FailedOperation")]
    #[case(200, "ServiceUnavailable")]
    #[case(200, "ResourceUnavailable.KafkaStorageError")]
    #[case(200, "NobodyKnows.This")]
    #[case(502, "")]
    #[case(504, "")]
    fn a_write_that_may_have_been_done_is_ambiguous(#[case] status: u16, #[case] code: &str) {
        assert_eq!(fault(&error(status, code), true, no_view), Fault::Ambiguous);
        assert_eq!(fault(&error(status, code), false, no_view), Fault::Transient);
    }

    #[rstest]
    #[case(429, THROTTLED)]
    #[case(403, Fault::Malformed)]
    #[case(404, Fault::Malformed)]
    #[case(302, Fault::Malformed)]
    fn another_status_is_that_of_something_on_the_way(#[case] status: u16, #[case] expected: Fault) {
        assert_eq!(fault(&error(status, ""), true, no_view), expected);
    }

    #[test]
    fn the_calls_own_view_is_strongest() {
        let busy = |error: &VendorError| {
            (error.code.as_deref() == Some("FailedOperation")).then_some(Fault::Conflict)
        };
        assert_eq!(fault(&error(200, "FailedOperation"), true, busy), Fault::Conflict);
        assert_eq!(fault(&error(200, "InternalError"), true, busy), Fault::Ambiguous);
    }

    #[test]
    fn every_code_is_listed_once() {
        let codes: std::collections::BTreeSet<_> = CODES.iter().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), CODES.len());
    }

    #[test]
    fn a_wrong_clock_is_called_that() {
        let words = own_words(&error(200, SIGNATURE_EXPIRE), Some(-17)).unwrap();
        assert!(words.contains("clock") && words.contains("-17 minutes"));
        assert!(
            own_words(&error(200, SIGNATURE_EXPIRE), None)
                .unwrap()
                .contains("clock")
        );
        assert_eq!(
            own_words(&error(200, "AuthFailure.SignatureFailure"), Some(3)),
            None
        );
    }

    #[test]
    fn only_some_refusals_are_worth_a_renewal() {
        assert!(is_renewable(Some("AuthFailure.TokenFailure")));
        assert!(!is_renewable(Some("AuthFailure.SignatureFailure")));
        assert!(!is_renewable(None));
    }
}
