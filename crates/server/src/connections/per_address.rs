//! How many there are of each address. An IPv6 household has more addresses than anybody can count: it counts as one.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::Config;
use crate::forwarded::{Network, household, is_trusted};

/// The address has as many as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Enough;

/// Counts what is open, by where it comes from. What has ended is forgotten.
#[derive(Debug)]
pub(crate) struct PerAddress {
    max: Option<usize>,
    /// Proxies speak for many, and what they say of those is counted instead.
    trusted: Vec<Network>,
    open: Mutex<BTreeMap<IpAddr, usize>>,
}

/// Something that is open, counted until this is dropped.
#[derive(Debug)]
pub(crate) struct Counted {
    of: Arc<PerAddress>,
    /// None where nothing is counted.
    address: Option<IpAddr>,
}

impl PerAddress {
    /// Makes an empty count with the limit of these settings.
    pub(crate) fn of(config: &Config) -> Arc<Self> {
        let max = config.connections_per_address.map(|max| usize::try_from(max).unwrap_or(usize::MAX));
        Self::new(max, config.trusted_proxies.clone())
    }

    pub(super) fn new(max: Option<usize>, trusted: Vec<Network>) -> Arc<Self> {
        Arc::new(Self { max, trusted, open: Mutex::default() })
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one more of this address. The machine itself and private networks are not limited: a proxy there that
    /// nobody has named, that of a container for one, would have all its visitors in common.
    ///
    /// # Errors
    /// When it has enough; then nothing is counted.
    pub(crate) fn count(self: &Arc<Self>, address: IpAddr) -> Result<Counted, Enough> {
        let address = address.to_canonical();
        let is_free = is_near(address) || is_trusted(address, &self.trusted);
        let (Some(max), false) = (self.max, is_free) else {
            return Ok(Counted { of: Arc::clone(self), address: None });
        };
        let address = household(address);
        let mut open = self.open();
        let present = open.get(&address).copied().unwrap_or(0);
        if present >= max {
            return Err(Enough);
        }
        open.insert(address, present + 1);
        Ok(Counted { of: Arc::clone(self), address: Some(address) })
    }
}

/// Whether it is this machine, or in a private network (RFC 1918, RFC 4193).
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut open = self.of.open();
        match open.get_mut(&address) {
            Some(present) if *present > 1 => *present -= 1,
            Some(_) | None => {
                open.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts every address as long as all are open, and says which are one too many.
    fn check(max: usize, addresses: &[&str], expected: &[bool]) {
        let limit = PerAddress::new(Some(max), vec!["198.51.100.0/24".parse().unwrap()]);
        let counted: Vec<_> = addresses.iter().map(|text| limit.count(text.parse().unwrap())).collect();
        let taken: Vec<bool> = counted.iter().map(Result::is_ok).collect();
        assert_eq!(taken, expected, "{addresses:?}");
        drop(counted);
        assert!(limit.open().is_empty(), "nothing is kept of those who are gone");
    }

    #[test]
    fn an_address_has_so_many_and_a_household_counts_as_one() {
        check(2, &["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"], &[true, true, false, true]);
        check(1, &["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"], &[true, false, true]);
        check(1, &["192.0.2.1", "::ffff:192.0.2.1"], &[true, false]);
    }

    #[test]
    fn proxies_and_the_machine_itself_are_not_limited() {
        check(1, &["127.0.0.1", "127.0.0.1", "::1", "::1", "::ffff:127.0.0.1"], &[true; 5]);
        check(1, &["198.51.100.3", "198.51.100.3"], &[true, true]);
        check(1, &["172.17.0.1", "172.17.0.1", "fd00::1", "fd00::1"], &[true; 4]);
        check(1, &["172.32.0.1", "172.32.0.1"], &[true, false]);
        let without = PerAddress::new(None, Vec::new());
        let counted: Vec<_> = (0..9).map(|_| without.count(IpAddr::from([192, 0, 2, 1])).unwrap()).collect();
        assert_eq!((counted.len(), without.open().len()), (9, 0));
    }
}
