//! The MFA popup: who asks, for which device, what it unlocks and for how long.

mod notice;
mod popup;
mod question;

pub use notice::{PromptNotice, PromptNoticeKind};
pub use popup::{Next, Popup};
pub use question::{MfaDevice, Question};

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
    /// How long nobody is asked again after a "Not now", in minutes.
    pub decline_minutes: u32,
}

/// How far the question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum PromptPhase {
    /// A code can be typed and sent.
    Asking,
    /// A code is at AWS.
    Checking,
    /// The agent is gone and being started again. A code can be typed, but not sent.
    Lost,
    /// Nobody waits for a code any more; the notice says why.
    Over,
}
