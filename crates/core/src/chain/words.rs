//! Chains and sessions in words.

use super::{Chain, KeyLocation, Source, Step, arn};
use std::fmt::Write as _;

impl Chain {
    /// The chain in words, for example
    /// `access key of MyRepositoryUser (keychain) → MFA session → MyRepositoryContributorRole in 222233334444`.
    pub fn words(&self) -> String {
        let mut text = self.words_of_source();
        for step in &self.steps {
            let _ = write!(text, " → {}", step.words());
        }
        text
    }

    fn words_of_source(&self) -> String {
        match &self.source {
            Source::AccessKey {
                profile, location, ..
            } => {
                let location = match location {
                    KeyLocation::Keychain => "keychain",
                    KeyLocation::File => "file",
                };
                format!("access key of {profile} ({location})")
            }
            Source::TemporaryKey { profile, .. } => format!("temporary key of {profile} (file)"),
            Source::Environment { .. } => "access key of the environment".to_owned(),
            Source::Portal { portal, .. } => portal.start_url.clone(),
            Source::ConsoleLogin { login_session, .. } => login_session.clone(),
            Source::WebIdentityToken { file, .. } => format!("web identity token in {file}"),
            Source::CredentialProcess { profile, .. } => format!("credential_process of {profile}"),
            Source::InstanceMetadata { .. } => "EC2 instance".to_owned(),
            Source::Container { .. } => "container".to_owned(),
        }
    }

    /// The step with this number (from 0) in words, for example `MFA session` or
    /// `MyRepositoryContributorRole in 222233334444`.
    pub fn step_words(&self, step: usize) -> Option<String> {
        self.steps.get(step).map(Step::words)
    }

    /// The account of the source, when the files tell: that of who signs in to the console, or of an MFA device of its
    /// user.
    pub fn source_account_id(&self) -> Option<&str> {
        if let Source::ConsoleLogin { login_session, .. } = &self.source {
            return arn::signed_in(login_session).map(|arn| arn.account_id);
        }
        let serial = self.steps.iter().find_map(Step::mfa_serial)?;
        arn::parse(serial, "mfa").map(|arn| arn.account_id)
    }

    /// The session after the step with this number (from 0) in words, for example
    /// `MyRepositoryUser with MFA` or `MyRepositoryContributorRole in 222233334444`.
    pub fn session_title(&self, step: usize) -> Option<String> {
        let title = match self.steps.get(step)? {
            Step::GetSessionToken { .. } => format!("{} with MFA", self.source.profile()),
            Step::AssumeRole {
                role_arn,
                mfa_serial,
                ..
            } => role_words(role_arn, mfa_serial.is_some()),
            Step::SignIn => self.source.sign_in_title(),
            Step::Fetch => self.words_of_source(),
            step @ (Step::GetRoleCredentials { .. } | Step::AssumeRoleWithWebIdentity { .. }) => {
                step.words()
            }
        };
        Some(title)
    }

    /// The account that the profile's credentials belong to, when the files tell: that of the last
    /// role, else that of the source.
    pub fn account_id(&self) -> Option<&str> {
        let of_steps = self.steps.iter().rev().find_map(|step| match step {
            Step::GetSessionToken { mfa_serial, .. } => {
                arn::parse(mfa_serial, "mfa").map(|arn| arn.account_id)
            }
            Step::AssumeRole { role_arn, .. } => {
                arn::parse(role_arn, "role").map(|arn| arn.account_id)
            }
            Step::AssumeRoleWithWebIdentity { role_arn, .. } => {
                arn::parse(role_arn, "role").map(|arn| arn.account_id)
            }
            Step::GetRoleCredentials { account_id, .. } => Some(account_id.as_str()),
            Step::SignIn | Step::Fetch => None,
        });
        of_steps.or_else(|| self.source_account_id())
    }
}

impl Source {
    /// The profile that the source belongs to.
    pub fn profile(&self) -> &str {
        match self {
            Self::AccessKey { profile, .. }
            | Self::TemporaryKey { profile, .. }
            | Self::Environment { profile, .. }
            | Self::Portal { profile, .. }
            | Self::ConsoleLogin { profile, .. }
            | Self::WebIdentityToken { profile, .. }
            | Self::CredentialProcess { profile, .. }
            | Self::InstanceMetadata { profile }
            | Self::Container { profile } => profile,
        }
    }

    /// What a person signs in to: the host of a portal, or the one who signs in to the console.
    fn sign_in_title(&self) -> String {
        match self {
            Self::Portal { portal, .. } => portal.title().to_owned(),
            Self::ConsoleLogin { login_session, .. } => arn::signed_in(login_session).map_or_else(
                || login_session.clone(),
                |arn| format!("{} in {}", arn.name, arn.account_id),
            ),
            Self::AccessKey { .. }
            | Self::TemporaryKey { .. }
            | Self::Environment { .. }
            | Self::WebIdentityToken { .. }
            | Self::CredentialProcess { .. }
            | Self::InstanceMetadata { .. }
            | Self::Container { .. } => self.profile().to_owned(),
        }
    }
}

impl Step {
    fn words(&self) -> String {
        match self {
            Self::GetSessionToken { .. } => "MFA session".to_owned(),
            Self::AssumeRole {
                role_arn,
                mfa_serial,
                ..
            } => role_words(role_arn, mfa_serial.is_some()),
            Self::SignIn => "sign-in".to_owned(),
            Self::GetRoleCredentials {
                account_id,
                role_name,
            } => format!("{role_name} in {account_id}"),
            Self::AssumeRoleWithWebIdentity { role_arn, .. } => role_words(role_arn, false),
            Self::Fetch => "its credentials".to_owned(),
        }
    }
}

fn role_words(role_arn: &str, takes_code: bool) -> String {
    let role = match arn::parse(role_arn, "role") {
        Some(arn) => format!("{} in {}", arn.name, arn.account_id),
        None => role_arn.to_owned(),
    };
    if takes_code {
        format!("{role} with MFA")
    } else {
        role
    }
}
