//! The agent's side of the launcher: orders go out, and a thread that exists once there was a first order takes the
//! answers in.

use super::ARGUMENT;
use super::message::{CacheOrder, MAX_BYTES, Numbered, Order, Outcome, Program, RunError};
use holdfast_agent_proto::frame;
use secrecy::SecretString;
use std::collections::HashMap;
use std::io::{self, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;

/// What the launcher may need beyond the time that a program has.
const LAUNCHERS_OWN_TIME: Duration = Duration::from_secs(5);

/// Why an order was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LauncherError {
    /// The program did not do what it should.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The file could not be changed.
    #[error("{0}")]
    Cache(String),
    /// There is no launcher: it did not start, has ended or does not answer. It cannot be started again, because the
    /// agent may start no program any more.
    #[error("the agent's launcher has ended, so that no program can be run; restart the agent")]
    Gone,
}

/// A launcher that waits for orders. Ends when this is dropped.
#[derive(Clone)]
pub(crate) struct Launcher {
    pipes: Arc<Mutex<Option<Pipes>>>,
}

struct Pipes {
    child: Child,
    orders: ChildStdin,
    /// There until the thread that reads it has begun.
    answers: Option<ChildStdout>,
    waiting: HashMap<u64, oneshot::Sender<Outcome>>,
    last: u64,
}

impl Drop for Pipes {
    fn drop(&mut self) {
        // It ends by itself at the end of its orders. One that has ended already leaves the list of processes.
        let _ = self.child.try_wait();
    }
}

impl Launcher {
    /// Starts the launcher. To be called before the agent is confined.
    ///
    /// # Errors
    /// When the system starts no process. The agent can do without.
    pub(crate) fn start() -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(ARGUMENT);
        Self::start_as(command)
    }

    fn start_as(mut command: Command) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Whoever started the agent reads its stderr to the end.
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(orders), answers @ Some(_)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let pipes = Pipes {
            child,
            orders,
            answers,
            waiting: HashMap::new(),
            last: 0,
        };
        Ok(Self {
            pipes: Arc::new(Mutex::new(Some(pipes))),
        })
    }

    /// One that is not there.
    pub(crate) fn absent() -> Self {
        Self {
            pipes: Arc::new(Mutex::new(None)),
        }
    }

    /// Runs a program and returns what it printed. The program ends when this is dropped.
    ///
    /// # Errors
    /// [`LauncherError::Run`] and [`LauncherError::Gone`].
    pub(crate) async fn run(&self, program: Program) -> Result<SecretString, LauncherError> {
        let patience = Duration::from_millis(program.limit_milliseconds) + LAUNCHERS_OWN_TIME;
        match self.order(Order::Run(program), patience).await? {
            Outcome::Printed(printed) => Ok(printed),
            Outcome::NotRun(error) => Err(error.into()),
            Outcome::Cached(_) | Outcome::NotCached(_) => Err(LauncherError::Gone),
        }
    }

    /// Changes a cache of the AWS CLI's; says whether it is as ordered, and not left as another program has it.
    ///
    /// # Errors
    /// [`LauncherError::Cache`] and [`LauncherError::Gone`].
    pub(crate) async fn cache(&self, order: CacheOrder) -> Result<bool, LauncherError> {
        match self.order(Order::Cache(order), LAUNCHERS_OWN_TIME).await? {
            Outcome::Cached(done) => Ok(done),
            Outcome::NotCached(why) => Err(LauncherError::Cache(why)),
            Outcome::Printed(_) | Outcome::NotRun(_) => Err(LauncherError::Gone),
        }
    }

    async fn order(&self, order: Order, patience: Duration) -> Result<Outcome, LauncherError> {
        let (id, answer) = self.send(order)?;
        let unanswered = Unanswered { of: self, id };
        let outcome = tokio::time::timeout(patience, answer).await;
        let outcome = outcome.map_err(|_| LauncherError::Gone)?;
        std::mem::forget(unanswered);
        outcome.map_err(|_| LauncherError::Gone)
    }

    /// Orders are far smaller than a pipe, and the launcher reads at once, so this does not block.
    fn send(&self, order: Order) -> Result<(u64, oneshot::Receiver<Outcome>), LauncherError> {
        let mut guard = self.lock();
        let pipes = guard.as_mut().ok_or(LauncherError::Gone)?;
        if let Some(answers) = pipes.answers.take() {
            let pipes = Arc::downgrade(&self.pipes);
            thread::Builder::new()
                .name("launcher".to_owned())
                .spawn(move || listen(&pipes, answers))
                .map_err(|_| LauncherError::Gone)?;
        }
        pipes.last += 1;
        let id = pipes.last;
        let (sender, receiver) = oneshot::channel();
        pipes.waiting.insert(id, sender);
        if pipes.write(id, order).is_err() {
            tracing::warn!("the launcher has ended");
            *guard = None;
            return Err(LauncherError::Gone);
        }
        Ok((id, receiver))
    }

    fn cancel(&self, id: u64) {
        if let Some(pipes) = self.lock().as_mut()
            && pipes.waiting.remove(&id).is_some()
        {
            let _ = pipes.write(id, Order::Cancel);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Pipes>> {
        locked(&self.pipes)
    }
}

fn locked(pipes: &Mutex<Option<Pipes>>) -> MutexGuard<'_, Option<Pipes>> {
    pipes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands answers to those who wait, until the launcher has ended or nobody can order any more.
fn listen(pipes: &Weak<Mutex<Option<Pipes>>>, mut answers: ChildStdout) {
    while let Ok(body) = frame::read(&mut answers, MAX_BYTES) {
        let Ok(Numbered { id, it }) = frame::decode::<Numbered<Outcome>>(&body) else {
            break;
        };
        let Some(pipes) = pipes.upgrade() else {
            return;
        };
        let waiting = locked(&pipes)
            .as_mut()
            .and_then(|pipes| pipes.waiting.remove(&id));
        if let Some(waiting) = waiting {
            // Whoever waited may have given up.
            let _ = waiting.send(it);
        }
    }
    if let Some(pipes) = pipes.upgrade() {
        // Those who wait are told by their channels' end.
        *locked(&pipes) = None;
    }
}

impl Pipes {
    fn write(&mut self, id: u64, order: Order) -> io::Result<()> {
        let frame =
            frame::encode(&Numbered { id, it: order }, MAX_BYTES).map_err(io::Error::other)?;
        self.orders.write_all(&frame)?;
        self.orders.flush()
    }
}

/// An order whose answer nobody waits for any more when this is dropped.
struct Unanswered<'a> {
    of: &'a Launcher,
    id: u64,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        self.of.cancel(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> Program {
        Program {
            profile: "corp".to_owned(),
            words: vec!["true".to_owned()],
            config_file: "/home/mary/.aws/config".into(),
            credentials_file: "/home/mary/.aws/credentials".into(),
            limit_milliseconds: 60_000,
        }
    }

    #[tokio::test]
    async fn one_that_is_not_there_is_an_error() {
        let got = Launcher::absent().run(program()).await.map(drop);
        assert_eq!(got, Err(LauncherError::Gone));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn one_that_ends_is_an_error_for_all_who_wait() {
        let launcher = Launcher::start_as(Command::new("/bin/true")).unwrap();
        for _ in 0..3 {
            let got = launcher.run(program()).await.map(drop);
            assert_eq!(got, Err(LauncherError::Gone));
        }
    }

    #[cfg(unix)]
    #[tokio::test(start_paused = true)]
    async fn one_that_does_not_answer_is_an_error() {
        let mut silent = Command::new("/bin/sh");
        silent.args(["-c", "cat > /dev/null"]);
        let launcher = Launcher::start_as(silent).unwrap();
        let got = launcher.run(program()).await.map(drop);
        assert_eq!(got, Err(LauncherError::Gone));
    }
}
