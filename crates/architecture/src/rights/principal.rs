//! Whom a statement lets in, in the words of the model.

use underbelly_expression::{Cause, Piece, Reason, Text};

use super::condition::Narrowed;
use super::policy::Named;
use super::reach;

/// Who is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Principal {
    /// Of which class they are.
    pub(crate) class: Result<Class, Reason>,
    /// How they are written.
    pub(crate) name: Text,
}

/// Stands for a hole where text is cut at colons.
const HOLE: char = '\u{1}';

/// Classes of principals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Everybody.
    Anyone,
    /// A service of the provider.
    Service,
    /// Everyone in the account it lives in.
    OwnAccount,
    /// An account that is not ours.
    ForeignAccount,
    /// Everyone in an organisation.
    Organisation,
    /// A named role or user.
    Role,
    /// People or machines that sign in elsewhere.
    Federated,
    /// The provider's CDN.
    Cdn,
}

impl Class {
    /// What a word of the fact stands for.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "anyone" => Class::Anyone,
            "service" => Class::Service,
            "own_account" => Class::OwnAccount,
            "foreign_account" => Class::ForeignAccount,
            "organisation" => Class::Organisation,
            // One account of ours lets in the roles it has.
            "role" | "account" => Class::Role,
            "federated" => Class::Federated,
            "cdn" => Class::Cdn,
            _ => return None,
        })
    }

    /// The word of the fact.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Class::Anyone => "anyone",
            Class::Service => "service",
            Class::OwnAccount => "own_account",
            Class::ForeignAccount => "foreign_account",
            Class::Organisation => "organisation",
            Class::Role => "role",
            Class::Federated => "federated",
            Class::Cdn => "cdn",
        }
    }
}

/// The principal as written, made smaller by what the conditions say: everybody in
/// an organisation is that organisation.
pub(crate) fn effective(named: &Named, narrowed: &Narrowed) -> Principal {
    let mut principal = classify(named);
    if principal.class == Ok(Class::Anyone) && narrowed.has("organisation") {
        principal.class = Ok(Class::Organisation);
    }
    principal
}

/// The principal as written.
pub(crate) fn classify(named: &Named) -> Principal {
    let text = &named.term.text;
    let class = match &*named.under {
        "Service" => Ok(service(text)),
        "Federated" => Ok(Class::Federated),
        "CanonicalUser" => Ok(Class::Cdn),
        _ => account_or_role(text),
    };
    Principal {
        class,
        name: text.clone(),
    }
}

fn service(text: &Text) -> Class {
    match text.prefix().starts_with("cloudfront.") {
        true => Class::Cdn,
        false => Class::Service,
    }
}

/// What stands under `AWS`, or alone.
fn account_or_role(text: &Text) -> Result<Class, Reason> {
    if let Some(known) = text.known() {
        return literal(known);
    }
    if let Some(Piece::Hole(hole)) = text.pieces().first() {
        return match &hole.cause {
            Cause::Pseudo(name) if &**name == "AWS::AccountId" => Ok(Class::OwnAccount),
            Cause::Resource { attribute, .. } if attribute.contains("CanonicalUser") => {
                Ok(Class::Cdn)
            }
            Cause::Resource { .. } => Ok(Class::Role),
            cause => Err(reach::reason(cause, &hole.label)),
        };
    }
    if text.suffix().contains(".amazonaws.com") {
        return Ok(service(text));
    }
    arn(text)
}

fn literal(text: &str) -> Result<Class, Reason> {
    if text == "*" || text == "arn:aws:iam::*:root" {
        return Ok(Class::Anyone);
    }
    if is_account(text) {
        return Ok(Class::ForeignAccount);
    }
    if text.ends_with(".amazonaws.com")
        || text.ends_with(".amazonaws.com.cn")
        || text.ends_with(".amazon.com")
        || text.ends_with(".aws.internal")
    {
        return Ok(service(&Text::literal(text)));
    }
    arn(&Text::literal(text))
}

fn arn(text: &Text) -> Result<Class, Reason> {
    // A hole's label may itself hold colons, so it stands as one sign.
    let mut signs = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => signs.push_str(literal),
            Piece::Hole(_) => signs.push(HOLE),
        }
    }
    let fields: Vec<&str> = signs.splitn(6, ':').collect();
    let unclear = || Reason::Unsupported(format!("`{text}` as a principal").into());
    let [start, partition, service, region, account, rest] = fields.as_slice() else {
        return Err(unclear());
    };
    if *start != "arn" {
        return Err(unclear());
    }
    if *account == "cloudfront" {
        return Ok(Class::Cdn);
    }
    if *rest != "root" {
        return Ok(Class::Role);
    }
    if is_account(account) {
        return Ok(Class::ForeignAccount);
    }
    let before = [partition, service, region];
    let n_before = before.iter().flat_map(|field| field.chars());
    let hole = text
        .holes()
        .nth(n_before.filter(|sign| *sign == HOLE).count());
    match hole
        .filter(|_| account.contains(HOLE))
        .map(|hole| (&hole.cause, &hole.label))
    {
        Some((Cause::Pseudo(name), _)) if &**name == "AWS::AccountId" => Ok(Class::OwnAccount),
        Some((cause, label)) => Err(reach::reason(cause, label)),
        None => Err(unclear()),
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::policy::Term;
    use super::super::testing::text;
    use super::*;
    use underbelly_expression::Basis;

    fn check(under: &str, written: &str, expected: &str) {
        let named = Named {
            under: under.into(),
            term: Term {
                text: text(written),
                basis: Basis::Written,
                place: None,
            },
        };
        let found = classify(&named).class.map_or("unknown", Class::word);
        assert_eq!(found, expected, "{under} {written}");
    }

    #[test]
    fn principals_are_told_apart() {
        check("", "*", "anyone");
        check("AWS", "*", "anyone");
        check("Service", "s3.amazonaws.com", "service");
        check("Service", "logs.<AWS::Region>.amazonaws.com", "service");
        check("", "sns.amazonaws.com", "service");
        check("", "alexa-appkit.amazon.com", "service");
        check("AWS", "123456789012", "foreign_account");
        check("AWS", "arn:aws:iam::123456789012:root", "foreign_account");
        check(
            "AWS",
            "arn:<AWS::Partition>:iam::<AWS::AccountId>:root",
            "own_account",
        );
        check("AWS", "<AWS::AccountId>", "own_account");
        check("AWS", "arn:aws:iam::123456789012:role/deploy", "role");
        check("AWS", "<@Role.Arn>", "role");
        check("Federated", "<@Provider>", "federated");
        check("Service", "cloudfront.amazonaws.com", "cdn");
        check("CanonicalUser", "<@Oai.S3CanonicalUserId>", "cdn");
        check(
            "AWS",
            "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity <@Oai>",
            "cdn",
        );
    }

    #[test]
    fn an_account_given_as_a_parameter_is_unknown() {
        check("AWS", "<Partner>", "unknown");
        check("AWS", "arn:aws:iam::<Partner>:root", "unknown");
        check("AWS", "&Everyone", "unknown");
    }
}
