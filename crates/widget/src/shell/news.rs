//! What follows when the chat may have changed: marks in storage, the page's badge, events for the site, the view.

use std::rc::Rc;

use browser::Value;
use chat_core::Connection;
use protocol::cobrowse::CobrowseStage;
use protocol::conversation::ConversationStatus;
use protocol::id::ConversationId;

use super::{Redraw, Shell};
use crate::memory::LIVE;
use crate::page_port::ToPage;
use crate::wire::{Write, object};

/// What the page and the site were told last.
#[derive(Default)]
pub(super) struct Told {
    unread_count: usize,
    conversation: Option<ConversationNews>,
    is_survey_due: bool,
    cobrowse: Option<CobrowseNews>,
    is_sharing: bool,
}

impl Told {
    pub(super) fn new(is_sharing: bool) -> Self {
        Self { is_sharing, ..Self::default() }
    }
}

#[derive(Clone, PartialEq)]
struct ConversationNews {
    conversation_id: ConversationId,
    status: ConversationStatus,
}

#[derive(Clone, PartialEq)]
struct CobrowseNews {
    cobrowse_id: String,
    state: &'static str,
}

impl Shell {
    /// Brings everything outside of the chat in step with it.
    pub(super) fn changed(self: &Rc<Self>) {
        self.mark_live();
        self.mark_sharing();
        self.forget_survey_drafts();
        self.follow_facts();
        self.decide();
        self.tell_unread();
        self.tell_conversation();
        self.follow_cobrowse();
        self.tell_menu(false);
        self.set_timer();
        self.tell_view(Redraw::Changed);
    }

    /// Tells an event to the site.
    pub(super) fn tell_site(&self, name: &str, detail: Value) {
        self.page.send(&ToPage::Event { name, detail });
    }

    /// There is something to come back to while a conversation runs, is unread, or asks its survey.
    fn mark_live(&self) {
        let chat = self.chat();
        let is_live =
            chat.has_open_conversation() || chat.unread_count() > 0 || self.has_survey(chat.survey_due());
        if is_live {
            self.memory.keep_text(LIVE, "1");
        } else if matches!(chat.connection(), Connection::Online { .. }) {
            self.memory.forget(LIVE);
        }
    }

    fn has_survey(&self, due: Option<&ConversationId>) -> bool {
        due.is_some() && self.settings.survey.is_some()
    }

    fn tell_unread(&self) {
        let count = self.chat().unread_count();
        let before = std::mem::replace(&mut self.told.borrow_mut().unread_count, count);
        if before != count {
            self.page.send(&ToPage::Unread { count });
        }
    }

    fn tell_conversation(&self) {
        let chat = self.chat();
        let is_survey_due = self.has_survey(chat.survey_due());
        let conversation = chat
            .conversation()
            .map(|view| ConversationNews { conversation_id: view.conversation_id, status: view.status });
        let mut told = self.told.borrow_mut();
        let was_survey_due = std::mem::replace(&mut told.is_survey_due, is_survey_due);
        let is_news = told.conversation != conversation;
        told.conversation.clone_from(&conversation);
        drop(told);
        if let Some(conversation) = conversation.filter(|_| is_news) {
            let detail = object(&mut [
                ("conversation_id", conversation.conversation_id.write()),
                ("status", conversation.status.write()),
            ]);
            self.tell_site("conversation", detail);
        }
        if was_survey_due != is_survey_due {
            let state = if is_survey_due { "due" } else { "done" };
            self.tell_site("survey", object(&mut [("state", state.write())]));
        }
    }

    /// The page keeps over a reload that this tab is the one that shares its page.
    fn mark_sharing(&self) {
        let is_sharing = self.chat.borrow().is_sharing();
        let before = std::mem::replace(&mut self.told.borrow_mut().is_sharing, is_sharing);
        if before != is_sharing {
            self.page.send(&ToPage::Sharing { is_sharing });
        }
    }

    fn follow_cobrowse(self: &Rc<Self>) {
        let session = self.chat().cobrowse().cloned();
        let news = session.as_ref().map(|session| CobrowseNews {
            cobrowse_id: session.cobrowse_id.0.clone(),
            state: match session.stage {
                CobrowseStage::Asked => "asked",
                CobrowseStage::Live => "live",
            },
        });
        self.ask_consent(session.as_ref());
        self.share(session.as_ref().filter(|session| session.stage == CobrowseStage::Live));
        let before = std::mem::replace(&mut self.told.borrow_mut().cobrowse, news.clone());
        if before == news {
            return;
        }
        let told = match (&news, before) {
            (Some(news), _) => news.clone(),
            (None, Some(before)) => CobrowseNews { state: "ended", ..before },
            (None, None) => return,
        };
        let detail = object(&mut [("cobrowse_id", told.cobrowse_id.write()), ("state", told.state.write())]);
        self.tell_site("cobrowse", detail);
        // Whoever offered has answered already.
        if self.is_asking() && !self.is_open() {
            self.open_panel(true);
        }
    }
}
