//! Runs the real AWS CLI and real git against a simulated AWS, in an environment made from nothing.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use holdfast_aws_sim::{Sim, blog};
use serde_json::Value;

/// A home directory whose programs reach one simulated AWS.
pub(crate) struct Home {
    pub(crate) sim: Sim,
    folder: tempfile::TempDir,
}

/// What a program did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) success: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Itself, when the program succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(self.success, "failed\nout: {}\nerr: {}", self.out, self.err);
        self
    }

    /// Its standard error, when the program failed.
    #[track_caller]
    pub(crate) fn failed(self) -> String {
        assert!(!self.success, "succeeded\nout: {}", self.out);
        self.err
    }

    /// Its standard output as JSON.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let ran = self.ok();
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error} in {}", ran.out))
    }
}

impl Home {
    /// A home with the scenario's AWS files.
    pub(crate) fn new(sim: Sim) -> Self {
        let folder = tempfile::tempdir().unwrap();
        sim.write_aws_files(&folder.path().join(".aws")).unwrap();
        Self { sim, folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds text to a file of the home.
    pub(crate) fn append(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(path, old + text).unwrap();
    }

    /// A program in this home, with nothing of the machine's own environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").expect("PATH is set"))
            .env("HOME", self.path())
            .env("LC_ALL", "C.UTF-8")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .envs(self.sim.env())
            .current_dir(self.path());
        command
    }

    /// Debian's AWS CLI with these arguments.
    pub(crate) fn aws(&self, arguments: &[&str]) -> Ran {
        run(self.command(aws_cli()).args(arguments))
    }

    /// git with these arguments.
    pub(crate) fn git(&self, arguments: &[&str]) -> Ran {
        run(self.command("git").args(arguments))
    }

    /// Temporary credentials with a one-time code, in `profile` of the credentials file, as the scenario's story goes.
    pub(crate) fn fetch_mfa_credentials(&self, profile: &str, code: &str) {
        let answer = self
            .aws(&[
                "sts",
                "get-session-token",
                "--profile",
                blog::KEY_PROFILE,
                "--serial-number",
                blog::MFA_SERIAL,
                "--token-code",
                code,
                "--duration-seconds",
                "43200",
            ])
            .json();
        let text = |name: &str| answer["Credentials"][name].as_str().unwrap().to_owned();
        self.append(
            ".aws/credentials",
            &format!(
                "\n[{profile}]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
                text("AccessKeyId"),
                text("SecretAccessKey"),
                text("SessionToken")
            ),
        );
    }

    /// Signs in with the current code; the profile `Contributor` then assumes the role with the session.
    pub(crate) fn sign_in(&self) {
        let code = self.sim.totp_now(blog::MFA_SERIAL).unwrap();
        self.fetch_mfa_credentials("MyRepositoryAssumer", &code);
        self.append(
            ".aws/config",
            &format!(
                "\n[profile Contributor]\nregion = us-east-1\nrole_arn = {}\nsource_profile = MyRepositoryAssumer\n",
                blog::ROLE_ARN
            ),
        );
    }

    /// Lets git get its passwords from the AWS CLI.
    pub(crate) fn use_credential_helper(&self, profile: &str) {
        let aws = aws_cli();
        self.append(
            ".gitconfig",
            &format!(
                "[user]\n\tname = Jo\n\temail = jo@example.com\n[credential]\n\tuseHttpPath = true\n\
                 \thelper = !{} --profile {profile} codecommit credential-helper $@\n",
                aws.display()
            ),
        );
    }
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .unwrap_or_else(|error| panic!("{:?} does not start: {error}", command.get_program()));
    Ran {
        success: status.success(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// The distribution's AWS CLI: the tests prove the simulated AWS against it, so they fail without it.
pub(crate) fn aws_cli() -> PathBuf {
    let path = PathBuf::from("/usr/bin/aws");
    assert!(
        path.exists(),
        "no AWS CLI at {}; install the package awscli",
        path.display()
    );
    path
}

/// Python with the newest boto3, from PyPI: it knows what the distribution's AWS CLI is too old for.
pub(crate) fn python() -> PathBuf {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let path = built.unwrap().join("tools/boto3/bin/python");
    assert!(
        path.exists(),
        "no Python with boto3 at {}; run `cargo xtask test` once, which installs it",
        path.display()
    );
    path
}
