//! The prompt for a code: one for all who wait, answered, declined or ignored.

use crate::process::{Started, start};
use crate::world::{GET, World, program};
use holdfast_agent_proto::view::PromptView;
use holdfast_agent_proto::{
    Address, CallerContext, Client, ClientError, ErrorCode, Event, Hello, PROTOCOL_VERSION, Reply,
    Request,
};
use holdfast_aws_sim::blog;
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

/// How long an event may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client that can ask a person, as the tray app is.
struct Desk {
    events: Client,
    answers: Client,
}

impl Desk {
    fn at(world: &World) -> Self {
        world.holdfast(&["agent", "start"]).ok();
        let mut events = connect(world);
        events.subscribe(true, false).unwrap();
        Self {
            events,
            answers: connect(world),
        }
    }

    /// The first event that `pick` takes.
    fn wait<T>(&mut self, pick: impl Fn(Event) -> Option<T>) -> T {
        loop {
            let event = self.events.next_event(Some(PATIENCE)).unwrap();
            if let Some(picked) = pick(event) {
                return picked;
            }
        }
    }

    fn opened(&mut self) -> PromptView {
        self.wait(|event| {
            if let Event::PromptOpened(prompt) = event {
                Some(prompt)
            } else {
                None
            }
        })
    }

    fn closed(&mut self, id: u64) {
        self.wait(|event| (event == Event::PromptClosed { prompt: id }).then_some(()));
    }

    /// A change of the prompt after which it is as `wanted` says.
    fn changed(&mut self, wanted: impl Fn(&PromptView) -> bool) -> PromptView {
        self.wait(|event| {
            if let Event::PromptChanged(prompt) = event {
                Some(prompt).filter(&wanted)
            } else {
                None
            }
        })
    }

    /// No prompt was opened up to now.
    fn saw_no_other(&mut self) {
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

    fn answer(&mut self, prompt: u64, code: &str) -> Result<(), ErrorCode> {
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

    fn decline(&mut self, prompt: u64) {
        let done = self
            .answers
            .request(Request::DeclinePrompt { prompt })
            .unwrap();
        assert!(matches!(done, Reply::Done));
    }
}

fn connect(world: &World) -> Client {
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

fn clone(world: &World, folder: &str) -> Started {
    let mut git = world.command("git");
    start(
        git.args(["clone", "--quiet", blog::CLONE_URL, folder])
            .stdin(Stdio::null()),
    )
}

#[test]
fn two_clones_wait_for_one_prompt() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let first = clone(&world, "first");
    let prompt = desk.opened();
    assert_eq!(prompt.serial, blog::MFA_SERIAL);
    assert_eq!(prompt.profiles, [blog::KEY_PROFILE, blog::ROLE_PROFILE]);
    assert!(prompt.asked_by[0].program == "git clone", "{prompt:?}");
    assert!(!prompt.interactive, "there is no terminal");

    let line = format!("git clone --quiet {} second", blog::CLONE_URL);
    let second = start(world.on_terminal(&line).stdin(Stdio::null()));
    desk.changed(|prompt| prompt.interactive);
    assert_eq!(desk.answer(prompt.id, &world.code()), Ok(()));
    desk.closed(prompt.id);
    first.end().ok();
    second.end().ok();
    desk.saw_no_other();
    assert_eq!(world.count("GetSessionToken"), 1);
    assert_eq!(world.count("AssumeRole"), 1);
}

#[test]
fn a_wrong_code_leaves_the_prompt_open() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let git = clone(&world, "work");
    let prompt = desk.opened();
    let wrong = world.sim.wrong_code(blog::MFA_SERIAL).unwrap();
    assert_eq!(desk.answer(prompt.id, &wrong), Err(ErrorCode::WrongCode));
    let changed = desk.changed(|prompt| prompt.error.is_some());
    assert_eq!(changed.id, prompt.id);
    assert_eq!(changed.error.unwrap().code, ErrorCode::WrongCode);

    // The same code again is not sent again.
    let sent = world.count("GetSessionToken");
    assert_eq!(desk.answer(prompt.id, &wrong), Err(ErrorCode::CodeUsed));
    let changed = desk.changed(|prompt| prompt.next_code_at.is_some());
    let now = jiff::Timestamp::now().as_second();
    let wait = changed.next_code_at.unwrap() - now;
    assert!((0..=60).contains(&wait), "{wait}");
    assert_eq!(world.count("GetSessionToken"), sent);

    assert_eq!(desk.answer(prompt.id, &world.code()), Ok(()));
    git.end().ok();
}

#[test]
fn a_declined_prompt_ends_git_at_once_and_is_remembered() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let first = clone(&world, "first");
    let prompt = desk.opened();
    desk.decline(prompt.id);
    desk.closed(prompt.id);
    let refused = first.end().failed();
    let refused = refused
        .says(&[
            "holdfast: ",
            "was declined",
            "; run: holdfast login MyRepositoryContributor",
        ])
        .never_says(&["Username"]);
    assert_eq!(refused.helper_lines().len(), 1, "{refused}");

    let again = world.helper_get().ok();
    assert_eq!(again.out, "quit=1\n");
    clone(&world, "second")
        .end()
        .failed()
        .says(&["was declined"]);
    desk.saw_no_other();
    // A person who changes their mind is not held to it.
    world.login().ok();
    clone(&world, "third").end().ok();
}

#[test]
fn an_ignored_prompt_ends_with_the_callers_patience() {
    let world = World::in_memory().with("HOLDFAST_PROMPT_TIMEOUT", "2");
    world.git_setup();
    let mut desk = Desk::at(&world);
    let git = clone(&world, "work");
    let prompt = desk.opened();
    let refused = git.end().failed();
    let refused = refused.says(&[
        "nobody entered the MFA code for profile MyRepositoryContributor in time",
        "; run: holdfast login MyRepositoryContributor",
    ]);
    assert_eq!(refused.helper_lines().len(), 1, "{refused}");
    desk.closed(prompt.id);
    // Background programs that come soon after do not bring it back.
    clone(&world, "again").end().failed();
    desk.saw_no_other();
}

#[test]
fn a_prompt_closes_when_nobody_waits_any_more() {
    let world = World::in_memory();
    let mut desk = Desk::at(&world);
    let mut helper = world.command(program("git-credential-holdfast"));
    let mut helper = start(helper.arg("get").stdin(Stdio::piped()));
    helper
        .child
        .stdin
        .as_mut()
        .unwrap()
        .write_all(GET.as_bytes())
        .unwrap();
    let prompt = desk.opened();
    helper.child.kill().unwrap();
    desk.closed(prompt.id);
    helper.end().failed();
}

#[test]
fn a_code_typed_elsewhere_answers_the_prompt() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let git = clone(&world, "work");
    let prompt = desk.opened();
    world.login().ok();
    desk.closed(prompt.id);
    git.end().ok();
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn whoever_forbids_prompts_gets_none() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    world
        .holdfast(&["credential-process", "--profile", blog::ROLE_PROFILE])
        .exits(3);
    let mut git = world.command("git");
    git.env("HOLDFAST_PROMPT_TIMEOUT", "0")
        .args(["ls-remote", blog::CLONE_URL]);
    crate::process::run(&mut git)
        .failed()
        .says(&["needs an MFA code"]);
    desk.saw_no_other();
}

#[test]
fn a_desk_that_goes_away_leaves_nobody_waiting() {
    let world = World::in_memory();
    world.git_setup();
    let mut desk = Desk::at(&world);
    let git = clone(&world, "work");
    desk.opened();
    drop(desk);
    git.end().failed().says(&[
        "needs an MFA code",
        "; run: holdfast login MyRepositoryContributor",
    ]);
}
