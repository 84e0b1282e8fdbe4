//! The canonical request: one spelling for every way of sending the same request.

use hyper::HeaderMap;
use hyper::header::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the characters RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same, with the slash that separates path segments left alone.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// The canonical request for what stands on the wire.
///
/// `query` is the raw query string; `signed_headers` are the lower-case names in the order of the claim.
pub(super) fn request(
    method: &str,
    path: &str,
    query: &str,
    headers: &HeaderMap,
    signed_headers: &[&str],
    payload_hash: &str,
) -> String {
    let mut text = format!(
        "{method}\n{}\n{}\n",
        canonical_path(path),
        canonical_query(query)
    );
    for name in signed_headers {
        let values: Vec<String> = headers.get_all(*name).iter().map(canonical_value).collect();
        text.push_str(name);
        text.push(':');
        text.push_str(&values.join(","));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&signed_headers.join(";"));
    text.push('\n');
    text.push_str(payload_hash);
    text
}

/// The path without dot segments and doubled slashes, its escapes escaped once more (as every service but S3 wants it).
fn canonical_path(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            name => kept.push(name),
        }
    }
    let mut clean = format!("/{}", kept.join("/"));
    let names_a_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    if names_a_folder && clean.len() > 1 {
        clean.push('/');
    }
    utf8_percent_encode(&clean, RESERVED_IN_PATH).to_string()
}

/// The parameters, each part escaped in one way only, in byte order; the signature itself is left out.
fn canonical_query(query: &str) -> String {
    let mut parameters: Vec<(String, String)> = query
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
        .map(|(name, value)| (reescape(name), reescape(value)))
        .filter(|(name, _)| name != "X-Amz-Signature")
        .collect();
    parameters.sort();
    parameters
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

fn reescape(part: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(part).collect();
    percent_encoding::percent_encode(&bytes, RESERVED).to_string()
}

/// The value without outer blanks, with runs of inner blanks made one.
fn canonical_value(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes())
        .split([' ', '\t', '\r', '\n'])
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderName;

    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        for (path, expect) in [
            ("", "/"),
            ("/", "/"),
            ("//", "/"),
            ("/./", "/"),
            ("/example/..", "/"),
            ("/example1/example2/../..", "/"),
            ("/./example", "/example"),
            ("//example//", "/example/"),
            ("/example%20space/", "/example%2520space/"),
            ("/\u{1234}", "/%E1%88%B4"),
            ("/-._~0189AZaz", "/-._~0189AZaz"),
        ] {
            assert_eq!(canonical_path(path), expect, "{path}");
        }
    }

    #[test]
    fn queries_have_one_spelling() {
        for (query, expect) in [
            ("", ""),
            ("Param2=value2&Param1=value1", "Param1=value1&Param2=value2"),
            ("Param1=value2&Param1=Value1", "Param1=Value1&Param1=value2"),
            ("foo", "foo="),
            ("a=b%2fc&b=~", "a=b%2Fc&b=~"),
            ("a=x+y", "a=x%2By"),
            ("X-Amz-Signature=00&X-Amz-Date=1", "X-Amz-Date=1"),
        ] {
            assert_eq!(canonical_query(query), expect, "{query}");
        }
    }

    #[test]
    fn repeated_headers_are_joined_and_blanks_folded() {
        let mut headers = HeaderMap::new();
        let name = HeaderName::from_static("my-header1");
        for value in ["value4", " value1", "a   b  c "] {
            headers.append(&name, HeaderValue::from_static(value));
        }
        assert_eq!(
            request("GET", "/", "", &headers, &["my-header1"], "hash"),
            "GET\n/\n\nmy-header1:value4,value1,a b c\n\nmy-header1\nhash"
        );
    }
}
