//! No code that AWS has answered is sent again, and one it never answered may be.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

const SERIAL: &str = "arn:aws:iam::111122223333:mfa/MyRepositoryUser";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn check(ledger: &TotpLedger, code: u64, now: i64) -> Verdict {
    ledger.check(SERIAL, CodeDigest(code), Origin::Typed, at(now))
}

#[test]
fn an_answered_code_waits_for_the_next() {
    for outcome in [Outcome::Accepted, Outcome::Refused, Outcome::Answered] {
        let mut ledger = TotpLedger::default();
        ledger.record(SERIAL, CodeDigest(1), at(1_000), outcome);
        let next_code_at = at(1_020);
        assert_eq!(
            check(&ledger, 1, 1_005),
            Verdict::CodeUsed { next_code_at },
            "{outcome:?}"
        );
        assert_eq!(check(&ledger, 2, 1_005), Verdict::Send, "another code");
        assert_eq!(
            ledger.check("other", CodeDigest(1), Origin::Typed, at(1_005)),
            Verdict::Send,
            "another device"
        );
        assert!(matches!(check(&ledger, 1, 1_079), Verdict::CodeUsed { .. }));
        assert_eq!(check(&ledger, 1, 1_080), Verdict::Send, "digits recur");
    }
}

#[test]
fn an_unanswered_code_may_be_sent_again() {
    let mut ledger = TotpLedger::default();
    ledger.record(SERIAL, CodeDigest(1), at(1_000), Outcome::Unanswered);
    assert_eq!(check(&ledger, 1, 1_001), Verdict::Send);
}

#[test]
fn a_clock_that_went_back_unblocks_nothing() {
    let mut ledger = TotpLedger::default();
    ledger.record(SERIAL, CodeDigest(1), at(1_000_000), Outcome::Accepted);
    assert_eq!(
        check(&ledger, 1, 5),
        Verdict::CodeUsed {
            next_code_at: at(30)
        }
    );
}

#[test]
fn three_refusals_stop_automatic_codes_until_one_is_accepted() {
    let mut ledger = TotpLedger::default();
    let automatic =
        |ledger: &TotpLedger, now| ledger.check(SERIAL, CodeDigest(99), Origin::Automatic, at(now));
    for refusal in 1..=3_u32 {
        assert_eq!(automatic(&ledger, 1_000), Verdict::Send);
        let digest = CodeDigest(refusal.into());
        assert_eq!(
            ledger.record(SERIAL, digest, at(1_000), Outcome::Refused),
            refusal
        );
    }
    assert_eq!(automatic(&ledger, 1_000), Verdict::Resync);
    assert_eq!(
        automatic(&ledger, 100_000),
        Verdict::Resync,
        "time does not help"
    );
    assert_eq!(check(&ledger, 7, 1_000), Verdict::Send, "a person may try");
    ledger.record(SERIAL, CodeDigest(7), at(1_000), Outcome::Answered);
    assert_eq!(automatic(&ledger, 1_000), Verdict::Resync);
    ledger.record(SERIAL, CodeDigest(8), at(1_000), Outcome::Accepted);
    assert_eq!(automatic(&ledger, 1_000), Verdict::Send);
}

#[test]
fn stored_codes_block_after_a_restart() {
    let mut ledger = TotpLedger::default();
    ledger.record(SERIAL, CodeDigest(1), at(900), Outcome::Accepted);
    ledger.record(SERIAL, CodeDigest(2), at(960), Outcome::Accepted);
    let mut restarted = TotpLedger::default();
    for (serial, code) in ledger.answered(at(1_000)) {
        restarted.restore(serial, code);
    }
    assert_eq!(check(&restarted, 1, 1_000), Verdict::Send, "long over");
    assert!(matches!(
        check(&restarted, 2, 1_000),
        Verdict::CodeUsed { .. }
    ));
}

proptest! {
    /// R8: against a model that remembers everything, over codes, times and results.
    #[test]
    fn an_answered_code_is_never_sent_twice(
        tries in prop::collection::vec((0_i64..20, -1_i64..=1, 0_u8..4), 1..200)
    ) {
        let mut ledger = TotpLedger::default();
        let mut spent = BTreeSet::new();
        let mut now = 1_800_000_000_i64;
        for (passed, drift, result) in tries {
            now += passed;
            // The device shows one code per step, and may be a step off.
            let code = u64::try_from(now.div_euclid(STEP_SECONDS) + drift).unwrap();
            match check(&ledger, code, now) {
                Verdict::Send => {
                    prop_assert!(!spent.contains(&code), "sent twice: {code}");
                    let outcome = match result {
                        0 => Outcome::Accepted,
                        1 => Outcome::Refused,
                        2 => Outcome::Answered,
                        _ => Outcome::Unanswered,
                    };
                    ledger.record(SERIAL, CodeDigest(code), at(now), outcome);
                    if outcome != Outcome::Unanswered {
                        spent.insert(code);
                    }
                }
                Verdict::CodeUsed { next_code_at } => {
                    prop_assert!(spent.contains(&code), "blocked without reason");
                    let wait = next_code_at.unix_seconds() - now;
                    prop_assert!((1..=STEP_SECONDS).contains(&wait), "waits {wait} s");
                }
                Verdict::Resync => prop_assert!(false, "a typed code is never stopped"),
            }
        }
    }

    /// No input panics, and memory stays bounded.
    #[test]
    fn total(codes in prop::collection::vec((any::<u64>(), any::<i64>()), 0..50), now: i64) {
        let mut ledger = TotpLedger::default();
        for (code, sent) in codes {
            ledger.record(SERIAL, CodeDigest(code), at(sent), Outcome::Refused);
            check(&ledger, code, now);
        }
        prop_assert!(ledger.answered(at(now)).count() <= MAX_CODES);
    }
}
