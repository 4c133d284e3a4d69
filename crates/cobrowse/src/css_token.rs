//! Cuts style sheets into tokens, as far as is needed to find addresses in them.

/// A token. What no address can hide in is told by its first character only, or passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A whole `url(…)`, with its address.
    Url(String),
    /// A string.
    Text(String),
    /// A name and the parenthesis it opens. The name is in lower case.
    Function(String),
    /// A name behind an `@`, in lower case.
    AtKeyword(String),
    /// A pseudo-class that asks for a state which only the visitor's browser knows; one of [`STATES`].
    State(&'static str),
    /// Any other character.
    Other(char),
}

/// Pseudo-classes of states that the stage knows by attributes. None begins with another before it in the list.
pub(crate) const STATES: [&str; 5] = ["hover", "focus-within", "focus-visible", "focus", "defined"];

/// A style sheet that is being cut.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    css: &'a str,
    position: usize,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(css: &'a str) -> Self {
        Self { css, position: 0 }
    }

    /// Returns where the next token begins at the earliest.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// Returns the next token and where it begins. Comments, names that are neither, and numbers are passed over.
    pub(crate) fn next_token(&mut self) -> Option<(Token, usize)> {
        loop {
            let start = self.position;
            let first = self.peek()?;
            if self.rest().starts_with("/*") {
                let length = self.rest()[2..].find("*/").map_or(self.rest().len(), |at| at + 4);
                self.skip(length);
                continue;
            }
            if matches!(first, '"' | '\'') {
                return Some((Token::Text(self.text(first)), start));
            }
            if matches!(first, '@' | '#') {
                self.position += 1;
                let name = self.name();
                if first == '@' {
                    return Some((Token::AtKeyword(name), start));
                }
                continue;
            }
            if first == ':'
                && let Some(state) = self.state()
            {
                return Some((Token::State(state), start));
            }
            if !self.is_at_name() {
                self.position += first.len_utf8();
                return Some((Token::Other(first), start));
            }
            let name = self.name();
            if self.peek() != Some('(') {
                continue;
            }
            self.position += 1;
            let token = if name == "url" { Token::Url(self.address()) } else { Token::Function(name) };
            return Some((token, start));
        }
    }

    fn rest(&self) -> &'a str {
        &self.css[self.position..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn is_at_name(&self) -> bool {
        let mut chars = self.rest().chars();
        match chars.next() {
            Some('\\') => chars.next().is_some_and(|c| !is_line_end(c)),
            Some(c) => is_name(c),
            None => false,
        }
    }

    /// Reads a colon and the state behind it, when one of those stands there as a whole name.
    fn state(&mut self) -> Option<&'static str> {
        let rest = &self.rest()[1..];
        let is_whole = |name: &&str| {
            let ends = |after: &str| !after.starts_with(|c: char| is_name(c) || c == '(' || c == '\\');
            rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && ends(&rest[name.len()..])
        };
        let state = STATES.into_iter().find(|name| is_whole(name))?;
        self.position += 1 + state.len();
        Some(state)
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while self.is_at_name()
            && let Some(c) = self.character()
        {
            name.push(c.to_ascii_lowercase());
        }
        name
    }

    /// Reads a string behind its quote, to the quote that closes it, the end of the line or the end of the text.
    fn text(&mut self, quote: char) -> String {
        self.position += 1;
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|&c| !is_line_end(c)) {
            if c == quote {
                self.position += 1;
                break;
            }
            text.extend(self.character());
        }
        text
    }

    /// Reads the address of a `url(`, with or without quotes, and the parenthesis that closes it.
    fn address(&mut self) -> String {
        let trimmed = self.rest().trim_start_matches(is_space);
        self.position = self.css.len() - trimmed.len();
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            let address = self.text(quote);
            self.until_closed();
            return address;
        }
        self.until_closed()
    }

    fn until_closed(&mut self) -> String {
        let mut passed = String::new();
        while let Some(c) = self.peek() {
            if c == ')' {
                self.position += 1;
                break;
            }
            passed.extend(self.character());
        }
        passed
    }

    /// Reads one character, escaped or not; `None` for an escaped end of line, which stands for nothing.
    fn character(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.position += c.len_utf8();
        if c != '\\' {
            return Some(c);
        }
        let digits = self.rest().chars().take(6).take_while(char::is_ascii_hexdigit).count();
        if digits == 0 {
            let escaped = self.peek()?;
            self.skip(if self.rest().starts_with("\r\n") { "\r\n".len() } else { escaped.len_utf8() });
            return (!is_line_end(escaped)).then_some(escaped);
        }
        let number = u32::from_str_radix(&self.rest()[..digits], 16).ok();
        self.skip(digits);
        if let Some(space) = self.peek().filter(|&c| is_space(c)) {
            self.skip(if self.rest().starts_with("\r\n") { "\r\n".len() } else { space.len_utf8() });
        }
        Some(number.filter(|&n| n != 0).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn skip(&mut self, bytes: usize) {
        self.position += bytes;
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_' || !c.is_ascii()
}

fn is_space(c: char) -> bool {
    c == ' ' || c == '\t' || is_line_end(c)
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\x0c')
}
