//! The labels of a customer.

use protocol::limit::{LABEL_CHARS_MAX, LABELS_MAX};
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::{Callback, Component, Context, Html, NodeRef, Properties, html};

use super::icon::{Icon, icon};
use crate::texts::{TEXTS, fill};

/// Labels to save, and who hears whether they are saved.
pub(crate) type SaveLabels = (Vec<String>, Callback<bool>);

/// What the labels need.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is stored.
    pub(crate) labels: Vec<String>,
    /// Saves all of them.
    pub(crate) on_save: Callback<SaveLabels>,
}

/// The labels, with a field for new ones. A change is shown at once and taken back when it could not be stored.
pub(crate) struct Labels {
    field: NodeRef,
    pending: Option<Vec<String>>,
    notice: Option<String>,
}

/// What happens to the labels.
pub(crate) enum Message {
    /// The text of the field becomes labels.
    Add,
    /// A label goes.
    Remove(String),
    /// The last label goes.
    RemoveLast,
    /// The server answered.
    Answered(bool),
}

impl Component for Labels {
    type Message = Message;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { field: NodeRef::default(), pending: None, notice: None }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let shown = self.shown(ctx.props()).to_vec();
        match message {
            Message::Add => {
                let text = self.field.cast::<HtmlInputElement>().map(|field| field.value());
                self.add(ctx, &shown, &text.unwrap_or_default());
            }
            Message::Remove(label) => {
                self.save(ctx, shown.into_iter().filter(|other| *other != label).collect());
            }
            Message::RemoveLast => {
                let rest = shown.len().saturating_sub(1);
                self.save(ctx, shown.into_iter().take(rest).collect());
            }
            Message::Answered(is_saved) => {
                if !is_saved {
                    self.pending = None;
                    self.notice = Some(TEXTS.not_saved.to_owned());
                }
            }
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, before: &Props) -> bool {
        if ctx.props().labels != before.labels {
            self.pending = None;
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let on_key = link.batch_callback(|event: KeyboardEvent| {
            let key = event.key();
            if event.is_composing() {
                return None;
            }
            if key == "Enter" || key == "," {
                event.prevent_default();
                return Some(Message::Add);
            }
            let field: HtmlInputElement = yew::TargetCast::target_unchecked_into(&event);
            (key == "Backspace" && field.value().is_empty()).then_some(Message::RemoveLast)
        });
        let on_blur = link.callback(|_| Message::Add);
        let chip = |label: &String| {
            let name = fill(TEXTS.label_remove, &[("label", label)]);
            let label = label.clone();
            let text = label.clone();
            let on_remove = link.callback(move |_| Message::Remove(label.clone()));
            html! {
                <span class="label" key={text.clone()} data-testid="label">
                    <span class="label__text" dir="auto">{ &text }</span>
                    <button class="label__remove" type="button" aria-label={name} onclick={on_remove}>
                        { icon(Icon::Close, "") }
                    </button>
                </span>
            }
        };
        // A label element: a click beside the chips goes on writing in the field.
        html! {
            <section class="panel">
                <div class="panel__head">
                    <h3 class="panel__title">{ TEXTS.labels }</h3>
                    <span class="saving saving--failed" role="status">{ self.notice.clone() }</span>
                </div>
                <label class="labels" for="label-new" data-testid="labels">
                    { for self.shown(ctx.props()).iter().map(chip) }
                    <input class="field labels__new" id="label-new" ref={self.field.clone()} type="text" autocomplete="off"
                        aria-label={TEXTS.label_new} placeholder={TEXTS.label_new}
                        maxlength={LABEL_CHARS_MAX.to_string()} onkeydown={on_key} onblur={on_blur} />
                </label>
            </section>
        }
    }
}

impl Labels {
    fn shown<'a>(&'a self, props: &'a Props) -> &'a [String] {
        self.pending.as_deref().unwrap_or(&props.labels)
    }

    fn add(&mut self, ctx: &Context<Self>, shown: &[String], text: &str) {
        let labels = with_added(shown, text);
        if labels.len() > LABELS_MAX {
            self.notice = Some(fill(TEXTS.labels_full, &[("count", &LABELS_MAX.to_string())]));
            return;
        }
        if let Some(field) = self.field.cast::<HtmlInputElement>() {
            field.set_value("");
        }
        if labels != shown {
            self.save(ctx, labels);
        }
    }

    fn save(&mut self, ctx: &Context<Self>, labels: Vec<String>) {
        self.notice = None;
        self.pending = Some(labels.clone());
        ctx.props().on_save.emit((labels, ctx.link().callback(Message::Answered)));
    }
}

/// Returns the labels with those of a text, separated by commas, behind them; none stands twice.
fn with_added(labels: &[String], text: &str) -> Vec<String> {
    let mut all = labels.to_vec();
    for label in text.split(',').map(str::trim).filter(|label| !label.is_empty()) {
        if !all.iter().any(|other| other == label) {
            all.push(label.to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_labels_follow_the_others_and_none_stands_twice() {
        let labels = ["vip".to_owned()];
        assert_eq!(with_added(&labels, " new , vip,new,"), ["vip", "new"]);
        assert_eq!(with_added(&labels, "  "), ["vip"]);
    }
}
