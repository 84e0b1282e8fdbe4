//! Asking the agent.

use crate::failure::Failure;
use crate::{caller, trace::Trace};
use holdfast_agent_proto::git_answer::{self, GitAnswer};
use holdfast_agent_proto::stream::Stream;
use holdfast_agent_proto::{
    Address, Client, ClientError, GitRequest, Hello, PROTOCOL_VERSION, again,
};
use holdfast_codecommit::{GitHost, Region, RemoteUrl, RepositoryAddress};
use secrecy::SecretString;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// User name and password for git. No `Debug`: both are secrets.
pub struct GitCredential {
    /// Access key id, with the session token behind a `%`.
    pub username: SecretString,
    /// The CodeCommit git password.
    pub password: SecretString,
    /// When the password ends, in seconds since 1970 by this machine's clock.
    pub expires_at: i64,
}

/// What the agent may need beyond the wait for a person: a call to AWS, and another try of it.
const AGENTS_OWN_TIME: Duration = Duration::from_secs(30);

/// How long `erase` waits until the agent has taken note. git waits meanwhile.
const NOTICE_TIME: Duration = Duration::from_millis(500);

/// The password for a repository, from the agent, which is started when it is not running.
///
/// # Errors
/// One line for the person.
pub fn password(
    repository: &RepositoryAddress,
    profile: Option<&str>,
    trace: Trace,
) -> Result<GitCredential, Failure> {
    let wait_seconds = caller::wait_seconds();
    let request = || GitRequest::GitCredential {
        host: repository.host().as_typed().to_owned(),
        path: repository.path().to_owned(),
        profile: profile.map(str::to_owned),
        wait_seconds,
    };
    let patience = AGENTS_OWN_TIME + Duration::from_secs(u64::from(wait_seconds));
    let about = About {
        repository: repository.repository().as_str(),
        region: Some(repository.region().as_str()),
    };
    fresh(ask(&request, &about, patience, trace)?)
}

/// Where a repository is, and the profile to take the credentials from where one is settled.
pub struct Endpoint {
    /// The git endpoint.
    pub host: GitHost,
    /// Name of the profile.
    pub profile: Option<String>,
}

/// The endpoint of a repository that a `codecommit://` URL names, from the agent, which is started when it is not
/// running.
///
/// # Errors
/// One line for the person.
pub fn endpoint(
    url: &RemoteUrl,
    region: Option<&Region>,
    use_fips_endpoint: Option<bool>,
    trace: Trace,
) -> Result<Endpoint, Failure> {
    let request = || GitRequest::RepositoryEndpoint {
        repository: url.repository.as_str().to_owned(),
        profile: url.profile.clone(),
        region: region.map(|region| region.as_str().to_owned()),
        use_fips_endpoint,
    };
    let about = About {
        repository: url.repository.as_str(),
        region: region.map(Region::as_str),
    };
    match ask(&request, &about, AGENTS_OWN_TIME, trace)? {
        GitAnswer::RepositoryEndpoint { host, profile } => {
            let host = GitHost::parse(&host).map_err(|_| ClientError::UnexpectedReply)?;
            Ok(Endpoint { host, profile })
        }
        GitAnswer::GitCredential { .. } | GitAnswer::Done => {
            Err(ClientError::UnexpectedReply.into())
        }
    }
}

/// Tells the agent, if it is running, that the server refused a password.
///
/// # Errors
/// As for [`Client::request`]; git has no use for them.
pub fn tell_refused(repository: &RepositoryAddress, trace: Trace) -> Result<(), ClientError> {
    let address = Address::from_env()?;
    let Ok(hello) = hello(trace) else {
        return Ok(());
    };
    let request = GitRequest::GitRejected {
        host: repository.host().as_typed().to_owned(),
        path: repository.path().to_owned(),
    };
    let mut stream = Stream::connect(&address)?;
    git_answer::ask(&mut stream, &hello, request, NOTICE_TIME).map(drop)
}

/// What a request is about, for the person who reads that it was refused.
struct About<'a> {
    repository: &'a str,
    region: Option<&'a str>,
}

/// Asks the agent, and again when it was ending: then another one takes its place.
fn ask(
    request: &dyn Fn() -> GitRequest,
    about: &About<'_>,
    patience: Duration,
    trace: Trace,
) -> Result<GitAnswer, Failure> {
    let address = Address::from_env().map_err(ClientError::from)?;
    let hello = hello(trace)?;
    let answered = again(&mut || {
        let mut stream = connect_or_start(&address, &hello)?;
        trace.line(format_args!("connected to {}", address.path().display()));
        git_answer::ask(&mut stream, &hello, request(), patience)
    });
    answered.map_err(|error| {
        if let ClientError::Refused(error) = &error {
            Failure::refused(error, about.repository, about.region)
        } else {
            error.into()
        }
    })
}

/// A connection of our own even where a client had to start the agent: the client would decode every kind of answer,
/// with more code than all the rest of this program.
fn connect_or_start(address: &Address, hello: &Hello) -> Result<Stream, ClientError> {
    match Stream::connect(address) {
        Err(ClientError::NotRunning { .. }) => {
            drop(Client::connect_or_start(address, hello)?);
            Stream::connect(address)
        }
        connected => connected,
    }
}

fn hello(trace: Trace) -> Result<Hello, Failure> {
    Ok(Hello {
        protocol: PROTOCOL_VERSION,
        client: trace.program().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        context: caller::context()?,
    })
}

/// git drops a password whose end has passed and asks the person for another, so such an answer is a failure.
fn fresh(answer: GitAnswer) -> Result<GitCredential, Failure> {
    let GitAnswer::GitCredential {
        username,
        password,
        expires_at,
    } = answer
    else {
        return Err(ClientError::UnexpectedReply.into());
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        });
    if expires_at > now {
        Ok(GitCredential {
            username,
            password,
            expires_at,
        })
    } else {
        Err(Failure::new(
            "the agent sent a password that has already ended; the clock may be wrong",
            "holdfast status",
        ))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixListener;

    #[test]
    fn an_agent_that_hangs_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(folder.path(), private).unwrap();
        let address = Address::new(folder.path().join("agent.sock")).unwrap();
        let _listener = UnixListener::bind(address.path()).unwrap();
        let hello = hello(Trace::from_env("test")).unwrap();
        let mut stream = Stream::connect(&address).unwrap();
        let patience = Duration::from_millis(20);
        let request = GitRequest::GitRejected {
            host: String::new(),
            path: String::new(),
        };
        let answer = git_answer::ask(&mut stream, &hello, request, patience);
        assert!(matches!(answer, Err(ClientError::Timeout)));
    }
}
