//! Several profiles fit a repository: git waits for the popup, and what was chosen is remembered.

use crate::world::Office;
use holdfast_aws_sim::blog;
use holdfast_tests::process::{Started, start};
use std::process::Stdio;

/// Title of the popup's window.
const POPUP: &str = "Choose a profile";

/// A second profile of the same Region, with the same session behind it.
const OTHER: &str = "other";

/// A desk at which somebody has signed in, with two profiles for the repository.
fn office() -> Office {
    let office = signed_out();
    office.world.login().ok();
    office
}

/// The same before anybody has signed in.
fn signed_out() -> Office {
    let office = Office::new();
    let text = format!(
        "\n[profile {OTHER}]\nrole_arn = {}\nsource_profile = {}\nmfa_serial = {}\nregion = {}\n",
        blog::ROLE_ARN,
        blog::KEY_PROFILE,
        blog::MFA_SERIAL,
        blog::REGION,
    );
    office.world.append(".aws/config", &text);
    office.world.git_setup();
    office
}

fn clone(office: &Office, folder: &str) -> Started {
    let line = format!("git clone --quiet {} {folder}", blog::CLONE_URL);
    start(office.world.on_terminal(&line).stdin(Stdio::null()))
}

#[test]
fn a_clone_goes_on_with_the_profile_that_is_chosen() {
    let office = office();
    let tray = office.tray();
    tray.item
        .wait_for_menu("the app knows the profiles", |menu| {
            let mut labels = menu.labels().into_iter();
            labels.any(|label| label.starts_with(OTHER))
        });
    let first = clone(&office, "work");
    let page = tray.app.window();
    office.desktop.wait_for_window(POPUP);
    page.wait_for_text("h1", "git clone needs a profile");
    page.wait_for_text("form", blog::REPOSITORY);
    page.wait_for_text("form", blog::REGION);
    page.wait_for_text("form", blog::ROLE_PROFILE);
    page.wait_for_text("form", "2222-3333-4444");
    page.wait_until("document.querySelector('input[type=checkbox]').checked");
    page.wait_until("document.activeElement.value === 'MyRepositoryContributor'");
    office.desktop.key("Down");
    page.wait_until("document.querySelector('input:checked').value === 'other'");
    drop(page);
    office.desktop.key("Return");
    first.end().ok();
    office.desktop.wait_for_no_window(POPUP);

    // It is remembered: the second asks nobody.
    clone(&office, "again").end().ok();
    let used = office
        .world
        .holdfast(&["git", "use", "--url", blog::CLONE_URL]);
    used.ok().says(&["profile other, remembered"]);
}

#[test]
fn the_code_that_a_chosen_profile_needs_is_asked_for_in_the_same_window() {
    let office = signed_out();
    let tray = office.tray();
    tray.item
        .wait_for_menu("the app knows the profiles", |menu| {
            let mut labels = menu.labels().into_iter();
            labels.any(|label| label.starts_with(OTHER))
        });
    let clone = clone(&office, "work");
    // One session with the page, which lives as long as its window does.
    let page = tray.app.window();
    office.desktop.wait_for_window(POPUP);
    page.wait_for_text("h1", "git clone needs a profile");
    office.desktop.key("Return");
    page.wait_for_text("h1", "git clone needs your MFA code");
    page.wait_for_text("dl", blog::ROLE_PROFILE);
    page.wait_until("document.activeElement === document.querySelector('form input')");
    office.desktop.wait_for_window("Enter MFA code");
    drop(page);
    office.desktop.type_text(&office.world.code());
    clone.end().ok();
    office.desktop.wait_for_no_window("Enter MFA code");
    assert_eq!(office.world.count("GetSessionToken"), 1);
}

#[test]
fn esc_declines_and_is_remembered() {
    let office = office();
    let tray = office.tray();
    tray.item
        .wait_for_menu("the app knows the profiles", |menu| {
            let mut labels = menu.labels().into_iter();
            labels.any(|label| label.starts_with(OTHER))
        });
    let first = clone(&office, "work");
    let page = tray.app.window();
    office.desktop.wait_for_window(POPUP);
    page.wait_for_text("h1", "git clone needs a profile");
    drop(page);
    office.desktop.key("Escape");
    first
        .end()
        .failed()
        .says(&["was declined", "holdfast git use PROFILE"]);
    clone(&office, "again")
        .end()
        .failed()
        .says(&["was declined"]);
}
