//! Console sessions lent to command line tools (`aws login`): codes, refresh tokens and what they are bound to.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{Owner, World};
use crate::arn::Arn;
use crate::clock::shifted;
use crate::hidden::Hidden;
use crate::jwt::SigningKey;
use crate::random;

/// How long a code waits to be exchanged.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// How long a person stays signed in.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// How long the number of a proof is remembered: longer than a proof is good.
const PROOF_MEMORY: SignedDuration = SignedDuration::from_mins(10);

/// What happens to a refresh token that is used a second time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoginReuse {
    /// It brings the same successor again, as AWS documents it: a lost answer costs nothing.
    #[default]
    SameSuccessor,
    /// It ends the session, as OAuth recommends it (RFC 9700, section 4.14.2).
    EndsSession,
}

/// The sign-ins of one simulated AWS.
#[derive(Debug, Default)]
pub(crate) struct ConsoleLogins {
    /// ARNs of the users and role sessions that are signed in to the console in the browser.
    pub(crate) people: Vec<String>,
    pub(crate) reuse: LoginReuse,
    /// Signs identity tokens.
    pub(crate) key: Option<SigningKey>,
    codes: Vec<LoginCode>,
    sessions: Vec<LoginSession>,
    /// Refresh tokens, each with the place of its session, and its successor once it was used.
    refresh_tokens: HashMap<String, RefreshToken>,
    /// Numbers of the proofs seen lately.
    proofs: HashMap<String, Timestamp>,
}

/// A code that a browser brings back to the client.
#[derive(Debug)]
pub(crate) struct LoginCode {
    pub(crate) code: Hidden,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// The SHA-256 of the verifier, in URL-safe base64.
    pub(crate) challenge: String,
    pub(crate) arn: String,
    expires: Timestamp,
}

/// One sign-in of a person, until it ends.
#[derive(Clone, Debug)]
pub(crate) struct LoginSession {
    pub(crate) arn: String,
    pub(crate) client_id: String,
    /// The thumbprint of the key that every proof is made with (RFC 7638).
    pub(crate) thumbprint: String,
    pub(crate) ends: Timestamp,
    /// The person's credentials were changed: nothing is renewed any more.
    pub(crate) revoked: bool,
}

#[derive(Debug)]
struct RefreshToken {
    session: usize,
    successor: Option<Hidden>,
}

/// Why a refresh token brings nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefreshRefused {
    /// Unknown, of another client, or bound to another key.
    Invalid,
    /// The session has ended.
    Ended,
    /// The session was revoked.
    Revoked,
}

impl ConsoleLogins {
    /// A code for what a person agreed to.
    pub(crate) fn offer(
        &mut self,
        client_id: &str,
        redirect_uri: &str,
        challenge: &str,
        arn: &str,
        now: Timestamp,
    ) -> Hidden {
        let code = Hidden::new(random::uuid());
        self.codes.push(LoginCode {
            code: code.clone(),
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            challenge: challenge.to_owned(),
            arn: arn.to_owned(),
            expires: shifted(now, CODE_LIFETIME),
        });
        code
    }

    /// The code of this text, which is used up by that.
    pub(crate) fn redeem(&mut self, text: &str, now: Timestamp) -> Option<LoginCode> {
        let place = self
            .codes
            .iter()
            .position(|code| code.code.reveal() == text)?;
        let code = self.codes.remove(place);
        (now < code.expires).then_some(code)
    }

    /// Signs a person in; the answer is the session and its first refresh token.
    pub(crate) fn open(
        &mut self,
        code: &LoginCode,
        thumbprint: String,
        now: Timestamp,
    ) -> (LoginSession, Hidden) {
        let session = LoginSession {
            arn: code.arn.clone(),
            client_id: code.client_id.clone(),
            thumbprint,
            ends: shifted(now, SESSION_LIFETIME),
            revoked: false,
        };
        self.sessions.push(session.clone());
        let token = self.issue(self.sessions.len() - 1);
        (session, token)
    }

    /// The session behind a refresh token, and the next token.
    pub(crate) fn refresh(
        &mut self,
        text: &str,
        client_id: &str,
        thumbprint: &str,
        now: Timestamp,
    ) -> Result<(LoginSession, Hidden), RefreshRefused> {
        let known = self.refresh_tokens.get(text);
        let known = known.ok_or(RefreshRefused::Invalid)?;
        let (place, successor) = (known.session, known.successor.clone());
        let session = self
            .sessions
            .get_mut(place)
            .filter(|session| session.client_id == client_id && session.thumbprint == thumbprint)
            .ok_or(RefreshRefused::Invalid)?;
        if successor.is_some() && self.reuse == LoginReuse::EndsSession {
            session.revoked = true;
        }
        if session.revoked {
            return Err(RefreshRefused::Revoked);
        }
        if session.ends <= now {
            return Err(RefreshRefused::Ended);
        }
        let session = session.clone();
        let next = match successor {
            Some(successor) => successor,
            None => {
                let next = self.issue(place);
                if let Some(used) = self.refresh_tokens.get_mut(text) {
                    used.successor = Some(next.clone());
                }
                next
            }
        };
        Ok((session, next))
    }

    /// Whether the number of a proof was not seen before; it is from now on.
    pub(crate) fn is_new_proof(&mut self, number: &str, now: Timestamp) -> bool {
        self.proofs
            .retain(|_, seen| now.duration_since(*seen) < PROOF_MEMORY);
        self.proofs.insert(number.to_owned(), now).is_none()
    }

    /// Lets every session run out now.
    pub(crate) fn expire_all(&mut self, now: Timestamp) {
        for session in &mut self.sessions {
            session.ends = session.ends.min(now);
        }
    }

    /// Revokes every session, as a changed password does.
    pub(crate) fn revoke_all(&mut self) {
        for session in &mut self.sessions {
            session.revoked = true;
        }
    }

    fn issue(&mut self, session: usize) -> Hidden {
        let token = Hidden::new(format!("ASOR{}", random::session_token().reveal()));
        let known = RefreshToken {
            session,
            successor: None,
        };
        self.refresh_tokens.insert(token.reveal().to_owned(), known);
        token
    }
}

impl World {
    /// The account of a person signed in to the console, and whose credentials they get.
    pub(crate) fn console_person(&self, arn: &str) -> Option<(&str, Owner)> {
        let parsed = Arn::parse(arn)?;
        let account = self.accounts.get(parsed.account)?;
        let mut parts = parsed.resource.split('/');
        let owner = match (parts.next()?, parts.next()?, parts.next()) {
            ("user", name, None) => {
                account.users.get(name)?;
                Owner::User {
                    name: name.to_owned(),
                }
            }
            ("assumed-role", name, Some(session_name)) => {
                account.roles.get(name).filter(|role| !role.suspended)?;
                Owner::Role {
                    name: name.to_owned(),
                    session_name: session_name.to_owned(),
                    source_identity: None,
                    chained: false,
                    policy: None,
                }
            }
            _ => return None,
        };
        Some((&account.id, owner))
    }
}
