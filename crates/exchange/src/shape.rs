//! Version 1 of the threat model as JSON. Keys are snake_case; a key without
//! value is left out; lists are always there.

use std::borrow::Cow;

use crate::json::{Json, Writer};
use crate::lists::{Each, Places, Positions};

/// The version written into every document. It grows when a reader of the old
/// one would misunderstand the new one; new keys do not count.
pub const VERSION: &str = "1";

/// A text, mostly the model's own.
pub type Text<'a> = Cow<'a, str>;

/// The name of a key: that of the field, unless another is said.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

/// Shapes that have a line for each key.
macro_rules! shape {
    ($($(#[$meta:meta])* pub struct $name:ident<'a> { $(
        $(#[$field_meta:meta])* pub $field:ident: $ty:ty,
    )* })*) => { $(
        $(#[$meta])*
        #[derive(Debug)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
        pub struct $name<'a> { $(
            $(#[$field_meta])*
            pub $field: $ty,
        )* }

        impl Json for $name<'_> {
            fn write(&self, writer: &mut Writer<'_>) {
                writer.open("{");
                let mut empty = true;
                $(if !self.$field.is_nothing() {
                    writer.item(empty);
                    writer.put(concat!("\"", stringify!($field), "\": "));
                    self.$field.write(writer);
                    empty = false;
                })*
                writer.close("}", empty);
            }
        }
    )* };
}

pub(crate) use shape;

/// Shapes that stand on one line, with a value for each key.
macro_rules! line {
    ($($(#[$meta:meta])* pub struct $name:ident $(<$life:lifetime>)? {
        $(#[$first_meta:meta])* pub $first:ident $(as $first_key:literal)?: $first_ty:ty,
        $($(#[$field_meta:meta])* pub $field:ident: $ty:ty,)*
    })*) => { $(
        $(#[$meta])*
        #[derive(Debug)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
        pub struct $name $(<$life>)? {
            $(#[$first_meta])*
            $(#[cfg_attr(feature = "schema", schemars(rename = $first_key))])?
            pub $first: $first_ty,
            $(
                $(#[$field_meta])*
                pub $field: $ty,
            )*
        }

        impl $(<$life>)? Json for $name $(<$life>)? {
            fn write(&self, writer: &mut Writer<'_>) {
                writer.put(concat!("{\"", key!($first $($first_key)?), "\": "));
                self.$first.write(writer);
                $(
                    writer.put(concat!(", \"", stringify!($field), "\": "));
                    self.$field.write(writer);
                )*
                writer.put("}");
            }
        }
    )* };
}

shape! {
    /// A threat model.
    pub struct Document<'a> {
        /// The version of this shape.
        pub version: &'static str,
        /// The tool that wrote it, with its version.
        pub tool: Text<'a>,
        /// The date the analysis was made for, `YYYY-MM-DD`.
        pub as_of: Text<'a>,
        /// Wholes that belong together.
        pub systems: Vec<System<'a>>,
        /// Trust zones, least trusted first.
        pub zones: Vec<Zone<'a>>,
        /// Components, actors among them.
        pub components: Vec<Component<'a>>,
        /// Data flows.
        pub flows: Vec<Flow<'a>>,
        /// Threats, worst first; those that do not apply are left out.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<Threat<'a>>"))]
        pub threats: Each<'a, Threat<'a>>,
        /// The roads an attacker could walk, those that matter most first.
        pub roads: Vec<Road<'a>>,
        /// Open questions, those that decide most first.
        pub questions: Vec<Question<'a>>,
        /// What was taken as given.
        pub assumptions: Vec<Assumption<'a>>,
        /// What was not understood, or left out.
        pub diagnostics: Vec<Diagnostic<'a>>,
    }

    /// A whole: one application.
    pub struct System<'a> {
        /// Its name.
        pub name: Text<'a>,
        /// What its templates say it is.
        pub description: Option<Text<'a>>,
        /// One sentence on what it is made of.
        pub summary: Text<'a>,
        /// The files it stands in.
        pub files: Vec<Text<'a>>,
        /// How many resources it declares.
        pub resources: usize,
    }

    /// A component.
    pub struct Component<'a> {
        /// `stack/logical-id[:sub]`.
        pub id: Text<'a>,
        /// Its name.
        pub name: Text<'a>,
        /// Its kind, such as `function`.
        pub kind: Text<'a>,
        /// The id of its trust zone.
        pub zone: Text<'a>,
        /// The name of its system.
        pub system: Option<Text<'a>>,
        /// The resource it stands for.
        pub resource: Option<Resource<'a>>,
        /// Where it is declared.
        pub place: Option<Place<'a>>,
        /// When it exists, if not always.
        pub guard: Option<Text<'a>>,
        /// Named but not declared in what was read.
        pub outside: bool,
        /// Its parts.
        pub parts: Vec<Part<'a>>,
    }

    /// A named thing inside a component.
    pub struct Part<'a> {
        /// The list it is in, such as `routes`.
        pub group: Text<'a>,
        /// What it is, such as `route`.
        pub kind: Text<'a>,
        /// The name people use, such as `GET /orders`.
        pub key: Text<'a>,
        /// Where it is declared.
        pub place: Option<Place<'a>>,
        /// When it exists, if not always.
        pub guard: Option<Text<'a>>,
    }

    /// A data flow.
    pub struct Flow<'a> {
        /// Its id, made from the names of its ends.
        pub id: Text<'a>,
        /// The id of the component where it starts.
        pub source: Text<'a>,
        /// The id of the component where it ends.
        pub destination: Text<'a>,
        /// `trigger`, `access`, `call` or `delivery`.
        pub kind: &'static str,
        /// `strong`, `possible` or `no-permission`.
        pub strength: &'static str,
        /// What moves: `read`, `write`, an event, a route; may be empty.
        pub label: Text<'a>,
        /// When it exists, if not always.
        pub guard: Option<Text<'a>>,
        /// Where it is declared.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<Place<'a>>"))]
        pub places: Places<'a>,
    }

    /// A threat on a component.
    pub struct Threat<'a> {
        /// `entry@component`.
        pub id: Text<'a>,
        /// The library entry.
        pub entry: Text<'a>,
        /// Its name.
        pub name: Text<'a>,
        /// The id of the component.
        pub component: Text<'a>,
        /// `exposed`, `question` or `mitigated`: the worst of the points.
        pub state: &'static str,
        /// Under which conditions it is exposed, if not always.
        pub guard: Option<Text<'a>>,
        /// Whether only code can decide it.
        pub only_code: bool,
        /// What people decided, if that settles it.
        pub decision: Option<Decision<'a>>,
        /// How bad, and why.
        pub risk: Risk<'a>,
        /// Where on the component.
        pub points: Vec<Point<'a>>,
        /// The facts that decided, over all points, each once.
        pub evidence: Vec<Evidence<'a>>,
        /// What stands against it.
        pub countermeasures: Vec<Countermeasure<'a>>,
        /// The facts that would decide it, as `fact @ component`.
        pub questions: Vec<Text<'a>>,
        /// Ids of threats that this one includes and that are not shown beside it.
        pub absorbs: Vec<Text<'a>>,
        /// The id of the threat that includes this one and is shown instead.
        pub absorbed_by: Option<Text<'a>>,
        /// Every place of the evidence once, the first written first.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<Place<'a>>"))]
        pub places: Places<'a>,
    }

    /// The answer to a question about roads.
    pub struct Roads<'a> {
        /// The version of this shape.
        pub version: &'static str,
        /// The tool that wrote it, with its version.
        pub tool: Text<'a>,
        /// The roads.
        pub roads: Vec<Road<'a>>,
        /// What opens them: to be closed so that none is left, what closes most
        /// first. Only where the roads to all data were asked for.
        pub openings: Vec<Opening<'a>>,
        /// How many roads nothing closes.
        pub always_open: Option<usize>,
    }

    /// A fact that opens roads.
    pub struct Opening<'a> {
        /// The component or part whose fact it is.
        pub subject: Text<'a>,
        /// The fact.
        pub fact: &'static str,
        /// How many roads are closed with it that those before leave open.
        pub closes: usize,
    }

    /// A chain of steps from outside to something worth having.
    pub struct Road<'a> {
        /// `entrance -> component (hold)`; the same as long as its ends are.
        pub id: Text<'a>,
        /// The id of the component that is had at its end.
        pub target: Text<'a>,
        /// What is had of it: `reads`, `writes`, `controls` or `reaches`.
        pub hold: &'static str,
        /// The share of attackers who get to its end, above 0 and at most 1.
        pub ease: f64,
        /// What is worth having there, above 0 and at most 1.
        pub worth: f64,
        /// When it is open, if not always.
        pub guard: Option<Text<'a>>,
        /// Its steps, in order; the first starts outside.
        pub steps: Vec<Step<'a>>,
    }

    /// One step of an attacker.
    pub struct Step<'a> {
        /// The component or route it leads to, as `component # route`.
        pub to: Text<'a>,
        /// What is had of it then.
        pub hold: &'static str,
        /// Why it is possible: `open`, `admitted`, `handed-on`, `defined`,
        /// `forwarded`, `purpose`, `flaw`, `rights`, `granted`, `runs-as`, `guest` or
        /// `escalation`.
        pub how: &'static str,
        /// Who, which route or event, which statement, which way of escalation;
        /// may be empty.
        pub by: Text<'a>,
        /// The share of attackers who get past it.
        pub ease: f64,
        /// Why nobody can tell whether it is possible, if so.
        pub unknown: Option<Unknown<'a>>,
        /// The lines that make it possible.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<Place<'a>>"))]
        pub places: Places<'a>,
    }

    /// What people decided about a threat.
    pub struct Decision<'a> {
        /// `accepted`, `dismissed` or `out-of-scope`.
        pub decided: &'static str,
        /// Why.
        pub reason: Text<'a>,
        /// By whom.
        pub by: Option<Text<'a>>,
        /// The last day it holds, `YYYY-MM-DD`.
        pub until: Option<Text<'a>>,
        /// Where it is written.
        pub place: Option<Place<'a>>,
    }

    /// How bad a threat is here.
    pub struct Risk<'a> {
        /// 0 to 100.
        pub value: u8,
        /// The same before rounding, to millionths: what the table is ordered by.
        pub unrounded: f64,
        /// `very-low`, `low`, `medium`, `high` or `critical`.
        pub band: &'static str,
        /// What it would be without any countermeasure, 0 to 100.
        pub inherent: u8,
        /// What it will be once all that is planned is in place, 0 to 100.
        pub projected: u8,
        /// What made it so.
        pub factors: Vec<Factor<'a>>,
    }

    /// One place on a component where a threat was judged.
    pub struct Point<'a> {
        /// The part's key; empty for the component as a whole.
        pub key: Text<'a>,
        /// `exposed`, `question`, `mitigated` or `not-applicable`.
        pub status: &'static str,
        /// Under which conditions, if not always.
        pub guard: Option<Text<'a>>,
        /// Whether it is so by default, where conditions decide and have defaults.
        pub by_default: Option<bool>,
        /// The id of the threat that includes this point and shows it instead.
        pub absorbed_by: Option<Text<'a>>,
        /// What people decided about it: `accepted`, `dismissed` or `out-of-scope`.
        pub decision: Option<&'static str>,
        /// The facts that decided: their positions in the threat's `evidence`.
        pub evidence: Positions,
    }

    /// A fact that took part in a decision.
    pub struct Evidence<'a> {
        /// The component or part whose fact it is.
        pub subject: Text<'a>,
        /// The fact.
        pub fact: Text<'a>,
        /// Its value, for people.
        pub value: Text<'a>,
        /// What it rests on; missing if it is unknown.
        pub basis: Option<&'static str>,
        /// Why it is unknown, if it is.
        pub unknown: Option<Unknown<'a>>,
        /// When it holds, if not always.
        pub guard: Option<Text<'a>>,
        /// What was taken as given.
        pub assumptions: Vec<Text<'a>>,
        /// Where it stands.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<Place<'a>>"))]
        pub places: Places<'a>,
    }

    /// Whether a countermeasure is there.
    pub struct Countermeasure<'a> {
        /// `entry@component`.
        pub id: Text<'a>,
        /// The library entry.
        pub entry: Text<'a>,
        /// Its name.
        pub name: Text<'a>,
        /// The id of the component it is to be put on; several joined by `, `. Where
        /// there is nothing to put it on, the component of the threat.
        pub target: Text<'a>,
        /// `in-place`, `partial`, `unknown`, `missing` or `not-applicable`.
        pub status: &'static str,
        /// Whether it alone settles the threat.
        pub sufficient: bool,
        /// Whether people plan it.
        pub planned: bool,
        /// How we know.
        pub evidence: Vec<Evidence<'a>>,
    }

    /// A question, asked once for everything that hangs on it.
    pub struct Question<'a> {
        /// `fact @ component`.
        pub key: Text<'a>,
        /// The question.
        pub ask: Text<'a>,
        /// Why nobody could tell.
        pub why: Unknown<'a>,
        /// The unresolved expression.
        pub place: Option<Place<'a>>,
        /// Ids of the threats it would decide.
        pub decides: Vec<Text<'a>>,
    }

    /// Something taken as given.
    pub struct Assumption<'a> {
        /// What.
        pub text: Text<'a>,
    }

    /// Something wrong with the input, or left out.
    pub struct Diagnostic<'a> {
        /// A stable name.
        pub code: Text<'a>,
        /// `error`, `warning` or `note`.
        pub severity: &'static str,
        /// What happened.
        pub message: Text<'a>,
        /// Where.
        pub place: Option<Place<'a>>,
        /// The file or folder, where there is no place inside it.
        pub path: Option<Text<'a>>,
        /// Other places, each with what it is.
        pub related: Vec<Place<'a>>,
        /// Why it matters.
        pub note: Option<Text<'a>>,
        /// What to do.
        pub help: Option<Text<'a>>,
    }
}

line! {
    /// A trust zone.
    pub struct Zone<'a> {
        /// Its id.
        pub id: Text<'a>,
        /// Its name.
        pub name: Text<'a>,
        /// How far it is trusted, 0 to 100.
        pub rating: u8,
    }

    /// A declared resource.
    pub struct Resource<'a> {
        /// Its type as written.
        pub kind as "type": Text<'a>,
        /// Its logical id.
        pub logical_id: Text<'a>,
        /// The path of its stack.
        pub stack: Text<'a>,
    }

    /// One reason for a risk's size.
    pub struct Factor<'a> {
        /// Its name.
        pub name: Text<'a>,
        /// What it was found to be.
        pub finding: Text<'a>,
        /// What it contributes.
        pub weight: f64,
    }

    /// Why something is unknown.
    pub struct Unknown<'a> {
        /// A word for programs: `parameter`, `import`, `code`, `people` …
        pub reason: &'static str,
        /// A phrase for people.
        pub detail: Text<'a>,
    }

    /// A place in a file; lines and columns count from 1, columns in characters.
    pub struct Place<'a> {
        /// The file.
        pub file: Text<'a>,
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
