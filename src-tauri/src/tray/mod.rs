//! The tray process: icon, menu and notifications, and the windows it starts.
//!
//! [`holdfast_desktop::tray::Tray`] owns the state and decides. What is here brings it what happens and
//! does what it says: [`Desk`] is its outside.

mod child;
mod desk;
mod host;
mod icon;
mod menu;
mod work;

use anyhow::{Context, Result};
use desk::Desk;
use holdfast_agent_proto::Address;
use holdfast_desktop::agent::{Agent, Interest};
use holdfast_desktop::icon::Icon;
use holdfast_desktop::menu::Action;
use holdfast_desktop::tray::{Message, Tray};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fs::DirBuilder;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;
use tauri::App;
use tauri::tray::{TrayIcon, TrayIconBuilder};
use work::Worker;

/// Messages that may wait. More than one is rare.
const INBOX: usize = 256;

/// What nobody minds if the controller never wakes by itself.
const FOR_EVER: Duration = Duration::from_secs(24 * 60 * 60);

/// What the tray wants to hear of the agent.
const INTEREST: Interest = Interest {
    prompts: true,
    activity: false,
};

/// Runs until the person quits. `at_login` says that nobody is waiting for a window.
pub(crate) fn run(at_login: bool) -> Result<()> {
    // What the tray's host shows beside the icon; the program's name otherwise.
    #[cfg(target_os = "linux")]
    gtk::glib::set_application_name("Holdfast");
    let (inbox, messages) = sync_channel(INBOX);
    let started_again = inbox.clone();
    let builder = tauri::Builder::default()
        // First of all, because a second start ends here.
        .plugin(tauri_plugin_single_instance::init(move |_, _, _| {
            send(&started_again, Message::StartedAgain);
        }));
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(tauri_plugin_notification::init());
    let app = builder
        .setup(move |app| Ok(start(app, inbox, messages, at_login)?))
        .build(tauri::generate_context!())?;
    #[cfg(target_os = "macos")]
    let app = {
        // No icon in the Dock, no menu bar: the tray is all there is.
        let mut app = app;
        app.set_activation_policy(tauri::ActivationPolicy::Accessory);
        app
    };
    app.run(|_, event| {
        // No window is open most of the time; that is no reason to end.
        if let tauri::RunEvent::ExitRequested {
            api, code: None, ..
        } = event
        {
            api.prevent_exit();
        }
    });
    Ok(())
}

/// Shows the icon at once, and starts whatever fills the inbox.
fn start(
    app: &App,
    inbox: SyncSender<Message>,
    messages: Receiver<Message>,
    at_login: bool,
) -> Result<()> {
    let zone = TimeZone::system();
    let shown = menu::Shown::build(app.handle(), &Tray::<Desk>::first_menu(&zone))?;
    let tray = tray_icon(app, &shown, inbox.clone())?;
    let agent = Agent::of_user()?;
    let events = inbox.clone();
    let listener = agent.follow(INTEREST, move |told| {
        match events.send(Message::Agent(Box::new(told))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    let worker = Worker::new(agent, listener, inbox.clone())?;
    let desk = Desk::new(app.handle(), tray, shown, worker, inbox.clone());
    let owner = Tray::new(desk, at_login, zone);
    thread::Builder::new()
        .name("tray".to_owned())
        .spawn(move || serve(owner, &messages))?;
    host::watch(inbox, at_login);
    Ok(())
}

fn tray_icon(app: &App, shown: &menu::Shown, inbox: SyncSender<Message>) -> Result<TrayIcon> {
    let builder = TrayIconBuilder::with_id("holdfast")
        .icon(icon::image(Icon::default())?)
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip("Holdfast")
        .menu(shown.menu())
        .on_menu_event(move |_, event| {
            if let Some(action) = Action::from_id(event.id().as_ref()) {
                send(&inbox, Message::Clicked(action));
            }
        });
    builder
        .temp_dir_path(icon_folder()?)
        .build(app)
        .context("the icon cannot be put into the tray")
}

/// Where the tray's host reads the icon from. The folder above is the agent's, and private to the user.
fn icon_folder() -> Result<PathBuf> {
    let folder = Address::from_env()?.folder()?.join("tray");
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(&folder)?;
    Ok(folder)
}

/// Handles what happens, one after the other, and shows what came of all that was waiting.
fn serve(mut tray: Tray<Desk>, messages: &Receiver<Message>) {
    let now = || Timestamp::now().as_second();
    loop {
        let patience = tray.next_tick(now()).unwrap_or(FOR_EVER);
        match messages.recv_timeout(patience) {
            Ok(message) => tray.handle(message),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        while let Ok(message) = messages.try_recv() {
            tray.handle(message);
        }
        tray.refresh(now());
    }
}

/// From a thread that must not wait for the controller, which may be waiting for it.
fn send(inbox: &SyncSender<Message>, message: Message) {
    if inbox.try_send(message).is_err() {
        tracing::error!("the tray does not keep up; a click was lost");
    }
}
