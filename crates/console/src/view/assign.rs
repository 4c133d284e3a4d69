//! To whom a conversation can be given: a search over agents and teams, and a note for whoever gets it.

use browser::FetchError;
use protocol::agent::ConversationSummary;
use protocol::id::AgentId;
use protocol::limit::NOTE_CHARS_MAX;
use protocol::people::{AgentPresence, Team};
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};
use yew::{Callback, Component, Context, Html, InputEvent, NodeRef, Properties, TargetCast, html};

use super::assign_choice::{choice_row, element_id};
use super::composer::is_composing;
use crate::state::action::{Action, Request};
use crate::state::assignment::{Candidates, Choice, choices, request};
use crate::tasks;
use crate::texts::{TEXTS, fill};

/// What the choice needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The conversation.
    pub(crate) summary: ConversationSummary,
    /// This agent.
    pub(crate) me: AgentId,
    /// Every agent.
    pub(crate) agents: Vec<AgentPresence>,
    /// Every team.
    pub(crate) teams: Vec<Team>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The search, the note and the list. The arrows choose, Enter assigns from either field.
pub(crate) struct AssignChoice {
    search_field: NodeRef,
    search: String,
    note: String,
    /// The place of the choice that Enter takes.
    active: usize,
    /// Who answered the conversation when the list was drawn first, or after the last refusal.
    seen_assignee: Option<AgentId>,
    is_running: bool,
    fault: Option<Fault>,
}

enum Fault {
    /// Somebody was faster.
    Conflict,
    /// Anything else.
    Other(String),
}

/// What happens.
pub(crate) enum Message {
    /// The search changed.
    Search(String),
    /// The note changed.
    Note(String),
    /// The choice moves by so many places.
    Move(isize),
    /// The choice at this place is taken.
    Choose(usize),
    /// The active choice is taken.
    Submit,
    /// The server answered.
    Answered(Result<(), FetchError>),
}

impl Component for AssignChoice {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        Self {
            search_field: NodeRef::default(),
            search: String::new(),
            note: String::new(),
            active: 0,
            seen_assignee: assignee_id(ctx.props()),
            is_running: false,
            fault: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Search(search) => {
                self.search = search;
                self.active = 0;
            }
            Message::Note(note) => self.note = note,
            Message::Move(by) => {
                let count = self.choices(ctx.props()).len();
                self.active = self.active.saturating_add_signed(by).min(count.saturating_sub(1));
                let chosen = self.choices(ctx.props()).get(self.active).map(element_id);
                let element = chosen.and_then(|id| browser::page::document().get_element_by_id(&id));
                if let Some(element) = element {
                    scroll_to(&element);
                }
            }
            Message::Choose(at) => {
                self.active = at;
                self.submit(ctx);
            }
            Message::Submit => self.submit(ctx),
            Message::Answered(Ok(())) => ctx.props().on_action.emit(Action::ShowAssign(false)),
            Message::Answered(Err(error)) => {
                self.is_running = false;
                self.fault = Some(match error {
                    FetchError::Refused { status: 409, .. } => Fault::Conflict,
                    FetchError::Refused { .. } | FetchError::Network | FetchError::Unreadable => {
                        Fault::Other(tasks::explain(&error))
                    }
                });
            }
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &Props) -> bool {
        let count = self.choices(ctx.props()).len();
        self.active = self.active.min(count.saturating_sub(1));
        true
    }

    fn rendered(&mut self, _: &Context<Self>, is_first: bool) {
        if is_first && let Some(field) = self.search_field.cast::<HtmlInputElement>() {
            let _ = field.focus();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let choices = self.choices(ctx.props());
        let active_id = choices.get(self.active).map(element_id);
        let row = |(at, choice): (usize, &Choice)| {
            let on_click = ctx.link().callback(move |_| Message::Choose(at));
            choice_row(choice, at == self.active, on_click)
        };
        html! {
            <>
                { self.search_field(ctx, active_id) }
                { self.note_field(ctx) }
                <p class="fault assign__fault" role="alert" data-testid="assign-fault">{ self.fault_text(ctx) }</p>
                <ul class="assign__list" id="assign-list" role="listbox" aria-label={TEXTS.assign.title}>
                    { for choices.iter().enumerate().map(row) }
                </ul>
                if choices.is_empty() { <p class="assign__none">{ TEXTS.assign.none_found }</p> }
                <p class="assign__foot" role="status">
                    if self.is_running {
                        { TEXTS.assign.running }
                    } else {
                        <kbd>{ "↑" }</kbd><kbd>{ "↓" }</kbd>{ " " }<kbd>{ "Enter" }</kbd>{ " " }{ TEXTS.assign.how }
                    }
                </p>
            </>
        }
    }
}

impl AssignChoice {
    fn choices(&self, props: &Props) -> Vec<Choice> {
        let candidates = Candidates { me: &props.me, agents: &props.agents, teams: &props.teams };
        choices(&props.summary.head, candidates, &self.search, TEXTS.assign.queue)
    }

    fn submit(&mut self, ctx: &Context<Self>) {
        if self.is_running || self.note.chars().count() > NOTE_CHARS_MAX {
            return;
        }
        if matches!(self.fault, Some(Fault::Conflict)) {
            // The agent has read who answers now, and wants it all the same.
            self.seen_assignee = assignee_id(ctx.props());
        }
        let Some(choice) = self.choices(ctx.props()).into_iter().nth(self.active) else { return };
        self.is_running = true;
        self.fault = None;
        ctx.props().on_action.emit(Action::Ask(Request::Assign {
            conversation_id: ctx.props().summary.head.conversation_id.clone(),
            assign: request(choice.target(), &self.note, self.seen_assignee.clone()),
            on_done: ctx.link().callback(Message::Answered),
        }));
    }

    fn fault_text(&self, ctx: &Context<Self>) -> Option<String> {
        let excess = self.note.chars().count().saturating_sub(NOTE_CHARS_MAX);
        if excess > 0 {
            return Some(fill(TEXTS.too_long, &[("count", &excess.to_string())]));
        }
        match self.fault.as_ref()? {
            Fault::Other(text) => Some(text.clone()),
            // The socket brings who it is; the text follows it.
            Fault::Conflict => Some(match &ctx.props().summary.head.assignee {
                Some(agent) => fill(TEXTS.assign.taken, &[("agent", &agent.name)]),
                None => TEXTS.assign.freed.to_owned(),
            }),
        }
    }

    fn search_field(&self, ctx: &Context<Self>, active_id: Option<String>) -> Html {
        let on_input = ctx.link().callback(|event: InputEvent| {
            Message::Search(event.target_unchecked_into::<HtmlInputElement>().value())
        });
        html! {
            <input class="field" type="text" role="combobox" aria-expanded="true" aria-controls="assign-list"
                aria-autocomplete="list" aria-activedescendant={active_id} autocomplete="off"
                ref={self.search_field.clone()} value={self.search.clone()} aria-label={TEXTS.assign.search}
                placeholder={TEXTS.assign.search} oninput={on_input} onkeydown={on_key(ctx, true)}
                data-testid="assign-search" />
        }
    }

    fn note_field(&self, ctx: &Context<Self>) -> Html {
        let on_input = ctx.link().callback(|event: InputEvent| {
            Message::Note(event.target_unchecked_into::<HtmlTextAreaElement>().value())
        });
        html! {
            <>
                <textarea class="field assign__note" rows="2" dir="auto" value={self.note.clone()}
                    aria-label={TEXTS.assign.note} aria-describedby="assign-private"
                    placeholder={TEXTS.assign.note_hint} oninput={on_input} onkeydown={on_key(ctx, false)}
                    data-testid="assign-note" />
                <p class="assign__private" id="assign-private">{ TEXTS.note_private }</p>
            </>
        }
    }
}

fn on_key(ctx: &Context<AssignChoice>, has_arrows: bool) -> Callback<KeyboardEvent> {
    ctx.link().batch_callback(move |event: KeyboardEvent| {
        let message = match event.key().as_str() {
            "ArrowDown" if has_arrows => Message::Move(1),
            "ArrowUp" if has_arrows => Message::Move(-1),
            "Enter" if !event.shift_key() && !is_composing(&event) => Message::Submit,
            _ => return None,
        };
        event.prevent_default();
        Some(message)
    })
}

fn assignee_id(props: &Props) -> Option<AgentId> {
    props.summary.head.assignee.as_ref().map(|agent| agent.agent_id.clone())
}

fn scroll_to(element: &Element) {
    let nearest = web_sys::ScrollIntoViewOptions::new();
    nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&nearest);
}
