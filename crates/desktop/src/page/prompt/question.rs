//! One question for a code, in words.

use crate::words::grouped;
use holdfast_agent_proto::view::{CallerView, PromptView};
use serde::Serialize;

/// Under which name the agent sees this app among the callers.
const THIS_APP: &str = "holdfast-tray";

/// Lifetimes that are offered, in seconds: a quarter of an hour to a day and a half.
const LIFETIMES: &[u32] = &[
    900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 129_600,
];

/// What AWS grants when the agent does not say.
const LIMITS: (u32, u32) = (900, 129_600);

/// What is asked, by whom and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Number of the agent's prompt.
    pub id: u64,
    /// The command that needs the code, for example `git push`; absent when the person asked in this app.
    pub program: Option<String>,
    /// Where it comes from and who else waits: `in ProjectAlpha, from VS Code; 2 more wait`.
    pub whence: String,
    /// The others that wait, as far as the agent names them.
    pub others: Vec<String>,
    /// The MFA device.
    pub device: MfaDevice,
    /// Profiles that the code unlocks.
    pub profiles: Vec<String>,
    /// Lifetimes in seconds to choose from, shortest first.
    pub lifetimes: Vec<u32>,
    /// The one that counts when nothing is chosen.
    pub lifetime_seconds: u32,
    /// When the session ends that is renewed while it is still good, in seconds since 1970.
    pub ends_at: Option<i64>,
}

/// An MFA device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct MfaDevice {
    /// Its name: the last part of the ARN, or the number on a hardware device.
    pub name: String,
    /// Account of a virtual device, in groups of four digits.
    pub account: Option<String>,
    /// As it stands in the profile.
    pub serial: String,
}

impl From<&PromptView> for Question {
    fn from(prompt: &PromptView) -> Self {
        let mut callers = prompt.asked_by.iter();
        let first = callers.next();
        let named = first.filter(|caller| caller.program != THIS_APP);
        let others = usize::try_from(prompt.waiting).unwrap_or(usize::MAX);
        let others = others.max(prompt.asked_by.len()).saturating_sub(1);
        Self {
            id: prompt.id,
            program: named.map(|caller| caller.program.clone()),
            whence: whence(named, first.is_some(), others),
            others: callers.map(CallerView::to_string).collect(),
            device: MfaDevice::from_serial(&prompt.serial),
            profiles: prompt.profiles.clone(),
            lifetimes: lifetimes(prompt),
            lifetime_seconds: prompt.duration_seconds,
            ends_at: prompt.session_expires_at,
        }
    }
}

impl MfaDevice {
    /// The device that a profile's `mfa_serial` names.
    pub fn from_serial(serial: &str) -> Self {
        let parts: Vec<&str> = serial.splitn(6, ':').collect();
        let (account, name) = match parts[..] {
            ["arn", _, "iam", _, account, resource] => {
                let name = resource.rsplit('/').next().unwrap_or(resource);
                (Some(grouped(account)), name)
            }
            _ => (None, serial),
        };
        Self {
            name: name.to_owned(),
            account,
            serial: serial.to_owned(),
        }
    }
}

fn whence(named: Option<&CallerView>, asked: bool, others: usize) -> String {
    let mut place = Vec::new();
    match named {
        Some(caller) => {
            place.extend(caller.folder.as_ref().map(|folder| format!("in {folder}")));
            place.extend(caller.from.as_ref().map(|from| format!("from {from}")));
        }
        None if asked => place.push("because you asked for it in Holdfast".to_owned()),
        None => {}
    }
    let more = match others {
        0 => None,
        1 => Some("1 more waits".to_owned()),
        _ => Some(format!("{others} more wait")),
    };
    let place = Some(place.join(", ")).filter(|place| !place.is_empty());
    let parts: Vec<String> = place.into_iter().chain(more).collect();
    parts.join("; ")
}

/// What AWS allows of the usual lifetimes, and the one that is wanted.
fn lifetimes(prompt: &PromptView) -> Vec<u32> {
    let (min, max) = match (prompt.min_duration_seconds, prompt.max_duration_seconds) {
        (_, 0) => LIMITS,
        limits => limits,
    };
    let wanted = prompt.duration_seconds;
    let usual = LIFETIMES.iter().copied();
    let mut offered: Vec<u32> = usual
        .filter(|seconds| (min..=max).contains(seconds))
        .chain([wanted, max])
        .collect();
    offered.sort_unstable();
    offered.dedup();
    offered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(program: &str, folder: Option<&str>, from: Option<&str>) -> CallerView {
        CallerView {
            program: program.to_owned(),
            folder: folder.map(str::to_owned),
            from: from.map(str::to_owned),
        }
    }

    fn question(asked_by: &[CallerView], waiting: u32) -> Question {
        Question::from(&PromptView {
            asked_by: asked_by.to_vec(),
            waiting,
            ..PromptView::default()
        })
    }

    #[test]
    fn who_asks_is_said_in_words() {
        let push = caller("git push", Some("ProjectAlpha"), Some("VS Code"));
        let fetch = caller("git fetch", None, Some("zsh"));
        let aws = caller("aws", None, None);
        let own = caller("holdfast-tray", None, Some("xfce4-panel"));
        let table: &[(Vec<&CallerView>, u32, Option<&str>, &str)] = &[
            (
                vec![&push],
                1,
                Some("git push"),
                "in ProjectAlpha, from VS Code",
            ),
            (
                vec![&push, &fetch],
                2,
                Some("git push"),
                "in ProjectAlpha, from VS Code; 1 more waits",
            ),
            (
                vec![&push],
                3,
                Some("git push"),
                "in ProjectAlpha, from VS Code; 2 more wait",
            ),
            (vec![&fetch], 0, Some("git fetch"), "from zsh"),
            (vec![&aws], 4, Some("aws"), "3 more wait"),
            (
                vec![&own, &push],
                2,
                None,
                "because you asked for it in Holdfast; 1 more waits",
            ),
            (vec![], 0, None, ""),
        ];
        for (asked_by, waiting, program, whence) in table {
            let asked_by: Vec<CallerView> = asked_by.iter().copied().cloned().collect();
            let question = question(&asked_by, *waiting);
            assert_eq!(question.program.as_deref(), *program);
            assert_eq!(question.whence, *whence);
        }
        assert_eq!(
            question(&[own, push], 2).others,
            ["git push in ProjectAlpha, from VS Code"]
        );
    }

    #[test]
    fn a_device_is_named_as_its_owner_knows_it() {
        let table = [
            (
                "arn:aws:iam::111122223333:mfa/MyRepositoryUser",
                "MyRepositoryUser",
                Some("1111-2222-3333"),
            ),
            (
                "arn:aws-cn:iam::111122223333:mfa/team/alpha/phone",
                "phone",
                Some("1111-2222-3333"),
            ),
            ("GAHT12345678", "GAHT12345678", None),
            ("arn:aws:iam:", "arn:aws:iam:", None),
            ("", "", None),
        ];
        for (serial, name, account) in table {
            let device = MfaDevice::from_serial(serial);
            assert_eq!(device.name, name);
            assert_eq!(device.account.as_deref(), account);
            assert_eq!(device.serial, serial);
        }
    }

    #[test]
    fn lifetimes_stay_within_what_aws_grants() {
        let offered = |min, max, wanted| {
            lifetimes(&PromptView {
                min_duration_seconds: min,
                max_duration_seconds: max,
                duration_seconds: wanted,
                ..PromptView::default()
            })
        };
        assert_eq!(offered(900, 129_600, 43_200), LIFETIMES);
        assert_eq!(offered(0, 0, 43_200), LIFETIMES);
        assert_eq!(
            offered(900, 43_200, 5000),
            [900, 1800, 3600, 5000, 7200, 14_400, 28_800, 43_200]
        );
        assert_eq!(offered(900, 5000, 900), [900, 1800, 3600, 5000]);
    }
}
