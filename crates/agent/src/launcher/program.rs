//! Running one program: no shell, no input, a limit of time and of output, and the end of its whole process group.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

use super::message::{Program, RunError};
use holdfast_agent_proto::environment::CREDENTIAL_PROCESS;
use secrecy::SecretString;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Most that a program may print, in bytes. Credentials are about two thousand.
const MAX_OUTPUT: usize = 64 * 1024;

/// What is kept of stderr: its end, in bytes.
const MAX_ERRORS: usize = 4 * 1024;

/// Longest line of stderr that is shown, in characters.
const MAX_SAID: usize = 200;

/// From this length on, a word of stderr that looks like a key or token is not shown.
const SECRET_LENGTH: usize = 20;

/// How long the output of a program that has ended may stay open, because something it left behind has it.
const GRACE: Duration = Duration::from_secs(1);

/// How often a program is looked at while it runs.
const LOOK: Duration = Duration::from_millis(20);

/// Variables that one shell chose for itself, which happened to start the agent: they must not decide what a session
/// of all callers is.
const ANOTHER_SHELLS: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_PROFILE",
    "AWS_PROFILE",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
];

/// What one of the readers found.
enum Found {
    Output(Zeroizing<Vec<u8>>),
    Errors(Vec<u8>),
}

/// Runs a program to its end and returns what it printed.
///
/// # Errors
/// [`RunError`]; neither the program nor what it started in its group runs any more then.
pub(super) fn run(program: &Program, stopped: &AtomicBool) -> Result<SecretString, RunError> {
    let mut child = start(program)?;
    let limit = Duration::from_millis(program.limit_milliseconds);
    let finished = watch(&mut child, limit, stopped);
    if finished.is_err() {
        platform::end(&mut child);
    }
    let (status, output, errors) = finished?;
    if !status.success() {
        return Err(RunError::Failed {
            status: in_words(status),
            said: last_line(&errors),
        });
    }
    match str::from_utf8(&output) {
        Ok(text) => Ok(SecretString::from(text)),
        Err(_) => Err(RunError::NotText),
    }
}

fn start(program: &Program) -> Result<Child, RunError> {
    let Some((name, arguments)) = program.words.split_first() else {
        return Err(RunError::NotStarted("the command is empty".to_owned()));
    };
    let mut command = Command::new(name);
    command
        .args(arguments)
        .env(CREDENTIAL_PROCESS, &program.profile)
        .env("AWS_CONFIG_FILE", &program.config_file)
        .env("AWS_SHARED_CREDENTIALS_FILE", &program.credentials_file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for variable in ANOTHER_SHELLS {
        command.env_remove(variable);
    }
    if let Some(home) = std::env::home_dir().filter(|home| home.is_dir()) {
        command.current_dir(home);
    }
    platform::in_own_group(&mut command);
    command
        .spawn()
        .map_err(|error| RunError::NotStarted(error.to_string()))
}

type Finished = (ExitStatus, Zeroizing<Vec<u8>>, Vec<u8>);

/// Waits until the program has ended and its output was read.
fn watch(child: &mut Child, limit: Duration, stopped: &AtomicBool) -> Result<Finished, RunError> {
    let deadline = Instant::now() + limit;
    let read = readers(child);
    let (mut output, mut errors) = (None, None);
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        match read.recv_timeout(LOOK) {
            Ok(Found::Output(bytes)) if bytes.len() > MAX_OUTPUT => {
                return Err(RunError::TooMuch {
                    kibibytes: MAX_OUTPUT / 1024,
                });
            }
            Ok(Found::Output(bytes)) => output = Some(bytes),
            Ok(Found::Errors(bytes)) => errors = Some(bytes),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            // Both have told what they found, and the program has not ended.
            Err(mpsc::RecvTimeoutError::Disconnected) => thread::sleep(LOOK),
        }
        if ended.is_none() {
            let status = child.try_wait().ok().flatten();
            ended = status.map(|status| (status, Instant::now()));
        }
        let too_slow = RunError::TooSlow {
            seconds: limit.as_secs(),
        };
        match ended {
            Some((status, at)) => match output.take() {
                Some(bytes) if errors.is_some() || at.elapsed() > GRACE => {
                    return Ok((status, bytes, errors.unwrap_or_default()));
                }
                None if at.elapsed() > GRACE => return Err(too_slow),
                taken => output = taken,
            },
            None if Instant::now() >= deadline || stopped.load(Ordering::Relaxed) => {
                return Err(too_slow);
            }
            None => {}
        }
    }
}

/// Two threads that read what the program prints; they end when nothing has its pipes open any more.
fn readers(child: &mut Child) -> mpsc::Receiver<Found> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        let sender = sender.clone();
        thread::spawn(move || {
            // With all of its room from the start it never leaves a copy behind.
            let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_OUTPUT + 1));
            let mut limited = stdout.take(MAX_OUTPUT as u64 + 1);
            // What a broken pipe brought so far is judged like the rest.
            let _ = limited.read_to_end(&mut bytes);
            sender.send(Found::Output(bytes))
        });
    }
    if let Some(mut stderr) = child.stderr.take() {
        thread::spawn(move || {
            let mut end = Vec::new();
            let mut part = [0; 1024];
            while let Ok(length @ 1..) = stderr.read(&mut part) {
                end.extend_from_slice(&part[..length]);
                end.drain(..end.len().saturating_sub(MAX_ERRORS));
            }
            sender.send(Found::Errors(end))
        });
    }
    receiver
}

fn in_words(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit status {code}"),
        None => status.to_string(),
    }
}

/// The last line that says something, on one printable line of bounded length, without what looks like a secret.
fn last_line(errors: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(errors);
    let line = text
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())?;
    let words = line.split_whitespace().map(|word| {
        if looks_secret(word) {
            "[…]".to_owned()
        } else {
            word.chars().filter(|c| !c.is_control()).collect()
        }
    });
    let line = words.collect::<Vec<String>>().join(" ");
    let mut shown: String = line.chars().take(MAX_SAID).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    Some(shown)
}

/// Whether a part of a word is as long as a key or token, and mixed as they are.
fn looks_secret(word: &str) -> bool {
    word.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=_-".contains(c)))
        .any(|run| {
            run.len() >= SECRET_LENGTH
                && run.bytes().any(|byte| byte.is_ascii_digit())
                && run.bytes().any(|byte| byte.is_ascii_uppercase())
        })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn program(script: &str, limit_milliseconds: u64) -> Program {
        Program {
            profile: "corp".to_owned(),
            words: ["/bin/sh", "-c", script].map(str::to_owned).into(),
            config_file: "/home/mary/.aws/config".into(),
            credentials_file: "/home/mary/.aws/credentials".into(),
            limit_milliseconds,
        }
    }

    fn check(script: &str, expect: Result<&str, RunError>) {
        let got = run(&program(script, 20_000), &AtomicBool::new(false));
        let got = got.as_ref().map(|text| text.expose_secret());
        assert_eq!(got, expect.as_ref().copied(), "{script}");
    }

    fn failed(status: &str, said: Option<&str>) -> Result<&'static str, RunError> {
        Err(RunError::Failed {
            status: status.to_owned(),
            said: said.map(str::to_owned),
        })
    }

    #[test]
    fn what_it_prints_comes_back() {
        check("printf '{}'; echo noise >&2", Ok("{}"));
        check(
            "printf %s \"$HOLDFAST_CREDENTIAL_PROCESS $AWS_CONFIG_FILE\"",
            Ok("corp /home/mary/.aws/config"),
        );
        check("cat", Ok(""));
        check("printf %s \"${AWS_PROFILE-unset}\"", Ok("unset"));
    }

    #[test]
    fn what_it_does_wrong_is_told() {
        check("exit 3", failed("exit status 3", None));
        check(
            "echo first >&2; echo ' log  in again ' >&2; echo >&2; exit 1",
            failed("exit status 1", Some("log in again")),
        );
        check(
            "echo key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY is bad >&2; echo hidden; exit 1",
            failed("exit status 1", Some("key […] is bad")),
        );
        check("kill -9 $$", failed("signal: 9 (SIGKILL)", None));
        check("printf '\\377'", Err(RunError::NotText));
        check(
            "head -c 70000 /dev/zero; sleep 60",
            Err(RunError::TooMuch { kibibytes: 64 }),
        );
    }

    #[test]
    fn a_program_that_is_not_there_is_told() {
        let mut absent = program("", 20_000);
        absent.words = vec!["/no/such/program".to_owned()];
        let got = run(&absent, &AtomicBool::new(false)).map(drop);
        assert!(matches!(got, Err(RunError::NotStarted(_))));
        absent.words.clear();
        let got = run(&absent, &AtomicBool::new(false)).map(drop);
        assert!(matches!(got, Err(RunError::NotStarted(_))));
    }

    #[test]
    fn its_whole_group_ends_at_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}; wait", pid.display());
        let got = run(&program(&script, 300), &AtomicBool::new(false)).map(drop);
        assert_eq!(got, Err(RunError::TooSlow { seconds: 0 }));
        assert_gone(&std::fs::read_to_string(pid).unwrap());
    }

    #[test]
    fn one_that_nobody_waits_for_ends() {
        let stopped = AtomicBool::new(true);
        let got = run(&program("sleep 600", 600_000), &stopped).map(drop);
        assert_eq!(got, Err(RunError::TooSlow { seconds: 600 }));
    }

    #[test]
    fn what_it_leaves_behind_does_not_hold_it_up() {
        let begun = Instant::now();
        let got = run(
            &program("printf x; sleep 600 2>/dev/null &", 60_000),
            &AtomicBool::new(false),
        );
        assert!(got.is_err(), "its output never ended");
        assert!(begun.elapsed() < Duration::from_secs(30));
        check("printf x; sleep 5 >/dev/null &", Ok("x"));
    }

    fn assert_gone(pid: &str) {
        let proc = std::path::Path::new("/proc").join(pid.trim());
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::fs::read_to_string(proc.join("stat")).is_ok_and(|stat| !stat.contains(") Z ")) {
            assert!(Instant::now() < deadline, "{pid} still runs");
            thread::sleep(LOOK);
        }
    }
}
