//! The files of a message: pictures small, others as rows, and how far those are that are on their way. Their names
//! come from whoever sent them.

use chat_core::EntryFile;
use protocol::attachment::is_image;
use yew::{Callback, Html, html};

use super::icon::{Icon, icon};
use super::picture::address;
use crate::state::action::{Action, Picture};
use crate::state::file::{ShownName, percent, shown_name, size_text};
use crate::texts::{TEXTS, fill};

/// Draws the files of a message; `is_stored` says whether the server has the message.
pub(crate) fn message_files(files: &[EntryFile], is_stored: bool, on_action: &Callback<Action>) -> Html {
    if files.is_empty() {
        return Html::default();
    }
    let file = |file: &EntryFile| match &file.attachment_id {
        Some(attachment_id) if is_stored && is_image(&file.media_type) => {
            let picture = Picture { attachment_id: attachment_id.clone(), name: file.name.clone() };
            thumbnail(picture, on_action)
        }
        Some(attachment_id) if is_stored => download(file, &address(attachment_id)),
        Some(_) | None => waiting(file),
    };
    html! { <div class="files">{ for files.iter().map(file) }</div> }
}

/// Draws a name whose ending is seen however long it is.
pub(crate) fn file_name(name: &ShownName) -> Html {
    html! {
        <bdi class="file__name" title={format!("{}{}", name.stem, name.ending)}>
            <span class="file__stem">{ &name.stem }</span><span>{ &name.ending }</span>
        </bdi>
    }
}

fn thumbnail(picture: Picture, on_action: &Callback<Action>) -> Html {
    let ShownName { stem, ending } = shown_name(&picture.name);
    let name = format!("{stem}{ending}");
    let src = address(&picture.attachment_id);
    let on_click = on_action.reform(move |_| Action::ShowPicture(Some(picture.clone())));
    html! {
        <button class="thumbnail" key={src.clone()} onclick={on_click} data-testid="attachment" data-kind="picture"
            aria-label={fill(TEXTS.files.show, &[("name", &name)])} title={name}>
            <img class="thumbnail__image" {src} alt="" loading="lazy" decoding="async" />
        </button>
    }
}

fn download(file: &EntryFile, href: &str) -> Html {
    let name = shown_name(&file.name);
    let plain = format!("{}{}", name.stem, name.ending);
    html! {
        <a class="file" key={href.to_owned()} href={href.to_owned()} download={plain.clone()}
            data-testid="attachment" data-kind="file"
            aria-label={fill(TEXTS.files.download, &[("name", &plain)])}>
            { icon(Icon::File, "file__icon") }
            { file_name(&name) }
            <span class="file__size">{ size_text(file.bytes) }</span>
            { icon(Icon::Download, "file__action") }
        </a>
    }
}

fn waiting(file: &EntryFile) -> Html {
    let name = shown_name(&file.name);
    let key = file.file_id.clone().unwrap_or_default();
    let sent_bytes = if file.attachment_id.is_some() { Some(file.bytes) } else { file.sent_bytes };
    let plain = format!("{}{}", name.stem, name.ending);
    let state = match sent_bytes {
        None => size_text(file.bytes),
        Some(sent_bytes) => {
            let percent = percent(sent_bytes, file.bytes).to_string();
            fill(TEXTS.files.uploading, &[("percent", &percent), ("size", &size_text(file.bytes))])
        }
    };
    html! {
        <div class="file file--waiting" {key} data-testid="attachment" data-kind="waiting">
            { icon(Icon::File, "file__icon") }
            { file_name(&name) }
            <span class="file__size">{ state }</span>
            if let Some(sent_bytes) = sent_bytes {
                <progress class="file__progress" max="100" aria-label={plain}
                    value={percent(sent_bytes, file.bytes).to_string()} />
            }
        </div>
    }
}
