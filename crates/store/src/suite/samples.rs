//! What the cases are made of: ids from small numbers, one touchpoint, agents and customers.

use protocol::id::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use protocol::people::{AgentProfile, AgentRef, Page, Role};
use protocol::time::UnixMillis;
use protocol::touchpoint::{
    CobrowseSettings, MaskProfile, Position, Touchpoint, TouchpointState, WidgetSettings,
};

use crate::{MessageAuthor, NewAgent, NewCustomer, NewMessage, SecretHash, Store};

pub(super) const NOW: UnixMillis = UnixMillis(1_795_000_000_000);

pub(super) fn touchpoint_id() -> TouchpointId {
    TouchpointId("tp_suite".to_owned())
}

pub(super) fn customer_id(number: u8) -> CustomerId {
    CustomerId::new(NOW, [number; 10])
}

pub(super) fn agent_id(number: u8) -> AgentId {
    AgentId::new(NOW, [number; 10])
}

pub(super) fn agent_ref(number: u8) -> AgentRef {
    AgentRef { agent_id: agent_id(number), name: format!("Agent {number}") }
}

pub(super) fn conversation_id(number: u8) -> ConversationId {
    ConversationId::new(NOW, [number; 10])
}

pub(super) fn message_id(number: u16) -> MessageId {
    let [high, low] = number.to_be_bytes();
    MessageId::new(NOW, [0, high, 0, low, 0, 0, 0, 0, 0, 0])
}

pub(super) fn secret(number: u8) -> SecretHash {
    SecretHash([number; 32])
}

pub(super) fn touchpoint() -> Touchpoint {
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
            may_load_assets: false,
        },
        config_version: 0,
    }
}

pub(super) fn agent(number: u8) -> NewAgent {
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

pub(super) fn customer(number: u8) -> NewCustomer {
    NewCustomer {
        customer_id: customer_id(number),
        touchpoint_id: touchpoint_id(),
        secret: secret(number),
        page: Page { url: "http://localhost/".to_owned(), ..Page::default() },
        created_at: NOW,
    }
}

/// A touchpoint, the agents 1 and 2, and the customers 1 and 2.
pub(super) async fn people(store: &dyn Store) {
    store.put_touchpoint(touchpoint()).await.unwrap();
    for number in [1, 2] {
        store.create_agent(agent(number)).await.unwrap();
        store.create_customer(customer(number)).await.unwrap();
    }
}

/// A message of a customer in the conversation with the same number.
pub(super) fn from_customer(number: u8, message: u16, text: &str) -> NewMessage {
    let author = MessageAuthor::Customer { customer_id: customer_id(number), touchpoint_id: touchpoint_id() };
    NewMessage {
        conversation_id: conversation_id(number),
        message_id: message_id(message),
        author,
        text: text.to_owned(),
        at: NOW.plus_ms(i64::from(message)),
    }
}

/// A message of an agent in a conversation.
pub(super) fn from_agent(conversation: u8, agent: u8, message: u16, text: &str) -> NewMessage {
    NewMessage {
        conversation_id: conversation_id(conversation),
        message_id: message_id(message),
        author: MessageAuthor::Agent(agent_ref(agent)),
        text: text.to_owned(),
        at: NOW.plus_ms(i64::from(message)),
    }
}
