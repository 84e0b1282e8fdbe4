//! Signing in with the browser: a program waits, nothing opens before the click, the program goes on.

use crate::notices::told;
use crate::world::{Office, Tray};
use holdfast_aws_sim::{Scenario, sso};
use holdfast_testkit::browser::Browser;
use holdfast_testkit::desktop::Desktop;
use holdfast_testkit::{wait_for, wait_until};
use holdfast_tests::machine_clock::MachineClock;
use holdfast_tests::process::{Started, run, start};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

/// Title of the popup's window.
const POPUP: &str = "Sign in to AWS";

/// What people call the portal.
const PORTAL: &str = "holdfast-demo.awsapps.com";

/// A desk at which the portal's page opens in a program that keeps what it was told.
pub(crate) fn desk(scenario: Scenario, start_url: &str, settings: &str) -> Office {
    let office = Office::of(scenario, Desktop::start());
    let browser = office.world.path("browser");
    fs::write(
        &browser,
        "#!/bin/sh\nprintf '%s\\n' \"$2\" >> \"$HOME/opened\"\n",
    )
    .unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let browser = browser.display();
    let text =
        format!("{settings}[portals.\"{start_url}\"]\nbrowser = [\"{browser}\", \"--new-tab\"]\n");
    office
        .world
        .home
        .write(".config/holdfast/config.toml", text);
    office
}

/// Pages that were opened so far.
pub(crate) fn opened(office: &Office) -> Vec<String> {
    let told = fs::read_to_string(opened_file(office)).unwrap_or_default();
    told.lines().map(str::to_owned).collect()
}

/// The page that is opened as the next one after so many.
pub(crate) fn next_opened(office: &Office, before: usize) -> String {
    wait_for("a page is opened", || opened(office).get(before).cloned())
}

/// What the browser does when the portal sends it back.
pub(crate) fn follow(office: &Office, address: &str) {
    let mut curl = office.world.command("curl");
    run(curl.args(["--silent", "--show-error", "--fail", address])).ok();
}

/// The person signs in on the page, and the browser comes back.
pub(crate) fn allow(office: &Office, page: &str) {
    follow(office, &office.world.sim.allow(page).unwrap());
}

fn opened_file(office: &Office) -> PathBuf {
    office.world.path("opened")
}

fn demo(settings: &str) -> (Office, Tray) {
    with_tray(desk(Scenario::sso(), sso::START_URL, settings))
}

fn with_tray(office: Office) -> (Office, Tray) {
    office.world.git_setup();
    let tray = office.tray();
    // Who asks before the app has told the agent that it can ask people is sent to a terminal.
    tray.item
        .wait_for_menu("the app knows the profiles", |menu| {
            let mut labels = menu.labels().into_iter();
            labels.any(|label| label.starts_with(sso::DEV_PROFILE))
        });
    (office, tray)
}

fn clone(office: &Office) -> Started {
    let line = format!(
        "git clone --quiet codecommit::{}://{}@{} work",
        sso::REGION,
        sso::DEV_PROFILE,
        sso::REPOSITORY
    );
    start(office.world.on_terminal(&line).stdin(Stdio::null()))
}

#[test]
fn a_clone_waits_for_the_browser_and_goes_on() {
    let (office, tray) = demo("");
    let clone = clone(&office);
    let page = tray.app.window();
    office.desktop.wait_for_window(POPUP);
    page.wait_for_text("h1", "git clone needs you to sign in");
    page.wait_for_text("dl", PORTAL);
    page.wait_for_text("dl", sso::DEV_PROFILE);
    page.wait_until("document.activeElement.textContent.trim() === 'Open browser'");
    assert_eq!(opened(&office), Vec::<String>::new());
    page.button("Open browser").click();
    page.wait_for_text("main", "Waiting for your browser…");
    let address = next_opened(&office, 0);
    drop(page);
    let sim = &office.world.sim;
    let browser = Browser::start(&sim.proxy_url(), &sim.ca_pem_path());
    browser.open(&address);
    browser.click_text("Allow");
    clone.end().ok();
    office.desktop.wait_for_no_window(POPUP);
    assert!(office.world.path("work/.git").is_dir());
    assert_eq!(opened(&office).len(), 1);
}

#[test]
fn another_device_is_shown_a_code_and_no_browser_opens() {
    let (office, tray) = demo("");
    let clone = clone(&office);
    let page = tray.app.window();
    page.button("Another device…").click();
    let portal = office.world.sim.portal(sso::START_URL).unwrap();
    let code = wait_for("a code waits for a person", || {
        portal.user_codes().first().cloned()
    });
    page.wait_for_text("output", &code);
    page.wait_for_text("main", "every account and role");
    drop(page);
    assert!(office.world.sim.allow_device(&code));
    clone.end().ok();
    office.desktop.wait_for_no_window(POPUP);
    assert_eq!(opened(&office), Vec::<String>::new());
}

#[test]
fn what_was_refused_in_the_browser_ends_the_waiting() {
    let (office, tray) = demo("");
    let clone = clone(&office);
    let page = tray.app.window();
    page.button("Open browser").click();
    let address = next_opened(&office, 0);
    follow(&office, &office.world.sim.deny(&address).unwrap());
    clone.end().failed().says(&["was refused on its page"]);
    // The popup stays to say why.
    page.button("Close");
    drop(page);
    office.desktop.key("Escape");
    office.desktop.wait_for_no_window(POPUP);
    assert_eq!(opened(&office).len(), 1, "nobody is asked again");
}

#[test]
fn who_gives_up_is_asked_again_and_escape_declines() {
    let (office, tray) = demo("[sso]\ndevice-code = \"never\"\n");
    let clone = clone(&office);
    let page = tray.app.window();
    page.wait_until("!document.body.textContent.includes('Another device')");
    page.button("Open browser").click();
    page.wait_for_text("main", "Waiting for your browser…");
    next_opened(&office, 0);
    drop(page);
    office.desktop.key("Escape");
    let page = tray.app.window();
    page.button("Open browser");
    drop(page);
    office.desktop.key("Escape");
    clone.end().failed().says(&["was declined"]);
    office.desktop.wait_for_no_window(POPUP);
}

#[test]
fn the_end_of_a_portal_session_is_told_and_one_click_renews_it() {
    let mut office = desk(Scenario::sso(), sso::START_URL, "");
    let clock = MachineClock::new(office.world.home.path());
    for (name, value) in clock.variables() {
        office.world = office.world.with(name, value);
    }
    let (office, tray) = with_tray(office);
    let portal = office.world.sim.portal(sso::START_URL).unwrap();
    portal.set_policy(|policy| policy.session_seconds = 70 * 60);
    let spy = office.desktop.notifications();
    let of_portal = |label: &str| label.starts_with(PORTAL);
    let menu = tray.item.wait_for_menu("the portal", |menu| {
        menu.labels().into_iter().any(of_portal)
    });
    let label = menu.labels().into_iter().find(|it| of_portal(it));
    tray.item.click(&[label.unwrap(), "Sign in…"]);
    allow(&office, &next_opened(&office, 0));
    // The agent has the token, and not only AWS has given it: what follows changes the time.
    wait_until("signed in", || {
        let status = office.world.status();
        let mut sessions = status["sessions"].as_array().into_iter().flatten();
        sessions.any(|it| it["kind"] == "portal" && it["state"] == "valid")
    });
    let slept = Duration::from_secs(61 * 60);
    clock.set(slept, Duration::ZERO);
    office.world.sim.clock().advance(slept);
    // The token that is fetched now ends with the session, which tells when that is.
    let use_it = ["credential-process", "--profile", sso::DEV_PROFILE];
    office.world.holdfast(&use_it).ok();
    assert_eq!(office.world.count("CreateToken"), 2);
    let notice = told(&spy, "ends in");
    assert!(notice.summary.starts_with(PORTAL), "{notice:?}");
    assert!(notice.body.contains("Renewing opens your browser."));
    assert_eq!(opened(&office).len(), 1, "nothing opens by itself");
    portal.set_policy(|policy| policy.session_seconds = 8 * 3600);
    spy.click(&notice, "Renew");
    allow(&office, &next_opened(&office, 1));
    wait_until("the notice is gone", || spy.is_closed(&notice));
}
