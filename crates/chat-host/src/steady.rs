//! A clock that never jumps.

/// Milliseconds on a clock that never jumps, from a start that means nothing. Pauses are measured with it, so that a
/// machine whose clock is set loses no connection over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct SteadyMs(pub u64);

impl SteadyMs {
    /// Returns the moment `ms` later; a negative pause is none.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(u64::try_from(ms).unwrap_or(0)))
    }

    /// Milliseconds from `earlier` to `self`; 0 when `earlier` is later.
    #[must_use]
    pub fn since_ms(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
