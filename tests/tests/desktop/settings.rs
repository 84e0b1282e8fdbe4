//! *Settings* in a real window, and the file that they are in.

use crate::world::{Office, OpenWindow};
use std::fs;
use std::path::PathBuf;

const FILE: &str = "# mine\n[sessions]\nnotice-minutes = [30] # early\n\n[app]\n# as the desktop is\ntheme = \"system\"\n";

/// The person comes back to the window from the editor.
const COME_BACK: &str = "window.dispatchEvent(new Event('focus'))";

fn with(text: &str) -> (Office, PathBuf) {
    let office = Office::new();
    office
        .world
        .home
        .write(".config/holdfast/config.toml", text);
    let file = office.world.path(".config/holdfast/config.toml");
    (office, file)
}

fn open(office: &Office) -> OpenWindow {
    let window = office.window("settings");
    window.page.wait_for_text("main", "Certificate authorities");
    window
}

/// Chooses as a person does, and lets the page know.
fn choose(window: &OpenWindow, label: &str, value: &str) {
    let field = window.page.field(label);
    let id = field.attribute("id").unwrap();
    let script = "const field = document.getElementById(arguments[0]);
        field.value = arguments[1];
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    window.page.execute(script, &[id.into(), value.into()]);
    window.page.wait_for_text("header", "Saved.");
}

#[test]
fn the_theme_is_saved_and_seen_at_once_and_comments_stay() {
    let (office, file) = with(FILE);
    let window = open(&office);
    choose(&window, "Theme", "dark");
    window
        .page
        .wait_until("document.documentElement.dataset.theme === 'dark'");
    window
        .page
        .wait_until("getComputedStyle(document.body).backgroundColor === 'rgb(16, 21, 19)'");
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        FILE.replace("\"system\"", "\"dark\"")
    );
}

#[test]
fn a_number_that_does_not_do_is_said_beside_its_field() {
    let (office, file) = with(FILE);
    let window = open(&office);
    let field = window.page.field("Tell me before a session ends");
    field.clear();
    field.type_keys(&format!(
        "soon{}",
        holdfast_testkit::desktop::Element::ENTER
    ));
    window
        .page
        .wait_for_text("main", "whole numbers from 1 to 720");
    assert_eq!(fs::read_to_string(&file).unwrap(), FILE);
    field.clear();
    field.type_keys(&format!(
        "20, 10{}",
        holdfast_testkit::desktop::Element::ENTER
    ));
    window.page.wait_for_text("header", "Saved.");
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        FILE.replace("[30]", "[20, 10]")
    );
}

#[test]
fn a_file_changed_by_hand_is_read_again_and_a_broken_one_is_left_alone() {
    let (office, file) = with(FILE);
    let window = open(&office);
    fs::write(&file, FILE.replace("system", "light")).unwrap();
    window.page.execute(COME_BACK, &[]);
    window
        .page
        .wait_for_text("main", "The file was changed by another program.");
    window
        .page
        .wait_until("document.documentElement.dataset.theme === 'light'");

    let broken = format!("{FILE}colour = 1\n");
    fs::write(&file, &broken).unwrap();
    window.page.execute(COME_BACK, &[]);
    window.page.wait_for_text("body", "(line 8)");
    window
        .page
        .wait_until("document.querySelector('main select').disabled");
    assert_eq!(fs::read_to_string(&file).unwrap(), broken);
}

#[test]
fn starting_with_the_desktop_is_written_for_the_desktop() {
    let (office, _) = with("");
    let window = open(&office);
    let entry = office
        .world
        .path(".config/autostart/dev.holdfast.tray.desktop");
    assert!(!entry.exists());
    let field = window.page.field("Start with the desktop");
    field.click();
    holdfast_testkit::wait_until("the entry is there", || entry.exists());
    window
        .page
        .wait_until("document.querySelector('input[type=checkbox]').checked");
    window
        .page
        .wait_until("!document.querySelector('input[type=checkbox]').disabled");
    field.click();
    holdfast_testkit::wait_until("the entry is gone", || !entry.exists());
}
