//! IAM policies: documents as AWS writes them, and the decision they lead to.

mod condition;
mod document;
mod evaluate;
mod pattern;

pub(crate) use document::Document;
pub(crate) use evaluate::{Context, Decision, Question, decide};
