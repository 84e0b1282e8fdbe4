//! Failed calls, put into the words and kinds of [`holdfast_core::failure`].

mod answer;
mod denial;
mod refusal;
mod text;
mod unanswered;

pub(crate) use answer::{Answer, blames_the_clock, refused};
pub(crate) use refusal::Refusal;
pub(crate) use text::{name, printable};
pub(crate) use unanswered::{broke_off, timed_out, unreachable};

use holdfast_core::failure::{Failure, FailureKind};

/// A failure that AWS had no part in.
pub(crate) fn local(kind: FailureKind, message: String) -> Failure {
    Failure {
        kind,
        message,
        answered: false,
        retry_at: None,
    }
}
