//! Simulated days of people who sign in to a portal: how often they are asked, and how often they are told.

mod scene;

use holdfast_core::engine::{Call, Effect, Event, Interaction, Opened, Refusal};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::time::Timestamp;
use scene::{HOUR, Scene, failure, portal_role};

const DAY: i64 = 24 * HOUR;
/// The agent's tick.
const TICK: i64 = 30;
/// How often the tools of a person at work ask for credentials.
const WORK: i64 = 5 * 60;

/// The portal: how long a sign-in lasts, and what its tokens are like.
struct Portal {
    sign_in_seconds: i64,
    tokens: Tokens,
    ends_at: i64,
    /// The refresh token that is good.
    token: u64,
}

/// How the end of a sign-in shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tokens {
    /// A token ends with the sign-in at the latest.
    EndWithIt,
    /// The last token outlives it: a refresh is refused without warning.
    OutliveIt,
    /// The same, and the agent knows how long earlier sign-ins lasted.
    OutliveItAsBefore,
}

/// What the person lived through.
#[derive(Debug, Default, PartialEq, Eq)]
struct Lived {
    sign_ins: u32,
    notices: u32,
    prompts: u32,
    refused: u32,
    refreshes: u32,
}

/// What befalls a call.
enum Fate {
    Answered,
    /// It never reached AWS.
    NotSent,
    /// AWS did what was asked, and the answer was lost.
    AnswerLost,
}

struct Life {
    scene: Scene,
    portal: Portal,
    lived: Lived,
    /// Renews when told that the sign-in ends.
    renews_when_told: bool,
    /// The refresh token that the agent has.
    held: u64,
    fate: fn(u32) -> Fate,
    calls: u32,
}

impl Life {
    fn new(sign_in_seconds: i64, tokens: Tokens) -> Self {
        Self {
            scene: Scene::new(),
            portal: Portal {
                sign_in_seconds,
                tokens,
                ends_at: 0,
                token: 0,
            },
            lived: Lived::default(),
            renews_when_told: false,
            held: 0,
            fate: |_| Fate::Answered,
            calls: 0,
        }
    }

    /// Time goes on for so long, and nobody works.
    fn rest(&mut self, seconds: i64) {
        for _ in 0..seconds / TICK {
            self.scene.tick_after(TICK);
            self.carry_out();
        }
    }

    /// Somebody works for so long.
    fn work(&mut self, seconds: i64) {
        for _ in 0..seconds / WORK {
            self.scene
                .request(&portal_role("Admin"), Interaction::Terminal);
            self.carry_out();
            self.rest(WORK);
        }
    }

    /// Does what the engine wants until it wants nothing more.
    fn carry_out(&mut self) {
        let mut effects = std::mem::take(&mut self.scene.effects);
        while !effects.is_empty() {
            let mut next = Vec::new();
            for effect in &effects {
                self.live_through(effect);
                next.append(&mut self.scene.effects);
            }
            effects = next;
        }
    }

    fn live_through(&mut self, effect: &Effect) {
        self.scene.effects.clear();
        if let Effect::Call(call) = effect {
            let result = self.answer(call);
            self.scene.finish(call, result);
        } else if let Effect::PromptOpened(_) = effect {
            self.lived.prompts += 1;
            self.sign_in();
        } else if let Effect::ExpiringSoon { seconds_left, .. } = effect {
            assert!(*seconds_left <= 900);
            self.lived.notices += 1;
            if self.renews_when_told {
                self.sign_in();
            }
        } else if let Effect::Refuse { refusal, .. } = effect {
            assert!(!matches!(refusal, Refusal::Declined { .. }));
            self.lived.refused += 1;
        }
    }

    fn sign_in(&mut self) {
        self.scene.sign_in(&portal_role("Admin"));
    }

    fn answer(&mut self, call: &Call) -> Result<Opened, Failure> {
        self.calls += 1;
        let fate = (self.fate)(self.calls);
        if matches!(fate, Fate::NotSent) {
            return Err(failure(FailureKind::Offline));
        }
        let result = if call.key == portal_role("Admin").nodes[0].key {
            self.token(call.by_person)
        } else if self.scene.now < self.portal.ends_at {
            Ok(Opened::until(self.time(self.scene.now + HOUR)))
        } else {
            Err(failure(FailureKind::SessionEnded))
        };
        match fate {
            Fate::AnswerLost => Err(failure(FailureKind::Offline)),
            Fate::Answered | Fate::NotSent => {
                if result.is_ok() && call.key == portal_role("Admin").nodes[0].key {
                    self.held = self.portal.token;
                }
                result
            }
        }
    }

    /// What the portal's OIDC service answers. Refresh tokens are good for one use.
    fn token(&mut self, by_person: bool) -> Result<Opened, Failure> {
        let now = self.scene.now;
        if by_person {
            self.lived.sign_ins += 1;
            self.portal.ends_at = now + self.portal.sign_in_seconds;
        } else {
            self.lived.refreshes += 1;
            if now >= self.portal.ends_at || self.held != self.portal.token {
                return Err(failure(FailureKind::SessionEnded));
            }
        }
        self.portal.token += 1;
        let end = now + HOUR;
        let end = match self.portal.tokens {
            Tokens::EndWithIt => end.min(self.portal.ends_at),
            Tokens::OutliveIt | Tokens::OutliveItAsBefore => end,
        };
        // A token that is shorter than usual tells when the sign-in ends.
        let is_known = end < now + HOUR || self.portal.tokens == Tokens::OutliveItAsBefore;
        Ok(Opened {
            expires_at: self.time(end),
            refreshable: true,
            sign_in_ends_at: is_known.then(|| self.time(self.portal.ends_at)),
        })
    }

    fn time(&self, seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }
}

#[test]
fn twelve_hours_with_an_hourly_token_are_silent() {
    let mut life = Life::new(7 * DAY, Tokens::EndWithIt);
    life.work(WORK);
    assert_eq!((life.lived.prompts, life.lived.sign_ins), (1, 1));
    life.lived = Lived::default();
    life.work(12 * HOUR);
    let Lived { refreshes, .. } = life.lived;
    assert!((12..=19).contains(&refreshes), "{refreshes}");
    life.lived.refreshes = 0;
    assert_eq!(
        life.lived,
        Lived::default(),
        "nothing that a person notices"
    );
}

#[test]
fn every_working_day_that_needs_it_has_one_notice_and_one_sign_in() {
    for tokens in [
        Tokens::EndWithIt,
        Tokens::OutliveIt,
        Tokens::OutliveItAsBefore,
    ] {
        let mut life = Life::new(8 * HOUR, tokens);
        // People go home when they are told, or a little later.
        let last_hours = if tokens == Tokens::OutliveIt {
            4 * HOUR + 600
        } else {
            4 * HOUR - 600
        };
        let mut working_days = 0;
        for day in 0..30 {
            life.lived = Lived::default();
            if day % 7 < 5 {
                // From nine on, with an hour of lunch.
                life.work(3 * HOUR);
                life.rest(HOUR);
                life.work(last_hours);
                life.rest(20 * HOUR - last_hours);
                working_days += 1;
                assert_eq!(
                    (life.lived.sign_ins, life.lived.prompts, life.lived.notices),
                    (1, 1, 1),
                    "day {day}, {tokens:?}"
                );
            } else {
                life.rest(DAY);
                assert_eq!((life.lived.sign_ins, life.lived.notices), (0, 0));
            }
            assert_eq!(life.lived.refused, 0);
        }
        assert_eq!(working_days, 22);
    }
}

#[test]
fn who_renews_when_told_works_on_and_has_a_quiet_night() {
    let mut life = Life::new(8 * HOUR, Tokens::EndWithIt);
    life.renews_when_told = true;
    for _ in 0..5 {
        life.lived = Lived::default();
        life.work(10 * HOUR);
        life.rest(14 * HOUR);
        let Lived {
            sign_ins,
            prompts,
            notices,
            refused,
            ..
        } = life.lived;
        assert_eq!((sign_ins, prompts, notices, refused), (2, 1, 1, 0));
    }
}

#[test]
fn a_day_that_ends_before_the_sign_in_has_no_notice() {
    let mut life = Life::new(8 * HOUR, Tokens::EndWithIt);
    for _ in 0..5 {
        life.lived = Lived::default();
        life.work(4 * HOUR);
        life.rest(20 * HOUR);
        assert_eq!((life.lived.sign_ins, life.lived.notices), (1, 0));
    }
}

#[test]
fn an_answer_that_is_lost_costs_one_sign_in_at_most() {
    for lost in 2..12 {
        for fate in [Fate::NotSent, Fate::AnswerLost] {
            let is_lost = matches!(fate, Fate::AnswerLost);
            let mut life = Life::new(7 * DAY, Tokens::EndWithIt);
            life.work(WORK);
            let first = life.calls;
            life.lived = Lived::default();
            // The calls of one part of the day come to nothing, one after the other.
            for _ in 0..8 * HOUR / WORK {
                life.fate = match (life.calls == first + lost, is_lost) {
                    (false, _) => |_| Fate::Answered,
                    (true, true) => |_| Fate::AnswerLost,
                    (true, false) => |_| Fate::NotSent,
                };
                life.work(WORK);
            }
            let Lived {
                sign_ins,
                refused,
                refreshes,
                ..
            } = life.lived;
            assert!(sign_ins <= u32::from(is_lost), "{lost}: {sign_ins}");
            assert!(refused <= 1, "{lost}: {refused}");
            assert!(refreshes < 20, "{lost}: a loop of {refreshes}");
        }
    }
}

#[test]
fn a_night_asleep_is_made_up_for_without_a_person() {
    let mut life = Life::new(7 * DAY, Tokens::EndWithIt);
    life.work(HOUR);
    life.lived = Lived::default();
    life.scene.now += 14 * HOUR;
    life.scene.step(Event::Tick);
    life.carry_out();
    life.work(HOUR);
    assert_eq!(
        (life.lived.prompts, life.lived.sign_ins, life.lived.refused),
        (0, 0, 0)
    );
}
