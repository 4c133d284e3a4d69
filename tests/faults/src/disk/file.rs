//! A file's bytes as programs see them, and the changes since its last sync.

use crate::random::Random;

/// What a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;

#[derive(Debug, Default)]
pub(super) struct File {
    bytes: Vec<u8>,
    unsynced: Vec<Change>,
    is_fleeting: bool,
}

/// A change since the last sync, with what is needed to take it back.
#[derive(Debug)]
struct Change {
    act: Act,
    bytes_before: usize,
    /// What was there before, from where it was changed on.
    before: Vec<u8>,
}

#[derive(Debug)]
enum Act {
    Write { offset: usize, data: Vec<u8> },
    Resize { bytes: usize },
}

/// What becomes of the changes when the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Survival {
    Nothing,
    Everything,
    /// The first ones.
    Beginning,
    /// Any of them, each whole.
    Some,
    /// Any sectors of any of them.
    Sectors,
}

impl File {
    pub(super) fn new(is_fleeting: bool) -> Self {
        Self { is_fleeting, ..Self::default() }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether nobody wants it back after a loss of power.
    pub(super) fn is_fleeting(&self) -> bool {
        self.is_fleeting
    }

    pub(super) fn write(&mut self, offset: usize, data: &[u8]) {
        let bytes_before = self.bytes.len();
        let from = offset.min(bytes_before);
        let before = self.bytes[from..bytes_before.min(offset + data.len())].to_vec();
        write(&mut self.bytes, offset, data);
        self.remember(Change { act: Act::Write { offset, data: data.to_vec() }, bytes_before, before });
    }

    pub(super) fn resize(&mut self, bytes: usize) {
        let bytes_before = self.bytes.len();
        let before = self.bytes[bytes.min(bytes_before)..].to_vec();
        self.bytes.resize(bytes, 0);
        self.remember(Change { act: Act::Resize { bytes }, bytes_before, before });
    }

    fn remember(&mut self, change: Change) {
        if !self.is_fleeting {
            self.unsynced.push(change);
        }
    }

    pub(super) fn sync(&mut self) {
        self.unsynced.clear();
    }

    /// Leaves what is left after a loss of power. Returns how many changes were unsynced.
    pub(super) fn lose_power(&mut self, random: &mut Random) -> usize {
        if self.is_fleeting {
            // Old news of dead processes, or nothing.
            if random.coin() {
                self.bytes.clear();
            }
            return 0;
        }
        let changes = std::mem::take(&mut self.unsynced);
        for change in changes.iter().rev() {
            change.take_back(&mut self.bytes);
        }
        let survival = match random.below(6) {
            0 => Survival::Everything,
            1 => Survival::Beginning,
            2 => Survival::Some,
            3 => Survival::Sectors,
            _ => Survival::Nothing,
        };
        let beginning = random.below(changes.len() as u64 + 1);
        for (change, number) in changes.iter().zip(0..) {
            match survival {
                Survival::Nothing => {}
                Survival::Everything => change.act.on(&mut self.bytes),
                Survival::Beginning if number < beginning => change.act.on(&mut self.bytes),
                Survival::Some if random.coin() => change.act.on(&mut self.bytes),
                Survival::Beginning | Survival::Some => {}
                Survival::Sectors => change.act.on_some_sectors(&mut self.bytes, random),
            }
        }
        changes.len()
    }
}

impl Change {
    fn take_back(&self, bytes: &mut Vec<u8>) {
        bytes.resize(self.bytes_before, 0);
        let from = match &self.act {
            Act::Write { offset, .. } => (*offset).min(self.bytes_before),
            Act::Resize { bytes } => (*bytes).min(self.bytes_before),
        };
        bytes[from..from + self.before.len()].copy_from_slice(&self.before);
    }
}

impl Act {
    fn on(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write { offset, data } => write(bytes, *offset, data),
            Self::Resize { bytes: wanted } => bytes.resize(*wanted, 0),
        }
    }

    fn on_some_sectors(&self, bytes: &mut Vec<u8>, random: &mut Random) {
        let Self::Write { offset, data } = self else {
            if random.coin() {
                self.on(bytes);
            }
            return;
        };
        let mut from = 0;
        while from < data.len() {
            // Sectors lie where the disk has them, not where the write begins.
            let end = (from + SECTOR_BYTES - (offset + from) % SECTOR_BYTES).min(data.len());
            if random.coin() {
                write(bytes, offset + from, &data[from..end]);
            }
            from = end;
        }
    }
}

fn write(bytes: &mut Vec<u8>, offset: usize, data: &[u8]) {
    if bytes.len() < offset + data.len() {
        bytes.resize(offset + data.len(), 0);
    }
    bytes[offset..offset + data.len()].copy_from_slice(data);
}
