//! Telling the person something short that needs no answer.

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
use other as platform;

/// Shows a notification. Where there is nobody to show it, the log has it.
pub(super) fn person(title: &str, body: &str) {
    platform::person(title.to_owned(), body.to_owned());
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;
    use zbus::zvariant::Value;

    const NOTIFICATIONS: &str = "org.freedesktop.Notifications";
    const PATH: &str = "/org/freedesktop/Notifications";

    /// How long it is shown, in milliseconds.
    const SHOWN: i32 = 5_000;

    pub(super) fn person(title: String, body: String) {
        tauri::async_runtime::spawn(async move {
            if let Err(error) = notify(&title, &escaped(&body)).await {
                tracing::warn!("{title}: {body} ({error})");
            }
        });
    }

    async fn notify(title: &str, body: &str) -> zbus::Result<()> {
        let bus = zbus::Connection::session().await?;
        let actions: &[&str] = &[];
        let hints = HashMap::from([("transient", Value::from(true))]);
        let notification = ("Holdfast", 0_u32, "", title, body, actions, hints, SHOWN);
        bus.call_method(
            Some(NOTIFICATIONS),
            PATH,
            Some(NOTIFICATIONS),
            "Notify",
            &notification,
        )
        .await
        .map(|_| ())
    }

    /// Bodies are markup.
    fn escaped(text: &str) -> String {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    pub(super) fn person(title: String, body: String) {
        tracing::warn!("{title}: {body}");
    }
}
