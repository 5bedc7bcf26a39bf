//! Sends one HTTP request under a deadline and says what is known when no answer comes; knows no vendor.
use super::RemoteOptions;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Certificate, Client, ClientBuilder, Method, redirect, retry};
use std::time::Duration;
use thiserror::Error;
use url::Url;

/// No answer of the services called here comes near this; a longer one is not read.
const LONGEST_BODY: usize = 16 * 1024 * 1024;
/// Shorter than the idle time of the usual load balancers, which reset a connection that is used too late.
const IDLE: Duration = Duration::from_secs(30);
const USER_AGENT: &str = concat!("replication-operator/", env!("CARGO_PKG_VERSION"));

/// Why no client could be made.
#[derive(Debug, Error)]
pub enum TransportError {
    /// The process forgot to install a provider of cryptography.
    #[error("no TLS provider is installed in this process")]
    NoProvider,
    /// The CA bundle cannot be read.
    #[error("the CA bundle is not a list of certificates in PEM")]
    CaBundle(#[source] reqwest::Error),
    /// The CA bundle is empty.
    #[error("the CA bundle holds no certificate")]
    NoCertificate,
    /// TLS could not be set up.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}

/// A request, ready to leave.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// An answer of whatever status.
#[derive(Debug)]
pub(crate) struct WireAnswer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// No answer.
#[derive(Debug, Error)]
pub(crate) enum Lost {
    #[error("the connection could not be made")]
    NeverSent(#[source] reqwest::Error),
    #[error("no answer in time")]
    Late(#[source] reqwest::Error),
    #[error("the connection broke before the answer was complete")]
    Broken(#[source] reqwest::Error),
    #[error("the answer is longer than 16 MiB")]
    TooLong,
}

#[derive(Clone, Debug)]
pub(crate) struct Transport {
    client: Client,
}

impl Transport {
    /// For the vendor's services; the usual proxy variables of the environment count.
    pub(crate) fn new(options: &RemoteOptions, ca_pem: Option<&[u8]>) -> Result<Self, TransportError> {
        let builder = plain(options.connect_timeout)?;
        let builder = match ca_pem {
            Some(pem) => builder.tls_certs_merge(certificates(pem)?),
            None => builder,
        };
        Self::built(builder)
    }

    /// For addresses of this machine, which no proxy must see.
    pub(crate) fn local(connect_timeout: Duration) -> Result<Self, TransportError> {
        Self::built(plain(connect_timeout)?.no_proxy())
    }

    fn built(builder: ClientBuilder) -> Result<Self, TransportError> {
        let client = builder.build().map_err(TransportError::Client)?;
        Ok(Self { client })
    }

    pub(crate) async fn send(&self, request: Request, timeout: Duration) -> Result<WireAnswer, Lost> {
        let mut response = self
            .client
            .request(request.method, request.url)
            .headers(request.headers)
            .body(request.body)
            .timeout(timeout)
            .send()
            .await
            .map_err(Lost::of)?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(Lost::of)? {
            if body.len().saturating_add(chunk.len()) > LONGEST_BODY {
                return Err(Lost::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(WireAnswer {
            status,
            headers,
            body,
        })
    }
}

fn plain(connect_timeout: Duration) -> Result<ClientBuilder, TransportError> {
    // Without a provider the client would panic instead of failing.
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(TransportError::NoProvider);
    }
    Ok(Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(IDLE)
        .redirect(redirect::Policy::none())
        .retry(retry::never()))
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, TransportError> {
    let certificates = Certificate::from_pem_bundle(pem).map_err(TransportError::CaBundle)?;
    if certificates.is_empty() {
        return Err(TransportError::NoCertificate);
    }
    Ok(certificates)
}

impl WireAnswer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The vendor's clock.
    pub(crate) fn server_time(&self) -> Option<jiff::Timestamp> {
        moment(self.header(DATE.as_str())?)
    }

    /// `Retry-After`, as seconds or as a date; a date is measured on the vendor's clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let text = self.header(RETRY_AFTER.as_str())?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let now = self.server_time().unwrap_or_else(jiff::Timestamp::now);
        let wait = moment(text)?.duration_since(now);
        Some(Duration::try_from(wait).unwrap_or_default())
    }
}

fn moment(text: &str) -> Option<jiff::Timestamp> {
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp())
}

impl Lost {
    fn of(error: reqwest::Error) -> Self {
        // The address may hold names of the user's things; the operation says enough.
        let error = error.without_url();
        if error.is_connect() || error.is_builder() {
            Self::NeverSent(error)
        } else if error.is_timeout() {
            Self::Late(error)
        } else {
            Self::Broken(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn answer(headers: &[(&'static str, &'static str)]) -> WireAnswer {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        WireAnswer {
            status: 429,
            headers: headers.collect(),
            body: vec![],
        }
    }

    #[rstest]
    #[case(&[("retry-after", "7")], Some(7))]
    #[case(&[("retry-after", "Tue, 15 Nov 1994 08:12:31 GMT"), ("date", "Tue, 15 Nov 1994 08:12:01 GMT")], Some(30))]
    #[case(&[("retry-after", "Tue, 15 Nov 1994 08:12:01 GMT"), ("date", "Tue, 15 Nov 1994 08:12:31 GMT")], Some(0))]
    #[case(&[("retry-after", "soon")], None)]
    #[case(&[], None)]
    fn retry_after_is_read_in_both_forms(
        #[case] headers: &[(&'static str, &'static str)],
        #[case] seconds: Option<u64>,
    ) {
        assert_eq!(answer(headers).retry_after().map(|wait| wait.as_secs()), seconds);
    }

    #[test]
    fn a_bundle_without_certificates_is_refused() {
        assert!(matches!(
            certificates(b"nothing"),
            Err(TransportError::NoCertificate | TransportError::CaBundle(_))
        ));
    }
}
