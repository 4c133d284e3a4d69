//! What the host page's storage holds for us, mirrored here; writing goes through the page's side, which asks for
//! consent and survives a blocked storage.

use std::cell::RefCell;
use std::rc::Rc;

use crate::page_port::{PagePort, ToPage};
use crate::wire::{Read, Write};
use browser::Value;
use chat_core::SavedSession;

/// Who the visitor is to the server.
pub(crate) const SESSION: &str = "session";
/// Present while there is something to come back to: the page's side loads the frame by itself then.
pub(crate) const LIVE: &str = "live";
/// The text in the composer.
pub(crate) const DRAFT: &str = "draft";
/// The co-browse session the visitor ended, until the server was told.
pub(crate) const COBROWSE_STOP: &str = "cobrowse_stop";
/// When bytes of a file were kept last: there may be some still.
pub(crate) const FILES: &str = "files";
/// The visits to this site.
pub(crate) const VISITS: &str = "visits";
/// Each message that waits has its own key, so that tabs never overwrite each other's.
pub(crate) const OUTBOX_PREFIX: &str = "outbox.";
/// The answers so far to the survey of one conversation.
pub(crate) const SURVEY_PREFIX: &str = "survey.";

/// Reads what was kept as text: whatever else has written it may have another shape, or be no JSON at all.
pub(crate) fn read_text<T: Read>(text: &str) -> Option<T> {
    T::read(&Value::parse(text)?)
}

/// The values by their keys, without the prefix of the touchpoint.
pub(crate) struct Memory {
    values: RefCell<Vec<(String, String)>>,
    page: Rc<PagePort>,
}

impl Memory {
    pub(crate) fn new(values: Vec<(String, String)>, page: Rc<PagePort>) -> Self {
        Self { values: RefCell::new(values), page }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.text(key).is_some()
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        let values = self.values.borrow();
        values.iter().find(|(name, _)| name == key).map(|(_, text)| text.clone())
    }

    /// Returns a value, or none when there is none of this shape.
    pub(crate) fn read<T: Read>(&self, key: &str) -> Option<T> {
        read_text(&self.text(key)?)
    }

    /// Returns the values whose keys start so, in no particular order.
    pub(crate) fn read_all<T: Read>(&self, prefix: &str) -> Vec<T> {
        let values = self.values.borrow();
        let wanted = values.iter().filter(|(key, _)| key.starts_with(prefix));
        wanted.filter_map(|(_, text)| read_text(text)).collect()
    }

    pub(crate) fn keep<T: Write + ?Sized>(&self, key: &str, value: &T) {
        self.keep_text(key, &value.write().stringify());
    }

    pub(crate) fn keep_text(&self, key: &str, text: &str) {
        if self.text(key).is_some_and(|present| present == text) {
            return;
        }
        self.note(key.to_owned(), Some(text.to_owned()));
        self.page.send(&ToPage::Keep { key, value: Some(text) });
    }

    /// Puts a session into the place of the one with its token and of what cannot be read; not of another one, which
    /// another tab may have put there this moment. The page answers with what is kept, as it tells of what other tabs
    /// keep.
    pub(crate) fn claim(&self, session: &SavedSession) {
        let (value, over) = (session.write().stringify(), self.giving_way(&session.token));
        self.page.send(&ToPage::Claim { key: SESSION, value: Some(&value), over: over.as_deref() });
    }

    /// Forgets the session with this token. Of another one the page tells.
    pub(crate) fn forget_session(&self, token: &str) {
        match self.giving_way(token) {
            // A page that was there before an upgrade knows this word, and would keep what is only claimed.
            Some(_) => self.forget(SESSION),
            None => self.page.send(&ToPage::Claim { key: SESSION, value: None, over: None }),
        }
    }

    /// Returns the kept session when it is the one with this token or cannot be read, as far as this tab knows.
    fn giving_way(&self, token: &str) -> Option<String> {
        let kept = self.text(SESSION);
        kept.filter(|text| read_text::<SavedSession>(text).is_none_or(|kept| kept.token == token))
    }

    pub(crate) fn forget(&self, key: &str) {
        if self.has(key) {
            self.note(key.to_owned(), None);
            self.page.send(&ToPage::Keep { key, value: None });
        }
    }

    /// Forgets every value whose key starts so, but the one that is still wanted.
    pub(crate) fn forget_others(&self, prefix: &str, wanted: Option<&str>) {
        let is_over = |key: &str| key.starts_with(prefix) && Some(key) != wanted;
        let values = self.values.borrow();
        let over: Vec<String> =
            values.iter().filter(|(key, _)| is_over(key)).map(|(key, _)| key.clone()).collect();
        drop(values);
        for key in over {
            self.forget(&key);
        }
    }

    /// Takes note of what is kept, by this tab or another one.
    pub(crate) fn note(&self, key: String, value: Option<String>) {
        let mut values = self.values.borrow_mut();
        values.retain(|(name, _)| *name != key);
        values.extend(value.map(|value| (key, value)));
    }
}
