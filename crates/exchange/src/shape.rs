//! Version 1 of the threat model as JSON. Keys are snake_case; a key without
//! value is left out; lists are always there.

use serde::Serialize;

/// The version written into every document. It grows when a reader of the old
/// one would misunderstand the new one; new keys do not count.
pub const VERSION: &str = "1";

macro_rules! shape {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $ty:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq, Serialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            #[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
            pub struct $name {
                $(
                    $(#[$field_meta])*
                    pub $field: $ty,
                )*
            }
        )*
    };
}

shape! {
    /// A threat model.
    pub struct Document {
        /// The version of this shape.
        pub version: &'static str,
        /// The tool that wrote it, with its version.
        pub tool: String,
        /// The date the analysis was made for, `YYYY-MM-DD`.
        pub as_of: String,
        /// Wholes that belong together.
        pub systems: Vec<System>,
        /// Trust zones, least trusted first.
        pub zones: Vec<Zone>,
        /// Components, actors among them.
        pub components: Vec<Component>,
        /// Data flows.
        pub flows: Vec<Flow>,
        /// Threats, worst first; those that do not apply are left out.
        pub threats: Vec<Threat>,
        /// Open questions, those that decide most first.
        pub questions: Vec<Question>,
        /// What was taken as given.
        pub assumptions: Vec<Assumption>,
        /// What was not understood, or left out.
        pub diagnostics: Vec<Diagnostic>,
    }

    /// A whole: one application.
    pub struct System {
        /// Its name.
        pub name: String,
        /// What its templates say it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// One sentence on what it is made of.
        pub summary: String,
        /// The files it stands in.
        pub files: Vec<String>,
        /// How many resources it declares.
        pub resources: usize,
    }

    /// A trust zone.
    pub struct Zone {
        /// Its id.
        pub id: String,
        /// Its name.
        pub name: String,
        /// How far it is trusted, 0 to 100.
        pub rating: u8,
    }

    /// A component.
    pub struct Component {
        /// `stack/logical-id[:sub]`.
        pub id: String,
        /// Its name.
        pub name: String,
        /// Its kind, such as `function`.
        pub kind: String,
        /// The id of its trust zone.
        pub zone: String,
        /// The name of its system.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub system: Option<String>,
        /// The resource it stands for.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub resource: Option<Resource>,
        /// Where it is declared.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub place: Option<Place>,
        /// When it exists, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<String>,
        /// Named but not declared in what was read.
        pub outside: bool,
        /// Its parts.
        pub parts: Vec<Part>,
    }

    /// A declared resource.
    pub struct Resource {
        /// Its type as written.
        pub r#type: String,
        /// Its logical id.
        pub logical_id: String,
        /// The path of its stack.
        pub stack: String,
    }

    /// A named thing inside a component.
    pub struct Part {
        /// The list it is in, such as `routes`.
        pub group: String,
        /// What it is, such as `route`.
        pub kind: String,
        /// The name people use, such as `GET /orders`.
        pub key: String,
        /// Where it is declared.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub place: Option<Place>,
        /// When it exists, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<String>,
    }

    /// A data flow.
    pub struct Flow {
        /// Its id, made from the names of its ends.
        pub id: String,
        /// The id of the component where it starts.
        pub source: String,
        /// The id of the component where it ends.
        pub destination: String,
        /// `trigger`, `access`, `call` or `delivery`.
        pub kind: &'static str,
        /// `strong`, `possible` or `no-permission`.
        pub strength: &'static str,
        /// What moves: `read`, `write`, an event, a route; may be empty.
        pub label: String,
        /// When it exists, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<String>,
        /// Where it is declared.
        pub places: Vec<Place>,
    }

    /// A threat on a component.
    pub struct Threat {
        /// `entry@component`.
        pub id: String,
        /// The library entry.
        pub entry: String,
        /// Its name.
        pub name: String,
        /// The id of the component.
        pub component: String,
        /// `exposed`, `question` or `mitigated`: the worst of the points.
        pub state: &'static str,
        /// Under which conditions it is exposed, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<String>,
        /// Whether only code can decide it.
        pub only_code: bool,
        /// What people decided; none yet.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub decision: Option<String>,
        /// How bad, and why.
        pub risk: Risk,
        /// Where on the component.
        pub points: Vec<Point>,
        /// The facts that decided, over all points.
        pub evidence: Vec<Evidence>,
        /// What stands against it.
        pub countermeasures: Vec<Countermeasure>,
        /// The facts that would decide it, as `fact @ component`.
        pub questions: Vec<String>,
        /// Ids of threats that this one includes and that are not shown beside it.
        pub absorbs: Vec<String>,
        /// The id of the threat that includes this one and is shown instead.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub absorbed_by: Option<String>,
        /// Every place of the evidence once, the first written first.
        pub places: Vec<Place>,
    }

    /// How bad a threat is here.
    pub struct Risk {
        /// 0 to 100.
        pub value: u8,
        /// `very-low`, `low`, `medium`, `high` or `critical`.
        pub band: &'static str,
        /// What made it so.
        pub factors: Vec<Factor>,
    }

    /// One reason for a risk's size.
    pub struct Factor {
        /// Its name.
        pub name: String,
        /// What it was found to be.
        pub finding: String,
        /// What it contributes.
        pub weight: f64,
    }

    /// One place on a component where a threat was judged.
    pub struct Point {
        /// The part's key; empty for the component as a whole.
        pub key: String,
        /// `exposed`, `question`, `mitigated` or `not-applicable`.
        pub state: &'static str,
        /// Under which conditions, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<String>,
        /// Whether it is so by default, where conditions decide and have defaults.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub by_default: Option<bool>,
        /// The id of the threat that includes this point and shows it instead.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub absorbed_by: Option<String>,
        /// The facts that decided.
        pub evidence: Vec<Evidence>,
    }

    /// A fact that took part in a decision.
    pub struct Evidence {
        /// The component or part whose fact it is.
        pub subject: String,
        /// The fact.
        pub fact: String,
        /// Its value, for people.
        pub value: String,
        /// What it rests on; missing if it is unknown.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub basis: Option<&'static str>,
        /// Why it is unknown, if it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub unknown: Option<Unknown>,
        /// When it holds, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<String>,
        /// What was taken as given.
        pub assumptions: Vec<String>,
        /// Where it stands.
        pub places: Vec<Place>,
    }

    /// Why something is unknown.
    pub struct Unknown {
        /// A word for programs: `parameter`, `import`, `code`, `people` …
        pub reason: &'static str,
        /// A phrase for people.
        pub detail: String,
    }

    /// Whether a countermeasure is there.
    pub struct Countermeasure {
        /// `entry@component`.
        pub id: String,
        /// The library entry.
        pub entry: String,
        /// Its name.
        pub name: String,
        /// The id of the component it is to be put on; several joined by `, `.
        pub target: String,
        /// `in-place`, `partial`, `unknown`, `missing` or `not-applicable`.
        pub status: &'static str,
        /// Whether it alone settles the threat.
        pub sufficient: bool,
        /// How we know.
        pub evidence: Vec<Evidence>,
    }

    /// A question, asked once for everything that hangs on it.
    pub struct Question {
        /// `fact @ component`.
        pub key: String,
        /// The question.
        pub ask: String,
        /// Why nobody could tell.
        pub why: Unknown,
        /// The unresolved expression.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub place: Option<Place>,
        /// Ids of the threats it would decide.
        pub decides: Vec<String>,
    }

    /// Something taken as given.
    pub struct Assumption {
        /// What.
        pub text: String,
    }

    /// Something wrong with the input, or left out.
    pub struct Diagnostic {
        /// A stable name.
        pub code: String,
        /// `error`, `warning` or `note`.
        pub severity: &'static str,
        /// What happened.
        pub message: String,
        /// Where.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub place: Option<Place>,
        /// The file or folder, where there is no place inside it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub path: Option<String>,
        /// Other places, each with what it is.
        pub related: Vec<Place>,
        /// Why it matters.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        /// What to do.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub help: Option<String>,
    }

    /// A place in a file; lines and columns count from 1, columns in characters.
    pub struct Place {
        /// The file.
        pub file: String,
        /// First line.
        pub line: u32,
        /// First column.
        pub column: u32,
        /// Where it ends.
        pub end: End,
        /// `here`, `missing-here` or `related`.
        pub role: &'static str,
    }

    /// The end of a place, exclusive.
    pub struct End {
        /// Last line.
        pub line: u32,
        /// The column after the last one.
        pub column: u32,
    }
}
