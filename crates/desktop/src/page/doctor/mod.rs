//! The doctor's page: what is wrong here, what that breaks, and the changes that mend it.

mod examination;
mod finding;
mod mend;
#[cfg(test)]
mod tests;
mod words;

pub use examination::Doctor;
pub use finding::{AdviceLine, FindingGroup, FindingRow, Grade, MendOffer, PageLink};
pub use holdfast_setup::helpers::Places;

use serde::Serialize;

/// What an examination has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DoctorPage {
    /// The repository that was looked at, with `~` for the home folder; absent where none was chosen.
    pub repository: Option<String>,
    /// How many things are wrong or could be better, in words; absent where there are none.
    pub summary: Option<String>,
    /// What was found, the worst first. Grades without findings are not there.
    pub groups: Vec<FindingGroup>,
}
