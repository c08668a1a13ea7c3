//! All actions a provider publishes, looked up in the table as it is written.
//!
//! The table (`library/data/aws-actions.txt`) is neither parsed nor unpacked: a
//! service is looked up ([`crate::sections`]), and what is asked of it is read from
//! its lines then. So it costs nothing until somebody asks, and a wildcard over all
//! of it makes no list of twenty thousand names.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::sections::{Section, Sections};

/// The table: a section for each service, in the order of their prefixes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishedActions {
    sections: Sections,
}

/// How far an action goes, by the provider's own five levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AccessLevel {
    /// It tells which resources there are.
    List,
    /// It reads what is in them.
    Read,
    /// It makes, changes or deletes them.
    Write,
    /// It changes who may do what.
    Permissions,
    /// It changes their tags.
    Tagging,
}

/// One service of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedService<'t> {
    /// Its prefix, such as `sqs`.
    pub prefix: &'t str,
    /// Its name for people, such as `Amazon SQS`.
    pub name: &'t str,
    lines: &'t str,
}

/// One action of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedAction<'t> {
    /// Its name, without the service.
    pub name: &'t str,
    /// How far it goes.
    pub level: AccessLevel,
    /// The types of resources it acts on, parted by commas.
    kinds: &'t str,
}

impl PublishedActions {
    /// The table that is this text.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            sections: Sections::new(text.into()),
        }
    }

    /// Whether nothing is known of any service.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// The day on which it was last compared with its source.
    pub fn checked(&self) -> Option<&str> {
        self.sections.checked()
    }

    /// The service of this prefix, which is in lower case.
    pub fn service(&self, prefix: &str) -> Option<PublishedService<'_>> {
        self.sections.find(prefix).map(PublishedService::of)
    }

    /// All services, in the order of their prefixes.
    pub fn services(&self) -> impl Iterator<Item = PublishedService<'_>> {
        self.sections.iter().map(PublishedService::of)
    }
}

impl<'t> PublishedService<'t> {
    fn of(section: Section<'t>) -> Self {
        Self {
            prefix: section.name,
            name: section.title,
            lines: section.lines,
        }
    }

    /// Its actions, by level.
    pub fn actions(&self) -> impl Iterator<Item = PublishedAction<'t>> + use<'t> {
        let mut group = None;
        self.lines.lines().flat_map(move |line| {
            let mut words = line.split_ascii_whitespace();
            if !line.starts_with("  ") {
                let level = words.next().and_then(AccessLevel::of);
                group = level.and_then(|level| Some((level, words.next()?)));
            }
            let (group, words) = (group, words);
            words.filter_map(move |name| {
                let (level, kinds) = group?;
                Some(PublishedAction { name, level, kinds })
            })
        })
    }

    /// The action of this name, in any case.
    pub fn action(&self, name: &str) -> Option<PublishedAction<'t>> {
        self.actions()
            .find(|action| action.name.eq_ignore_ascii_case(name))
    }

    /// The actions that a name or a pattern with `*` and `?` takes in, in any case.
    pub fn matching<'p>(
        &self,
        pattern: &'p str,
    ) -> impl Iterator<Item = PublishedAction<'t>> + use<'t, 'p> {
        self.actions()
            .filter(move |action| fits(pattern, action.name))
    }

    /// Its types of resources, each with its address: `*` stands for what differs.
    pub fn kinds(&self) -> impl Iterator<Item = (&'t str, PublishedAddress<'t>)> + use<'t> {
        let prefix = self.prefix;
        let mut lines = self.lines.lines();
        let first = lines.next().and_then(|line| line.strip_prefix(" ="));
        let more = lines.take_while(|line| line.starts_with("  "));
        let more = more.filter(move |_| first.is_some());
        let words = first.into_iter().chain(more);
        let words = words.flat_map(str::split_ascii_whitespace);
        words.filter_map(move |word| {
            let (kind, address) = word.split_once('=')?;
            Some((kind, PublishedAddress { prefix, address }))
        })
    }
}

impl<'t> PublishedAction<'t> {
    /// The types of resources it acts on; none where it acts on the service itself.
    pub fn kinds(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let kinds = self.kinds.split(',');
        kinds.filter(|kind| *kind != "-")
    }
}

/// How resources of a type are addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedAddress<'t> {
    prefix: &'t str,
    address: &'t str,
}

impl<'t> PublishedAddress<'t> {
    /// The service it names, such as `sns` for a topic that another service acts on.
    pub fn service(&self) -> &'t str {
        let whole = self.address.strip_prefix('@');
        whole.map_or(self.prefix, |whole| {
            whole.split_once(':').map_or(whole, |(service, _)| service)
        })
    }
}

impl std::fmt::Display for PublishedAddress<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.address.strip_prefix('@') {
            Some(whole) => write!(out, "arn:*:{whole}"),
            None => write!(out, "arn:*:{}:*:*:{}", self.prefix, self.address),
        }
    }
}

impl AccessLevel {
    /// All of them.
    pub const ALL: [AccessLevel; 5] = [
        AccessLevel::List,
        AccessLevel::Read,
        AccessLevel::Write,
        AccessLevel::Permissions,
        AccessLevel::Tagging,
    ];

    /// By its letter in the table.
    fn of(letter: &str) -> Option<Self> {
        Some(match letter {
            "L" => AccessLevel::List,
            "R" => AccessLevel::Read,
            "W" => AccessLevel::Write,
            "P" => AccessLevel::Permissions,
            "T" => AccessLevel::Tagging,
            _ => return None,
        })
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            AccessLevel::List => "list",
            AccessLevel::Read => "read",
            AccessLevel::Write => "write",
            AccessLevel::Permissions => "permissions",
            AccessLevel::Tagging => "tagging",
        }
    }
}

/// Whether a pattern takes in a name, in any case: `*` stands for any letters, `?`
/// for any one.
pub fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut against) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = name.get(against) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, against));
                at += 1;
            }
            Some(sign) if *sign == b'?' || sign.eq_ignore_ascii_case(letter) => {
                at += 1;
                against += 1;
            }
            _ => match star {
                Some((from, taken)) => {
                    star = Some((from, taken + 1));
                    at = from + 1;
                    against = taken + 1;
                }
                None => return false,
            },
        }
    }
    let left = pattern.get(at..).unwrap_or_default();
    left.iter().all(|sign| *sign == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
# source: a test
# checked: 2026-11-23
a2c App
 W - Start
s3 Amazon S3
 = bucket=@s3:::* object=@s3:::*/*
  job=job/*
 L bucket ListBucket
 R object GetObject GetObjectAcl
  GetObjectTagging
sqs Amazon SQS
 = queue=*
 W queue SendMessage
xray X-Ray
 R - GetTrace
";

    fn table() -> PublishedActions {
        PublishedActions::new(TABLE)
    }

    #[test]
    fn services_are_found_by_prefix() {
        let table = table();
        let prefixes: Vec<&str> = table.services().map(|service| service.prefix).collect();
        assert_eq!(prefixes, ["a2c", "s3", "sqs", "xray"]);
        let found = table.service("sqs").map(|service| service.name);
        assert_eq!(found, Some("Amazon SQS"));
        assert_eq!(table.service("s3x"), None);
        assert_eq!(table.checked(), Some("2026-11-23"));
    }

    #[test]
    fn an_action_has_a_level_and_the_types_it_acts_on() {
        let table = table();
        let service = table.service("s3").unwrap();
        assert_eq!(service.name, "Amazon S3");
        let shown = |name: &str| {
            let action = service.action(name)?;
            let kinds: Vec<&str> = action.kinds().collect();
            Some(format!(
                "{} {} {}",
                action.name,
                action.level.word(),
                kinds.join(" ")
            ))
        };
        assert_eq!(
            shown("getobjecttagging").as_deref(),
            Some("GetObjectTagging read object")
        );
        assert_eq!(
            shown("ListBucket").as_deref(),
            Some("ListBucket list bucket")
        );
        assert_eq!(shown("HeadObject"), None);
        assert_eq!(service.actions().count(), 4);
        let start = table.service("a2c").unwrap().action("Start").unwrap();
        assert_eq!(
            (start.level, start.kinds().count()),
            (AccessLevel::Write, 0)
        );
    }

    #[test]
    fn a_pattern_takes_in_names_in_any_case() {
        for (pattern, name, expected) in [
            ("GetObject", "getobject", true),
            ("Get*", "GetObject", true),
            ("Get*", "PutObject", false),
            ("*Object", "GetObject", true),
            ("*Object*", "GetObjectAcl", true),
            ("Get?bject", "GetObject", true),
            ("Get?", "Get", false),
            ("*", "", true),
            ("", "", true),
            ("", "Get", false),
            ("a*b*c", "aXbYbZc", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn types_have_addresses() {
        let table = table();
        let shown = |prefix: &str| {
            let service = table.service(prefix).unwrap();
            let kinds = service
                .kinds()
                .map(|(kind, address)| format!("{kind} {address}"));
            kinds.collect::<Vec<_>>()
        };
        assert_eq!(
            shown("s3"),
            [
                "bucket arn:*:s3:::*",
                "object arn:*:s3:::*/*",
                "job arn:*:s3:*:*:job/*"
            ]
        );
        assert_eq!(shown("sqs"), ["queue arn:*:sqs:*:*:*"]);
        assert!(shown("xray").is_empty());
    }
}
