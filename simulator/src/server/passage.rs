//! The way of one vendor request: caller, faults before, limit, work, faults after, log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Response;
use jiff::Timestamp;

use crate::auth::Principal;
use crate::call::Call;
use crate::cloud::Cloud;
use crate::connection::Cut;
use crate::fault::{Occasion, Taken, Trouble};
use crate::journal::Entry;
use crate::reply::{Refusal, Reply, Stamp};
use crate::service::{Bend, Order, Route, Service};

/// Answers one request.
pub(super) async fn pass(cloud: Arc<Cloud>, cut: Cut, call: Call, whole: bool) -> Response<Body> {
    let mut trace = Trace::begin(&cloud, &call);
    let Some((service, route)) = cloud.route(&call) else {
        let text = "The API does not exist or has not been published in the environment.";
        return trace.refuse(&Refusal::gateway(404, "APIGW.0101", text));
    };
    trace.routed(service, &call, &route);
    if !whole {
        return trace.refuse(&service.too_large());
    }
    let admitted = service.authenticate(&cloud, &call, &route);
    trace.admitted(admitted.as_ref().ok().and_then(Option::as_ref));
    let mut taken = take(
        &cloud,
        service,
        &route,
        &call,
        admitted.as_ref().ok().and_then(Option::as_ref),
    );
    trace.entry.faults = taken.iter().map(|fault| fault.id.clone()).collect();
    match before(service, &mut taken).await {
        Some(End::Dropped) => return trace.drop_connection(&cut, "droppedBeforeEffect"),
        Some(End::Refused(refusal)) => return trace.refuse(&refusal),
        Some(End::Answered(reply)) => return trace.answer(reply),
        None => {}
    }
    // From here to the end of the work nothing waits: a client that goes away is either served whole or not at all.
    let order = Order {
        call: &call,
        route: &route,
        principal: None,
        bend: &bend(&cloud, &taken),
        request_id: &trace.stamp.id,
    };
    let done = work(&cloud, service, admitted, order);
    let reply = done.unwrap_or_else(|refusal| refusal.reply(&trace.entry.request_id));
    trace.worked(&reply);
    if after(&mut taken).await {
        return trace.drop_connection(&cut, "droppedAfterEffect");
    }
    trace.answer(reply)
}

fn take(
    cloud: &Cloud,
    service: &dyn Service,
    route: &Route,
    call: &Call,
    principal: Option<&Principal>,
) -> Vec<Taken> {
    cloud.faults.take(&Occasion {
        service: service.name(),
        operation: route.operation,
        call,
        principal: principal.map(|p| p.user_name.as_str()),
        access_key: principal.and_then(|p| p.access_key.as_deref()),
    })
}

/// How a request ends before the service sees it.
enum End {
    Dropped,
    Refused(Refusal),
    Answered(Reply),
}

async fn before(service: &dyn Service, taken: &mut [Taken]) -> Option<End> {
    for fault in taken {
        match &fault.trouble {
            Trouble::Delay { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
            Trouble::HoldBefore {} => fault.ticket.wait().await,
            Trouble::DropBeforeEffect {} => return Some(End::Dropped),
            Trouble::Status {
                code,
                body,
                content_type,
            } => {
                return Some(End::Answered(page(
                    *code,
                    body.as_deref(),
                    content_type.as_deref(),
                )));
            }
            trouble => {
                if let Some(refusal) = service.refusal(trouble) {
                    return Some(End::Refused(refusal));
                }
            }
        }
    }
    None
}

/// The page of a load balancer, which is HTML and names no code.
fn page(status: u16, body: Option<&str>, media: Option<&str>) -> Reply {
    let name = axum::http::StatusCode::from_u16(status)
        .ok()
        .and_then(|s| s.canonical_reason())
        .unwrap_or("Error");
    let text = body.map_or_else(
        || {
            format!(
                "<html>\r\n<head><title>{status} {name}</title></head>\r\n<body>\r\n<center><h1>{status} {name}</h1></center>\r\n</body>\r\n</html>\r\n"
            )
        },
        str::to_owned,
    );
    let mut reply = Reply::json(status, &serde_json::Value::Null);
    reply.body = text;
    media.unwrap_or("text/html").clone_into(&mut reply.media);
    reply
}

fn work(
    cloud: &Cloud,
    service: &dyn Service,
    admitted: Result<Option<Principal>, Refusal>,
    order: Order<'_>,
) -> Result<Reply, Refusal> {
    let principal = admitted?;
    let world = cloud.world();
    if let Some(limiter) = world.switches.rate_limit.get(service.name()) {
        let counted = service.counted_by(&world, order.route, principal.as_ref());
        if !cloud.buckets.pass(service.name(), &counted, limiter) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a limit told in a text"
            )]
            let gateway = service.over_limit(limiter.requests_per_second.max(1.0) as u64);
            let refusal = match &limiter.answer {
                Some(own) => Refusal::service(own.status, &own.code, gateway.message),
                None => gateway,
            };
            return Err(Refusal {
                retry_after: limiter.retry_after,
                ..refusal
            });
        }
    }
    service.perform(
        cloud,
        Order {
            principal: principal.as_ref(),
            ..order
        },
    )
}

fn bend(cloud: &Cloud, taken: &[Taken]) -> Bend {
    let mut bend = Bend::default();
    for fault in taken {
        match &fault.trouble {
            Trouble::StaleList { seconds } => {
                let ago = match seconds {
                    Some(seconds) => Duration::try_from_secs_f64(*seconds).unwrap_or_default(),
                    None => fault.since.elapsed(),
                };
                bend.as_of = Some(cloud.clock.before(ago));
            }
            Trouble::Stuck {} => bend.stuck_by = Some(fault.id.clone()),
            Trouble::Slow { factor } => bend.slow = Some(*factor),
            Trouble::Fail { message } => bend.fails = Some(message.clone()),
            _ => {}
        }
    }
    bend
}

/// Waits where held, and says whether to drop the connection.
async fn after(taken: &mut [Taken]) -> bool {
    let mut dropped = false;
    for fault in taken {
        match &fault.trouble {
            Trouble::HoldAfter {} => fault.ticket.wait().await,
            Trouble::DropAfterEffect {} => dropped = true,
            _ => {}
        }
    }
    dropped
}

/// Writes the log entry however the request ends, also when its client goes away.
struct Trace {
    cloud: Arc<Cloud>,
    entry: Entry,
    stamp: Stamp,
    begun: Instant,
}

impl Trace {
    fn begin(cloud: &Arc<Cloud>, call: &Call) -> Self {
        let stamp = Stamp::gateway();
        let entry = Entry {
            time: format!("{:.6}", Timestamp::now()),
            method: call.method.clone(),
            path: call.path.clone(),
            query: call.query.clone(),
            service: "gateway".to_owned(),
            outcome: "abandoned",
            request_id: stamp.id.clone(),
            ..Entry::default()
        };
        Self {
            cloud: Arc::clone(cloud),
            entry,
            stamp,
            begun: Instant::now(),
        }
    }

    fn routed(&mut self, service: &dyn Service, call: &Call, route: &Route) {
        service.name().clone_into(&mut self.entry.service);
        self.stamp = service.stamp();
        self.entry.request_id.clone_from(&self.stamp.id);
        self.entry.operation = Some(route.operation.to_owned());
        self.entry.action = Some(service.action(call, route));
    }

    fn admitted(&mut self, principal: Option<&Principal>) {
        self.entry.principal = principal.map(|p| p.user_name.clone());
        self.entry.credential = principal.map(|p| p.access_key.clone().unwrap_or_else(|| "token".to_owned()));
    }

    fn worked(&mut self, reply: &Reply) {
        self.entry.effect.clone_from(&reply.effect);
        self.entry.error_code.clone_from(&reply.code);
    }

    fn refuse(self, refusal: &Refusal) -> Response<Body> {
        let reply = refusal.reply(&self.entry.request_id);
        self.answer(reply)
    }

    fn answer(mut self, reply: Reply) -> Response<Body> {
        self.worked(&reply);
        self.entry.status = Some(reply.status);
        self.entry.outcome = "answered";
        reply.into_response(&self.stamp)
    }

    fn drop_connection(mut self, cut: &Cut, outcome: &'static str) -> Response<Body> {
        cut.cut();
        self.entry.outcome = outcome;
        // Never sent: writing it is what finds the connection cut.
        Response::new(Body::empty())
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        self.entry.millis = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.cloud.journal.add(std::mem::take(&mut self.entry));
    }
}
