//! Who asks, as clients show it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Who asks, in words that are safe to show. Printed as `git push in ProjectAlpha, from VS Code`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CallerView {
    /// The command or program, for example `git push`.
    pub program: String,
    /// Name of the working folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The editor, terminal or shell it was started from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

impl fmt::Display for CallerView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.program)?;
        if let Some(folder) = &self.folder {
            write!(f, " in {folder}")?;
        }
        if let Some(from) = &self.from {
            write!(f, ", from {from}")?;
        }
        Ok(())
    }
}
