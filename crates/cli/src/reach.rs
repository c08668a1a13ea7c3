//! `underbelly reach`: the roads an attacker could walk.

use anyhow::{Result, bail};
use underbelly_analysis::Analysis;
use underbelly_expression::{SubjectId, Value};
use underbelly_model::{Architecture, Held, Hold, Road};
use underbelly_reach::{Cut, Graph, Opening, Survey, to_holds};
use underbelly_report::{Asked, Report, Sources, clean};

use crate::arguments::{Reach, ReachFormat};
use crate::knowledge::library;
use crate::outcome::Outcome;
use crate::{model, terminal};

pub(crate) fn run(arguments: &Reach) -> Result<Outcome> {
    let library = library(&arguments.reading.own)?;
    let analysis = model::read(&arguments.paths, &arguments.reading, &library)?;
    let sources = Sources {
        files: &analysis.files,
        secrets: &analysis.model.architecture.secrets,
        words: &library.data.words,
    };
    if analysis.counts.templates == 0 {
        return model::nothing_read(&arguments.paths, &analysis, sources);
    }
    let (asked, roads) = roads(arguments, &analysis)?;
    match arguments.format {
        ReachFormat::Text => {
            let report = Report {
                model: &analysis.model,
                library: &library,
                sources,
                diagnostics: &analysis.diagnostics,
                counts: &analysis.counts,
            };
            let paper = terminal::paper();
            let openings = openings(&asked, &analysis);
            let openings = openings.as_ref();
            let text =
                underbelly_report::reach(&report, &asked, &roads, openings, arguments.all, paper);
            terminal::print(&text)?;
        }
        ReachFormat::Json => {
            let header = underbelly_exchange::Header {
                tool: concat!("underbelly ", env!("CARGO_PKG_VERSION")),
                name_of: &|id| id,
                summaries: &[],
            };
            let architecture = &analysis.model.architecture;
            let openings = openings(&asked, &analysis);
            let openings = openings.as_ref();
            let files = &analysis.files;
            let shape = underbelly_exchange::roads(architecture, &roads, openings, files, &header);
            terminal::print_by(|out| underbelly_exchange::write_json(&shape, out))?;
        }
    }
    Ok(Outcome::Done)
}

/// What opens the roads to the data, where that was asked for.
fn openings(asked: &Asked, analysis: &Analysis) -> Option<Cut<Opening>> {
    let architecture = &analysis.model.architecture;
    match asked {
        Asked::Data => underbelly_reach::openings(architecture, &Graph::of(architecture)),
        Asked::To(_) | Asked::From(_) | Asked::Between(..) => None,
    }
}

/// Where attackers start without having anything.
const OUTSIDE: [&str; 2] = ["internet", "outside"];

fn roads(arguments: &Reach, analysis: &Analysis) -> Result<(Asked, Vec<Road>)> {
    let architecture = &analysis.model.architecture;
    let from = arguments.from.as_deref();
    let from = from.filter(|from| !OUTSIDE.contains(from));
    let named = |name: &str| component(architecture, name);
    let (from, to) = (
        from.map(named).transpose()?,
        arguments.to.as_deref().map(named).transpose()?,
    );
    let graph = Graph::of(architecture);
    let survey = match from {
        Some(from) => Survey::from_holds(&graph, &Hold::ALL.map(|hold| Held::new(from, hold))),
        None => Survey::from_outside(&graph),
    };
    let name = |subject| architecture.label(subject);
    let (asked, ends) = match (from, to) {
        (None, None) => return Ok((Asked::Data, analysis.model.roads.clone())),
        (None, Some(to)) => (Asked::To(name(to)), of(architecture, to)),
        (Some(from), Some(to)) => (Asked::Between(name(from), name(to)), of(architecture, to)),
        (Some(from), None) => {
            let holds = survey.holds(&graph).into_iter().map(|(held, _)| held);
            // Its own role is no news; what the role may is.
            let own = own_roles(architecture, from);
            let others = holds.filter(|held| held.subject != from && !own.contains(&held.subject));
            (Asked::From(name(from)), others.collect())
        }
    };
    let mut roads = to_holds(&graph, &survey, &ends);
    if from.is_some() {
        // From inside each thing is told once, by its easiest road.
        let mut seen = std::collections::BTreeSet::new();
        roads.retain(|road| seen.insert(road.target.held));
    }
    Ok((asked, roads))
}

fn own_roles(architecture: &Architecture, component: SubjectId) -> Vec<SubjectId> {
    let facts = architecture.facts(component);
    let runs_as = facts.and_then(|facts| facts.get("runs_as"));
    let items = runs_as.map(|fact| fact.items().0).unwrap_or_default();
    let known = items.into_iter().filter_map(|(_, item)| item.as_known());
    known
        .filter_map(|known| match known.value {
            Value::Subject(subject) => Some(subject),
            Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Set(_) | Value::Map(_) => {
                None
            }
        })
        .collect()
}

/// Everything one can have of a component, its routes included.
fn of(architecture: &Architecture, component: SubjectId) -> Vec<Held> {
    let parts = architecture.component(component).into_iter();
    let parts = parts.flat_map(|component| component.parts.iter().copied());
    let subjects = [component].into_iter().chain(parts);
    subjects
        .flat_map(|subject| Hold::ALL.map(|hold| Held::new(subject, hold)))
        .collect()
}

fn component(architecture: &Architecture, name: &str) -> Result<SubjectId> {
    let components = &architecture.components;
    let is = |wanted: &str| {
        let found = components.iter().position(|component| {
            *component.id == *wanted || *component.short == *wanted || *component.name == *wanted
        });
        found.map(SubjectId::component)
    };
    if let Some(found) = is(name) {
        return Ok(found);
    }
    let names = components.iter().map(|component| &*component.short);
    let near = underbelly_expression::closest(name, names);
    let near = near.map(|near| format!("; did you mean `{}`?", clean(near)));
    bail!(
        "there is no component `{}`{}",
        clean(name),
        near.unwrap_or_default()
    )
}
