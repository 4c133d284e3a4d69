//! Playing a recording as a state machine: what was fetched, commands and time come in; frames to show, places to fetch
//! from and where it stands go out. The shell owns the clock, the page and the way to the file.

use std::collections::VecDeque;

use crate::recording::{MAGIC, Place, Quiet, RECORD_HEAD_BYTES, RecordHead};

/// More is fetched when less than this waits, in bytes.
const AHEAD_BYTES: usize = 512 * 1024;
/// How often a player that runs says where it stands, in milliseconds.
const TELL_EVERY_MS: u64 = 200;
/// What is left standing at both ends of a stretch that is skipped, so that nobody loses the thread.
const SKIP_MARGIN_MS: u32 = 1_000;
/// The fastest.
pub const SPEED_MAX: u32 = 8;

/// What is known of a recording before its frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// From the first frame to the end.
    pub duration_ms: u32,
    /// The size of the file.
    pub bytes: u64,
    /// Where playing can begin, in order of time.
    pub places: Vec<Place>,
    /// When nothing happened, in order of time.
    pub quiet: Vec<Quiet>,
}

/// What the shell is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Forget the page: what follows begins with a keyframe. Nothing is shown before [`Output::Landed`].
    Restart,
    /// Apply a frame; and show what it changes unless the player is on its way to another time.
    Frame {
        /// The frame as it was recorded.
        frame: Vec<u8>,
        /// Whether to show it at once.
        is_shown: bool,
    },
    /// The player has arrived: show the page as it stands.
    Landed,
    /// Get the bytes of the file from here on and hand them in.
    Fetch {
        /// The first byte.
        from: u64,
    },
    /// Say where it stands.
    Moved,
}

/// Whether it goes on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// It stands.
    Held,
    /// It runs.
    Running,
    /// It runs once the bytes are here.
    Waiting,
    /// It stands at the end.
    Ended,
}

/// A player of one recording.
#[derive(Debug)]
pub struct Playback {
    score: Score,
    outputs: VecDeque<Output>,
    records: VecDeque<(u32, Vec<u8>)>,
    records_bytes: usize,
    /// Bytes of a record that is not whole yet.
    partial: Vec<u8>,
    /// Where the next byte to come in stands in the file.
    next_byte: u64,
    is_fetching: bool,
    has_all: bool,
    position_ms: f64,
    /// The time of the last record that was given out.
    shown_ms: u32,
    /// It is on its way to its position from an earlier keyframe.
    is_landing: bool,
    is_playing: bool,
    skips_quiet: bool,
    speed: u32,
    ticked_at_ms: u64,
    told_at_ms: u64,
}

impl Playback {
    /// Returns a player that stands at the first page; nothing is shown before its bytes came.
    #[must_use]
    pub fn new(score: Score, now_ms: u64) -> Self {
        let mut playback = Self {
            score,
            outputs: VecDeque::new(),
            records: VecDeque::new(),
            records_bytes: 0,
            partial: Vec::new(),
            next_byte: 0,
            is_fetching: false,
            has_all: false,
            position_ms: 0.0,
            shown_ms: 0,
            is_landing: false,
            is_playing: false,
            skips_quiet: false,
            speed: 1,
            ticked_at_ms: now_ms,
            told_at_ms: now_ms,
        };
        let first_ms = playback.score.places.first().map_or(0, |place| place.at_ms);
        playback.jump(first_ms);
        playback
    }

    /// Returns the next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to call [`Self::handle_tick`] next, if time alone changes something.
    #[must_use]
    pub fn deadline_ms(&self) -> Option<u64> {
        if self.motion() != Motion::Running {
            return None;
        }
        let told = self.told_at_ms + TELL_EVERY_MS;
        let due = self.records.front().map(|(at_ms, _)| {
            let ahead_ms = (f64::from(*at_ms) - self.position_ms).max(0.0) / f64::from(self.speed);
            self.ticked_at_ms + ahead_ms.ceil() as u64
        });
        Some(due.map_or(told, |due| due.min(told)))
    }

    /// Where it stands, in milliseconds from the first frame.
    #[must_use]
    pub fn position_ms(&self) -> u32 {
        (self.position_ms as u32).min(self.score.duration_ms)
    }

    /// Whether it goes on by itself.
    #[must_use]
    pub fn motion(&self) -> Motion {
        if self.is_at_end() {
            Motion::Ended
        } else if !self.is_playing {
            Motion::Held
        } else if self.is_landing || self.is_starved() {
            Motion::Waiting
        } else {
            Motion::Running
        }
    }

    /// Goes on; at the end, from the beginning.
    pub fn handle_play(&mut self, now_ms: u64) {
        if self.is_at_end() {
            self.jump(self.score.places.first().map_or(0, |place| place.at_ms));
        }
        self.is_playing = true;
        self.ticked_at_ms = now_ms;
        self.tell(now_ms);
    }

    /// Holds.
    pub fn handle_pause(&mut self, now_ms: u64) {
        self.handle_tick(now_ms);
        self.is_playing = false;
        self.tell(now_ms);
    }

    /// Goes elsewhere, and stands or runs there as before.
    pub fn handle_seek(&mut self, to_ms: u32, now_ms: u64) {
        let first_ms = self.score.places.first().map_or(0, |place| place.at_ms);
        let to_ms = to_ms.clamp(first_ms.min(self.score.duration_ms), self.score.duration_ms);
        self.ticked_at_ms = now_ms;
        let has_nearer = self.place_before(to_ms).is_some_and(|place| place.at_ms > self.shown_ms);
        if to_ms < self.shown_ms || has_nearer || self.is_landing {
            self.jump(to_ms);
        } else {
            self.position_ms = f64::from(to_ms);
            self.give_due();
        }
        self.tell(now_ms);
    }

    /// Runs this many times as fast, 1..=8.
    pub fn handle_speed(&mut self, speed: u32, now_ms: u64) {
        self.handle_tick(now_ms);
        self.speed = speed.clamp(1, SPEED_MAX);
    }

    /// Whether stretches in which nothing happened are left out.
    pub fn handle_skip(&mut self, skips_quiet: bool, now_ms: u64) {
        self.handle_tick(now_ms);
        self.skips_quiet = skips_quiet;
    }

    /// Lets time go by.
    pub fn handle_tick(&mut self, now_ms: u64) {
        let elapsed_ms = now_ms.saturating_sub(self.ticked_at_ms);
        self.ticked_at_ms = now_ms;
        if self.motion() != Motion::Running {
            return;
        }
        self.position_ms += elapsed_ms as f64 * f64::from(self.speed);
        if self.skips_quiet {
            self.skip();
        }
        self.give_due();
        if self.is_at_end() {
            self.is_playing = false;
        }
        if self.is_at_end() || now_ms >= self.told_at_ms + TELL_EVERY_MS {
            self.tell(now_ms);
        }
    }

    /// Takes bytes of the file, which begin at `from`. What was fetched for a time that is no longer wanted is left
    /// alone. No bytes at all are the end of the file.
    pub fn handle_bytes(&mut self, from: u64, bytes: &[u8], now_ms: u64) {
        if !self.is_fetching || from != self.next_byte {
            return;
        }
        self.is_fetching = false;
        self.next_byte += bytes.len() as u64;
        self.has_all = bytes.is_empty() || self.next_byte >= self.score.bytes;
        self.partial.extend_from_slice(bytes);
        self.cut(from == 0);
        self.ticked_at_ms = now_ms;
        self.give_due();
        self.tell(now_ms);
    }

    /// Cuts what has come into records.
    fn cut(&mut self, is_begin: bool) {
        let mut at = if is_begin { MAGIC.len() } else { 0 };
        while let Some(head) = self.partial.get(at..).and_then(|rest| rest.first_chunk::<RECORD_HEAD_BYTES>())
        {
            // What is no record cannot be passed over: nothing after it is trusted.
            let Some(RecordHead { frame_bytes, at_ms }) =
                RecordHead::parse(*head).filter(|head| head.frame_bytes > 0)
            else {
                self.has_all = true;
                at = self.partial.len();
                break;
            };
            let begin = at + RECORD_HEAD_BYTES;
            let Some(frame) = self.partial.get(begin..begin + frame_bytes) else { break };
            self.records.push_back((at_ms, frame.to_vec()));
            self.records_bytes += frame_bytes;
            at = begin + frame_bytes;
        }
        self.partial.drain(..at.min(self.partial.len()));
    }

    /// Gives out what is due at the position, and asks for more when little is left.
    fn give_due(&mut self) {
        while let Some((at_ms, _)) = self.records.front()
            && f64::from(*at_ms) <= self.position_ms
        {
            let Some((at_ms, frame)) = self.records.pop_front() else { break };
            self.records_bytes -= frame.len();
            self.shown_ms = at_ms;
            self.outputs.push_back(Output::Frame { frame, is_shown: !self.is_landing });
        }
        if self.is_landing && !self.is_starved() {
            self.is_landing = false;
            self.outputs.push_back(Output::Landed);
        }
        let is_little = self.records_bytes + self.partial.len() < AHEAD_BYTES;
        // A record larger than what is kept ahead is fetched to its end.
        if !self.has_all && !self.is_fetching && (is_little || self.is_starved()) {
            self.fetch();
        }
    }

    fn fetch(&mut self) {
        self.is_fetching = true;
        self.outputs.push_back(Output::Fetch { from: self.next_byte });
    }

    /// Begins anew at the last keyframe before a time.
    fn jump(&mut self, to_ms: u32) {
        let offset = self.place_before(to_ms).map_or(0, |place| place.offset);
        self.records.clear();
        self.records_bytes = 0;
        self.partial.clear();
        self.next_byte = offset;
        self.has_all = false;
        self.shown_ms = 0;
        self.position_ms = f64::from(to_ms);
        self.is_landing = true;
        self.outputs.retain(|output| !matches!(output, Output::Frame { .. } | Output::Fetch { .. }));
        self.outputs.push_back(Output::Restart);
        self.fetch();
    }

    fn place_before(&self, at_ms: u32) -> Option<Place> {
        let after = self.score.places.partition_point(|place| place.at_ms <= at_ms);
        self.score.places.get(after.saturating_sub(1)).copied()
    }

    /// Passes over the quiet stretch it stands in.
    fn skip(&mut self) {
        let position_ms = self.position_ms;
        let stretch = self.score.quiet.iter().find(|quiet| {
            position_ms >= f64::from(quiet.from_ms.saturating_add(SKIP_MARGIN_MS))
                && position_ms < f64::from(quiet.to_ms.saturating_sub(SKIP_MARGIN_MS))
        });
        if let Some(quiet) = stretch {
            let is_last = quiet.to_ms >= self.score.duration_ms;
            let margin_ms = if is_last { 0 } else { SKIP_MARGIN_MS };
            self.position_ms = f64::from(quiet.to_ms - margin_ms);
        }
    }

    /// Whether the next record may lie before the position and is not here.
    fn is_starved(&self) -> bool {
        self.records.is_empty() && !self.has_all
    }

    fn is_at_end(&self) -> bool {
        self.has_all && self.records.is_empty() && self.position_ms >= f64::from(self.score.duration_ms)
    }

    fn tell(&mut self, now_ms: u64) {
        self.told_at_ms = now_ms;
        if self.outputs.back() != Some(&Output::Moved) {
            self.outputs.push_back(Output::Moved);
        }
    }
}

#[cfg(test)]
mod tests;
