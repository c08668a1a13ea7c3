//! How much the resources of a statement cover: one, all that begin alike, a whole
//! service, everything.
//!
//! Where a text has holes, the part that is known decides. A hole that stands for
//! a resource is one resource; a value that people give, alone or inside a name, is
//! taken for a plain name, which is an assumption and said so; a name that is nothing
//! but a value known only while it runs is unknown.

use std::sync::Arc;

use underbelly_expression::{Cause, Hole, Piece, Reason, Text};

/// How much is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// A named resource, with all that is in it.
    One,
    /// All whose names are alike in part, mostly in how they begin.
    Prefix,
    /// All of a kind in a service.
    Service,
    /// All resources.
    Everything,
}

impl Reach {
    /// All of them.
    pub(crate) const ALL: [Reach; 4] =
        [Reach::One, Reach::Prefix, Reach::Service, Reach::Everything];

    /// The word of the fact.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Reach::One => "one",
            Reach::Prefix => "prefix",
            Reach::Service => "service",
            Reach::Everything => "everything",
        }
    }

    /// Whether it goes beyond what a name tells.
    pub(crate) fn is_wide(self) -> bool {
        self >= Reach::Service
    }
}

/// How much one resource covers, and whether a hole was taken for a plain name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Covered {
    /// How much.
    pub(crate) reach: Reach,
    /// Whether that rests on an assumption.
    pub(crate) assumed: bool,
}

/// How the resources of a service are written after the account: whether a type
/// comes first, and what ends the name. Others have a type and end at a slash.
const SHAPES: &[(&str, bool, Option<char>)] = &[
    ("s3", false, Some('/')),
    ("sqs", false, None),
    ("sns", false, Some(':')),
    ("execute-api", false, Some('/')),
    ("lambda", true, Some(':')),
    ("states", true, Some(':')),
    ("logs", true, Some(':')),
    ("firehose", true, None),
    ("secretsmanager", true, None),
    ("ssm", true, None),
    ("kms", true, None),
    ("iam", true, None),
];

/// How much a resource, as it stands in a policy, covers.
pub(crate) fn covered(resource: &Text) -> Result<Covered, Reason> {
    let signs = signs(resource);
    match signs.as_slice() {
        [] => Err(unclear(resource)),
        [Sign::Hole(hole), after @ ..] => from_hole(hole, after),
        [Sign::Letter('*' | '?'), ..] => Ok(sure(Reach::Everything)),
        _ => from_arn(resource, &signs),
    }
}

/// A text that begins with a hole: the hole is the whole address of something.
fn from_hole(hole: &Hole, after: &[Sign]) -> Result<Covered, Reason> {
    let assumed = match &hole.cause {
        Cause::Resource { .. } => false,
        Cause::Pseudo(name) if &**name == "AWS::StackId" => false,
        // An address that somebody gives is taken for that of one resource.
        Cause::Import(_) | Cause::Parameter(_) | Cause::Lookup { .. } => true,
        cause => return Err(reason(cause, &hole.label)),
    };
    let reach = match after.first() {
        None | Some(Sign::Letter('/' | ':')) => Reach::One,
        Some(_) if after.iter().any(Sign::is_wild) => Reach::Prefix,
        Some(_) => Reach::One,
    };
    Ok(Covered { reach, assumed })
}

fn from_arn(resource: &Text, signs: &[Sign]) -> Result<Covered, Reason> {
    let fields = split(signs, ':', 6);
    let [arn, _, service, _, _, name] = fields.as_slice() else {
        // `arn:aws:s3*` and the like end in a wildcard before they say what they mean.
        return match signs.iter().any(Sign::is_wild) {
            true => Ok(sure(Reach::Everything)),
            false => Err(unclear(resource)),
        };
    };
    if !is_word(arn, "arn") {
        return Err(unclear(resource));
    }
    if service.iter().any(Sign::is_wild) {
        return Ok(sure(Reach::Everything));
    }
    let known = SHAPES.iter().find(|(name, ..)| is_word(service, name));
    let (typed, end) = known.map_or((true, Some('/')), |(_, typed, end)| (*typed, *end));
    let name = match typed {
        false => name,
        true => match name.iter().position(|sign| sign.is_one_of(&['/', ':'])) {
            Some(at) if !name.iter().take(at).any(Sign::is_wild) => {
                name.get(at.saturating_add(1)..).unwrap_or_default()
            }
            Some(_) => return Ok(sure(Reach::Service)),
            None => name,
        },
    };
    named(name, end, is_word(service, "secretsmanager"))
}

fn named(name: &[Sign], end: Option<char>, is_secret: bool) -> Result<Covered, Reason> {
    let wild = name.iter().position(Sign::is_wild);
    let ends = end.and_then(|end| name.iter().position(|sign| sign.is_one_of(&[end])));
    let own = match ends {
        Some(at) => name.get(..at).unwrap_or_default(),
        None => name,
    };
    let inside = wild.is_some_and(|at| at < own.len());
    // `*-dev` leaves out all that is not called so, `*` nothing.
    let is_any = own.iter().all(Sign::is_wild);
    let reach = match (wild, inside) {
        (Some(_), true) if is_any => return Ok(sure(Reach::Service)),
        (Some(_), true) if is_secret && ends_in_random(own) => Reach::One,
        (Some(_), true) => Reach::Prefix,
        _ => Reach::One,
    };
    match own {
        // Nothing is called so; a name that is to be given later is taken for one.
        [] => Ok(Covered {
            reach: Reach::One,
            assumed: true,
        }),
        [Sign::Hole(hole), rest @ ..] if rest.iter().all(Sign::is_wild) => match &hole.cause {
            Cause::Resource { .. } | Cause::Pseudo(_) => Ok(sure(reach)),
            Cause::Import(_) | Cause::Parameter(_) | Cause::Lookup { .. } => Ok(Covered {
                reach,
                assumed: true,
            }),
            cause => Err(reason(cause, &hole.label)),
        },
        _ => Ok(Covered {
            reach,
            assumed: own.iter().any(Sign::may_be_wild),
        }),
    }
}

/// The provider adds a hyphen and six characters to a secret's name.
fn ends_in_random(name: &[Sign]) -> bool {
    let text: String = name
        .iter()
        .map(|sign| match sign {
            Sign::Letter(letter) => *letter,
            Sign::Hole(_) => 'x',
        })
        .collect();
    text.strip_suffix("-??????")
        .is_some_and(|name| !name.contains(['*', '?']))
}

/// A letter or a hole.
#[derive(Clone, Debug)]
enum Sign {
    Letter(char),
    Hole(Arc<Hole>),
}

impl Sign {
    fn is_wild(&self) -> bool {
        matches!(self, Sign::Letter('*' | '?'))
    }

    fn is_one_of(&self, letters: &[char]) -> bool {
        matches!(self, Sign::Letter(letter) if letters.contains(letter))
    }

    /// A value that people give, in which there might be a wildcard.
    fn may_be_wild(&self) -> bool {
        match self {
            Sign::Letter(_) => false,
            Sign::Hole(hole) => !matches!(hole.cause, Cause::Resource { .. } | Cause::Pseudo(_)),
        }
    }
}

fn signs(text: &Text) -> Vec<Sign> {
    let mut signs = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => signs.extend(literal.chars().map(Sign::Letter)),
            Piece::Hole(hole) => signs.push(Sign::Hole(hole.clone())),
        }
    }
    signs
}

fn split(signs: &[Sign], at: char, most: usize) -> Vec<&[Sign]> {
    signs.splitn(most, |sign| sign.is_one_of(&[at])).collect()
}

fn is_word(signs: &[Sign], word: &str) -> bool {
    signs.len() == word.len()
        && signs
            .iter()
            .zip(word.chars())
            .all(|(sign, letter)| sign.is_one_of(&[letter]))
}

fn sure(reach: Reach) -> Covered {
    Covered {
        reach,
        assumed: false,
    }
}

fn unclear(resource: &Text) -> Reason {
    Reason::Unsupported(format!("`{resource}` does not say which resources it means").into())
}

/// Why what a hole stands for is unknown.
pub(crate) fn reason(cause: &Cause, label: &str) -> Reason {
    match cause {
        Cause::Parameter(name) => Reason::Parameter(name.clone()),
        Cause::Import(name) => Reason::Import(name.clone()),
        Cause::Lookup { key, .. } => Reason::Lookup(key.clone()),
        Cause::Resource { .. } => {
            Reason::Unsupported(format!("what `{label}` is when deployed").into())
        }
        Cause::Pseudo(name) => Reason::Lookup(name.clone()),
        Cause::Runtime => Reason::Unsupported("a value known only while it runs".into()),
        Cause::Unresolved => Reason::Unsupported(format!("`{label}`").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::text;
    use super::*;

    fn check(resource: &str, expected: &str) {
        let found = match covered(&text(resource)) {
            Ok(Covered {
                reach,
                assumed: true,
            }) => format!("{} assumed", reach.word()),
            Ok(covered) => covered.reach.word().to_owned(),
            Err(_) => "unknown".to_owned(),
        };
        assert_eq!(found, expected, "{resource}");
    }

    #[test]
    fn a_named_resource_is_one_whatever_is_in_it() {
        check("arn:aws:s3:::orders", "one");
        check("arn:aws:s3:::orders/*", "one");
        check("arn:aws:dynamodb:*:*:table/orders/index/*", "one");
        check("arn:aws:lambda:eu-west-1:1:function:resize:*", "one");
        check("arn:aws:logs:*:*:log-group:/aws/lambda/resize:*", "one");
        check("arn:aws:secretsmanager:*:*:secret:db-??????", "one");
        check("<@Orders.Arn>", "one");
        check("<@Orders.Arn>/*", "one");
        check(
            "arn:aws:sqs:<AWS::Region>:<AWS::AccountId>:<@Jobs.QueueName>",
            "one",
        );
    }

    #[test]
    fn a_beginning_is_a_prefix() {
        check("arn:aws:s3:::orders-*", "prefix");
        check("arn:aws:dynamodb:*:*:table/<AWS::StackName>-*", "prefix");
        check("arn:aws:dynamodb:*:*:table/<AWS::StackName>*", "prefix");
        check("arn:aws:ssm:*:*:parameter/orders/*", "prefix");
        check("arn:aws:secretsmanager:*:*:secret:db-*", "prefix");
        check("<@Resize.Arn>*", "prefix");
        check("arn:aws:lambda:*:*:function:*-dev", "prefix");
        check("arn:aws:logs:*:*:log-group:/aws/lambda/*", "prefix");
        check(
            "arn:aws:lambda:<AWS::Region>:1:function:<@Resize>*",
            "prefix",
        );
    }

    #[test]
    fn no_name_at_all_is_the_service() {
        check("arn:aws:s3:::*", "service");
        check("arn:aws:s3:::*/*", "service");
        check("arn:aws:dynamodb:*:*:table/*", "service");
        check("arn:aws:dynamodb:*:*:*", "service");
        check("arn:aws:sqs:*:*:*", "service");
        check("arn:aws:kms:*:*:key/*", "service");
    }

    #[test]
    fn a_star_is_everything() {
        check("*", "everything");
        check("arn:aws:*:*:*:*", "everything");
        check("arn:*", "everything");
    }

    #[test]
    fn a_hole_in_a_name_is_assumed_to_be_a_name() {
        check("arn:aws:s3:::orders-<Stage>", "one assumed");
        check("arn:aws:s3:::orders-<Stage>-*", "prefix assumed");
        check("<&SharedTable>", "one assumed");
        check("<TableArn>/index/*", "one assumed");
    }

    #[test]
    fn a_name_that_is_left_empty_is_assumed_to_be_given_later() {
        check("arn:aws:s3:::", "one assumed");
        check("arn:aws:s3:::/*", "one assumed");
        check("arn:aws:dynamodb:*:*:table/", "one assumed");
    }

    #[test]
    fn a_value_that_people_give_is_assumed_to_be_one_name() {
        check("<TableArn>", "one assumed");
        check("<TableArn>*", "prefix assumed");
        check("arn:aws:dynamodb:*:*:table/<Table>", "one assumed");
        check("arn:aws:dynamodb:*:*:table/<Table>*", "prefix assumed");
    }

    #[test]
    fn what_is_no_address_is_unknown() {
        check("orders", "unknown");
        check("", "unknown");
    }
}
