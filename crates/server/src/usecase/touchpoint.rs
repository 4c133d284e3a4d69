//! Touchpoints are checked before they are kept; a fault is named with its path.

mod attachments;
pub(crate) mod routing;

use std::collections::BTreeSet;

use protocol::attachment::AttachmentSettings;
use protocol::id::TouchpointId;
use protocol::limit::NAME_CHARS_MAX;
use protocol::problem::ProblemCode;
use protocol::routing::RoutingSettings;
use protocol::touchpoint::{
    AssetSource, CobrowseSettings, MaskProfile, Position, Touchpoint, TouchpointState, WidgetSettings,
};

use crate::app::App;
use crate::hours;
use crate::origin::is_authority;
use crate::problem::Problem;

const DOMAINS_MAX: usize = 100;
const TEXT_CHARS_MAX: usize = 500;
const SELECTORS_MAX: usize = 200;
/// Days of retention: a hundred years.
const RETENTION_DAYS_MAX: u32 = 36_500;

/// Returns a touchpoint with everything as it comes: INACTIVE, no rules, always open.
pub(crate) fn plain(touchpoint_id: TouchpointId, name: &str, allowed_domains: Vec<String>) -> Touchpoint {
    Touchpoint {
        touchpoint_id,
        name: name.to_owned(),
        state: TouchpointState::Inactive,
        instance: "local".to_owned(),
        allowed_domains,
        settings: WidgetSettings {
            color: "#0f6b5c".to_owned(),
            position: Position::BottomEnd,
            title: "Chat with us".to_owned(),
            welcome: "Hello! How can we help you?".to_owned(),
            launcher_label: "Open chat".to_owned(),
            z_index: 2_147_483_000,
        },
        rules: Vec::new(),
        hours: None,
        survey: None,
        cobrowse: CobrowseSettings {
            is_enabled: true,
            profile: MaskProfile::Standard,
            mask: Vec::new(),
            unmask: Vec::new(),
            block: Vec::new(),
            assets: AssetSource::Server,
            recording: false,
            recording_days: None,
        },
        routing: RoutingSettings::default(),
        attachments: AttachmentSettings::default(),
        retention_days: None,
        config_version: 0,
    }
}

/// Keeps a touchpoint and lets everybody look again who shows something of it.
///
/// # Errors
/// `invalid` with the path to the fault; `conflict` when it was changed meanwhile; `busy` or `internal`.
pub(crate) async fn put(app: &App, touchpoint: Touchpoint) -> Result<Touchpoint, Problem> {
    check(&touchpoint)?;
    let teams: BTreeSet<_> = app.store.teams().await?.into_iter().map(|team| team.team_id).collect();
    routing::check_teams(&touchpoint.routing, &teams)?;
    let kept = app.store.put_touchpoint(touchpoint).await?;
    app.settings_changes.send_modify(|count| *count += 1);
    Ok(kept)
}

/// Accepts a touchpoint that can be kept.
///
/// # Errors
/// `invalid` with the path to the first fault.
pub(crate) fn check(touchpoint: &Touchpoint) -> Result<(), Problem> {
    if !touchpoint.touchpoint_id.is_well_formed() {
        return Err(Problem::invalid("touchpoint_id", "must be tp_ and 1 to 40 of a-z, 0-9 and _"));
    }
    check_text("name", &touchpoint.name, NAME_CHARS_MAX)?;
    check_domains(&touchpoint.allowed_domains)?;
    check_settings(&touchpoint.settings)?;
    rules::check(&touchpoint.rules).map_err(|fault| Problem::invalid(&fault.path, &fault.detail))?;
    if let Some(hours) = &touchpoint.hours {
        hours::check(hours)?;
    }
    if let Some(survey) = &touchpoint.survey {
        survey::check_definition(survey).map_err(|fault| Problem::invalid(&fault.path, &fault.detail))?;
    }
    routing::check(&touchpoint.routing)?;
    attachments::check(&touchpoint.attachments)?;
    check_days("retention_days", touchpoint.retention_days)?;
    check_cobrowse(&touchpoint.cobrowse)
}

fn check_days(path: &str, days: Option<u32>) -> Result<(), Problem> {
    if days.is_some_and(|days| !(1..=RETENTION_DAYS_MAX).contains(&days)) {
        return Err(Problem::invalid(path, &format!("must be 1 to {RETENTION_DAYS_MAX}")));
    }
    Ok(())
}

fn check_cobrowse(cobrowse: &CobrowseSettings) -> Result<(), Problem> {
    check_days("cobrowse.recording_days", cobrowse.recording_days)?;
    for (list, path) in [(&cobrowse.mask, "mask"), (&cobrowse.unmask, "unmask"), (&cobrowse.block, "block")] {
        if list.len() > SELECTORS_MAX {
            return Err(Problem::invalid(&format!("cobrowse.{path}"), "has too many selectors"));
        }
        for (index, selector) in list.iter().enumerate() {
            check_text(&format!("cobrowse.{path}[{index}]"), selector, TEXT_CHARS_MAX)?;
        }
    }
    Ok(())
}

fn check_domains(domains: &[String]) -> Result<(), Problem> {
    if domains.len() > DOMAINS_MAX {
        return Err(Problem::invalid("allowed_domains", &format!("are more than {DOMAINS_MAX}")));
    }
    for (index, domain) in domains.iter().enumerate() {
        let host = domain.strip_prefix("*.").unwrap_or(domain);
        if !is_authority(host) || host.contains('*') {
            return Err(Problem::invalid(
                &format!("allowed_domains[{index}]"),
                "must be a host, with or without a port, without scheme and path",
            ));
        }
    }
    Ok(())
}

fn check_settings(settings: &WidgetSettings) -> Result<(), Problem> {
    let is_color = settings
        .color
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !is_color {
        return Err(Problem::invalid("settings.color", "must be # and six hexadecimal digits"));
    }
    check_text("settings.title", &settings.title, NAME_CHARS_MAX)?;
    check_text("settings.launcher_label", &settings.launcher_label, NAME_CHARS_MAX)?;
    if settings.welcome.chars().count() > TEXT_CHARS_MAX {
        return Err(Problem::invalid("settings.welcome", "is too long"));
    }
    Ok(())
}

fn check_text(path: &str, text: &str, chars_max: usize) -> Result<(), Problem> {
    if text.trim().is_empty() || text.chars().count() > chars_max {
        return Err(Problem::new(
            ProblemCode::Invalid,
            format!("{path}: must have 1 to {chars_max} characters"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_touchpoint_can_be_kept() {
        let domains = vec!["*.example.com".to_owned(), "localhost:3000".to_owned()];
        assert_eq!(check(&plain(TouchpointId("tp_shop".to_owned()), "Shop", domains)), Ok(()));
    }

    #[test]
    fn a_fault_is_named_with_its_path() {
        let mut touchpoint = plain(TouchpointId("tp_shop".to_owned()), "Shop", vec!["https://a".to_owned()]);
        assert!(check(&touchpoint).unwrap_err().detail.starts_with("allowed_domains[0]: "));
        touchpoint.allowed_domains.clear();
        touchpoint.retention_days = Some(0);
        assert!(check(&touchpoint).unwrap_err().detail.starts_with("retention_days: "));
        touchpoint.retention_days = Some(1);
        touchpoint.settings.color = "red".to_owned();
        assert!(check(&touchpoint).unwrap_err().detail.starts_with("settings.color: "));
    }
}
