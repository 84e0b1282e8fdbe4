//! What happened, as a person would say it.

use crate::words::grouped;
use holdfast_agent_proto::view::{ActivityError, ActivityKind, ActivityView, CallerView};

/// The two lines of a row.
pub(super) struct Told {
    pub(super) title: String,
    pub(super) words: String,
}

/// An entry in words.
pub(super) fn of(entry: &ActivityView) -> Told {
    let caller = entry.caller.as_ref();
    let session = entry.session.as_deref().map(with_grouped_accounts);
    let by = caller.map(|caller| format!("by {caller}"));
    let told = |title: &str, words: [Option<String>; 3]| Told {
        title: title.to_owned(),
        words: joined(words),
    };
    match entry.kind {
        ActivityKind::GitCredential => asked(entry, &format!("password for {}", repository(entry))),
        ActivityKind::Credentials => asked(entry, "credentials"),
        ActivityKind::ConsoleLink => asked(entry, "link to the AWS console"),
        ActivityKind::RepositoryCreated => {
            asked(entry, &format!("created repository {}", repository(entry)))
        }
        ActivityKind::Refused => asked(entry, &wanted(entry)),
        ActivityKind::SignedIn => told("Signed in", [session, by, None]),
        ActivityKind::Renewed => told("Renewed", [session, Some("by itself".to_owned()), None]),
        ActivityKind::RefreshFailed => told("Could not be renewed", [session, None, None]),
        ActivityKind::SignedOutByAws => told("Ended by AWS", [session, None, None]),
        ActivityKind::SignedOut => {
            let all = entry.profile.is_none().then(|| "all sessions".to_owned());
            told("Signed out", [all, by, None])
        }
        ActivityKind::Declined => {
            let asker = caller.map(|caller| format!("asked for by {caller}"));
            told("MFA code declined", [session, asker, None])
        }
        ActivityKind::Locked => told("Locked", [by, None, None]),
        ActivityKind::Unlocked => told("Unlocked", [by, None, None]),
        ActivityKind::KeyAdded => told(
            "Access key added",
            [Some("now in the keychain".to_owned()), by, None],
        ),
        ActivityKind::KeyRemoved => told(
            "Access key removed",
            [Some("no longer in the keychain".to_owned()), by, None],
        ),
    }
}

/// What the shape in front of a row means.
pub(super) fn meaning(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::GitCredential | ActivityKind::Credentials | ActivityKind::ConsoleLink => {
            "received"
        }
        ActivityKind::RepositoryCreated => "created",
        ActivityKind::Refused => "refused",
        ActivityKind::Declined => "declined",
        ActivityKind::SignedIn | ActivityKind::Renewed => "session",
        ActivityKind::SignedOut => "signed out",
        ActivityKind::SignedOutByAws | ActivityKind::RefreshFailed => "needs attention",
        ActivityKind::Locked | ActivityKind::Unlocked => "lock",
        ActivityKind::KeyAdded | ActivityKind::KeyRemoved => "access key",
    }
}

/// The agent's message as a sentence.
pub(super) fn reason(error: &ActivityError) -> String {
    let mut letters = error.message.chars();
    let mut sentence: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// Somebody asked: the program first, then what it asked for, and from where.
fn asked(entry: &ActivityView, what: &str) -> Told {
    let Some(CallerView {
        program,
        folder,
        from,
    }) = &entry.caller
    else {
        return Told {
            title: "A program".to_owned(),
            words: what.to_owned(),
        };
    };
    let title = match folder {
        Some(folder) => format!("{program} in {folder}"),
        None => program.clone(),
    };
    let from = from.as_ref().map(|from| format!("from {from}"));
    Told {
        title,
        words: joined([Some(what.to_owned()), from, None]),
    }
}

fn wanted(entry: &ActivityView) -> String {
    match &entry.repository {
        Some(_) => format!("asked for {}", repository(entry)),
        None => "asked for credentials".to_owned(),
    }
}

fn repository(entry: &ActivityView) -> String {
    let name = entry.repository.as_deref().unwrap_or("a repository");
    match &entry.region {
        Some(region) => format!("{name} in {region}"),
        None => name.to_owned(),
    }
}

fn joined(words: [Option<String>; 3]) -> String {
    let words: Vec<String> = words.into_iter().flatten().collect();
    words.join(" · ")
}

/// Titles of sessions name accounts as words of their own.
fn with_grouped_accounts(title: &str) -> String {
    let words: Vec<String> = title.split(' ').map(grouped).collect();
    words.join(" ")
}
