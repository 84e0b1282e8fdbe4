//! Profiles by where their chains start.

use super::{SessionGroup, SessionRow};
use crate::words::grouped;
use holdfast_agent_proto::view::{ProfileView, SourceView};
use std::collections::BTreeMap;

/// What `access-key` sources are called by the agent.
const ACCESS_KEY: &str = "access-key";

/// How the agent's words for Identity Center begin.
const SSO: &str = "sso-";

#[derive(Default)]
pub(super) struct Groups {
    /// By the words, so that what reads alike stands together.
    groups: BTreeMap<String, Vec<SessionRow>>,
}

impl Groups {
    pub(super) fn add(&mut self, profile: &ProfileView, row: SessionRow) {
        let title = match &profile.source {
            Some(source) => title(source),
            None => "Other profiles".to_owned(),
        };
        self.groups.entry(title).or_default().push(row);
    }

    pub(super) fn sorted(self) -> Vec<SessionGroup> {
        let groups = self.groups.into_iter();
        groups
            .map(|(title, rows)| SessionGroup { title, rows })
            .collect()
    }
}

fn title(source: &SourceView) -> String {
    let SourceView {
        kind,
        title,
        account_id,
    } = source;
    match (kind.as_str(), account_id) {
        (ACCESS_KEY, Some(account)) => format!("{title}, IAM user in {}", grouped(account)),
        (ACCESS_KEY, None) => format!("{title}, access key"),
        (kind, _) if kind.starts_with(SSO) => format!("{title}, Identity Center"),
        (kind, Some(account)) => format!("{title}, {kind} in {}", grouped(account)),
        (kind, None) => format!("{title}, {kind}"),
    }
}
