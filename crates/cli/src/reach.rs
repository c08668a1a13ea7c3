//! `underbelly reach`: the roads an attacker could walk.

use std::io::{self, Write};

use anyhow::{Result, bail};
use underbelly_analysis::Analysis;
use underbelly_diagram::Theme;
use underbelly_expression::{SubjectId, Value};
use underbelly_library::Library;
use underbelly_model::{Architecture, Held, Hold, Road, Step};
use underbelly_reach::{Cut, Graph, Opening, Survey, to_holds};
use underbelly_report::{Asked, Paper, Report, Sources, clean, picture_of_roads, setting_out};

use crate::arguments::{Format, Reach, ReachFormat};
use crate::knowledge::library;
use crate::outcome::Outcome;
use crate::output::{self, Output};
use crate::roots::{Roots, shown};
use crate::{model, terminal};

/// Pixels of a PNG that stand for one of the picture.
const SCALE: f64 = 2.0;

pub(crate) fn run(arguments: &Reach) -> Result<Outcome> {
    let outputs = outputs(arguments)?;
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
    let (asked, from, roads) = roads(arguments, &analysis)?;
    output::spare(&outputs, &Roots::of(&arguments.paths), &analysis.files)?;
    let telling = Telling {
        arguments,
        analysis: &analysis,
        library: &library,
        asked,
        from,
        roads,
    };
    output::write(&outputs, |output, out| telling.write(output, out))?;
    Ok(Outcome::Done)
}

/// Where it goes and as what.
fn outputs(arguments: &Reach) -> Result<Vec<Output>> {
    if arguments.output.is_empty() {
        let format = match arguments.format {
            ReachFormat::Text => Format::Summary,
            ReachFormat::Json => Format::Json,
        };
        return Ok(vec![Output { format, path: None }]);
    }
    let given = arguments.paths.iter();
    let given = given.chain(&arguments.reading.parameter_file);
    let outputs = output::files(&arguments.output, None, given)?;
    for output in &outputs {
        let path = output.path.as_deref().map(shown).unwrap_or_default();
        match output.format {
            Format::Summary
            | Format::Json
            | Format::Svg
            | Format::Png
            | Format::Mermaid
            | Format::Dot => {}
            Format::Html | Format::Xlsx | Format::Csv | Format::Markdown => bail!(
                "`{path}` asks for a report, and roads are told as .txt, .json, .svg, .png, .mmd or .dot; `underbelly model` writes reports, roads included"
            ),
        }
    }
    Ok(outputs)
}

/// The roads that were asked for.
struct Telling<'a> {
    arguments: &'a Reach,
    analysis: &'a Analysis,
    library: &'a Library,
    asked: Asked,
    /// Where they start, if that is inside.
    from: Option<SubjectId>,
    roads: Vec<Road>,
}

impl Telling<'_> {
    fn write(&self, output: &Output, out: &mut dyn Write) -> io::Result<()> {
        let model = &self.analysis.model;
        let picture = || picture_of_roads(model, self.library, &self.roads, self.from);
        let text = match output.format {
            Format::Json => return self.json(out),
            Format::Svg => picture().svg(Theme::Auto),
            Format::Png => {
                let picture = picture();
                let scale = picture.png_scale(SCALE);
                let bytes = picture.png(Theme::Auto, scale).map_err(io::Error::other)?;
                return out.write_all(&bytes);
            }
            Format::Mermaid => picture().mermaid(),
            Format::Dot => picture().dot(),
            Format::Summary | Format::Html | Format::Xlsx | Format::Csv | Format::Markdown => {
                self.text(output)
            }
        };
        out.write_all(text.as_bytes())
    }

    fn text(&self, output: &Output) -> String {
        let analysis = self.analysis;
        let report = Report {
            model: &analysis.model,
            library: self.library,
            sources: Sources {
                files: &analysis.files,
                secrets: &analysis.model.architecture.secrets,
                words: &self.library.data.words,
            },
            diagnostics: &analysis.diagnostics,
            counts: &analysis.counts,
        };
        let paper = match output.path {
            Some(_) => Paper::plain(100),
            None => terminal::paper(),
        };
        let all = self.arguments.all;
        let openings = openings(&self.asked, analysis);
        let openings = openings.as_ref();
        underbelly_report::reach(&report, &self.asked, &self.roads, openings, all, paper)
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let header = underbelly_exchange::Header {
            tool: concat!("underbelly ", env!("CARGO_PKG_VERSION")),
            name_of: &|id| id,
            summaries: &[],
        };
        let architecture = &self.analysis.model.architecture;
        let files = &self.analysis.files;
        let openings = openings(&self.asked, self.analysis);
        let openings = openings.as_ref();
        let shape = underbelly_exchange::roads(architecture, &self.roads, openings, files, &header);
        underbelly_exchange::write_json(&shape, out)
    }
}

/// What opens the roads to the data, where that was asked for.
fn openings(asked: &Asked, analysis: &Analysis) -> Option<Cut<Opening>> {
    let architecture = &analysis.model.architecture;
    match asked {
        Asked::Data => underbelly_reach::openings(architecture, &Graph::of(architecture)),
        Asked::To(_) | Asked::From(_) | Asked::Between(..) => None,
    }
}

fn roads(arguments: &Reach, analysis: &Analysis) -> Result<(Asked, Option<SubjectId>, Vec<Road>)> {
    let architecture = &analysis.model.architecture;
    let graph = Graph::of(architecture);
    let start = match &arguments.from {
        Some(from) => Start::of(architecture, &graph, from)?,
        None => Start::Outside,
    };
    let end = arguments.to.as_deref();
    let end = end.map(|to| End::of(architecture, to)).transpose()?;
    let survey = match &start {
        Start::Outside => Survey::from_outside(&graph),
        Start::Only(who) => {
            let is_theirs = |step: &Step| setting_out(architecture, step) == *who;
            Survey::over(&graph, &|id| {
                let step = graph.step(id);
                step.is_some_and(|step| step.from.is_some() || is_theirs(step))
            })
        }
        Start::Inside(from) => Survey::from_holds(&graph, &of(architecture, *from, &Hold::ALL)),
    };
    let name = |subject| architecture.label(subject);
    let ends = |end: &End| of(architecture, end.subject, &end.holds);
    let (asked, ends) = match (&start, &end) {
        (Start::Outside, None) => return Ok((Asked::Data, None, analysis.model.roads.clone())),
        (Start::Only(who), None) => {
            let roads = underbelly_reach::roads(architecture, &graph, &survey);
            return Ok((Asked::Between(who.clone(), "data".to_owned()), None, roads));
        }
        (Start::Outside, Some(end)) => (Asked::To(name(end.subject)), ends(end)),
        (Start::Only(who), Some(end)) => {
            (Asked::Between(who.clone(), name(end.subject)), ends(end))
        }
        (Start::Inside(from), Some(end)) => {
            (Asked::Between(name(*from), name(end.subject)), ends(end))
        }
        (Start::Inside(from), None) => {
            let holds = survey.holds(&graph).into_iter().map(|(held, _)| held);
            // Its own role is no news; what the role may is.
            let own = own_roles(architecture, *from);
            let others = holds.filter(|held| held.subject != *from && !own.contains(&held.subject));
            (Asked::From(name(*from)), others.collect())
        }
    };
    let mut roads = to_holds(&graph, &survey, &ends);
    let from = match start {
        Start::Inside(from) => Some(from),
        Start::Outside | Start::Only(_) => None,
    };
    // Who gets answers too need not be told of twice; from inside each thing is told
    // once, by its easiest road.
    let mut seen = std::collections::BTreeSet::new();
    roads.retain(|road| {
        let held = road.target.held;
        let hold = match held.hold {
            Hold::Calls => Hold::Reaches,
            hold => hold,
        };
        let first = road.steps.first().filter(|_| from.is_none());
        seen.insert((held.subject, hold, first.map(|step| step.to)))
    });
    Ok((asked, from, roads))
}

/// Where attackers start without having anything.
const OUTSIDE: [&str; 2] = ["internet", "outside"];

/// Where roads start.
enum Start {
    /// Outside, whoever it is.
    Outside,
    /// Outside, with what these have: `signed-in user`.
    Only(String),
    /// In a component, or at a route.
    Inside(SubjectId),
}

impl Start {
    fn of(architecture: &Architecture, graph: &Graph, said: &str) -> Result<Self> {
        if OUTSIDE.contains(&said) {
            return Ok(Start::Outside);
        }
        let mut first = graph.steps().filter(|(_, step)| step.from.is_none());
        if first.any(|(_, step)| setting_out(architecture, step) == said) {
            return Ok(Start::Only(said.to_owned()));
        }
        Ok(Start::Inside(End::of(architecture, said)?.subject))
    }
}

/// Where roads lead.
struct End {
    subject: SubjectId,
    /// What is wanted of it.
    holds: Vec<Hold>,
}

/// What roads call an end, beside its name.
const HOLDS: [(&str, &[Hold]); 6] = [
    ("reads and writes ", &[Hold::Reads, Hold::Writes]),
    ("reads ", &[Hold::Reads]),
    ("writes ", &[Hold::Writes]),
    ("takes over ", &[Hold::Controls]),
    ("acts as ", &[Hold::Controls]),
    ("decrypts with ", &[Hold::Decrypts]),
];

impl End {
    /// By its name, or as a road tells it.
    fn of(architecture: &Architecture, said: &str) -> Result<Self> {
        let told = HOLDS
            .iter()
            .find_map(|(verb, holds)| Some((said.strip_prefix(verb)?, holds)));
        let (name, holds) = match told {
            Some((name, holds)) => (name, holds.to_vec()),
            None => (said, Hold::ALL.to_vec()),
        };
        let subject = named(architecture, name)?;
        Ok(Self { subject, holds })
    }
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

/// This much of a component, its routes included, or of a route.
fn of(architecture: &Architecture, subject: SubjectId, holds: &[Hold]) -> Vec<Held> {
    let parts = architecture.component(subject).into_iter();
    let parts = parts.flat_map(|component| component.parts.iter().copied());
    let subjects = [subject].into_iter().chain(parts);
    subjects
        .flat_map(|subject| holds.iter().map(move |hold| Held::new(subject, *hold)))
        .collect()
}

/// The component or route of this name.
fn named(architecture: &Architecture, name: &str) -> Result<SubjectId> {
    let components = || architecture.components.iter().enumerate();
    let is_this = |label: &str| *label == *name || *clean(label) == *name;
    let mut by_id = components().filter(|(_, found)| is_this(&found.id) || is_this(&found.short));
    if let Some((index, _)) = by_id.next() {
        return Ok(SubjectId::component(index));
    }
    let routes = || {
        let parts = architecture.parts.iter().enumerate();
        parts
            .filter(|(_, part)| &*part.group == "routes")
            .map(|(index, _)| SubjectId::part(index))
    };
    if let Some(route) = routes().find(|route| is_this(&architecture.label(*route))) {
        return Ok(route);
    }
    let by_name: Vec<_> = components()
        .filter(|(_, found)| is_this(&found.name))
        .collect();
    match by_name.as_slice() {
        [] => {}
        [(index, _)] => return Ok(SubjectId::component(*index)),
        several => {
            let several = several.iter();
            let ids: Vec<String> = several
                .map(|(_, found)| format!("`{}`", clean(&found.short)))
                .collect();
            bail!("`{}` may be any of {}", clean(name), ids.join(", "));
        }
    }
    let shorts = components().map(|(_, found)| found.short.to_string());
    let labels: Vec<String> = shorts
        .chain(routes().map(|route| architecture.label(route)))
        .collect();
    let near = underbelly_expression::closest(name, labels.iter().map(String::as_str));
    let near = near.map(|near| format!("; did you mean `{}`?", clean(near)));
    bail!(
        "there is no component or route `{}`{}",
        clean(name),
        near.unwrap_or_default()
    )
}
