//! The user's settings: `config.toml` in the configuration folder, all of it optional.

use holdfast_core::engine::Policy;
use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};

/// What the user decided. Every key has a default; unknown keys are refused, so that a typing error
/// does not silently do nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// How long sessions live and when they are announced.
    pub sessions: SessionSettings,
    /// Where long-lived keys are kept.
    pub keychain: KeychainSettings,
    /// How AWS is reached.
    pub network: NetworkSettings,
}

/// `[sessions]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SessionSettings {
    /// Lifetime in seconds that a session with MFA is asked for where the profile does not say: 900 to 129600.
    pub mfa_duration_seconds: u32,
    /// How many minutes before its end a session that only a person can renew is announced.
    pub notice_minutes: Vec<u32>,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            mfa_duration_seconds: 12 * 3600,
            notice_minutes: vec![15, 5],
        }
    }
}

/// `[keychain]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct KeychainSettings {
    /// `os`, `file` or `memory`; `HOLDFAST_KEYCHAIN` wins.
    pub kind: Option<String>,
}

/// `[network]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NetworkSettings {
    /// URL of the proxy for https; `HTTPS_PROXY` of the agent's environment when absent.
    pub https_proxy: Option<String>,
    /// Hosts that are reached without the proxy, separated by commas; `NO_PROXY` when absent.
    pub no_proxy: Option<String>,
    /// File with certificate authorities in PEM form; `AWS_CA_BUNDLE` when absent.
    pub ca_bundle: Option<PathBuf>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is there but cannot be read.
    #[error("cannot read {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is not TOML, or has a key that is not known.
    #[error("{} is not valid{}: {reason}", file.display(), line_words(*line))]
    Invalid {
        /// The file.
        file: PathBuf,
        /// Line of the fault, counted from 1.
        line: Option<usize>,
        /// What is wrong.
        reason: String,
    },
}

impl Settings {
    /// Reads the file; the defaults when there is none.
    ///
    /// # Errors
    /// [`SettingsError`], naming file and line.
    pub fn load(file: &Path) -> Result<Self, SettingsError> {
        match std::fs::read_to_string(file) {
            Ok(text) => Self::parse(file, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(SettingsError::Read {
                file: file.to_owned(),
                source,
            }),
        }
    }

    fn parse(file: &Path, text: &str) -> Result<Self, SettingsError> {
        let invalid = |line, reason: String| SettingsError::Invalid {
            file: file.to_owned(),
            line,
            reason,
        };
        let settings: Self = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|before| before.matches('\n').count() + 1);
            invalid(line, error.message().to_owned())
        })?;
        let duration = settings.sessions.mfa_duration_seconds;
        if !(900..=129_600).contains(&duration) {
            let reason = format!(
                "sessions.mfa-duration-seconds is {duration}, but AWS allows 900 to 129600"
            );
            return Err(invalid(None, reason));
        }
        Ok(settings)
    }

    /// The numbers that the session engine works with.
    pub fn policy(&self) -> Policy {
        let mut notice_seconds: Vec<u32> = self
            .sessions
            .notice_minutes
            .iter()
            .map(|minutes| minutes.saturating_mul(60))
            .collect();
        notice_seconds.sort_unstable_by(|a, b| b.cmp(a));
        Policy {
            mfa_duration_seconds: self.sessions.mfa_duration_seconds,
            notice_seconds,
            jitter_seed: u64::from(std::process::id()),
            ..Policy::default()
        }
    }
}

fn line_words(line: Option<usize>) -> String {
    line.map(|line| format!(" (line {line})"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<Settings, String> {
        Settings::parse(Path::new("config.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn an_empty_file_means_the_defaults() {
        assert_eq!(check(""), Ok(Settings::default()));
        assert_eq!(Settings::default().policy().notice_seconds, [900, 300]);
    }

    #[test]
    fn every_key_is_read() {
        let settings = check(
            "[sessions]\nmfa-duration-seconds = 3600\nnotice-minutes = [1, 30]\n\
             [keychain]\nkind = 'file'\n\
             [network]\nhttps-proxy = 'http://proxy:8080'\nno-proxy = 'corp'\nca-bundle = '/ca.pem'\n",
        )
        .unwrap();
        assert_eq!(settings.policy().mfa_duration_seconds, 3600);
        assert_eq!(settings.policy().notice_seconds, [1800, 60]);
        assert_eq!(settings.keychain.kind.as_deref(), Some("file"));
        assert_eq!(settings.network.ca_bundle, Some(PathBuf::from("/ca.pem")));
    }

    #[test]
    fn faults_name_file_and_line() {
        let unknown = check("[sessions]\nmfa-duration = 1\n").unwrap_err();
        assert!(
            unknown.starts_with("config.toml is not valid (line 2): unknown field"),
            "{unknown}"
        );
        let range = check("[sessions]\nmfa-duration-seconds = 10\n").unwrap_err();
        assert!(range.contains("900 to 129600"), "{range}");
    }
}
