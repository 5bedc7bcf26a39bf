//! Lists: pages, filters, order, and rows that come late.

use serde_json::{Value, json};

use crate::common::{Sim, but};
use crate::{sink, source, still};

fn names(list: &Value) -> Vec<String> {
    let rows = list["TaskList"].as_array().unwrap();
    rows.iter()
        .map(|row| row["TaskName"].as_str().unwrap().to_owned())
        .collect()
}

async fn many(sim: &Sim, count: usize) {
    for n in 0..count {
        sim.tc_made(&sink(&format!("t{n:03}"))).await;
    }
}

#[tokio::test]
async fn pages_are_twenty_by_default_and_a_hundred_at_most() {
    let sim = still(json!({})).await;
    many(&sim, 105).await;
    let rows = |list: &Value| (list["TotalCount"].as_u64().unwrap(), names(list).len());
    assert_eq!(rows(&sim.tc_list(&json!({})).await), (105, 20));
    assert_eq!(rows(&sim.tc_list(&json!({"Limit": 1000})).await), (105, 100));
    let first = names(&sim.tc_list(&json!({"Limit": 100})).await);
    let second = names(&sim.tc_list(&json!({"Limit": 100, "Offset": 100})).await);
    assert_eq!(second.len(), 5);
    assert_eq!((first[0].as_str(), second[4].as_str()), ("t104", "t000"));
    let past = sim.tc_list(&json!({"Offset": 200})).await;
    assert_eq!(rows(&past), (105, 0));
    for (body, code) in [
        (json!({"Limit": -1}), "InvalidParameter"),
        (json!({"Limit": "20"}), "InvalidParameter"),
        (json!({"PageSize": 20}), "UnknownParameter"),
        (json!({"TaskType": "BOTH"}), "InvalidParameterValue"),
    ] {
        assert_eq!(
            sim.tc("DescribeDatahubTasks", &body).await.tc_code(),
            code,
            "{body}"
        );
    }
}

#[tokio::test]
async fn filters_hold_together() {
    let sim = still(json!({})).await;
    sim.tc_made(&sink("orders-to-es")).await;
    sim.tc_made(&source("crm-cdc")).await;
    let mut other = sink("orders-to-log");
    other["TargetResource"] =
        json!({"Type": "CLS", "ClsParam": {"DecodeJson": true, "Resource": "log-topic"}});
    sim.tc_made(&other).await;
    for (body, expected) in [
        (
            json!({"SearchWord": "orders"}),
            vec!["orders-to-log", "orders-to-es"],
        ),
        (json!({"SearchWord": "ORDERS"}), vec![]),
        (
            json!({"SearchWord": ""}),
            vec!["orders-to-log", "crm-cdc", "orders-to-es"],
        ),
        (json!({"TaskType": "SOURCE"}), vec!["crm-cdc"]),
        (
            json!({"SourceType": "KAFKA"}),
            vec!["orders-to-log", "orders-to-es"],
        ),
        (json!({"TargetType": "CLS"}), vec!["orders-to-log"]),
        (
            json!({"Resource": "ckafka-0a1b2c3d"}),
            vec!["orders-to-log", "orders-to-es"],
        ),
        (json!({"Resource": "resource-0a1b2c3d"}), vec!["orders-to-es"]),
        (
            json!({"Resource": "resource-0a1b2c3d", "TaskType": "SOURCE"}),
            vec![],
        ),
    ] {
        let list = sim.tc_list(&body).await;
        assert_eq!(names(&list), expected, "{body}");
        assert_eq!(list["TotalCount"], expected.len(), "{body}");
    }
}

#[tokio::test]
async fn order_and_lag_are_switches() {
    let sim = still(json!({"ckafka": {"listOrder": "oldest", "listLag": 5000, "describeLag": 1000}})).await;
    let id = sim.tc_made(&sink("a")).await;
    assert_eq!(
        sim.tc_act("Describe", &id).await.tc_code(),
        "InvalidParameterValue"
    );
    sim.advance(1000).await;
    assert_eq!(sim.tc_status(&id).await, 0);
    sim.tc_made(&but(sink("b"), "/Tags", Value::Null)).await;
    assert_eq!(sim.tc_total().await, 0);
    sim.advance(4000).await;
    assert_eq!(sim.tc_total().await, 1);
    sim.advance(1000).await;
    assert_eq!(names(&sim.tc_list(&json!({})).await), ["a", "b"]);
}
