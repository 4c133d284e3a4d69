//! What happens to one connection, drawn from a seed.

use std::time::Duration;

use crate::random::Random;

/// How a connection is treated from its first byte on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Each piece waits this long, and up to as long again.
    pub(crate) delay: Duration,
    /// Bytes per second; none is as fast as it goes.
    pub(crate) throttle: Option<u64>,
    /// What happens after this many bytes of both directions.
    pub(crate) trouble: Option<(u64, Trouble)>,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It ends before it began.
    Refuse,
    /// It is cut there, mostly in the middle of a frame.
    Cut,
    /// Nothing is forwarded any more, in neither direction, and nobody is told.
    HalfOpen,
    /// Nothing is forwarded for a while.
    Stall(Duration),
}

impl Plan {
    /// Everything is forwarded at once.
    pub(crate) fn fair() -> Self {
        Self { delay: Duration::ZERO, throttle: None, trouble: None }
    }

    /// Draws what a bad network does.
    pub(crate) fn draw(random: &mut Random) -> Self {
        let delay = match random.below(4) {
            0 => Duration::from_millis(random.between(1, 40)),
            _ => Duration::ZERO,
        };
        let throttle = random.percent(5).then(|| random.between(4, 64) * 1024);
        // Half of the troubles come early: within the upgrade, the hello or the welcome.
        let at = if random.coin() { random.below(3_000) } else { random.below(200_000) };
        let trouble = match random.below(100) {
            0..5 => Some((0, Trouble::Refuse)),
            5..45 => Some((at, Trouble::Cut)),
            45..55 => Some((at, Trouble::HalfOpen)),
            55..70 => Some((at, Trouble::Stall(Duration::from_millis(random.between(100, 4_000))))),
            _ => None,
        };
        Self { delay, throttle, trouble }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_network_and_every_trouble_comes_up() {
        let draw = |seed: u64| -> Vec<Plan> {
            (0..300).map(|number| Plan::draw(&mut Random::of(seed, number))).collect()
        };
        let plans = draw(3);
        assert_eq!(plans, draw(3));
        let count = |holds: &dyn Fn(&Plan) -> bool| plans.iter().filter(|plan| holds(plan)).count();
        assert!(count(&|plan| plan.trouble.is_none()) > 20);
        assert!(count(&|plan| matches!(plan.trouble, Some((_, Trouble::Refuse)))) > 2);
        assert!(count(&|plan| matches!(plan.trouble, Some((_, Trouble::Cut)))) > 50);
        assert!(count(&|plan| matches!(plan.trouble, Some((_, Trouble::HalfOpen)))) > 5);
        assert!(count(&|plan| matches!(plan.trouble, Some((_, Trouble::Stall(_))))) > 5);
        assert!(count(&|plan| plan.throttle.is_some()) > 2);
        assert!(count(&|plan| plan.delay > Duration::ZERO) > 20);
    }
}
