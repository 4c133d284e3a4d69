//! The log-in.

use browser::FetchError;
use protocol::rest::{Login, Session};
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{Callback, Component, Context, Html, NodeRef, Properties, html};

use super::icon::mark;
use crate::tasks;
use crate::texts::TEXTS;

/// What the log-in needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Why the agent stands here again.
    pub(crate) notice: Option<&'static str>,
    /// Hears of the session.
    pub(crate) on_entered: Callback<Session>,
}

/// The log-in screen. The fields belong to the browser, so that its password manager can fill them in.
pub(crate) struct LoginScreen {
    email: NodeRef,
    password: NodeRef,
    is_running: bool,
    fault: Option<String>,
}

/// What happens on the log-in screen.
pub(crate) enum Message {
    /// The form was sent.
    Submit,
    /// The server answered.
    Answered(Result<Session, FetchError>),
}

impl Component for LoginScreen {
    type Message = Message;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { email: NodeRef::default(), password: NodeRef::default(), is_running: false, fault: None }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Submit => self.submit(ctx),
            Message::Answered(Ok(session)) => ctx.props().on_entered.emit(session),
            Message::Answered(Err(error)) => {
                self.is_running = false;
                self.fault = Some(explain(&error));
                if let Some(password) = self.password.cast::<HtmlInputElement>() {
                    let _ = password.focus();
                    password.select();
                }
            }
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, is_first: bool) {
        if is_first && let Some(email) = self.email.cast::<HtmlInputElement>() {
            let _ = email.focus();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let on_submit = ctx.link().callback(|event: SubmitEvent| {
            event.prevent_default();
            Message::Submit
        });
        let has_fault = self.fault.is_some().to_string();
        let told = self.fault.as_deref().or(ctx.props().notice).unwrap_or_default();
        html! {
            <main class="login">
                <form class="login__card" onsubmit={on_submit} novalidate=true>
                    { mark("login__mark") }
                    <h1 class="login__title">{ TEXTS.login_title }</h1>
                    <p class="login__lead">{ TEXTS.login_lead }</p>
                    <label class="login__label">
                        { TEXTS.login_email }
                        <input class="field" ref={self.email.clone()} type="email" name="email"
                            autocomplete="username" autocapitalize="none" spellcheck="false" required=true
                            aria-describedby="login-fault" aria-invalid={has_fault.clone()}
                            data-testid="login-email" />
                    </label>
                    <label class="login__label">
                        { TEXTS.login_password }
                        <input class="field" ref={self.password.clone()} type="password" name="password"
                            autocomplete="current-password" required=true aria-describedby="login-fault"
                            aria-invalid={has_fault} data-testid="login-password" />
                    </label>
                    <p class="login__fault" id="login-fault" role="alert" data-testid="login-fault">{ told }</p>
                    <button class="button button--main login__submit" type="submit" disabled={self.is_running}
                        data-testid="login-submit">
                        { if self.is_running { TEXTS.login_running } else { TEXTS.login_submit } }
                    </button>
                </form>
            </main>
        }
    }
}

impl LoginScreen {
    fn submit(&mut self, ctx: &Context<Self>) {
        if self.is_running {
            return;
        }
        let value = |field: &NodeRef| field.cast::<HtmlInputElement>().map(|input| input.value());
        let email = value(&self.email).unwrap_or_default().trim().to_owned();
        let password = value(&self.password).unwrap_or_default();
        if email.is_empty() || password.is_empty() {
            self.fault = Some(TEXTS.login_incomplete.to_owned());
            return;
        }
        self.is_running = true;
        self.fault = None;
        let link = ctx.link().clone();
        browser::spawn(async move {
            let answer = tasks::session::log_in(&Login { email, password }).await;
            link.send_message(Message::Answered(answer));
        });
    }
}

fn explain(error: &FetchError) -> String {
    match error {
        FetchError::Refused { status: 401, .. } => TEXTS.login_wrong.to_owned(),
        FetchError::Refused { status: 429, .. } => TEXTS.login_too_many.to_owned(),
        FetchError::Refused { .. } | FetchError::Network | FetchError::Unreadable => tasks::explain(error),
    }
}
