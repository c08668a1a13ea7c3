//! The serverless tool's own file of settings: which values of parameters an
//! environment deploys with. `samconfig.toml`, or the same in YAML.
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html>

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use serde_json::Value;

/// Commands whose parameters count, the later ones over the earlier.
const COMMANDS: [&str; 3] = ["global", "build", "deploy"];

/// Whether a file is one by its name.
pub(crate) fn is_one(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    matches!(
        name,
        Some("samconfig.toml" | "samconfig.yaml" | "samconfig.yml")
    )
}

/// The environments that give values to parameters.
pub(crate) fn environments(config: &Value) -> Vec<&str> {
    let environments = config.as_object().into_iter().flatten();
    let giving = environments.filter(|(_, environment)| {
        let mut commands = COMMANDS.iter();
        commands.any(|command| overrides(environment, command).is_some())
    });
    giving.map(|(name, _)| name.as_str()).collect()
}

/// What an environment gives, and in which of its sections.
pub(crate) fn given(
    config: &Value,
    environment: &str,
) -> Result<(BTreeMap<String, String>, Vec<&'static str>)> {
    let Some(found) = config.get(environment) else {
        bail!("there is no environment `{environment}` (--config-env)");
    };
    let mut given = BTreeMap::new();
    let mut sections = Vec::new();
    for command in COMMANDS {
        let Some(overrides) = overrides(found, command) else {
            continue;
        };
        sections.push(command);
        match overrides {
            Value::String(text) => given.extend(pairs(text)),
            Value::Array(items) => {
                given.extend(items.iter().filter_map(Value::as_str).flat_map(pairs));
            }
            Value::Object(map) => {
                for (key, value) in map {
                    let text = match value {
                        Value::String(text) => text.clone(),
                        Value::Number(_) | Value::Bool(_) => value.to_string(),
                        Value::Null | Value::Array(_) | Value::Object(_) => {
                            bail!("`{key}` is not one value")
                        }
                    };
                    given.insert(key.clone(), text);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                bail!("`parameter_overrides` is neither a text, a list nor a map")
            }
        }
    }
    Ok((given, sections))
}

fn overrides<'v>(environment: &'v Value, command: &str) -> Option<&'v Value> {
    let parameters = environment.get(command)?.get("parameters")?;
    parameters.get("parameter_overrides")
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

    #[test]
    fn overrides_are_read_in_text_list_and_map() {
        for (written, expected) in [
            (
                r#"{"prod":{"deploy":{"parameters":{"parameter_overrides":"Stage=prod Name=\"a b\""}}}}"#,
                "Name=a b | Stage=prod in deploy",
            ),
            (
                r#"{"prod":{"deploy":{"parameters":{"parameter_overrides":["Stage=prod"]}}}}"#,
                "Stage=prod in deploy",
            ),
            (
                r#"{"prod":{"global":{"parameters":{"parameter_overrides":"ParameterKey=Stage,ParameterValue=prod"}},"build":{"parameters":{"parameter_overrides":{"Size":3}}}}}"#,
                "Size=3 | Stage=prod in global build",
            ),
            (r#"{"prod":{"deploy":{"parameters":{}}}}"#, " in "),
        ] {
            let (given, sections) = given(&serde_json::from_str(written).unwrap(), "prod").unwrap();
            let pairs: Vec<String> = given.iter().map(|(k, v)| format!("{k}={v}")).collect();
            let found = format!("{} in {}", pairs.join(" | "), sections.join(" "));
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_gives_nothing_is_no_environment_to_choose() {
        let config = r#"{"version":0.1,"a":{"deploy":{"parameters":{"stack_name":"x"}}},"b":{"build":{"parameters":{"parameter_overrides":"A=1"}}}}"#;
        let config: Value = serde_json::from_str(config).unwrap();
        assert_eq!(environments(&config), ["b"]);
        assert!(given(&config, "c").is_err());
    }
}
