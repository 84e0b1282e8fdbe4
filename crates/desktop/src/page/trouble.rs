//! Something that did not work, as a page tells it.

use holdfast_agent_proto::{AgentError, ClientError, with_causes};
use serde::Serialize;

/// What went wrong and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    /// What happened and why, in one sentence.
    pub message: String,
    /// What to do, most helpful first: commands or sentences.
    pub hints: Vec<String>,
    /// The agent's code for it, where it comes from the agent.
    pub code: Option<String>,
}

impl Trouble {
    /// Trouble of the app itself.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hints: Vec::new(),
            code: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<AgentError> for Trouble {
    fn from(error: AgentError) -> Self {
        let code = serde_json::to_value(error.code).ok();
        Self {
            message: error.message,
            hints: error.hints,
            code: code.and_then(|code| code.as_str().map(str::to_owned)),
        }
    }
}

impl From<ClientError> for Trouble {
    fn from(error: ClientError) -> Self {
        if let ClientError::Refused(error) = error {
            return (*error).into();
        }
        Self::new(with_causes(&error))
    }
}
