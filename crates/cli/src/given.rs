//! Parameter values the user gives: on the command line, or in a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::arguments::Reading;

/// All values; the command line wins over the file.
pub(crate) fn parameters(reading: &Reading) -> Result<BTreeMap<String, String>> {
    let mut given = match &reading.parameter_file {
        Some(path) => from_file(path, &reading.config_env)?,
        None => BTreeMap::new(),
    };
    for pair in &reading.parameters {
        let Some((key, value)) = pair.split_once('=') else {
            bail!("`--parameters {pair}`: write KEY=VALUE");
        };
        given.insert(key.to_owned(), value.to_owned());
    }
    Ok(given)
}

fn from_file(path: &Path, environment: &str) -> Result<BTreeMap<String, String>> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("`{shown}` could not be read"))?;
    let is_toml = path.extension().is_some_and(|ending| ending == "toml");
    if is_toml {
        let table: toml::Table = text
            .parse()
            .with_context(|| format!("`{shown}` is not TOML"))?;
        return samconfig(&table, environment).with_context(|| format!("in `{shown}`"));
    }
    let value: Value =
        serde_json::from_str(&text).with_context(|| format!("`{shown}` is not JSON"))?;
    cloudformation(&value).with_context(|| format!("in `{shown}`"))
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

/// `parameter_overrides` of an environment, as text or as a list.
fn samconfig(table: &toml::Table, environment: &str) -> Result<BTreeMap<String, String>> {
    let Some(environment_table) = table.get(environment) else {
        bail!("there is no environment `{environment}` (--config-env)");
    };
    let mut found = BTreeMap::new();
    for command in ["global", "build", "deploy"] {
        let overrides = environment_table
            .get(command)
            .and_then(|command| command.get("parameters"))
            .and_then(|parameters| parameters.get("parameter_overrides"));
        match overrides {
            Some(toml::Value::String(text)) => found.extend(pairs(text)),
            Some(toml::Value::Array(items)) => {
                for item in items.iter().filter_map(toml::Value::as_str) {
                    found.extend(pairs(item));
                }
            }
            Some(toml::Value::Table(table)) => {
                for (key, value) in table {
                    let text = match value {
                        toml::Value::String(text) => text.clone(),
                        toml::Value::Integer(number) => number.to_string(),
                        toml::Value::Boolean(value) => value.to_string(),
                        other => bail!("`{key}` is {}, not a value", other.type_str()),
                    };
                    found.insert(key.clone(), text);
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// `A=1 B="two words"`, and the older `ParameterKey=A,ParameterValue=1`.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for word in words(text) {
        let older = word
            .strip_prefix("ParameterKey=")
            .and_then(|rest| rest.split_once(",ParameterValue="));
        if let Some((key, value)) = older.or_else(|| word.split_once('=')) {
            pairs.push((key.to_owned(), value.to_owned()));
        }
    }
    pairs
}

/// Words apart by spaces, quotes taken off.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for character in text.chars() {
        match (character, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('"' | '\'', None) => quote = Some(character),
            (c, None) if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            (c, _) => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
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

    #[test]
    fn samconfig_overrides_are_read_in_text_and_list() {
        for (written, expected) in [
            (
                "[prod.deploy.parameters]\nparameter_overrides = 'Stage=prod Name=\"a b\"'",
                "Name=a b | Stage=prod",
            ),
            (
                "[prod.deploy.parameters]\nparameter_overrides = ['Stage=prod']",
                "Stage=prod",
            ),
            (
                "[prod.global.parameters]\nparameter_overrides = 'ParameterKey=Stage,ParameterValue=prod'",
                "Stage=prod",
            ),
        ] {
            let table: toml::Table = written.parse().unwrap();
            assert_eq!(shown(&samconfig(&table, "prod").unwrap()), expected);
        }
    }
}
