//! A new profile in the AWS config file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use holdfast_agent_proto::CallerContext;
use holdfast_setup::profile::{NewProfile, ProfilePlan, Role};
use std::fs;
use tempfile::TempDir;

const CONFIG: &str = "# mine\n[profile main]\nregion = eu-west-1";

fn home() -> (TempDir, CallerContext) {
    let folder = tempfile::tempdir().unwrap();
    let context = CallerContext {
        config_file: folder.path().join("config"),
        credentials_file: folder.path().join("credentials"),
        ..CallerContext::default()
    };
    fs::write(&context.config_file, CONFIG).unwrap();
    (folder, context)
}

fn user(name: &str) -> NewProfile {
    NewProfile {
        name: name.to_owned(),
        region: Some("eu-west-1".to_owned()),
        mfa_serial: Some("arn:aws:iam::111111111111:mfa/mary".to_owned()),
        role: None,
    }
}

fn role(arn: &str, source_profile: &str) -> NewProfile {
    NewProfile {
        role: Some(Role {
            arn: arn.to_owned(),
            source_profile: source_profile.to_owned(),
        }),
        ..user("role")
    }
}

#[test]
fn the_profile_is_added_behind_every_byte_that_was_there() {
    for (profile, added) in [
        (
            user("work"),
            "[profile work]\nmfa_serial = arn:aws:iam::111111111111:mfa/mary\nregion = eu-west-1\n",
        ),
        (
            user("two words"),
            "[profile \"two words\"]\nmfa_serial = arn:aws:iam::111111111111:mfa/mary\nregion = eu-west-1\n",
        ),
        (
            role("arn:aws:iam::222222222222:role/path/dev", "main"),
            "[profile role]\nrole_arn = arn:aws:iam::222222222222:role/path/dev\nsource_profile = main\nmfa_serial = arn:aws:iam::111111111111:mfa/mary\nregion = eu-west-1\n",
        ),
    ] {
        let (_folder, context) = home();
        let plan = ProfilePlan::make(&profile, &context).unwrap();
        assert!(plan.diff().contains("+mfa_serial"), "{}", plan.diff());
        let written = plan.apply().unwrap();
        let after = fs::read_to_string(&context.config_file).unwrap();
        assert_eq!(after, format!("{CONFIG}\n\n{added}"));
        let backup = fs::read_to_string(written.backup.unwrap()).unwrap();
        assert_eq!(backup, CONFIG);
    }
}

#[test]
fn what_cannot_work_is_refused_by_name() {
    let (_folder, context) = home();
    let long = "n".repeat(201);
    let arn = "arn:aws:iam::222222222222:role/dev";
    for (profile, expect) in [
        (user(""), "needs a name"),
        (user(" a"), "needs a name"),
        (user(&long), "more than 200 characters"),
        (user("a]b"), "brackets"),
        (user("a\nb"), "brackets"),
        (user("main"), "there is a profile main already, in "),
        (
            NewProfile {
                region: Some("Ireland".to_owned()),
                ..user("a")
            },
            "region",
        ),
        (
            NewProfile {
                mfa_serial: Some("arn:aws:iam::1:mfa/mary".to_owned()),
                ..user("a")
            },
            "MFA device",
        ),
        (
            NewProfile {
                mfa_serial: None,
                region: None,
                ..user("a")
            },
            "needs an MFA device or a region",
        ),
        (role("arn:aws:iam::222222222222:user/dev", "main"), "role"),
        (role("arn:aws:iam::222222222222:role/d e", "main"), "role"),
        (role(arn, "nobody"), "there is no profile nobody"),
    ] {
        let error = ProfilePlan::make(&profile, &context).err().unwrap();
        assert!(error.to_string().contains(expect), "{error}");
    }
    assert_eq!(fs::read_to_string(&context.config_file).unwrap(), CONFIG);
}

#[test]
fn a_change_between_plan_and_apply_is_kept() {
    let (_folder, context) = home();
    let plan = ProfilePlan::make(&user("work"), &context).unwrap();
    fs::write(&context.config_file, "# another\n").unwrap();
    assert!(plan.apply().unwrap_err().is_outdated());
    assert_eq!(
        fs::read_to_string(&context.config_file).unwrap(),
        "# another\n"
    );
}

#[test]
fn the_first_profile_makes_the_file() {
    let (_folder, mut context) = home();
    context.config_file = context.config_file.with_file_name("new/config");
    ProfilePlan::make(&user("work"), &context)
        .unwrap()
        .apply()
        .unwrap();
    let after = fs::read_to_string(&context.config_file).unwrap();
    assert!(after.starts_with("[profile work]\n"), "{after}");
}
