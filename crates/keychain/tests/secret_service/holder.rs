//! A process that holds a handle to the OS's keychain, and the test's end of it.

use holdfast_keychain::{AccessKey, Keychain, KeychainError, Kind, Options, State};
use holdfast_testkit::Running;
use secrecy::{ExposeSecret, SecretString};
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) const ARGUMENT: &str = "--hold-a-keychain";

/// Answers commands on standard input until it ends.
pub(crate) fn hold(deadline_ms: u64, namespace: Option<String>) {
    let mut options = Options::new(Kind::Os, "unused");
    options.timing.deadline = Duration::from_millis(deadline_ms);
    options.namespace = namespace;
    let keychain = Keychain::open(options);
    for line in io::stdin().lines() {
        let begun = Instant::now();
        let outcome = act(&keychain, &line.unwrap());
        let took = begun.elapsed().as_millis();
        let answer = outcome.unwrap_or_else(|error| word(&error));
        let state = keychain.status().state;
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{took}\t{state:?}\t{answer}").unwrap();
        stdout.flush().unwrap();
    }
}

fn act(keychain: &Keychain, line: &str) -> Result<String, KeychainError> {
    let words: Vec<&str> = line.split('\t').collect();
    Ok(match words[..] {
        ["get", profile] => match keychain.access_key(profile).wait()? {
            Some(key) => format!(
                "{} {}",
                key.access_key_id,
                key.secret_access_key.expose_secret()
            ),
            None => "nothing".to_owned(),
        },
        ["set", profile, id, secret] => {
            let key = AccessKey {
                access_key_id: id.to_owned(),
                secret_access_key: SecretString::from(secret),
            };
            keychain.set_access_key(profile, key).wait()?;
            "done".to_owned()
        }
        ["delete", profile] => keychain.delete_access_key(profile).wait()?.to_string(),
        ["list"] => {
            let keys = keychain.access_keys().wait()?;
            let keys = keys
                .iter()
                .map(|key| format!("{}={}", key.profile, key.access_key_id));
            keys.collect::<Vec<_>>().join(" ")
        }
        ["master"] => {
            keychain.master_key().wait()?;
            "done".to_owned()
        }
        ["unlock"] => {
            keychain.unlock(None).wait()?;
            "done".to_owned()
        }
        ["purge"] => keychain.purge().wait()?.to_string(),
        ["message"] => keychain.status().message.unwrap_or_default(),
        _ => unreachable!("a command of this test"),
    })
}

fn word(error: &KeychainError) -> String {
    let word = match error {
        KeychainError::Locked => "locked",
        KeychainError::Absent { .. } => "absent",
        KeychainError::Hung { .. } => "hung",
        KeychainError::Denied { .. } => "denied",
        KeychainError::Unanswered => "unanswered",
        KeychainError::DamagedItem { .. } => "damaged item",
        KeychainError::Ambiguous { .. } => "ambiguous",
        KeychainError::WrongPassphrase { .. }
        | KeychainError::PassphraseNeeded { .. }
        | KeychainError::DamagedFile { .. }
        | KeychainError::Invalid { .. }
        | KeychainError::TooLarge { .. }
        | KeychainError::Io { .. }
        | KeychainError::Failed { .. } => return format!("{error:?}"),
    };
    word.to_owned()
}

/// What the holder said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) state: String,
    pub(crate) took: Duration,
}

/// The test's end of a holder.
pub(crate) struct Holder {
    process: Running,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Holder {
    /// Starts one; `command` makes a command in the wanted environment.
    pub(crate) fn start(
        command: impl FnOnce(&std::path::Path) -> Command,
        deadline: Duration,
        namespace: Option<&str>,
    ) -> Self {
        let mut command = command(&env::current_exe().unwrap());
        command
            .arg(ARGUMENT)
            .arg(deadline.as_millis().to_string())
            .args(namespace);
        let mut process = Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
        Self {
            commands: process.child().stdin.take().unwrap(),
            answers: BufReader::new(process.child().stdout.take().unwrap()),
            process,
        }
    }

    pub(crate) fn ask(&mut self, command: &str) -> Answer {
        writeln!(self.commands, "{command}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let parts: Vec<&str> = line.trim_end_matches('\n').splitn(3, '\t').collect();
        Answer {
            took: Duration::from_millis(parts[0].parse().unwrap()),
            state: parts[1].to_owned(),
            text: parts[2].to_owned(),
        }
    }

    /// Asks and checks answer and state.
    #[track_caller]
    pub(crate) fn expect(&mut self, command: &str, text: &str, state: State) -> Answer {
        let answer = self.ask(command);
        assert_eq!(answer.text, text, "{command}: {answer:?}");
        assert_eq!(answer.state, format!("{state:?}"), "{command}: {answer:?}");
        answer
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Closes its standard input and tells how long it took to end.
    pub(crate) fn end(self) -> Duration {
        let Self {
            mut process,
            commands,
            ..
        } = self;
        let begun = Instant::now();
        drop(commands);
        assert!(process.child().wait().unwrap().success());
        begun.elapsed()
    }
}
