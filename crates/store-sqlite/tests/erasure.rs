//! What was erased is in no byte of any file: of the database, its log, or the index of the log.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::File;
use protocol::attachment::Attachment;
use protocol::conversation::{Author, ConversationStatus, EventKind};
use protocol::people::{Identity, Page};
use protocol::rest::CustomerPatch;
use protocol::survey::{Answer, AnswerValue};
use rusqlite::Connection;
use store::suite::samples::{
    NOW, agent_id, attachment, attachment_id, conversation_id, customer_id, from_agent, from_customer, given,
    people, touchpoint_id,
};
use store::{
    Assignee, Conversations as _, Customers as _, Erasure as _, NewAssignment, NewCustomer, NewMessage,
    Reach, Store, SurveyToStore, UploadQuota, Uploader,
};

/// The first customer of whom nothing may stay, and how many there are.
const FIRST: u8 = 10;
const CUSTOMERS: u8 = 40;
/// A sequence that is the same in every run (Knuth's MMIX generator).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// What is looked for: every piece of at least 22 bytes of a customer's text has it whole.
fn canary(customer: u8) -> String {
    format!("canary-{customer:03}")
}

fn text(customer: u8, chars: usize) -> String {
    format!("{}é", canary(customer)).repeat(chars.div_ceil(12))
}

fn holds(bytes: &[u8], customer: u8) -> bool {
    // Searching text is part of the standard library, which is fast in every profile.
    String::from_utf8_lossy(bytes).contains(&canary(customer))
}

/// The files of the store in which something of a customer is found.
fn found(file: &File, customer: u8) -> Vec<String> {
    let files = file.all();
    let unclean = files.iter().filter(|path| holds(&std::fs::read(path).unwrap(), customer));
    unclean.map(|path| path.extension().unwrap().to_string_lossy().into_owned()).collect()
}

fn says(customer: u8, message: u16, text: String) -> NewMessage {
    NewMessage { text, ..from_customer(customer, message, "") }
}

async fn arrive(store: &dyn Store, number: u8) {
    let page = Page { url: text(number, 40), title: text(number, 20), referrer: text(number, 20) };
    let customer = NewCustomer { page, ..store::suite::samples::customer(number) };
    store.create_customer(customer).await.unwrap();
    store.append_message(says(number, 1, text(number, 30))).await.unwrap();
    let file = Attachment { name: text(number, 60), ..attachment(number) };
    store
        .begin_upload(file, Uploader::Customer(customer_id(number)), UploadQuota::default(), NOW)
        .await
        .unwrap();
    store.finish_upload(&attachment_id(number), "image/png".to_owned()).await.unwrap();
    let with_file = NewMessage { attachments: vec![attachment_id(number)], ..says(number, 2, String::new()) };
    store.append_message(with_file).await.unwrap();
}

/// One thing that can happen to somebody, long texts and changed ones among them.
async fn something(store: &dyn Store, chance: &mut Chance, customer: u8, message: u16) {
    let any_text = |chance: &mut Chance| {
        let longest = [20, 60, 300, 4_000][chance.below(4)];
        text(customer, 1 + chance.below(longest))
    };
    let conversation = conversation_id(customer);
    match chance.below(10) {
        0 => {
            let page = Page { url: any_text(chance), title: text(customer, 20), referrer: String::new() };
            store.save_page(&customer_id(customer), page, NOW).await.unwrap();
        }
        1 => {
            let identity = Identity {
                email: Some(any_text(chance)),
                firstname: Some(text(customer, 20)),
                labels: vec![text(customer, 1 + chance.below(60))],
                ..Identity::default()
            };
            store.identify(&customer_id(customer), identity).await.unwrap();
        }
        2 => {
            let patch = CustomerPatch { notes: Some(any_text(chance)), ..CustomerPatch::default() };
            store.patch_customer(&customer_id(customer), patch).await.unwrap();
        }
        3 => {
            let events = store.events(&conversation, 0, 200).await.unwrap();
            let messages: Vec<_> = events
                .into_iter()
                .filter_map(|event| {
                    let EventKind::Message { message_id, .. } = event.what else { return None };
                    Some(message_id)
                })
                .collect();
            let target = &messages[chance.below(messages.len())];
            let (new_text, author) = (any_text(chance), Author::System);
            store.edit_message(&conversation, target, new_text, Reach::All, author, NOW).await.unwrap();
        }
        4 => {
            let to = if chance.below(2) == 0 { Assignee::Nobody } else { Assignee::Agent(agent_id(1)) };
            let note = Some(any_text(chance));
            store.assign(NewAssignment { note, ..given(customer, to) }).await.unwrap();
        }
        5 => {
            let answer = Answer {
                question_id: "why".to_owned(),
                label: "Why?".to_owned(),
                value: AnswerValue::Text { text: any_text(chance) },
            };
            let survey = SurveyToStore {
                conversation_id: conversation,
                customer_id: customer_id(customer),
                answers: vec![answer],
                at: NOW,
            };
            store.save_survey(survey).await.unwrap();
        }
        6 => {
            let answer = NewMessage { text: any_text(chance), ..from_agent(customer, 1, message, "") };
            store.append_message(answer).await.unwrap();
        }
        _ => {
            store.append_message(says(customer, message, any_text(chance))).await.unwrap();
        }
    }
}

/// What happens to all of them in so many steps.
async fn some_lives(store: &dyn Store, steps: u16) {
    people(store).await;
    let mut chance = Chance(1);
    for number in FIRST..FIRST + CUSTOMERS {
        arrive(store, number).await;
    }
    for step in 0..steps {
        let customer = FIRST + u8::try_from(chance.below(usize::from(CUSTOMERS))).unwrap();
        something(store, &mut chance, customer, step + 3).await;
    }
}

/// Writes and reads for customer 1 until it is told to stop.
fn keep_busy(store: &Arc<dyn Store>, is_over: &Arc<AtomicBool>) -> Vec<tokio::task::JoinHandle<u16>> {
    let task = |writer: u16| {
        let (store, is_over) = (Arc::clone(store), Arc::clone(is_over));
        tokio::spawn(async move {
            let mut message = writer;
            while !is_over.load(Ordering::Relaxed) {
                let text = format!("a word in between, number {message}");
                store.append_message(from_customer(1, message, &text)).await.unwrap();
                store.events(&conversation_id(1), 0, 50).await.unwrap();
                message += 4;
            }
            message
        })
    };
    (1..=4).map(task).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_customer_is_in_no_byte_while_others_go_on_writing() {
    let file = File::new("erased");
    let store: Arc<dyn Store> = Arc::new(file.open());
    some_lives(store.as_ref(), 1_500).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let busy = keep_busy(&store, &is_over);
    let mut chance = Chance(2);
    let mut left: Vec<u8> = (FIRST..FIRST + CUSTOMERS).collect();
    let mut message = 2_000;
    while left.len() > 5 {
        let gone = left.swap_remove(chance.below(left.len()));
        assert!(!found(&file, gone).is_empty(), "{gone} was never there");
        store.erase_customer(&customer_id(gone)).await.unwrap();
        assert_eq!(found(&file, gone), Vec::<String>::new(), "something of {gone} is left");
        for _ in 0..20 {
            let customer = left[chance.below(left.len())];
            something(store.as_ref(), &mut chance, customer, message).await;
            message += 1;
        }
    }
    is_over.store(true, Ordering::Relaxed);
    for task in busy {
        task.await.unwrap();
    }
    for customer in left {
        assert!(!found(&file, customer).is_empty(), "{customer} is gone too");
    }
    drop(store);
    check_integrity(&file);
}

fn check_integrity(file: &File) {
    let connection = Connection::open(file.path()).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    let foreign = connection.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!foreign, "a row refers to one that is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_taken_back_is_in_no_byte() {
    let file = File::new("taken-back");
    let store = file.open();
    some_lives(&store, 200).await;
    for (message, chars) in [(50_001, 10), (50_002, 4_000)] {
        store.append_message(says(1, message, text(99, chars))).await.unwrap();
        let (conversation, message_id) = (conversation_id(1), store::suite::samples::message_id(message));
        let longer = text(99, chars + 500);
        store
            .edit_message(&conversation, &message_id, longer, Reach::All, Author::System, NOW)
            .await
            .unwrap();
        assert!(!found(&file, 99).is_empty());
        store.take_back_message(&conversation, &message_id, Reach::All, Author::System, NOW).await.unwrap();
        assert_eq!(found(&file, 99), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_conversations_leave_no_byte_when_their_time_is_over() {
    let file = File::new("retention");
    let store = file.open();
    some_lives(&store, 200).await;
    let (at, late) = (NOW.plus_ms(100_000), NOW.plus_ms(200_000));
    for number in FIRST..FIRST + 10 {
        let conversation = conversation_id(number);
        store.set_status(&conversation, None, ConversationStatus::Done, Author::System, at).await.unwrap();
    }
    for number in FIRST + 10..FIRST + CUSTOMERS {
        store.save_page(&customer_id(number), Page::default(), late).await.unwrap();
    }
    let erase =
        async |limit| store.erase_closed_before(&touchpoint_id(), at.plus_ms(1), limit).await.unwrap();
    // However many batches there are, the file is read once.
    for (limit, count) in [(4, 4), (4, 4), (100, 2)] {
        let erased = erase(limit).await;
        assert_eq!((erased.conversation_ids.len(), erased.attachment_ids.len()), (count, count));
        assert!(erased.is_scrub_due);
    }
    assert!(!erase(100).await.is_scrub_due, "nothing was left to erase");
    assert!((FIRST..FIRST + 10).any(|number| !found(&file, number).is_empty()), "until it is finished");
    store.finish_erasure().await.unwrap();
    for number in FIRST..FIRST + 10 {
        assert_eq!(found(&file, number), Vec::<String>::new());
    }
    assert!(!found(&file, FIRST + 10).is_empty());
    drop(store);
    check_integrity(&file);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_cut_off_between_two_batches_is_finished_by_the_next_start() {
    let file = File::new("cut-off");
    let store = file.open();
    some_lives(&store, 2_500).await;
    let (at, gone) = (NOW.plus_ms(100_000), FIRST..FIRST + 30);
    for number in gone.clone() {
        let conversation = conversation_id(number);
        store.set_status(&conversation, None, ConversationStatus::Done, Author::System, at).await.unwrap();
    }
    for (limit, count) in [(5, 5), (100, 25)] {
        let erased = store.erase_closed_before(&touchpoint_id(), at.plus_ms(1), limit).await.unwrap();
        assert_eq!(erased.conversation_ids.len(), count);
    }
    drop(store);
    assert!(gone.clone().any(|number| !found(&file, number).is_empty()), "nothing was left to clean");
    drop(file.open());
    for number in gone {
        assert_eq!(found(&file, number), Vec::<String>::new());
    }
    check_integrity(&file);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_process_left_to_clean_is_cleaned_when_it_starts_again() {
    let file = File::new("killed");
    let store = file.open();
    some_lives(&store, 2_500).await;
    drop(store);
    // Rows that went without the copies of them, as when the process ends between the two.
    let connection = Connection::open(file.path()).unwrap();
    connection.execute_batch("PRAGMA secure_delete = ON; PRAGMA foreign_keys = OFF; BEGIN").unwrap();
    let gone = FIRST..FIRST + 30;
    for number in gone.clone() {
        for sql in [
            "DELETE FROM event WHERE conversation_id IN
             (SELECT conversation_id FROM conversation WHERE customer_id = ?1)",
            "DELETE FROM attachment WHERE customer_id = ?1",
            "DELETE FROM conversation WHERE customer_id = ?1",
            "DELETE FROM customer WHERE customer_id = ?1",
        ] {
            connection.execute(sql, [customer_id(number).as_str()]).unwrap();
        }
    }
    connection.execute_batch("INSERT INTO setting VALUES ('scrub', 'due'); COMMIT").unwrap();
    drop(connection);
    assert!(gone.clone().any(|number| !found(&file, number).is_empty()), "nothing was left to clean");
    drop(file.open());
    for number in gone {
        assert_eq!(found(&file, number), Vec::<String>::new());
    }
    assert!(!found(&file, FIRST + 30).is_empty());
    check_integrity(&file);
}
