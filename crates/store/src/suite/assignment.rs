//! What a server may rely on about who answers: agents, teams, and the queue.

use protocol::conversation::{Author, ConversationStatus, EventKind};
use protocol::people::{Identity, Team};

use super::samples::{
    NOW, agent_id, agent_ref, conversation_id, customer_id, from_agent, from_customer, given, people, team,
    team_id, team_ref,
};
use crate::{Assignee, ConversationFilter, NewAssignment, Store, StoreError};

/// Of two who both saw it free, the second is refused.
pub async fn of_two_agents_who_take_one_chat_one_gets_it(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    let take = |agent| {
        let to = Assignee::Agent(agent_id(agent));
        store.assign(NewAssignment { only_if: Some(None), ..given(1, to) })
    };
    assert_eq!(take(1).await.unwrap().events.len(), 1);
    assert_eq!(take(2).await, Err(StoreError::Conflict));
    let hand_over = store.assign(given(1, Assignee::Agent(agent_id(2)))).await.unwrap();
    let expected = EventKind::Assigned { agent: Some(agent_ref(2)), team: None, note: None };
    assert_eq!(hand_over.events[0].what, expected);
    let again = store.assign(given(1, Assignee::Agent(agent_id(2)))).await.unwrap();
    assert_eq!(again.events, []);
    let nobody = store.assign(given(1, Assignee::Agent(agent_id(9)))).await;
    assert_eq!(nobody, Err(StoreError::NoAgent));
    let nowhere = store.assign(given(9, Assignee::Nobody)).await;
    assert_eq!(nowhere, Err(StoreError::NoConversation));
}

/// A team's queue has the conversation until one of them takes it; taking it keeps the team, and the note goes along.
pub async fn a_conversation_goes_to_an_agent_a_team_or_nobody(store: &dyn Store) {
    people(store).await;
    store.put_team(team(1, &[1, 2])).await.unwrap();
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    let note = Some("is angry".to_owned());
    let to_team = NewAssignment { note: note.clone(), ..given(1, Assignee::Team(team_id(1))) };
    let assigned = store.assign(to_team.clone()).await.unwrap().events;
    assert_eq!(assigned[0].what, EventKind::Assigned { agent: None, team: Some(team_ref(1)), note });
    assert_eq!(store.assign(given(1, Assignee::Team(team_id(1)))).await.unwrap().events, []);
    // A note is kept, also for those who have it already.
    let noted = store.assign(to_team).await.unwrap().events;
    assert_eq!(noted[0].what, assigned[0].what);
    let taken = store.assign(given(1, Assignee::Agent(agent_id(2)))).await.unwrap().events;
    let expected = EventKind::Assigned { agent: Some(agent_ref(2)), team: Some(team_ref(1)), note: None };
    assert_eq!(taken[0].what, expected);
    let head = store.conversation(&conversation_id(1)).await.unwrap().unwrap().head;
    assert_eq!((head.assignee, head.team), (Some(agent_ref(2)), Some(team_ref(1))));
    let back = store.assign(given(1, Assignee::Nobody)).await.unwrap().events;
    assert_eq!(back[0].what, EventKind::Assigned { agent: None, team: None, note: None });
    let head = store.conversation(&conversation_id(1)).await.unwrap().unwrap().head;
    assert_eq!((head.assignee, head.team, head.head_seq), (None, None, 5));
    let nowhere = store.assign(given(1, Assignee::Team(team_id(9)))).await;
    assert_eq!(nowhere, Err(StoreError::NoTeam));
    let read = store.events(&conversation_id(1), 1, 10).await.unwrap();
    assert_eq!(read, [assigned, noted, taken, back].concat());
}

/// A wait begins with the customer's message or when an agent lets go, and ends with an agent or with DONE.
pub async fn open_conversations_without_an_agent_wait_since_then(store: &dyn Store) {
    people(store).await;
    let since = || async {
        store.conversation(&conversation_id(1)).await.unwrap().unwrap().waiting_since.map(|at| at.0 - NOW.0)
    };
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    store.append_message(from_customer(1, 2, "hello?")).await.unwrap();
    assert_eq!(since().await, Some(1));
    store.assign(given(1, Assignee::Agent(agent_id(1)))).await.unwrap();
    assert_eq!(since().await, None);
    store.append_message(from_customer(1, 3, "and?")).await.unwrap();
    assert_eq!(since().await, None);
    store.assign(given(1, Assignee::Nobody)).await.unwrap();
    assert_eq!(since().await, Some(50));
    let conversation = conversation_id(1);
    let status = |status, ms| store.set_status(&conversation, None, status, Author::System, NOW.plus_ms(ms));
    status(ConversationStatus::Done, 60).await.unwrap();
    assert_eq!(since().await, None);
    store.append_message(from_customer(1, 70, "one more thing")).await.unwrap();
    assert_eq!(since().await, Some(70));
    store.append_message(from_agent(1, 2, 80, "yes")).await.unwrap();
    status(ConversationStatus::Done, 90).await.unwrap();
    store.append_message(from_customer(1, 100, "really")).await.unwrap();
    assert_eq!(since().await, None);
}

/// Those that wait longest come first, with what routing looks at.
pub async fn the_queue_is_in_the_order_of_waiting(store: &dyn Store) {
    people(store).await;
    store.put_team(team(1, &[])).await.unwrap();
    for number in [3, 1, 2] {
        let customer = if number == 2 { 2 } else { 1 };
        let mut message = from_customer(customer, u16::from(number), "help");
        message.conversation_id = conversation_id(number);
        store.append_message(message).await.unwrap();
    }
    store.assign(given(3, Assignee::Team(team_id(1)))).await.unwrap();
    let says = Identity { labels: vec!["vip".to_owned()], ..Identity::default() };
    store.identify(&customer_id(1), says).await.unwrap();
    let waiting = store.waiting(10).await.unwrap();
    let order: Vec<_> = waiting.iter().map(|one| one.conversation_id.clone()).collect();
    assert_eq!(order, [1, 2, 3].map(conversation_id));
    assert_eq!((waiting[0].labels.clone(), waiting[1].labels.clone()), (vec!["vip".to_owned()], vec![]));
    assert_eq!((waiting[0].team_id.clone(), waiting[2].team_id.clone()), (None, Some(team_id(1))));
    assert_eq!(waiting[2].since, NOW.plus_ms(3));
    assert_eq!(store.waiting(2).await.unwrap(), waiting[..2]);
    store.assign(given(1, Assignee::Agent(agent_id(1)))).await.unwrap();
    assert_eq!(store.waiting(10).await.unwrap(), waiting[1..]);
    assert_eq!(store.open_of(&agent_id(1), 10).await.unwrap(), [conversation_id(1)]);
    assert_eq!(store.open_of(&agent_id(1), 0).await.unwrap(), []);
    store.set_status(&conversation_id(1), None, ConversationStatus::Done, Author::System, NOW).await.unwrap();
    assert_eq!(store.open_of(&agent_id(1), 10).await.unwrap(), []);
}

/// A team has its agents in the order they were given, once each; its name is its own.
pub async fn teams_are_replaced_as_a_whole(store: &dyn Store) {
    people(store).await;
    store.put_team(team(2, &[2, 1, 2])).await.unwrap();
    store.put_team(team(1, &[])).await.unwrap();
    assert_eq!(store.teams().await.unwrap(), [team(1, &[]), team(2, &[2, 1])]);
    let renamed = Team { name: "Ateam".to_owned(), ..team(2, &[1]) };
    store.put_team(renamed.clone()).await.unwrap();
    assert_eq!(store.teams().await.unwrap(), [renamed.clone(), team(1, &[])]);
    let same_name = Team { name: "Ateam".to_owned(), ..team(3, &[]) };
    assert_eq!(store.put_team(same_name).await, Err(StoreError::Conflict));
    assert_eq!(store.put_team(team(1, &[1, 9])).await, Err(StoreError::NoAgent));
    assert_eq!(store.teams().await.unwrap(), [renamed, team(1, &[])]);
}

/// What waited in the queue of a team that is gone waits for everybody; what happened keeps its name.
pub async fn the_queue_of_a_team_that_is_gone_is_everybodys(store: &dyn Store) {
    people(store).await;
    store.put_team(team(1, &[1])).await.unwrap();
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    store.assign(given(1, Assignee::Team(team_id(1)))).await.unwrap();
    let before = store.events(&conversation_id(1), 0, 10).await.unwrap();
    store.delete_team(&team_id(1)).await.unwrap();
    assert_eq!(store.delete_team(&team_id(1)).await, Err(StoreError::NoTeam));
    assert_eq!(store.waiting(10).await.unwrap()[0].team_id, None);
    assert_eq!(store.conversations(ConversationFilter::Any, None, 9).await.unwrap()[0].head.team, None);
    assert_eq!(store.events(&conversation_id(1), 0, 10).await.unwrap(), before);
    store.assign(given(1, Assignee::Agent(agent_id(1)))).await.unwrap();
}
