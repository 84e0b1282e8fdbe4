//! The app on a real desktop: tray, popup, windows and notifications against a simulated AWS.
//!
//! Start with [`world::Office`]. What a person does on a desktop, [`holdfast_testkit::desktop`] does.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot do its part has failed"
)]

mod setup;
mod world;

mod activity;
mod add_profile;
mod app;
mod choice;
mod clone;
mod discovery;
mod doctor;
mod frame;
mod git_helper;
mod life;
mod notices;
mod popup;
mod popup_agent;
mod repositories;
mod sessions;
mod settings;
mod sign_in;
mod tray;
