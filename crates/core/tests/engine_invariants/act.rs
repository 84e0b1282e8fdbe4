//! What may happen to the engine, and the sessions that it may happen to.

use holdfast_core::chain::{Chain, KeyLocation, Source, Step};
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::engine::Route;
use holdfast_core::failure::FailureKind;
use holdfast_core::sso::Portal;
use proptest::prelude::*;

pub(crate) const KINDS: [FailureKind; 13] = [
    FailureKind::WrongCode,
    FailureKind::MfaMissing,
    FailureKind::KeyInactive,
    FailureKind::SessionEnded,
    FailureKind::Denied,
    FailureKind::InvalidRequest,
    FailureKind::ClockSkew,
    FailureKind::Throttled,
    FailureKind::Offline,
    FailureKind::Intercepted,
    FailureKind::Server,
    FailureKind::SourceUnavailable,
    FailureKind::ClientUnknown,
];

fn role(name: &str, mfa_serial: Option<&str>) -> Step {
    Step::AssumeRole {
        role_arn: format!("arn:aws:iam::222233334444:role/{name}"),
        role_session_name: None,
        external_id: None,
        source_identity: None,
        duration_seconds: None,
        mfa_serial: mfa_serial.map(str::to_owned),
    }
}

fn mfa(user: &str) -> Step {
    Step::GetSessionToken {
        mfa_serial: format!("arn:aws:iam::111122223333:mfa/{user}"),
        duration_seconds: None,
    }
}

fn key(user: &str) -> Source {
    Source::AccessKey {
        access_key_id: format!("AKIA{user}"),
        profile: user.to_owned(),
        location: KeyLocation::Keychain,
    }
}

fn portal() -> Source {
    Source::Portal {
        portal: Portal {
            start_url: "https://corp.awsapps.com/start".to_owned(),
            region: "eu-west-1".to_owned(),
            scopes: Vec::new(),
            endpoint: EndpointSettings::default(),
        },
        profile: "portal".to_owned(),
    }
}

fn login() -> Source {
    Source::ConsoleLogin {
        login_session: "arn:aws:iam::111122223333:user/me".to_owned(),
        profile: "login".to_owned(),
    }
}

fn process() -> Source {
    Source::CredentialProcess {
        profile: "process".to_owned(),
        fingerprint: 1,
    }
}

fn portal_role(name: &str) -> Step {
    Step::GetRoleCredentials {
        account_id: "111122223333".to_owned(),
        role_name: name.to_owned(),
    }
}

/// How many routes there are.
const ROUTES: usize = 13;

/// Three roles and a role chain behind one MFA session, a role with the code in its own call, a second device, and a
/// role that needs no MFA; two roles of a portal, one with a role on top, the portal itself, a console sign-in with a
/// role, and a program's credentials.
pub(crate) fn routes() -> Vec<Route> {
    let routes: [_; ROUTES] = [
        ("a", key("user"), vec![mfa("user"), role("A", None)]),
        ("b", key("user"), vec![mfa("user"), role("B", None)]),
        (
            "c",
            key("user"),
            vec![mfa("user"), role("B", None), role("C", None)],
        ),
        ("user", key("user"), vec![mfa("user")]),
        (
            "long",
            key("user"),
            vec![role("Long", Some("arn:aws:iam::111122223333:mfa/user"))],
        ),
        ("other", key("second"), vec![mfa("second"), role("A", None)]),
        ("plain", key("third"), vec![role("Plain", None)]),
        ("pa", portal(), vec![Step::SignIn, portal_role("A")]),
        ("pb", portal(), vec![Step::SignIn, portal_role("B")]),
        (
            "pc",
            portal(),
            vec![Step::SignIn, portal_role("B"), role("C", None)],
        ),
        ("portal", portal(), vec![Step::SignIn]),
        ("login", login(), vec![Step::SignIn, role("L", None)]),
        ("process", process(), vec![Step::Fetch, role("P", None)]),
    ];
    let route = |(profile, source, steps): (&str, Source, Vec<Step>)| {
        Route::of(&Chain {
            profile: profile.to_owned(),
            region: None,
            endpoint: EndpointSettings::default(),
            source,
            steps,
            problems: Vec::new(),
        })
        .expect("a chain with steps")
    };
    routes.into_iter().map(route).collect()
}

#[derive(Clone, Debug)]
pub(crate) enum Act {
    Request(usize, u8, u32),
    Renew(usize, bool, u32),
    /// A code, or a sign-in where the route has one.
    Open(usize, Option<u32>),
    Cancel(usize),
    /// How long what it brings lasts and whether it can be refreshed; else how it fails.
    Finish(usize, Option<(u32, bool)>, usize),
    Restore(usize, i64, bool),
    HangUp(usize),
    Decline,
    Withhold,
    Prompters(bool),
    Advance(i64),
    Tick,
    SignOut(usize),
    Reject(usize),
    Policy(u32),
    Lock,
    Unlock,
}

/// Something that may happen.
pub(crate) fn act() -> impl Strategy<Value = Act> {
    let lifetime = || prop::option::of((1..5_000_u32, any::<bool>()));
    prop_oneof![
        6 => (0..ROUTES, 0..3_u8, 0..200_u32).prop_map(|(r, i, w)| Act::Request(r, i, w)),
        2 => (0..ROUTES, any::<bool>(), 0..200_u32).prop_map(|(r, c, w)| Act::Renew(r, c, w)),
        4 => (0..ROUTES, prop::option::of(900..40_000_u32)).prop_map(|(r, d)| Act::Open(r, d)),
        1 => (0..ROUTES).prop_map(Act::Cancel),
        7 => (0..8_usize, lifetime(), 0..KINDS.len()).prop_map(|(c, l, k)| Act::Finish(c, l, k)),
        1 => (0..ROUTES, -5_000..5_000_i64, any::<bool>()).prop_map(|(r, s, f)| Act::Restore(r, s, f)),
        1 => (0..8_usize).prop_map(Act::HangUp),
        1 => Just(Act::Decline),
        1 => Just(Act::Withhold),
        1 => any::<bool>().prop_map(Act::Prompters),
        3 => prop_oneof![-400_000_000..400_000_000_i64, 1..4_000_i64].prop_map(Act::Advance),
        4 => Just(Act::Tick),
        1 => (0..ROUTES).prop_map(Act::SignOut),
        1 => (0..ROUTES).prop_map(Act::Reject),
        1 => (1..900_u32).prop_map(Act::Policy),
        1 => Just(Act::Lock),
        1 => Just(Act::Unlock),
    ]
}
