//! From the normal form to the body of create and update. Secrets are borrowed and never copied.
use super::Definition;
use crate::engine::kind::SecretValues;
use crate::kinds::cdm::inputs;
use crate::kinds::cdm_link::wire::{LinkBody, LinksBody};
use serde_json::Value;

/// The name of the one configuration of a link.
const CONFIG: &str = "linkConfig";

/// The body that creates a link, or that replaces its inputs as a whole. Secrets go with every one: the service never
/// gives them back, and says nothing about keeping them.
pub fn body<'a>(
    definition: &'a Definition,
    secrets: &'a SecretValues,
    extended: Option<&'a Value>,
) -> LinksBody<'a> {
    LinksBody {
        links: [LinkBody {
            name: &definition.name,
            connector_name: &definition.connector_name,
            link_config_values: definition
                .inputs
                .body(CONFIG, inputs::secret_values("", secrets), extended),
            enabled: definition.enabled,
        }],
    }
}
