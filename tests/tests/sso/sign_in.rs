//! Signing in with the browser, and what it serves afterwards.

use crate::person::{Person, python, visit};
use crate::process::{aws_cli, run};
use holdfast_aws_sim::sso;
use holdfast_testkit::browser::Browser;
use holdfast_testkit::wait_until;
use std::fs;

/// Asks STS who a profile is, and lists the repositories.
const BOTO3: &str = "\
import boto3, sys
session = boto3.Session(profile_name=sys.argv[1])
print(session.client('sts').get_caller_identity()['Arn'])
print([it['repositoryName'] for it in session.client('codecommit').list_repositories()['repositories']])
";

/// Profiles through which programs that know only `~/.aws/config` are served by Holdfast.
fn lend(person: &Person, profile: &str) -> String {
    let lent = format!("{profile}-lent");
    let program = crate::world::program("holdfast");
    let section = format!(
        "\n[profile {lent}]\nregion = {}\ncredential_process = {} credential-process --profile {profile}\n",
        sso::REGION,
        program.display()
    );
    person.append(".aws/config", &section);
    lent
}

#[test]
fn chromium_signs_in_and_everything_works_afterwards() {
    let person = Person::new().with_git(sso::DEV_PROFILE);
    let sign_in = person.begin(sso::DEV_PROFILE);
    let browser = Browser::start(&person.sim.proxy_url(), &person.sim.ca_pem_path());
    browser.open(&sign_in.page);
    browser.click_text("Allow");
    browser.wait_for_text("You are signed in to holdfast-demo.awsapps.com");
    let signed_in = sign_in.end().ok();
    signed_in.says(&[
        "Your browser opens; go on there.",
        "Signed in: holdfast-demo.awsapps.com",
        "Unlocked: ",
        sso::DEV_PROFILE,
        sso::LEGACY_PROFILE,
        sso::CHAIN_PROFILE,
    ]);

    person
        .git(&["clone", "--quiet", sso::CLONE_URL, "work"])
        .ok();
    fs::write(person.path("work/new.txt"), "new").unwrap();
    for arguments in [
        &["add", "new.txt"][..],
        &["commit", "--quiet", "-m", "Add a file"],
        &["push", "--quiet"],
        &["fetch", "--quiet"],
    ] {
        let mut git = vec!["-C", "work"];
        git.extend(arguments);
        person.git(&git).ok();
    }

    let lent = lend(&person, sso::DEV_PROFILE);
    let role = "assumed-role/AWSReservedSSO_DevTeam_";
    let who = ["sts", "get-caller-identity", "--profile", &lent];
    run(person.command(aws_cli()).args(who)).ok().says(&[role]);
    let mut boto3 = person.command(python());
    run(boto3.args(["-c", BOTO3, &lent]))
        .ok()
        .says(&[role, sso::REPOSITORY]);
    person.who(sso::DEV_PROFILE).ok().says(&[role]);

    // One sign-in serves every profile of the portal, and roles on top of them.
    person.who(sso::READ_PROFILE).ok().says(&["ReadOnly"]);
    person.who(sso::LEGACY_PROFILE).ok().says(&["ReadOnly"]);
    person.who(sso::CHAIN_PROFILE).ok().says(&["/LiveSupport/"]);
    assert_eq!(person.opened().len(), 1);
    assert_eq!(person.grants("authorization_code"), 1);
    assert_eq!(person.count("StartDeviceAuthorization"), 0);
}

#[test]
fn portals_are_signed_in_to_side_by_side() {
    let person = Person::new();
    let first = person.begin(sso::DEV_PROFILE);
    let second = person.begin(sso::PARTNER_PROFILE);
    assert_ne!(first.port(), second.port());
    second.allow().ok().says(&["holdfast-partner.awsapps.com"]);
    first.allow().ok().says(&["holdfast-demo.awsapps.com"]);
    person.who(sso::DEV_PROFILE).ok().says(&["DevTeam"]);
    person.who(sso::PARTNER_PROFILE).ok().says(&["Contributor"]);

    // One of them is signed out of, which is nothing to the other.
    person.holdfast(&["logout", sso::PARTNER_PROFILE]).ok();
    let refused = person.credentials(sso::PARTNER_PROFILE).exits(3);
    refused.says(&["holdfast-partner.awsapps.com", "holdfast login partner"]);
    person.who(sso::DEV_PROFILE).ok();
}

#[test]
fn whoever_wants_the_same_sign_in_joins_it() {
    let person = Person::new();
    let first = person.begin(sso::DEV_PROFILE);
    let second = person.begin(sso::LEGACY_PROFILE);
    assert_eq!(first.page, second.page, "one sign-in, shown twice");
    first.allow().ok();
    second.end().ok();
    assert_eq!(person.grants("authorization_code"), 1);
}

#[test]
fn the_link_is_shown_where_no_browser_shall_open() {
    let person = Person::new();
    let mut shown = person.start(&["login", sso::DEV_PROFILE, "--no-browser"]);
    // What it said can be read when it has ended; the page is known to the agent.
    let page = holdfast_testkit::wait_for("the agent tells of the page", || {
        let status = person.status();
        status["sign_ins"][0]["url"].as_str().map(str::to_owned)
    });
    assert!(shown.is_running());
    visit(&person.sim.allow(&page).unwrap());
    let ran = shown.end().ok();
    ran.says(&["Open this page in a browser on this computer", &page]);
    assert_eq!(person.opened(), Vec::<String>::new());
}

#[test]
fn a_command_of_the_settings_opens_the_page() {
    let person = Person::new();
    let other = person.path("opened-by-command");
    let script = format!(
        "#!/bin/sh\nprintf '%s %s\\n' \"$@\" >'{}'\n",
        other.display()
    );
    let program = person.home.write("bin/other browser", script);
    run(person.command("chmod").arg("700").arg(&program)).ok();
    let settings = format!(
        "[portals.\"{}\"]\nbrowser = [\"{}\", \"at work\"]\n",
        sso::START_URL,
        program.display()
    );
    person.home.write(".config/holdfast/config.toml", settings);
    let login = person.start(&["login", sso::DEV_PROFILE]);
    let mut page = String::new();
    wait_until("the command is started", || {
        let said = fs::read_to_string(&other).unwrap_or_default();
        page = said.trim_start_matches("at work ").trim_end().to_owned();
        said.ends_with('\n')
    });
    visit(&person.sim.allow(&page).unwrap());
    login.end().ok();
    assert_eq!(person.opened(), Vec::<String>::new());
}

#[test]
fn another_device_signs_in_with_a_code() {
    let person = Person::new();
    let login = person.start(&["login", sso::DEV_PROFILE, "--device"]);
    let code = person.user_code();
    assert!(person.sim.allow_device(&code));
    let ran = login.end().ok();
    ran.says(&[
        &code,
        "On any device, open",
        "Only confirm it there because you began it here",
    ]);
    assert_eq!(
        person.opened(),
        Vec::<String>::new(),
        "nothing opens by itself"
    );
    person.who(sso::DEV_PROFILE).ok();
}

#[test]
fn a_sign_in_on_another_device_can_be_forbidden() {
    let person = Person::new();
    person.home.write(
        ".config/holdfast/config.toml",
        "[sso]\ndevice-code = \"never\"\n",
    );
    let refused = person
        .holdfast(&["login", sso::DEV_PROFILE, "--device"])
        .failed();
    refused.says(&[
        "device-code = \"never\"",
        "sign in with the browser of this computer",
    ]);
    assert_eq!(person.count("StartDeviceAuthorization"), 0);
}

#[test]
fn giving_up_at_the_terminal_ends_the_sign_in() {
    let person = Person::new();
    let sign_in = person.begin(sso::DEV_PROFILE);
    let (port, page) = (sign_in.port(), sign_in.page.clone());
    sign_in.interrupt();
    person.wait_until_no_sign_in();
    let pid = person.agent_pid().unwrap();
    crate::person::wait_until_nothing_listens(pid);
    // The page can still be answered, which leads nowhere.
    let back = person.sim.allow(&page).unwrap();
    assert!(back.contains(&format!("127.0.0.1:{port}/")), "{back}");
    person.credentials(sso::DEV_PROFILE).exits(3);
    person.sign_in(sso::DEV_PROFILE);
}

#[test]
fn signing_out_is_told_to_aws() {
    let person = Person::new();
    person.sign_in(sso::DEV_PROFILE);
    person.credentials(sso::DEV_PROFILE).ok();
    assert_eq!(person.portal().sessions().len(), 1);
    person.holdfast(&["logout", sso::DEV_PROFILE]).ok();
    assert_eq!(person.count("Logout"), 1);
    assert_eq!(person.portal().sessions(), []);
    let refused = person.credentials(sso::DEV_PROFILE).exits(3);
    refused.says(&[
        "a sign-in to holdfast-demo.awsapps.com",
        "holdfast login dev-team-profile",
    ]);
}

#[test]
fn a_client_that_aws_has_forgotten_is_registered_again_within_the_sign_in() {
    let person = Person::new();
    person.sign_in(sso::DEV_PROFILE);
    person.holdfast(&["logout", sso::DEV_PROFILE]).ok();
    assert_eq!(person.sim.forget_clients(), 1);
    // The page refuses the client, and tells the person alone; giving up is what is left to do.
    let sign_in = person.begin(sso::DEV_PROFILE);
    let refused = person.sim.allow(&sign_in.page).unwrap_err();
    assert!(!refused.is_empty());
    sign_in.interrupt();
    person.wait_until_no_sign_in();
    person.sign_in(sso::DEV_PROFILE);
    assert_eq!(person.count("RegisterClient"), 2);
}

#[test]
fn a_registration_that_lapses_is_renewed_before() {
    let mut person = Person::new().with_clock();
    person.sim.set_registration_seconds(3600);
    person.sign_in(sso::DEV_PROFILE);
    person.holdfast(&["logout", sso::DEV_PROFILE]).ok();
    person.wait(std::time::Duration::from_secs(3500));
    person.sign_in(sso::DEV_PROFILE);
    assert_eq!(person.count("RegisterClient"), 2);
}
