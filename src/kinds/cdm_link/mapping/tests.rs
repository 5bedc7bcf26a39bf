//! Links in their normal form: round trips, quirks and what a change costs.
use super::*;
use crate::engine::difference::{difference, removable};
use crate::engine::kind::SecretValues;
use crate::kinds::cdm_link::CdmLinks;
use serde_json::json;

fn link() -> CdmLink {
    let example = include_str!("../../../../examples/cdmlink-mysql.yaml");
    serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap()
}

fn wish() -> Definition {
    desired(&link()).unwrap().definition
}

fn shown(link: Value) -> Definition {
    *observed(serde_json::from_value(link).unwrap())
        .unwrap()
        .definition
        .unwrap()
}

/// What the service answers after a create: inputs with types, without the password, and with what it adds.
fn answer() -> Value {
    let secrets = SecretValues::new();
    let wish = wish();
    let mut link = serde_json::to_value(body(&wish, &secrets, None)).unwrap()["links"][0].take();
    let inputs = link["link-config-values"]["configs"][0]["inputs"]
        .as_array_mut()
        .unwrap();
    inputs.reverse();
    for input in inputs.iter_mut() {
        input["type"] = json!("STRING");
        if let Some(text) = input["value"].as_str() {
            input["value"] = json!(text.replace('`', "%60"));
        }
    }
    inputs.push(json!({"name": "linkConfig.password", "size": 32, "sensitive": true, "type": "STRING"}));
    inputs.push(json!({"name": "linkConfig.isRds", "value": "false"}));
    link["creation-date"] = json!("1764230400123");
    link["enabled"] = json!(true);
    link
}

#[test]
fn what_the_service_answers_agrees_with_what_was_sent() {
    let found = difference::<CdmLinks>(&wish(), &shown(answer()), &[], &[]).unwrap();
    assert_eq!(found.changes, vec![]);
}

#[test]
fn what_the_service_adds_is_sent_back_and_what_was_withdrawn_is_not() {
    let mut seen = answer();
    let inputs = seen["link-config-values"]["configs"][0]["inputs"]
        .as_array_mut()
        .unwrap();
    inputs.push(json!({"name": "linkConfig.commitSize", "value": "100"}));
    let dropped = ["config.commitSize".to_owned()];
    let found = difference::<CdmLinks>(&wish(), &shown(seen), &[], &dropped).unwrap();
    assert_eq!(
        found.merged.inputs.config.get("isRds"),
        Some(&Some("false".to_owned()))
    );
    assert_eq!(found.merged.inputs.config.get("commitSize"), None);
    let paths: Vec<_> = found.changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["config.commitSize"]);
}

#[test]
fn inputs_and_secrets_are_what_can_be_withdrawn() {
    let secrets = secrets(&link());
    let paths = removable::<CdmLinks>(&wish(), secrets.iter().map(|(path, _)| path)).unwrap();
    assert!(paths.contains(&"config.host".to_owned()) && paths.contains(&"secretConfig.password".to_owned()));
    assert!(paths.contains(&"mapConfig.jdbcProperties.socketTimeout".to_owned()));
    assert!(!paths.contains(&"name".to_owned()) && !paths.contains(&"enabled".to_owned()));
}

#[test]
fn name_and_connector_need_a_replacement() {
    for path in ["name", "connectorName"] {
        assert_eq!(effect(path), Effect::Replace);
    }
    for path in [
        "config.host",
        "mapConfig.properties.a",
        "secretConfig.password",
        "enabled",
    ] {
        assert_eq!(effect(path), Effect::InPlace);
    }
}

#[test]
fn a_link_that_was_disabled_is_enabled_again_only_when_that_is_wished() {
    let mut seen = answer();
    seen["enabled"] = json!(false);
    let present = shown(seen);
    assert!(
        difference::<CdmLinks>(&wish(), &present, &[], &[])
            .unwrap()
            .changes
            .is_empty()
    );
    let wish = Definition {
        enabled: Some(true),
        ..wish()
    };
    assert_eq!(
        difference::<CdmLinks>(&wish, &present, &[], &[])
            .unwrap()
            .changes
            .len(),
        1
    );
}
