//! The test suite every store passes: each case is a sentence about what a server may rely on. A store's own tests
//! call each case with a fresh, empty store.

#![expect(clippy::unwrap_used, reason = "a case fails by panicking, as every test does")]

mod conversations;
mod people;
mod records;
mod samples;

pub use conversations::{
    a_closed_conversation_comes_back_with_the_customers_next_message,
    a_conversation_of_another_customer_is_not_there, a_customer_begins_only_so_many_conversations,
    a_message_is_kept_once_per_id, an_agents_message_takes_a_free_conversation,
    every_event_has_its_place_without_gaps, lists_come_in_pages_newest_change_first,
    of_two_agents_who_take_one_chat_one_gets_it, receipts_move_forward_and_never_past_the_head,
    the_first_survey_answers_stay,
};
pub use people::{
    a_log_in_is_unique_and_found_in_any_case, identity_is_added_to_and_patched,
    nobody_is_renamed_into_somebody_else, secrets_open_until_they_end, visitors_are_found_by_their_token,
};
pub use records::{
    a_store_keeps_the_purpose_it_was_claimed_for, a_touchpoint_changed_meanwhile_is_not_overwritten,
    the_end_of_a_co_browse_session_is_recorded_once,
};

/// Calls `$run!(case)` for every case, in a test of its own.
#[macro_export]
macro_rules! store_suite {
    ($run:ident) => {
        $run!(a_message_is_kept_once_per_id);
        $run!(every_event_has_its_place_without_gaps);
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
    };
}
