//! The MFA popup: a program waits, the person types a code, the program goes on.

use crate::world::{Office, Tray};
use holdfast_aws_sim::{Fault, Rule, blog};
use holdfast_testkit::desktop::{Window, descendants};
use holdfast_testkit::{Sentinels, wait_for, wait_until};
use holdfast_tests::process::{Started, start};
use rustix::process::{Pid, Signal, kill_process};
use std::process::Stdio;
use std::time::Duration;

/// Title of the popup's window.
const POPUP: &str = "Enter MFA code";

/// Its one field.
const FIELD: &str = "Six-digit MFA code";

/// A person at a terminal clones the repository.
fn clone(office: &Office, folder: &str) -> Started {
    let line = format!("git clone --quiet {} {folder}", blog::CLONE_URL);
    start(office.world.on_terminal(&line).stdin(Stdio::null()))
}

/// A desk with the app in the tray, and git set up.
fn desk() -> (Office, Tray) {
    let office = Office::new();
    office.world.git_setup();
    let tray = office.tray();
    // Who asks before the app has told the agent that it can ask people is sent to a terminal.
    tray.item
        .wait_for_menu("the app knows the profiles", |menu| {
            let mut labels = menu.labels().into_iter();
            labels.any(|label| label.starts_with(blog::ROLE_PROFILE))
        });
    (office, tray)
}

/// The popup, with the keyboard in it.
fn popup(office: &Office) -> Window {
    let window = office.desktop.wait_for_window(POPUP);
    wait_until("the popup has the keyboard", || {
        office.desktop.focused_window().as_ref() == Some(&window)
    });
    window
}

/// Process of the popup.
fn process(tray: &Tray) -> u32 {
    wait_for("the popup's process", || {
        let pids = descendants(tray.app.id());
        pids.into_iter().find(|pid| {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.split(|byte| *byte == 0)
                .any(|word| word == b"--prompt")
        })
    })
}

#[test]
fn a_clone_waits_for_the_code_and_goes_on() {
    let (office, _tray) = desk();
    let clone = clone(&office, "work");
    popup(&office);
    // At once, as somebody does who knows the code: the window that has just come has the keyboard.
    office.desktop.type_text(&office.world.code());
    clone.end().ok();
    office.desktop.wait_for_no_window(POPUP);
    assert!(office.world.path("work/.git").is_dir());
    assert_eq!(office.world.count("GetSessionToken"), 1);
}

#[test]
fn it_says_who_asks_for_what() {
    let (office, tray) = desk();
    let first = clone(&office, "first");
    let page = tray.app.window();
    page.wait_for_text("h1", "git clone needs your MFA code");
    page.wait_for_text("dl", "1111-2222-3333");
    page.wait_for_text("dl", blog::ROLE_PROFILE);
    let chosen = "document.querySelector('select').selectedOptions[0].textContent";
    page.wait_until(&format!("{chosen}.startsWith('12 hours, until ')"));
    assert!(page.field(FIELD).is_enabled());
    let second = clone(&office, "second");
    page.wait_for_text("#whence", "1 more waits");
    assert_eq!(office.desktop.windows(POPUP).len(), 1);
    drop(page);
    office.desktop.type_text(&office.world.code());
    first.end().ok();
    second.end().ok();
    office.desktop.wait_for_no_window(POPUP);
    assert_eq!(office.world.count("GetSessionToken"), 1);
}

#[test]
fn escape_declines_for_some_minutes() {
    let (office, _tray) = desk();
    let first = clone(&office, "first");
    popup(&office);
    office.desktop.key("Escape");
    let refused = first.end().failed().says(&["was declined"]);
    let refused = refused.never_says(&["Username"]);
    assert_eq!(refused.out.matches("holdfast: ").count(), 1, "{refused}");
    office.desktop.wait_for_no_window(POPUP);
    clone(&office, "second")
        .end()
        .failed()
        .says(&["was declined"]);
    assert!(office.desktop.windows(POPUP).is_empty());
    assert_eq!(office.world.count("GetSessionToken"), 0);
}

#[test]
fn closing_the_window_declines() {
    let (office, _tray) = desk();
    let clone = clone(&office, "work");
    let window = popup(&office);
    office.desktop.close_window(&window);
    clone.end().failed().says(&["was declined"]);
    office.desktop.wait_for_no_window(POPUP);
}

#[test]
fn a_wrong_code_is_followed_by_the_right_one() {
    let (office, tray) = desk();
    let clone = clone(&office, "work");
    let page = tray.app.window();
    popup(&office);
    let wrong = office.world.sim.wrong_code(blog::MFA_SERIAL).unwrap();
    office.desktop.type_text(&wrong);
    page.wait_for_text("#message", "That code was not right.");
    page.wait_until("document.querySelector('input').value === ''");
    drop(page);
    office.desktop.type_text(&office.world.code());
    clone.end().ok();
    office.desktop.wait_for_no_window(POPUP);
}

#[test]
fn a_code_that_aws_has_seen_is_kept_and_not_sent_again() {
    let (office, tray) = desk();
    let seen = office.world.code();
    let login = ["login", blog::ROLE_PROFILE, "--code", &seen];
    office.world.holdfast(&login).ok();
    office.world.holdfast(&["logout", "--all"]).ok();
    let clone = clone(&office, "work");
    let page = tray.app.window();
    popup(&office);
    office.desktop.type_text(&seen);
    page.wait_for_text("#message", "AWS has seen that code already.");
    let value = page.execute("return document.querySelector('input').value", &[]);
    assert_eq!(value, seen);
    drop(page);
    // All of it is selected, so the next code is simply typed.
    office.desktop.type_text(&office.world.code());
    clone.end().ok();
    assert_eq!(office.world.count("GetSessionToken"), 2);
}

#[test]
fn a_slow_aws_is_told_and_can_be_given_up() {
    let (office, tray) = desk();
    let slow = Rule::new(Fault::delay(Duration::from_secs(60))).operation("GetSessionToken");
    office.world.sim.faults().add(slow);
    let clone = clone(&office, "work");
    let page = tray.app.window();
    popup(&office);
    office.desktop.type_text(&office.world.code());
    page.wait_for_text("#message", "Checking with AWS…");
    drop(page);
    office.desktop.key("Escape");
    clone.end().failed().says(&["was declined"]);
    office.desktop.wait_for_no_window(POPUP);
}

#[test]
fn without_a_network_the_code_stays_and_is_sent_again() {
    let (office, tray) = desk();
    office.world.sim.faults().offline();
    let clone = clone(&office, "work");
    let page = tray.app.window();
    popup(&office);
    let code = office.world.code();
    office.desktop.type_text(&code);
    page.wait_for_text("#message", "AWS cannot be reached. Your sessions are kept.");
    let value = page.execute("return document.querySelector('input').value", &[]);
    assert_eq!(value, code);
    page.wait_until("document.hasFocus() && document.activeElement.tagName === 'INPUT'");
    drop(page);
    office.world.sim.faults().clear();
    office.desktop.key("Return");
    clone.end().ok();
}

#[test]
fn a_program_in_the_background_notifies_first() {
    let (office, _tray) = desk();
    let notifications = office.desktop.notifications();
    let clone = office.clone_repository("work");
    let told = notifications.wait_for_summary("git clone");
    assert!(office.desktop.windows(POPUP).is_empty());
    notifications.click(&told, "Enter code…");
    popup(&office);
    office.desktop.type_text(&office.world.code());
    clone.end().ok();
}

#[test]
fn a_popup_that_is_killed_costs_nothing() {
    let (office, tray) = desk();
    let clone = clone(&office, "work");
    popup(&office);
    let killed = process(&tray);
    kill_process(Pid::from_raw(killed.cast_signed()).unwrap(), Signal::KILL).unwrap();
    wait_until("another popup", || process(&tray) != killed);
    office.desktop.wait_for_no_window(POPUP);
    popup(&office);
    office.desktop.type_text(&office.world.code());
    clone.end().ok();
}

#[test]
fn no_secret_reaches_it() {
    let (office, tray) = desk();
    let clone = clone(&office, "work");
    let page = tray.app.window();
    popup(&office);
    let wrong = office.world.sim.wrong_code(blog::MFA_SERIAL).unwrap();
    office.desktop.type_text(&wrong);
    page.wait_for_text("#message", "That code was not right.");
    let mut sentinels = Sentinels::new();
    for (what, secret) in office.world.sim.secrets() {
        // Six digits would be found by chance, and the code is what the popup is for.
        if secret.reveal().len() >= 8 {
            sentinels.watch(what, secret.reveal().as_bytes());
        }
    }
    let process = process(&tray);
    let family = [vec![process], descendants(process)].concat();
    assert!(family.len() > 1, "WebKit has processes of its own");
    for pid in family {
        let hits = [sentinels.scan_process(pid), sentinels.scan_memory(pid)].concat();
        assert!(hits.is_empty(), "{hits:?}");
    }
    drop(page);
    office.desktop.key("Escape");
    clone.end().failed();
}
