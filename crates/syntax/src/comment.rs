//! A comment as it stands in the file.

use underbelly_source::Span;

/// A comment, kept for what people say in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment<'d> {
    /// The whole comment with its mark, without the line break.
    pub span: Span,
    /// What it says, without mark and surrounding space.
    pub text: &'d str,
}

/// What a comment says: `# why` and `// why` both say `why`.
pub(crate) fn words(raw: &str) -> &str {
    let inner = raw
        .strip_prefix("/*")
        .map(|block| block.strip_suffix("*/").unwrap_or(block))
        .or_else(|| raw.strip_prefix("//"))
        .or_else(|| raw.strip_prefix('#'));
    inner.unwrap_or(raw).trim()
}
