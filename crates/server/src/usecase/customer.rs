//! What is known of a customer: from their page, from the site, from agents.

use protocol::id::CustomerId;
use protocol::limit::{
    LABEL_CHARS_MAX, LABELS_MAX, NAME_CHARS_MAX, NOTES_CHARS_MAX, PAGE_TITLE_CHARS_MAX, PAGE_URL_CHARS_MAX,
};
use protocol::people::{Identity, Page};
use protocol::problem::ProblemCode;
use protocol::rest::CustomerPatch;
use store::StoreError;

use crate::app::App;
use crate::clock;
use crate::problem::Problem;

/// Characters of an e-mail address (RFC 5321, section 4.5.3.1).
const EMAIL_CHARS_MAX: usize = 254;

/// Returns a page with its texts cut to what is kept, without control characters: they show nothing, and each
/// takes six bytes on the wire.
pub(crate) fn shortened(page: Page) -> Page {
    let cut = |text: String, chars_max: usize| {
        text.chars().filter(|char| !char.is_control()).take(chars_max).collect()
    };
    Page {
        url: cut(page.url, PAGE_URL_CHARS_MAX),
        title: cut(page.title, PAGE_TITLE_CHARS_MAX),
        referrer: cut(page.referrer, PAGE_TITLE_CHARS_MAX),
    }
}

/// Keeps the page a customer is on and shows it to agents.
///
/// # Errors
/// `not_found`, `busy` or `internal`.
pub(crate) async fn moved_to(app: &App, customer_id: &CustomerId, page: Page) -> Result<(), Problem> {
    app.store.save_page(customer_id, shortened(page), clock::now()).await?;
    app.announcer.customer(customer_id);
    Ok(())
}

/// Keeps what the site says of a customer.
///
/// # Errors
/// `invalid` with the field; `conflict` when the site has said somebody else; `not_found`, `busy` or `internal`.
pub(crate) async fn identify(app: &App, customer_id: &CustomerId, identity: Identity) -> Result<(), Problem> {
    let identity = Identity {
        external_id: named("external_id", identity.external_id, NAME_CHARS_MAX)?,
        email: named("email", identity.email, EMAIL_CHARS_MAX)?,
        firstname: named("firstname", identity.firstname, NAME_CHARS_MAX)?,
        lastname: named("lastname", identity.lastname, NAME_CHARS_MAX)?,
        labels: tidy_labels(identity.labels)?,
    };
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let identity = Identity {
        external_id: given(identity.external_id),
        email: given(identity.email),
        firstname: given(identity.firstname),
        lastname: given(identity.lastname),
        labels: identity.labels,
    };
    let kept = app.store.identify(customer_id, identity).await;
    if kept == Err(StoreError::Conflict) {
        let detail = "external_id: this visitor is known by another one already";
        return Err(Problem::new(ProblemCode::Conflict, detail));
    }
    kept?;
    app.announcer.customer(customer_id);
    app.routing.look_again();
    Ok(())
}

/// Keeps what an agent changed.
///
/// # Errors
/// `invalid` with the field; `not_found`, `busy` or `internal`.
pub(crate) async fn patch(app: &App, customer_id: &CustomerId, patch: CustomerPatch) -> Result<(), Problem> {
    if patch.notes.as_ref().is_some_and(|notes| notes.chars().count() > NOTES_CHARS_MAX) {
        return Err(Problem::invalid("notes", &format!("has more than {NOTES_CHARS_MAX} characters")));
    }
    let patch = CustomerPatch {
        firstname: named("firstname", patch.firstname, NAME_CHARS_MAX)?,
        lastname: named("lastname", patch.lastname, NAME_CHARS_MAX)?,
        email: named("email", patch.email, EMAIL_CHARS_MAX)?,
        labels: patch.labels.map(tidy_labels).transpose()?,
        notes: patch.notes,
    };
    app.store.patch_customer(customer_id, patch).await?;
    app.announcer.customer(customer_id);
    app.routing.look_again();
    Ok(())
}

fn named(field: &str, text: Option<String>, chars_max: usize) -> Result<Option<String>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let text = text.trim();
    if text.chars().count() > chars_max {
        return Err(Problem::invalid(field, &format!("has more than {chars_max} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::invalid(field, "has control characters"));
    }
    Ok(Some(text.to_owned()))
}

fn tidy_labels(labels: Vec<String>) -> Result<Vec<String>, Problem> {
    let mut tidy: Vec<String> = Vec::new();
    for label in labels {
        let label = named("labels", Some(label), LABEL_CHARS_MAX)?.unwrap_or_default();
        if !label.is_empty() && !tidy.contains(&label) {
            tidy.push(label);
        }
    }
    if tidy.len() > LABELS_MAX {
        return Err(Problem::invalid("labels", &format!("are more than {LABELS_MAX}")));
    }
    Ok(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_trimmed_and_unique_and_empty_ones_go() {
        let labels = [" vip ", "vip", "", "new"].map(str::to_owned).to_vec();
        assert_eq!(tidy_labels(labels), Ok(vec!["vip".to_owned(), "new".to_owned()]));
        assert!(tidy_labels(vec!["x".repeat(LABEL_CHARS_MAX + 1)]).is_err());
        assert!(tidy_labels((0..=LABELS_MAX).map(|number| number.to_string()).collect()).is_err());
    }

    #[test]
    fn a_page_is_cut_to_what_is_kept_and_loses_control_characters() {
        let long = |text: &str| format!("\u{1}{}\u{7f}", text.repeat(3_000));
        let page = shortened(Page { url: long("u"), title: long("t"), referrer: long("r") });
        let expected = Page {
            url: "u".repeat(PAGE_URL_CHARS_MAX),
            title: "t".repeat(PAGE_TITLE_CHARS_MAX),
            referrer: "r".repeat(PAGE_TITLE_CHARS_MAX),
        };
        assert_eq!(page, expected);
    }

    #[test]
    fn a_field_that_is_too_long_is_named() {
        let refusal = named("firstname", Some("x".repeat(NAME_CHARS_MAX + 1)), NAME_CHARS_MAX);
        assert!(refusal.unwrap_err().detail.starts_with("firstname: "));
    }
}
