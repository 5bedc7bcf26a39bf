//! What the service does to structures on the way, and that none of it is taken for a change.
use super::*;
use crate::api::status::Effect;
use crate::engine::difference::difference;
use crate::engine::kind::{Parcel, SecretValues};
use crate::kinds::datahub::Datahub;
use crate::kinds::datahub::wire::to_wire;
use rstest::rstest;
use secrecy::SecretString;

const MARK: &str = "0123456789abcdef";

fn paths(wish: &Definition, shown: &Definition) -> Vec<String> {
    let found = difference::<Datahub>(wish, shown, &[], &[]).unwrap();
    found.changes.into_iter().map(|change| change.path).collect()
}

fn body(definition: &Definition, secrets: &SecretValues) -> Value {
    let parcel = Parcel { secrets, mark: MARK };
    serde_json::to_value(create_body(definition, &parcel)).unwrap()
}

/// What the service would show of a task that was made so: every slot, what it fills in, and no secret.
fn echoed(definition: &Definition) -> Value {
    let mut answer = body(definition, &SecretValues::new());
    merge(
        &mut answer,
        json!({"TaskId": "task-1", "DatahubId": "datahub-1", "Status": 1, "ErrorMessage": "运行中", "Connections": [],
            "SchemaName": "", "IsolateStatus": 1, "TaskMax": 1, "SyncThrottleLimit": 20, "AutoExpandFlag": true}),
    );
    for side in ["SourceResource", "TargetResource"] {
        for slot in [
            "KafkaParam",
            "EventBusParam",
            "MongoDBParam",
            "EsParam",
            "TopicParam",
            "MqttParam",
        ] {
            if answer[side].get(slot).is_none() {
                answer[side][slot] = Value::Null;
            }
        }
        if answer[side]["KafkaParam"].is_object() {
            merge(
                &mut answer[side]["KafkaParam"],
                json!({"ResourceName": "shop", "ZoneId": 100_006, "TopicId": "topic-1", "PartitionNum": 3,
                    "QpsLimit": 2000, "UseTableMapping": false, "ConnectorSyncType": "", "MsgMultiple": 1}),
            );
            answer[side]["KafkaParam"]["TableMappings"] = Value::Null;
        }
    }
    answer
}

#[rstest]
#[case(ES)]
#[case(MONGODB)]
fn what_was_sent_and_comes_back_agrees(#[case] example: &str) {
    let mut wish = wish(example, &json!({}));
    // Taken once the task exists.
    (wish.max_tasks, wish.sync_throttle_limit, wish.auto_expand) = (None, None, None);
    let shown = seen(echoed(&wish));
    assert_eq!(shown.mark.as_deref(), Some(MARK));
    assert_eq!(paths(&wish, &shown.definition.unwrap()), Vec::<String>::new());
}

#[test]
fn what_is_only_taken_later_is_a_change_at_first() {
    let wish = wish(ES, &json!({}));
    let shown = seen(echoed(&wish)).definition.unwrap();
    assert_eq!(
        paths(&wish, &shown),
        ["autoExpand", "maxTasks", "syncThrottleLimit"]
    );
}

#[rstest]
#[case(json!({"sourceResource": {"kafkaParam": {"topic": "b, a"}}}), "SourceResource/KafkaParam/Topic", json!("a,b"))]
#[case(json!({"sourceResource": {"kafkaParam": {"topicList": ["b", "a"]}}}), "SourceResource/KafkaParam/TopicList", json!(["a", "b"]))]
#[case(json!({"schemaId": "schema-1"}), "SchemaId", json!("schema-1"))]
#[case(json!({"targetResource": {"esParam": {"indexType": "STRING"}}}), "TargetResource/EsParam/IndexType", Value::Null)]
#[case(json!({"targetResource": {"esParam": {"dateField": ""}}}), "TargetResource/EsParam/DateField", Value::Null)]
#[case(json!({"tags": [{"key": "b", "value": "2"}, {"key": "a", "value": "1"}]}), "Tags", json!([{"TagKey": "a", "TagValue": "1"}, {"TagKey": "b", "TagValue": "2"}]))]
fn another_spelling_is_no_change(#[case] patch: Value, #[case] pointer: &str, #[case] shown: Value) {
    let mut wish = wish(ES, &patch);
    (wish.max_tasks, wish.sync_throttle_limit, wish.auto_expand) = (None, None, None);
    let mut answer = echoed(&wish);
    *answer.pointer_mut(&format!("/{pointer}")).unwrap() = shown;
    assert_eq!(
        paths(&wish, &seen(answer).definition.unwrap()),
        Vec::<String>::new()
    );
}

#[rstest]
#[case("/SourceResource/KafkaParam/Topic", json!("payments"), "sourceResource.kafkaParam.topic", Effect::Replace)]
#[case(
    "/TargetResource/EsParam/Index",
    Value::Null,
    "targetResource.esParam.index",
    Effect::Replace
)]
#[case("/TransformsParam/FieldChain/0/SMT/0/Key", json!("other"), "transformsParam.fieldChain", Effect::Replace)]
#[case("/Tags", json!([]), "tags", Effect::Replace)]
#[case("/TaskName", json!("other"), "name", Effect::InPlace)]
#[case("/Description", json!("other [rd:0123456789abcdef]"), "description", Effect::InPlace)]
fn somebody_elses_hand_is_seen(
    #[case] pointer: &str,
    #[case] shown: Value,
    #[case] path: &str,
    #[case] effect: Effect,
) {
    let mut wish = wish(ES, &json!({}));
    (wish.max_tasks, wish.sync_throttle_limit, wish.auto_expand) = (None, None, None);
    let mut answer = echoed(&wish);
    *answer.pointer_mut(pointer).unwrap() = shown;
    let found = difference::<Datahub>(&wish, &seen(answer).definition.unwrap(), &[], &[]).unwrap();
    let changes: Vec<_> = found
        .changes
        .iter()
        .map(|change| (change.path.as_str(), change.effect))
        .collect();
    assert_eq!(changes, [(path, effect)]);
}

/// Inside lists, what the spec leaves out is not compared: the service fills it in.
#[test]
fn what_a_list_element_leaves_out_is_not_compared() {
    let mut wish = wish(ES, &json!({}));
    (wish.max_tasks, wish.sync_throttle_limit, wish.auto_expand) = (None, None, None);
    let mut answer = echoed(&wish);
    merge(
        answer.pointer_mut("/TransformsParam/FieldChain/0").unwrap(),
        json!({"Result": "{}", "AnalyseResult": [{"Key": "k"}], "SecondaryAnalyse": {"Regex": ","}}),
    );
    assert_eq!(
        paths(&wish, &seen(answer).definition.unwrap()),
        Vec::<String>::new()
    );
}

#[test]
fn workers_move_by_themselves_while_autoscaling_is_on() {
    let shown = |auto: bool| {
        let answer = json!({"TaskId": "task-1", "TaskName": "n", "TaskType": "SINK", "Status": 1, "TaskMax": 7,
            "AutoExpandFlag": auto});
        seen(answer).definition.unwrap().max_tasks
    };
    assert_eq!((shown(true), shown(false)), (None, Some(7)));
}

#[test]
fn secrets_are_named_and_sent_and_never_compared() {
    let task = task(MONGODB, json!({}));
    let named = secrets(&task);
    let path = "sourceResource.mongoDBParam.passwordSecretRef";
    assert_eq!(named.len(), 1);
    assert_eq!((named[0].0.as_str(), named[0].1.key.as_str()), (path, "password"));
    let wish = desired(&task).unwrap().definition;
    let values = SecretValues::from([(path.to_owned(), SecretString::from("hunter-2"))]);
    let sent = body(&wish, &values);
    assert_eq!(sent["SourceResource"]["MongoDBParam"]["Password"], "hunter-2");
    assert!(
        sent["SourceResource"]["MongoDBParam"]
            .get("PasswordSecretRef")
            .is_none()
    );
    for shown in [json!(null), json!(""), json!("******"), json!("hunter-2")] {
        let mut answer = echoed(&wish);
        answer["SourceResource"]["MongoDBParam"]["Password"] = shown;
        let shown = seen(answer).definition.unwrap();
        assert_eq!(paths(&wish, &shown), Vec::<String>::new());
        assert!(!serde_json::to_string(&shown).unwrap().contains("hunter-2"));
    }
}

/// A create sends what the user wrote, also where the normal form leaves it out.
#[test]
fn a_create_sends_the_structures_as_they_were_written() {
    let patch =
        json!({"sourceResource": {"kafkaParam": {"topic": "b,a", "topicId": "topic-1", "prefix": ""}}});
    let sent = body(&wish(ES, &patch), &SecretValues::new());
    let kafka = &sent["SourceResource"]["KafkaParam"];
    assert_eq!(
        (&kafka["Topic"], &kafka["TopicId"], &kafka["Prefix"]),
        (&json!("b,a"), &json!("topic-1"), &json!(""))
    );
    let step = &sent["TransformsParam"]["FieldChain"][0]["SMT"][0]["ValueOperates"][1];
    assert_eq!(
        step,
        &json!({"Type": "REPLACE", "Replace": {"OldValue": "-", "NewValue": ""}})
    );
    for late in ["TasksMax", "SyncThrottleLimit", "AutoExpandFlag"] {
        assert!(sent.get(late).is_none());
    }
}

#[rstest]
#[case(&["name"], json!({"TaskId": "task-1", "TaskName": "orders-to-es"}))]
#[case(&["maxTasks", "autoExpand"], json!({"TaskId": "task-1", "TasksMax": 2, "AutoExpandFlag": false}))]
#[case(&["syncThrottleLimit"], json!({"TaskId": "task-1", "SyncThrottleLimit": 40}))]
#[case(&["description"], json!({"TaskId": "task-1", "Description": "orders to search [rd:0123456789abcdef]"}))]
fn a_change_sends_what_differs_and_no_more(#[case] fields: &[&str], #[case] sent: Value) {
    let wish = wish(ES, &json!({}));
    let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    let mut seen = in_state(1);
    seen.mark = Some(MARK.into());
    assert_eq!(
        serde_json::to_value(modify_body(&wish, &fields, &seen, MARK)).unwrap(),
        sent
    );
}

#[test]
fn an_adopted_task_gets_its_mark_with_the_first_change() {
    let wish = wish(ES, &json!({}));
    let sent = serde_json::to_value(modify_body(&wish, &["name".into()], &in_state(1), MARK)).unwrap();
    assert_eq!(sent["Description"], "orders to search [rd:0123456789abcdef]");
}

#[test]
fn every_field_of_the_resource_has_a_name_on_the_wire() {
    for (name, theirs) in [
        ("sourceResource", "SourceResource"),
        ("smt", "SMT"),
        ("mySQLParam", "MySQLParam"),
    ] {
        assert_eq!(to_wire(name), theirs);
    }
}
