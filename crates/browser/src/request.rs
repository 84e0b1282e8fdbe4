//! The one request that is answered: a person's own browser following the link it was given.

use data_encoding::BASE64URL_NOPAD;
use std::io;
use subtle::ConstantTimeEq;

/// Longest head of a request in bytes; browsers send about one thousand.
pub(crate) const MAX_HEAD: usize = 16 * 1024;

/// A path of 256 random bits, with its slash.
pub(crate) struct Path(String);

impl Path {
    pub(crate) fn random() -> io::Result<Self> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self(format!("/{}", BASE64URL_NOPAD.encode(&bits))))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes the same time wherever the difference is.
    fn is(&self, asked: &str) -> bool {
        self.0.as_bytes().ct_eq(asked.as_bytes()).into()
    }
}

/// Whether a request may have the link.
///
/// `host` is the address with its port, exactly as it stands in the link: a page that reaches this
/// address under a name of its own (DNS rebinding) sends another one. Browsers say in `Sec-Fetch-…`
/// where a request comes from; only an address opened from outside every page has `none`.
pub(crate) fn is_allowed(head: &str, path: &Path, host: &str) -> bool {
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let words: Vec<&str> = first.split(' ').collect();
    let ["GET", asked, "HTTP/1.1"] = words[..] else {
        return false;
    };
    let mut hosts = 0;
    for line in lines.take_while(|line| !line.is_empty()) {
        let Some((name, value)) = line.split_once(':') else {
            return false;
        };
        let value = value.trim_matches([' ', '\t']);
        let fits = match name.to_ascii_lowercase().as_str() {
            "host" => {
                hosts += 1;
                value == host
            }
            "sec-fetch-site" => value == "none",
            "sec-fetch-mode" => value == "navigate",
            "sec-fetch-dest" => value == "document",
            // Pages send the first; a browser that looks ahead sends the second; the others come
            // with a proxy or a body.
            "origin" | "sec-purpose" | "purpose" | "forwarded" | "via" | "x-forwarded-for"
            | "x-forwarded-host" | "content-length" | "transfer-encoding" => false,
            _ => true,
        };
        if !fits {
            return false;
        }
    }
    // Compared whatever the rest says, so that the time tells nothing either way.
    let known = path.is(asked);
    hosts == 1 && known
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "127.0.0.1:4711";

    fn head(path: &str, lines: &[&str]) -> String {
        let mut head = format!("GET {path} HTTP/1.1\r\n");
        for line in lines {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head + "\r\n"
    }

    #[test]
    fn a_browser_that_was_told_the_link_is_let_through() {
        let path = Path::random().unwrap();
        for lines in [
            &["Host: 127.0.0.1:4711"][..],
            &[
                "host:127.0.0.1:4711",
                "User-Agent: Mozilla/5.0",
                "Sec-Fetch-Site: none",
                "Sec-Fetch-Mode: navigate",
                "Sec-Fetch-Dest: document",
                "Sec-Fetch-User: ?1",
                "Cookie: of-another-program=1",
            ],
        ] {
            assert!(is_allowed(&head(path.as_str(), lines), &path, HOST));
        }
    }

    #[test]
    fn nobody_else_is() {
        let path = Path::random().unwrap();
        let good = "Host: 127.0.0.1:4711";
        for lines in [
            &[][..],
            &["Host: 127.0.0.1"],
            &["Host: localhost:4711"],
            &["Host: evil.example:4711"],
            &["Host: 127.0.0.1:4711.evil.example"],
            &[good, good],
            &[good, "Origin: null"],
            &[good, "Origin: https://evil.example"],
            &[good, "Sec-Fetch-Site: cross-site"],
            &[good, "Sec-Fetch-Site: same-origin"],
            &[good, "Sec-Fetch-Mode: no-cors"],
            &[good, "Sec-Fetch-Dest: iframe"],
            &[good, "Sec-Purpose: prefetch"],
            &[good, "X-Forwarded-For: 10.0.0.1"],
            &[good, "Content-Length: 1"],
            &[good, "no header"],
        ] {
            let head = head(path.as_str(), lines);
            assert!(!is_allowed(&head, &path, HOST), "{lines:?}");
        }
        for first in [
            "POST {} HTTP/1.1",
            "HEAD {} HTTP/1.1",
            "OPTIONS {} HTTP/1.1",
            "GET {} HTTP/1.0",
            "GET {}",
            "GET  {} HTTP/1.1",
            "GET {}/ HTTP/1.1",
            "GET {}?x HTTP/1.1",
            "GET http://127.0.0.1:4711{} HTTP/1.1",
            "GET / HTTP/1.1",
            "",
        ] {
            let head = format!("{}\r\n{good}\r\n\r\n", first.replace("{}", path.as_str()));
            assert!(!is_allowed(&head, &path, HOST), "{first}");
        }
        let other = Path::random().unwrap();
        assert!(!is_allowed(&head(other.as_str(), &[good]), &path, HOST));
    }

    #[test]
    fn paths_hold_256_bits_and_are_made_anew() {
        let (one, two) = (Path::random().unwrap(), Path::random().unwrap());
        assert_eq!(one.as_str().len(), 1 + 43);
        assert_ne!(one.as_str(), two.as_str());
    }
}
