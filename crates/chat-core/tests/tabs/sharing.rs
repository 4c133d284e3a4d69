//! A page is shared by one tab, over a connection of its own.

use chat_core::VisitorInput;
use protocol::cobrowse::{CobrowseEnd, CobrowseScope, CobrowseSession, CobrowseStage};
use protocol::id::{AgentId, CobrowseId};
use protocol::people::AgentRef;
use protocol::visitor::{VisitorCommand, VisitorEvent};

use crate::browser::{Browser, cnv};

fn session(stage: CobrowseStage, ticket: Option<&str>) -> CobrowseSession {
    CobrowseSession {
        cobrowse_id: CobrowseId("cob_1".to_owned()),
        conversation_id: cnv(),
        agent: AgentRef { agent_id: AgentId("agt_1".to_owned()), name: "Ana".to_owned() },
        scopes: vec![CobrowseScope::View],
        stage,
        ticket: ticket.map(str::to_owned),
        offer_id: None,
    }
}

fn asked(browser: &mut Browser) {
    browser.server.cobrowse = Some(session(CobrowseStage::Asked, None));
    browser.server_says(&VisitorEvent::Cobrowse { session: session(CobrowseStage::Asked, None) });
}

fn allow(browser: &mut Browser, tab: &'static str) {
    let cobrowse_id = CobrowseId("cob_1".to_owned());
    browser.give(tab, VisitorInput::Consent { cobrowse_id, is_allowed: true });
}

fn goes_live(browser: &mut Browser) {
    browser.server.cobrowse = Some(session(CobrowseStage::Live, None));
    browser.server_says(&VisitorEvent::Cobrowse { session: session(CobrowseStage::Live, Some("ticket")) });
}

fn ends(browser: &mut Browser) {
    browser.server.cobrowse = None;
    let cobrowse_id = CobrowseId("cob_1".to_owned());
    browser.server_says(&VisitorEvent::CobrowseEnded { cobrowse_id, end: CobrowseEnd::Agent });
}

/// Tabs over whose connections the consent came.
fn consented(browser: &Browser) -> Vec<&'static str> {
    let consent = browser.server.received.iter();
    let consent = consent.filter(|(_, command)| matches!(command, VisitorCommand::CobrowseConsent { .. }));
    consent.map(|(tab, _)| *tab).collect()
}

#[test]
fn the_question_reaches_every_tab_and_the_consent_goes_over_the_tab_s_own_connection() {
    let mut browser = Browser::with_tabs(&["a", "b", "c"]);
    asked(&mut browser);
    assert!(["a", "b", "c"].iter().all(|name| browser.chat(name).chat().cobrowse().is_some()));
    allow(&mut browser, "b");
    assert_eq!((browser.connected(), consented(&browser)), (vec!["a", "b"], vec!["b"]));
    assert!(browser.chat("b").is_sharing());
    let is_own_hello = |(tab, command): &(&str, VisitorCommand)| {
        *tab == "b" && matches!(command, VisitorCommand::Hello { page_key, .. } if page_key == "key of b")
    };
    assert!(browser.server.received.iter().any(is_own_hello));
}

#[test]
fn a_leader_that_consents_goes_on_leading_and_keeps_its_ticket_to_itself() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    asked(&mut browser);
    allow(&mut browser, "a");
    goes_live(&mut browser);
    assert_eq!((browser.connected(), consented(&browser)), (vec!["a"], vec!["a"]));
    let ticket = |name| browser.chat(name).chat().cobrowse().and_then(|session| session.ticket.clone());
    assert_eq!((ticket("a").as_deref(), ticket("b")), (Some("ticket"), None));
    browser.open("c", false);
    assert_eq!(browser.chat("c").chat().cobrowse().map(|session| session.ticket.clone()), Some(None));
    assert!(browser.overheard.iter().all(|word| !word.contains("Some(\"ticket\")")));
}

#[test]
fn a_refusal_needs_no_connection_of_its_own() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    asked(&mut browser);
    let cobrowse_id = CobrowseId("cob_1".to_owned());
    browser.give("b", VisitorInput::Consent { cobrowse_id, is_allowed: false });
    assert_eq!((browser.connected(), consented(&browser)), (vec!["a"], vec!["a"]));
}

#[test]
fn a_tab_that_shared_its_page_has_its_own_connection_again_after_a_reload() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    asked(&mut browser);
    allow(&mut browser, "b");
    goes_live(&mut browser);
    browser.kill("b");
    browser.open("b", true);
    assert_eq!(browser.connected(), ["a", "b"]);
    browser.write("b", "still sharing");
    browser.assert_all_show(&["still sharing"]);
}

#[test]
fn when_the_sharing_is_over_the_tab_follows_again() {
    let mut browser = Browser::with_tabs(&["a", "b"]);
    asked(&mut browser);
    allow(&mut browser, "b");
    goes_live(&mut browser);
    ends(&mut browser);
    assert_eq!(browser.connected(), ["a"]);
    assert!(!browser.chat("b").is_sharing());
    browser.write("b", "thank you");
    browser.assert_all_show(&["thank you"]);
}

#[test]
fn a_tab_that_shared_alone_keeps_its_connection_when_it_comes_to_lead() {
    let mut browser = Browser::new();
    browser.server.cobrowse = Some(session(CobrowseStage::Live, None));
    browser.open("a", true);
    ends(&mut browser);
    assert!(browser.chat("a").is_leader());
    assert_eq!(browser.server.opened["a"], 1);
    browser.open("b", false);
    assert_eq!(browser.connected(), ["a"]);
}
