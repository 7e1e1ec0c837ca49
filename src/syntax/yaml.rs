//! The YAML notation: sections of named declarations, in the same tree as the `.kpi` notation. The only place that knows
//! the YAML crate; expressions, clauses and column lines are texts that `dsl` reads.

mod answers;
mod calendars;
mod dated;
mod dimensions;
pub mod node;
mod scalar;
mod scan;
pub mod shape;
mod sources;
mod strategy;
mod traps;
mod trials;

pub use answers::is_open;
pub use calendars::is_statement;
pub use scalar::Style;
pub use scan::marker;
pub use traps::DUPLICATE;

use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{SourceId, Spanned};
use crate::syntax::ast::{
    AdjustmentDef, Declaration, Expr, ExprKind, File, KpiDef, Literal, ParameterDef, ParameterKind, StrategyKind,
    TypeWord,
};
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;
use node::{Node, NodeKind};
use shape::Entry;

/// The sections of a file, in the order in which `fmt` writes them.
pub const SECTIONS: [&str; 11] = [
    "gebruik",
    "parameters",
    "bronsystemen",
    "kalenders",
    "dimensies",
    "doelen",
    "klantketens",
    "kpis",
    "aanpassingen",
    "meetstoringen",
    "toetsen",
];

/// Reads a definitions file in YAML into the same tree as `dsl::parse_file`. Mistakes go to the sink; what could be read
/// is in the tree.
pub fn parse_file(source: SourceId, text: &str, sink: &mut Sink) -> File {
    let mut file = File::default();
    // Behind `---` a section may return: so declarations stand in the order that their author chose.
    for root in node::read_all(source, text, sink) {
        let help = "een definitiebestand begint met een sectie, bijvoorbeeld `kpis:`";
        for section in shape::entries(&root, "dit bestand", help, sink).unwrap_or_default() {
            let mut reader = Reader { file: text, out: &mut file.declarations, sink };
            reader.section(&section);
        }
    }
    file
}

/// Reads the sections one by one.
struct Reader<'a> {
    file: &'a str,
    out: &'a mut Vec<Declaration>,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn section(&mut self, section: &Entry<'_>) {
        let name = section.name.value.as_str();
        let known = SECTIONS.into_iter().find(|s| *s == name);
        // A misspelt section is read as the one that was meant, so that its own mistakes come along.
        let place = "van een definitiebestand";
        let Some(name) = known.or_else(|| shape::unknown(&section.name, place, &SECTIONS, self.sink)) else { return };
        let read: fn(&mut Self, &Entry<'_>) = match name {
            "gebruik" => return self.uses(section.value),
            "meetstoringen" => {
                let faults = dated::faults(section.value, self.file, self.sink);
                return self.out.extend(faults.into_iter().map(Declaration::Fault));
            }
            "parameters" => Self::parameter,
            "bronsystemen" => Self::source,
            "dimensies" => Self::dimension,
            "kalenders" => Self::calendar,
            "doelen" => Self::goal,
            "klantketens" => Self::customer_chain,
            "kpis" => Self::kpi,
            "toetsen" => Self::trial,
            _ => Self::adjustment,
        };
        let help = format!("schrijf onder `{}` eerst een naam: `naam: …`", section.name.value);
        let entries = shape::entries(section.value, &section.name.value, &help, self.sink);
        for entry in entries.iter().flatten() {
            read(self, entry);
        }
    }

    fn uses(&mut self, node: &Node) {
        for (item, fragment) in shape::texts(node, "gebruik", self.sink) {
            self.out.push(Declaration::Use(Spanned::new(fragment.text, item.span)));
        }
    }

    /// `naam: {type: duur, waarde: 20 s}` or `naam: "duur = 20 s"`
    fn parameter(&mut self, entry: &Entry<'_>) {
        // Unreadable, it keeps its name, so that its uses are no second mistake.
        let kind = parameter_kind(entry, self.sink).unwrap_or(ParameterKind::Broken);
        self.out.push(Declaration::Parameter(ParameterDef { name: entry.name.clone(), kind, span: entry.span }));
    }

    fn source(&mut self, entry: &Entry<'_>) {
        let source = sources::source(entry, self.file, self.sink);
        self.out.push(Declaration::Source(source));
    }

    fn dimension(&mut self, entry: &Entry<'_>) {
        let dimension = dimensions::dimension(entry, self.file, self.sink);
        self.out.push(Declaration::SharedDimension(dimension));
    }

    fn goal(&mut self, entry: &Entry<'_>) {
        let goal = strategy::strategy(StrategyKind::Goal, entry, self.file, self.sink);
        self.out.push(Declaration::Strategy(goal));
    }

    fn customer_chain(&mut self, entry: &Entry<'_>) {
        let chain = strategy::strategy(StrategyKind::Chain, entry, self.file, self.sink);
        self.out.push(Declaration::Strategy(chain));
    }

    fn calendar(&mut self, entry: &Entry<'_>) {
        let calendar = calendars::calendar(entry, self.file, self.sink);
        self.out.push(Declaration::Calendar(calendar));
    }

    /// One block of answers, or a list of them: the versions of an effective-dated definition.
    fn kpi(&mut self, entry: &Entry<'_>) {
        match &entry.value.kind {
            NodeKind::Sequence(versions) if versions.iter().any(is_mapping) => {
                for version in versions {
                    let one =
                        Entry { name: entry.name.clone(), ticked: entry.ticked, value: version, span: version.site() };
                    self.version(&one);
                }
            }
            _ => self.version(entry),
        }
    }

    fn version(&mut self, entry: &Entry<'_>) {
        let help = "schrijf de antwoorden eronder: `definitie: …`, `berekening: …`";
        let found = match shape::entries(entry.value, &entry.name.value, help, self.sink) {
            Some(entries) => answers::clauses(&entries, true, self.file, self.sink),
            None => answers::Answers { clauses: answers::all_broken(entry), ..answers::Answers::default() },
        };
        let answers::Answers { title, validity, clauses } = found;
        let name = entry.name.clone();
        self.out.push(Declaration::Kpi(KpiDef { name, title, validity, clauses, span: entry.span }));
    }

    fn adjustment(&mut self, entry: &Entry<'_>) {
        let help = "schrijf eronder wat vervangen wordt: `norm: …`";
        let entries = shape::entries(entry.value, &entry.name.value, help, self.sink);
        let clauses = answers::clauses(&entries.unwrap_or_default(), false, self.file, self.sink).clauses;
        self.out.push(Declaration::Adjustment(AdjustmentDef { name: entry.name.clone(), clauses, span: entry.span }));
    }
}

impl Reader<'_> {
    fn trial(&mut self, entry: &Entry<'_>) {
        let trial = trials::trial(entry, self.sink);
        self.out.push(Declaration::Trial(trial));
    }
}

/// Type and value of a parameter. Nothing when one of them could not be read, which is reported.
fn parameter_kind(entry: &Entry<'_>, sink: &mut Sink) -> Option<ParameterKind> {
    let name = entry.name.value.as_str();
    let (ty, value) = parameter_texts(entry, sink)?;
    let Some(ty) = ty else {
        let message = format!("parameter `{name}` heeft geen type");
        let help = format!("schrijf `{name}: {{type: duur, waarde: 20 s}}` of `{name}: duur = 20 s`");
        sink.push(Diagnostic::error(shape::SHAPE, message).at(entry.name.span).help(help));
        return None;
    };
    let ty = dsl::parse_type(&ty, sink)?;
    let value = match value {
        // YAML took the quotes off; the value of a text parameter is the text itself.
        Some(text) if ty.kind == TypeWord::Text && is_mapping(entry.value) && !text.text.starts_with('"') => {
            Some(Expr { span: text.whole(), kind: ExprKind::Literal(Literal::Text(text.text)) })
        }
        Some(value) => Some(dsl::parse_expr(&value, sink)?),
        None => None,
    };
    Some(ParameterKind::Read { ty, value })
}

fn is_mapping(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Mapping(_))
}

/// The texts of a parameter's type and value. Nothing when its shape is wrong, which is reported.
fn parameter_texts(entry: &Entry<'_>, sink: &mut Sink) -> Option<(Option<Fragment>, Option<Fragment>)> {
    let name = entry.name.value.as_str();
    let help = format!("schrijf `{name}: {{type: duur, waarde: 20 s}}` of `{name}: duur = 20 s`");
    let mut found = (None, None);
    if is_mapping(entry.value) {
        for field in shape::entries(entry.value, name, &help, sink)? {
            let slot = match field.name.value.as_str() {
                "type" => &mut found.0,
                "waarde" => &mut found.1,
                _ => {
                    shape::unknown(&field.name, "van een parameter", &["type", "waarde"], sink);
                    return None;
                }
            };
            *slot = Some(shape::scalar(field.value, &field.name.value, &help, sink)?.fragment.trimmed());
        }
    } else {
        let fragment = shape::scalar(entry.value, name, &help, sink)?.fragment.trimmed();
        found = match fragment.text.find('=') {
            Some(at) => {
                let value = fragment.slice(at + 1..fragment.text.len()).trimmed();
                (Some(fragment.slice(0..at).trimmed()), Some(value))
            }
            None => (Some(fragment), None),
        };
    }
    found.0 = found.0.filter(|ty: &Fragment| !ty.text.is_empty());
    Some(found)
}

#[cfg(test)]
#[path = "yaml/tests.rs"]
mod tests;
