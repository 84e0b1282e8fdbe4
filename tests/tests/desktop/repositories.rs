//! *Repositories* in a real window: found, copied and opened by hand, with a code asked for on the way.

use crate::world::{Office, OpenWindow};
use holdfast_aws_sim::{Repository, Scenario, blog};
use holdfast_testkit::desktop::{App, Desktop, Element};
use holdfast_testkit::wait_until;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// More than a window shows at once, and than one list of AWS's holds.
const MANY: usize = 120;

/// The blog's scenario with more repositories.
fn many() -> Office {
    let repositories = (0..MANY).map(|number| {
        Repository::new(blog::REGION, &format!("service-{number:03}")).description(&format!(
            "<img src=x onerror=document.title='run'> {number}"
        ))
    });
    let scenario = Scenario::blog().repositories(blog::ACCOUNT_B, repositories);
    Office::of(scenario.page_size(50), Desktop::start())
}

fn open(office: &Office) -> OpenWindow {
    let window = office.window("repositories");
    choose(&window, blog::ROLE_PROFILE);
    window
}

/// Chooses the profile, as one does with the keyboard.
fn choose(window: &OpenWindow, profile: &str) {
    window.page.wait_until("document.querySelector('select')");
    window.page.field("Profile").type_keys(profile);
}

/// What a paste would bring.
fn pasted(office: &Office) -> String {
    let mut xclip = office.desktop.command("xclip");
    let output = xclip.args(["-selection", "clipboard", "-out"]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[test]
fn a_repository_is_found_its_command_copied_and_its_console_opened() {
    let office = Office::new();
    office.world.login().ok();
    let browser = office.world.path("browser");
    let script = "#!/bin/sh\nprintf %s \"$1\" > \"$HOME/told\"\n\
                  curl --silent --dump-header \"$HOME/went\" \"$1\"\n";
    fs::write(&browser, script).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = office.app(&["--window", "repositories"]);
    let app = App::launch(command.env("BROWSER", &browser));
    let page = app.window();
    let window = OpenWindow { page, app };
    choose(&window, blog::ROLE_PROFILE);
    let page = &window.page;
    page.wait_for_text("main", "1 repository in us-east-1");
    page.wait_for_text("main li", "My Repository");

    page.button("Copy clone command of myRepository").click();
    page.wait_for_text("main li", "Copied");
    assert_eq!(
        pasted(&office),
        format!(
            "git clone codecommit::us-east-1://{}@myRepository",
            blog::ROLE_PROFILE
        )
    );

    page.button("Open myRepository in the console").click();
    let went = || fs::read_to_string(office.world.path("went")).unwrap_or_default();
    wait_until("the browser was led to the sign-in", || {
        went().contains("Location: https://us-east-1.signin.aws.amazon.com/federation?Action=login")
    });
    assert!(went().contains("repositories%2FmyRepository%2Fbrowse"));
    let told = fs::read_to_string(office.world.path("told")).unwrap();
    assert!(told.starts_with("http://127.0.0.1:"), "{told}");
    for (what, secret) in office.world.sim.secrets() {
        let source = page.execute("return document.documentElement.outerHTML", &[]);
        assert!(!source.to_string().contains(secret.reveal()), "{what}");
        assert!(!told.contains(secret.reveal()), "{what}");
    }
}

#[test]
fn many_repositories_are_searched_with_the_keyboard_at_any_width() {
    let office = many();
    office.world.login().ok();
    let window = open(&office);
    let page = &window.page;
    page.wait_for_text("main", "121 repositories in us-east-1");
    assert!(page.all("main li").len() < 60);
    // Away from the field of the profile, in which a slash is a letter.
    page.find("h1").click();
    page.press("/");
    page.press("service-11");
    page.wait_for_text("main", "10 of 121 repositories");
    page.press(Element::ENTER);
    page.wait_for_text("main", "Copied the clone command of service-110");
    assert_ne!(page.execute("return document.title", &[]), "run");
    for width in [360, 560, 900, 1280] {
        page.resize(width, 640);
        page.wait_until("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth");
    }
    page.find("input[type=search]").clear();
    page.wait_for_text("main", "121 repositories in us-east-1");
    page.execute("document.querySelector('main').scrollTop = 1e6", &[]);
    page.wait_for_text("main ul", "service-119");
}

#[test]
fn who_is_not_signed_in_signs_in_from_the_page() {
    let office = Office::new();
    let window = open(&office);
    let page = &window.page;
    page.wait_for_text("main", "needs an MFA code");
    page.button("Sign in…").click();
    let popup = office.desktop.wait_for_window("Enter MFA code");
    wait_until("the popup has the keyboard", || {
        let focused = office.desktop.focused_window();
        focused.is_some_and(|it| it.id() == popup.id())
    });
    office.desktop.type_text(&office.world.code());
    page.wait_for_text("main", "myRepository");
}

#[test]
fn who_may_not_list_is_told_what_is_missing() {
    let office = Office::new();
    office.world.login().ok();
    let window = office.window("repositories");
    choose(&window, blog::KEY_PROFILE);
    window
        .page
        .wait_for_text("main", "may not perform codecommit:ListRepositories");
    window.page.wait_for_text("main", blog::USER_ARN);
}
