//! `holdfast console`: the AWS console in the browser, signed in.

use crate::args::Console;
use crate::command::login::signed_in;
use crate::outcome::{Failure, Kind, Result};
use crate::print::{Output, shell, time};
use holdfast_browser::{Ending, OpenError};
use secrecy::ExposeSecret;

/// Opens the console, or prints the link that does.
pub(crate) fn run(args: &Console, output: &mut Output) -> Result {
    let (link, ends_at) = signed_in(&args.profile, |agent| {
        agent.console_link(&args.profile, args.destination.as_deref(), args.duration)
    })?;
    if args.print {
        return output.line(link.expose_secret());
    }
    let redirect = holdfast_browser::open_secret(link).map_err(|error| not_opened(error, args))?;
    output.line("Opening the AWS console in your browser.")?;
    output.flush()?;
    match redirect.wait() {
        Ending::Followed => {
            let ends_at = time::clock(ends_at, time::now(), &time::local_zone());
            output.line(format!("Signed in until {ends_at}."))
        }
        Ending::Expired => {
            let seconds = holdfast_browser::LIFETIME.as_secs();
            let message = format!("the browser did not open the console within {seconds} s");
            Err(Failure::new(Kind::Browser, message).hint(printing(args)))
        }
    }
}

fn not_opened(error: OpenError, args: &Console) -> Failure {
    Failure::new(Kind::Browser, error.to_string()).hint(printing(args))
}

fn printing(args: &Console) -> String {
    format!("holdfast console {} --print", shell::word(&args.profile))
}
