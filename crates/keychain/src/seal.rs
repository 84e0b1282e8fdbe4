//! Authenticated encryption of a whole file: header, random nonce, XChaCha20-Poly1305 text and tag.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use std::io;
use zeroize::Zeroizing;

/// Length of the nonce in bytes.
pub(crate) const NONCE_BYTES: usize = 24;

/// Encrypts with a nonce of its own; the header is in clear text and authenticated.
pub(crate) fn seal(key: &[u8; 32], header: &[u8], plaintext: &[u8]) -> io::Result<Vec<u8>> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(io::Error::other)?;
    let payload = Payload {
        msg: plaintext,
        aad: header,
    };
    let sealed = cipher(key)
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    Ok([header, &nonce, &sealed].concat())
}

/// Decrypts what [`seal`] made; `None` when anything of it, header and key included, is not as it was.
pub(crate) fn open(key: &[u8; 32], header_bytes: usize, file: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (header, rest) = file.split_at_checked(header_bytes)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload {
        msg: sealed,
        aad: header,
    };
    let opened = cipher(key).decrypt(&XNonce::from(*nonce), payload);
    opened.ok().map(Zeroizing::new)
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}
