//! The real AWS CLI against the simulated AWS.

use crate::home::Home;
use holdfast_aws_sim::{Scenario, Sim, blog};

fn home() -> Home {
    Home::new(Sim::start(Scenario::blog()).unwrap())
}

#[test]
fn get_caller_identity() {
    let home = home();
    let who = home
        .aws(&["sts", "get-caller-identity", "--profile", blog::KEY_PROFILE])
        .json();
    assert_eq!(who["Arn"], blog::USER_ARN);
    assert_eq!(who["Account"], blog::ACCOUNT_A);
    let call = home.sim.calls().last().unwrap();
    assert_eq!(call.principal.as_deref(), Some(blog::USER_ARN));
    assert_eq!(call.status, Some(200));
}
