//! The tray's menu: every entry does what it says.

use crate::world::Office;
use holdfast_aws_sim::blog;
use holdfast_testkit::desktop::{Desktop, MenuEntry, TrayItem, is_alive};
use holdfast_testkit::{wait_for, wait_until};
use serde_json::Value;
use std::fs;

const PROFILE: &str = blog::ROLE_PROFILE;

/// The label of the profile's line, which ends in how it is.
fn line(menu: &MenuEntry, profile: &str) -> Option<String> {
    let start = format!("{profile} · ");
    let mut labels = menu.labels().into_iter();
    labels
        .find(|label| label.starts_with(&start))
        .map(str::to_owned)
}

/// Waits until the profile's line ends so.
fn wait_for_line(item: &TrayItem, profile: &str, ending: &str) {
    let what = format!("{profile} … {ending}");
    item.wait_for_menu(&what, |menu| {
        line(menu, profile).is_some_and(|label| label.ends_with(ending))
    });
}

/// Clicks in the menu of a profile.
fn click(item: &TrayItem, profile: &str, path: &[&str]) {
    let menu = item.wait_for_menu(profile, |menu| line(menu, profile).is_some());
    let line = line(&menu, profile).unwrap();
    let path: Vec<&str> = std::iter::once(line.as_str())
        .chain(path.iter().copied())
        .collect();
    item.click(&path);
}

/// Waits until the menu begins so.
fn wait_for_summary(item: &TrayItem, start: &str) {
    item.wait_for_menu(start, |menu| {
        menu.labels()
            .first()
            .is_some_and(|label| label.starts_with(start))
    });
}

fn clipboard(desktop: &Desktop) -> String {
    let mut xclip = desktop.command("xclip");
    let output = xclip.args(["-selection", "clipboard", "-o"]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

fn states(status: &Value) -> Vec<String> {
    let sessions = status["sessions"].as_array().cloned().unwrap_or_default();
    let state = |session: &Value| session["state"].as_str().unwrap_or_default().to_owned();
    sessions.iter().map(state).collect()
}

#[test]
fn profiles_are_signed_out_and_the_agent_locked_and_unlocked() {
    let office = Office::new();
    office.world.login().ok();
    let tray = office.tray();
    wait_for_line(&tray.item, PROFILE, "renews itself");
    wait_for_summary(&tray.item, "2 live. Next sign-in by ");

    tray.item.click(&["Lock"]);
    wait_for_summary(&tray.item, "Locked");
    assert_eq!(office.world.status()["locked"], true);
    tray.item.click(&["Unlock"]);
    wait_for_summary(&tray.item, "2 live");

    click(&tray.item, PROFILE, &["Sign out"]);
    wait_for_line(&tray.item, PROFILE, "signed out");
    assert!(!states(&office.world.status()).contains(&"valid".to_owned()));
}

#[test]
fn renewing_asks_aws_and_nobody_else() {
    let office = Office::new();
    office.world.login().ok();
    let tray = office.tray();
    wait_for_line(&tray.item, PROFILE, "renews itself");
    let before = office.world.count("AssumeRole");
    click(&tray.item, PROFILE, &["Renew now"]);
    wait_until("the role was assumed again", || {
        office.world.count("AssumeRole") > before
    });
    assert_eq!(office.world.count("GetSessionToken"), 1);
}

#[test]
fn a_code_is_asked_for_in_one_popup() {
    let office = Office::new();
    let tray = office.tray();
    click(&tray.item, PROFILE, &["Enter MFA code…"]);
    let popup = office.desktop.wait_for_window("Enter MFA code");
    wait_for_line(&tray.item, PROFILE, "needs you");
    click(&tray.item, PROFILE, &["Enter MFA code…"]);
    assert_eq!(office.desktop.windows("Enter MFA code").len(), 1);
    office.desktop.close_window(&popup);
    office.desktop.wait_for_no_window("Enter MFA code");
    wait_for_line(&tray.item, PROFILE, "signed out");
}

#[test]
fn commands_land_on_the_clipboard() {
    let office = Office::new();
    office.world.git_setup();
    office.world.login().ok();
    office.world.ls_remote().ok();
    let notifications = office.desktop.notifications();
    let tray = office.tray();

    click(&tray.item, PROFILE, &["Copy environment"]);
    notifications
        .wait_for_summary("Copied the command for the environment of MyRepositoryContributor");
    let expect = format!("eval \"$(holdfast env {PROFILE})\"");
    assert_eq!(clipboard(&office.desktop), expect);

    let repository = format!("{} · {}", blog::REPOSITORY, blog::REGION);
    click(&tray.item, PROFILE, &["Copy clone command", &repository]);
    notifications.wait_for_summary("Copied the clone command of myRepository");
    let expect = format!(
        "git clone codecommit::{}://{PROFILE}@{}",
        blog::REGION,
        blog::REPOSITORY
    );
    assert_eq!(clipboard(&office.desktop), expect);
}

#[test]
fn the_command_of_a_favourite_has_the_host_that_its_profile_asks_for() {
    let office = Office::new();
    let profile = format!(
        "\n[profile fips]\nrole_arn = {}\nsource_profile = {}\nregion = {}\nuse_fips_endpoint = true\n",
        blog::ROLE_ARN,
        blog::KEY_PROFILE,
        blog::REGION,
    );
    office.world.append(".aws/config", &profile);
    let text = format!(
        "[app]\nclone-style = \"https\"\nfavourites = [\"codecommit::{}://fips@web\"]\n",
        blog::REGION
    );
    office
        .world
        .home
        .write(".config/holdfast/config.toml", text);
    let notifications = office.desktop.notifications();
    let tray = office.tray();
    let favourite = format!("web · {} · fips", blog::REGION);
    tray.item.wait_for_menu("the favourite", |menu| {
        menu.find(&["Copy clone command", &favourite]).is_some()
    });
    tray.item.click(&["Copy clone command", &favourite]);
    notifications.wait_for_summary("Copied the clone command of web");
    let url = "https://git-codecommit-fips.us-east-1.amazonaws.com/v1/repos/web";
    let copied = clipboard(&office.desktop);
    assert!(copied.ends_with(url), "{copied}");
}

#[test]
fn pages_open_in_one_window_that_leaves_nothing_behind() {
    let office = Office::new();
    let mut tray = office.tray();
    for page in [
        "Activity…",
        "Settings…",
        "Add profile…",
        "Git helper…",
        "Doctor…",
        "Sessions…",
    ] {
        tray.item.click(&[page]);
        office.desktop.wait_for_window("Holdfast");
    }
    click(
        &tray.item,
        PROFILE,
        &["Copy clone command", "All repositories…"],
    );
    assert_eq!(office.desktop.windows("Holdfast").len(), 1);
    let window = office.desktop.wait_for_window("Holdfast");
    let own = tray.app.id();
    let family = tray.app.family().pids().into_iter();
    let children: Vec<u32> = family
        .filter(|pid| *pid != own && !is_agent(*pid))
        .collect();
    assert!(!children.is_empty());
    office.desktop.close_window(&window);
    wait_until("everything of the window has ended", || {
        !children.iter().any(|pid| is_alive(*pid))
    });
    tray.item.click(&["Sessions…"]);
    office.desktop.wait_for_window("Holdfast");
}

/// The tray starts it, and it outlives every window.
fn is_agent(pid: u32) -> bool {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.trim() == "holdfast-agent"
}

#[test]
fn quitting_ends_the_windows_and_not_the_agent() {
    let office = Office::new();
    let tray = office.tray();
    tray.item.click(&["Sessions…"]);
    office.desktop.wait_for_window("Holdfast");
    tray.item.click(&["Quit"]);
    office.desktop.wait_for_no_window("Holdfast");
    wait_until("the tray has ended", || !is_alive(tray.app.id()));
    assert!(office.world.agent_pid().is_some());
}

#[test]
fn pinned_profiles_stay_pinned() {
    let office = Office::new();
    let tray = office.tray();
    click(&tray.item, PROFILE, &["Pin"]);
    let settings = office.world.path(".config/holdfast/config.toml");
    let pinned = || {
        fs::read_to_string(&settings)
            .unwrap_or_default()
            .contains(PROFILE)
    };
    wait_until("it stands in the settings", pinned);
    click(&tray.item, PROFILE, &["Unpin"]);
    wait_until("it stands there no longer", || !pinned());
}

#[test]
fn the_icon_changes_with_the_state() {
    let office = Office::new();
    office.world.login().ok();
    let tray = office.tray();
    wait_for_summary(&tray.item, "2 live");
    let drawing = || wait_for("the icon's file", || fs::read(tray.item.icon().name).ok());
    let live = drawing();
    tray.item.click(&["Lock"]);
    wait_until("another icon", || drawing() != live);
    let locked = drawing();
    tray.item.click(&["Unlock"]);
    wait_until("the icon of before", || drawing() == live);
    tray.item.click(&["Lock"]);
    wait_until("the icon of a locked agent", || drawing() == locked);
}
