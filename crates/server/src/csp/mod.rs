//! The content security policies of site owners: what a page has to allow for Tandem, and what keeps it from working.
//! Policies are read as CSP Level 3 says.

mod check;
mod page;
mod policy;
mod source;

pub(crate) use check::{Finding, Verdict, check};
pub(crate) use page::Page;
pub(crate) use policy::{Policy, Whence};

use crate::origin::Origin;

/// Something of ours that a page loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The tag's script, and the modules that it imports; the reader of co-browsing is one of them.
    Script,
    /// The frame that the chat lives in, with its connections and its wasm.
    Frame,
}

impl Need {
    /// Everything that is needed.
    pub(crate) const ALL: [Self; 2] = [Self::Script, Self::Frame];

    /// The directive that decides, and those that it falls back to, in order.
    pub(crate) fn directives(self) -> &'static [&'static str] {
        match self {
            Self::Script => &["script-src-elem", "script-src", "default-src"],
            Self::Frame => &["frame-src", "child-src", "default-src"],
        }
    }

    /// The directive to name when none is there.
    pub(crate) fn directive(self) -> &'static str {
        match self {
            Self::Script => "script-src",
            Self::Frame => "frame-src",
        }
    }

    /// What breaks without it, in words.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Script => "the tag and what it imports (chat, co-browsing)",
            Self::Frame => "the chat's frame",
        }
    }
}

/// Returns the directives that a page needs for a server at this origin, one a line.
pub(crate) fn directives(server: &Origin) -> String {
    Need::ALL.map(|need| format!("{} {server};", need.directive())).join("\n")
}
