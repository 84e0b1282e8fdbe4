//! The Holdfast agent: started by any client that needs it, one per user.

use std::process::ExitCode;
use zeroizing_alloc::ZeroAlloc;

/// Erases whatever is freed. Our own secrets erase themselves; this is for the copies that the AWS SDK,
/// TLS and the parsers make and drop.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    holdfast_agent::run::main()
}
