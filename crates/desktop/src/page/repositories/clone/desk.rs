//! The clone of one window: one at a time, on a thread of its own, ended by the person or with the window.

use super::progress::{self, Said};
use super::{CloneForm, CloneStep, CloneView, parent_at_first, place};
use crate::agent::Agent;
use crate::command_line::clone_command;
use crate::editor::Editor;
use crate::page::Trouble;
use crate::page::change::tilde;
use crate::words::plain;
use holdfast_agent_proto::view::SignInKind;
use holdfast_agent_proto::{ClientError, ErrorCode, Request};
use holdfast_clone::{CloneError, Cloning, Event, Next, Stop, Surroundings};
use holdfast_codecommit::CloneCommand;
use holdfast_settings::AppSettings;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a person may take for a code or a sign-in, in seconds.
const PATIENCE: u32 = 600;

/// The shortest time between two pictures of the progress; git tells it more often.
const PACE: Duration = Duration::from_millis(100);

/// What the person wants cloned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CloneWish {
    /// Name of the profile.
    pub profile: String,
    /// Host name for git.
    pub host: String,
    /// Name of the repository.
    pub repository: String,
    /// Name of the clone's own folder.
    pub name: String,
}

/// The clone of a window. Cheap to clone.
#[derive(Clone, Default)]
pub struct CloneDesk(Arc<Mutex<Desk>>);

#[derive(Default)]
struct Desk {
    /// The folder that the person chose.
    parent: Option<PathBuf>,
    view: Option<CloneView>,
    folder: PathBuf,
    /// Which clone is the present one. One whose number is another has nothing to tell any more.
    number: u64,
    stop: Option<Stop>,
    thread: Option<JoinHandle<()>>,
}

impl CloneDesk {
    /// What is asked before a clone into a folder of this name.
    ///
    /// # Errors
    /// When nothing was chosen, and there is no home folder to offer.
    pub fn form(&self, settings: &AppSettings, name: &str) -> Result<CloneForm, Trouble> {
        Ok(CloneForm::new(&self.parent(settings)?, name))
    }

    /// The folder that clones go to.
    ///
    /// # Errors
    /// As for [`CloneDesk::form`].
    pub fn parent(&self, settings: &AppSettings) -> Result<PathBuf, Trouble> {
        match self.lock().parent.clone() {
            Some(parent) => Ok(parent),
            None => parent_at_first(settings),
        }
    }

    /// The person chose a folder.
    pub fn choose(&self, parent: PathBuf) {
        self.lock().parent = Some(parent);
    }

    /// The clone that is under way or has ended.
    pub fn view(&self) -> Option<CloneView> {
        self.lock().view.clone()
    }

    /// Begins a clone, and returns the folder that it goes to; `changed` is called whenever there is something else
    /// to show.
    ///
    /// # Errors
    /// When something is at that folder already, a clone is under way, or its command cannot be made.
    pub fn start(
        &self,
        agent: &Agent,
        settings: &AppSettings,
        wish: CloneWish,
        changed: impl Fn() + Send + 'static,
    ) -> Result<PathBuf, Trouble> {
        let folder = place::target(&self.parent(settings)?, &wish.name)?;
        let CloneWish {
            profile,
            host,
            repository,
            ..
        } = wish;
        let command = clone_command(&profile, &host, &repository, settings.clone_style)?;
        let number = self.begin(&repository, &folder)?;
        let (desk, agent, editor) = (self.clone(), agent.clone(), settings.editor.clone());
        let into = folder.clone();
        let run = move || {
            let outcome = desk.run(&agent, &profile, &command, &into, number, &changed);
            desk.end(number, outcome, &editor);
            changed();
        };
        let started = thread::Builder::new().name("clone".to_owned()).spawn(run);
        let mut desk = self.lock();
        match started {
            Ok(thread) => desk.thread = Some(thread),
            Err(error) => {
                desk.view = None;
                return Err(Trouble::new(format!("git cannot be started: {error}")));
            }
        }
        Ok(folder)
    }

    /// Ends the clone that is under way; git removes what it has written.
    pub fn cancel(&self) {
        let mut desk = self.lock();
        let stop = desk.stop.clone();
        let Some(view) = desk.view.as_mut().filter(|view| view.is_under_way()) else {
            return;
        };
        match stop {
            Some(stop) => {
                view.step = CloneStep::Ending;
                drop(desk);
                stop.now();
            }
            None => {
                view.step = CloneStep::Stopped;
                desk.number += 1;
            }
        }
    }

    /// The person has seen how it ended.
    pub fn close(&self) {
        let mut desk = self.lock();
        if desk.view.as_ref().is_some_and(|view| !view.is_under_way()) {
            desk.view = None;
        }
    }

    /// The folder of the clone that is done.
    ///
    /// # Errors
    /// When there is none.
    pub fn folder(&self) -> Result<PathBuf, Trouble> {
        let desk = self.lock();
        match desk.view.as_ref().map(|view| &view.step) {
            Some(CloneStep::Done { .. }) => Ok(desk.folder.clone()),
            Some(_) | None => Err(Trouble::new("There is no clone to open.")),
        }
    }

    /// Ends the clone that is under way, and waits until nothing of it is left: the window goes away.
    pub fn leave(&self) {
        self.cancel();
        let mut desk = self.lock();
        let thread = match desk.stop {
            Some(_) => desk.thread.take(),
            // Nothing was written yet, and who waits for a person may wait for long.
            None => None,
        };
        drop(desk);
        if let Some(thread) = thread {
            // What it panicked with was printed.
            let _ = thread.join();
        }
    }

    fn begin(&self, repository: &str, folder: &Path) -> Result<u64, Trouble> {
        let mut desk = self.lock();
        if desk.view.as_ref().is_some_and(CloneView::is_under_way) {
            return Err(Trouble::new("A clone is under way already."));
        }
        desk.number += 1;
        desk.stop = None;
        desk.folder = folder.to_owned();
        desk.view = Some(CloneView {
            repository: plain(repository),
            folder: plain(&tilde(folder)),
            step: CloneStep::SigningIn,
        });
        Ok(desk.number)
    }

    fn run(
        &self,
        agent: &Agent,
        profile: &str,
        command: &CloneCommand,
        folder: &Path,
        number: u64,
        changed: &impl Fn(),
    ) -> Result<(), CloneStep> {
        let failed = |trouble: Trouble| CloneStep::Failed {
            trouble,
            said: Vec::new(),
        };
        sign_in(agent, profile).map_err(|error| failed(error.into()))?;
        let mut cloning = {
            let mut desk = self.lock();
            if desk.number != number {
                return Err(CloneStep::Stopped);
            }
            let cloning = Cloning::start(command, folder, Surroundings::Window)
                .map_err(|error| failed(progress::trouble(&error)))?;
            desk.stop = Some(cloning.stop());
            desk.show(progress::beginning());
            cloning
        };
        changed();
        let mut said = Said::default();
        let (mut told, mut is_shown) = (Instant::now(), true);
        loop {
            // What came last is shown even when nothing follows.
            let next = match is_shown {
                true => cloning.next_event().map_or(Next::End, Next::Event),
                false => cloning.next_event_within(PACE.saturating_sub(told.elapsed())),
            };
            match next {
                Next::Event(Event::Said(line)) => said.add(&line),
                Next::Event(Event::Progress(progress)) => {
                    self.lock().show(progress::step(&progress));
                    is_shown = false;
                }
                Next::Nothing => {}
                Next::End => break,
            }
            if !is_shown && told.elapsed() >= PACE {
                (told, is_shown) = (Instant::now(), true);
                changed();
            }
        }
        match cloning.finish() {
            Ok(_) => Ok(()),
            Err(CloneError::Stopped) => Err(CloneStep::Stopped),
            Err(error) => Err(CloneStep::Failed {
                trouble: progress::trouble(&error),
                said: said.into_lines(),
            }),
        }
    }

    fn end(&self, number: u64, outcome: Result<(), CloneStep>, editor: &[String]) {
        let step = outcome.err().unwrap_or_else(|| CloneStep::Done {
            editor: Editor::find(editor).map(|it| plain(&it.name)),
        });
        let mut desk = self.lock();
        if desk.number == number {
            desk.stop = None;
            if let Some(view) = &mut desk.view {
                view.step = step;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Unless the person has ended it.
    fn show(&mut self, step: CloneStep) {
        if let Some(view) = self.view.as_mut().filter(|it| it.step != CloneStep::Ending) {
            view.step = step;
        }
    }
}

impl CloneView {
    fn is_under_way(&self) -> bool {
        match self.step {
            CloneStep::SigningIn | CloneStep::Running { .. } | CloneStep::Ending => true,
            CloneStep::Stopped | CloneStep::Done { .. } | CloneStep::Failed { .. } => false,
        }
    }
}

/// Opens the profile's sessions; the person is asked now and not in the middle of git.
fn sign_in(agent: &Agent, profile: &str) -> Result<(), ClientError> {
    let profiles = agent.profiles()?;
    let by_person = profiles
        .iter()
        .any(|it| it.name == profile && it.sign_in != SignInKind::None);
    if !by_person {
        return Ok(());
    }
    let needs_person = |error: &ClientError| {
        matches!(
            error.refused_for(),
            Some(ErrorCode::MfaRequired | ErrorCode::SignInRequired)
        )
    };
    let login = agent.ask(|| Request::Login {
        profile: profile.to_owned(),
        code: None,
        duration_seconds: None,
    });
    match login {
        Err(error) if needs_person(&error) => agent
            .ask(|| Request::Renew {
                profile: profile.to_owned(),
                with_code: false,
                wait_seconds: PATIENCE,
            })
            .map(|_| ()),
        answered => answered.map(|_| ()),
    }
}
