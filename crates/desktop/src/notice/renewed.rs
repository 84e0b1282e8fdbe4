//! Sessions that were renewed, found by comparing what the agent tells with what it told before.

use holdfast_agent_proto::view::SessionView;
use std::collections::BTreeMap;

/// When each session was opened.
#[derive(Debug, Default)]
pub(super) struct Renewed {
    opened: Option<BTreeMap<String, i64>>,
}

impl Renewed {
    /// The agent is another one now: what it tells first is compared with nothing.
    pub(super) fn forget(&mut self) {
        self.opened = None;
    }

    /// The sessions that have newer credentials than before.
    pub(super) fn look<'a>(&mut self, sessions: &'a [SessionView]) -> Vec<&'a SessionView> {
        let opened = sessions
            .iter()
            .filter_map(|session| Some((session.id.clone(), session.opened_at?)))
            .collect();
        let Some(before) = self.opened.replace(opened) else {
            return Vec::new();
        };
        let newer = |session: &&SessionView| {
            let earlier = before.get(&session.id);
            earlier.is_some_and(|earlier| session.opened_at > Some(*earlier))
        };
        sessions.iter().filter(newer).collect()
    }
}
