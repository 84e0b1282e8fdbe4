//! Settings and files that change while the agent runs.

use crate::desk::Desk;
use crate::process::start;
use crate::world::World;
use holdfast_agent_proto::{ClientError, Event, Reply, Request};
use holdfast_aws_sim::blog;
use std::process::Stdio;

const FILE: &str = ".config/holdfast/config.toml";

/// Writes the settings and has them read: the error's words when they do not do.
fn set(world: &World, desk: &mut Desk, text: &str) -> Result<(), String> {
    world.home.write(FILE, text);
    match desk.answers.request(Request::ReloadSettings) {
        Ok(Reply::Done) => Ok(()),
        Ok(_) => panic!("an answer that does not fit"),
        Err(ClientError::Refused(error)) => Err(error.message),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn what_programs_without_a_terminal_get_can_be_chosen() {
    let world = World::in_memory();
    let mut desk = Desk::at(&world);

    set(&world, &mut desk, "[prompts]\nbackground = 'never'\n").unwrap();
    desk.wait(|event| (event == Event::SettingsChanged).then_some(()));
    world.helper_get().says(&["needs an MFA code"]);
    desk.saw_no_other();

    set(&world, &mut desk, "[prompts]\nbackground = 'popup'\n").unwrap();
    world.git_setup();
    let mut git = world.command("git");
    let git = start(
        git.args(["ls-remote", blog::CLONE_URL])
            .stdin(Stdio::null()),
    );
    let prompt = desk.opened();
    assert!(prompt.interactive, "as if at a terminal");
    assert_eq!(desk.answer(prompt.id, &world.code()), Ok(()));
    git.end().ok();
}

#[test]
fn a_bad_file_keeps_the_settings_from_before() {
    let world = World::in_memory();
    let mut desk = Desk::at(&world);
    set(
        &world,
        &mut desk,
        "[sessions]\nmfa-duration-seconds = 7200\n",
    )
    .unwrap();
    let error = set(&world, &mut desk, "[sessions]\nmfa-duration-seconds = 5\n").unwrap_err();
    assert!(
        error.contains("config.toml is not valid (line 2)"),
        "{error}"
    );
    let warnings = world.status()["warnings"].to_string();
    assert!(
        warnings.contains("the settings from before count"),
        "{warnings}"
    );

    let _renewing = Desk::renew(&world, blog::ROLE_PROFILE, true);
    assert_eq!(desk.opened().duration_seconds, 43_200, "the profile's own");
    set(&world, &mut desk, "").unwrap();
    assert_eq!(world.status()["warnings"], serde_json::json!([]));
}

#[test]
fn clients_are_told_of_other_profiles_and_keys() {
    let world = World::in_memory();
    let mut desk = Desk::at(&world);
    let changed = |event| (event == Event::ProfilesChanged).then_some(());
    let names = |desk: &mut Desk| desk.answers.profiles().unwrap().len();
    let before = names(&mut desk);
    world.append(".aws/config", "\n[profile new]\nregion = us-east-1\n");
    assert_eq!(names(&mut desk), before + 1);
    desk.wait(changed);

    let add = Request::AddKey {
        profile: "new".to_owned(),
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
        replace: false,
    };
    assert!(desk.answers.request(add).is_ok());
    desk.wait(changed);
}
