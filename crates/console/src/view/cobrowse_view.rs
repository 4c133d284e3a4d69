//! The visitor's page: the viewer's own page in a frame, with its tools above.

use std::collections::BTreeSet;

use protocol::cobrowse::{CobrowseScope, CobrowseSession};
use protocol::people::AgentRef;
use web_sys::HtmlIFrameElement;
use yew::{Callback, Component, Context, Html, NodeRef, Properties, classes, html};

use super::cobrowse_tools::{Tools, tools};
use crate::state::action::Action;
use crate::texts::{TEXTS, fill};
use crate::viewer_link::{
    Admission, Standing, ToViewer, Tool, ViewerLink, ViewerStage, ViewerState, Way, Zoom,
};

/// What the view needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The session; another one gets another view.
    pub(crate) session: CobrowseSession,
    /// The agent's ticket for it.
    pub(crate) ticket: String,
    /// Who looks at it.
    pub(crate) me: AgentRef,
    /// Whose page it is.
    pub(crate) customer_name: String,
    /// Whether its conversation is the one on the screen. Out of sight the view follows on.
    pub(crate) is_shown: bool,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The view of one session.
pub(crate) struct CobrowseView {
    frame: NodeRef,
    link: Option<ViewerLink>,
    state: Option<ViewerState>,
    tool: Tool,
    zoom: Zoom,
    /// Whether the view scrolls by itself.
    is_alone: bool,
    /// What the agent will ask for.
    wishes: BTreeSet<CobrowseScope>,
}

/// What happens in the view.
pub(crate) enum Message {
    /// The viewer tells what it shows.
    Told(ViewerState),
    /// The agent takes another tool.
    Take(Tool),
    /// The agent wants another size.
    Size(Zoom),
    /// The agent scrolls by themselves, or with the visitor.
    Alone(bool),
    /// The agent will ask for this, or not.
    Wish(CobrowseScope),
    /// The agent asks to act.
    Ask,
    /// The agent takes the question back.
    Withdraw,
    /// The agent gives the page back.
    Release,
    /// The agent goes to another page.
    Go(Way),
}

impl Component for CobrowseView {
    type Message = Message;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self {
            frame: NodeRef::default(),
            link: None,
            state: None,
            tool: Tool::Pointer,
            zoom: Zoom::Fit,
            is_alone: false,
            wishes: BTreeSet::from([CobrowseScope::Scroll, CobrowseScope::Click, CobrowseScope::Type]),
        }
    }

    fn update(&mut self, _: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Told(state) => {
                // A page of the viewer that was loaded again knows nothing of the tools.
                let is_new = self.state.is_none() || state.state == ViewerStage::Connecting;
                let before = self.standing();
                self.state = Some(state);
                if is_new {
                    self.tell(ToViewer::Tool { tool: self.tool });
                    self.tell(ToViewer::Zoom { mode: self.zoom });
                    self.tell(ToViewer::Follow { follows: !self.is_alone });
                }
                self.follow_control(&before);
            }
            Message::Take(tool) => {
                self.tool = tool;
                self.tell(ToViewer::Tool { tool });
            }
            Message::Size(mode) => {
                self.zoom = mode;
                self.tell(ToViewer::Zoom { mode });
            }
            Message::Alone(is_alone) => {
                self.is_alone = is_alone;
                self.tell(ToViewer::Follow { follows: !is_alone });
            }
            Message::Wish(scope) => {
                if !self.wishes.remove(&scope) {
                    self.wishes.insert(scope);
                }
            }
            Message::Ask => self.tell(ToViewer::Ask { scopes: self.wishes.iter().copied().collect() }),
            Message::Withdraw => self.tell(ToViewer::Ask { scopes: Vec::new() }),
            Message::Release => self.tell(ToViewer::Release),
            Message::Go(way) => self.tell(ToViewer::Navigate { way }),
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, is_first: bool) {
        if is_first && let Some(frame) = self.frame.cast::<HtmlIFrameElement>() {
            let session = &ctx.props().session;
            let admission = Admission {
                cobrowse_id: session.cobrowse_id.clone(),
                ticket: ctx.props().ticket.clone(),
                agent_name: ctx.props().me.name.clone(),
            };
            self.link = Some(ViewerLink::open(frame, admission, ctx.link().callback(Message::Told)));
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let name = fill(TEXTS.share_view, &[("customer", &props.customer_name)]);
        html! {
            <section class="share" aria-label={name.clone()} hidden={!props.is_shown} data-testid="cobrowse-view">
                <div class="share__bar">
                    <h2 class="share__title" dir="auto">{ &name }</h2>
                    { self.state_html() }
                    if props.session.scopes.contains(&CobrowseScope::Record) {
                        <span class="share__recorded" data-testid="cobrowse-recorded">{ TEXTS.recordings.live }</span>
                    }
                    { self.ends(ctx) }
                </div>
                { tools(&Tools {
                    tool: self.tool,
                    is_alone: self.is_alone,
                    wishes: &self.wishes,
                    standing: &self.standing(),
                    on_message: ctx.link().callback(|message| message),
                }) }
                <iframe class="share__frame" ref={self.frame.clone()} src="/viewer/" title={name.clone()}
                    referrerpolicy="no-referrer"></iframe>
            </section>
        }
    }
}

impl CobrowseView {
    fn tell(&self, message: ToViewer) {
        if let Some(link) = &self.link {
            link.tell(message);
        }
    }

    fn state_html(&self) -> Html {
        let stage = self.state.as_ref().map_or(ViewerStage::Connecting, |state| state.state);
        let latency_ms = self.state.as_ref().and_then(|state| state.latency_ms);
        let text = match (stage, latency_ms) {
            (ViewerStage::Connecting, _) => TEXTS.share_connecting.to_owned(),
            (ViewerStage::Live, None) => TEXTS.share_live.to_owned(),
            (ViewerStage::Live, Some(ms)) => {
                fill(TEXTS.share_live_ms, &[("ms", &format!("{:.0}", ms.max(0.0)))])
            }
            (ViewerStage::Paused, _) => TEXTS.share_paused.to_owned(),
            (ViewerStage::Ended, _) => TEXTS.share_over.to_owned(),
        };
        let is_waiting = stage != ViewerStage::Live;
        html! {
            <span class={classes!("share__state", is_waiting.then_some("share__state--waiting"))}
                data-testid="cobrowse-stage">{ text }</span>
        }
    }

    fn ends(&self, ctx: &Context<Self>) -> Html {
        let is_actual = self.zoom == Zoom::Actual;
        let on_zoom =
            ctx.link().callback(move |_| Message::Size(if is_actual { Zoom::Fit } else { Zoom::Actual }));
        let cobrowse_id = ctx.props().session.cobrowse_id.clone();
        let is_own = ctx.props().session.agent.agent_id == ctx.props().me.agent_id;
        let on_end = ctx.props().on_action.reform(move |_| match is_own {
            true => Action::EndCobrowse(cobrowse_id.clone()),
            false => Action::LeaveCobrowse,
        });
        html! {
            <div class="share__tools">
                <button class="button" onclick={on_zoom} data-testid="cobrowse-zoom">
                    { if is_actual { TEXTS.share_fit } else { TEXTS.share_actual } }
                </button>
                <button class="button button--live" onclick={on_end} data-testid="cobrowse-end">
                    { if is_own { TEXTS.share_end } else { TEXTS.share_leave } }
                </button>
            </div>
        }
    }

    fn standing(&self) -> Standing {
        self.state.as_ref().and_then(|state| state.control.clone()).unwrap_or_default()
    }

    /// What the agent was given makes the hand the tool, and takes it away again.
    fn follow_control(&mut self, before: &Standing) {
        let now = self.standing();
        if now.is_mine != before.is_mine {
            self.tool = if now.is_mine { Tool::Control } else { Tool::Pointer };
            self.tell(ToViewer::Tool { tool: self.tool });
        }
    }
}
