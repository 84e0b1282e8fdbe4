//! What a browser brings back to the redirect URI (RFC 6749, section 4.1.2), told from everything else that may
//! reach a port of 127.0.0.1.

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The path of the redirect URI, as the AWS CLI has it.
pub(crate) const PATH: &str = "/oauth/callback";

/// Longest words of an `error_description` that are passed on, in characters.
const MAX_DESCRIPTION: usize = 200;

/// What the sign-in brought.
pub(crate) enum Returned {
    /// A code to exchange.
    Code(SecretString),
    /// The person, or an administrator for them, said no (`access_denied`).
    Refused,
    /// AWS could not go on; its own words, made fit to show.
    Failed(String),
}

/// What a request is.
pub(super) enum Verdict {
    /// The browser of this sign-in.
    Ours(Returned),
    /// Something else, which changes nothing.
    Stray(Stray),
}

/// Why a request is not the browser of this sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    /// No request of HTTP/1.1 with exactly one `Host`.
    Malformed,
    /// Addressed to another host: a page that reaches this address under a name of its own (DNS rebinding).
    OtherHost,
    /// Not `GET`.
    OtherMethod,
    /// Another path.
    OtherPath,
    /// The right path without the state of this sign-in, or without a result.
    OtherState,
}

/// Judges the head of a request. `host` is the address with its port, as it stands in the redirect URI.
pub(super) fn judge(head: &str, host: &str, state: &SecretString) -> Verdict {
    match query_of(head, host).and_then(|query| returned(query, state)) {
        Ok(returned) => Verdict::Ours(returned),
        Err(stray) => Verdict::Stray(stray),
    }
}

/// The query of a request to the redirect URI.
fn query_of<'a>(head: &'a str, host: &str) -> Result<&'a str, Stray> {
    let mut lines = head.split("\r\n");
    let words: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let [method, target, "HTTP/1.1"] = words[..] else {
        return Err(Stray::Malformed);
    };
    let mut hosts = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(Stray::Malformed)?;
        if name.eq_ignore_ascii_case("host") {
            hosts.push(value.trim_matches([' ', '\t']));
        }
    }
    match hosts[..] {
        [named] if named == host => {}
        [_] => return Err(Stray::OtherHost),
        _ => return Err(Stray::Malformed),
    }
    if method != "GET" {
        return Err(Stray::OtherMethod);
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != PATH {
        return Err(Stray::OtherPath);
    }
    Ok(query)
}

/// The result in a query with the right state. An error without it is anybody's.
fn returned(query: &str, state: &SecretString) -> Result<Returned, Stray> {
    let mut fields = Fields::default();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let field = match name {
            "state" => &mut fields.state,
            "code" => &mut fields.code,
            "error" => &mut fields.error,
            "error_description" => &mut fields.description,
            _ => continue,
        };
        if field.replace(decoded(value)?).is_some() {
            return Err(Stray::OtherState);
        }
    }
    let given = fields.state.ok_or(Stray::OtherState)?;
    let expected = state.expose_secret().as_bytes();
    if !bool::from(given.as_bytes().ct_eq(expected)) {
        return Err(Stray::OtherState);
    }
    match (fields.code, fields.error) {
        (Some(code), None) if !code.is_empty() => {
            Ok(Returned::Code(SecretString::from(code.as_str())))
        }
        (None, Some(error)) if *error == "access_denied" => Ok(Returned::Refused),
        (None, Some(error)) => {
            let described = fields.description.filter(|words| !words.trim().is_empty());
            Ok(Returned::Failed(fit_to_show(&described.unwrap_or(error))))
        }
        _ => Err(Stray::OtherState),
    }
}

/// The fields that count; each is erased when dropped.
#[derive(Default)]
struct Fields {
    state: Option<Zeroizing<String>>,
    code: Option<Zeroizing<String>>,
    error: Option<Zeroizing<String>>,
    description: Option<Zeroizing<String>>,
}

/// A value of `application/x-www-form-urlencoded`.
fn decoded(value: &str) -> Result<Zeroizing<String>, Stray> {
    let spaced = Zeroizing::new(value.replace('+', " "));
    let decoded = percent_decode_str(&spaced).decode_utf8();
    match decoded {
        Ok(text) => Ok(Zeroizing::new(text.into_owned())),
        Err(_) => Err(Stray::OtherState),
    }
}

/// One line without control characters, lower case at its start and without a full stop, as errors are.
fn fit_to_show(text: &str) -> String {
    let line: String = text
        .trim()
        .trim_end_matches('.')
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_DESCRIPTION)
        .collect();
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "127.0.0.1:4711";
    const STATE: &str = "Wm9vfQ_state-of-this-sign-in";

    fn check(first: &str, lines: &[&str]) -> String {
        let head = format!("{first}\r\n{}\r\n\r\n", lines.join("\r\n"));
        match judge(&head, HOST, &SecretString::from(STATE)) {
            Verdict::Ours(Returned::Code(code)) => format!("code {}", code.expose_secret()),
            Verdict::Ours(Returned::Refused) => "refused".to_owned(),
            Verdict::Ours(Returned::Failed(words)) => format!("failed: {words}"),
            Verdict::Stray(stray) => format!("{stray:?}"),
        }
    }

    #[test]
    fn the_browser_of_this_sign_in_is_heard() {
        let host = &["Host: 127.0.0.1:4711"][..];
        for (query, expect) in [
            ("code=abc&state={}", "code abc"),
            ("state={}&code=a%2Bb%2F%3D", "code a+b/="),
            ("state={}&code=abc&session_state=x", "code abc"),
            ("error=access_denied&state={}", "refused"),
            (
                "error=server_error&error_description=Try+again+later.&state={}",
                "failed: Try again later",
            ),
            ("error=invalid_scope&state={}", "failed: invalid_scope"),
            (
                "error=x&error_description=a%0D%0Ab&state={}",
                "failed: a  b",
            ),
        ] {
            let first = format!("GET {PATH}?{} HTTP/1.1", query.replace("{}", STATE));
            assert_eq!(check(&first, host), expect, "{query}");
        }
    }

    #[test]
    fn everything_else_is_a_stray() {
        let good = format!("GET {PATH}?code=abc&state={STATE} HTTP/1.1");
        for (lines, expect) in [
            (&[][..], "Malformed"),
            (
                &["Host: 127.0.0.1:4711", "Host: 127.0.0.1:4711"],
                "Malformed",
            ),
            (&["Host: 127.0.0.1:4711", "no header"], "Malformed"),
            (&["Host: 127.0.0.1"], "OtherHost"),
            (&["Host: localhost:4711"], "OtherHost"),
            (&["Host: 127.0.0.1:4711.evil.example"], "OtherHost"),
        ] {
            assert_eq!(check(&good, lines), expect, "{lines:?}");
        }
        for (first, expect) in [
            ("", "Malformed"),
            ("GET /oauth/callback?code=a&state={} HTTP/1.0", "Malformed"),
            ("GET  /oauth/callback?code=a&state={} HTTP/1.1", "Malformed"),
            (
                "HEAD /oauth/callback?code=a&state={} HTTP/1.1",
                "OtherMethod",
            ),
            (
                "POST /oauth/callback?code=a&state={} HTTP/1.1",
                "OtherMethod",
            ),
            ("GET / HTTP/1.1", "OtherPath"),
            ("GET /favicon.ico HTTP/1.1", "OtherPath"),
            ("GET /oauth/callback/?code=a&state={} HTTP/1.1", "OtherPath"),
            ("GET /OAuth/callback?code=a&state={} HTTP/1.1", "OtherPath"),
            (
                "GET http://127.0.0.1:4711/oauth/callback?code=a&state={} HTTP/1.1",
                "OtherPath",
            ),
            ("GET /oauth/callback HTTP/1.1", "OtherState"),
            ("GET /oauth/callback?code=a HTTP/1.1", "OtherState"),
            (
                "GET /oauth/callback?error=access_denied HTTP/1.1",
                "OtherState",
            ),
            (
                "GET /oauth/callback?code=a&state=guessed HTTP/1.1",
                "OtherState",
            ),
            ("GET /oauth/callback?state={} HTTP/1.1", "OtherState"),
            ("GET /oauth/callback?code=&state={} HTTP/1.1", "OtherState"),
            (
                "GET /oauth/callback?code=a&code=b&state={} HTTP/1.1",
                "OtherState",
            ),
            (
                "GET /oauth/callback?code=a&state={}&state={} HTTP/1.1",
                "OtherState",
            ),
            (
                "GET /oauth/callback?code=a&error=b&state={} HTTP/1.1",
                "OtherState",
            ),
            (
                "GET /oauth/callback?code=%FF&state={} HTTP/1.1",
                "OtherState",
            ),
        ] {
            let first = first.replace("{}", STATE);
            assert_eq!(check(&first, &["Host: 127.0.0.1:4711"]), expect, "{first}");
        }
    }
}
