//! How the keychain is, in a word and in a sentence.

use crate::backend::Kind;

/// How a keychain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Not asked yet.
    Unknown,
    /// Answers.
    Ready,
    /// Has to be unlocked by the person.
    Locked,
    /// There is none.
    Absent,
    /// Does not answer in time.
    Hung,
    /// Answers with an error.
    Failing,
}

/// How the keychain was at the last call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Which keychain is used.
    pub kind: Kind,
    /// How it is.
    pub state: State,
    /// More about a state that is neither [`State::Unknown`] nor [`State::Ready`]: what is
    /// the matter and what to do.
    pub message: Option<String>,
}

impl Status {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            state: State::Unknown,
            message: None,
        }
    }
}

/// What a person can do about a state, for the kinds of keychain where that is the same for all errors.
pub(crate) fn advice(kind: Kind, state: State) -> Option<&'static str> {
    match (kind, state) {
        (Kind::Os, State::Locked) => Some("the keychain is locked; run: holdfast unlock"),
        (Kind::File, State::Locked) => Some("the key file is locked; run: holdfast unlock"),
        (Kind::Os, State::Absent) => Some(
            "there is no keychain in this session; start one, or set HOLDFAST_KEYCHAIN=file to use a key file with a passphrase",
        ),
        (_, State::Hung) => {
            Some("the keychain does not answer; sessions are kept in memory until it does")
        }
        (Kind::Os | Kind::File | Kind::Memory, _) => None,
    }
}
