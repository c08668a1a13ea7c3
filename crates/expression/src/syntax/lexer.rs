//! Text into tokens.

use std::sync::Arc;

use crate::{Extent, Problem};

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) range: Extent,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name(Arc<str>),
    Text(Arc<str>),
    Number(i64),
    /// An operator or bracket, as written.
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 16] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "-",
];

/// Longer than any condition a person would write; keeps the tree small.
const LONGEST: usize = 16 * 1024;

pub(super) fn lex(text: &str) -> Result<Vec<Token>, Vec<Problem>> {
    if text.len() > LONGEST {
        let problem = Problem::new(Extent::new(0, 1), "this condition is too long")
            .help(format!("{LONGEST} bytes are the most"));
        return Err(vec![problem]);
    }
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::new(),
        problems: Vec::new(),
    };
    while lexer.next() {}
    lexer.push(text.len(), Kind::End);
    if lexer.problems.is_empty() {
        Ok(lexer.tokens)
    } else {
        Err(lexer.problems)
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    problems: Vec<Problem>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Adds what goes from `start` to here.
    fn push(&mut self, start: usize, kind: Kind) {
        let range = Extent::new(start, self.at);
        self.tokens.push(Token { range, kind });
    }

    /// Takes what satisfies `wanted` from here on.
    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn next(&mut self) -> bool {
        self.take(char::is_whitespace);
        let start = self.at;
        let Some(first) = self.rest().chars().next() else {
            return false;
        };
        if first.is_ascii_alphabetic() || first == '_' {
            let name = self.take(|c| c.is_ascii_alphanumeric() || c == '_');
            self.push(start, Kind::Name(name.into()));
        } else if first.is_ascii_digit() || self.begins_negative() {
            self.number(start);
        } else if first == '"' || first == '\'' {
            self.quoted(start, first);
        } else if let Some(sign) = SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) {
            self.at += sign.len();
            self.push(start, Kind::Sign(sign));
        } else {
            self.at += first.len_utf8();
            self.stray(start, first);
        }
        true
    }

    fn begins_negative(&self) -> bool {
        let mut chars = self.rest().chars();
        chars.next() == Some('-') && chars.next().is_some_and(|c| c.is_ascii_digit())
    }

    fn number(&mut self, start: usize) {
        if self.rest().starts_with('-') {
            self.at += 1;
        }
        // A fraction or a unit is taken too, to be refused as a whole.
        self.take(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let range = Extent::new(start, self.at);
        let text = self.text.get(range.bytes()).unwrap_or_default();
        match text.parse() {
            Ok(number) => self.push(start, Kind::Number(number)),
            Err(_) => self.problems.push(
                Problem::new(range, format!("`{text}` is not a whole number"))
                    .help("the unit belongs to the fact: write the number alone"),
            ),
        }
    }

    fn quoted(&mut self, start: usize, quote: char) {
        let mut found = String::new();
        self.at += 1;
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            match c {
                c if c == quote => return self.push(start, Kind::Text(found.into())),
                '\n' => break,
                '\\' => self.escape(&mut found),
                c => found.push(c),
            }
        }
        self.problems.push(
            Problem::new(Extent::new(start, self.at), "this text never ends")
                .help(format!("close it with `{quote}`")),
        );
    }

    fn escape(&mut self, into: &mut String) {
        let Some(c) = self.rest().chars().next() else {
            return;
        };
        let start = self.at - 1;
        self.at += c.len_utf8();
        match c {
            'n' => into.push('\n'),
            't' => into.push('\t'),
            'r' => into.push('\r'),
            '\\' | '"' | '\'' => into.push(c),
            _ => self.problems.push(
                Problem::new(
                    Extent::new(start, self.at),
                    format!("`\\{c}` stands for nothing"),
                )
                .help("write `\\\\` for a backslash"),
            ),
        }
    }

    fn stray(&mut self, start: usize, c: char) {
        let help = match c {
            '=' => Some("compare with `==`"),
            '&' => Some("both are joined by `&&`"),
            '|' => Some("either is written `||`"),
            '?' | ':' => Some("there is no `?:`; write both cases with `&&` and `||`"),
            '+' | '*' | '/' | '%' => Some("there is no arithmetic; ask for a computed fact"),
            '“' | '”' | '‘' | '’' => Some("use plain quotes"),
            _ => None,
        };
        let range = Extent::new(start, self.at);
        let problem = Problem::new(range, format!("`{c}` is not part of the language"));
        self.problems.push(problem.maybe(help.map(String::from)));
    }
}
