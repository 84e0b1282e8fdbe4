//! The handles on what sessions come from besides access keys.

use std::time::Duration;

use jiff::SignedDuration;

use super::Sim;
use crate::hidden::Hidden;

impl Sim {
    /// A token of the OpenID Connect provider behind `issuer` for this subject, good for `lifetime` of simulated time.
    pub fn web_identity_token(
        &self,
        issuer: &str,
        subject: &str,
        lifetime: Duration,
    ) -> Option<Hidden> {
        let lifetime = SignedDuration::try_from(lifetime).unwrap_or(SignedDuration::MAX);
        let now = self.shared.clock.now();
        self.shared
            .world()
            .issue_web_identity(issuer, subject, lifetime, now)
    }

    /// Lets a provider vouch no longer for a subject. Says whether there is such a provider.
    pub fn reject_web_identity(&self, issuer: &str, subject: &str) -> bool {
        self.shared.world().reject_web_identity(issuer, subject)
    }
}
