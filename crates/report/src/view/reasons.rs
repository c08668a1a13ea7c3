//! Why a step of a road is possible: at length for the road step by step, in brief
//! for the road in one line.

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_model::{Architecture, Hold, How, Step};

use super::{Report, grants};
use crate::paint::{clean, listed};

/// Why a step is possible.
#[derive(Debug)]
pub(super) struct Reason {
    /// In a phrase.
    pub why: String,
    /// In a few words, if they say more than where it leads.
    pub brief: Option<Brief>,
}

/// A few words, and where they stand in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Brief {
    /// After what they give: `ShopApi # GET /orders (no authoriser)`.
    After(String),
    /// As a stop of its own before it: `(dynamodb:* on every table) → Customers`.
    Before(String),
}

impl Reason {
    fn of(why: impl Into<String>, brief: Option<Brief>) -> Self {
        let tidy = |text: String| clean(&text).into_owned();
        let brief = brief.map(|brief| match brief {
            Brief::After(said) => Brief::After(tidy(said)),
            Brief::Before(said) => Brief::Before(tidy(said)),
        });
        let why = tidy(why.into());
        Reason { why, brief }
    }

    fn plain(why: impl Into<String>) -> Self {
        Self::of(why, None)
    }
}

/// Why a step is possible.
pub(super) fn reason(report: &Report<'_>, step: &Step) -> Reason {
    let architecture = &report.model.architecture;
    match &step.how {
        How::Open(who) => open(architecture, step, who),
        How::Admitted(admission) => admitted(architecture, *admission),
        How::HandedOn(label) if label.is_empty() => Reason::plain("is handed on"),
        How::HandedOn(label) => Reason::plain(format!("is handed on: {label}")),
        How::Defined => Reason::plain("it is defined to"),
        How::Forwarded => Reason::plain("its code may hand on what it is sent"),
        How::Purpose => {
            let said = match step.to.hold {
                Hold::Reads => "its callers get what it reads",
                Hold::Writes | Hold::Reaches | Hold::Calls | Hold::Controls | Hold::Decrypts => {
                    "it stores what it is sent"
                }
            };
            by_right(report, step, said)
        }
        How::Flaw => Reason::of(
            "by a flaw in its code, if it has one",
            Some(Brief::After("by a flaw in its code".into())),
        ),
        How::Rights | How::Granted(_) => by_right(report, step, "its role may"),
        How::RunsAs => Reason::plain("the role it runs under"),
        How::Guest => Reason::of(
            "everyone gets the guests' credentials",
            Some(Brief::After("as a guest".into())),
        ),
        How::SignedIn => Reason::of(
            "whoever signs in gets its users' credentials",
            Some(Brief::After("as a user".into())),
        ),
        How::Account => Reason::plain("it is in the account"),
        How::Escalation(way) => stronger(report, step, way),
    }
}

/// Who may call, and what would have kept others out.
fn open(architecture: &Architecture, step: &Step, who: &str) -> Reason {
    let after = |said: &str| Some(Brief::After(said.to_owned()));
    let subject = step.to.subject;
    let facts = architecture.facts(subject);
    let auth = facts.and_then(|facts| facts.get("auth"));
    let auth = auth.and_then(|auth| in_force(auth, &step.guard)?.as_text());
    let open = format!("open to {}", callers(who));
    match (who, auth) {
        _ if step.unknown.is_some() => Reason::of(open, after("perhaps")),
        ("anyone", Some("none")) => match authorisers(architecture, subject).as_slice() {
            _ if !subject.is_part() => Reason::of(
                format!("{open}: it asks nobody who they are"),
                after("no sign-in"),
            ),
            [] => Reason::of(format!("{open}: no authoriser"), after("no authoriser")),
            [one] => Reason::of(
                format!("{open}: authoriser {one} is not attached"),
                after("no authoriser attached"),
            ),
            many => Reason::of(
                format!(
                    "{open}: of the authorisers {} none is attached",
                    listed(many)
                ),
                after("no authoriser attached"),
            ),
        },
        ("anyone", Some("iam")) => Reason::of(
            format!("{open} with an identity of the provider"),
            after("any identity"),
        ),
        ("anyone", Some(_)) => Reason::of(format!("{open} by its policy"), after("open to anyone")),
        ("anyone", None) => Reason::of(open, after("public")),
        ("key_holder", _) => Reason::of(
            format!("{open}, which every copy of a client holds"),
            after("API key only"),
        ),
        ("signed_in", _) => Reason::of(open, after("any signed-in user")),
        (_, _) => Reason::plain(open),
    }
}

/// The authorisers that the API of a route declares.
fn authorisers(architecture: &Architecture, route: SubjectId) -> Vec<String> {
    let owner = architecture.owner(route);
    let parts = owner.into_iter().flat_map(|owner| &owner.parts);
    let parts = parts.filter_map(|part| architecture.part(*part));
    let authorisers = parts.filter(|part| &*part.group == "authorizers");
    authorisers.map(|part| part.key.to_string()).collect()
}

/// The case of a fact that may hold along with a guard.
fn in_force<'f>(fact: &'f Fact, guard: &Guard) -> Option<&'f Fact> {
    let mut cases = fact.cases();
    let found = cases.find(|(when, _)| when.and(guard).is_some());
    found.map(|(_, case)| case)
}

fn callers(who: &str) -> String {
    match who {
        "anyone" => "anyone".to_owned(),
        "key_holder" => "holders of an API key".to_owned(),
        "signed_in" => "signed-in users".to_owned(),
        "any_account" => "any account at the provider".to_owned(),
        "partner" => "partners".to_owned(),
        "deputy" => "a service for any account".to_owned(),
        "account" => "the account".to_owned(),
        other => other.replace('_', " "),
    }
}

/// Whom a line of a policy lets in.
fn admitted(architecture: &Architecture, admission: SubjectId) -> Reason {
    let part = architecture.part(admission);
    let key = part.map_or("?", |part| &part.key);
    let fact = |name: &str| part.and_then(|part| part.facts.get(name));
    let principal = fact("principal").and_then(Fact::as_text);
    let name = fact("principal_name").and_then(Fact::as_text);
    let (whom, brief) = match (principal, name) {
        (Some("anyone"), _) => ("anyone".to_owned(), "its policy lets in anyone".to_owned()),
        (Some("service"), Some(service)) => (
            format!("{service}, whoever makes it call"),
            "its policy names no source".to_owned(),
        ),
        (_, Some(name)) => (name.to_owned(), format!("its policy lets in {name}")),
        (_, None) => ("others".to_owned(), "its policy lets in others".to_owned()),
    };
    Reason::of(
        format!("`{key}` of its policy lets in {whom}"),
        Some(Brief::After(brief)),
    )
}

/// By a right of a role, which is told as far as it can be found.
fn by_right(report: &Report<'_>, step: &Step, said: &str) -> Reason {
    match grants::behind(report, step) {
        Some(right) => Reason::of(
            format!("{said}: {} ({})", right.brief, right.by),
            Some(Brief::Before(right.brief)),
        ),
        None => Reason::plain(said),
    }
}

/// A known way of turning rights into stronger ones.
fn stronger(report: &Report<'_>, step: &Step, way: &str) -> Reason {
    if way == "administer" {
        let brief = "every action on everything".to_owned();
        return Reason::of("its role may do everything", Some(Brief::Before(brief)));
    }
    let vocabularies = report.library.vocabularies.iter();
    let mut words = vocabularies
        .filter(|vocabulary| &*vocabulary.id == "escalation")
        .flat_map(|vocabulary| &vocabulary.words);
    let word = words.find(|word| &*word.id == way);
    let may = word.and_then(|word| word.about.strip_prefix("It may "));
    let may = may.map(|may| may.trim_end_matches('.').to_owned());
    let may = may.unwrap_or_else(|| way.replace('_', " "));
    let name = word.map_or_else(|| way.replace('_', " "), |word| word.name.to_string());
    match permissions(&report.model.architecture, step, way) {
        Some(permissions) => Reason::of(
            format!("its role may {may} ({permissions})"),
            Some(Brief::Before(permissions)),
        ),
        None => Reason::of(format!("its role may {may}"), Some(Brief::Before(name))),
    }
}

/// The permissions that open a way, as the fact it rests on notes them.
fn permissions(architecture: &Architecture, step: &Step, way: &str) -> Option<String> {
    let mut notes = step.rests_on.iter().filter_map(|(subject, name)| {
        let fact = architecture.facts(*subject)?.get(name)?;
        let (items, _) = fact.items();
        let mut items = items.into_iter().filter_map(|(_, item)| item.as_known());
        let of_way = |known: &&underbelly_expression::Known| match &known.value {
            underbelly_expression::Value::Text(text) => text.known() == Some(way),
            underbelly_expression::Value::Subject(subject) => *subject == step.to.subject,
            _ => false,
        };
        items.find(of_way)?.note.clone()
    });
    notes.next().map(|note| note.to_string())
}
