//! Lives through as many histories as wanted: `simulation --seeds N [--from N]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |word: &str| word.parse::<u64>().ok();
    let wanted = match words[..] {
        ["--seeds", count] => number(count).map(|count| (0, count)),
        ["--seeds", count, "--from", from] => {
            number(count).zip(number(from)).map(|(count, from)| (from, count))
        }
        _ => None,
    };
    let Some((from, count)) = wanted else {
        eprintln!("usage: simulation --seeds N [--from N]");
        return ExitCode::FAILURE;
    };
    match simulation::run_all(from, count) {
        Ok(()) => {
            println!("{count} histories from seed {from}: every promise held");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
