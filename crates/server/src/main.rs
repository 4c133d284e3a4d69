//! The binary `tandem`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
