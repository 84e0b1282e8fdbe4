//! The operations, from command line and standard input to standard output.

use crate::answer;
use crate::arguments::{self, Arguments, Operation};
use crate::ask;
use crate::attributes::{self, Attributes};
use crate::failure::{self, Failure};
use crate::input;
use crate::trace::Trace;
use holdfast_codecommit::{GitHost, RepositoryAddress};
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

/// Name of the program.
const PROGRAM: &str = "git-credential-holdfast";

/// `git-credential-holdfast`, with its arguments but without its name.
///
/// The exit code is 0 unless no operation was named: git ignores it, and other callers must not fail over a host
/// that is not ours.
pub fn credential_helper(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Some(arguments) = arguments::parse(arguments) else {
        failure::tell(
            "no operation; usage: git-credential-holdfast [--profile NAME] get|store|erase",
        );
        return ExitCode::from(2);
    };
    match arguments.operation {
        // git calls this after every success; there is nothing to store, so not even the input is read.
        Operation::Store | Operation::Unknown => {}
        Operation::Capability => print(answer::CAPABILITIES),
        Operation::Get => get(&arguments),
        Operation::Erase => erase(),
    }
    ExitCode::SUCCESS
}

/// What the input asks for.
enum Asked {
    /// A repository of CodeCommit's.
    Repository {
        address: RepositoryAddress,
        announces_authtype: bool,
    },
    /// A CodeCommit host, but git was not told to send the path.
    HostOnly,
    /// Nothing that this helper owns.
    NotOurs,
}

fn get(arguments: &Arguments) {
    let trace = Trace::from_env(PROGRAM);
    let (address, announces_authtype) = match asked(trace) {
        Asked::Repository {
            address,
            announces_authtype,
        } => (address, announces_authtype),
        Asked::HostOnly => {
            return quit(&Failure::new(
                "git did not say which repository (credential.useHttpPath is off for this host)",
                "holdfast git setup",
            ));
        }
        Asked::NotOurs => return,
    };
    if let Some(problem) = arguments.problem {
        return quit(&Failure::new(problem, "holdfast git setup"));
    }
    let answer = ask::password(&address, arguments.profile.as_deref(), trace)
        .and_then(|credential| answer::credential(&credential, announces_authtype));
    match answer {
        Ok(text) => {
            trace.line(format_args!("answered for {}", address.host()));
            print(&text);
        }
        Err(failure) => quit(&failure),
    }
}

fn erase() {
    let trace = Trace::from_env(PROGRAM);
    if let Asked::Repository { address, .. } = asked(trace) {
        // git has no use for a failure: the password is gone from its memory either way.
        let told = ask::tell_refused(&address, trace).is_ok();
        trace.line(format_args!("told the agent of the refusal: {told}"));
    }
}

fn asked(trace: Trace) -> Asked {
    let Ok(Some(input)) = input::read(&mut io::stdin().lock()) else {
        trace.line(format_args!("the input cannot be read or is too large"));
        return Asked::NotOurs;
    };
    match attributes::parse(&input) {
        Some(attributes) => classify(attributes, trace),
        None => {
            trace.line(format_args!("the input is not what git writes"));
            Asked::NotOurs
        }
    }
}

fn classify(attributes: Attributes<'_>, trace: Trace) -> Asked {
    let (Some("https"), Some(host)) = (attributes.protocol, attributes.host) else {
        trace.line(format_args!("not https"));
        return Asked::NotOurs;
    };
    let asked = match attributes.path {
        None => GitHost::parse(host).map(|_| Asked::HostOnly),
        Some(path) => RepositoryAddress::from_git(host, path).map(|address| Asked::Repository {
            address,
            announces_authtype: attributes.announces_authtype,
        }),
    };
    asked.unwrap_or_else(|error| {
        trace.line(format_args!("not ours: {error}"));
        Asked::NotOurs
    })
}

/// Ends git's search for a credential, with the reason for the person.
fn quit(failure: &Failure) {
    failure::tell(failure.line());
    print(answer::QUIT);
}

fn print(text: &[u8]) {
    // When git has closed the pipe there is nobody left to tell.
    let _ = answer::print(text);
}
