//! Submodules with `codecommit://` URLs.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use crate::repository::submodule_urls;
use holdfast_setup::git::ALLOW_SUBMODULES;

/// Whether git may fetch them.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let (Ok(git), Some(folder)) = (&seen.git, &seen.around.context.working_dir) else {
        return Vec::new();
    };
    let urls = submodule_urls(folder);
    let count = urls
        .iter()
        .filter(|url| url.starts_with("codecommit:"))
        .count();
    if count == 0 || git.status.serves_submodules {
        return Vec::new();
    }
    vec![
        Check::Submodules
            .problem(
                format!("{count} of this repository's submodules have codecommit:// URLs, which git fetches for nobody by itself"),
                "git submodule update fails with: transport 'codecommit' not allowed",
            )
            .at(".gitmodules")
            .run(ALLOW_SUBMODULES)
            .advise("only do so if you trust the repositories that you clone: their submodules may name any of your profiles"),
    ]
}
