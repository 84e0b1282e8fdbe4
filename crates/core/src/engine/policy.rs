//! The numbers behind the engine's decisions.

use crate::chain::Opening;
use crate::failure::{Failure, FailureKind};
use crate::time::Timestamp;

/// Credentials are only served with at least this many seconds left.
pub const SERVE_MARGIN_SECONDS: i64 = 300;

/// Credentials sign the next step of a chain until this many seconds before their end.
pub(super) const SIGN_MARGIN_SECONDS: i64 = 30;

/// What the settings decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Lifetime in seconds that a session with MFA is asked for when the profile does not say.
    pub mfa_duration_seconds: u32,
    /// How many seconds before its end a session that only a person can renew is announced; largest first. A sign-in
    /// with the browser is announced once, at the largest.
    pub notice_seconds: Vec<u32>,
    /// For how many seconds a declined or ignored prompt is not opened again.
    pub decline_seconds: i64,
    /// For how many seconds after its last use a session is renewed silently.
    pub keep_alive_seconds: i64,
    /// For how many seconds a session without credentials stays listed after its last use.
    pub list_seconds: i64,
    /// Spreads retries, so that many machines do not ask at once.
    pub jitter_seed: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            mfa_duration_seconds: 12 * 3600,
            notice_seconds: vec![900, 300],
            decline_seconds: 300,
            keep_alive_seconds: 12 * 3600,
            list_seconds: 7 * 24 * 3600,
            jitter_seed: 0,
        }
    }
}

impl Policy {
    /// How many seconds before its end a session of this lifetime is renewed.
    ///
    /// A sign-in's token is renewed before any other program would: the AWS CLI does it a quarter of an hour ahead, and
    /// two that refresh at once may lose the sign-in.
    pub(super) fn refresh_ahead_seconds(&self, opening: Opening<'_>, lifetime_seconds: i64) -> i64 {
        let part = match opening {
            Opening::Browser => 3,
            Opening::Silent | Opening::Code(_) => 6,
        };
        (lifetime_seconds / part).clamp(SERVE_MARGIN_SECONDS + 60, 1200)
    }

    /// When a call may be tried again after `failures` failures in a row.
    pub(super) fn retry_at(
        &self,
        failure: &Failure,
        failures: u32,
        attempt: u64,
        now: Timestamp,
    ) -> Timestamp {
        if let Some(asked) = failure.retry_at {
            return asked.max(now.plus_seconds(1));
        }
        let seconds = match failure.kind {
            FailureKind::Offline
            | FailureKind::Intercepted
            | FailureKind::Server
            | FailureKind::Throttled => {
                let doubled = 5_i64 << failures.saturating_sub(1).min(3);
                doubled.min(30) + self.jitter(attempt)
            }
            // Long enough for a burst of callers to share one answer, short enough for a person.
            FailureKind::WrongCode
            | FailureKind::MfaMissing
            | FailureKind::KeyInactive
            | FailureKind::SessionEnded
            | FailureKind::Denied
            | FailureKind::InvalidRequest
            | FailureKind::ClockSkew
            | FailureKind::AuthorizationPending
            | FailureKind::SlowDown
            | FailureKind::ClientUnknown
            | FailureKind::Exists
            | FailureKind::SourceUnavailable => 2,
        };
        now.plus_seconds(seconds)
    }

    /// Zero to four seconds, the same for the same attempt (SplitMix64's mixing function).
    fn jitter(&self, attempt: u64) -> i64 {
        let mut mixed = self
            .jitter_seed
            .wrapping_add(attempt.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) % 5).unwrap_or(0)
    }
}
