//! The maximum of every queue, buffer and text, in one place.

/// Characters of one message; more is refused with `too_long`.
pub const MESSAGE_CHARS_MAX: usize = 4_000;
/// Bytes of the first frame on a socket, before the hello is accepted: room for an address, a title and a referrer
/// far longer than what is kept of them, beside fifty cursors.
pub const HELLO_BYTES_MAX: usize = 32 * 1024;
/// Bytes of any later text frame on a chat socket.
pub const CHAT_FRAME_BYTES_MAX: usize = 64 * 1024;
/// Bytes of one co-browse frame from the recorder.
pub const COBROWSE_FRAME_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Frames waiting for one slow socket before it is closed with 4008.
pub const SOCKET_QUEUE_FRAMES_MAX: usize = 64;
/// Bytes waiting for one slow socket before it is closed with 4008.
pub const SOCKET_QUEUE_BYTES_MAX: usize = 256 * 1024;
/// Bytes of summaries of conversations waiting for one slow console, the newest of each: they have a bound of their own,
/// as an inbox may hold more than a queue does.
pub const SOCKET_SUMMARIES_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Messages the browser keeps until the server has them.
pub const OUTBOX_MESSAGES_MAX: usize = 100;
/// Bytes of text the browser keeps until the server has them.
pub const OUTBOX_BYTES_MAX: usize = 256 * 1024;
/// Events a resume sends on the socket; more is answered with `reset` and read over HTTP.
pub const RESUME_EVENTS_MAX: usize = 500;
/// Rows of one page of a list.
pub const PAGE_ROWS_MAX: usize = 200;
/// Jobs the writer takes into one transaction.
pub const WRITE_BATCH_JOBS_MAX: usize = 512;
/// Jobs that may wait for the writer; more is answered with `busy`.
pub const WRITE_QUEUE_JOBS_MAX: usize = 4_096;
/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 120;
/// Characters of a page's URL that are kept; the server cuts what is longer.
pub const PAGE_URL_CHARS_MAX: usize = 2_000;
/// Characters of a page's title and of its referrer that are kept; the server cuts what is longer.
pub const PAGE_TITLE_CHARS_MAX: usize = 300;
/// Characters of the name a tab gives itself.
pub const PAGE_KEY_CHARS_MAX: usize = 64;
/// Conversations that are not DONE of one customer; beginning another one is refused with `too_many`.
pub const OPEN_CONVERSATIONS_MAX: usize = 20;
/// Labels of one customer.
pub const LABELS_MAX: usize = 50;
/// Characters of one label.
pub const LABEL_CHARS_MAX: usize = 60;
/// Characters of the notes on one customer.
pub const NOTES_CHARS_MAX: usize = 10_000;
/// Rules of one touchpoint.
pub const RULES_MAX: usize = 100;
/// Depth of a condition tree.
pub const RULE_DEPTH_MAX: usize = 16;
/// Questions of one survey.
pub const SURVEY_QUESTIONS_MAX: usize = 20;
/// Characters of one survey text answer.
pub const SURVEY_TEXT_CHARS_MAX: usize = 2_000;
/// Files of one message.
pub const ATTACHMENTS_MAX: usize = 10;
/// Bytes of one file, whatever a touchpoint allows.
pub const ATTACHMENT_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// Bytes of one piece of an upload.
pub const UPLOAD_PIECE_BYTES_MAX: usize = 1024 * 1024;
/// Uploads of one sender that belong to no message yet.
pub const UPLOADS_OPEN_MAX: usize = 20;
/// Characters of the note beside an assignment.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// Teams.
pub const TEAMS_MAX: usize = 200;
/// Agents of one team.
pub const TEAM_AGENTS_MAX: usize = 200;
/// Routes by label of one touchpoint.
pub const LABEL_ROUTES_MAX: usize = 50;
/// Polling connections of one server; more is answered with `busy`.
pub const POLLS_MAX: usize = 10_000;
/// Conversations a hello may name.
pub const CURSORS_MAX: usize = 50;

/// A client without a hello is closed after this time.
pub const HELLO_TIMEOUT_MS: i64 = 10_000;
/// The server's heartbeat when a socket is idle; it varies by a fifth.
pub const HEARTBEAT_MS: i64 = 25_000;
/// A client that heard nothing for this time connects again.
pub const CLIENT_SILENCE_MS: i64 = 60_000;
/// A server that heard nothing for this time closes the socket.
pub const SERVER_SILENCE_MS: i64 = 75_000;
/// A poll with nothing to say is answered after this time.
pub const POLL_WAIT_MS: i64 = 25_000;
/// A long-polling connection without a request ends after this time.
pub const POLL_IDLE_MS: i64 = 15_000;
/// An upload that does not go on is given up after this time.
pub const UPLOAD_IDLE_MS: i64 = 24 * 60 * 60 * 1_000;
/// The longest pause of the first reconnect; it doubles with each refusal.
pub const RECONNECT_BASE_MS: i64 = 500;
/// The longest pause between two tries to connect.
pub const RECONNECT_MAX_MS: i64 = 30_000;
/// A socket that is not open and greeted after this time is given up.
pub const CONNECT_TIMEOUT_MS: i64 = 15_000;
/// A client that polls because sockets were refused tries a socket again after this time,
pub const SOCKET_AGAIN_MS: i64 = 3 * 60 * 1_000;
/// or after this time when polls were refused as well, so that the server may have been down.
pub const SOCKET_AGAIN_SOON_MS: i64 = 20_000;
/// A tab that no other tab answers connects by itself after this time.
pub const TAB_ANSWER_MS: i64 = 3_000;
/// The longest time a tab leaves a message to the tab it was written in.
pub const TAB_MESSAGE_MS: i64 = 5_000;
/// A message without an answer is sent again after this time.
pub const ACK_TIMEOUT_MS: i64 = 10_000;
/// A connection that held for this time forgets earlier refusals.
pub const STABLE_AFTER_MS: i64 = 60_000;
/// The answer to a probe after wake-up is due within this time.
pub const PROBE_TIMEOUT_MS: i64 = 5_000;
/// A message that could not be sent for this time is shown as failed for good.
pub const OUTBOX_AGE_MAX_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// A typing sign goes out after this time unless it is renewed.
pub const TYPING_SHOWN_MS: i64 = 6_000;
/// A typing sign is sent at most this often.
pub const TYPING_SENT_EVERY_MS: i64 = 3_000;
/// A visit ends after this time without activity.
pub const VISIT_IDLE_MS: i64 = 30 * 60 * 1_000;
/// How far ahead opening hours are sent as absolute intervals.
pub const HOURS_AHEAD_MS: i64 = 14 * 24 * 60 * 60 * 1_000;
/// A question for consent that nobody answers is withdrawn after this time.
pub const COBROWSE_ASK_MS: i64 = 2 * 60 * 1_000;
/// A visitor's offer to show their page lapses after this time.
pub const COBROWSE_OFFER_MS: i64 = 10 * 60 * 1_000;
/// An offer is said again every half minute; one that is not lapses after this time. Browsers let a hidden page's timers
/// ring once a minute.
pub const COBROWSE_OFFER_SILENCE_MS: i64 = 90 * 1_000;
/// A code that a visitor reads out is good for this time.
pub const COBROWSE_CODE_MS: i64 = 10 * 60 * 1_000;
/// A co-browse session whose recorder is away for this time ends.
pub const COBROWSE_AWAY_MS: i64 = 60_000;
/// A recording of this many milliseconds ends, and the session goes on.
pub const RECORDING_DURATION_MS_MAX: u32 = 8 * 60 * 60 * 1_000;
/// Bytes of a recording that are given out in one answer.
pub const RECORDING_PIECE_BYTES_MAX: usize = 1024 * 1024;
/// On SIGTERM sockets are told to move within this time.
pub const DRAIN_SPREAD_MS: i64 = 20_000;
/// On SIGTERM the process exits within this time.
pub const DRAIN_MAX_MS: i64 = 30_000;
