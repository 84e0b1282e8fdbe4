//! From text to settings, with the line of whatever does not do.

use crate::error::SettingsError;
use crate::model::Settings;
use std::io;
use std::ops::{Range, RangeInclusive};
use std::path::Path;

const MFA_DURATION_SECONDS: RangeInclusive<u32> = 900..=129_600;
const NOTICE_MINUTES: RangeInclusive<u32> = 1..=720;
const MAX_NOTICES: usize = 8;
const DECLINE_MINUTES: RangeInclusive<u32> = 1..=1440;

/// A setting that does not do.
struct Fault {
    section: &'static str,
    key: &'static str,
    reason: String,
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
                let span = place_of(text, fault.section, fault.key);
                let reason = format!("{}.{} {}", fault.section, fault.key, fault.reason);
                Err(invalid(span, reason))
            }
        }
    }

    /// The first value that is out of its range.
    fn fault(&self) -> Option<Fault> {
        let fault = |section, key, reason| {
            Some(Fault {
                section,
                key,
                reason,
            })
        };
        let sessions = &self.sessions;
        let duration = sessions.mfa_duration_seconds;
        if !MFA_DURATION_SECONDS.contains(&duration) {
            let reason = format!("is {duration}, but AWS allows 900 to 129600");
            return fault("sessions", "mfa-duration-seconds", reason);
        }
        let notices = &sessions.notice_minutes;
        if notices.len() > MAX_NOTICES || !notices.iter().all(|it| NOTICE_MINUTES.contains(it)) {
            let reason = "may have at most 8 numbers, each 1 to 720".to_owned();
            return fault("sessions", "notice-minutes", reason);
        }
        if !DECLINE_MINUTES.contains(&self.prompts.decline_minutes) {
            let reason = "may be 1 to 1440".to_owned();
            return fault("prompts", "decline-minutes", reason);
        }
        // What was written is not repeated: it may hold the password for the proxy.
        let proxy = self.network.https_proxy.as_deref();
        if proxy.is_some_and(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
            let reason = "has to begin with http:// or https://".to_owned();
            return fault("network", "https-proxy", reason);
        }
        let bundle = self.network.ca_bundle.as_deref();
        if bundle.is_some_and(|path| path.as_os_str().is_empty()) {
            return fault("network", "ca-bundle", "is empty".to_owned());
        }
        if self.app.pinned.iter().any(String::is_empty) {
            return fault("app", "pinned", "names a profile without a name".to_owned());
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

/// Where a key stands in the text.
fn place_of(text: &str, section: &str, key: &str) -> Option<Range<usize>> {
    let document = toml_edit::Document::parse(text).ok()?;
    document.get(section)?.get(key)?.span()
}
