//! `Fn::If`: both branches, each under its guard; and truths used as values.

use underbelly_expression::{Fact, Reason};

use crate::cloudformation::evaluate::Call;
use crate::cloudformation::scope::Scope;

pub(super) fn choose<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let wants = "a condition and two values";
    let arguments = match scope.arguments(call, 3..=3, wants) {
        Ok(arguments) => arguments,
        Err(unknown) => return unknown,
    };
    let [condition, so, otherwise] = arguments.as_slice() else {
        return scope.misused(call, wants);
    };
    let Some(name) = super::argument_text(scope, *condition) else {
        return scope.misused(call, wants);
    };
    let when = match scope.condition_guard(&name, true, condition.span()) {
        Ok(guard) => guard,
        Err(true) => return scope.evaluate(*so),
        Err(false) => return scope.evaluate(*otherwise),
    };
    let unless = match scope.condition_guard(&name, false, condition.span()) {
        Ok(guard) => guard,
        Err(_) => return scope.misused(call, wants),
    };
    let so = scope.inside(&when, |scope| scope.evaluate(*so));
    let otherwise = scope.inside(&unless, |scope| scope.evaluate(*otherwise));
    if so.is_absent() && otherwise.is_absent() {
        return so;
    }
    Fact::one_of([(when, so), (unless, otherwise)])
}

/// A truth where a value is wanted: outside conditions it has no name to depend on.
pub(super) fn truth_value<'a>(_scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let name = call.function.name();
    Fact::unknown(
        Reason::Unsupported(format!("`{name}` outside conditions").into()),
        Some(call.span),
    )
}
