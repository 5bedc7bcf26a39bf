//! Where each service of a region is, and the exact address of a request.
use super::sign;
use crate::remote::PathSegments;
use std::collections::BTreeMap;
use thiserror::Error;
use url::Url;

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

/// The endpoints of one region.
#[derive(Clone, Debug)]
pub(super) struct Endpoints {
    region: String,
    overrides: BTreeMap<String, Url>,
}

/// An address in the parts that are signed.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) url: Url,
    pub(super) host: String,
}

impl Endpoints {
    pub(super) fn new(region: &str, overrides: BTreeMap<String, Url>) -> Result<Self, EndpointError> {
        let in_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if region.is_empty() || !region.chars().all(in_host) {
            return Err(EndpointError::Region(region.to_owned()));
        }
        if let Some((service, _)) = overrides.iter().find(|(_, url)| !is_plain(url)) {
            return Err(EndpointError::Override(service.clone()));
        }
        Ok(Self {
            region: region.to_owned(),
            overrides,
        })
    }

    pub(super) fn address(
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
            wire.push_str(&sign::escape(segment));
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

    /// The pattern holds for every region that is known; no table is needed, and none could be complete.
    fn base(&self, service: &str) -> Result<Url, EndpointError> {
        if let Some(url) = self.overrides.get(service) {
            return Ok(url.clone());
        }
        // The European site has a domain of its own; `eu-west-0` does not belong to it.
        let european = self.region.starts_with("eu-west-1");
        let domain = if european {
            "myhuaweicloud.eu"
        } else {
            "myhuaweicloud.com"
        };
        format!("https://{service}.{}.{domain}", self.region)
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
        Endpoints::new(region, overrides.collect())
    }

    #[rstest]
    #[case("eg", "cn-north-4", "https://eg.cn-north-4.myhuaweicloud.com/v1")]
    #[case("eg", "eu-west-101", "https://eg.eu-west-101.myhuaweicloud.eu/v1")]
    #[case("dms", "eu-west-0", "https://dms.eu-west-0.myhuaweicloud.com/v1")]
    #[case("cdm", "eu-west-101", "https://cdm.eu-west-101.myhuaweicloud.eu/v1")]
    #[case("iam", "ap-southeast-3", "https://iam.ap-southeast-3.myhuaweicloud.com/v1")]
    fn a_region_is_part_of_the_host(#[case] service: &str, #[case] region: &str, #[case] expected: &str) {
        let endpoints = endpoints(region, &[]).unwrap();
        let address = endpoints.address(service, &["v1"].into(), "").unwrap();
        assert_eq!(address.url.as_str(), expected);
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
