//! What the engine wants done.

use super::{PromptId, Session, WaiterId};
use crate::chain::{SessionKey, Source, Step};
use crate::endpoint::EndpointSettings;
use crate::failure::Failure;
use crate::time::Timestamp;

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask AWS; answer with [`Event::CallFinished`](super::Event::CallFinished).
    Call(Box<Call>),
    /// Keep the credentials that this attempt brought, and store them.
    Keep {
        /// The session.
        key: SessionKey,
        /// The attempt that brought them.
        attempt: u64,
    },
    /// End this attempt if it is still under way, and throw away what it brought.
    Abandon {
        /// The attempt.
        attempt: u64,
    },
    /// Erase this session's credentials from memory; from the store too unless locked.
    Forget {
        /// The session.
        key: SessionKey,
    },
    /// Give a caller this session's credentials.
    Serve {
        /// The caller.
        waiter: WaiterId,
        /// The session.
        key: SessionKey,
    },
    /// Tell a caller why not.
    Refuse {
        /// The caller.
        waiter: WaiterId,
        /// Why.
        refusal: Refusal,
    },
    /// Ask the person for a code, or to sign in.
    PromptOpened(PromptId),
    /// The prompt has another caller or an error to show, or what it asks for is under way or was cancelled.
    PromptChanged(PromptId),
    /// The prompt is no longer needed.
    PromptClosed(PromptId),
    /// Tell the person that a session, which only they can renew, ends soon.
    ExpiringSoon {
        /// The session.
        key: SessionKey,
        /// Seconds left.
        seconds_left: u32,
    },
    /// Tell the person that AWS ended a session before its time.
    SignedOutByAws {
        /// The session.
        key: SessionKey,
    },
}

/// One call to AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The session that it opens.
    pub key: SessionKey,
    /// Number of the attempt.
    pub attempt: u64,
    /// Where its chain starts.
    pub source: Source,
    /// Whose credentials or token it is made with.
    pub signer: Signer,
    /// What to call.
    pub step: Step,
    /// Region whose endpoint is asked.
    pub region: Option<String>,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
    /// A person is part of it: the code that was typed goes with it, or they sign in with the browser. Otherwise it
    /// is a silent renewal, where the step is one that a person opened.
    pub by_person: bool,
    /// Wanted lifetime in seconds, where the step does not say.
    pub duration_seconds: Option<u32>,
}

impl Call {
    pub(super) fn of(
        session: &Session,
        attempt: u64,
        by_person: bool,
        duration_seconds: Option<u32>,
    ) -> Self {
        Self {
            key: session.node.key.clone(),
            attempt,
            source: session.source.clone(),
            signer: match &session.parent {
                Some(parent) => Signer::Session(parent.clone()),
                None => Signer::Source,
            },
            step: session.node.step.clone(),
            region: session.node.region.clone(),
            endpoint: session.node.endpoint.clone(),
            by_person,
            duration_seconds,
        }
    }
}

/// Whose credentials or token a call is made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signer {
    /// The chain's source.
    Source,
    /// The session before.
    Session(SessionKey),
}

/// Why a caller gets nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A person is needed, and nobody can or may be asked.
    PersonRequired {
        /// The session that a person has to open.
        key: SessionKey,
    },
    /// The person declined or ignored the prompt a short while ago.
    Declined {
        /// Until when nobody is asked again.
        until: Timestamp,
    },
    /// Nobody answered the prompt in time.
    PromptTimeout {
        /// The session that a person has to open.
        key: SessionKey,
    },
    /// The person ended the sign-in that was under way.
    Cancelled,
    /// AWS refused, or could not be reached.
    Failed(Failure),
    /// Nothing is served.
    Locked,
    /// The person signed out meanwhile.
    SignedOut,
}
