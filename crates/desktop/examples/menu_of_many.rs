//! Builds the tray's menu from a thousand profiles and says what that takes, for `cargo xtask bench`.

#![expect(clippy::print_stdout, reason = "the measurement is read from there")]

use holdfast_agent_proto::view::{ProfileView, SessionState, SessionView, SignInKind, StatusView};
use holdfast_desktop::favourite::Favourite;
use holdfast_desktop::menu::{Entry, State, build};
use holdfast_desktop::standing::Link;
use jiff::tz::TimeZone;
use std::time::Instant;

const PROFILES: usize = 1_000;
const ROUNDS: usize = 101;
const NOW: i64 = 1_795_168_800;

fn main() {
    let names: Vec<String> = (0..PROFILES)
        .map(|number| format!("profile-{number:04}"))
        .collect();
    let profiles: Vec<ProfileView> = names.iter().map(|name| profile(name)).collect();
    let status = StatusView {
        online: Some(true),
        sessions: names.iter().map(|name| session(name)).collect(),
        ..StatusView::default()
    };
    let favourites: Vec<Favourite> = (0..PROFILES)
        .filter_map(|number| Favourite::parse(&format!("codecommit::eu-west-1://dev@r{number}")))
        .collect();
    let state = State {
        link: &Link::Connected,
        status: &status,
        profiles: &profiles,
        profiles_known: true,
        portals: &[],
        pinned: &names,
        favourites: &favourites,
        now: NOW,
        zone: &TimeZone::UTC,
    };
    let mut times = Vec::new();
    let mut longest = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let menu = build(&state);
        times.push(start.elapsed());
        longest = most_entries(&menu.entries);
    }
    times.sort();
    let median = times[ROUNDS / 2].as_secs_f64();
    println!("{{\"seconds\": {median}, \"entries\": {longest}}}");
}

fn profile(name: &str) -> ProfileView {
    ProfileView {
        name: name.to_owned(),
        sessions: vec![name.to_owned()],
        sign_in: SignInKind::Mfa,
        ..ProfileView::default()
    }
}

fn session(name: &str) -> SessionView {
    SessionView {
        id: name.to_owned(),
        state: SessionState::Valid,
        expires_at: Some(NOW + 3_000),
        needs_person_at: Some(NOW + 40_000),
        renews_itself: true,
        profiles: vec![name.to_owned()],
        ..SessionView::default()
    }
}

/// Entries of the longest menu that a person sees at once.
fn most_entries(entries: &[Entry]) -> usize {
    let below = entries.iter().map(|entry| match entry {
        Entry::Submenu { entries, .. } => most_entries(entries),
        Entry::Item(_) | Entry::Separator => 0,
    });
    below.max().unwrap_or(0).max(entries.len())
}
