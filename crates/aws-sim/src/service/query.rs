//! AWS's query protocol, spoken by STS and IAM: form parameters in, XML out.

use percent_encoding::percent_decode_str;

use super::{ApiError, Reply};
use crate::auth::Refused;
use crate::random;
use crate::xml::Xml;

/// The parameters of a request.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a query string and a form body.
    pub(super) fn read(query: &str, body: &[u8]) -> Self {
        let body = String::from_utf8_lossy(body);
        Self(
            query
                .split('&')
                .chain(body.split('&'))
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        )
    }

    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The operation asked for.
    pub(super) fn action(&self) -> &str {
        self.get("Action").unwrap_or_default()
    }

    /// The value of a parameter the operation cannot do without.
    pub(super) fn require(&self, name: &str) -> Result<&str, ApiError> {
        self.get(name).ok_or_else(|| {
            ApiError::new(
                400,
                "ValidationError",
                format!(
                    "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must \
                     not be null",
                    member(name)
                ),
            )
        })
    }
}

/// The name of a parameter as validation messages write it.
pub(super) fn member(name: &str) -> String {
    let mut characters = name.chars();
    characters
        .next()
        .map(|first| first.to_ascii_lowercase().to_string() + characters.as_str())
        .unwrap_or_default()
}

/// The answer to a successful operation.
pub(super) fn success(namespace: &str, action: &str, result: Option<Xml>) -> Reply {
    let mut inner = Xml::default();
    if let Some(result) = result {
        inner.raw(&format!("{action}Result"), result);
    }
    inner.group("ResponseMetadata", |metadata| {
        metadata.text("RequestId", random::uuid());
    });
    let mut xml = Xml::default();
    xml.raw(&format!("{action}Response xmlns=\"{namespace}\""), inner);
    Reply {
        status: 200,
        content_type: "text/xml",
        body: xml.finish(),
        error: None,
        headers: Vec::new(),
    }
}

/// The answer to a failed operation.
pub(super) fn failure(namespace: &str, error: ApiError) -> Reply {
    let mut xml = Xml::default();
    xml.group(
        &format!("ErrorResponse xmlns=\"{namespace}\""),
        |response| {
            response
                .group("Error", |inner| {
                    inner
                        .text(
                            "Type",
                            if error.status < 500 {
                                "Sender"
                            } else {
                                "Receiver"
                            },
                        )
                        .text("Code", &error.code)
                        .text("Message", &error.message);
                })
                .text("RequestId", random::uuid());
        },
    );
    Reply {
        status: error.status,
        content_type: "text/xml",
        body: xml.finish(),
        error: Some(error.code),
        headers: Vec::new(),
    }
}

/// How this protocol names a failed authentication.
pub(super) fn refusal(refused: &Refused) -> ApiError {
    let (status, code) = match refused {
        Refused::Unsigned => (403, "MissingAuthenticationToken"),
        Refused::Incomplete(_) => (400, "IncompleteSignature"),
        Refused::UnknownKey => (403, "InvalidClientTokenId"),
        Refused::Expired => (403, "ExpiredToken"),
        Refused::Signature(_) => (403, "SignatureDoesNotMatch"),
    };
    ApiError::new(status, code, refused.text())
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_forms() {
        let parameters = Parameters::read("a=1", b"Action=AssumeRole&b=x+y%2Bz%2F&c=");
        assert_eq!(parameters.action(), "AssumeRole");
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!(parameters.get("b"), Some("x y+z/"));
        assert_eq!(parameters.get("c"), Some(""));
        assert_eq!(parameters.get("d"), None);
        let error = parameters.require("RoleArn").unwrap_err();
        assert!(error.message.contains("'roleArn'"), "{}", error.message);
    }
}
