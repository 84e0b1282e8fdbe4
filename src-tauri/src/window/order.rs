//! Orders of the tray to a window that it started: one line of JSON each, on standard input.

use super::frame;
use holdfast_desktop::page::PageName;
use holdfast_desktop::page::shell::Destination;
use serde::Deserialize;
use std::io::BufRead;
use tauri::{AppHandle, Emitter, WebviewWindow};

/// Name of the event that names the page to show.
const SHOW: &str = "show";

/// Come to the front with this page.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Order {
    show: PageName,
    /// The profile that the page is to be about.
    #[serde(default)]
    profile: Option<String>,
}

/// Obeys on a thread of its own. The end of the input is the end of the tray, and of this process.
pub(super) fn listen(app: AppHandle, window: WebviewWindow) -> std::io::Result<()> {
    let obey = move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if let Ok(Order {
                show: page,
                profile,
            }) = serde_json::from_str(&line)
            {
                let _ = app.emit(SHOW, Destination { page, profile });
                frame::raise(&window);
            }
        }
        app.exit(0);
    };
    std::thread::Builder::new()
        .name("orders".to_owned())
        .spawn(obey)
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Option<(PageName, Option<&str>)>) {
        let order = serde_json::from_str::<Order>(line).ok();
        let order = order
            .as_ref()
            .map(|order| (order.show, order.profile.as_deref()));
        assert_eq!(order, expect, "{line}");
    }

    #[test]
    fn orders_name_a_page() {
        check(r#"{"show":"activity"}"#, Some((PageName::Activity, None)));
        let line = r#"{"show":"repositories","profile":"dev"}"#;
        check(line, Some((PageName::Repositories, Some("dev"))));
        check(r#"{"show":"nowhere"}"#, None);
        check("", None);
    }
}
