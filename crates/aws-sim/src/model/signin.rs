//! Sign-in tokens of the federation endpoint and the console sessions that they open.

use jiff::Timestamp;

use crate::hidden::Hidden;

/// Exchanged for a console session once, within a quarter of an hour.
#[derive(Debug)]
pub(crate) struct SignInToken {
    pub(crate) token: Hidden,
    /// Who signs in.
    pub(crate) arn: String,
    pub(crate) partition: &'static str,
    pub(crate) expires: Timestamp,
    /// When the console session ends that it opens.
    pub(crate) session_ends: Timestamp,
}

/// A person who is signed in to the console, known by a cookie.
#[derive(Debug)]
pub(crate) struct ConsoleSession {
    pub(crate) cookie: Hidden,
    pub(crate) arn: String,
    pub(crate) partition: &'static str,
    pub(crate) ends: Timestamp,
}

/// The tokens and sessions of one simulated AWS.
#[derive(Debug, Default)]
pub(crate) struct SignIns {
    tokens: Vec<SignInToken>,
    sessions: Vec<ConsoleSession>,
}

impl SignIns {
    pub(crate) fn offer(&mut self, token: SignInToken) {
        self.tokens.push(token);
    }

    /// The token of this text, which is used up by that.
    pub(crate) fn redeem(
        &mut self,
        text: &str,
        partition: &str,
        now: Timestamp,
    ) -> Option<SignInToken> {
        let place = self
            .tokens
            .iter()
            .position(|token| token.token.reveal() == text && token.partition == partition)?;
        let token = self.tokens.remove(place);
        (now < token.expires).then_some(token)
    }

    pub(crate) fn open(&mut self, session: ConsoleSession) {
        self.sessions.push(session);
    }

    /// Whose session this cookie names.
    pub(crate) fn session(
        &self,
        cookie: &str,
        partition: &str,
        now: Timestamp,
    ) -> Option<&ConsoleSession> {
        self.sessions.iter().find(|session| {
            session.cookie.reveal() == cookie
                && session.partition == partition
                && now < session.ends
        })
    }
}
