//! What AWS, or something in its place, answered.

use super::denial::Denial;
use super::text::{duration, name, printable};
use crate::call::{Call, Caller};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::time::Timestamp;

/// Errors of the signature, which a wrong clock may have caused.
const SIGNATURE_CODES: [&str; 3] = [
    "AuthFailure",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
];

/// Errors that only a wrong clock causes.
const CLOCK_CODES: [&str; 3] = [
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
];

/// Latest time to come back that is believed, in seconds.
const MAX_RETRY_AFTER: i64 = 3_600;

/// An answer that is not what was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Answer<'a> {
    /// HTTP status.
    pub(crate) status: u16,
    /// Carries a mark of AWS's, for example `x-amzn-RequestId`.
    pub(crate) from_aws: bool,
    /// AWS's error code.
    pub(crate) code: Option<&'a str>,
    /// AWS's error message.
    pub(crate) message: Option<&'a str>,
    /// Seconds after which to come back.
    pub(crate) retry_after: Option<i64>,
}

/// Whether a wrong clock may be the reason.
pub(crate) fn blames_the_clock(answer: &Answer<'_>) -> bool {
    let code = answer.code.unwrap_or_default();
    CLOCK_CODES.contains(&code) || SIGNATURE_CODES.contains(&code)
}

/// The failure that an answer means. `behind_seconds` is how far the local clock is behind AWS's.
pub(crate) fn refused(
    call: &Call<'_>,
    answer: &Answer<'_>,
    now: Timestamp,
    behind_seconds: i64,
) -> Failure {
    // Without a signature nothing but AWS's mark tells its refusals from those of something on the way, and
    // a token that is wrongly taken for ended costs a person a sign-in.
    let believed = match call.caller {
        Caller::Signer(_) => true,
        Caller::Bearer(_) => answer.from_aws,
    };
    let answer = &Answer {
        code: answer.code.filter(|_| believed),
        ..*answer
    };
    let (kind, message) = explain(call, answer, behind_seconds);
    let retry_after = answer.retry_after.filter(|_| kind.is_transient());
    Failure {
        kind,
        message: call.scrub(&message),
        answered: answer.from_aws || answer.code.is_some(),
        retry_at: retry_after.map(|seconds| now.plus_seconds(seconds.clamp(1, MAX_RETRY_AFTER))),
    }
}

fn explain(call: &Call<'_>, answer: &Answer<'_>, behind_seconds: i64) -> (FailureKind, String) {
    let (host, service) = (call.host, call.service);
    let Some(code) = answer.code else {
        return foreign(call, answer);
    };
    if let Some(explained) = call.explain.and_then(|explain| explain(answer)) {
        return explained;
    }
    let message = answer.message.unwrap_or_default();
    let key = name(call.key_id(), "that signed the call");
    match code {
        "AccessDenied" | "AccessDeniedException" => denied(call, message),
        "ExpiredToken" | "ExpiredTokenException" => (
            FailureKind::SessionEnded,
            format!("the session of access key {key} has ended"),
        ),
        "InvalidClientTokenId" | "UnrecognizedClientException" if call.by_session() => (
            FailureKind::SessionEnded,
            format!(
                "AWS does not know the session of access key {key}; it was revoked or its access key deactivated"
            ),
        ),
        "InvalidClientTokenId" | "UnrecognizedClientException" => (
            FailureKind::KeyInactive,
            format!("AWS does not know access key {key}, or it is deactivated"),
        ),
        code if CLOCK_CODES.contains(&code) => clock(behind_seconds, host),
        code if SIGNATURE_CODES.contains(&code) => {
            if is_about_time(message) {
                clock(behind_seconds, host)
            } else if call.by_session() {
                (
                    FailureKind::SessionEnded,
                    format!("AWS refused the signature of the session of access key {key}"),
                )
            } else {
                (
                    FailureKind::KeyInactive,
                    format!("the secret access key stored for {key} does not belong to it"),
                )
            }
        }
        "Throttling"
        | "ThrottlingException"
        | "Throttled"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "SlowDown" => (FailureKind::Throttled, format!("{host} asked to slow down")),
        "RegionDisabledException" => (
            FailureKind::InvalidRequest,
            format!(
                "{service} is not activated for this account at {host}; activate it in IAM, or use another region"
            ),
        ),
        "OptInRequired" | "SubscriptionRequiredException" => (
            FailureKind::Denied,
            format!("the account of access key {key} is not signed up for {service}"),
        ),
        _ if answer.status == 429 => (FailureKind::Throttled, format!("{host} asked to slow down")),
        _ if answer.status >= 500 => (
            FailureKind::Server,
            format!("{host} failed with {} ({})", answer.status, printable(code)),
        ),
        code => invalid(call, code, message),
    }
}

/// An answer without an error of AWS's in it.
fn foreign(call: &Call<'_>, answer: &Answer<'_>) -> (FailureKind, String) {
    let (host, status) = (call.host, answer.status);
    match status {
        429 => (FailureKind::Throttled, format!("{host} asked to slow down")),
        500.. if answer.status != 511 => {
            (FailureKind::Server, format!("{host} failed with {status}"))
        }
        _ if answer.from_aws => (
            FailureKind::Server,
            format!("the answer of AWS to {} is incomplete", call.operation),
        ),
        407 => (
            FailureKind::Offline,
            format!("the proxy on the way to {host} asks for a user name and password"),
        ),
        _ => (
            FailureKind::Intercepted,
            format!(
                "something else than AWS answered for {host} ({status}): a captive portal or a proxy; open a web page to see what it wants"
            ),
        ),
    }
}

fn denied(call: &Call<'_>, message: &str) -> (FailureKind, String) {
    if message.contains("MultiFactorAuthentication") {
        return mfa_refused(call, message);
    }
    let role = call.role_arn.map(|arn| name(arn, "the role"));
    let mut words = match Denial::parse(message) {
        Some(denial) => {
            let on = denial.resource.or(role);
            let on = on.map(|on| format!(" on {on}")).unwrap_or_default();
            let why = denial.reason.map(|why| format!(" ({})", printable(why)));
            format!(
                "{} may not perform {}{on}{}",
                denial.principal,
                denial.action,
                why.unwrap_or_default()
            )
        }
        None if message.is_empty() => format!("AWS does not allow {}", call.operation),
        None => format!(
            "AWS does not allow {}: {}",
            call.operation,
            printable(message)
        ),
    };
    // AWS does not say when MFA is what is missing. A long-lived key carries none.
    if call.role_arn.is_some() && call.mfa.is_none() && call.by_key() {
        words.push_str("; the role may demand MFA, which this call did not carry");
        return (FailureKind::MfaMissing, words);
    }
    (FailureKind::Denied, words)
}

fn mfa_refused(call: &Call<'_>, message: &str) -> (FailureKind, String) {
    let serial = call.mfa.map(|mfa| name(&mfa.serial, "the MFA device"));
    let Some(serial) = serial.filter(|_| !message.contains("must provide both")) else {
        return (
            FailureKind::MfaMissing,
            format!("{} needs an MFA code", call.operation),
        );
    };
    if message.contains("unable to validate MFA code") {
        return (
            FailureKind::InvalidRequest,
            format!("AWS does not know MFA device {serial} for this user; check mfa_serial"),
        );
    }
    (
        FailureKind::WrongCode,
        format!("AWS refused the code of MFA device {serial}"),
    )
}

fn clock(behind_seconds: i64, host: &str) -> (FailureKind, String) {
    let by = duration(behind_seconds.unsigned_abs());
    let message = match behind_seconds {
        0 => {
            format!("{host} refused the signature because of its date; check this machine's clock")
        }
        1.. => format!(
            "this machine's clock is {by} behind AWS's, and {host} refused the signature even with the time corrected"
        ),
        _ => format!(
            "this machine's clock is {by} ahead of AWS's, and {host} refused the signature even with the time corrected"
        ),
    };
    (FailureKind::ClockSkew, message)
}

fn is_about_time(message: &str) -> bool {
    [
        "Signature expired",
        "not yet current",
        "Request has expired",
        "request time",
        "Date must be",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

fn invalid(call: &Call<'_>, code: &str, message: &str) -> (FailureKind, String) {
    let asked = call.duration_seconds.unwrap_or(3_600);
    let role = call
        .role_arn
        .map_or("the role", |arn| name(arn, "the role"));
    let words = if message.contains("role chaining") {
        format!(
            "a role assumed from another role lasts an hour at most, and {asked} seconds were asked for {role}"
        )
    } else if message.contains("MaxSessionDuration") {
        format!("{asked} seconds are more than the maximum session duration of {role}")
    } else if message.contains("tokenCode") {
        return (
            FailureKind::WrongCode,
            "an MFA code has six digits".to_owned(),
        );
    } else {
        format!(
            "AWS refused {} ({}): {}",
            call.operation,
            printable(code),
            printable(message)
        )
    };
    (FailureKind::InvalidRequest, words)
}

#[cfg(test)]
mod tests;
