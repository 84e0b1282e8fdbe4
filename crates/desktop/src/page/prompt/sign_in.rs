//! A sign-in with the browser that is asked for, in words.

use crate::page::sign_in::SignInPage;
use holdfast_agent_proto::view::{PromptView, SignInKind};
use holdfast_settings::{Browser, DeviceCode, Settings};
use serde::Serialize;

/// What is signed in to, and how that can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BrowserSignIn {
    /// What, for example `corp.awsapps.com`.
    pub portal: String,
    /// The person opens the link by themselves, as the settings say: it is copied.
    pub copies_link: bool,
    /// It may be done on another device.
    pub device_allowed: bool,
    /// The link was copied and no browser was opened.
    pub copied: bool,
    /// The sign-in that is under way.
    pub under_way: Option<SignInPage>,
}

impl BrowserSignIn {
    /// Nothing where a code is asked for.
    pub(super) fn of(prompt: &PromptView, settings: &Settings, copied: bool) -> Option<Self> {
        if prompt.sign_in != SignInKind::Browser {
            return None;
        }
        let portal = prompt.portal.clone().unwrap_or_default();
        Some(Self {
            copies_link: copies_link(settings, &portal),
            device_allowed: settings.sso.device_code == DeviceCode::Allow,
            copied,
            under_way: prompt.under_way.as_ref().map(SignInPage::from),
            portal,
        })
    }
}

/// Only the words of the button depend on this: what is done with the link, the agent says by the start URL.
fn copies_link(settings: &Settings, portal: &str) -> bool {
    let host = |url: &str| -> Option<String> {
        let (_, rest) = url.split_once("://")?;
        rest.split('/').next().map(str::to_ascii_lowercase)
    };
    let mut portals = settings.portals.iter();
    portals.any(|(url, it)| it.browser == Browser::CopyLink && host(url).as_deref() == Some(portal))
}
