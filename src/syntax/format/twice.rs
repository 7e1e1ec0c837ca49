//! What a `.kpi` file can say and YAML cannot: a block that has one key twice. The file itself has no mistake for the
//! reader of its notation, so the place is looked for in what was read.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::ast::{
    CalendarBody, CalendarDef, Clause, Declaration, File, SharedDimensionLine, SourceDef, TableDef, TrialDef,
};

/// Does not fit in the other notation.
pub const UNLIKE: &str = "ML054";

/// The first thing that YAML cannot say, as a message.
pub fn in_one_block(file: &File) -> Option<Diagnostic> {
    file.declarations.iter().find_map(|declaration| match declaration {
        Declaration::Kpi(def) => clauses(&def.clauses),
        Declaration::Adjustment(def) => clauses(&def.clauses),
        Declaration::Source(def) => source(def),
        Declaration::SharedDimension(def) => dimension(&def.lines),
        Declaration::Calendar(def) => closed(def),
        Declaration::Strategy(def) => {
            twice(def.clauses.iter().map(|clause| (clause.word.value.word().to_owned(), clause.word.span)), ANSWER)
        }
        Declaration::Trial(def) => trial(def),
        Declaration::Use(_) | Declaration::Parameter(_) | Declaration::Fault(_) => None,
    })
}

const NAME: &str = "geef een van beide een andere naam, of haal een van beide weg";
const ANSWER: &str = "haal een van beide weg";

fn clauses(clauses: &[Clause]) -> Option<Diagnostic> {
    twice(clauses.iter().map(|clause| (clause.word.value.word().to_owned(), clause.word.span)), ANSWER)
}

fn source(def: &SourceDef) -> Option<Diagnostic> {
    let tables = def.tables.iter().map(|table| (table.name.value.clone(), table.name.span));
    twice(tables, NAME).or_else(|| def.tables.iter().find_map(table))
}

fn table(def: &TableDef) -> Option<Diagnostic> {
    let columns = def.columns.iter().map(|column| (column.name.value.clone(), column.name.span));
    let requirements = def.requirements.iter().map(|eis| (eis.name.value.clone(), eis.name.span));
    twice(columns, NAME).or_else(|| twice(requirements, NAME))
}

fn dimension(lines: &[SharedDimensionLine]) -> Option<Diagnostic> {
    let (mut members, mut spellings, mut groups, mut tables) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        match line {
            SharedDimensionLine::Members { span, .. } => members.push(("leden".to_owned(), *span)),
            SharedDimensionLine::Spellings { member, .. } => spellings.push((member.value.clone(), member.span)),
            SharedDimensionLine::Group { name, .. } => groups.push((name.value.clone(), name.span)),
            SharedDimensionLine::Binding { table, .. } => tables.push((table.text(), table.span)),
        }
    }
    [members, spellings, groups, tables].into_iter().find_map(|lines| twice(lines.into_iter(), ANSWER))
}

fn trial(def: &TrialDef) -> Option<Diagnostic> {
    let parameters = def.parameters.iter().map(|(name, _)| (name.value.clone(), name.span));
    let given = def.given.iter().map(|given| (given.table.text(), given.table.span));
    twice(parameters, ANSWER).or_else(|| twice(given, "zet de rijen in één tabel"))
}

/// In a list of days a day without a reason belongs to the days behind it.
fn closed(def: &CalendarDef) -> Option<Diagnostic> {
    let days: Vec<_> = def
        .clauses
        .iter()
        .filter_map(|clause| match &clause.body {
            CalendarBody::Closed { reason, .. } => Some((clause.word.span, reason.is_some())),
            _ => None,
        })
        .collect();
    days.windows(2).find_map(|pair| match pair {
        [(first, false), (second, _)] => Some(
            Diagnostic::error(UNLIKE, "in YAML horen gesloten dagen zonder reden bij de dagen erachter")
                .at(*first)
                .also(*second, "deze dagen")
                .help("geef beide een reden, of zet de dagen achter één `gesloten`"),
        ),
        _ => None,
    })
}

/// The first key that comes a second time.
fn twice(keys: impl Iterator<Item = (String, Span)>, help: &str) -> Option<Diagnostic> {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for (key, span) in keys {
        if let Some(&first) = seen.get(&key) {
            let message = format!("`{key}` staat er een tweede keer, en in YAML kan dat niet");
            let found = Diagnostic::error(UNLIKE, message).at(span).also(first, "hier staat het de eerste keer");
            return Some(found.help(help));
        }
        seen.insert(key, span);
    }
    None
}
