//! Refusals in the envelopes of CDM, with the codes that more than one call answers.

use serde_json::{Value, json};

use crate::reply::{Envelope, Refusal};
use crate::world::{Code, CreateErrorTail};

/// A refusal with all four members.
pub(super) fn refusal(status: u16, code: &str, message: &str) -> Refusal {
    Refusal::own(status, code, message, whole)
}

/// 400 with a code of the catalogue.
pub(super) fn catalogued(code: &str, message: &str) -> Refusal {
    refusal(400, code, message)
}

/// A refusal that a switch decides about.
pub(super) fn coded(code: &Code, message: &str) -> Refusal {
    refusal(code.status, &code.code, message)
}

/// 400 `Cdm.0014`: a parameter is not what it must be.
pub(super) fn invalid(why: &str) -> Refusal {
    catalogued("Cdm.0014", &format!("Invalid parameter: {why}."))
}

/// 400 `Cdm.0004`: a parameter has another type.
pub(super) fn mistyped(what: &str) -> Refusal {
    catalogued("Cdm.0004", &format!("The type of {what} is wrong."))
}

/// 500 with two members, as the pages show it for deletes.
pub(super) fn short(code: &str, message: &str) -> Refusal {
    Refusal::own(
        500,
        code,
        message,
        |refusal| json!({"errCode": refusal.code, "externalMessage": refusal.message}),
    )
}

/// 400 with one zero more in `errCode`, as the page shows it for updates.
pub(super) fn padded(code: &str, message: &str) -> Refusal {
    Refusal::own(400, code, message, |refusal| {
        json!({
            "code": refusal.code,
            "errCode": refusal.code.replacen("Cdm.", "Cdm.0", 1),
            "message": refusal.message,
            "externalMessage": refusal.message,
        })
    })
}

/// The same refusal as the create call answers it.
pub(super) fn of_create(mut refusal: Refusal, tail: CreateErrorTail) -> Refusal {
    if tail == CreateErrorTail::TernalMessage {
        refusal.envelope = Envelope::Own(clipped);
    }
    refusal
}

fn whole(refusal: &Refusal) -> Value {
    json!({
        "code": refusal.code,
        "errCode": refusal.code,
        "message": refusal.message,
        "externalMessage": refusal.message,
    })
}

fn clipped(refusal: &Refusal) -> Value {
    json!({
        "code": refusal.code,
        "errCode": refusal.code,
        "message": refusal.message,
        "ternalMessage": refusal.message,
    })
}
