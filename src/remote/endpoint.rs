//! Where each service of a region is, and the exact address of a request.
use super::PathSegments;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;
use thiserror::Error;
use url::Url;

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Why there is no address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EndpointError {
    /// The region cannot be part of a host name.
    #[error("the region {0:?} is not made of small letters, digits and hyphens")]
    Region(String),
    /// An override is no plain address.
    #[error("the endpoint of {0} is not a plain http or https address")]
    Override(String),
    /// A part of the path is empty or only dots, and would make the request one for something else.
    #[error("{0:?} cannot be part of a path")]
    Segment(String),
    /// The address would not arrive as it was signed.
    #[error("the address cannot be written")]
    Address,
}

/// The vendor's host of a service in a region, such as `eg.cn-north-4.myhuaweicloud.com`.
pub(crate) type Host = fn(service: &str, region: &str) -> String;

/// The endpoints of one region.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    region: String,
    host: Host,
    overrides: BTreeMap<String, Url>,
}

/// An address in the parts that are signed.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) url: Url,
    /// As it stands in the header `Host`.
    pub(crate) host: String,
}

/// Escapes one segment of a path, or a name or value of a query.
pub fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

impl Endpoints {
    pub(crate) fn new(
        region: &str,
        host: Host,
        overrides: BTreeMap<String, Url>,
    ) -> Result<Self, EndpointError> {
        let in_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if region.is_empty() || !region.chars().all(in_host) {
            return Err(EndpointError::Region(region.to_owned()));
        }
        if let Some((service, _)) = overrides.iter().find(|(_, url)| !is_plain(url)) {
            return Err(EndpointError::Override(service.clone()));
        }
        Ok(Self {
            region: region.to_owned(),
            host,
            overrides,
        })
    }

    /// Whether the account names an address of its own for this service.
    pub(crate) fn is_overridden(&self, service: &str) -> bool {
        self.overrides.contains_key(service)
    }

    pub(crate) fn address(
        &self,
        service: &str,
        path: &PathSegments,
        query: &str,
    ) -> Result<Address, EndpointError> {
        let base = self.base(service)?;
        let mut wire = base.path().trim_end_matches('/').to_owned();
        for segment in &path.0 {
            // An empty id turns a request for one thing into one for all; dots are taken away on the way.
            if segment.chars().all(|c| c == '.') {
                return Err(EndpointError::Segment(segment.clone()));
            }
            wire.push('/');
            wire.push_str(&escape(segment));
        }
        if wire.is_empty() {
            wire.push('/');
        }
        let mut url = base;
        url.set_path(&wire);
        url.set_query((!query.is_empty()).then_some(query));
        if url.path() != wire || url.query().unwrap_or_default() != query {
            return Err(EndpointError::Address);
        }
        let name = url.host_str().ok_or(EndpointError::Address)?;
        let host = url
            .port()
            .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        Ok(Address { url, host })
    }

    fn base(&self, service: &str) -> Result<Url, EndpointError> {
        if let Some(url) = self.overrides.get(service) {
            return Ok(url.clone());
        }
        format!("https://{}", (self.host)(service, &self.region))
            .parse()
            .map_err(|_| EndpointError::Address)
    }
}

fn is_plain(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn endpoints(region: &str, overrides: &[(&str, &str)]) -> Result<Endpoints, EndpointError> {
        let overrides = overrides
            .iter()
            .map(|(service, url)| ((*service).to_owned(), url.parse().unwrap()));
        let host: Host = |service, region| format!("{service}.{region}.example.com");
        Endpoints::new(region, host, overrides.collect())
    }

    #[test]
    fn without_an_override_the_vendors_host_is_called() {
        let endpoints = endpoints("cn-north-4", &[("eg", "http://127.0.0.1:9500")]).unwrap();
        let address = endpoints.address("iam", &["v1"].into(), "").unwrap();
        assert_eq!(address.url.as_str(), "https://iam.cn-north-4.example.com/v1");
        assert!(endpoints.is_overridden("eg") && !endpoints.is_overridden("iam"));
    }

    #[test]
    fn a_path_without_segments_is_the_root() {
        let endpoints = endpoints("cn-north-4", &[("eg", "http://127.0.0.1:9500/")]).unwrap();
        let address = endpoints.address("eg", &PathSegments::default(), "").unwrap();
        assert_eq!(address.url.as_str(), "http://127.0.0.1:9500/");
    }

    #[test]
    fn an_override_keeps_its_scheme_port_and_path() {
        let endpoints = endpoints("cn-north-4", &[("eg", "http://127.0.0.1:9500/huawei/")]).unwrap();
        let address = endpoints.address("eg", &["v1", "a/b c"].into(), "x=1").unwrap();
        assert_eq!(
            address.url.as_str(),
            "http://127.0.0.1:9500/huawei/v1/a%2Fb%20c?x=1"
        );
        assert_eq!(address.host, "127.0.0.1:9500");
    }

    #[test]
    fn a_usual_port_is_not_part_of_the_host() {
        let endpoints = endpoints("cn-north-4", &[("eg", "https://eg.example:443")]).unwrap();
        assert_eq!(
            endpoints.address("eg", &["v1"].into(), "").unwrap().host,
            "eg.example"
        );
    }

    #[rstest]
    #[case("")]
    #[case(".")]
    #[case("..")]
    fn a_segment_that_would_vanish_is_refused(#[case] segment: &str) {
        let endpoints = endpoints("cn-north-4", &[]).unwrap();
        let refused = endpoints
            .address("eg", &["jobs", segment].into(), "")
            .unwrap_err();
        assert_eq!(refused, EndpointError::Segment(segment.into()));
    }

    #[rstest]
    #[case("")]
    #[case("cn-north-4.example.com/")]
    #[case("CN")]
    fn a_region_that_could_move_the_host_is_refused(#[case] region: &str) {
        assert_eq!(
            endpoints(region, &[]).unwrap_err(),
            EndpointError::Region(region.into())
        );
    }

    #[rstest]
    #[case("ftp://host")]
    #[case("https://user:word@host")]
    #[case("https://host/?a=b")]
    #[case("https://host/#f")]
    fn an_override_that_is_no_plain_address_is_refused(#[case] url: &str) {
        assert_eq!(
            endpoints("cn-north-4", &[("iam", url)]).unwrap_err(),
            EndpointError::Override("iam".into())
        );
    }
}
