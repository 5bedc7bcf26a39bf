//! What the service's own codes mean, whatever the HTTP status is; decides by code, never by text. Codes from the page
//! Error Codes, and from the user guide's list of them.
use crate::remote::Fault;
use crate::remote::VendorError;

/// What a code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Always this.
    Is(Fault),
    /// It failed, and whether it was carried out is unknown.
    Undone,
}

use Meaning::{Is, Undone};

/// Codes that say that a job does not exist.
const NO_JOB: [u32; 5] = [54, 95, 100, 319, 320];
/// Codes that say that a link does not exist.
const NO_LINK: [u32; 4] = [94, 101, 316, 317];
/// The job does not run.
const NOT_RUNNING: u32 = 53;
/// At a link's deletion: it is in use. Everywhere else: a server cannot be reached.
const LINK_IN_USE_OR_UNREACHED: u32 = 21;

/// Codes by number; the vendor writes some with a zero more than others.
const FAULTS: [(u32, Meaning); 74] = [
    (0, Undone),
    (1, Is(Fault::Forbidden)),
    (4, Is(Fault::Rejected)),
    (9, Is(Fault::Rejected)),
    (10, Is(Fault::Rejected)),
    (11, Is(Fault::Rejected)),
    (14, Is(Fault::Rejected)),
    (18, Is(Fault::Rejected)),
    (20, Is(Fault::Rejected)),
    (21, Undone),
    (24, Is(Fault::Rejected)),
    // User, password or database of a link, not of the account.
    (28, Is(Fault::Rejected)),
    (29, Is(Fault::Rejected)),
    (30, Is(Fault::Rejected)),
    (31, Undone),
    (32, Is(Fault::Forbidden)),
    (36, Undone),
    (37, Undone),
    (38, Undone),
    (39, Is(Fault::Rejected)),
    (41, Is(Fault::Rejected)),
    (42, Is(Fault::Rejected)),
    (51, Undone),
    (52, Is(Fault::Conflict)),
    (53, Is(Fault::Conflict)),
    (54, Is(Fault::NotFound)),
    (55, Is(Fault::Rejected)),
    (56, Is(Fault::Rejected)),
    (57, Undone),
    (58, Undone),
    (59, Is(Fault::Rejected)),
    (60, Is(Fault::Conflict)),
    (61, Is(Fault::Rejected)),
    (62, Is(Fault::Rejected)),
    (63, Is(Fault::Rejected)),
    (65, Undone),
    (66, Undone),
    (67, Undone),
    (70, Is(Fault::Conflict)),
    (74, Is(Fault::Rejected)),
    (75, Is(Fault::Rejected)),
    (85, Is(Fault::Rejected)),
    (88, Is(Fault::Rejected)),
    (89, Is(Fault::Rejected)),
    (94, Is(Fault::NotFound)),
    (95, Is(Fault::NotFound)),
    (100, Is(Fault::NotFound)),
    (101, Is(Fault::NotFound)),
    (102, Is(Fault::Rejected)),
    (104, Is(Fault::Exists)),
    (105, Is(Fault::Rejected)),
    (106, Is(Fault::Rejected)),
    (107, Is(Fault::Conflict)),
    (109, Is(Fault::Rejected)),
    (110, Is(Fault::Rejected)),
    (201, Undone),
    (202, Undone),
    (204, Is(Fault::Rejected)),
    (230, Is(Fault::Rejected)),
    (231, Is(Fault::Rejected)),
    (232, Is(Fault::Rejected)),
    (238, Is(Fault::Rejected)),
    (307, Undone),
    (315, Is(Fault::Exists)),
    (316, Is(Fault::NotFound)),
    (317, Is(Fault::NotFound)),
    (318, Is(Fault::Exists)),
    (319, Is(Fault::NotFound)),
    (320, Is(Fault::NotFound)),
    (321, Is(Fault::Conflict)),
    (322, Is(Fault::Conflict)),
    (323, Undone),
    (327, Is(Fault::Rejected)),
    (913, Is(Fault::Rejected)),
];

/// What an error answer to a read means.
pub fn reads(error: &VendorError) -> Option<Fault> {
    meaning(error).map(|meaning| match meaning {
        Is(fault) => fault,
        Undone => Fault::Transient,
    })
}

/// What an error answer to a look at one link means. Clients of the service know a link that is gone by the bare status;
/// whoever believes it asks the cluster first.
pub fn shows_link(error: &VendorError) -> Option<Fault> {
    let bare = error.status == 404 && error.code.is_none();
    reads(error).or_else(|| bare.then_some(Fault::NotFound))
}

/// What an error answer to a write means.
pub fn writes(error: &VendorError) -> Option<Fault> {
    // What the service found wrong with a request, or with what a link leads to, stays wrong when it is asked again.
    if error.is_finding {
        return Some(Fault::Rejected);
    }
    meaning(error).map(|meaning| match meaning {
        Is(fault) => fault,
        Undone => Fault::Ambiguous,
    })
}

/// What an error answer to the start of a run means: unless its code says that nothing was done, a run may be on its way,
/// and a second one would copy the data twice.
pub fn starts(error: &VendorError) -> Option<Fault> {
    writes(error).or_else(|| (error.status >= 500).then_some(Fault::Ambiguous))
}

/// What an error answer to the deletion of a link means.
pub fn deletes_link(error: &VendorError) -> Option<Fault> {
    match number(error.code.as_deref()) {
        Some(LINK_IN_USE_OR_UNREACHED) => Some(Fault::Conflict),
        _ => writes(error),
    }
}

/// Whether the service says that the job does not exist.
pub fn is_no_job(code: Option<&str>) -> bool {
    number(code).is_some_and(|number| NO_JOB.contains(&number))
}

/// Whether the service says that the link does not exist.
pub fn is_no_link(code: Option<&str>) -> bool {
    number(code).is_some_and(|number| NO_LINK.contains(&number))
}

/// Whether the service says that the job does not run.
pub fn is_not_running(code: Option<&str>) -> bool {
    number(code) == Some(NOT_RUNNING)
}

fn meaning(error: &VendorError) -> Option<Meaning> {
    let number = number(error.code.as_deref())?;
    FAULTS
        .iter()
        .find(|(known, _)| *known == number)
        .map(|(_, meaning)| *meaning)
}

/// The number of a code of this service.
fn number(code: Option<&str>) -> Option<u32> {
    let (service, number) = code?.split_once('.')?;
    service
        .eq_ignore_ascii_case("Cdm")
        .then(|| number.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn error(status: u16, code: &str) -> VendorError {
        VendorError {
            status,
            code: (!code.is_empty()).then(|| code.into()),
            message: "does not exist".into(),
            is_finding: false,
        }
    }

    #[test]
    fn every_code_is_listed_once_and_in_order() {
        assert!(FAULTS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[rstest]
    #[case("Cdm.0104", Fault::Exists)]
    #[case("Cdm.0107", Fault::Conflict)]
    #[case("Cdm.0070", Fault::Conflict)]
    #[case("Cdm.0322", Fault::Conflict)]
    #[case("Cdm.0101", Fault::NotFound)]
    #[case("Cdm.0100", Fault::NotFound)]
    #[case("Cdm.00095", Fault::NotFound)]
    #[case("CDM.95", Fault::NotFound)]
    #[case("Cdm.0089", Fault::Rejected)]
    #[case("Cdm.0028", Fault::Rejected)]
    #[case("Cdm.0032", Fault::Forbidden)]
    fn codes_decide_whatever_the_status(#[case] code: &str, #[case] fault: Fault) {
        for status in [400, 404, 500, 503] {
            let error = error(status, code);
            assert_eq!((reads(&error), writes(&error)), (Some(fault), Some(fault)));
        }
    }

    #[rstest]
    #[case("Cdm.0000")]
    #[case("Cdm.0038")]
    #[case("Cdm.0201")]
    fn a_failure_of_the_service_leaves_open_what_became_of_a_write(#[case] code: &str) {
        assert_eq!(reads(&error(400, code)), Some(Fault::Transient));
        assert_eq!(writes(&error(400, code)), Some(Fault::Ambiguous));
    }

    #[test]
    fn an_unknown_code_is_left_to_the_general_table() {
        for code in ["", "APIGW.0308", "Cdm.9999", "Cdm.x", "DMS.0100"] {
            assert_eq!(reads(&error(500, code)), None, "{code}");
            assert_eq!(writes(&error(500, code)), None, "{code}");
        }
    }

    #[test]
    fn a_start_that_failed_without_a_code_may_have_been_carried_out() {
        assert_eq!(starts(&error(503, "")), Some(Fault::Ambiguous));
        assert_eq!(starts(&error(500, "Cdm.0052")), Some(Fault::Conflict));
        assert_eq!(starts(&error(429, "APIGW.0308")), None);
    }

    #[test]
    fn what_a_check_found_is_a_refusal_although_the_status_is_500() {
        let found = VendorError {
            is_finding: true,
            ..error(500, "")
        };
        assert_eq!(writes(&found), Some(Fault::Rejected));
    }

    #[test]
    fn one_code_means_two_things() {
        assert_eq!(deletes_link(&error(500, "Cdm.0021")), Some(Fault::Conflict));
        assert_eq!(writes(&error(500, "Cdm.0021")), Some(Fault::Ambiguous));
    }
}
