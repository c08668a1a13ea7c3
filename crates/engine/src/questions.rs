//! Questions, one for each fact, however many threats hang on it.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression as expression;
use underbelly_expression::Reason;
use underbelly_library::Library;
use underbelly_model::{Architecture, Question, QuestionKey, State, Threat};
use underbelly_source::Place;

/// Questions that came up, by the fact they ask for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    by_key: BTreeMap<QuestionKey, (Reason, Option<Place>)>,
}

impl Asked {
    pub(crate) fn note(&mut self, key: &QuestionKey, question: &expression::Question) {
        let new = (question.reason.clone(), question.place);
        let known = self
            .by_key
            .entry(key.clone())
            .or_insert_with(|| new.clone());
        if new.0 < known.0 {
            *known = new;
        }
    }

    /// The questions that decide something, those that decide most first. What
    /// only code tells is not asked; it is folded on the threats themselves.
    pub(crate) fn questions(
        self,
        architecture: &Architecture,
        library: &Library,
        threats: &[Threat],
    ) -> Vec<Question> {
        let mut decides: BTreeMap<&QuestionKey, Vec<Arc<str>>> = BTreeMap::new();
        for threat in threats.iter().filter(|t| t.state == State::Question) {
            for key in threat.points.iter().flat_map(|point| &point.questions) {
                let ids = decides.entry(key).or_default();
                if ids.last() != Some(&threat.id) {
                    ids.push(threat.id.clone());
                }
            }
        }
        let mut questions: Vec<Question> = Vec::new();
        for (key, (reason, place)) in &self.by_key {
            if key.fact.starts_with("code.") {
                continue;
            }
            let Some(decides) = decides.remove(key) else {
                continue;
            };
            questions.push(Question {
                key: key.clone(),
                ask: ask(architecture, library, key, reason).into(),
                reason: reason.clone(),
                place: *place,
                decides,
            });
        }
        questions.sort_by(|a, b| {
            let most = b.decides.len().cmp(&a.decides.len());
            let label = |q: &Question| (architecture.label(q.key.subject), q.key.fact.clone());
            most.then_with(|| a.reason.cmp(&b.reason))
                .then_with(|| label(a).cmp(&label(b)))
        });
        questions
    }
}

/// The question in words: the library's own where it has one, else by what is missing.
fn ask(
    architecture: &Architecture,
    library: &Library,
    key: &QuestionKey,
    reason: &Reason,
) -> String {
    let label = architecture.label(key.subject);
    let def = match architecture.part(key.subject) {
        Some(part) => {
            let facts = library.part(&part.kind).map(|kind| kind.facts.iter());
            facts.and_then(|mut facts| facts.find(|def| def.name == key.fact))
        }
        None => {
            let component = architecture.component(key.subject);
            component.and_then(|component| library.fact(&component.kind, &key.fact))
        }
    };
    let fact = key.fact.replace('_', " ");
    let own = def.and_then(|def| def.ask.as_ref());
    let what = own.map_or_else(
        || format!("What is `{fact}` of `{label}`?"),
        |ask| ask.replace("{component}", &label),
    );
    match reason {
        Reason::Parameter(name) => {
            format!("Which value has the parameter `{name}`? It decides `{fact}` of `{label}`")
        }
        Reason::MissingFile(path) => {
            format!("Where is `{path}`? It decides `{fact}` of `{label}`")
        }
        Reason::Import(name) => {
            format!("Which stack exports `{name}`? It decides `{fact}` of `{label}`")
        }
        Reason::Lookup(what) => {
            format!("What is `{what}` when deployed? It decides `{fact}` of `{label}`")
        }
        Reason::Unsupported(_)
        | Reason::Limit(_)
        | Reason::NotAnalysed(_)
        | Reason::Elsewhere(_) => format!("{what} ({reason})"),
        Reason::OtherComponent(name) => {
            format!("What is `{name}`? It decides `{fact}` of `{label}`")
        }
        Reason::Code | Reason::People => what,
    }
}
