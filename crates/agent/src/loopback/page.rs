//! The pages that a browser is shown at the end of a sign-in: self-contained, without a script, without a secret.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// How a sign-in ended, for the page in the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The person is signed in.
    SignedIn {
        /// What they are signed in to, for example `corp.awsapps.com`.
        title: String,
    },
    /// They, or an administrator for them, said no.
    Refused {
        /// What they would have signed in to.
        title: String,
    },
    /// It did not work.
    Failed {
        /// Why, as errors are worded.
        reason: String,
    },
    /// It goes on at this address.
    GoesOn {
        /// Where.
        url: String,
    },
}

/// Colours of the app's windows; light or dark as the system is.
const STYLE: &str = "\
:root{color-scheme:light dark;--ground:#f6f7f6;--card:#fff;--text:#1d2421;--quiet:#5a6661;--line:#dde2df;--good:#1f7a54;\
--bad:#a3451f}\
@media(prefers-color-scheme:dark){:root{--ground:#151917;--card:#1d2320;--text:#e7ece9;--quiet:#9aa7a1;--line:#2e3733;\
--good:#5cc498;--bad:#e58a63}}\
*{box-sizing:border-box}\
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--ground);color:var(--text);\
font:16px/1.5 system-ui,sans-serif}\
main{max-width:440px;width:100%;padding:32px;background:var(--card);border:1px solid var(--line);border-radius:12px}\
svg{display:block;width:40px;height:40px;margin-bottom:16px}\
.good{color:var(--good)}.bad{color:var(--bad)}\
h1{margin:0 0 8px;font-size:20px;line-height:1.3;overflow-wrap:anywhere}\
p{margin:8px 0 0;color:var(--quiet);overflow-wrap:anywhere}";

/// A ring with a check mark in it, and one with a bar.
const CHECK: &str = "<path d=\"M13 20.5l5 5 9.5-10.5\"/>";
const BAR: &str = "<path d=\"M13 20h14\"/>";

/// The whole answer to a browser that came back.
pub(super) fn answer(ending: &Ending) -> Vec<u8> {
    let (class, mark, heading, words) = match ending {
        Ending::SignedIn { title } => (
            "good",
            CHECK,
            format!("You are signed in to {title}"),
            vec![
                "Holdfast keeps the session alive from here on.".to_owned(),
                "You can close this tab.".to_owned(),
            ],
        ),
        Ending::Refused { title } => (
            "bad",
            BAR,
            format!("You are not signed in to {title}"),
            vec![
                "The request was refused, so nothing was given to Holdfast.".to_owned(),
                "You can close this tab, and start again in Holdfast.".to_owned(),
            ],
        ),
        Ending::Failed { reason } => (
            "bad",
            BAR,
            "The sign-in did not work".to_owned(),
            vec![
                sentence(reason),
                "You can close this tab, and start again in Holdfast.".to_owned(),
            ],
        ),
        Ending::GoesOn { url } => return redirect(url),
    };
    let words: String = words
        .iter()
        .map(|words| format!("<p>{}</p>", escaped(words)))
        .collect();
    let heading = escaped(&heading);
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{heading} · Holdfast</title><style>{STYLE}</style></head>\
         <body><main><svg class=\"{class}\" viewBox=\"0 0 40 40\" fill=\"none\" stroke=\"currentColor\" \
         stroke-width=\"3\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">\
         <circle cx=\"20\" cy=\"20\" r=\"17\"/>{mark}</svg><h1>{heading}</h1>{words}</main></body></html>"
    );
    let style = BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    let headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy.as_str()),
    ];
    message("200 OK", &headers, &body)
}

/// The browser goes on elsewhere.
fn redirect(url: &str) -> Vec<u8> {
    message("303 See Other", &[("Location", url)], "")
}

/// The answer to a request that is none of ours: polite, and the same whatever was guessed.
pub(super) fn stray(status: &str) -> Vec<u8> {
    let headers = [("Content-Type", "text/plain; charset=utf-8")];
    let body = "Nothing is here but the end of a sign-in that Holdfast began.\n";
    message(status, &headers, body)
}

fn message(status: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\n");
    let length = body.len().to_string();
    let always = [
        ("Content-Length", length.as_str()),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ];
    for (name, value) in headers.iter().chain(&always) {
        // Writing into a string cannot fail.
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// An error as a sentence of its own.
fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first = letters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(letters)
        .chain(['.'])
        .collect()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(ending: &Ending) -> String {
        String::from_utf8(answer(ending)).unwrap()
    }

    #[test]
    fn pages_say_what_happened_and_load_nothing() {
        let title = "corp.awsapps.com".to_owned();
        for (ending, expect) in [
            (
                Ending::SignedIn {
                    title: title.clone(),
                },
                "You are signed in to corp.awsapps.com",
            ),
            (
                Ending::Refused { title },
                "You are not signed in to corp.awsapps.com",
            ),
            (
                Ending::Failed {
                    reason: "the code <b>has</b> ended".to_owned(),
                },
                "The code &lt;b&gt;has&lt;/b&gt; ended.",
            ),
        ] {
            let page = text(&ending);
            assert!(page.contains(expect), "{page}");
            assert!(page.contains("You can close this tab"), "{page}");
            assert!(page.contains("default-src 'none'"), "{page}");
            assert!(page.contains("Cache-Control: no-store"), "{page}");
            for loaded in ["<script", "src=", "href=", "url(", "http://", "https://"] {
                assert!(!page.contains(loaded), "{loaded}: {page}");
            }
            let (head, body) = page.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())));
        }
    }

    #[test]
    fn a_browser_is_sent_on() {
        let url = "https://oidc.eu-west-1.amazonaws.com/authorize?x=1".to_owned();
        let page = text(&Ending::GoesOn { url });
        assert!(page.starts_with("HTTP/1.1 303 See Other\r\n"), "{page}");
        assert!(
            page.contains("\r\nLocation: https://oidc.eu-west-1.amazonaws.com/authorize?x=1\r\n")
        );
    }
}
