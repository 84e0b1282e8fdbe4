//! Calls that got no answer: what stood in the way.

use super::local;
use super::text::duration;
use crate::call::Call;
use holdfast_core::failure::{Failure, FailureKind};
use rustls::{CertificateError, Error as TlsError};
use std::error::Error;
use std::io;
use std::time::Duration;

/// The failure of a call that ran out of time.
pub(crate) fn timed_out(call: &Call<'_>, after: Duration) -> Failure {
    local(
        FailureKind::Offline,
        format!(
            "{} did not answer within {}{}",
            call.host,
            duration(after.as_secs()),
            via(call)
        ),
    )
}

/// The failure of a call that the connector gave up.
pub(crate) fn unreachable(call: &Call<'_>, error: &(dyn Error + 'static)) -> Failure {
    let chain: Vec<_> = chain(error).collect();
    let tls = chain
        .iter()
        .find_map(|error| error.downcast_ref::<TlsError>());
    if let Some(tls) = tls {
        return local(FailureKind::Intercepted, distrust(call, tls));
    }
    let says = |words: &str| chain.iter().any(|error| error.to_string().contains(words));
    let io = chain
        .iter()
        .rev()
        .find_map(|error| error.downcast_ref::<io::Error>())
        .map(io::Error::kind);
    let next = call.proxy.unwrap_or(call.host);
    let (host, via) = (call.host, via(call));
    let message = if says("proxy authorization required") {
        format!("the proxy {next} asks for a user name and password before it connects to {host}")
    } else if says("tunnel error: unsuccessful") || says("tunnel error: unexpected end of file") {
        format!("the proxy {next} did not connect to {host}")
    } else if says("connect timeout occurred") {
        format!("no connection to {host}{via} in time")
    } else if says("dns error") {
        let setting = call.region_setting.filter(|_| call.proxy.is_none());
        let check = setting.map(|setting| format!(": check the network and {setting}"));
        format!(
            "the name {next} cannot be resolved{}",
            check.unwrap_or_default()
        )
    } else {
        match io {
            Some(io::ErrorKind::ConnectionRefused) => format!("{next} refused the connection"),
            Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown) => {
                format!("there is no network to reach {host}{via}")
            }
            Some(io::ErrorKind::HostUnreachable) => format!("there is no route to {next}"),
            Some(io::ErrorKind::TimedOut) => format!("no connection to {host}{via} in time"),
            Some(io::ErrorKind::UnexpectedEof) | None => {
                format!("{host} closed the connection{via} without an answer")
            }
            Some(_) => format!("the connection to {host}{via} broke"),
        }
    };
    local(FailureKind::Offline, message)
}

/// Whether a connection that stood broke before an answer came, as one does that was kept too
/// long. What cannot be reached at all is not worth a second try at once.
pub(crate) fn broke_off(error: &(dyn Error + 'static)) -> bool {
    chain(error)
        .find_map(|error| error.downcast_ref::<hyper_util::client::legacy::Error>())
        .is_some_and(|error| !error.is_connect())
}

fn via(call: &Call<'_>) -> String {
    call.proxy
        .map(|proxy| format!(" through the proxy {proxy}"))
        .unwrap_or_default()
}

fn distrust(call: &Call<'_>, error: &TlsError) -> String {
    let host = call.host;
    let TlsError::InvalidCertificate(reason) = error else {
        return format!(
            "what answers at {host} does not speak TLS as AWS does: a captive portal or TLS interception"
        );
    };
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every other fault of a certificate is met in the same way"
    )]
    match reason {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => format!(
            "the certificate of {host} is not valid at this machine's time: check the clock, else it is TLS interception"
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!(
                "the certificate presented for {host} is another host's: a captive portal or TLS interception at {host}"
            )
        }
        _ => format!(
            "the certificate of {host} is not trusted: a captive portal or TLS interception at {host}; if your network inspects TLS, set AWS_CA_BUNDLE to a file with its certificate authority"
        ),
    }
}

/// An error and what caused it. An `io::Error` hides the error it carries from `source()`.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(carried) => Some(carried as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}
