//! What a server may rely on about files and the messages they belong to.

use protocol::attachment::Attachment;
use protocol::conversation::EventKind;
use protocol::limit::UPLOADS_OPEN_MAX;

use super::samples::{
    NOW, agent_id, attachment, attachment_id, conversation_id, customer_id, from_agent, from_customer,
    people, upload,
};
use crate::{NewMessage, Store, StoreError, UploadQuota, Uploader};

fn customer(number: u8) -> Uploader {
    Uploader::Customer(customer_id(number))
}

fn with(files: &[u8], message: NewMessage) -> NewMessage {
    NewMessage { attachments: files.iter().map(|file| attachment_id(*file)).collect(), ..message }
}

/// The message has them in the order it names them, and they belong to it from then on.
pub async fn a_message_carries_its_files_in_order(store: &dyn Store) {
    people(store).await;
    for number in [1, 2] {
        upload(store, number, customer(1)).await;
    }
    let first = store.append_message(with(&[2, 1], from_customer(1, 1, ""))).await.unwrap();
    let EventKind::Message { attachments, .. } = &first.events[0].what else { panic!("no message") };
    assert_eq!(attachments, &[attachment(2), attachment(1)]);
    assert_eq!(store.events(&conversation_id(1), 0, 10).await.unwrap(), first.events);
    let bound = store.attachment(&attachment_id(1)).await.unwrap().unwrap();
    assert_eq!(bound.conversation_id, Some(conversation_id(1)));
    assert_eq!((bound.customer_id, bound.uploader), (Some(customer_id(1)), customer(1)));
    let again = store.append_message(with(&[2, 1], from_customer(1, 1, ""))).await.unwrap();
    assert_eq!((again.seq, again.events.len()), (1, 0));
    let other_files = store.append_message(with(&[1, 2], from_customer(1, 1, ""))).await;
    assert_eq!(other_files, Err(StoreError::Conflict));
}

/// Unfinished, somebody else's, another message's, twice, or none at all: nothing of the message is kept.
pub async fn a_file_that_is_not_the_authors_to_give_is_refused(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "hello")).await.unwrap();
    store.begin_upload(attachment(1), customer(1), UploadQuota::default(), NOW).await.unwrap();
    upload(store, 2, customer(2)).await;
    upload(store, 3, Uploader::Agent(agent_id(1))).await;
    for number in [4, 5] {
        upload(store, number, customer(1)).await;
    }
    store.append_message(with(&[4], from_customer(1, 2, "one"))).await.unwrap();
    for files in [&[1][..], &[2], &[3], &[4], &[5, 5], &[9], &[5, 1]] {
        let refused = store.append_message(with(files, from_customer(1, 3, "two"))).await;
        assert_eq!(refused, Err(StoreError::NoAttachment), "{files:?}");
    }
    let other_agent = store.append_message(with(&[3], from_agent(1, 2, 4, "three"))).await;
    assert_eq!(other_agent, Err(StoreError::NoAttachment));
    assert_eq!(store.events(&conversation_id(1), 0, 10).await.unwrap().len(), 2);
    assert_eq!(store.attachment(&attachment_id(5)).await.unwrap().unwrap().conversation_id, None);
    store.append_message(with(&[5], from_customer(1, 3, "two"))).await.unwrap();
    store.append_message(with(&[3], from_agent(1, 1, 4, "three"))).await.unwrap();
}

/// The media type is the one the bytes turned out to have; finishing again changes nothing.
pub async fn an_upload_is_whole_once_it_is_finished(store: &dyn Store) {
    people(store).await;
    store.begin_upload(attachment(1), customer(1), UploadQuota::default(), NOW).await.unwrap();
    let begun = store.attachment(&attachment_id(1)).await.unwrap().unwrap();
    assert_eq!((begun.attachment, begun.is_whole, begun.created_at), (attachment(1), false, NOW));
    assert_eq!((begun.conversation_id, begun.customer_id), (None, None));
    for media_type in ["application/pdf", "text/plain"] {
        store.finish_upload(&attachment_id(1), media_type.to_owned()).await.unwrap();
    }
    let whole = store.attachment(&attachment_id(1)).await.unwrap().unwrap();
    assert_eq!((whole.attachment.media_type.as_str(), whole.is_whole), ("application/pdf", true));
    let nothing = store.finish_upload(&attachment_id(9), "text/plain".to_owned()).await;
    assert_eq!(nothing, Err(StoreError::NoAttachment));
    let nobody = store.begin_upload(attachment(2), customer(9), UploadQuota::default(), NOW).await;
    assert_eq!(nobody, Err(StoreError::NoCustomer));
    let nobody =
        store.begin_upload(attachment(2), Uploader::Agent(agent_id(9)), UploadQuota::default(), NOW).await;
    assert_eq!(nobody, Err(StoreError::NoAgent));
}

/// So many files that belong to no message, and no more; those of messages do not count.
pub async fn a_sender_has_only_so_many_open_uploads(store: &dyn Store) {
    people(store).await;
    let max = u8::try_from(UPLOADS_OPEN_MAX).unwrap();
    for number in 0..max {
        upload(store, number, customer(1)).await;
    }
    let refused = store.begin_upload(attachment(max), customer(1), UploadQuota::default(), NOW).await;
    assert_eq!(refused, Err(StoreError::TooManyUploads));
    upload(store, max + 1, customer(2)).await;
    store.append_message(with(&[0], from_customer(1, 1, ""))).await.unwrap();
    upload(store, max, customer(1)).await;
}

/// So many bytes that belong to no message, so many altogether, and each sender has a quota of their own.
pub async fn a_sender_has_only_so_many_bytes(store: &dyn Store) {
    people(store).await;
    let of = |number: u8, bytes: u64| Attachment { bytes, ..attachment(number) };
    let quota = UploadQuota { unsent_bytes: Some(100), all_bytes: Some(250) };
    let begin = async |number: u8, sender: u8, bytes: u64| {
        store.begin_upload(of(number, bytes), customer(sender), quota, NOW).await
    };
    assert_eq!(begin(1, 1, 101).await, Err(StoreError::TooManyUnsentBytes));
    begin(1, 1, 60).await.unwrap();
    assert_eq!(begin(2, 1, 41).await, Err(StoreError::TooManyUnsentBytes));
    assert_eq!(store.attachment(&attachment_id(2)).await.unwrap(), None);
    begin(2, 1, 40).await.unwrap();
    begin(3, 2, 100).await.unwrap();
    for number in [1, 2] {
        store.finish_upload(&attachment_id(number), "image/png".to_owned()).await.unwrap();
    }
    store.append_message(with(&[1, 2], from_customer(1, 1, ""))).await.unwrap();
    begin(4, 1, 100).await.unwrap();
    store.finish_upload(&attachment_id(4), "image/png".to_owned()).await.unwrap();
    store.append_message(with(&[4], from_customer(1, 2, ""))).await.unwrap();
    assert_eq!(begin(5, 1, 51).await, Err(StoreError::TooManyBytes));
    begin(5, 1, 50).await.unwrap();
    store.forget_upload(&attachment_id(5)).await.unwrap();
    begin(6, 1, 50).await.unwrap();
}

/// What was given up can go, what belongs to a message stays, and what nobody knows of is named.
pub async fn uploads_that_were_given_up_are_found_and_forgotten(store: &dyn Store) {
    people(store).await;
    for (number, at) in [(1, 10), (2, 20), (3, 30)] {
        store
            .begin_upload(attachment(number), customer(1), UploadQuota::default(), NOW.plus_ms(at))
            .await
            .unwrap();
    }
    upload(store, 4, customer(1)).await;
    store.append_message(with(&[4], from_customer(1, 1, ""))).await.unwrap();
    let before = NOW.plus_ms(30);
    assert_eq!(store.stale_uploads(before, 9).await.unwrap(), [attachment_id(1), attachment_id(2)]);
    assert_eq!(store.stale_uploads(before, 1).await.unwrap(), [attachment_id(1)]);
    store.forget_upload(&attachment_id(1)).await.unwrap();
    assert_eq!(store.forget_upload(&attachment_id(1)).await, Err(StoreError::NoAttachment));
    assert_eq!(store.forget_upload(&attachment_id(4)).await, Err(StoreError::NoAttachment));
    let all = (1..=5).map(attachment_id).collect();
    assert_eq!(store.unknown_attachments(all).await.unwrap(), [attachment_id(1), attachment_id(5)]);
}
