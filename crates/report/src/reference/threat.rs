//! A threat's page.

use std::fmt::Write as _;

use underbelly_library::{Outcome, ThreatDef, ThreatPage};

use super::{Writer, condition, example, prose, references, source, status};
use crate::page::sentence;
use crate::view::table::library::{decided_by, lowers, on, provider, removes};

impl Writer<'_> {
    pub(super) fn threat(&self, def: &ThreatDef, page: &ThreatPage) -> String {
        let mut out = format!("# {}\n\n", prose(&def.name));
        let applies = self.applies(&def.applies_to);
        let provider = provider(self.part, def);
        let _ = writeln!(
            out,
            "`{}` · threat to {} · [{provider}](../providers.md)",
            def.id, applies
        );
        status(&def.status, &mut out);
        let _ = writeln!(out, "\n{}\n\n{}", prose(&sentence(page)), prose(&page.why));
        if let Some(hint) = &page.hint {
            let _ = writeln!(out, "\n{}", prose(hint));
        }
        rates(def, page, &mut out);
        self.against(def, &mut out);
        let mut examples = page.examples.iter();
        let exposed = [Outcome::Exposed, Outcome::Depends, Outcome::Question];
        let found = examples.find(|one| exposed.contains(&one.expect.outcome));
        example("Where it is found", found, &mut out);
        self.named("Known as", &page.standards, &mut out);
        references(&page.references, &mut out);
        source(&page.path, &mut out);
        out
    }

    fn against(&self, def: &ThreatDef, out: &mut String) {
        if def.countermeasures.is_empty() {
            return;
        }
        out.push_str("\n| countermeasure | do | effort | removes |\n|---|---|---|---|\n");
        for link in &def.countermeasures {
            let known = self.part.library.countermeasure(&link.id);
            let page = self.countermeasures.get(&*link.id);
            let (Some(measure), Some(page)) = (known, page) else {
                continue;
            };
            let mut removed = vec![removes(lowers(link, measure))];
            if link.sufficient {
                removed.insert(0, "settles it alone".to_owned());
            }
            removed.retain(|said| !said.is_empty());
            let on = on(self.part, link);
            let on = match on.is_empty() {
                true => String::new(),
                false => format!(", on {}", prose(&on)),
            };
            let _ = writeln!(
                out,
                "| [{}](../countermeasures/{}.md){on} | {} | {} | {} |",
                prose(&measure.name),
                measure.id,
                prose(&page.action),
                measure.effort.word(),
                removed.join("; ")
            );
        }
    }
}

/// How likely, how bad, and how it is found.
fn rates(def: &ThreatDef, page: &ThreatPage, out: &mut String) {
    let impact = def.rate.impact;
    let stride: Vec<&str> = page.stride.iter().map(|stride| stride.word()).collect();
    let exposed = match &def.exposed {
        Some(exposed) => condition(exposed.text()),
        None => "no sufficient countermeasure is in place".to_owned(),
    };
    let rows = [
        ("likelihood", def.rate.likelihood.word().to_owned()),
        (
            "impact",
            format!(
                "confidentiality {}, integrity {}, availability {}",
                impact.confidentiality.word(),
                impact.integrity.word(),
                impact.availability.word()
            ),
        ),
        ("STRIDE", stride.join(", ")),
        ("detected by", decided_by(&page.decided_by)),
        ("applies when", condition(def.when.text())),
        ("exposed when", exposed),
    ];
    out.push_str("\n| | |\n|---|---|\n");
    for (name, said) in rows {
        let _ = writeln!(out, "| {name} | {} |", said.replace('|', "\\|"));
    }
}
