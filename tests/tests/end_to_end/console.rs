//! The console in the browser and the list of repositories, from the command to AWS and back.

use crate::process::run;
use crate::world::World;
use holdfast_aws_sim::blog;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const DESTINATION: &str = "codecommit::us-east-1://myRepository";

/// A browser that notes what it was told, and where that led.
fn browser(world: &World) -> std::path::PathBuf {
    let path = world.path("browser");
    let script = format!(
        "#!/bin/sh\nprintf %s \"$1\" > told\n\
         curl --silent --location --cookie-jar jar --noproxy 127.0.0.1 --proxy {} --cacert {} \
         --output page \"$1\"\n",
        world.sim.proxy_url(),
        world.sim.ca_pem_path().display()
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn the_console_opens_signed_in_at_the_repository() {
    let world = World::in_memory().signed_in();
    let browser = browser(&world);
    let arguments = ["console", blog::ROLE_PROFILE, "--destination", DESTINATION];
    let mut command = world.command(crate::world::program("holdfast"));
    let ran = run(command.args(arguments).env("BROWSER", &browser)).ok();
    let ran = ran.says(&["Opening the AWS console", "Signed in until"]);
    holdfast_testkit::wait_until("the browser is at its page", || {
        fs::read_to_string(world.path("page")).is_ok_and(|page| page.contains("</html>"))
    });
    let page = fs::read_to_string(world.path("page")).unwrap();
    assert!(
        page.contains("assumed-role/MyRepositoryContributorRole/"),
        "{page}"
    );
    assert!(page.contains("/codesuite/codecommit/repositories/myRepository/browse"));
    let told = fs::read_to_string(world.path("told")).unwrap();
    assert!(told.starts_with("http://127.0.0.1:"), "{told}");
    let log = world.log();
    for (what, secret) in world.sim.secrets() {
        for place in [&told, &ran.out, &log] {
            assert!(!place.contains(secret.reveal()), "{what}");
        }
    }
    let entries = world.holdfast(&["activity", "--json"]).ok().json();
    let kinds: Vec<&str> = entries["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["kind"].as_str())
        .collect();
    assert!(kinds.contains(&"console-link"), "{kinds:?}");
}

#[test]
fn who_cannot_be_signed_in_is_told_why() {
    let world = World::in_memory();
    world
        .holdfast(&["console", blog::ROLE_PROFILE, "--print"])
        .failed()
        .says(&["needs an MFA code"]);
    world.login().ok();
    world
        .holdfast(&["console", blog::KEY_PROFILE, "--print"])
        .failed()
        .says(&[
            "ends with the MFA session of an IAM user",
            "use a profile with role_arn",
        ]);
    world
        .holdfast(&["console", blog::ROLE_PROFILE, "--print", "--duration", "1h"])
        .failed()
        .says(&["after an hour at most", "ask for no duration"]);
    assert_eq!(world.count("getSigninToken"), 0);
}

#[test]
fn repositories_are_listed_and_kept() {
    let world = World::in_memory().signed_in();
    world.holdfast(&["repos", blog::ROLE_PROFILE]).ok().says(&[
        "REPOSITORY",
        blog::REPOSITORY,
        "My Repository",
    ]);
    let listed = world
        .holdfast(&["repos", blog::ROLE_PROFILE, "--json"])
        .ok()
        .json();
    assert_eq!(listed["repositories"][0]["clone_url"], blog::CLONE_URL);
    assert_eq!(world.count("ListRepositories"), 2, "asked each time");
    world
        .holdfast(&["repos", blog::ROLE_PROFILE, "--region", "eu-west-1"])
        .ok()
        .says(&["sees no repository in eu-west-1"]);
    world
        .holdfast(&["repos", blog::KEY_PROFILE])
        .failed()
        .says(&[
            blog::USER_ARN,
            "codecommit:ListRepositories",
            "ask for a policy",
        ]);
}
