//! Messages that may hold secrets cannot be printed or copied; checked while compiling.

use holdfast_agent_proto::{ClientMessage, Reply, Request, ServerMessage};
use std::fmt::{Debug, Display};

/// Does not compile when the type has the trait: two candidates for `check` are then ambiguous.
macro_rules! lacks {
    ($kind:ty, $forbidden:path) => {
        const _: fn() = || {
            trait Ambiguous<Marker> {
                fn check() {}
            }
            impl<T> Ambiguous<()> for T {}
            struct Has;
            impl<T: $forbidden> Ambiguous<Has> for T {}
            <$kind as Ambiguous<_>>::check();
        };
    };
}

lacks!(Request, Debug);
lacks!(Request, Display);
lacks!(Request, Clone);
lacks!(ClientMessage, Debug);
lacks!(ClientMessage, Clone);
lacks!(Reply, Debug);
lacks!(Reply, Display);
lacks!(Reply, Clone);
lacks!(ServerMessage, Debug);
lacks!(ServerMessage, Clone);
