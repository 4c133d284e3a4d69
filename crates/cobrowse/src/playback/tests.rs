//! Playing a small file of numbered frames, fetched in pieces.

use super::*;
use crate::envelope::{Flags, Header, Kind};
use crate::recording::Outline;

/// A file whose frames carry their own time as payload: a keyframe every ten seconds, a change every second, and nothing
/// between 24 and 60 seconds.
struct File {
    bytes: Vec<u8>,
    score: Score,
}

impl File {
    fn new() -> Self {
        let mut file = Self { bytes: MAGIC.to_vec(), score: Score::default() };
        let mut outline = Outline::default();
        for second in (0..25).chain(60..70) {
            let (kind, flags) = match second % 10 {
                0 => (Kind::Keyframe, Flags::FIRST.with(Flags::LAST)),
                _ => (Kind::Delta, Flags::NONE),
            };
            let header = Header { kind, flags, sequence: second, elapsed_ms: 0 };
            file.put(&mut outline, second * 1_000, Some(header));
        }
        file.put(&mut outline, 80_000, None);
        file.score = Score {
            duration_ms: outline.end_ms(),
            bytes: file.bytes.len() as u64,
            places: outline.places().to_vec(),
            quiet: outline.quiet().to_vec(),
        };
        file
    }

    fn put(&mut self, outline: &mut Outline, at_ms: u32, header: Option<Header>) {
        outline.handle(self.bytes.len() as u64, at_ms, header);
        let frame = header.map(|header| header.frame(&at_ms.to_le_bytes())).unwrap_or_default();
        self.bytes.extend(RecordHead { frame_bytes: frame.len(), at_ms }.to_bytes());
        self.bytes.extend(frame);
    }
}

/// A shell that fetches at once, in pieces of a few bytes, and writes down what is shown.
struct Shell<'a> {
    file: &'a File,
    playback: Playback,
    piece_bytes: usize,
    applied: Vec<u32>,
    is_on_its_way: bool,
}

impl<'a> Shell<'a> {
    fn open(file: &'a File, piece_bytes: usize) -> Self {
        let playback = Playback::new(file.score.clone(), 0);
        let mut shell = Self { file, playback, piece_bytes, applied: Vec::new(), is_on_its_way: false };
        shell.drain(0);
        shell
    }

    fn drain(&mut self, now_ms: u64) {
        while let Some(output) = self.playback.poll_output() {
            match output {
                Output::Restart => {
                    self.applied.clear();
                    self.is_on_its_way = true;
                }
                Output::Frame { frame, is_shown } => {
                    assert_eq!(is_shown, !self.is_on_its_way);
                    let (_, payload) = Header::parse(&frame).unwrap();
                    self.applied.push(u32::from_le_bytes(payload.try_into().unwrap()));
                }
                Output::Landed => self.is_on_its_way = false,
                Output::Fetch { from } => {
                    let rest = &self.file.bytes[usize::try_from(from).unwrap()..];
                    let piece = &rest[..self.piece_bytes.min(rest.len())];
                    self.playback.handle_bytes(from, piece, now_ms);
                }
                Output::Moved => {}
            }
        }
    }

    fn seek(&mut self, to_ms: u32) {
        self.playback.handle_seek(to_ms, 0);
        self.drain(0);
    }

    /// Plays from `now_ms` until it stands, at most `for_ms`; how long it took.
    fn run(&mut self, now_ms: u64, for_ms: u64) -> u64 {
        let mut at_ms = now_ms;
        while let Some(deadline_ms) = self.playback.deadline_ms() {
            at_ms = deadline_ms.max(at_ms);
            if at_ms > now_ms + for_ms {
                break;
            }
            self.playback.handle_tick(at_ms);
            self.drain(at_ms);
        }
        at_ms - now_ms
    }

    /// The page is right when it was built from a keyframe on and has everything up to its time.
    fn assert_stands_at(&self, at_ms: u32) {
        assert_eq!(self.playback.position_ms(), at_ms);
        let first = self.applied.first().copied().unwrap();
        assert_eq!(first % 10_000, 0, "begins with a keyframe");
        let all = (0..25).chain(60..70).map(|second| second * 1_000);
        let wanted: Vec<u32> = all.filter(|time| (first..=at_ms).contains(time)).collect();
        assert_eq!(self.applied, wanted);
        assert!(!self.is_on_its_way, "what was applied is shown");
    }
}

#[test]
fn the_first_page_is_shown_before_anybody_plays() {
    let file = File::new();
    for piece_bytes in [1, 7, 100, 10_000] {
        let shell = Shell::open(&file, piece_bytes);
        shell.assert_stands_at(0);
        assert_eq!(shell.playback.motion(), Motion::Held);
        assert_eq!(shell.playback.deadline_ms(), None);
    }
}

#[test]
fn wherever_one_goes_the_page_is_as_it_was_then() {
    let file = File::new();
    let mut shell = Shell::open(&file, 64);
    for to_ms in [5_500, 23_000, 22_999, 0, 65_000, 64_000, 79_000, 10_000, 10_001, 59_000] {
        shell.seek(to_ms);
        shell.assert_stands_at(to_ms);
    }
}

#[test]
fn it_plays_to_the_end_in_its_own_time_and_begins_again() {
    let file = File::new();
    let mut shell = Shell::open(&file, 64);
    shell.playback.handle_play(0);
    assert_eq!(shell.run(0, 200_000), 80_000);
    assert_eq!(shell.playback.motion(), Motion::Ended);
    shell.assert_stands_at(80_000);
    shell.playback.handle_play(90_000);
    shell.drain(90_000);
    shell.assert_stands_at(0);
    assert_eq!(shell.playback.motion(), Motion::Running);
}

#[test]
fn faster_is_as_many_times_faster() {
    let file = File::new();
    for speed in [2, 4, 8] {
        let mut shell = Shell::open(&file, 64);
        shell.playback.handle_speed(speed, 0);
        shell.playback.handle_play(0);
        assert_eq!(shell.run(0, 200_000), 80_000 / u64::from(speed));
        shell.assert_stands_at(80_000);
    }
}

#[test]
fn quiet_stretches_are_passed_over_when_that_is_wanted() {
    let file = File::new();
    let mut shell = Shell::open(&file, 64);
    shell.playback.handle_skip(true, 0);
    shell.playback.handle_play(0);
    let took_ms = shell.run(0, 200_000);
    assert!((26_000..45_000).contains(&took_ms), "took {took_ms} ms");
    shell.assert_stands_at(80_000);
}

#[test]
fn a_pause_holds_and_going_on_loses_nothing() {
    let file = File::new();
    let mut shell = Shell::open(&file, 64);
    shell.playback.handle_play(0);
    shell.run(0, 3_500);
    shell.playback.handle_pause(3_500);
    shell.drain(3_500);
    shell.assert_stands_at(3_500);
    shell.playback.handle_tick(60_000);
    assert_eq!(shell.playback.position_ms(), 3_500);
    shell.playback.handle_play(60_000);
    shell.run(60_000, 1_000);
    shell.assert_stands_at(4_400.max(shell.playback.position_ms()));
}

#[test]
fn it_waits_for_bytes_that_do_not_come() {
    let file = File::new();
    let mut playback = Playback::new(file.score.clone(), 0);
    playback.handle_play(0);
    playback.handle_tick(10_000);
    assert_eq!((playback.motion(), playback.position_ms()), (Motion::Waiting, 0));
    playback.handle_bytes(4_000, &file.bytes, 10_000);
    assert_eq!(playback.motion(), Motion::Waiting, "bytes of another place are left alone");
}

#[test]
fn a_file_that_was_cut_off_or_holds_nonsense_is_played_as_far_as_it_goes() {
    let file = File::new();
    let cut = File { bytes: file.bytes[..200].to_vec(), score: file.score.clone() };
    let mut broken = file.bytes[..200].to_vec();
    broken.extend([0xff; 400]);
    let broken = File { bytes: broken, score: file.score.clone() };
    for file in [&cut, &broken] {
        let mut shell = Shell::open(file, 64);
        shell.playback.handle_play(0);
        shell.run(0, 200_000);
        assert_eq!(shell.playback.motion(), Motion::Ended);
        assert!(shell.applied.len() >= 3);
    }
}
