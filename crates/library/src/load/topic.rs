//! What a file of a library is about, told by its folder.

/// What to say of a file that belongs nowhere.
pub(super) const FOLDERS: &str = "put it below `threats`, `countermeasures`, `catalogue`, `kinds`, `vocabulary`, `standards` or `data`, and end its name in `.yaml`";

/// What a file is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Threat,
    Countermeasure,
    /// With its id: the path below `catalogue`.
    Catalogue(String),
    Kind,
    Trait,
    Part,
    Practices,
    Vocabulary,
    Zones,
    Standard,
    Disable,
    /// With its name.
    Data(String),
}

impl Topic {
    /// By a path as seen from the root of the library.
    pub(super) fn of(path: &str) -> Option<Self> {
        let path = path.strip_suffix(".yaml")?;
        let topic = match path.split_once('/') {
            None if path == "zones" => Topic::Zones,
            None if path == "disable" => Topic::Disable,
            None => return None,
            Some(("threats", _)) => Topic::Threat,
            Some(("countermeasures", _)) => Topic::Countermeasure,
            Some(("catalogue", id)) => Topic::Catalogue(id.to_owned()),
            Some(("vocabulary", _)) => Topic::Vocabulary,
            Some(("standards", _)) => Topic::Standard,
            Some(("data", name)) => Topic::Data(name.to_owned()),
            Some(("kinds", "practice")) => Topic::Practices,
            Some(("kinds", rest)) => match rest.split_once('/') {
                None => Topic::Kind,
                Some(("traits", _)) => Topic::Trait,
                Some(("parts", _)) => Topic::Part,
                Some(_) => return None,
            },
            Some(_) => return None,
        };
        Some(topic)
    }
}
