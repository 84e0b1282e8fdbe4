//! What a plan writes, and where.

use crate::{
    BEGIN, CORP_SESSION, END, Home, OTHER_SESSION, account, chosen, corp, other, profile, removing,
};
use holdfast_aws_files::{Document, FileKind, ProfileSet};
use holdfast_setup::SetupError;
use holdfast_setup::discovery::{Choice, DiscoveryPlan, PlannedState, WrittenProfile, written};
use std::fs;

#[test]
fn profiles_come_behind_every_byte_that_was_there() {
    let choice = Choice {
        region: Some("eu-central-1".to_owned()),
        ..corp(&[("Dev", "Developer"), ("Prod EU", "ReadOnly")])
    };
    let with_region = |text: String| text.replacen("\n\n", "\nregion = eu-central-1\n\n", 1);
    let block = [
        BEGIN,
        CORP_SESSION,
        &with_region(profile("dev-developer", "corp", "Dev", "Developer")),
        &with_region(profile("prod-eu-readonly", "corp", "Prod EU", "ReadOnly")),
        END,
    ]
    .concat();
    for (before, separator) in [
        ("", ""),
        ("# mine\n[profile main]\nregion = eu-west-1\n", "\n"),
        ("[profile main]\nregion = eu-west-1", "\n"),
        ("[profile main]\n\n", "\n"),
        ("\n", "\n"),
        ("\u{feff}# mine\n", "\n"),
    ] {
        let home = Home::with(before);
        let plan = home.plan(&choice);
        assert_eq!(plan.session(), "corp");
        assert!(plan.session_is_new() && !plan.is_empty() && !plan.is_obstructed());
        let states = plan.profiles().iter().map(|profile| &profile.state);
        assert!(states.into_iter().all(|state| *state == PlannedState::New));
        let diff = plan.diff();
        assert!(diff.contains("\n+[profile dev-developer]\n"), "{diff}");
        assert!(!diff.contains("\n-"), "{diff}");
        let applied = plan.apply().unwrap();
        assert_eq!(home.text(), format!("{before}{separator}{block}"));
        assert_eq!(fs::read_to_string(applied.backup.unwrap()).unwrap(), before);
        assert!(home.plan(&choice).is_empty(), "nothing is left to do");
    }
    let home = Home::new();
    home.apply(&choice);
    assert_eq!(home.text(), block, "the first profile makes the file");
    let home = Home::with("[default]\r\nregion = x\r\n");
    home.apply(&choice);
    let windows = block.replace('\n', "\r\n");
    assert_eq!(
        home.text(),
        format!("[default]\r\nregion = x\r\n\r\n{windows}")
    );
    assert!(home.plan(&choice).is_empty());
}

#[test]
fn portals_share_the_block_and_keep_their_profiles() {
    let home = Home::with("# mine\n");
    home.apply(&corp(&[("Dev", "Admin")]));
    home.apply(&other(&[("Lab", "Admin")]));
    home.apply(&corp(&[("Dev", "Admin"), ("Prod", "Admin")]));
    let block = |middle: &str| {
        let dev = profile("dev-admin", "corp", "Dev", "Admin");
        let lab = profile("lab-admin", "other", "Lab", "Admin");
        format!("# mine\n\n{BEGIN}{CORP_SESSION}{dev}{middle}{OTHER_SESSION}{lab}{END}")
    };
    let prod = profile("prod-admin", "corp", "Prod", "Admin");
    assert_eq!(home.text(), block(&prod));
    home.write(&format!("{}[profile mine]\nregion = x\n", home.text()));
    let plan = home.plan(&removing(&["prod-admin"], corp(&[])));
    assert_eq!(plan.removed(), ["prod-admin"]);
    plan.apply().unwrap();
    let tail = "[profile mine]\nregion = x\n";
    assert_eq!(home.text(), block("") + tail);
    home.apply(&removing(&["dev-admin"], other(&[])));
    let lab = profile("lab-admin", "other", "Lab", "Admin");
    let expect = format!("# mine\n\n{BEGIN}{OTHER_SESSION}{lab}{END}{tail}");
    assert_eq!(
        home.text(),
        expect,
        "the section that nobody needs goes too"
    );
    home.apply(&removing(&["lab-admin"], other(&[])));
    assert_eq!(home.text(), format!("# mine\n{tail}"));
}

#[test]
fn one_plan_adds_and_removes() {
    let home = Home::new();
    home.apply(&corp(&[("Dev", "Admin"), ("Prod", "Admin")]));
    // The name of one that goes is free for another role.
    let mut choice = removing(
        &["prod-admin"],
        corp(&[("Dev", "Admin"), ("Test", "Admin")]),
    );
    choice.roles[1].profile = Some("prod-admin".to_owned());
    let plan = home.plan(&choice);
    assert_eq!(plan.profiles()[0].state, PlannedState::Present);
    assert_eq!(plan.profiles()[1].state, PlannedState::New);
    plan.apply().unwrap();
    let dev = profile("dev-admin", "corp", "Dev", "Admin");
    let test = profile("prod-admin", "corp", "Test", "Admin");
    // What comes replaces what goes, behind the portal's last section.
    assert_eq!(
        home.text(),
        [BEGIN, CORP_SESSION, &dev, &test, END].concat()
    );
}

#[test]
fn the_section_of_the_portal_is_used_wherever_it_stands() {
    for mine in [
        "[sso-session work]\nsso_start_url = https://Corp.awsapps.com/start/#/\nsso_region=eu-west-1\n",
        "[sso-session \"our portal\"]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n",
    ] {
        let home = Home::with(mine);
        let plan = home.plan(&corp(&[("Dev", "Admin")]));
        assert!(!plan.session_is_new());
        let session = plan.session().to_owned();
        plan.apply().unwrap();
        let dev = profile("dev-admin", &session, "Dev", "Admin");
        assert_eq!(home.text(), format!("{mine}\n{BEGIN}{dev}{END}"));
    }
    // The same address in another Region is another portal, and its name is taken.
    let mine = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-west-2\n";
    let home = Home::with(mine);
    home.apply(&corp(&[("Dev", "Admin")]));
    let dev = profile("dev-admin", "corp-2", "Dev", "Admin");
    let session = CORP_SESSION.replace("[sso-session corp]", "[sso-session corp-2]");
    assert_eq!(home.text(), format!("{mine}\n{BEGIN}{session}{dev}{END}"));
}

#[test]
fn a_section_is_named_after_its_portal() {
    for (url, expect) in [
        ("https://corp.awsapps.com/start", "corp"),
        ("https://d-1234567890.awsapps.com/start", "d-1234567890"),
        (
            "https://start.us-gov-home.awsapps.com/directory/Corp",
            "corp",
        ),
        ("https://ssoins-12.portal.eu-west-1.app.aws", "ssoins-12"),
        ("https://localhost:8443/start", "localhost"),
        ("https://start.home.awsapps.cn/directory/%20", "20"),
    ] {
        let mut choice = corp(&[("Dev", "Admin")]);
        choice.portal.start_url = url.to_owned();
        let home = Home::new();
        assert_eq!(home.plan(&choice).session(), expect, "{url}");
    }
}

#[test]
fn a_role_that_has_a_profile_elsewhere_is_pointed_out() {
    let mine = format!(
        "[profile old]\nsso_start_url = https://corp.awsapps.com/start/\nsso_region = eu-west-1\n\
         sso_account_id = {}\nsso_role_name = Admin\n",
        account("Dev")
    );
    let home = Home::with(&mine);
    let plan = home.plan(&corp(&[("Dev", "Admin"), ("Dev", "Reader")]));
    assert_eq!(plan.profiles()[0].elsewhere.as_deref(), Some("old"));
    assert_eq!(plan.profiles()[1].elsewhere, None);
    plan.apply().unwrap();
    let plan = home.plan(&corp(&[("Dev", "Admin"), ("Dev", "Admin")]));
    assert_eq!(plan.profiles().len(), 1, "a role counts once");
    assert_eq!(plan.profiles()[0].state, PlannedState::Present);
    assert_eq!(plan.profiles()[0].name, "dev-admin");
    // The same account and role at another portal is another role.
    let plan = home.plan(&other(&[("Dev", "Admin")]));
    assert_eq!(plan.profiles()[0].elsewhere, None);
    assert!(plan.is_obstructed(), "but the name is taken");
}

#[test]
fn what_is_in_the_block_is_listed() {
    let home = Home::new();
    assert_eq!(written(&home.context).unwrap(), []);
    home.apply(&corp(&[("Dev", "Admin")]));
    home.apply(&other(&[("Lab", "Reader")]));
    let entry =
        |name: &str, host: &str, region: &str, account_name: &str, role: &str| WrittenProfile {
            name: name.to_owned(),
            start_url: Some(format!("https://{host}.awsapps.com/start")),
            sso_region: Some(region.to_owned()),
            account_id: account(account_name),
            role_name: role.to_owned(),
            is_edited: false,
        };
    assert_eq!(
        written(&home.context).unwrap(),
        [
            entry("dev-admin", "corp", "eu-west-1", "Dev", "Admin"),
            entry("lab-admin", "other", "us-east-1", "Lab", "Reader"),
        ]
        .map(|entry| WrittenProfile {
            name: entry.name.replace("lab-admin", "lab-reader"),
            ..entry
        })
    );
}

#[test]
fn a_wrong_portal_or_region_is_refused() {
    let home = Home::with("# mine\n");
    for (url, sso_region, region, words) in [
        (
            "http://corp.awsapps.com/start",
            "eu-west-1",
            None,
            "https://",
        ),
        (
            "https://mary:x@corp/start",
            "eu-west-1",
            None,
            "names no user",
        ),
        ("https://corp.awsapps.com/start", "Ireland", None, "region"),
        (
            "https://corp.awsapps.com/start",
            "eu-west-1\nx = y",
            None,
            "region",
        ),
        (
            "https://corp.awsapps.com/start",
            "eu-west-1",
            Some("x y"),
            "region",
        ),
    ] {
        let mut choice = corp(&[("Dev", "Admin")]);
        choice.portal.start_url = url.to_owned();
        choice.portal.region = sso_region.to_owned();
        choice.region = region.map(str::to_owned);
        let error = DiscoveryPlan::make(&choice, &home.context).err().unwrap();
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(home.text(), "# mine\n");
}

#[test]
fn only_what_is_in_the_block_can_be_taken_out() {
    let home = Home::with("[profile mine]\nregion = x\n");
    for in_block in [false, true] {
        for name in ["mine", "nobody"] {
            let choice = removing(&[name], corp(&[]));
            let error = DiscoveryPlan::make(&choice, &home.context).err().unwrap();
            let words = format!("{name} is not one of the profiles that Holdfast wrote");
            assert!(error.to_string().starts_with(&words), "{error}");
        }
        if !in_block {
            home.apply(&corp(&[("Dev", "Admin")]));
        }
    }
}

#[test]
fn a_change_between_plan_and_apply_is_kept() {
    let home = Home::with("# mine\n");
    let plan = home.plan(&corp(&[("Dev", "Admin")]));
    let fingerprint = plan.fingerprint();
    assert_eq!(
        home.plan(&corp(&[("Dev", "Admin")])).fingerprint(),
        fingerprint
    );
    assert_ne!(
        home.plan(&corp(&[("Dev", "Reader")])).fingerprint(),
        fingerprint
    );
    home.write("# another\n");
    assert!(plan.apply().unwrap_err().is_outdated());
    assert_eq!(home.text(), "# another\n");
}

#[test]
fn damaged_marks_are_named_and_nothing_is_done() {
    let home = Home::new();
    home.apply(&corp(&[("Dev", "Admin")]));
    let whole = home.text();
    for (text, line) in [
        (whole.replace(END, ""), 1),
        (whole.replace(BEGIN, "\n"), 12),
        (format!("# x\n{whole}{whole}"), 2),
        (format!("{END}{BEGIN}"), 1),
        (format!("{BEGIN}{BEGIN}{END}"), 1),
        (format!("{BEGIN}{END}region = x\n"), 1),
    ] {
        home.write(&text);
        let errors = [
            DiscoveryPlan::make(&corp(&[]), &home.context).err(),
            holdfast_setup::discovery::UndoPlan::make(&home.context).err(),
            written(&home.context).err(),
        ];
        for error in errors {
            let error = error.unwrap();
            assert!(matches!(error, SetupError::BlockDamaged { .. }), "{error}");
            let error = error.to_string();
            assert!(error.contains(&format!("(line {line})")), "{text}: {error}");
            assert!(error.contains("/config"), "{error}");
        }
    }
}

#[test]
fn thousands_of_roles_are_one_plan() {
    let names: Vec<String> = (0..1000)
        .map(|number| format!("account {number}"))
        .collect();
    let mut choice = corp(&[]);
    for (number, name) in (0_u64..).zip(&names) {
        for role in ["Admin", "Developer", "ReadOnly", "Billing", "Support"] {
            let mut role = chosen(name, role);
            role.account_id = format!("{:012}", 100_000_000_000 + number);
            choice.roles.push(role);
        }
    }
    let home = Home::with("# mine\n");
    home.apply(&choice);
    let document = Document::read(&home.context.config_file, FileKind::Config).unwrap();
    let set = ProfileSet::merge(&document, &Document::missing("", FileKind::Credentials));
    assert_eq!(set.profiles().len(), 5000);
    assert_eq!(set.problems(), []);
    assert_eq!(written(&home.context).unwrap().len(), 5000);
    assert!(home.plan(&choice).is_empty());
    home.undo().apply().unwrap();
    assert_eq!(home.text(), "# mine\n");
}
