//! The public settings of a touchpoint.

use protocol::touchpoint::{
    CobrowseSettings, MaskProfile, Position, PublicSettings, TouchpointState, WidgetSettings,
};

use super::shape::{read_struct, read_words, write_words};

read_struct!(PublicSettings {
    touchpoint_id, state, config_version, hash, settings, rules, cobrowse; survey; attachments
});
read_struct!(WidgetSettings { color, position, title, welcome, launcher_label, z_index });
read_struct!(CobrowseSettings { is_enabled, profile, may_load_assets; mask; unmask; block });
read_words!(TouchpointState { Active = "ACTIVE", Inactive = "INACTIVE" });
read_words!(Position { BottomEnd = "bottom_end", BottomStart = "bottom_start" });
read_words!(MaskProfile { Standard = "standard", Strict = "strict" });
write_words!(MaskProfile { Standard = "standard", Strict = "strict" });
