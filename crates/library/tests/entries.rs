//! The file of a new entry, and the list of facts.

mod common;

use common::{built_in, render};
use underbelly_library::{EntryKind, facts_page, new_entry};
use underbelly_source::{Files, Limits};

#[test]
fn a_new_entry_lacks_only_what_is_to_be_filled_in() {
    // The last name in back-ticks is what is missing.
    let missing = |kind: EntryKind| {
        let (_, (knowledge, _)) = built_in();
        let mut files = Files::default();
        let path = format!("mine/{}/brand-new.yaml", kind.folder());
        files.add(path, new_entry(kind, "brand-new"));
        let limits = Limits::default();
        let (_, problems) = knowledge.extended_with(&files, "mine", &limits);
        let all_missing = problems
            .iter()
            .all(|problem| matches!(problem.code, "missing-key" | "no-gap"));
        assert!(all_missing, "{}", render(&files, &problems));
        let keys = problems.iter();
        let keys = keys.filter_map(|problem| problem.message.rsplit('`').nth(1));
        keys.map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        missing(EntryKind::Threat),
        "exposed name applies-to source action impact why likelihood"
    );
    assert_eq!(
        missing(EntryKind::Countermeasure),
        "name applies-to in-place do verify"
    );
}

#[test]
fn facts_are_listed_with_type_giver_and_meaning() {
    let (_, (knowledge, _)) = built_in();
    let library = &knowledge.library;
    let page = facts_page(library, Some("function-url")).unwrap();
    for line in [
        "function-url: A public HTTPS address of one function, without an API in front.",
        "  target     ref<function> (written)",
        "as entry-point",
        "as every component",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    let page = facts_page(library, Some("function")).unwrap();
    assert!(page.contains("  code.runs_shell "), "{page}");
    assert!(page.contains("each of `admits`: "), "{page}");
    let page = facts_page(library, Some("route")).unwrap();
    assert!(page.contains("`component` is what the route belongs to"));
    assert!(
        facts_page(library, None)
            .unwrap()
            .contains("  function-url ")
    );
    assert_eq!(facts_page(library, Some("functin")), None);
}
