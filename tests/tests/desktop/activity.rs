//! *Activity* in a real window: read, searched with the keyboard, and followed while it happens.

use crate::world::{Office, OpenWindow};
use holdfast_aws_sim::blog;
use holdfast_testkit::desktop::Element;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// Profile whose name would run, were it taken for markup.
const HOSTILE: &str = "<img src=x onerror=document.title='run'>";

/// The arrow key, as WebDriver names it.
const DOWN: &str = "\u{e015}";

fn open(office: &Office, words: &str) -> OpenWindow {
    let window = office.window("activity");
    window.page.wait_for_text("main", words);
    window
}

#[test]
fn what_happens_is_listed_at_once_and_found_with_the_keyboard() {
    let office = Office::new();
    let world = &office.world;
    world.git_setup();
    let window = open(&office, "Nothing has happened yet");
    let page = &window.page;
    world.login().ok();
    page.wait_for_text("main", "Signed in");
    world.ls_remote().ok();
    page.wait_for_text("main", "git ls-remote");
    page.wait_for_text("main", &format!("password for {}", blog::REPOSITORY));
    world.holdfast(&["env", HOSTILE]).failed();
    page.wait_for_text("main", HOSTILE);
    assert_ne!(page.execute("return document.title", &[]), "run");
    assert!(page.all("main li img[src]").is_empty());

    page.press("/");
    page.press("ls-remote");
    page.wait_until("document.querySelectorAll('main li').length === 1");
    page.press(Element::ESCAPE);
    page.wait_until("document.querySelectorAll('main li').length > 2");
    page.field("Refused only").click();
    page.wait_until("document.querySelectorAll('main li').length === 1");
    page.wait_for_text("main", HOSTILE);
    page.field("Refused only").click();

    page.execute("document.querySelector('main li button').focus()", &[]);
    page.press(DOWN);
    page.wait_until(
        "document.activeElement.closest('li') && document.activeElement.closest('li') !== document.querySelector('main li')",
    );
    for width in [360, 560, 900, 1280] {
        page.resize(width, 640);
        page.wait_until("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth");
    }
}

#[test]
fn a_long_record_is_paged_through_and_stays_still_while_it_is_read() {
    let office = Office::new();
    let world = &office.world;
    let folder = world.path(".local/state/holdfast");
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let lines = (1..=250).map(|id| {
        format!(
            "{{\"id\":{id},\"at\":{},\"kind\":\"credentials\",\"profile\":\"p{id}\"}}\n",
            1_700_000_000 + id * 60
        )
    });
    fs::write(folder.join("activity.jsonl"), lines.collect::<String>()).unwrap();
    let window = open(&office, "p250");
    let page = &window.page;
    let count = |count: usize| {
        page.wait_until(&format!(
            "document.querySelectorAll('main li').length === {count}"
        ));
    };
    count(100);
    page.button("Show older").click();
    count(200);
    page.button("Show older").click();
    count(250);
    page.wait_for_text("main", "p1");

    page.execute("document.querySelector('main').scrollTop = 900", &[]);
    let place = || page.execute("return document.querySelector('main').scrollTop", &[]);
    let before = place();
    world.holdfast(&["lock"]).ok();
    page.wait_for_text("main", "1 new entry");
    assert_eq!(place(), before, "nothing moved");
    count(250);
    page.button("1 new entry").click();
    count(251);
    page.wait_for_text("main", "Locked");
    assert_eq!(place(), 0);
}
