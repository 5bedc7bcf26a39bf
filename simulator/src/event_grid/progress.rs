//! Sync detail: what a job has moved, worked out from the simulated time that it ran.

use serde_json::{Map, Value, json};

use super::job::{Job, Kind};
use super::tables::DETAIL;
use super::{Ledger, Work, parameter, unknown};
use crate::clock::Sim;
use crate::reply::{Refusal, Reply};
use crate::schema::{check, text};
use crate::world::World;

/// `POST .../jobs/{job_id}/syncDetail`.
pub(super) fn detail(ledger: &Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    let body = work.body()?;
    check(&body, DETAIL, "").map_err(|why| parameter(&why))?;
    let job = ledger.job(work.project, work.id).ok_or_else(unknown)?;
    let number = |name: &str| {
        body.get(name)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let (offset, limit) = (number("offset").unwrap_or(0), number("limit").unwrap_or(10));
    let moved = Moved::of(job, &world, work.cloud.now());
    let all = if job.ran == 0 && job.since.is_none() {
        Vec::new()
    } else {
        items(job, &moved, &world, &body)?
    };
    let remain = all
        .iter()
        .filter_map(|item| item.get("sync_remain_num")?.as_i64())
        .sum::<i64>();
    let total = all.len();
    let page: Vec<Value> = all.into_iter().skip(offset).take(limit).collect();
    Ok(Reply::json(
        200,
        &json!({
            "metadata": metadata(job, &moved, remain),
            "total": total,
            "size": page.len(),
            "type": job.kind.spelt(&world.switches.event_grid),
            "items": page,
        }),
    ))
}

/// Records that the source got and that the sink has.
#[derive(Clone, Copy, Debug)]
struct Moved {
    produced: i64,
    synced: i64,
}

impl Moved {
    fn of(job: &Job, world: &World, now: Sim) -> Self {
        let switches = &world.switches.event_grid;
        let produced = (now - job.born).max(0) * switches.produced_per_second / 1000;
        let synced = (job.run_time(now) * switches.synced_per_second / 1000).min(produced);
        Self { produced, synced }
    }
}

fn metadata(job: &Job, moved: &Moved, remain: i64) -> Value {
    let keys = |n: i64| (job.kind == Kind::Dcs).then_some(n);
    let remain = if job.kind == Kind::Dcs {
        moved.produced - moved.synced
    } else {
        remain
    };
    json!({
        "sync_remain_total": remain,
        "source_key_num": keys(moved.produced),
        "sink_key_num": keys(moved.synced),
        "source_expired_key_num": keys(0),
        "sink_expired_key_num": keys(0),
    })
}

fn items(job: &Job, moved: &Moved, world: &World, body: &Map<String, Value>) -> Result<Vec<Value>, Refusal> {
    if job.kind == Kind::Dcs {
        return Ok(vec![json!({
            "source_addr": text(&job.source, "address"),
            "sink_addr": text(&job.sink, "address"),
            "task_progress": null,
            "sync_phase": "incremental",
            "source_offset": moved.produced,
            "sink_offset": moved.synced,
            "task_status": if job.since.is_some() { "running" } else { "stopped" },
        })]);
    }
    let mut topics = topics(job, world);
    for condition in body
        .get("conditions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let value = condition.get("value").and_then(Value::as_str);
        let value = value.ok_or_else(|| parameter("conditions.value must be a topic name"))?;
        let exact = condition.get("operate").and_then(Value::as_str) == Some("EQUAL");
        topics.retain(|topic| {
            if exact {
                topic == value
            } else {
                topic.contains(value)
            }
        });
    }
    Ok(topics.iter().map(|topic| item(job, topic, moved)).collect())
}

/// The topics named, or all those of the source instance when a pattern is given.
fn topics(job: &Job, world: &World) -> Vec<String> {
    let named: Vec<String> = text(&job.advance, "topics")
        .split(',')
        .map(|t| t.trim().to_owned())
        .filter(|t| !t.is_empty())
        .collect();
    if !named.is_empty() {
        return named;
    }
    let source = text(&job.source, "instance_id");
    let known = world
        .kafka
        .instances
        .iter()
        .find(|instance| instance.id == source);
    known.map_or_else(|| vec!["orders".to_owned()], |instance| instance.topics.clone())
}

fn item(job: &Job, topic: &str, moved: &Moved) -> Value {
    let alias = text(&job.source, "cluster_alias");
    let offset = json!({"offset": moved.synced, "max_offset": moved.produced});
    // `cluter` is spelt so on the page.
    let place = match job.kind {
        Kind::Kafka => {
            json!({"partition": {"cluter": alias, "topic": topic, "partition": 0}, "offset": offset})
        }
        Kind::Rocketmq | Kind::Dcs => {
            json!({"queue": {"rocketmq_topic": topic, "rocketmq_broker": "broker-0"}, "offset": offset})
        }
    };
    json!({
        "topic": topic,
        "number": 1,
        "sync_remain_num": moved.produced - moved.synced,
        "offset_details": [place],
    })
}
