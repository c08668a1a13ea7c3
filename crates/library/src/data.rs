//! Dated data: tables that change with the providers, each with its source.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{AccessLevel, ManagedPolicies, PublishedActions};

/// All tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// What actions let one do.
    pub actions: ActionTable,
    /// Policies the provider manages. They stand beside the compiled library, not in it.
    #[serde(skip)]
    pub managed_policies: ManagedPolicies,
    /// Language runtimes, by id.
    pub runtimes: BTreeMap<Arc<str>, Runtime>,
    /// Words that hint at something.
    pub words: Words,
}

/// An action's name or pattern, and the abilities it gives.
pub type Gives = (Arc<str>, Vec<Arc<str>>);

/// Actions by service prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionTable {
    /// By service prefix, such as `dynamodb`.
    pub services: BTreeMap<Arc<str>, ServiceActions>,
    /// Abilities of actions that no service of this table lists: by level, then by
    /// name or pattern (`Get*`, `*Token*`).
    pub others: BTreeMap<AccessLevel, Vec<Gives>>,
    /// What services are called by mistake, with the prefix of each.
    pub misnamed: BTreeMap<Arc<str>, Arc<str>>,
    /// All actions there are. It stands beside the compiled library, not in it.
    #[serde(skip)]
    pub published: PublishedActions,
}

/// What the actions of one service let one do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceActions {
    /// The service's name for people.
    pub name: Arc<str>,
    /// What all actions together give.
    pub everything: Vec<Arc<str>>,
    /// Abilities by action or pattern (`BatchGet*`), without the service.
    pub actions: Vec<Gives>,
    /// Actions or patterns that give no ability.
    pub harmless: Vec<Arc<str>>,
    /// Names of calls that are no actions, with the action that allows each.
    pub instead: Vec<(Arc<str>, Arc<str>)>,
    /// Names that were actions once, which the provider's own policies still name.
    pub former: Vec<Arc<str>>,
}

/// A language runtime's dates, `YYYY-MM-DD`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runtime {
    /// No more security patches from then on.
    pub deprecated: Option<Arc<str>>,
    /// No new functions from then on.
    pub block_create: Option<Arc<str>>,
    /// No updates from then on.
    pub block_update: Option<Arc<str>>,
    /// What to move to.
    pub successor: Option<Arc<str>>,
}

/// Word lists, by name: `secret_names`, `not_secret_names`, `webhook_paths` …
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Words by list, in lower case; `api_key` stands for two words in a row.
    pub lists: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    /// Values that are secrets by their form, in the order of the file.
    pub secret_shapes: Vec<SecretShape>,
}

/// The form of a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretShape {
    /// What it is.
    pub name: Arc<str>,
    /// How it begins.
    pub prefix: Arc<str>,
    /// The least characters in all.
    pub least: u32,
    /// What stands after the prefix, as in a character class: `A-Za-z0-9_-`;
    /// `any` for everything.
    pub alphabet: Arc<str>,
}

/// What providers publish of their resource types, by type: what the catalogue
/// is checked against. No run needs it.
pub type ResourceTypes = BTreeMap<Arc<str>, ResourceType>;

/// What a resource of one type may say and answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceType {
    /// The attribute that a plain reference gives, where there is one.
    pub reference: Option<Arc<str>>,
    /// What can be asked of it.
    pub attributes: Vec<Arc<str>>,
    /// Its properties; only the longest paths: `A.B` of `A`, `A[]` an item, `A.*` anything.
    pub properties: Vec<Arc<str>>,
}
