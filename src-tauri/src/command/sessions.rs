//! *Sessions*.

use super::waiting;
use crate::clipboard::Clipboard;
use crate::console;
use crate::settings_file::SettingsPath;
use crate::window::Watch;
use holdfast_agent_proto::Request;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::command_line::{self, UserShell};
use holdfast_desktop::page::sessions::{SessionsPage, State as Told};
use holdfast_desktop::page::{Trouble, settings};
use holdfast_settings::Settings;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tauri::State;

/// How long a person may take for a code, in seconds.
const PATIENCE: u32 = 600;

/// Every profile with its sessions.
#[tauri::command]
pub(crate) async fn sessions(
    agent: State<'_, Agent>,
    watch: State<'_, Watch>,
    file: State<'_, SettingsPath>,
) -> Result<SessionsPage, Trouble> {
    let (agent, watch, file) = (
        agent.inner().clone(),
        watch.inner().clone(),
        file.inner().clone(),
    );
    waiting(move || {
        let profiles = agent.profiles()?;
        let status = watch.status(&agent)?;
        // Settings that cannot be used are told on the page about them, and in the frame.
        let settings = Settings::load(file.file()).unwrap_or_default();
        Ok(SessionsPage::new(&Told {
            status: &status,
            profiles: &profiles,
            portals: &agent.portals()?,
            device_code: settings.sso.device_code,
            pinned: &settings.app.pinned,
            now: Timestamp::now().as_second(),
            zone: &TimeZone::system(),
        }))
    })
    .await
}

/// Renews, and asks for a code where one is needed or wanted. Ends when the person has answered.
#[tauri::command]
pub(crate) async fn renew(
    agent: State<'_, Agent>,
    profile: String,
    with_code: bool,
) -> Result<(), Trouble> {
    tell(agent, move || Request::Renew {
        profile: profile.clone(),
        with_code,
        wait_seconds: PATIENCE,
    })
    .await
}

/// Ends the sessions of a profile, or all.
#[tauri::command]
pub(crate) async fn sign_out(
    agent: State<'_, Agent>,
    profile: Option<String>,
) -> Result<(), Trouble> {
    tell(agent, move || Request::Logout {
        profile: profile.clone(),
    })
    .await
}

/// Copies the command that clones a repository.
#[tauri::command]
pub(crate) async fn copy_clone_command(
    file: State<'_, SettingsPath>,
    clipboard: State<'_, Clipboard>,
    profile: String,
    host: String,
    repository: String,
) -> Result<(), Trouble> {
    let (file, clipboard) = (file.inner().clone(), clipboard.inner().clone());
    waiting(move || {
        let style = Settings::load(file.file())
            .unwrap_or_default()
            .app
            .clone_style;
        let shell = UserShell::of_environment();
        clipboard.put(command_line::clone(
            &profile,
            &host,
            &repository,
            style,
            shell,
        )?)
    })
    .await
}

/// Copies the command that gives a shell the profile's credentials.
#[tauri::command]
pub(crate) async fn copy_environment(
    clipboard: State<'_, Clipboard>,
    profile: String,
) -> Result<(), Trouble> {
    let clipboard = clipboard.inner().clone();
    waiting(move || {
        let shell = UserShell::of_environment();
        clipboard.put(command_line::environment(&profile, shell)?)
    })
    .await
}

/// Opens the AWS console in the browser, at its home or at another page.
#[tauri::command]
pub(crate) async fn open_console(
    agent: State<'_, Agent>,
    profile: String,
    destination: Option<String>,
) -> Result<(), Trouble> {
    let agent = agent.inner().clone();
    waiting(move || {
        let redirect = console::open(&agent, &profile, destination.as_deref())?;
        // The browser may take its time; the person need not wait for it.
        std::thread::spawn(move || redirect.wait());
        Ok(())
    })
    .await
}

/// Pins a profile in the tray's menu, or no longer.
#[tauri::command]
pub(crate) async fn pin_profile(
    agent: State<'_, Agent>,
    file: State<'_, SettingsPath>,
    profile: String,
    pinned: bool,
) -> Result<(), Trouble> {
    let (agent, file) = (agent.inner().clone(), file.inner().clone());
    waiting(move || {
        settings::pin(file.file(), &profile, pinned)?;
        // Without an agent there is nobody to tell.
        let _ = agent.ask(|| Request::ReloadSettings);
        Ok(())
    })
    .await
}

async fn tell(
    agent: State<'_, Agent>,
    request: impl Fn() -> Request + Send + 'static,
) -> Result<(), Trouble> {
    let agent = agent.inner().clone();
    waiting(move || {
        agent.ask(request)?;
        Ok(())
    })
    .await
}
