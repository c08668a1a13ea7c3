//! How easy each kind of step is: the share of attackers who stand before it and
//! get past it. Judgement, not measurement; docs/risk.md argues each figure.

/// Getting in, by the least trusted caller who is let in.
pub(crate) fn of_caller(who: &str) -> Option<f64> {
    Some(match who {
        "anyone" => 1.0,
        // Keys lie in every copy of the client.
        "key_holder" => 0.7,
        // Whoever signs up, or takes over one account of many.
        "signed_in" => 0.4,
        // An account of one's own costs a payment card and leaves a name behind.
        "any_account" => 0.35,
        "partner" => 0.3,
        "deputy" => DEPUTY,
        "account" => 0.1,
        _ => return None,
    })
}

/// A service that anyone's account can make act on their behalf, with what it sends.
pub(crate) const DEPUTY: f64 = 0.15;

/// The credentials that an identity pool hands to everyone.
pub(crate) const GUEST: f64 = 0.9;

/// What is handed on as it comes: by a route, a queue, a rule.
pub(crate) const HANDED_ON: f64 = 1.0;

/// What a route hands on: a little less where its caller chooses less of it than a
/// body and whose or which in the path. `route` is its key.
pub(crate) fn of_route(route: &str) -> f64 {
    const NO_BODY: [&str; 4] = ["GET ", "HEAD ", "DELETE ", "OPTIONS "];
    let method = route.contains(" /");
    let body = !NO_BODY.iter().any(|method| route.starts_with(method));
    match route {
        // The provider's own word that a client has gone.
        "$disconnect" => 0.5,
        "$connect" => 0.97,
        _ => match (body, route.contains('{')) {
            (true, false) if method => 0.99,
            (true, _) => HANDED_ON,
            (false, true) => 0.98,
            (false, false) => 0.97,
        },
    }
}

/// How much is left after each task that comes before: it may stop what is passed on
/// or put something else in its place.
pub(crate) const PER_TASK: f64 = 0.95;

/// No more tasks than this are counted.
pub(crate) const MOST_TASKS: i32 = 20;

/// What a workflow or pipe is defined to do with what it is given.
pub(crate) const DEFINED: f64 = 0.8;

/// What a function reads or writes for whoever calls it, without a flaw in it.
pub(crate) const PURPOSE: f64 = 0.6;

/// What a function hands on of what it was sent.
pub(crate) const FORWARDED: f64 = 0.4;

/// Taking over code by a flaw in it that the template cannot show.
pub(crate) const FLAW: f64 = 0.2;

/// What the rights of a role allow to who acts in its place.
pub(crate) const RIGHTS: f64 = 0.95;

/// The same where nothing shows that the right is ever used.
pub(crate) const UNUSED_RIGHTS: f64 = 0.85;

/// Failed messages and the like.
pub(crate) const FAILED: f64 = 0.3;

/// Turning rights into stronger ones.
pub(crate) const ESCALATION: f64 = 0.7;

/// A step that hangs on something unknown counts half.
pub(crate) const UNKNOWN: f64 = 0.5;
