//! Prepares what `tauri::generate_context!` embeds, and makes a permission for every command, so
//! that each window's capability file names exactly what that window may ask.

use std::path::Path;

/// Every command of every window.
const COMMANDS: &[&str] = &[
    // The frame of the main window
    "shell",
    "unlock",
    // Activity
    "activity",
    // Sessions
    "sessions",
    "renew",
    "sign_out",
    "copy_clone_command",
    "copy_environment",
    "open_console",
    "pin_profile",
    // Signing in with the browser
    "start_sign_in",
    "await_sign_in",
    "sign_in_under_way",
    "open_sign_in",
    "copy_device_code",
    "cancel_sign_in",
    // Repositories
    "repository_places",
    "repositories",
    "create_repository",
    "favour_repository",
    // Cloning
    "clone_form",
    "choose_clone_folder",
    "start_clone",
    "clone_state",
    "cancel_clone",
    "open_clone_folder",
    "open_clone_editor",
    "close_clone",
    // Settings
    "settings",
    "set_setting",
    "set_portal_setting",
    "starts_at_login",
    "set_start_at_login",
    // Add profile
    "add_profile",
    "import_keys",
    "plan_removal",
    "make_removal",
    "choose_key_file",
    "key_in_clipboard",
    "store_found_key",
    "delete_key_file",
    "plan_profile",
    "make_profile",
    // Accounts and roles of a portal
    "discovery_start",
    "discover",
    "pause_discovery",
    "discovered",
    "preview_discovery",
    "plan_discovery",
    "make_discovery",
    "plan_discovery_undo",
    "make_discovery_undo",
    // Git helper
    "git_helper",
    "plan_git_change",
    "make_git_change",
    // Doctor
    "examine",
    "choose_repository",
    "leave_repository",
    "plan_mend",
    "make_mend",
    "copy_advice",
    // The popup
    "prompt",
    "answer_prompt",
    "choose_profile",
    "answer_with_sign_in",
    "lead_to_sign_in",
    "copy_prompt_code",
    "cancel_prompt_sign_in",
    "close_prompt",
    "fit_prompt",
];

fn main() {
    println!("cargo::rerun-if-changed=../ui/dist");
    if !Path::new("../ui/dist/index.html").exists() {
        println!("cargo::error=ui/dist is missing: run `cargo xtask ui` first");
        return;
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
