//! One recording: the viewer's page with its controls, fed by the console. The viewer gets bytes and no right to fetch
//! any: what it shows comes from a visitor's page, and whatever took it over could ask for nothing else.

use browser::FetchError;
use js_sys::ArrayBuffer;
use protocol::id::RecordingId;
use protocol::people::Role;
use protocol::recording::{Recording, RecordingDetail};
use web_sys::HtmlIFrameElement;
use yew::{Callback, Component, Context, Html, NodeRef, Properties, html};

use super::confirm::Confirm;
use super::dates::day_and_time;
use super::icon::{Icon, icon};
use super::recordings::{caption, end_note};
use crate::recording_link::RecordingLink;
use crate::state::action::{Action, OnDone, Request};
use crate::state::recordings::{RecordingsPlace, may_delete};
use crate::tasks;
use crate::texts::{TEXTS, fill};

/// What the screen needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The recording.
    pub(crate) recording_id: RecordingId,
    /// What this agent may do.
    pub(crate) role: Role,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The screen.
pub(crate) struct RecordingScreen {
    frame: NodeRef,
    detail: Option<Result<RecordingDetail, FetchError>>,
    link: Option<RecordingLink>,
    /// What could not be fetched, and why.
    fault: Option<(u64, FetchError)>,
    is_deleting: bool,
}

/// What happens on the screen.
pub(crate) enum Message {
    /// The server said what there is.
    Came(Result<RecordingDetail, FetchError>),
    /// The player wants bytes from here on.
    Wanted(u64),
    /// They are here.
    Piece(u64, Result<ArrayBuffer, FetchError>),
    /// Ask whether it shall be deleted, or put the question away.
    AskDelete(bool),
}

impl Component for RecordingScreen {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let (link, recording_id) = (ctx.link().clone(), ctx.props().recording_id.clone());
        browser::spawn(async move {
            link.send_message(Message::Came(tasks::recording::show(&recording_id).await));
        });
        Self { frame: NodeRef::default(), detail: None, link: None, fault: None, is_deleting: false }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Came(detail) => self.detail = Some(detail),
            Message::Wanted(from) => {
                let (link, recording_id) = (ctx.link().clone(), ctx.props().recording_id.clone());
                browser::spawn(async move {
                    let piece = tasks::recording::piece(&recording_id, from).await;
                    link.send_message(Message::Piece(from, piece));
                });
                return false;
            }
            Message::Piece(from, Ok(bytes)) => {
                if let Some(link) = &self.link {
                    link.give(from, &bytes);
                }
                return self.fault.take().is_some();
            }
            Message::Piece(from, Err(error)) => self.fault = Some((from, error)),
            Message::AskDelete(is_deleting) => self.is_deleting = is_deleting,
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        if self.link.is_none()
            && let Some(Ok(detail)) = &self.detail
            && let Some(frame) = self.frame.cast::<HtmlIFrameElement>()
        {
            self.link = Some(RecordingLink::open(frame, detail, ctx.link().callback(Message::Wanted)));
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let on_back = ctx.props().on_action.reform(|_| Action::ShowRecordings(Some(RecordingsPlace::All)));
        let detail = self.detail.as_ref().and_then(|detail| detail.as_ref().ok());
        html! {
            <main class="recordings recordings--one" data-testid="recording-player">
                <div class="recordings__head">
                    <button class="button button--plain button--icon" onclick={on_back}
                        aria-label={TEXTS.recordings.back_to_list} title={TEXTS.recordings.back_to_list}
                        data-testid="recording-back">{ icon(Icon::Back, "") }</button>
                    if let Some(detail) = detail { { self.head(ctx, detail) } }
                </div>
                { self.body(ctx, detail) }
                { self.question(ctx) }
            </main>
        }
    }
}

impl RecordingScreen {
    fn head(&self, ctx: &Context<Self>, detail: &RecordingDetail) -> Html {
        let recording = &detail.recording;
        let on_delete = ctx.link().callback(|_| Message::AskDelete(true));
        let conversation_id = recording.conversation_id.clone();
        let on_conversation = ctx.props().on_action.reform(move |_| Action::Open(conversation_id.clone()));
        let is_deletable = may_delete(ctx.props().role) && recording.ended.is_some();
        html! {
            <>
                <div class="recordings__title">
                    <h2 dir="auto">{ fill(TEXTS.recordings.of, &[("customer", &recording.customer_name)]) }</h2>
                    <p>{ caption(recording) }{ remarks(recording) }</p>
                    if let Some(view) = detail.views.first() {
                        <p>{ fill(TEXTS.recordings.viewed, &[
                            ("agent", &view.agent.name), ("when", &day_and_time(view.at)),
                        ]) }</p>
                    }
                </div>
                <button class="button" onclick={on_conversation} data-testid="recording-conversation">
                    { icon(Icon::Chat, "") }{ TEXTS.recordings.conversation }
                </button>
                if is_deletable {
                    <button class="button button--danger" onclick={on_delete} data-testid="recording-delete">
                        { icon(Icon::Trash, "") }{ TEXTS.recordings.delete }
                    </button>
                }
            </>
        }
    }

    fn body(&self, ctx: &Context<Self>, detail: Option<&RecordingDetail>) -> Html {
        match &self.detail {
            None => html! { <p class="recordings__foot" role="status">{ TEXTS.recordings.loading }</p> },
            Some(Err(FetchError::Refused { status: 404, .. })) => html! {
                <div class="empty" role="status">
                    { icon(Icon::Trash, "empty__icon") }
                    <p class="empty__title">{ TEXTS.recordings.gone_title }</p>
                    <p>{ TEXTS.recordings.gone_text }</p>
                </div>
            },
            Some(Err(error)) => {
                html! { <p class="recordings__foot" role="alert">{ tasks::explain(error) }</p> }
            }
            Some(Ok(_)) => self.player(ctx, detail.map(|detail| &detail.recording)),
        }
    }

    fn player(&self, ctx: &Context<Self>, recording: Option<&Recording>) -> Html {
        let name = recording.map(|it| it.customer_name.as_str()).unwrap_or_default();
        let title = fill(TEXTS.recordings.of, &[("customer", name)]);
        html! {
            <>
                { self.fault(ctx) }
                <iframe class="recordings__player" ref={self.frame.clone()} src="/viewer/" {title}
                    referrerpolicy="no-referrer" data-testid="recording-view"></iframe>
            </>
        }
    }

    /// The player waits for what could not be fetched, until it is asked for again.
    fn fault(&self, ctx: &Context<Self>) -> Html {
        let Some((from, error)) = &self.fault else { return Html::default() };
        let from = *from;
        let on_retry = ctx.link().callback(move |_| Message::Wanted(from));
        html! {
            <p class="recordings__foot" role="alert">
                { TEXTS.recordings.fault_bytes }{ " " }{ tasks::explain(error) }{ " " }
                <button class="button" onclick={on_retry}>{ TEXTS.retry }</button>
            </p>
        }
    }

    fn question(&self, ctx: &Context<Self>) -> Html {
        if !self.is_deleting {
            return Html::default();
        }
        let recording_id = ctx.props().recording_id.clone();
        let on_yes = ctx.props().on_action.reform(move |on_done: OnDone| {
            Action::Ask(Request::DeleteRecording { recording_id: recording_id.clone(), on_done })
        });
        let on_close = ctx.link().callback(|()| Message::AskDelete(false));
        html! {
            <Confirm title={TEXTS.recordings.delete_title} text={TEXTS.recordings.delete_text}
                yes={TEXTS.recordings.delete} running={TEXTS.recordings.delete_running} {on_yes} {on_close} />
        }
    }
}

fn remarks(recording: &Recording) -> String {
    end_note(recording).map(|note| format!(" · {note}")).unwrap_or_default()
}
