//! Git's own test of credential helpers (`t0303-credential-external.sh`), as git's developers ask authors of helpers to
//! run it. Ours stores nothing, so that what needs a store fails, and exactly that.

use holdfast_tests::process::{gits, run};
use holdfast_tests::world::World;
use std::path::{Path, PathBuf};

/// What a helper passes that stores nothing and answers for no host of the test. The numbers are those of git 2.47; older
/// versions of the test have fewer.
const PASSES: [&str; 12] = [
    "has no existing data",            // 1
    "stores password",                 // 2
    "requires matching protocol",      // 4
    "requires matching host",          // 5
    "requires matching username",      // 6
    "requires matching path",          // 7
    "can forget host",                 // 9
    "can forget user",                 // 12
    "erases all matching credentials", // 15
    "not confused by long header",     // 16
    "stores password_expiry_utc",      // 17
    "stores oauth_refresh_token",      // 20
];

/// What asks for something that was stored before.
const NEEDS_A_STORE: [&str; 9] = [
    "can retrieve password",                         // 3
    "overwrites on store",                           // 8
    "can store multiple users",                      // 10
    "does not erase a password distinct from input", // 11
    "remembers other user",                          // 13
    "can store empty username",                      // 14
    "gets password_expiry_utc",                      // 18
    "overwrites when password_expiry_utc changes",   // 19
    "gets oauth_refresh_token",                      // 21
];

/// Git's tests, from the source package of git.
fn git_s_tests() -> PathBuf {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let folder = built.unwrap().join("tools/git-tests/t");
    assert!(
        folder.is_dir(),
        "git's own tests are not at {}; run `cargo xtask test` once, which builds them",
        folder.display()
    );
    folder
}

#[test]
fn a_helper_without_a_store_passes_exactly_what_needs_none() {
    for git in gits() {
        let world = World::in_memory();
        let mut test = world.command("sh");
        test.current_dir(git_s_tests())
            .arg("./t0303-credential-external.sh")
            .arg(format!("--root={}", world.path("t0303").display()))
            .env("TEST_OUTPUT_DIRECTORY", world.path("t0303"))
            .env("GIT_TEST_INSTALLED", git.parent().unwrap())
            .env("GIT_TEST_CREDENTIAL_HELPER", "holdfast");
        let ran = run(&mut test);
        let (mut passed, mut failed) = (Vec::new(), Vec::new());
        for line in ran.out.lines() {
            let Some((number, name)) = line.split_once(" - helper (holdfast) ") else {
                continue;
            };
            if number.starts_with("ok ") {
                passed.push(name);
            } else {
                failed.push(name);
            }
        }
        // Each version of the test has these, in this order; a name that is in neither list is new, and not judged yet.
        let known = |names: &[&'static str], found: &[&str]| -> Vec<&'static str> {
            let is_there = |name: &&str| found.contains(name);
            names.iter().copied().filter(is_there).collect()
        };
        assert_eq!(passed, known(&PASSES, &passed), "passed\n{ran}");
        assert_eq!(failed, known(&NEEDS_A_STORE, &failed), "failed\n{ran}");
        assert!(passed.len() >= 8, "{ran}");
    }
}
