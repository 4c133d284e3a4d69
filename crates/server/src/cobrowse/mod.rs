//! Co-browse sessions: asked for by an agent, granted by the visitor, over when either says so. The frames pass
//! through a channel per session and are never decoded.

mod channel;
mod flow;
mod sessions;

pub(crate) use channel::{Channel, PushError, ToRecorder};
pub(crate) use flow::{Consent, ask, consent, end, end_all, end_asked_by, end_by_agent, recorder_left};
pub(crate) use sessions::{Admission, Party, Sessions};
