//! What the service's own codes mean; decides by code, never by text. Codes from the page EG error codes.
use crate::remote::Fault;
use crate::remote::VendorError;

/// The job, or the cluster, does not exist.
pub(super) const NO_SUCH_JOB: &str = "EG.00014040";
/// The gateway's answer to an offset past the end of a list.
pub(super) const PAST_THE_END: &str = "APIGW.0106";
/// What the vendor's general table does not hold.
const FAULTS: [(&str, Fault); 14] = [
    ("EG.00513000", Fault::Rejected),
    ("EG.00513001", Fault::Exists),
    ("EG.00513002", Fault::Conflict),
    ("EG.00513003", Fault::Rejected),
    ("EG.00513004", Fault::Rejected),
    ("EG.00513005", Fault::Rejected),
    ("EG.00513006", Fault::Rejected),
    ("EG.00512000", Fault::Forbidden),
    ("EG.00512001", Fault::Forbidden),
    ("EG.00512002", Fault::Forbidden),
    ("EG.00512003", Fault::Forbidden),
    ("EG.00514003", Fault::Exhausted),
    ("EG.00514004", Fault::Conflict),
    ("EG.00533007", Fault::Rejected),
];

/// What a code of this service means.
pub(super) fn classify(error: &VendorError) -> Option<Fault> {
    let code = error.code.as_deref()?;
    FAULTS
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, fault)| *fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str) -> VendorError {
        VendorError {
            status: 400,
            code: Some(code.into()),
            message: String::new(),
            is_finding: false,
        }
    }

    #[test]
    fn every_code_is_listed_once() {
        let codes: std::collections::BTreeSet<_> = FAULTS.iter().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), FAULTS.len());
    }

    #[test]
    fn codes_decide() {
        for (code, fault) in [
            ("EG.00513000", Fault::Rejected),
            ("EG.00513001", Fault::Exists),
            ("EG.00514003", Fault::Exhausted),
            ("EG.00514004", Fault::Conflict),
            ("EG.00513002", Fault::Conflict),
            ("EG.00512000", Fault::Forbidden),
        ] {
            assert_eq!(classify(&error(code)), Some(fault), "{code}");
        }
    }

    #[test]
    fn an_unknown_code_is_left_to_the_general_table() {
        let without_code = VendorError {
            code: None,
            ..error("")
        };
        for error in [error("APIGW.0308"), error("EG.00015000"), without_code] {
            assert_eq!(classify(&error), None);
        }
    }
}
