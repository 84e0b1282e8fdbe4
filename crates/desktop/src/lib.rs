//! Everything of the Holdfast app that needs no window system.
//!
//! The tray, the windows and the popup are three roles of one program, `holdfast-tray`. What they
//! show is made here, as plain values from what the agent told, so that it can be tested without a
//! desktop.

pub mod agent;
pub mod command_line;
pub mod editor;
pub mod favourite;
pub mod icon;
pub mod menu;
pub mod notice;
pub mod page;
pub mod portal;
pub mod standing;
pub mod tray;
pub mod words;
