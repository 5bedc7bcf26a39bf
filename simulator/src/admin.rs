//! The admin API under `/_sim/`: faults, clock, request log, jobs by someone else's hand, world.

use axum::body::Body;
use axum::http::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::Call;
use crate::cloud::Cloud;
use crate::fault::Fault;
use crate::reply::{Reply, Stamp};
use crate::service::{Hand, Slip};

/// What every path of the admin API begins with.
pub(crate) const PREFIX: &str = "/_sim/";

/// Answers one admin request.
pub(crate) fn answer(cloud: &Cloud, call: &Call) -> Response<Body> {
    let reply = route(cloud, call).unwrap_or_else(|slip| match slip {
        Slip::Unknown => Reply::json(404, &json!({"error": "no such thing", "path": call.path})),
        Slip::Wrong(why) => Reply::json(400, &json!({"error": why})),
    });
    reply.into_response(&Stamp::gateway())
}

type Answer = Result<Reply, Slip>;

fn route(cloud: &Cloud, call: &Call) -> Answer {
    let segments = call.segments();
    let path: Vec<&str> = segments
        .iter()
        .skip(1)
        .map(String::as_str)
        .filter(|s| !s.is_empty())
        .collect();
    match (call.method.as_str(), path.as_slice()) {
        ("GET", ["health"]) => Ok(ok(&json!({"status": "ok"}))),
        ("GET", ["world"]) => Ok(ok(&view(&*cloud.world())?)),
        ("PATCH", ["world"]) => change_world(cloud, &body(call)?),
        ("GET", ["clock"]) => Ok(clock(cloud)),
        ("POST", ["clock"]) => set_clock(cloud, body(call)?),
        ("GET", ["requests"]) => requests(cloud, call),
        ("DELETE", ["requests"]) => {
            cloud.journal.clear();
            Ok(done())
        }
        ("POST", ["reset"]) => {
            cloud.reset();
            Ok(done())
        }
        ("POST", ["tokens", "expire"]) => Ok(ok(&json!({"expired": cloud.gate.memory().tokens.expire()}))),
        ("DELETE", ["locks"]) => {
            let mut memory = cloud.gate.memory();
            memory.keys.clear();
            memory.logins.clear();
            Ok(done())
        }
        (method, ["faults", rest @ ..]) => faults(cloud, call, method, rest),
        (method, ["jobs", service, rest @ ..]) => {
            let hand = cloud.hand(service).ok_or(Slip::Unknown)?;
            jobs(cloud, call, hand, method, rest)
        }
        _ => Err(Slip::Unknown),
    }
}

fn faults(cloud: &Cloud, call: &Call, method: &str, rest: &[&str]) -> Answer {
    match (method, rest) {
        ("GET", []) => Ok(ok(&Value::Array(cloud.faults.list()))),
        ("GET", [id]) => {
            let all = cloud.faults.list();
            let found = all
                .into_iter()
                .find(|fault| fault.get("id").and_then(Value::as_str) == Some(id));
            found.map(|fault| ok(&fault)).ok_or(Slip::Unknown)
        }
        ("POST", []) => {
            let fault: Fault = serde_json::from_value(body(call)?).map_err(wrong)?;
            Ok(Reply::json(201, &json!({"id": cloud.faults.add(fault)})))
        }
        ("DELETE", []) => {
            cloud.faults.clear();
            Ok(done())
        }
        ("DELETE", [id]) => cloud.faults.remove(id).then(done).ok_or(Slip::Unknown),
        ("POST", [id, "release"]) => cloud.faults.release(id).then(done).ok_or(Slip::Unknown),
        _ => Err(Slip::Unknown),
    }
}

fn jobs(cloud: &Cloud, call: &Call, hand: &dyn Hand, method: &str, rest: &[&str]) -> Answer {
    match (method, rest) {
        ("GET", []) => Ok(ok(&hand.list(cloud))),
        ("GET", [id]) => hand.show(cloud, id).map(|job| ok(&job)),
        ("POST", []) => hand.create(cloud, body(call)?).map(|job| Reply::json(201, &job)),
        ("PATCH", [id]) => hand.patch(cloud, id, &body(call)?).map(|job| ok(&job)),
        ("DELETE", [id]) => hand.delete(cloud, id).map(|()| done()),
        _ => Err(Slip::Unknown),
    }
}

fn change_world(cloud: &Cloud, given: &Value) -> Answer {
    let world = cloud.change_world(given).map_err(Slip::Wrong)?;
    Ok(ok(&view(&*world)?))
}

/// What may be set on the clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    speed: Option<f64>,
    advance: Option<f64>,
}

fn set_clock(cloud: &Cloud, body: Value) -> Answer {
    let setting: Setting = serde_json::from_value(body).map_err(wrong)?;
    let allowed = |n: f64| n.is_finite() && n >= 0.0;
    if ![setting.speed, setting.advance]
        .into_iter()
        .flatten()
        .all(allowed)
    {
        return Err(Slip::Wrong("speed and advance are numbers from 0".to_owned()));
    }
    if let Some(speed) = setting.speed {
        cloud.clock.run_at(speed);
    }
    if let Some(millis) = setting.advance {
        cloud.clock.advance(millis);
    }
    Ok(clock(cloud))
}

fn clock(cloud: &Cloud) -> Reply {
    ok(&json!({"speed": cloud.clock.speed(), "simulatedMillis": cloud.now()}))
}

fn requests(cloud: &Cloud, call: &Call) -> Answer {
    let since = call.parameter("since").unwrap_or_else(|| "0".to_owned());
    let since = since
        .parse()
        .map_err(|_| Slip::Wrong("since is an index".to_owned()))?;
    Ok(ok(&view(&cloud.journal.since(since))?))
}

fn body(call: &Call) -> Result<Value, Slip> {
    call.json().map_err(wrong)
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn wrong(error: serde_json::Error) -> Slip {
    Slip::Wrong(error.to_string())
}

fn view(value: &impl serde::Serialize) -> Result<Value, Slip> {
    serde_json::to_value(value).map_err(wrong)
}

fn ok(body: &Value) -> Reply {
    Reply::json(200, body)
}

fn done() -> Reply {
    ok(&json!({}))
}
