//! The one place in the browser that reads the time.

use std::cell::RefCell;

thread_local! {
    static CLOCK: RefCell<Forward> = RefCell::default();
}

/// Returns milliseconds since 1970-01-01 UTC by the computer's clock, which may be wrong. Within one page it never
/// goes back: deadlines that machines wait for would come hours late after a clock was set back.
#[must_use]
pub fn now_unix_ms() -> i64 {
    let wall_ms = js_sys::Date::now() as i64;
    CLOCK.with_borrow_mut(|clock| clock.read(wall_ms))
}

/// A clock that follows another one, but goes on from where it was when that one is set back.
#[derive(Debug, Default)]
struct Forward {
    last_wall_ms: i64,
    shift_ms: i64,
}

impl Forward {
    fn read(&mut self, wall_ms: i64) -> i64 {
        self.shift_ms += (self.last_wall_ms - wall_ms).max(0);
        self.last_wall_ms = wall_ms;
        wall_ms + self.shift_ms
    }
}

#[cfg(test)]
mod tests {
    use super::Forward;

    #[test]
    fn a_clock_that_is_set_back_goes_on_from_where_it_was_and_one_that_is_set_forward_jumps() {
        let mut clock = Forward::default();
        let read = [1_000, 1_500, 200, 700, 700, 90_000].map(|wall_ms| clock.read(wall_ms));
        assert_eq!(read, [1_000, 1_500, 1_500, 2_000, 2_000, 91_300]);
    }
}
