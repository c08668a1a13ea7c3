//! Pictures of real systems keep the rules of a layout, and are about as good as
//! those of a well-known program for it.

mod measures;
mod picture;
pub(crate) mod reference;

use std::collections::BTreeMap;
use std::path::Path;

use crate::corpus::analysis;
use crate::corpus_folder::corpus_folder;
use crate::door::root;
use measures::{crossings, length};
use picture::{Picture, Rect};

/// Those of the corpus with most flows.
const SYSTEMS: [&str; 20] = [
    "cdk-json/cdk-json-01-the-saga-stepfunction-typescript",
    "cdk-json/cdk-json-04-the-big-fan-typescript",
    "cdk-json/cdk-json-05-test-integ-basic-deployment-js-snapshot",
    "cdk-json/cdk-json-12-lza-upgrade-cloudformation",
    "cfn-json/cfn-json-03-cdk-templates-localstackhostbootstrap",
    "cfn-yaml/cfn-yaml-04-deployment",
    "cfn-yaml/cfn-yaml-07-cloudformation",
    "cfn-yaml/cfn-yaml-11-solutions-webapp",
    "odd/odd-04-sam-webapp-cognito",
    "sam-json/sam-json-04-translator-output",
    "sam-yaml/sam-yaml-01-template-yaml",
    "sam-yaml/sam-yaml-02-curbside-pickup",
    "sam-yaml/sam-yaml-03-async-state-machine-streaming-lambda-res",
    "sam-yaml/sam-yaml-05-generate-thumbnail",
    "sam-yaml/sam-yaml-08-platform",
    "sam-yaml/sam-yaml-14-sam-or-cdk-sam",
    "sam-yaml/sam-yaml-17-kinesis-data-stream-firehose-apigw-sam",
    "sam-yaml/sam-yaml-33-typescript-test-samples-async-lambda-dyn",
    "sam-yaml/sam-yaml-39-translator-input",
    "sam-yaml/sam-yaml-42-translator-input",
];

/// A system of the table.
struct Row {
    system: String,
    n_boxes: usize,
    n_lines: usize,
    crossings: usize,
    length: f64,
    reference_crossings: usize,
    reference_length: f64,
}

fn pictures(corpus: &Path) -> Vec<Picture> {
    let library = underbelly_builtin::rules();
    let drawn = SYSTEMS.iter().map(|system| {
        let analysis = analysis(&corpus.join(system), &library);
        let svg = underbelly_report::picture(&analysis.model, &library).svg_element();
        picture::read(&svg)
    });
    drawn.collect()
}

#[test]
fn pictures_of_real_systems_keep_the_rules() {
    let Some(corpus) = corpus_folder() else {
        return;
    };
    for (system, picture) in SYSTEMS.iter().zip(pictures(&corpus)) {
        let rects: Vec<Rect> = picture.boxes.iter().map(|boxed| boxed.rect).collect();
        let labels: Vec<Rect> = picture.lines.iter().filter_map(|line| line.label).collect();
        apart(system, &[rects.clone(), labels].concat());
        for line in &picture.lines {
            let (source, destination) = (rects[line.source], rects[line.destination]);
            let (start, end) = (line.points[0], line.points[line.points.len() - 1]);
            let beside = |rect: &Rect, y: f64| y > rect.y && y < rect.y + rect.height;
            assert_eq!(start.0, source.x + source.width, "{system}: {line:?}");
            assert_eq!(end.0, destination.x, "{system}: {line:?}");
            assert!(beside(&source, start.1) && beside(&destination, end.1));
        }
    }
}

fn apart(system: &str, rects: &[Rect]) {
    for (at, one) in rects.iter().enumerate() {
        let hit = rects[at + 1..].iter().find(|other| one.overlaps(other));
        assert_eq!(hit, None, "{system}: {one:?}");
    }
}

#[test]
fn layouts_are_about_as_good_as_the_reference() {
    let path = root().join("tests/layout.tsv");
    let Some(corpus) = corpus_folder() else {
        good_enough(&table(&std::fs::read_to_string(path).unwrap()));
        return;
    };
    let pictures = pictures(&corpus);
    if std::env::var_os("UNDERBELLY_ORACLE").is_some() {
        let rows = rows(&pictures, &reference::measured(&pictures));
        std::fs::write(path, text(&rows)).unwrap();
    }
    let path = root().join("tests/layout.tsv");
    let known = table(&std::fs::read_to_string(path).unwrap());
    let known: BTreeMap<&str, &Row> = known.iter().map(|row| (&*row.system, row)).collect();
    let mut found = rows(&pictures, &vec![(0, 0.0); pictures.len()]);
    found.retain_mut(|row| match known.get(&*row.system) {
        Some(known) if (known.n_boxes, known.n_lines) == (row.n_boxes, row.n_lines) => {
            row.reference_crossings = known.reference_crossings;
            row.reference_length = known.reference_length;
            true
        }
        Some(_) | None => {
            println!(
                "{} is not what it was: `cargo xtask oracle` measures it anew",
                row.system
            );
            false
        }
    });
    good_enough(&found);
}

fn rows(pictures: &[Picture], reference: &[(usize, f64)]) -> Vec<Row> {
    let row = |((system, picture), reference): ((&&str, &Picture), &(usize, f64))| {
        let lines = || picture.lines.iter().map(|line| line.points.as_slice());
        let (_, name) = system.split_once('/').unwrap();
        Row {
            system: name.to_owned(),
            n_boxes: picture.boxes.len(),
            n_lines: picture.lines.len(),
            crossings: crossings(lines()),
            length: length(lines()).round(),
            reference_crossings: reference.0,
            reference_length: reference.1.round(),
        }
    };
    SYSTEMS
        .iter()
        .zip(pictures)
        .zip(reference)
        .map(row)
        .collect()
}

/// No system may cross more or be longer than the reference by more than these.
const CROSSINGS: f64 = 1.3;
const LENGTH: f64 = 1.3;
/// Among so few crossings a few more are no matter.
const FEW: f64 = 2.0;

fn good_enough(rows: &[Row]) {
    let mut bad = Vec::new();
    for row in rows {
        let most = row.reference_crossings as f64 * CROSSINGS + FEW;
        if row.crossings as f64 > most || row.length > row.reference_length * LENGTH {
            bad.push(row);
        }
    }
    let bad: Vec<String> = bad
        .into_iter()
        .map(|row| text(std::slice::from_ref(row)))
        .collect();
    assert!(
        bad.is_empty(),
        "worse than the reference:\n{}",
        bad.concat()
    );
    let sum = |of: fn(&Row) -> f64| rows.iter().map(of).sum::<f64>();
    let crossings = sum(|row| row.crossings as f64);
    let reference = sum(|row| row.reference_crossings as f64);
    assert!(
        crossings <= reference * CROSSINGS,
        "{crossings} crossings, {reference} in the reference"
    );
}

const HEAD: &str =
    "system\tboxes\tlines\tcrossings\tlength\treference crossings\treference length\n";

fn text(rows: &[Row]) -> String {
    let row = |row: &Row| {
        format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            row.system,
            row.n_boxes,
            row.n_lines,
            row.crossings,
            row.length,
            row.reference_crossings,
            row.reference_length
        )
    };
    std::iter::once(HEAD.to_owned())
        .chain(rows.iter().map(row))
        .collect()
}

fn table(text: &str) -> Vec<Row> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| cells[at].parse::<f64>().unwrap();
        Row {
            system: cells[0].to_owned(),
            n_boxes: number(1) as usize,
            n_lines: number(2) as usize,
            crossings: number(3) as usize,
            length: number(4),
            reference_crossings: number(5) as usize,
            reference_length: number(6),
        }
    };
    text.lines().skip(1).map(row).collect()
}
