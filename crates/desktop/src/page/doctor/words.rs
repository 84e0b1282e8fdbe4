//! How the doctor's findings are said in the window.

use super::{FindingGroup, Grade};
use crate::page::PageName;
use crate::page::shell::Badge;

/// A text of a finding with a capital, unless it begins with the name of something.
pub(super) fn capitalised(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let is_name =
        matches!(first, "git" | "holdfast") || !first.chars().all(|c| c.is_ascii_lowercase());
    let mut characters = text.chars();
    match characters.next() {
        Some(initial) if !is_name => initial.to_uppercase().chain(characters).collect(),
        Some(_) | None => text.to_owned(),
    }
}

/// The same with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let end = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    capitalised(text) + end
}

/// How many things want to be looked at; nothing where there are none.
pub(super) fn badge(groups: &[FindingGroup]) -> Option<Badge> {
    let count = |wanted| {
        let group = groups.iter().find(|group| group.grade == wanted);
        group.map_or(0, |group| group.findings.len())
    };
    let (problems, warnings) = (count(Grade::Problem), count(Grade::Warning));
    let parts: Vec<String> = [(problems, "problem"), (warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| {
            let plural = if count == 1 { "" } else { "s" };
            format!("{count} {word}{plural}")
        })
        .collect();
    (!parts.is_empty()).then(|| Badge {
        page: PageName::Doctor,
        count: problems + warnings,
        words: parts.join(", "),
    })
}
