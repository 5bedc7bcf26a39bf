//! The codes that mean the same for every action, as data.
use crate::remote::Fault;
use crate::remote::meaning::Meaning;
use Meaning::{Is, Undone};

const THROTTLED: Fault = Fault::Throttled { retry_after: None };

/// The clock of this machine is too far from the vendor's: the credentials may be good all the same.
pub(super) const SIGNATURE_EXPIRE: &str = "AuthFailure.SignatureExpire";
/// A temporary key's token is wrong, or at its end.
const TOKEN_FAILURE: &str = "AuthFailure.TokenFailure";

/// Codes with which other temporary keys may help.
pub(super) const RENEWABLE: [&str; 3] = [
    TOKEN_FAILURE,
    "AuthFailure.InvalidSecretId",
    "AuthFailure.SecretIdNotFound",
];

/// Codes as the page of common errors lists them. A code that is not here means what the part before its dot means.
pub(super) const CODES: &[(&str, Meaning)] = &[
    ("ActionOffline", Is(Fault::Rejected)),
    // The bare code is an action's own, and says no more than that the caller was not let in.
    ("AuthFailure", Is(Fault::Forbidden)),
    ("AuthFailure.InvalidAuthorization", Is(Fault::Unauthorized)),
    ("AuthFailure.InvalidSecretId", Is(Fault::Unauthorized)),
    ("AuthFailure.MFAFailure", Is(Fault::Unauthorized)),
    ("AuthFailure.SecretIdNotFound", Is(Fault::Unauthorized)),
    (SIGNATURE_EXPIRE, Is(Fault::Transient)),
    ("AuthFailure.SignatureFailure", Is(Fault::Unauthorized)),
    (TOKEN_FAILURE, Is(Fault::Unauthorized)),
    ("AuthFailure.UnauthorizedOperation", Is(Fault::Forbidden)),
    ("FailedOperation", Undone),
    ("InternalError", Undone),
    ("InvalidAction", Is(Fault::NotEnabled)),
    ("InvalidParameter", Is(Fault::Rejected)),
    ("InvalidParameterValue", Is(Fault::Rejected)),
    ("InvalidRequest", Is(Fault::Rejected)),
    ("IpInBlacklist", Is(Fault::Forbidden)),
    ("IpNotInWhitelist", Is(Fault::Forbidden)),
    ("LimitExceeded", Is(Fault::Exhausted)),
    ("MissingParameter", Is(Fault::Rejected)),
    ("NoSuchProduct", Is(Fault::NotEnabled)),
    ("NoSuchVersion", Is(Fault::Rejected)),
    ("OperationDenied", Is(Fault::Conflict)),
    ("RegionError", Is(Fault::Rejected)),
    ("RequestLimitExceeded", Is(THROTTLED)),
    ("RequestSizeLimitExceeded", Is(Fault::Rejected)),
    ("ResourceInUse", Is(Fault::Conflict)),
    ("ResourceInsufficient", Is(Fault::Exhausted)),
    ("ResourceNotFound", Is(Fault::NotFound)),
    ("ResourceUnavailable", Undone),
    ("ResourcesSoldOut", Is(Fault::Exhausted)),
    // The request was carried out, and its answer is too long.
    ("ResponseSizeLimitExceeded", Undone),
    ("ServiceUnavailable", Undone),
    ("UnauthorizedOperation", Is(Fault::Forbidden)),
    ("UnknownParameter", Is(Fault::Rejected)),
    ("UnsupportedOperation", Is(Fault::Rejected)),
    ("UnsupportedProtocol", Is(Fault::Rejected)),
    ("UnsupportedRegion", Is(Fault::NotEnabled)),
];
