//! Whether AWS can be reached.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use holdfast_agent_proto::ErrorCode;

/// What the last calls to AWS met.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let Some(status) = seen.status() else {
        return Vec::new();
    };
    let mut errors = status
        .sessions
        .iter()
        .filter_map(|session| session.error.as_ref());
    let offline = errors.find(|error| error.code == ErrorCode::Offline);
    match (status.online, offline) {
        (Some(false), Some(error)) => {
            let finding = Check::Network.problem(
                error.message.clone(),
                "nothing can be renewed; sessions are kept for as long as they are good",
            );
            vec![finding.hints(&error.hints)]
        }
        (Some(false), None) => vec![
            Check::Network
                .problem(
                    "AWS cannot be reached",
                    "nothing can be renewed; sessions are kept for as long as they are good",
                )
                .advise("check the network, HTTPS_PROXY and the [network] settings"),
        ],
        (Some(true), _) => vec![Check::Network.good("AWS answers")],
        (None, _) => vec![Check::Network.note("AWS was not asked yet", "")],
    }
}
