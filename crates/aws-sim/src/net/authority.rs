//! A certificate authority that signs a certificate for any host on demand.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A certificate cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Key or certificate.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// The TLS configuration around it.
    #[error("cannot use a certificate for TLS")]
    Tls(#[from] rustls::Error),
}

/// A CA and the server configurations made with it so far.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    by_host: Mutex<HashMap<String, Arc<ServerConfig>>>,
}

impl Authority {
    /// A new CA of this name.
    pub(crate) fn new(name: &str) -> Result<Self, CertificateError> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name = named(name);
        let key = KeyPair::generate()?;
        let issuer = CertifiedIssuer::self_signed(params, key)?;
        Ok(Self {
            issuer,
            by_host: Mutex::default(),
        })
    }

    /// The CA's certificate.
    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// The TLS configuration with which to pose as `host`.
    pub(crate) fn server_config(&self, host: &str) -> Result<Arc<ServerConfig>, CertificateError> {
        let mut by_host = self.by_host.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = by_host.get(host) {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(self.make(host)?);
        by_host.insert(host.to_owned(), Arc::clone(&config));
        Ok(config)
    }

    fn make(&self, host: &str) -> Result<ServerConfig, CertificateError> {
        let mut params = CertificateParams::new([host.to_owned()])?;
        params.distinguished_name = named(host);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let leaf = params.signed_by(&key, &self.issuer)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![leaf.der().clone()], private)
            })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    // X.509 allows 64 characters here; the names that count are in the certificate's subject alternative names.
    let short: String = name.chars().take(64).collect();
    distinguished.push(DnType::CommonName, short);
    distinguished
}
