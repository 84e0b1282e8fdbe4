//! The popup: who asks for an MFA code, for a sign-in with the browser or for the profile that opens a repository,
//! what it unlocks and for how long.

mod choice;
mod notice;
mod popup;
mod question;
mod sign_in;
#[cfg(test)]
mod tests;

pub use choice::{Candidate, ProfileChoice};
pub use notice::{PromptNotice, PromptNoticeKind};
pub use popup::{Next, Popup};
pub use question::{MfaDevice, Question};
pub use sign_in::BrowserSignIn;

use serde::Serialize;

/// What the popup shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PromptPage {
    /// How far it is.
    pub phase: PromptPhase,
    /// What is asked.
    pub question: Question,
    /// The one thing that the person has to know before they go on.
    pub notice: Option<PromptNotice>,
    /// What is signed in to with the browser; absent where a code is asked for.
    pub sign_in: Option<BrowserSignIn>,
    /// The profiles to choose from; absent where a code or a sign-in is asked for.
    pub choice: Option<ProfileChoice>,
    /// How long nobody is asked again after a "Not now", in minutes.
    pub decline_minutes: u32,
}

/// How far the question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum PromptPhase {
    /// A code can be typed and sent, or a sign-in begun.
    Asking,
    /// A code is at AWS, or AWS is asked for a sign-in.
    Checking,
    /// The person is at the browser, or at another device.
    Waiting,
    /// The agent is gone and being started again. A code can be typed, but not sent.
    Lost,
    /// Nobody waits any more; the notice says why.
    Over,
}
