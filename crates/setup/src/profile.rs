//! A new profile in the AWS config file: checked, shown, and added without touching any other byte.

use crate::config_change::{ConfigChange, ConfigFiles};
use crate::error::{Result, SetupError};
use holdfast_agent_proto::CallerContext;
use holdfast_aws_files::{ProfileSet, SectionName, Written};
use holdfast_codecommit::Region;

/// Longest name of a profile, in characters.
const MAX_NAME: usize = 200;

/// A profile to add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewProfile {
    /// Its name.
    pub name: String,
    /// Default region.
    pub region: Option<String>,
    /// Serial of the MFA device: its ARN, or the number on the back of a hardware device.
    pub mfa_serial: Option<String>,
    /// The role that it assumes; without one it is an IAM user with an access key.
    pub role: Option<Role>,
}

/// A role to assume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// ARN of the role.
    pub arn: String,
    /// The profile whose credentials assume it.
    pub source_profile: String,
}

/// A profile that has not been added yet.
pub struct ProfilePlan(ConfigChange);

impl ProfilePlan {
    /// Checks the profile and works out the change. Nothing is written.
    ///
    /// # Errors
    /// [`SetupError::Profile`], which names the field; or when a file cannot be read.
    pub fn make(profile: &NewProfile, context: &CallerContext) -> Result<Self> {
        let ConfigFiles {
            mut config,
            profiles,
        } = ConfigFiles::read(context)?;
        check(profile, &profiles)?;
        let section = SectionName::Profile(profile.name.clone());
        for (key, value) in settings(profile) {
            config
                .set(&section, key, value)
                .map_err(|source| SetupError::ProfileUnwritable {
                    profile: profile.name.clone(),
                    source,
                })?;
        }
        Ok(Self(ConfigChange(config)))
    }

    /// The change in the unified format, secrets masked.
    pub fn diff(&self) -> String {
        self.0.diff()
    }

    /// Tells this plan from every other one.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint()
    }

    /// Adds the profile.
    ///
    /// # Errors
    /// When the file changed since the plan was made, or cannot be written; it is then as it was.
    pub fn apply(self) -> Result<Written> {
        self.0.write("the profile was not added")
    }
}

/// Why a name cannot be given to a profile.
pub(crate) fn name_problem(name: &str) -> Option<String> {
    if name.trim().is_empty() || name.trim() != name {
        return Some("the profile needs a name without blanks around it".to_owned());
    }
    if name.chars().count() > MAX_NAME {
        return Some(format!(
            "the profile's name has more than {MAX_NAME} characters"
        ));
    }
    name.contains(|c: char| c.is_control() || "[]\"'\\#;".contains(c))
        .then(|| {
            "the profile's name must not hold brackets, quotes, backslashes, # or ;".to_owned()
        })
}

fn settings(profile: &NewProfile) -> Vec<(&'static str, &str)> {
    let mut settings = Vec::new();
    if let Some(role) = &profile.role {
        settings.push(("role_arn", role.arn.as_str()));
        settings.push(("source_profile", role.source_profile.as_str()));
    }
    if let Some(serial) = &profile.mfa_serial {
        settings.push(("mfa_serial", serial.as_str()));
    }
    if let Some(region) = &profile.region {
        settings.push(("region", region.as_str()));
    }
    settings
}

fn check(profile: &NewProfile, profiles: &ProfileSet) -> Result {
    let wrong = |message: String| Err(SetupError::Profile { message });
    let name = &profile.name;
    if let Some(problem) = name_problem(name) {
        return wrong(problem);
    }
    if let Some(there) = profiles.profile(name) {
        return wrong(format!(
            "there is a profile {name} already, in {}",
            there.header()
        ));
    }
    if let Some(region) = &profile.region
        && Region::parse(region).is_err()
    {
        return wrong("the region has not the form of one, such as eu-west-1".to_owned());
    }
    if let Some(serial) = &profile.mfa_serial
        && !is_mfa_serial(serial)
    {
        return wrong(
            "the MFA device has not the form of one, such as arn:aws:iam::111111111111:mfa/mary"
                .to_owned(),
        );
    }
    match &profile.role {
        Some(role) if !is_iam_arn(&role.arn, "role/") => wrong(
            "the role has not the form of one, such as arn:aws:iam::111111111111:role/developer"
                .to_owned(),
        ),
        Some(role) if profiles.profile(&role.source_profile).is_none() => wrong(format!(
            "there is no profile {} to assume the role from",
            role.source_profile
        )),
        Some(_) => Ok(()),
        None if profile.mfa_serial.is_none() && profile.region.is_none() => {
            wrong("the profile needs an MFA device or a region".to_owned())
        }
        None => Ok(()),
    }
}

/// A virtual device has an ARN, a hardware device the number on its back.
fn is_mfa_serial(text: &str) -> bool {
    let is_number =
        (9..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_number || is_iam_arn(text, "mfa/")
}

fn is_iam_arn(text: &str, resource: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let is_name = |c: u8| c.is_ascii_alphanumeric() || b"/+=,.@_-".contains(&c);
    next() == "arn"
        && next().starts_with("aws")
        && next() == "iam"
        && next().is_empty()
        && {
            let account = next();
            account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
        }
        && next()
            .strip_prefix(resource)
            .is_some_and(|name| !name.is_empty() && name.bytes().all(is_name))
}
