//! The vendor's links, as the page `CreateLink` spells them; shapes only.
use crate::kinds::cdm::wire::answer::ConfigValues;
use crate::kinds::cdm::wire::request::ConfigValuesBody;
use crate::kinds::lenient;
use serde::{Deserialize, Serialize};

/// The body of create and update; one link, although it is a list.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateLink")]
pub struct LinksBody<'a> {
    pub links: [LinkBody<'a>; 1],
}

/// A link in a request.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the vendor's names; page CreateLink")]
pub struct LinkBody<'a> {
    pub name: &'a str,
    pub connector_name: &'a str,
    pub link_config_values: ConfigValuesBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// The answer of show.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LinkPage {
    /// The links; one of them.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<LinkInfo>,
}

/// A link in an answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the vendor's names; page ShowLink")]
pub struct LinkInfo {
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub connector_name: Option<String>,
    #[serde(deserialize_with = "lenient::one")]
    pub link_config_values: Option<ConfigValues>,
    #[serde(deserialize_with = "lenient::flag")]
    pub enabled: Option<bool>,
    #[serde(deserialize_with = "lenient::number")]
    pub creation_date: Option<i64>,
}
