//! The program as a whole, by data: projects in, what people and programs see
//! out. Inputs and expectations stand in the folder `tests` at the top;
//! `UPDATE_EXPECTED=1` writes what came out, to be read before it is committed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod answers;
mod bad_input;
mod bodies;
mod command_line;
mod corpus;
#[path = "../../../../tests/corpus_folder.rs"]
mod corpus_folder;
mod decisions;
mod door;
mod facts;
mod flows;
mod golden;
mod hostile_names;
mod layout;
mod library_commands;
mod outputs;
mod outside;
mod page;
mod pictures;
mod planted;
mod projects;
mod properties;
mod reach;
mod schema;
mod serverless_properties;
mod ties;
mod traced;
mod twins;
