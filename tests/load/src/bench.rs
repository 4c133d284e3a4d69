//! Which tables are wanted, where they go, and what the machine allows.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::contender::Contender;
use crate::scenario::{Bench, drain, idle, most, rates, sharing, slow, start, storm};
use crate::server::Programs;
use crate::table::Table;

/// Sockets of PROTOCOL's memory target.
const SOCKETS: usize = 18_000;
/// Files a server or the generator has open beside its sockets.
const OTHER_FILES: usize = 1_000;
const ROUNDS: usize = 3;

/// One of the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Rates,
    Most,
    Idle,
    Slow,
    Sharing,
    Storm,
    Drain,
    Start,
}

const QUESTIONS: [(&str, Question); 8] = [
    ("rates", Question::Rates),
    ("most", Question::Most),
    ("idle", Question::Idle),
    ("slow", Question::Slow),
    ("sharing", Question::Sharing),
    ("storm", Question::Storm),
    ("drain", Question::Drain),
    ("start", Question::Start),
];

/// What to do.
#[derive(Debug)]
pub(crate) struct Order {
    programs: Programs,
    output: PathBuf,
    rounds: usize,
    only: Option<Contender>,
    questions: Vec<Question>,
}

impl Order {
    /// Reads the words behind `bench`.
    pub(crate) fn parse(
        tandem: &str,
        peers: &str,
        scratch: &str,
        output: &str,
        rest: &[&str],
    ) -> Result<Self> {
        let programs = Programs { tandem: tandem.into(), peers: peers.into(), scratch: scratch.into() };
        let mut order =
            Self { programs, output: output.into(), rounds: ROUNDS, only: None, questions: Vec::new() };
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            if *word == "--rounds" {
                let count = words.next().context("--rounds wants a number")?;
                order.rounds = count.parse().ok().filter(|it| *it > 0).context("--rounds wants a number")?;
                continue;
            }
            if *word == "--only" {
                let name = words.next().context("--only wants a contender")?;
                let known = Contender::ALL.into_iter().find(|contender| contender.name() == *name);
                order.only = Some(known.with_context(|| format!("no contender is called `{name}`"))?);
                continue;
            }
            let known = QUESTIONS.iter().find(|(name, _)| name == word);
            let Some((_, question)) = known else { bail!("no table is called `{word}`") };
            order.questions.push(*question);
        }
        if order.questions.is_empty() {
            order.questions = QUESTIONS.map(|(_, question)| question).to_vec();
        }
        Ok(order)
    }
}

/// Measures, prints each table as soon as it is there, and keeps them all in the file.
pub(crate) async fn run(order: Order) -> Result<()> {
    let bench = Bench {
        programs: order.programs,
        rounds: order.rounds,
        only: order.only,
        sockets_max: SOCKETS.min(open_files_max()?.saturating_sub(OTHER_FILES)),
    };
    std::fs::create_dir_all(&bench.programs.scratch)?;
    let mut text = legend(&bench);
    print_now(&text)?;
    let mut tables = Vec::new();
    for question in order.questions {
        for table in answer(&bench, question).await? {
            let lines = format!("\n{}", table.text());
            print_now(&lines)?;
            text.push_str(&lines);
            keep(&order.output, &text)?;
            tables.push(table);
        }
    }
    let end = summary(&tables);
    print_now(&end)?;
    text.push_str(&end);
    keep(&order.output, &text)
}

async fn answer(bench: &Bench, question: Question) -> Result<Vec<Table>> {
    Ok(match question {
        Question::Rates => {
            let mut tables = rates::measure(bench, 2_000, 5.0).await?;
            tables.extend(rates::measure(bench, 10_000, 15.0).await?);
            tables
        }
        Question::Most => vec![most::measure(bench).await?],
        Question::Idle => vec![idle::measure(bench).await?],
        Question::Slow => slow::measure(bench).await?,
        Question::Sharing => sharing::measure(bench).await?,
        Question::Storm => storm::measure(bench).await?,
        Question::Drain => vec![drain::measure(bench).await?],
        Question::Start => start::measure(bench).await?,
    })
}

/// Raises the limit of open files as far as it goes, for the servers as well, which inherit it.
fn open_files_max() -> Result<usize> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?;
    Ok(usize::try_from(maximum.unwrap_or(u64::MAX)).unwrap_or(usize::MAX))
}

fn legend(bench: &Bench) -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "Delivery under load: {processors} processors, loopback, the generator on the same machine.
Every number is of this run; compare within it. {} runs of each in turns (A B C A B C): the median (least–most).

durability class   what is left of an acknowledged message after a power cut, and how often it arrives
to peer, to ack    from the moment the message was planned for (a server that stalls cannot slow its clients down and
                   hide it) to the frame at the other side, or to the sender's acknowledgement
load               visitors and agents in pairs, one agent's socket for ten visitors, both sides write; whoever
                   receives answers with a receipt, as the real clients do; heartbeats run
lost/doubled/closed  messages not at the peer within 5 s or refused; messages that came again; sockets the server closed
ws, socket.io      relays on the npm packages: rooms, acknowledgements, no storage; who is away misses it
bare               copies frames and does nothing else: what the generator itself adds
tandem / it        our number divided by theirs
",
        bench.rounds
    )
}

fn summary(tables: &[Table]) -> String {
    let verdicts: Vec<bool> = tables.iter().filter_map(Table::is_reached).collect();
    let reached = verdicts.iter().filter(|it| **it).count();
    format!("\n{reached} of {} targets reached\n", verdicts.len())
}

fn print_now(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}

fn keep(output: &Path, text: &str) -> Result<()> {
    std::fs::write(output, text).with_context(|| format!("cannot write {}", output.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(rest: &[&str]) -> Result<Order> {
        Order::parse("tandem", "peers", "scratch", "output", rest)
    }

    #[test]
    fn without_a_name_every_table_is_measured() {
        let order = parse(&["--rounds", "5"]).unwrap();
        assert_eq!((order.questions.len(), order.rounds), (QUESTIONS.len(), 5));
    }

    #[test]
    fn a_name_that_is_no_table_is_refused() {
        assert_eq!(parse(&["idle", "drain"]).unwrap().questions, [Question::Idle, Question::Drain]);
        assert!(parse(&["speed"]).is_err());
        assert!(parse(&["--rounds", "0"]).is_err());
    }
}
