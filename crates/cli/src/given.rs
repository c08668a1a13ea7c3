//! Parameter values the user gives: on the command line, or in a file.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Error, Result, bail};
use serde_json::{Map, Value};
use underbelly_source::{Files, Limits};
use underbelly_syntax::{Kind, Node};

use crate::arguments::Reading;
use crate::roots::shown;
use crate::samconfig;

/// Values of parameters, and where they come from.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub values: BTreeMap<String, String>,
    /// The file they were taken from, in a few words with the names it gives.
    pub told: Option<String>,
}

/// All values; the command line wins over the file.
pub(crate) fn parameters(reading: &Reading) -> Result<Given> {
    let mut given = match &reading.parameter_file {
        Some(path) => from_file(path, &reading.config_env)?,
        None => Given::default(),
    };
    for pair in &reading.parameters {
        let Some((key, value)) = pair.split_once('=') else {
            bail!("`--parameters {pair}`: write KEY=VALUE");
        };
        given.values.insert(key.to_owned(), value.to_owned());
    }
    Ok(given)
}

fn from_file(path: &Path, environment: &str) -> Result<Given> {
    let within = || format!("in `{}`", shown(path));
    let text = text_of(path)?;
    let value = parsed(path, &text).map_err(Error::msg)?;
    let settings = samconfig::is_one(path) || ending(path) == "toml";
    let (values, of) = if settings {
        let (values, sections) = samconfig::given(&value, environment).with_context(within)?;
        let sections = sections.join(" and ");
        (values, format!(", environment {environment} ({sections})"))
    } else {
        (cloudformation(&value).with_context(within)?, String::new())
    };
    let names: Vec<&str> = values.keys().map(String::as_str).collect();
    let names = match names.as_slice() {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    Ok(Given {
        told: Some(format!("Parameters from {}{of}: {names}.", shown(path))),
        values,
    })
}

fn text_of(path: &Path) -> Result<String> {
    let name = shown(path);
    let limit = Limits::default().file_bytes;
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(limit as u64).read_to_string(&mut text))
        .with_context(|| format!("`{name}` could not be read"))?;
    if text.len() >= limit {
        bail!("`{name}` is over the limit of {} MiB", limit >> 20);
    }
    Ok(text)
}

fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_ascii_lowercase()
}

/// A file of JSON, YAML or TOML as one value, or why it is none.
pub(crate) fn parsed(path: &Path, text: &str) -> Result<Value, String> {
    let name = shown(path);
    // What the parsers say beside the place may show what stands there.
    match ending(path).as_str() {
        "toml" => toml::from_str(text).map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            format!("`{name}` is not TOML (line {line})")
        }),
        "yaml" | "yml" => from_yaml(&name, text),
        _ => serde_json::from_str(text)
            .map_err(|error| format!("`{name}` is not JSON (line {})", error.line())),
    }
}

fn from_yaml(name: &str, text: &str) -> Result<Value, String> {
    let mut files = Files::default();
    let file = files.add(name, text);
    let (documents, problems) = underbelly_syntax::read(&files, file, &Limits::default());
    match (documents.first(), problems.first()) {
        (Some(document), None) => Ok(plain(document.root())),
        (_, Some(problem)) => Err(format!("`{name}` is not YAML: {}", problem.message)),
        (None, None) => Err(format!("`{name}` is empty")),
    }
}

/// What the reader gives is no deeper than its limit.
fn plain(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.boolean().unwrap_or_default()),
        Kind::Number | Kind::Text => Value::String(node.text().unwrap_or_default().to_owned()),
        Kind::Sequence => node.items().map(plain).collect(),
        Kind::Mapping => {
            let entries = node.entries();
            let entries = entries.map(|entry| (entry.name().to_owned(), plain(entry.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// `[{ParameterKey, ParameterValue}]`, `{Parameters: {…}}` or `{KEY: VALUE}`.
fn cloudformation(value: &Value) -> Result<BTreeMap<String, String>> {
    match value {
        Value::Array(items) => {
            let pairs = items.iter().map(|item| match item {
                Value::String(pair) => pair
                    .split_once('=')
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .with_context(|| format!("`{pair}` is not KEY=VALUE")),
                item => {
                    let key = item.get("ParameterKey").and_then(Value::as_str);
                    let key = key.context("an item has no `ParameterKey`")?;
                    let value = item.get("ParameterValue").map(text).unwrap_or_default();
                    Ok((key.to_owned(), value))
                }
            });
            pairs.collect()
        }
        Value::Object(object) => match object.get("Parameters") {
            Some(inner @ Value::Object(_)) => cloudformation(inner),
            _ => Ok(object
                .iter()
                .map(|(key, value)| (key.clone(), text(value)))
                .collect()),
        },
        _ => bail!("expected a list or a map of parameters"),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(given: &BTreeMap<String, String>) -> String {
        let pairs: Vec<String> = given.iter().map(|(k, v)| format!("{k}={v}")).collect();
        pairs.join(" | ")
    }

    #[test]
    fn every_notation_of_a_parameter_file_is_read() {
        for (written, expected) in [
            (
                r#"[{"ParameterKey":"Stage","ParameterValue":"prod"}]"#,
                "Stage=prod",
            ),
            (r#"["Stage=prod","Size=3"]"#, "Size=3 | Stage=prod"),
            (r#"{"Parameters":{"Stage":"prod"}}"#, "Stage=prod"),
            (r#"{"Stage":"prod","Size":3}"#, "Size=3 | Stage=prod"),
        ] {
            let value = serde_json::from_str(written).unwrap();
            assert_eq!(shown(&cloudformation(&value).unwrap()), expected);
        }
    }
}
