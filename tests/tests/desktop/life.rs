//! The app's life: with an agent that comes and goes, started twice, and on a desktop that lacks something.

use crate::world::Office;
use holdfast_testkit::desktop::{App, Desktop, MenuEntry, is_alive};
use holdfast_testkit::{wait_for, wait_until};
use holdfast_tests::process::run;

#[test]
fn an_agent_that_was_killed_is_started_again() {
    let office = Office::new();
    office.world.login().ok();
    let tray = office.tray();
    let live = |menu: &MenuEntry| menu.labels()[0].contains("live");
    tray.item.wait_for_menu("sessions that are live", live);
    let killed = office.world.agent_pid().unwrap();
    office.world.kill_agent();
    let successor = wait_for("another agent", || {
        office.world.agent_pid().filter(|pid| *pid != killed)
    });
    assert_ne!(successor, killed);
    // The sealed sessions are taken up again.
    tray.item.wait_for_menu("the same sessions", live);
}

#[test]
fn an_agent_that_was_never_there_is_started() {
    let office = Office::new();
    let tray = office.tray();
    tray.item
        .wait_for_menu("an agent without sessions", |menu| {
            menu.labels()[0] == "Signed out"
        });
    assert!(office.world.agent_pid().is_some());
}

#[test]
fn a_second_start_opens_the_window_of_the_first() {
    let office = Office::new();
    let tray = office.tray();
    run(&mut office.app(&[])).ok();
    office.desktop.wait_for_window("Holdfast");
    assert_eq!(office.desktop.tray().items().len(), 1);
    run(&mut office.app(&[])).ok();
    assert_eq!(office.desktop.windows("Holdfast").len(), 1);
    assert!(is_alive(tray.app.id()));
}

#[test]
fn without_a_tray_the_window_is_shown_and_closing_it_is_the_end() {
    let office = Office::at(Desktop::builder().without_tray_host().start());
    let notifications = office.desktop.notifications();
    let app = App::launch(&mut office.app(&[]));
    notifications.wait_for_summary("This desktop shows no tray icons");
    let window = office.desktop.wait_for_window("Holdfast");
    office.desktop.close_window(&window);
    wait_until("the app has ended", || !is_alive(app.id()));
}

#[test]
fn at_login_no_window_is_opened_and_a_panel_may_come_later() {
    let mut office = Office::at(Desktop::builder().without_tray_host().start());
    let app = App::launch(&mut office.app(&["--login"]));
    wait_until("the agent runs", || office.world.agent_pid().is_some());
    office.desktop.start_tray_host();
    office.desktop.tray().wait_for_item();
    assert!(office.desktop.windows("Holdfast").is_empty());
    assert!(is_alive(app.id()));
}

#[test]
fn nobody_to_show_notifications_is_no_harm() {
    let office = Office::at(Desktop::builder().without_notification_daemon().start());
    let tray = office.tray();
    tray.item.click(&["Lock"]);
    tray.item.click(&["Unlock"]);
    assert!(is_alive(tray.app.id()));
}
