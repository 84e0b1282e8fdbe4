//! Programs of the system that a command needs, and their packages.

use crate::process;
use anyhow::{Result, bail};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

/// A program or file, and the Debian or Ubuntu package that brings it.
pub(crate) struct Need {
    what: What,
    package: &'static str,
}

enum What {
    Program(&'static str),
    File(&'static str),
}

impl Need {
    /// A program in `PATH`.
    pub(crate) const fn program(name: &'static str, package: &'static str) -> Self {
        let what = What::Program(name);
        Self { what, package }
    }

    /// A file at a fixed place.
    pub(crate) const fn file(path: &'static str, package: &'static str) -> Self {
        let what = What::File(path);
        Self { what, package }
    }

    fn is_met(&self) -> bool {
        match self.what {
            What::Program(name) => process::find(name).is_some(),
            What::File(path) => Path::new(path).exists(),
        }
    }
}

/// C compiler: some of the crates that do cryptography hold C and assembly.
pub(crate) const C_COMPILER: Need = Need::program("cc", "build-essential");
/// Git.
pub(crate) const GIT: Need = Need::program("git", "git");
/// Starts a private D-Bus session.
pub(crate) const DBUS: Need = Need::program("dbus-run-session", "dbus");
/// The keychain of GNOME, which serves the Secret Service.
pub(crate) const KEYRING: Need = Need::program("gnome-keyring-daemon", "gnome-keyring");

/// Ends a program at a chosen system call.
pub(crate) const STRACE: Need = Need::program("strace", "strace");

/// Whether packages are installed without a question.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// The person is asked first.
    Ask,
    /// The person has agreed already.
    Given,
}

/// Installs the packages of programs that are missing, or says what to install.
pub(crate) fn ensure(needs: &[Need], consent: Consent) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !need.is_met()).collect();
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    install(&packages, consent)?;
    for need in missing {
        if !need.is_met() {
            bail!(
                "{} is installed and does not hold what is needed",
                need.package
            );
        }
    }
    Ok(())
}

/// Installs packages with apt, or says what to install where there is no apt.
pub(crate) fn install(packages: &[&str], consent: Consent) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    if process::find("apt-get").is_none() {
        bail!("please install what these Debian packages hold, and run this again: {list}");
    }
    println!("needed from apt: {list}");
    if consent == Consent::Ask && !agreed()? {
        bail!("nothing was installed; the packages are: {list}");
    }
    process::run(apt_get()?.arg("update").arg("--quiet"))?;
    process::run(
        apt_get()?
            .args(["install", "--yes", "--quiet", "--no-install-recommends"])
            .args(packages),
    )
}

/// Whether apt knows a package that it can install.
pub(crate) fn apt_offers(package: &str) -> bool {
    Command::new("apt-cache")
        .args(["policy", package])
        .env("LC_ALL", "C")
        .output()
        .is_ok_and(|answer| {
            String::from_utf8_lossy(&answer.stdout)
                .lines()
                .filter_map(|line| line.trim().strip_prefix("Candidate: "))
                .any(|version| version != "(none)")
        })
}

fn agreed() -> Result<bool> {
    print!("install them now? [y/N] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn apt_get() -> Result<Command> {
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|answer| answer.stdout.starts_with(b"0\n"));
    let mut command = if is_root {
        Command::new("apt-get")
    } else if process::find("sudo").is_some() {
        let mut sudo = Command::new("sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    } else {
        bail!("installing packages needs root, and there is no sudo");
    };
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-o", "DPkg::Lock::Timeout=600"]);
    Ok(command)
}
