//! Notifications on a real desktop: shown by its daemon, clicked with the mouse, gone when they are done.

use crate::world::Office;
use holdfast_aws_sim::blog;
use holdfast_testkit::desktop::{Notification, NotificationSpy, is_alive};
use holdfast_testkit::wait_until;
use std::time::{Duration, Instant};

/// Title of the popup's window.
const POPUP: &str = "Enter MFA code";

/// The agent looks at ends every 30 seconds.
const TICK: Duration = Duration::from_secs(60);

/// The first notification with such a title.
pub(crate) fn told(spy: &NotificationSpy, words: &str) -> Notification {
    let give_up = Instant::now() + TICK;
    loop {
        let mut all = spy.all().into_iter();
        if let Some(found) = all.find(|shown| shown.summary.contains(words)) {
            return found;
        }
        assert!(Instant::now() < give_up, "{words}: {:?}", spy.all());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn labels(notification: &Notification) -> Vec<&str> {
    let labels = notification.actions.iter();
    labels
        .filter(|(key, _)| key != "default")
        .map(|(_, label)| label.as_str())
        .collect()
}

/// Signs in for so short that the end is announced with the agent's next look.
fn sign_in_for_15_minutes(office: &Office) {
    let code = office.world.code();
    let login = [
        "login",
        blog::ROLE_PROFILE,
        "--code",
        &code,
        "--duration",
        "15m",
    ];
    office.world.holdfast(&login).ok();
}

#[test]
fn an_end_is_told_and_its_button_renews() {
    let office = Office::new();
    let spy = office.desktop.notifications();
    let _tray = office.tray();
    sign_in_for_15_minutes(&office);
    let notice = told(&spy, "ends in 14 min");
    assert_eq!(notice.app_name, "Holdfast");
    assert_eq!(labels(&notice), ["Renew…", "Snooze"]);
    assert_eq!(notice.urgency, Some(1));

    spy.click(&notice, "Renew…");
    office.desktop.wait_for_window(POPUP);
    office.desktop.type_text(&office.world.code());
    office.desktop.wait_for_no_window(POPUP);
    wait_until("the notice is gone", || spy.is_closed(&notice));
    assert_eq!(office.world.count("GetSessionToken"), 2);
}

#[test]
fn a_background_program_is_told_of_and_a_click_asks_for_the_code() {
    let office = Office::new();
    office.world.git_setup();
    let spy = office.desktop.notifications();
    let tray = office.tray();
    let clone = office.clone_repository("work");
    let notice = told(&spy, "git clone in");
    assert!(notice.summary.ends_with("needs an MFA code"), "{notice:?}");
    assert_eq!(labels(&notice), ["Enter code…"]);
    assert_eq!(notice.timeout, 0, "it goes with the prompt");
    assert!(office.desktop.windows(POPUP).is_empty(), "nothing pops up");

    spy.click(&notice, "Enter code…");
    office.desktop.wait_for_window(POPUP);
    office.desktop.type_text(&office.world.code());
    clone.end().ok();
    wait_until("the notice is gone", || spy.is_closed(&notice));
    assert!(is_alive(tray.app.id()));
}

#[test]
fn names_are_text_and_never_markup() {
    let office = Office::new();
    let name = "<b>&amp;<img>";
    let config = std::fs::read_to_string(office.world.path(".aws/config")).unwrap();
    let renamed = config.replace(blog::KEY_PROFILE, name);
    std::fs::write(office.world.path(".aws/config"), renamed).unwrap();
    let keys = std::fs::read_to_string(office.world.path(".aws/credentials")).unwrap();
    let renamed = keys.replace(blog::KEY_PROFILE, name);
    std::fs::write(office.world.path(".aws/credentials"), renamed).unwrap();
    office.world.git_setup();
    let spy = office.desktop.notifications();
    let _tray = office.tray();
    let git = office.clone_repository("work");
    let notice = told(&spy, "needs an MFA code");
    let shown = notice.body.replace("&lt;", "").replace("&gt;", "");
    assert!(!shown.contains(['<', '>']), "{notice:?}");
    drop(git);
}
