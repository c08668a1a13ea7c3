//! The cells that cannot exist at the provider, and why.

/// Kinds, exposures, and the reason.
pub(crate) const CANNOT: &[(&[&str], &[&str], &str)] = &[
    (
        &["http-api"],
        &["key_holder"],
        "HTTP APIs have no API keys; the property is ignored there",
    ),
    (
        &["http-api", "websocket-api"],
        &["any_account", "nobody"],
        "they have no policy of their own that could let another account in or shut everybody out; \
         a caller of another account takes a role of ours first",
    ),
    (
        &["websocket-api"],
        &["partner"],
        "their domains take no client certificates, and they have no policy of their own",
    ),
    (
        &["rest-api", "http-api", "websocket-api", "graphql-api"],
        &["deputy"],
        "services sign calls to APIs with a role of some account, never as themselves",
    ),
    (
        &["graphql-api"],
        &["anyone", "any_account", "partner", "nobody"],
        "one of its five modes is always asked for, it takes no certificates, and it has no policy of its own",
    ),
    (
        &["function-url"],
        &["key_holder", "signed_in"],
        "an address knows two ways: no authorisation, or a signature of the provider's accounts",
    ),
    (
        &["function-url"],
        &["nobody"],
        "whoever may call it by rights of our own account always can",
    ),
    (
        &["cdn"],
        &["key_holder", "any_account", "deputy", "account"],
        "it asks for signed addresses or certificates, knows no API keys and no signatures of accounts, and has no private network",
    ),
    (
        &["load-balancer"],
        &["key_holder", "any_account", "deputy", "nobody"],
        "it knows sign-ins and certificates, no API keys, no policies, and cannot be switched off",
    ),
    (
        &["user-pool"],
        &[
            "key_holder",
            "signed_in",
            "any_account",
            "partner",
            "deputy",
            "account",
            "nobody",
            "unknown",
            "depends",
        ],
        "its sign-in answers on the internet, and no property changes that",
    ),
    (
        &["identity-pool"],
        &["key_holder", "any_account", "partner", "deputy"],
        "it gives credentials to guests, to people who signed in, or to whom our own code asks for",
    ),
    (
        &["email-receiver"],
        &[
            "key_holder",
            "signed_in",
            "any_account",
            "partner",
            "deputy",
            "account",
        ],
        "mail comes from anyone who can send some, or the rule is not in force",
    ),
    (
        &["device-rule"],
        &[
            "anyone",
            "key_holder",
            "signed_in",
            "any_account",
            "deputy",
            "account",
        ],
        "it takes what devices send that have a certificate, or is switched off",
    ),
    (
        &["object-store", "function", "queue", "topic", "event-bus"],
        &["key_holder"],
        "no policy knows API keys",
    ),
    (
        &["object-store", "queue", "topic"],
        &["any_account"],
        "they answer unsigned calls, so a policy for every account is one for everybody",
    ),
    (
        &["event-bus"],
        &["anyone"],
        "events are put by signed calls only",
    ),
];
