//! The end of sign-ins: who waited is told, and what failed is said in words.

use super::super::Controller;
use super::super::requests::Want;
use super::{Awaiting, Outcome, SignIns};
use crate::explain;
use holdfast_agent_proto::AgentError;
use holdfast_agent_proto::view::SignInMethod;
use holdfast_core::chain::{Chain, SessionKey};
use holdfast_core::engine::{Interaction, Refusal, WaiterId};
use holdfast_core::port::Aws;

impl<S: Aws> Controller<S> {
    /// A sign-in opened its session. False when the waiter is no sign-in.
    pub(in super::super) fn sign_in_served(&mut self, waiter: WaiterId, key: &SessionKey) -> bool {
        let Some((id, sign_in)) = self.sign_ins.take(waiter) else {
            return false;
        };
        let outcome = Outcome {
            key: key.clone(),
            chain: sign_in.chain,
        };
        self.sign_ins.remember(id, Ok(outcome.clone()));
        self.portals.not_told = None;
        // Nobody has seen the page, which is no matter any more.
        drop(sign_in.starting);
        for awaiting in sign_in.awaiting {
            self.tell_outcome(awaiting, Ok(outcome.clone()));
        }
        true
    }

    /// A sign-in came to nothing. False when the waiter is no sign-in.
    pub(in super::super) fn sign_in_refused(
        &mut self,
        waiter: WaiterId,
        refusal: &Refusal,
    ) -> bool {
        let Some((id, sign_in)) = self.sign_ins.take(waiter) else {
            return false;
        };
        let portal = sign_in.chain.source.portal();
        if let (Refusal::Failed(_), Some(portal), false) = (refusal, portal, sign_in.answered) {
            // The page may have refused the client, which nobody but the person was told.
            let with_redirect = sign_in.method == SignInMethod::Browser;
            self.portals.forget_client(portal, with_redirect);
            self.save();
        }
        let told = self.why_not_signed_in(&sign_in.chain, refusal);
        self.note_refused(&sign_in.caller, Some(&sign_in.chain.profile), None, &told);
        self.sign_ins.remember(id, Err(told.clone()));
        for replies in sign_in.starting {
            replies.error(told.clone());
        }
        for awaiting in sign_in.awaiting {
            awaiting.replies.error(told.clone());
        }
        true
    }

    /// Tells a client how a sign-in ended. The rest of the chain is opened first, so that a role that may not be used
    /// shows now and not in the middle of a push.
    pub(super) fn tell_outcome(
        &mut self,
        awaiting: Awaiting,
        outcome: Result<Outcome, AgentError>,
    ) {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(told) => return awaiting.replies.error(told),
        };
        let asked = Self::asked_of(&outcome.chain, awaiting);
        let goes_on = asked.chain.keys().last() != Some(&outcome.key);
        if goes_on {
            return self.queue(asked, Want::SignedIn(outcome.key), Interaction::Never, 0);
        }
        let answer = self.logged_in(&outcome.key, &asked);
        self.finish_when_saved(asked.replies, answer);
    }

    /// A sign-in is given up before the browser came back: the page may have refused the client, which nobody but the
    /// person was told, so the next sign-in registers another.
    pub(super) fn doubt_client(&mut self, id: u64) {
        let Some(sign_in) = self.sign_ins.running.get(&id).filter(|it| !it.answered) else {
            return;
        };
        if let Some(portal) = sign_in.chain.source.portal() {
            let with_redirect = sign_in.method == SignInMethod::Browser;
            self.portals.forget_client(portal, with_redirect);
        }
    }

    fn why_not_signed_in(&self, chain: &Chain, refusal: &Refusal) -> AgentError {
        let profile = chain.profile.as_str();
        match refusal {
            Refusal::Failed(failure) => explain::not_signed_in(failure, chain),
            Refusal::Locked => explain::locked(),
            Refusal::Cancelled
            | Refusal::SignedOut
            | Refusal::PersonRequired { .. }
            | Refusal::Declined { .. }
            | Refusal::PromptTimeout { .. } => explain::sign_in_cancelled(profile),
        }
    }
}

impl SignIns {
    /// Whoever asks for the one is told of the other.
    pub(super) fn moved(&mut self, from: u64, to: u64) {
        for (_, now) in self.moved.iter_mut().filter(|(_, now)| *now == from) {
            *now = to;
        }
        self.moved.truncate(super::REMEMBERED - 1);
        self.moved.push_front((from, to));
    }

    /// The number under which a sign-in goes on.
    pub(super) fn current(&self, id: u64) -> u64 {
        let mut moved = self.moved.iter();
        moved
            .find(|(from, _)| *from == id)
            .map_or(id, |(_, to)| *to)
    }
}
