//! Asking again when an agent ended before it answered.

use crate::client::ClientError;
use std::thread;
use std::time::Duration;

/// Pauses before the second try and later ones. A process that is killed gives its connections back a moment before the
/// address it listens at, so whoever is quick meets it once more.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(5),
    Duration::from_millis(40),
    Duration::from_millis(200),
];

/// Runs a whole exchange, connecting included, and again where the agent went away before it answered. Use it only for
/// what may be asked twice.
///
/// # Errors
/// Those of the exchange; the last one's where the agent went away every time.
pub fn again<T>(exchange: &mut dyn FnMut() -> Result<T, ClientError>) -> Result<T, ClientError> {
    for pause in PAUSES {
        match exchange() {
            Err(error) if error.agent_went_away() => thread::sleep(pause),
            ended => return ended,
        }
    }
    exchange()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::FrameError;

    /// What comes of an agent that goes away so many times, and how often it was asked.
    fn asked(mut goes_away: u32, then: fn() -> Result<(), ClientError>) -> (bool, u32) {
        let mut tries = 0;
        let ended = again(&mut || {
            tries += 1;
            if goes_away == 0 {
                return then();
            }
            goes_away -= 1;
            Err(ClientError::Frame(FrameError::Closed))
        });
        (ended.is_ok(), tries)
    }

    #[test]
    fn only_an_agent_that_went_away_is_asked_again_and_not_for_ever() {
        for (goes_away, expect) in [(0, (true, 1)), (1, (true, 2)), (3, (true, 4))] {
            assert_eq!(asked(goes_away, || Ok(())), expect);
        }
        assert_eq!(asked(4, || Ok(())), (false, 4));
        assert_eq!(asked(1, || Err(ClientError::Timeout)), (false, 2));
    }
}
