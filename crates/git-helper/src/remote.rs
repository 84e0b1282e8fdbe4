//! The remote helper: finds out where the repository is, and becomes git with an https URL.
//!
//! Neither the URL nor the options hold a secret. They make git ask our credential helper, and only that, about this one
//! host; git passes them to its children in `GIT_CONFIG_PARAMETERS`, where they come behind everything that the person
//! configured, including `GIT_CONFIG_COUNT`.

use crate::ask;
use crate::failure::{self, Failure};
use crate::programs;
use crate::replace::replace;
use crate::trace::Trace;
use holdfast_agent_proto::use_fips_endpoint;
use holdfast_codecommit::git_config::{helper_command, settings};
use holdfast_codecommit::{GitHost, RemoteUrl, RemoteUrlError, RepositoryAddress};
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, ExitCode};

/// Name of the program.
const PROGRAM: &str = "git-remote-codecommit";

/// The forms of a URL, for whoever got it wrong.
const FORMS: &str =
    "write codecommit://PROFILE@REPOSITORY or codecommit::REGION://PROFILE@REPOSITORY";

/// Why git is not run, and the exit code that says so.
struct Refused {
    failure: Failure,
    code: u8,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self { failure, code: 1 }
    }
}

/// `git-remote-codecommit`, with its arguments but without its name: the remote's name or URL, and the URL.
///
/// Does not return where the system can replace a process, unless something is wrong. The exit code is git's own; 2
/// for arguments that cannot be, and 1 for any other failure.
pub fn remote_helper(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let trace = Trace::from_env(PROGRAM);
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    prepare(&arguments, trace)
        .and_then(|mut git| {
            trace.line(format_args!("running git remote-https"));
            replace(&mut git).map_err(|error| not_runnable(git.get_program(), &error).into())
        })
        .unwrap_or_else(|refused| {
            failure::tell(refused.failure.line());
            ExitCode::from(refused.code)
        })
}

/// The git to become.
fn prepare(arguments: &[OsString], trace: Trace) -> Result<Command, Refused> {
    let [remote, url] = arguments else {
        let usage = "git runs this program, with the name of a remote and a codecommit URL";
        return Err(misused(usage, FORMS));
    };
    if !is_remote(remote) {
        return Err(misused("the remote's name cannot be", "rename the remote"));
    }
    let url = url
        .to_str()
        .ok_or(RemoteUrlError::Form)
        .and_then(RemoteUrl::from_git)
        .map_err(|error| misused(&error.to_string(), FORMS))?;
    let (host, profile) = locate(&url, trace)?;
    trace.line(format_args!("{} is at {host}", url.repository));
    let address =
        RepositoryAddress::from_git(host.as_typed(), &format!("v1/repos/{}", url.segment))
            .map_err(|error| misused(&error.to_string(), FORMS))?;
    let git = programs::git()
        .ok_or_else(|| Failure::new("git is in no absolute folder of PATH", "install git"))?;
    let mut command = Command::new(git);
    for setting in settings(&format!("https://{host}"), &helper(profile.as_deref())?) {
        command.arg("-c");
        command.arg(format!("{}={}", setting.key, setting.value));
    }
    command.arg("remote-https").arg(remote);
    command.arg(format!("https://{host}/{}", address.path()));
    Ok(command)
}

/// git takes `--help` in place of a name for a question of its own, and other options may follow.
fn is_remote(name: &OsStr) -> bool {
    let text = name.to_string_lossy();
    !text.is_empty() && !text.starts_with('-') && !text.chars().any(char::is_control)
}

/// The endpoint, and the profile to name to the credential helper.
fn locate(url: &RemoteUrl, trace: Trace) -> Result<(GitHost, Option<String>), Refused> {
    let chosen = chosen_host(url)?;
    let region = chosen.as_ref().map(GitHost::region).or(url.region.as_ref());
    let found = ask::endpoint(url, region, use_fips_endpoint(), trace)?;
    Ok((chosen.unwrap_or(found.host), found.profile))
}

/// `CODE_COMMIT_ENDPOINT`, with which people name the endpoint in their VPC.
fn chosen_host(url: &RemoteUrl) -> Result<Option<GitHost>, Refused> {
    let Some(value) = env::var_os("CODE_COMMIT_ENDPOINT").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let hint = "unset CODE_COMMIT_ENDPOINT, or name a host such as VPCE-ID.git-codecommit.REGION.vpce.amazonaws.com";
    let host = value.to_str().and_then(|host| GitHost::parse(host).ok());
    let host = host.ok_or_else(|| {
        misused(
            "CODE_COMMIT_ENDPOINT is not a CodeCommit git endpoint",
            hint,
        )
    })?;
    match &url.region {
        Some(region) if region != host.region() => {
            let message = format!(
                "CODE_COMMIT_ENDPOINT is an endpoint of {}, and the URL names {region}",
                host.region()
            );
            Err(misused(&message, hint))
        }
        _ => Ok(Some(host)),
    }
}

/// The value of `credential.helper`.
fn helper(profile: Option<&str>) -> Result<String, Failure> {
    let path = programs::credential_helper().ok_or_else(|| {
        Failure::new(
            "git-credential-holdfast is neither beside git-remote-codecommit nor on PATH",
            "install Holdfast completely",
        )
    })?;
    for_git(&path)
        .and_then(|path| helper_command(&path, profile).ok())
        .ok_or_else(|| {
            Failure::new(
                "the path of git-credential-holdfast cannot be part of git's configuration",
                "install Holdfast in a folder whose name is plain text",
            )
        })
}

/// A path with forward slashes.
fn for_git(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    Some(if cfg!(windows) {
        text.trim_start_matches(r"\\?\").replace('\\', "/")
    } else {
        text.to_owned()
    })
}

fn misused(message: &str, hint: &str) -> Refused {
    Refused {
        failure: Failure::new(message, hint),
        code: 2,
    }
}

fn not_runnable(program: &OsStr, error: &std::io::Error) -> Failure {
    let message = format!("cannot run {}: {error}", program.to_string_lossy());
    Failure::new(&message, "check the installation of git")
}
