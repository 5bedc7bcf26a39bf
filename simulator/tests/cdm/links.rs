//! Links: their life, their test, their secrets.

use reqwest::Method;
use serde_json::{Value, json};

use super::common::Sim;
use super::link;

#[tokio::test]
async fn links_live_and_never_give_a_secret_back() {
    let sim = Sim::start();
    let made = sim.cdm(Method::POST, "/link", &link("l", "very-secret")).await;
    assert_eq!(made.json(), json!({"name": "l", "validation-result": [{}]}));
    assert_eq!(
        sim.cdm(Method::POST, "/link", &link("l", "x")).await.cdm(),
        (400, "Cdm.0315".to_owned())
    );
    let shown = sim.cdm_get("/link/l").await;
    let body = shown.json();
    assert_eq!(
        (&body["fromTo-unMapping"], &body["batchFromTo-mapping"]),
        (&json!(""), &json!(""))
    );
    let values = &body["links"][0]["link-config-values"];
    assert_eq!(
        (&values["validators"], &values["configs"][0]["type"]),
        (&json!([]), &json!("LINK"))
    );
    let all = values["configs"][0]["inputs"].as_array().unwrap();
    let input = |name: &str| {
        all.iter()
            .find(|i| i["name"] == format!("linkConfig.{name}"))
            .unwrap()
    };
    assert_eq!(
        input("port"),
        &json!({"name": "linkConfig.port", "type": "INTEGER", "value": "3306"})
    );
    assert_eq!(
        input("password"),
        &json!({"name": "linkConfig.password", "type": "STRING", "size": 32, "sensitive": true, "mandatory": true})
    );
    assert_eq!(
        sim.cdm(Method::PUT, "/link/l", &link("other", "x")).await.cdm().1,
        "Cdm.0039"
    );
    let updated = sim.cdm(Method::PUT, "/link/l", &link("l", "next-secret")).await;
    assert_eq!(updated.json(), json!({"validation-result": [{}]}));
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"cdm": {"secretEcho": "placeholder"}}}),
    )
    .await;
    let shown = sim.cdm_get("/link/l").await;
    assert!(shown.text.contains("Add password here"));
    let log = std::fs::read_to_string(sim.log_file()).unwrap();
    let held = sim
        .admin(Method::GET, "/jobs/cdm-links", &Value::Null)
        .await
        .to_string();
    for text in [&shown.text, &log, &held] {
        assert!(!text.contains("-secret"), "{text}");
    }
    let all = sim.cdm_get("/link/all").await.json();
    assert_eq!(all["links"].as_array().unwrap().len(), 6);
    assert_eq!(sim.cdm(Method::DELETE, "/link/l", &Value::Null).await.status, 200);
    assert_eq!(sim.cdm_get("/link/l").await.cdm(), (404, "Cdm.0101".to_owned()));
    assert_eq!(
        sim.cdm(Method::PUT, "/link/l", &link("l", "x")).await.cdm().1,
        "Cdm.0316"
    );
}

#[tokio::test]
async fn a_link_is_tested_when_it_is_made_and_changed() {
    let sim = Sim::with(&json!({"cdm": {"unreachable": ["10.0.0.5"]}}));
    let refused = sim.cdm(Method::POST, "/link", &link("l", "x")).await;
    assert_eq!(refused.status, 500);
    let body = refused.json();
    assert_eq!(body["validation-result"][0]["linkConfig"][0]["status"], "ERROR");
    assert!(body.get("errCode").is_none());
    assert_eq!(sim.cdm_get("/link/l").await.status, 404);
    sim.admin(Method::PATCH, "/world", &json!({"cdm": {"unreachable": []}}))
        .await;
    let tested = sim
        .cdm(Method::POST, "/link?validate=true", &link("l", "x"))
        .await;
    assert_eq!(tested.json(), json!({"name": "l", "validation-result": [{}]}));
    assert_eq!(sim.cdm_get("/link/l").await.status, 404);
    assert_eq!(sim.cdm(Method::POST, "/link", &link("l", "x")).await.status, 200);
    sim.admin(Method::PATCH, "/jobs/cdm-links/l", &json!({"reachable": false}))
        .await;
    assert_eq!(sim.cdm(Method::PUT, "/link/l", &link("l", "x")).await.status, 500);
    let blank = sim.cdm(Method::POST, "/link", &link("m", "")).await;
    assert_eq!(blank.status, 500);
    assert!(blank.json()["validation-result"][0]["linkConfig.password"].is_array());
}

#[tokio::test]
async fn a_link_in_use_stays() {
    let sim = Sim::start();
    sim.cdm_job("a").await;
    let documented = sim.cdm(Method::DELETE, "/link/mysql_link", &Value::Null).await;
    assert_eq!(documented.status, 500);
    assert_eq!(
        documented.json(),
        json!({"errCode": "Cdm.0021", "externalMessage": "Given link name is in use"})
    );
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"cdm": {"linkInUse": "catalogue"}}}),
    )
    .await;
    let catalogued = sim.cdm(Method::DELETE, "/link/mysql_link", &Value::Null).await;
    assert_eq!(catalogued.cdm(), (400, "Cdm.0321".to_owned()));
}

#[tokio::test]
async fn other_answers_about_links_are_switches() {
    let sim = Sim::with(&json!({"switches": {"cdm": {
        "linkUpdateAnswer": "object", "omittedSecret": "clear", "linkList": false, "encoding": "form"}}}));
    assert_eq!(sim.cdm_get("/link/all").await.status, 404);
    let mut body = link("l", "x");
    body["links"][0]["link-config-values"]["configs"][0]["inputs"][3]["value"] = json!("my shop");
    assert_eq!(sim.cdm(Method::POST, "/link", &body).await.status, 200);
    let shown = sim.cdm_get("/link/l").await.json();
    let database = &shown["links"][0]["link-config-values"]["configs"][0]["inputs"];
    let all = database.as_array().unwrap();
    assert!(all.iter().any(|input| input["value"] == "my+shop"), "{all:?}");
    let updated = sim.cdm(Method::PUT, "/link/l", &body).await;
    assert_eq!(updated.json(), json!({"name": "l", "validation-result": {}}));
    // Sent back as it was shown, without its password.
    let replayed = json!({"links": [shown["links"][0]]});
    assert_eq!(sim.cdm(Method::PUT, "/link/l", &replayed).await.status, 500);
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"cdm": {"omittedSecret": "keep"}}}),
    )
    .await;
    assert_eq!(sim.cdm(Method::PUT, "/link/l", &replayed).await.status, 200);
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"cdm": {"linkTest": "fail"}}}),
    )
    .await;
    assert_eq!(sim.cdm(Method::PUT, "/link/l", &body).await.status, 500);
}
