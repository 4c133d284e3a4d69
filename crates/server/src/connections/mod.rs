//! How many connections there are at once: of one address, and altogether. A server that has no file descriptor left
//! can neither take an agent in nor open its own files, so some are never given to visitors.
//!
//! Whoever connects directly is counted at the port. Connections of a trusted proxy carry many people's requests:
//! there each request, and each socket, is counted for the one it really comes from.

mod admit;
mod bounds;
mod descriptors;
mod per_address;
mod refusals;

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Config;

pub(crate) use admit::admit;
use bounds::Bounds;
pub(crate) use descriptors::raise_limit;
pub(crate) use per_address::{Counted, Enough, PerAddress};
pub(crate) use refusals::{Refusal, Refusals};

/// Connections of addresses that have enough: agents are let in, others told at once why they get nothing. More of
/// them are closed without a word.
const TURNED_AWAY_MAX: usize = 64;

/// What a connection may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Everything.
    Welcome,
    /// What agents ask for: visitors have no room at the moment.
    StaffOnly,
    /// What agents ask for: its address has enough.
    TurnedAway,
}

/// The connections of this server.
#[derive(Debug)]
pub(crate) struct Connections {
    bounds: Bounds,
    all: AtomicUsize,
    turned_away: AtomicUsize,
    by_address: Arc<PerAddress>,
    pub(crate) refusals: Refusals,
}

/// One connection, counted as long as somebody holds this.
#[derive(Debug)]
pub(crate) struct Guest {
    connections: Arc<Connections>,
    pub(crate) standing: Standing,
    /// Whom it is counted for: who connected, or, behind a proxy, who opened the socket it has become.
    counted: Mutex<Option<Counted>>,
}

impl Connections {
    /// Makes the count of a server with these settings.
    pub(crate) fn new(config: &Config) -> Arc<Self> {
        let bounds = Bounds::of(descriptors::limit(), config.connections_max);
        Self::within(bounds, PerAddress::of(config))
    }

    fn within(bounds: Bounds, by_address: Arc<PerAddress>) -> Arc<Self> {
        let (all, turned_away) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { bounds, all, turned_away, by_address, refusals: Refusals::default() })
    }

    /// Counts a connection; none when it is to be closed without a word.
    pub(crate) fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Arc<Guest>> {
        let Some(present) = take_one(&self.all, self.bounds.all) else {
            self.refusals.count(Refusal::Closed);
            return None;
        };
        let guest = |standing, counted| {
            let (connections, counted) = (Arc::clone(self), Mutex::new(counted));
            Some(Arc::new(Guest { connections, standing, counted }))
        };
        if let Ok(counted) = self.by_address.count(peer) {
            let has_room = present < self.bounds.visitors;
            return guest(if has_room { Standing::Welcome } else { Standing::StaffOnly }, Some(counted));
        }
        if take_one(&self.turned_away, TURNED_AWAY_MAX).is_some() {
            return guest(Standing::TurnedAway, None);
        }
        self.all.fetch_sub(1, Ordering::SeqCst);
        self.refusals.count(Refusal::Closed);
        None
    }
}

impl Guest {
    /// Counts the connection for this address as well, until it ends.
    fn keep(&self, counted: Counted) {
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = Some(counted);
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.connections.all.fetch_sub(1, Ordering::SeqCst);
        if self.standing == Standing::TurnedAway {
            self.connections.turned_away.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// Adds one unless there are `max`; returns how many there were.
fn take_one(count: &AtomicUsize, max: usize) -> Option<usize> {
    let more = |present| (present < max).then_some(present + 1);
    count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(visitors: usize, all: usize, per_address: usize) -> Arc<Connections> {
        Connections::within(Bounds { visitors, all }, PerAddress::new(Some(per_address), Vec::new()))
    }

    fn peer(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn standing(guest: &Option<Arc<Guest>>) -> Option<Standing> {
        guest.as_ref().map(|guest| guest.standing)
    }

    #[test]
    fn the_last_places_are_for_agents_and_then_there_are_none() {
        let connections = connections(2, 3, 9);
        let guests: Vec<_> = (0..4).map(|number| connections.enter(peer(number))).collect();
        let standings: Vec<_> = guests.iter().map(standing).collect();
        assert_eq!(
            standings,
            [Some(Standing::Welcome), Some(Standing::Welcome), Some(Standing::StaffOnly), None]
        );
        assert_eq!(connections.refusals.counted(Refusal::Closed), 1);
        drop(guests);
        assert_eq!(standing(&connections.enter(peer(9))), Some(Standing::Welcome));
    }

    #[test]
    fn an_address_with_enough_is_told_so_until_one_of_its_connections_ends() {
        let connections = connections(100, 100, 2);
        let own: Vec<_> = (0..2).map(|_| connections.enter(peer(1))).collect();
        assert_eq!(standing(&connections.enter(peer(1))), Some(Standing::TurnedAway));
        assert_eq!(standing(&connections.enter(peer(2))), Some(Standing::Welcome));
        drop(own);
        assert_eq!(standing(&connections.enter(peer(1))), Some(Standing::Welcome));
    }

    #[test]
    fn only_so_many_are_told_at_once_and_nobody_else_loses_a_place_by_it() {
        let connections = connections(500, 500, 1);
        let first = connections.enter(peer(1));
        let more: Vec<_> = (0..2 * TURNED_AWAY_MAX).map(|_| connections.enter(peer(1))).collect();
        assert_eq!(more.iter().flatten().count(), TURNED_AWAY_MAX);
        assert_eq!(connections.refusals.counted(Refusal::Closed), TURNED_AWAY_MAX as u64);
        assert_eq!(connections.all.load(Ordering::SeqCst), 1 + TURNED_AWAY_MAX);
        drop((first, more));
        assert_eq!(connections.all.load(Ordering::SeqCst), 0);
        assert_eq!(standing(&connections.enter(peer(1))), Some(Standing::Welcome));
    }
}
