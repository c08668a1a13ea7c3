//! A library small enough to hold in mind.

use underbelly_library::{Knowledge, load};
use underbelly_source::{Diagnostic, Files, Limits};

/// Its files: two kinds, a countermeasure and a threat.
pub(crate) const GROUND: [(&str, &str); 8] = [
    (
        "kinds/traits/component.yaml",
        "trait: component
name: Component
names: components
about: Anything.
traits: []
facts:
  sensitive: { type: bool, by: person, about: It holds secrets., until-answered: unknown, ask: 'Does {component}?' }
",
    ),
    (
        "kinds/function.yaml",
        "kind: function
name: Function
names: functions
about: Code.
traits: []
drawn: node
zone: application
facts:
  timeout: { type: num<s>, by: catalogue, about: How long. }
  limit: { type: 'num<1>?', by: catalogue, about: How many. }
code:
  runs_shell: { ask: Does it?, looks-for: [os.system], good: false }
",
    ),
    (
        "kinds/function-url.yaml",
        "kind: function-url
name: Function URL
names: function URLs
about: An address.
traits: []
drawn: node
zone: edge
facts:
  auth: { type: 'enum{none|iam}', by: catalogue, about: Who may. }
  target: { type: ref<function>, by: catalogue, about: What it calls. }
",
    ),
    (
        "vocabulary/abilities.yaml",
        "abilities:
  - { id: invoke, name: invoke, about: Call. }
",
    ),
    (
        "zones.yaml",
        "zones:
  - { id: edge, name: Edge, rating: 40, about: Outside. }
  - { id: application, name: Application, rating: 60, about: Inside. }
",
    ),
    (
        "standards/cwe.yaml",
        "id: cwe
title: Weaknesses
version: '4.14'
source: https://cwe.mitre.org
checked: '2026-01-31'
items: { CWE-306: Missing Authentication }
",
    ),
    ("countermeasures/url-iam.yaml", MEASURE),
    ("threats/url-open.yaml", THREAT),
];

/// A countermeasure with which nothing is wrong.
pub(crate) const MEASURE: &str = "id: url-iam
name: Signed calls
status: stable
applies-to: function-url
in-place: auth == \"iam\"
lowers: { likelihood: 0.8 }
effort: small
do: Sign.
verify: Call it unsigned.
references: [https://example.com/iam]
examples:
  - case: signed
    expect: in-place
    sam: |
      Resources: {}
  - case: open
    expect: missing
    sam: |
      Resources: {}
";

/// A threat with which nothing is wrong.
pub(crate) const THREAT: &str = "id: url-open
name: Open URL
status: stable
applies-to: function-url
when: \"true\"
exposed: auth == \"none\"
threat:
  source: anyone
  action: calls {component}
  impact: runs {target}
  harms: [integrity]
why: Because.
rate: { likelihood: high, impact: { integrity: medium } }
stride: [spoofing]
standards: { cwe: [CWE-306] }
countermeasures:
  - url-iam: { sufficient: true }
references: [https://example.com/open]
examples:
  - case: open
    expect: exposed
    sam: |
      Resources: {}   # <- evidence
  - case: signed
    expect: mitigated
    sam: |
      Resources: {}
";

/// The small library with `files` in place of those of the same path.
pub(crate) fn small(files: &[(&str, &str)]) -> (Files, (Knowledge, Vec<Diagnostic>)) {
    let mut all = Files::default();
    for (path, text) in files {
        all.add(format!("lib/{path}"), *text);
    }
    for (path, text) in GROUND {
        // The same path again keeps the first text.
        all.add(format!("lib/{path}"), text);
    }
    let loaded = load(&all, "lib", &Limits::default());
    (all, loaded)
}
