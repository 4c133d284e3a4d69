//! The loss of power: what was not synced is thrown away, or survives in part, as a seed says.

use std::collections::{BTreeMap, BTreeSet};

use super::{Disk, Mood, Node, Number, ROOT};
use crate::random::Random;

/// What a loss of power found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Loss {
    /// Writes and resizes that were not synced.
    pub(crate) changes: usize,
    /// Names that were made, moved or removed and not synced.
    pub(crate) names: usize,
}

/// Which changes of names have happened.
#[derive(Debug, Clone, Copy)]
enum Names {
    None,
    All,
    Some,
}

impl Disk {
    /// Comes back after a loss of power with what is left.
    pub(crate) fn lose_power(&mut self, random: &mut Random) -> Loss {
        let mut loss = Loss::default();
        let names = match random.below(4) {
            0 => Names::All,
            1 => Names::Some,
            _ => Names::None,
        };
        let mut renames: BTreeMap<u64, bool> = BTreeMap::new();
        for node in self.nodes.values_mut() {
            match node {
                Node::File(file) => loss.changes += file.lose_power(random),
                Node::Folder(folder) => {
                    loss.names += folder.lose_power(|rename| {
                        let drawn = match names {
                            Names::None => false,
                            Names::All => true,
                            Names::Some => random.coin(),
                        };
                        rename.map_or(drawn, |rename| *renames.entry(rename).or_insert(drawn))
                    });
                }
            }
        }
        self.forget_the_nameless();
        self.mood = Mood::Well;
        self.dies_after = None;
        loss
    }

    /// Frees every node that no name leads to.
    fn forget_the_nameless(&mut self) {
        let mut reached = BTreeSet::from([ROOT]);
        let mut to_visit = vec![ROOT];
        while let Some(number) = to_visit.pop() {
            let Some(Node::Folder(folder)) = self.nodes.get(&number) else { continue };
            let inside: Vec<Number> = folder.names().map(|(_, number)| *number).collect();
            to_visit.extend(inside.into_iter().filter(|number| reached.insert(*number)));
        }
        self.nodes.retain(|number, _| reached.contains(number));
    }
}
