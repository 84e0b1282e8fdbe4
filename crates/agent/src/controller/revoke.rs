//! Telling portals that a person has signed out. AWS is asked while the person waits, for a few seconds at most: what
//! they signed out of is forgotten here in any case.

use super::Controller;
use super::tasks::Done;
use crate::listener::ReplySender;
use crate::vault::PortalSession;
use holdfast_agent_proto::Reply;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::Aws;
use holdfast_core::sso::Portal;
use std::sync::Arc;
use std::time::Duration;

/// How long the person waits for AWS.
const WITHIN: Duration = Duration::from_secs(5);

/// Portals that were told, and who waits for that.
pub(super) struct Revoked {
    outcomes: Vec<(String, Result<(), Failure>)>,
    replies: ReplySender,
}

impl<S: Aws> Controller<S> {
    /// Ends sign-ins at AWS too, and then answers.
    pub(super) fn revoke(
        &mut self,
        sign_ins: Vec<(Portal, Arc<PortalSession>)>,
        replies: ReplySender,
    ) {
        if sign_ins.is_empty() {
            return replies.reply(Reply::Done);
        }
        let aws = Arc::clone(&self.aws);
        self.tasks.spawn(async move {
            let mut outcomes = Vec::new();
            for (portal, session) in sign_ins {
                let ending = aws.logout(&portal, &session.token.access_token);
                let ended = tokio::time::timeout(WITHIN, ending).await;
                let outcome = ended.unwrap_or_else(|_| Err(unanswered(&portal)));
                outcomes.push((portal.title().to_owned(), outcome));
            }
            Done::Revoked(Revoked { outcomes, replies })
        });
    }

    pub(super) fn revoked(&mut self, revoked: Revoked) {
        for (portal, outcome) in revoked.outcomes {
            match outcome {
                Ok(()) => tracing::info!(portal, "signed out at AWS too"),
                // One that has ended needs no end.
                Err(failure) if failure.kind == FailureKind::SessionEnded => {}
                Err(failure) => tracing::warn!(portal, %failure, "not signed out at AWS"),
            }
        }
        self.aws.close_connections();
        revoked.replies.reply(Reply::Done);
    }
}

fn unanswered(portal: &Portal) -> Failure {
    Failure {
        kind: FailureKind::Offline,
        message: format!("{} did not answer in time", portal.title()),
        answered: false,
        retry_at: None,
    }
}
