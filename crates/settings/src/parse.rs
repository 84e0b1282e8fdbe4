//! From text to settings, with the line of whatever does not do.

use crate::error::SettingsError;
use crate::model::Settings;
use crate::portal::Browser;
use holdfast_aws_files::sso::normalized_start_url;
use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::ops::{Range, RangeInclusive};
use std::path::Path;
use toml_edit::TableLike;

const MFA_DURATION_SECONDS: RangeInclusive<u32> = 900..=129_600;
const NOTICE_MINUTES: RangeInclusive<u32> = 1..=720;
const MAX_NOTICES: usize = 8;
const DECLINE_MINUTES: RangeInclusive<u32> = 1..=1440;

/// A setting that does not do.
struct Fault<'a> {
    /// The names that lead to it.
    path: Vec<&'a str>,
    reason: String,
}

impl<'a> Fault<'a> {
    fn new(section: &'static str, key: &'static str, reason: impl fmt::Display) -> Self {
        Self {
            path: vec![section, key],
            reason: format!("{section}.{key} {reason}"),
        }
    }

    /// A fault of a portal, whose start URL is not repeated.
    fn portal(start_url: &'a str, key: Option<&'static str>, reason: impl fmt::Display) -> Self {
        let mut path = vec!["portals", start_url];
        path.extend(key);
        Self {
            path,
            reason: match key {
                Some(key) => format!("portals.….{key} {reason}"),
                None => format!("[portals] {reason}"),
            },
        }
    }
}

impl Settings {
    /// Reads the file; the defaults when there is none.
    ///
    /// # Errors
    /// [`SettingsError`], naming file and line.
    pub fn load(file: &Path) -> Result<Self, SettingsError> {
        match read(file)? {
            Some(text) => Self::parse(file, &text),
            None => Ok(Self::default()),
        }
    }

    /// Settings from the text of a file.
    ///
    /// # Errors
    /// [`SettingsError::Invalid`].
    pub fn parse(file: &Path, text: &str) -> Result<Self, SettingsError> {
        let text = without_mark(text);
        let invalid = |span: Option<Range<usize>>, reason: String| SettingsError::Invalid {
            file: file.to_owned(),
            line: span
                .and_then(|span| text.get(..span.start))
                .map(|before| before.matches('\n').count() + 1),
            reason,
        };
        let settings: Self = toml_edit::de::from_str(text)
            .map_err(|error| invalid(error.span(), error.message().to_owned()))?;
        match settings.fault() {
            None => Ok(settings),
            Some(fault) => {
                let span = place_of(text, &fault.path);
                Err(invalid(span, fault.reason))
            }
        }
    }

    /// The first value that is out of its range.
    fn fault(&self) -> Option<Fault<'_>> {
        let fault = |section, key, reason: &str| Some(Fault::new(section, key, reason));
        let sessions = &self.sessions;
        let duration = sessions.mfa_duration_seconds;
        if !MFA_DURATION_SECONDS.contains(&duration) {
            let reason = format!("is {duration}, but AWS allows 900 to 129600");
            return fault("sessions", "mfa-duration-seconds", &reason);
        }
        let notices = &sessions.notice_minutes;
        if notices.len() > MAX_NOTICES || !notices.iter().all(|it| NOTICE_MINUTES.contains(it)) {
            let reason = "may have at most 8 numbers, each 1 to 720";
            return fault("sessions", "notice-minutes", reason);
        }
        if !DECLINE_MINUTES.contains(&self.prompts.decline_minutes) {
            return fault("prompts", "decline-minutes", "may be 1 to 1440");
        }
        // What was written is not repeated: it may hold the password for the proxy.
        let proxy = self.network.https_proxy.as_deref();
        if proxy.is_some_and(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
            let reason = "has to begin with http:// or https://";
            return fault("network", "https-proxy", reason);
        }
        let bundle = self.network.ca_bundle.as_deref();
        if bundle.is_some_and(|path| path.as_os_str().is_empty()) {
            return fault("network", "ca-bundle", "is empty");
        }
        let folder = self.app.clone_folder.as_deref();
        if folder.is_some_and(|path| !path.has_root()) {
            return fault("app", "clone-folder", "is no absolute path");
        }
        let editor = self.app.editor.first();
        if editor.is_some_and(|program| program.trim().is_empty()) {
            return fault("app", "editor", "is a command without a program");
        }
        if self.app.pinned.iter().any(String::is_empty) {
            return fault("app", "pinned", "names a profile without a name");
        }
        let mut favourites = self.app.favourites.iter();
        if !favourites.all(|url| url.starts_with("codecommit::")) {
            let reason = "names repositories like codecommit::eu-west-1://PROFILE@REPOSITORY";
            return fault("app", "favourites", reason);
        }
        self.portal_fault()
    }

    /// The first portal that does not do.
    fn portal_fault(&self) -> Option<Fault<'_>> {
        let mut known = BTreeSet::new();
        for (written, portal) in &self.portals {
            let fault = |key, reason: &str| Some(Fault::portal(written, key, reason));
            let url = match normalized_start_url(written) {
                Ok(url) => url,
                Err(error) => return fault(None, &format!("needs start URLs: {error}")),
            };
            if !known.insert(url) {
                return fault(None, "has a section for this portal already");
            }
            if let Browser::Command(words) = &portal.browser
                && words
                    .first()
                    .is_none_or(|program| program.trim().is_empty())
            {
                return fault(Some("browser"), "is a command without a program");
            }
        }
        None
    }
}

/// The text of a file; nothing when there is no file.
pub(crate) fn read(file: &Path) -> Result<Option<String>, SettingsError> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SettingsError::Read {
            file: file.to_owned(),
            source,
        }),
    }
}

/// The text without the mark that some editors put before it.
pub(crate) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Where the setting that these names lead to stands in the text.
fn place_of(text: &str, path: &[&str]) -> Option<Range<usize>> {
    let document = toml_edit::Document::parse(text).ok()?;
    let (last, tables) = path.split_last()?;
    let mut table: &dyn TableLike = document.as_table();
    for name in tables {
        table = table.get(name)?.as_table_like()?;
    }
    let (key, item) = table.get_key_value(last)?;
    item.span().or_else(|| key.span())
}
