//! Signatures made by others, and the same signatures with something changed.

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::password::{self, Refused, Target};
use super::{Claim, Malformed, Mismatch, Scope, Signed, check_scope, check_signature, check_time};

#[derive(Deserialize)]
struct Requests {
    suite: Vec<Request>,
    botocore: Vec<Request>,
}

#[derive(Clone, Deserialize)]
struct Request {
    id: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
    secret: String,
}

impl Request {
    fn headers(&self) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().unwrap();
            map.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        map
    }

    fn claim(&self) -> Claim {
        let (_, query) = self.split();
        Claim::of(&self.headers(), query).unwrap_or_else(|error| panic!("{}: {error:?}", self.id))
    }

    fn split(&self) -> (&str, &str) {
        self.target.split_once('?').unwrap_or((&self.target, ""))
    }

    fn holds(&self) -> bool {
        let headers = self.headers();
        let (path, query) = self.split();
        let signed = Signed {
            method: &self.method,
            path,
            query,
            headers: &headers,
            body: self.body.as_bytes(),
        };
        check_signature(&self.claim(), signed, &self.secret).is_ok()
    }
}

fn requests() -> Vec<Request> {
    let text = include_str!("../../tests/data/sigv4-requests.json");
    let requests: Requests = serde_json::from_str(text).unwrap();
    [requests.suite, requests.botocore].concat()
}

fn request(id: &str) -> Request {
    requests()
        .into_iter()
        .find(|request| request.id == id)
        .unwrap()
}

#[test]
fn signatures_of_others_hold() {
    let requests = requests();
    assert!(requests.len() > 60);
    for request in requests {
        assert!(request.holds(), "{}", request.id);
    }
}

#[test]
fn nothing_signed_can_be_changed() {
    for original in requests() {
        let mut changed = vec![original.clone(); 4];
        changed[0].method.push('X');
        let (path, query) = original.split();
        changed[1].target = format!("{path}y?{query}");
        changed[2].body.push(' ');
        changed[3].secret.push('x');
        for request in changed {
            assert!(!request.holds(), "{}", request.id);
        }
        let claim = original.claim();
        for name in &claim.signed_headers {
            let mut changed = original.clone();
            for (other, value) in &mut changed.headers {
                if other.eq_ignore_ascii_case(name) && name != "x-amz-date" {
                    value.push('x');
                }
            }
            let touched = changed.headers != original.headers;
            assert_eq!(!touched, changed.holds(), "{} {name}", original.id);
        }
    }
}

#[test]
fn incomplete_claims_say_what_is_lacking() {
    let headers = |pairs: &[(&'static str, &'static str)]| {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.insert(*name, HeaderValue::from_static(value));
        }
        map
    };
    assert_eq!(
        Claim::of(&headers(&[]), "Action=X"),
        Err(Malformed::Missing)
    );
    for (pairs, query, expect) in [
        (
            vec![(
                "authorization",
                "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0",
            )],
            "",
            "Authorization header requires 'Credential' parameter. Authorization header requires existence of \
             either a 'X-Amz-Date' or a 'Date' header.",
        ),
        (
            vec![("authorization", "Basic eDp5")],
            "",
            "Unsupported signing algorithm in the Authorization header.",
        ),
        (
            vec![
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=A/B, SignedHeaders=host, Signature=0",
                ),
                ("x-amz-date", "20260101T000000Z"),
            ],
            "",
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
        ),
        (
            vec![],
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-Date=c",
            "AWS query-string parameters must include 'X-Amz-SignedHeaders'.",
        ),
    ] {
        let expect = Err(Malformed::Incomplete(expect.to_owned()));
        assert_eq!(Claim::of(&headers(&pairs), query), expect);
    }
}

#[test]
fn the_scope_must_be_the_endpoints() {
    let request = request("sts form with session token");
    let check = |region: &str, service: &str, headers: &HeaderMap| {
        check_scope(&request.claim(), Scope { region, service }, headers)
            .map_err(|Mismatch(text)| text)
    };
    let headers = request.headers();
    assert_eq!(check("eu-central-1", "sts", &headers), Ok(()));
    assert_eq!(
        check("us-east-1", "sts", &headers),
        Err("Credential should be scoped to a valid region, not 'eu-central-1'. ".to_owned())
    );
    assert_eq!(
        check("eu-central-1", "iam", &headers),
        Err("Credential should be scoped to correct service: 'iam'. ".to_owned())
    );
    let mut added = headers;
    added.insert("x-amz-target", HeaderValue::from_static("Other"));
    assert_eq!(
        check("eu-central-1", "sts", &added),
        Err("'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.".to_owned())
    );
}

#[test]
fn requests_are_good_for_five_minutes() {
    let signed: Timestamp = "2015-08-30T12:36:00Z".parse().unwrap();
    let check = |id: &str, seconds: i64| {
        let now = signed + SignedDuration::from_secs(seconds);
        check_time(&request(id).claim(), now).map_err(|Mismatch(text)| text)
    };
    for seconds in [-300, 0, 300] {
        assert_eq!(check("get-vanilla (header)", seconds), Ok(()), "{seconds}");
    }
    assert_eq!(
        check("get-vanilla (header)", 20 * 60),
        Err(
            "Signature expired: 20150830T123600Z is now earlier than 20150830T125100Z \
             (20150830T125600Z - 5 min.)"
                .to_owned()
        )
    );
    assert_eq!(
        check("get-vanilla (header)", -2 * 86_400),
        Err(
            "Signature not yet current: 20150830T123600Z is still later than 20150828T124100Z \
             (20150828T123600Z + 5 min.)"
                .to_owned()
        )
    );
    // A request signed in its query string says itself how long it is good for: here an hour.
    assert_eq!(check("get-vanilla (query)", 3600), Ok(()));
    assert!(check("get-vanilla (query)", 3601).is_err());
}

#[derive(Deserialize)]
struct Passwords {
    golden: Vec<Golden>,
}

#[derive(Deserialize)]
struct Golden {
    id: String,
    host: String,
    path: String,
    secret_key: String,
    time: String,
    region: String,
    expect: Expected,
}

#[derive(Deserialize)]
struct Expected {
    password: String,
}

#[test]
fn passwords_of_others_hold_for_a_quarter_of_an_hour() {
    let text = include_str!("../../tests/data/codecommit-password.json");
    let passwords: Passwords = serde_json::from_str(text).unwrap();
    assert!(!passwords.golden.is_empty());
    for golden in passwords.golden {
        let path = format!("/{}", golden.path);
        let made = super::verify::parse(&golden.time).unwrap();
        let check = |host: &str, path: &str, secret: &str, password: &str, seconds: i64| {
            let region = &golden.region;
            let now = made + SignedDuration::from_secs(seconds);
            password::check(password, secret, Target { host, region, path }, now)
        };
        let (host, secret, password) = (&golden.host, &golden.secret_key, &golden.expect.password);
        for seconds in [-900, 0, 900] {
            assert_eq!(
                check(host, &path, secret, password, seconds),
                Ok(()),
                "{}",
                golden.id
            );
        }
        for seconds in [-901, 901, 86_400] {
            let result = check(host, &path, secret, password, seconds);
            assert!(
                matches!(result, Err(Refused::Expired(_))),
                "{} {result:?}",
                golden.id
            );
        }
        for (host, path, secret) in [
            ("other.example", path.as_str(), secret.as_str()),
            (host, "/v1/repos/other", secret),
            (host, &path, "other"),
        ] {
            let result = check(host, path, secret, password, 0);
            assert_eq!(result, Err(Refused::Wrong), "{}", golden.id);
        }
        for password in [
            "",
            "x",
            &password[..79],
            &password[1..],
            &format!("{password}0"),
        ] {
            let result = check(host, &path, secret, password, 0);
            assert_eq!(result, Err(Refused::Malformed), "{}", golden.id);
        }
    }
}
