//! This machine's clock against AWS's.

use crate::examine::Seen;
use crate::finding::{Check, Finding};

/// Less is nobody's concern, in seconds.
const TOLERATED: i64 = 30;

/// From here on AWS refuses what other programs sign, in seconds.
const REFUSED: i64 = 300;

/// How far it is off.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let Some(status) = seen.status().filter(|status| status.online.is_some()) else {
        return Vec::new();
    };
    let seconds = status.clock_offset_seconds;
    if seconds.abs() <= TOLERATED {
        return vec![Check::Clock.good("the clock of this machine agrees with AWS's")];
    }
    let side = if seconds > 0 { "behind" } else { "ahead of" };
    let what = format!(
        "the clock of this machine is {} s {side} AWS's",
        seconds.abs()
    );
    let finding = if seconds.abs() < REFUSED {
        Check::Clock.warning(
            what,
            "Holdfast corrects for it; other AWS programs come close to being refused",
        )
    } else {
        Check::Clock.problem(
            what,
            "Holdfast corrects for it; AWS refuses what other programs sign, and git without Holdfast gets 403",
        )
    };
    vec![finding.advise("let the system set its clock from the network (NTP)")]
}
