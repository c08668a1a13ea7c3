//! Actions and patterns of them that others do not take in, found by their service:
//! there may be thousands of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_library::fits;

use super::ability::{self, Wildcard};
use super::pattern::Pattern;

/// What is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// As written.
    names: Vec<Arc<str>>,
    /// By service; under `*` what may be about any.
    by_service: BTreeMap<String, Vec<(Arc<str>, Pattern)>>,
}

impl LeftOut {
    /// These, each once.
    pub(crate) fn of(names: impl IntoIterator<Item = Arc<str>>) -> Self {
        let mut out = Self::default();
        let mut known = BTreeSet::new();
        for name in names {
            if known.insert(name.clone()) {
                let service = match ability::service(&name) {
                    any if any.contains(['*', '?']) => "*".to_owned(),
                    service => service,
                };
                let of = out.by_service.entry(service).or_default();
                of.push((name.clone(), Pattern::literal(&name)));
                out.names.push(name);
            }
        }
        out
    }

    /// The same and more.
    pub(crate) fn and(&self, more: &[Arc<str>]) -> Self {
        Self::of(self.names.iter().chain(more).cloned())
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// As written.
    pub(crate) fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Whether some of a service may be among them.
    pub(crate) fn touches(&self, service: &str) -> bool {
        let mut named = self.about(Some(service));
        named.any(
            |(name, _)| matches!(&*ability::service(name), own if own == service || own == "*"),
        )
    }

    /// Whether an action of a service is among them.
    pub(crate) fn has(&self, service: &str, verb: &str) -> bool {
        let mut named = self.about(Some(service));
        named.any(|(name, _)| match name.split_once(':') {
            Some((own, pattern)) => own.eq_ignore_ascii_case(service) && fits(pattern, verb),
            None => ability::wildcard(name) == Wildcard::All,
        })
    }

    /// Whether an action is among them, by its full name.
    pub(crate) fn has_named(&self, name: &str) -> bool {
        let mut named = self.about(Some(&ability::service(name)));
        named.any(|(own, _)| takes_in(own, name))
    }

    /// Whether some of an action or pattern may be among them.
    pub(crate) fn overlaps(&self, action: &Pattern) -> bool {
        let mut named = self.about(action.service().as_deref());
        named.any(|(_, own)| own.overlaps(action))
    }

    /// Whether one of them takes in all of an action or pattern.
    pub(crate) fn covers(&self, action: &Pattern) -> bool {
        let mut named = self.about(action.service().as_deref());
        named.any(|(_, own)| own.covers(action))
    }

    /// Those that may be about a service; all of them, where it is not known.
    fn about(&self, service: Option<&str>) -> impl Iterator<Item = &(Arc<str>, Pattern)> + use<'_> {
        let of = |service| self.by_service.get(service).map_or(&[][..], Vec::as_slice);
        let (all, own, any) = match service {
            None => (Some(self.by_service.values().flatten()), &[][..], &[][..]),
            Some("*") => (None, &[][..], of("*")),
            Some(service) => (None, of(service), of("*")),
        };
        all.into_iter().flatten().chain(own).chain(any)
    }
}

/// Whether a pattern of actions takes in an action.
pub(crate) fn takes_in(pattern: &str, name: &str) -> bool {
    match ability::wildcard(pattern) {
        Wildcard::All => true,
        Wildcard::Service | Wildcard::None => fits(pattern, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_found_by_its_service() {
        let out =
            LeftOut::of(["s3:Get*", "SQS:SendMessage", "s?:PutObject", "s3:Get*"].map(Arc::from));
        assert_eq!(out.names().len(), 3);
        let check = |action: &str, has: bool, overlaps: bool, covers: bool| {
            let pattern = Pattern::literal(action);
            assert_eq!(out.has_named(action), has, "{action}");
            assert_eq!(out.overlaps(&pattern), overlaps, "{action}");
            assert_eq!(out.covers(&pattern), covers, "{action}");
        };
        check("s3:GetObject", true, true, true);
        check("s3:PutObject", true, true, true);
        check("sqs:sendmessage", true, true, true);
        check("sqs:ReceiveMessage", false, false, false);
        check("sns:Publish", false, false, false);
        check("*", false, true, false);
        check("s*:Put*", false, true, false);
        assert!(out.has("s3", "GetObject") && !out.has("s3", "PutObject"));
        assert!(out.touches("sqs") && !out.touches("sns"));
        assert!(LeftOut::of(["*".into()]).touches("sns"));
        assert!(out.and(&["*".into()]).has_named("sns:Publish"));
    }
}
