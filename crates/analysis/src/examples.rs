//! The library's own tests: every entry's examples, each judged with its entry
//! alone and through the same door as users' files.

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_expression::{SubjectId, Verdict};
use underbelly_iac::Input;
use underbelly_library::{Example, Expect, Format, Library, Outcome, Pages};
use underbelly_model::{Architecture, Point, State, Threat};
use underbelly_source::{Files, Limits, Severity};

use crate::{Analysis, Options, Sources, analyze};

/// An example that did not come out as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The entry.
    pub entry: Arc<str>,
    /// The file the entry stands in, as shown.
    pub path: Arc<str>,
    /// The line in that file on which the example's template begins, from 1.
    pub line: u32,
    /// The case in its own words.
    pub case: Arc<str>,
    /// What should have come out.
    pub expected: String,
    /// What did.
    pub got: String,
}

/// How a run of examples went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tested {
    /// Entries whose examples were run.
    pub entries: usize,
    /// Examples run.
    pub examples: usize,
    /// Those that failed as their known gap says they do.
    pub known_gaps: usize,
    /// Those that did not come out as they say.
    pub failures: Vec<Failure>,
}

/// The file an example's template is given.
const FILE: &str = "example.yaml";

/// Runs the examples of all entries, or of one.
pub fn test_examples(library: &Library, pages: &Pages, only: Option<&str>, as_of: &str) -> Tested {
    let mut tested = Tested::default();
    let wanted = |id: &str| only.is_none_or(|only| only == id);
    for page in pages.threats.iter().filter(|page| wanted(&page.id)) {
        let alone = library.with_only(&page.id);
        tested.entries += 1;
        for example in &page.examples {
            let analysis = analyzed(&alone, example, as_of);
            let result = threat_result(&analysis, &page.id, example);
            tested.count(&page.id, &page.path, example, result);
        }
    }
    for page in pages.countermeasures.iter().filter(|page| wanted(&page.id)) {
        let alone = library.with_only(&page.id);
        tested.entries += 1;
        for example in &page.examples {
            let analysis = analyzed(&alone, example, as_of);
            let result = countermeasure_result(&analysis, library, &page.id, &example.expect);
            tested.count(&page.id, &page.path, example, result);
        }
    }
    tested
}

/// Expected and got, where they differ.
type Difference = Option<(String, String)>;

impl Tested {
    fn count(&mut self, entry: &Arc<str>, path: &Arc<str>, example: &Example, result: Difference) {
        self.examples += 1;
        let difference = match (&example.known_gap, result) {
            (None, difference) => difference,
            (Some(_), Some(_)) => {
                self.known_gaps += 1;
                None
            }
            (Some(gap), None) => Some((
                format!("to fail: {gap}"),
                "it passes; take the `known-gap` away".to_owned(),
            )),
        };
        if let Some((expected, got)) = difference {
            self.failures.push(Failure {
                entry: entry.clone(),
                path: path.clone(),
                line: example.line,
                case: example.case.clone(),
                expected,
                got,
            });
        }
    }
}

fn analyzed(library: &Library, example: &Example, as_of: &str) -> Analysis {
    let mut files = Files::default();
    let text = match example.format {
        Format::Sam if !example.text.contains("Transform:") => {
            // On the last line, so that lines count as written.
            format!(
                "{}\nTransform: AWS::Serverless-2016-10-31\n",
                example.text.trim_end()
            )
            .into()
        }
        Format::Sam | Format::CloudFormation => example.text.clone(),
    };
    let file = files.add(FILE, text);
    let sources = Sources {
        files,
        inputs: vec![Input { file }],
        ..Sources::default()
    };
    let given = example.parameters.iter();
    let options = Options {
        as_of: example.as_of.as_deref().unwrap_or(as_of).to_owned(),
        parameters: given
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
        limits: Limits::default(),
    };
    analyze(sources, library, &options, &mut |path| {
        Err(format!("`{path}` is not part of the example"))
    })
}

fn threat_result(analysis: &Analysis, id: &str, example: &Example) -> Difference {
    if let Some(broken) = broken(analysis) {
        return Some((example.expect.outcome.word().to_owned(), broken));
    }
    let expect = &example.expect;
    let model = &analysis.model;
    let named = |threat: &&Threat| {
        &*threat.entry == id
            && expect.on.as_ref().is_none_or(|on| {
                let component = model.architecture.component(threat.component);
                component.is_some_and(|component| component.short == *on || component.id == *on)
            })
    };
    let threats: Vec<&Threat> = model.threats.iter().filter(named).collect();
    let points = || threats.iter().flat_map(|threat| &threat.points);
    let got = worst(points());
    if got != expect.outcome {
        return Some((
            expect.outcome.word().to_owned(),
            told(got, &threats, analysis),
        ));
    }
    for (key, wanted) in &expect.points {
        let got = worst(points().filter(|point| point.key == *key));
        if got != *wanted {
            let expected = format!("`{key}` to be {}", wanted.word());
            return Some((expected, got.word().to_owned()));
        }
    }
    let asked: BTreeSet<&str> = points()
        .flat_map(|point| &point.questions)
        .map(|key| &*key.fact)
        .collect();
    for fact in &expect.asks {
        if !asked.contains(&**fact) {
            let got = asked.into_iter().collect::<Vec<_>>().join(", ");
            return Some((format!("to ask for `{fact}`"), format!("asks for: {got}")));
        }
    }
    evidence(analysis, example, &threats)
}

/// Whether the pinned lines are among the evidence.
fn evidence(analysis: &Analysis, example: &Example, threats: &[&Threat]) -> Difference {
    let places = threats
        .iter()
        .flat_map(|threat| &threat.points)
        .flat_map(|point| &point.evidence)
        .flat_map(|fact| &fact.places);
    let lines: BTreeSet<u32> = places
        .map(|place| analysis.files.position(place.span).line)
        .collect();
    let missing = example.evidence.iter().find(|line| !lines.contains(line))?;
    let of_file = |line: &u32| (example.line + line).saturating_sub(1).to_string();
    let got: Vec<String> = lines.iter().map(of_file).collect();
    Some((
        format!("evidence on line {}", of_file(missing)),
        match got.is_empty() {
            true => "no evidence".to_owned(),
            false => format!("evidence on line {}", got.join(", ")),
        },
    ))
}

/// The worst of the points, as an example says it.
fn worst<'p>(points: impl Iterator<Item = &'p Point>) -> Outcome {
    let mut points: Vec<&Point> = points.collect();
    points.sort_by_key(|point| point.state);
    let Some(first) = points.first() else {
        return Outcome::NotApplicable;
    };
    match first.state {
        State::Exposed => {
            let mut exposed = points.iter().filter(|p| p.state == State::Exposed);
            if exposed.all(|point| !point.when.is_empty()) {
                Outcome::Depends
            } else {
                Outcome::Exposed
            }
        }
        State::Question => Outcome::Question,
        State::Mitigated => Outcome::Mitigated,
        State::NotApplicable => Outcome::NotApplicable,
    }
}

/// What came out, with the facts that made it so.
fn told(got: Outcome, threats: &[&Threat], analysis: &Analysis) -> String {
    let mut said = got.word().to_owned();
    let points = threats.iter().flat_map(|threat| &threat.points);
    for fact in points.flat_map(|point| &point.evidence).take(8) {
        let subject = analysis.model.architecture.label(fact.subject);
        said.push_str(&format!("\n  {} of {subject} is {}", fact.fact, fact.value));
        if let Some(reason) = &fact.unknown {
            said.push_str(&format!(" ({reason})"));
        }
    }
    if threats.is_empty() {
        let components = analysis.model.architecture.components.iter();
        let kinds: BTreeSet<&str> = components.map(|component| &*component.kind).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        said.push_str(&format!("\n  components of kinds: {}", kinds.join(", ")));
    }
    said
}

fn countermeasure_result(
    analysis: &Analysis,
    library: &Library,
    id: &str,
    expect: &Expect,
) -> Difference {
    if let Some(broken) = broken(analysis) {
        return Some((expect.outcome.word().to_owned(), broken));
    }
    let def = library.countermeasure(id)?;
    let architecture = &analysis.model.architecture;
    let answers = underbelly_engine::in_place(architecture, library, def);
    let outcomes: Vec<(SubjectId, Outcome)> = answers
        .iter()
        .filter(|(subject, _)| {
            let on = expect.on.as_ref();
            on.is_none_or(|on| is_called(architecture, *subject, on))
        })
        .map(|(subject, answer)| {
            let outcome = match answer.verdict {
                Verdict::Yes => Outcome::InPlace,
                Verdict::No => Outcome::Missing,
                Verdict::Unknown => Outcome::Unknown,
                Verdict::Depends(_) => Outcome::Partial,
            };
            (*subject, outcome)
        })
        .collect();
    let got = joined(outcomes.iter().map(|(_, outcome)| *outcome));
    if got == expect.outcome {
        return None;
    }
    let mut said = got.word().to_owned();
    for (subject, answer) in answers.iter().take(4) {
        said.push_str(&format!("\n  on {}:", architecture.label(*subject)));
        for atom in answer.evidence.iter().take(6) {
            said.push_str(&format!(" {} is {};", atom.fact, atom.shown));
        }
    }
    Some((expect.outcome.word().to_owned(), said))
}

fn is_called(architecture: &Architecture, subject: SubjectId, name: &str) -> bool {
    let owner = architecture.owner(subject);
    let part = architecture.part(subject);
    owner.is_some_and(|owner| *owner.short == *name || *owner.id == *name)
        || part.is_some_and(|part| *part.key == *name)
}

fn joined(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let outcomes: BTreeSet<&'static str> = outcomes.map(Outcome::word).collect();
    let of = |word: &str| {
        let all = Outcome::OF_COUNTERMEASURES.into_iter();
        all.into_iter().find(|outcome| outcome.word() == word)
    };
    let mut all = outcomes.iter();
    match (all.next(), all.next()) {
        (None, _) => Outcome::NotApplicable,
        (Some(word), None) => of(word).unwrap_or(Outcome::Unknown),
        (Some(_), Some(_)) => Outcome::Partial,
    }
}

/// An error in the example's own template, which would make any answer worthless.
fn broken(analysis: &Analysis) -> Option<String> {
    let errors = analysis.diagnostics.iter();
    let error = errors.into_iter().find(|d| d.severity == Severity::Error)?;
    Some(format!("the template itself is wrong: {}", error.message))
}
