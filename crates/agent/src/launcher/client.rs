//! The agent's side of the launcher: orders go out, and a thread that exists once there was a first order takes the
//! answers in.

use super::ARGUMENT;
use super::message::{CacheOrder, MAX_BYTES, Numbered, Order, Outcome, Program, RunError};
use holdfast_agent_proto::frame;
use secrecy::SecretString;
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
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
    /// A test has none.
    child: Option<Child>,
    orders: Box<dyn Write + Send>,
    /// There until the thread that reads it has begun.
    answers: Option<Box<dyn Read + Send>>,
    waiting: HashMap<u64, oneshot::Sender<Outcome>>,
    last: u64,
}

impl Drop for Pipes {
    fn drop(&mut self) {
        // It ends by itself at the end of its orders. One that has ended already leaves the list of processes.
        let _ = self.child.as_mut().map(Child::try_wait);
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
        let (Some(orders), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self::over(orders, answers, Some(child)))
    }

    fn over(
        orders: impl Write + Send + 'static,
        answers: impl Read + Send + 'static,
        child: Option<Child>,
    ) -> Self {
        let pipes = Pipes {
            child,
            orders: Box::new(orders),
            answers: Some(Box::new(answers)),
            waiting: HashMap::new(),
            last: 0,
        };
        Self {
            pipes: Arc::new(Mutex::new(Some(pipes))),
        }
    }

    /// One that is a thread of this process.
    #[cfg(test)]
    pub(crate) fn in_process(caches: super::Caches) -> Self {
        let (orders_out, orders) = io::pipe().expect("a pipe");
        let (answers, answers_in) = io::pipe().expect("a pipe");
        thread::spawn(move || super::process::serve(orders_out, answers_in, caches));
        Self::over(orders, answers, None)
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
fn listen(pipes: &Weak<Mutex<Option<Pipes>>>, mut answers: impl Read) {
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
    use secrecy::ExposeSecret;

    fn program() -> Program {
        Program {
            profile: "corp".to_owned(),
            words: vec!["true".to_owned()],
            config_file: "/home/mary/.aws/config".into(),
            credentials_file: "/home/mary/.aws/credentials".into(),
            limit_milliseconds: 60_000,
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn programs_run_at_the_same_time_and_end_with_who_waits() {
        let folder = tempfile::tempdir().unwrap();
        let begun = folder.path().join("begun");
        let shell = |script: String| Program {
            words: vec!["/bin/sh".to_owned(), "-c".to_owned(), script],
            ..program()
        };
        let launcher = Launcher::in_process(crate::launcher::Caches::from_env());
        let slow = {
            let (launcher, script) = (
                launcher.clone(),
                format!(
                    "echo $$ > {0}.new; mv {0}.new {0}; exec sleep 600",
                    begun.display()
                ),
            );
            let slow = shell(script);
            tokio::spawn(async move { launcher.run(slow).await.map(drop) })
        };
        let quick = launcher.run(shell("printf done".to_owned())).await;
        assert!(quick.is_ok_and(|printed| printed.expose_secret() == "done"));
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        let pid = loop {
            if let Ok(pid) = std::fs::read_to_string(&begun) {
                break pid;
            }
            assert!(std::time::Instant::now() < deadline);
            tokio::task::yield_now().await;
        };
        slow.abort();
        assert!(slow.await.unwrap_err().is_cancelled());
        let stat = format!("/proc/{}/stat", pid.trim());
        while std::fs::read_to_string(&stat).is_ok_and(|stat| stat.contains(" S ")) {
            assert!(std::time::Instant::now() < deadline, "it still runs");
            tokio::task::yield_now().await;
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
