//! Tokens into a tree, by recursive descent with a bound on depth.

use std::sync::Arc;

use super::lexer::{Kind, Token, lex};
use super::{Comparison, Form, Node, Quantifier, TextTest};
use crate::check::suggest::closest;
use crate::{Extent, Problem};

/// Brackets, negations and member accesses inside one another.
const DEEPEST: usize = 64;

const METHODS: [&str; 7] = [
    "exists",
    "all",
    "filter",
    "size",
    "startsWith",
    "endsWith",
    "contains",
];

pub(super) fn parse(text: &str) -> Result<Node, Vec<Problem>> {
    let tokens = lex(text)?;
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
    };
    let parsed = match parser.peek().kind {
        Kind::End => Err(
            Problem::new(Extent::new(0, text.len()), "there is no condition here")
                .help("write `true` if it always holds"),
        ),
        _ => parser.or().and_then(|root| parser.end().map(|()| root)),
    };
    parsed.map_err(|problem| vec![problem])
}

struct Parser {
    /// Never empty: the last is always `End`.
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Node, Problem>;

static END: Token = Token {
    range: Extent { start: 0, end: 0 },
    kind: Kind::End,
};

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens
            .get(self.at)
            .or(self.tokens.last())
            .unwrap_or(&END)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek().kind, Kind::Sign(found) if found == sign)
    }

    fn accept(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    /// The end of the last token taken.
    fn taken(&self) -> Extent {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(END.range, |token| token.range)
    }

    fn expect(&mut self, sign: &str, after: &str) -> Result<Extent, Problem> {
        if self.accept(sign) {
            return Ok(self.taken());
        }
        let found = self.peek();
        Err(Problem::new(
            found.range,
            format!("expected `{sign}` {after}, found {}", found.words()),
        ))
    }

    fn end(&mut self) -> Result<(), Problem> {
        let token = self.peek();
        let problem = match &token.kind {
            Kind::End => return Ok(()),
            Kind::Name(word) if &**word == "and" => self.unexpected().help("write `&&`"),
            Kind::Name(word) if &**word == "or" => self.unexpected().help("write `||`"),
            Kind::Sign(sign) if is_comparison(sign) => {
                Problem::new(token.range, "comparisons do not chain").help("join two with `&&`")
            }
            Kind::Sign("[") => Problem::new(token.range, "there is no indexing")
                .help("ask for members with `.exists(x, …)`"),
            Kind::Sign("-") => {
                Problem::new(token.range, "there is no arithmetic").help("ask for a computed fact")
            }
            _ => self.unexpected(),
        };
        Err(problem)
    }

    fn unexpected(&self) -> Problem {
        let token = self.peek();
        Problem::new(
            token.range,
            format!("did not expect {} here", token.words()),
        )
    }

    fn deeper(&mut self, parse: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= DEEPEST {
            let range = self.peek().range;
            return Err(Problem::new(range, "this is nested too deeply")
                .help(format!("{DEEPEST} levels are the most")));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn or(&mut self) -> Parsed {
        self.deeper(|parser| parser.chain("||", Self::and, Form::Or))
    }

    fn and(&mut self) -> Parsed {
        self.chain("&&", Self::relation, Form::And)
    }

    fn chain(
        &mut self,
        sign: &str,
        operand: impl Fn(&mut Self) -> Parsed,
        form: impl Fn(Vec<Node>) -> Form,
    ) -> Parsed {
        let first = operand(self)?;
        if !self.is(sign) {
            return Ok(first);
        }
        let mut range = first.range;
        let mut operands = vec![first];
        while self.accept(sign) {
            let next = operand(self)?;
            range = range.to(next.range);
            operands.push(next);
        }
        let form = form(operands);
        Ok(Node { range, form })
    }

    fn relation(&mut self) -> Parsed {
        let left = self.unary()?;
        let comparison = match &self.peek().kind {
            Kind::Sign("==") => Some(Comparison::Equal),
            Kind::Sign("!=") => Some(Comparison::Unequal),
            Kind::Sign("<") => Some(Comparison::Less),
            Kind::Sign("<=") => Some(Comparison::AtMost),
            Kind::Sign(">") => Some(Comparison::More),
            Kind::Sign(">=") => Some(Comparison::AtLeast),
            Kind::Name(word) if &**word == "in" => None,
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.unary()?;
        let range = left.range.to(right.range);
        let (left, right) = (Box::new(left), Box::new(right));
        let form = match comparison {
            Some(comparison) => Form::Compare(comparison, left, right),
            None => Form::In(left, right),
        };
        Ok(Node { range, form })
    }

    fn unary(&mut self) -> Parsed {
        if !self.is("!") {
            return self.postfix();
        }
        let start = self.next().range;
        let inner = self.deeper(Self::unary)?;
        Ok(Node {
            range: start.to(inner.range),
            form: Form::Not(Box::new(inner)),
        })
    }

    fn postfix(&mut self) -> Parsed {
        let mut node = self.primary()?;
        let mut links = 0;
        while self.accept(".") {
            links += 1;
            if links + self.depth > DEEPEST {
                return Err(Problem::new(node.range, "this is nested too deeply"));
            }
            let token = self.next();
            let Kind::Name(name) = &token.kind else {
                self.at -= 1;
                return Err(Problem::new(
                    token.range,
                    format!("expected a name after `.`, found {}", token.words()),
                ));
            };
            node = if self.accept("(") {
                self.method(node, name, token.range)?
            } else {
                Node {
                    range: node.range.to(token.range),
                    form: Form::Member(Box::new(node), name.clone()),
                }
            };
        }
        Ok(node)
    }

    fn method(&mut self, of: Node, name: &str, named: Extent) -> Parsed {
        let arguments = self.arguments(")")?;
        let range = of.range.to(self.taken());
        let count = arguments.len();
        let mut arguments = arguments.into_iter();
        let of = Box::new(of);
        let form = match (name, count, arguments.next(), arguments.next()) {
            ("size", 0, None, None) => Form::Size(of),
            ("startsWith", 1, Some(argument), None) => {
                Form::TextTest(TextTest::StartsWith, of, Box::new(argument))
            }
            ("endsWith", 1, Some(argument), None) => {
                Form::TextTest(TextTest::EndsWith, of, Box::new(argument))
            }
            ("contains", 1, Some(argument), None) => {
                Form::TextTest(TextTest::Contains, of, Box::new(argument))
            }
            ("exists", 2, Some(variable), Some(condition)) => {
                quantified(Quantifier::Exists, of, variable, condition)?
            }
            ("all", 2, Some(variable), Some(condition)) => {
                quantified(Quantifier::All, of, variable, condition)?
            }
            ("filter", 2, Some(variable), Some(condition)) => {
                quantified(Quantifier::Filter, of, variable, condition)?
            }
            _ => return Err(wrong_method(name, named)),
        };
        Ok(Node { range, form })
    }

    fn arguments(&mut self, close: &str) -> Result<Vec<Node>, Problem> {
        let mut arguments = Vec::new();
        if self.accept(close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.or()?);
            if !self.accept(",") {
                self.expect(close, "or `,`")?;
                return Ok(arguments);
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let token = self.next();
        let form = match &token.kind {
            Kind::Text(text) => Form::Text(text.clone()),
            Kind::Number(number) => Form::Number(*number),
            Kind::Name(name) => match &**name {
                "true" => Form::Bool(true),
                "false" => Form::Bool(false),
                "has" if self.is("(") => return self.has(token.range),
                "null" | "not" | "in" => return Err(reserved(name, token.range)),
                _ if self.is("(") => return Err(no_function(name, token.range)),
                _ => Form::Name(name.clone()),
            },
            Kind::Sign("[") => Form::List(self.arguments("]")?),
            Kind::Sign("(") => {
                let inner = self.or()?;
                let end = self.expect(")", "to close this bracket")?;
                // The brackets belong to the range, so that underlining shows
                // them; not so around a name, whose range ends with it.
                let range = match inner.form {
                    Form::Name(_) | Form::Member(..) => inner.range,
                    _ => token.range.to(end),
                };
                let form = inner.form;
                return Ok(Node { range, form });
            }
            Kind::Sign(_) | Kind::End => {
                self.at -= 1;
                return Err(Problem::new(
                    token.range,
                    format!("expected a condition, found {}", token.words()),
                ));
            }
        };
        Ok(Node {
            range: token.range.to(self.taken()),
            form,
        })
    }

    fn has(&mut self, start: Extent) -> Parsed {
        self.at += 1;
        let inner = self.deeper(Self::postfix)?;
        if !matches!(inner.form, Form::Name(_) | Form::Member(..)) {
            return Err(
                Problem::new(inner.range, "`has` asks whether a fact is there")
                    .help("write `has(fact)` or `has(path.to.fact)`"),
            );
        }
        let end = self.expect(")", "after the fact")?;
        Ok(Node {
            range: start.to(end),
            form: Form::Has(Box::new(inner)),
        })
    }
}

fn quantified(
    quantifier: Quantifier,
    of: Box<Node>,
    variable: Node,
    condition: Node,
) -> Result<Form, Problem> {
    let Form::Name(name) = variable.form else {
        return Err(Problem::new(
            variable.range,
            format!("`{}` first names a variable", quantifier.word()),
        )
        .help(format!("write `.{}(x, …)`", quantifier.word())));
    };
    Ok(Form::Quantified(quantifier, of, name, Box::new(condition)))
}

fn wrong_method(name: &str, range: Extent) -> Problem {
    let form = match name {
        "size" => "write `.size()`",
        "startsWith" | "endsWith" | "contains" => "it takes one text",
        "exists" | "all" | "filter" => "it takes a variable and a condition: `(x, …)`",
        _ => {
            let help = closest(name, METHODS)
                .map(|name| format!("did you mean `{name}`?"))
                .unwrap_or_else(|| format!("there are {}", METHODS.join(", ")));
            return Problem::new(range, format!("there is no method `{name}`")).help(help);
        }
    };
    Problem::new(range, format!("`{name}` has the wrong arguments")).help(form)
}

fn no_function(name: &Arc<str>, range: Extent) -> Problem {
    let help = if METHODS.contains(&&**name) {
        format!("it is asked of a set or text: `x.{name}(…)`")
    } else {
        "the only function is `has`".to_owned()
    };
    Problem::new(range, format!("there is no function `{name}`")).help(help)
}

fn reserved(name: &str, range: Extent) -> Problem {
    let help = match name {
        "null" => "ask `!has(fact)` whether nothing is there",
        "not" => "write `!`",
        _ => "it stands between a value and a set",
    };
    Problem::new(range, format!("`{name}` cannot stand here")).help(help)
}

fn is_comparison(sign: &str) -> bool {
    matches!(sign, "==" | "!=" | "<" | "<=" | ">" | ">=")
}

impl Token {
    fn words(&self) -> String {
        match &self.kind {
            Kind::Name(name) => format!("`{name}`"),
            Kind::Text(text) => format!("the text `{text}`"),
            Kind::Number(number) => format!("`{number}`"),
            Kind::Sign(sign) => format!("`{sign}`"),
            Kind::End => "the end".to_owned(),
        }
    }
}
