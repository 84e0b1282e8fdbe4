//! Certificate authorities that AWS's certificates are checked against.

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Certificates in a bundle are read up to this size in bytes; the largest public bundles have a
/// tenth of it.
const MAX_BUNDLE_BYTES: u64 = 4 * 1024 * 1024;

/// Why there is nothing to check certificates against.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustError {
    #[error("the certificate bundle {} cannot be read; AWS_CA_BUNDLE or the setting names it", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the certificate bundle {} holds no certificate that can be used", .path.display())]
    Empty { path: PathBuf },
    #[error(
        "this machine has no certificate authorities to check AWS against; install ca-certificates or set AWS_CA_BUNDLE"
    )]
    NoSystemRoots,
}

/// A bundle as it was when it was read, to notice that it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BundleStamp {
    modified: Option<SystemTime>,
    length: u64,
}

impl BundleStamp {
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self {
            modified: metadata.modified().ok(),
            length: metadata.len(),
        })
    }
}

/// The authorities in a bundle, or the operating system's.
pub(crate) fn load(bundle: Option<&Path>) -> Result<TlsContext, TrustError> {
    let certificates = match bundle {
        Some(path) => usable(read_bundle(path)?).ok_or_else(|| TrustError::Empty {
            path: path.to_owned(),
        })?,
        None => usable(rustls_native_certs::load_native_certs().certs)
            .ok_or(TrustError::NoSystemRoots)?,
    };
    let trust = TrustStore::empty().with_pem_certificate(to_pem(&certificates));
    let context = TlsContext::builder().with_trust_store(trust).build();
    Ok(context.unwrap_or_default())
}

fn read_bundle(path: &Path) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let unreadable = |source| TrustError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let length = fs::metadata(path).map_err(unreadable)?.len();
    if length > MAX_BUNDLE_BYTES {
        return Err(unreadable(io::ErrorKind::FileTooLarge.into()));
    }
    let pem = fs::read(path).map_err(unreadable)?;
    Ok(CertificateDer::pem_slice_iter(&pem)
        .filter_map(Result::ok)
        .collect())
}

/// Leaves out what the TLS library cannot use, which it would otherwise stumble over.
fn usable(certificates: Vec<CertificateDer<'static>>) -> Option<Vec<CertificateDer<'static>>> {
    let usable: Vec<_> = certificates
        .into_iter()
        .filter(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok())
        .collect();
    (!usable.is_empty()).then_some(usable)
}

fn to_pem(certificates: &[CertificateDer<'_>]) -> String {
    let mut pem = String::new();
    for certificate in certificates {
        pem.push_str("-----BEGIN CERTIFICATE-----\n");
        pem.push_str(&aws_smithy_types::base64::encode(certificate));
        pem.push_str("\n-----END CERTIFICATE-----\n");
    }
    pem
}

#[cfg(test)]
mod tests;
