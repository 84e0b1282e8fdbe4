//! What a signed request claims about itself: in its `Authorization` header or in its query string.

use hyper::HeaderMap;
use percent_encoding::percent_decode_str;

use super::ALGORITHM;

/// The parts of a signature, as sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) access_key_id: String,
    /// `YYYYMMDD` of the credential scope.
    pub(super) date: String,
    pub(super) region: String,
    pub(super) service: String,
    /// Lower-case names in the order given.
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: String,
    /// `YYYYMMDDThhmmssZ`.
    pub(super) timestamp: String,
    pub(crate) session_token: Option<String>,
    /// Seconds of validity of a request signed in its query string.
    pub(super) expires: Option<i64>,
}

/// Why there is no claim.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// The request is not signed at all.
    Missing,
    /// The signature lacks parts; the text says which, as AWS does.
    Incomplete(String),
}

impl Claim {
    /// The claim of a request, wherever it stands.
    pub(crate) fn of(headers: &HeaderMap, query: &str) -> Result<Self, Malformed> {
        if let Some(header) = text(headers, "authorization") {
            return Self::of_header(headers, header);
        }
        if parameter(query, "X-Amz-Algorithm").is_some() {
            return Self::of_query(query);
        }
        Err(Malformed::Missing)
    }

    fn of_header(headers: &HeaderMap, header: &str) -> Result<Self, Malformed> {
        let Some(rest) = header.strip_prefix(ALGORITHM) else {
            return Err(Malformed::Incomplete(
                "Unsupported signing algorithm in the Authorization header.".to_owned(),
            ));
        };
        let part = |name: &str| {
            rest.split(',').find_map(|part| {
                let (key, value) = part.trim().split_once('=')?;
                (key == name).then(|| value.trim().to_owned())
            })
        };
        let mut lacking = String::new();
        let mut want = |name: &str| {
            part(name).unwrap_or_else(|| {
                lacking.push_str(&format!(
                    "Authorization header requires '{name}' parameter. "
                ));
                String::new()
            })
        };
        let credential = want("Credential");
        let signature = want("Signature");
        let signed_headers = want("SignedHeaders");
        let timestamp = text(headers, "x-amz-date").map(str::to_owned);
        if timestamp.is_none() {
            lacking.push_str(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
            );
        }
        if !lacking.is_empty() {
            return Err(Malformed::Incomplete(lacking.trim_end().to_owned()));
        }
        Self::assemble(
            &credential,
            &signed_headers,
            signature,
            timestamp.unwrap_or_default(),
            text(headers, "x-amz-security-token").map(str::to_owned),
            None,
        )
    }

    fn of_query(query: &str) -> Result<Self, Malformed> {
        let mut lacking = String::new();
        let mut want = |name: &str| {
            parameter(query, name).unwrap_or_else(|| {
                lacking.push_str(&format!(
                    "AWS query-string parameters must include '{name}'. "
                ));
                String::new()
            })
        };
        let credential = want("X-Amz-Credential");
        let signature = want("X-Amz-Signature");
        let signed_headers = want("X-Amz-SignedHeaders");
        let timestamp = want("X-Amz-Date");
        if parameter(query, "X-Amz-Algorithm").as_deref() != Some(ALGORITHM) {
            lacking.push_str("Unsupported signing algorithm in 'X-Amz-Algorithm'.");
        }
        if !lacking.is_empty() {
            return Err(Malformed::Incomplete(lacking.trim_end().to_owned()));
        }
        let expires = parameter(query, "X-Amz-Expires").and_then(|seconds| seconds.parse().ok());
        Self::assemble(
            &credential,
            &signed_headers,
            signature,
            timestamp,
            parameter(query, "X-Amz-Security-Token"),
            Some(expires.unwrap_or(900)),
        )
    }

    fn assemble(
        credential: &str,
        signed_headers: &str,
        signature: String,
        timestamp: String,
        session_token: Option<String>,
        expires: Option<i64>,
    ) -> Result<Self, Malformed> {
        let parts: Vec<&str> = credential.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = parts[..] else {
            return Err(Malformed::Incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term."
                    .to_owned(),
            ));
        };
        Ok(Self {
            access_key_id: access_key_id.to_owned(),
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            signed_headers: signed_headers.split(';').map(str::to_owned).collect(),
            signature,
            timestamp,
            session_token,
            expires,
        })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        (key == name).then(|| percent_decode_str(value).decode_utf8_lossy().into_owned())
    })
}
