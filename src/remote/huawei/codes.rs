//! The codes that mean the same at every service, as data.
use crate::remote::Fault;
use crate::remote::meaning::Meaning;

use Meaning::{Is, Undone, Unreached};

/// The number with several meanings, told apart by the status.
pub(super) const BY_STATUS: &str = "0201";
const THROTTLED: Fault = Fault::Throttled { retry_after: None };

/// The gateway before all services (`APIGW`, `APIG` or `APIC`), by number. A 404 of it says that the interface does not
/// exist, never that a thing does not.
pub(super) const GATEWAY: &[(&str, Meaning)] = &[
    ("0101", Is(Fault::Rejected)),
    ("0103", Unreached),
    ("0104", Unreached),
    ("0105", Unreached),
    ("0106", Is(Fault::Rejected)),
    // "Backend unavailable" may also be a connection that broke half way.
    ("0202", Undone),
    ("0203", Undone),
    ("0301", Is(Fault::Unauthorized)),
    ("0302", Is(Fault::Forbidden)),
    ("0303", Is(Fault::Unauthorized)),
    ("0304", Is(Fault::Forbidden)),
    ("0305", Is(Fault::Unauthorized)),
    ("0306", Is(Fault::Forbidden)),
    ("0307", Is(Fault::Unauthorized)),
    ("0308", Is(THROTTLED)),
    ("0310", Is(Fault::Forbidden)),
    ("0401", Is(Fault::Forbidden)),
    ("0402", Is(Fault::Forbidden)),
    ("0501", Is(Fault::Exhausted)),
    ("0502", Is(Fault::Forbidden)),
    ("0601", Undone),
    ("0602", Is(Fault::Rejected)),
    // The backend's name is not known.
    ("0605", Unreached),
    // The backend's configuration is missing.
    ("0606", Unreached),
    ("0607", Is(Fault::Rejected)),
    // The gateway got no token of its own.
    ("0608", Unreached),
    ("0609", Undone),
    ("0610", Unreached),
    ("0613", Unreached),
    ("0802", Is(Fault::Forbidden)),
];

/// The identity service, and what `EventGrid` and DMS have for every operation. Codes of one kind of job belong to its client.
pub(super) const GENERAL: &[(&str, Meaning)] = &[
    ("IAM.0001", Is(Fault::Unauthorized)),
    ("IAM.0002", Is(Fault::Forbidden)),
    ("IAM.0003", Is(Fault::Forbidden)),
    ("IAM.0004", Is(Fault::NotFound)),
    ("IAM.0005", Is(Fault::Conflict)),
    ("IAM.0006", Undone),
    ("IAM.0007", Is(Fault::Rejected)),
    ("IAM.0011", Is(Fault::Rejected)),
    ("IAM.0012", Is(THROTTLED)),
    // The region fails over to another one.
    ("IAM.0020", Unreached),
    ("IAM.0061", Is(Fault::Unauthorized)),
    ("IAM.0062", Is(Fault::Unauthorized)),
    ("IAM.0066", Is(Fault::Unauthorized)),
    ("IAM.0067", Is(Fault::Unauthorized)),
    ("IAM.0080", Is(Fault::Forbidden)),
    ("IAM.0081", Is(Fault::Forbidden)),
    ("IAM.0082", Is(Fault::Forbidden)),
    ("IAM.0083", Is(Fault::Forbidden)),
    ("IAM.1100", Is(Fault::Rejected)),
    ("IAM.1101", Is(Fault::Rejected)),
    ("IAM.1103", Is(Fault::Rejected)),
    // Keys that are blacklisted, expired, without a user, or inactive: answered with 400.
    ("IAM.1104", Is(Fault::Unauthorized)),
    ("IAM.1105", Is(Fault::Unauthorized)),
    ("IAM.1106", Is(Fault::Unauthorized)),
    ("IAM.1107", Is(Fault::Unauthorized)),
    ("IAM.1108", Is(Fault::Unauthorized)),
    ("IAM.1109", Is(Fault::Rejected)),
    ("EG.00014000", Is(Fault::Rejected)),
    ("EG.00014010", Is(Fault::Unauthorized)),
    ("EG.00014030", Is(Fault::Forbidden)),
    ("EG.00014040", Is(Fault::NotFound)),
    ("EG.00015000", Undone),
    // A background job of the instance is still running, the instance is in another state, or an order is open.
    ("DMS.00400017", Is(Fault::Conflict)),
    ("DMS.00400026", Is(Fault::Conflict)),
    ("CBC.99003651", Is(Fault::Conflict)),
    ("DMS.00400055", Is(Fault::Exhausted)),
    // A wrong address, and not a thing that does not exist.
    ("DMS.00404001", Is(Fault::Rejected)),
    ("DMS.10240406", Is(Fault::Rejected)),
    ("DMS.00405001", Is(Fault::Rejected)),
    // Flow control, answered with 404.
    ("DMS.10240407", Is(THROTTLED)),
    ("DMS.10240101", Is(Fault::Unauthorized)),
    ("DMS.10240102", Is(Fault::Unauthorized)),
    ("DMS.10240103", Is(Fault::Unauthorized)),
    ("DMS.10240104", Is(Fault::Unauthorized)),
    ("DMS.00403002", Is(Fault::Forbidden)),
    ("DMS.00403003", Is(Fault::Forbidden)),
    ("DMS.00403007", Is(Fault::Forbidden)),
    ("DMS.10240306", Is(Fault::Forbidden)),
];
