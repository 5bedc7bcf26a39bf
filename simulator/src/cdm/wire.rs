//! Answers about jobs and runs, and how they are spelt.

use serde_json::{Map, Value, json};

use super::job::{End, Job};
use super::run::Run;
use super::values::{self, Block, text};
use crate::clock::Sim;
use crate::world::{CdmSwitches, LastUpdateUser, ProgressScale};

/// The key of the counters, of the engine that CDM came from.
const COUNTERS: &str = "org.apache.sqoop.submission.counter.SqoopCounters";

/// A job as answered.
pub(super) fn job(job: &Job, switches: &CdmSwitches, now: Sim) -> Value {
    let group = Some(text(&job.driver, "groupJobConfig.groupName")).filter(|group| !group.is_empty());
    let mut view = json!({
        "id": job.seq,
        "job_type": job.kind,
        "type": job.kind,
        "name": job.name,
        "status": job.status(),
        "enabled": job.enabled,
        "creation-user": job.creator,
        "creation-date": job.created,
        "update-user": job.updater,
        "update-date": job.updated,
        "from-link-name": job.from.link,
        "from-connector-name": job.from.connector,
        "from-config-values": end(&job.from, Block::From, switches),
        "to-link-name": job.to.link,
        "to-connector-name": job.to.connector,
        "to-config-values": end(&job.to, Block::To, switches),
        "driver-config-values": values::write(Block::Driver, "", &job.driver, switches),
        "group_name": group.unwrap_or("DEFAULT"),
        "flag": i32::from(job.timer.is_some()),
        "is_incre_job": text(&job.from.values, "fromJobConfig.incrMigration") == "true",
        "is_incrementing": false,
        "is_use_sql": text(&job.from.values, "fromJobConfig.useSql") == "true",
    });
    if let (Some(members), Some(run)) = (view.as_object_mut(), job.run()) {
        members.extend(last(run, now));
    }
    if let Some(members) = view.as_object_mut() {
        members.extend(job.extra.clone());
    }
    view
}

fn end(end: &End, block: Block, switches: &CdmSwitches) -> Value {
    let mut view = values::write(block, &end.connector, &end.values, switches);
    if let (Some(members), Some(extended)) = (view.as_object_mut(), &end.extended) {
        members.insert("extended-configs".to_owned(), extended.clone());
    }
    view
}

/// What a job tells of its last run.
fn last(run: &Run, now: Sim) -> Map<String, Value> {
    let done = Done::of(run, now);
    let mut view = Map::new();
    let mut put = |name: &str, value: Value| view.insert(name.to_owned(), value);
    if let Some(external) = &run.external {
        put("external_id", json!(external));
    }
    put("execute_start_date", json!(run.created));
    put("execute_create_date", json!(run.created));
    put("execute_update_date", json!(run.updated));
    for name in ["rows_read", "rows_written"] {
        put(name, json!(done.rows));
    }
    for name in ["files_read", "files_written"] {
        put(name, json!(done.files));
    }
    for name in ["bytes_read", "bytes_written"] {
        put(name, json!(done.bytes));
    }
    put("write_rows", json!(done.rows.max(0)));
    put("update_rows", json!(0));
    put("delete_rows", json!(0));
    view
}

/// What a run has copied so far; -1 where it does not apply.
struct Done {
    rows: i64,
    bytes: i64,
    files: i64,
}

impl Done {
    fn of(run: &Run, now: Sim) -> Self {
        let share = run.share(now);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "counts"
        )]
        let part = |whole: i64| {
            if whole < 0 {
                whole
            } else {
                (whole as f64 * share) as i64
            }
        };
        Self {
            rows: part(run.load.rows),
            bytes: part(run.load.bytes),
            files: part(run.load.files),
        }
    }
}

/// A run as a start answers it.
pub(super) fn started(job: &Job, run: &Run, switches: &CdmSwitches) -> Value {
    Value::Object(common(job, run, switches, 0))
}

/// A run as status and history answer it.
pub(super) fn submission(job: &Job, run: &Run, switches: &CdmSwitches, now: Sim) -> Value {
    let done = Done::of(run, now);
    let mut view = common(job, run, switches, done.rows.max(0));
    let mut put = |name: &str, value: Value| view.insert(name.to_owned(), value);
    put("progress", progress(run, switches, now));
    if let Some(external) = &run.external {
        put("external-id", json!(external));
    }
    if run.status == "SUCCEEDED" {
        put("counters", json!({ COUNTERS: counters(&done) }));
    }
    if let (Some((summary, details)), "FAILED" | "FAILURE_ON_SUBMIT") = (&run.error, run.status.as_str()) {
        put("error-summary", json!(summary));
        put("error-details", json!(details));
    }
    Value::Object(view)
}

fn common(job: &Job, run: &Run, switches: &CdmSwitches, rows: i64) -> Map<String, Value> {
    let mut view = Map::new();
    let mut put = |name: &str, value: Value| view.insert(name.to_owned(), value);
    put("job-name", json!(job.name));
    put("submission-id", json!(run.id));
    put("status", json!(run.status));
    put("progress", json!(0));
    put("creation-user", json!(run.user));
    put("creation-date", json!(run.created));
    put("execute-date", json!(run.created));
    put("last-update-date", json!(run.updated));
    put("isIncrementing", json!(run.incremental));
    put("isStopingIncrement", json!(""));
    put("is-execute-auto", json!(run.auto));
    put("isDeleteJob", json!(run.disposes));
    put("write_rows", json!(rows));
    put("update_rows", json!(0));
    put("delete_rows", json!(0));
    if switches.last_update_user != LastUpdateUser::Correct {
        put("last-udpate-user", json!(run.changer));
    }
    if switches.last_update_user != LastUpdateUser::Misspelled {
        put("last-update-user", json!(run.changer));
    }
    view
}

fn progress(run: &Run, switches: &CdmSwitches, now: Sim) -> Value {
    if matches!(run.status.as_str(), "FAILED" | "FAILURE_ON_SUBMIT" | "UNKNOWN") {
        return json!(-1);
    }
    // What never ends by itself is nowhere on its way.
    let share = if run.lasting { 0.0 } else { run.share(now) };
    match switches.progress_scale {
        ProgressScale::Percent => json!((share * 10_000.0).round() / 100.0),
        ProgressScale::Fraction => json!(share),
    }
}

fn counters(done: &Done) -> Value {
    let rows_skipped = if done.rows < 0 { -1 } else { 0 };
    json!({
        "BYTES_WRITTEN": done.bytes,
        "BYTES_READ": done.bytes,
        "TOTAL_SIZE": done.bytes,
        "TOTAL_FILES": done.files,
        "FILES_READ": done.files,
        "FILES_WRITTEN": done.files,
        "FILES_SKIPPED": -1,
        "ROWS_READ": done.rows,
        "ROWS_WRITTEN": done.rows,
        "ROWS_WRITTEN_SKIPPED": rows_skipped.max(0),
    })
}

/// What stands for the latest run of a job that never ran.
pub(super) fn never(job: &Job) -> Value {
    json!({
        "job-name": job.name,
        "submission-id": -1,
        "status": "NEVER_EXECUTED",
        "progress": -1,
        "creation-user": job.creator,
        "creation-date": job.created,
        "execute-date": job.created,
        "last-update-date": job.created,
        "last-udpate-user": job.creator,
        "isIncrementing": false,
        "isStopingIncrement": "",
        "is-execute-auto": false,
        "isDeleteJob": false,
        "write_rows": 0,
        "update_rows": 0,
        "delete_rows": 0,
    })
}
