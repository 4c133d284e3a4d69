//! What is measured, one file per question.

pub(crate) mod drain;
pub(crate) mod idle;
pub(crate) mod most;
pub(crate) mod rates;
pub(crate) mod sharing;
pub(crate) mod slow;
pub(crate) mod start;
pub(crate) mod storm;

use hdrhistogram::Histogram;

use crate::contender::Contender;
use crate::server::Programs;

/// What every measurement needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Bench {
    pub(crate) programs: Programs,
    /// Runs of each, in turns: A B C A B C.
    pub(crate) rounds: usize,
    /// Only this one is measured, while something is being made better.
    pub(crate) only: Option<Contender>,
    /// Sockets one process may have here, at most 18,000.
    pub(crate) sockets_max: usize,
}

impl Bench {
    /// Returns those that take part.
    pub(crate) fn among<'a>(&self, contenders: &'a [Contender]) -> impl Iterator<Item = Contender> + use<'a> {
        let only = self.only;
        contenders.iter().copied().filter(move |contender| only.is_none_or(|only| only == *contender))
    }
}

/// The product and the packages it is held against.
pub(crate) const PEERS: [Contender; 3] = [Contender::Tandem, Contender::Ws, Contender::SocketIo];

/// Returns a percentile in milliseconds.
pub(crate) fn ms(histogram: &Histogram<u64>, quantile: f64) -> f64 {
    if histogram.is_empty() {
        return f64::NAN;
    }
    histogram.value_at_quantile(quantile) as f64 / 1_000.0
}

/// Returns bytes in MB (10^6).
pub(crate) fn megabytes(bytes: f64) -> f64 {
    bytes / 1e6
}
