//! Whether a page's policies let Tandem work on it: every one of them has to.

use reqwest::Url;

use super::Need;
use super::page::{Page, Tag};
use super::policy::{Directive, Policy};
use super::source::matching;
use crate::origin::Origin;

/// What one policy says to one need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is allowed, and by what.
    Allowed(String),
    /// It is allowed if something holds that cannot be seen from here.
    AllowedIf(String),
    /// It is refused: the directive as it stands, and how to mend it.
    Refused { directive: String, mend: String },
}

/// One line of the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The policy, as the reader of the outcome finds it.
    pub(crate) policy: String,
    /// What is needed; none for what concerns the page as a whole.
    pub(crate) need: Option<Need>,
    /// What becomes of it.
    pub(crate) verdict: Verdict,
}

/// Checks a page's policies for a server. Without any policy nothing is refused and nothing found.
pub(crate) fn check(policies: &[Policy], page: &Page, server: &Origin) -> Vec<Finding> {
    let mut findings = Vec::new();
    for policy in policies {
        let name = policy.whence.to_string();
        if let Some(verdict) = sandbox(policy) {
            findings.push(Finding { policy: name.clone(), need: None, verdict });
        }
        for need in Need::ALL {
            let verdict = match policy.first_of(need.directives()) {
                None => Verdict::Allowed("nothing in it is about this".to_owned()),
                Some(directive) => judge(need, directive, page, server),
            };
            findings.push(Finding { policy: name.clone(), need: Some(need), verdict });
        }
    }
    findings
}

/// A sandboxed page needs scripts, and its own origin: storage and the server's list of domains go by it.
fn sandbox(policy: &Policy) -> Option<Verdict> {
    let directive = policy.first_of(&["sandbox"])?;
    let has = |word: &str| directive.values.iter().any(|value| value.eq_ignore_ascii_case(word));
    let missing: Vec<&str> =
        ["allow-scripts", "allow-same-origin"].into_iter().filter(|word| !has(word)).collect();
    (!missing.is_empty()).then(|| Verdict::Refused {
        directive: written(directive),
        mend: format!("add {} to sandbox", missing.join(" ")),
    })
}

fn judge(need: Need, directive: &Directive, page: &Page, server: &Origin) -> Verdict {
    match need {
        Need::Script => judge_script(directive, page, server),
        Need::Frame => match address(server, "w/frame/tp_") {
            Some(url) => by_address(need, directive, &url, page, server),
            None => refused(need, directive, server),
        },
    }
}

fn judge_script(directive: &Directive, page: &Page, server: &Origin) -> Verdict {
    let has = |word: &str| directive.values.iter().any(|value| value.eq_ignore_ascii_case(word));
    let nonces: Vec<&str> = directive
        .values
        .iter()
        .filter_map(|value| value.strip_prefix("'nonce-").and_then(|rest| rest.strip_suffix('\'')))
        .collect();
    if let Some(verdict) = by_nonce(&nonces, page.tag.as_ref()) {
        return verdict;
    }
    if has("'strict-dynamic'") {
        let mend = if nonces.is_empty() {
            "'strict-dynamic' leaves addresses out of account: give scripts a nonce, and the tag the same"
                .to_owned()
        } else {
            "'strict-dynamic' leaves addresses out of account: give the tag the nonce of this policy"
                .to_owned()
        };
        return Verdict::Refused { directive: written(directive), mend };
    }
    let scripts =
        page.tag.as_ref().and_then(|tag| on(page, &tag.src)).or_else(|| address(server, "w/tp_.js"));
    let modules = address(server, "w/0/bridge.js");
    let (Some(script), Some(module)) = (scripts, modules) else {
        return refused(Need::Script, directive, server);
    };
    // The tag's own file is not enough: what it imports lies in other folders.
    match by_address(Need::Script, directive, &script, page, server) {
        Verdict::Allowed(_) => by_address(Need::Script, directive, &module, page, server),
        verdict @ (Verdict::AllowedIf(_) | Verdict::Refused { .. }) => verdict,
    }
}

/// What a list with nonces says to our tag; nothing when its addresses have to decide.
fn by_nonce(nonces: &[&str], tag: Option<&Tag>) -> Option<Verdict> {
    if nonces.is_empty() {
        return None;
    }
    match tag {
        Some(Tag { nonce: Some(nonce), .. }) if nonces.contains(&nonce.as_str()) => {
            Some(Verdict::Allowed("the tag carries its nonce".to_owned()))
        }
        Some(_) => None,
        None => Some(Verdict::AllowedIf(
            "the tag carries its nonce: <script async nonce=\"…\" src=\"…\">".to_owned(),
        )),
    }
}

fn by_address(need: Need, directive: &Directive, url: &Url, page: &Page, server: &Origin) -> Verdict {
    match matching(&directive.values, url, page.url.as_ref()) {
        Some(value) => Verdict::Allowed(format!("{} has {value}", directive.name)),
        None => refused(need, directive, server),
    }
}

fn refused(need: Need, directive: &Directive, server: &Origin) -> Verdict {
    let mend = if directive.name == "default-src" || directive.name == "child-src" {
        let name = need.directive();
        // A directive of its own takes the place of the one it fell back to, so it has to repeat it.
        let kept: Vec<&str> = directive
            .values
            .iter()
            .map(String::as_str)
            .filter(|value| !value.eq_ignore_ascii_case("'none'"))
            .collect();
        let sources = [kept, vec![&*server.to_string()]].concat().join(" ");
        format!("add {name} {sources}")
    } else {
        format!("add {server} to {}", directive.name)
    };
    Verdict::Refused { directive: written(directive), mend }
}

fn written(directive: &Directive) -> String {
    [vec![directive.name.clone()], directive.values.clone()].concat().join(" ")
}

fn address(server: &Origin, path: &str) -> Option<Url> {
    Url::parse(&format!("{server}/{path}")).ok()
}

fn on(page: &Page, src: &str) -> Option<Url> {
    match &page.url {
        Some(base) => base.join(src).ok(),
        None => Url::parse(src).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csp::Whence;

    fn server() -> Origin {
        "https://chat.example.com".parse().unwrap()
    }

    /// What a policy says to script and frame, on a page with this markup.
    fn judged(policy: &str, html: &str) -> Vec<Verdict> {
        let page = Page::read(html, Url::parse("https://shop.example/").ok());
        let policies = Policy::read_all(policy, &Whence::Header(1));
        check(&policies, &page, &server()).into_iter().map(|finding| finding.verdict).collect()
    }

    fn is_fine(verdict: &Verdict) -> bool {
        matches!(verdict, Verdict::Allowed(_))
    }

    const TAG: &str = "<script async src=https://chat.example.com/w/tp_a.js></script>";
    const TAG_WITH_NONCE: &str = "<script nonce=abc src=https://chat.example.com/w/tp_a.js></script>";

    #[test]
    fn what_readme_says_is_enough() {
        let policy =
            "default-src 'none'; script-src https://chat.example.com; frame-src https://chat.example.com";
        assert!(judged(policy, TAG).iter().all(is_fine));
    }

    #[test]
    fn a_strict_policy_with_a_nonce_and_the_frame_alone_is_enough() {
        let policy = "script-src 'nonce-abc' 'strict-dynamic'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      require-trusted-types-for 'script'; frame-src https://chat.example.com";
        assert!(judged(policy, TAG_WITH_NONCE).iter().all(is_fine));
        let verdicts = judged(policy, TAG);
        assert!(
            matches!(&verdicts[0], Verdict::Refused { mend, .. } if mend.contains("nonce of this policy"))
        );
        let verdicts = judged(policy, "");
        assert!(matches!(verdicts[0], Verdict::AllowedIf(_)));
    }

    #[test]
    fn default_src_decides_where_nothing_else_is_said_and_is_repeated_in_the_mend() {
        let verdicts = judged("default-src 'self' https://cdn.example", TAG);
        let mends: Vec<&str> = verdicts
            .iter()
            .filter_map(|verdict| match verdict {
                Verdict::Refused { mend, .. } => Some(mend.as_str()),
                Verdict::Allowed(_) | Verdict::AllowedIf(_) => None,
            })
            .collect();
        assert_eq!(
            mends,
            [
                "add script-src 'self' https://cdn.example https://chat.example.com",
                "add frame-src 'self' https://cdn.example https://chat.example.com"
            ]
        );
        assert!(judged("default-src https:", TAG).iter().all(is_fine));
        assert!(judged("default-src *.example.com", TAG).iter().all(is_fine));
        let verdicts = judged("default-src 'none'", TAG);
        assert!(
            matches!(&verdicts[1], Verdict::Refused { mend, .. } if mend == "add frame-src https://chat.example.com")
        );
    }

    #[test]
    fn the_directive_nearest_to_the_need_decides() {
        let verdicts = judged("default-src *; script-src *; script-src-elem 'self'; child-src 'self'", TAG);
        assert!(
            matches!(&verdicts[0], Verdict::Refused { mend, .. } if mend == "add https://chat.example.com to script-src-elem")
        );
        assert!(
            matches!(&verdicts[1], Verdict::Refused { directive, .. } if directive == "child-src 'self'")
        );
    }

    #[test]
    fn the_file_of_the_tag_alone_is_not_enough() {
        let verdicts = judged("script-src https://chat.example.com/w/tp_a.js", TAG);
        assert!(matches!(verdicts[0], Verdict::Refused { .. }));
    }

    #[test]
    fn every_policy_has_to_allow_it() {
        let verdicts = judged("script-src *, script-src 'self'", TAG);
        assert!(is_fine(&verdicts[0]) && is_fine(&verdicts[1]));
        assert!(matches!(verdicts[2], Verdict::Refused { .. }) && is_fine(&verdicts[3]));
    }

    #[test]
    fn a_sandbox_has_to_let_scripts_run_under_the_pages_own_origin() {
        let verdicts = judged("sandbox allow-scripts", TAG);
        assert!(
            matches!(&verdicts[0], Verdict::Refused { mend, .. } if mend == "add allow-same-origin to sandbox")
        );
        assert!(judged("sandbox allow-scripts allow-same-origin", TAG).iter().all(is_fine));
    }
}
