//! `cargo xtask ui`: builds and checks what the app's windows show, with the machine's Node.

use crate::arguments::Arguments;
use crate::packages::{self, Consent};
use crate::{process, workspace};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Oldest Node that the build tools run on.
const OLDEST_NODE: u32 = 20;

/// Beside what npm installs: the lock file that it was installed from.
const INSTALLED: &str = "node_modules/.holdfast-installed.json";

/// Beside what npm installs: a digest of the sources that were built last.
const BUILT: &str = "node_modules/.holdfast-built";

/// Builds `ui/dist`, then checks types and accessibility and runs the tests.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    build(Consent::Given)?;
    check()
}

/// Makes sure that `ui/dist`, which the app embeds, is made of the present sources.
///
/// Nothing is touched when it is, because the app is compiled again whenever it changes.
pub(crate) fn build(consent: Consent) -> Result<()> {
    node(consent)?;
    let folder = folder();
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .context("ui/package-lock.json cannot be read")?;
    let installed = fs::read_to_string(folder.join(INSTALLED)).unwrap_or_default();
    if installed != lock {
        process::run(npm().args(["ci", "--no-audit", "--no-fund"]))
            .context("npm could not install what ui/package-lock.json names")?;
        fs::write(folder.join(INSTALLED), lock)?;
    }
    let sources = digest(&folder)?;
    let built = fs::read_to_string(folder.join(BUILT)).unwrap_or_default();
    let complete = ["index.html", "prompt.html"]
        .iter()
        .all(|page| folder.join("dist").join(page).is_file());
    if built == sources && complete {
        return Ok(());
    }
    process::run(npm().args(["run", "build"]))?;
    fs::write(folder.join(BUILT), sources)?;
    Ok(())
}

/// Checks types and accessibility, and runs the tests.
pub(crate) fn check() -> Result<()> {
    process::run(npm().args(["run", "check"]))?;
    process::run(npm().args(["run", "test"]))
}

fn folder() -> PathBuf {
    workspace::root().join("ui")
}

fn npm() -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder());
    command
}

/// Makes sure that there is a Node that is new enough.
fn node(consent: Consent) -> Result<()> {
    let enough = |version: Option<u32>| version.is_some_and(|version| version >= OLDEST_NODE);
    let npm_is_there = || process::succeeds(npm().arg("--version"));
    if enough(installed_node()) && npm_is_there() {
        return Ok(());
    }
    let offered = packages::apt_version("nodejs").and_then(|version| major(&version));
    if !enough(offered) {
        bail!(
            "the windows are built with Node {OLDEST_NODE} or later and npm, which this system does not offer; \
             please install the Debian packages nodejs and npm of a newer release, or Node from nodejs.org"
        );
    }
    packages::install(&["nodejs"], consent)?;
    if !npm_is_there() {
        packages::install(&["npm"], consent)?;
    }
    ensure!(
        enough(installed_node()),
        "the node on the path is older than {OLDEST_NODE}; please put a newer one before it"
    );
    Ok(())
}

fn installed_node() -> Option<u32> {
    let output = Command::new("node").arg("--version").output().ok()?;
    major(
        String::from_utf8_lossy(&output.stdout)
            .trim()
            .trim_start_matches('v'),
    )
}

/// The first number of a version such as `20.19.2+dfsg-1`.
fn major(version: &str) -> Option<u32> {
    let digits = version.split(|character: char| !character.is_ascii_digit());
    digits.into_iter().next()?.parse().ok()
}

/// A digest of everything that a build reads from the repository.
fn digest(folder: &Path) -> Result<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_file() {
            files.push(path);
        } else if name != "node_modules" && name != "dist" {
            collect(&path, &mut files)?;
        }
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let text = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        hasher.write(file.as_os_str().as_encoded_bytes());
        hasher.write_usize(text.len());
        hasher.write(&text);
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_a_version_counts() {
        for (version, expected) in [
            ("20.19.2+dfsg-1", Some(20)),
            ("18", Some(18)),
            ("", None),
            ("none", None),
        ] {
            assert_eq!(major(version), expected);
        }
    }

    #[test]
    fn the_digest_knows_contents_and_ignores_what_is_built() {
        let folder = std::env::temp_dir().join(format!("holdfast-ui-{}", std::process::id()));
        for name in ["src", "dist", "node_modules"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        fs::write(folder.join("src/a.ts"), "1").unwrap();
        let first = digest(&folder).unwrap();
        fs::write(folder.join("dist/a.js"), "1").unwrap();
        assert_eq!(digest(&folder).unwrap(), first);
        fs::write(folder.join("src/a.ts"), "2").unwrap();
        assert_ne!(digest(&folder).unwrap(), first);
        fs::remove_dir_all(&folder).unwrap();
    }
}
