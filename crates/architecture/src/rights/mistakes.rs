//! What is wrong with policies as they are written: actions and services there are
//! not, addresses that match nothing, statements the provider would refuse.
//!
//! None of it changes what is read; it is told, once for each place.

use std::collections::BTreeSet;

use underbelly_expression::{Fact, Reason, Value, closest};
use underbelly_iac::Origin;
use underbelly_library::{ActionTable, PublishedService};
use underbelly_source::{Diagnostic, Span};

use super::policy::{self, Term};
use super::sources::{self, Via};
use super::users::all_at;
use super::{homes, permission};
use crate::draft::Draft;

/// Policies of identities and networks: the type, and where its documents stand.
/// Those of resources are in [`homes`].
const POLICIES: &[(&str, &str)] = &[
    ("AWS::IAM::Role", "Policies.PolicyDocument"),
    ("AWS::IAM::User", "Policies.PolicyDocument"),
    ("AWS::IAM::Group", "Policies.PolicyDocument"),
    ("AWS::IAM::Policy", "PolicyDocument"),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
    ("AWS::IAM::RolePolicy", "PolicyDocument"),
    ("AWS::IAM::UserPolicy", "PolicyDocument"),
    ("AWS::IAM::GroupPolicy", "PolicyDocument"),
];

/// Looking for what was meant is work: so often at most.
const MOST_GUESSES: usize = 200;

/// The versions of the policy language.
const VERSIONS: &[&str] = &["2012-10-17", "2008-10-17"];

/// Tells what is wrong.
pub(super) fn tell(draft: &mut Draft<'_>) {
    let mut told = Told {
        table: &draft.library.data.actions,
        seen: BTreeSet::new(),
        guesses: 0,
        found: Vec::new(),
    };
    for (kind, path) in POLICIES {
        for (_, resource) in draft.of_type(kind) {
            let is_implied = matches!(resource.origin, Origin::Implied { .. });
            for (_, document) in all_at(&resource.properties, path) {
                // Nobody wrote what the transform makes of a policy template.
                if sources::via(is_implied, &document) != Via::Template {
                    told.document(&document, Whose::Identity);
                }
            }
        }
    }
    for (kind, path) in homes::documents() {
        let whose = match kind == "AWS::IAM::Role" {
            true => Whose::Trust,
            false => Whose::Resource,
        };
        for (_, resource) in draft.of_type(kind) {
            told.document(&resource.properties.path(path), whose);
        }
    }
    for (kind, _) in permission::KINDS {
        for (_, resource) in draft.of_type(kind) {
            for (_, action) in all_at(&resource.properties, "Action") {
                told.actions(&action, "it allows nothing");
            }
        }
    }
    let found = told.found;
    draft.diagnostics.extend(found);
}

/// Whom a policy is attached to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Identity,
    Resource,
    Trust,
}

struct Told<'l> {
    table: &'l ActionTable,
    /// What was told where.
    seen: BTreeSet<(Span, &'static str)>,
    guesses: usize,
    found: Vec<Diagnostic>,
}

impl Told<'_> {
    fn tell(&mut self, at: Span, diagnostic: Diagnostic) {
        if self.seen.insert((at, diagnostic.code)) {
            self.found.push(diagnostic.at(at));
        }
    }

    fn document(&mut self, document: &Fact, whose: Whose) {
        for (_, case) in document.cases() {
            let (statements, rest) = policy::statements(case);
            let unread = rest.as_ref().and_then(|rest| match &rest.reason {
                // What is unknown as a whole was told by who read it.
                Reason::Unsupported(what) if !matches!(case, Fact::Unknown(_)) => {
                    Some(what.clone())
                }
                _ => None,
            });
            if let (Some(what), Some(at)) = (unread, case.span()) {
                let message = format!("{what} is not read");
                let help = "write a mapping with `Version` and `Statement`";
                let note = "what it allows is unknown here";
                let diagnostic = Diagnostic::warning("policy-not-read", message);
                self.tell(at, diagnostic.note(note).help(help));
            }
            let written =
                matches!(case, Fact::Known(known) if matches!(known.value, Value::Map(_)));
            if let (true, true, None, Some(at)) =
                (written, statements.is_empty(), &rest, case.span())
            {
                let message = "a policy without statements allows nothing";
                self.tell(at, Diagnostic::warning("empty-policy", message));
            }
            let version = case.field("Version");
            self.version(&version);
            // Without a version it is the old one.
            let is_old = version.as_text() == Some("2008-10-17") || version.is_absent();
            for statement in &statements {
                for (_, statement) in statement.fact.cases() {
                    self.statement(statement, whose, is_old);
                }
            }
        }
    }

    fn version(&mut self, version: &Fact) {
        let (Some(text), Some(at)) = (version.as_text(), version.span()) else {
            return;
        };
        if !VERSIONS.contains(&text) {
            let message = format!("there is no version `{text}` of the policy language");
            let help = "write `2012-10-17`";
            let diagnostic = Diagnostic::warning("unknown-policy-version", message);
            self.tell(
                at,
                diagnostic
                    .note("the provider refuses the policy")
                    .help(help),
            );
        }
    }

    fn statement(&mut self, statement: &Fact, whose: Whose, is_old: bool) {
        let Some(at) = statement.span() else { return };
        let is_there = |name: &str| !statement.field(name).is_absent();
        let mut missing = Vec::new();
        if !is_there("Effect") {
            missing.push("`Effect`");
        }
        if !is_there("Action") && !is_there("NotAction") {
            missing.push("`Action`");
        }
        let has_resource = is_there("Resource") || is_there("NotResource");
        if whose == Whose::Identity && !has_resource {
            missing.push("`Resource`");
        }
        let has_principal = is_there("Principal") || is_there("NotPrincipal");
        if whose != Whose::Identity && !has_principal {
            missing.push("`Principal`");
        }
        let whole = statement.as_map().is_some_and(|map| map.rest.is_none());
        if whole && !missing.is_empty() {
            let message = format!("a statement lacks {}", missing.join(" and "));
            let diagnostic = Diagnostic::warning("incomplete-statement", message);
            self.tell(at, diagnostic.note("the provider refuses the policy"));
        }
        let effect = statement.field("Effect");
        if let (Some(word), Some(at)) = (effect.as_text(), effect.span())
            && !matches!(word, "Allow" | "Deny")
        {
            let message = format!("`Effect` is `{word}`, neither `Allow` nor `Deny`");
            let diagnostic = Diagnostic::warning("unknown-effect", message);
            self.tell(
                at,
                diagnostic.note("what the statement does is unknown here"),
            );
        }
        let denies = effect.as_text() == Some("Deny");
        for (name, effect) in [
            ("Action", ["it allows nothing", "it denies nothing"]),
            (
                "NotAction",
                ["it leaves nothing out", "it leaves nothing out"],
            ),
        ] {
            self.actions(&statement.field(name), effect[usize::from(denies)]);
        }
        for name in ["Resource", "NotResource"] {
            self.addresses(&statement.field(name), is_old);
        }
    }

    fn actions(&mut self, actions: &Fact, effect: &'static str) {
        if self.table.published.is_empty() {
            return;
        }
        for (_, case) in actions.cases() {
            for term in policy::terms(case).items {
                if let (Some(action), Some(place)) = (term.text.known(), term.place) {
                    self.action(action, place.span, effect);
                }
            }
        }
    }

    fn action(&mut self, action: &str, at: Span, effect: &'static str) {
        let table = self.table;
        let is_wild = |text: &str| text.contains(['*', '?']);
        let Some((prefix, verb)) = action.split_once(':') else {
            if !action.bytes().all(|byte| byte == b'*') {
                let message = format!("`{action}` is not the name of an action");
                let diagnostic = Diagnostic::warning("unknown-action", message).note(effect);
                self.tell(at, diagnostic.help("write it as `service:Action`"));
            }
            return;
        };
        if is_wild(prefix) {
            return;
        }
        let lower = prefix.to_ascii_lowercase();
        let Some(service) = table.published.service(&lower) else {
            let mut diagnostic = Diagnostic::warning(
                "unknown-service",
                format!("no service has the prefix `{prefix}`"),
            )
            .note(self.as_listed("what it allows is unknown here"));
            if let Some(meant) = self.meant(&lower) {
                diagnostic = diagnostic.help(format!("did you mean `{meant}:{verb}`?"));
            }
            self.tell(at, diagnostic);
            return;
        };
        let listed = table.services.get(service.prefix);
        let former = listed.into_iter().flat_map(|listed| &listed.former);
        let is_former = former
            .into_iter()
            .any(|name| name.eq_ignore_ascii_case(verb));
        if is_former || service.matching(verb).next().is_some() {
            return;
        }
        let what = match is_wild(verb) {
            true => format!("`{action}` takes in no action of {}", service.name),
            false => format!("there is no action `{action}`"),
        };
        let mut diagnostic =
            Diagnostic::warning("unknown-action", what).note(self.as_listed(effect));
        if let Some(help) = self.help(service, verb) {
            diagnostic = diagnostic.help(help);
        }
        self.tell(at, diagnostic);
    }

    /// What to write instead.
    fn help(&mut self, service: PublishedService<'_>, verb: &str) -> Option<String> {
        let listed = self.table.services.get(service.prefix);
        let calls = listed.into_iter().flat_map(|listed| &listed.instead);
        let mut calls = calls.filter(|(call, _)| call.eq_ignore_ascii_case(verb));
        if let Some((_, action)) = calls.next() {
            let action = format!("{}:{action}", service.prefix);
            return Some(format!("it is a call that `{action}` allows: write that"));
        }
        self.guesses += 1;
        if self.guesses > MOST_GUESSES {
            return None;
        }
        let meant = closest(verb, service.actions().map(|action| action.name))?;
        Some(format!("did you mean `{}:{meant}`?", service.prefix))
    }

    fn meant(&mut self, prefix: &str) -> Option<String> {
        let misnamed = self.table.misnamed.get(prefix);
        if let Some(meant) = misnamed {
            return Some(meant.to_string());
        }
        self.guesses += 1;
        if self.guesses > MOST_GUESSES {
            return None;
        }
        let services = self.table.published.services();
        closest(prefix, services.map(|service| service.prefix)).map(str::to_owned)
    }

    /// With the day of the list, since the provider adds actions.
    fn as_listed(&self, effect: &str) -> String {
        match self.table.published.checked() {
            Some(day) => format!("{effect}, by the provider's list as of {day}"),
            None => effect.to_owned(),
        }
    }

    fn addresses(&mut self, addresses: &Fact, is_old: bool) {
        for (_, case) in addresses.cases() {
            for term in policy::terms(case).items {
                self.address(&term, is_old);
            }
        }
    }

    fn address(&mut self, term: &Term, is_old: bool) {
        let (Some(text), Some(place)) = (term.text.known(), term.place) else {
            return;
        };
        if is_old && text.contains("${aws:") {
            let message = "a policy of version `2008-10-17` does not fill in `${aws:…}`";
            let diagnostic = Diagnostic::warning("variable-not-filled-in", message);
            let note = "it matches only what is called so";
            let help = "write `Version: '2012-10-17'`";
            self.tell(place.span, diagnostic.note(note).help(help));
        }
        let fields = text.split(':').count();
        let is_wild = text.contains(['*', '?', '$']);
        let is_address = text.starts_with("arn:") && (fields >= 6 || is_wild);
        // APIs may leave out all that is theirs.
        if is_address || is_wild_start(text) || text.starts_with("execute-api:") {
            return;
        }
        let message = format!("`{text}` is not the address of a resource");
        let diagnostic = Diagnostic::warning("malformed-address", message);
        let help = "write an ARN: `arn:aws:service:region:account:resource`";
        self.tell(place.span, diagnostic.note("it matches nothing").help(help));
    }
}

fn is_wild_start(text: &str) -> bool {
    text.starts_with(['*', '?', '$'])
}
