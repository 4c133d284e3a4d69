//! One connection for all, whoever leads, and nothing lost when the one that leads is gone.

use chat_core::{Connection, TabInput, VisitorInput};
use protocol::conversation::ConversationStatus;
use protocol::limit::{CLIENT_SILENCE_MS, TAB_ANSWER_MS, TAB_MESSAGE_MS};
use protocol::visitor::{Cursor, VisitorCommand, VisitorEvent};

use crate::browser::{Browser, cnv};

fn ping(seq: u64) -> VisitorEvent {
    let heads = vec![Cursor { conversation_id: cnv(), seq }];
    VisitorEvent::Ping { server_time: crate::browser::START, heads }
}

#[test]
fn three_tabs_have_one_connection_and_show_everything_once_in_one_order() {
    let mut browser = Browser::with_tabs(&["a", "b", "c"]);
    assert_eq!(browser.connected(), ["a"]);
    browser.write("a", "from a");
    browser.write("c", "from c");
    browser.agent_writes("from Ana");
    browser.write("b", "from b");
    browser.assert_all_show(&["from a", "from c", "from Ana", "from b"]);
    assert_eq!((browser.connected(), browser.server.opened.len()), (vec!["a"], 1));
    let is_send = |(_, command): &&(_, VisitorCommand)| matches!(command, VisitorCommand::Send { .. });
    assert_eq!(browser.server.received.iter().filter(is_send).count(), 3, "each message travels once");
}

#[test]
fn a_tab_that_comes_later_has_the_whole_conversation_as_it_stands() {
    let mut browser = Browser::with_tabs(&["a"]);
    browser.write("a", "hello");
    browser.agent_writes("goodbye");
    browser.agent_closes();
    browser.open("b", false);
    browser.assert_all_show(&["hello", "goodbye"]);
    let view = browser.chat("b").chat().conversation().expect("a conversation");
    assert_eq!(view.status, ConversationStatus::Done);
    assert_eq!(browser.chat("b").chat().clock_offset_ms(), 777);
    assert_eq!(browser.connected(), ["a"]);
}

#[test]
fn a_tab_that_has_everything_hears_how_things_stand_now() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    browser.write("b", "hello");
    browser.agent_closes();
    browser.give("b", VisitorInput::Sleep);
    browser.give("b", VisitorInput::WakeUp);
    let view = browser.chat("b").chat().conversation().expect("a conversation");
    assert_eq!(view.status, ConversationStatus::Done, "although the leader was welcomed long before");
}

#[test]
fn when_the_tab_that_leads_is_gone_the_next_one_connects_and_the_others_follow_it() {
    let mut browser = Browser::with_tabs(&["a", "b", "c"]);
    browser.write("a", "one");
    browser.kill("a");
    assert_eq!(browser.connected(), ["b"]);
    browser.write("c", "two");
    browser.agent_writes("three");
    browser.assert_all_show(&["one", "two", "three"]);
    browser.kill("b");
    browser.write("c", "four");
    browser.assert_all_show(&["one", "two", "three", "four"]);
    assert_eq!(browser.connected(), ["c"]);
}

#[test]
fn a_tab_that_is_put_away_gives_up_the_lead_and_follows_when_it_is_back() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    browser.give("a", VisitorInput::Sleep);
    assert_eq!(browser.connected(), ["b"]);
    browser.write("b", "meanwhile");
    browser.give("a", VisitorInput::WakeUp);
    assert_eq!(browser.connected(), ["b"]);
    browser.write("a", "back");
    browser.assert_all_show(&["meanwhile", "back"]);
    assert!(browser.chat("b").is_leader() && !browser.chat("a").is_leader());
}

#[test]
fn a_leader_that_stands_still_is_missed_within_seconds_and_its_followers_connect_themselves() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    browser.hang("a");
    browser.write("b", "is anybody there?");
    browser.wait(30_000);
    assert_eq!(browser.connected(), ["a", "b"]);
    assert_eq!(browser.log("b"), [("is anybody there?".to_owned(), true)]);
    browser.unhang("a");
    browser.server_says(&ping(1));
    browser.server_fails();
    browser.server.is_down = false;
    browser.wait(30_000);
    assert_eq!(browser.connected(), ["a"], "a leader that was heard again is followed again");
    browser.assert_all_show(&["is anybody there?"]);
}

#[test]
fn a_new_tab_whose_leader_does_not_answer_connects_by_itself() {
    let mut browser = Browser::with_tabs(&["a"]);
    browser.hang("a");
    browser.open("b", false);
    assert_eq!(browser.connected(), ["a"]);
    browser.wait(TAB_ANSWER_MS);
    assert_eq!(browser.connected(), ["a", "b"]);
}

#[test]
fn a_tab_on_a_connection_of_its_own_keeps_it_when_it_comes_to_lead() {
    let mut browser = Browser::with_tabs(&["a"]);
    browser.hang("a");
    browser.open("b", false);
    browser.wait(TAB_ANSWER_MS);
    browser.kill("a");
    assert!(browser.chat("b").is_leader());
    assert_eq!(browser.server.opened["b"], 1);
    browser.open("c", false);
    assert_eq!(browser.connected(), ["b"]);
}

#[test]
fn without_locks_every_tab_has_its_own_connection_and_everything_is_there_once() {
    let mut browser = Browser::new();
    browser.has_locks = false;
    for name in ["a", "b", "c"] {
        browser.open(name, false);
    }
    assert_eq!(browser.connected(), ["a", "b", "c"]);
    browser.write("a", "one");
    browser.write("b", "two");
    browser.wait(TAB_MESSAGE_MS);
    browser.assert_all_show(&["one", "two"]);
}

#[test]
fn while_the_server_is_away_only_the_leader_knocks_and_all_are_back_together() {
    let mut browser = Browser::with_tabs(&["a", "b", "c"]);
    browser.write("b", "before");
    browser.server_fails();
    browser.write("c", "while away");
    browser.write("a", "and more");
    for name in ["a", "b", "c"] {
        assert!(matches!(browser.chat(name).chat().connection(), Connection::Waiting { .. }), "{name}");
    }
    browser.wait(120_000);
    assert_eq!(browser.server.opened.keys().copied().collect::<Vec<_>>(), ["a"]);
    browser.server.is_down = false;
    browser.give("a", VisitorInput::WakeUp);
    browser.wait(TAB_MESSAGE_MS);
    browser.assert_all_show(&["before", "while away", "and more"]);
    assert_eq!(browser.connected(), ["a"]);
}

#[test]
fn what_a_closed_tab_could_not_send_is_sent_once_by_another() {
    let mut browser = Browser::with_tabs(&["a", "b", "c"]);
    browser.server_fails();
    browser.write("a", "last words");
    browser.kill("a");
    browser.server.is_down = false;
    browser.wait(60_000);
    browser.assert_all_show(&["last words"]);
    assert_eq!(browser.connected(), ["b"]);
}

#[test]
fn a_message_on_its_way_through_a_leader_that_dies_arrives_once_and_before_the_next() {
    let mut browser = Browser::with_tabs(&["a", "b", "c"]);
    browser.hang("a");
    browser.write("c", "one");
    browser.write("c", "two");
    browser.kill("a");
    browser.write("b", "three");
    browser.wait(TAB_MESSAGE_MS);
    browser.assert_all_show(&["one", "two", "three"]);
}

#[test]
fn a_connection_that_is_refused_for_good_is_given_up_by_all_and_led_by_none() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    browser.server.is_down = true;
    browser.close_all(4426);
    for name in ["a", "b"] {
        assert_eq!(browser.chat(name).chat().connection(), Connection::Refused { code: 4426 }, "{name}");
    }
    browser.server.is_down = false;
    browser.open("c", false);
    assert_eq!(browser.connected(), ["c"], "a newer page leads");
}

#[test]
fn a_token_that_is_refused_is_forgotten_by_all() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    browser.close_all(4401);
    for name in ["a", "b"] {
        assert_eq!(browser.chat(name).chat().session(), None, "{name}");
    }
}

#[test]
fn the_heartbeat_reaches_all_and_is_answered_once() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    for _ in 0..4 {
        browser.wait(CLIENT_SILENCE_MS / 2);
        browser.server_says(&ping(0));
    }
    assert!(matches!(browser.chat("b").chat().connection(), Connection::Online { .. }));
    let pongs =
        browser.server.received.iter().filter(|(_, command)| matches!(command, VisitorCommand::Pong { .. }));
    assert_eq!(pongs.count(), 4);
    assert_eq!(browser.server.opened["a"], 1);
}

#[test]
fn a_tab_that_wakes_up_probes_through_the_leader() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    browser.give("b", VisitorInput::WakeUp);
    let probe = ("a", VisitorCommand::Pong { is_probe: true });
    assert!(browser.server.received.contains(&probe), "{:?}", browser.server.received);
    browser.wait(10_000);
    assert_eq!(browser.connected(), ["a"]);
    assert!(matches!(browser.chat("b").chat().connection(), Connection::Online { .. }));
}

#[test]
fn the_server_knows_the_page_of_the_tab_on_the_screen() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    let last_page = |browser: &Browser| {
        let mut last = String::new();
        for (_, command) in &browser.server.received {
            if let VisitorCommand::Page { page } | VisitorCommand::Hello { page, .. } = command {
                last.clone_from(&page.url);
            }
        }
        last
    };
    assert_eq!(last_page(&browser), "https://shop.test/b");
    browser.push("b", TabInput::Shown(false));
    browser.push("a", TabInput::Shown(true));
    assert_eq!(last_page(&browser), "https://shop.test/a");
    browser.push("a", TabInput::Shown(false));
    browser.push("b", TabInput::Shown(true));
    assert_eq!(last_page(&browser), "https://shop.test/b");
}

#[test]
fn the_token_never_goes_from_tab_to_tab() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    browser.write("b", "hello");
    browser.kill("a");
    browser.open("a", false);
    assert!(browser.overheard.iter().any(|word| word.contains("hello")));
    assert!(browser.overheard.iter().all(|word| !word.contains("the secret")));
}
