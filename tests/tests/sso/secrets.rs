//! The secrets of sign-ins, looked for in six encodings wherever they must not be.

use crate::person::{Person, visit};
use crate::process::Ran;
use crate::world::World;
use holdfast_aws_sim::{Scenario, sso};
use holdfast_testkit::Sentinels;
use holdfast_tests::leaks::{sentinels, watched};
use std::fs;
use std::time::Duration;

/// The state of a sign-in is in its link, which other users of the computer may read in the browser's arguments; alone it
/// opens nothing. The rest must not be there.
const KINDS: [&str; 6] = [
    "access token",
    "refresh token",
    "client secret",
    "authorization code",
    "device code",
    "session token",
];

#[test]
fn no_secret_of_a_sign_in_is_written_said_or_passed_on() {
    let world = World::with_keyring(Scenario::sso())
        .with("HOLDFAST_LOG", "trace")
        .with("HOLDFAST_TRACE", "1");
    let mut person = Person::at(world).with_clock().with_git(sso::DEV_PROFILE);
    let mut said: Vec<Ran> = Vec::new();
    let (agent_said, hits, looks) = {
        // Where the clock is moved, everything else is only looked at.
        let (begin, hits, looks) = watched(&person.sim, || {
            let mut said = Vec::new();
            said.push(person.begin(sso::DEV_PROFILE).deny().failed());
            said.push(person.sign_in(sso::DEV_PROFILE));
            let device = person.start(&["login", sso::PARTNER_PROFILE, "--device"]);
            let portal = person.sim.portal(sso::OTHER_START_URL).unwrap();
            let code = holdfast_testkit::wait_for("a device waits", || portal.user_codes().pop());
            assert!(person.sim.allow_device(&code));
            said.push(device.end().ok());
            said.push(person.git(&["clone", sso::CLONE_URL, "work"]).ok());
            said.push(person.holdfast(&["sso", "roles", "holdfast-demo"]).ok());
            said.push(person.holdfast(&["sso", "portals"]).ok());
            said.push(person.holdfast(&["status", "--json"]).ok());
            said.push(person.holdfast(&["profiles", "--json"]).ok());
            said.push(person.holdfast(&["activity", "--json"]).ok());
            said
        });
        (begin, hits, looks)
    };
    said.extend(agent_said);
    assert_eq!(hits, [], "in arguments or environments");
    assert!(looks > 2, "only {looks} looks");

    person.wait(Duration::from_secs(2 * 3600));
    said.push(person.git(&["-C", "work", "fetch"]).ok());
    assert_eq!(person.grants("refresh_token"), 1);
    person.portal().revoke_sessions();
    person.wait(Duration::from_secs(2 * 3600));
    said.push(person.credentials(sso::DEV_PROFILE).failed());
    said.push(person.sign_in(sso::DEV_PROFILE));
    said.push(person.holdfast(&["logout", sso::DEV_PROFILE]).ok());

    let known = sentinels(&person.sim);
    for ran in &said {
        assert_eq!(
            known.scan("output", ran.to_string().as_bytes()),
            [],
            "{ran}"
        );
    }
    assert!(
        person.log().contains("DEBUG"),
        "the log is not at its highest level"
    );
    person.holdfast(&["agent", "stop"]).ok();
    assert_eq!(
        known.scan_tree(person.home.path()),
        [],
        "in the home, the keyring's own file included"
    );
    // Nor what proves that who brings the code is who began: it never leaves the agent but to AWS.
    let log = person.log();
    assert!(
        !log.contains("code_verifier=") && !log.contains("codeVerifier\":"),
        "a verifier is in the log"
    );
}

#[test]
fn the_search_knows_every_secret_of_a_sign_in_and_finds_it() {
    let person = Person::new();
    let settings = format!("[portals.\"{}\"]\npublish-token = true\n", sso::START_URL);
    person.home.write(".config/holdfast/config.toml", settings);
    let sign_in = person.begin(sso::DEV_PROFILE);
    let back = person.sim.allow(&sign_in.page).unwrap();
    fs::write(person.path("history"), &back).unwrap();
    visit(&back);
    sign_in.end().ok();
    let device = person.start(&["login", sso::PARTNER_PROFILE, "--device"]);
    let portal = person.sim.portal(sso::OTHER_START_URL).unwrap();
    let code = holdfast_testkit::wait_for("a device waits", || portal.user_codes().pop());
    assert!(person.sim.allow_device(&code));
    device.end().ok();

    let kinds: Vec<&str> = person.sim.secrets().iter().map(|(what, _)| *what).collect();
    for kind in KINDS {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }
    let known: Sentinels = sentinels(&person.sim);
    let hits = known.scan_tree(person.home.path());
    let found = |secret: &str, place: &str| {
        hits.iter()
            .any(|hit| hit.secret == secret && hit.place.contains(place))
    };
    assert!(found("authorization code", "history"), "{hits:?}");
    // What is published because the person asked for it, and nothing besides.
    assert!(found("access token", ".aws/sso/cache/"), "{hits:?}");
    assert!(
        !hits.iter().any(|hit| hit.secret == "refresh token"),
        "{hits:?}"
    );
}
