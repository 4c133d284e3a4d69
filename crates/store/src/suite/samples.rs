//! What the cases are made of, and a store's own tests too: ids from small numbers, one touchpoint, agents and
//! customers.

use protocol::attachment::{Attachment, AttachmentSettings};
use protocol::conversation::Author;
use protocol::id::{
    AgentId, AttachmentId, ConversationId, CustomerId, MessageId, RecordingId, TeamId, TouchpointId,
};
use protocol::people::{AgentProfile, AgentRef, Page, Role, Team, TeamRef};
use protocol::routing::RoutingSettings;
use protocol::time::UnixMillis;
use protocol::touchpoint::{
    AssetSource, CobrowseSettings, MaskProfile, Position, Touchpoint, TouchpointState, WidgetSettings,
};

use crate::{
    Assignee, MessageAuthor, NewAgent, NewAssignment, NewCustomer, NewMessage, SecretHash, Store,
    UploadQuota, Uploader,
};

/// When everything begins.
pub const NOW: UnixMillis = UnixMillis(1_795_000_000_000);

/// The one touchpoint.
pub fn touchpoint_id() -> TouchpointId {
    TouchpointId("tp_suite".to_owned())
}

/// The id of a customer.
pub fn customer_id(number: u8) -> CustomerId {
    CustomerId::new(NOW, [number; 10])
}

/// The id of an agent.
pub fn agent_id(number: u8) -> AgentId {
    AgentId::new(NOW, [number; 10])
}

/// An agent as others see them.
pub fn agent_ref(number: u8) -> AgentRef {
    AgentRef { agent_id: agent_id(number), name: format!("Agent {number}") }
}

/// The id of a conversation.
pub fn conversation_id(number: u8) -> ConversationId {
    ConversationId::new(NOW, [number; 10])
}

/// The id of a recording.
pub fn recording_id(number: u8) -> RecordingId {
    RecordingId::new(NOW, [number; 10])
}

/// The id of a message.
pub fn message_id(number: u16) -> MessageId {
    let [high, low] = number.to_be_bytes();
    MessageId::new(NOW, [0, high, 0, low, 0, 0, 0, 0, 0, 0])
}

/// The id of a team.
pub fn team_id(number: u8) -> TeamId {
    TeamId::new(NOW, [number; 10])
}

/// A team of these agents.
pub fn team(number: u8, agents: &[u8]) -> Team {
    let TeamRef { team_id, name } = team_ref(number);
    Team { team_id, name, agent_ids: agents.iter().map(|agent| agent_id(*agent)).collect() }
}

/// A team as others see it.
pub fn team_ref(number: u8) -> TeamRef {
    TeamRef { team_id: team_id(number), name: format!("Team {number}") }
}

/// The id of a file.
pub fn attachment_id(number: u8) -> AttachmentId {
    AttachmentId::new(NOW, [number; 10])
}

/// A file.
pub fn attachment(number: u8) -> Attachment {
    Attachment {
        attachment_id: attachment_id(number),
        name: format!("file {number}.png"),
        media_type: "image/png".to_owned(),
        bytes: 100 + u64::from(number),
    }
}

/// Keeps a whole file that belongs to no message yet.
pub async fn upload(store: &dyn Store, number: u8, uploader: Uploader) {
    store.begin_upload(attachment(number), uploader, UploadQuota::default(), NOW).await.unwrap();
    store.finish_upload(&attachment_id(number), "image/png".to_owned()).await.unwrap();
}

/// A conversation given to somebody, whoever has it.
pub fn given(conversation: u8, to: Assignee) -> NewAssignment {
    NewAssignment {
        conversation_id: conversation_id(conversation),
        to,
        only_if: None,
        note: None,
        author: Author::System,
        at: NOW.plus_ms(50),
    }
}

/// The hash of a secret.
pub fn secret(number: u8) -> SecretHash {
    SecretHash([number; 32])
}

/// The touchpoint, to be made.
pub fn touchpoint() -> Touchpoint {
    Touchpoint {
        touchpoint_id: touchpoint_id(),
        name: "Suite".to_owned(),
        state: TouchpointState::Active,
        instance: "local".to_owned(),
        allowed_domains: vec!["localhost".to_owned()],
        settings: WidgetSettings {
            color: "#112233".to_owned(),
            position: Position::BottomEnd,
            title: "Chat".to_owned(),
            welcome: String::new(),
            launcher_label: "Open".to_owned(),
            z_index: 1,
        },
        rules: Vec::new(),
        hours: None,
        survey: None,
        cobrowse: CobrowseSettings {
            is_enabled: true,
            profile: MaskProfile::Standard,
            mask: Vec::new(),
            unmask: Vec::new(),
            block: Vec::new(),
            assets: AssetSource::Server,
            recording: false,
            recording_days: None,
        },
        routing: RoutingSettings::default(),
        attachments: AttachmentSettings::default(),
        retention_days: None,
        config_version: 0,
    }
}

/// An agent, to be made.
pub fn agent(number: u8) -> NewAgent {
    let AgentRef { agent_id, name } = agent_ref(number);
    let profile = AgentProfile {
        agent_id,
        name,
        email: format!("Agent{number}@suite.test"),
        role: Role::Agent,
        max_concurrent: 3,
    };
    NewAgent { profile, password_hash: "$argon2id$".to_owned(), created_at: NOW }
}

/// A customer, to be made.
pub fn customer(number: u8) -> NewCustomer {
    NewCustomer {
        customer_id: customer_id(number),
        touchpoint_id: touchpoint_id(),
        secret: secret(number),
        page: Page { url: "http://localhost/".to_owned(), ..Page::default() },
        created_at: NOW,
    }
}

/// A touchpoint, the agents 1 and 2, and the customers 1 and 2.
pub async fn people(store: &dyn Store) {
    store.put_touchpoint(touchpoint()).await.unwrap();
    for number in [1, 2] {
        store.create_agent(agent(number)).await.unwrap();
        store.create_customer(customer(number)).await.unwrap();
    }
}

/// A message of a customer in the conversation with the same number.
pub fn from_customer(number: u8, message: u16, text: &str) -> NewMessage {
    let author = MessageAuthor::Customer { customer_id: customer_id(number), touchpoint_id: touchpoint_id() };
    NewMessage {
        conversation_id: conversation_id(number),
        message_id: message_id(message),
        author,
        text: text.to_owned(),
        attachments: Vec::new(),
        at: NOW.plus_ms(i64::from(message)),
    }
}

/// A message of an agent in a conversation.
pub fn from_agent(conversation: u8, agent: u8, message: u16, text: &str) -> NewMessage {
    NewMessage {
        conversation_id: conversation_id(conversation),
        message_id: message_id(message),
        author: MessageAuthor::Agent(agent_ref(agent)),
        text: text.to_owned(),
        attachments: Vec::new(),
        at: NOW.plus_ms(i64::from(message)),
    }
}
