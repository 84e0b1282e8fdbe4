//! A choice between profiles that all fit a repository, in words.

use crate::words::{group_accounts, grouped};
use holdfast_agent_proto::view::{CandidateView, PromptView};
use serde::Serialize;

/// What a profile is chosen for, and the profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ProfileChoice {
    /// Name of the repository.
    pub repository: String,
    /// Its Region.
    pub region: String,
    /// Host of the repository.
    pub host: String,
    /// The profiles, sorted by name.
    pub candidates: Vec<Candidate>,
    /// A profile that was remembered for the repository and is gone.
    pub forgotten: Option<String>,
}

/// A profile to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its name.
    pub profile: String,
    /// Where its credentials come from and what they become.
    pub chain: String,
    /// Its account, in groups of four digits, as far as it is known.
    pub account: Option<String>,
}

impl ProfileChoice {
    /// Nothing where a code or a sign-in is asked for.
    pub(super) fn of(prompt: &PromptView) -> Option<Self> {
        let choice = prompt.choice.as_ref()?;
        Some(Self {
            repository: choice.repository.clone(),
            region: choice.region.clone(),
            host: choice.host.clone(),
            candidates: choice.candidates.iter().map(Candidate::from).collect(),
            forgotten: choice.forgotten.clone(),
        })
    }
}

impl From<&CandidateView> for Candidate {
    fn from(view: &CandidateView) -> Self {
        Self {
            profile: view.profile.clone(),
            chain: group_accounts(&view.chain),
            account: view.account_id.as_deref().map(grouped),
        }
    }
}
