//! The functions of CloudFormation, by name.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

mod choose;
mod find_in_map;
mod include;
mod join;
mod network;
mod reference;
mod substitute;

use underbelly_expression::{Fact, Reason, Value};
use underbelly_source::Diagnostic;
use underbelly_syntax::Node;

use super::evaluate::Call;
use super::scope::Scope;
use super::trail::Trail;

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Ref,
    GetAtt,
    Sub,
    Join,
    Select,
    Split,
    FindInMap,
    If,
    And,
    Or,
    Not,
    Equals,
    Condition,
    ImportValue,
    Base64,
    Cidr,
    GetAZs,
    ToJsonString,
    Length,
    Transform,
    Unknown,
}

const NAMES: [(&str, Function); 20] = [
    ("Ref", Function::Ref),
    ("GetAtt", Function::GetAtt),
    ("Sub", Function::Sub),
    ("Join", Function::Join),
    ("Select", Function::Select),
    ("Split", Function::Split),
    ("FindInMap", Function::FindInMap),
    ("If", Function::If),
    ("And", Function::And),
    ("Or", Function::Or),
    ("Not", Function::Not),
    ("Equals", Function::Equals),
    ("Condition", Function::Condition),
    ("ImportValue", Function::ImportValue),
    ("Base64", Function::Base64),
    ("Cidr", Function::Cidr),
    ("GetAZs", Function::GetAZs),
    ("ToJsonString", Function::ToJsonString),
    ("Length", Function::Length),
    ("Transform", Function::Transform),
];

impl Function {
    /// The function of a tag, without its `!`.
    pub(crate) fn short(name: &str) -> Self {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map_or(Function::Unknown, |(_, function)| *function)
    }

    /// The function that the only key of a mapping names; `None` for a key that
    /// names none.
    pub(crate) fn long(key: &str) -> Option<Self> {
        match key {
            "Ref" => Some(Function::Ref),
            "Condition" => Some(Function::Condition),
            _ if key.starts_with("Fn::ForEach::") => None,
            _ => key.strip_prefix("Fn::").map(Function::short),
        }
    }

    /// Its name in messages.
    pub(crate) fn name(self) -> &'static str {
        let found = NAMES.iter().find(|(_, function)| *function == self);
        found.map_or("?", |(name, _)| name)
    }
}

/// The value of a call.
pub(crate) fn apply<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    match call.function {
        Function::Ref => reference::reference(scope, call),
        Function::GetAtt => reference::attribute(scope, call),
        Function::ImportValue => reference::import(scope, call),
        Function::Sub => substitute::substitute(scope, call),
        Function::Join => join::join(scope, call),
        Function::Split => join::split(scope, call),
        Function::Select => join::select(scope, call),
        Function::FindInMap => find_in_map::find_in_map(scope, call),
        Function::If => choose::choose(scope, call),
        // Only a condition has a value of these; elsewhere it is the name of a
        // block that happens to stand alone, as in a policy statement.
        Function::Condition if !call.tagged => condition_block(scope, call),
        Function::And | Function::Or | Function::Not | Function::Equals | Function::Condition => {
            choose::truth_value(scope, call)
        }
        Function::Cidr => network::cidr(scope, call),
        Function::GetAZs => network::zones(call),
        Function::Transform => include::transform(scope, call),
        // The tree before encoding says more than the text after it, and what is
        // read of it downstream is read from either.
        Function::Base64 | Function::ToJsonString => scope.argument(call),
        Function::Length => length(scope, call),
        Function::Unknown => unknown(scope, call),
    }
}

fn condition_block<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let mut map = crate::plain::MapBuilder::default();
    let value = scope.evaluate(call.argument);
    map.insert("Condition".into(), call.span, value);
    map.finish(call.span)
}

fn length<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let list = scope.argument(call);
    list.map(|list| {
        let whole = list.as_set().filter(|set| set.rest.is_none());
        let n_items = whole.map(|set| set.items.len() as i64);
        match n_items {
            Some(n_items) => {
                let mut trail = Trail::new(call.span);
                trail.add(list);
                trail.known(Value::Number(n_items))
            }
            None => Fact::unknown(Reason::Unsupported("`Length`".into()), Some(call.span)),
        }
    })
}

fn unknown<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let name = call.name;
    scope.report(
        Diagnostic::warning(
            "unknown-function",
            format!("`{name}` is not a function we know"),
        )
        .at(call.span)
        .note("its value is unknown"),
    );
    Fact::unknown(Reason::Unsupported(name.into()), Some(call.span))
}

/// A scalar argument's text with loops filled in; nothing counts as empty.
fn argument_text<'a>(scope: &Scope<'_, 'a>, node: Node<'a>) -> Option<String> {
    node.text().map(|text| scope.fill(text).into_owned())
}
