//! What the windows may ask, one module a page. Commands are thin: they ask the agent and return a
//! page of `holdfast-desktop`.
//!
//! A command is named in four places, which a test compares: its module, the list of its window
//! here, `build.rs`, and the capability of its window.

mod activity;
mod add_profile;
mod clone;
mod discovery;
mod doctor;
mod git_helper;
mod prompt;
mod repositories;
mod sessions;
mod settings;
mod shell;
mod sign_in;

pub(crate) use add_profile::ChosenFile;
pub(crate) use sign_in::Begun;

use holdfast_desktop::page::Trouble;
use tauri::ipc::Invoke;

/// The commands of the main window.
pub(crate) fn main_window() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        shell::shell,
        shell::unlock,
        activity::activity,
        sessions::sessions,
        sessions::renew,
        sessions::sign_out,
        sessions::copy_clone_command,
        sessions::copy_environment,
        sessions::open_console,
        sessions::pin_profile,
        sign_in::start_sign_in,
        sign_in::await_sign_in,
        sign_in::sign_in_under_way,
        sign_in::open_sign_in,
        sign_in::copy_device_code,
        sign_in::cancel_sign_in,
        repositories::repository_places,
        repositories::repositories,
        repositories::create_repository,
        repositories::favour_repository,
        clone::clone_form,
        clone::choose_clone_folder,
        clone::start_clone,
        clone::clone_state,
        clone::cancel_clone,
        clone::open_clone_folder,
        clone::open_clone_editor,
        clone::close_clone,
        settings::settings,
        settings::set_setting,
        settings::set_portal_setting,
        settings::starts_at_login,
        settings::set_start_at_login,
        add_profile::add_profile,
        add_profile::import_keys,
        add_profile::plan_removal,
        add_profile::make_removal,
        add_profile::choose_key_file,
        add_profile::key_in_clipboard,
        add_profile::store_found_key,
        add_profile::delete_key_file,
        add_profile::plan_profile,
        add_profile::make_profile,
        discovery::discovery_start,
        discovery::discover,
        discovery::pause_discovery,
        discovery::discovered,
        discovery::preview_discovery,
        discovery::plan_discovery,
        discovery::make_discovery,
        discovery::plan_discovery_undo,
        discovery::make_discovery_undo,
        git_helper::git_helper,
        git_helper::plan_git_change,
        git_helper::make_git_change,
        doctor::examine,
        doctor::choose_repository,
        doctor::leave_repository,
        doctor::plan_mend,
        doctor::make_mend,
        doctor::copy_advice,
    ]
}

/// The commands of the popup.
pub(crate) fn prompt() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        prompt::prompt,
        prompt::answer_prompt,
        prompt::choose_profile,
        prompt::answer_with_sign_in,
        prompt::lead_to_sign_in,
        prompt::copy_prompt_code,
        prompt::cancel_prompt_sign_in,
        prompt::close_prompt,
        prompt::fit_prompt,
    ]
}

/// Waits for the agent or for files, away from the threads that keep the window alive.
async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let done = tauri::async_runtime::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Trouble::new("Holdfast ran into a fault of its own")))
}
