//! The TypeScript types in `ui/src/lib/bindings`, held to the types here.
//!
//! `HOLDFAST_WRITE_BINDINGS=1 cargo test -p holdfast-desktop bindings` writes them anew.

use super::{
    Trouble, activity, add_profile, change, discovery, doctor, git_helper, prompt, repositories,
    sessions, settings, shell, sign_in,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use ts_rs::{Config, TS};

/// Writes a type and all that it names.
type Export = fn(&Config) -> Result<(), ts_rs::ExportError>;

/// What commands take and return; the types that these name come by themselves.
const ROOTS: &[Export] = &[
    Trouble::export_all,
    activity::ActivityPage::export_all,
    add_profile::AddProfilePage::export_all,
    add_profile::FoundKey::export_all,
    add_profile::KeyName::export_all,
    add_profile::ProfileForm::export_all,
    change::Change::export_all,
    change::Made::export_all,
    discovery::DiscoveryChoice::export_all,
    discovery::DiscoveryPage::export_all,
    discovery::DiscoveryPreview::export_all,
    discovery::DiscoveryStart::export_all,
    doctor::DoctorPage::export_all,
    git_helper::GitChange::export_all,
    git_helper::GitHelperPage::export_all,
    prompt::PromptPage::export_all,
    repositories::RepositoryList::export_all,
    repositories::clone::CloneForm::export_all,
    repositories::clone::CloneView::export_all,
    repositories::clone::CloneWish::export_all,
    repositories::RepositoryPlaces::export_all,
    repositories::RepositoryRow::export_all,
    sessions::SessionsPage::export_all,
    settings::SettingValue::export_all,
    settings::SettingsPage::export_all,
    shell::Destination::export_all,
    shell::ShellPage::export_all,
    shell::Topic::export_all,
    sign_in::SignInGoal::export_all,
    sign_in::SignInWay::export_all,
    sign_in::StartedSignIn::export_all,
];

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/bindings")
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    entries
        .map(|entry| {
            let path = entry.expect("the folder can be listed").path();
            let name = path.file_name().expect("entries have names");
            let text = fs::read_to_string(&path).expect("the file can be read");
            (name.to_string_lossy().into_owned(), text)
        })
        .collect()
}

#[test]
fn bindings_are_those_of_the_types() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    // Numbers of this size are seconds and counts, which JavaScript's own numbers hold.
    let config = Config::new()
        .with_large_int("number")
        .with_out_dir(folder.path());
    for export in ROOTS {
        export(&config).expect("the type can be written");
    }
    let fresh = files(folder.path());
    if std::env::var_os("HOLDFAST_WRITE_BINDINGS").is_some() {
        fs::create_dir_all(committed()).expect("the folder can be made");
        for (name, text) in &fresh {
            fs::write(committed().join(name), text).expect("the file can be written");
        }
        for name in files(&committed())
            .keys()
            .filter(|name| !fresh.contains_key(*name))
        {
            fs::remove_file(committed().join(name)).expect("the file can be removed");
        }
    }
    let hint = "run with HOLDFAST_WRITE_BINDINGS=1 and commit what it writes";
    assert_eq!(files(&committed()), fresh, "{hint}");
}
