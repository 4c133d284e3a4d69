//! Holds every hand-written shape to the derived one: what serde writes is read as the same value, and what is
//! written here is read by serde as the same value.

use browser::Value;
use chat_core::{EntryFile, OutboxFile, OutboxMessage, SavedSession, Standing, TabHeard, TabPost};
use protocol::attachment::{Attachment, AttachmentSettings};
use protocol::cobrowse::{CobrowseEnd, CobrowseScope, CobrowseSession, CobrowseStage};
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts, Revision,
};
use protocol::id::{
    AgentId, AttachmentId, CobrowseId, ConversationId, CustomerId, Entropy, MessageId, TeamId, TouchpointId,
};
use protocol::people::{AgentRef, Identity, Page, TeamRef};
use protocol::problem::ProblemCode;
use protocol::rest::{CustomerToken, EventsPage, NewCustomer};
use protocol::rule::{
    Condition, ConditionExplanation, Decision, DecisionReason, OpenInterval, Rule, RuleAction,
    RuleExplanation, ServerFacts,
};
use protocol::survey::{Answer, AnswerKind, AnswerValue, Question, SurveyDefinition};
use protocol::time::UnixMillis;
use protocol::touchpoint::{
    AssetSource, CobrowseSettings, MaskProfile, Position, PublicSettings, TouchpointState, WidgetSettings,
};
use protocol::visitor::{Cursor, VisitorCommand, VisitorEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

mod saved;

use super::{Read, Write, write_post};

const ENTROPY: Entropy = [7; 10];
const NOW: UnixMillis = UnixMillis(1_795_414_200_001);

fn value_of(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(is_true) => Value::Bool(*is_true),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap()),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(value_of).collect()),
        serde_json::Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), value_of(value))).collect())
        }
    }
}

fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(is_true) => (*is_true).into(),
        // The wire holds whole numbers only.
        Value::Number(number) => (*number as i64).into(),
        Value::Text(text) => text.as_str().into(),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), json_of(value))).collect(),
    }
}

fn check_read<T: Serialize + Read + PartialEq + Debug>(sample: &T) {
    let json = serde_json::to_value(sample).unwrap();
    assert_eq!(T::read(&value_of(&json)).as_ref(), Some(sample), "{json}");
}

fn check_write<T: DeserializeOwned + Write + PartialEq + Debug>(sample: &T) {
    let json = json_of(&sample.write());
    assert_eq!(&serde_json::from_value::<T>(json.clone()).unwrap(), sample, "{json}");
}

fn check_both<T: Serialize + DeserializeOwned + Read + Write + PartialEq + Debug>(sample: &T) {
    check_read(sample);
    check_write(sample);
}

fn conversation_id() -> ConversationId {
    ConversationId::new(NOW, ENTROPY)
}

fn message_id() -> MessageId {
    MessageId::new(NOW, ENTROPY)
}

fn cobrowse_id() -> CobrowseId {
    CobrowseId::new(NOW, ENTROPY)
}

fn agent() -> AgentRef {
    AgentRef { agent_id: AgentId::new(NOW, ENTROPY), name: "Ana".to_owned() }
}

fn page() -> Page {
    Page { url: "https://a.test/b?c".to_owned(), title: "T".to_owned(), referrer: String::new() }
}

fn session(stage: CobrowseStage, ticket: Option<&str>) -> CobrowseSession {
    CobrowseSession {
        cobrowse_id: cobrowse_id(),
        conversation_id: conversation_id(),
        agent: agent(),
        scopes: vec![CobrowseScope::View, CobrowseScope::Point, CobrowseScope::Record],
        stage,
        ticket: ticket.map(str::to_owned),
        offer_id: ticket.map(|_| "an offer".to_owned()),
    }
}

fn answers() -> Vec<Answer> {
    let answer = |id: &str, value| Answer { question_id: id.to_owned(), label: "L".to_owned(), value };
    vec![
        answer("a", AnswerValue::Score { score: 5 }),
        answer("b", AnswerValue::Choice { option: "x".to_owned() }),
        answer("c", AnswerValue::Text { text: "y".to_owned() }),
    ]
}

fn team() -> TeamRef {
    TeamRef { team_id: TeamId::new(NOW, ENTROPY), name: "Support".to_owned() }
}

fn attachment() -> Attachment {
    Attachment {
        attachment_id: AttachmentId::new(NOW, ENTROPY),
        name: "a.png".to_owned(),
        media_type: "image/png".to_owned(),
        bytes: 5_000_000_000,
    }
}

fn message(attachments: Vec<Attachment>, revision: Revision) -> EventKind {
    EventKind::Message { message_id: message_id(), text: "a".to_owned(), attachments, revision }
}

/// Notes never come to visitors.
fn assigned(agent: Option<AgentRef>, team: Option<TeamRef>) -> EventKind {
    EventKind::Assigned { agent, team, note: None }
}

fn events() -> Vec<ConversationEvent> {
    let agent_author = Author::Agent { agent_id: agent().agent_id, name: "Ana".to_owned() };
    let kinds = [
        (Author::Customer, message(vec![attachment()], Revision::Original)),
        (Author::Customer, message(Vec::new(), Revision::Edited)),
        (Author::Customer, message(Vec::new(), Revision::Deleted)),
        (agent_author.clone(), EventKind::Edited { message_id: message_id(), text: "b".to_owned() }),
        (agent_author.clone(), EventKind::Deleted { message_id: message_id() }),
        (Author::System, assigned(Some(agent()), None)),
        (Author::System, assigned(None, Some(team()))),
        (Author::System, assigned(None, None)),
        (agent_author, EventKind::Status { status: ConversationStatus::Done }),
        (Author::Customer, EventKind::SurveyAnswered),
    ];
    let event = |(index, (author, what))| ConversationEvent { seq: index as u64 + 1, at: NOW, author, what };
    kinds.into_iter().enumerate().map(event).collect()
}

#[test]
fn every_event_of_the_visitor_socket_is_read_as_serde_writes_it() {
    let receipts = Receipts {
        customer_delivered_seq: 4,
        customer_read_seq: 3,
        agent_delivered_seq: 2,
        agent_read_seq: 1,
    };
    let head = |status, assignee: Option<AgentRef>| ConversationHead {
        conversation_id: conversation_id(),
        status,
        head_seq: 9,
        team: assignee.as_ref().map(|_| team()),
        assignee,
        receipts,
        is_survey_done: true,
    };
    for event in [
        VisitorEvent::Welcome {
            customer_id: CustomerId::new(NOW, ENTROPY),
            server_time: NOW,
            conversations: vec![
                head(ConversationStatus::Unread, None),
                head(ConversationStatus::Unresolved, Some(agent())),
                head(ConversationStatus::Done, None),
            ],
            cobrowse: Some(session(CobrowseStage::Asked, None)),
        },
        VisitorEvent::Events { conversation_id: conversation_id(), events: events() },
        VisitorEvent::Reset { conversation_id: conversation_id(), after_seq: 7 },
        VisitorEvent::Ack { conversation_id: conversation_id(), message_id: message_id(), seq: 1, at: NOW },
        VisitorEvent::Refused { message_id: message_id(), code: ProblemCode::Busy, retry_after_ms: Some(5) },
        VisitorEvent::Receipts { conversation_id: conversation_id(), receipts },
        VisitorEvent::Typing { conversation_id: conversation_id(), name: "Ana".to_owned(), is_typing: true },
        VisitorEvent::SurveyStored { conversation_id: conversation_id() },
        VisitorEvent::Cobrowse { session: session(CobrowseStage::Live, Some("t")) },
        VisitorEvent::CobrowseEnded { cobrowse_id: cobrowse_id(), end: CobrowseEnd::Visitor },
        VisitorEvent::Ping {
            server_time: NOW,
            heads: vec![Cursor { conversation_id: conversation_id(), seq: 3 }],
        },
        VisitorEvent::Moving { reconnect_after_ms: 20 },
        VisitorEvent::Error { code: ProblemCode::Internal, detail: "d".to_owned() },
    ] {
        check_read(&event);
    }
}

#[test]
fn every_command_of_the_visitor_socket_is_written_as_serde_reads_it() {
    let identity = Identity {
        email: Some("a@b.test".to_owned()),
        labels: vec!["vip".to_owned()],
        ..Identity::default()
    };
    for command in [
        VisitorCommand::Hello {
            protocol: 1,
            touchpoint_id: TouchpointId("tp_demo".to_owned()),
            token: "t".to_owned(),
            cursors: vec![Cursor { conversation_id: conversation_id(), seq: 3 }],
            page: page(),
            page_key: "k".to_owned(),
        },
        VisitorCommand::Send {
            conversation_id: conversation_id(),
            message_id: message_id(),
            text: "\"a\"\n".to_owned(),
            attachments: vec![attachment().attachment_id],
        },
        VisitorCommand::Typing { conversation_id: conversation_id(), is_typing: false },
        VisitorCommand::Receipt { conversation_id: conversation_id(), delivered_seq: 2, read_seq: 1 },
        VisitorCommand::Page { page: page() },
        VisitorCommand::Identify { identity },
        VisitorCommand::End { conversation_id: conversation_id() },
        VisitorCommand::Survey { conversation_id: conversation_id(), answers: answers() },
        VisitorCommand::CobrowseConsent { cobrowse_id: cobrowse_id(), is_allowed: true },
        VisitorCommand::CobrowseStop { cobrowse_id: cobrowse_id() },
        VisitorCommand::Pong { is_probe: true },
    ] {
        check_write(&command);
    }
}

#[test]
fn what_the_leading_tab_says_itself_is_written_as_the_server_writes_it() {
    check_write(&VisitorEvent::Welcome {
        customer_id: CustomerId("cus_1".to_owned()),
        server_time: NOW,
        conversations: vec![
            ConversationHead {
                conversation_id: conversation_id(),
                status: ConversationStatus::Unresolved,
                head_seq: 7,
                assignee: Some(agent()),
                team: Some(team()),
                receipts: Receipts { customer_read_seq: 3, agent_delivered_seq: 7, ..Receipts::default() },
                is_survey_done: true,
            },
            ConversationHead {
                conversation_id: conversation_id(),
                status: ConversationStatus::Done,
                head_seq: 1,
                assignee: None,
                team: None,
                receipts: Receipts::default(),
                is_survey_done: false,
            },
        ],
        cobrowse: Some(session(CobrowseStage::Asked, None)),
    });
    check_write(&VisitorEvent::Reset { conversation_id: conversation_id(), after_seq: 3 });
    check_write(&VisitorEvent::Cobrowse { session: session(CobrowseStage::Live, None) });
}

#[test]
fn tabs_hear_who_joins_and_who_leads() {
    let cursors = vec![Cursor { conversation_id: conversation_id(), seq: 4 }];
    let heard = |post: TabPost| TabHeard::read(&write_post(&post, "tab"));
    let from = "tab".to_owned();
    assert_eq!(heard(TabPost::Join(cursors.clone())), Some(TabHeard::Join { from: from.clone(), cursors }));
    for standing in [Standing::Online, Standing::Offline(None), Standing::Offline(Some(4426))] {
        let lead = TabHeard::Lead { from: from.clone(), standing };
        assert_eq!(heard(TabPost::Lead(standing)), Some(lead));
    }
}

#[test]
fn words_are_the_same_on_both_sides() {
    for end in [
        CobrowseEnd::Refused,
        CobrowseEnd::Withdrawn,
        CobrowseEnd::Visitor,
        CobrowseEnd::Agent,
        CobrowseEnd::Away,
        CobrowseEnd::Server,
    ] {
        check_read(&end);
    }
    for code in [
        ProblemCode::BadRequest,
        ProblemCode::Unauthorised,
        ProblemCode::Forbidden,
        ProblemCode::NotFound,
        ProblemCode::Conflict,
        ProblemCode::TooLong,
        ProblemCode::Unsupported,
        ProblemCode::Invalid,
        ProblemCode::TooMany,
        ProblemCode::Busy,
        ProblemCode::Internal,
    ] {
        check_read(&code);
    }
    for status in [ConversationStatus::Unread, ConversationStatus::Unresolved, ConversationStatus::Done] {
        check_both(&status);
    }
    for profile in [MaskProfile::Standard, MaskProfile::Strict] {
        check_both(&profile);
    }
}

#[test]
fn settings_are_read_as_the_server_writes_them() {
    let question =
        |id: &str, answer| Question { id: id.to_owned(), label: "L".to_owned(), is_required: true, answer };
    let score = AnswerKind::Score { min: 1, max: 5, min_label: "low".to_owned(), max_label: String::new() };
    let when = Condition::All {
        of: vec![
            Condition::Any { of: vec![Condition::AgentOnline, Condition::AgentAvailable] },
            Condition::Not { of: Box::new(Condition::InsideOpeningHours) },
            Condition::DwellSeconds { at_least: 5 },
            Condition::VisitCount { at_least: 2 },
        ],
    };
    let rule = |action| Rule {
        id: "r".to_owned(),
        name: "R".to_owned(),
        is_enabled: true,
        when: when.clone(),
        action,
    };
    check_read(&PublicSettings {
        touchpoint_id: TouchpointId("tp_demo".to_owned()),
        state: TouchpointState::Active,
        config_version: 3,
        hash: "h".to_owned(),
        settings: WidgetSettings {
            color: "#123456".to_owned(),
            position: Position::BottomStart,
            title: "T".to_owned(),
            welcome: "W".to_owned(),
            launcher_label: "L".to_owned(),
            z_index: -1,
        },
        rules: vec![rule(RuleAction::Show), rule(RuleAction::Hide)],
        survey: Some(SurveyDefinition {
            title: "S".to_owned(),
            questions: vec![
                question("a", score),
                question("b", AnswerKind::Choice { options: vec!["x".to_owned(), "y".to_owned()] }),
                question("c", AnswerKind::Text { placeholder: "p".to_owned() }),
            ],
        }),
        cobrowse: CobrowseSettings {
            is_enabled: true,
            profile: MaskProfile::Strict,
            mask: vec![".a".to_owned()],
            unmask: Vec::new(),
            block: vec![".b".to_owned()],
            assets: AssetSource::Server,
            recording: false,
            recording_days: None,
        },
        attachments: AttachmentSettings {
            is_enabled: false,
            bytes_max: 7,
            media_types: vec!["*/*".to_owned()],
        },
    });
}

#[test]
fn what_http_and_storage_carry_is_the_same_on_both_sides() {
    check_read(&CustomerToken { customer_id: CustomerId::new(NOW, ENTROPY), token: "t".to_owned() });
    check_read(&EventsPage { events: events(), head_seq: 9 });
    check_read(&ServerFacts {
        server_time: NOW,
        agents_online: 2,
        agents_available: 1,
        open_intervals: Some(vec![OpenInterval { opens_at: NOW, closes_at: NOW.plus_ms(1) }]),
        config_version: 4,
    });
    check_write(&NewCustomer { page: page() });
    check_both(&answers());
    for conversation_id in [None, Some(conversation_id())] {
        let customer_id = CustomerId::new(NOW, ENTROPY);
        check_both(&SavedSession { customer_id, token: "t".to_owned(), conversation_id });
    }
    check_both(&cobrowse_id());
    check_both(&OutboxMessage {
        message_id: message_id(),
        conversation_id: conversation_id(),
        text: "a".to_owned(),
        files: vec![file(None), file(Some(attachment().attachment_id))],
        created_at: NOW,
        is_failed: true,
    });
}

fn file(attachment_id: Option<AttachmentId>) -> OutboxFile {
    OutboxFile {
        file_id: "f".to_owned(),
        name: "a.png".to_owned(),
        media_type: String::new(),
        bytes: 9,
        attachment_id,
    }
}

#[test]
fn the_script_for_files_is_told_what_is_known_of_each() {
    let file = EntryFile {
        attachment_id: None,
        file_id: Some("f".to_owned()),
        name: "a.png".to_owned(),
        media_type: "image/png".to_owned(),
        bytes: 9,
        sent_bytes: Some(4),
    };
    let expected = serde_json::json!({
        "file_id": "f", "name": "a.png", "media_type": "image/png", "bytes": 9, "sent_bytes": 4,
    });
    assert_eq!(json_of(&file.write()), expected);
}

#[test]
fn a_decision_is_told_to_the_site_as_the_protocol_has_it() {
    let when = ConditionExplanation {
        text: "t".to_owned(),
        holds: true,
        fact: "f".to_owned(),
        wake_at: Some(NOW),
        of: Vec::new(),
    };
    for reason in [
        DecisionReason::Inactive,
        DecisionReason::Page,
        DecisionReason::HideRule,
        DecisionReason::ShowRule,
        DecisionReason::NoShowRule,
        DecisionReason::OpenConversation,
        DecisionReason::Default,
    ] {
        check_write(&Decision {
            is_visible: true,
            reason,
            wake_at: None,
            decided_at: NOW,
            rules: vec![RuleExplanation {
                id: "r".to_owned(),
                name: "R".to_owned(),
                action: RuleAction::Hide,
                matched: false,
                when: ConditionExplanation { of: vec![when.clone()], ..when.clone() },
            }],
        });
    }
}

#[test]
fn a_value_of_another_shape_is_not_read() {
    for json in [
        serde_json::json!(null),
        serde_json::json!({ "type": "from_the_future" }),
        serde_json::json!({ "type": "moving", "reconnect_after_ms": "soon" }),
        serde_json::json!({ "type": "moving", "reconnect_after_ms": -1 }),
    ] {
        assert_eq!(VisitorEvent::read(&value_of(&json)), None, "{json}");
    }
    let unknown = serde_json::json!({ "type": "from_the_future" });
    assert_eq!(EventKind::read(&value_of(&unknown)), Some(EventKind::Unknown));
}
