//! Parses the command line, runs it, and prints what went wrong.

/// Gives back what making a picture of all content took for a moment; the usual allocator of Linux keeps a third of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    lotse::cli::main()
}
