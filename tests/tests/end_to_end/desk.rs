//! A client that can ask a person, as the tray app is.

use crate::world::World;
use holdfast_agent_proto::view::{PromptView, SessionView};
use holdfast_agent_proto::{
    Address, CallerContext, Client, ClientError, ErrorCode, Event, Hello, PROTOCOL_VERSION, Reply,
    Request,
};
use std::time::Duration;

/// How long an event may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client that can ask a person, as the tray app is.
pub(crate) struct Desk {
    pub(crate) events: Client,
    pub(crate) answers: Client,
}

impl Desk {
    pub(crate) fn at(world: &World) -> Self {
        world.holdfast(&["agent", "start"]).ok();
        let mut events = connect(world);
        events.subscribe(true, false).unwrap();
        Self {
            events,
            answers: connect(world),
        }
    }

    /// The first event that `pick` takes.
    pub(crate) fn wait<T>(&mut self, pick: impl Fn(Event) -> Option<T>) -> T {
        loop {
            let event = self.events.next_event(Some(PATIENCE)).unwrap();
            if let Some(picked) = pick(event) {
                return picked;
            }
        }
    }

    /// The session of a renewal that somebody else asks for, with the connection that waits for it.
    pub(crate) fn renew(world: &World, profile: &str, with_code: bool) -> Renewing {
        let mut client = connect(world);
        let request = Request::Renew {
            profile: profile.to_owned(),
            with_code,
            wait_seconds: 60,
        };
        std::thread::spawn(move || match client.request(request) {
            Ok(Reply::LoggedIn { session }) => Ok(session),
            Ok(_) => panic!("an answer that does not fit"),
            Err(ClientError::Refused(error)) => Err(error.code),
            Err(error) => panic!("{error}"),
        })
    }

    pub(crate) fn opened(&mut self) -> PromptView {
        self.wait(|event| {
            if let Event::PromptOpened(prompt) = event {
                Some(prompt)
            } else {
                None
            }
        })
    }

    pub(crate) fn closed(&mut self, id: u64) {
        self.wait(|event| (event == Event::PromptClosed { prompt: id }).then_some(()));
    }

    /// A change of the prompt after which it is as `wanted` says.
    pub(crate) fn changed(&mut self, wanted: impl Fn(&PromptView) -> bool) -> PromptView {
        self.wait(|event| {
            if let Event::PromptChanged(prompt) = event {
                Some(prompt).filter(&wanted)
            } else {
                None
            }
        })
    }

    /// No prompt was opened up to now.
    pub(crate) fn saw_no_other(&mut self) {
        // The answer comes behind every event that was sent before.
        let status = self.answers.request(Request::Status).unwrap();
        assert!(matches!(status, Reply::Status(status) if status.prompts.is_empty()));
        loop {
            match self.events.next_event(Some(Duration::from_millis(300))) {
                Ok(Event::PromptOpened(prompt)) => panic!("another prompt: {prompt:?}"),
                Ok(_) => {}
                Err(ClientError::Timeout) => return,
                Err(error) => panic!("{error}"),
            }
        }
    }

    pub(crate) fn answer(&mut self, prompt: u64, code: &str) -> Result<(), ErrorCode> {
        let request = Request::AnswerPrompt {
            prompt,
            code: code.into(),
            duration_seconds: None,
        };
        match self.answers.request(request) {
            Ok(Reply::LoggedIn { .. }) => Ok(()),
            Ok(_) => panic!("an answer that does not fit"),
            Err(ClientError::Refused(error)) => Err(error.code),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) fn decline(&mut self, prompt: u64) {
        let done = self
            .answers
            .request(Request::DeclinePrompt { prompt })
            .unwrap();
        assert!(matches!(done, Reply::Done));
    }
}

/// What a renewal came to.
pub(crate) type Renewing = std::thread::JoinHandle<Result<SessionView, ErrorCode>>;

pub(crate) fn connect(world: &World) -> Client {
    let address = Address::new(world.path("run/holdfast/agent.sock")).unwrap();
    let context = CallerContext {
        config_file: world.path(".aws/config"),
        credentials_file: world.path(".aws/credentials"),
        ..CallerContext::default()
    };
    let hello = Hello {
        protocol: PROTOCOL_VERSION,
        client: "tests".to_owned(),
        version: "0".to_owned(),
        context,
    };
    Client::connect(&address, &hello).unwrap()
}
