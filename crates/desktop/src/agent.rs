//! The link to the agent: one connection for its events, and a new one for every question.

use crate::favourite::Favourite;
use holdfast_agent_proto::view::{PortalView, ProfileView, RepositoryView, StatusView};
use holdfast_agent_proto::{
    Address, CallerContext, Client, ClientError, Event, Hello, Interaction, PROTOCOL_VERSION,
    Reply, Request, SsoAccountsPart,
};
use std::ops::ControlFlow;
use std::thread::{self, Thread};
use std::time::Duration;

/// Name under which the app is known to the agent.
const CLIENT: &str = "holdfast-tray";

/// Pause before the first new try to reach an agent that is gone.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How to reach the agent. Cheap to clone; holds no connection.
#[derive(Clone, Debug)]
pub struct Agent {
    address: Address,
    context: CallerContext,
}

/// What the thread that listens to the agent has to tell.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time is on its way, and all that is large is an event"
)]
pub enum Told {
    /// The agent is there, and this is its whole state.
    Connected(StatusView),
    /// Something happened.
    Event(Event),
    /// The agent is gone or cannot be started. It is tried again by itself.
    Lost(ClientError),
}

/// What is listened for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interest {
    /// This process can ask the person for MFA codes.
    pub prompts: bool,
    /// This process shows what the agent does.
    pub activity: bool,
}

impl Agent {
    /// The agent of this user, as the environment has it.
    ///
    /// # Errors
    /// [`ClientError::Address`] when there is no address, [`ClientError::Io`] when the surroundings
    /// cannot be told.
    pub fn of_user() -> Result<Self, ClientError> {
        let mut context = CallerContext::gather().map_err(std::io::Error::other)?;
        // A click is a person who waits.
        context.interaction = Interaction::Terminal;
        context.working_dir = None;
        Ok(Self {
            address: Address::from_env()?,
            context,
        })
    }

    /// The surroundings that are told to the agent.
    pub fn context(&self) -> &CallerContext {
        &self.context
    }

    /// Asks, starting the agent when needed; `request` is called again when the agent went away.
    ///
    /// # Errors
    /// As for [`Client::ask`].
    pub fn ask(&self, request: impl Fn() -> Request) -> Result<Reply, ClientError> {
        Client::ask(&self.address, &self.hello(), request)
    }

    /// Asks the agent that runs now, about something that no other agent knows of.
    ///
    /// # Errors
    /// As for [`Client::connect`] and [`Client::request`].
    pub fn ask_once(&self, request: Request) -> Result<Reply, ClientError> {
        Client::connect(&self.address, &self.hello())?.request(request)
    }

    /// Every profile of the user's files.
    ///
    /// # Errors
    /// As for [`Client::profiles`].
    pub fn profiles(&self) -> Result<Vec<ProfileView>, ClientError> {
        Client::connect_or_start(&self.address, &self.hello())?.profiles()
    }

    /// Host that git reaches a favourite at, as its profile asks for it.
    ///
    /// # Errors
    /// As for [`Agent::ask`]; also when the profile is gone.
    pub fn repository_host(&self, favourite: &Favourite) -> Result<String, ClientError> {
        let request = || Request::RepositoryEndpoint {
            repository: favourite.repository.to_string(),
            profile: Some(favourite.profile.clone()),
            region: Some(favourite.region.to_string()),
            use_fips_endpoint: None,
        };
        let Reply::RepositoryEndpoint { host, .. } = self.ask(request)? else {
            return Err(ClientError::UnexpectedReply);
        };
        Ok(host)
    }

    /// The repositories that a profile can list in a Region, and when AWS was asked.
    ///
    /// # Errors
    /// As for [`Client::repositories`].
    pub fn repositories(
        &self,
        profile: String,
        region: Option<String>,
        refresh: bool,
    ) -> Result<(Vec<RepositoryView>, i64), ClientError> {
        let mut client = Client::connect_or_start(&self.address, &self.hello())?;
        client.repositories(profile, region, refresh)
    }

    /// Makes a repository.
    ///
    /// # Errors
    /// As for [`Client::request`].
    pub fn create_repository(
        &self,
        profile: String,
        region: String,
        name: String,
        description: String,
    ) -> Result<RepositoryView, ClientError> {
        let mut client = Client::connect_or_start(&self.address, &self.hello())?;
        // Asked once: a second one would find the name taken.
        let made = client.request(Request::CreateRepository {
            profile,
            region: Some(region),
            name,
            description: Some(description).filter(|text| !text.is_empty()),
        })?;
        let Reply::RepositoryCreated { repository } = made else {
            return Err(ClientError::UnexpectedReply);
        };
        Ok(repository)
    }

    /// The portals that the user's files name.
    ///
    /// # Errors
    /// As for [`Client::request`].
    pub fn portals(&self) -> Result<Vec<PortalView>, ClientError> {
        let Reply::Portals { portals } = self.ask(|| Request::Portals)? else {
            return Err(ClientError::UnexpectedReply);
        };
        Ok(portals)
    }

    /// The accounts of a portal, as they become known, until `on_part` has enough.
    ///
    /// # Errors
    /// As for [`Client::sso_accounts`].
    pub fn sso_accounts(
        &self,
        request: Request,
        on_part: impl FnMut(SsoAccountsPart) -> ControlFlow<()>,
    ) -> Result<(), ClientError> {
        Client::connect_or_start(&self.address, &self.hello())?.sso_accounts(request, on_part)
    }

    /// Listens on a thread of its own until `tell` breaks. An agent that ends is started again.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn listen(
        &self,
        interest: Interest,
        tell: impl FnMut(Told) -> ControlFlow<()> + Send + 'static,
    ) -> std::io::Result<()> {
        self.follow(interest, tell).map(|_| ())
    }

    /// The same, and returns the thread: unparked, it tries at once to reach an agent that is gone.
    ///
    /// # Errors
    /// As for [`Agent::listen`].
    pub fn follow(
        &self,
        interest: Interest,
        mut tell: impl FnMut(Told) -> ControlFlow<()> + Send + 'static,
    ) -> std::io::Result<Thread> {
        let agent = self.clone();
        let listen = move || {
            let mut pause = FIRST_PAUSE;
            loop {
                let error = match agent.listen_once(interest, &mut tell, &mut pause) {
                    Ok(()) => return,
                    Err(error) => error,
                };
                if tell(Told::Lost(error)).is_break() {
                    return;
                }
                thread::park_timeout(pause);
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        };
        thread::Builder::new()
            .name("agent-events".to_owned())
            .spawn(listen)
            .map(|handle| handle.thread().clone())
    }

    /// Listens until the connection ends; `Ok` when nobody wants to know any more.
    fn listen_once(
        &self,
        interest: Interest,
        tell: &mut impl FnMut(Told) -> ControlFlow<()>,
        pause: &mut Duration,
    ) -> Result<(), ClientError> {
        let mut client = Client::connect_or_start(&self.address, &self.hello())?;
        let status = client.subscribe(interest.prompts, interest.activity)?;
        *pause = FIRST_PAUSE;
        let mut next = Told::Connected(status);
        while tell(next).is_continue() {
            next = Told::Event(client.next_event(None)?);
        }
        Ok(())
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// What this program says of itself.
    pub(crate) fn hello(&self) -> Hello {
        Hello {
            protocol: PROTOCOL_VERSION,
            client: CLIENT.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            context: self.context.clone(),
        }
    }
}
