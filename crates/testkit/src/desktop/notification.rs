//! What programs ask the notification daemon to show, seen on the bus, and the person's click on a bubble.

use super::bubble;
use super::display::Hands;
use crate::SessionBus;
use crate::command::{wait_for, wait_until};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use zbus::blocking::MessageIterator;
use zbus::message::Type;
use zbus::zvariant::OwnedValue;
use zbus::{Message, zvariant::Value};

const NOTIFICATIONS: &str = "org.freedesktop.Notifications";
const BUS: &str = "org.freedesktop.DBus";

/// What a program asked to have shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    /// The daemon's number for it.
    pub id: u32,
    /// Name of the program.
    pub app_name: String,
    /// Number of the notification that it takes the place of; 0 for a new one.
    pub replaces: u32,
    /// First line, never markup.
    pub summary: String,
    /// Text below, which most daemons read as markup.
    pub body: String,
    /// Buttons: what the program is told, and what the person reads.
    pub actions: Vec<(String, String)>,
    /// 0 low, 1 normal, 2 critical; `None` when the program does not say.
    pub urgency: Option<u8>,
    /// After how many milliseconds it goes away; -1 leaves that to the daemon, 0 is never.
    pub timeout: i32,
}

/// Sees every notification from the moment it was made.
#[derive(Debug)]
pub struct NotificationSpy {
    seen: Arc<Mutex<Seen>>,
    hands: Hands,
}

#[derive(Debug, Default)]
struct Seen {
    /// Asked for, and not yet given a number: by who asks and the number of the call.
    asked: HashMap<(String, u32), Notification>,
    shown: Vec<Notification>,
    invoked: Vec<(u32, String)>,
    closed: BTreeMap<u32, u32>,
}

impl NotificationSpy {
    /// Watches a bus.
    pub(super) fn watch(bus: &SessionBus, hands: Hands) -> Self {
        let monitor = bus.connect();
        let messages = MessageIterator::from(&monitor);
        let rules = [
            format!("type='method_call',interface='{NOTIFICATIONS}',member='Notify'"),
            format!("type='signal',interface='{NOTIFICATIONS}'"),
            "type='method_return'".to_owned(),
        ];
        let path = "/org/freedesktop/DBus";
        let interface = Some("org.freedesktop.DBus.Monitoring");
        let become_monitor = monitor.call_method(
            Some(BUS),
            path,
            interface,
            "BecomeMonitor",
            &(&rules[..], 0_u32),
        );
        become_monitor.expect("the bus lets itself be watched");
        let seen = Arc::new(Mutex::new(Seen::default()));
        let into = Arc::clone(&seen);
        // Ends with the bus.
        thread::spawn(move || {
            for message in messages.map_while(Result::ok) {
                lock(&into).take(&message);
            }
            drop(monitor);
        });
        Self { seen, hands }
    }

    /// All so far, oldest first.
    pub fn all(&self) -> Vec<Notification> {
        lock(&self.seen).shown.clone()
    }

    /// Waits for one of which this is true, among those that came and those that come.
    ///
    /// # Panics
    /// When none comes.
    pub fn wait_for(&self, what: &str, is_it: impl Fn(&Notification) -> bool) -> Notification {
        wait_for(&format!("a notification: {what}"), || {
            self.all().into_iter().find(|shown| is_it(shown))
        })
    }

    /// Waits for one with this text in its first line.
    ///
    /// # Panics
    /// When none comes.
    pub fn wait_for_summary(&self, text: &str) -> Notification {
        self.wait_for(text, |shown| shown.summary.contains(text))
    }

    /// Whether it is gone from the screen, by time, by the person or by its program.
    pub fn is_closed(&self, notification: &Notification) -> bool {
        lock(&self.seen).closed.contains_key(&notification.id)
    }

    /// Those that are on the screen, oldest first, each as it was last changed.
    pub fn open(&self) -> Vec<Notification> {
        let seen = lock(&self.seen);
        let mut open: Vec<Notification> = Vec::new();
        for shown in &seen.shown {
            match open.iter_mut().find(|earlier| earlier.id == shown.id) {
                Some(earlier) => earlier.clone_from(shown),
                None if seen.closed.contains_key(&shown.id) => {}
                None => open.push(shown.clone()),
            }
        }
        open
    }

    /// What buttons were clicked so far: number of the notification and what its program was told.
    pub fn invoked(&self) -> Vec<(u32, String)> {
        lock(&self.seen).invoked.clone()
    }

    /// Clicks a button of a bubble with the mouse, and waits until its program has been told.
    ///
    /// # Panics
    /// When the bubble or its button is not there.
    pub fn click(&self, notification: &Notification, label: &str) {
        let button = |(_, text): &&(String, String)| text == label;
        let found = notification.actions.iter().find(button);
        let (key, _) = found.unwrap_or_else(|| panic!("no button {label}: {notification:?}"));
        bubble::click(&self.hands, &self.open(), notification, label);
        wait_until(&format!("{label} was clicked"), || {
            self.invoked().contains(&(notification.id, key.clone()))
        });
    }
}

impl Seen {
    fn take(&mut self, message: &Message) {
        let header = message.header();
        let text = |name: Option<String>| name.unwrap_or_default();
        match header.message_type() {
            Type::MethodCall => {
                let sender = text(header.sender().map(ToString::to_string));
                let serial = message.primary_header().serial_num().get();
                if let Some(asked) = read(message) {
                    self.asked.insert((sender, serial), asked);
                }
            }
            Type::MethodReturn => {
                let asker = text(header.destination().map(ToString::to_string));
                let serial = header.reply_serial().map_or(0, |serial| serial.get());
                if let Some(mut shown) = self.asked.remove(&(asker, serial)) {
                    shown.id = message.body().deserialize().unwrap_or_default();
                    self.shown.push(shown);
                }
            }
            Type::Signal => self.signal(message),
            Type::Error => {}
        }
    }

    fn signal(&mut self, message: &Message) {
        let header = message.header();
        match header.member().map(|member| member.as_str()) {
            Some("ActionInvoked") => self
                .invoked
                .extend(message.body().deserialize::<(u32, String)>()),
            Some("NotificationClosed") => {
                self.closed
                    .extend(message.body().deserialize::<(u32, u32)>());
            }
            _ => {}
        }
    }
}

/// The body of a call of `Notify`.
fn read(message: &Message) -> Option<Notification> {
    type Body = (
        String,
        u32,
        String,
        String,
        String,
        Vec<String>,
        HashMap<String, OwnedValue>,
        i32,
    );
    let body: Body = message.body().deserialize().ok()?;
    let (app_name, replaces, _icon, summary, body, actions, hints, timeout) = body;
    let pairs = actions.chunks_exact(2);
    let actions = pairs
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect();
    let urgency = match hints.get("urgency").map(|value| &**value) {
        Some(Value::U8(urgency)) => Some(*urgency),
        _ => None,
    };
    Some(Notification {
        id: 0,
        app_name,
        replaces,
        summary,
        body,
        actions,
        urgency,
        timeout,
    })
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
