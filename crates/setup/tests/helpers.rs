//! Installing the programs for one user, and removing exactly those.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use holdfast_setup::SetupError;
use holdfast_setup::helpers::{self, InstallPlan, PROGRAMS, Places, State, Survey, UninstallPlan};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Home {
    folder: TempDir,
    places: Places,
}

impl Home {
    /// A user with nothing installed, and Holdfast's programs in a folder of a package.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let from = root.join("package");
        fs::create_dir(&from).unwrap();
        for program in PROGRAMS {
            fs::write(from.join(program), format!("{program} one")).unwrap();
        }
        let places = Places {
            bin: root.join("home/.local/bin"),
            manifest: root.join("state/installed-programs.json"),
            home: root.join("home"),
            path: vec![root.join("usr/bin")],
            shell: Some("/bin/bash".into()),
            from,
        };
        Self { folder, places }
    }

    fn states(&self) -> Vec<State> {
        let survey = Survey::read(&self.places).unwrap();
        survey
            .programs
            .iter()
            .map(|program| program.state)
            .collect()
    }

    fn install(&self) -> Vec<PathBuf> {
        let plan = InstallPlan::make(&self.places).unwrap();
        plan.apply().unwrap().programs
    }

    /// Every file and folder below the root, to see what is left.
    fn everything(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path.clone());
                }
                found.push(path);
            }
        }
        found.sort();
        found
    }
}

#[test]
fn what_is_installed_is_known_updated_and_removed() {
    let home = Home::new();
    fs::create_dir(home.folder.path().join("state")).unwrap();
    let before = home.everything();
    assert_eq!(home.states(), [State::Absent; 4]);
    assert_eq!(home.install().len(), PROGRAMS.len());
    assert_eq!(home.states(), [State::Current; 4]);
    let helper = home.places.bin.join(PROGRAMS[0]);
    assert_eq!(
        fs::read_to_string(&helper).unwrap(),
        "git-credential-holdfast one"
    );
    assert_eq!(
        fs::metadata(&helper).unwrap().permissions().mode() & 0o777,
        0o755
    );
    assert_eq!(
        helpers::installed_credential_helper(&home.places).unwrap(),
        Some(helper.clone())
    );
    assert!(!InstallPlan::make(&home.places).unwrap().is_needed());

    fs::write(home.places.from.join(PROGRAMS[0]), "two").unwrap();
    assert_eq!(home.states()[0], State::Outdated);
    assert_eq!(home.install(), std::slice::from_ref(&helper));
    assert_eq!(fs::read_to_string(&helper).unwrap(), "two");

    let plan = UninstallPlan::make(&home.places).unwrap();
    assert_eq!(plan.apply().unwrap().programs.len(), PROGRAMS.len());
    assert_eq!(home.everything(), before);
    assert!(!UninstallPlan::make(&home.places).unwrap().is_needed());
}

#[test]
fn files_of_others_are_neither_replaced_nor_removed() {
    let home = Home::new();
    fs::create_dir_all(&home.places.bin).unwrap();
    let foreign = home.places.bin.join("git-remote-codecommit");
    fs::write(&foreign, "somebody else's").unwrap();
    let plan = InstallPlan::make(&home.places).unwrap();
    assert_eq!(plan.foreign(), std::slice::from_ref(&foreign));
    let installed = plan.apply().unwrap();
    assert_eq!(installed.programs.len(), PROGRAMS.len() - 1);
    assert_eq!(installed.left, std::slice::from_ref(&foreign));

    // Changed after it was installed: it is somebody else's now.
    let changed = home.places.bin.join("holdfast");
    fs::write(&changed, "mended by hand").unwrap();
    assert_eq!(
        home.states(),
        [
            State::Current,
            State::Foreign,
            State::Foreign,
            State::Current
        ]
    );
    let plan = UninstallPlan::make(&home.places).unwrap();
    assert_eq!(plan.changed(), std::slice::from_ref(&changed));
    assert_eq!(plan.apply().unwrap().left, std::slice::from_ref(&changed));
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "somebody else's");
    assert_eq!(fs::read_to_string(&changed).unwrap(), "mended by hand");
    assert!(!home.places.manifest.exists());
}

#[test]
fn a_file_that_appears_between_plan_and_apply_stays() {
    let home = Home::new();
    let plan = InstallPlan::make(&home.places).unwrap();
    fs::create_dir_all(&home.places.bin).unwrap();
    let path = home.places.bin.join(PROGRAMS[0]);
    fs::write(&path, "new").unwrap();
    match plan.apply() {
        Err(SetupError::Foreign { path: named }) => assert_eq!(named, path),
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(fs::read_dir(&home.places.bin).unwrap().count(), 1);
}

#[test]
fn a_program_that_is_found_first_is_named() {
    let mut home = Home::new();
    let usr = home.places.path[0].clone();
    fs::create_dir_all(&usr).unwrap();
    fs::write(usr.join("git-remote-codecommit"), "AWS's").unwrap();
    home.places.path.push(home.places.bin.clone());
    home.install();
    let shadows = |home: &Home| -> Vec<Option<PathBuf>> {
        let survey = Survey::read(&home.places).unwrap();
        let programs = survey.programs.into_iter();
        programs.map(|program| program.shadowed_by).collect()
    };
    assert_eq!(
        shadows(&home),
        [None, Some(usr.join("git-remote-codecommit")), None, None]
    );
    home.places.path.swap(0, 1);
    assert_eq!(shadows(&home), [None, None, None, None]);
    let replaced = InstallPlan::make(&home.places).unwrap();
    assert_eq!(replaced.replaced().count(), 0, "ours runs already");
    assert_eq!(Survey::read(&home.places).unwrap().path_advice, None);
}

#[test]
fn a_program_that_would_be_found_no_more_is_named_and_can_be_kept() {
    let mut home = Home::new();
    let usr = home.places.path[0].clone();
    fs::create_dir_all(&usr).unwrap();
    let other = usr.join("git-remote-codecommit");
    fs::write(&other, "AWS's").unwrap();
    let replaced = |home: &Home| -> Vec<PathBuf> {
        let plan = InstallPlan::make(&home.places).unwrap();
        plan.replaced().map(|(_, other)| other.to_owned()).collect()
    };
    let nothing: Vec<PathBuf> = Vec::new();
    assert_eq!(replaced(&home), nothing, "git would not find ours");
    home.places.path.push(home.places.bin.clone());
    assert_eq!(replaced(&home), nothing, "git would find the other first");
    home.places.path.swap(0, 1);
    assert_eq!(replaced(&home), [other]);

    let mut plan = InstallPlan::make(&home.places).unwrap();
    plan.replace_nothing();
    let installed = plan.apply().unwrap().programs;
    assert_eq!(installed.len(), PROGRAMS.len() - 1);
    assert!(!home.places.bin.join("git-remote-codecommit").exists());
}

#[test]
fn a_package_on_the_path_needs_no_installation() {
    let mut home = Home::new();
    assert!(!Survey::read(&home.places).unwrap().is_packaged);
    home.places.path.insert(0, home.places.from.clone());
    assert!(Survey::read(&home.places).unwrap().is_packaged);
}

#[test]
fn a_missing_program_and_a_damaged_list_are_named() {
    let home = Home::new();
    fs::remove_file(home.places.from.join(PROGRAMS[1])).unwrap();
    let error = InstallPlan::make(&home.places).err().unwrap();
    assert_eq!(
        error.to_string(),
        format!("{} is not in {}", PROGRAMS[1], home.places.from.display())
    );
    assert_eq!(home.states()[1], State::Unavailable);

    let manifest: &Path = &home.places.manifest;
    fs::create_dir_all(manifest.parent().unwrap()).unwrap();
    fs::write(manifest, "{\"programs\": 1}").unwrap();
    let error = UninstallPlan::make(&home.places).err().unwrap();
    assert!(matches!(error, SetupError::Manifest { .. }), "{error}");
}
