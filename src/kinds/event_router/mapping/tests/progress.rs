//! What users see of progress and connectivity.
use super::*;
use crate::engine::kind::Failure;
use crate::engine::kind::Progress;
use crate::kinds::event_router::mapping::{endpoints, progress, replacement_note, reports_progress, sync};

fn shown(detail: Value) -> Progress {
    let mut seen = seen(echo(sent(&wish(KAFKA))));
    seen.facts.sync = Some(sync(serde_json::from_value(detail).unwrap()));
    progress(&seen).unwrap()
}

fn topics(remaining: &[i64]) -> Value {
    let items: Vec<_> = remaining
        .iter()
        .enumerate()
        .map(|(index, lag)| json!({"topic": format!("t{index:03}"), "number": 1, "sync_remain_num": lag, "offset_details": []}))
        .collect();
    let total: i64 = remaining.iter().sum();
    json!({"metadata": {"sync_remain_total": total, "source_key_num": null}, "total": items.len(), "size": items.len(), "type": "KAFKA", "items": items})
}

#[test]
fn topics_are_shown_by_their_lag() {
    let shown = shown(topics(&[3, 42, 0]));
    assert_eq!(
        shown.detail,
        json!({
            "remaining": 45,
            "count": 3,
            "topics": [
                {"topic": "t001", "remaining": 42},
                {"topic": "t000", "remaining": 3},
                {"topic": "t002", "remaining": 0},
            ]
        })
    );
}

#[test]
fn the_list_of_topics_is_bounded() {
    let lags: Vec<i64> = (0..500).collect();
    let shown = shown(topics(&lags));
    assert_eq!(shown.detail["topics"].as_array().unwrap().len(), 20);
    assert_eq!(
        shown.detail["topics"][0],
        json!({"topic": "t499", "remaining": 499})
    );
    assert_eq!(shown.detail["count"], json!(500));
}

#[test]
fn redis_nodes_are_shown_with_phase_and_offsets() {
    let shown = shown(json!({
        "metadata": {"source_key_num": 1200, "sink_key_num": 1100, "source_expired_key_num": 7, "sink_expired_key_num": 6},
        "total": 1, "size": 1, "type": "DCS",
        "items": [{"source_addr": "10.1.0.5:6379", "sink_addr": "10.1.0.6:6379", "task_progress": null,
            "sync_phase": "incremental", "source_offset": 100, "sink_offset": "90", "task_status": "failed"}]
    }));
    assert_eq!(
        shown.detail,
        json!({
            "sourceKeys": 1200, "sinkKeys": 1100, "sourceExpiredKeys": 7, "sinkExpiredKeys": 6, "count": 1,
            "nodes": [{"source": "10.1.0.5:6379", "sink": "10.1.0.6:6379", "phase": "incremental",
                "status": "failed", "sourceOffset": 100, "sinkOffset": 90}]
        })
    );
    assert!(shown.class.contains("incremental/failed"));
}

#[test]
fn small_steps_are_of_one_class() {
    assert_eq!(shown(topics(&[40, 2])).class, shown(topics(&[57, 1])).class);
    assert_ne!(shown(topics(&[40, 2])).class, shown(topics(&[400, 2])).class);
    assert_ne!(shown(topics(&[0])).class, shown(topics(&[1])).class);
}

#[test]
fn without_a_read_there_is_no_progress() {
    assert_eq!(progress(&seen(echo(sent(&wish(KAFKA))))), None);
}

#[test]
fn a_job_that_never_ran_has_no_progress_to_read() {
    for (word, expected) in [
        ("CREATING", false),
        ("WAIT_START", false),
        ("RUNNING", true),
        ("STOPPED", true),
        ("ERROR", true),
    ] {
        let mut answer = echo(sent(&wish(KAFKA)));
        set(&mut answer, "/status", json!(word));
        assert_eq!(reports_progress(&seen(answer)), expected, "{word}");
    }
}

#[test]
fn connectivity_is_shown_where_there_is_any() {
    let mut answer = echo(sent(&wish(KAFKA)));
    assert_eq!(endpoints(&seen(answer.clone())), None);
    let job = answer.as_object_mut().unwrap();
    job.insert("source_status".into(), json!("UNDEFINED"));
    job.insert("sink_status".into(), json!("ERROR"));
    job.insert("sink_status_info".into(), json!("timeout"));
    assert_eq!(
        endpoints(&seen(answer)),
        Some(json!({"source": {"status": "UNDEFINED"}, "sink": {"status": "ERROR", "info": "timeout"}}))
    );
}

#[test]
fn a_failure_keeps_code_and_message() {
    let mut answer = echo(sent(&wish(KAFKA)));
    assert_eq!(seen(answer.clone()).failure, None);
    let job = answer.as_object_mut().unwrap();
    job.insert("err_code".into(), json!("EG.1"));
    job.insert("err_message".into(), json!("broker gone"));
    assert_eq!(
        seen(answer).failure,
        Some(Failure {
            code: Some("EG.1".into()),
            message: "broker gone".into()
        })
    );
}

#[test]
fn a_replacement_says_what_it_costs() {
    assert!(replacement_note(&wish(KAFKA).definition).contains("sent again"));
    let latest = wish_with(KAFKA, "/advanced/kafkaToKafka/seekTo", json!("latest"));
    assert!(replacement_note(&latest.definition).contains("skipped"));
    assert!(replacement_note(&wish(DCS).definition).contains("CUSTOM_OFFSET"));
}
