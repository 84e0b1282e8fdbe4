//! What both windows have in common: where their pages come from, and that they stay there.

use holdfast_desktop::page::Theme;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Wry};

/// A window that shows nothing but pages of this program.
pub(super) fn window<'a>(
    app: &'a AppHandle,
    label: &str,
    address: &str,
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(address.into()))
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
}

/// What the window system draws around the page.
pub(super) fn theme(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// Brings a window to the front.
pub(super) fn raise(window: &WebviewWindow) {
    // A desktop may refuse each of these; the window is then where the person left it.
    let _ = window.show();
    let _ = window.unminimize();
    let _ = window.set_focus();
}

/// Pages come from the program itself and from nowhere else.
fn is_own(url: &tauri::Url) -> bool {
    let scheme_and_host = (url.scheme(), url.host_str());
    matches!(
        scheme_and_host,
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expect: bool) {
        let url = tauri::Url::parse(url).expect("the URL is one");
        assert_eq!(is_own(&url), expect, "{url}");
    }

    #[test]
    fn only_own_pages_are_loaded() {
        check("tauri://localhost/index.html?page=sessions", true);
        check("http://tauri.localhost/prompt.html", true);
        check("https://tauri.localhost/", true);
        for url in [
            "https://example.com/",
            "http://localhost/",
            "https://tauri.localhost.example.com/",
            "tauri://example.com/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:blank",
            "javascript:alert(1)",
        ] {
            check(url, false);
        }
    }
}
