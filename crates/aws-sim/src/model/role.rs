//! IAM roles: who may assume them, what they may do, for how long.

use jiff::Timestamp;

use crate::policy::Document;

/// An IAM role.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) arn: String,
    /// `AROA…`.
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) trust: Document,
    pub(crate) policies: Vec<Document>,
    /// Seconds; 3600 to 43200.
    pub(crate) max_session_duration: i64,
    /// Nobody may assume the role for now.
    pub(crate) suspended: bool,
    /// Sessions issued before this time may do nothing any more.
    pub(crate) revoked_before: Option<Timestamp>,
}
