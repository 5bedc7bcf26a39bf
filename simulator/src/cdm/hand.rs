//! Someone else's hand on jobs, links and clusters: what the admin API's views and changes share.

mod clusters;
mod jobs;
mod links;

use serde_json::{Map, Value, json};

use super::values::{Values, is_secret, text};
use crate::auth::digest;
use crate::reply::Refusal;
use crate::service::Slip;
use crate::world::{CdmSwitches, World};

pub(super) use clusters::Clusters;
pub(super) use links::Links;

/// The user that runs and changes by hand are told of.
const SOMEONE: &str = "someone";

/// A job or link by its name, or by cluster and name with a colon between.
fn address(id: &str) -> (Option<&str>, &str) {
    id.split_once(':')
        .map_or((None, id), |(cluster, name)| (Some(cluster), name))
}

/// The only one of what was found.
fn only<T>(mut found: impl Iterator<Item = T>) -> Result<T, Slip> {
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Slip::Wrong(
            "several clusters have it; say CLUSTER:NAME".to_owned(),
        )),
        (None, _) => Err(Slip::Unknown),
    }
}

fn object(value: Value) -> Result<Map<String, Value>, Slip> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(Slip::Wrong("an object is expected".to_owned())),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn wrong(refusal: Refusal) -> Slip {
    Slip::Wrong(format!("{}: {}", refusal.code, refusal.message))
}

/// The cluster of what is made: the one named, or the first.
fn place(given: &mut Map<String, Value>, world: &World) -> Result<String, Slip> {
    let all = &world.cdm.clusters;
    let named = given.remove("cluster_id");
    let found = match named.as_ref().and_then(Value::as_str) {
        Some(id) => all.iter().find(|cluster| cluster.id == id),
        None => all.first(),
    };
    found
        .map(|cluster| cluster.id.clone())
        .ok_or_else(|| Slip::Wrong("cluster_id names no cluster".to_owned()))
}

/// Sets a value; null takes it away.
fn put(values: &mut Values, name: &str, value: &Value) {
    if value.is_null() {
        values.remove(name);
    } else {
        values.insert(name.to_owned(), value.clone());
    }
}

/// Values as they are held; of secrets only digests.
fn plain(values: &Values, switches: &CdmSwitches) -> Value {
    let shown = values.iter().map(|(name, value)| {
        let secret = is_secret(name, switches);
        let digest = || json!({"sha256": digest(text(values, name).as_bytes())});
        (name.clone(), if secret { digest() } else { value.clone() })
    });
    Value::Object(shown.collect())
}
