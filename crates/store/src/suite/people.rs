//! What a server may rely on about agents and customers.

use protocol::people::{Identity, Page};
use protocol::rest::CustomerPatch;

use super::samples::{NOW, agent, agent_id, customer_id, people, secret};
use crate::{NewApiToken, NewSession, Store, StoreError};

/// A log-in belongs to one agent, however it is written.
pub async fn a_log_in_is_unique_and_found_in_any_case(store: &dyn Store) {
    people(store).await;
    let mut same = agent(3);
    same.profile.email = "AGENT1@SUITE.TEST".to_owned();
    assert_eq!(store.create_agent(same).await, Err(StoreError::Conflict));
    let found = store.agent_by_email("agent1@Suite.test").await.unwrap().unwrap();
    assert_eq!(found.profile.agent_id, agent_id(1));
    store.set_away(&agent_id(1), true).await.unwrap();
    assert!(store.agent(&agent_id(1)).await.unwrap().unwrap().is_away);
    assert_eq!(store.set_away(&agent_id(9), true).await, Err(StoreError::NoAgent));
    assert_eq!(store.agents().await.unwrap().len(), 2);
}

/// A session opens until it expires or ends; a token opens as the agent it acts for.
pub async fn secrets_open_until_they_end(store: &dyn Store) {
    people(store).await;
    for number in [1, 2] {
        let expires_at = NOW.plus_ms(1_000);
        let session =
            NewSession { secret: secret(number), agent_id: agent_id(1), created_at: NOW, expires_at };
        store.create_session(session).await.unwrap();
    }
    let caller = store.session(&secret(1), NOW).await.unwrap().unwrap();
    assert_eq!(caller.agent.profile.agent_id, agent_id(1));
    store.end_session(&secret(1)).await.unwrap();
    assert_eq!(store.session(&secret(1), NOW).await.unwrap(), None);
    assert_eq!(store.session(&secret(2), NOW.plus_ms(1_000)).await.unwrap(), None);
    let token = |agent| NewApiToken {
        secret: secret(7),
        name: "CRM".to_owned(),
        agent_id: agent_id(agent),
        created_at: NOW,
    };
    assert_eq!(store.create_api_token(token(9)).await, Err(StoreError::NoAgent));
    store.create_api_token(token(2)).await.unwrap();
    store.create_api_token(token(2)).await.unwrap();
    assert_eq!(store.api_token(&secret(7)).await.unwrap().unwrap().agent.profile.agent_id, agent_id(2));
    assert_eq!(store.api_token(&secret(8)).await.unwrap(), None);
}

/// The hash of a token finds its customer, with the page they are on.
pub async fn visitors_are_found_by_their_token(store: &dyn Store) {
    people(store).await;
    let page = Page { url: "http://localhost/cart".to_owned(), ..Page::default() };
    store.save_page(&customer_id(1), page.clone(), NOW.plus_ms(5)).await.unwrap();
    let found = store.customer_by_secret(&secret(1)).await.unwrap().unwrap();
    assert_eq!((found.customer_id, found.page, found.seen_at), (customer_id(1), page, NOW.plus_ms(5)));
    assert_eq!(store.customer_by_secret(&secret(9)).await.unwrap(), None);
    let nobody = store.save_page(&customer_id(9), Page::default(), NOW).await;
    assert_eq!(nobody, Err(StoreError::NoCustomer));
}

/// What the site says is added; what an agent changes replaces, and an empty field clears.
pub async fn identity_is_added_to_and_patched(store: &dyn Store) {
    people(store).await;
    let vip = || vec!["vip".to_owned()];
    let says = Identity { email: Some("a@b.test".to_owned()), labels: vip(), ..Identity::default() };
    store.identify(&customer_id(1), says).await.unwrap();
    let says = Identity { firstname: Some("Ann".to_owned()), labels: vip(), ..Identity::default() };
    store.identify(&customer_id(1), says).await.unwrap();
    let found = store.customer(&customer_id(1)).await.unwrap().unwrap().identity;
    assert_eq!((found.email.as_deref(), found.firstname.as_deref()), (Some("a@b.test"), Some("Ann")));
    assert_eq!(found.labels, vip());
    let patch = CustomerPatch {
        email: Some(String::new()),
        labels: Some(vec!["new".to_owned()]),
        notes: Some("calls on Mondays".to_owned()),
        ..CustomerPatch::default()
    };
    store.patch_customer(&customer_id(1), patch).await.unwrap();
    let found = store.customer(&customer_id(1)).await.unwrap().unwrap();
    assert_eq!((found.identity.email, found.identity.firstname.as_deref()), (None, Some("Ann")));
    assert_eq!((found.identity.labels, found.notes), (vec!["new".to_owned()], "calls on Mondays".to_owned()));
}

/// A site that says another person is in this browser is refused, and nothing of what it says is kept.
pub async fn nobody_is_renamed_into_somebody_else(store: &dyn Store) {
    people(store).await;
    let says = |external_id: Option<&str>, firstname: &str| Identity {
        external_id: external_id.map(str::to_owned),
        firstname: Some(firstname.to_owned()),
        ..Identity::default()
    };
    store.identify(&customer_id(1), says(Some("crm-1"), "Ann")).await.unwrap();
    let refused = store.identify(&customer_id(1), says(Some("crm-2"), "Bob")).await;
    assert_eq!(refused, Err(StoreError::Conflict));
    let found = store.customer(&customer_id(1)).await.unwrap().unwrap().identity;
    assert_eq!((found.external_id.as_deref(), found.firstname.as_deref()), (Some("crm-1"), Some("Ann")));
    store.identify(&customer_id(1), says(Some("crm-1"), "Anna")).await.unwrap();
    store.identify(&customer_id(1), says(None, "Annie")).await.unwrap();
    let found = store.customer(&customer_id(1)).await.unwrap().unwrap().identity;
    assert_eq!((found.external_id.as_deref(), found.firstname.as_deref()), (Some("crm-1"), Some("Annie")));
}
