//! What the service's codes mean to one action; decides by code, never by text.
use crate::remote::{Fault, VendorError};

/// The codes that say that the task is not there. The page of `DescribeDatahubTask` lists none.
const NO_SUCH_TASK: [&str; 2] = ["ResourceNotFound", "InvalidParameterValue.InstanceNotExist"];

/// Whether an error says in so many words that the task is not there.
pub(super) fn is_gone(code: Option<&str>) -> bool {
    code.is_some_and(|code| NO_SUCH_TASK.contains(&code))
}

/// A create: the name may be taken, and what the task refers to may be missing.
pub(super) fn on_create(error: &VendorError) -> Option<Fault> {
    match error.code.as_deref()? {
        "InvalidParameterValue.RepetitionValue" => Some(Fault::Exists),
        "InvalidParameterValue.InstanceNotExist" => Some(Fault::NotFound),
        _ => None,
    }
}

/// A single read. Nothing documents what it answers for a task that is not there: whatever could mean that is said to
/// mean it, and the list decides.
pub(super) fn on_read(error: &VendorError) -> Option<Fault> {
    let code = error.code.as_deref()?;
    let family = code.split('.').next().unwrap_or(code);
    let doubtful = matches!(
        family,
        "FailedOperation" | "InvalidParameter" | "InvalidParameterValue"
    );
    (doubtful || is_gone(Some(code))).then_some(Fault::NotFound)
}

/// A request that changes one task: in a state that does not allow it, the service says no more than that it failed.
pub(super) fn on_change(error: &VendorError) -> Option<Fault> {
    match error.code.as_deref()? {
        "FailedOperation" => Some(Fault::Conflict),
        code => is_gone(Some(code)).then_some(Fault::NotFound),
    }
}

/// A list.
pub(super) const fn on_list(_: &VendorError) -> Option<Fault> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::call::Classify;
    use rstest::rstest;

    #[rstest]
    #[case(on_create, "InvalidParameterValue.RepetitionValue", Some(Fault::Exists))]
    #[case(on_create, "InvalidParameterValue.InstanceNotExist", Some(Fault::NotFound))]
    #[case(on_create, "FailedOperation", None)]
    #[case(on_create, "InvalidParameterValue", None)]
    #[case(on_read, "ResourceNotFound", Some(Fault::NotFound))]
    #[case(on_read, "InvalidParameterValue", Some(Fault::NotFound))]
    #[case(on_read, "InvalidParameter.TaskId", Some(Fault::NotFound))]
    #[case(on_read, "FailedOperation", Some(Fault::NotFound))]
    #[case(on_read, "InternalError", None)]
    #[case(on_read, "RequestLimitExceeded", None)]
    #[case(on_change, "FailedOperation", Some(Fault::Conflict))]
    #[case(on_change, "InvalidParameterValue.InstanceNotExist", Some(Fault::NotFound))]
    #[case(on_change, "InvalidParameterValue.NotAllowedEmpty", None)]
    fn codes_decide(#[case] classify: Classify, #[case] code: &str, #[case] expected: Option<Fault>) {
        let error = VendorError {
            status: 200,
            code: Some(code.into()),
            message: String::new(),
            is_finding: false,
        };
        assert_eq!(classify(&error), expected, "{code}");
    }
}
