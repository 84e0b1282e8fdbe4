//! A network that fails while a token has to be renewed: said to be just that, and nobody is signed out.

use crate::person::Person;
use crate::world::World;
use holdfast_aws_sim::{Fault, Rule, Scenario, Service, sso};
use holdfast_testkit::wait_until;
use std::time::Duration;

/// Longer than a token lasts.
const LATER: Duration = Duration::from_secs(2 * 3600);

fn the_network_fails(fault: Fault, words: &[&str]) {
    let mut person = Person::at(World::with_keyring(Scenario::sso())).with_clock();
    person.sign_in(sso::DEV_PROFILE);
    // An agent that starts anew has no connection to AWS left.
    person.holdfast(&["agent", "stop"]).ok();
    person.wait(LATER);
    for service in [Service::Oidc, Service::Portal] {
        person
            .sim
            .faults()
            .add(Rule::new(fault.clone()).service(service));
    }
    for _ in 0..3 {
        let refused = person.credentials(sso::DEV_PROFILE).failed();
        let refused = refused.says(words);
        refused.never_says(&["holdfast login", "signed out", "has ended"]);
    }
    assert_eq!(person.opened().len(), 1, "no browser opens");

    person.sim.faults().clear();
    wait_until("the profile is served again", || {
        person.credentials(sso::DEV_PROFILE).is_ok()
    });
    assert_eq!(person.opened().len(), 1, "and nobody has signed in again");
}

#[test]
fn without_a_network_nobody_is_signed_out() {
    the_network_fails(Fault::Offline, &["oidc.eu-central-1.amazonaws.com"]);
}

#[test]
fn a_captive_portal_signs_nobody_out() {
    the_network_fails(
        Fault::captive_portal(),
        &["oidc.eu-central-1.amazonaws.com"],
    );
    let redirect = Fault::Html {
        status: 302,
        location: Some("http://wifi.example/login".to_owned()),
    };
    the_network_fails(redirect, &["oidc.eu-central-1.amazonaws.com"]);
}

#[test]
fn an_intercepted_connection_signs_nobody_out() {
    the_network_fails(Fault::Intercept, &["certificate"]);
}

#[test]
fn a_proxy_that_refuses_signs_nobody_out() {
    the_network_fails(Fault::Proxy { status: 503 }, &["proxy"]);
}
