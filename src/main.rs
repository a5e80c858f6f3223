//! Arguments in, exit code out.

mod cli;

use std::process::ExitCode;

/// A document is many small nodes that one worker makes and lets go; the system's allocator takes a fifth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
