//! The other cluster of a Kafka task: which instance of the world it is, and whether it lets a task in.

use serde_json::{Map, Value};

use super::refusals;
use crate::reply::Refusal;
use crate::schema::text;
use crate::world::{Instance, World};

/// The instance of the world that a Kafka source names, by id or by address.
pub(super) fn of<'a>(source: &Map<String, Value>, world: &'a World) -> Option<&'a Instance> {
    let id = text(source, "instance_id");
    let servers = text(source, "bootstrap_servers");
    world.kafka.instances.iter().find(|instance| {
        if id.is_empty() {
            instance
                .address
                .split(',')
                .any(|own| servers.split(',').any(|given| given.trim() == own))
        } else {
            instance.id == id
        }
    })
}

/// The protocol, which the service derives when it is left out.
pub(super) fn protocol(source: &Map<String, Value>, world: &World) -> String {
    let given = text(source, "security_protocol");
    let named = ["user_name", "sasl_mechanism"]
        .iter()
        .any(|name| !text(source, name).is_empty());
    if !given.is_empty() {
        given.to_owned()
    } else if named {
        world.switches.dms.filled.sasl_protocol.clone()
    } else {
        "PLAINTEXT".to_owned()
    }
}

/// Address, protocol and credentials, as far as the request itself tells.
pub(super) fn check(source: &Map<String, Value>, own: &Instance, world: &World) -> Result<(), Refusal> {
    let wrong = |why: &str| {
        let why = format!("The Kafka settings of the connector are invalid: {why}");
        Err(refusals::code(&world.switches.dms.codes.kafka_settings, &why))
    };
    let (id, servers) = (text(source, "instance_id"), text(source, "bootstrap_servers"));
    if id.is_empty() == servers.is_empty() {
        return wrong("exactly one of instance_id and bootstrap_servers must be set");
    }
    if !servers.is_empty() && !servers.split(',').all(is_server) {
        return wrong("bootstrap_servers must be host:port, joined by commas");
    }
    if text(source, "security_protocol").starts_with("SASL") {
        for name in ["sasl_mechanism", "user_name", "password"] {
            if text(source, name).is_empty() {
                return wrong(&format!("{name} is mandatory when security_protocol is SASL"));
            }
        }
    }
    match of(source, world) {
        Some(peer) if peer.id == own.id => wrong("the peer is the instance itself"),
        None if world.switches.dms.peers_must_be_known => wrong("the peer is unknown"),
        _ => Ok(()),
    }
}

fn is_server(text: &str) -> bool {
    text.rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// Tries the peer: whether it is there and knows the user.
pub(super) fn verify(source: &Map<String, Value>, world: &World) -> Result<(), Refusal> {
    let Some(peer) = of(source, world) else {
        return Ok(());
    };
    if !peer.reachable || peer.status != "RUNNING" {
        return Err(refusals::unverified("the peer cannot be reached"));
    }
    let known = peer.sasl_users.is_empty()
        || peer.sasl_users.iter().any(|user| {
            user.user_name == text(source, "user_name") && user.password == text(source, "password")
        });
    if protocol(source, world).starts_with("SASL") && !known {
        return Err(refusals::unverified("the peer refuses the user"));
    }
    Ok(())
}
