//! What a name or path is, and what the members of a set are.

use std::sync::Arc;

use super::suggest::closest;
use super::{Checked, Checker, Found};
use crate::syntax::{Form, Node, Quantifier};
use crate::types::COMPONENT;
use crate::{Extent, FactType, Members, Problem, ScopeType, Type};

/// Names before a dot that are part of a fact's name.
const NAMESPACES: [&str; 2] = ["code", "practice"];

impl Checker<'_> {
    /// A value that is used, so that it must be there.
    pub(super) fn used(&mut self, node: &Node) -> Checked {
        let checked = self.value(node);
        if checked.may_be_absent {
            let text = self.excerpt(node);
            self.report(
                Problem::new(node.range, format!("`{text}` may be absent"))
                    .help(format!("guard with `has({text}) && …`")),
            );
        }
        checked
    }

    pub(super) fn value(&mut self, node: &Node) -> Checked {
        let found = match &node.form {
            Form::Text(text) => Found::Text(text.clone()),
            Form::Number(number) => Found::Number(*number),
            Form::Bool(_) => Found::Bool,
            Form::List(items) => return self.list(node, items),
            Form::Name(name) => return self.name(node, name),
            Form::Member(of, name) => return self.member(node, of, name),
            Form::Size(of) => {
                let set = self.used(of);
                self.element(&set);
                return rebuilt(node, Form::Size(Box::new(set.node)), Found::Size);
            }
            Form::Quantified(Quantifier::Filter, of, variable, condition) => {
                let set = self.used(of);
                let (condition, _) = self.predicate(node, &set, variable, condition);
                let (of, condition) = (Box::new(set.node), Box::new(condition));
                let form = Form::Quantified(Quantifier::Filter, of, variable.clone(), condition);
                return rebuilt(node, form, set.found);
            }
            Form::Has(_)
            | Form::Not(_)
            | Form::And(_)
            | Form::Or(_)
            | Form::Compare(..)
            | Form::In(..)
            | Form::Quantified(..)
            | Form::TextTest(..) => {
                let condition = self.condition(node);
                return rebuilt(node, condition.node.form, Found::Fact(Type::Bool));
            }
        };
        rebuilt(node, node.form.clone(), found)
    }

    fn list(&mut self, node: &Node, items: &[Node]) -> Checked {
        let checked: Vec<Checked> = items.iter().map(|item| self.used(item)).collect();
        let found = checked
            .iter()
            .map(|item| (item.found.clone(), item.node.range))
            .collect();
        let nodes = checked.into_iter().map(|item| item.node).collect();
        rebuilt(node, Form::List(nodes), Found::List(found))
    }

    fn name(&mut self, node: &Node, name: &Arc<str>) -> Checked {
        if let Some(at) = self.locals.iter().rposition(|local| local.name == *name) {
            let local = &mut self.locals[at];
            local.used = true;
            self.outermost = self.outermost.min(at);
            let mut checked = rebuilt(node, node.form.clone(), local.found.clone());
            checked.path = Some(format!("{name}@{at}"));
            return checked;
        }
        match self.scope {
            ScopeType::Component(owner) => {
                let owner = owner.clone();
                self.fact_of(node, &owner, name, node.form.clone(), name.to_string())
            }
            ScopeType::Part { owner, .. } if &**name == COMPONENT => {
                let mut checked = rebuilt(
                    node,
                    node.form.clone(),
                    Found::Fact(Type::Reference(owner.clone())),
                );
                checked.path = Some(COMPONENT.to_owned());
                checked
            }
            ScopeType::Part { part, .. } => {
                let part = part.clone();
                self.fact_of_part(node, &part, name, node.form.clone(), name.to_string())
            }
            ScopeType::Properties(names) => {
                let known = names.as_ref().is_none_or(|names| names.contains(name));
                if !known {
                    let names = names.iter().flatten().map(|name| &**name);
                    let help = closest(name, names).map(did_you_mean);
                    self.report(
                        Problem::new(node.range, format!("there is no property `{name}`"))
                            .maybe(help),
                    );
                    return broken(node);
                }
                self.use_fact("property", name);
                rebuilt(node, node.form.clone(), Found::Fact(Type::Any))
            }
        }
    }

    fn member(&mut self, node: &Node, of: &Node, name: &Arc<str>) -> Checked {
        if let Some(checked) = self.namespaced(node, of, name) {
            return checked;
        }
        let of = self.used(of);
        self.member_of(node, of, name)
    }

    /// `code.x`, `practice.x` and `t.code.x`, where the dot is part of the name.
    fn namespaced(&mut self, node: &Node, of: &Node, name: &Arc<str>) -> Option<Checked> {
        if matches!(self.scope, ScopeType::Properties(_)) {
            return None;
        }
        match &of.form {
            Form::Name(space) if NAMESPACES.contains(&&**space) && !self.is_local(space) => {
                let full: Arc<str> = format!("{space}.{name}").into();
                let bare = Node {
                    range: node.range,
                    form: Form::Name(full.clone()),
                };
                // What only people know of the team is not said of a part.
                if let ScopeType::Part { owner, .. } = self.scope
                    && &**space == "practice"
                {
                    let range = of.range;
                    let component = Box::new(Node {
                        range,
                        form: Form::Name(COMPONENT.into()),
                    });
                    let form = Form::Member(component, full.clone());
                    let path = format!("{COMPONENT}.{full}");
                    let owner = owner.clone();
                    return Some(self.fact_of(node, &owner, &full, form, path));
                }
                Some(self.name(&bare, &full))
            }
            Form::Member(inner, space) if NAMESPACES.contains(&&**space) => {
                let inner = self.used(inner);
                let full: Arc<str> = format!("{space}.{name}").into();
                Some(self.member_of(node, inner, &full))
            }
            _ => None,
        }
    }

    fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|local| &*local.name == name)
    }

    pub(super) fn member_of(&mut self, node: &Node, of: Checked, name: &Arc<str>) -> Checked {
        let form = Form::Member(Box::new(of.node.clone()), name.clone());
        let path = of.path.as_deref().unwrap_or("?").to_owned() + "." + name;
        match &of.found {
            Found::Broken => broken(node),
            Found::Fact(Type::Any) => rebuilt(node, form, Found::Fact(Type::Any)),
            Found::Fact(Type::Part(part)) if &**name == COMPONENT => {
                self.use_fact(part, name);
                let any = Found::Fact(Type::Reference(COMPONENT.into()));
                let mut checked = rebuilt(node, form, any);
                checked.path = Some(path);
                checked
            }
            Found::Fact(Type::Part(part)) => {
                let part = part.clone();
                self.fact_of_part(node, &part, name, form, path)
            }
            Found::Fact(Type::Reference(to)) => {
                let to = to.clone();
                self.fact_of_reference(node, &of, &to, name, form, path)
            }
            found => {
                let words = found.words();
                let text = self.excerpt(&of.node);
                let help = match found {
                    Found::Fact(Type::Set(_) | Type::Parts(_)) | Found::List(_) => {
                        Some(format!("ask for its members with `{text}.exists(x, …)`"))
                    }
                    _ => None,
                };
                let message = format!("`{text}` is {words} and has no facts of its own");
                self.report(Problem::new(node.name_range(), message).maybe(help));
                broken(node)
            }
        }
    }

    fn fact_of_reference(
        &mut self,
        node: &Node,
        of: &Checked,
        to: &Arc<str>,
        name: &Arc<str>,
        form: Form,
        path: String,
    ) -> Checked {
        let narrowed = of
            .path
            .as_deref()
            .and_then(|path| self.known.kinds_at(path));
        if &**name == "kind" {
            let is_owner = of.path.as_deref() == Some(COMPONENT);
            let kinds = match narrowed {
                Some(kinds) => kinds.iter().cloned().collect(),
                // An entry for several kinds may tell its owners apart.
                None if is_owner => self.schema.kinds_of(COMPONENT).cloned().collect(),
                // What is outside the model can be referred to from anywhere.
                None => {
                    let external = self.schema.is_kind("external").then(|| "external".into());
                    let kinds = self.schema.kinds_of(to).cloned();
                    kinds
                        .filter(|kind| &**kind != "external")
                        .chain(external)
                        .collect()
                }
            };
            self.use_fact(to, name);
            return self.known_fact(node, form, path, kind_type(kinds));
        }
        let Some(kinds) = narrowed.cloned() else {
            if self.schema.fact(to, name).is_none() {
                let holders: Vec<Arc<str>> = self
                    .schema
                    .kinds_of(to)
                    .filter(|kind| self.schema.fact(kind, name).is_some())
                    .cloned()
                    .collect();
                if !holders.is_empty() {
                    self.only_some_kinds(node, of, name, &holders);
                    return broken(node);
                }
            }
            return self.fact_of(node, to, name, form, path);
        };
        let mut joined: Option<FactType> = None;
        for kind in &kinds {
            if !self.schema.is_kind(kind) {
                // It was refused where it was named.
                return broken(node);
            }
            let Some(declared) = self.schema.fact(kind, name).cloned() else {
                return self.fact_of(node, kind, name, form, path);
            };
            self.use_fact(kind, name);
            joined = match joined {
                None => Some(declared),
                Some(known) => join(known, declared),
            };
            if joined.is_none() {
                let message = format!("`{name}` is not the same for all of these kinds");
                self.report(Problem::new(node.name_range(), message));
                return broken(node);
            }
        }
        match joined {
            Some(declared) => self.known_fact(node, form, path, declared),
            None => broken(node),
        }
    }

    fn only_some_kinds(&mut self, node: &Node, of: &Checked, name: &str, holders: &[Arc<str>]) {
        let text = self.excerpt(&of.node);
        let guard = match holders {
            [one] => format!("{text}.kind == \"{one}\""),
            [first, second, ..] => format!("{text}.kind in [\"{first}\", \"{second}\", …]"),
            [] => return,
        };
        let list: Vec<String> = holders.iter().map(|kind| format!("`{kind}`")).collect();
        let message = format!(
            "only {} has `{name}`, and `{text}` may be of another kind",
            list.join(", ")
        );
        self.report(
            Problem::new(node.name_range(), message).help(format!("guard with `{guard} && …`")),
        );
    }

    fn fact_of(
        &mut self,
        node: &Node,
        owner: &Arc<str>,
        name: &str,
        form: Form,
        path: String,
    ) -> Checked {
        if name == "kind" && self.schema.fact(owner, name).is_some() {
            let kinds = self.schema.kinds_of(COMPONENT).cloned().collect();
            self.use_fact(owner, name);
            return self.known_fact(node, form, path, kind_type(kinds));
        }
        let Some(declared) = self.schema.fact(owner, name).cloned() else {
            let facts = self.schema.facts(owner);
            let help = closest(name, facts.keys().copied()).map(did_you_mean);
            self.no_fact(node.name_range(), owner, name, help);
            return broken(node);
        };
        self.use_fact(owner, name);
        self.known_fact(node, form, path, declared)
    }

    fn fact_of_part(
        &mut self,
        node: &Node,
        part: &Arc<str>,
        name: &str,
        form: Form,
        path: String,
    ) -> Checked {
        let Some(declared) = self.schema.part_fact(part, name).cloned() else {
            let facts = self.schema.part(part).map(|part| &part.facts);
            let names = facts.into_iter().flat_map(|facts| facts.keys());
            let mut help = closest(name, names.map(|name| &**name)).map(did_you_mean);
            if let ScopeType::Part { owner, part: here } = self.scope
                && part == here
                && self.schema.fact(owner, name).is_some()
            {
                help = Some(format!("it is a fact of the component: `component.{name}`"));
            }
            self.no_fact(node.name_range(), part, name, help);
            return broken(node);
        };
        self.use_fact(part, name);
        self.known_fact(node, form, path, declared)
    }

    fn no_fact(&mut self, range: Extent, owner: &str, name: &str, help: Option<String>) {
        let message = format!("`{owner}` has no fact `{name}`");
        self.report(Problem::new(range, message).maybe(help));
    }

    fn known_fact(&mut self, node: &Node, form: Form, path: String, declared: FactType) -> Checked {
        Checked {
            node: Node {
                range: node.range,
                form,
            },
            found: Found::Fact(declared.value),
            may_be_absent: declared.optional && !self.known.has(&path),
            total: !declared.optional,
            path: Some(path),
        }
    }

    /// What a member of a set is; reports what is no set.
    pub(super) fn element(&mut self, set: &Checked) -> Found {
        match &set.found {
            Found::Fact(Type::Set(inner)) => Found::Fact((**inner).clone()),
            Found::Fact(Type::Parts(part)) => Found::Fact(Type::Part(part.clone())),
            Found::Fact(Type::Any) => Found::Fact(Type::Any),
            Found::List(items) => list_element(items),
            Found::Broken => Found::Broken,
            other => {
                let words = other.words();
                let text = self.excerpt(&set.node);
                let message = format!("`{text}` is {words}, not a set");
                self.report(Problem::new(set.node.range, message));
                Found::Broken
            }
        }
    }
}

/// Of a list of texts: one of them. Else what the first is.
fn list_element(items: &[(Found, Extent)]) -> Found {
    let texts: Option<Vec<Arc<str>>> = items
        .iter()
        .map(|(item, _)| match item {
            Found::Text(text) => Some(text.clone()),
            _ => None,
        })
        .collect();
    match (texts, items.first()) {
        (Some(values), Some(_)) => Found::Fact(Type::Enum(Members {
            vocabulary: None,
            values: values.into(),
        })),
        (_, Some((first, _))) => first.clone(),
        (_, None) => Found::Broken,
    }
}

fn kind_type(kinds: Vec<Arc<str>>) -> FactType {
    let value = if kinds.is_empty() {
        Type::Text
    } else {
        Type::Enum(Members {
            vocabulary: None,
            values: kinds.into(),
        })
    };
    FactType {
        value,
        optional: false,
    }
}

/// The type of a fact that several kinds have each for themselves.
fn join(one: FactType, other: FactType) -> Option<FactType> {
    let optional = one.optional || other.optional;
    let value = match (one.value, other.value) {
        (Type::Enum(mut one), Type::Enum(other)) => {
            let mut values: Vec<Arc<str>> = one.values.to_vec();
            values.extend(other.values.iter().filter(|v| !one.contains(v)).cloned());
            one.values = values.into();
            Type::Enum(one)
        }
        (one, other) if one == other => one,
        _ => return None,
    };
    Some(FactType { value, optional })
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

fn rebuilt(node: &Node, form: Form, found: Found) -> Checked {
    Checked {
        node: Node {
            range: node.range,
            form,
        },
        found,
        path: None,
        may_be_absent: false,
        total: false,
    }
}

fn broken(node: &Node) -> Checked {
    rebuilt(node, node.form.clone(), Found::Broken)
}
