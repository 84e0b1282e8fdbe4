//! AWS out of reach and back: told when it lasts, and never back and forth.

/// How long AWS has to be out of reach before that is told, in seconds. A machine that wakes up needs a
/// moment for its network.
const LASTS: i64 = 30;

/// Whether AWS is in reach.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// Since when it is not, in seconds since 1970.
    out_since: Option<i64>,
    told: bool,
}

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// AWS cannot be reached.
    Out,
    /// AWS can be reached again.
    Back,
}

impl Network {
    /// Takes in how it is; says what is new.
    pub(super) fn look(&mut self, online: Option<bool>, now: i64) -> Option<News> {
        match online {
            Some(false) => {
                let since = *self.out_since.get_or_insert(now);
                if self.told || now - since < LASTS {
                    return None;
                }
                self.told = true;
                Some(News::Out)
            }
            Some(true) => {
                self.out_since = None;
                std::mem::take(&mut self.told).then_some(News::Back)
            }
            None => None,
        }
    }

    /// When to look again.
    pub(super) fn next(&self) -> Option<i64> {
        let since = self.out_since.filter(|_| !self.told);
        since.map(|since| since + LASTS)
    }
}
