//! A picture of a message, as large as there is room.

use protocol::id::AttachmentId;
use yew::{Callback, Html, function_component, html};

use super::icon::{Icon, icon};
use super::modal::Modal;
use crate::state::action::Picture;
use crate::state::file::shown_name;
use crate::texts::{TEXTS, fill};

/// What it needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The picture.
    pub(crate) picture: Picture,
    /// Puts it away.
    pub(crate) on_close: Callback<()>,
}

/// The picture in a dialog, with its name and a way to keep it.
#[function_component]
pub(crate) fn LargePicture(props: &Props) -> Html {
    let name = shown_name(&props.picture.name);
    let name = format!("{}{}", name.stem, name.ending);
    let href = address(&props.picture.attachment_id);
    let on_close = props.on_close.reform(|_| ());
    html! {
        <Modal class="picture-dialog" label={name.clone()} testid="picture" on_close={props.on_close.clone()}>
            <div class="picture-dialog__head">
                <bdi class="picture-dialog__name">{ &name }</bdi>
                <a class="button button--plain button--icon" href={href.clone()} download={name.clone()}
                    aria-label={fill(TEXTS.files.download, &[("name", &name)])}>
                    { icon(Icon::Download, "") }
                </a>
                <button class="button button--plain button--icon" onclick={on_close}
                    aria-label={TEXTS.files.close} data-testid="picture-close">
                    { icon(Icon::Close, "") }
                </button>
            </div>
            <img class="picture-dialog__image" src={href} alt={name} />
        </Modal>
    }
}

/// Returns where a file can be read. The ids come from the server and hold nothing that needs escaping.
pub(crate) fn address(attachment_id: &AttachmentId) -> String {
    format!("/api/v1/attachments/{attachment_id}")
}
