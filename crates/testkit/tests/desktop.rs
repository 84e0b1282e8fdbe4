//! The headless desktop, shown with small programs that anybody has.
#![cfg(target_os = "linux")]

use holdfast_testkit::desktop::{App, Desktop, Element, is_alive};
use holdfast_testkit::wait_until;
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// WebKit's own small browser, which can be driven like our windows.
fn browser(desktop: &Desktop) -> Command {
    let name = "webkit2gtk-4.1/MiniBrowser";
    let architecture = std::env::consts::ARCH;
    let program = PathBuf::from(format!("/usr/lib/{architecture}-linux-gnu/{name}"));
    let mut command = desktop.command(program);
    command.arg("--automation");
    command
}

fn notify(desktop: &Desktop, summary: &str, actions: &[&str]) -> Command {
    let mut command = desktop.command("notify-send");
    command.args(["--expire-time=0", "--app-name=Test"]);
    command.args(actions.iter().map(|action| format!("--action={action}")));
    command.args([summary, "A body."]);
    command
}

#[test]
fn a_desktop_leaves_nothing_behind() {
    let desktop = Desktop::start();
    let pids = desktop.pids();
    let number = desktop.display().trim_start_matches(':').to_owned();
    assert!(pids.len() >= 7, "{pids:?}");
    assert!(pids.iter().all(|pid| is_alive(*pid)));
    drop(desktop);
    let left: Vec<_> = pids.iter().filter(|pid| is_alive(**pid)).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!fs::exists(format!("/tmp/.X{number}-lock")).unwrap());
}

#[test]
fn two_desktops_do_not_meet() {
    let (one, other) = (Desktop::start(), Desktop::start());
    let _dialog = one.launch(one.command("xmessage").args(["-title", "Here", "text"]));
    one.wait_for_window("Here");
    assert!(other.windows("Here").is_empty());
}

#[test]
fn keys_reach_the_window_and_pictures_show_it() {
    let desktop = Desktop::start();
    let mut dialog = desktop.command("xmessage");
    let dialog = desktop.launch(dialog.args(["-title", "A (title)", "-default", "okay", "text"]));
    let window = desktop.wait_for_window("A (title)");
    let folder = tempfile::tempdir().unwrap();
    for name in ["screen.png", "window.png"] {
        let path = folder.path().join(name);
        match name {
            "screen.png" => desktop.screenshot(&path),
            _ => desktop.screenshot_of(&window, &path),
        }
        let picture = fs::read(path).unwrap();
        assert!(picture.starts_with(b"\x89PNG"), "{name}");
    }
    wait_until("the window has the keyboard", || {
        desktop.focused_window().as_ref() == Some(&window)
    });
    desktop.key("Return");
    wait_until("the dialog was answered", || !is_alive(dialog.id()));
    desktop.wait_for_no_window("A (title)");
}

#[test]
fn a_button_of_a_notification_is_clicked() {
    let desktop = Desktop::start();
    let spy = desktop.notifications();
    let _plain = desktop.launch(&mut notify(&desktop, "Nothing to do", &[]));
    let _first = desktop.launch(&mut notify(&desktop, "First", &["yes=Renew", "no=Not now"]));
    spy.wait_for_summary("First");
    let actions = ["renew=Renew…", "snooze=Snooze for five minutes"];
    let _second = desktop.launch(&mut notify(&desktop, "Second", &actions));
    let second = spy.wait_for_summary("Second");
    assert_eq!(second.body, "A body.");
    assert_eq!(second.actions[0], ("renew".to_owned(), "Renew…".to_owned()));
    spy.click(&second, "Snooze for five minutes");
    wait_until("the bubble is gone", || spy.is_closed(&second));
    let first = spy.wait_for_summary("First");
    assert!(!spy.is_closed(&first));
    spy.click(&first, "Renew");
    let expected = [
        (second.id, "snooze".to_owned()),
        (first.id, "yes".to_owned()),
    ];
    assert_eq!(spy.invoked(), expected);
    assert_eq!(spy.open().len(), 1);
}

#[test]
fn a_desktop_can_lack_what_others_have() {
    let mut desktop = Desktop::builder()
        .without_keyring()
        .without_tray_host()
        .without_notification_daemon()
        .start();
    let bare = |desktop: &Desktop| {
        [
            "org.freedesktop.secrets",
            "org.kde.StatusNotifierWatcher",
            "org.freedesktop.Notifications",
        ]
        .map(|name| desktop.bus().has_owner(name))
    };
    assert_eq!(bare(&desktop), [false, false, false]);
    assert!(desktop.tray().items().is_empty());
    desktop.start_tray_host();
    desktop.start_notification_daemon();
    assert_eq!(bare(&desktop), [false, true, true]);
    desktop.stop_tray_host();
    desktop.stop_notification_daemon();
    wait_until("both are gone", || bare(&desktop) == [false, false, false]);
}

const PAGE: &str = "<label>Code <input id=code></label><p id=out>idle</p>\
    <button onclick=\"out.textContent='got '+code.value\">Sign in</button>";

#[test]
fn a_page_is_driven() {
    let desktop = Desktop::start();
    let mut app = App::launch(&mut browser(&desktop));
    let page = app.window();
    // The browser opens an empty window for whoever drives it.
    page.execute("document.body.innerHTML = arguments[0]", &[json!(PAGE)]);
    page.field("Code").type_keys("123456");
    assert_eq!(page.focused(), "input#code");
    page.find("#code").type_keys(Element::BACKSPACE);
    page.button("Sign in").click();
    page.wait_for_text("#out", "got 12345");
    page.wait_until("document.querySelector('#code').value === '12345'");
    assert_eq!(page.find("#code").property("value"), json!("12345"));
    assert_eq!(page.find("button").accessible_name(), "Sign in");
    assert_eq!(page.find("button").role(), "button");
    assert!(page.find("button").is_enabled() && page.find("button").is_shown());
    assert_eq!(page.all("p").len(), 1);
    let done = page.execute_async(
        "setTimeout(() => arguments[1](arguments[0] + 1), 5)",
        &[json!(1)],
    );
    assert_eq!(done, json!(2));
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("page.png");
    page.screenshot(&picture);
    assert!(fs::read(picture).unwrap().starts_with(b"\x89PNG"));
    drop(page);
    let pids = app.family().pids();
    drop(app);
    assert!(!pids.iter().any(|pid| is_alive(*pid)), "{pids:?}");
}

#[test]
fn a_window_that_a_child_opens_later_is_driven_too() {
    let desktop = Desktop::start();
    let folder = tempfile::tempdir().unwrap();
    let go = folder.path().join("go");
    let window = browser(&desktop);
    let mut parent = desktop.command("sh");
    let script = r#"while [ ! -e "$0" ]; do sleep 0.05; done; "$@" & wait"#;
    parent
        .args(["-c", script])
        .arg(&go)
        .arg(window.get_program())
        .args(window.get_args());
    let app = App::launch(&mut parent);
    fs::write(&go, "").unwrap();
    let page = app.window();
    assert_eq!(page.execute("return 6 * 7", &[]), json!(42));
}
