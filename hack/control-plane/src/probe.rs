//! Asks the API server whether it is ready.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use reqwest::Client;
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};

use crate::certificates::{Authority, Identity};

/// A client of one API server that trusts only this plane's authority, so no other server can answer in its place.
pub(crate) struct Probe {
    client: Client,
    server: String,
}

impl Probe {
    pub(crate) fn new(authority: &Authority, admin: &Identity, port: u16) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(authority.der())?;
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![admin.certificate_der()], admin.key_der())?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .timeout(Duration::from_secs(5))
            .build()?;
        Ok(Self {
            client,
            server: format!("https://127.0.0.1:{port}"),
        })
    }

    /// Whether a GET of `path` is answered with success.
    pub(crate) async fn succeeds(&self, path: &str) -> bool {
        let answer = self.client.get(format!("{}{path}", self.server)).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }
}
