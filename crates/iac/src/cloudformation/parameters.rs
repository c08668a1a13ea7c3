//! Parameters: what is given, allowed or default becomes the value; without any
//! of these it is a hole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_expression::{
    Basis, Cause, Fact, Guard, Hole, Item, Known, Piece, Reason, Set, Text, Value, Variable,
    VariableId, VariableKind,
};
use underbelly_source::{Place, Span};
use underbelly_syntax::{Kind, Node};

use super::scope::Scope;
use super::trail::Trail;
use crate::graph::{IsSecret, Parameter};
use crate::plain;

/// Allowed values beyond these are not told apart.
const MOST_ALLOWED: usize = 250;

/// Types of parameters whose values the provider looks up.
const LOOKED_UP: &str = "AWS::SSM::Parameter::Value";

/// A parameter as the template declares it, and the value it is given.
#[derive(Clone, Debug)]
pub(crate) struct Declared<'a> {
    pub(crate) name: Arc<str>,
    pub(crate) span: Span,
    pub(crate) kind: &'a str,
    pub(crate) no_echo: bool,
    /// Whether it looks like a secret that should have been one without echo.
    pub(crate) secret: bool,
    pub(crate) default: Option<Node<'a>>,
    pub(crate) allowed: Vec<Node<'a>>,
    /// What the user or the parent stack gives.
    pub(crate) given: Option<Fact>,
    value: Option<Fact>,
    pub(crate) compared: Compared,
}

/// A value that conditions compare with literals, as a variable over these.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compared {
    pub(crate) literals: Vec<Arc<str>>,
    variable: Option<VariableId>,
}

/// How a parameter's values are told apart in conditions.
pub(crate) enum Domain {
    /// A variable and the text of each of its values; the last may be any other.
    Variable(VariableId, Vec<Option<Arc<str>>>),
    /// No choice: look at the value.
    Value,
}

impl<'a> Declared<'a> {
    /// Reads a declaration; what is missing or of a wrong type counts as not said.
    pub(crate) fn read(
        name: Arc<str>,
        span: Span,
        node: Node<'a>,
        given: Option<Fact>,
        is_secret: IsSecret<'_>,
    ) -> Self {
        let allowed = node.get("AllowedValues");
        let default = node.get("Default").filter(|node| !node.is_null());
        let by_default = default.and_then(Node::text);
        let by_user = given.as_ref().and_then(Fact::as_text);
        let mut values = by_default.into_iter().chain(by_user);
        let kind = node.get("Type").and_then(Node::text).unwrap_or("String");
        // The default of what is looked up is where it is found.
        let is_secret = |value: &str| (is_secret.0)(&name, value);
        let secret = !kind.starts_with(LOOKED_UP) && values.any(is_secret);
        Self {
            name,
            span,
            kind,
            no_echo: node.get("NoEcho").and_then(Node::boolean).unwrap_or(false),
            secret,
            default,
            allowed: allowed
                .map(|list| list.items().collect())
                .unwrap_or_default(),
            given,
            value: None,
            compared: Compared::default(),
        }
    }

    /// Whether a value is one of those allowed. Of a secret nothing is said.
    pub(crate) fn takes(&self, value: &str) -> bool {
        let allowed = |value: &str| self.allowed.iter().any(|node| node.text() == Some(value));
        let free = self.allowed.is_empty() || self.no_echo || self.is_lookup();
        free || match self.is_list() {
            true => value.split(',').all(|one| allowed(one.trim())),
            false => allowed(value),
        }
    }

    /// Whether its value is not to be told.
    fn is_secret(&self) -> bool {
        self.no_echo || self.secret
    }

    fn is_list(&self) -> bool {
        self.kind == "CommaDelimitedList" || self.kind.starts_with("List<")
    }

    fn is_lookup(&self) -> bool {
        self.kind.starts_with(LOOKED_UP)
    }

    fn has_choice(&self) -> bool {
        let closed = (2..=MOST_ALLOWED).contains(&self.allowed.len());
        self.given.is_none() && !self.is_secret() && !self.is_list() && !self.is_lookup() && closed
    }

    /// Values as people may read them: of a secret only which one it is.
    fn shown_values(&self, values: &[Arc<str>]) -> Vec<Arc<str>> {
        if !self.is_secret() {
            return values.to_vec();
        }
        let numbered = values.iter().enumerate();
        let shown = numbered.map(|(index, value)| match value.is_empty() {
            true => value.clone(),
            false => format!("value {}", index + 1).into(),
        });
        shown.collect()
    }

    fn default_text(&self) -> Option<&'a str> {
        self.default.and_then(Node::text)
    }

    fn hole(&self, span: Span) -> Text {
        Text::hole(Hole {
            cause: Cause::Parameter(self.name.clone()),
            label: self.name.clone(),
            span,
        })
    }

    fn nothing_known(&self) -> Fact {
        if self.is_list() || self.kind == "Number" {
            return Fact::unknown(Reason::Parameter(self.name.clone()), Some(self.span));
        }
        Fact::text(self.hole(self.span), self.span)
    }

    fn by_default(&self, node: Node<'_>) -> Fact {
        let shown = node.text().unwrap_or("");
        let note = format!("`{}` is `{shown}` by its default", self.name);
        Fact::Known(Known {
            value: typed(self.kind, plain::scalar(node), node.span()),
            basis: Basis::ParameterDefault,
            places: vec![Place::here(node.span())],
            note: Some(note.into()),
        })
    }

    fn as_given(&self, given: &Fact) -> Fact {
        given.map(|fact| match fact {
            Fact::Known(known) => {
                let span = fact.head(self.span);
                let value = typed(self.kind, fact.clone(), span);
                Fact::Known(Known {
                    value,
                    ..known.clone()
                })
            }
            Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => fact.clone(),
        })
    }
}

/// A value as a parameter of this type takes it.
fn typed(kind: &str, fact: Fact, span: Span) -> Value {
    let Fact::Known(known) = fact else {
        return Value::Text(Text::default());
    };
    if kind == "CommaDelimitedList" || kind.starts_with("List<") {
        return match plain::written(&known.value) {
            Some(text) => Value::Set(split_commas(&text, span)),
            None => known.value,
        };
    }
    match known.value {
        Value::Text(text) if kind == "Number" => {
            let number = text.known().and_then(|text| text.trim().parse().ok());
            number.map_or(Value::Text(text), Value::Number)
        }
        // A text parameter keeps digits and truths as the text they are written as.
        Value::Bool(value) => Value::Text(if value { "true" } else { "false" }.into()),
        Value::Number(number) if kind != "Number" => Value::Text(Text::literal(number.to_string())),
        value => value,
    }
}

fn split_commas(text: &Text, span: Span) -> Set {
    let items = split(text, ",").into_iter().map(trimmed);
    let items = items.filter(|text| !text.is_empty()).map(|text| Item {
        guard: Guard::always(),
        fact: Fact::text(text, span),
    });
    Set {
        items: items.collect(),
        rest: None,
    }
}

fn trimmed(text: Text) -> Text {
    text.known()
        .map(|known| Text::literal(known.trim()))
        .unwrap_or(text)
}

/// The parts of a text between separators; holes are taken to hold none.
pub(crate) fn split(text: &Text, separator: &str) -> Vec<Text> {
    let mut parts = vec![Text::default()];
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) => {
                if let Some(last) = parts.last_mut() {
                    last.push_hole(hole.clone());
                }
            }
            Piece::Literal(literal) => {
                for (index, part) in literal.split(separator).enumerate() {
                    if index > 0 {
                        parts.push(Text::default());
                    }
                    if let Some(last) = parts.last_mut() {
                        last.push_literal(part);
                    }
                }
            }
        }
    }
    parts
}

impl<'a> Scope<'_, 'a> {
    /// Takes in the declared parameters with what is given for them.
    pub(crate) fn declare(
        &mut self,
        section: Node<'a>,
        used_as_secrets: &BTreeSet<&str>,
        given: &mut dyn FnMut(&str, Span) -> Option<Fact>,
    ) {
        for entry in section.entries() {
            let name: Arc<str> = entry.name().into();
            let given = given(&name, entry.key.site());
            let mut declared = Declared::read(
                name.clone(),
                entry.key.site(),
                entry.value,
                given,
                self.reader.is_secret,
            );
            declared.secret |= used_as_secrets.contains(&*name) && !declared.is_lookup();
            if declared.is_secret() {
                let written = declared.default.into_iter().chain(declared.allowed.clone());
                self.secrets.extend(written.map(Node::span));
                // What the user gives stands nowhere; its place is the name.
                let given = declared.given.as_ref().and_then(Fact::span);
                self.secrets
                    .extend(given.filter(|span| *span != declared.span));
            }
            self.parameters.insert(name, declared);
        }
    }

    /// A parameter's value; `None` for a name that is none.
    pub(crate) fn parameter(&mut self, name: &str) -> Option<Fact> {
        let declared = self.parameters.get(name)?;
        if let Some(value) = &declared.value {
            return Some(value.clone());
        }
        let declared = declared.clone();
        let value = self.parameter_value(&declared);
        if let Some(slot) = self.parameters.get_mut(name) {
            slot.value = Some(value.clone());
        }
        Some(value)
    }

    /// A parameter's value where it is used. A default that the conditions in force
    /// there rule out is not what it has: `HasKey: !Not [!Equals [!Ref Key, '']]`.
    pub(crate) fn parameter_here(&mut self, name: &str) -> Option<Fact> {
        let value = self.parameter(name)?;
        Some(self.unless_ruled_out(name, value))
    }

    fn unless_ruled_out(&self, name: &str, value: Fact) -> Fact {
        let by_default =
            matches!(&value, Fact::Known(known) if known.basis == Basis::ParameterDefault);
        let declared = self.parameters.get(name).filter(|_| by_default);
        let Some((declared, variable)) =
            declared.and_then(|declared| Some((declared, declared.compared.variable?)))
        else {
            return value;
        };
        let texts = cases(&declared.compared.literals);
        let default = declared.default_text();
        let found = texts.iter().position(|text| text.as_deref() == default);
        let default = found.unwrap_or(declared.compared.literals.len());
        let possible: Vec<usize> = (0..texts.len())
            .filter(|index| !self.worlds.excludes(&self.within, variable, *index as u16))
            .collect();
        if possible.contains(&default) {
            return value;
        }
        let only = match possible.as_slice() {
            [only] => texts.get(*only).cloned().flatten(),
            _ => None,
        };
        match only {
            Some(only) => {
                let text = Fact::text(Text::literal(only), declared.span);
                Fact::written(typed(declared.kind, text, declared.span), declared.span)
            }
            None => declared.nothing_known(),
        }
    }

    fn parameter_value(&mut self, declared: &Declared<'a>) -> Fact {
        // What is secret enters no fact: it would be told with it.
        if declared.is_secret() {
            return declared.nothing_known();
        }
        if declared.is_lookup() {
            let key = declared.given.as_ref().and_then(Fact::as_text);
            let key = key.or(declared.default_text()).unwrap_or("");
            return lookup(declared, key);
        }
        if let Some(given) = &declared.given {
            return declared.as_given(given);
        }
        if declared.has_choice()
            && let Domain::Variable(variable, _) = self.domain(&declared.name)
        {
            let allowed = declared.allowed.iter().enumerate();
            return Fact::one_of(allowed.map(|(index, node)| {
                let value = typed(declared.kind, plain::scalar(*node), node.span());
                let fact = Fact::written(value, node.span());
                (Guard::when(variable, index as u16), fact)
            }));
        }
        match (declared.default, declared.allowed.as_slice()) {
            (_, [only]) if !declared.is_list() => Fact::written(
                typed(declared.kind, plain::scalar(*only), only.span()),
                only.span(),
            ),
            (Some(default), _) => declared.by_default(default),
            (None, _) => declared.nothing_known(),
        }
    }

    /// A parameter's value as part of a longer text: of allowed ones the default,
    /// so that a composed name stays one name.
    pub(crate) fn parameter_in_text(&mut self, name: &str) -> Option<Fact> {
        let declared = self.parameters.get(name)?;
        if !declared.has_choice() {
            let value = self.parameter(name)?;
            // A name that is composed elsewhere too must stay the same name; one that
            // lacks a piece is none.
            return Some(match value.as_text() {
                Some("") => self.unless_ruled_out(name, value),
                Some(_) | None => value,
            });
        }
        Some(match declared.default {
            Some(default) => declared.by_default(default),
            None => Fact::text(declared.hole(declared.span), declared.span),
        })
    }

    /// How the values of a parameter, or of a pseudo parameter, are told apart.
    pub(crate) fn domain(&mut self, name: &str) -> Domain {
        let Some(declared) = self.parameters.get(name).cloned() else {
            return self.pseudo_domain(name);
        };
        if declared.has_choice() {
            let texts: Vec<Arc<str>> = declared.allowed.iter().map(|node| shown(*node)).collect();
            let default = declared.default_text();
            let assumed = texts.iter().position(|text| Some(&**text) == default);
            let variable = declared.compared.variable.unwrap_or_else(|| {
                self.worlds.add(Variable {
                    name: declared.name.clone(),
                    kind: VariableKind::Parameter,
                    values: declared.shown_values(&texts),
                    assumed: assumed.map(|index| index as u16),
                })
            });
            self.remember(name, variable);
            return Domain::Variable(variable, texts.into_iter().map(Some).collect());
        }
        let fixed = declared.given.is_some() || declared.is_list() || declared.is_lookup();
        if fixed || declared.allowed.len() == 1 || declared.compared.literals.is_empty() {
            return Domain::Value;
        }
        let default = declared.default_text();
        let told = declared.shown_values(&declared.compared.literals);
        let variable = self.compared_variable(&declared.name, &declared.compared, told, default);
        self.remember(name, variable);
        Domain::Variable(variable, cases(&declared.compared.literals))
    }

    fn pseudo_domain(&mut self, name: &str) -> Domain {
        let Some(compared) = self.pseudo.get(name).cloned() else {
            return Domain::Value;
        };
        let told = compared.literals.clone();
        let variable = self.compared_variable(&name.into(), &compared, told, None);
        if let Some(slot) = self.pseudo.get_mut(name) {
            slot.variable = Some(variable);
        }
        Domain::Variable(variable, cases(&compared.literals))
    }

    fn compared_variable(
        &mut self,
        name: &Arc<str>,
        compared: &Compared,
        told: Vec<Arc<str>>,
        default: Option<&str>,
    ) -> VariableId {
        if let Some(variable) = compared.variable {
            return variable;
        }
        let literals = &compared.literals;
        let assumed = default.map(|default| {
            let found = literals.iter().position(|literal| &**literal == default);
            found.unwrap_or(literals.len()) as u16
        });
        let other = std::iter::once(Arc::from("any other"));
        let shown = |text: Arc<str>| match text.is_empty() {
            true => "empty".into(),
            false => text,
        };
        self.worlds.add(Variable {
            name: name.clone(),
            kind: VariableKind::Parameter,
            values: told.into_iter().map(shown).chain(other).collect(),
            assumed,
        })
    }

    fn remember(&mut self, name: &str, variable: VariableId) {
        if let Some(slot) = self.parameters.get_mut(name) {
            slot.compared.variable = Some(variable);
        }
    }

    /// The parameters as the stack shows them.
    pub(crate) fn shown_parameters(&mut self) -> Vec<Parameter> {
        let declared: BTreeMap<_, _> = self.parameters.clone();
        let mut shown: Vec<Parameter> = declared
            .into_values()
            .map(|declared| Parameter {
                value: self.shown_value(&declared),
                default: declared.default.map(plain::fact),
                name: declared.name,
                span: declared.span,
                no_echo: declared.no_echo,
            })
            .collect();
        shown.sort_by_key(|parameter| parameter.span);
        shown
    }

    /// A choice nobody uses by value needs no variable: it is shown by its default.
    fn shown_value(&mut self, declared: &Declared<'a>) -> Fact {
        let unused = declared.value.is_none() && declared.has_choice();
        let shown = if unused {
            self.parameter_in_text(&declared.name)
        } else {
            self.parameter(&declared.name)
        };
        shown.unwrap_or_else(|| Fact::absent(Some(declared.span)))
    }
}

fn cases(literals: &[Arc<str>]) -> Vec<Option<Arc<str>>> {
    literals.iter().cloned().map(Some).chain([None]).collect()
}

fn shown(node: Node<'_>) -> Arc<str> {
    match node.kind() {
        Kind::Bool => if node.boolean() == Some(true) {
            "true"
        } else {
            "false"
        }
        .into(),
        _ => node.text().unwrap_or("").into(),
    }
}

fn lookup(declared: &Declared<'_>, key: &str) -> Fact {
    if declared.kind.contains("List<") || declared.kind.contains("CommaDelimitedList") {
        let what = format!("ssm:{key}").into();
        return Fact::unknown(Reason::Lookup(what), Some(declared.span));
    }
    let hole = Hole {
        cause: Cause::Lookup {
            service: "ssm".into(),
            key: key.into(),
        },
        label: declared.name.clone(),
        span: declared.span,
    };
    let mut trail = Trail::new(declared.span);
    if let Some(default) = declared.default {
        trail.related(default.span());
    }
    trail.known(Value::Text(Text::hole(hole)))
}
