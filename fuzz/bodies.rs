//! What each fuzz target does with its bytes, and what must hold afterwards.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use underbelly_analysis::{Options, Sources, analyze};
use underbelly_expression::Expression;
use underbelly_iac::Input;
use underbelly_library::Library;
use underbelly_report::Paper;
use underbelly_source::{Files, Limits, Span};
use underbelly_syntax::{Kind, Node};

/// Small, so that reaching a limit is tried too.
fn limits() -> Limits {
    Limits {
        nodes: 20_000,
        resources: 500,
        steps: 200_000,
        ..Limits::default()
    }
}

/// Any text is read into trees whose spans lie in it, on borders of characters.
pub(crate) fn readers(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for name in ["input.yaml", "input.json"] {
        let mut files = Files::default();
        let file = files.add(name, &*text);
        let (documents, problems) = underbelly_syntax::read(&files, file, &limits());
        let inside =
            |span: Span| assert!(text.get(span.start as usize..span.end as usize).is_some());
        for span in problems.iter().filter_map(|problem| problem.span) {
            inside(span);
        }
        for document in &documents {
            let mut open: Vec<(Node<'_>, usize)> = vec![(document.root(), 0)];
            let mut n_seen = 0;
            while let Some((node, depth)) = open.pop() {
                inside(node.span());
                n_seen += 1;
                // Aliases may make a tree of any size; its beginning will do.
                if n_seen > 20_000 {
                    break;
                }
                assert!(depth <= 400);
                match node.kind() {
                    Kind::Mapping => {
                        open.extend(
                            node.entries()
                                .flat_map(|e| [(e.key, depth + 1), (e.value, depth + 1)]),
                        );
                    }
                    Kind::Sequence => open.extend(node.items().map(|item| (item, depth + 1))),
                    _ => {}
                }
            }
        }
    }
}

/// Any text is a condition or is refused where it goes wrong.
pub(crate) fn language(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(problems) = Expression::parse(&text) {
        assert!(!problems.is_empty());
        for problem in problems {
            assert!(text.get(problem.range.bytes()).is_some(), "{problem:?}");
            assert!(!problem.message.is_empty());
        }
    }
}

/// Any text goes the whole way, and what comes out can be shown.
pub(crate) fn pipeline(data: &[u8]) {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    let library = LIBRARY.get_or_init(underbelly_builtin::rules);
    let text = String::from_utf8_lossy(data);
    let mut sources = Sources::default();
    let file = sources.files.add("app/template.yaml", &*text);
    sources.inputs.push(Input { file });
    let options = Options {
        as_of: "2026-11-23".to_owned(),
        parameters: BTreeMap::new(),
        limits: limits(),
    };
    // What it refers to is the file itself: circles are tried too.
    let analysis = analyze(sources, library, &options, &mut |_| {
        Ok(text.as_ref().into())
    });
    let header = underbelly_exchange::Header {
        tool: "fuzz",
        name_of: &|id| id,
        summaries: &[],
    };
    let (model, diagnostics, files) = (&analysis.model, &analysis.diagnostics, &analysis.files);
    let document = underbelly_exchange::document(model, diagnostics, files, &header);
    let mut json = Vec::new();
    assert!(underbelly_exchange::write_json(&document, &mut json).is_ok());
    assert!(json.ends_with(b"}\n"));
    let sources = underbelly_report::Sources {
        files,
        secrets: &analysis.model.architecture.secrets,
        words: &library.data.words,
    };
    let summary = underbelly_report::Summary {
        report: underbelly_report::Report {
            model,
            library,
            sources,
            diagnostics,
            counts: &analysis.counts,
        },
        paths: "app",
        all: true,
    };
    let screen = underbelly_report::summary(&summary, Paper::plain(80));
    assert!(screen.chars().all(|c| c == '\n' || !c.is_control()));
    for diagnostic in &analysis.diagnostics {
        sources.diagnostic(Paper::plain(80), diagnostic);
    }
}
