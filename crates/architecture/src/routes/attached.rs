//! What authorises a route, from what the route itself says. An authoriser that is
//! only declared authorises nothing; an API key alone is an API key.

use underbelly_expression::{Fact, Value};
use underbelly_source::Span;

use crate::derived::{as_bool, by_default, no, text, unresolved, word};

/// Which kind of API a route belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Methods with API keys and usage plans.
    Rest,
    /// Routes without API keys.
    Http,
    /// Routes of which only `$connect` can ask for authorisation.
    WebSocket,
}

/// `auth` and `key_required` of a route.
pub(crate) fn attached(flavour: Flavour, kind: &Fact, key: &Fact, head: Span) -> (Fact, Fact) {
    let key = match flavour {
        Flavour::Rest | Flavour::WebSocket => as_bool(key, false, head),
        // The provider ignores the property here.
        Flavour::Http => no(head),
    };
    let auth = kind.map(|case| match case {
        Fact::Absent(_) => {
            let note = "no authorisation unless the route names one";
            key_or_none(&key, &by_default(text("none"), head, note))
        }
        Fact::Known(_) => match case.as_text().map(str::to_ascii_uppercase).as_deref() {
            Some("NONE") => key_or_none(&key, &word(case, "none")),
            Some("AWS_IAM") => word(case, "iam"),
            Some("CUSTOM") => word(case, "custom"),
            Some("COGNITO_USER_POOLS") => word(case, "user_pool"),
            Some("JWT") => word(case, "jwt"),
            Some(_) | None => unresolved(case),
        },
        Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
    });
    (auth, key)
}

fn key_or_none(key: &Fact, none: &Fact) -> Fact {
    key.map(|case| match case.as_bool() {
        Some(true) => word(case, "api_key"),
        Some(false) => none.clone(),
        None => case.clone(),
    })
}

/// The scopes a route asks for: none where nothing is written.
pub(crate) fn scopes(written: &Fact, head: Span) -> Fact {
    written.map(|case| match case {
        Fact::Absent(_) => by_default(Value::Set(underbelly_expression::Set::default()), head, ""),
        Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use underbelly_expression::{Basis, Reason};
    use underbelly_source::FileId;

    const AT: Span = Span::new(FileId(0), 0, 1);

    fn check(flavour: Flavour, kind: &Fact, key: &Fact, expected: &str) {
        let (auth, key) = attached(flavour, kind, key, AT);
        let shown = |fact: &Fact| match fact {
            Fact::Known(known) => {
                format!("{} {}", crate::derived::in_words(fact), known.basis.word())
            }
            Fact::Unknown(unknown) => format!("unknown {}", unknown.reason.word()),
            Fact::OneOf(one) => format!("one of {}", one.alternatives.len()),
            Fact::Absent(_) => "absent".to_owned(),
        };
        assert_eq!(format!("{}, {}", shown(&auth), shown(&key)), expected);
    }

    #[test]
    fn a_route_is_authorised_by_what_it_names_itself() {
        let absent = Fact::absent(Some(AT));
        let named = |word: &str| Fact::text(word, AT);
        let none = "none provider-default, false provider-default";
        check(Flavour::Rest, &absent, &absent, none);
        check(Flavour::Http, &absent, &Fact::bool(true, AT), none);
        let rest =
            |kind: &Fact, expected| check(Flavour::Rest, kind, &Fact::absent(Some(AT)), expected);
        rest(&named("NONE"), "none written, false provider-default");
        rest(
            &named("COGNITO_USER_POOLS"),
            "user_pool written, false provider-default",
        );
        rest(&named("CUSTOM"), "custom written, false provider-default");
        rest(
            &named("MAGIC"),
            "unknown unsupported, false provider-default",
        );
        let unknown = Fact::unknown(Reason::Parameter("Auth".into()), Some(AT));
        rest(&unknown, "unknown parameter, false provider-default");
    }

    #[test]
    fn a_key_alone_is_a_key() {
        let key = Fact::bool(true, AT);
        let none = Fact::absent(Some(AT));
        check(Flavour::Rest, &none, &key, "api_key written, true written");
        check(
            Flavour::Rest,
            &Fact::text("AWS_IAM", AT),
            &key,
            "iam written, true written",
        );
        let unknown = Fact::unknown(Reason::Parameter("Key".into()), Some(AT));
        check(
            Flavour::Rest,
            &none,
            &unknown,
            "unknown parameter, unknown parameter",
        );
        let assumed = Fact::default(Value::Bool(true), Basis::ParameterDefault, Some(AT), "");
        check(
            Flavour::Rest,
            &none,
            &assumed,
            "api_key parameter-default, true parameter-default",
        );
    }
}
