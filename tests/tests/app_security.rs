//! What the app's windows may do, held to its configuration: nothing here needs a window.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that would give a page the network, files or programs.
const NEVER_BELOW: &[&str] = &[
    "tauri-plugin-fs",
    "tauri-plugin-http",
    "tauri-plugin-opener",
    "tauri-plugin-process",
    "tauri-plugin-shell",
    "tauri-plugin-updater",
    "tauri-plugin-upload",
    "tauri-plugin-websocket",
];

/// The whole content security policy. A change here is a decision.
const POLICY: &[(&str, &str)] = &[
    ("base-uri", "'none'"),
    ("connect-src", "ipc: http://ipc.localhost"),
    ("default-src", "'none'"),
    ("font-src", "'self'"),
    ("form-action", "'none'"),
    ("frame-ancestors", "'none'"),
    ("img-src", "'self'"),
    ("object-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
];

/// What a window may do beside its own commands.
const EVENTS: &[&str] = &["core:event:allow-listen", "core:event:allow-unlisten"];

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .expect("the crate is inside the repository")
        .to_path_buf()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(path: &str) -> serde_json::Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn texts(value: &serde_json::Value) -> BTreeSet<String> {
    let list = value.as_array().expect("a list");
    list.iter()
        .filter_map(|text| text.as_str())
        .map(str::to_owned)
        .collect()
}

/// Everything in quotes between two words of a source text.
fn quoted(text: &str, from: &str, to: &str) -> BTreeSet<String> {
    let (_, rest) = text.split_once(from).expect("the list begins");
    let (list, _) = rest.split_once(to).expect("the list ends");
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The commands that `generate_handler!` names in one function.
fn handled(text: &str, function: &str) -> BTreeSet<String> {
    let (_, rest) = text.split_once(function).expect("the function is there");
    let (_, rest) = rest
        .split_once("generate_handler![")
        .expect("it names its commands");
    let (list, _) = rest.split_once(']').expect("the list ends");
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names
        .map(|path| path.rsplit("::").next().unwrap_or(path).to_owned())
        .collect()
}

/// Functions that are marked as commands in the modules of the pages.
fn defined() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in sources(&root().join("src-tauri/src/command"), "rs").values() {
        for part in text.split("#[tauri::command]").skip(1) {
            let (_, rest) = part.split_once("fn ").expect("a function follows");
            let end = rest.find(['(', '<']).expect("it has arguments");
            names.insert(rest[..end].to_owned());
        }
    }
    names
}

fn sources(folder: &Path, ending: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            found.extend(sources(&path, ending));
        } else if path.extension().is_some_and(|it| it == ending) {
            let text = fs::read_to_string(&path).expect("the file can be read");
            found.insert(path, text);
        }
    }
    found
}

#[test]
fn pages_load_nothing_and_run_nothing_that_is_not_ours() {
    let config = json("src-tauri/tauri.conf.json");
    let policy = &config["app"]["security"]["csp"];
    let policy: Vec<(&str, &str)> = policy
        .as_object()
        .expect("the policy is a table")
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().expect("each part is a text")))
        .collect();
    assert_eq!(
        policy.into_iter().collect::<BTreeMap<_, _>>(),
        POLICY.iter().copied().collect()
    );
    assert_eq!(config["app"]["withGlobalTauri"], false);
    assert_eq!(config["app"]["security"]["freezePrototype"], true);
    // Windows are made in code, where navigation and new windows are denied.
    assert_eq!(config["app"]["windows"], serde_json::json!([]));
    for key in [
        "dangerousDisableAssetCspModification",
        "assetProtocol",
        "devCsp",
    ] {
        assert!(config["app"]["security"].get(key).is_none(), "{key}");
    }
    assert!(config["build"].get("devUrl").is_none());
}

#[test]
fn each_window_may_ask_exactly_its_own_commands() {
    let commands = read("src-tauri/src/command/mod.rs");
    let config = json("src-tauri/tauri.conf.json");
    assert_eq!(
        texts(&config["app"]["security"]["capabilities"]),
        BTreeSet::from(["main".to_owned(), "prompt".to_owned()])
    );
    let mut all = BTreeSet::new();
    for (window, function) in [("main", "fn main_window("), ("prompt", "fn prompt(")] {
        let capability = json(&format!("src-tauri/capabilities/{window}.json"));
        assert_eq!(
            texts(&capability["windows"]),
            BTreeSet::from([window.to_owned()])
        );
        for key in ["remote", "webviews", "platforms"] {
            assert!(capability.get(key).is_none(), "{window}: {key}");
        }
        let own = handled(&commands, function);
        let permissions = own
            .iter()
            .map(|name| format!("allow-{}", name.replace('_', "-")));
        let expect: BTreeSet<String> = permissions
            .chain(EVENTS.iter().map(|name| (*name).to_owned()))
            .collect();
        assert_eq!(texts(&capability["permissions"]), expect, "{window}");
        let both: Vec<&String> = all.intersection(&own).collect();
        assert!(both.is_empty(), "asked by both windows: {both:?}");
        all.extend(own);
    }
    assert_eq!(all, defined(), "commands of the modules and of the windows");
    let built = quoted(&read("src-tauri/build.rs"), "COMMANDS: &[&str] = &[", "];");
    assert_eq!(all, built, "commands of the windows and of build.rs");
}

#[test]
fn no_plugin_gives_pages_the_network_files_or_programs() {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
        .args([
            "--format",
            "{p}",
            "--package",
            "holdfast-tray",
            "--target",
            "all",
        ])
        .output()
        .expect("cargo tree starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree failed: {errors}");
    let listing = String::from_utf8_lossy(&output.stdout);
    let names: BTreeSet<&str> = listing
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let found: Vec<&&str> = NEVER_BELOW
        .iter()
        .filter(|name| names.contains(**name))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn text_reaches_a_page_through_bindings_alone() {
    let source = root().join("ui/src");
    let mut faults = Vec::new();
    let mut texts = sources(&source, "svelte");
    texts.extend(sources(&source, "ts"));
    for (path, text) in texts {
        let name = path
            .strip_prefix(&source)
            .expect("it is below")
            .display()
            .to_string();
        let importer = ["lib/ipc.ts", "lib/ipc.test.ts"].contains(&name.as_str());
        for word in [
            "{@html",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
            "new Function",
            " style=\"",
        ] {
            if text.contains(word) {
                faults.push(format!("{name} has {word}"));
            }
        }
        let is_test = name.ends_with(".test.ts");
        if text.contains("@tauri-apps/api") && !importer && !is_test {
            faults.push(format!("{name} does not ask through lib/ipc.ts"));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}
