//! Programs that serve `codecommit://` URLs.

use crate::examine::Seen;
use crate::finding::{Check, Finding};

/// Which of them git runs.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let Ok(git) = &seen.git else {
        return Vec::new();
    };
    let helpers = &git.status.remote_helpers;
    let Some(first) = helpers.first() else {
        return vec![
            Check::RemoteHelper
                .note(
                    "there is no git-remote-codecommit on the PATH",
                    "codecommit:// URLs do not work; https URLs do",
                )
                .run("holdfast git install"),
        ];
    };
    let path = first.path.display();
    if first.is_ours {
        let more = helpers.len() - 1;
        let besides = match more {
            0 => String::new(),
            1 => "; another one behind it is not used".to_owned(),
            more => format!("; {more} others behind it are not used"),
        };
        return vec![
            Check::RemoteHelper.good(format!("{path} serves codecommit:// URLs{besides}")),
        ];
    }
    let finding = Check::RemoteHelper.warning(
        format!("{path} serves codecommit:// URLs, and is not Holdfast's"),
        "AWS's program shows the session token to every program of this computer, and other helpers store its password",
    );
    vec![match helpers.iter().find(|helper| helper.is_ours) {
        Some(ours) => {
            let folder = ours.path.parent().unwrap_or(&ours.path);
            finding.advise(format!("put {} first on the PATH", folder.display()))
        }
        None => finding.run("holdfast git install"),
    }]
}
