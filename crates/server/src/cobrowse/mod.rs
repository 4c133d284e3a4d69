//! Co-browse sessions: asked for by an agent, granted by the visitor, over when either says so. The frames pass
//! through a channel per session and are never decoded.

mod channel;
mod control;
mod flow;
mod sessions;

pub(crate) use channel::{Channel, PushError, ToRecorder};
pub(crate) use control::{Control, News, Standing};
pub(crate) use flow::{
    Consent, ask, consent, end, end_all, end_asked_by, end_by_agent, record_step, recorder_left, watch,
};
pub(crate) use sessions::{Admission, Party, Sessions};
