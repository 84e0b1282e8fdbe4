//! Names that collide, that cannot be given, and that AWS or somebody hostile may have chosen.

use crate::{Home, account, chosen, corp, removing};
use holdfast_aws_files::{Document, FileKind, ProfileSet, Section};
use holdfast_setup::SetupError;
use holdfast_setup::discovery::{Obstacle, PlannedState};
use std::fs;

#[test]
fn a_collision_is_shown_and_resolved_only_by_the_person() {
    let mine = "[profile dev-admin]\nregion = eu-west-1\n";
    let home = Home::with(mine);
    fs::write(&home.context.credentials_file, "[lab-admin]\nx = y\n").unwrap();
    let mut choice = corp(&[
        ("Dev", "Admin"),
        ("DEV", "ADMIN"),
        ("Lab", "Admin"),
        ("Test 1", "Admin"),
        ("test-1!", "Admin"),
        ("Fine", "Admin"),
    ]);
    let plan = home.plan(&choice);
    let obstacle = |at: usize| match &plan.profiles()[at].state {
        PlannedState::Obstructed(obstacle) => obstacle.to_string(),
        state @ (PlannedState::New | PlannedState::Present) => panic!("{state:?}"),
    };
    let taken = "there is a profile of this name already, in ";
    assert!(obstacle(0).starts_with(taken), "{}", obstacle(0));
    assert!(obstacle(0).ends_with("config line 1"), "{}", obstacle(0));
    assert!(obstacle(1).starts_with(taken), "a taken name is said first");
    assert!(
        obstacle(2).ends_with("credentials line 1"),
        "{}",
        obstacle(2)
    );
    let twin = |name: &str| {
        let account_id = account(name);
        format!("the role Admin in account {account_id} gets the same name")
    };
    assert_eq!(obstacle(3), twin("test-1!"));
    assert_eq!(obstacle(4), twin("Test 1"));
    assert_eq!(plan.profiles()[5].state, PlannedState::New);
    assert!(plan.is_obstructed());
    assert!(plan.diff().contains("+[profile fine-admin]"));
    assert!(!plan.diff().contains("+[profile dev-admin]"));
    let error = plan.apply().unwrap_err();
    assert!(matches!(error, SetupError::NamesTaken { .. }), "{error}");
    let words = error.to_string();
    assert!(words.ends_with("dev-admin, dev-admin, lab-admin, test-1-admin, test-1-admin"));
    assert_eq!(home.text(), mine, "nothing was written");

    for (at, name) in ["work", "work 2", "lab", "test-a", "test-b"]
        .iter()
        .enumerate()
    {
        choice.roles[at].profile = Some((*name).to_owned());
    }
    let plan = home.plan(&choice);
    assert!(!plan.is_obstructed(), "{:?}", plan.profiles());
    plan.apply().unwrap();
    assert!(home.text().contains("\n[profile \"work 2\"]\n"));
}

#[test]
fn a_profile_of_the_block_gives_its_name_up_only_when_it_goes() {
    let home = Home::new();
    home.apply(&corp(&[("Dev", "Admin")]));
    let mut choice = corp(&[("Develop", "Admin")]);
    choice.roles[0].profile = Some("dev-admin".to_owned());
    let plan = home.plan(&choice);
    assert!(plan.is_obstructed());
    assert!(!home.plan(&removing(&["dev-admin"], choice)).is_obstructed());
}

#[test]
fn names_that_no_profile_can_have_are_refused() {
    let long = "n".repeat(201);
    for (name, words) in [
        ("", "needs a name"),
        (" a", "needs a name"),
        ("a]b", "brackets"),
        ("a\n[profile b]", "brackets"),
        ("a;b", "brackets"),
        ("default", "programs take unasked"),
        (&long, "more than 200"),
    ] {
        let home = Home::new();
        let mut choice = corp(&[("Dev", "Admin")]);
        choice.roles[0].profile = Some(name.to_owned());
        let plan = home.plan(&choice);
        let state = format!("{:?}", plan.profiles()[0].state);
        assert!(state.starts_with("Obstructed(Name("), "{name:?}: {state}");
        assert!(state.contains(words), "{state}");
        assert!(plan.is_empty());
        assert!(plan.apply().is_err());
    }
}

#[test]
fn whatever_accounts_are_called_the_file_reads_back() {
    let long = "x".repeat(200);
    for (account_name, expect) in [
        ("Two Words", "two-words-admin"),
        ("a]b", "a-b-admin"),
        (
            "a\n[profile evil]\ncredential_process = /bin/sh",
            "a-profile-evil-credential_process-bin-sh-admin",
        ),
        ("# END Holdfast", "end-holdfast-admin"),
        ("Größe", "gr-e-admin"),
        ("開発", &format!("{}-admin", account("開発"))),
        ("", "000000000001-admin"),
        ("\u{202e}cod.exe", "cod.exe-admin"),
        ("-rf", "rf-admin"),
        ("{role_name}", "role_name-admin"),
        (&long, &format!("{}-admin", "x".repeat(64))),
    ] {
        let home = Home::with("# mine\n");
        let plan = home.plan(&corp(&[(account_name, "Admin")]));
        assert_eq!(plan.profiles()[0].name, expect, "{account_name:?}");
        plan.apply().unwrap();
        let document = Document::read(&home.context.config_file, FileKind::Config).unwrap();
        let set = ProfileSet::merge(&document, &Document::missing("", FileKind::Credentials));
        assert_eq!(set.problems(), []);
        let names: Vec<&str> = set.profiles().map(Section::name).collect();
        assert_eq!(names, [expect]);
        let written = set.profile(expect).unwrap();
        assert_eq!(
            written.get("sso_account_id"),
            Some(account(account_name).as_str())
        );
        assert_eq!(written.get("sso_role_name"), Some("Admin"));
        assert_eq!(written.get("credential_process"), None);
        home.undo().apply().unwrap();
        assert_eq!(home.text(), "# mine\n");
    }
}

#[test]
fn accounts_and_roles_that_are_none_are_not_written() {
    let long = "r".repeat(65);
    for (account_id, role_name) in [
        ("1111", "Admin"),
        ("11111111111a", "Admin"),
        ("111111111111\nx", "Admin"),
        ("１１１１１１１１１１１１", "Admin"),
        ("111111111111", ""),
        ("111111111111", "Admin # x"),
        ("111111111111", "Admin\n[profile x]"),
        ("111111111111", "Größe"),
        ("111111111111", &long),
    ] {
        let home = Home::new();
        let mut choice = corp(&[]);
        choice.roles.push(chosen("Dev", role_name));
        choice.roles[0].account_id = account_id.to_owned();
        let plan = home.plan(&choice);
        let state = &plan.profiles()[0].state;
        assert_eq!(
            *state,
            PlannedState::Obstructed(Obstacle::Role),
            "{role_name:?}"
        );
        assert!(plan.is_empty());
    }
    let home = Home::new();
    let mut choice = corp(&[("Dev", "A_b+c=d,e.f@g-h")]);
    choice.roles[0].profile = Some("odd".to_owned());
    home.apply(&choice);
    assert!(home.text().contains("\nsso_role_name = A_b+c=d,e.f@g-h\n"));
}
