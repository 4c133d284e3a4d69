//! Random garbling of everything that comes in from elsewhere: frames as they are, payloads below the deflate stream,
//! and batches of the reader. Nothing may panic, nothing may grow past its limit, and the next keyframe mends the page.
//!
//! Each target runs for some seconds; `TANDEM_FUZZ_SECONDS` says how many, `TANDEM_FUZZ_SEED` where to begin.

mod source;

use std::time::{Duration, Instant};

use cobrowse::Batch;
use cobrowse::envelope::{Flags, Header, Kind};
use cobrowse::limit;
use cobrowse::recorder::{Output, Recorder};
use cobrowse::replica::Replica;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use source::{Source, outline_of_page};

const SECONDS: u64 = 2;

/// Plays rounds of a target until its time is over. Each has a seed of its own, which a failure names.
fn play(target: &str, round: impl Fn(&mut Random)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let length = Duration::from_secs(number("TANDEM_FUZZ_SECONDS").unwrap_or(SECONDS));
    let first = number("TANDEM_FUZZ_SEED").unwrap_or(1);
    #[expect(clippy::disallowed_methods, reason = "a fuzz run is as long as it is told to be")]
    let begun_at = Instant::now();
    let mut rounds = 0;
    while rounds == 0 || begun_at.elapsed() < length {
        let seed = first + rounds;
        let named = Named { target, seed };
        round(&mut Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1));
        std::mem::forget(named);
        rounds += 1;
    }
    println!("{target}: {rounds} rounds");
}

/// Says which round it was when it ends before its time.
struct Named<'a> {
    target: &'a str,
    seed: u64,
}

impl Drop for Named<'_> {
    fn drop(&mut self) {
        println!("{}: TANDEM_FUZZ_SEED={}", self.target, self.seed);
    }
}

/// A small generator; what it gives depends on its seed only.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }

    /// A number as formats have them: mostly small, sometimes at an edge.
    fn number(&mut self) -> u32 {
        match self.below(8) {
            0 => u32::MAX - self.below(3) as u32,
            1 => 1 << self.below(32),
            2 => self.next() as u32,
            _ => self.below(70) as u32,
        }
    }

    /// Changes some bytes, cuts a piece out, doubles one, or puts another in.
    fn garble(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(9)).min(bytes.len());
            match self.below(5) {
                0 | 1 if at < bytes.len() => bytes[at] = self.next() as u8,
                2 => drop(bytes.drain(at..end)),
                3 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => bytes.insert(at, self.next() as u8),
            }
        }
    }
}

/// A recorder that has told a page and some changes of it, and the frames of both.
fn recorded(random: &mut Random) -> (Source, Recorder, Vec<Vec<u8>>) {
    let mut page = Source::random(random.next() as u32, 5 + random.below(60) as u32);
    let mut recorder = Recorder::new();
    recorder.handle_link_up(0);
    page.read().hand_to(&mut recorder);
    page.change(&edits(random)).hand_to(&mut recorder);
    let frames = frames(&mut recorder);
    (page, recorder, frames)
}

fn edits(random: &mut Random) -> Vec<source::Edit> {
    let seed = [random.next().to_le_bytes(); 4].concat();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let edits = proptest::collection::vec(source::edit(), 1..12);
    edits.new_tree(&mut runner).expect("edits can always be made").current()
}

fn frames(recorder: &mut Recorder) -> Vec<Vec<u8>> {
    let outputs = std::iter::from_fn(|| recorder.poll_output());
    outputs.filter_map(|output| if let Output::Frame(frame) = output { Some(frame) } else { None }).collect()
}

#[test]
fn garbled_frames_end_in_an_error_or_a_page_and_the_next_keyframe_mends_it() {
    play("frames", |random| {
        let (page, mut recorder, frames_sent) = recorded(random);
        let mut replica = Replica::new();
        for mut frame in frames_sent {
            if random.below(2) == 0 {
                random.garble(&mut frame);
            }
            drop(replica.apply(&frame));
        }
        recorder.handle_keyframe_wish(1);
        for frame in frames(&mut recorder) {
            replica.apply(&frame).expect("own frames apply");
        }
        assert_eq!(outline_of_page(replica.page()), page.outline());
    });
}

#[test]
fn payloads_of_any_columns_are_read_without_a_panic() {
    play("payloads", |random| {
        let mut replica = Replica::new();
        for sequence in 0..=random.below(4) as u32 {
            let mut payload = columns(random);
            if random.below(3) == 0 {
                random.garble(&mut payload);
            }
            let flags = if sequence == 0 { Flags::FIRST.with(Flags::LAST) } else { Flags::NONE };
            let kind = if sequence == 0 { Kind::Keyframe } else { Kind::Delta };
            let header = Header { kind, flags, sequence, elapsed_ms: 0 };
            drop(replica.apply(&header.frame(&payload)));
        }
        assert!(replica.page().len() <= limit::NODES_MAX);
        assert!(replica.page().aspects.iter().count() <= 5 * limit::ASPECTS_MAX);
    });
}

/// A payload that is well formed as far as its columns go: operations, ids, numbers, a structure that mostly closes,
/// shapes and strings, each of random values.
fn columns(random: &mut Random) -> Vec<u8> {
    let mut columns: Vec<Vec<u8>> = vec![Vec::new(); 15];
    put(&mut columns[0], 1);
    for _ in 0..1 + random.below(30) {
        let op = 1 + random.below(24) as u32;
        put(&mut columns[0], op);
    }
    for column in [1, 2] {
        for _ in 0..80 {
            let number = random.number();
            put(&mut columns[column], number);
        }
    }
    for _ in 0..60 {
        let code = if random.below(3) == 0 { 0 } else { random.below(9) as u32 };
        put(&mut columns[3], code);
    }
    put(&mut columns[4], 4);
    put(&mut columns[4], 60);
    for _ in 0..20 {
        put(&mut columns[5], random.below(8) as u32);
        put(&mut columns[5], random.below(3) as u32);
    }
    for first in [6, 9, 12] {
        for _ in 0..60 {
            let reference = random.below(4) as u32;
            put(&mut columns[first], reference);
            if reference < 2 {
                let text = TEXTS[random.below(TEXTS.len())];
                put(&mut columns[first + 1], text.len() as u32);
                columns[first + 2].extend_from_slice(text.as_bytes());
            }
        }
    }
    let mut payload = Vec::new();
    put(&mut payload, (1 << columns.len()) - 1);
    for column in &columns {
        put(&mut payload, column.len() as u32);
    }
    payload.extend(columns.concat());
    payload
}

const TEXTS: [&str; 7] =
    ["", "div", "style", "é😀", "data:image/png;base64,AAAA", "class", "a{b:url(c)}:hover"];

fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[test]
fn batches_of_any_words_are_taken_or_refused_and_what_goes_out_is_sound() {
    play("batches", |random| {
        let (_, mut recorder, _) = recorded(random);
        let mut words: Vec<u32> = if random.below(2) == 0 { vec![1, 0, 0, 1, 2] } else { Vec::new() };
        for _ in 0..random.below(80) {
            let word = random.number();
            words.push(word);
        }
        let units: Vec<u32> = TEXTS.iter().map(|text| text.encode_utf16().count() as u32).collect();
        let strings: String = TEXTS.iter().flat_map(|text| [text, "\0"]).collect();
        let batch = Batch { words: &words, string_units: &units, strings: &strings, forgets_strings: true };
        recorder.handle_batch(batch, 0);
        drop(frames(&mut recorder));
        // Whatever the page is by now, a replica of it is the same.
        recorder.handle_keyframe_wish(1);
        let mut replica = Replica::new();
        for frame in frames(&mut recorder) {
            replica.apply(&frame).expect("own frames apply");
        }
        if replica.is_whole() {
            assert_eq!(reachable(replica.page()), reachable(recorder.page()));
        }
    });
}

/// How many nodes stand in the page; those that were taken out and never placed are not among them.
fn reachable(page: &cobrowse::page::Page) -> usize {
    let mut waiting = vec![cobrowse::node::NodeId::DOCUMENT];
    let mut count = 0;
    while let Some(node_id) = waiting.pop() {
        count += 1;
        waiting.extend(page.children(node_id));
    }
    count
}
