//! Dates, times and plurals as the browser's `Intl` writes them; no tables of our own.

use js_sys::{Array, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

/// Writes points in time for one language, in the time zone of the browser.
pub struct DateWriter {
    locales: Array,
    time: Function,
    day: Function,
}

impl DateWriter {
    /// Makes a writer for a BCP 47 tag the browser knows, such as `de` or `pt-BR`.
    #[must_use]
    pub fn new(locale: &str) -> Self {
        let locales = Array::of1(&JsValue::from_str(locale));
        let time = formatter(&locales, &[("hour", "numeric"), ("minute", "2-digit")]);
        let day = formatter(&locales, &[("weekday", "long"), ("day", "numeric"), ("month", "long")]);
        Self { locales, time, day }
    }

    /// Writes the time of day: `14:05`.
    #[must_use]
    pub fn time(&self, unix_ms: i64) -> String {
        write(&self.time, unix_ms)
    }

    /// Writes a day as people call it: `today`, `yesterday`, else `Monday, 23 November`.
    #[must_use]
    pub fn day(&self, unix_ms: i64, now_unix_ms: i64) -> String {
        let days_ago = local_day(now_unix_ms) - local_day(unix_ms);
        if !(0..=1).contains(&days_ago) {
            return write(&self.day, unix_ms);
        }
        let relative = Intl::RelativeTimeFormat::new(&self.locales, &options(&[("numeric", "auto")]));
        String::from(relative.format(-(days_ago as f64), "day"))
    }
}

/// Returns the number of the day in the browser's time zone; two times of one day have the same.
#[must_use]
pub fn local_day(unix_ms: i64) -> i64 {
    let offset_minutes = js_sys::Date::new(&JsValue::from_f64(unix_ms as f64)).get_timezone_offset();
    (unix_ms - offset_minutes as i64 * 60_000).div_euclid(86_400_000)
}

/// Returns the plural form a number takes: `zero`, `one`, `two`, `few`, `many` or `other` (CLDR).
#[must_use]
pub fn plural_form(locale: &str, count: u32) -> String {
    let locales = Array::of1(&JsValue::from_str(locale));
    String::from(Intl::PluralRules::new(&locales, &Object::new()).select(f64::from(count)))
}

fn formatter(locales: &Array, fields: &[(&str, &str)]) -> Function {
    Intl::DateTimeFormat::new(locales, &options(fields)).format()
}

fn options(fields: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    object
}

fn write(formatter: &Function, unix_ms: i64) -> String {
    let written = formatter.call1(&JsValue::UNDEFINED, &JsValue::from_f64(unix_ms as f64));
    written.ok().and_then(|text| text.as_string()).unwrap_or_default()
}
