//! *Doctor* in a real window: what is wrong with a real git is found, shown and mended by hand.

use crate::setup::Setup;
use crate::world::OpenWindow;
use holdfast_testkit::desktop::WebDriver;
use std::fs;
use std::path::Path;
use std::process::Command;

const HOST: &str = "git-codecommit.us-east-1.amazonaws.com";

/// What is said of the helper that answers.
const HELPER: &str = "The helper store answers for git-codecommit.REGION.amazonaws.com";

/// A helper that stores, as it stands on many machines, and a header that is nobody's business.
const CONFIG: &str = "[credential]\n\thelper = store\n\
                      [http]\n\textraHeader = X-Token: sentinel-of-the-header\n";

/// What that helper holds: a password of CodeCommit's from long ago, and one of another host.
const STORED: &str = "https://AKIA:sentinel-of-the-password@git-codecommit.us-east-1.amazonaws.com\n\
                      https://jo:mine@example.com\n";

fn machine() -> Setup {
    let setup = Setup::new();
    let home = &setup.office.world.home;
    home.write(".gitconfig", CONFIG);
    home.write(".git-credentials", STORED);
    setup
}

fn open(setup: &Setup) -> OpenWindow {
    let window = setup.window("doctor");
    look(&window.page);
    window
}

/// Waits for the end of the examination.
fn look(page: &WebDriver) {
    page.wait_until(
        "document.querySelector('details') && !document.querySelector('[aria-busy=true]')",
    );
}

/// The button of the row that says this.
fn mend(page: &WebDriver, action: &str, what: &str) {
    page.button(&format!("{action}… ({what})")).click();
}

fn git(setup: &Setup, folder: &Path, arguments: &[&str]) -> String {
    let mut git: Command = setup.office.world.command("git");
    let output = git.current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_helper_is_replaced_and_its_old_password_forgotten() {
    let setup = machine();
    let window = open(&setup);
    let page = &window.page;
    let stored = format!("The credential helper store holds a password for {HOST}");
    page.wait_for_text("main", HELPER);
    page.wait_for_text("main", &stored);
    page.wait_for_text("main", "ends after 15 minutes and then brings 403");
    page.wait_for_text("main", "~/.gitconfig");
    page.wait_until("document.querySelector('nav [aria-current] .badge')");

    mend(page, "Set up", HELPER);
    page.wait_for_text("dialog", "+\thelper = ");
    assert_eq!(setup.read(".gitconfig"), CONFIG);
    page.button("Set up").click();
    page.wait_for_text(
        "main",
        "git asks Holdfast, and nobody else, about CodeCommit.",
    );
    page.wait_for_text("main", ".gitconfig.holdfast-backup-");
    look(page);
    assert!(!page.text("main").contains(HELPER));
    let helpers = git(
        &setup,
        setup.office.world.home.path(),
        &[
            "config",
            "--get-urlmatch",
            "credential.helper",
            &format!("https://{HOST}/v1/repos/myRepository"),
        ],
    );
    assert!(helpers.ends_with("git-credential-holdfast"), "{helpers}");

    mend(page, "Forget", &stored);
    page.wait_for_text("dialog", &format!("store: {HOST}"));
    assert_eq!(setup.read(".git-credentials"), STORED);
    page.button("Forget").click();
    page.wait_for_text(
        "main",
        &format!("store holds no password for {HOST} any more."),
    );
    look(page);
    assert!(!page.text("main").contains(&stored));
    assert_eq!(
        setup.read(".git-credentials"),
        "https://jo:mine@example.com\n"
    );
    let html = page.execute("return document.documentElement.outerHTML", &[]);
    assert!(!html.to_string().contains("sentinel"), "{html}");
}

#[test]
fn a_configuration_that_changes_under_the_open_dialog_is_left() {
    let setup = machine();
    let window = open(&setup);
    let page = &window.page;
    mend(page, "Set up", HELPER);
    page.wait_for_text("dialog", "+\thelper = ");
    let changed = format!("{CONFIG}[core]\n\teditor = vi\n");
    setup.office.world.home.write(".gitconfig", &changed);
    page.button("Set up").click();
    page.wait_for_text("dialog", "~/.gitconfig changed while you were looking");
    assert_eq!(setup.read(".gitconfig"), changed);
    page.button("Cancel").click();
    page.wait_until("!document.querySelector('dialog')");
    assert_eq!(setup.read(".gitconfig"), changed);
}

#[test]
fn a_user_is_taken_out_of_a_url_of_a_repository_that_is_chosen() {
    let setup = machine();
    let repository = setup.path("work/app");
    fs::create_dir_all(&repository).unwrap();
    git(&setup, &repository, &["init", "--quiet"]);
    let url = format!("https://{HOST}/v1/repos/myRepository");
    let with_user = url.replace("https://", "https://jo:sentinel@");
    git(
        &setup,
        &repository,
        &["remote", "add", "origin", &with_user],
    );
    fs::write(
        repository.join(".gitmodules"),
        "[submodule \"lib\"]\n\tpath = lib\n\turl = codecommit://dev@lib\n",
    )
    .unwrap();
    let window = open(&setup);
    let page = &window.page;
    let what = "remote.origin.url names the user jo";
    assert!(!page.text("main").contains(what));

    page.button("Look at a repository…").click();
    setup.choose("Choose a repository to look at", &repository);
    page.wait_for_text("main", "~/work/app");
    page.wait_for_text("main", what);
    page.wait_for_text("main", "1 of this repository's submodules");
    look(page);

    mend(page, "Change", what);
    page.wait_for_text("dialog", &format!("+ remote.origin.url = {url}"));
    let html = page.execute("return document.documentElement.outerHTML", &[]);
    assert!(!html.to_string().contains("sentinel"), "{html}");
    page.button("Change").click();
    page.wait_for_text("main", &format!("remote.origin.url is {url} now."));
    look(page);
    assert!(!page.text("main").contains(what));
    assert_eq!(
        git(&setup, &repository, &["config", "remote.origin.url"]),
        url
    );

    page.button("Leave it out").click();
    page.wait_until("!document.querySelector('main').innerText.includes('submodules')");
}

#[test]
fn a_command_is_copied_as_it_stands() {
    let setup = machine();
    let window = open(&setup);
    let command = "holdfast keys import --remove-plaintext";
    window.page.button(&format!("Copy {command}")).click();
    window.page.wait_for_text("main", "Copied");
    assert_eq!(setup.pasted(), command);
}
