//! Proofs of possession (DPoP, RFC 9449, section 4.3).

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::jwt::Token;
use crate::model::ConsoleLogins;

/// How far the time of a proof may be off, in seconds.
const TOLERANCE: u64 = 300;

/// Bytes of a coordinate of a point on P-256.
const COORDINATE: usize = 32;

/// The thumbprint (RFC 7638) of the key that a proof for this request was made with, or what is wrong with the proof.
pub(super) fn check(
    logins: &mut ConsoleLogins,
    proofs: &[&str],
    (method, url): (&str, &str),
    now: Timestamp,
) -> Result<String, &'static str> {
    let &[proof] = proofs else {
        return Err("exactly one DPoP header is required");
    };
    let token = Token::parse(proof).ok_or("the DPoP proof is not a JWT")?;
    let header = |name: &str| token.header.get(name).and_then(Value::as_str);
    if header("typ") != Some("dpop+jwt") || header("alg") != Some("ES256") {
        return Err("the DPoP proof is not one, or not signed with ES256");
    }
    let key = token.header.get("jwk").ok_or("the DPoP proof has no key")?;
    let member = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default();
    if member("kty") != "EC" || member("crv") != "P-256" || key.get("d").is_some() {
        return Err("the key of the DPoP proof is not a public one on P-256");
    }
    let coordinate = |name: &str| {
        let bytes = BASE64URL_NOPAD.decode(member(name).as_bytes()).ok();
        bytes.filter(|bytes| bytes.len() == COORDINATE)
    };
    let (x, y) = coordinate("x")
        .zip(coordinate("y"))
        .ok_or("the key of the DPoP proof has no valid coordinates")?;
    let public = [&[4], x.as_slice(), y.as_slice()].concat();
    if !token.is_signed_by(&public) {
        return Err("the signature of the DPoP proof does not hold");
    }
    if token.text("htm") != Some(method) {
        return Err("htm of the DPoP proof is not the method of the request");
    }
    if token.text("htu") != Some(url) {
        return Err("htu of the DPoP proof is not the address of the request");
    }
    let issued = token.seconds("iat").ok_or("the DPoP proof has no iat")?;
    if issued.abs_diff(now.as_second()) > TOLERANCE {
        return Err("iat of the DPoP proof is too far from now");
    }
    let number = token.text("jti").filter(|number| !number.is_empty());
    let number = number.ok_or("the DPoP proof has no jti")?;
    if !logins.is_new_proof(number, now) {
        return Err("the DPoP proof was used before");
    }
    let canonical = format!(
        "{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{}\",\"y\":\"{}\"}}",
        member("x"),
        member("y")
    );
    Ok(BASE64URL_NOPAD.encode(&Sha256::digest(canonical.as_bytes())))
}
