//! Messages of an agent that will never be sent: given up by hand, or with their conversation.

use chat_core::{AgentChat, AgentInput, AgentOutput, OutboxMessage};
use protocol::agent::AgentEvent;
use protocol::id::{ConversationId, MessageId};
use protocol::time::UnixMillis;

const NOW: UnixMillis = UnixMillis(1_795_414_200_000);

fn kept(id: &str, conversation: &str, is_failed: bool) -> OutboxMessage {
    OutboxMessage {
        message_id: MessageId(id.to_owned()),
        conversation_id: ConversationId(conversation.to_owned()),
        text: "Hello".to_owned(),
        files: Vec::new(),
        created_at: NOW,
        is_failed,
    }
}

fn forgotten(chat: &mut AgentChat, input: AgentInput) -> Vec<String> {
    chat.handle(input, NOW);
    let outputs = std::iter::from_fn(|| chat.poll_output());
    let forgotten = outputs.filter_map(|output| {
        let AgentOutput::ForgetMessage(message_id) = output else { return None };
        Some(message_id.0)
    });
    forgotten.collect()
}

#[test]
fn a_failed_message_can_be_given_up_and_one_on_its_way_cannot() {
    let mut chat =
        AgentChat::new(1, vec![kept("msg_failed", "cnv_a", true), kept("msg_sending", "cnv_a", false)]);
    let discard = |id: &str| AgentInput::Discard { message_id: MessageId(id.to_owned()) };
    assert_eq!(forgotten(&mut chat, discard("msg_sending")), [""; 0]);
    assert_eq!(forgotten(&mut chat, discard("msg_failed")), ["msg_failed"]);
    assert_eq!(forgotten(&mut chat, discard("msg_failed")), [""; 0]);
}

#[test]
fn an_erased_conversation_takes_what_was_to_be_sent_there_with_it() {
    let mut chat =
        AgentChat::new(1, vec![kept("msg_1", "cnv_erased", false), kept("msg_2", "cnv_other", false)]);
    let erased = AgentEvent::Erased { conversation_ids: vec![ConversationId("cnv_erased".to_owned())] };
    assert_eq!(forgotten(&mut chat, AgentInput::Received(erased)), ["msg_1"]);
}
