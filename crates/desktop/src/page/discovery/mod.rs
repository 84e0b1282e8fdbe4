//! The accounts and roles of a portal of IAM Identity Center, and the profiles that are made for them.

mod change;
mod collected;
mod preview;
mod search;

pub use change::{
    make_discovery, make_removal_of_discovered, plan_discovery, plan_removal_of_discovered,
};
pub use collected::Collected;
pub use preview::{DiscoveryPreview, PreviewRow, preview};
pub use search::Discovery;

use super::Trouble;
use crate::agent::Agent;
use crate::portal::host;
use holdfast_agent_proto::view::{PortalView, SessionState};
use holdfast_setup::discovery::{NameTemplate, Portal, written};
use serde::{Deserialize, Serialize};

/// Where a person may begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryStart {
    /// The portals that the AWS files name.
    pub portals: Vec<PortalChoice>,
    /// The template that profiles are named by unless the person has another.
    pub template: String,
    /// How many profiles the block in the config file holds.
    pub written: usize,
}

/// A portal to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PortalChoice {
    /// Which.
    #[serde(flatten)]
    pub portal: PortalName,
    /// What people call it.
    pub title: String,
    /// Names of the `sso-session` sections that name it.
    pub sso_sessions: Vec<String>,
    /// Somebody is signed in to it.
    pub signed_in: bool,
}

/// A portal by what tells it from every other one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PortalName {
    /// Its start URL.
    pub start_url: String,
    /// Region of the identity center.
    pub region: String,
}

impl PortalName {
    /// As a person typed it: `https://` may be left away.
    #[must_use]
    pub fn completed(self) -> Self {
        let typed = self.start_url.trim();
        let start_url = match typed.contains("://") {
            true => typed.to_owned(),
            false => format!("https://{typed}"),
        };
        Self {
            start_url,
            region: self.region.trim().to_owned(),
        }
    }
}

impl From<&PortalName> for Portal {
    fn from(name: &PortalName) -> Self {
        Self {
            start_url: name.start_url.clone(),
            region: name.region.clone(),
        }
    }
}

impl From<PortalView> for PortalChoice {
    fn from(view: PortalView) -> Self {
        Self {
            title: host(&view.start_url).to_owned(),
            portal: PortalName {
                start_url: view.start_url,
                region: view.region,
            },
            sso_sessions: view.sso_sessions,
            signed_in: matches!(view.state, SessionState::Valid | SessionState::Expiring),
        }
    }
}

impl DiscoveryStart {
    /// Looks at the user's files and asks the agent.
    ///
    /// # Errors
    /// When a file cannot be read or the agent cannot be asked.
    pub fn read(agent: &Agent) -> Result<Self, Trouble> {
        let portals = agent.portals()?;
        Ok(Self {
            portals: portals.into_iter().map(PortalChoice::from).collect(),
            template: NameTemplate::DEFAULT.to_owned(),
            written: written(agent.context())?.len(),
        })
    }
}

/// How far the search for accounts and roles is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryPage {
    /// What it is doing.
    pub phase: DiscoveryPhase,
    /// How many accounts are known with their roles.
    pub done: u32,
    /// How many accounts there are, as far as that is known.
    pub total: u32,
    /// When AWS was asked, in seconds since 1970.
    pub fetched_at: Option<i64>,
    /// What keeps it from going on.
    pub trouble: Option<Trouble>,
    /// The accounts from the number on that was asked for. One that comes again takes the place of the one before.
    pub accounts: Vec<FoundAccount>,
    /// The number to ask from the next time.
    pub next: usize,
    /// Roles of this portal that have a profile in Holdfast's block.
    pub written: Vec<WrittenRole>,
}

/// What the search is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum DiscoveryPhase {
    /// AWS is being asked.
    #[default]
    Searching,
    /// The person paused it; what is known is kept.
    Paused,
    /// Everything is known.
    Done,
    /// Nobody is signed in to the portal.
    SignedOut,
    /// It cannot go on now; the trouble says why. What is known is kept.
    Failed,
}

/// An account with its roles. Names are as AWS has them, but for characters that are not seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FoundAccount {
    /// Twelve digits.
    pub id: String,
    /// The same in groups of four.
    pub grouped: String,
    /// Name of the account.
    pub name: String,
    /// Address of the account's owner.
    pub email: String,
    /// Names of the roles.
    pub roles: Vec<String>,
}

/// A role that has a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct WrittenRole {
    /// The account.
    pub account_id: String,
    /// The role.
    pub role_name: String,
    /// Name of the profile.
    pub profile: String,
}

/// What a person chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryChoice {
    /// The portal.
    pub portal: PortalName,
    /// The ticked roles: account, then the names of its roles.
    pub roles: Vec<(String, Vec<String>)>,
    /// How new profiles are named.
    pub template: String,
    /// Default region of new profiles; may be empty.
    pub region: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_url_may_be_typed_without_its_scheme() {
        for (typed, expect) in [
            (" corp.awsapps.com/start ", "https://corp.awsapps.com/start"),
            (
                "https://corp.awsapps.com/start",
                "https://corp.awsapps.com/start",
            ),
            ("http://x", "http://x"),
        ] {
            let name = PortalName {
                start_url: typed.to_owned(),
                region: " eu-west-1 ".to_owned(),
            };
            let completed = name.completed();
            assert_eq!(
                (completed.start_url.as_str(), completed.region.as_str()),
                (expect, "eu-west-1")
            );
        }
    }
}
