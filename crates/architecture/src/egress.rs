//! Where a function's network leads: in how many zones its subnets lie, and whether
//! it can reach the internet.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::{Basis, Fact, Guard, Reason, Value};
use underbelly_iac::{Resource, ResourceId};

use crate::derived::{Offer, all, any, by_default};
use crate::draft::{Draft, Target};

const ANYWHERE: &[&str] = &["0.0.0.0/0", "::/0"];
/// Ways out that a function's traffic can take. An internet gateway is none: a
/// function has no public address of its own.
const WAYS_OUT: &[&str] = &[
    "NatGatewayId",
    "InstanceId",
    "NetworkInterfaceId",
    "EgressOnlyInternetGatewayId",
    "CarrierGatewayId",
];
/// Ways into networks that were not read.
const WAYS_ON: &[&str] = &[
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "VpcEndpointId",
    "LocalGatewayId",
    "CoreNetworkArn",
];

/// Adds `zones` and `open_egress` of functions.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let routes = Routes::new(draft);
    for function in draft.of_kind("function") {
        let Some((id, resource)) = draft.resource_of(function) else {
            continue;
        };
        let network = resource.properties.field("VpcConfig").into_owned();
        let (zones, open) = if network.is_absent() {
            let note = "a function outside our networks reaches the internet";
            (
                by_default(Value::Number(0), resource.head, "no subnets"),
                by_default(Value::Bool(true), resource.head, note),
            )
        } else {
            (
                zones(draft, &network, id),
                open_egress(draft, &routes, &network, id, resource),
            )
        };
        draft.set(function, "zones", zones);
        draft.set(function, "open_egress", open);
    }
}

/// Where each subnet's traffic goes.
struct Routes {
    /// Route tables by subnet.
    tables: BTreeMap<ResourceId, Vec<(Guard, ResourceId)>>,
    /// Routes to anywhere by route table: whether they lead out.
    routes: BTreeMap<ResourceId, Vec<Offer>>,
}

impl Routes {
    fn new(draft: &Draft<'_>) -> Self {
        let mut tables: BTreeMap<ResourceId, Vec<(Guard, ResourceId)>> = BTreeMap::new();
        for (id, resource) in draft.of_type("AWS::EC2::SubnetRouteTableAssociation") {
            let properties = &resource.properties;
            for (one, subnet) in led(draft, &properties.field("SubnetId"), id) {
                for (other, table) in led(draft, &properties.field("RouteTableId"), id) {
                    let guard = one.and(&other).and_then(|g| g.and(&resource.guard));
                    if let Some(guard) = guard {
                        tables.entry(subnet).or_default().push((guard, table));
                    }
                }
            }
        }
        let mut routes: BTreeMap<ResourceId, Vec<Offer>> = BTreeMap::new();
        for (id, resource) in draft.of_type("AWS::EC2::Route") {
            let Some(out) = leads_out(resource) else {
                continue;
            };
            let value = resource.properties.field("RouteTableId").into_owned();
            for (guard, table) in led(draft, &value, id) {
                if let Some(guard) = guard.and(&resource.guard) {
                    routes.entry(table).or_default().push((guard, out.clone()));
                }
            }
        }
        Self { tables, routes }
    }

    /// Whether traffic of a subnet can leave to anywhere.
    fn of_subnet(&self, subnet: ResourceId) -> Vec<Offer> {
        let tables = self.tables.get(&subnet).map_or(&[][..], Vec::as_slice);
        let mut offers = Vec::new();
        for (outer, table) in tables {
            let routes = self.routes.get(table).map_or(&[][..], Vec::as_slice);
            for (guard, out) in routes {
                if let Some(guard) = outer.and(guard) {
                    offers.push((guard, out.clone()));
                }
            }
        }
        offers
    }
}

/// Whether a route to anywhere leads to the internet; none for other routes.
fn leads_out(route: &Resource) -> Option<Fact> {
    let properties = &route.properties;
    let destinations = ["DestinationCidrBlock", "DestinationIpv6CidrBlock"];
    let destination = destinations
        .iter()
        .map(|name| properties.field(name))
        .find(|value| !value.is_absent())?;
    match destination.as_text() {
        Some(text) if !ANYWHERE.contains(&text) => return None,
        Some(_) => {}
        None => {
            let why = Reason::Unsupported("a route's destination".into());
            return Some(Fact::unknown(why, destination.span()));
        }
    }
    let written = |names: &[&str]| names.iter().any(|name| !properties.field(name).is_absent());
    if written(WAYS_OUT) {
        return Some(Fact::bool(true, route.head));
    }
    if written(WAYS_ON) {
        let why = Reason::Elsewhere("another network".into());
        return Some(Fact::unknown(why, Some(route.head)));
    }
    Some(Fact::bool(false, route.head))
}

fn open_egress(
    draft: &Draft<'_>,
    routes: &Routes,
    network: &Fact,
    near: ResourceId,
    function: &Resource,
) -> Fact {
    let worlds = &draft.graph.worlds;
    let within = &function.guard;
    let mut groups = Vec::new();
    for (guard, target) in draft.targets(&network.field("SecurityGroupIds"), near) {
        let fact = match target {
            Target::Component(group) => draft.fact(group, "open_egress").cloned(),
            Target::Resource(_) => None,
            Target::Outside(name) => Some(Fact::unknown(Reason::OtherComponent(name), None)),
            Target::Unknown(reason) => Some(Fact::unknown(reason, network.span())),
        };
        groups.extend(fact.map(|fact| (guard, fact)));
    }
    let note = "no security group is named, and the default one lets everything out";
    let open = by_default(Value::Bool(true), function.head, note);
    let open = any(worlds, within, &groups, &open);
    let mut ways = Vec::new();
    for (guard, target) in draft.followed(&[], &network.field("SubnetIds"), near) {
        match target {
            Target::Resource(subnet) => {
                let out = routes.of_subnet(subnet).into_iter();
                ways.extend(out.filter_map(|(inner, out)| Some((guard.and(&inner)?, out))));
            }
            Target::Component(_) => {}
            Target::Outside(name) => {
                ways.push((guard, Fact::unknown(Reason::OtherComponent(name), None)));
            }
            Target::Unknown(reason) => ways.push((guard, Fact::unknown(reason, network.span()))),
        }
    }
    let note = "no route to the internet in the files read";
    let head = Some(function.head);
    let closed = Fact::default(Value::Bool(false), Basis::LibraryAssumption, head, note);
    let way = any(worlds, within, &ways, &closed);
    let both = [(Guard::always(), open.clone()), (Guard::always(), way)];
    all(worlds, within, &both, &open)
}

/// How many different zones the subnets name; unknown unless every one says it.
fn zones(draft: &Draft<'_>, network: &Fact, near: ResourceId) -> Fact {
    let subnets = network.field("SubnetIds");
    let unknown = |reason| Fact::unknown(reason, subnets.span());
    let mut names = BTreeSet::new();
    for (_, target) in draft.followed(&[], &subnets, near) {
        let subnet = match target {
            Target::Resource(id) => draft.graph.resource(id),
            Target::Component(_) => None,
            Target::Outside(name) => return unknown(Reason::OtherComponent(name)),
            Target::Unknown(reason) => return unknown(reason),
        };
        let zone = subnet.map(|subnet| subnet.properties.field("AvailabilityZone").into_owned());
        match zone.as_ref().and_then(|zone| zone.as_text()) {
            Some(zone) => names.insert(zone.to_owned()),
            None => return unknown(Reason::Lookup("the zones of its subnets".into())),
        };
    }
    let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
    let places = subnets.span().map(underbelly_source::Place::here);
    Fact::known(
        Value::Number(count),
        Basis::Written,
        places.into_iter().collect(),
    )
}

fn led(draft: &Draft<'_>, value: &Fact, near: ResourceId) -> Vec<(Guard, ResourceId)> {
    let targets = draft.followed(&[], value, near).into_iter();
    let resource = |(guard, target)| match target {
        Target::Resource(id) => Some((guard, id)),
        Target::Component(_) | Target::Outside(_) | Target::Unknown(_) => None,
    };
    targets.filter_map(resource).collect()
}
