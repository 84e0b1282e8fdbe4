//! Work that takes time, each piece on a thread of its own.

use crate::clipboard::Clipboard;
use crate::console;
use crate::settings_file::SettingsPath;
use crate::sign_in;
use anyhow::Result;
use holdfast_agent_proto::{ClientError, Reply, Request, SignInTarget};
use holdfast_desktop::agent::Agent;
use holdfast_desktop::command_line::{self, UserShell};
use holdfast_desktop::favourite::Favourite;
use holdfast_desktop::page::sign_in::SignInWay;
use holdfast_desktop::page::{Trouble, settings};
use holdfast_desktop::tray::{Copied, Message, Preferences, Task};
use holdfast_settings::Settings;
use std::sync::mpsc::SyncSender;
use std::thread::{self, Thread};

/// How long a person may take for a code, in seconds.
const PATIENCE: u32 = 600;

/// Does the tray's tasks.
#[derive(Clone)]
pub(super) struct Worker {
    agent: Agent,
    /// Hears what the agent tells.
    listener: Thread,
    settings: SettingsPath,
    clipboard: Clipboard,
    inbox: SyncSender<Message>,
}

impl Worker {
    pub(super) fn new(agent: Agent, listener: Thread, inbox: SyncSender<Message>) -> Result<Self> {
        Ok(Self {
            agent,
            listener,
            settings: SettingsPath::from_env()?,
            clipboard: Clipboard::default(),
            inbox,
        })
    }

    /// Starts a task; its end is a message.
    pub(super) fn start(&self, task: Task) {
        let worker = self.clone();
        let work = move || {
            let outcome = worker.perform(&task);
            // Nobody listens any more when the tray ends first.
            let _ = worker.inbox.send(Message::Done(task, outcome));
        };
        if let Err(error) = thread::Builder::new().name("task".to_owned()).spawn(work) {
            tracing::error!("no thread for a task: {error}");
        }
    }

    /// Lets others give what was copied when this process is gone.
    pub(super) fn hand_over_clipboard(&self) {
        self.clipboard.hand_over();
    }

    fn perform(&self, task: &Task) -> Result<(), Trouble> {
        match task {
            Task::FetchProfiles => {
                self.tell(Message::Profiles(self.agent.profiles()?));
                self.tell(Message::Portals(self.agent.portals()?));
            }
            Task::FetchPreferences => return self.preferences(),
            Task::FetchPrompts => {
                let Reply::Status(status) = self.agent.ask(|| Request::Status)? else {
                    return Err(ClientError::UnexpectedReply.into());
                };
                self.tell(Message::Prompts(status.prompts));
            }
            Task::Pin { profile, pinned } => {
                settings::pin(self.settings.file(), profile, *pinned)?;
                return self.ask(|| Request::ReloadSettings);
            }
            Task::Reconnect => self.listener.unpark(),
            Task::SignIn { profile } => return self.renew(profile, true),
            Task::SignInToPortal { start_url, region } => {
                return self.sign_in_to_portal(start_url, region);
            }
            Task::Renew { profile } => return self.renew(profile, false),
            Task::SignOut { profile } => {
                return self.ask(|| Request::Logout {
                    profile: Some(profile.clone()),
                });
            }
            Task::Lock => return self.ask(|| Request::Lock),
            Task::Unlock => return self.ask(|| Request::Unlock { passphrase: None }),
            Task::OpenConsole { profile } => return self.open_console(profile),
            Task::Copy(copied) => return self.clipboard.put(text_of(copied, &self.agent)?),
        }
        Ok(())
    }

    fn renew(&self, profile: &str, with_code: bool) -> Result<(), Trouble> {
        self.ask(|| Request::Renew {
            profile: profile.to_owned(),
            with_code,
            wait_seconds: PATIENCE,
        })
    }

    fn sign_in_to_portal(&self, start_url: &str, region: &str) -> Result<(), Trouble> {
        let view = sign_in::begin(
            &self.agent,
            || SignInTarget::Portal {
                start_url: start_url.to_owned(),
                region: region.to_owned(),
            },
            SignInWay::Browser,
        )?;
        if sign_in::lead(&view, SignInWay::Browser, &self.clipboard)? {
            self.tell(Message::LinkCopied { portal: view.title });
        }
        sign_in::wait(&self.agent, view.id)
    }

    fn open_console(&self, profile: &str) -> Result<(), Trouble> {
        console::open(&self.agent, profile, None)?.wait();
        Ok(())
    }

    fn preferences(&self) -> Result<(), Trouble> {
        let settings = Settings::load(self.settings.file()).map_err(|e| settings::trouble(&e))?;
        self.tell(Message::Preferences(Preferences {
            pinned: settings.app.pinned,
            favourites: Favourite::all(&settings.app.favourites),
            clone_style: settings.app.clone_style,
            notifications: settings.notifications,
        }));
        Ok(())
    }

    fn ask(&self, request: impl Fn() -> Request) -> Result<(), Trouble> {
        self.agent.ask(request)?;
        Ok(())
    }

    fn tell(&self, message: Message) {
        let _ = self.inbox.send(message);
    }
}

fn text_of(copied: &Copied, agent: &Agent) -> Result<String, Trouble> {
    let shell = UserShell::of_environment();
    match copied {
        Copied::Favourite { favourite, style } => {
            let host = agent.repository_host(favourite)?;
            let (profile, name) = (&favourite.profile, favourite.repository.as_str());
            command_line::clone(profile, &host, name, *style, shell)
        }
        Copied::Environment { profile } => command_line::environment(profile, shell),
        Copied::CloneCommand {
            profile,
            host,
            repository,
            style,
        } => command_line::clone(profile, host, repository, *style, shell),
    }
}
