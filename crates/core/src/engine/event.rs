//! What the engine is told.

use super::{Opened, Policy, PromptId, Route, Session, WaiterId};
use crate::chain::SessionKey;
use crate::failure::Failure;
use crate::time::Timestamp;

/// Something happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A caller wants the credentials at the end of a route.
    Requested {
        /// Who waits.
        waiter: WaiterId,
        /// The sessions on the way; never empty.
        route: Route,
        /// How a human can be reached for this caller.
        interaction: Interaction,
        /// How long the caller waits for a human, in seconds.
        wait_seconds: u32,
    },
    /// A person wants the sessions of a route renewed before their end.
    RenewalRequested {
        /// Who waits.
        waiter: WaiterId,
        /// The sessions on the way; never empty.
        route: Route,
        /// Ask for a new code, or a new sign-in, even while the session that a person opened is good. Otherwise what
        /// needs no person is renewed, and they are asked only where that session is absent, has ended or ends soon.
        with_code: bool,
        /// How long the caller waits for a human, in seconds.
        wait_seconds: u32,
    },
    /// Somebody looked at a route without asking for its credentials.
    Noticed {
        /// The sessions on the way; never empty.
        route: Route,
    },
    /// A person typed a code that the ledger lets through.
    CodeEntered {
        /// Who waits for the outcome.
        waiter: WaiterId,
        /// The sessions up to and including the one that takes the code.
        route: Route,
        /// Wanted lifetime in seconds, when the person chose one.
        duration_seconds: Option<u32>,
    },
    /// A person begins to sign in with the browser, or joins the sign-in that is under way. Nothing else begins one.
    SignInStarted {
        /// Who waits for the outcome.
        waiter: WaiterId,
        /// The sessions up to and including the one that is signed in to.
        route: Route,
    },
    /// A person ended a sign-in before it was done.
    SignInCancelled {
        /// The session.
        key: SessionKey,
    },
    /// A person typed a code that AWS has already answered, so it was not sent.
    CodeWithheld {
        /// The prompt it was typed into.
        prompt: PromptId,
        /// When the device shows the next code.
        next_code_at: Timestamp,
    },
    /// A person closed the prompt.
    PromptDeclined {
        /// The prompt.
        prompt: PromptId,
    },
    /// A caller hung up.
    CallerGone {
        /// The caller.
        waiter: WaiterId,
    },
    /// A call to AWS ended.
    CallFinished {
        /// The session it was for.
        key: SessionKey,
        /// The attempt it was.
        attempt: u64,
        /// What it brought, or why nothing.
        result: Result<Opened, Failure>,
    },
    /// A server refused what was made of this session's credentials.
    Rejected {
        /// The session.
        key: SessionKey,
    },
    /// The sealed store, or another program's, had credentials of this session. Those that have ended are of use when
    /// they can be refreshed; none take the place of what is of use.
    Restored {
        /// The session.
        session: Box<Session>,
        /// What is known of them.
        opened: Opened,
    },
    /// Somebody who can ask the person came, or the last one left.
    PromptersChanged {
        /// Whether there is one now.
        available: bool,
    },
    /// Time has passed: about every 30 seconds, and on resume.
    Tick,
    /// The person signed out of these sessions.
    SignedOut {
        /// The sessions.
        keys: Vec<SessionKey>,
    },
    /// The user decided otherwise.
    PolicyChanged {
        /// What counts from now on.
        policy: Policy,
    },
    /// Nothing may be served any more.
    Locked,
    /// Secrets may be served again.
    Unlocked,
}

/// How a human can be reached for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interaction {
    /// A person is at the caller's terminal.
    Terminal,
    /// Nobody may be looking.
    Background,
    /// Never ask for this caller.
    Never,
}
