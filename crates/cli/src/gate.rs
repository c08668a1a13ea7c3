//! `--fail-on`: whether something too bad is exposed, and what.

use std::fmt::Write as _;

use underbelly_analysis::Analysis;
use underbelly_library::Library;
use underbelly_model::Band;

use crate::arguments::BandArgument;
use crate::outcome::Outcome;
use crate::terminal;

/// How many threats are named.
const MOST: usize = 10;

/// Says on standard error what keeps the gate shut. What people decided on does not.
pub(crate) fn check(analysis: &Analysis, library: &Library, least: BandArgument) -> Outcome {
    let least = band(least);
    let model = &analysis.model;
    let threats = model.threats.iter();
    let found = threats.filter(|threat| threat.is_shown() && threat.risk.band >= least);
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        return Outcome::Done;
    }
    let word = least.word().replace('-', " ");
    let mut said = match found.len() {
        1 => format!("failed: a threat of {word} risk or above is exposed"),
        n => format!("failed: {n} threats of {word} risk or above are exposed"),
    };
    for threat in found.iter().take(MOST) {
        let def = library.threat(&threat.entry);
        let name = def.map_or(&*threat.entry, |def| &def.name);
        let risk = threat.risk.value.round();
        let _ = write!(said, "\n  {risk:>3} {name} ({})", threat.id);
    }
    if found.len() > MOST {
        let _ = write!(said, "\n  and {} more", found.len() - MOST);
    }
    let help = "`underbelly accept THREAT PATH --reason … --until DATE` lets one pass for a while";
    let _ = write!(said, "\n{help}");
    terminal::complain_plainly(&said);
    Outcome::GateFailed
}

fn band(argument: BandArgument) -> Band {
    match argument {
        BandArgument::VeryLow => Band::VeryLow,
        BandArgument::Low => Band::Low,
        BandArgument::Medium => Band::Medium,
        BandArgument::High => Band::High,
        BandArgument::Critical => Band::Critical,
    }
}
