//! When a connection is opened, believed dead and tried again, and by which way.

use super::*;

use protocol::limit::{SOCKET_AGAIN_MS, SOCKET_AGAIN_SOON_MS};

const START: UnixMillis = UnixMillis(1_000_000);

fn actions(link: &mut Link) -> Vec<LinkAction> {
    std::iter::from_fn(|| link.poll_action()).collect()
}

fn online() -> Link {
    let mut link = Link::by_any_way(1);
    link.want(START);
    link.opened(START);
    link.greeted(START);
    assert_eq!(actions(&mut link), [LinkAction::Open(Transport::Socket), LinkAction::Greet]);
    link
}

#[test]
fn silence_of_a_minute_ends_the_connection_and_a_new_one_is_tried() {
    let mut link = online();
    link.heard(START.plus_ms(30_000));
    link.tick(START.plus_ms(60_000));
    assert!(link.is_online());
    link.tick(START.plus_ms(90_000));
    assert_eq!(actions(&mut link), [LinkAction::Close]);
    let retry_at = link.deadline().unwrap();
    link.tick(retry_at);
    assert_eq!(actions(&mut link), [LinkAction::Open(Transport::Socket)]);
}

#[test]
fn a_final_code_is_not_tried_again() {
    let mut link = online();
    link.closed(CloseCode::Unauthorised.number(), START);
    assert_eq!((link.connection(), link.deadline()), (Connection::Refused { code: 4401 }, None));
    link.wake_up(START);
    assert_eq!(actions(&mut link), []);
}

#[test]
fn waking_up_ends_the_waiting_and_probes_what_looks_alive() {
    let mut link = online();
    link.wake_up(START);
    link.wake_up(START);
    assert_eq!(actions(&mut link), [LinkAction::Probe]);
    link.tick(START.plus_ms(5_000));
    assert_eq!(actions(&mut link), [LinkAction::Close]);
    link.wake_up(START.plus_ms(5_001));
    assert_eq!(actions(&mut link), [LinkAction::Open(Transport::Socket)]);
}

#[test]
fn a_page_that_is_put_away_closes_and_resumes() {
    let mut link = online();
    link.sleep();
    assert_eq!((actions(&mut link), link.deadline()), (vec![LinkAction::Close], None));
    link.wake_up(START.plus_ms(1));
    assert_eq!(actions(&mut link), [LinkAction::Open(Transport::Socket)]);
}

#[test]
fn moving_waits_as_long_as_the_server_said() {
    let mut link = online();
    link.moving(1_500, START);
    assert_eq!(link.connection(), Connection::Waiting { retry_at: START.plus_ms(1_500) });
}

#[test]
fn refusals_are_forgotten_after_a_stable_minute() {
    let mut link = online();
    for _ in 0..8 {
        link.closed(1006, START);
        link.wake_up(START);
        link.opened(START);
    }
    assert_eq!(link.refusals, 8);
    link.greeted(START);
    link.closed(1006, START.plus_ms(60_000));
    assert_eq!(link.refusals, 1);
}

/// Lets the connection that is under way fail, and the next one begin; returns its way.
fn fail(link: &mut Link, code: u16) -> Transport {
    link.closed(code, START);
    link.wake_up(START);
    match actions(link)[..] {
        [LinkAction::Open(transport)] => transport,
        ref others => panic!("{others:?}"),
    }
}

fn polling() -> Link {
    let mut link = Link::by_any_way(1);
    link.want(START);
    actions(&mut link);
    assert_eq!([fail(&mut link, 1006), fail(&mut link, 1006)], [Transport::Socket, Transport::Poll]);
    link.opened(START);
    link.greeted(START);
    assert_eq!(actions(&mut link), [LinkAction::Greet]);
    link
}

#[test]
fn after_two_refused_sockets_the_link_polls_and_comes_back_to_polling_when_that_is_cut() {
    let mut link = polling();
    assert_eq!(fail(&mut link, 1006), Transport::Poll);
}

#[test]
fn a_link_without_polling_asks_for_sockets_only() {
    let mut link = Link::by_socket(1);
    link.want(START);
    actions(&mut link);
    for _ in 0..5 {
        assert_eq!(fail(&mut link, 1006), Transport::Socket);
    }
}

#[test]
fn sockets_that_the_server_itself_closes_and_sockets_after_a_welcome_lead_to_no_polling() {
    let mut link = online();
    for code in [1012, 4009, 4008, 1012] {
        assert_eq!(fail(&mut link, code), Transport::Socket);
    }
    let mut link = online();
    for _ in 0..4 {
        assert_eq!(fail(&mut link, 1006), Transport::Socket);
        link.opened(START);
        link.greeted(START);
        actions(&mut link);
    }
}

#[test]
fn while_nothing_goes_through_sockets_and_polls_take_turns() {
    let mut link = polling();
    link.closed(1006, START);
    link.wake_up(START);
    actions(&mut link);
    let tried: Vec<Transport> = (0..4).map(|_| fail(&mut link, 1006)).collect();
    assert_eq!(tried, [Transport::Socket, Transport::Poll, Transport::Socket, Transport::Poll]);
    link.opened(START);
    link.greeted(START);
    assert_eq!(link.deadline(), Some(START.plus_ms(SOCKET_AGAIN_SOON_MS)), "it was the server, perhaps");
}

#[test]
fn a_link_that_polls_tries_a_socket_after_some_minutes_and_returns_to_polling_after_one_failure() {
    let mut link = polling();
    let again_at = START.plus_ms(SOCKET_AGAIN_MS);
    for minute in 0..3 {
        link.heard(START.plus_ms(minute * 60_000));
    }
    link.heard(again_at.plus_ms(-1));
    link.tick(again_at.plus_ms(-1));
    assert_eq!((actions(&mut link), link.deadline()), (vec![], Some(again_at)));
    link.tick(again_at);
    assert_eq!(actions(&mut link), [LinkAction::Close, LinkAction::Open(Transport::Socket)]);
    assert_eq!(link.deadline(), Some(again_at.plus_ms(PROBE_TIMEOUT_MS)), "messages wait meanwhile");
    link.tick(again_at.plus_ms(PROBE_TIMEOUT_MS));
    assert_eq!(actions(&mut link), [LinkAction::Close]);
    let retry_at = link.deadline().unwrap();
    assert!(retry_at.since_ms(again_at) <= PROBE_TIMEOUT_MS + 500);
    link.tick(retry_at);
    assert_eq!(actions(&mut link), [LinkAction::Open(Transport::Poll)]);
}

#[test]
fn a_page_that_is_shown_again_tries_a_socket_at_most_once_a_minute_and_stays_with_one_that_works() {
    let mut link = polling();
    link.wake_up(START.plus_ms(1_000));
    assert_eq!(actions(&mut link), [LinkAction::Probe]);
    let later = START.plus_ms(STABLE_AFTER_MS);
    link.heard(later);
    link.wake_up(later);
    assert_eq!(actions(&mut link), [LinkAction::Close, LinkAction::Open(Transport::Socket)]);
    link.opened(later);
    link.greeted(later);
    actions(&mut link);
    assert_eq!(fail(&mut link, 1006), Transport::Socket);
}

#[test]
fn another_way_to_the_server_is_taken_at_once() {
    let mut link = polling();
    link.reconnect(START);
    assert_eq!(actions(&mut link), [LinkAction::Close, LinkAction::Open(Transport::Socket)]);
    link.closed(4403, START);
    link.reconnect(START);
    assert_eq!(actions(&mut link), []);
}

#[test]
fn an_overdue_answer_is_followed_by_one_probe() {
    let mut link = online();
    link.doubt(START);
    link.doubt(START.plus_ms(1));
    assert_eq!(actions(&mut link), [LinkAction::Probe]);
    assert_eq!(link.deadline(), Some(START.plus_ms(PROBE_TIMEOUT_MS)));
}
