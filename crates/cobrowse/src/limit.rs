//! The hard limits of a co-browse session, in one place so that every hop bounds the same thing the same way.

/// The largest single frame on the wire, header included, in bytes.
pub const FRAME_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The largest keyframe, all parts together, that a relay keeps, in bytes.
pub const KEYFRAME_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A tail of deltas of this many bytes makes the relay ask the recorder for a new keyframe.
pub const TAIL_BYTES_SOFT: usize = 1024 * 1024;

/// The longest tail of deltas that a relay keeps behind a keyframe, in bytes.
pub const TAIL_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The most frames that a relay keeps behind a keyframe, or of one that is not whole yet, however small they are.
pub const TAIL_FRAMES_MAX: usize = 20_000;

/// A relay asks for a keyframe at most once in this many milliseconds.
pub const KEYFRAME_ASK_INTERVAL_MS: u64 = 3_000;

/// The most bytes one frame may inflate to. A frame that claims more is refused while it is being inflated.
pub const INFLATED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The most nodes that one page may have.
pub const NODES_MAX: usize = 1_000_000;

/// The most strings that the dictionaries of one epoch may hold.
pub const STRINGS_MAX: usize = 1_000_000;

/// A writer remembers this many strings of an epoch; what comes after is spelled out each time.
pub const STRINGS_KEPT_MAX: usize = 100_000;

/// The most shapes that the dictionary of one epoch may hold.
pub const SHAPES_MAX: usize = 500_000;

/// The most attributes that one element may have.
pub const ATTRIBUTES_MAX: usize = 4_096;

/// How many levels below the document a node may stand. A browser's own parser stops at as many; its layout walks
/// the tree with the stack, and a page of a few thousand levels ends the tab it is rebuilt in.
pub const DEPTH_MAX: usize = 512;

/// The most style sheets that one document or shadow root adopts. Each change of one adopts them all anew.
pub const SHEETS_ADOPTED_MAX: u32 = 512;

/// The most bytes of text that the splices of one payload may make together, as a splice of a few bytes copies all
/// of the text. A writer that has made so many spells texts out.
pub const SPLICED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The most elements that are shown as pictures, stand in the top layer, or play, each counted by itself.
pub const ASPECTS_MAX: usize = 500;

/// The largest picture of a canvas, a video or an image, spelled out as an address, in bytes.
pub const ASSET_BYTES_MAX: usize = 768 * 1024;

/// The most bytes of pictures that one page is shown with.
pub const ASSETS_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Strings longer than this, in bytes, are not remembered for later references.
pub const INTERNED_BYTES_MAX: usize = 256;

/// The most bytes that may wait in the recorder's socket before it drops deltas and starts again with a keyframe.
pub const BACKLOG_BYTES_MAX: u32 = 512 * 1024;

/// A recorder that fell behind starts again once this few bytes wait in its socket.
pub const BACKLOG_BYTES_RESUME: u32 = 32 * 1024;

/// The longest wait before a lost connection is tried again, in milliseconds.
pub const RETRY_MS_MAX: u64 = 30_000;

/// The longest wait before the first try again, in milliseconds; it doubles with every failure.
pub const RETRY_MS_FIRST: u64 = 500;

/// A connection that stood this long makes the failures before it forgotten, in milliseconds.
pub const STABLE_MS: u64 = 60_000;

/// How often a recorder asks its reader to read the whole page again before it gives up.
pub const REREADS_MAX: u32 = 10;

/// The longest string, in UTF-16 units, that reader and recorder remember by number.
pub const READER_STRING_UNITS_MAX: u32 = 64;

/// A keyframe is cut into parts once a part holds this many nodes.
pub const KEYFRAME_PART_NODES: usize = 20_000;

/// The longest payload of a viewer's probe that is sent back to it, in bytes.
pub const PROBE_BYTES_MAX: usize = 16;

/// The longest payload of a control frame, in bytes.
pub const CONTROL_BYTES_MAX: usize = 8 * 1024;

/// The most points that one control frame draws.
pub const DRAWN_POINTS_MAX: usize = 256;

/// How long an agent may act on the page before they have to ask again, in milliseconds.
pub const GRANT_MS: u64 = 15 * 60 * 1_000;

/// The longest name beside an agent's pointer, in bytes; a longer one is cut.
pub const AGENT_NAME_BYTES_MAX: usize = 80;
