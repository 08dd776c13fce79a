//! Parses the command line, runs it, and prints what went wrong.

fn main() -> std::process::ExitCode {
    lotse::cli::main()
}
