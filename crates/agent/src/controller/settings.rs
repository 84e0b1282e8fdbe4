//! The user's settings while the agent runs: what can count at once does.

use super::Controller;
use crate::explain;
use crate::listener::ReplySender;
use holdfast_agent_proto::{AgentError, ErrorCode, Event as Told, Reply};
use holdfast_core::engine::{Event, Policy};
use holdfast_core::port::Aws;
use holdfast_settings::{Settings, SettingsError};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The settings that count, and the file that they came from.
pub struct Preferences {
    file: PathBuf,
    stamp: Stamp,
    pub(super) current: Settings,
    /// Those of the start: how AWS and the keychain are reached stays until the end.
    at_start: Settings,
    /// Why the file as it is now does not count.
    fault: Option<String>,
}

/// What tells an edited file from the one that was read; `None` when there is no file.
type Stamp = Option<(SystemTime, u64)>;

impl Preferences {
    /// Reads the file; the defaults when there is none.
    ///
    /// # Errors
    /// [`SettingsError`], naming file and line.
    pub fn load(file: PathBuf) -> Result<Self, SettingsError> {
        // Stamped before reading: a change meanwhile is noticed at the next look.
        let stamp = stamp(&file);
        let settings = Settings::load(&file)?;
        Ok(Self {
            file,
            stamp,
            current: settings.clone(),
            at_start: settings,
            fault: None,
        })
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.current
    }

    /// The numbers that the session engine works with.
    pub(super) fn policy(&self) -> Policy {
        let sessions = &self.current.sessions;
        let mut notice_seconds: Vec<u32> = sessions
            .notice_minutes
            .iter()
            .map(|minutes| minutes.saturating_mul(60))
            .collect();
        notice_seconds.sort_unstable_by(|a, b| b.cmp(a));
        Policy {
            mfa_duration_seconds: sessions.mfa_duration_seconds,
            notice_seconds,
            decline_seconds: i64::from(self.current.prompts.decline_minutes) * 60,
            jitter_seed: u64::from(std::process::id()),
            ..Policy::default()
        }
    }

    /// What the person should know about the file.
    pub(super) fn warnings(&self) -> impl Iterator<Item = String> {
        let waits = self.current.keychain != self.at_start.keychain
            || self.current.network != self.at_start.network;
        let restart = waits.then(|| {
            format!(
                "the keychain and network settings in {} count from the next start on; run: holdfast agent stop",
                self.file.display()
            )
        });
        self.fault.iter().cloned().chain(restart)
    }

    fn is_stale(&self) -> bool {
        stamp(&self.file) != self.stamp
    }

    /// Reads the file again. When it does not do, the settings from before stay.
    fn reload(&mut self) -> Result<(), SettingsError> {
        self.stamp = stamp(&self.file);
        match Settings::load(&self.file) {
            Ok(settings) => {
                self.current = settings;
                self.fault = None;
                Ok(())
            }
            Err(error) => {
                let words = explain::with_causes(&error);
                self.fault = Some(format!("{words}; the settings from before count"));
                Err(error)
            }
        }
    }
}

impl<S: Aws> Controller<S> {
    /// Reads the settings again because a client asked for it.
    pub(super) fn reload_settings(&mut self, replies: ReplySender) {
        let outcome = self.apply_settings().map_err(|error| {
            let told = AgentError::new(ErrorCode::Misconfigured, explain::with_causes(&error));
            told.hint("the settings from before count until the file is mended")
        });
        replies.finish(outcome.map(|()| Reply::Done));
    }

    /// Looks whether the person has edited the file.
    pub(super) fn notice_settings(&mut self) {
        if self.preferences.is_stale()
            && let Err(error) = self.apply_settings()
        {
            tracing::warn!(error = %explain::with_causes(&error), "the settings");
        }
    }

    fn apply_settings(&mut self) -> Result<(), SettingsError> {
        let outcome = self.preferences.reload();
        if outcome.is_ok() {
            let policy = self.preferences.policy();
            self.step(Event::PolicyChanged { policy });
            self.tell(&Told::SettingsChanged);
        }
        self.tell_status();
        outcome
    }
}

fn stamp(file: &Path) -> Stamp {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_file_leaves_the_settings_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let mut preferences = Preferences::load(file.clone()).unwrap();
        assert_eq!(preferences.policy().notice_seconds, [900, 300]);

        std::fs::write(
            &file,
            "[sessions]\nnotice-minutes = [1, 30]\n[prompts]\ndecline-minutes = 2\n",
        )
        .unwrap();
        assert!(preferences.is_stale());
        preferences.reload().unwrap();
        assert!(!preferences.is_stale());
        let policy = preferences.policy();
        assert_eq!(policy.notice_seconds, [1800, 60]);
        assert_eq!(policy.decline_seconds, 120);
        assert_eq!(preferences.warnings().count(), 0);

        std::fs::write(&file, "[sessions]\nnotice-minutes = ['x']\n").unwrap();
        assert!(preferences.reload().is_err());
        assert_eq!(preferences.policy(), policy);
        let warnings: Vec<String> = preferences.warnings().collect();
        assert!(
            warnings[0].contains("config.toml is not valid (line 2)"),
            "{warnings:?}"
        );

        std::fs::write(&file, "[keychain]\nkind = 'file'\n").unwrap();
        preferences.reload().unwrap();
        let warnings: Vec<String> = preferences.warnings().collect();
        assert!(
            warnings[0].contains("from the next start on"),
            "{warnings:?}"
        );
    }
}
