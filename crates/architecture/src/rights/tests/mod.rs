//! From a template to what is said of it, as tables.

mod access;
mod admits;
mod buckets;
mod escalations;
mod grants;
mod mistakes;
mod reference;
mod roles;
mod secrets;
