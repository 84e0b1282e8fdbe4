//! A new profile in the AWS config file.

use crate::agent::Agent;
use crate::page::Trouble;
use crate::page::change::{Change, Made, check_agreed, kept_in, tilde};
use holdfast_setup::profile::{NewProfile, ProfilePlan, Role};
use serde::Deserialize;

/// The profile as it was filled in; an empty text is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ProfileForm {
    /// Its name.
    pub name: String,
    /// Default region.
    pub region: String,
    /// Serial of the MFA device.
    pub mfa_serial: String,
    /// It assumes a role.
    pub is_role: bool,
    /// ARN of the role.
    pub role_arn: String,
    /// The profile whose credentials assume the role.
    pub source_profile: String,
}

impl From<&ProfileForm> for NewProfile {
    fn from(form: &ProfileForm) -> Self {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            name: form.name.trim().to_owned(),
            region: some(&form.region),
            mfa_serial: some(&form.mfa_serial),
            role: form.is_role.then(|| Role {
                arn: form.role_arn.trim().to_owned(),
                source_profile: form.source_profile.clone(),
            }),
        }
    }
}

/// The change that adds the profile.
///
/// # Errors
/// When a field is wrong, which is named, or a file cannot be read.
pub fn plan_profile(agent: &Agent, form: &ProfileForm) -> Result<Change, Trouble> {
    let plan = ProfilePlan::make(&form.into(), agent.context())?;
    Ok(Change {
        fingerprint: plan.fingerprint(),
        diffs: vec![plan.diff()],
        notes: vec!["A backup of the file is kept beside it.".to_owned()],
        ..Change::default()
    })
}

/// Adds the profile, when that is still the change that was shown.
///
/// # Errors
/// When the file changed meanwhile or cannot be written.
pub fn make_profile(agent: &Agent, form: &ProfileForm, fingerprint: &str) -> Result<Made, Trouble> {
    let plan = ProfilePlan::make(&form.into(), agent.context())?;
    let file = tilde(&agent.context().config_file);
    check_agreed(fingerprint, &plan.fingerprint(), &file)?;
    let written = plan.apply()?;
    let message = format!("{} is a profile of {file} now.", form.name.trim());
    let next = (!form.is_role).then(|| {
        "It needs an access key: import one from a file or from the clipboard.".to_owned()
    });
    let backup = kept_in(written.backup.as_deref(), false);
    Ok(Made::new(message, next.into_iter().chain(backup)))
}
