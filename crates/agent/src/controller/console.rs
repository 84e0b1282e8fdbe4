//! Links that open the AWS console signed in.

use super::Controller;
use super::calls::reached_aws;
use super::requests::{Asked, Want};
use super::tasks::Done;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::view::ActivityKind;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use holdfast_codecommit::Region;
use holdfast_core::chain::{Chain, Step};
use holdfast_core::console::{Console, Destination};
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::{Event, Interaction};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{Aws, ConsoleSignIn};
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use std::sync::Arc;

/// Lifetimes of a console session that may be asked for, in seconds.
const DURATION_SECONDS: std::ops::RangeInclusive<u32> = 900..=43_200;

/// The sign-in service has answered.
pub(super) struct Linked {
    asked: Asked,
    /// When the console session will end.
    ends_at: Timestamp,
    result: Result<SecretString, Failure>,
}

impl<S: Aws> Controller<S> {
    /// A link for a profile, to a page of the console or to its home.
    pub(super) fn console_link(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        destination: Option<String>,
        duration_seconds: Option<u32>,
        replies: ReplySender,
    ) {
        let Some(asked) = self.asked(caller, profile, replies) else {
            return;
        };
        let region = caller.context.region.as_deref();
        match sign_in(
            &asked.chain,
            region,
            destination.as_deref(),
            duration_seconds,
        ) {
            Ok(wish) => {
                let want = Want::ConsoleLink(Box::new(wish));
                self.queue(asked, want, Interaction::Never, 0);
            }
            Err(error) => {
                let error = error.profile(&asked.profile);
                self.note_refused(caller, Some(&asked.profile), None, &error);
                asked.replies.error(error);
            }
        }
    }

    /// Has the sign-in service make the link, now that there are credentials.
    pub(super) fn make_console_link(
        &mut self,
        asked: Asked,
        wish: ConsoleSignIn,
        credentials: &Arc<Credentials>,
    ) {
        let now = self.now();
        let ends_at = match wish.duration_seconds {
            Some(seconds) => now.plus_seconds(seconds.into()),
            None => credentials.expires_at.unwrap_or(now),
        };
        let (aws, credentials) = (Arc::clone(&self.aws), Arc::clone(credentials));
        self.tasks.spawn(async move {
            Done::ConsoleLink(Linked {
                result: aws.console_link(&credentials, wish).await,
                ends_at,
                asked,
            })
        });
    }

    pub(super) fn console_linked(&mut self, linked: Linked) {
        let Linked {
            asked,
            ends_at,
            result,
        } = linked;
        if let Some(online) = reached_aws(&result) {
            self.online = Some(online);
        }
        let answer = match result {
            _ if self.engine.is_locked() => Err(explain::locked()),
            Ok(url) => Ok(Reply::ConsoleLink {
                url,
                expires_at: self.clock.localize(ends_at).unix_seconds(),
            }),
            Err(failure) => Err(refused(&failure, &asked.profile)),
        };
        self.note_served(ActivityKind::ConsoleLink, &asked, None, &answer);
        asked.replies.finish(answer);
    }

    /// AWS does not know a session any more that was used for something else than the next session.
    pub(super) fn session_refused(&mut self, asked: &Asked, failure: &Failure) {
        if failure.kind == FailureKind::SessionEnded
            && let Some(key) = asked.chain.keys().pop()
        {
            self.step(Event::Rejected { key });
        }
    }
}

/// What is asked of the sign-in service for a profile, or why it cannot be.
fn sign_in(
    chain: &Chain,
    callers_region: Option<&str>,
    destination: Option<&str>,
    duration_seconds: Option<u32>,
) -> Result<ConsoleSignIn, AgentError> {
    let Some(Step::AssumeRole { role_arn, .. }) = chain.steps.last() else {
        return Err(not_a_role(chain));
    };
    check_duration(chain, duration_seconds)?;
    let destination = match destination {
        None => Destination::HOME,
        Some(text) => Destination::parse(text)
            .map_err(|error| AgentError::new(ErrorCode::BadRequest, error.to_string()))?,
    };
    let partition = role_arn.split(':').nth(1).unwrap_or_default();
    let is_of_it = |region: &Region| region.partition().id() == partition;
    if destination
        .region
        .as_ref()
        .is_some_and(|region| !is_of_it(region))
    {
        let profile = &chain.profile;
        let message = format!(
            "the destination is in another AWS partition than the role of profile {profile} ({partition})"
        );
        return Err(AgentError::new(ErrorCode::BadRequest, message));
    }
    let usual = [chain.region.as_deref(), callers_region];
    let usual = usual.into_iter().flatten();
    let mut usual = usual.filter_map(|name| Region::parse(name).ok().filter(is_of_it));
    let console = match destination.region.or_else(|| usual.next()) {
        Some(region) => Some(Console::of(region)),
        None => Console::of_partition(partition),
    };
    let console = console.ok_or_else(|| {
        let message = format!("there is no AWS console for partition {partition}");
        AgentError::new(ErrorCode::Misconfigured, message)
    })?;
    Ok(ConsoleSignIn {
        console,
        page: destination.page,
        duration_seconds,
    })
}

fn check_duration(chain: &Chain, duration_seconds: Option<u32>) -> Result<(), AgentError> {
    let profile = &chain.profile;
    let message = match duration_seconds {
        None => return Ok(()),
        Some(_) if chain.steps.len() > 1 => format!(
            "the role of profile {profile} is assumed with the credentials of another session, \
             and AWS ends its console session with it, after an hour at most"
        ),
        Some(seconds) if !DURATION_SECONDS.contains(&seconds) => {
            "a console session lasts between 15 minutes and 12 hours".to_owned()
        }
        Some(_) => return Ok(()),
    };
    Err(AgentError::new(ErrorCode::BadRequest, message).hint("ask for no duration"))
}

/// The federation endpoint takes the sessions of roles, not those of users.
fn not_a_role(chain: &Chain) -> AgentError {
    let profile = &chain.profile;
    let ends_with = match chain.steps.last() {
        None => "uses its access key as it is",
        Some(_) => "ends with the MFA session of an IAM user",
    };
    AgentError::new(
        ErrorCode::Unsupported,
        format!("profile {profile} {ends_with}, and AWS signs only roles in to the console"),
    )
    .hint(format!(
        "use a profile with role_arn whose source profile is {profile}"
    ))
    .hint("or sign in to the console with the user's password")
}

fn refused(failure: &Failure, profile: &str) -> AgentError {
    let mut told = explain::failure(failure, profile);
    if failure.kind == FailureKind::Denied {
        told.hints = vec![format!(
            "the session may have been revoked: {}, then {}",
            explain::command("logout", profile),
            explain::command("login", profile)
        )];
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_aws_files::{Document, FileKind, ProfileSet};
    use holdfast_core::chain::{KeyIndex, resolve};

    const CONFIG: &str = "\
[profile user]
mfa_serial = arn:aws:iam::111122223333:mfa/jane
[profile plain]
[profile role]
role_arn = arn:aws:iam::222233334444:role/R
source_profile = user
region = eu-west-1
[profile direct]
role_arn = arn:aws:iam::222233334444:role/R
source_profile = plain
[profile china]
role_arn = arn:aws-cn:iam::222233334444:role/R
source_profile = plain
region = eu-west-1
";

    struct Keys;

    impl KeyIndex for Keys {
        fn access_key_id(&self, profile: &str) -> Option<&str> {
            ["user", "plain"]
                .contains(&profile)
                .then_some("AKIAIOSFODNN7EXAMPLE")
        }
    }

    fn asked(
        profile: &str,
        destination: Option<&str>,
        seconds: Option<u32>,
    ) -> Result<String, AgentError> {
        let config = Document::parse("config", FileKind::Config, CONFIG.into());
        let credentials = Document::parse("credentials", FileKind::Credentials, Vec::new());
        let files = ProfileSet::merge(&config, &credentials);
        let chain = resolve(profile, &files, &Keys).unwrap();
        let wish = sign_in(&chain, Some("us-west-2"), destination, seconds)?;
        Ok(wish.console.url(&wish.page))
    }

    #[test]
    fn the_destination_then_the_profile_then_the_caller_name_the_region() {
        for (profile, destination, page) in [
            (
                "role",
                None,
                "https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1",
            ),
            (
                "direct",
                None,
                "https://us-west-2.console.aws.amazon.com/console/home?region=us-west-2",
            ),
            (
                "china",
                None,
                "https://cn-north-1.console.amazonaws.cn/console/home?region=cn-north-1",
            ),
            (
                "role",
                Some("codecommit::us-east-2://r"),
                "https://us-east-2.console.aws.amazon.com/codesuite/codecommit/repositories/r/browse?region=us-east-2",
            ),
        ] {
            assert_eq!(asked(profile, destination, None).unwrap(), page);
        }
    }

    #[test]
    fn what_aws_would_refuse_is_refused_with_what_to_do() {
        for (profile, destination, seconds, code, words) in [
            (
                "user",
                None,
                None,
                ErrorCode::Unsupported,
                "MFA session of an IAM user",
            ),
            (
                "plain",
                None,
                None,
                ErrorCode::Unsupported,
                "access key as it is",
            ),
            (
                "role",
                None,
                Some(3_600),
                ErrorCode::BadRequest,
                "another session",
            ),
            (
                "direct",
                None,
                Some(60),
                ErrorCode::BadRequest,
                "15 minutes",
            ),
            (
                "direct",
                None,
                Some(43_201),
                ErrorCode::BadRequest,
                "12 hours",
            ),
            (
                "role",
                Some("https://evil.example/"),
                None,
                ErrorCode::BadRequest,
                "neither",
            ),
            (
                "china",
                Some("codecommit::eu-west-1://r"),
                None,
                ErrorCode::BadRequest,
                "partition",
            ),
        ] {
            let error = asked(profile, destination, seconds).unwrap_err();
            assert_eq!(error.code, code, "{profile}");
            assert!(error.message.contains(words), "{}", error.message);
            assert!(!error.message.contains("evil"));
        }
        assert!(asked("direct", None, Some(43_200)).is_ok());
    }
}
