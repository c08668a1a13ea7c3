//! A YAML syntax error in words for people who do not know the grammar.

use granit_parser::{ErrorKind, ScanError};
use underbelly_source::{Diagnostic, FileId, Span};

use crate::template;

/// The diagnostic for an error at byte `at`; `innermost` is where the innermost
/// open collection begins.
pub(crate) fn describe(
    error: &ScanError,
    file: FileId,
    text: &str,
    at: usize,
    innermost: Option<Span>,
) -> Diagnostic {
    let words = words(error.kind());
    let message = format!("the YAML cannot be read on: {}", words.what);
    let mut problem = Diagnostic::error("yaml-syntax", message)
        .at(one_character(file, text, at))
        .note("what stands before is read, the rest of the document is not");
    if let (true, Some(span)) = (words.opened, innermost) {
        problem = problem.and(span, "opened here");
    }
    match template::help(text, at) {
        Some(help) => problem.help(help),
        None => problem.help(words.help),
    }
}

/// The character at a byte, or the end of the text.
pub(crate) fn one_character(file: FileId, text: &str, at: usize) -> Span {
    let at = text.floor_char_boundary(at.min(text.len()));
    let next = text.get(at..).and_then(|rest| rest.chars().next());
    let len = next.filter(|c| !c.is_control()).map_or(0, char::len_utf8);
    Span::new(file, at as u32, (at + len) as u32)
}

struct Words {
    what: String,
    help: &'static str,
    /// Whether it helps to see where the innermost collection began.
    opened: bool,
}

fn words(kind: &ErrorKind) -> Words {
    use ErrorKind as E;
    let say = |what: &str, help| Words {
        what: what.to_owned(),
        help,
        opened: false,
    };
    let inside = |what: &str, help| Words {
        opened: true,
        ..say(what, help)
    };
    match kind {
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabInPlainScalar
        | E::TabAtBlockScalarStart => {
            say("a tab stands where only spaces may", "indent with spaces")
        }
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => say(
            "a quote is opened and never closed",
            "close it, or quote a text that contains quotes with the other kind",
        ),
        E::UnclosedFlowCollection { open } => {
            say(&format!("`{open}` is opened and never closed"), "close it")
        }
        E::UnexpectedEofFlowSequence => inside("the text ends inside `[…]`", "close it"),
        E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping => {
            inside("the text ends inside `{…}`", "close it")
        }
        E::UnexpectedEof | E::UnexpectedEofBlockSequence | E::UnexpectedEofBlockMapping => {
            inside("the text ends too early", "complete the last value")
        }
        E::MisplacedFlowCollectionEnd => say(
            "a bracket is closed that was not opened",
            "remove it or open it before",
        ),
        E::MismatchedFlowCollectionEnd { open, close } => inside(
            &format!("`{open}` is closed by `{close}`"),
            "close brackets in the order they were opened, with the same kind",
        ),
        E::ExpectedFlowMappingSeparator => inside(
            "`,` or `}` is missing",
            "separate the entries by `,` and close the mapping by `}`",
        ),
        E::ExpectedFlowSequenceSeparator => inside(
            "`,` or `]` is missing",
            "separate the items by `,` and close the list by `]`",
        ),
        E::ExpectedBlockMappingKey => inside(
            "a key is expected here",
            "give keys of the same mapping the same indentation; a list needs a key of its own",
        ),
        E::ExpectedBlockSequenceEntry
        | E::BlockSequenceEntryNotAllowed
        | E::BlockEntryInFlowCollection => inside(
            "a list item `-` and something else stand side by side",
            "give all items of a list the same indentation, and other values a key of their own",
        ),
        E::MappingValueNotAllowed | E::MappingKeyNotAllowed | E::InvalidColonPlacement => say(
            "a `:` stands where no key may be",
            "check the indentation of this line and the one before; quote a text that contains `: `",
        ),
        E::SimpleKeyExpected | E::InvalidSimpleKey => say(
            "a `:` after the key is missing",
            "write `key: value`; check the indentation of this line and the one before",
        ),
        E::InvalidIndentation
        | E::InvalidFlowScalarIndent
        | E::InvalidQuotedScalarIndent
        | E::InvalidBlockScalarIndent => say(
            "the indentation fits nothing before",
            "align this line with the values it belongs to",
        ),
        E::UnexpectedCharacter { character } => say(
            &format!("no value may begin with `{}`", character.escape_default()),
            "put the value in quotes",
        ),
        E::ExpectedNodeContent => inside(
            "a value is missing",
            "write a value, or remove what stands here",
        ),
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidUnicodeEscape => say(
            "no such escape exists in double quotes",
            "write `\\\\` for a backslash, or use single quotes, where it needs none",
        ),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => say(
            "something follows a closing quote",
            "quote the whole value; inside single quotes write `''`, inside double quotes `\\\"`",
        ),
        E::InvalidDocumentEnd => say("something follows `...`", "begin a new document with `---`"),
        E::UndeclaredTagHandle => say(
            "the tag's handle is not declared",
            "write short tags such as `!Sub`",
        ),
        E::CommentNotSeparated => say(
            "a comment needs a space before its `#`",
            "add a space, or quote the value",
        ),
        other => say(&other.to_string(), "correct the syntax"),
    }
}
