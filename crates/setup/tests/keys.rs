//! What is found in the AWS files, and plaintext keys taken out of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use holdfast_agent_proto::CallerContext;
use holdfast_setup::SetupError;
use holdfast_setup::keys::{
    self, AccessKey, KeyHolder, Plaintext, RemovalPlan, Source, Stored, Survey,
};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn home(config: &str, credentials: &str) -> (TempDir, CallerContext) {
    let folder = tempfile::tempdir().unwrap();
    let context = CallerContext {
        config_file: folder.path().join("config"),
        credentials_file: folder.path().join("credentials"),
        ..CallerContext::default()
    };
    fs::write(&context.config_file, config).unwrap();
    fs::write(&context.credentials_file, credentials).unwrap();
    (folder, context)
}

fn credentials() -> String {
    format!(
        "# mine\n[main]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n\n[temporary]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET}\naws_session_token = t\n"
    )
}

/// A keychain that may lose what it is given.
#[derive(Default)]
struct Keychain {
    held: Vec<Stored>,
    loses: bool,
    forgets: bool,
}

impl KeyHolder for Keychain {
    type Error = SetupError;

    fn add(&mut self, profile: &str, key: AccessKey, _: bool) -> Result<(), SetupError> {
        if !self.loses {
            self.held.push(Stored {
                profile: profile.to_owned(),
                id: key.id,
            });
        }
        Ok(())
    }

    fn held(&mut self) -> Result<Vec<Stored>, SetupError> {
        Ok(self.held.clone())
    }

    fn lasts(&mut self) -> Result<bool, SetupError> {
        Ok(!self.forgets)
    }
}

#[test]
fn the_survey_says_who_depends_on_a_key() {
    let config = "[profile main]\nmfa_serial = arn:aws:iam::111111111111:mfa/mary\n\
        [profile dev]\nrole_arn = arn:aws:iam::222222222222:role/dev\nsource_profile = main\nmfa_serial = arn:aws:iam::111111111111:mfa/mary\n\
        [profile prod]\nrole_arn = arn:aws:iam::333333333333:role/prod\nsource_profile = dev\n\
        [profile loop]\nrole_arn = arn:aws:iam::333333333333:role/prod\nsource_profile = pool\n\
        [profile pool]\nrole_arn = arn:aws:iam::333333333333:role/prod\nsource_profile = loop\n\
        [profile sso]\nsso_session = corp\n";
    let (_folder, context) = home(config, &credentials());
    let survey = Survey::read(&context).unwrap();
    assert_eq!(survey.profiles.len(), 7);
    assert_eq!(survey.mfa_devices, ["arn:aws:iam::111111111111:mfa/mary"]);
    let main = &survey.keys[0];
    assert_eq!((main.profile.as_str(), main.id.as_str()), ("main", ID));
    assert_eq!((&main.file, main.line), (&context.credentials_file, 4));

    let names: Vec<&str> = main
        .dependents
        .iter()
        .map(|it| it.profile.as_str())
        .collect();
    assert_eq!(names, ["dev", "prod"]);
    assert!(survey.keys[1].is_temporary);
    assert!(!format!("{survey:?}").contains(SECRET));
}

#[test]
fn files_that_are_not_there_hold_nothing() {
    let (folder, context) = home("", "");
    drop(folder);
    let survey = Survey::read(&context).unwrap();
    assert!(survey.keys.is_empty() && survey.profiles.is_empty());
}

#[test]
fn a_key_is_removed_only_when_the_keychain_shows_it() {
    let (_folder, context) = home("", &credentials());
    let mut keychain = Keychain::default();
    let found = Plaintext::of_user(&context).unwrap();
    let found = found.access_keys(&[]).unwrap();
    assert_eq!(found.temporary, ["temporary"]);
    let mut told = Vec::new();
    let stored = keys::transfer(&mut keychain, found.keys, false, |key| {
        told.push(key.clone());
        Ok::<(), SetupError>(())
    })
    .unwrap();
    assert_eq!(stored, told);

    let plan = || RemovalPlan::make(&context, stored.clone()).unwrap();
    let [diff] = plan().diffs().try_into().unwrap();
    assert!(diff.contains("-aws_secret_access_key = ****"), "{diff}");
    assert!(!diff.contains(SECRET));
    for mut unfit in [
        Keychain::default(),
        Keychain {
            held: stored.clone(),
            forgets: true,
            ..Keychain::default()
        },
    ] {
        plan().apply(&mut unfit).unwrap_err();
        assert_eq!(
            fs::read_to_string(&context.credentials_file).unwrap(),
            credentials()
        );
    }

    let written = plan().apply(&mut keychain).unwrap();
    let after = fs::read_to_string(&context.credentials_file).unwrap();
    assert!(
        !after.contains(ID) && after.starts_with("# mine\n[main]\n"),
        "{after}"
    );
    assert!(after.contains("ASIAIOSFODNN7EXAMPLE"), "{after}");
    let backup = fs::read_to_string(written[0].backup.as_ref().unwrap()).unwrap();
    assert!(backup.contains(ID) && !backup.contains(SECRET), "{backup}");
}

#[test]
fn a_change_between_plan_and_apply_is_kept() {
    let (_folder, context) = home("", &credentials());
    let stored = vec![Stored {
        profile: "main".to_owned(),
        id: ID.to_owned(),
    }];
    let plan = RemovalPlan::make(&context, stored.clone()).unwrap();
    let shown = plan.fingerprint();
    let changed = format!("{}# more\n", credentials());
    fs::write(&context.credentials_file, &changed).unwrap();
    let mut keychain = Keychain {
        held: stored.clone(),
        ..Keychain::default()
    };
    let error = plan.apply(&mut keychain).unwrap_err();
    assert!(error.is_outdated(), "{error}");
    assert_eq!(
        fs::read_to_string(&context.credentials_file).unwrap(),
        changed
    );
    let again = RemovalPlan::make(&context, stored).unwrap();
    assert_ne!(again.fingerprint(), shown);
}

#[test]
fn a_key_that_the_keychain_loses_is_noticed() {
    let mut keychain = Keychain {
        loses: true,
        ..Keychain::default()
    };
    let key = AccessKey::new(ID, SECRET).unwrap();
    let error = keys::transfer(&mut keychain, vec![("main".to_owned(), key)], false, |_| {
        Ok::<(), SetupError>(())
    })
    .unwrap_err();
    assert!(matches!(error, SetupError::KeyNotKept { .. }), "{error}");
}

#[test]
fn files_are_told_by_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        Source::open(&path)
    };
    let csv = format!("Access key ID,Secret access key\n{ID},{SECRET}\n");
    assert!(matches!(
        open("accessKeys.csv", &csv),
        Ok(Source::Csv { .. })
    ));
    assert!(matches!(open("renamed", &csv), Ok(Source::Csv { .. })));
    assert!(matches!(
        open("credentials", &credentials()),
        Ok(Source::Files(_))
    ));
    for (name, text) in [
        ("passwords.csv", "name,password\nmary,x\n".to_owned()),
        ("half.csv", format!("User name,Access key ID\nmary,{ID}\n")),
        (
            "renamed-half",
            format!("User name,Access key ID\nmary,{ID}\n"),
        ),
        ("picture.csv", "\u{0}\u{1}".to_owned()),
    ] {
        let error = open(name, &text).err().unwrap().to_string();
        assert!(
            error.contains(name) && error.contains("has no column"),
            "{error}"
        );
        assert!(!error.contains(ID) && !error.contains("mary"), "{error}");
    }
    assert!(Source::open(Path::new("/no/such/file")).is_err());
}
