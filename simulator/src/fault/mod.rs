//! Faults: what goes wrong with which requests, and how often.

mod hold;
mod registry;

use serde::{Deserialize, Serialize};

pub(crate) use hold::{Hold, Ticket};
pub(crate) use registry::{Registry, Taken};

/// A fault as it is posted.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Fault {
    /// Which requests it strikes; all when left out.
    #[serde(default, rename = "match")]
    pub(crate) pattern: Pattern,
    /// How many requests it strikes; 0 or null for no end.
    #[serde(default = "once")]
    pub(crate) count: Option<u64>,
    /// How many matching requests it lets pass first.
    #[serde(default)]
    pub(crate) skip: u64,
    /// How likely it strikes a matching request, from 0 to 1.
    #[serde(default)]
    pub(crate) probability: Option<f64>,
    /// What happens.
    pub(crate) effect: Trouble,
}

#[expect(clippy::unnecessary_wraps, reason = "serde asks for the type of the field")]
fn once() -> Option<u64> {
    Some(1)
}

/// Which requests a fault strikes; every member given must hold.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Pattern {
    /// Service name, such as `eventgrid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service: Option<String>,
    /// API operation, such as `CreateEventRouterJob`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    /// HTTP method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<String>,
    /// Part of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path_contains: Option<String>,
    /// Part of the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) query_contains: Option<String>,
    /// Part of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body_contains: Option<String>,
    /// User name or access key of the verified caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) principal: Option<String>,
}

/// What happens to a struck request.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub(crate) enum Trouble {
    /// Nothing happens for some milliseconds of wall time.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// 429.
    Throttle {
        /// Seconds of the `Retry-After` header; none when left out.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// A status from in front of the service.
    Status {
        /// HTTP status.
        code: u16,
        /// Body text; the page of a load balancer when left out.
        #[serde(default)]
        body: Option<String>,
        /// Media type; `text/html` when left out.
        #[serde(default)]
        content_type: Option<String>,
    },
    /// An error of the service.
    Error {
        /// HTTP status.
        status: u16,
        /// The vendor's code.
        code: String,
        /// The vendor's text.
        message: String,
    },
    /// 401 as for a bad credential.
    RefuseCredentials {},
    /// 401 of the service itself, as for a bad token.
    RefuseToken {},
    /// 403 as for an action that IAM denies.
    Deny {},
    /// The connection is closed, nothing is done.
    DropBeforeEffect {},
    /// The request is carried out, the connection is closed.
    DropAfterEffect {},
    /// Lists tell what was there earlier.
    StaleList {
        /// How many seconds of wall time ago; since the fault was added when left out.
        #[serde(default)]
        seconds: Option<f64>,
    },
    /// The transition that the request begins does not end while the fault exists.
    Stuck {},
    /// The transition that the request begins takes longer.
    Slow {
        /// How many times.
        factor: f64,
    },
    /// The transition that the request begins ends badly.
    Fail {
        /// What the job says about it.
        message: String,
    },
    /// The request waits, nothing done yet, until it is released.
    HoldBefore {},
    /// The request is carried out, the answer waits until it is released.
    HoldAfter {},
}

/// What a fault is matched against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occasion<'a> {
    /// Service name.
    pub(crate) service: &'a str,
    /// API operation.
    pub(crate) operation: &'a str,
    /// The request.
    pub(crate) call: &'a crate::call::Call,
    /// Verified user name.
    pub(crate) principal: Option<&'a str>,
    /// Verified access key.
    pub(crate) access_key: Option<&'a str>,
}

impl Pattern {
    /// Whether it holds for a request.
    pub(crate) fn holds(&self, on: &Occasion<'_>) -> bool {
        let is = |wanted: &Option<String>, got: &str| wanted.as_ref().is_none_or(|w| w == got);
        let has =
            |wanted: &Option<String>, got: &str| wanted.as_ref().is_none_or(|w| got.contains(w.as_str()));
        let caller = |wanted: &String| [on.principal, on.access_key].contains(&Some(wanted.as_str()));
        is(&self.service, on.service)
            && is(&self.operation, on.operation)
            && self
                .method
                .as_ref()
                .is_none_or(|m| m.eq_ignore_ascii_case(&on.call.method))
            && has(&self.path_contains, &on.call.path)
            && has(&self.query_contains, &on.call.query)
            && (self.body_contains.is_none()
                || has(&self.body_contains, &String::from_utf8_lossy(&on.call.body)))
            && self.principal.as_ref().is_none_or(caller)
    }
}

impl Trouble {
    /// Whether the request ends before the service sees it.
    pub(crate) fn ends_the_request(&self) -> bool {
        matches!(
            self,
            Self::Throttle { .. }
                | Self::Status { .. }
                | Self::Error { .. }
                | Self::RefuseCredentials {}
                | Self::RefuseToken {}
                | Self::Deny {}
                | Self::DropBeforeEffect {}
        )
    }
}
