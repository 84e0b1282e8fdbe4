//! The pages that a person meets on the way.

use data_encoding::BASE64;

use super::super::Reply;
use super::super::query::Parameters;

/// Asks as whom to sign in.
pub(super) fn ask(people: &[String]) -> Reply {
    let mut form = "<form method=\"post\">".to_owned();
    for (number, arn) in people.iter().enumerate() {
        let arn = escaped(arn);
        form.push_str(&format!(
            "<p><button id=\"session-{number}\" name=\"session\" value=\"{arn}\">{arn}</button></p>"
        ));
    }
    form.push_str("<p><button id=\"deny\" name=\"session\" value=\"\">Cancel</button></p></form>");
    let text = "<p>A program on your computer asks for the credentials of one of your console sessions.</p>";
    html(
        200,
        "Continue with an active session",
        &format!("{text}{form}"),
    )
}

/// Shows the code that is typed where there is no browser.
pub(super) fn confirmation(query: &Parameters) -> Reply {
    let (Some(code), Some(state)) = (query.get("code"), query.get("state")) else {
        return refusal("The request lacks a code.");
    };
    let shown = BASE64.encode(format!("state={state}&code={code}").as_bytes());
    let text = format!("<p>Enter this code: <code id=\"verification-code\">{shown}</code></p>");
    html(200, "Authorization code", &text)
}

/// Says why a request leads nowhere.
pub(super) fn refusal(why: &str) -> Reply {
    html(400, "Sign-in failed", &format!("<p>{}</p>", escaped(why)))
}

/// Sends the browser on.
pub(super) fn redirect(target: String) -> Reply {
    Reply {
        status: 302,
        content_type: "text/html; charset=utf-8",
        body: String::new(),
        error: None,
        headers: vec![("location", target)],
    }
}

fn html(status: u16, title: &str, inner: &str) -> Reply {
    let body = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1>{inner}</body></html>\n"
    );
    Reply {
        status,
        content_type: "text/html; charset=utf-8",
        body,
        error: None,
        headers: Vec::new(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
