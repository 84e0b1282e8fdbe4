//! What people let in: devices that wait for them, and authorization codes on their way to a client.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::{Client, Portal, opaque};
use crate::clock::shifted;
use crate::hidden::Hidden;
use crate::random;

/// How long an authorization code can be used, in seconds.
const CODE_SECONDS: i64 = 600;

/// How often a device may ask within one interval: the AWS CLI asks twice before it waits for the first time.
const POLLS_PER_INTERVAL: usize = 2;

/// Letters of user codes: no vowels, so that no words come out (RFC 8628, section 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// What a person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The client may act for this user.
    Allowed {
        /// The user's name.
        user: String,
    },
    /// The client is turned away.
    Denied,
}

/// A device that waits for a person (RFC 8628).
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) code: Hidden,
    /// `ABCD-EFGH`.
    pub(crate) user_code: String,
    pub(crate) client_id: String,
    pub(crate) client_name: String,
    pub(crate) start_url: String,
    pub(crate) expires: Timestamp,
    pub(crate) decision: Option<Decision>,
    poll: Duration,
    asked: Vec<Instant>,
}

/// What a device that asks is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Poll {
    /// No such device, or it was answered already.
    Unknown,
    Expired,
    SlowDown,
    Pending,
    Denied,
    Allowed {
        start_url: String,
        user: String,
    },
}

/// An authorization code, good once for the client that it was made for (RFC 6749, section 4.1, and RFC 7636).
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationCode {
    pub(crate) code: Hidden,
    pub(crate) client_id: String,
    pub(crate) start_url: String,
    pub(crate) user: String,
    pub(crate) redirect_uri: String,
    /// SHA-256 of the verifier, in URL-safe base64.
    pub(crate) challenge: String,
    pub(crate) expires: Timestamp,
}

/// What waits for people and for clients.
#[derive(Debug, Default)]
pub(crate) struct Approvals {
    devices: Vec<Device>,
    codes: Vec<AuthorizationCode>,
}

impl Approvals {
    /// A new device of a client.
    pub(crate) fn start_device(
        &mut self,
        portal: &Portal,
        client: &Client,
        now: Timestamp,
    ) -> &Device {
        self.devices
            .retain(|device| now.duration_since(device.expires) < SignedDuration::from_hours(1));
        let place = self.devices.len();
        self.devices.push(Device {
            code: opaque::<180>(""),
            user_code: user_code(),
            client_id: client.id.clone(),
            client_name: client.name.clone(),
            start_url: portal.start_url.clone(),
            expires: shifted(now, SignedDuration::from_secs(portal.policy.device_seconds)),
            decision: None,
            poll: Duration::from_secs(u64::from(portal.policy.poll_seconds)),
            asked: Vec::new(),
        });
        &self.devices[place]
    }

    /// The devices that wait for a person.
    pub(crate) fn waiting(&self, now: Timestamp) -> impl Iterator<Item = &Device> {
        self.devices
            .iter()
            .filter(move |device| device.decision.is_none() && now < device.expires)
    }

    /// The device that shows this code and waits for a person; letters may be small and the hyphen may be missing.
    pub(crate) fn device(&self, user_code: &str, now: Timestamp) -> Option<&Device> {
        self.waiting(now)
            .find(|device| same_user_code(&device.user_code, user_code))
    }

    /// Notes what a person said about a device; says whether one waited.
    pub(crate) fn decide(&mut self, user_code: &str, decision: Decision, now: Timestamp) -> bool {
        let device = self.devices.iter_mut().find(|device| {
            device.decision.is_none()
                && now < device.expires
                && same_user_code(&device.user_code, user_code)
        });
        match device {
            Some(device) => {
                device.decision = Some(decision);
                true
            }
            None => false,
        }
    }

    /// What a device that asks is told; once it was let in or turned away it is forgotten.
    pub(crate) fn poll(&mut self, code: &str, client_id: &str, now: Timestamp) -> Poll {
        let place = self
            .devices
            .iter()
            .position(|device| device.code.reveal() == code && device.client_id == client_id);
        let Some(place) = place else {
            return Poll::Unknown;
        };
        let device = &mut self.devices[place];
        if device.expires <= now {
            return Poll::Expired;
        }
        match device.decision.clone() {
            None if device.asks_too_often() => Poll::SlowDown,
            None => Poll::Pending,
            Some(Decision::Denied) => {
                self.devices.remove(place);
                Poll::Denied
            }
            Some(Decision::Allowed { user }) => {
                let device = self.devices.remove(place);
                Poll::Allowed {
                    start_url: device.start_url,
                    user,
                }
            }
        }
    }

    /// A code for a client that a person let in.
    pub(crate) fn issue_code(&mut self, mut code: AuthorizationCode, now: Timestamp) -> Hidden {
        self.codes.retain(|code| now < code.expires);
        code.code = opaque::<120>("");
        code.expires = shifted(now, SignedDuration::from_secs(CODE_SECONDS));
        let text = code.code.clone();
        self.codes.push(code);
        text
    }

    /// The code of this text, which is used up by being asked for.
    pub(crate) fn take_code(&mut self, text: &str, now: Timestamp) -> Option<AuthorizationCode> {
        let place = self
            .codes
            .iter()
            .position(|code| code.code.reveal() == text)?;
        let code = self.codes.remove(place);
        (now < code.expires).then_some(code)
    }
}

impl Device {
    /// Counts a question. Devices wait in real time, whatever the simulated clock shows.
    fn asks_too_often(&mut self) -> bool {
        let now = Instant::now();
        self.asked
            .retain(|asked| now.duration_since(*asked) < self.poll);
        self.asked.push(now);
        self.asked.len() > POLLS_PER_INTERVAL
    }
}

fn user_code() -> String {
    let letters: String = random::bytes::<8>()
        .into_iter()
        .map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]))
        .collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}

fn same_user_code(known: &str, typed: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphabetic)
            .map(|letter| letter.to_ascii_uppercase())
            .collect()
    };
    letters(known) == letters(typed)
}
