//! What the service's own codes mean, and what to do about those whose text does not say; decides by code, never by
//! text. Codes from the vendor's table of DMS errors, whose statuses tell little: a used up quota is a 404.
use crate::remote::Fault;
use crate::remote::RemoteError;
use crate::remote::VendorError;

/// The task does not exist.
pub(super) const NO_SUCH_TASK: &str = "DMS.00404026";
/// The instance does not exist, and so nothing that was in it.
const NO_SUCH_INSTANCE: &str = "DMS.00404022";
/// Smart Connect is not enabled on the instance. It cannot be disabled while there are tasks.
const NOT_ENABLED: &str = "DMS.00404024";
/// The instance has as many tasks as it may have.
const QUOTA: &str = "DMS.00404029";
/// The access key or the secret key of the bucket is wrong.
const BAD_KEYS: &str = "DMS.00500960";
/// What the vendor's general table does not hold.
const FAULTS: [(&str, Fault); 17] = [
    (NO_SUCH_TASK, Fault::NotFound),
    // Only another instanceId helps.
    (NO_SUCH_INSTANCE, Fault::Rejected),
    (NOT_ENABLED, Fault::NotEnabled),
    (QUOTA, Fault::Exhausted),
    ("DMS.00400070", Fault::Rejected),
    ("DMS.00400861", Fault::Rejected),
    // Create, pause, resume and restart failed; the next look tells what became of it.
    ("DMS.00400867", Fault::Transient),
    ("DMS.00400868", Fault::Conflict),
    ("DMS.00400869", Fault::Conflict),
    ("DMS.00400870", Fault::Rejected),
    ("DMS.00400872", Fault::Conflict),
    ("DMS.00400873", Fault::Rejected),
    ("DMS.00400874", Fault::Rejected),
    ("DMS.00400875", Fault::Rejected),
    ("DMS.00400876", Fault::Rejected),
    ("DMS.40001016", Fault::Rejected),
    (BAD_KEYS, Fault::Rejected),
];
/// What to do, where the vendor's text does not say it.
const ADVICE: [(&str, &str); 8] = [
    (
        NOT_ENABLED,
        "Smart Connect is not enabled on the instance that spec.forProvider.instanceId names: enable it on the instance's page Smart Connect at the vendor's console, or by the call CreateConnector; it needs a cluster instance, and takes some minutes",
    ),
    (
        NO_SUCH_INSTANCE,
        "spec.forProvider.instanceId names no instance of the account's project and region: correct it",
    ),
    (
        QUOTA,
        "the instance has as many tasks as it may have: delete one, or take another instance",
    ),
    (
        BAD_KEYS,
        "the keys in the Secrets of spec.forProvider.sink.obs are wrong, or may not write to the bucket: correct the Secrets",
    ),
    (
        "DMS.00400874",
        "another task uses a topic of this one: choose another topic",
    ),
    (
        "DMS.00400876",
        "a topic does not exist on the instance: create it, or correct spec.forProvider.topics",
    ),
    (
        "DMS.00400861",
        "spec.forProvider.source.kafka.replicationFactor is larger than the number of brokers: lower it",
    ),
    (
        "DMS.00400873",
        "the service does not make this change in place: undo it, or delete the object and make it anew",
    ),
];

/// What a code of this service means.
pub(super) fn classify(error: &VendorError) -> Option<Fault> {
    let code = error.code.as_deref()?;
    FAULTS
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, fault)| *fault)
}

/// The error with what to do about it.
pub(super) fn explained(mut error: RemoteError) -> RemoteError {
    let advice = ADVICE
        .iter()
        .find(|(code, _)| error.code.as_deref() == Some(*code));
    if let Some((_, advice)) = advice {
        error.message = format!("{} ({advice})", error.message);
    }
    error
}

/// Whether a task that was asked for is certainly not there any more.
pub(super) fn is_gone(error: &RemoteError) -> bool {
    matches!(
        error.code.as_deref(),
        Some(NO_SUCH_TASK | NO_SUCH_INSTANCE | NOT_ENABLED)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn error(code: &str) -> VendorError {
        VendorError {
            status: 404,
            code: Some(code.into()),
            message: String::new(),
            is_finding: false,
        }
    }

    #[test]
    fn every_code_is_listed_once() {
        let codes: BTreeSet<_> = FAULTS.iter().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), FAULTS.len());
        let advised: BTreeSet<_> = ADVICE.iter().map(|(code, _)| code).collect();
        assert_eq!(advised.len(), ADVICE.len());
        assert!(advised.is_subset(&codes));
    }

    #[test]
    fn a_404_is_what_its_code_says() {
        for (code, fault) in [
            (NO_SUCH_TASK, Some(Fault::NotFound)),
            (NO_SUCH_INSTANCE, Some(Fault::Rejected)),
            (NOT_ENABLED, Some(Fault::NotEnabled)),
            (QUOTA, Some(Fault::Exhausted)),
            ("DMS.10240407", None),
            ("APIGW.0101", None),
        ] {
            assert_eq!(classify(&error(code)), fault, "{code}");
        }
        let without_code = VendorError {
            code: None,
            ..error("")
        };
        assert_eq!(classify(&without_code), None);
    }

    #[test]
    fn advice_follows_the_vendors_words() {
        let mut refused = RemoteError::new("CreateConnectorTask", Fault::NotEnabled, "no connector");
        refused.code = Some(NOT_ENABLED.into());
        let message = explained(refused).message;
        assert!(
            message.starts_with("no connector (Smart Connect is not enabled"),
            "{message}"
        );
        let other = RemoteError::new("CreateConnectorTask", Fault::Rejected, "no");
        assert_eq!(explained(other).message, "no");
    }
}
