//! *Sessions* in a real window: states, what its buttons do, and what happens around it while it is open.

use crate::world::{Office, OpenWindow};
use holdfast_aws_sim::blog;
use holdfast_testkit::desktop::Element;
use holdfast_testkit::wait_until;
use std::fs;

/// Keeps what the frame says, so that a message that is soon gone is still found.
const RECORD: &str = "
    window.said = '';
    new MutationObserver(() => { window.said += document.body.innerText; })
        .observe(document.body, { subtree: true, childList: true, characterData: true });
";

/// Types a code into the popup that comes up.
fn answer(office: &Office) {
    let popup = office.desktop.wait_for_window("Enter MFA code");
    wait_until("the popup has the keyboard", || {
        office
            .desktop
            .focused_window()
            .is_some_and(|it| it.id() == popup.id())
    });
    office.desktop.type_text(&office.world.code());
    office.desktop.wait_for_no_window("Enter MFA code");
}

fn open(office: &Office) -> OpenWindow {
    let window = office.window("sessions");
    window.page.wait_for_text("main", blog::ROLE_PROFILE);
    window
}

/// The row of a profile, whether it is in sight or not.
fn row(window: &OpenWindow, profile: &str) -> String {
    let script = "return [...document.querySelectorAll('main li')]
        .filter((row) => row.querySelector('.name').textContent === arguments[0])
        .map((row) => row.textContent)[0] ?? ''";
    let text = window.page.execute(script, &[profile.into()]);
    text.as_str().unwrap_or_default().to_owned()
}

/// The person comes back to the window from the editor.
const COME_BACK: &str = "window.dispatchEvent(new Event('focus'))";

fn wait_for_row(window: &OpenWindow, profile: &str, words: &str) {
    wait_until(&format!("{profile} says {words}"), || {
        row(window, profile).contains(words)
    });
}

#[test]
fn one_code_given_to_the_popup_brings_both_profiles_to_life() {
    let office = Office::new();
    let window = open(&office);
    wait_for_row(&window, blog::ROLE_PROFILE, "Signed out");
    window
        .page
        .button(&format!("Sign in, {}", blog::ROLE_PROFILE))
        .click();
    answer(&office);
    wait_for_row(&window, blog::ROLE_PROFILE, "renews itself");
    wait_for_row(&window, blog::ROLE_PROFILE, "in 2222-3333-4444");
    wait_for_row(&window, blog::KEY_PROFILE, "11 h 59 min left");
    window.page.wait_for_text("main header", "live");

    window.page.button("Sign out all…").click();
    window.page.button("Sign out all").click();
    wait_for_row(&window, blog::ROLE_PROFILE, "Signed out");
    wait_for_row(&window, blog::KEY_PROFILE, "Signed out");
}

#[test]
fn a_session_that_ends_soon_is_renewed_with_a_new_code() {
    let office = Office::new();
    let config = office.world.path(".aws/config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("43200", "900")).unwrap();
    let profile = blog::KEY_PROFILE;
    let code = office.world.code();
    office
        .world
        .holdfast(&["login", profile, "--code", &code])
        .ok();
    let window = open(&office);
    wait_for_row(&window, profile, "14 min left");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("900", "43200")).unwrap();
    window.page.button(&format!("Renew…, {profile}")).click();
    answer(&office);
    wait_for_row(&window, profile, "11 h 59 min left");
}

#[test]
fn everything_is_done_with_the_keyboard() {
    let office = Office::new();
    let code = office.world.code();
    let profile = blog::ROLE_PROFILE;
    office
        .world
        .holdfast(&["login", profile, "--code", &code])
        .ok();
    let window = open(&office);
    wait_for_row(&window, profile, "renews itself");
    window.page.press("/");
    window.page.press("contributor");
    window
        .page
        .wait_until("document.querySelectorAll('main li').length === 1");
    window.page.press(ARROW_DOWN);
    window.page.press(Element::TAB);
    window.page.press(Element::ENTER);
    window
        .page
        .wait_until("document.activeElement.role === 'menuitem'");
    window.page.press(END);
    window
        .page
        .wait_until("document.activeElement.innerText === 'Sign out'");
    window.page.press(Element::ENTER);
    wait_for_row(&window, profile, "Signed out");
}

const ARROW_DOWN: &str = "\u{e015}";
const END: &str = "\u{e010}";

#[test]
fn the_aws_files_change_under_the_open_window() {
    let office = Office::new();
    let window = open(&office);
    office.world.append(
        ".aws/config",
        "\n[profile extra]\nmfa_serial = arn:aws:iam::111122223333:mfa/x\nsource_profile = FetchMfaCredentials\nrole_arn = arn:aws:iam::222233334444:role/Extra\n\n[profile loop]\nrole_arn = arn:aws:iam::222233334444:role/Loop\nsource_profile = nobody\n",
    );
    window.page.execute(COME_BACK, &[]);
    wait_for_row(&window, "extra", "Extra");
    wait_for_row(&window, "loop", "nobody");
    wait_for_row(&window, "loop", "config, line");
}

#[test]
fn names_are_shown_and_not_run() {
    let office = Office::new();
    let names = [
        "<img src=x onerror=document.title=1>".to_owned(),
        "שלום".to_owned(),
        "🐙🐙🐙".to_owned(),
        "x".repeat(200),
    ];
    for name in &names {
        let section = format!(
            "\n[profile {name}]\nrole_arn = arn:aws:iam::222233334444:role/R\nsource_profile = FetchMfaCredentials\n"
        );
        office.world.append(".aws/config", &section);
    }
    let window = open(&office);
    for name in &names {
        wait_for_row(&window, name, name);
    }
    assert_eq!(
        window.page.execute("return document.title", &[]),
        serde_json::json!("Holdfast")
    );
    assert!(window.page.all("main img").is_empty());
    assert_fits(&window);
}

#[test]
fn the_agent_is_killed_and_comes_back() {
    let office = Office::new();
    let window = open(&office);
    window.page.execute(RECORD, &[]);
    office.world.kill_agent();
    window
        .page
        .wait_until("window.said.includes('The Holdfast agent cannot be reached.')");
    window
        .page
        .wait_until("!document.body.innerText.includes('cannot be reached')");
    wait_for_row(&window, blog::ROLE_PROFILE, "Signed out");
    assert!(office.world.agent_pid().is_some());
}

#[test]
fn a_locked_agent_is_unlocked_from_the_banner() {
    let office = Office::new();
    let window = open(&office);
    office.world.holdfast(&["lock"]).ok();
    window.page.wait_for_text("body", "Holdfast is locked.");
    window.page.button("Unlock").click();
    window
        .page
        .wait_until("!document.body.innerText.includes('Holdfast is locked')");
}

#[test]
fn nothing_is_wider_than_a_narrow_window() {
    let office = Office::new();
    let window = open(&office);
    window.page.resize(360, 640);
    assert_fits(&window);
}

fn assert_fits(window: &OpenWindow) {
    window.page.wait_until(
        "document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth",
    );
    window
        .page
        .wait_until("document.documentElement.scrollWidth <= window.innerWidth");
}
