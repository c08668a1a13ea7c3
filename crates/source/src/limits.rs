//! How much input is read before we stop and say so.

/// Bounds on what one analysis may cost. Each is a value given by the caller;
/// exceeding one is a diagnostic and cuts only what exceeds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file; a larger one is not read.
    pub file_bytes: usize,
    /// Files of one analysis.
    pub files: usize,
    /// Nesting of mappings and sequences in one document.
    pub depth: usize,
    /// Nodes of one document after aliases and merge keys are followed.
    pub nodes: usize,
    /// Resources of one system after loops and nested stacks are expanded.
    pub resources: usize,
    /// Steps spent on resolving the expressions of one system.
    pub steps: usize,
    /// Nesting of stacks, includes and references followed.
    pub nesting: usize,
    /// Consistent combinations of conditions judged for one entry on one component.
    pub worlds: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 32 << 20,
            files: 50_000,
            depth: 200,
            nodes: 4_000_000,
            resources: 100_000,
            steps: 20_000_000,
            nesting: 64,
            worlds: 64,
        }
    }
}
