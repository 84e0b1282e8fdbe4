//! The Activity page: who received which credentials when, what was refused, what became of sessions and keys.

mod words;

#[cfg(test)]
mod tests;

use holdfast_agent_proto::view::{ActivityKind, ActivityView};
use serde::Serialize;

/// Some of what the agent did, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ActivityPage {
    /// One row an entry.
    pub rows: Vec<ActivityRow>,
    /// There are older ones.
    pub more: bool,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ActivityRow {
    /// Grows with every entry. One that happens again within a minute keeps its own.
    pub id: u64,
    /// When, in seconds since 1970.
    pub at: i64,
    /// The shape in front.
    pub sign: Sign,
    /// What the shape means.
    pub meaning: String,
    /// Who asked, or what happened without anybody asking.
    pub title: String,
    /// The rest of it, in one line.
    pub words: String,
    /// Why somebody got nothing, or something did not work.
    pub reason: Option<String>,
    /// The profile concerned.
    pub profile: Option<String>,
    /// How often within a minute.
    pub times: u32,
    /// Somebody asked and got nothing.
    pub refused: bool,
}

/// A kind of happening that is told by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// Credentials left the agent.
    Given,
    /// Somebody asked and got nothing.
    Refused,
    /// A session is there or renewed.
    Opened,
    /// A session is gone because a person wanted that.
    Closed,
    /// A session is gone or may soon be, and nobody wanted that.
    Failed,
    /// The agent was locked or unlocked.
    Lock,
    /// An access key came or went.
    Key,
}

impl ActivityPage {
    /// The page of what the agent told.
    pub fn new(entries: &[ActivityView], more: bool) -> Self {
        Self {
            rows: entries.iter().map(row).collect(),
            more,
        }
    }
}

fn row(entry: &ActivityView) -> ActivityRow {
    let told = words::of(entry);
    ActivityRow {
        id: entry.id,
        at: entry.at,
        sign: sign(entry.kind),
        meaning: words::meaning(entry.kind).to_owned(),
        title: told.title,
        words: told.words,
        reason: entry.error.as_ref().map(words::reason),
        profile: entry.profile.clone(),
        times: entry.times,
        refused: matches!(entry.kind, ActivityKind::Refused | ActivityKind::Declined),
    }
}

fn sign(kind: ActivityKind) -> Sign {
    match kind {
        ActivityKind::GitCredential
        | ActivityKind::Credentials
        | ActivityKind::ConsoleLink
        | ActivityKind::RepositoryCreated => Sign::Given,
        ActivityKind::Refused | ActivityKind::Declined => Sign::Refused,
        ActivityKind::SignedIn | ActivityKind::Renewed => Sign::Opened,
        ActivityKind::SignedOut => Sign::Closed,
        ActivityKind::SignedOutByAws | ActivityKind::RefreshFailed => Sign::Failed,
        ActivityKind::Locked | ActivityKind::Unlocked => Sign::Lock,
        ActivityKind::KeyAdded | ActivityKind::KeyRemoved => Sign::Key,
    }
}
