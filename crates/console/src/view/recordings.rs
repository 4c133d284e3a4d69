//! The screen of recordings, for supervisors and admins: the list, of all or of one conversation.

use browser::FetchError;
use protocol::id::ConversationId;
use protocol::people::Role;
use protocol::recording::{Recording, RecordingEnd, RecordingsPage};
use yew::{Callback, Component, Context, Html, Properties, html};

use super::avatar::{AvatarSize, avatar};
use super::dates::day_and_time;
use super::icon::{Icon, icon};
use super::recording_player::RecordingScreen;
use crate::state::action::Action;
use crate::state::file::size_text;
use crate::state::recordings::{RecordingsPlace, length_text};
use crate::tasks;
use crate::texts::{TEXTS, fill};

/// What the screen needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Which recordings.
    pub(crate) place: RecordingsPlace,
    /// What this agent may do.
    pub(crate) role: Role,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// Draws the list, or the recording that is watched.
#[yew::function_component]
pub(crate) fn RecordingsScreen(props: &Props) -> Html {
    let on_action = props.on_action.clone();
    let conversation_id = match props.place.clone() {
        RecordingsPlace::One(recording_id) => {
            let key = recording_id.0.clone();
            return html! { <RecordingScreen {key} {recording_id} role={props.role} {on_action} /> };
        }
        RecordingsPlace::Of(conversation_id) => Some(conversation_id),
        RecordingsPlace::All => None,
    };
    let key = props.place.name();
    html! { <RecordingsList {key} {conversation_id} {on_action} /> }
}

/// What the list needs.
#[derive(Properties, PartialEq)]
pub(crate) struct ListProps {
    /// The conversation they are of; none is all.
    pub(crate) conversation_id: Option<ConversationId>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The list.
pub(crate) struct RecordingsList {
    recordings: Vec<Recording>,
    state: Loading,
    next_cursor: Option<String>,
}

/// Where the list stands.
#[derive(Debug, Clone, PartialEq)]
enum Loading {
    Running,
    Done,
    Failed(FetchError),
}

/// What happens on the screen.
pub(crate) enum Message {
    /// The server answered.
    Came(Result<RecordingsPage, FetchError>),
    /// The next page is wanted.
    More,
}

impl Component for RecordingsList {
    type Message = Message;
    type Properties = ListProps;

    fn create(ctx: &Context<Self>) -> Self {
        let list = Self { recordings: Vec::new(), state: Loading::Running, next_cursor: None };
        list.load(ctx);
        list
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Came(Ok(page)) => {
                self.recordings.extend(page.recordings);
                self.next_cursor = page.next_cursor;
                self.state = Loading::Done;
            }
            Message::Came(Err(error)) => self.state = Loading::Failed(error),
            Message::More => {
                self.state = Loading::Running;
                self.load(ctx);
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let on_back = ctx.props().on_action.reform(|_| Action::ShowRecordings(None));
        let is_of_one = ctx.props().conversation_id.is_some();
        let lead = if is_of_one { TEXTS.recordings.lead_of_one } else { TEXTS.recordings.lead };
        let on_all = ctx.props().on_action.reform(|_| Action::ShowRecordings(Some(RecordingsPlace::All)));
        html! {
            <main class="recordings" data-testid="recordings-screen">
                <div class="recordings__head">
                    <button class="button button--plain button--icon" onclick={on_back}
                        aria-label={TEXTS.recordings.back} title={TEXTS.recordings.back}
                        data-testid="recordings-back">{ icon(Icon::Back, "") }</button>
                    <div class="recordings__title">
                        <h2>{ TEXTS.recordings.title }</h2>
                        <p>{ lead }</p>
                    </div>
                    if is_of_one {
                        <button class="button" onclick={on_all}>{ TEXTS.recordings.all }</button>
                    }
                </div>
                { self.rows(ctx) }
                { self.foot(ctx) }
            </main>
        }
    }
}

impl RecordingsList {
    fn load(&self, ctx: &Context<Self>) {
        let (link, cursor) = (ctx.link().clone(), self.next_cursor.clone());
        let conversation_id = ctx.props().conversation_id.clone();
        browser::spawn(async move {
            let answer = tasks::recording::list(conversation_id.as_ref(), cursor.as_deref()).await;
            link.send_message(Message::Came(answer));
        });
    }

    fn rows(&self, ctx: &Context<Self>) -> Html {
        if self.recordings.is_empty() {
            return match self.state {
                Loading::Done => html! {
                    <div class="empty">
                        { icon(Icon::Play, "empty__icon") }
                        <p class="empty__title">{ TEXTS.recordings.empty_title }</p>
                        <p>{ TEXTS.recordings.empty_text }</p>
                    </div>
                },
                Loading::Running | Loading::Failed(_) => Html::default(),
            };
        }
        let row = |recording: &Recording| row(recording, &ctx.props().on_action);
        html! { <ul class="recordings__list">{ for self.recordings.iter().map(row) }</ul> }
    }

    fn foot(&self, ctx: &Context<Self>) -> Html {
        let on_more = ctx.link().callback(|_| Message::More);
        match &self.state {
            Loading::Running => {
                html! { <p class="recordings__foot" role="status">{ TEXTS.recordings.loading }</p> }
            }
            Loading::Failed(error) => html! {
                <p class="recordings__foot" role="alert">
                    { tasks::explain(error) }{ " " }<button class="button" onclick={on_more}>{ TEXTS.retry }</button>
                </p>
            },
            Loading::Done if self.next_cursor.is_some() => html! {
                <p class="recordings__foot"><button class="button" onclick={on_more}>{ TEXTS.recordings.more }</button></p>
            },
            Loading::Done => Html::default(),
        }
    }
}

fn row(recording: &Recording, on_action: &Callback<Action>) -> Html {
    let place = RecordingsPlace::One(recording.recording_id.clone());
    let on_click = on_action.reform(move |_| Action::ShowRecordings(Some(place.clone())));
    let name = &recording.customer_name;
    html! {
        <li key={recording.recording_id.0.clone()}>
            <button class="recording" onclick={on_click} data-testid="recording-row">
                { avatar(recording.customer_id.as_str(), name, AvatarSize::Normal, false) }
                <span class="recording__who">
                    <bdi class="recording__name">{ fill(TEXTS.recordings.of, &[("customer", name)]) }</bdi>
                    <span class="recording__when">{ caption(recording) }</span>
                </span>
                if let Some(note) = end_note(recording) { <span class="recording__note">{ note }</span> }
                <span class="recording__size">{ size_line(recording) }</span>
                { icon(Icon::Play, "recording__play") }
            </button>
        </li>
    }
}

/// Draws a recording as one line: when, how long, and a way to watch it.
pub(super) fn short_row(recording: &Recording, on_action: &Callback<Action>) -> Html {
    let place = RecordingsPlace::One(recording.recording_id.clone());
    let on_click = on_action.reform(move |_| Action::ShowRecordings(Some(place.clone())));
    html! {
        <li key={recording.recording_id.0.clone()}>
            <button class="recording recording--short" onclick={on_click} data-testid="recording-row">
                { icon(Icon::Play, "recording__play") }
                <span class="recording__when">{ day_and_time(recording.begun_at) }</span>
                <span class="recording__size">{ size_line(recording) }</span>
            </button>
        </li>
    }
}

/// When it was, and who saw it.
pub(super) fn caption(recording: &Recording) -> String {
    let by = fill(TEXTS.recordings.by, &[("agent", &recording.agent.name)]);
    format!("{} · {by}", day_and_time(recording.begun_at))
}

/// What has to be said about its end, if it was not the session's.
pub(super) fn end_note(recording: &Recording) -> Option<&'static str> {
    match recording.ended.map(|ended| ended.by) {
        None => Some(TEXTS.recordings.running),
        Some(RecordingEnd::Session) => None,
        Some(RecordingEnd::Limit) => Some(TEXTS.recordings.ended_limit),
        Some(RecordingEnd::Disk) => Some(TEXTS.recordings.ended_disk),
        Some(RecordingEnd::Server) => Some(TEXTS.recordings.ended_server),
    }
}

fn size_line(recording: &Recording) -> String {
    if recording.ended.is_none() {
        return String::new();
    }
    format!("{} · {}", length_text(recording.duration_ms), size_text(recording.bytes))
}
