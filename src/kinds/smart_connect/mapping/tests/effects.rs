//! What a change costs, field by field, and what is said about a replacement.
use super::*;
use crate::api::status::Effect;
use crate::kinds::smart_connect::mapping::{MODIFIABLE, effect, replacement_note};

#[test]
fn what_can_be_modified_is_a_field_of_the_definition() {
    let mut paths = vec![];
    for text in ALL {
        let definition = serde_json::to_value(wish(text).definition).unwrap();
        for (path, _) in MODIFIABLE {
            if definition
                .pointer(&format!("/{}", path.replace('.', "/")))
                .is_some()
            {
                paths.push(path);
            }
        }
    }
    for (path, _) in MODIFIABLE {
        assert!(paths.contains(&path), "{path}");
        assert_eq!(effect(path), Effect::Restart, "{path}");
    }
}

#[test]
fn everything_else_needs_a_replacement() {
    for path in [
        "name",
        "instanceId",
        "source.kafka.currentClusterName",
        "source.kafka.clusterName",
        "source.kafka.instanceId",
        "source.kafka.bootstrapServers",
        "source.kafka.securityProtocol",
        "source.kafka.saslMechanism",
        "source.kafka.userName",
        "source.kafka.passwordSecretRef",
        "source.kafka.direction",
        "source.kafka.syncConsumerOffsets",
        "source.redis.addresses",
        "source.redis.passwordSecretRef",
        "source.redis.rateLimitKBps",
        "sink.redis.type",
        "sink.obs.bucket",
        "sink.obs.consumerStrategy",
        "sink.obs.fileType",
        "sink.obs.agencyName",
        "sink.obs.accessKeySecretRef",
        "sink.obs.secretKeySecretRef",
    ] {
        assert_eq!(effect(path), Effect::Replace, "{path}");
    }
}

#[test]
fn another_pair_needs_a_replacement() {
    for from in ALL {
        for to in ALL.into_iter().filter(|to| *to != from) {
            let changes = changes(&wish(to), &seen(shown(from)));
            assert!(changes.iter().any(|change| change.effect == Effect::Replace));
        }
    }
}

#[test]
fn another_pair_in_the_same_place_is_still_read() {
    let ignored = ["source".to_owned(), "sink".to_owned()];
    for from in ALL {
        let present = seen(shown(from)).definition.unwrap();
        for to in ALL {
            assert!(difference::<SmartConnect>(&wish(to).definition, &present, &ignored, &[]).is_ok());
            assert!(difference::<SmartConnect>(&wish(to).definition, &present, &[], &[]).is_ok());
        }
    }
}

#[test]
fn a_note_says_what_becomes_of_the_data() {
    let note = |wish: Desired<Definition>| replacement_note(&wish.definition);
    assert!(
        note(wish(OBS)).ends_with("starts at earliest: messages that were already dumped are dumped again")
    );
    let latest = wish_with(KAFKA, "/source/kafka/consumerStrategy", json!("latest"));
    assert!(
        note(latest).ends_with("starts at latest: messages that arrive between the two tasks are not copied")
    );
    assert!(note(wish(REDIS)).ends_with("copies anew as CUSTOM_OFFSET says"));
}
