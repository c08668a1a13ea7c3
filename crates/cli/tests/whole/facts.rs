//! The JSON of a model as lines a person can check by hand.

use serde_json::Value;

/// Systems, components with parts, flows, threats with points and
/// countermeasures, questions, assumptions and diagnostics, a line each.
pub(crate) fn lines(model: &Value) -> String {
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        text += &format!("# {title}\n");
        lines.iter().for_each(|line| text += &format!("{line}\n"));
        text += "\n";
    };
    section("systems", each(model, "systems", system));
    section("components", each(model, "components", component));
    let mut flows = each(model, "flows", flow);
    flows.sort();
    section("flows", flows);
    section("threats", each(model, "threats", threat));
    section("questions", each(model, "questions", question));
    section(
        "assumptions",
        each(model, "assumptions", |a| s(a, "text").to_owned()),
    );
    section("diagnostics", each(model, "diagnostics", diagnostic));
    text
}

/// The items of a list.
pub(crate) fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// A text, empty if it is not there.
pub(crate) fn s<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn each(model: &Value, key: &str, line: impl Fn(&Value) -> String) -> Vec<String> {
    items(model, key).iter().map(line).collect()
}

fn system(system: &Value) -> String {
    format!(
        "{}: {}; {} resources",
        s(system, "name"),
        s(system, "summary"),
        system["resources"]
    )
}

fn component(component: &Value) -> String {
    let resource = &component["resource"];
    let declared = if resource.is_null() {
        String::new()
    } else {
        format!(" = {} {}", s(resource, "type"), s(resource, "logical_id"))
    };
    let outside = if component["outside"] == true {
        ", outside"
    } else {
        ""
    };
    let mut text = format!(
        "{} ({}, {}{outside}){declared}{}",
        s(component, "id"),
        s(component, "kind"),
        s(component, "zone"),
        guard(component)
    );
    let mut parts: Vec<String> = items(component, "parts")
        .iter()
        .map(|part| {
            format!(
                "\n    {} {}{}",
                s(part, "group"),
                s(part, "key"),
                guard(part)
            )
        })
        .collect();
    parts.sort();
    text += &parts.concat();
    text
}

/// `source -> destination, kind: label (strength)`.
pub(crate) fn flow(flow: &Value) -> String {
    let label = s(flow, "label");
    let label = if label.is_empty() {
        String::new()
    } else {
        format!(": {label}")
    };
    let strength = match s(flow, "strength") {
        "strong" => String::new(),
        other => format!(" ({other})"),
    };
    let (source, destination) = (s(flow, "source"), s(flow, "destination"));
    format!(
        "{source} -> {destination}, {}{label}{strength}{}",
        s(flow, "kind"),
        guard(flow)
    )
}

fn threat(threat: &Value) -> String {
    let code = if threat["only_code"] == true {
        ", only code can tell"
    } else {
        ""
    };
    let absorbed = s(threat, "absorbed_by");
    let absorbed = if absorbed.is_empty() {
        String::new()
    } else {
        format!(", part of {absorbed}")
    };
    let mut text = format!(
        "{} {} ({} {}{code}{absorbed}){}",
        s(threat, "state"),
        s(threat, "id"),
        s(&threat["risk"], "band"),
        threat["risk"]["value"],
        guard(threat)
    );
    for point in items(threat, "points")
        .iter()
        .filter(|point| !s(point, "key").is_empty())
    {
        text += &format!(
            "\n    # {} {}{}",
            s(point, "key"),
            s(point, "status"),
            guard(point)
        );
    }
    for one in items(threat, "countermeasures") {
        let enough = if one["sufficient"] == true {
            ", sufficient"
        } else {
            ""
        };
        text += &format!(
            "\n    against it: {} ({}{enough})",
            s(one, "id"),
            s(one, "status")
        );
    }
    text
}

fn question(question: &Value) -> String {
    let n = items(question, "decides").len();
    format!(
        "{} ({}) decides {n}",
        s(question, "key"),
        s(&question["why"], "reason")
    )
}

/// `severity code place: message`.
pub(crate) fn diagnostic(diagnostic: &Value) -> String {
    let place = &diagnostic["place"];
    let place = if place.is_null() {
        s(diagnostic, "path").to_owned()
    } else {
        format!("{}:{}:{}", s(place, "file"), place["line"], place["column"])
    };
    format!(
        "{} {} {place}: {}",
        s(diagnostic, "severity"),
        s(diagnostic, "code"),
        s(diagnostic, "message")
    )
}

fn guard(value: &Value) -> String {
    match s(value, "guard") {
        "" => String::new(),
        guard => format!(" when {guard}"),
    }
}
