//! Crate borders and source rules of ARCHITECTURE.md, checked against cargo and the source text.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// What each crate may name of ours outside its tests. A crate that is not listed is an error, so a
/// new one has to be given its place.
const MAY_USE: &[(&str, &[&str])] = &[
    ("holdfast-aws-files", &[]),
    ("holdfast-codecommit", &[]),
    ("holdfast-clone", &["holdfast-codecommit"]),
    ("holdfast-codecommit-sign", &[]),
    ("holdfast-agent-proto", &[]),
    ("holdfast-browser", &[]),
    ("holdfast-settings", &["holdfast-aws-files"]),
    (
        "holdfast-core",
        &["holdfast-aws-files", "holdfast-codecommit"],
    ),
    ("holdfast-aws", &["holdfast-codecommit", "holdfast-core"]),
    ("holdfast-keychain", &["holdfast-core"]),
    (
        "holdfast-agent",
        &[
            "holdfast-agent-proto",
            "holdfast-aws",
            "holdfast-aws-files",
            "holdfast-codecommit",
            "holdfast-codecommit-sign",
            "holdfast-core",
            "holdfast-keychain",
            "holdfast-settings",
        ],
    ),
    (
        "holdfast-git-helper",
        &["holdfast-agent-proto", "holdfast-codecommit"],
    ),
    (
        "holdfast-cli",
        &[
            "holdfast-agent-proto",
            "holdfast-aws-files",
            "holdfast-browser",
            "holdfast-clone",
            "holdfast-codecommit",
            "holdfast-doctor",
            "holdfast-setup",
        ],
    ),
    (
        "holdfast-doctor",
        &[
            "holdfast-agent-proto",
            "holdfast-codecommit",
            "holdfast-setup",
        ],
    ),
    (
        "holdfast-setup",
        &[
            "holdfast-agent-proto",
            "holdfast-aws-files",
            "holdfast-codecommit",
        ],
    ),
    (
        "holdfast-desktop",
        &[
            "holdfast-agent-proto",
            "holdfast-aws-files",
            "holdfast-clone",
            "holdfast-codecommit",
            "holdfast-doctor",
            "holdfast-settings",
            "holdfast-setup",
        ],
    ),
    (
        "holdfast-tray",
        &[
            "holdfast-agent-proto",
            "holdfast-browser",
            "holdfast-codecommit",
            "holdfast-desktop",
            "holdfast-settings",
            "holdfast-setup",
        ],
    ),
    ("holdfast-aws-sim", &["holdfast-codecommit"]),
    ("holdfast-testkit", &["*"]),
    ("holdfast-tests", &["*"]),
    ("xtask", &["holdfast-agent-proto", "holdfast-testkit"]),
];

/// Crates that must not be anywhere below a crate of ours. A trailing `*` stands for any ending.
const NEVER_BELOW: &[(&str, &[&str])] = &[
    ("holdfast-aws-files", &["tokio*", "aws-*", "tauri*"]),
    ("holdfast-codecommit", &["tokio*", "aws-*", "tauri*"]),
    ("holdfast-agent-proto", &["tokio*", "aws-*", "tauri*"]),
    ("holdfast-browser", &["tokio*", "aws-*", "tauri*"]),
    ("holdfast-clone", &["tokio*", "aws-*", "tauri*"]),
    (
        "holdfast-doctor",
        &["tokio*", "aws-*", "tauri*", "holdfast-core"],
    ),
    ("holdfast-settings", &["tokio*", "aws-*", "tauri*"]),
    (
        "holdfast-desktop",
        &["tokio*", "aws-*", "tauri*", "holdfast-core"],
    ),
    (
        "holdfast-tray",
        &["aws-*", "holdfast-core", "holdfast-keychain"],
    ),
    ("holdfast-core", &["tokio*", "aws-*", "tauri*"]),
    ("holdfast-aws", &["tauri*", "holdfast-keychain"]),
    ("holdfast-keychain", &["tauri*", "aws-*", "holdfast-aws"]),
    ("holdfast-agent", &["tauri*", "wry", "holdfast-testkit"]),
    (
        "holdfast-git-helper",
        &[
            "tokio*",
            "async-*",
            "futures*",
            "aws-*",
            "tauri*",
            "holdfast-core",
            "clap*",
        ],
    ),
    (
        "holdfast-cli",
        &["tokio*", "aws-*", "tauri*", "holdfast-core"],
    ),
    (
        "holdfast-setup",
        &["tokio*", "aws-*", "tauri*", "holdfast-core"],
    ),
];

/// Crates that may name the AWS SDK, by the prefix of what they name.
const AWS_CRATES: &[(&str, &[&str])] = &[
    ("holdfast-aws", &["aws-"]),
    ("holdfast-codecommit-sign", &["aws-sigv4"]),
];

/// All crates below the git helper on Linux, itself included. Raising this number is a decision
/// about what people have to trust, not a formality.
const HELPER_CRATE_BUDGET: usize = 22;

/// Where a secret may be taken out of its wrapper: where it leaves the process, is signed with,
/// or is read and written by the file that holds it.
const MAY_EXPOSE_SECRETS: &[&str] = &[
    // The state of a sign-in is compared, and stands in the page's address with the challenge.
    "crates/agent/src/loopback/request.rs",
    "crates/agent/src/controller/sign_in/pkce.rs",
    "crates/agent-proto/src/secret.rs",
    "crates/aws/src/",
    "crates/aws-files/src/json.rs",
    "crates/browser/src/redirect.rs",
    "crates/codecommit-sign/src/",
    "crates/keychain/src/",
    "crates/git-helper/src/",
    "crates/cli/src/",
    "crates/aws-sim/src/",
];

/// Longest file in lines.
const MAX_LINES: usize = 600;

static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(["--locked".to_owned()])
        .exec()
        .expect("cargo metadata answers")
});

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .expect("the crate is inside the repository")
        .to_path_buf()
}

fn members() -> Vec<&'static Package> {
    METADATA.workspace_packages()
}

fn listed<'a>(table: &'a [(&str, &'a [&'a str])], name: &str) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(crate_name, _)| *crate_name == name)
        .map(|(_, entries)| *entries)
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => pattern == name,
    }
}

/// Names of all crates that end up in a build of this one, itself included.
fn tree(package: &str, target: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}", "--package", package, "--target", target])
        .output()
        .expect("cargo tree starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree failed: {errors}");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn crates_name_only_what_their_place_allows() {
    let ours: BTreeSet<&str> = members()
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut faults = Vec::new();
    for package in members() {
        let Some(allowed) = listed(MAY_USE, &package.name) else {
            faults.push(format!("{} has no place in MAY_USE", package.name));
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let counts = dependency.kind == DependencyKind::Normal && ours.contains(name);
            if counts && !allowed.contains(&"*") && !allowed.contains(&name) {
                faults.push(format!("{} must not depend on {name}", package.name));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn no_crate_drags_in_what_its_place_forbids() {
    let mut faults = Vec::new();
    for (package, forbidden) in NEVER_BELOW {
        for name in tree(package, "all") {
            if forbidden.iter().any(|pattern| matches(pattern, &name)) {
                faults.push(format!("{package} builds on {name}"));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn the_git_helper_stays_small() {
    let crates = tree("holdfast-git-helper", "x86_64-unknown-linux-gnu");
    assert!(
        crates.len() <= HELPER_CRATE_BUDGET,
        "{} crates, the budget is {HELPER_CRATE_BUDGET}: {crates:?}",
        crates.len()
    );
}

#[test]
fn only_the_aws_crate_names_the_aws_sdk() {
    let mut faults = Vec::new();
    for package in members() {
        let allowed = listed(AWS_CRATES, &package.name).unwrap_or_default();
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let counts = dependency.kind == DependencyKind::Normal && name.starts_with("aws-");
            if counts && !allowed.iter().any(|prefix| name.starts_with(prefix)) {
                faults.push(format!("{} must not depend on {name}", package.name));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn no_type_of_the_sdk_is_public_in_the_aws_crate() {
    let faults = lines_where("crates/aws/src/", |code| {
        let public = code.starts_with("pub ") && !code.starts_with("pub(");
        public && (code.contains("aws_sdk_") || code.contains("aws_smithy_"))
    });
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn domain_types_cannot_be_serialised() {
    let core = members()
        .into_iter()
        .find(|package| package.name == "holdfast-core")
        .expect("core is a member");
    let serde: Vec<&str> = core
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == DependencyKind::Normal)
        .map(|dependency| dependency.name.as_str())
        .filter(|name| name.starts_with("serde"))
        .collect();
    assert_eq!(serde, Vec::<&str>::new());
}

#[test]
fn secrets_are_exposed_only_where_they_leave() {
    let faults: Vec<String> = lines_where("", |code| code.contains(".expose_secret()"))
        .into_iter()
        .filter(|place| {
            !MAY_EXPOSE_SECRETS
                .iter()
                .any(|allowed| place.starts_with(allowed))
        })
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_file_says_in_one_sentence_what_it_is() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path.clone())
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn no_file_is_too_long_to_read_at_once() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|(_, text)| text.lines().count() > MAX_LINES)
        .map(|(path, text)| format!("{path}: {} lines", text.lines().count()))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X:"].concat(),
    ];
    let mut faults = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                faults.push(format!("{path}:{}", number + 1));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn tests_are_neither_skipped_nor_expected_to_panic() {
    let marks = [["#[ig", "nore"].concat(), ["#[should", "_panic"].concat()];
    let mut faults = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            if marks.iter().any(|mark| line.trim_start().starts_with(mark)) {
                faults.push(format!("{path}:{}", number + 1));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn nothing_points_outside_the_repository() {
    let root = root().canonicalize().expect("the repository exists");
    let mut faults = Vec::new();
    for package in members() {
        for dependency in &package.dependencies {
            let Some(path) = &dependency.path else {
                continue;
            };
            let inside = Path::new(path.as_str())
                .canonicalize()
                .is_ok_and(|path| path.starts_with(&root));
            if !inside {
                faults.push(format!("{} reaches outside to {path}", package.name));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_promise_names_a_test_that_exists() {
    let text = fs::read_to_string(root().join("SECURITY.md")).expect("SECURITY.md is there");
    // Between backticks every second piece is code.
    let named: Vec<(&str, &str)> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter_map(|code| code.split_once(".rs::"))
        .collect();
    assert!(named.len() > 20, "SECURITY.md names its tests");
    let faults: Vec<String> = named
        .into_iter()
        .map(|(file, test)| (format!("{file}.rs"), test))
        .filter(|(file, test)| {
            let text = sources().get(file);
            text.is_none_or(|text| !text.contains(&format!("fn {test}(")))
        })
        .map(|(file, test)| format!("{file}::{test}"))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

/// Places, as `file:line`, of code outside tests below a folder for which `fault` holds.
fn lines_where(folder: &str, fault: impl Fn(&str) -> bool) -> Vec<String> {
    let mut places = Vec::new();
    for (path, text) in sources() {
        if !path.starts_with(folder) || is_test_file(path) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            // A file's unit tests stand at its end.
            if line.starts_with("#[cfg(test)]") {
                break;
            }
            let code = line.trim_start();
            if !code.starts_with("//") && fault(code) {
                places.push(format!("{path}:{}", number + 1));
            }
        }
    }
    places
}

fn is_test_file(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("tests/")
        || path.starts_with("crates/testkit/")
        || path.contains("/tests/")
        || file == "tests.rs"
        || file.ends_with("_tests.rs")
}

/// Every Rust file of the repository with its text, by its path with forward slashes.
fn sources() -> &'static BTreeMap<String, String> {
    static SOURCES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let mut found = BTreeMap::new();
        for folder in ["crates", "tests", "xtask", "src-tauri"] {
            collect(&root().join(folder), &mut found);
        }
        assert!(!found.is_empty(), "there is source to check");
        found
    });
    &SOURCES
}

fn collect(folder: &Path, found: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                collect(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let relative = path.strip_prefix(root()).expect("inside the repository");
            let relative = relative.to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).expect("source is UTF-8");
            found.insert(relative, text);
        }
    }
}
