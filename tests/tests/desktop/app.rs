//! The app comes and goes as a program of the desktop should.

use crate::world::Office;
use holdfast_testkit::desktop::is_alive;
use holdfast_testkit::wait_until;

#[test]
fn the_app_is_in_the_tray_without_a_webview() {
    let office = Office::new();
    let tray = office.tray();
    let mut app = tray.app;
    let family = app.family().pids();
    let webviews: Vec<_> = family
        .iter()
        .filter(|pid| name(**pid).starts_with("WebKit"))
        .collect();
    assert!(webviews.is_empty(), "{webviews:?}");
    tray.item.click(&["Quit"]);
    wait_until("the app has ended", || !is_alive(app.id()));
}

#[test]
fn a_window_leaves_no_webkit_process_behind() {
    let office = Office::new();
    let mut window = office.window("sessions");
    window.page.wait_until("document.title");
    // The agent, which the window starts when it is not running, outlives it.
    let family = window.app.family().pids().into_iter();
    let pids: Vec<u32> = family
        .filter(|pid| name(*pid) != "holdfast-agent")
        .collect();
    assert!(
        pids.iter().any(|pid| name(*pid).starts_with("WebKit")),
        "{pids:?}"
    );
    let frame = office.desktop.wait_for_window("Holdfast");
    office.desktop.close_window(&frame);
    wait_until("everything of the window has ended", || {
        !pids.iter().any(|pid| is_alive(*pid))
    });
}

/// Name of a process's program.
fn name(pid: u32) -> String {
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm"));
    name.unwrap_or_default().trim().to_owned()
}
