//! Addresses and names as patterns: cutting them at delimiters, holes kept
//! whole, and finding the service and the name in them.

use underbelly_expression::{Cause, Hole, Piece, Text};
use underbelly_library::{Address, NamePart};
use underbelly_source::{FileId, Span};

/// The fields of an ARN that say what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arn {
    /// The service, such as `dynamodb`; empty where it is not known.
    pub(crate) service: String,
    /// The account; empty where the service leaves it out.
    pub(crate) account: Text,
    /// What follows: `table/orders`.
    pub(crate) resource: Text,
}

/// Reads an ARN; a text that does not begin like one is none.
pub(crate) fn arn(text: &Text) -> Option<Arn> {
    if !text.prefix().starts_with("arn:") {
        return None;
    }
    let fields = split(text, ':', 6);
    let [_, _, service, _, account, resource] = fields.as_slice() else {
        return None;
    };
    Some(Arn {
        service: service.known().unwrap_or("").to_owned(),
        account: account.clone(),
        resource: resource.clone(),
    })
}

/// The name in the part of an ARN after the account, as this service writes it.
pub(crate) fn name_in(resource: &Text, address: &Address) -> Option<Text> {
    let rest = without_prefix(resource, &address.prefix)?;
    let name = match address.name {
        NamePart::First => until(&rest, &['/', ':']),
        NamePart::Colon => until(&rest, &[':']),
        NamePart::Last => after_last(&rest, '/'),
        NamePart::Rest => without_prefix(&rest, "/").unwrap_or(rest),
        NamePart::Secret => without_random(&until(&rest, &[':'])),
    };
    (!name.is_empty()).then_some(name)
}

/// The function's ARN inside the address by which an API invokes it.
pub(crate) fn invoked(text: &Text) -> Option<Text> {
    let (before, after) = cut(text, "/functions/")?;
    if !before.to_string().contains(":apigateway:") {
        return None;
    }
    Some(match cut(&after, "/invocations") {
        Some((inner, _)) => inner,
        None => after,
    })
}

/// The name of a queue or bucket in the address it answers at, with the kind
/// that has such an address.
pub(crate) fn web_name(text: &Text) -> Option<(&'static str, Text)> {
    let whole = text.to_string();
    let scheme = text
        .prefix()
        .split_once("://")
        .map(|(scheme, _)| scheme.len().saturating_add(3));
    if text.prefix().starts_with("s3://") {
        let rest = without_prefix(text, "s3://")?;
        return Some(("object-store", until(&rest, &['/'])));
    }
    let host_and_path = match scheme {
        Some(length) => drop_start(text, length),
        None => text.clone(),
    };
    let host = until(&host_and_path, &['/', ':']).to_string();
    if !host.contains("amazonaws.com") && !host.contains("AWS::URLSuffix") {
        return None;
    }
    if host.starts_with("sqs.") || host.contains("queue.amazonaws.com") {
        return Some(("queue", after_last(text, '/')));
    }
    if whole.contains(".s3.") || whole.contains(".s3-") {
        let before = [".s3.", ".s3-"]
            .iter()
            .find_map(|mark| cut(&host_and_path, mark));
        return before.map(|(name, _)| ("object-store", name));
    }
    None
}

/// A text from the words in which it is shown: `${…}` is a hole.
pub(crate) fn from_words(words: &str) -> Text {
    let mut text = Text::default();
    let mut rest = words;
    while let Some((before, hole)) = rest.split_once("${") {
        let Some((label, after)) = closed(hole) else {
            break;
        };
        text.push_literal(before);
        text.push_hole(Hole {
            cause: Cause::Unresolved,
            label: label.into(),
            span: Span::new(FileId(0), 0, 0),
        });
        rest = after;
    }
    text.push_literal(rest);
    text
}

/// What stands before the brace that closes a hole, which may hold others, and after.
fn closed(hole: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, letter) in hole.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return Some((hole.get(..at)?, hole.get(at + 1..)?)),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Cuts a text at every `separator`, into at most `most` pieces; holes stay whole.
pub(crate) fn split(text: &Text, separator: char, most: usize) -> Vec<Text> {
    let mut fields = vec![Text::default()];
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) => {
                if let Some(last) = fields.last_mut() {
                    last.push_hole(hole.clone());
                }
            }
            Piece::Literal(literal) => {
                let left = most.saturating_sub(fields.len()).saturating_add(1);
                for (index, part) in literal.splitn(left, separator).enumerate() {
                    if index > 0 {
                        fields.push(Text::default());
                    }
                    if let Some(last) = fields.last_mut() {
                        last.push_literal(part);
                    }
                }
            }
        }
    }
    fields
}

/// The text before the first of these characters.
pub(crate) fn until(text: &Text, delimiters: &[char]) -> Text {
    let mut before = Text::default();
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) => before.push_hole(hole.clone()),
            Piece::Literal(literal) => match literal.split_once(delimiters) {
                Some((part, _)) => {
                    before.push_literal(part);
                    return before;
                }
                None => before.push_literal(literal),
            },
        }
    }
    before
}

/// The first so many fields of an ARN.
pub(crate) fn until_fields(text: &Text, fields: usize) -> Text {
    let mut whole = Text::default();
    let parts = split(text, ':', usize::MAX);
    for (index, field) in parts.iter().take(fields).enumerate() {
        if index > 0 {
            whole.push_literal(":");
        }
        whole.push(field);
    }
    whole
}

/// The text after the last such character; all of it where there is none.
pub(crate) fn after_last(text: &Text, delimiter: char) -> Text {
    split(text, delimiter, usize::MAX).pop().unwrap_or_default()
}

/// The rest of a text that begins with this.
pub(crate) fn without_prefix(text: &Text, prefix: &str) -> Option<Text> {
    text.prefix()
        .starts_with(prefix)
        .then(|| drop_start(text, prefix.len()))
}

/// The text without a `*` at its end, and whether there was one.
pub(crate) fn without_star(text: &Text) -> (Text, bool) {
    if !text.suffix().ends_with('*') {
        return (text.clone(), false);
    }
    let mut rest = Text::default();
    let last = text.pieces().len().saturating_sub(1);
    for (index, piece) in text.pieces().iter().enumerate() {
        match piece {
            Piece::Hole(hole) => rest.push_hole(hole.clone()),
            Piece::Literal(literal) if index == last => {
                rest.push_literal(literal.trim_end_matches('*'));
            }
            Piece::Literal(literal) => rest.push_literal(literal),
        }
    }
    (rest, true)
}

/// What is equal for equal names, piece by piece; `None` where a piece may be
/// anything. `stack` tells apart what differs from stack to stack.
pub(crate) fn name_key(text: &Text, stack: &str) -> Option<String> {
    let mut key = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => key.push_str(literal),
            Piece::Hole(hole) => {
                let hole = match &hole.cause {
                    Cause::Resource {
                        resource,
                        attribute,
                    } => format!("resource {resource} {attribute}"),
                    Cause::Parameter(name) => format!("parameter {name}"),
                    Cause::Pseudo(name) if name.contains("Stack") => format!("{name} {stack}"),
                    Cause::Pseudo(name) => name.to_string(),
                    Cause::Import(name) => format!("import {name}"),
                    Cause::Lookup { service, key } => format!("lookup {service} {key}"),
                    Cause::Runtime | Cause::Unresolved => return None,
                };
                key.push('\u{1}');
                key.push_str(&hole);
                key.push('\u{2}');
            }
        }
    }
    (!key.is_empty()).then_some(key)
}

/// The provider adds a hyphen and six characters to a secret's name.
fn without_random(name: &Text) -> Text {
    let suffix = name.suffix();
    let kept = suffix
        .strip_suffix("-??????")
        .or_else(|| suffix.strip_suffix("-*"));
    let Some(kept) = kept else {
        return name.clone();
    };
    let mut rest = Text::default();
    let last = name.pieces().len().saturating_sub(1);
    for (index, piece) in name.pieces().iter().enumerate() {
        match piece {
            Piece::Hole(hole) => rest.push_hole(hole.clone()),
            Piece::Literal(_) if index == last => rest.push_literal(kept),
            Piece::Literal(literal) => rest.push_literal(literal),
        }
    }
    rest
}

/// Before and after the first occurrence of a literal.
pub(crate) fn cut(text: &Text, mark: &str) -> Option<(Text, Text)> {
    let mut before = Text::default();
    let mut after = Text::default();
    let mut found = false;
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) if found => after.push_hole(hole.clone()),
            Piece::Hole(hole) => before.push_hole(hole.clone()),
            Piece::Literal(literal) if found => after.push_literal(literal),
            Piece::Literal(literal) => match literal.split_once(mark) {
                Some((start, end)) => {
                    before.push_literal(start);
                    after.push_literal(end);
                    found = true;
                }
                None => before.push_literal(literal),
            },
        }
    }
    found.then_some((before, after))
}

/// The text without its first bytes, which are literal.
fn drop_start(text: &Text, length: usize) -> Text {
    let mut rest = Text::default();
    for (index, piece) in text.pieces().iter().enumerate() {
        match piece {
            Piece::Literal(literal) if index == 0 => {
                rest.push_literal(literal.get(length..).unwrap_or(""));
            }
            Piece::Literal(literal) => rest.push_literal(literal),
            Piece::Hole(hole) => rest.push_hole(hole.clone()),
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `<X>` stands for a hole that refers to a parameter `X`.
    fn text(written: &str) -> Text {
        let mut text = Text::default();
        for (index, part) in written.split('<').enumerate() {
            if index == 0 {
                text.push_literal(part);
                continue;
            }
            let (name, rest) = part.split_once('>').unwrap();
            text.push_hole(Hole {
                cause: Cause::Parameter(name.into()),
                label: name.into(),
                span: Span::new(FileId(0), 0, 0),
            });
            text.push_literal(rest);
        }
        text
    }

    fn check(written: &str, address: &str, expected: Option<&str>) {
        let address = Address::parse(address).unwrap();
        let found = arn(&text(written)).and_then(|arn| {
            (arn.service == *address.service).then_some(())?;
            name_in(&arn.resource, &address)
        });
        assert_eq!(
            found.map(|name| name.to_string()).as_deref(),
            expected,
            "{written}"
        );
    }

    #[test]
    fn names_are_found_in_addresses() {
        check(
            "arn:aws:sqs:eu-west-1:1:orders",
            "sqs:{name}",
            Some("orders"),
        );
        check(
            "arn:<P>:sqs:<R>:<A>:orders-<Stage>",
            "sqs:{name}",
            Some("orders-${Stage}"),
        );
        check(
            "arn:aws:dynamodb:*:*:table/orders/index/*",
            "dynamodb:table/{name}",
            Some("orders"),
        );
        check("arn:aws:dynamodb:*:*:table/orders", "sqs:{name}", None);
        check(
            "arn:aws:iam::1:role/service/app/Runner",
            "iam:role/{last}",
            Some("Runner"),
        );
        check(
            "arn:aws:ssm:r:1:parameter/shop/db",
            "ssm:parameter{rest}",
            Some("shop/db"),
        );
        check(
            "arn:aws:secretsmanager:r:1:secret:db-a1B2c3",
            "secretsmanager:secret:{secret}",
            Some("db-a1B2c3"),
        );
        check(
            "arn:aws:secretsmanager:r:1:secret:db-??????",
            "secretsmanager:secret:{secret}",
            Some("db"),
        );
        check("orders", "sqs:{name}", None);
        check("arn:aws:sqs", "sqs:{name}", None);
    }

    #[test]
    fn words_are_read_back() {
        let shown = "arn:${AWS::Partition}:sqs:r:${AWS::AccountId}:jobs-${Stage}";
        assert_eq!(from_words(shown).to_string(), shown);
        let arn = arn(&from_words(shown)).unwrap();
        assert_eq!(arn.resource.to_string(), "jobs-${Stage}");
        assert_eq!(from_words("${open").to_string(), "${open");
        let nested = "orders-${resolve:ssm:/${Stage}/name}-x";
        assert_eq!(from_words(nested).holes().count(), 1);
        assert_eq!(from_words(nested).to_string(), nested);
    }

    #[test]
    fn an_invocation_address_holds_a_function() {
        let inner = |written: &str| invoked(&text(written)).map(|inner| inner.to_string());
        let path = "arn:aws:apigateway:<R>:lambda:path/2015-03-31/functions/<F>/invocations";
        assert_eq!(inner(path).as_deref(), Some("${F}"));
        assert_eq!(inner("arn:aws:sqs:r:1:functions"), None);
    }

    #[test]
    fn web_addresses_name_queues_and_buckets() {
        let found =
            |written: &str| web_name(&text(written)).map(|(kind, name)| format!("{kind} {name}"));
        let queue = found("https://sqs.<R>.amazonaws.com/<A>/orders-<S>");
        assert_eq!(queue.as_deref(), Some("queue orders-${S}"));
        let bucket = found("shop-<S>.s3.<R>.amazonaws.com");
        assert_eq!(bucket.as_deref(), Some("object-store shop-${S}"));
        assert_eq!(found("s3://shop/key").as_deref(), Some("object-store shop"));
        assert_eq!(found("https://api.example.com/x"), None);
    }
}
