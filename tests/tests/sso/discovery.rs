//! Accounts and roles of a portal: listed within what AWS allows, resumed, kept, and made into profiles.

use crate::person::Person;
use holdfast_aws_sim::{Scenario, sso_many};
use holdfast_testkit::wait_until;
use std::fs;
use std::time::{Duration, Instant};

/// Calls that a portal gets in a second.
const RATE: usize = 10;

fn signed_in(accounts: u32, roles: u32) -> Person {
    let person = Person::of(Scenario::sso_many(accounts, roles));
    let portal = person.sim.portal(sso_many::START_URL).unwrap();
    // Whoever asks faster is refused.
    portal.set_policy(|policy| policy.calls_per_second = Some(12));
    let login = person.start(&["sso", "login"]);
    wait_until("the browser opens", || !person.opened().is_empty());
    let back = person.sim.allow(&person.opened()[0]).unwrap();
    crate::person::visit(&back);
    login.end().ok();
    person
}

fn refused(person: &Person) -> usize {
    let calls = person.sim.calls();
    calls.matching(|call| call.status == Some(429)).len()
}

/// How many accounts have been asked for their roles.
fn asked(person: &Person) -> usize {
    person.count("ListAccountRoles")
}

#[test]
fn a_listing_is_resumed_where_it_was_interrupted_and_then_kept() {
    let person = signed_in(120, 5);
    let mut listing = person.start(&["sso", "roles", "--json"]);
    wait_until("some accounts have been asked", || asked(&person) >= 20);
    assert!(listing.is_running());
    crate::world::signal(listing.child.id(), rustix::process::Signal::INT);
    listing.end().failed();

    let listed = person.holdfast(&["sso", "roles", "--json"]).ok().json();
    let accounts = listed["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 120);
    assert!(
        accounts
            .iter()
            .all(|it| it["roles"].as_array().unwrap().len() == 5)
    );
    // What was under way when the first was interrupted may be asked twice.
    assert!(asked(&person) <= 120 + RATE, "{} calls", asked(&person));
    assert_eq!(refused(&person), 0, "AWS never had to ask to slow down");

    let before = person.sim.calls().len();
    let begun = Instant::now();
    let again = person.holdfast(&["sso", "roles", "--json"]).ok().json();
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(again, listed);
    assert_eq!(person.sim.calls().len(), before, "AWS is not asked again");

    let found = person
        .holdfast(&["sso", "roles", "--search", "Team 0042"])
        .ok();
    found.says(&["Team 0042"]).never_says(&["Team 0041"]);
}

#[test]
fn calls_keep_to_the_rate() {
    let person = signed_in(60, 2);
    let begun = Instant::now();
    person.holdfast(&["sso", "roles"]).ok();
    let calls = asked(&person) + person.count("ListAccounts");
    let bound = calls as f64 / RATE as f64;
    let took = begun.elapsed().as_secs_f64();
    // A second's worth may come at once.
    assert!(took >= bound - 1.5, "{calls} calls in {took:.1} s");
    assert_eq!(refused(&person), 0);
}

#[test]
fn profiles_are_added_used_and_taken_out_again() {
    let person = signed_in(6, 3);
    let before = fs::read(person.path(".aws/config")).unwrap();
    let add = [
        "sso",
        "add-profiles",
        "--role",
        "Developer",
        "--region",
        "eu-central-1",
    ];
    let shown = person.holdfast(&[&add[..], &["--dry-run"]].concat()).ok();
    shown.says(&[
        "sso_role_name = Developer",
        "Nothing was changed (--dry-run).",
    ]);
    assert_eq!(fs::read(person.path(".aws/config")).unwrap(), before);

    let added = person.holdfast(&[&add[..], &["--yes"]].concat()).ok();
    added.says(&["Added: ", "holdfast sso undo"]);
    let config = fs::read_to_string(person.path(".aws/config")).unwrap();
    let account = sso_many::account_id(3);
    let names: Vec<&str> = config
        .lines()
        .filter_map(|line| line.strip_prefix("[profile ")?.strip_suffix(']'))
        .collect();
    assert_eq!(names.len(), 6, "{config}");
    let name = names
        .iter()
        .find(|name| name.contains("0003"))
        .unwrap()
        .trim_matches('"');
    // Signed in already, so the new profiles work at once.
    person.who(name).ok().says(&[&account, "Developer"]);
    assert_eq!(person.opened().len(), 1);

    person.holdfast(&["sso", "undo", "--yes"]).ok();
    assert_eq!(
        fs::read(person.path(".aws/config")).unwrap(),
        before,
        "byte for byte"
    );
}

#[test]
fn names_that_would_collide_are_shown_and_nothing_is_written() {
    let person = signed_in(3, 2);
    let before = fs::read(person.path(".aws/config")).unwrap();
    let add = [
        "sso",
        "add-profiles",
        "--all",
        "--name",
        "{role_name}",
        "--yes",
    ];
    let refused = person.holdfast(&add).exits(2);
    refused.says(&[
        "nothing was changed: some of the names cannot be given",
        "--name",
    ]);
    assert_eq!(fs::read(person.path(".aws/config")).unwrap(), before);
}
