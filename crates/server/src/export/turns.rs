//! Who may have an archive written now. Each takes a thread, so there are few turns: agents have theirs and visitors
//! theirs, those who wait are served in order and not for long, and a customer has one at a time.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::conversation::Side;
use protocol::id::CustomerId;
use protocol::problem::ProblemCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::config::Timing;
use crate::problem::Problem;

/// Archives of one side that are written at once.
pub(super) const AT_ONCE: usize = 4;
/// Those who wait for a turn of one side.
const WAITING_MAX: usize = 16;
/// After how many seconds somebody who waited in vain may come again.
const RETRY_AFTER_S: u32 = 30;

/// The turns of one side.
#[derive(Debug, Clone)]
struct Turns {
    seats: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { seats: Arc::new(Semaphore::new(AT_ONCE)), waiting: Arc::default() }
    }
}

/// How many archives may still be begun.
#[derive(Debug, Default)]
pub(crate) struct Exports {
    agents: Turns,
    visitors: Turns,
    /// The customers who get theirs at this moment.
    customers: Arc<Mutex<BTreeSet<CustomerId>>>,
}

/// The right to have one archive written, until this is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _seat: OwnedSemaphorePermit,
    _own: Option<Own>,
    waiting: Arc<AtomicUsize>,
    begun_at: Instant,
}

/// One customer's place among those who get their own.
#[derive(Debug)]
struct Own {
    customers: Arc<Mutex<BTreeSet<CustomerId>>>,
    customer_id: CustomerId,
}

/// Counts somebody as long as they wait.
struct Waiting(Arc<AtomicUsize>);

impl Exports {
    /// Waits for a turn, and not for long.
    ///
    /// # Errors
    /// `too_many` for a customer who gets theirs already; `busy` when no turn came.
    pub(super) async fn turn(
        &self,
        reader: Side,
        customer_id: &CustomerId,
        timing: &Timing,
    ) -> Result<Turn, Problem> {
        let (turns, own) = match reader {
            Side::Agent => (&self.agents, None),
            Side::Customer => (&self.visitors, Some(self.own(customer_id)?)),
        };
        let Turns { seats, waiting } = turns.clone();
        let seat = if let Ok(seat) = Arc::clone(&seats).try_acquire_owned() {
            seat
        } else {
            let _waiting = Waiting::join(&waiting).ok_or_else(no_turn)?;
            let acquired = tokio::time::timeout(timing.export_wait, seats.acquire_owned()).await;
            acquired.ok().and_then(Result::ok).ok_or_else(no_turn)?
        };
        Ok(Turn { _seat: seat, _own: own, waiting, begun_at: Instant::now() })
    }

    fn own(&self, customer_id: &CustomerId) -> Result<Own, Problem> {
        if !lock(&self.customers).insert(customer_id.clone()) {
            let problem = Problem::new(ProblemCode::TooMany, "this archive is being written already");
            return Err(Problem { retry_after_s: Some(RETRY_AFTER_S), ..problem });
        }
        Ok(Own { customers: Arc::clone(&self.customers), customer_id: customer_id.clone() })
    }
}

impl Turn {
    /// Whether it has lasted long enough for somebody slow, as others wait.
    pub(super) fn is_over(&self, timing: &Timing) -> bool {
        self.begun_at.elapsed() >= timing.export_turn && self.waiting.load(Ordering::SeqCst) > 0
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        lock(&self.customers).remove(&self.customer_id);
    }
}

impl Waiting {
    fn join(waiting: &Arc<AtomicUsize>) -> Option<Self> {
        let more = |count| (count < WAITING_MAX).then_some(count + 1);
        let joined = waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more);
        joined.is_ok().then(|| Self(Arc::clone(waiting)))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn lock(customers: &Mutex<BTreeSet<CustomerId>>) -> MutexGuard<'_, BTreeSet<CustomerId>> {
    customers.lock().unwrap_or_else(PoisonError::into_inner)
}

fn no_turn() -> Problem {
    let problem = Problem::new(ProblemCode::Busy, "other archives are written, try again in half a minute");
    Problem { retry_after_s: Some(RETRY_AFTER_S), ..problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn customer(number: usize) -> CustomerId {
        CustomerId(format!("cus_{number}"))
    }

    async fn turn(exports: &Exports, reader: Side, number: usize) -> Result<Turn, Problem> {
        exports.turn(reader, &customer(number), &Timing::default()).await
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_fifth_waits_for_a_turn_and_then_is_told_to_come_later() {
        let exports = Exports::default();
        let mut taken = Vec::new();
        for number in 0..AT_ONCE {
            taken.push(turn(&exports, Side::Customer, number).await.unwrap());
        }
        let asked_at = Instant::now();
        let refused = turn(&exports, Side::Customer, 9).await.unwrap_err();
        assert_eq!((refused.code, refused.retry_after_s), (ProblemCode::Busy, Some(RETRY_AFTER_S)));
        assert_eq!(asked_at.elapsed(), Timing::default().export_wait);
        let (waited, ()) = tokio::join!(turn(&exports, Side::Customer, 9), async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            taken.pop();
        });
        waited.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn visitors_hold_up_no_agent_and_a_customer_has_one_turn() {
        let exports = Exports::default();
        let first = turn(&exports, Side::Customer, 1).await.unwrap();
        assert_eq!(turn(&exports, Side::Customer, 1).await.unwrap_err().code, ProblemCode::TooMany);
        let mut others = Vec::new();
        for number in 2..=AT_ONCE {
            others.push(turn(&exports, Side::Customer, number).await.unwrap());
        }
        let asked_at = Instant::now();
        turn(&exports, Side::Agent, 1).await.unwrap();
        assert_eq!(asked_at.elapsed(), Duration::ZERO);
        drop(first);
        turn(&exports, Side::Customer, 1).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_is_over_once_it_was_long_and_somebody_waits() {
        let (exports, timing) = (Exports::default(), Timing::default());
        let mut taken = Vec::new();
        for number in 0..AT_ONCE {
            taken.push(turn(&exports, Side::Agent, number).await.unwrap());
        }
        let is_over = |taken: &[Turn]| taken[0].is_over(&timing);
        tokio::time::advance(timing.export_turn).await;
        assert!(!is_over(&taken), "nobody waits");
        let (_, was_over) = tokio::join!(turn(&exports, Side::Agent, 9), async { is_over(&taken) });
        assert!(was_over);
        assert!(!is_over(&taken), "nobody waits any more");
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_wait() {
        let exports = Arc::new(Exports::default());
        let asking: Vec<_> = (0..AT_ONCE + WAITING_MAX + 1)
            .map(|number| {
                let exports = Arc::clone(&exports);
                tokio::spawn(async move {
                    let asked_at = Instant::now();
                    let taken = turn(&exports, Side::Agent, number).await;
                    let refused_at_once = taken.is_err() && asked_at.elapsed() == Duration::ZERO;
                    // Turns are kept until everybody was answered.
                    tokio::time::sleep(2 * Timing::default().export_wait).await;
                    refused_at_once
                })
            })
            .collect();
        let mut refused_at_once = 0;
        for one in asking {
            refused_at_once += usize::from(one.await.unwrap());
        }
        assert_eq!(refused_at_once, 1);
    }
}
