//! A countermeasure's page.

use std::fmt::Write as _;

use underbelly_library::{CountermeasureDef, CountermeasurePage, Outcome};

use super::{Writer, condition, example, prose, references, source, status};
use crate::markdown::escape::block;
use crate::view::table::library::{decided_by, removes};

impl Writer<'_> {
    pub(super) fn countermeasure(
        &self,
        def: &CountermeasureDef,
        page: &CountermeasurePage,
    ) -> String {
        let mut out = format!("# {}\n\n", prose(&def.name));
        let applies = self.applies(&def.applies_to);
        let _ = writeln!(out, "`{}` · countermeasure on {}", def.id, applies);
        status(&def.status, &mut out);
        let _ = writeln!(out, "\n{}", prose(&page.action));
        for fix in &page.fix {
            let lines: Vec<String> = fix.text.lines().map(str::to_owned).collect();
            let _ = write!(out, "\n{}:\n\n{}", fix.format.name(), block("yaml", &lines));
        }
        let _ = writeln!(out, "\n**Verify.** {}", prose(&page.verify));
        out.push_str("\n| | |\n|---|---|\n");
        let rows = [
            ("effort", def.effort.word().to_owned()),
            ("removes", removes(def.lowers)),
            ("seen by", decided_by(&page.decided_by)),
            ("in place when", condition(def.in_place.text())),
        ];
        for (name, said) in rows {
            let _ = writeln!(out, "| {name} | {} |", said.replace('|', "\\|"));
        }
        let mut against = self.part.against(&def.id).peekable();
        if against.peek().is_some() {
            out.push_str("\n**Against**\n\n");
        }
        for threat in against {
            let name = prose(&threat.name);
            let _ = writeln!(out, "- [{name}](../threats/{}.md)", threat.id);
        }
        let mut examples = page.examples.iter();
        let found = examples.find(|one| one.expect.outcome == Outcome::InPlace);
        example("Where it is in place", found, &mut out);
        self.named("Satisfies", &page.standards, &mut out);
        references(&page.references, &mut out);
        source(&page.path, &mut out);
        out
    }
}
