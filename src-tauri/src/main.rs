//! `holdfast-tray`: the Holdfast app.
//!
//! One program in three roles. The tray process lives as long as the person is logged in and never
//! makes a webview; the main window and the MFA popup are short-lived processes of the same program,
//! so that nothing of WebKit stays in memory when they are closed.

#![cfg_attr(windows, windows_subsystem = "windows")]

mod autostart;
mod clipboard;
mod command;
mod console;
mod file_dialog;
mod notification;
mod role;
mod settings_file;
mod sign_in;
mod tray;
mod window;

use role::Role;
use std::process::ExitCode;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::WARN)
        .init();
    let role = match Role::from_arguments(std::env::args_os().skip(1)) {
        Ok(role) => role,
        Err(error) => {
            tracing::error!("{error}");
            return ExitCode::from(2);
        }
    };
    let ended = match role {
        Role::Tray { at_login } => tray::run(at_login),
        Role::Window {
            destination,
            attached,
        } => window::main_window(&destination, attached),
        Role::Prompt { attached } => window::prompt(attached),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
