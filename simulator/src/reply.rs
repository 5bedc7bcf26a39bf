//! Answers, and refusals in each vendor's envelope.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};

use crate::ids;

/// What a request changed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Effect {
    /// The act: `create`, `update`, `delete`, `start`, `stop`, `switch`, `log`, `pause`,
    /// `resume`, `restart`, `token`, `key`; of a link of Cloud Data Migration `create link` and so on.
    pub(crate) act: &'static str,
    /// What it was done to, such as a job id.
    pub(crate) id: String,
}

/// An answer before it is sent.
#[derive(Debug)]
pub(crate) struct Reply {
    /// HTTP status.
    pub(crate) status: u16,
    /// Headers besides the ones that every answer carries.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Body text.
    pub(crate) body: String,
    /// Media type of the body.
    pub(crate) media: String,
    /// The vendor's error code, for the request log.
    pub(crate) code: Option<String>,
    /// What was changed.
    pub(crate) effect: Option<Effect>,
}

impl Reply {
    /// A JSON answer.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_string(),
            media: "application/json".to_owned(),
            code: None,
            effect: None,
        }
    }

    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            body: String::new(),
            media: String::new(),
            ..Self::json(status, &Value::Null)
        }
    }

    /// The same answer, having changed something.
    #[must_use]
    pub(crate) fn with_effect(mut self, act: &'static str, id: &str) -> Self {
        self.effect = Some(Effect {
            act,
            id: id.to_owned(),
        });
        self
    }

    /// The same answer with one more header.
    #[must_use]
    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The answer as HTTP, with the headers that every answer of the service carries.
    pub(crate) fn into_response(self, stamp: &Stamp) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let media = Some(("content-type", self.media)).filter(|(_, media)| !media.is_empty());
        for (name, value) in stamp.headers.clone().into_iter().chain(media).chain(self.headers) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// The id of one request, and how its answer tells it.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    /// The id.
    pub(crate) id: String,
    /// Headers of the answer.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Stamp {
    /// As Huawei Cloud's gateway does it. Header names as in traces of the real one.
    pub(crate) fn gateway() -> Self {
        let id = ids::hex32();
        let headers = vec![("server", "api-gateway".to_owned()), ("x-request-id", id.clone())];
        Self { id, headers }
    }

    /// As Tencent Cloud does it: in the body only.
    pub(crate) fn in_body() -> Self {
        Self {
            id: ids::uuid(),
            headers: Vec::new(),
        }
    }
}

/// The shape of an error body (API Gateway error codes).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Envelope {
    /// a: `error_msg`, `error_code`, `request_id`; the shared gateway.
    Gateway,
    /// b: `error_code`, `error_msg`; the services.
    Service,
    /// c: `error` with `code`, `message`, `title`; the IAM APIs under `/v3/`.
    Keystone,
    /// A service's own, made of the refusal.
    Own(fn(&Refusal) -> Value),
    /// `Response` with `Error` and `RequestId`; Tencent Cloud.
    Tencent,
}

/// A request that is not carried out.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub(crate) status: u16,
    /// The vendor's code.
    pub(crate) code: String,
    /// The vendor's text.
    pub(crate) message: String,
    /// The shape of the body.
    pub(crate) envelope: Envelope,
    /// Seconds for a `Retry-After` header.
    pub(crate) retry_after: Option<u64>,
}

impl Refusal {
    /// A refusal of the shared gateway.
    pub(crate) fn gateway(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self::new(status, code, message.into(), Envelope::Gateway)
    }

    /// A refusal of a service behind the gateway.
    pub(crate) fn service(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self::new(status, code, message.into(), Envelope::Service)
    }

    /// A refusal of the IAM APIs under `/v3/`, whose code is the status.
    pub(crate) fn keystone(status: u16, message: impl Into<String>) -> Self {
        Self::new(status, &status.to_string(), message.into(), Envelope::Keystone)
    }

    /// A refusal in a service's own envelope.
    pub(crate) fn own(status: u16, code: &str, message: impl Into<String>, body: fn(&Self) -> Value) -> Self {
        Self::new(status, code, message.into(), Envelope::Own(body))
    }

    /// A refusal of Tencent Cloud, whose status says nothing.
    pub(crate) fn tencent(code: &str, message: impl Into<String>) -> Self {
        Self::new(200, code, message.into(), Envelope::Tencent)
    }

    fn new(status: u16, code: &str, message: String, envelope: Envelope) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message,
            envelope,
            retry_after: None,
        }
    }

    /// The answer.
    pub(crate) fn reply(&self, request_id: &str) -> Reply {
        let body = match self.envelope {
            Envelope::Gateway => {
                json!({"error_msg": self.message, "error_code": self.code, "request_id": request_id})
            }
            Envelope::Service => json!({"error_code": self.code, "error_msg": self.message}),
            Envelope::Keystone => {
                json!({"error": {"code": self.status, "message": self.message, "title": title(self.status)}})
            }
            Envelope::Own(body) => body(self),
            Envelope::Tencent => json!({"Response": {
                "Error": {"Code": self.code, "Message": self.message},
                "RequestId": request_id,
            }}),
        };
        let mut reply = Reply::json(self.status, &body);
        reply.code = Some(self.code.clone());
        match self.retry_after {
            Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
            None => reply,
        }
    }
}

fn title(status: u16) -> &'static str {
    StatusCode::from_u16(status)
        .ok()
        .and_then(|s| s.canonical_reason())
        .unwrap_or("Error")
}
