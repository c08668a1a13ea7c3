//! `Fn::Transform`: a local file in place of the call; other macros are not run.

use underbelly_expression::{Fact, Reason};
use underbelly_source::{Diagnostic, FileId, Span};
use underbelly_syntax::Node;

use crate::cloudformation::evaluate::Call;
use crate::cloudformation::scope::Scope;
use crate::reader::Found;

pub(super) fn transform<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    match scope.include(call.argument, call.span) {
        Some((file, root)) => {
            scope.including.push(file);
            let fact = scope.evaluate(root);
            scope.including.pop();
            fact
        }
        None => Fact::unknown(
            Reason::MissingFile("`Fn::Transform`".into()),
            Some(call.span),
        ),
    }
}

impl<'a> Scope<'_, 'a> {
    /// The root of the file that a transform includes.
    pub(crate) fn include(
        &mut self,
        transform: Node<'a>,
        span: Span,
    ) -> Option<(FileId, Node<'a>)> {
        let name = transform.get("Name").and_then(Node::text).unwrap_or("?");
        if name != "AWS::Include" {
            self.report(
                Diagnostic::note_only("macro-not-run", format!("the macro `{name}` is not run"))
                    .at(span)
                    .note("what it makes is not in the model"),
            );
            return None;
        }
        let location = transform.find(&["Parameters", "Location"])?;
        let fact = self.evaluate(location);
        let pattern = fact.as_pattern();
        let Some(path) = pattern.and_then(|text| text.known()) else {
            self.report(
                Diagnostic::note_only("remote-file", "an included file is not local")
                    .at(location.span())
                    .note("what it holds is not known here")
                    .help("name a local copy to have it read"),
            );
            return None;
        };
        let path = path.to_owned();
        let Found::File(file) = self.reader.locate(&path, location.span()) else {
            return None;
        };
        if self.including.contains(&file) {
            self.report(
                Diagnostic::error("circular-include", format!("`{path}` includes itself"))
                    .at(span)
                    .note("the inner one is left out"),
            );
            return None;
        }
        if self.including.len() >= self.reader.limits.nesting {
            self.exceeded("nesting", span);
            return None;
        }
        let document = self.reader.referred(file)?;
        Some((file, document.root()))
    }
}
