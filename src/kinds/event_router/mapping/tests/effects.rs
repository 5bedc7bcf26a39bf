//! What a change costs, field by field.
use super::*;
use crate::api::status::Effect;
use crate::kinds::event_router::mapping::effect;

#[test]
fn each_field_has_its_effect() {
    let kafka = "source.kafka";
    let sync = "advanced.kafkaToKafka";
    for (path, expected) in [
        ("clusterId".to_owned(), Effect::Replace),
        ("sceneType".into(), Effect::Replace),
        ("name".into(), Effect::Restart),
        ("description".into(), Effect::Restart),
        (format!("{kafka}.configType"), Effect::Replace),
        (format!("{kafka}.region"), Effect::Replace),
        (format!("{kafka}.projectId"), Effect::Replace),
        (format!("{kafka}.instanceId"), Effect::Replace),
        (format!("{kafka}.clusterAlias"), Effect::Replace),
        (format!("{kafka}.addresses"), Effect::Restart),
        (format!("{kafka}.authenticateMode"), Effect::Restart),
        (format!("{kafka}.saslMechanism"), Effect::Restart),
        (format!("{kafka}.userName"), Effect::Restart),
        (format!("{kafka}.passwordSecretRef"), Effect::Restart),
        ("sink.rocketmq.aclEnabled".into(), Effect::Restart),
        ("sink.rocketmq.sslEnabled".into(), Effect::Restart),
        (format!("{sync}.topics"), Effect::Restart),
        (format!("{sync}.topicRegex"), Effect::Restart),
        (format!("{sync}.topicMappings"), Effect::Restart),
        (format!("{sync}.replicaCount"), Effect::Restart),
        (format!("{sync}.compression"), Effect::Restart),
        (format!("{sync}.seekTo"), Effect::Replace),
        ("advanced.rocketmqToRocketmq.seekTo".into(), Effect::Replace),
        ("advanced.dcsToDcs.synchronizeType".into(), Effect::Replace),
        ("advanced.dcsToDcs.rateLimitMBps".into(), Effect::Restart),
    ] {
        assert_eq!(effect(&path), expected, "{path}");
    }
}

#[test]
fn another_kind_of_end_needs_a_replacement() {
    let seen = seen(echo(sent(&wish(KAFKA))));
    let changes = changes(&wish(ROCKETMQ), &seen);
    for side in [
        "source.rocketmq.",
        "sink.rocketmq.",
        "advanced.rocketmqToRocketmq.",
    ] {
        assert!(
            changes
                .iter()
                .any(|change| change.path.starts_with(side) && change.effect == Effect::Replace)
        );
    }
}

#[test]
fn another_kind_in_the_same_place_is_still_read() {
    let kafka = seen(echo(sent(&wish(KAFKA)))).definition.unwrap();
    let ignored = ["source".to_owned(), "sink".to_owned(), "advanced".to_owned()];
    assert!(difference::<EventRouter>(&wish(DCS).definition, &kafka, &ignored, &[]).is_ok());
    assert!(difference::<EventRouter>(&wish(DCS).definition, &kafka, &[], &[]).is_ok());
}
