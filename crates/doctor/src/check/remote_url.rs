//! URLs of the remotes of the repository around the working folder.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use crate::mend::Mend;
use crate::repository::{Remote, Target, top};
use holdfast_codecommit::RemoteUrlError;

/// URLs with a user in them, those without encryption, and those that name no repository.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let folder = seen.around.context.working_dir.as_deref();
    let repository = folder.and_then(top);
    let mut findings = Vec::new();
    for remote in seen.remotes() {
        let (scheme, user) = match &remote.target {
            Target::Web { scheme, user, .. } => (scheme, user),
            Target::Malformed(error) => {
                findings.push(malformed(remote, *error));
                continue;
            }
            Target::RemoteHelper(_) => continue,
        };
        let mend = |to: String| {
            let repository = repository.clone()?;
            Some(Mend::RemoteUrl {
                repository,
                key: remote.key.clone(),
                from: remote.url.clone(),
                to,
            })
        };
        let finding = match user {
            Some(user) => with_user(remote, user),
            None if scheme == "http" => Check::RemoteUrl
                .problem(
                    format!("{} begins with http://", remote.key),
                    "no helper may answer without encryption",
                )
                .at(remote.origin.clone()),
            None => continue,
        };
        findings.push(match mend(clean(&remote.url)) {
            Some(mend) => finding.mended_by(mend),
            None => finding,
        });
    }
    findings
}

fn malformed(remote: &Remote, error: RemoteUrlError) -> Finding {
    Check::RemoteUrl
        .problem(
            format!("{}: {error}", remote.key),
            "git cannot reach this remote",
        )
        .at(remote.origin.clone())
        .advise("write codecommit://PROFILE@REPOSITORY or codecommit::REGION://PROFILE@REPOSITORY")
}

fn with_user(remote: &Remote, user: &str) -> Finding {
    let name = user.split(':').next().unwrap_or_default();
    let finding = Check::RemoteUrl
        .problem(
            format!("{} names the user {name}", remote.key),
            "git sends that user with an empty password, CodeCommit answers 403, and no helper is asked",
        )
        .at(remote.origin.clone());
    // The form of IAM's static Git credentials.
    if name.contains("-at-") {
        return finding.advise(
            "this is the name of static Git credentials of IAM; with Holdfast they are not needed, and can be deleted in the IAM console",
        );
    }
    finding
}

/// The URL as git has to have it.
fn clean(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    format!("https://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_user_and_scheme_change() {
        for (url, expect) in [
            ("https://jo@h/v1/repos/a", "https://h/v1/repos/a"),
            ("http://h/v1/repos/a@b", "https://h/v1/repos/a@b"),
            ("http://j:p@h:443/a", "https://h:443/a"),
        ] {
            assert_eq!(clean(url), expect);
        }
    }
}
