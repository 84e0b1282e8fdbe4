//! A compiler with the standard library of another system.

use crate::packages::{self, Consent, Need};
use crate::{process, workspace};
use anyhow::{Context, Result};
use std::env;
use std::path::Path;
use std::process::Command;

/// Debian's compiler with its library's source; any target's library can be built from it.
const DEBIAN: [Need; 3] = [
    Need::file("/usr/bin/rustc", "rustc-web"),
    Need::file("/usr/bin/cargo", "cargo-web"),
    Need::file(
        "/usr/lib/rustlib/src/rust/library/Cargo.lock",
        "rust-web-src",
    ),
];

/// Where the target's standard library comes from.
pub(crate) enum Toolchain {
    /// Rustup has it for the toolchain that runs this program.
    Rustup,
    /// Debian's compiler builds it from source.
    Debian,
}

impl Toolchain {
    /// The first that can serve the target; installs it when it is missing.
    pub(crate) fn find(target: &str) -> Result<Self> {
        if rustup_has(target) {
            return Ok(Self::Rustup);
        }
        if packages::apt_offers("rustc-web") {
            packages::ensure(&DEBIAN, Consent::Given)?;
            return Ok(Self::Debian);
        }
        process::run(Command::new("rustup").args(["target", "add", target]))
            .with_context(|| format!("no standard library for {target} can be installed"))?;
        Ok(Self::Rustup)
    }

    /// A cargo command for the target.
    pub(crate) fn cargo(&self, verb: &str, folder: &Path, target: &str) -> Command {
        let mut command = match self {
            Self::Rustup => {
                let mut command = workspace::cargo();
                command.arg(verb);
                command
            }
            Self::Debian => {
                let mut command = Command::new("/usr/bin/cargo");
                command.current_dir(workspace::root());
                let path = env::var("PATH").unwrap_or_default();
                command
                    .env("PATH", format!("/usr/bin:{path}"))
                    .env("RUSTC", "/usr/bin/rustc")
                    // Building the standard library is an unstable feature of a stable compiler.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env_remove("RUSTUP_TOOLCHAIN")
                    .args([verb, "-Zbuild-std=std,panic_abort"]);
                command
            }
        };
        command
            .args(["--locked", "--target", target])
            .env("CARGO_TARGET_DIR", folder.join("build"));
        command
    }
}

fn rustup_has(target: &str) -> bool {
    let output = workspace::rustc()
        .args(["--print", "target-libdir", "--target", target])
        .output();
    output.is_ok_and(|answer| {
        let folder = String::from_utf8_lossy(&answer.stdout);
        Path::new(folder.trim()).is_dir()
    })
}
