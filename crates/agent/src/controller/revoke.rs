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
use tokio::task::JoinSet;

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
        let mut ending = JoinSet::new();
        for (portal, session) in sign_ins {
            let aws = Arc::clone(&aws);
            ending.spawn(async move {
                let ending = aws.logout(&portal, &session.token.access_token);
                let ended = tokio::time::timeout(WITHIN, ending).await;
                let outcome = ended.unwrap_or_else(|_| Err(unanswered(&portal)));
                (portal.title().to_owned(), outcome)
            });
        }
        self.tasks.spawn(async move {
            let outcomes = ending.join_all().await;
            Done::Revoked(Revoked { outcomes, replies })
        });
    }

    pub(super) fn revoked(&mut self, revoked: Revoked) {
        self.portals.not_told = None;
        for (portal, outcome) in revoked.outcomes {
            match outcome {
                Ok(()) => tracing::info!(portal, "signed out at AWS too"),
                // One that has ended needs no end.
                Err(failure) if failure.kind == FailureKind::SessionEnded => {}
                Err(failure) => {
                    tracing::warn!(portal, %failure, "not signed out at AWS");
                    self.portals.not_told = Some(format!(
                        "{portal} could not be told that you signed out ({failure}); its tokens are forgotten here, so \
                         nobody can use them, and AWS ends the session by itself"
                    ));
                }
            }
        }
        self.aws.close_connections();
        self.tell_status();
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
