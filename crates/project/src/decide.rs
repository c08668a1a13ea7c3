//! What people decided of threats is put beside them.
//!
//! A decision that has run out, or whose threat is no more, counts for nothing and
//! is reported.

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_expression::SubjectId;
use underbelly_model::{self as model, Decided, State, Threat, ThreatModel};
use underbelly_source::{Diagnostic, Files, Place};

use crate::names::stale;
use crate::{Decision, Named, Project};

impl Project {
    /// The ids of the countermeasures that people plan.
    pub fn planned(&self) -> BTreeSet<Arc<str>> {
        let planned = self.planned.iter();
        planned
            .map(|planned| planned.countermeasure.name.clone())
            .collect()
    }

    /// Puts decisions beside the threats they are about, and takes back questions
    /// that decide nothing any more. What has run out by the day of the model's
    /// analysis does not count.
    pub fn decide(&self, model: &mut ThreatModel, files: &Files) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for decision in &self.decisions {
            let problem = match decision.decided {
                Decided::OutOfScope => self.leave_out(decision, model, files, &mut problems),
                Decided::Accepted | Decided::Dismissed => settle(decision, model, &mut problems),
            };
            problems.extend(problem);
        }
        for planned in &self.planned {
            problems.extend(check_planned(planned, model));
        }
        forget_questions(model);
        problems
    }

    fn leave_out(
        &self,
        decision: &Decision,
        model: &mut ThreatModel,
        files: &Files,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Diagnostic> {
        let subject = self.find(&model.architecture, files, &decision.of, problems)?;
        if let Some(expired) = expired(decision, model) {
            return Some(expired);
        }
        let decided = told(decision);
        let is_meant = |at: SubjectId| at == subject;
        for threat in &mut model.threats {
            let whole = is_meant(threat.component);
            for point in &mut threat.points {
                if (whole || is_meant(point.subject)) && point.decision.is_none() {
                    point.decision = Some(decided.clone());
                }
            }
        }
        None
    }
}

/// Puts one decision beside the threat, or the points of it, that it names.
fn settle(
    decision: &Decision,
    model: &mut ThreatModel,
    problems: &mut Vec<Diagnostic>,
) -> Option<Diagnostic> {
    let name = &*decision.of.name;
    let Some((index, key)) = threat_named(model, name) else {
        return Some(not_found(model, &decision.of));
    };
    if let Some(expired) = expired(decision, model) {
        return Some(expired);
    }
    let decided = told(decision);
    let threat = model.threats.get_mut(index)?;
    let saw = decision.points.as_deref().filter(|_| key.is_none());
    for point in saw.unwrap_or_default() {
        if threat.points.iter().all(|own| *own.key != *point.name) {
            let message = format!("`{name} # {}` is not there", point.name);
            problems.push(stale(message, point));
        }
    }
    let mut open = false;
    let mut met = false;
    for point in &mut threat.points {
        if key.as_deref().is_some_and(|key| *point.key != *key) {
            continue;
        }
        if saw.is_some_and(|saw| saw.iter().all(|one| *one.name != *point.key)) {
            continue;
        }
        met = true;
        if matches!(point.state, State::Exposed | State::Question) {
            open = true;
            point.decision = Some(decided.clone());
        }
    }
    if open {
        return None;
    }
    let what = match (met, key) {
        (false, Some(key)) => {
            let keys = threat.points.iter().map(|point| &*point.key);
            let near = underbelly_expression::closest(&key, keys);
            let near = near.map(|near| format!("; did you mean `# {near}`?"));
            format!("is not there{}", near.unwrap_or_default())
        }
        (false, None) => "is not there".to_owned(),
        (true, _) => "is no longer exposed".to_owned(),
    };
    Some(stale(format!("`{name}` {what}"), &decision.of))
}

/// The threat a decision names, and the key of the point if it names one.
pub fn threat_named(model: &ThreatModel, name: &str) -> Option<(usize, Option<String>)> {
    if let Some(index) = position(model, name) {
        return Some((index, None));
    }
    let (threat, key) = name.split_once('#')?;
    Some((position(model, threat.trim())?, Some(key.trim().to_owned())))
}

fn position(model: &ThreatModel, id: &str) -> Option<usize> {
    if let Some(found) = model.threats.iter().position(|threat| *threat.id == *id) {
        return Some(found);
    }
    let (entry, component) = id.split_once('@')?;
    let named = |threat: &Threat| {
        let on = model.architecture.component(threat.component);
        *threat.entry == *entry
            && on.is_some_and(|on| *on.id == *component || *on.name == *component)
    };
    let mut found = model
        .threats
        .iter()
        .enumerate()
        .filter(|(_, threat)| named(threat));
    let (index, _) = found.next()?;
    found.next().is_none().then_some(index)
}

fn not_found(model: &ThreatModel, named: &Named) -> Diagnostic {
    let ids = model.threats.iter().map(|threat| &*threat.id);
    let near = underbelly_expression::closest(&named.name, ids);
    let near = near.map(|near| format!("; did you mean `{near}`?"));
    let near = near.unwrap_or_default();
    stale(format!("there is no threat `{}`{near}", named.name), named)
}

fn expired(decision: &Decision, model: &ThreatModel) -> Option<Diagnostic> {
    let until = decision.until.as_ref()?;
    // Days as `YYYY-MM-DD` are in order as texts are.
    if *until.name >= *model.as_of {
        return None;
    }
    let word = match decision.decided {
        Decided::Accepted => "acceptance",
        Decided::Dismissed => "dismissal",
        Decided::OutOfScope => "leaving out",
    };
    let message = format!(
        "the {word} of `{}` ended on {}",
        decision.of.name, until.name
    );
    Some(
        Diagnostic::warning("decision-expired", message)
            .at(until.span)
            .note("it counts as exposed again")
            .help("mend it, or decide anew until a later day"),
    )
}

fn told(decision: &Decision) -> Arc<model::Decision> {
    Arc::new(model::Decision {
        decided: decision.decided,
        reason: decision.reason.clone(),
        by: decision.by.clone(),
        until: decision.until.as_ref().map(|until| until.name.clone()),
        place: Place::here(decision.of.span),
    })
}

fn check_planned(planned: &crate::Planned, model: &ThreatModel) -> Option<Diagnostic> {
    let named = &planned.countermeasure;
    let all = || {
        model
            .threats
            .iter()
            .flat_map(|threat| &threat.countermeasures)
    };
    let mut found = all()
        .filter(|countermeasure| *countermeasure.id == *named.name)
        .peekable();
    if found.peek().is_none() {
        let near = underbelly_expression::closest(&named.name, all().map(|c| &*c.id));
        let near = near.map(|near| format!("; did you mean `{near}`?"));
        let near = near.unwrap_or_default();
        let message = format!("there is no countermeasure `{}`{near}", named.name);
        return Some(stale(message, named));
    }
    if found.all(|countermeasure| countermeasure.status == model::Status::InPlace) {
        let message = format!("`{}` is in place", named.name);
        return Some(
            Diagnostic::note_only("plan-done", message)
                .at(named.span)
                .help("it need not be planned any longer"),
        );
    }
    let until = planned.until.as_ref()?;
    (*until.name < *model.as_of).then(|| {
        let message = format!("`{}` was planned until {}", named.name, until.name);
        Diagnostic::warning("plan-overdue", message).at(until.span)
    })
}

/// Questions whose every threat is decided ask nobody anything.
fn forget_questions(model: &mut ThreatModel) {
    let decided: BTreeSet<&Arc<str>> = model
        .threats
        .iter()
        .filter(|threat| threat.state == State::Question && threat.decision().is_some())
        .map(|threat| &threat.id)
        .collect();
    if decided.is_empty() {
        return;
    }
    for question in &mut model.questions {
        question.decides.retain(|id| !decided.contains(id));
    }
    model
        .questions
        .retain(|question| !question.decides.is_empty());
}
