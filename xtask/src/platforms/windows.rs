//! Windows: the programs are built and run through Wine, with its Credential Manager and pipes.

use crate::packages::Need;
use crate::platforms::toolchain::Toolchain;
use crate::{process, workspace};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Windows on ordinary PCs.
pub(crate) const TARGET: &str = "x86_64-pc-windows-gnu";

/// Compiler and linker for Windows.
pub(crate) const COMPILER: [Need; 1] = [Need::program(
    "x86_64-w64-mingw32-gcc",
    "gcc-mingw-w64-x86-64",
)];

/// What runs programs for Windows.
pub(crate) const WINE: [Need; 1] = [Need::file(WINE_PROGRAM, "wine64")];

const WINE_PROGRAM: &str = "/usr/lib/wine/wine64";

/// Wine 8 lists credentials in memory that is not aligned, which Windows does not do, and the standard
/// library's checks of pointers end the agent over it.
const NO_POINTER_CHECKS: [&str; 4] = [
    "--config",
    "profile.dev.debug-assertions=false",
    "--config",
    "profile.dev.overflow-checks=true",
];

/// Wine 8 has no `bcryptprimitives.dll`, from which Rust takes its random numbers.
const RANDOM_NUMBERS: &str = "\
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
    return SystemFunction036(data, (ULONG)length);
}
";

/// The example key of AWS's own documentation; no account has it.
const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// What git asks for.
const REPOSITORY: &str = "protocol=https\n\
    host=git-codecommit.eu-west-1.amazonaws.com\n\
    path=v1/repos/myRepository\n";
const FOREIGN: &str = "protocol=https\nhost=example.com\npath=v1/repos/myRepository\n";

/// Builds agent, helper and CLI and puts them through the scenario.
pub(crate) fn run(folder: &Path) -> Result<()> {
    println!("── build for {TARGET}");
    let toolchain = Toolchain::find(TARGET)?;
    let mut build = toolchain.cargo("build", folder, TARGET);
    for (package, program) in workspace::SHIPPED {
        build.args(["--package", package, "--bin", program]);
    }
    process::run(build.args(NO_POINTER_CHECKS))?;

    println!("── run under Wine");
    let wine = Wine::prepare(folder)?;
    let outcome = scenario(&wine);
    wine.end();
    outcome
}

fn scenario(wine: &Wine) -> Result<()> {
    wine.ok("holdfast", &["--version"], "")?;
    done("the CLI starts");

    let key = format!("{KEY_ID}\n{SECRET}\n");
    wine.ok("holdfast", &["keys", "add", "dev"], &key)?;
    done("the CLI starts the agent, and the agent puts a key into the Credential Manager");

    wine.ok("holdfast", &["agent", "stop"], "")?;
    let list = wine.ok("holdfast", &["keys", "list", "--json"], "")?;
    ensure!(
        list.contains(KEY_ID),
        "the key is gone after a restart of the agent"
    );
    ensure!(!list.contains(SECRET), "the list of keys shows a secret");
    done("a new agent finds the key again");

    let status: Value = serde_json::from_str(&wine.ok("holdfast", &["status", "--json"], "")?)
        .context("status is not JSON")?;
    ensure!(status["pid"].as_u64().is_some(), "status names no agent");
    done("status answers");

    let answer = wine.ok(
        "git-credential-holdfast",
        &["--profile", "dev", "get"],
        REPOSITORY,
    )?;
    ensure!(
        value(&answer, "username") == Some(KEY_ID),
        "the helper gives no user name"
    );
    let password = value(&answer, "password").context("the helper gives no password")?;
    ensure!(
        is_git_password(password),
        "the helper gives something else than a git password"
    );
    done("the git helper answers over the named pipe");

    let silence = wine.ok("git-credential-holdfast", &["get"], FOREIGN)?;
    ensure!(
        silence.is_empty(),
        "the helper answers for a host that is not CodeCommit"
    );
    done("the git helper is silent for other hosts");

    wine.ok("holdfast", &["keys", "remove", "dev", "--yes"], "")?;
    let refusal = wine.ok(
        "git-credential-holdfast",
        &["--profile", "dev", "get"],
        REPOSITORY,
    )?;
    ensure!(
        value(&refusal, "quit") == Some("1"),
        "the helper lets git ask for a user name"
    );
    done("without the key the git helper says quit");

    wine.ok("holdfast", &["agent", "stop"], "")?;
    done("the agent ends");
    Ok(())
}

fn done(what: &str) {
    println!("   {what}");
}

/// The value of a line `name=value`.
fn value<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    answer
        .lines()
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Whether a text is a time such as `20261120T111700Z` and a signature in hexadecimal behind it.
fn is_git_password(text: &str) -> bool {
    let Some((time, signature)) = text.split_once('Z') else {
        return false;
    };
    let digits = time.bytes().filter(u8::is_ascii_digit).count();
    let hexadecimal = signature.bytes().all(|byte| byte.is_ascii_hexdigit());
    time.len() == 15 && digits == 14 && signature.len() == 64 && hexadecimal
}

/// A fresh Windows with our programs in it.
struct Wine {
    prefix: PathBuf,
    home: PathBuf,
    programs: PathBuf,
}

impl Wine {
    fn prepare(folder: &Path) -> Result<Self> {
        let prefix = folder.join("wine");
        if prefix.exists() {
            fs::remove_dir_all(&prefix).context("the last run's Windows cannot be removed")?;
        }
        let programs = folder.join("build").join(TARGET).join("debug");
        let source = folder.join("bcryptprimitives.c");
        fs::write(&source, RANDOM_NUMBERS)?;
        process::run(
            Command::new("x86_64-w64-mingw32-gcc")
                .args(["-shared", "-o"])
                .arg(programs.join("bcryptprimitives.dll"))
                .arg(&source)
                .arg("-ladvapi32"),
        )?;
        let home = folder.join("wine-home");
        fs::create_dir_all(home.join(".aws"))?;
        fs::write(
            home.join(".aws/config"),
            "[profile dev]\nregion = eu-west-1\n",
        )?;
        Ok(Self {
            prefix,
            home,
            programs,
        })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(WINE_PROGRAM);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &self.home)
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDEBUG", "-all")
            .env(
                "AWS_CONFIG_FILE",
                windows_path(&self.home.join(".aws/config")),
            )
            .env(
                "AWS_SHARED_CREDENTIALS_FILE",
                windows_path(&self.home.join(".aws/credentials")),
            )
            .arg(self.programs.join(format!("{program}.exe")));
        command
    }

    /// What a program prints; an error when it fails.
    fn ok(&self, program: &str, arguments: &[&str], input: &str) -> Result<String> {
        let output = self.output(program, arguments, input)?;
        ensure!(
            output.status.success(),
            "{program} {} failed ({}): {}{}",
            arguments.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stdout).trim(),
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"))
    }

    fn output(&self, program: &str, arguments: &[&str], input: &str) -> Result<Output> {
        // A file, because an agent that is started keeps the pipes of its starter open under Wine.
        let collected = self.home.join("stdout");
        let errors = self.home.join("stderr");
        let mut child = self
            .command(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(fs::File::create(&collected)?)
            .stderr(fs::File::create(&errors)?)
            .spawn()
            .context("Wine did not start")?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        Ok(Output {
            status: child.wait()?,
            stdout: fs::read(collected)?,
            stderr: fs::read(errors)?,
        })
    }

    /// Ends every program of this Windows, and only of this one.
    fn end(&self) {
        let server = Command::new("/usr/lib/wine/wineserver64")
            .arg("-k")
            .env("WINEPREFIX", &self.prefix)
            .status();
        if server.is_err() {
            println!("   Wine's server could not be told to end; it ends by itself");
        }
    }
}

/// A path of this machine as Windows programs under Wine spell it.
fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_git_password_is_a_time_and_a_signature() {
        let signature = "0123456789abcdef".repeat(4);
        assert!(is_git_password(&format!("20261120T111700Z{signature}")));
        assert!(!is_git_password(&format!("20261120T111700{signature}")));
        assert!(!is_git_password("20261120T111700Z0123"));
    }

    #[test]
    fn values_are_found_by_their_whole_name() {
        let answer = "username=AKIA\npassword=x=y\n";
        assert_eq!(value(answer, "password"), Some("x=y"));
        assert_eq!(value(answer, "user"), None);
    }
}
