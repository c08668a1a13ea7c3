//! What conditions limit, in the closed list of narrowings.
//!
//! Only a condition that certainly limits counts: `…IfExists`, negations and values
//! that match anything do not say what they seem to, and become `other` or nothing.

use underbelly_expression::{Basis, Cause, Piece, Text, Unknown};
use underbelly_source::Place;

use super::policy::{Condition, Statement, Term};
use super::reach::{Reach, covered};

/// What limits a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Narrowed {
    /// The narrowings, each with what it rests on and where it stands.
    pub(crate) by: Vec<(&'static str, Basis, Option<Place>)>,
    /// Why there may be more.
    pub(crate) rest: Option<Unknown>,
    /// Whether there is a condition that shuts out strangers although its
    /// narrowing alone does not say so, such as one on the caller's role.
    pub(crate) keeps_strangers_out: bool,
}

impl Narrowed {
    /// Whether it is limited so.
    pub(crate) fn has(&self, narrowing: &str) -> bool {
        self.by.iter().any(|(word, ..)| *word == narrowing)
    }

    /// Adds those of another: both limit.
    pub(crate) fn join(&mut self, other: Narrowed) {
        for (narrowing, basis, place) in other.by {
            self.add(narrowing, basis, place);
        }
        self.rest = self.rest.take().or(other.rest);
        self.keeps_strangers_out |= other.keeps_strangers_out;
    }

    /// Adds a narrowing, once.
    pub(crate) fn add(&mut self, narrowing: &'static str, basis: Basis, place: Option<Place>) {
        if !self.has(narrowing) {
            self.by.push((narrowing, basis, place));
        }
    }
}

/// Keys that limit, and to what. A key that ends in `*` stands for all that begin so.
const KEYS: &[(&str, &str)] = &[
    ("aws:sourcearn", "source_arn"),
    ("aws:sourceaccount", "source_account"),
    ("aws:sourceowner", "source_account"),
    ("aws:principalaccount", "source_account"),
    ("kms:calleraccount", "source_account"),
    ("aws:sourceorgid", "organisation"),
    ("aws:sourceorgpaths", "organisation"),
    ("aws:principalorgid", "organisation"),
    ("aws:principalorgpaths", "organisation"),
    ("sts:externalid", "external_id"),
    ("aws:sourcevpc", "network"),
    ("aws:sourcevpce", "network"),
    ("aws:sourcevpcarn", "network"),
    ("aws:vpceaccount", "network"),
    ("aws:vpceorgid", "network"),
    ("aws:ec2instancesourcevpc", "network"),
    ("aws:sourceip", "ip"),
    ("aws:vpcsourceip", "ip"),
    ("aws:securetransport", "tls"),
    ("aws:multifactorauthpresent", "mfa"),
    ("aws:multifactorauthage", "mfa"),
    ("dynamodb:leadingkeys", "leading_keys"),
    ("iam:passedtoservice", "passed_to_service"),
    ("lambda:sourcefunctionarn", "source_function"),
    ("lambda:eventsourcetoken", "source_token"),
    ("lambda:functionurlauthtype", "function_url"),
    ("lambda:invokedviafunctionurl", "function_url"),
    ("aws:resourcetag/*", "tag"),
    ("aws:principaltag/*", "tag"),
    ("aws:requesttag/*", "tag"),
];

/// Headers that any caller writes as they like: no limit at all.
const FREE: &[&str] = &["aws:referer", "aws:useragent"];

/// Keys without a narrowing of their own that still shut out strangers.
const INSIDERS: &[&str] = &[
    "aws:principalarn",
    "aws:userid",
    "aws:username",
    "kms:viaservice",
];

/// What the conditions of a statement limit.
pub(crate) fn narrowed(
    statement: &Statement,
    arns_carry_account: &dyn Fn(&Text) -> bool,
) -> Narrowed {
    let mut narrowed = Narrowed {
        rest: statement.more_conditions.clone(),
        ..Narrowed::default()
    };
    for condition in &statement.conditions {
        apply(condition, arns_carry_account, &mut narrowed);
    }
    narrowed
}

fn apply(condition: &Condition, arns_carry_account: &dyn Fn(&Text) -> bool, into: &mut Narrowed) {
    let key = condition.key.to_ascii_lowercase();
    if FREE.contains(&&*key) {
        return;
    }
    let basis = condition.values.items.iter().map(|term| term.basis).max();
    let basis = basis.unwrap_or(Basis::Written);
    let operator = condition.operator.to_ascii_lowercase();
    if !limits(&operator) {
        into.add("other", basis, condition.place);
        return;
    }
    if let Some(rest) = &condition.values.rest {
        into.rest.get_or_insert_with(|| rest.clone());
        return;
    }
    let values = condition.values.items.as_slice();
    if values.iter().any(|term| is_anything(&term.text)) {
        return;
    }
    match (narrowing(&key), values) {
        (Some("tls" | "mfa"), [term]) if term.text.known() == Some("false") => {
            into.add("other", basis, condition.place);
        }
        (Some("source_arn"), values) => {
            source_arn(values, arns_carry_account, basis, condition.place, into);
        }
        (Some("ip"), values) if values.iter().any(|term| is_whole_internet(&term.text)) => {}
        (Some(word), _) => into.add(word, basis, condition.place),
        (None, _) => {
            into.keeps_strangers_out |= INSIDERS.contains(&&*key);
            into.add("other", basis, condition.place);
        }
    }
}

/// A source's ARN limits to that source, and to its account where it carries one;
/// the ARN of a bucket does not, so its name may pass to a stranger.
fn source_arn(
    values: &[Term],
    arns_carry_account: &dyn Fn(&Text) -> bool,
    basis: Basis,
    place: Option<Place>,
    into: &mut Narrowed,
) {
    let account = !values.is_empty() && values.iter().all(|term| arns_carry_account(&term.text));
    let names = |term: &Term| match covered(&term.text) {
        Ok(covered) => covered.reach <= Reach::Prefix,
        // An address nobody can read here is still an address.
        Err(_) => true,
    };
    if !values.is_empty() && values.iter().all(names) {
        into.add("source_arn", basis, place);
    }
    if account {
        into.add("source_account", basis, place);
    }
}

/// Whether an ARN says in which account its resource lies. What a reference leads
/// to is for `kind` to tell: the type of the resource with this index.
pub(crate) fn carries_account<'k>(arn: &Text, kind: impl Fn(u32) -> Option<&'k str>) -> bool {
    if let Some(Piece::Hole(hole)) = arn.pieces().first() {
        return match &hole.cause {
            Cause::Resource { resource, .. } => {
                kind(*resource).is_some_and(|kind| kind != "AWS::S3::Bucket")
            }
            _ => false,
        };
    }
    let mut field = 0;
    for piece in arn.pieces() {
        match piece {
            Piece::Literal(literal) => {
                for letter in literal.chars() {
                    match letter {
                        ':' => field += 1,
                        letter if field == 4 => return letter.is_ascii_digit(),
                        _ => {}
                    }
                }
            }
            Piece::Hole(hole) if field == 4 => {
                return matches!(&hole.cause, Cause::Pseudo(name) if &**name == "AWS::AccountId");
            }
            Piece::Hole(_) => {}
        }
    }
    false
}

/// What a Deny without a second condition leaves: everything but what lacks this.
/// `Deny … unless TLS` limits every Allow to TLS.
pub(crate) fn unless(deny: &Statement) -> Option<&'static str> {
    let [condition] = deny.conditions.as_slice() else {
        return None;
    };
    if deny.more_conditions.is_some() || condition.values.rest.is_some() {
        return None;
    }
    let key = condition.key.to_ascii_lowercase();
    let word = narrowing(&key)?;
    let operator = condition.operator.to_ascii_lowercase();
    let is_false = || {
        let values = condition.values.items.iter();
        values.clone().count() == 1
            && values
                .clone()
                .all(|term| term.text.known() == Some("false"))
    };
    let flag = matches!(operator.as_str(), "bool" | "boolifexists") && is_false();
    let negated = operator.contains("not") && !operator.starts_with("for");
    let is_open = condition
        .values
        .items
        .iter()
        .any(|term| is_anything(&term.text));
    match word {
        "tls" | "mfa" => flag.then_some(word),
        _ => (negated && !is_open).then_some(word),
    }
}

/// What the condition of a Deny leaves of what it denies: those who do not meet it.
/// Nothing where it has no condition.
pub(crate) fn leaves(deny: &Statement) -> Narrowed {
    let mut left = Narrowed {
        rest: deny.more_conditions.clone(),
        ..Narrowed::default()
    };
    if deny.conditions.is_empty() {
        return left;
    }
    match unless(deny) {
        Some(word) => left.add(word, Basis::Written, deny.place),
        None => left.add("other", Basis::Written, deny.place),
    }
    // Whoever fails one of several is left, so each has to shut strangers out.
    left.keeps_strangers_out = deny.conditions.iter().all(|condition| {
        let operator = condition.operator.to_ascii_lowercase();
        let values = &condition.values;
        operator.contains("not")
            && !operator.starts_with("for")
            && values.rest.is_none()
            && !values.items.iter().any(|term| is_anything(&term.text))
            && INSIDERS.contains(&&*condition.key.to_ascii_lowercase())
    });
    left
}

/// The narrowing a key stands for.
fn narrowing(key: &str) -> Option<&'static str> {
    let exact = KEYS
        .iter()
        .find(|(known, _)| match known.strip_suffix('*') {
            Some(beginning) => key.starts_with(beginning),
            None => *known == key,
        });
    if let Some((_, word)) = exact {
        return Some(word);
    }
    // `token.actions.githubusercontent.com:sub`, `oidc.example.com:sub`.
    if key.ends_with(":sub") {
        return Some("sub");
    }
    (key.contains("resourcetag") || key.contains("requesttag")).then_some("tag")
}

/// Whether an operator lets through only what it names.
fn limits(operator: &str) -> bool {
    !operator.contains("not")
        && !operator.contains("ifexists")
        && operator != "null"
        && (!operator.starts_with("forallvalues:") || operator.contains("string"))
}

fn is_anything(text: &Text) -> bool {
    text.known()
        .is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte == b'*'))
}

fn is_whole_internet(text: &Text) -> bool {
    matches!(
        text.known(),
        Some("0.0.0.0/0" | "::/0" | "0.0.0.0/1" | "128.0.0.0/1")
    )
}
