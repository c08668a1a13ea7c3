//! What of a stretch of source text looks secret: by its form, or by the name it
//! stands under. It reads lines, not trees, so that it holds for whatever is
//! shown: broken files, unknown tags, comments.

use std::collections::BTreeMap;
use std::ops::Range;

use underbelly_library::Words;

/// Bytes before what is shown that are read too: the name of a value that goes
/// over many lines stands above it.
const BEFORE: usize = 4_000;

/// Tags whose text names something instead of being the value.
const NAMING: &[&str] = &["!Ref", "!GetAtt", "!ImportValue", "!Condition"];

/// Where secrets stand in a range of a text, as ranges of the text.
pub(crate) fn secrets(text: &str, shown: Range<usize>, words: &Words) -> Vec<Range<usize>> {
    let mut from = shown.start.saturating_sub(BEFORE);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let stretch = text.get(from..shown.end).unwrap_or_default();
    let mut reading = Reading {
        words,
        names: BTreeMap::new(),
        found: words.secrets_in(stretch),
        block: None,
        above: Vec::new(),
        beside: None,
    };
    let mut at = 0;
    for line in stretch.split_inclusive('\n') {
        reading.line(line.trim_end_matches(['\n', '\r']), at);
        at += line.len();
    }
    let ranges = reading.found.into_iter();
    ranges.map(|r| from + r.start..from + r.end).collect()
}

struct Reading<'t> {
    words: &'t Words,
    /// Names that were looked at, and whether they look secret: few, and often used.
    names: BTreeMap<&'t str, bool>,
    found: Vec<Range<usize>>,
    /// The indentation of a secret's name whose value fills the lines below.
    block: Option<usize>,
    /// Names above the line, with their indentation.
    above: Vec<(usize, Above)>,
    /// The indentation of `Name: DB_PASSWORD`, beside which a `Value` may stand.
    beside: Option<usize>,
}

/// A name on a line of its own, as seen from the lines below it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Above {
    Harmless,
    /// It looks secret: so does a `Default` or `Value` below.
    Secret,
    /// A function computes something secret: so is each item below.
    Function,
}

impl<'t> Reading<'t> {
    fn line(&mut self, line: &'t str, at: usize) {
        let indent = line.len() - line.trim_start_matches([' ', '-', '\t']).len();
        let is_blank = line.trim().is_empty();
        if let Some(block) = self.block {
            if is_blank {
                return;
            }
            let spaces = line.len() - line.trim_start().len();
            if spaces > block {
                self.found.push(at + spaces..at + line.trim_end().len());
                return;
            }
            self.block = None;
        }
        if is_blank {
            return;
        }
        while self.above.last().is_some_and(|(above, _)| *above >= indent) {
            self.above.pop();
        }
        if self.beside.is_some_and(|beside| beside > indent) {
            self.beside = None;
        }
        let content = line.get(indent..).unwrap_or_default();
        if let Some(function) = content.strip_suffix(':').filter(|f| f.starts_with("Fn::")) {
            let inside = self
                .above
                .last()
                .is_some_and(|(_, a)| *a != Above::Harmless);
            if inside && !function.contains("Get") && !function.contains("Import") {
                self.above.push((indent, Above::Function));
            }
            return;
        }
        let is_item = line.trim_start().starts_with('-');
        if is_item && matches!(self.above.last(), Some((_, Above::Function))) {
            self.push(content, at + indent, true);
        }
        for (sign, c) in line.char_indices() {
            if matches!(c, ':' | '=') {
                self.pair(line, sign, indent, at);
            }
        }
    }

    /// `name: value`, `"name": "value"` or `name=value` around a sign.
    fn pair(&mut self, line: &'t str, sign: usize, indent: usize, at: usize) {
        let (Some(before), Some(after)) = (line.get(..sign), line.get(sign + 1..)) else {
            return;
        };
        let quoted = before.ends_with(['"', '\'']);
        let colon = line.get(sign..).is_some_and(|rest| rest.starts_with(':'));
        if colon && !quoted && !after.is_empty() && !after.starts_with([' ', '\t', '"', '\'']) {
            return;
        }
        let name = name_before(before.trim_end_matches(['"', '\'', ' ']));
        if name.is_empty() {
            return;
        }
        let first = before.trim_matches(['-', ' ', '\t', '"', '\'']) == name;
        let by_name = self.is_secret(name);
        let under = matches!(name, "Default" | "Value" | "ParameterValue")
            && (matches!(self.above.last(), Some((_, Above::Secret)))
                || self.beside == Some(indent));
        let value = after.trim_start();
        if matches!(name, "Name" | "ParameterKey") {
            let named = value.trim_matches(['"', '\'', ',', ' ']);
            self.beside = self.is_secret(named).then_some(indent);
        }
        let secret = by_name || under;
        if first && (value.is_empty() || value.starts_with(['{', '[', '#', '&'])) {
            let above = if secret {
                Above::Secret
            } else {
                Above::Harmless
            };
            self.above.push((indent, above));
        }
        if !secret {
            return;
        }
        if first && value.starts_with('!') && !value.trim_end().contains(' ') {
            self.above.push((indent, Above::Function));
        } else if first && value.starts_with(['|', '>']) {
            self.block = Some(indent);
        } else {
            let start = line.len() - value.len();
            self.push(value, at + start, first && !quoted);
        }
    }

    /// Whether a name looks as if its value were a secret.
    fn is_secret(&mut self, name: &'t str) -> bool {
        let words = self.words;
        let of_name = self.names.entry(name);
        *of_name.or_insert_with(|| words.secret_name(name).is_some())
    }

    /// Hides what of a value is the secret itself.
    fn push(&mut self, value: &str, at: usize, whole_line: bool) {
        let found = match arguments(value) {
            Some(from) => in_function(value, from),
            None => vec![literal(value, whole_line)],
        };
        let found = found.into_iter().filter(|range| !range.is_empty());
        self.found
            .extend(found.map(|range| at + range.start..at + range.end));
    }
}

/// Where the arguments of a function begin: `!If [`, `{ "Fn::If": [`.
fn arguments(value: &str) -> Option<usize> {
    let function = value.starts_with('!') || {
        let inner = value
            .strip_prefix('{')?
            .trim_start_matches([' ', '"', '\'']);
        inner.starts_with("Fn::")
    };
    value.find('[').filter(|_| function)
}

/// The words of a function's arguments but for names of other things.
fn in_function(value: &str, from: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut names = false;
    let mut open = 0_usize;
    let mut rest = value.get(from..).unwrap_or_default();
    while let Some(c) = rest.chars().next() {
        let at = value.len() - rest.len();
        if " \t,[]{}:".contains(c) {
            open += usize::from(c == '[');
            open -= usize::from(c == ']');
            if open == 0 {
                break;
            }
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let range = match c {
            '"' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                1..1 + inner.find(c).unwrap_or(inner.len())
            }
            _ => {
                let end = rest.find([' ', ',', ']', '}']).unwrap_or(rest.len());
                0..end
            }
        };
        let word = rest.get(range.clone()).unwrap_or_default();
        let after = rest.get(range.end..).unwrap_or_default();
        let is_key = after
            .trim_start_matches(['"', '\''])
            .trim_start()
            .starts_with(':');
        let is_tag = word.starts_with('!') || word.starts_with("Fn::") || word.ends_with(':');
        if is_key || is_tag {
            let word = word.trim_end_matches(':');
            names = NAMING.contains(&word) || matches!(word, "Ref" | "Fn::GetAtt" | "Condition");
        } else {
            if !names {
                found.push(at + range.start..at + range.end);
            }
            names = false;
        }
        let past = range.end + usize::from(after.starts_with(['"', '\'']));
        rest = rest.get(past.max(1)..).unwrap_or_default();
    }
    found
}

/// The name that a text ends in.
fn name_before(text: &str) -> &str {
    let is_name = |c: char| c.is_alphanumeric() || "_-.$/".contains(c);
    let kept = text.trim_end_matches(is_name).len();
    text.get(kept..).unwrap_or_default().trim_start_matches('-')
}

/// Where in a value the text itself stands, if it is one to hide.
fn literal(value: &str, whole_line: bool) -> Range<usize> {
    let mut start = 0;
    if value.starts_with('!') {
        let tag = value.split_whitespace().next().unwrap_or_default();
        if NAMING.contains(&tag) {
            return 0..0;
        }
        let rest = value.get(tag.len()..).unwrap_or_default();
        start = value.len() - rest.trim_start().len();
    }
    let rest = value.get(start..).unwrap_or_default();
    let end = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            start += 1;
            let inner = rest.get(1..).unwrap_or_default();
            inner.find(quote).unwrap_or(inner.len())
        }
        Some('{' | '[' | '|' | '>' | '&' | '*' | '#' | '=') | None => 0,
        Some(_) if whole_line => rest.find(" #").unwrap_or(rest.len()),
        Some(_) => rest
            .find(|c: char| c.is_whitespace() || ",}])&;".contains(c))
            .unwrap_or(rest.len()),
    };
    let text = value.get(start..start + end).unwrap_or_default();
    let trimmed = text.trim_end();
    let told = matches!(trimmed, "" | "true" | "false" | "null" | "~")
        || trimmed.starts_with("arn:")
        || trimmed.starts_with("{{resolve:")
        || trimmed.contains("${");
    if told {
        0..0
    } else {
        start..start + trimmed.len()
    }
}

#[cfg(test)]
mod tests {
    use underbelly_library::SecretShape;

    use super::*;

    fn words() -> Words {
        let list = |text: &str| text.split(' ').map(Into::into).collect();
        Words {
            lists: [
                ("secret_names", "password token api_key private_key"),
                ("not_secret_endings", "arn ttl type name"),
            ]
            .into_iter()
            .map(|(name, text)| (name.into(), list(text)))
            .collect(),
            secret_shapes: vec![SecretShape {
                name: "key".into(),
                prefix: "sk_live_".into(),
                least: 16,
                alphabet: "A-Za-z0-9".into(),
            }],
        }
    }

    fn check(text: &str, expected: &str) {
        let mut shown: Vec<char> = text.chars().collect();
        for range in secrets(text, 0..text.len(), &words()) {
            for (place, (at, c)) in text.char_indices().enumerate() {
                if range.contains(&at) && !c.is_whitespace() {
                    shown[place] = '*';
                }
            }
        }
        let shown: String = shown.into_iter().collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn values_under_a_secret_name_are_hidden() {
        check("DB_PASSWORD: hunter2", "DB_PASSWORD: *******");
        check("- DbPassword: 'a # b' # why", "- DbPassword: '* * *' # why");
        check("Password: a b # why", "Password: * * # why");
        check(r#"{"api_key":"abc","n":1}"#, r#"{"api_key":"***","n":1}"#);
        check("{ Token: abc, Size: 3 }", "{ Token: ***, Size: 3 }");
        check("run --x DB_PASSWORD=abc y", "run --x DB_PASSWORD=*** y");
        check("Password: !Mine 'abc'", "Password: !Mine '***'");
        check("Password: hüte", "Password: ****");
    }

    #[test]
    fn what_only_names_a_secret_is_shown() {
        for text in [
            "Password: !Ref Pw",
            "Password: !Sub '${Pw}'",
            "Token: arn:aws:secretsmanager:a:b:secret:c",
            "Token: '{{resolve:ssm-secure:db}}'",
            "Password: true",
            "TokenType: JWT",
            "PasswordTtl: 30",
            "DbPassword:",
            "DbPassword: { Type: String }",
            "x:secret:password:y",
            "if password == given",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn values_of_a_secret_form_are_hidden_wherever_they_stand() {
        check("# sk_live_12345678 of old", "# **************** of old");
        check(
            "[a, !Foo \"sk_live_12345678\"",
            "[a, !Foo \"****************\"",
        );
    }

    #[test]
    fn what_a_function_chooses_under_a_secret_name_is_hidden() {
        check(
            "Token: !If [Old, !Ref Choice, !Mine 'abc', x]",
            "Token: !If [***, !Ref Choice, !Mine '***', *]",
        );
        check(
            r#"{"Token": {"Fn::If": ["Old", {"Ref": "Pw"}, "a b"]}, "x": 1}"#,
            r#"{"Token": {"Fn::If": ["***", {"Ref": "Pw"}, "* *"]}, "x": 1}"#,
        );
        check(
            "Token: !If\n  - Old\n  - !Ref Pw\n  - abc\nNext: x",
            "Token: !If\n  - ***\n  - !Ref Pw\n  - ***\nNext: x",
        );
        check(
            "Token:\n  Fn::If:\n    - Old\n    - abc\nNext: x",
            "Token:\n  Fn::If:\n    - ***\n    - ***\nNext: x",
        );
    }

    #[test]
    fn values_below_and_beside_a_secret_name_are_hidden() {
        check(
            "PrivateKey: |\n  one\n\n  two\nNext: x",
            "PrivateKey: |\n  ***\n\n  ***\nNext: x",
        );
        check(
            "DbPassword:\n  Type: String\n  Default: abc\nStage:\n  Default: dev",
            "DbPassword:\n  Type: String\n  Default: ***\nStage:\n  Default: dev",
        );
        check(
            "- Name: DB_PASSWORD\n  Value: abc\n- Name: STAGE\n  Value: dev",
            "- Name: DB_PASSWORD\n  Value: ***\n- Name: STAGE\n  Value: dev",
        );
    }
}
