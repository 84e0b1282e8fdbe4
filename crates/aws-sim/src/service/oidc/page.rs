//! The pages on which people let clients and devices in.

use crate::service::Reply;

const STYLE: &str = "body{font:16px sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}\
    button{font:inherit;padding:.5rem 1.5rem;margin-right:1rem}dt{color:#555}dd{margin:0 0 .75rem}";

/// What a person is asked.
pub(in crate::service) struct Question<'a> {
    /// The client's name, as it gave it.
    pub(in crate::service) client: &'a str,
    pub(in crate::service) start_url: &'a str,
    /// Who may sign in.
    pub(in crate::service) users: &'a [String],
    /// The code that a device shows.
    pub(in crate::service) code: Option<&'a str>,
}

/// The page that asks; the answer is sent to `action` as a form with `user` and `answer`.
pub(in crate::service) fn ask(question: &Question<'_>, action: &str) -> Reply {
    let client = escaped(question.client);
    let portal = escaped(question.start_url);
    let users: String = question
        .users
        .iter()
        .map(|user| format!("<option>{}</option>", escaped(user)))
        .collect();
    let code = question.code.map_or_else(String::new, |code| {
        let code = escaped(code);
        format!("<dt>Code</dt><dd id=\"code\">{code}</dd>")
    });
    let action = escaped(action);
    let body = format!(
        "<p>Allow <strong id=\"client\">{client}</strong> to access your data?</p>\
         <form method=\"post\" action=\"{action}\"><dl>\
         <dt>Access portal</dt><dd id=\"portal\">{portal}</dd>{code}\
         <dt><label for=\"user\">Sign in as</label></dt>\
         <dd><select id=\"user\" name=\"user\">{users}</select></dd></dl>\
         <button name=\"answer\" value=\"allow\">Allow</button>\
         <button name=\"answer\" value=\"deny\">Deny</button></form>"
    );
    page(200, "Authorization requested", &body)
}

/// The page that asks for the code of a device, with what was wrong about the one before.
pub(in crate::service) fn ask_for_code(action: &str, wrong: Option<&str>) -> Reply {
    let wrong = wrong.map_or_else(String::new, |why| format!("<p role=\"alert\">{why}</p>"));
    let body = format!(
        "{wrong}<form method=\"get\" action=\"{action}\">\
         <p><label for=\"user_code\">Code</label> <input id=\"user_code\" name=\"user_code\"></p>\
         <button>Next</button></form>"
    );
    page(200, "Authorize a device", &body)
}

/// A page that tells something.
pub(in crate::service) fn told(title: &str, text: &str) -> Reply {
    page(200, title, &format!("<p>{}</p>", escaped(text)))
}

/// A page that says why nobody is asked.
pub(in crate::service) fn refusal(why: &str) -> Reply {
    Reply {
        error: Some("InvalidRequest".to_owned()),
        ..page(
            400,
            "We cannot do this",
            &format!("<p>{}</p>", escaped(why)),
        )
    }
}

/// The portal's own page, which leads on to the page for devices when the address asks for it behind its `#`.
pub(in crate::service) fn start(start_url: &str, device_page: &str) -> Reply {
    let body = format!(
        "<p>This is {}.</p><script>if (location.hash.startsWith('#/device'))\
         location.replace('{device_page}' + location.hash.slice('#/device'.length));</script>",
        escaped(start_url)
    );
    page(200, "AWS access portal", &body)
}

fn page(status: u16, title: &str, body: &str) -> Reply {
    Reply {
        status,
        content_type: "text/html; charset=utf-8",
        body: format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>\n"
        ),
        error: None,
        headers: vec![("cache-control", "no-store".to_owned())],
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
