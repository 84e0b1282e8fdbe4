//! Programs of the system that a command needs, and their packages.

use crate::process;
use anyhow::{Result, bail};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program or file, and the Debian or Ubuntu package that brings it.
pub(crate) struct Need {
    what: What,
    package: &'static str,
}

enum What {
    Program(&'static str),
    File(&'static str),
    LibraryFile(&'static str),
    Development(&'static str),
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

    /// A file below the folder of this architecture's libraries.
    const fn library_file(path: &'static str, package: &'static str) -> Self {
        let what = What::LibraryFile(path);
        Self { what, package }
    }

    /// What a build needs of a library, by its name in pkg-config.
    const fn development(library: &'static str, package: &'static str) -> Self {
        let what = What::Development(library);
        Self { what, package }
    }

    fn is_met(&self) -> bool {
        match self.what {
            What::Program(name) => process::find(name).is_some(),
            What::File(path) => Path::new(path).exists(),
            What::LibraryFile(path) => library_folders().any(|folder| folder.join(path).exists()),
            What::Development(library) => {
                process::succeeds(Command::new("pkg-config").args(["--exists", library]))
            }
        }
    }
}

/// C compiler: some of the crates that do cryptography hold C and assembly.
pub(crate) const C_COMPILER: Need = Need::program("cc", "build-essential");
/// Git.
pub(crate) const GIT: Need = Need::program("git", "git");
/// Git's extension for large files.
pub(crate) const GIT_LFS: Need = Need::program("git-lfs", "git-lfs");
/// Starts a private D-Bus session.
pub(crate) const DBUS: Need = Need::program("dbus-run-session", "dbus");
/// The keychain of GNOME, which serves the Secret Service.
pub(crate) const KEYRING: Need = Need::program("gnome-keyring-daemon", "gnome-keyring");

/// Shells that people take credentials into, beside those of every system.
pub(crate) const SHELLS: [Need; 3] = [
    Need::program("bash", "bash"),
    Need::program("zsh", "zsh"),
    Need::program("fish", "fish"),
];

/// Ends a program at a chosen system call.
pub(crate) const STRACE: Need = Need::program("strace", "strace");

/// What a build of the app needs: GTK and WebKit for windows, and the library of tray icons.
pub(crate) const APP_BUILD: [Need; 6] = [
    C_COMPILER,
    Need::program("pkg-config", "pkg-config"),
    Need::development("gtk+-3.0", "libgtk-3-dev"),
    Need::development("webkit2gtk-4.1", "libwebkit2gtk-4.1-dev"),
    Need::development("ayatana-appindicator3-0.1", "libayatana-appindicator3-dev"),
    Need::development("dbus-1", "libdbus-1-dev"),
];

/// What the headless desktop is made of, and what looks at it.
pub(crate) const DESKTOP: [Need; 19] = [
    DBUS,
    KEYRING,
    Need::program("dbus-daemon", "dbus-daemon"),
    Need::program("Xvfb", "xvfb"),
    Need::program("xfwm4", "xfwm4"),
    Need::library_file("xfce4/xfconf/xfconfd", "xfconf"),
    Need::program("xfce4-panel", "xfce4-panel"),
    Need::library_file("xfce4/notifyd/xfce4-notifyd", "xfce4-notifyd"),
    Need::program("notify-send", "libnotify-bin"),
    Need::program("WebKitWebDriver", "webkit2gtk-driver"),
    Need::program("xdotool", "xdotool"),
    Need::program("wmctrl", "wmctrl"),
    Need::program("xclip", "xclip"),
    Need::program("xprop", "x11-utils"),
    Need::program("import", "imagemagick"),
    Need::file("/usr/share/icons/Adwaita/index.theme", "adwaita-icon-theme"),
    Need::file("/usr/share/icons/hicolor/index.theme", "hicolor-icon-theme"),
    Need::file(
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "fonts-dejavu-core",
    ),
    Need::file(
        "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
        "fonts-noto-color-emoji",
    ),
];

/// Asks a server as no other client does.
pub(crate) const CURL: Need = Need::program("curl", "curl");

/// A browser that tests drive, and what puts a CA into its database.
pub(crate) const BROWSER: [Need; 3] = [
    Need::file("/usr/bin/chromium", "chromium"),
    Need::program("chromedriver", "chromium-driver"),
    Need::program("certutil", "libnss3-tools"),
];

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
    apt_version(package).is_some()
}

/// Where Debian and others keep files that go with a library.
fn library_folders() -> impl Iterator<Item = PathBuf> {
    let own = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    [own, "/usr/lib".to_owned(), "/usr/lib64".to_owned()]
        .into_iter()
        .map(PathBuf::from)
}

/// The version of a package that apt would install.
pub(crate) fn apt_version(package: &str) -> Option<String> {
    let answer = Command::new("apt-cache")
        .args(["policy", package])
        .env("LC_ALL", "C")
        .output()
        .ok()?;
    String::from_utf8_lossy(&answer.stdout)
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Candidate: "))
        .find(|version| *version != "(none)")
        .map(str::to_owned)
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
