//! The tray's one owner of state: everything that happens comes to it as a [`Message`], and everything
//! it does goes out through [`Outside`].

mod message;
mod outside;
mod popup;
mod task;
#[cfg(test)]
mod tests;

pub use message::Message;
pub use outside::Outside;
pub use task::{Copied, Preferences, Task};

use crate::agent::Told;
use crate::favourite::Favourite;
use crate::icon::Icon;
use crate::menu::{self, Action, Menu, Update};
use crate::notice::{Answer, Notices};
use crate::page::{PageName, Trouble};
use crate::standing::Link;
use crate::words::length_step;
use holdfast_agent_proto::Event;
use holdfast_agent_proto::view::{PortalView, ProfileView, StatusView};
use jiff::tz::TimeZone;
use popup::Popup;
use std::time::Duration;

/// Labels count minutes at most, so nothing is gained by looking more often, in seconds.
const SHORTEST_TICK: i64 = 20;

/// The tray's state.
pub struct Tray<O> {
    outside: O,
    link: Link,
    status: StatusView,
    profiles: Option<Vec<ProfileView>>,
    portals: Vec<PortalView>,
    preferences: Preferences,
    popup: Popup,
    notices: Notices,
    /// The main window's process runs.
    window: bool,
    /// Something on this desktop shows tray icons; nothing until that is known.
    host: Option<bool>,
    /// Started at login, so that nobody waits for a window.
    at_login: bool,
    /// The first list of profiles was looked at.
    welcomed: bool,
    shown_menu: Menu,
    shown_icon: Icon,
    zone: TimeZone,
}

impl<O: Outside> Tray<O> {
    /// A tray that knows nothing yet and shows [`Tray::first_menu`].
    pub fn new(outside: O, at_login: bool, zone: TimeZone) -> Self {
        Self {
            outside,
            link: Link::Connecting,
            status: StatusView::default(),
            profiles: None,
            portals: Vec::new(),
            preferences: Preferences::default(),
            popup: Popup::default(),
            notices: Notices::default(),
            window: false,
            host: None,
            at_login,
            welcomed: false,
            shown_menu: Self::first_menu(&zone),
            shown_icon: Icon::default(),
            zone,
        }
    }

    /// What the tray shows before the agent has answered.
    pub fn first_menu(zone: &TimeZone) -> Menu {
        menu::build(&menu::State {
            link: &Link::Connecting,
            status: &StatusView::default(),
            profiles: &[],
            profiles_known: false,
            portals: &[],
            pinned: &[],
            favourites: &[],
            now: 0,
            zone,
        })
    }

    /// Takes in what happened. Shown is it with the next [`Tray::refresh`].
    pub fn handle(&mut self, message: Message) {
        match message {
            Message::Agent(told) => self.heard(*told),
            Message::Profiles(profiles) => self.learn(profiles),
            Message::Portals(portals) => self.portals = portals,
            Message::LinkCopied { portal } => self.outside.tell(
                &format!("The link to {portal} is copied"),
                "Open it in the browser that you sign in with, on this computer.",
            ),
            Message::Preferences(preferences) => {
                self.notices.set_levels(preferences.notifications.clone());
                self.preferences = preferences;
            }
            Message::Clicked(action) => self.act(action),
            Message::NoticeAnswered { kind, answer } => {
                if let Some(kind) = kind {
                    self.notices.closed(kind);
                }
                match answer {
                    Answer::Act(action) => self.act(action),
                    Answer::Snooze => self.notices.snooze(),
                }
            }
            Message::NoticeClosed(kind) => self.notices.closed(kind),
            Message::StartedAgain => self.show_main_page(),
            Message::WindowEnded => self.window_ended(),
            Message::PromptEnded { crashed } => {
                let prompts = &self.status.prompts;
                self.popup.ended(crashed, prompts, &mut self.outside);
            }
            Message::Prompts(prompts) => {
                self.status.prompts = prompts;
                let prompts = &self.status.prompts;
                self.popup.look(prompts, &mut self.outside);
            }
            Message::TrayHost(there) => self.take_host(there),
            Message::Done(task, outcome) => self.report(&task, outcome),
        }
    }

    /// Brings menu and icon up to date, with as few changes as possible.
    pub fn refresh(&mut self, now: i64) {
        let wanted = menu::build(&menu::State {
            link: &self.link,
            status: &self.status,
            profiles: self.profiles.as_deref().unwrap_or_default(),
            profiles_known: self.profiles.is_some(),
            portals: &self.portals,
            pinned: &self.preferences.pinned,
            favourites: &self.preferences.favourites,
            now,
            zone: &self.zone,
        });
        match menu::update(&self.shown_menu, &wanted) {
            Update::InPlace(changes) if changes.is_empty() => {}
            Update::InPlace(changes) => self.outside.change_menu(&changes, &wanted),
            Update::Rebuild => self.outside.show_menu(&wanted),
        }
        self.shown_menu = wanted;
        let icon = Icon::of(&self.link, &self.status, now);
        if icon != self.shown_icon {
            self.outside.set_icon(icon);
            self.shown_icon = icon;
        }
        // What an agent said that is gone is no news.
        if self.link == Link::Connected {
            for change in self.notices.changes(&self.status, now, &self.zone) {
                self.outside.change_notice(change);
            }
        }
    }

    /// How long what is shown stays true if nothing happens; for ever when no session is live and nothing is to be told.
    pub fn next_tick(&self, now: i64) -> Option<Duration> {
        let moments = self.status.sessions.iter().filter_map(|s| s.expires_at);
        let left = moments.map(|at| at - now).filter(|left| *left > 0);
        let label = left
            .map(|left| (left % length_step(left) + 1).max(SHORTEST_TICK))
            .min();
        let notice = self.notices.next().map(|at| (at - now).max(1));
        let seconds = label.into_iter().chain(notice).min()?;
        Some(Duration::from_secs(seconds.unsigned_abs()))
    }

    /// What the agent tells, before the menu is made from it.
    fn heard(&mut self, told: Told) {
        if let Told::Event(event) = &told {
            self.notices.heard(event);
        }
        match told {
            Told::Connected(status) => {
                self.notices.connected();
                self.link = Link::Connected;
                self.status = status;
                self.outside.start(Task::FetchProfiles);
                self.outside.start(Task::FetchPreferences);
            }
            Told::Lost(error) => {
                self.link = Link::Lost(Trouble::from(error).message);
                // The agent's prompts are gone with it.
                self.status.prompts.clear();
            }
            Told::Event(Event::Status(status)) => self.status = status,
            Told::Event(Event::PromptOpened(prompt) | Event::PromptChanged(prompt)) => {
                let prompts = &mut self.status.prompts;
                prompts.retain(|open| open.id != prompt.id);
                prompts.push(prompt);
            }
            Told::Event(Event::PromptClosed { prompt }) => {
                self.status.prompts.retain(|open| open.id != prompt);
            }
            Told::Event(Event::ProfilesChanged) => self.outside.start(Task::FetchProfiles),
            Told::Event(Event::SettingsChanged) => self.outside.start(Task::FetchPreferences),
            Told::Event(
                Event::ExpiringSoon { .. }
                | Event::SignedOut { .. }
                | Event::Activity(_)
                | Event::RepositoriesChanged { .. },
            ) => {}
        }
        let prompts = &self.status.prompts;
        self.popup.look(prompts, &mut self.outside);
    }

    fn learn(&mut self, profiles: Vec<ProfileView>) {
        let nobody = profiles.iter().all(|profile| profile.name.is_empty());
        self.profiles = Some(profiles);
        if !self.welcomed && nobody && !self.at_login {
            self.show(PageName::AddProfile, None);
        }
        self.welcomed = true;
    }

    fn act(&mut self, action: Action) {
        let task = match action {
            Action::Show(page) => return self.show(page, None),
            Action::ShowRepositories { profile } => {
                return self.show(PageName::Repositories, Some(&profile));
            }
            Action::Quit => return self.outside.quit(),
            Action::ShowPrompt => {
                let prompts = &self.status.prompts;
                return self.popup.show(prompts, &mut self.outside);
            }
            Action::SignIn { profile } => {
                self.popup.asked_for();
                Task::SignIn { profile }
            }
            Action::SignInToPortal { start_url, region } => {
                Task::SignInToPortal { start_url, region }
            }
            Action::Renew { profile } => Task::Renew { profile },
            Action::SignOut { profile } => Task::SignOut { profile },
            Action::OpenConsole { profile } => Task::OpenConsole { profile },
            Action::CopyCloneCommand {
                profile,
                host,
                repository,
            } => Task::Copy(Copied::CloneCommand {
                profile,
                host,
                repository,
                style: self.preferences.clone_style,
            }),
            Action::CopyFavourite { address } => match Favourite::parse(&address) {
                Some(favourite) => Task::Copy(Copied::Favourite {
                    favourite,
                    style: self.preferences.clone_style,
                }),
                None => return,
            },
            Action::CopyEnvironment { profile } => Task::Copy(Copied::Environment { profile }),
            Action::Pin { profile, pinned } => {
                let names = &mut self.preferences.pinned;
                names.retain(|name| *name != profile);
                if pinned {
                    names.push(profile.clone());
                }
                Task::Pin { profile, pinned }
            }
            Action::Reconnect => Task::Reconnect,
            Action::Lock => Task::Lock,
            Action::Unlock => Task::Unlock,
        };
        self.outside.start(task);
    }

    /// Opens the main window or brings it to the front.
    fn show(&mut self, page: PageName, profile: Option<&str>) {
        if self.window && self.outside.order_window(page, profile) {
            return;
        }
        self.window = self.outside.start_window(page, profile);
    }

    fn show_main_page(&mut self) {
        let profiles = self.profiles.as_deref();
        let nobody = profiles.is_some_and(|profiles| profiles.iter().all(|p| p.name.is_empty()));
        let page = match nobody {
            true => PageName::AddProfile,
            false => PageName::Sessions,
        };
        self.show(page, None);
    }

    fn window_ended(&mut self) {
        self.window = false;
        // Without a tray the window was all there was to see of Holdfast.
        if self.host == Some(false) && !self.at_login {
            self.outside.quit();
        }
    }

    fn take_host(&mut self, there: bool) {
        let known = self.host.replace(there).is_some();
        if there || known {
            return;
        }
        self.outside.tell(
            "This desktop shows no tray icons",
            "Start Holdfast again to open its window. Codes are asked for all the same.",
        );
        if !self.at_login && !self.window {
            self.show_main_page();
        }
    }

    /// Says how something went that a person asked for and cannot see.
    fn report(&mut self, task: &Task, outcome: Result<(), Trouble>) {
        match outcome {
            Ok(()) => {
                if let Some(words) = task.done_in_words() {
                    self.outside.tell(&words, "");
                }
            }
            // The person decided so, and saw it.
            Err(trouble) if is_own_decision(&trouble) => {}
            Err(trouble) => {
                if let Some(words) = task.failed_in_words() {
                    self.outside.tell(&words, &in_sentences(&trouble));
                }
            }
        }
    }
}

fn is_own_decision(trouble: &Trouble) -> bool {
    matches!(
        trouble.code.as_deref(),
        Some("declined" | "prompt-timeout" | "sign-in-cancelled")
    )
}

fn in_sentences(trouble: &Trouble) -> String {
    let mut text = trouble.message.clone();
    for hint in &trouble.hints {
        text.push('\n');
        text.push_str(hint);
    }
    text
}
