//! Policies the provider manages, read from their table one at a time.
//!
//! The table (`library/data/aws-managed-policies.txt`) is looked up as it stands
//! ([`crate::sections`]): a policy is read when something names it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::sections::{Section, Sections};

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManagedPolicies {
    sections: Sections,
}

/// A policy the provider manages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// Its name.
    pub name: Arc<str>,
    /// The path before its name: empty or such as `service-role/`.
    pub path: Arc<str>,
    /// The version this is, such as `v3`.
    pub version: Arc<str>,
    /// The day on which the provider last changed it.
    pub updated: Arc<str>,
    /// Whether it gives everything in a service, by its name or by what it says.
    pub full_access: bool,
    /// What it allows; none of those in the table denies anything.
    pub statements: Vec<ManagedStatement>,
}

/// One Allow of a managed policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManagedStatement {
    /// Actions; or, where `but_actions`, all actions except these.
    pub actions: Vec<Arc<str>>,
    /// Whether `actions` are left out instead.
    pub but_actions: bool,
    /// Resources; or, where `but_resources`, all resources except these.
    pub resources: Vec<Arc<str>>,
    /// Whether `resources` are left out instead.
    pub but_resources: bool,
    /// Conditions, all of which must hold.
    pub conditions: Vec<ManagedCondition>,
}

/// A condition of a managed policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManagedCondition {
    /// Such as `StringEquals`.
    pub operator: Arc<str>,
    /// Such as `aws:SourceAccount`.
    pub key: Arc<str>,
    /// The values compared with.
    pub values: Vec<Arc<str>>,
}

impl ManagedPolicies {
    /// The table that is this text.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            sections: Sections::new(text.into()),
        }
    }

    /// Whether it holds no policy.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// The policy of this name.
    pub fn get(&self, name: &str) -> Option<ManagedPolicy> {
        self.sections.find(name).map(policy)
    }

    /// The names and paths of all policies.
    pub fn paths(&self) -> impl Iterator<Item = (&str, &str)> {
        let sections = self.sections.iter();
        sections.map(|section| (section.name, path(section.title)))
    }
}

fn path(title: &str) -> &str {
    match title.split(' ').next() {
        Some("-") | None => "",
        Some(path) => path,
    }
}

fn policy(section: Section<'_>) -> ManagedPolicy {
    let mut title = section.title.split(' ').skip(1);
    let mut word = || Arc::from(title.next().unwrap_or_default());
    let statements = statements(section.lines);
    let says_so = ["FullAccess", "Administrator", "_Full"];
    let says_so = says_so.iter().any(|word| section.name.contains(word));
    ManagedPolicy {
        name: section.name.into(),
        path: path(section.title).into(),
        version: word(),
        updated: word(),
        full_access: says_so || statements.iter().any(ManagedStatement::is_full),
        statements,
    }
}

/// What the words of a line are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Actions,
    Resources,
    Condition,
}

fn statements(lines: &str) -> Vec<ManagedStatement> {
    let mut statements: Vec<ManagedStatement> = Vec::new();
    let mut kind = None;
    let mut service = "";
    for line in lines.lines() {
        let mut words = line.split_ascii_whitespace();
        if line == " allow" {
            statements.push(ManagedStatement::default());
            continue;
        }
        let Some(statement) = statements.last_mut() else {
            continue;
        };
        // A line that begins deeper carries the one above on.
        if !line.starts_with("    ") {
            service = "";
            kind = match words.next() {
                Some("do") => Some(Words::Actions),
                Some("do-all-but") => {
                    statement.but_actions = true;
                    Some(Words::Actions)
                }
                Some("on") => Some(Words::Resources),
                Some("on-all-but") => {
                    statement.but_resources = true;
                    Some(Words::Resources)
                }
                Some("if") => {
                    let mut word = || Arc::from(words.next().unwrap_or_default());
                    statement.conditions.push(ManagedCondition {
                        operator: word(),
                        key: word(),
                        values: Vec::new(),
                    });
                    Some(Words::Condition)
                }
                _ => None,
            };
        }
        for word in words {
            match kind {
                Some(Words::Actions) => match word.strip_suffix(':') {
                    Some(prefix) => service = prefix,
                    None if service.is_empty() => statement.actions.push(word.into()),
                    None => statement.actions.push(format!("{service}:{word}").into()),
                },
                Some(Words::Resources) => statement.resources.push(word.into()),
                Some(Words::Condition) => {
                    if let Some(condition) = statement.conditions.last_mut() {
                        condition.values.push(word.into());
                    }
                }
                None => {}
            }
        }
    }
    statements
}

impl ManagedStatement {
    /// Whether it gives all actions of a service, or of all, on everything.
    fn is_full(&self) -> bool {
        // `*`, or `arn:aws:logs:*:*:*`.
        let is_any = |one: &Arc<str>| one.splitn(6, ':').last() == Some("*");
        let everywhere = self.but_resources || self.resources.iter().any(is_any);
        let all = self.but_actions
            || self
                .actions
                .iter()
                .any(|action| &**action == "*" || action.ends_with(":*"));
        everywhere && all && self.conditions.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
# checked: 2026-11-23
AWSLambdaBasicExecutionRole service-role/ v1 2015-04-10
 allow
  do logs: CreateLogGroup CreateLogStream
    PutLogEvents
  on *
AdministratorAccess - v1 2015-02-06
 allow
  do *
  on *
PowerUser - v7 2025-01-01
 allow
  do-all-but iam: * organizations: *
  on *
 allow
  do iam: CreateServiceLinkedRole
  on-all-but arn:aws:iam::*:role/a
  if StringEquals iam:AWSServiceName a.amazonaws.com b.amazonaws.com
";

    #[test]
    fn a_policy_is_read_by_its_name() {
        let table = ManagedPolicies::new(TABLE);
        let policy = table.get("AWSLambdaBasicExecutionRole").unwrap();
        assert_eq!((&*policy.path, &*policy.version), ("service-role/", "v1"));
        assert_eq!(
            (&*policy.updated, policy.full_access),
            ("2015-04-10", false)
        );
        let [statement] = policy.statements.as_slice() else {
            panic!("one statement");
        };
        let actions = [
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ];
        assert_eq!(statement.actions, actions.map(Arc::from));
        assert_eq!(statement.resources, [Arc::from("*")]);
        assert!(table.get("AdministratorAccess").unwrap().full_access);
        assert_eq!(table.get("Nobody"), None);
        let paths: Vec<_> = table.paths().map(|(_, path)| path).collect();
        assert_eq!(paths, ["service-role/", "", ""]);
    }

    #[test]
    fn what_is_left_out_and_conditions_are_read() {
        let policy = ManagedPolicies::new(TABLE).get("PowerUser").unwrap();
        let [all, some] = policy.statements.as_slice() else {
            panic!("two statements");
        };
        assert!(all.but_actions && policy.full_access);
        assert_eq!(all.actions, ["iam:*", "organizations:*"].map(Arc::from));
        assert!(some.but_resources && !some.but_actions);
        let [condition] = some.conditions.as_slice() else {
            panic!("one condition");
        };
        assert_eq!(&*condition.key, "iam:AWSServiceName");
        assert_eq!(
            condition.values,
            ["a.amazonaws.com", "b.amazonaws.com"].map(Arc::from)
        );
    }
}
