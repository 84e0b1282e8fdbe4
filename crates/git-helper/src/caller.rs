//! Who calls: how long a person may be waited for, and whether one is likely to be there.

use holdfast_agent_proto::{CallerContext, ContextError, Interaction};
use std::ffi::OsString;

/// How long to wait for a person when nothing else is said, in seconds.
const DEFAULT_WAIT: u32 = 120;

/// Longest wait that can be asked for, in seconds: an hour. git itself would wait for ever.
const LONGEST_WAIT: u32 = 60 * 60;

/// The caller's surroundings. A terminal counts only when git and the credential helpers
/// may use it.
///
/// # Errors
/// As for [`CallerContext::gather`].
pub fn context() -> Result<CallerContext, ContextError> {
    let mut context = CallerContext::gather()?.with_environment_key();
    if forbids_prompts(&|name| std::env::var_os(name)) {
        context.interaction = Interaction::Background;
    }
    Ok(context)
}

/// How long to wait for a person, in seconds: `HOLDFAST_PROMPT_TIMEOUT`, else two minutes.
pub fn wait_seconds() -> u32 {
    wait(std::env::var_os("HOLDFAST_PROMPT_TIMEOUT"))
}

fn wait(value: Option<OsString>) -> u32 {
    value
        .and_then(|value| value.to_str()?.parse().ok())
        .map_or(DEFAULT_WAIT, |seconds: u32| seconds.min(LONGEST_WAIT))
}

/// `GIT_TERMINAL_PROMPT` keeps git from asking at the terminal, `GCM_INTERACTIVE` keeps helpers from it.
fn forbids_prompts(var: &dyn Fn(&str) -> Option<OsString>) -> bool {
    let is_off = |name: &str| {
        var(name).is_some_and(|value| {
            ["0", "false", "no", "off", "never"]
                .iter()
                .any(|off| value.eq_ignore_ascii_case(off))
        })
    };
    is_off("GIT_TERMINAL_PROMPT") || is_off("GCM_INTERACTIVE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_bounded() {
        let cases = [
            (None, 120),
            (Some(""), 120),
            (Some("-1"), 120),
            (Some("soon"), 120),
            (Some("0"), 0),
            (Some("30"), 30),
            (Some("4294967295"), 3600),
            (Some("4294967296"), 120),
        ];
        for (value, expect) in cases {
            assert_eq!(wait(value.map(OsString::from)), expect, "{value:?}");
        }
    }

    #[test]
    fn variables_forbid_prompts() {
        let cases = [
            ("GIT_TERMINAL_PROMPT", "0", true),
            ("GIT_TERMINAL_PROMPT", "False", true),
            ("GIT_TERMINAL_PROMPT", "1", false),
            ("GCM_INTERACTIVE", "0", true),
            ("GCM_INTERACTIVE", "Never", true),
            ("GCM_INTERACTIVE", "auto", false),
            ("OTHER", "0", false),
        ];
        for (name, value, expect) in cases {
            let var = |asked: &str| (asked == name).then(|| value.into());
            assert_eq!(forbids_prompts(&var), expect, "{name}={value}");
        }
    }
}
