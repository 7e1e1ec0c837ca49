//! Whether two syntax trees say the same, wherever and in whatever order it is written.

use crate::source::{SourceId, Span};
use crate::syntax::ast::{Cell, CellTable, Declaration, File, SharedDimensionLine, TrialDef};
use crate::syntax::fragment::Fragment;

/// What a file says, as a text to compare: without places, and with the order taken out that means nothing.
pub fn meaning(file: &File) -> String {
    let mut all: Vec<String> = file.declarations.iter().map(|d| without_spans(&format!("{:?}", ordered(d)))).collect();
    all.sort();
    all.join("\n")
}

/// A declaration with its clauses in the order of `fmt`.
fn ordered(declaration: &Declaration) -> Declaration {
    let mut declaration = declaration.clone();
    match &mut declaration {
        Declaration::Kpi(def) => def.clauses.sort_by_key(|clause| clause.word.value),
        Declaration::Adjustment(def) => def.clauses.sort_by_key(|clause| clause.word.value),
        Declaration::Source(def) => {
            for column in def.tables.iter_mut().flat_map(|table| &mut table.columns) {
                column.options.sort_by_cached_key(|option| without_spans(&format!("{option:?}")));
            }
        }
        Declaration::SharedDimension(def) => def.lines.sort_by_key(place_of),
        Declaration::Trial(def) => level_cells(def),
        Declaration::Calendar(def) => def.clauses.sort_by_key(|clause| clause.word.value),
        Declaration::Strategy(def) => def.clauses.sort_by_key(|clause| clause.word.value),
        Declaration::Use(_) | Declaration::Parameter(_) | Declaration::Fault(_) => {}
    }
    declaration
}

/// In YAML the lines of a kind stand together.
fn place_of(line: &SharedDimensionLine) -> usize {
    match line {
        SharedDimensionLine::Members { .. } => 0,
        SharedDimensionLine::Spellings { .. } => 1,
        SharedDimensionLine::Group { .. } => 2,
        SharedDimensionLine::Binding { .. } => 3,
    }
}

/// A cell that is not there is a blank one, and quotes matter only around nothing and `leeg`.
fn level_cells(def: &mut TrialDef) {
    for table in def.given.iter_mut().map(|given| &mut given.cells).chain(&mut def.expected) {
        level_table(table);
    }
}

fn level_table(table: &mut CellTable) {
    let nowhere = || Fragment::verbatim(SourceId(0), "", 0);
    for cell in &mut table.head {
        cell.fragment = nowhere();
    }
    for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
        let span = Span::new(SourceId(0), 0..0);
        let cell = cell.get_or_insert_with(|| Cell { text: String::new(), quoted: false, fragment: nowhere(), span });
        cell.fragment = nowhere();
        cell.quoted &= cell.text.is_empty() || cell.text == "leeg";
    }
}

/// The debug text of a tree without its spans, so that nothing that is ever added to the tree can be forgotten here.
fn without_spans(text: &str) -> String {
    const BEGIN: &str = "Span { source: SourceId(";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        let (before, span) = rest.split_at(at);
        out.push_str(before);
        rest = span.find('}').and_then(|end| span.get(end + 1..)).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::meaning;
    use crate::diagnostic::Sink;
    use crate::source::SourceId;
    use crate::syntax::dsl;

    fn said(text: &str) -> String {
        meaning(&dsl::parse_file(SourceId(0), text, &mut Sink::default()))
    }

    #[test]
    fn layout_and_order_do_not_matter_and_words_do() {
        let a = said("kpi a \"A\" { norm >= 80%  berekening aantal() }\nparameter p: duur = 20 s");
        assert_eq!(a, said("parameter p: duur = 20 s\n\nkpi a \"A\" {\n  berekening  aantal ( )\n  norm >= 80 %\n}"));
        assert_ne!(a, said("kpi a \"A\" { norm > 80%  berekening aantal() }\nparameter p: duur = 20 s"));
    }
}
