//! The change to a file, line by line, before it is made.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::path::Path;

/// What leaves a file and what comes, in the unified format with so many lines around each change.
pub(crate) fn unified(path: &Path, before: &[u8], after: &[u8], context: usize) -> String {
    let (before, after) = (lines(before), lines(after));
    let changes = changes(&before, &after);
    let is_near = |at: usize| {
        let around = at.saturating_sub(context)..(at + context + 1).min(changes.len());
        changes[around].iter().any(|(mark, _)| *mark != Mark::Same)
    };
    let name = path.display();
    let mut text = format!("--- {name}\n+++ {name}\n");
    let (mut old, mut new) = (1, 1);
    let mut in_hunk = false;
    for (at, (mark, line)) in changes.iter().enumerate() {
        if is_near(at) {
            if !in_hunk {
                text.push_str(&format!("@@ -{old} +{new} @@\n"));
            }
            let sign = match mark {
                Mark::Same => ' ',
                Mark::Gone => '-',
                Mark::Come => '+',
            };
            text.push(sign);
            text.push_str(line);
            text.push('\n');
        }
        in_hunk = is_near(at);
        old += usize::from(*mark != Mark::Come);
        new += usize::from(*mark != Mark::Gone);
    }
    text
}

/// Tells one change from another, so that what is applied is what was shown.
pub(crate) fn fingerprint<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    HEXLOWER.encode(&digest.finalize())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Same,
    Gone,
    Come,
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(str::to_owned).collect()
}

/// The lines of both, in order: what they share by their longest common subsequence between equal beginnings and ends.
fn changes<'a>(before: &'a [String], after: &'a [String]) -> Vec<(Mark, &'a str)> {
    let same_start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let ends = before[same_start..]
        .iter()
        .rev()
        .zip(after[same_start..].iter().rev());
    let same_end = ends.take_while(|(a, b)| a == b).count();
    let old = &before[same_start..before.len() - same_end];
    let new = &after[same_start..after.len() - same_end];

    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }

    let same = |line: &'a String| (Mark::Same, line.as_str());
    let mut changes: Vec<(Mark, &str)> = before[..same_start].iter().map(same).collect();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            changes.push((Mark::Same, &old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || (i < old.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
        {
            changes.push((Mark::Gone, &old[i]));
            i += 1;
        } else {
            changes.push((Mark::Come, &new[j]));
            j += 1;
        }
    }
    changes.extend(before[before.len() - same_end..].iter().map(same));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expect: &str) {
        let (before, after) = (lines(before.as_bytes()), lines(after.as_bytes()));
        let shown: String = changes(&before, &after)
            .iter()
            .map(|(mark, line)| match mark {
                Mark::Same => format!(" {line}"),
                Mark::Gone => format!("-{line}"),
                Mark::Come => format!("+{line}"),
            })
            .collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn only_what_differs_is_marked() {
        check("a\nb\nc", "a\nc", " a-b c");
        check("a\nc", "a\nb\nc", " a+b c");
        check("a\nb\nc\nd", "b\nx\nd", "-a b-c+x d");
        check("", "a", "+a");
        check("a", "", "-a");
        check("a\na", "a", " a-a");
    }
}
