//! A round sign with initials, in one of six tints that stay the same for the same person.

use ui::initials;
use yew::{Html, classes, html};

/// How large the sign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AvatarSize {
    /// For the person a row or panel is about.
    Normal,
    /// For somebody named in passing.
    Small,
}

/// Draws the sign. It is decoration: the name stands beside it, or in the title of the element around.
pub(crate) fn avatar(id: &str, name: &str, size: AvatarSize, is_online: bool) -> Html {
    let is_small = size == AvatarSize::Small;
    let classes = classes!(
        "avatar",
        format!("tint-{}", tint(id)),
        is_small.then_some("avatar--small"),
        is_online.then_some("avatar--online")
    );
    html! { <span class={classes} aria-hidden="true">{ initials(name) }</span> }
}

fn tint(id: &str) -> u32 {
    id.bytes().fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_person_keeps_the_tint() {
        assert_eq!(tint("cus_1"), tint("cus_1"));
        assert!(tint("cus_2") < 6);
    }
}
