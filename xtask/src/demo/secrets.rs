//! Looks for the plaintext key of the scenario in every file of the scratch home.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// The secret access keys that a credentials file holds.
pub(crate) fn in_credentials(file: &Path) -> Result<Vec<String>> {
    let text =
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(text
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(name, _)| name.trim() == "aws_secret_access_key")
        .map(|(_, value)| value.trim().to_owned())
        .collect())
}

/// How many files there are below a folder, and how many of them hold one of the secrets.
pub(crate) fn search(folder: &Path, secrets: &[String]) -> Result<(usize, usize)> {
    let mut searched = 0;
    let mut hits = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let (more, found) = search(&entry.path(), secrets)?;
            searched += more;
            hits += found;
        } else if kind.is_file() {
            let bytes = fs::read(entry.path())?;
            searched += 1;
            if secrets.iter().any(|secret| contains(&bytes, secret)) {
                hits += 1;
            }
        }
    }
    Ok((searched, hits))
}

fn contains(bytes: &[u8], secret: &str) -> bool {
    let secret = secret.as_bytes();
    !secret.is_empty() && bytes.windows(secret.len()).any(|window| window == secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_anywhere_in_a_file() {
        assert!(contains(b"\0\x01abcSECRETdef", "SECRET"));
        assert!(!contains(b"SECRE", "SECRET"));
        assert!(!contains(b"anything", ""));
    }
}
