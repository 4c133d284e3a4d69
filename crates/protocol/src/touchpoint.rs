//! Touchpoints: the whole configuration as admins keep it, and the public part every page receives.

use serde::{Deserialize, Serialize};

use crate::attachment::AttachmentSettings;
use crate::id::TouchpointId;
use crate::routing::RoutingSettings;
use crate::rule::{OpeningHours, Rule};
use crate::survey::SurveyDefinition;

/// Whether a touchpoint offers chat at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TouchpointState {
    /// Chat is offered.
    Active,
    /// Nothing is drawn on the page.
    Inactive,
}

/// A place where chat is offered, as admins keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touchpoint {
    /// The touchpoint.
    pub touchpoint_id: TouchpointId,
    /// What the owner calls it.
    pub name: String,
    /// Whether it offers chat; new ones do not.
    pub state: TouchpointState,
    /// The deployment it is pinned to.
    pub instance: String,
    /// Hosts of pages that may use it: `example.com`, `*.example.com`; a host without port allows every port.
    pub allowed_domains: Vec<String>,
    /// Looks and texts.
    pub settings: WidgetSettings,
    /// Action rules, at most 100; ids are unique.
    pub rules: Vec<Rule>,
    /// Opening hours; none means always open.
    pub hours: Option<OpeningHours>,
    /// What is asked when a chat has ended; none means nothing is.
    pub survey: Option<SurveyDefinition>,
    /// What may be shared in a co-browse session.
    pub cobrowse: CobrowseSettings,
    /// Who gets a conversation by itself.
    #[serde(default)]
    pub routing: RoutingSettings,
    /// Which files may be sent.
    #[serde(default)]
    pub attachments: AttachmentSettings,
    /// Days after which closed conversations and what belongs to them are erased, 1..=36500; none keeps them.
    #[serde(default)]
    pub retention_days: Option<u32>,
    /// Counts the changes, from 1.
    pub config_version: u64,
}

/// Looks and texts of the widget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WidgetSettings {
    /// The colour of launcher, header and own messages, `#rrggbb`.
    pub color: String,
    /// The corner of the page.
    pub position: Position,
    /// The title of the chat.
    pub title: String,
    /// What stands in the empty chat.
    pub welcome: String,
    /// The accessible name of the launcher.
    pub launcher_label: String,
    /// Layer of launcher and frame on the page.
    pub z_index: i32,
}

/// The corner the launcher sits in, in the direction of the page's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Bottom, where lines end: the right side of left-to-right pages.
    BottomEnd,
    /// Bottom, where lines start.
    BottomStart,
}

/// What may leave the page in a co-browse session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CobrowseSettings {
    /// Whether agents may ask at all.
    pub is_enabled: bool,
    /// Which texts are masked.
    pub profile: MaskProfile,
    /// Elements whose text and values are masked as well, CSS selectors.
    #[serde(default)]
    pub mask: Vec<String>,
    /// Elements whose text and values may be seen although the profile masks them, CSS selectors.
    #[serde(default)]
    pub unmask: Vec<String>,
    /// Elements that are replaced by an empty box, CSS selectors.
    #[serde(default)]
    pub block: Vec<String>,
    /// Where images, styles and fonts come from that the page names. Once it was called `may_load_assets` and was yes
    /// or no, which is understood still.
    #[serde(alias = "may_load_assets")]
    pub assets: AssetSource,
    /// Whether sessions are recorded; the visitor is told before they agree.
    #[serde(default)]
    pub recording: bool,
    /// Days after which recordings are deleted, 1..=36500; none leaves it to the server, which keeps them
    /// as long as their conversation unless it was started with `--recording-days`.
    #[serde(default)]
    pub recording_days: Option<u32>,
}

/// Where the agent's view of a page gets the images, styles and fonts that the page names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", from = "WrittenSource")]
pub enum AssetSource {
    /// From nowhere; what the page itself can spell out is shown.
    None,
    /// From the server, which asks public addresses for them without telling who looks.
    Server,
    /// From the addresses themselves, which learn the agent's address.
    Direct,
}

/// How it may be written.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenSource {
    Word(SourceWord),
    MayLoad(bool),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SourceWord {
    None,
    Server,
    Direct,
}

impl From<WrittenSource> for AssetSource {
    fn from(written: WrittenSource) -> Self {
        match written {
            WrittenSource::Word(SourceWord::None) | WrittenSource::MayLoad(false) => Self::None,
            WrittenSource::Word(SourceWord::Server) => Self::Server,
            WrittenSource::Word(SourceWord::Direct) | WrittenSource::MayLoad(true) => Self::Direct,
        }
    }
}

/// Which texts are masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaskProfile {
    /// Form values are masked, text is visible.
    Standard,
    /// All text is masked.
    Strict,
}

/// What every page with the tag receives; holds nothing that is not public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicSettings {
    /// The touchpoint.
    pub touchpoint_id: TouchpointId,
    /// Whether it offers chat.
    pub state: TouchpointState,
    /// The version of these settings.
    pub config_version: u64,
    /// Path segment of the widget's modules: `/w/{hash}/…`.
    pub hash: String,
    /// Looks and texts.
    pub settings: WidgetSettings,
    /// The rules that are switched on.
    pub rules: Vec<Rule>,
    /// What is asked when a chat has ended.
    pub survey: Option<SurveyDefinition>,
    /// What may be shared.
    pub cobrowse: CobrowseSettings,
    /// Which files may be sent.
    #[serde(default)]
    pub attachments: AttachmentSettings,
}
