//! The console's outermost component: who is logged in decides what is drawn.

use protocol::rest::Session;
use yew::{Component, Context, Html, Properties, html};

use crate::tasks;
use crate::texts::TEXTS;
use crate::tools::Tools;
use crate::view::login::LoginScreen;
use crate::view::workspace::Workspace;

/// What the console needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What the page's script does for it.
    pub(crate) tools: Tools,
}

/// The whole console.
pub(crate) struct App {
    stage: Stage,
}

enum Stage {
    /// The server is asked who this browser is.
    Checking,
    /// It could not be asked.
    Unreachable,
    /// Nobody is logged in.
    LoggedOut { notice: Option<&'static str> },
    /// An agent is.
    LoggedIn(Box<Session>),
}

/// What changes who is logged in.
pub(crate) enum Message {
    /// Ask the server again.
    Check,
    /// The server knows this session.
    Entered(Box<Session>),
    /// The server knows no session.
    Left(Option<&'static str>),
    /// The server was not reached.
    Failed,
}

impl Component for App {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        ctx.link().send_message(Message::Check);
        Self { stage: Stage::Checking }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        self.stage = match message {
            Message::Check => {
                let link = ctx.link().clone();
                browser::spawn(async move { link.send_message(check().await) });
                Stage::Checking
            }
            Message::Entered(session) => Stage::LoggedIn(session),
            Message::Left(notice) => Stage::LoggedOut { notice },
            Message::Failed => Stage::Unreachable,
        };
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        match &self.stage {
            Stage::Checking => html! { <p class="boot" role="status">{ TEXTS.loading }{ " …" }</p> },
            Stage::Unreachable => {
                let on_retry = ctx.link().callback(|_| Message::Check);
                html! {
                    <div class="empty" role="alert">
                        <p class="empty__title">{ TEXTS.fault_network }</p>
                        <button class="button" onclick={on_retry}>{ TEXTS.retry }</button>
                    </div>
                }
            }
            Stage::LoggedOut { notice } => {
                let on_entered = ctx.link().callback(|session| Message::Entered(Box::new(session)));
                html! { <LoginScreen notice={*notice} {on_entered} /> }
            }
            Stage::LoggedIn(session) => {
                let on_left = ctx.link().callback(Message::Left);
                html! { <Workspace session={(**session).clone()} tools={ctx.props().tools.clone()} {on_left} /> }
            }
        }
    }
}

async fn check() -> Message {
    match tasks::session::current().await {
        Ok(session) => Message::Entered(Box::new(session)),
        Err(error) if tasks::is_session_over(&error) => Message::Left(None),
        Err(_) => Message::Failed,
    }
}
