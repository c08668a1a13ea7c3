//! `Domain` of an API: the domain name, its mappings and its DNS record.

use underbelly_expression::{Fact, Guard};

use super::Expansion;
use crate::implied::{Implied, New};
use crate::make::{Properties, as_logical_id, list, or_else, place_of, present};
use crate::routes::Flavour;

/// Adds what `Domain` implies.
pub(crate) fn add(
    expansion: &mut Expansion<'_, '_, '_>,
    flavour: Flavour,
    stage_id: &str,
    implied: &mut Implied<'_>,
) {
    let written = implied.by;
    let domain = written.properties.field("Domain").into_owned();
    let head = place_of(&written.properties, "Domain", written.head);
    for (guard, case) in present(&domain) {
        let name = case.field("DomainName").into_owned();
        let suffix = as_logical_id(name.as_text().unwrap_or(&written.logical_id));
        let (prefix, kind) = match flavour {
            Flavour::Rest => ("ApiGatewayDomainName", "AWS::ApiGateway::DomainName"),
            Flavour::Http => ("ApiGatewayDomainNameV2", "AWS::ApiGatewayV2::DomainName"),
        };
        let logical_id = format!("{prefix}{suffix}");
        let properties = match flavour {
            Flavour::Rest => rest_domain(&case, head),
            Flavour::Http => http_domain(&case, head),
        };
        let new = New {
            logical_id: &logical_id,
            sub: "domain",
            kind,
            head,
        };
        implied.add(expansion.stack, new, &guard, properties);
        let id = expansion.stack.id(&logical_id, head);
        let mention = format!("{}.DomainName", written.logical_id);
        expansion.stack.names.stands_for(&mention, id, head);
        mappings(
            expansion,
            flavour,
            (&logical_id, stage_id),
            &case,
            &guard,
            implied,
        );
        record(expansion, &logical_id, &case, &guard, implied);
    }
}

fn rest_domain(from: &Fact, head: underbelly_source::Span) -> Fact {
    let endpoint = from.field("EndpointConfiguration").into_owned();
    let endpoint = or_else(&endpoint, &Fact::text("REGIONAL", head));
    let certificate = match endpoint.as_text() {
        Some("EDGE") => "CertificateArn",
        _ => "RegionalCertificateArn",
    };
    let kinds = Properties::at(head).set("Types", list([endpoint], head));
    Properties::at(head)
        .copy(from, "DomainName")
        .rename(from, "CertificateArn", certificate)
        .set("EndpointConfiguration", kinds.build())
        .copy_all(
            from,
            &[
                "SecurityPolicy",
                "MutualTlsAuthentication",
                "OwnershipVerificationCertificateArn",
                "Policy",
            ],
        )
        .build()
}

fn http_domain(from: &Fact, head: underbelly_source::Span) -> Fact {
    let endpoint = from.field("EndpointConfiguration").into_owned();
    let endpoint = or_else(&endpoint, &Fact::text("REGIONAL", head));
    let configuration = Properties::at(head)
        .copy(from, "CertificateArn")
        .set("EndpointType", endpoint)
        .copy_all(
            from,
            &["SecurityPolicy", "OwnershipVerificationCertificateArn"],
        );
    Properties::at(head)
        .copy(from, "DomainName")
        .set(
            "DomainNameConfigurations",
            list([configuration.build()], head),
        )
        .copy(from, "MutualTlsAuthentication")
        .build()
}

/// One mapping per base path, or one for the root.
fn mappings(
    expansion: &mut Expansion<'_, '_, '_>,
    flavour: Flavour,
    (domain_id, stage_id): (&str, &str),
    from: &Fact,
    guard: &Guard,
    implied: &mut Implied<'_>,
) {
    let head = place_of(from, "BasePath", from.head(implied.by.head));
    let paths = from.field("BasePath").into_owned();
    let (items, _) = paths.items();
    let mut wanted: Vec<(Guard, Fact)> = items
        .into_iter()
        .map(|(guard, path)| (guard, path.clone()))
        .collect();
    if wanted.is_empty() {
        wanted.push((Guard::always(), Fact::absent(Some(head))));
    }
    let (kind, suffix, key) = match flavour {
        Flavour::Rest => (
            "AWS::ApiGateway::BasePathMapping",
            "BasePathMapping",
            ("RestApiId", "BasePath"),
        ),
        Flavour::Http => (
            "AWS::ApiGatewayV2::ApiMapping",
            "ApiMapping",
            ("ApiId", "ApiMappingKey"),
        ),
    };
    for (inner, path) in wanted {
        let Some(guard) = guard.and(&inner) else {
            continue;
        };
        let name = path.as_text().unwrap_or_default().trim_matches('/');
        let path = match path.as_text() {
            Some("/") => Fact::absent(Some(head)),
            Some(_) => Fact::text(name, path.head(head)),
            None => path.clone(),
        };
        let logical_id = format!("{}{}{suffix}", implied.by.logical_id, as_logical_id(name));
        let api = expansion.stack.reference(&implied.by.logical_id, "", head);
        let domain = expansion.stack.reference(domain_id, "", head);
        let stage = expansion.stack.reference(stage_id, "", head);
        let properties = Properties::at(head)
            .set(key.0, api)
            .set(key.1, path)
            .set("DomainName", domain)
            .set("Stage", stage);
        let sub = format!("mapping {name}");
        let new = New {
            logical_id: &logical_id,
            sub: sub.trim(),
            kind,
            head,
        };
        implied.add(expansion.stack, new, &guard, properties.build());
    }
}

fn record(
    expansion: &mut Expansion<'_, '_, '_>,
    domain_id: &str,
    from: &Fact,
    guard: &Guard,
    implied: &mut Implied<'_>,
) {
    let zone = from.field("Route53").into_owned();
    let head = place_of(from, "Route53", implied.by.head);
    for (inner, case) in present(&zone) {
        let Some(guard) = guard.and(&inner) else {
            continue;
        };
        let target = expansion
            .stack
            .reference(domain_id, "RegionalDomainName", head);
        let alias = Properties::at(head).set("DNSName", target);
        let record = Properties::at(head)
            .rename(from, "DomainName", "Name")
            .text("Type", "A")
            .set("AliasTarget", alias.build());
        let properties = Properties::at(head)
            .copy_all(&case, &["HostedZoneId", "HostedZoneName"])
            .set("RecordSets", list([record.build()], head));
        let logical_id = format!("{}RecordSetGroup", implied.by.logical_id);
        let new = New {
            logical_id: &logical_id,
            sub: "record",
            kind: "AWS::Route53::RecordSetGroup",
            head,
        };
        implied.add(expansion.stack, new, &guard, properties.build());
    }
}
