//! Flows and what follows from them, from templates.

mod behind;
mod entrances;
mod events;
mod following;
mod orchestration;
