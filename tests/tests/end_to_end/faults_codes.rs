//! Codes, keys, roles and sessions that AWS refuses: each with a clear error, and nothing lost.

use crate::world::World;
use holdfast_aws_sim::{Account, Role, Scenario, Trust, User, allow, blog};
use holdfast_testkit::wait_until;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn a_wrong_code_is_refused_and_loses_nothing() {
    let world = World::in_memory();
    let wrong = world.sim.wrong_code(blog::MFA_SERIAL).unwrap();
    let refused = world.holdfast(&["login", blog::ROLE_PROFILE, "--code", &wrong]);
    refused
        .exits(3)
        .says(&[
            "AWS refused the code of MFA device",
            blog::MFA_SERIAL,
            "hint:",
        ])
        .never_says(&[&wrong]);
    wait_until("the right code is taken", || world.login().is_ok());

    let refused = world.holdfast(&["login", blog::ROLE_PROFILE, "--code", &wrong]);
    refused.failed().never_says(&[&wrong]);
    world.helper_get().ok().says(&["password="]);
}

#[test]
fn three_wrong_codes_bring_the_advice_to_resync() {
    let world = World::in_memory();
    let near: Vec<String> = (-5..=5)
        .filter_map(|step| {
            let time = world.sim.clock().now() + jiff::SignedDuration::from_secs(30 * step);
            world.sim.totp_at(blog::MFA_SERIAL, time)
        })
        .collect();
    let wrong = (0..20)
        .map(|number| format!("{number:06}"))
        .filter(|code| !near.contains(code));
    let mut said = String::new();
    for code in wrong.take(3) {
        let ran = world
            .holdfast(&["login", blog::ROLE_PROFILE, "--code", &code])
            .exits(3);
        said = ran.err;
        wait_until("another code may be sent", || {
            let status = world.status();
            let sessions = status["sessions"].as_array().unwrap().clone();
            sessions
                .iter()
                .all(|session| session["state"] != "refreshing")
        });
    }
    assert!(said.contains("resync"), "{said}");
    assert!(said.contains("clock"), "{said}");
}

#[test]
fn a_used_code_is_not_sent_again() {
    let world = World::new();
    let code = world.code();
    let login = || world.holdfast(&["login", blog::ROLE_PROFILE, "--code", &code]);
    login().ok();
    world.holdfast(&["logout", "--all"]).ok();
    let used = ["AWS has already taken this code; the device shows the next in "];
    login().exits(3).says(&used).never_says(&[&code]);
    assert_eq!(
        world.count("GetSessionToken"),
        1,
        "the code was not sent again"
    );

    // Whoever starts the next agent knows it too.
    world.kill_agent();
    login().exits(3).says(&used);
    assert_eq!(world.count("GetSessionToken"), 1);
    world.login().ok();
}

#[test]
fn a_code_that_aws_saw_from_another_program_is_told_from_a_wrong_one() {
    let world = World::in_memory();
    let code = world.code();
    world
        .aws(&[
            "sts",
            "get-session-token",
            "--profile",
            blog::KEY_PROFILE,
            "--serial-number",
            blog::MFA_SERIAL,
            "--token-code",
            &code,
        ])
        .ok();
    // AWS has one answer for both, so the advice has to fit both.
    let refused = world.holdfast(&["login", blog::ROLE_PROFILE, "--code", &code]);
    refused.exits(3).says(&["AWS refused the code", "hint: "]);
    wait_until("the next code is taken", || world.login().is_ok());
}

#[test]
fn the_terminal_counts_down_to_the_next_code() {
    let world = World::in_memory().signed_in();
    world.holdfast(&["logout", "--all"]).ok();
    let line = format!(
        "{} login {}",
        crate::world::program("holdfast").display(),
        blog::ROLE_PROFILE
    );
    let used = world.sim.totp_now(blog::MFA_SERIAL).unwrap();
    let mut command = world.on_terminal(&line);
    // The countdown runs in real time, so the person gives up instead of waiting for its end.
    let mut terminal = crate::terminal::Terminal::start(&mut command);
    terminal.wait_for("MFA code: ");
    terminal.type_line(&used);
    terminal.wait_for("AWS has seen that code already. Next one in ");
    terminal.interrupt();
    terminal.end().exits(130);
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn a_code_of_the_wrong_length_is_not_sent() {
    let world = World::in_memory();
    for code in ["12345", "1234567", "12345a", ""] {
        let refused = world.holdfast(&["login", blog::ROLE_PROFILE, "--code", code]);
        refused
            .exits(2)
            .says(&["a code has six digits; nothing was sent"]);
    }
    assert_eq!(world.sim.calls().all(), []);
}

#[test]
fn a_device_that_aws_does_not_know_is_named() {
    let world = World::in_memory();
    let serial = "arn:aws:iam::111122223333:mfa/NoSuchDevice";
    let config = world.sim.config_text().replace(blog::MFA_SERIAL, serial);
    world.home.aws_config(&config);
    let refused = world.holdfast(&["login", blog::ROLE_PROFILE, "--code", "123456"]);
    refused.failed().says(&[serial, "check mfa_serial"]);
}

#[test]
fn a_profile_without_a_device_says_which_line_is_missing() {
    let world = World::in_memory();
    let config: String = world
        .sim
        .config_text()
        .lines()
        .filter(|line| !line.starts_with("mfa_serial"))
        .map(|line| format!("{line}\n"))
        .collect();
    world.home.aws_config(&config);
    world.git_setup();
    world
        .holdfast(&["login", blog::ROLE_PROFILE])
        .failed()
        .says(&[
            blog::USER_ARN,
            blog::ROLE_ARN,
            "the role may demand MFA",
            "hint: add mfa_serial to profile MyRepositoryContributor or to its source profile",
        ]);
    world.ls_remote().failed().says(&[
        "holdfast: ",
        "; add mfa_serial to profile MyRepositoryContributor",
    ]);
}

#[test]
fn a_deactivated_key_is_named() {
    let world = World::in_memory();
    let key = world.sim.access_key(blog::USER).unwrap();
    world.sim.set_key_active(&key.id, false);
    let refused = world.login().exits(1);
    refused.says(&[
        &format!(
            "AWS does not know access key {}, or it is deactivated",
            key.id
        ),
        "holdfast keys add",
    ]);
    world.sim.set_key_active(&key.id, true);
    wait_until("the key works again", || world.login().is_ok());
}

#[test]
fn a_role_that_may_not_be_assumed_is_named_with_the_principal() {
    let world = World::in_memory();
    world.sim.set_role_suspended(blog::ROLE_ARN, true);
    world
        .login()
        .exits(1)
        .says(&[blog::USER_ARN, "sts:AssumeRole", blog::ROLE_ARN]);
    // The code is not lost: the session that it opened is there.
    assert_eq!(
        world.status()["sessions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|session| session["state"] == "valid")
            .count(),
        1
    );
    world.git_setup();
    let refused = world.ls_remote().failed();
    let refused = refused
        .says(&["holdfast: ", blog::USER_ARN, blog::ROLE_ARN])
        .never_says(&["Username"]);
    assert_eq!(refused.helper_lines().len(), 1, "{refused}");

    world.sim.set_role_suspended(blog::ROLE_ARN, false);
    wait_until("the role is assumed", || world.ls_remote().is_ok());
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn a_duration_beyond_the_roles_maximum_is_explained() {
    let world = World::in_memory();
    world.append(".aws/config", "duration_seconds = 43200\n");
    world
        .login()
        .failed()
        .says(&["43200 seconds", "maximum session duration", blog::ROLE_ARN]);
}

#[test]
fn a_duration_that_no_session_can_have_is_refused() {
    let world = World::in_memory();
    let code = world.code();
    for duration in ["10m", "37h"] {
        let refused = world.holdfast(&[
            "login",
            blog::ROLE_PROFILE,
            "--code",
            &code,
            "--duration",
            duration,
        ]);
        refused.failed().says(&["duration"]);
    }
    assert_eq!(world.count("GetSessionToken"), 0, "the code was kept");
    world
        .holdfast(&[
            "login",
            blog::ROLE_PROFILE,
            "--code",
            &code,
            "--duration",
            "1h",
        ])
        .ok();
}

/// Time passes for AWS, and the agent hears of it: by AWS's answer to a call for a role session that was not needed yet.
fn time_passes(world: &World, by: Duration) -> crate::process::Ran {
    let name = format!("later{}", by.as_secs());
    world.append(
        ".aws/config",
        &format!(
            "\n[profile {name}]\nregion = eu-west-1\nrole_arn = {}\nrole_session_name = {name}\nsource_profile = {}\n",
            blog::ROLE_ARN,
            blog::KEY_PROFILE
        ),
    );
    world.sim.clock().advance(by);
    world.holdfast(&["credential-process", "--profile", &name])
}

#[test]
fn an_expired_session_asks_for_a_code_and_nothing_else() {
    let world = World::in_memory().signed_in();
    time_passes(&world, 13 * HOUR).exits(3).says(&[
        "the MFA session for profile later46800 has ended",
        "hint: holdfast login later46800",
    ]);

    let refused = world.ls_remote().failed();
    let refused = refused
        .says(&[": the MFA session for profile MyRepositoryContributor has ended; run: holdfast login MyRepositoryContributor\n"])
        .never_says(&["Username"]);
    assert_eq!(refused.helper_lines().len(), 1, "{refused}");
    world.holdfast(&["status"]).ok().says(&["needs MFA code"]);
    world.login().ok();
    world.ls_remote().ok();
}

#[test]
fn a_role_session_is_renewed_without_a_person() {
    let world = World::in_memory().signed_in();
    time_passes(&world, 2 * HOUR).ok();
    world.ls_remote().ok();
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn a_session_that_aws_ended_needs_a_code() {
    let world = World::in_memory().signed_in();
    time_passes(&world, HOUR / 6).ok();
    world.sim.close_all_sessions();
    time_passes(&world, HOUR / 5)
        .exits(3)
        .says(&["has ended", "hint: holdfast login later720"]);
    world.holdfast(&["status"]).ok().says(&["needs MFA code"]);
    world.login().ok();
    world
        .holdfast(&["credential-process", "--profile", "later720"])
        .ok();
}

#[test]
fn a_refused_password_makes_the_role_be_assumed_again() {
    let world = World::in_memory().signed_in();
    world.ls_remote().ok();
    time_passes(&world, HOUR / 6).ok();
    world.sim.revoke_role_sessions(blog::ROLE_ARN);
    world.ls_remote().failed().says(&["403"]);
    // git tells its helpers of a 401 and not of a 403, so this stands for a server that answers 401.
    let mut helper = world.command(crate::world::program("git-credential-holdfast"));
    crate::process::run_with_input(helper.arg("erase"), crate::world::GET).ok();
    world.ls_remote().ok();
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn a_role_with_an_external_id_and_a_chain_of_roles_work() {
    let hub = "arn:aws:iam::222233334444:role/Hub";
    let end = "arn:aws:iam::333344445555:role/End";
    let user = User::new("Jo")
        .access_key()
        .virtual_mfa()
        .policy(allow(&["sts:AssumeRole"], &[hub]));
    let hub_role = Role::new("Hub", Trust::of("111122223333").mfa_younger_than(86_400))
        .policy(allow(&["sts:AssumeRole"], &[end]));
    let trust = Trust::of(hub).condition("StringEquals", "sts:ExternalId", "shared-word");
    let end_role = Role::new("End", trust).policy(allow(&["codecommit:*"], &["*"]));
    let scenario = Scenario::new()
        .account(Account::new("111122223333").user(user))
        .account(Account::new("222233334444").role(hub_role))
        .account(Account::new("333344445555").role(end_role))
        .key_profile("jo", "Jo")
        .config(&format!(
            "[profile jo]\nmfa_serial = arn:aws:iam::111122223333:mfa/Jo\nregion = us-east-1\n\
             [profile hub]\nrole_arn = {hub}\nsource_profile = jo\nregion = us-east-1\n\
             [profile end]\nrole_arn = {end}\nsource_profile = hub\nexternal_id = shared-word\nregion = us-east-1\n"
        ));
    let world = World::of(scenario);
    let code = world.code_of("arn:aws:iam::111122223333:mfa/Jo");
    world.holdfast(&["login", "end", "--code", &code]).ok();
    world
        .holdfast(&["credential-process", "--profile", "end"])
        .ok()
        .says(&["\"Version\":1"]);
    assert_eq!(world.count("AssumeRole"), 2);
    // The hub's session is the one that the chain went through.
    world
        .holdfast(&["credential-process", "--profile", "hub"])
        .ok();
    assert_eq!(world.count("AssumeRole"), 2);
}
