//! `holdfast lock` and `holdfast unlock`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent, status};
use crate::terminal::OnTerminal;
use holdfast_agent_proto::view::KeychainState;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, Request};
use secrecy::ExposeSecret;

const KEY_FILE: &str = if cfg!(target_os = "macos") {
    "Library/Application Support/Holdfast/keychain"
} else {
    ".local/state/holdfast/keychain"
};

/// An agent with a passphrase-sealed key file.
fn with_key_file(environment: &Environment) -> FakeAgent {
    environment.write(KEY_FILE, "sealed");
    sealed(environment)
}

/// The same before the key file is made.
fn sealed(environment: &Environment) -> FakeAgent {
    let mut view = status();
    view.locked = true;
    view.keychain.kind = "file".to_owned();
    view.keychain.state = KeychainState::Locked;
    FakeAgent::start(environment, move |request| match request {
        Request::Status => Answer::Reply(Reply::Status(view.clone())),
        Request::Unlock { passphrase } => {
            match passphrase.as_ref().map(|phrase| phrase.expose_secret()) {
                Some("correct horse") => Answer::Reply(Reply::Done),
                _ => Answer::Error(AgentError::new(
                    ErrorCode::Locked,
                    "the passphrase does not open the key file",
                )),
            }
        }
        _ => Answer::Reply(Reply::Done),
    })
}

#[test]
fn locking_says_how_to_come_back() {
    let environment = Environment::new();
    let agent = with_key_file(&environment);
    assert_eq!(
        environment.run(&["lock"]).stdout(),
        "Locked. Nothing is served until: holdfast unlock\n"
    );
    assert!(matches!(agent.seen()[0].request, Request::Lock));
}

#[test]
fn the_keychain_of_the_system_needs_no_passphrase() {
    let environment = Environment::new();
    let agent = FakeAgent::start(&environment, |request| match request {
        Request::Status => Answer::Reply(Reply::Status(status())),
        _ => Answer::Reply(Reply::Done),
    });
    assert_eq!(environment.run(&["unlock"]).stdout(), "Unlocked.\n");
    assert!(matches!(
        agent.seen()[1].request,
        Request::Unlock { passphrase: None }
    ));
}

#[test]
fn the_passphrase_is_asked_for_without_echo() {
    let environment = Environment::new();
    let _agent = with_key_file(&environment);
    let mut run = OnTerminal::start(&environment, &["unlock"]);
    run.expect("Passphrase: ")
        .enter("wrong\r")
        .expect("That passphrase was not right.")
        .expect("Passphrase: ")
        .enter("corrent\x7f\x7fct horse\r")
        .expect("Unlocked.");
    let (status, _) = run.end();
    assert_eq!(status, 0);
}

#[test]
fn a_new_passphrase_is_asked_for_twice() {
    let environment = Environment::new();
    let _agent = sealed(&environment);
    let mut run = OnTerminal::start(&environment, &["unlock"]);
    run.expect("There is no way to recover it.")
        .expect("New passphrase: ")
        .enter("\r")
        .expect("A passphrase cannot be empty.")
        .expect("New passphrase: ")
        .enter("correct horse\r")
        .expect("Once more: ")
        .enter("correct house\r")
        .expect("The two are not the same.")
        .expect("New passphrase: ")
        .enter("correct horse\r")
        .expect("Once more: ")
        .enter("correct horse\r")
        .expect("Unlocked.");
    assert_eq!(run.end().0, 0);
}

#[test]
fn an_interrupted_question_leaves_the_terminal_with_its_echo() {
    let environment = Environment::new();
    let _agent = with_key_file(&environment);
    let script = r#""$0" unlock; echo "status $?"; stty -a"#;
    let program = environment.executable();
    let words = ["sh", "-c", script, program.to_str().unwrap()];
    let mut run = OnTerminal::start_command(&environment, &words);
    run.expect("Passphrase: ")
        .enter("half\x03")
        .expect("status 130");
    let (_, shown) = run.end();
    assert!(
        shown.contains(" echo ") && shown.contains(" icanon "),
        "{shown}"
    );
}

#[test]
fn scripts_give_the_passphrase_on_standard_input() {
    let environment = Environment::new();
    let _agent = with_key_file(&environment);
    let arguments = ["unlock", "--passphrase-stdin"];
    let ran = environment.run_with_input(&arguments, "correct horse\n");
    assert_eq!(ran.stdout(), "Unlocked.\n");
    environment.run_with_input(&arguments, "wrong\n").fails(
        3,
        "holdfast: the passphrase does not open the key file\nhint: holdfast unlock\n",
    );
    environment.run_with_input(&arguments, "\n").fails(
        2,
        "holdfast: standard input has to hold a passphrase of at most 1024 bytes\n",
    );
    environment.run(&["unlock"]).fails(
        3,
        "holdfast: a passphrase is needed, and there is no terminal to ask on\n\
         hint: holdfast unlock --passphrase-stdin\n",
    );
}
