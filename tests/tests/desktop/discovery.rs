//! Accounts and roles of a portal in the window: found, ticked, written as profiles, and taken out again.

use crate::sign_in::{allow, desk, next_opened, opened};
use holdfast_aws_sim::{Scenario, sso_many};
use std::fs;

const PORTAL: &str = "holdfast-large.awsapps.com";

#[test]
fn roles_of_a_portal_become_profiles_and_go_again() {
    let office = desk(Scenario::sso_many(60, 3), sso_many::START_URL, "");
    let config = office.world.path(".aws/config");
    let before = fs::read_to_string(&config).unwrap();
    let window = office.window("add-profile");
    let page = &window.page;
    page.button(&format!("Find accounts in {PORTAL}")).click();
    page.wait_for_text("main", &format!("Sign in to {PORTAL}"));
    assert_eq!(opened(&office), Vec::<String>::new());
    page.button("Sign in").click();
    allow(&office, &next_opened(&office, 0));
    page.wait_for_text("main", "60 accounts");
    page.wait_for_text("main", "180 in 60 accounts");

    page.field("Search accounts and roles").type_keys("0007");
    page.wait_until("document.querySelectorAll('main ul[aria-label=Accounts] > li').length === 1");
    // What is out of sight is not drawn, and nobody can click there.
    page.execute(
        "document.querySelector('main ul[aria-label=Accounts]').scrollIntoView()",
        &[],
    );
    page.field("Team 0007").click();
    page.wait_for_text("form footer", "3 roles: 3 new");
    page.button("Review…").click();
    page.wait_for_text("dialog", "+[profile team-0007-");
    assert_eq!(fs::read_to_string(&config).unwrap(), before);
    page.button("Write").click();
    page.wait_for_text("main", "3 profiles added");
    let written = fs::read_to_string(&config).unwrap();
    assert_eq!(
        written.matches("[profile team-0007-").count(),
        3,
        "{written}"
    );

    page.button("Undo…").click();
    page.wait_for_text("dialog", "-[profile team-0007-");
    page.button("Remove").click();
    page.wait_for_text("main", "3 profiles removed");
    assert_eq!(fs::read_to_string(&config).unwrap(), before);
}
