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

/// As many as AWS lets an account have in a Region unless asked for more.
const QUOTA: usize = 5_000;

/// How long a keystroke may take, in milliseconds: the page is drawn sixty times a second.
const FRAME: f64 = 16.0;

/// Types a search into the field, and tells how many milliseconds each letter took up to the new layout.
const TYPE: &str = "
    const done = arguments[arguments.length - 1];
    const field = document.querySelector('input[type=search]');
    const type = async () => {
        const times = [];
        for (let length = 1; length <= arguments[0].length; length++) {
            const begin = performance.now();
            field.value = arguments[0].slice(0, length);
            field.dispatchEvent(new Event('input', { bubbles: true }));
            for (let turn = 0; turn < 5; turn++) await Promise.resolve();
            document.body.offsetHeight;
            times.push(performance.now() - begin);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return times;
    };
    type().then(done);";

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

#[test]
fn a_repository_is_created_made_a_favourite_and_cloned_from_the_menu() {
    let office = Office::new();
    office.world.login().ok();
    let window = open(&office);
    let page = &window.page;
    page.wait_for_text("main", "1 repository in us-east-1");

    page.button("Create repository…").click();
    page.field("Name").type_keys("..");
    page.button("Create").click();
    page.wait_for_text("dialog", "cannot be named");
    page.field("Name").clear();
    page.field("Name").type_keys("a-new-one");
    page.field("Description").type_keys("Made by hand");
    page.button("Create").click();
    page.wait_for_text("main", "Created a-new-one in us-east-1");
    page.wait_for_text("main ul", "Made by hand");
    page.button("Copy clone command").click();
    page.wait_for_text("main", "Copied the clone command of a-new-one");
    let command = format!(
        "git clone codecommit::us-east-1://{}@a-new-one",
        blog::ROLE_PROFILE
    );
    assert_eq!(pasted(&office), command);

    page.button("Favourite: a-new-one").click();
    page.wait_until("document.querySelector('[aria-pressed=true]')");
    let settings = office.world.path(".config/holdfast/config.toml");
    wait_until("the favourite is in the settings", || {
        fs::read_to_string(&settings)
            .unwrap_or_default()
            .contains("@a-new-one")
    });
    drop(window);

    let tray = office.tray();
    let name = format!("a-new-one · us-east-1 · {}", blog::ROLE_PROFILE);
    tray.item.click(&["Copy clone command", &name]);
    wait_until("the command is copied", || pasted(&office) == command);
}

#[test]
fn five_thousand_repositories_are_searched_within_a_frame() {
    let office = Office::of(Scenario::blog_many(QUOTA), Desktop::start());
    office.world.login().ok();
    let window = open(&office);
    let page = &window.page;
    page.wait_for_text("main", "5,000 repositories in us-east-1");
    let times = page.execute_async(TYPE, &["service-42 person".into()]);
    page.wait_for_text("main", "100 of 5,000 repositories");
    let mut times: Vec<f64> = times
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it.as_f64())
        .collect();
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    assert!(median <= FRAME, "{times:?}");
}
