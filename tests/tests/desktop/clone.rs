//! *Clone…* in a real window: git's progress to its end, the folder and the editor, and every way to stop half-way.

use crate::setup::Setup;
use crate::world::{Office, OpenWindow};
use holdfast_aws_sim::{Fault, Repository, Rule, Scenario, Service, blog};
use holdfast_testkit::desktop::{App, Desktop, Element, is_alive};
use holdfast_testkit::wait_until;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A repository of which half tells a percentage.
const LARGE: &str = "large";
const COMMITS: u32 = 1_500;

/// The dialog is about a clone of which objects have arrived, and not all.
const HALF: &str = "(() => { const bar = document.querySelector('dialog progress'); \
                    return bar && bar.position > 0.05 && bar.position < 0.95; })()";

/// A person with two repositories, who has programs that note what they are started with.
struct Desk {
    setup: Setup,
}

impl Desk {
    fn new() -> Self {
        let large = Repository::new(blog::REGION, LARGE).commits(COMMITS);
        let scenario = Scenario::blog().repositories(blog::ACCOUNT_B, [large]);
        let office = Office::of(scenario, Desktop::start());
        let desk = Self {
            setup: Setup { office },
        };
        desk.program("xdg-open");
        desk.program("my editor");
        let editor = desk.path("bin/my editor");
        let editor = format!("[app]\neditor = [\"{}\", \"--new\"]\n", editor.display());
        desk.office()
            .world
            .append(".config/holdfast/config.toml", &editor);
        desk
    }

    fn office(&self) -> &Office {
        &self.setup.office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.setup.path(name)
    }

    /// A program that notes its arguments beside itself, each in quotes.
    fn program(&self, name: &str) {
        let script = "#!/bin/sh\n{ for word; do printf \"'%s' \" \"$word\"; done; } > \"$0.new\"\n\
                      mv \"$0.new\" \"$0.told\"\n";
        let path = self
            .office()
            .world
            .home
            .write(&format!("bin/{name}"), script);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Waits until a program was started, and tells with what.
    fn told(&self, name: &str) -> String {
        let file = self.path(&format!("bin/{name}.told"));
        wait_until(name, || file.exists());
        fs::read_to_string(file).unwrap()
    }

    /// The page, with the person's own programs first on the `PATH` and git among the others.
    fn page(&self) -> OpenWindow {
        let mut command = self.office().app(&["--window", "repositories"]);
        let bin = self.path("bin");
        command.env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display()),
        );
        let app = App::launch(&mut command);
        let page = app.window();
        page.wait_until("document.querySelector('select')");
        page.field("Profile").type_keys(blog::ROLE_PROFILE);
        OpenWindow { page, app }
    }

    /// The second half of what git is sent comes when the rules are forgotten.
    fn stall(&self) {
        let rule = Rule::new(Fault::Stall).service(Service::Git);
        // The first question is for the branches.
        let rule = rule.operation("git-upload-pack").skip(1).times(1);
        self.office().world.sim.faults().add(rule);
    }

    fn commits(&self, folder: &Path) -> String {
        let folder = folder.to_str().unwrap();
        let count = ["-C", folder, "rev-list", "--count", "HEAD"];
        self.office().world.git(&count).ok().out.trim().to_owned()
    }
}

#[test]
fn a_clone_is_watched_to_its_end_and_opened() {
    let desk = Desk::new();
    desk.office().world.login().ok();
    let src = desk.path("my src");
    fs::create_dir(&src).unwrap();
    let window = desk.page();
    let page = &window.page;
    page.button(&format!("Clone {LARGE}…")).click();
    page.wait_for_text("dialog", "The clone becomes ~/large.");
    page.button("Choose the folder to clone into…").click();
    desk.setup.choose("Choose the folder to clone into", &src);
    page.wait_for_text("dialog", "The clone becomes ~/my src/large.");

    desk.stall();
    page.field("Name of the new folder")
        .type_keys(Element::ENTER);
    page.wait_until(HALF);
    page.wait_for_text("dialog", "Receiving objects");
    page.wait_until(
        r"/\d % \(\d,?\d* of \d,\d{3}\)/.test(document.querySelector('dialog').innerText)",
    );
    page.wait_for_text("dialog", "Closing this window ends the clone");
    desk.office().world.sim.faults().clear();
    page.wait_for_text("dialog", "Cloned large");
    let clone = src.join(LARGE);
    assert_eq!(desk.commits(&clone), COMMITS.to_string());

    page.button("Open folder").click();
    assert_eq!(desk.told("xdg-open"), format!("'{}' ", clone.display()));
    page.button("Open in my editor").click();
    let editor = format!("'--new' '{}' ", clone.display());
    assert_eq!(desk.told("my editor"), editor);
    page.button("Close").click();
    page.wait_until("!document.querySelector('dialog')");

    // The next time the same folder is offered, and what is there is not touched.
    page.button(&format!("Clone {LARGE}…")).click();
    page.wait_for_text(
        "dialog",
        "~/my src/large is there already and is not an empty folder.",
    );
    page.wait_until("document.querySelector('dialog [type=submit]').disabled");
    page.field("Name of the new folder").type_keys("-again");
    page.wait_for_text("dialog", "The clone becomes ~/my src/large-again.");
    drop(window);
    let settings = desk.setup.read(".config/holdfast/config.toml");
    assert!(settings.contains("/my src\""), "{settings}");
}

#[test]
fn a_clone_that_is_cancelled_half_way_leaves_nothing() {
    let desk = Desk::new();
    desk.office().world.login().ok();
    desk.stall();
    let window = desk.page();
    let page = &window.page;
    page.button(&format!("Clone {LARGE}…")).click();
    page.wait_for_text("dialog", "The clone becomes ~/large.");
    page.button("Clone").click();
    page.wait_until(HALF);
    assert!(desk.path(LARGE).join(".git").is_dir());
    // A key that is pressed by habit ends nothing.
    page.press(Element::ESCAPE);
    page.press(Element::ENTER);
    page.wait_until(HALF);
    page.button("Cancel").click();
    page.wait_for_text(
        "main",
        "The clone of large was cancelled. Nothing was kept.",
    );
    page.wait_until("!document.querySelector('dialog')");
    assert!(!desk.path(LARGE).exists());

    desk.office().world.sim.faults().clear();
    page.button(&format!("Clone {LARGE}…")).click();
    page.wait_for_text("dialog", "The clone becomes ~/large.");
    page.button("Clone").click();
    page.wait_for_text("dialog", "Cloned large");
}

#[test]
fn closing_the_window_ends_the_clone() {
    let desk = Desk::new();
    desk.office().world.login().ok();
    desk.stall();
    let window = desk.page();
    let page = &window.page;
    page.button(&format!("Clone {LARGE}…")).click();
    page.wait_for_text("dialog", "The clone becomes ~/large.");
    page.button("Clone").click();
    page.wait_until(HALF);
    let shown = desk.office().desktop.wait_for_window("Holdfast");
    desk.office().desktop.close_window(&shown);
    wait_until("the window's process is gone", || {
        !is_alive(window.app.id())
    });
    assert!(!desk.path(LARGE).exists());
}

#[test]
fn who_is_not_signed_in_is_asked_and_the_clone_goes_on() {
    let desk = Desk::new();
    let office = desk.office();
    // The list is known from before.
    office.world.login().ok();
    office.world.holdfast(&["repos", blog::ROLE_PROFILE]).ok();
    office.world.holdfast(&["logout", "--all"]).ok();
    let window = desk.page();
    let page = &window.page;
    page.button(&format!("Clone {}…", blog::REPOSITORY)).click();
    page.wait_for_text("dialog", "The clone becomes");
    page.button("Clone").click();
    page.wait_for_text(
        "dialog",
        "a window asks for it, and the clone goes on by itself",
    );
    let popup = office.desktop.wait_for_window("Enter MFA code");
    wait_until("the popup has the keyboard", || {
        let focused = office.desktop.focused_window();
        focused.is_some_and(|it| it.id() == popup.id())
    });
    office.desktop.type_text(&office.world.code());
    page.wait_for_text("dialog", &format!("Cloned {}", blog::REPOSITORY));
    assert!(desk.path(blog::REPOSITORY).join("README.md").is_file());
}

#[test]
fn what_git_could_not_do_is_said_in_its_words_and_leads_back() {
    let desk = Desk::new();
    desk.office().world.login().ok();
    let window = desk.page();
    let page = &window.page;
    let refused = Fault::error(403, "AccessDeniedException", "not you");
    let rule = Rule::new(refused).service(Service::Git);
    desk.office().world.sim.faults().add(rule);
    page.button(&format!("Clone {LARGE}…")).click();
    page.wait_for_text("dialog", "The clone becomes ~/large.");
    page.button("Clone").click();
    page.wait_for_text("dialog", "CodeCommit refused access; it does not say why");
    page.wait_for_text("dialog", "codecommit:GitPull");
    page.wait_for_text("dialog pre", "The requested URL returned error: 403");
    assert!(!desk.path(LARGE).exists());
    for width in [360, 860] {
        page.resize(width, 640);
        page.wait_until("document.querySelector('dialog').scrollWidth <= innerWidth");
    }
    desk.office().world.sim.faults().clear();
    page.button("Back").click();
    page.wait_for_text("dialog", "The clone becomes ~/large.");
    page.button("Clone").click();
    page.wait_for_text("dialog", "Cloned large");
}

#[test]
fn names_descriptions_and_branches_are_text_and_nothing_else() {
    let markup = "<img src=x onerror=document.title=7>";
    let long = "n".repeat(100);
    let turned = "\u{202e}gpj.exe";
    let described = |name: &str, text: &str| Repository::new(blog::REGION, name).description(text);
    let repositories = [
        described("marked", markup),
        described("turned", turned),
        described(&long, &"d".repeat(1_000)),
    ];
    let scenario = Scenario::blog().repositories(blog::ACCOUNT_B, repositories);
    let office = Office::of(scenario, Desktop::start());
    let sim = &office.world.sim;
    let served = sim.repository_folder(blog::ACCOUNT_B, blog::REGION, blog::REPOSITORY);
    let served = served.unwrap();
    let branch = format!("{}{turned}{}", markup.replace(' ', "/"), "b".repeat(100));
    let rename = [
        "-C",
        served.to_str().unwrap(),
        "branch",
        "-m",
        "main",
        &branch,
    ];
    office.world.git(&rename).ok();
    office.world.login().ok();
    let window = office.window("repositories");
    let page = &window.page;
    page.wait_until("document.querySelector('select')");
    page.field("Profile").type_keys(blog::ROLE_PROFILE);
    // What would turn the text around it is shown as a mark.
    let branch = branch.replace('\u{202e}', "\u{fffd}");
    for text in [markup, &long, "\u{fffd}gpj.exe", &branch] {
        page.wait_for_text("main ul", text);
    }
    assert!(!page.page_text().contains('\u{202e}'));
    page.button(&format!("Clone {long}…")).click();
    page.wait_for_text("dialog h2", &format!("Clone {long}"));
    page.wait_for_text("dialog", &format!("The clone becomes ~/{long}."));
    for width in [360, 860] {
        page.resize(width, 640);
        for part in ["dialog", "main"] {
            page.wait_until(&format!(
                "document.querySelector('{part}').scrollWidth <= document.querySelector('{part}').clientWidth"
            ));
        }
    }
    page.press(Element::ESCAPE);
    page.wait_until("!document.querySelector('dialog')");
    page.wait_until("document.title !== '7' && !document.querySelector('img')");
}
