//! The learned difference follows what AWS says, whatever the local clock does.

use super::*;
use proptest::prelude::*;

const TEN_YEARS: i64 = 10 * 366 * 86_400;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

/// An answer seen by a clock that is `behind` seconds behind, after a round trip of `trip` seconds.
fn answer(local: i64, behind: i64, trip: i64) -> DatedAnswer {
    DatedAnswer {
        sent: at(local),
        received: at(local + trip),
        date: at(local + trip / 2 + behind),
    }
}

#[test]
fn two_answers_must_agree() {
    let mut clock = ClockOffset::default();
    assert!(!clock.observe(answer(1_000, 1_200, 0)));
    assert_eq!(clock.seconds(), 0, "one witness is none");
    assert!(!clock.observe(answer(1_010, -500, 0)));
    assert_eq!(clock.seconds(), 0, "two that disagree are none either");
    assert!(clock.observe(answer(1_020, -501, 0)));
    assert_eq!(clock.seconds(), -501);
    assert_eq!(clock.correct(at(2_000)), at(1_499));
    assert_eq!(clock.localize(at(1_499)), at(2_000));
}

#[test]
fn a_good_answer_between_two_bad_ones_discards_the_first() {
    let mut clock = ClockOffset::default();
    clock.observe(answer(0, 900, 0));
    clock.observe(answer(1, 0, 0));
    assert!(!clock.observe(answer(2, 900, 0)));
    assert_eq!(clock.seconds(), 0);
}

#[test]
fn small_differences_are_left_alone() {
    for behind in [-30, -29, 0, 29, 30] {
        let mut clock = ClockOffset::default();
        for second in 0..5 {
            assert!(!clock.observe(answer(second, behind, 0)), "{behind}");
            assert!(!clock.adopt(answer(second, behind, 0)), "{behind}");
        }
        assert_eq!(clock.seconds(), 0);
    }
}

#[test]
fn a_refusal_is_believed_at_once() {
    let mut clock = ClockOffset::default();
    assert!(clock.adopt(answer(0, 2 * 86_400, 1)));
    assert_eq!(clock.seconds(), 2 * 86_400);
    assert!(
        !clock.adopt(answer(5, 2 * 86_400, 1)),
        "a second refusal has another reason"
    );
}

#[test]
fn a_slow_or_impossible_round_trip_says_nothing() {
    for trip in [61, 3_600, -1, -86_400] {
        let mut clock = ClockOffset::default();
        assert!(!clock.adopt(answer(100_000, 7_200, trip)), "{trip}");
    }
}

#[test]
fn the_round_trip_widens_what_is_tolerated() {
    let mut clock = ClockOffset::default();
    assert!(
        !clock.adopt(answer(0, 45, 40)),
        "within 30 s and half the trip"
    );
    assert!(clock.adopt(answer(0, 60, 40)));
}

/// `(learned, step of the wall clock, expected)`
#[test]
fn steps_of_the_wall_clock() {
    let day = 86_400;
    let cases = [
        ("put right after being behind", 2 * day, 2 * day, 0),
        ("put right after being ahead", -2 * day, -2 * day, 0),
        ("set back by a wrong hand", 0, -3_600, 3_600),
        ("asleep, or set ahead", 0, 3_600, 0),
        ("asleep while behind", 1_200, 8 * 3_600, 1_200),
        ("slewed", 1_200, 20, 1_200),
    ];
    for (what, learned, step, expected) in cases {
        let mut clock = ClockOffset::default();
        clock.read(at(1_000_000), 50);
        clock.adopt(answer(1_000_000, learned, 0));
        clock.observe(answer(1_000_000, learned, 0));
        clock.read(at(1_000_010 + step), 60);
        assert_eq!(clock.seconds(), expected, "{what}");
    }
}

#[test]
fn an_unconfirmed_difference_is_not_moved_by_steps() {
    let mut clock = presumed(600);
    clock.read(at(1_000_000), 0);
    clock.read(at(900_000), 1);
    assert_eq!(clock.seconds(), 600);
}

proptest! {
    /// R5: whatever the difference, the first refusal or the second answer sets the clock right.
    #[test]
    fn learns_any_difference(behind in -TEN_YEARS..TEN_YEARS, trip in 0_i64..25, now in 0..4_000_000_000_i64) {
        let slack = TOLERANCE_SECONDS + trip / 2 + 1;
        let mut refused = ClockOffset::default();
        refused.adopt(answer(now, behind, trip));
        prop_assert!((refused.seconds() - behind).abs() <= slack);

        let mut answered = ClockOffset::default();
        answered.observe(answer(now, behind, trip));
        answered.observe(answer(now + 30, behind, trip));
        prop_assert!((answered.seconds() - behind).abs() <= slack);
    }

    /// While the wall clock steps around and the machine sleeps, the corrected time never falls
    /// behind AWS's by more than it can see, and two answers always mend it.
    #[test]
    fn never_serves_the_past(
        moves in prop::collection::vec((0_i64..86_400, prop_oneof![Just(0), -TEN_YEARS..TEN_YEARS], any::<bool>()), 1..40)
    ) {
        // Every step within the tolerance stays unseen.
        let unseen = TOLERANCE_SECONDS * i64::try_from(moves.len() + 1).unwrap();
        let (mut aws, mut wall, mut steady) = (1_800_000_000_i64, 1_800_000_000_i64, 0_i64);
        let mut clock = ClockOffset::default();
        clock.read(at(wall), steady);
        clock.observe(answer(wall, 0, 0));
        for (passed, step, hear) in moves {
            aws += passed;
            steady += passed;
            wall += passed + step;
            clock.read(at(wall), steady);
            let corrected = clock.correct(at(wall)).unix_seconds();
            prop_assert!(corrected >= aws - unseen, "{corrected} {aws}");
            if hear {
                clock.observe(answer(wall, aws - wall, 0));
                clock.observe(answer(wall, aws - wall, 0));
                let corrected = clock.correct(at(wall)).unix_seconds();
                prop_assert!((corrected - aws).abs() <= TOLERANCE_SECONDS + 1);
            }
        }
    }

    /// No input panics.
    #[test]
    fn total(sent: i64, received: i64, date: i64, wall: i64, steady: i64, seconds: i64) {
        let mut clock = presumed(seconds);
        let answer = DatedAnswer { sent: at(sent), received: at(received), date: at(date) };
        clock.read(at(wall), steady);
        clock.observe(answer);
        clock.adopt(answer);
        clock.read(at(steady), wall);
        clock.observe(answer);
        let _ = clock.localize(clock.correct(at(wall)));
    }
}

/// A difference from an earlier run.
fn presumed(seconds: i64) -> ClockOffset {
    let mut clock = ClockOffset::default();
    clock.presume(seconds);
    clock
}

#[test]
fn what_aws_said_in_this_run_wins_over_an_earlier_run() {
    let at = Timestamp::from_unix_seconds(1_800_000_000);
    let mut clock = ClockOffset::default();
    assert!(clock.adopt(DatedAnswer {
        sent: at,
        received: at,
        date: at.plus_seconds(600),
    }));
    clock.presume(9_000);
    assert_eq!(clock.seconds(), 600);
}
