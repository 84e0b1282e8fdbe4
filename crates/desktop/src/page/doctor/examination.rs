//! The last examination: what was looked at, and what the page may ask for because of it.

use super::finding::{self, Keep};
use super::{DoctorPage, mend, words};
use crate::agent::Agent;
use crate::page::Trouble;
use crate::page::change::{Change, Made, check_agreed, tilde};
use crate::page::shell::Badge;
use holdfast_agent_proto::CallerContext;
use holdfast_doctor::{Asking, Finding, Mend, Surroundings, examine, outside, top};
use holdfast_setup::helpers::Places;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// How long an examination may take. Programs that it runs end by themselves long before that.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the window knows of the doctor's work. The page names findings by number: it names no files and no commands.
#[derive(Clone, Default)]
pub struct Doctor(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The repository to look at.
    repository: Option<PathBuf>,
    /// Numbers are given once, so that a page of yesterday asks for nothing of today.
    last: u32,
    commands: BTreeMap<u32, String>,
    mends: BTreeMap<u32, Arc<Mend>>,
    badge: Option<Badge>,
}

impl Doctor {
    /// Looks at everything, and changes nothing. Nobody is asked for a code or a sign-in.
    ///
    /// # Errors
    /// When this program's own places cannot be told, or it takes too long.
    pub fn examine(&self, agent: &Agent) -> Result<DoctorPage, Trouble> {
        let (tell, told) = mpsc::channel();
        let (doctor, agent) = (self.clone(), agent.clone());
        let context = self.context(agent.context());
        let look = move || {
            let mut asking = Asking::connect_or_start(agent.address(), agent.hello());
            let agent = asking.seen();
            let around = Surroundings::of_this_process(context, agent);
            let findings = around.map(|around| examine(&around, &mut asking));
            // Nobody waits any more when it has taken too long.
            let _ = tell.send(findings.map(|findings| doctor.found(findings)));
        };
        let started = thread::Builder::new()
            .name("examination".to_owned())
            .spawn(look);
        started.map_err(|error| Trouble::new(format!("The examination cannot begin: {error}.")))?;
        match told.recv_timeout(PATIENCE) {
            Ok(page) => Ok(page?),
            Err(_) => Err(
                Trouble::new("The examination has not ended in two minutes.").hint(
                    "A program that git runs may wait for you in a window. Look again later.",
                ),
            ),
        }
    }

    /// Looks at this repository, too, from now on; or at none.
    ///
    /// # Errors
    /// When the folder is in no repository.
    pub fn choose(&self, folder: Option<&Path>) -> Result<(), Trouble> {
        let repository = match folder {
            None => None,
            Some(folder) => Some(top(around(folder)).ok_or_else(|| {
                Trouble::new(format!("{} is in no repository of git.", tilde(folder)))
                    .hint("Choose the folder that you have cloned into.")
            })?),
        };
        self.change(|state| state.repository = repository);
        Ok(())
    }

    /// What a change would do, as it would be made now.
    ///
    /// # Errors
    /// When it cannot be made any more.
    pub fn plan(
        &self,
        id: u32,
        context: &CallerContext,
        places: &Places,
    ) -> Result<Change, Trouble> {
        let context = self.context(context);
        Ok(mend::show(&self.mend(id)?.anew(&context, places)?))
    }

    /// Makes a change, when it is still the one that was shown.
    ///
    /// # Errors
    /// When files changed meanwhile, or it cannot be made.
    pub fn make(
        &self,
        id: u32,
        fingerprint: &str,
        context: &CallerContext,
        places: &Places,
    ) -> Result<Made, Trouble> {
        let context = self.context(context);
        let wanted = self.mend(id)?.anew(&context, places)?;
        check_agreed(fingerprint, &wanted.fingerprint(), &mend::of_what(&wanted))?;
        mend::make(wanted)
    }

    /// A command that the page shows.
    ///
    /// # Errors
    /// When an examination since has replaced it.
    pub fn command(&self, id: u32) -> Result<String, Trouble> {
        self.change(|state| state.commands.get(&id).cloned().ok_or_else(outdated))
    }

    /// How many things want to be looked at, once an examination has said so.
    pub fn badge(&self) -> Option<Badge> {
        self.change(|state| state.badge.clone())
    }

    /// Keeps what was found, and says what the page shows of it.
    pub(super) fn found(&self, findings: Vec<Finding>) -> DoctorPage {
        self.change(|state| {
            state.commands.clear();
            state.mends.clear();
            let groups = finding::groups(findings, state);
            state.badge = words::badge(&groups);
            DoctorPage {
                repository: state.repository.as_deref().map(tilde),
                summary: state.badge.as_ref().map(|badge| badge.words.clone()),
                groups,
            }
        })
    }

    /// A change that the page shows. It takes its time, and nobody waits for the state meanwhile.
    fn mend(&self, id: u32) -> Result<Arc<Mend>, Trouble> {
        self.change(|state| state.mends.get(&id).cloned().ok_or_else(outdated))
    }

    /// Where it looks from: git sees the chosen repository, or none, wherever this program was started.
    fn context(&self, of_user: &CallerContext) -> CallerContext {
        let repository = self.change(|state| state.repository.clone());
        CallerContext {
            working_dir: Some(repository.unwrap_or_else(outside)),
            ..of_user.clone()
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn number(&mut self) -> u32 {
        self.last += 1;
        self.last
    }
}

impl Keep for State {
    fn command(&mut self, command: String) -> u32 {
        let id = self.number();
        self.commands.insert(id, command);
        id
    }

    fn mend(&mut self, mend: Mend) -> u32 {
        let id = self.number();
        self.mends.insert(id, Arc::new(mend));
        id
    }
}

/// The folder itself, or where it is git's own within a repository, the one around it.
fn around(folder: &Path) -> &Path {
    match folder.parent() {
        Some(parent) if folder.ends_with(".git") => parent,
        Some(_) | None => folder,
    }
}

fn outdated() -> Trouble {
    Trouble::new("This was found by an examination that is over.")
        .hint("Close this and look again.")
}
