//! The rules every picture keeps.
