//! A sign-in with the browser that is under way, as the popup and the main window show it.
//!
//! The page that a browser opens stays on the Rust side, which opens and copies it: its address is long,
//! belongs to this one sign-in, and is of no use to be read. The page of another device is short, and typed.

use crate::page::Trouble;
use crate::page::prompt::PromptNotice;
use holdfast_agent_proto::view::{SignInMethod, SignInView};
use holdfast_agent_proto::{ClientError, SignInTarget};
use serde::{Deserialize, Serialize};

/// A sign-in that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SignInPage {
    /// The agent's number for it.
    pub id: u64,
    /// What is signed in to, for example `corp.awsapps.com`.
    pub title: String,
    /// The code and where it is typed, when it is done on another device.
    pub device: Option<DeviceCode>,
    /// When it ends by itself, in seconds since 1970.
    pub expires_at: i64,
    /// Profiles that it unlocks.
    pub profiles: Vec<String>,
    /// The person is done; the session is being fetched.
    pub answered: bool,
}

/// What a person types on another device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DeviceCode {
    /// The code, as AWS writes it.
    pub code: String,
    /// The page to type it on, without what every browser adds by itself.
    pub address: String,
}

/// A sign-in that was just begun in the main window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StartedSignIn {
    /// The sign-in.
    pub sign_in: SignInPage,
    /// The link was copied, and no browser was opened.
    pub copied: bool,
    /// Why the page was not opened.
    pub trouble: Option<Trouble>,
}

/// What a person wants to sign in to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum SignInGoal {
    /// What a profile's chain needs.
    Profile {
        /// Its name.
        name: String,
    },
    /// A portal.
    Portal {
        /// Its start URL.
        start_url: String,
        /// Region of the identity center.
        region: String,
    },
}

impl From<SignInGoal> for SignInTarget {
    fn from(goal: SignInGoal) -> Self {
        match goal {
            SignInGoal::Profile { name } => Self::Profile(name),
            SignInGoal::Portal { start_url, region } => Self::Portal { start_url, region },
        }
    }
}

/// What a person chose to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SignInWay {
    /// The browser, as the settings for this portal say.
    Browser,
    /// The link to the page is copied, and opened by the person.
    CopyLink,
    /// A code for another device is shown.
    Device,
}

impl SignInWay {
    /// The same to the agent.
    pub fn method(self) -> SignInMethod {
        match self {
            Self::Browser | Self::CopyLink => SignInMethod::Browser,
            Self::Device => SignInMethod::Device,
        }
    }
}

impl From<&SignInView> for SignInPage {
    fn from(view: &SignInView) -> Self {
        let code = view.user_code.clone();
        Self {
            id: view.id,
            title: view.title.clone(),
            device: code.map(|code| DeviceCode {
                code,
                address: typed(&view.url).to_owned(),
            }),
            expires_at: view.expires_at,
            profiles: view.profiles.clone(),
            answered: view.answered,
        }
    }
}

/// Why a sign-in did not come to its end; `None` when the person ended it and need not be told.
pub fn why_not(error: ClientError, cancelled: bool) -> Option<PromptNotice> {
    if let ClientError::Refused(error) = error {
        return PromptNotice::of_sign_in(&error, cancelled);
    }
    // When the agent is gone, that is told by itself.
    (!error.agent_went_away()).then(|| PromptNotice::of_no_answer(&error))
}

/// As a person types it: without scheme, and without a slash at its end.
fn typed(url: &str) -> &str {
    url.strip_prefix("https://")
        .unwrap_or(url)
        .trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_of_another_device_is_told() {
        let browser = SignInView {
            url: "https://oidc.eu-west-1.amazonaws.com/authorize?state=x".to_owned(),
            ..SignInView::default()
        };
        assert_eq!(SignInPage::from(&browser).device, None);
        for (url, expect) in [
            (
                "https://device.sso.eu-west-1.amazonaws.com/",
                "device.sso.eu-west-1.amazonaws.com",
            ),
            (
                "https://corp.awsapps.com/start/#/device",
                "corp.awsapps.com/start/#/device",
            ),
        ] {
            let device = SignInView {
                method: SignInMethod::Device,
                url: url.to_owned(),
                user_code: Some("ABCD-EFGH".to_owned()),
                ..SignInView::default()
            };
            let told = SignInPage::from(&device).device.unwrap();
            assert_eq!(
                (told.code.as_str(), told.address.as_str()),
                ("ABCD-EFGH", expect)
            );
        }
    }
}
