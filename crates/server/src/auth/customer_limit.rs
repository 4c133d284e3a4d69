//! New customers, limited per address: each costs rows that stay. Pure: the time comes in.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use protocol::time::UnixMillis;

use crate::forwarded::household;

/// The time a limit is for.
const WINDOW_MS: i64 = 10 * 60 * 1_000;
/// Addresses that are counted at once.
const ADDRESSES_MAX: usize = 100_000;

#[derive(Debug, Clone, Copy)]
struct Made {
    since: UnixMillis,
    count: u32,
}

/// Counts who became a customer, and from where.
#[derive(Debug, Default)]
pub(crate) struct CustomerLimit {
    made: Mutex<BTreeMap<IpAddr, Made>>,
}

impl CustomerLimit {
    /// Counts one more customer of this address.
    ///
    /// # Errors
    /// After how many seconds the next one is allowed; then nothing is counted.
    pub(crate) fn count(&self, address: IpAddr, max: u32, now: UnixMillis) -> Result<(), u32> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let address = household(address);
        if made.len() >= ADDRESSES_MAX && !made.contains_key(&address) {
            made.retain(|_, made| now.since_ms(made.since) < WINDOW_MS);
            if made.len() >= ADDRESSES_MAX {
                // So many addresses at once are not held off by counting each of them.
                made.clear();
            }
        }
        let present = made.entry(address).or_insert(Made { since: now, count: 0 });
        if now.since_ms(present.since) >= WINDOW_MS {
            *present = Made { since: now, count: 0 };
        }
        if present.count >= max {
            let left_ms = WINDOW_MS - now.since_ms(present.since);
            return Err(u32::try_from(left_ms / 1_000 + 1).unwrap_or(u32::MAX));
        }
        present.count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000);

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_makes_so_many_customers_and_waits_until_the_window_is_over() {
        let limit = CustomerLimit::default();
        let own = address("192.0.2.1");
        assert_eq!((0..3).map(|_| limit.count(own, 3, NOW)).collect::<Vec<_>>(), [Ok(()); 3]);
        assert_eq!(limit.count(own, 3, NOW.plus_ms(60_000)), Err(9 * 60 + 1));
        assert_eq!(limit.count(address("192.0.2.2"), 3, NOW), Ok(()));
        assert_eq!(limit.count(own, 3, NOW.plus_ms(WINDOW_MS)), Ok(()));
    }

    #[test]
    fn a_household_counts_as_one_however_many_addresses_it_has() {
        let limit = CustomerLimit::default();
        assert_eq!(limit.count(address("2001:db8::1"), 1, NOW), Ok(()));
        assert!(limit.count(address("2001:db8::ffff:2"), 1, NOW).is_err());
        assert_eq!(limit.count(address("2001:db8:0:1::1"), 1, NOW), Ok(()));
        assert_eq!(limit.count(address("192.0.2.1"), 1, NOW), Ok(()));
        assert!(limit.count(address("::ffff:192.0.2.1"), 1, NOW).is_err());
    }

    #[test]
    fn memory_stays_bounded() {
        let limit = CustomerLimit::default();
        for number in 0..=ADDRESSES_MAX as u32 {
            limit.count(IpAddr::V4(number.into()), 1, NOW).unwrap();
        }
        assert_eq!(limit.made.lock().unwrap().len(), 1);
    }
}
