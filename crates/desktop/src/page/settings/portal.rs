//! `[portals."…"]`: what holds for one portal of IAM Identity Center, as it is shown and typed.

use super::command::{joined, split};
use super::{SettingValue, trouble};
use crate::page::Trouble;
use crate::portal::host;
use holdfast_agent_proto::view::PortalView;
use holdfast_settings::{Browser, Settings, SettingsError, SettingsFile, Value};
use serde::Serialize;
use std::path::Path;

/// What holds for a portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PortalValues {
    /// Its start URL.
    pub start_url: String,
    /// What people call it.
    pub title: String,
    /// `browser`: `default`, `copy-link` or `command`.
    pub browser: String,
    /// The program and its arguments, where `browser` is one; quotes hold what has spaces in it.
    pub command: String,
    /// `publish-token`
    pub publish_token: bool,
    /// `accept-aws-cli-token`
    pub accept_aws_cli_token: bool,
}

/// Those that the AWS files name, then those that only the settings do.
pub(super) fn values(settings: &Settings, portals: &[PortalView]) -> Vec<PortalValues> {
    let mut shown: Vec<PortalValues> = Vec::new();
    let named = portals.iter().map(|portal| portal.start_url.as_str());
    for start_url in named.chain(settings.portals.keys().map(String::as_str)) {
        let is_shown = |it: &PortalValues| is_same(&it.start_url, start_url);
        if !shown.iter().any(is_shown) {
            shown.push(value(settings, start_url));
        }
    }
    shown
}

fn value(settings: &Settings, start_url: &str) -> PortalValues {
    let portal = settings.portal(start_url);
    let (browser, command) = match &portal.browser {
        Browser::Default => ("default", String::new()),
        Browser::CopyLink => ("copy-link", String::new()),
        Browser::Command(words) => ("command", joined(words)),
    };
    PortalValues {
        start_url: start_url.to_owned(),
        title: host(start_url).to_owned(),
        browser: browser.to_owned(),
        command,
        publish_token: portal.publish_token,
        accept_aws_cli_token: portal.accept_aws_cli_token,
    }
}

/// A slash or `#/` at the end makes no difference.
fn is_same(one: &str, other: &str) -> bool {
    let ends = ['/', '#'];
    one.trim_end_matches(ends) == other.trim_end_matches(ends)
}

/// Changes one value for one portal; `command` is `browser` as a program with its arguments.
///
/// # Errors
/// When the file cannot be used or written, or the value does not do. The file is as it was then.
pub fn set_portal(
    file: &Path,
    start_url: &str,
    key: &str,
    value: SettingValue,
) -> Result<(), Trouble> {
    let failed = |error: SettingsError| trouble(&error);
    let (key, value) = match (key, value) {
        ("command", SettingValue::Text(text)) => ("browser", Value::from(split(&text)?)),
        (key, SettingValue::Text(text)) => (key, Value::from(text)),
        (key, SettingValue::Flag(flag)) => (key, Value::from(flag)),
        (_, SettingValue::Number(_) | SettingValue::Numbers(_)) => {
            return Err(Trouble::new("This setting is no number."));
        }
    };
    let mut settings = SettingsFile::load(file).map_err(failed)?;
    settings
        .set_portal(start_url, key, value)
        .and_then(|()| settings.save())
        .map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://corp.awsapps.com/start";

    #[test]
    fn every_portal_is_shown_once_and_changed_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let portals = [PortalView {
            start_url: URL.to_owned(),
            ..PortalView::default()
        }];
        let set = |key: &str, value| set_portal(&file, URL, key, value).unwrap();
        set("command", SettingValue::Text("firefox -P work".to_owned()));
        set("publish-token", SettingValue::Flag(true));
        let shown = values(&Settings::load(&file).unwrap(), &portals);
        let [portal] = &shown[..] else {
            panic!("one portal: {shown:?}");
        };
        assert_eq!(portal.title, "corp.awsapps.com");
        assert_eq!(
            (portal.browser.as_str(), portal.command.as_str()),
            ("command", "firefox -P work")
        );
        assert!(portal.publish_token && !portal.accept_aws_cli_token);
        set("browser", SettingValue::Text("copy-link".to_owned()));
        let shown = values(&Settings::load(&file).unwrap(), &[]);
        assert_eq!(shown[0].browser, "copy-link");
        let wrong = SettingValue::Text("netscape".to_owned());
        assert!(set_portal(&file, URL, "browser", wrong).is_err());
    }
}
