//! What the site asks of the chat: `Tandem.identify`, `Tandem.send`, `Tandem.explain`.

use std::rc::Rc;

use browser::Value;
use chat_core::{ComposeFault, VisitorInput};
use protocol::people::Identity;

use super::Shell;
use crate::page_port::{Call, ToPage};
use crate::wire::Write;

impl Shell {
    pub(super) fn answer_call(self: &Rc<Self>, call: u32, what: Option<Call>) {
        let answer = |value, error| self.page.send(&ToPage::Result { call, value, error });
        match what {
            None => answer(Value::Null, Some("the call cannot be read")),
            Some(Call::Explain) => answer(self.current_decision().write(), None),
            Some(Call::Identify(site)) => {
                let identity = Identity {
                    external_id: site.id,
                    email: site.email,
                    firstname: site.firstname,
                    lastname: site.lastname,
                    labels: site.labels,
                };
                self.feed(VisitorInput::Start);
                self.feed(VisitorInput::Identify(identity));
                answer(Value::Null, None);
            }
            Some(Call::Send(text)) => {
                let fault = self.chat().compose_fault(&text, 0);
                if fault.is_none() {
                    self.feed(VisitorInput::Start);
                    self.compose(text, Vec::new());
                }
                answer(Value::Null, fault.map(fault_text));
            }
        }
    }
}

/// The fault for the site's developers.
fn fault_text(fault: ComposeFault) -> &'static str {
    match fault {
        ComposeFault::Empty => "the text is empty",
        ComposeFault::TooManyFiles => "there are more than 10 files",
        ComposeFault::TooLong => "the text has more than 4000 characters",
        ComposeFault::OutboxFull => "too many messages wait to be sent",
    }
}
