//! `org.freedesktop.Notifications`, as the Desktop Notifications Specification has it.

use super::WITHOUT_BUTTONS;
use futures_util::StreamExt as _;
use holdfast_desktop::notice::{Kind, Notice};
use std::borrow::Cow;
use std::collections::HashMap;
use zbus::message::Type;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, MessageStream};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The key of a click on the notification itself.
const DEFAULT: &str = "default";

/// How long a quiet notice is shown, in milliseconds.
const QUIET: i32 = 5_000;

/// As long as the daemon sees fit.
const AS_USUAL: i32 = -1;

/// Until it is closed.
const UNTIL_CLOSED: i32 = 0;

/// The daemon, whichever it is.
pub(super) struct Server {
    bus: Connection,
    clicks: MessageStream,
    owners: MessageStream,
    /// What it can do, once it was asked.
    able: Option<Abilities>,
}

/// What a daemon can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Abilities {
    buttons: bool,
    markup: bool,
}

/// What the daemon tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// The person clicked.
    Clicked {
        /// The notification.
        id: u32,
        /// Which button; none stands for the notification itself.
        button: Option<usize>,
    },
    /// A notification is gone.
    Closed {
        /// The notification.
        id: u32,
    },
    /// The daemon ended or another came: nothing of before is on the screen.
    DaemonChanged,
}

impl Server {
    pub(super) async fn connect() -> zbus::Result<Self> {
        let bus = Connection::session().await?;
        let clicks = MatchRule::builder()
            .msg_type(Type::Signal)
            .interface(NAME)?
            .path(PATH)?
            .build();
        let owners = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .arg(0, NAME)?
            .build();
        Ok(Self {
            clicks: MessageStream::for_match_rule(clicks, &bus, None).await?,
            owners: MessageStream::for_match_rule(owners, &bus, None).await?,
            bus,
            able: None,
        })
    }

    /// Shows a notice in the place of another, or of none when that is 0; returns its number.
    pub(super) async fn show(&mut self, notice: &Notice, replaced: u32) -> zbus::Result<u32> {
        let able = self.abilities().await?;
        let keys: Vec<String> = (0..notice.buttons.len()).map(|it| it.to_string()).collect();
        let mut actions = Vec::new();
        if able.buttons {
            for (key, button) in keys.iter().zip(&notice.buttons) {
                actions.extend([key.as_str(), button.label]);
            }
            actions.extend([DEFAULT, ""]);
        }
        let body = body(notice, able);
        let urgency: u8 = if notice.quiet { 0 } else { 1 };
        let mut hints = HashMap::from([("urgency", Value::from(urgency))]);
        if notice.quiet {
            hints.insert("transient", Value::from(true));
        }
        let timeout = match notice.kind {
            _ if notice.quiet => QUIET,
            Kind::NeedsYou => UNTIL_CLOSED,
            Kind::Expiry | Kind::SignedOut | Kind::Renewed | Kind::Network | Kind::Outcome => {
                AS_USUAL
            }
        };
        let title = notice.title.as_str();
        let notification = (
            "Holdfast",
            replaced,
            "",
            title,
            body.as_str(),
            actions,
            hints,
            timeout,
        );
        let reply = self.call("Notify", &notification).await?;
        reply.body().deserialize()
    }

    /// Takes a notification away; one that is gone already is no fault.
    pub(super) async fn close(&mut self, id: u32) -> zbus::Result<()> {
        match self.call("CloseNotification", &id).await {
            Err(zbus::Error::MethodError(..)) => Ok(()),
            outcome => outcome.map(|_| ()),
        }
    }

    /// The next signal. Dropped without harm when something else comes first.
    pub(super) async fn next(&mut self) -> zbus::Result<Signal> {
        loop {
            tokio::select! {
                message = self.clicks.next() => {
                    let message = message.ok_or(zbus::Error::InputOutput(gone()))??;
                    if let Some(signal) = read(&message) {
                        return Ok(signal);
                    }
                }
                message = self.owners.next() => {
                    message.ok_or(zbus::Error::InputOutput(gone()))??;
                    self.able = None;
                    return Ok(Signal::DaemonChanged);
                }
            }
        }
    }

    async fn abilities(&mut self) -> zbus::Result<Abilities> {
        if let Some(able) = self.able {
            return Ok(able);
        }
        let reply = self.call("GetCapabilities", &()).await?;
        let named: Vec<String> = reply.body().deserialize()?;
        let has = |ability: &str| named.iter().any(|it| it == ability);
        let able = Abilities {
            buttons: has("actions"),
            markup: has("body-markup"),
        };
        self.able = Some(able);
        Ok(able)
    }

    async fn call<B>(&self, method: &str, body: &B) -> zbus::Result<zbus::Message>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.bus
            .call_method(Some(NAME), PATH, Some(NAME), method, body)
            .await
    }
}

fn gone() -> std::sync::Arc<std::io::Error> {
    std::sync::Arc::new(std::io::ErrorKind::BrokenPipe.into())
}

fn read(message: &zbus::Message) -> Option<Signal> {
    let header = message.header();
    match header.member()?.as_str() {
        "ActionInvoked" => {
            let (id, key): (u32, String) = message.body().deserialize().ok()?;
            let button = match key.as_str() {
                DEFAULT => None,
                key => Some(key.parse().ok()?),
            };
            Some(Signal::Clicked { id, button })
        }
        "NotificationClosed" => {
            let (id, _reason): (u32, u32) = message.body().deserialize().ok()?;
            Some(Signal::Closed { id })
        }
        _ => None,
    }
}

/// The text below the title, as this daemon reads it.
fn body(notice: &Notice, able: Abilities) -> String {
    let mut body = if able.markup {
        escaped(&notice.body)
    } else {
        Cow::from(&notice.body)
    }
    .into_owned();
    if !able.buttons && !notice.buttons.is_empty() {
        body.push('\n');
        body.push_str(WITHOUT_BUTTONS);
    }
    body
}

/// Text in which nothing is markup.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>']) {
        return Cow::from(text);
    }
    Cow::from(
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_desktop::notice::{Answer, Button};

    #[test]
    fn bodies_are_what_the_daemon_can_show() {
        let notice = Notice {
            kind: Kind::Expiry,
            title: "<i>".to_owned(),
            body: "a <b>&amp; c".to_owned(),
            quiet: false,
            buttons: vec![Button {
                answer: Answer::Snooze,
                label: "Snooze",
            }],
        };
        for (buttons, markup, expect) in [
            (true, true, "a &lt;b&gt;&amp;amp; c".to_owned()),
            (true, false, notice.body.clone()),
            (false, false, format!("{}\n{WITHOUT_BUTTONS}", notice.body)),
        ] {
            let able = Abilities { buttons, markup };
            assert_eq!(body(&notice, able), expect, "{able:?}");
        }
    }
}
