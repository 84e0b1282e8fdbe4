//! The connection to the agent, with failures as this program reports them.

mod sso;

use crate::outcome::{Failure, Kind, Result};
use crate::print::time;
use holdfast_agent_proto::view::{
    ActivityView, KeyView, ProfileView, RepositoryView, SessionView, StatusView,
};
use holdfast_agent_proto::{
    Address, AgentError, CallerContext, Client, ClientError, ErrorCode, Hello, Interaction,
    PROTOCOL_VERSION, Reply, Request, again, use_fips_endpoint,
};
use secrecy::SecretString;

/// A connection to the agent.
pub(crate) struct Agent {
    client: Client,
    interaction: Option<Interaction>,
}

/// AWS credentials as the agent hands them out. Holds secrets, so it has no `Debug`.
pub(crate) struct Credentials {
    /// Access key id.
    pub(crate) access_key_id: String,
    /// Secret access key.
    pub(crate) secret_access_key: SecretString,
    /// Session token of temporary credentials.
    pub(crate) session_token: Option<SecretString>,
    /// When they end, in seconds since 1970.
    pub(crate) expires_at: Option<i64>,
    /// Region of the profile.
    pub(crate) region: Option<String>,
}

impl Agent {
    /// Connects, and starts the agent when it is not running.
    pub(crate) fn connect_or_start(interaction: Option<Interaction>) -> Result<Self> {
        let (address, hello) = (address()?, hello(interaction)?);
        let client = again(&mut || Client::connect_or_start(&address, &hello));
        Ok(Self {
            client: client.map_err(failure)?,
            interaction,
        })
    }

    /// Connects to the agent if it is running.
    pub(crate) fn connect() -> Result<Option<Self>> {
        match Client::connect(&address()?, &hello(None)?) {
            Ok(client) => Ok(Some(Self {
                client,
                interaction: None,
            })),
            Err(ClientError::NotRunning { .. }) => Ok(None),
            Err(error) => Err(failure(error)),
        }
    }

    /// Asks what is answered with [`Reply::Done`].
    pub(crate) fn tell(&mut self, request: Request) -> Result {
        let Reply::Done = self.ask(request)? else {
            return Err(unexpected());
        };
        Ok(())
    }

    /// The agent's version and process id.
    pub(crate) fn ping(&mut self) -> Result<(String, u32)> {
        let Reply::Pong { version, pid } = self.ask(Request::Ping)? else {
            return Err(unexpected());
        };
        Ok((version, pid))
    }

    /// The state of the agent.
    pub(crate) fn status(&mut self) -> Result<StatusView> {
        let Reply::Status(status) = self.ask_again(|| Request::Status)? else {
            return Err(unexpected());
        };
        Ok(status)
    }

    /// Every profile.
    pub(crate) fn profiles(&mut self) -> Result<Vec<ProfileView>> {
        self.exchange_again(&mut Client::profiles)
    }

    /// What the agent did, the newest first, and whether there is more than that.
    pub(crate) fn activity(&mut self, limit: u32) -> Result<(Vec<ActivityView>, bool)> {
        let mut all: Vec<ActivityView> = Vec::new();
        let mut missing = limit;
        loop {
            let before = all.last().map(|entry| entry.id);
            let limit = missing;
            let asked = || Request::Activity { before, limit };
            let Reply::Activity { entries, more } = self.ask_again(asked)? else {
                return Err(unexpected());
            };
            missing = missing.saturating_sub(u32::try_from(entries.len()).unwrap_or(u32::MAX));
            let is_last = !more || entries.is_empty() || missing == 0;
            all.extend(entries);
            if is_last {
                return Ok((all, more));
            }
        }
    }

    /// The access keys in the keychain.
    pub(crate) fn keys(&mut self) -> Result<Vec<KeyView>> {
        let Reply::Keys { keys } = self.ask_again(|| Request::ListKeys)? else {
            return Err(unexpected());
        };
        Ok(keys)
    }

    /// The git endpoint of a repository, as a host name.
    pub(crate) fn repository_host(
        &mut self,
        profile: &str,
        repository: &str,
        region: Option<String>,
    ) -> Result<String> {
        let request = || Request::RepositoryEndpoint {
            repository: repository.to_owned(),
            profile: Some(profile.to_owned()),
            region: region.clone(),
            use_fips_endpoint: use_fips_endpoint(),
        };
        let Reply::RepositoryEndpoint { host, .. } = self.ask_again(request)? else {
            return Err(unexpected());
        };
        Ok(host)
    }

    /// Signs in.
    pub(crate) fn login(
        &mut self,
        profile: &str,
        code: Option<SecretString>,
        duration_seconds: Option<u32>,
    ) -> Result<SessionView> {
        let request = Request::Login {
            profile: profile.to_owned(),
            code,
            duration_seconds,
        };
        let Reply::LoggedIn { session } = self.ask(request)? else {
            return Err(unexpected());
        };
        Ok(session)
    }

    /// Credentials of a profile, waiting for a human at most so many seconds.
    pub(crate) fn credentials(&mut self, profile: &str, wait_seconds: u32) -> Result<Credentials> {
        let request = || Request::Credentials {
            profile: profile.to_owned(),
            wait_seconds,
        };
        let Reply::Credentials {
            access_key_id,
            secret_access_key,
            session_token,
            expires_at,
            region,
            account_id: _,
        } = self.ask_again(request)?
        else {
            return Err(unexpected());
        };
        Ok(Credentials {
            access_key_id,
            secret_access_key,
            session_token,
            expires_at,
            region,
        })
    }

    /// A link that opens the AWS console signed in, and when its session ends.
    pub(crate) fn console_link(
        &mut self,
        profile: &str,
        destination: Option<&str>,
        duration_seconds: Option<u32>,
    ) -> Result<(SecretString, i64)> {
        let request = || Request::ConsoleLink {
            profile: profile.to_owned(),
            destination: destination.map(str::to_owned),
            duration_seconds,
        };
        let Reply::ConsoleLink { url, expires_at } = self.ask_again(request)? else {
            return Err(unexpected());
        };
        Ok((url, expires_at))
    }

    /// The repositories of a profile as AWS lists them now, and when that was.
    pub(crate) fn repositories(
        &mut self,
        profile: &str,
        region: Option<&str>,
    ) -> Result<(Vec<RepositoryView>, i64)> {
        let region = region.map(str::to_owned);
        let listed = self.client.repositories(profile.to_owned(), region, true);
        listed.map_err(failure)
    }

    /// Makes a repository.
    pub(crate) fn create_repository(
        &mut self,
        profile: &str,
        region: Option<&str>,
        name: &str,
        description: Option<&str>,
    ) -> Result<RepositoryView> {
        let request = Request::CreateRepository {
            profile: profile.to_owned(),
            region: region.map(str::to_owned),
            name: name.to_owned(),
            description: description.map(str::to_owned),
        };
        let Reply::RepositoryCreated { repository } = self.ask(request)? else {
            return Err(unexpected());
        };
        Ok(repository)
    }

    /// Waits until the agent closes the connection, which it does when it ends.
    pub(crate) fn wait_for_end(mut self, patience: std::time::Duration) -> bool {
        match self.client.next_event(Some(patience)) {
            Err(error) => error.agent_went_away(),
            Ok(_) => false,
        }
    }

    /// Asks what may be asked twice: an agent that ended just now is started again.
    pub(crate) fn ask_again(&mut self, request: impl Fn() -> Request) -> Result<Reply> {
        self.exchange_again(&mut |client| client.request(request()))
    }

    /// One exchange over this connection, and over new ones while the agent ends before it answers.
    fn exchange_again<T>(
        &mut self,
        exchange: &mut dyn FnMut(&mut Client) -> std::result::Result<T, ClientError>,
    ) -> Result<T> {
        let (address, hello) = (address()?, hello(self.interaction)?);
        let mut is_connected = true;
        let answered = again(&mut || {
            if !is_connected {
                self.client = Client::connect_or_start(&address, &hello)?;
            }
            is_connected = false;
            exchange(&mut self.client)
        });
        answered.map_err(failure)
    }

    fn ask(&mut self, request: Request) -> Result<Reply> {
        self.client.request(request).map_err(failure)
    }
}

/// The AWS files, access key, terminal and folder of this process.
pub(crate) fn context() -> Result<CallerContext> {
    let context = CallerContext::gather().map_err(|error| {
        Failure::new(Kind::Misconfigured, "the AWS files cannot be found").source(error)
    })?;
    Ok(context.with_environment_key())
}

/// Where the agent listens.
pub(crate) fn address() -> Result<Address> {
    Address::from_env().map_err(|error| failure(error.into()))
}

/// What this program says of itself.
pub(crate) fn hello(interaction: Option<Interaction>) -> Result<Hello> {
    let mut context = context()?;
    if let Some(interaction) = interaction {
        context.interaction = interaction;
    }
    Ok(Hello {
        protocol: PROTOCOL_VERSION,
        client: "holdfast".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        context,
    })
}

fn failure(error: ClientError) -> Failure {
    match error {
        ClientError::Refused(error) => with_hints(*error).into(),
        ClientError::Address(error) => {
            Failure::new(Kind::AgentUnreachable, "the agent's address cannot be used").source(error)
        }
        ClientError::NotRunning { .. } => {
            Failure::new(Kind::AgentUnreachable, error.to_string()).hint("holdfast agent start")
        }
        ClientError::CannotStart { ref source, .. } => {
            let is_missing = source.kind() == std::io::ErrorKind::NotFound;
            let failure =
                Failure::new(Kind::AgentUnreachable, "the agent cannot be started").source(error);
            if is_missing {
                failure.hint("install holdfast-agent beside holdfast, or put it on the PATH")
            } else {
                failure
            }
        }
        ClientError::Timeout | ClientError::Frame(_) | ClientError::Io(_) => {
            Failure::new(Kind::AgentUnreachable, "the agent cannot be reached")
                .source(error)
                .hint("holdfast agent status")
        }
        ClientError::UnexpectedReply => unexpected(),
    }
}

pub(crate) fn unexpected() -> Failure {
    Failure::new(
        Kind::AgentUnreachable,
        "the agent sent an answer that does not fit the request",
    )
    .hint("holdfast agent stop")
}

/// Adds the command that helps where the agent did not name one.
fn with_hints(error: AgentError) -> AgentError {
    if !error.hints.is_empty() {
        return error;
    }
    let profile = error.profile.as_deref().unwrap_or("PROFILE");
    let hint = match error.code {
        ErrorCode::MfaRequired | ErrorCode::SignInRequired | ErrorCode::PromptTimeout => {
            format!("holdfast login {}", crate::print::shell::word(profile))
        }
        ErrorCode::Locked => "holdfast unlock".to_owned(),
        ErrorCode::UnknownProfile => "holdfast profiles".to_owned(),
        ErrorCode::ProtocolMismatch => "holdfast agent stop".to_owned(),
        ErrorCode::WrongCode => {
            "wait for the next code, or check the clock of the device".to_owned()
        }
        ErrorCode::CodeUsed => match error.retry_at {
            Some(at) => format!(
                "the next code can be sent in {}",
                time::length(at - time::now())
            ),
            None => "wait for the next code".to_owned(),
        },
        ErrorCode::Declined
        | ErrorCode::SignInCancelled
        | ErrorCode::Denied
        | ErrorCode::KeyInactive
        | ErrorCode::SessionRevoked
        | ErrorCode::Misconfigured
        | ErrorCode::Unsupported
        | ErrorCode::KeychainUnavailable
        | ErrorCode::Offline
        | ErrorCode::Throttled
        | ErrorCode::ClockSkew
        | ErrorCode::AwsError
        | ErrorCode::Exists
        | ErrorCode::NotFound
        | ErrorCode::BadRequest
        | ErrorCode::Unavailable
        | ErrorCode::Internal => return error,
    };
    error.hint(hint)
}
