//! What somebody wrote into the block by hand stays theirs.

use crate::{BEGIN, CORP_SESSION, END, Home, corp, other, profile, removing};
use holdfast_aws_files::{Document, FileKind, ProfileSet};
use holdfast_setup::discovery::{PlannedState, written};

/// A block with two profiles of one portal.
fn home() -> Home {
    let home = Home::with("# mine\n");
    home.apply(&corp(&[("Dev", "Admin"), ("Prod", "Admin")]));
    home
}

fn edit(home: &Home, from: &str, to: &str) {
    let text = home.text();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    home.write(&text.replace(from, to));
}

/// The value that the files give a profile's key.
fn value(home: &Home, name: &str, key: &str) -> Option<String> {
    let document = Document::read(&home.context.config_file, FileKind::Config).unwrap();
    let set = ProfileSet::merge(&document, &Document::missing("", FileKind::Credentials));
    Some(set.profile(name)?.get(key)?.to_owned())
}

/// Edits of the profile `dev-admin`, each with what it replaces.
fn edits() -> [(&'static str, &'static str); 5] {
    let header = "[profile dev-admin]\n";
    [
        (header, "[profile dev-admin]\noutput = json\n"),
        (header, "[profile dev-admin]\n# the first\n"),
        (
            header,
            "[profile dev-admin]\ns3 =\n  addressing_style = path\n",
        ),
        (header, "[profile dev-admin]  \n"),
        (
            "\n[profile prod-admin]",
            "\n[plugins]\nx = y\n\n[profile prod-admin]",
        ),
    ]
}

#[test]
fn what_was_edited_survives_every_plan() {
    for (from, to) in edits() {
        let home = home();
        edit(&home, from, to);
        let edited = home.text();
        let listed = written(&home.context).unwrap();
        assert!(listed[0].is_edited && !listed[1].is_edited, "{to}");
        home.apply(&corp(&[("Dev", "Admin"), ("Test", "Admin")]));
        home.apply(&other(&[("Lab", "Admin")]));
        home.apply(&removing(&["lab-admin", "test-admin"], corp(&[])));
        assert_eq!(home.text(), edited);

        let plan = home.plan(&removing(&["dev-admin", "prod-admin"], corp(&[])));
        assert_eq!(plan.kept(), ["[profile dev-admin]"]);
        assert_eq!(plan.removed(), ["prod-admin"]);
        plan.apply().unwrap();
        let prod = profile("prod-admin", "corp", "Prod", "Admin");
        assert_eq!(home.text(), edited.replace(&prod, ""), "{to}");
    }
}

#[test]
fn undoing_keeps_what_was_edited_and_what_it_needs() {
    for (from, to) in edits() {
        let home = home();
        edit(&home, from, to);
        let prod = profile("prod-admin", "corp", "Prod", "Admin");
        let expect = home
            .text()
            .replace(&prod, "")
            .replace(BEGIN, "")
            .replace(END, "");
        let undo = home.undo();
        assert_eq!(undo.profiles(), ["prod-admin"]);
        assert_eq!(undo.kept(), ["[profile dev-admin]", "[sso-session corp]"]);
        undo.apply().unwrap();
        assert_eq!(home.text(), expect);
        assert_eq!(
            value(&home, "dev-admin", "sso_session").as_deref(),
            Some("corp")
        );
        assert!(home.undo().is_empty());
    }
}

#[test]
fn a_value_that_was_changed_is_not_changed_back() {
    let home = home();
    let choice = corp(&[("Dev", "Admin"), ("Prod", "Admin")]);
    let roles = |text: &str| text.matches("sso_role_name = Admin\n").count();
    assert_eq!(roles(&home.text()), 2);
    let (before, after) = (
        profile("prod-admin", "corp", "Prod", "Admin"),
        profile("prod-admin", "corp", "Prod", "Reader"),
    );
    edit(&home, &before, &after);
    let plan = home.plan(&choice);
    // The name is in use for what the person made of it.
    assert!(matches!(
        plan.profiles()[1].state,
        PlannedState::Obstructed(_)
    ));
    assert!(plan.is_empty());
    home.apply(&corp(&[("Test", "Admin")]));
    assert!(home.text().contains(&after));
}

#[test]
fn a_setting_behind_the_block_stays_with_its_profile() {
    let home = home();
    let text = home.text();
    for tail in [
        "output = json\n",
        "\n# mine\noutput = json\n",
        "  x = y\noutput = json",
    ] {
        home.write(&format!("{text}{tail}"));
        assert!(written(&home.context).unwrap()[1].is_edited);
        home.apply(&corp(&[("Test", "Admin")]));
        home.apply(&other(&[("Lab", "Admin")]));
        let output = |home: &Home| value(home, "prod-admin", "output");
        assert_eq!(output(&home).as_deref(), Some("json"));
        for name in ["test-admin", "lab-admin", "dev-admin"] {
            assert_eq!(value(&home, name, "output"), None, "{name}");
        }
        let undo = home.undo();
        assert_eq!(undo.kept(), ["[profile prod-admin]", "[sso-session corp]"]);
        undo.apply().unwrap();
        assert_eq!(output(&home).as_deref(), Some("json"));
        let prod = profile("prod-admin", "corp", "Prod", "Admin");
        assert_eq!(home.text(), format!("# mine\n\n{CORP_SESSION}{prod}{tail}"));
        home.write(&text);
    }
}

#[test]
fn lines_before_the_first_section_stay() {
    let home = home();
    edit(&home, "[sso-session corp]", "# note\n[sso-session corp]");
    let undo = home.undo();
    assert_eq!(undo.profiles(), ["dev-admin", "prod-admin"]);
    undo.apply().unwrap();
    assert_eq!(home.text(), "# mine\n\n# note\n");
}

#[test]
fn a_section_that_an_own_profile_uses_stays() {
    let home = home();
    let own =
        "[profile own]\nsso_session = corp\nsso_account_id = 111111111111\nsso_role_name = X\n";
    home.write(&format!("{}{own}", home.text()));
    let undo = home.undo();
    assert_eq!(undo.kept(), ["[sso-session corp]"]);
    undo.apply().unwrap();
    assert_eq!(home.text(), format!("# mine\n\n{CORP_SESSION}{own}"));
}

#[test]
fn the_sections_of_others_in_the_block_stay() {
    let home = home();
    edit(
        &home,
        END,
        &format!("[services local]\nsts =\n  endpoint_url = http://localhost\n{END}"),
    );
    let undo = home.undo();
    assert_eq!(undo.kept(), ["[services local]"]);
    undo.apply().unwrap();
    let expect = "# mine\n\n[services local]\nsts =\n  endpoint_url = http://localhost\n";
    assert_eq!(home.text(), expect);
}
