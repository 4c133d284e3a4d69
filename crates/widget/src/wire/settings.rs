//! The public settings of a touchpoint.

use browser::Value;
use protocol::touchpoint::{
    AssetSource, CobrowseSettings, MaskProfile, Position, PublicSettings, TouchpointState, WidgetSettings,
};

use super::shape::{Read, field, field_or_default, read_struct, read_words, write_words};

read_struct!(PublicSettings {
    touchpoint_id, state, config_version, hash, settings, rules, cobrowse; survey; attachments
});
read_struct!(WidgetSettings { color, position, title, welcome, launcher_label, z_index });

/// Where viewers load images from and how recordings are kept is no page's business and is not sent; whether a session is recorded stands in its scopes.
impl Read for CobrowseSettings {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            is_enabled: field(value, "is_enabled")?,
            profile: field(value, "profile")?,
            mask: field_or_default(value, "mask")?,
            unmask: field_or_default(value, "unmask")?,
            block: field_or_default(value, "block")?,
            assets: AssetSource::Server,
            recording: false,
            recording_days: None,
        })
    }
}

read_words!(TouchpointState { Active = "ACTIVE", Inactive = "INACTIVE" });
read_words!(Position { BottomEnd = "bottom_end", BottomStart = "bottom_start" });
read_words!(MaskProfile { Standard = "standard", Strict = "strict" });
write_words!(MaskProfile { Standard = "standard", Strict = "strict" });
