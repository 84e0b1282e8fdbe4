//! Whether a claim holds: the right scope, the right time, the right signature.

use hyper::HeaderMap;
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use subtle::ConstantTimeEq;

use super::{ALGORITHM, Claim, canonical, hash_hex, key};
use crate::clock::shifted;

/// How far a request's time may be from AWS's.
const LEEWAY: SignedDuration = SignedDuration::from_mins(5);

/// What the credential scope must say at an endpoint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

/// The signed request as it stood on the wire.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// Why a signature is refused; the text is what AWS answers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mismatch(pub(crate) String);

/// Checks the credential scope and that the headers a signature must cover are covered.
pub(crate) fn check_scope(
    claim: &Claim,
    scope: Scope<'_>,
    headers: &HeaderMap,
) -> Result<(), Mismatch> {
    let refuse = |text: String| Err(Mismatch(text));
    if claim.region != scope.region {
        return refuse(format!(
            "Credential should be scoped to a valid region, not '{}'. ",
            claim.region
        ));
    }
    if claim.service != scope.service {
        return refuse(format!(
            "Credential should be scoped to correct service: '{}'. ",
            scope.service
        ));
    }
    if claim.timestamp.get(..8) != Some(&claim.date) {
        return refuse(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
             '{}' != '{}', from '{}'.",
            claim.date,
            claim.timestamp.get(..8).unwrap_or_default(),
            claim.timestamp
        ));
    }
    let covers = |name: &str| claim.signed_headers.iter().any(|signed| signed == name);
    if !covers("host") {
        return refuse(
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned(),
        );
    }
    // What AWS reads from a header must be covered, or anyone between could change it.
    let unsigned = headers
        .keys()
        .find(|name| name.as_str().starts_with("x-amz-") && !covers(name.as_str()));
    match unsigned {
        Some(name) if claim.expires.is_none() => refuse(format!(
            "'{name}' must be a 'SignedHeader' in the AWS Authorization."
        )),
        Some(_) | None => Ok(()),
    }
}

/// Checks that the request was signed about now.
pub(crate) fn check_time(claim: &Claim, now: Timestamp) -> Result<(), Mismatch> {
    let Some(signed) = parse(&claim.timestamp) else {
        return Err(Mismatch(format!(
            "Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601",
            claim.timestamp
        )));
    };
    let lifetime = claim.expires.map_or(LEEWAY, SignedDuration::from_secs);
    let oldest = shifted(now, -lifetime);
    let newest = shifted(now, LEEWAY);
    if signed < oldest {
        return Err(Mismatch(format!(
            "Signature expired: {} is now earlier than {} ({} - {} min.)",
            claim.timestamp,
            basic(oldest),
            basic(now),
            lifetime.as_mins()
        )));
    }
    if signed > newest {
        return Err(Mismatch(format!(
            "Signature not yet current: {} is still later than {} ({} + {} min.)",
            claim.timestamp,
            basic(newest),
            basic(now),
            LEEWAY.as_mins()
        )));
    }
    Ok(())
}

/// Checks the signature itself.
pub(crate) fn check_signature(
    claim: &Claim,
    request: Signed<'_>,
    secret: &str,
) -> Result<(), Mismatch> {
    let expected = signature(claim, request, secret);
    if bool::from(expected.as_bytes().ct_eq(claim.signature.as_bytes())) {
        return Ok(());
    }
    Err(Mismatch(
        "The request signature we calculated does not match the signature you provided. Check your AWS \
         Secret Access Key and signing method. Consult the service documentation for details."
            .to_owned(),
    ))
}

/// The signature the request should carry.
fn signature(claim: &Claim, request: Signed<'_>, secret: &str) -> String {
    let signed_headers: Vec<&str> = claim.signed_headers.iter().map(String::as_str).collect();
    let canonical = canonical::request(
        request.method,
        request.path,
        request.query,
        request.headers,
        &signed_headers,
        &hash_hex(request.body),
    );
    let string_to_sign = format!(
        "{ALGORITHM}\n{}\n{}/{}/{}/aws4_request\n{}",
        claim.timestamp,
        claim.date,
        claim.region,
        claim.service,
        hash_hex(canonical.as_bytes())
    );
    key::signature(
        secret,
        &claim.date,
        &claim.region,
        &claim.service,
        &string_to_sign,
    )
}

/// Reads `YYYYMMDDThhmmssZ`.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z')?;
    if text.len() != 15 || !text.is_ascii() {
        return None;
    }
    let time: DateTime = DateTime::strptime("%Y%m%dT%H%M%S", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Writes `YYYYMMDDThhmmssZ`.
pub(super) fn basic(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}
