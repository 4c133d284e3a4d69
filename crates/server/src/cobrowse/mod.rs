//! Co-browse sessions: asked for by an agent, or begun by the visitor with an offer or a code; granted by the visitor, over when either says so. The frames pass
//! through a channel per session and are never decoded.

mod channel;
mod codes;
mod control;
mod flow;
mod offers;
mod sessions;
mod start;

pub(crate) use channel::{Channel, PushError, ToRecorder};
pub(crate) use control::{Control, News, Standing};
pub(crate) use flow::{
    Consent, Way, ask, consent, end, end_all, end_asked_by, end_by_agent, record_step, recorder_left, watch,
};
pub(crate) use sessions::{Admission, Party, Sessions};
pub(crate) use start::{Starts, give_code, is_recorded, offer, redeem, renew_offer, withdraw_offer};
