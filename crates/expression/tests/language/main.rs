//! The language as its users see it: what is accepted, what is answered, and
//! the properties that hold of every answer.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod answers;
mod checks;
mod oracle;
mod properties;
mod random;
mod seed;
mod shop;
mod truths;
mod worlds;
