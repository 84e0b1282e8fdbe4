//! Signature Version 4, verified from scratch: claim, canonical request, signature.

mod canonical;
mod claim;
mod key;
pub(crate) mod password;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use claim::{Claim, Malformed};
pub(crate) use verify::{Mismatch, Scope, Signed, check_scope, check_signature, check_time};

/// The only algorithm the simulated AWS accepts.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Lower-case hexadecimal SHA-256.
fn hash_hex(data: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    data_encoding::HEXLOWER.encode(&Sha256::digest(data))
}
