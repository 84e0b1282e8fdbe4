//! Git's own tests, out of the source package of the system's git: one of them tries credential helpers.

use crate::packages::{self, Consent, Need};
use crate::{process, workspace};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What unpacks and builds the package.
const BUILD: [Need; 3] = [
    packages::C_COMPILER,
    Need::program("dpkg-source", "dpkg-dev"),
    Need::file("/usr/include/zlib.h", "zlib1g-dev"),
];

/// The parts of git that its tests need beside an installed git. None of them reaches the network or translates.
const PARTS: [&str; 11] = [
    "NO_GETTEXT=1",
    "NO_TCLTK=1",
    "NO_PERL=1",
    "NO_PYTHON=1",
    "NO_EXPAT=1",
    "NO_OPENSSL=1",
    "NO_CURL=1",
    "CFLAGS=-O0",
    "t/helper/test-tool",
    "GIT-BUILD-OPTIONS",
    "bin-wrappers/test-tool",
];

/// Makes sure that `target/tools/git-tests` holds git's tests, ready to be run with an installed git.
pub(crate) fn ensure() -> Result<()> {
    let folder = workspace::target_dir()?.join("tools/git-tests");
    if folder.is_dir() {
        return Ok(());
    }
    if process::find("apt-get").is_none() {
        bail!(
            "git's own tests are needed from its source package, which apt would bring; \
             unpack and build git's source in {}",
            folder.display()
        );
    }
    packages::ensure(&BUILD, Consent::Given)?;
    let scratch = folder.with_extension("new");
    match fs::remove_dir_all(&scratch) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).context("an unfinished build of git's tests is in the way");
        }
        _ => fs::create_dir_all(&scratch)?,
    }
    println!("needed from apt: the source of git, for its tests");
    unpack(&scratch).context("the source package of git cannot be had from apt")?;
    let source = source_in(&scratch)?;
    process::capture(make(&source).arg("--jobs=2").args(PARTS))?;
    process::capture(make(&source).args(["-C", "templates", "NO_GETTEXT=1", "NO_PERL=1"]))?;
    // Whole or not at all: an interrupted build is no folder of this name.
    fs::rename(&source, &folder).context("git's tests cannot be put in place")?;
    fs::remove_dir_all(&scratch).context("the scratch folder of git's tests stays")
}

/// Fetches the package from wherever this machine has its packages from, without touching its own lists.
fn unpack(scratch: &Path) -> Result<()> {
    let parts = scratch.join("parts");
    for folder in ["parts", "lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(scratch.join(folder))?;
    }
    let main = PathBuf::from("/etc/apt/sources.list");
    let listed = fs::read_dir("/etc/apt/sources.list.d")
        .into_iter()
        .flatten();
    let listed = listed.filter_map(|entry| Some(entry.ok()?.path()));
    for file in std::iter::once(main).chain(listed) {
        let (Some(name), Ok(text)) = (file.file_name(), fs::read_to_string(&file)) else {
            continue;
        };
        fs::write(parts.join(name), of_sources(&text))?;
    }
    let apt = || {
        let mut command = Command::new("apt-get");
        command.current_dir(scratch).arg("--quiet");
        for (option, value) in [
            ("Dir::Etc::sourcelist", Path::new("/dev/null")),
            ("Dir::Etc::sourceparts", &parts),
            ("Dir::State::lists", &scratch.join("lists")),
            ("Dir::Cache", &scratch.join("cache")),
            // The folders belong to whoever builds, not to apt's own user.
            ("APT::Sandbox::User", Path::new("root")),
        ] {
            command.args(["-o", &format!("{option}={}", value.display())]);
        }
        command
    };
    process::capture(apt().arg("update"))?;
    process::capture(apt().args(["source", "git"])).map(drop)
}

/// The same list of places, for source packages instead of built ones.
fn of_sources(list: &str) -> String {
    let lines = list.lines().filter_map(|line| {
        let words = line.trim_start();
        if words.starts_with("deb-src ") {
            None
        } else if let Some(rest) = words.strip_prefix("deb ") {
            Some(format!("deb-src {rest}\n"))
        } else if words.starts_with("Types:") {
            Some("Types: deb-src\n".to_owned())
        } else {
            Some(format!("{line}\n"))
        }
    });
    lines.collect()
}

/// The folder into which the package was unpacked.
fn source_in(scratch: &Path) -> Result<PathBuf> {
    let unpacked = fs::read_dir(scratch)?.filter_map(|entry| Some(entry.ok()?.path()));
    unpacked
        .into_iter()
        .find(|folder| folder.join("t/t0303-credential-external.sh").is_file())
        .context("the source package of git does not hold git's tests")
}

fn make(source: &Path) -> Command {
    let mut command = Command::new("make");
    command.current_dir(source);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_turned_to_source_packages() {
        for (list, expect) in [
            ("", ""),
            (
                "deb [arch=amd64] mirror:/a stable main\ndeb-src mirror:/a stable main\n# deb old\n",
                "deb-src [arch=amd64] mirror:/a stable main\n# deb old\n",
            ),
            (
                "Types: deb deb-src\nURIs: mirror:/a\nSuites: stable\n\nTypes: deb\nURIs: mirror:/b\n",
                "Types: deb-src\nURIs: mirror:/a\nSuites: stable\n\nTypes: deb-src\nURIs: mirror:/b\n",
            ),
        ] {
            assert_eq!(of_sources(list), expect);
        }
    }
}
