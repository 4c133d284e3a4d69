//! The test suite every store passes: each case is a sentence about what a server may rely on. A store's own tests
//! call each case with a fresh, empty store.

#![expect(clippy::unwrap_used, reason = "a case fails by panicking, as every test does")]

mod assignment;
mod conversations;
mod erasure;
mod files;
mod people;
mod recordings;
mod records;
mod revision;
pub mod samples;

pub use assignment::{
    a_conversation_goes_to_an_agent_a_team_or_nobody, of_two_agents_who_take_one_chat_one_gets_it,
    open_conversations_without_an_agent_wait_since_then, teams_are_replaced_as_a_whole,
    the_queue_is_in_the_order_of_waiting, the_queue_of_a_team_that_is_gone_is_everybodys,
};
pub use conversations::{
    a_closed_conversation_comes_back_with_the_customers_next_message,
    a_conversation_of_another_customer_is_not_there, a_customer_begins_only_so_many_conversations,
    a_message_is_kept_once_per_id, an_agents_message_takes_a_free_conversation,
    every_event_has_its_place_without_gaps, heads_say_how_far_conversations_go,
    lists_come_in_pages_newest_change_first, receipts_move_forward_and_never_past_the_head,
    the_first_survey_answers_stay,
};
pub use erasure::{
    a_customers_record_is_complete, an_erased_customer_is_gone_with_all_that_is_theirs,
    closed_conversations_are_erased_when_their_time_is_over, nobody_who_was_erased_writes_again,
};
pub use files::{
    a_file_that_is_not_the_authors_to_give_is_refused, a_message_carries_its_files_in_order,
    a_sender_has_only_so_many_bytes, a_sender_has_only_so_many_open_uploads,
    an_upload_is_whole_once_it_is_finished, uploads_that_were_given_up_are_found_and_forgotten,
};
pub use people::{
    a_log_in_is_unique_and_found_in_any_case, identity_is_added_to_and_patched,
    nobody_is_renamed_into_somebody_else, secrets_open_until_they_end, visitors_are_found_by_their_token,
};
pub use recordings::{
    a_recording_knows_its_session_and_its_first_end, recordings_come_in_pages_newest_first,
    recordings_go_with_their_customer_and_with_time, what_was_done_with_a_recording_outlives_it,
};
pub use records::{
    a_store_keeps_the_purpose_it_was_claimed_for, a_touchpoint_changed_meanwhile_is_not_overwritten,
    the_end_of_a_co_browse_session_is_recorded_once,
};
pub use revision::{
    a_message_changed_meanwhile_is_still_known_by_its_id, a_message_out_of_reach_is_not_changed,
    a_message_taken_back_is_not_unread, a_message_taken_back_leaves_its_place_only,
    an_edit_is_an_event_and_the_message_has_the_new_text,
};

/// Calls `$run!(case)` for every case, in a test of its own.
#[macro_export]
macro_rules! store_suite {
    ($run:ident) => {
        $run!(a_message_is_kept_once_per_id);
        $run!(every_event_has_its_place_without_gaps);
        $run!(heads_say_how_far_conversations_go);
        $run!(a_conversation_of_another_customer_is_not_there);
        $run!(a_customer_begins_only_so_many_conversations);
        $run!(an_agents_message_takes_a_free_conversation);
        $run!(a_closed_conversation_comes_back_with_the_customers_next_message);
        $run!(of_two_agents_who_take_one_chat_one_gets_it);
        $run!(receipts_move_forward_and_never_past_the_head);
        $run!(the_first_survey_answers_stay);
        $run!(lists_come_in_pages_newest_change_first);
        $run!(a_log_in_is_unique_and_found_in_any_case);
        $run!(secrets_open_until_they_end);
        $run!(visitors_are_found_by_their_token);
        $run!(identity_is_added_to_and_patched);
        $run!(nobody_is_renamed_into_somebody_else);
        $run!(a_store_keeps_the_purpose_it_was_claimed_for);
        $run!(a_touchpoint_changed_meanwhile_is_not_overwritten);
        $run!(the_end_of_a_co_browse_session_is_recorded_once);
        $run!(a_conversation_goes_to_an_agent_a_team_or_nobody);
        $run!(open_conversations_without_an_agent_wait_since_then);
        $run!(the_queue_is_in_the_order_of_waiting);
        $run!(teams_are_replaced_as_a_whole);
        $run!(the_queue_of_a_team_that_is_gone_is_everybodys);
        $run!(an_edit_is_an_event_and_the_message_has_the_new_text);
        $run!(a_message_out_of_reach_is_not_changed);
        $run!(a_message_taken_back_leaves_its_place_only);
        $run!(a_message_taken_back_is_not_unread);
        $run!(a_message_changed_meanwhile_is_still_known_by_its_id);
        $run!(a_message_carries_its_files_in_order);
        $run!(a_file_that_is_not_the_authors_to_give_is_refused);
        $run!(an_upload_is_whole_once_it_is_finished);
        $run!(a_sender_has_only_so_many_bytes);
        $run!(a_sender_has_only_so_many_open_uploads);
        $run!(uploads_that_were_given_up_are_found_and_forgotten);
        $run!(an_erased_customer_is_gone_with_all_that_is_theirs);
        $run!(nobody_who_was_erased_writes_again);
        $run!(a_customers_record_is_complete);
        $run!(closed_conversations_are_erased_when_their_time_is_over);
        $run!(a_recording_knows_its_session_and_its_first_end);
        $run!(recordings_come_in_pages_newest_first);
        $run!(what_was_done_with_a_recording_outlives_it);
        $run!(recordings_go_with_their_customer_and_with_time);
    };
}
