//! Whom a limit is about, compared with those whom an Allow lets in.

use underbelly_expression::Text;

use super::pattern::Pattern;
use super::policy::{Named, Statement};

/// Whether a Deny is about those whom an Allow lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Concerns {
    /// It is about none of them.
    None,
    /// It is about all of them.
    All,
    /// It is about all but some, who are named.
    AllButNamed,
    /// Nobody can tell.
    Unsure,
}

/// Principals, ready to be compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Principals {
    named: Vec<Principal>,
    /// Whether all but those are meant.
    but: bool,
    /// Whether there may be more.
    unsure: bool,
}

#[derive(Clone, Debug)]
struct Principal {
    pattern: Pattern,
    is_anybody: bool,
    /// The account it stands for as a whole.
    account: Option<String>,
    /// The account it is in.
    within: Option<String>,
}

impl Principals {
    /// Those of a statement.
    pub(super) fn of(statement: &Statement) -> Self {
        Self {
            named: statement.principals.iter().map(Principal::of).collect(),
            but: statement.but_principals,
            unsure: statement.more_principals.is_some(),
        }
    }

    /// Whether a limit with these principals is about those whom an Allow lets in:
    /// about everybody, where it is in the policy of an identity.
    pub(super) fn concern(&self, allowed: &Principals) -> Concerns {
        if allowed.named.is_empty() || self.named.is_empty() && !self.unsure {
            return Concerns::All;
        }
        let covered = |one: &Principal| self.named.iter().any(|named| named.covers(one));
        let touched = |one: &Principal| {
            let mut named = self.named.iter();
            named.any(|named| named.pattern.overlaps(&one.pattern))
        };
        let allowed = &allowed.named;
        match self.but {
            // Of everybody it leaves those it names.
            true if allowed.iter().any(|one| one.is_anybody) => Concerns::AllButNamed,
            true if allowed.iter().all(covered) => Concerns::None,
            true if self.unsure || allowed.iter().any(touched) => Concerns::Unsure,
            true => Concerns::All,
            false if allowed.iter().all(covered) => Concerns::All,
            // Somebody denied does not make everybody anybody less.
            false if allowed.iter().all(|one| one.is_anybody) && !self.unsure => Concerns::None,
            false if self.unsure || allowed.iter().any(|one| !one.is_anybody && touched(one)) => {
                Concerns::Unsure
            }
            false => Concerns::None,
        }
    }
}

impl Principal {
    fn of(named: &Named) -> Self {
        let text: &Text = &named.term.text;
        let shown = text.to_string();
        let account = match shown.strip_suffix(":root") {
            Some(arn) => arn.rsplit(':').next().unwrap_or_default(),
            None => &shown,
        };
        Self {
            pattern: Pattern::of(text),
            is_anybody: text.known() == Some("*"),
            account: (!account.is_empty()).then(|| account.to_owned()),
            within: shown.split(':').nth(4).map(str::to_owned),
        }
    }

    /// Whether it is another one, or the account in which that is.
    fn covers(&self, one: &Principal) -> bool {
        let is_account = self.account.is_some() && self.account == one.within;
        is_account || self.pattern.covers(&one.pattern)
    }
}
