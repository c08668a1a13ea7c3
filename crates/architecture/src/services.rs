//! Calls of a provider's services by their names: which property names the
//! resource, what kind that is, and whether data go in or out.
//!
//! APIs, workflows, schedules and pipes all call services so.

use underbelly_expression::{Fact, Piece, Text};

use crate::address;

/// A service that works on named resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// Its name in addresses.
    pub(crate) name: &'static str,
    /// The kind of its resources.
    pub(crate) kind: &'static str,
    /// Properties that name one, whatever their first letter's case.
    pub(crate) named_by: &'static [&'static str],
}

const SERVICES: &[Service] = &[
    service("lambda", "function", &["FunctionName"]),
    service("sqs", "queue", &["QueueUrl", "QueueName", "TargetArn"]),
    service("sns", "topic", &["TopicArn", "TargetArn"]),
    service("dynamodb", "table", &["TableName", "ResourceArn"]),
    service("states", "workflow", &["StateMachineArn"]),
    service("sfn", "workflow", &["StateMachineArn"]),
    service(
        "kinesis",
        "stream",
        &["StreamName", "StreamARN", "StreamArn"],
    ),
    service("firehose", "stream", &["DeliveryStreamName"]),
    service("events", "event-bus", &["EventBusName"]),
    service("eventbridge", "event-bus", &["EventBusName"]),
    service("s3", "object-store", &["Bucket"]),
    service("secretsmanager", "secret", &["SecretId"]),
    service("ssm", "secret", &["Name", "Path"]),
    service("rdsdata", "database", &["ResourceArn"]),
    service("rds-data", "database", &["ResourceArn"]),
    service("logs", "log-group", &["LogGroupName"]),
    service("kms", "key", &["KeyId"]),
    service("apigateway", "rest-api", &["ApiEndpoint"]),
    service("bedrockagent", "ai-agent", &["AgentId"]),
    service("bedrockagentruntime", "ai-agent", &["AgentId"]),
    service("cognitoidentityprovider", "user-pool", &["UserPoolId"]),
];

const fn service(
    name: &'static str,
    kind: &'static str,
    named_by: &'static [&'static str],
) -> Service {
    Service {
        name,
        kind,
        named_by,
    }
}

impl Service {
    /// The service of this name, if we know what it works on.
    pub(crate) fn of(name: &str) -> Option<Service> {
        let known = SERVICES.iter();
        let mut known = known.filter(|service| service.name.eq_ignore_ascii_case(name));
        known.next().copied()
    }

    /// The value that names the resource among named arguments, with its name.
    pub(crate) fn names_in(self, arguments: &Fact) -> Option<Fact> {
        let (entries, _) = arguments.entries();
        for wanted in self.named_by {
            for (_, entry) in &entries {
                // Workflows write `TableName.$` where the input decides.
                let key = entry.key.strip_suffix(".$").unwrap_or(&entry.key);
                if key.eq_ignore_ascii_case(wanted) {
                    return Some(entry.fact.clone());
                }
            }
        }
        None
    }

    /// The value that names the resource in a document held as text.
    pub(crate) fn names_in_text(self, document: &Text) -> Option<Text> {
        let wanted = self.named_by.iter();
        wanted
            .filter_map(|name| quoted_after(document, name))
            .find(|name| !name.is_empty())
    }
}

/// The quoted text that follows a quoted name: of `{"TableName": "orders"}` the
/// text `orders` for `TableName`.
fn quoted_after(document: &Text, name: &str) -> Option<Text> {
    let lower = format!("\"{}", name.get(..1)?.to_ascii_lowercase());
    let quoted = format!("\"{name}\"");
    let other = format!("{lower}{}\"", name.get(1..)?);
    let (_, rest) = address::cut(document, &quoted).or_else(|| address::cut(document, &other))?;
    let (before, value) = address::cut(&rest, "\"")?;
    let only_colon = |text: &str| text.trim().trim_start_matches(':').trim().is_empty();
    if !before.known().is_some_and(only_colon) {
        return None;
    }
    Some(address::until(&value, &['"']))
}

/// Every text in a tree of plain values, at most so many, none deeper than `depth`.
pub(crate) fn texts_in(fact: &Fact) -> Vec<Text> {
    const MOST: usize = 64;
    let mut texts = Vec::new();
    let mut open = vec![fact];
    while let Some(fact) = open.pop() {
        if texts.len() >= MOST {
            break;
        }
        if let Some(text) = fact.as_pattern() {
            texts.push(text.clone());
            continue;
        }
        let (entries, _) = fact.entries();
        if entries.is_empty() {
            let (items, _) = fact.items();
            let inner = items.iter().map(|(_, item)| *item);
            open.extend(inner.filter(|item| !std::ptr::eq(*item, fact)));
        }
        open.extend(entries.iter().map(|(_, entry)| &entry.fact));
    }
    texts
}

/// Whether a literal piece holds `mark`.
pub(crate) fn mentions(text: &Text, mark: &str) -> bool {
    let literal = |piece: &Piece| match piece {
        Piece::Literal(literal) => literal.contains(mark),
        Piece::Hole(_) => false,
    };
    text.pieces().iter().any(literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_names_the_resource_it_works_on() {
        let table = Service::of("dynamodb").unwrap();
        let text = Text::literal(r#"{ "TableName" : "orders", "Key": {} }"#);
        let found = table.names_in_text(&text).map(|name| name.to_string());
        assert_eq!(found.as_deref(), Some("orders"));
        let workflow = Service::of("states").unwrap();
        let text = Text::literal(r#"{"input": "{}", "stateMachineArn":"arn:x"}"#);
        let found = workflow.names_in_text(&text).map(|name| name.to_string());
        assert_eq!(found.as_deref(), Some("arn:x"));
        assert_eq!(table.names_in_text(&text), None);
    }
}
