//! Paths as templates write them, joined to the folder of the file that does.
//!
//! Texts only: nothing here looks at a disk.

/// Where a path leads that a template names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file below the roots, normalised.
    Inside(String),
    /// A file outside the roots.
    Outside(String),
    /// Not a file: a bucket, a web address, an application repository.
    Remote,
}

/// Joins `path` to the folder of `file`.
pub(crate) fn join(file: &str, path: &str) -> Target {
    let path = path.trim().replace('\\', "/");
    if path.contains("://") || path.starts_with("arn:") {
        return Target::Remote;
    }
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || path.starts_with('~') || drive {
        return Target::Outside(path);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder(file).split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if joined == ".." || joined.starts_with("../") {
        Target::Outside(joined)
    } else {
        Target::Inside(joined)
    }
}

/// The folder a path lies in; empty for none.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(crate) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The last part of a path without what says how it is written.
pub(crate) fn stem(path: &str) -> &str {
    let name = name(path);
    let endings = [
        ".nested.template.json",
        ".template.json",
        ".template.yaml",
        ".template.yml",
        ".yaml",
        ".yml",
        ".json",
        ".template",
        ".cfn",
        ".txt",
    ];
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, path: &str, expected: Target) {
        assert_eq!(join(file, path), expected, "{path} from {file}");
    }

    #[test]
    fn paths_are_joined_and_those_that_leave_are_told() {
        let inside = |path: &str| Target::Inside(path.into());
        check("a/t.yaml", "./sm/def.json", inside("a/sm/def.json"));
        check("a/b/t.yaml", "../x.yaml", inside("a/x.yaml"));
        check("t.yaml", "x\\y.yaml", inside("x/y.yaml"));
        check(
            "a/t.yaml",
            "../../x.yaml",
            Target::Outside("../x.yaml".into()),
        );
        check(
            "a/t.yaml",
            "/etc/passwd",
            Target::Outside("/etc/passwd".into()),
        );
        check("a/t.yaml", "s3://bucket/x.yaml", Target::Remote);
        check("a/t.yaml", "https://x/y.yaml", Target::Remote);
    }

    #[test]
    fn the_stem_leaves_out_every_ending() {
        assert_eq!(stem("a/Api.template.json"), "Api");
        assert_eq!(stem("template.yaml"), "template");
        assert_eq!(stem(".yaml"), ".yaml");
    }
}
