//! Rate limits, quotas and request checks: of stages, their routes and usage plans.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, SubjectId, Value};
use underbelly_iac::{Resource, ResourceId};
use underbelly_source::Span;

use crate::derived::{
    Offer, all, any, as_bool, bool_like, hint, in_words, is_written, no, referred, unresolved,
};
use crate::draft::Draft;

/// The settings of the stages of all APIs.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    stages: BTreeMap<SubjectId, Vec<Stage>>,
    plans: BTreeMap<SubjectId, Vec<Plan>>,
}

#[derive(Debug)]
struct Stage {
    guard: Guard,
    head: Span,
    properties: Fact,
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Rest,
    Http,
}

#[derive(Debug)]
struct Plan {
    guard: Guard,
    throttled: Fact,
    quota: Fact,
}

impl Limits {
    /// Reads them.
    pub(crate) fn of(draft: &mut Draft<'_>) -> Self {
        let mut limits = Self::default();
        limits.add_stages(draft, "AWS::ApiGateway::Stage", "RestApiId", Of::Rest);
        limits.add_stages(draft, "AWS::ApiGatewayV2::Stage", "ApiId", Of::Http);
        for (id, resource) in draft.of_type("AWS::ApiGateway::Deployment") {
            // A deployment that names a stage makes it.
            if resource.properties.field("StageName").is_absent() {
                continue;
            }
            let properties = resource.properties.field("StageDescription").into_owned();
            for (guard, api) in draft.owners((id, resource), "RestApiId", "rest-api") {
                let declared = limits.stages.entry(api).or_default();
                let same = |stage: &Stage| stage.of == Of::Rest;
                // The stage's own resource says more.
                if properties.is_absent() && declared.iter().any(same) {
                    continue;
                }
                declared.push(Stage {
                    guard,
                    head: resource.head,
                    properties: properties.clone(),
                    of: Of::Rest,
                });
            }
        }
        limits.add_plans(draft);
        limits
    }

    fn add_stages(&mut self, draft: &mut Draft<'_>, kind: &str, owner: &str, of: Of) {
        let api_kind = match of {
            Of::Rest => "rest-api",
            Of::Http => "http-api",
        };
        for (id, resource) in draft.of_type(kind) {
            for (guard, api) in draft.owners((id, resource), owner, api_kind) {
                self.stages.entry(api).or_default().push(Stage {
                    guard,
                    head: resource.head,
                    properties: resource.properties.clone(),
                    of,
                });
            }
        }
    }

    fn add_plans(&mut self, draft: &mut Draft<'_>) {
        for (id, resource) in draft.of_type("AWS::ApiGateway::UsagePlan") {
            let properties = &resource.properties;
            let stages = properties.field("ApiStages").into_owned();
            let (stages, _) = stages.items();
            for (guard, stage) in stages {
                let api = stage.field("ApiId").into_owned();
                for (inner, api) in draft.target_components(&api, id) {
                    let guard = resource.guard.and(&guard).and_then(|g| g.and(&inner));
                    let Some(guard) = guard else { continue };
                    let rate = properties.path("Throttle.RateLimit");
                    self.plans.entry(api).or_default().push(Plan {
                        guard,
                        throttled: limited(&rate, resource.head),
                        quota: is_written(&properties.field("Quota"), resource.head),
                    });
                }
            }
        }
    }

    /// Whether a rate limit applies to a method in all stages.
    pub(crate) fn of_method(
        &self,
        draft: &Draft<'_>,
        api: SubjectId,
        route: (&Fact, &Fact),
        key_required: &Fact,
        head: Span,
    ) -> Fact {
        let (method, path) = (in_words(route.0), in_words(route.1));
        let stages = self.stages(draft, api, head, |stage| {
            let settings = stage.properties.field("MethodSettings").into_owned();
            let (items, rest) = settings.items();
            let mut offers = Vec::new();
            for (guard, setting) in items {
                let on_method = in_words(&setting.field("HttpMethod"));
                let on_path = in_words(&setting.field("ResourcePath"));
                let method_fits = on_method == "*" || on_method.eq_ignore_ascii_case(&method);
                let path_fits = matches!(&*on_path, "*" | "/*") || on_path == path;
                if method_fits && path_fits {
                    let rate = setting.field("ThrottlingRateLimit");
                    offers.push((guard, limited(&rate, stage.head)));
                }
            }
            let own = stage.properties.field("ThrottlingRateLimit");
            offers.push((Guard::always(), limited(&own, stage.head)));
            offers.extend(rest.map(|rest| (Guard::always(), Fact::Unknown(rest.clone()))));
            any(&draft.graph.worlds, &stage.guard, &offers, &no(stage.head))
        });
        let plans = self.plans.get(&api).map_or(&[][..], Vec::as_slice);
        let mut offers: Vec<Offer> = plans
            .iter()
            .map(|plan| (plan.guard.clone(), plan.throttled.clone()))
            .collect();
        // A plan limits only those who must show its key.
        let keyed = key_required.map(|case| match case.as_bool() {
            Some(true) => any(&draft.graph.worlds, &Guard::always(), &offers, &no(head)),
            Some(false) => no(head),
            None => case.clone(),
        });
        offers.clear();
        offers.push((Guard::always(), stages));
        offers.push((Guard::always(), keyed));
        any(
            &draft.graph.worlds,
            &draft.guard_of(api),
            &offers,
            &no(head),
        )
    }

    /// Whether a rate limit applies to a route in all stages.
    pub(crate) fn of_route(
        &self,
        draft: &Draft<'_>,
        api: SubjectId,
        key: &Fact,
        head: Span,
    ) -> Fact {
        let key = in_words(key);
        self.stages(draft, api, head, |stage| {
            let default = stage
                .properties
                .path("DefaultRouteSettings.ThrottlingRateLimit")
                .into_owned();
            let settings = stage.properties.field("RouteSettings").into_owned();
            let own = settings.field(&key);
            let offers = [
                (
                    Guard::always(),
                    limited(&own.field("ThrottlingRateLimit"), stage.head),
                ),
                (Guard::always(), limited(&default, stage.head)),
            ];
            any(&draft.graph.worlds, &stage.guard, &offers, &no(stage.head))
        })
    }

    /// Yes if so in all stages; no where there is none.
    fn stages(
        &self,
        draft: &Draft<'_>,
        api: SubjectId,
        head: Span,
        of: impl Fn(&Stage) -> Fact,
    ) -> Fact {
        let stages = self.stages.get(&api).map_or(&[][..], Vec::as_slice);
        let offers: Vec<Offer> = stages
            .iter()
            .map(|stage| (stage.guard.clone(), of(stage)))
            .collect();
        let head = draft.place_of(api).unwrap_or(head);
        all(
            &draft.graph.worlds,
            &draft.guard_of(api),
            &offers,
            &no(head),
        )
    }

    /// Sets what holds for whole APIs: limited if every route is, preflight aside.
    pub(crate) fn add(&self, draft: &mut Draft<'_>) {
        for kind in ["rest-api", "http-api", "websocket-api"] {
            for api in draft.of_kind(kind) {
                let Some(head) = draft.place_of(api) else {
                    continue;
                };
                let routes = draft.parts_of(api, "routes");
                let mut offers = Vec::new();
                for part in routes {
                    let preflight = draft.fact(part, "preflight").and_then(Fact::as_bool);
                    let Some(found) = draft.parts.get(part.index()) else {
                        continue;
                    };
                    if let (Some(fact), true) =
                        (found.facts.get("throttled"), preflight != Some(true))
                    {
                        offers.push((found.guard.clone(), fact.clone()));
                    }
                }
                let worlds = &draft.graph.worlds;
                let within = draft.guard_of(api);
                let by_stage = self.whole_stages(draft, api, head);
                let throttled = all(worlds, &within, &offers, &by_stage);
                let plans = self.plans.get(&api).map_or(&[][..], Vec::as_slice);
                let quotas: Vec<Offer> = plans
                    .iter()
                    .map(|plan| (plan.guard.clone(), plan.quota.clone()))
                    .collect();
                let quota = any(worlds, &within, &quotas, &no(head));
                draft.set_unless(api, "throttled", throttled);
                draft.set_unless(api, "client_quota", quota);
            }
        }
    }

    fn whole_stages(&self, draft: &Draft<'_>, api: SubjectId, head: Span) -> Fact {
        let any_path = Fact::text("*", head);
        let rest = draft.kind_of(api) == "rest-api";
        match rest {
            true => self.of_method(draft, api, (&any_path, &any_path), &no(head), head),
            false => self.of_route(draft, api, &any_path, head),
        }
    }
}

/// Whether a rate is set: a number that is not negative. One that comes with the
/// deployment is taken for one.
fn limited(rate: &Fact, head: Span) -> Fact {
    rate.map(|case| match (case, case.as_number(), in_words(case)) {
        (Fact::Absent(_), _, _) => no(head),
        (Fact::Known(_), Some(number), _) => bool_like(case, number >= 0),
        // Rates may be fractions.
        (Fact::Known(_), None, words) => match words.parse::<f64>() {
            Ok(number) => bool_like(case, number >= 0.0),
            Err(_) => unresolved(case),
        },
        (Fact::Unknown(unknown), _, _) => {
            let span = unknown.place.map_or(head, |place| place.span);
            hint(true, span, "a rate is set, whatever it is")
        }
        (Fact::OneOf(_), _, _) => case.clone(),
    })
}

/// Whether a method checks requests: its validator checks the body or parameters.
pub(crate) fn validated(draft: &Draft<'_>, method: &Resource) -> Fact {
    let head = method.head;
    let validator = method.properties.field("RequestValidatorId");
    validator.map(|case| match case {
        Fact::Absent(_) => no(head),
        Fact::Known(_) => match checks(draft, referred(case)) {
            Some(fact) => fact,
            None => unresolved(case),
        },
        Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
    })
}

fn checks(draft: &Draft<'_>, validator: Option<ResourceId>) -> Option<Fact> {
    let resource = draft.graph.resource(validator?)?;
    if &*resource.kind != "AWS::ApiGateway::RequestValidator" {
        return None;
    }
    let flag = |name: &str| {
        let written = resource.properties.field(name);
        (Guard::always(), as_bool(&written, false, resource.head))
    };
    let flags = [
        flag("ValidateRequestBody"),
        flag("ValidateRequestParameters"),
    ];
    let fact = any(
        &draft.graph.worlds,
        &Guard::always(),
        &flags,
        &no(resource.head),
    );
    match fact.as_known().map(|known| &known.value) {
        // Where neither is written the validator's head is the place.
        Some(Value::Bool(false)) => Some(bool_like(&flags[0].1, false)),
        _ => Some(fact),
    }
}
