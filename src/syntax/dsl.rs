//! The `.kpi` notation, read with pest. The only place that knows pest.
//!
//! Two steps, so that one mistake never hides another. `lex` cuts a text into tokens and `outline` (with `table` and
//! `boundary`) finds where declarations, tables, columns and clauses begin; `piece` reads each of them on its own with a
//! pest rule. From the parse tree of a piece `clause`, `column`, `norm`, `expr` and `literal` build the syntax tree;
//! where a piece does not fit its rule, `explain` says what is wrong with it.
//!
//! Nothing here knows what a name refers to, or whether a type fits.

mod boundary;
mod calendar;
mod cells;
mod clause;
mod column;
mod dated;
mod dimension;
mod explain;
mod expr;
mod lex;
mod lexical;
mod literal;
mod norm;
mod outline;
mod piece;
mod strategy;
mod table;
#[cfg(test)]
mod tests;
mod time_span;
mod trial;

use crate::diagnostic::Sink;
use crate::source::{SourceId, Spanned};
use crate::syntax::ast::{
    CalendarBody, CalendarWord, CellTable, ClauseBody, ClauseWord, ColumnDef, Expr, FaultDirection, File, Literal,
    Name, StrategyKind, TypeName, ValidRows, Validity,
};
use crate::syntax::fragment::Fragment;
use grammar::Rule;
use piece::Reader;

/// The generated parser. Its rules have no doc comments of their own; `grammar/README.md` explains them.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/kpi.pest"]
    pub struct Grammar;
}

/// The words of the notation, for its printer.
pub(in crate::syntax) mod words {
    pub(in crate::syntax) use super::boundary::{DECLARATIONS, NORM_WORDS};
    pub(in crate::syntax) use super::lex::{Kind, Token, is_reserved, tokens};
    pub(in crate::syntax) use super::literal::{UNITS, unquote};
}

/// Reads a whole `.kpi` file. Mistakes go to the sink; what could be read is in the tree.
pub fn parse_file(source: SourceId, text: &str, sink: &mut Sink) -> File {
    let fragment = Fragment::verbatim(source, text, 0);
    let tokens = lex::tokens(&fragment.text);
    outline::file(&mut Reader::new(&fragment, &tokens, sink))
}

/// Reads the body of one clause (what stands after the clause word): for YAML values.
#[allow(
    clippy::needless_pass_by_value,
    reason = "the place is the caller's to give away, as in the other entry points"
)]
pub fn parse_clause(word: Spanned<ClauseWord>, body: &Fragment, sink: &mut Sink) -> ClauseBody {
    let tokens = lex::tokens(&body.text);
    let mut reader = Reader::new(body, &tokens, sink);
    if tokens.is_empty() {
        reader.sink.push(outline::no_answer(word.value, word.span));
        return ClauseBody::Broken;
    }
    clause::body(&mut reader, word.value, 0..tokens.len())
}

/// Reads what stands after the first word of a statement of a calendar: for YAML values.
pub fn parse_calendar(word: &Spanned<CalendarWord>, body: &Fragment, sink: &mut Sink) -> CalendarBody {
    let tokens = lex::tokens(&body.text);
    let range = 0..tokens.len();
    calendar::body(&mut Reader::new(body, &tokens, sink), word, range)
}

/// The word of a `doel` or `klantketen` for what others call it.
pub fn strategy_elsewhere(kind: StrategyKind, word: &str) -> Option<&'static str> {
    strategy::elsewhere(kind, word)
}

/// The word of a calendar for what others call it: `openingstijden` is `open`.
pub fn calendar_elsewhere(word: &str) -> Option<&'static str> {
    calendar::elsewhere(word)
}

/// Reads one expression: parameters, requirements, `--where`. Nothing when it could not be read (a diagnostic is given).
pub fn parse_expr(text: &Fragment, sink: &mut Sink) -> Option<Expr> {
    let tokens = lex::tokens(&text.text);
    Reader::new(text, &tokens, sink).read(Rule::expr_piece, 0..tokens.len(), |tree, nodes| {
        nodes.find(|node| node.as_rule() == Rule::expr).and_then(|node| tree.expr(node))
    })
}

/// Reads what stands after a column's name: `tekst? -> team.code` or `= fte * 36 uur`.
pub fn parse_column(name: Name, body: &Fragment, sink: &mut Sink) -> Option<ColumnDef> {
    let tokens = lex::tokens(&body.text);
    let (kind, options) =
        Reader::new(body, &tokens, sink).read(Rule::column_body_piece, 0..tokens.len(), column::body)?;
    let span = name.span.to(body.span(0, body.text.len()));
    Some(ColumnDef { name, kind, options, span })
}

/// Reads `begin tot eind`: the value of `geldig` of a table in YAML.
pub fn parse_valid_rows(text: &Fragment, sink: &mut Sink) -> Option<ValidRows> {
    let tokens = lex::tokens(&text.text);
    Reader::new(text, &tokens, sink).read(Rule::valid_rows_body_piece, 0..tokens.len(), |tree, nodes| {
        column::valid_rows(tree, nodes.find(|node| node.as_rule() == Rule::valid_rows)?)
    })
}

/// Reads a type: `duur`, `score(1..10)`.
pub fn parse_type(text: &Fragment, sink: &mut Sink) -> Option<TypeName> {
    let tokens = lex::tokens(&text.text);
    Reader::new(text, &tokens, sink).read(Rule::type_piece, 0..tokens.len(), |tree, nodes| {
        nodes.find(|node| node.as_rule() == Rule::type_name).and_then(|node| column::type_name(tree, node))
    })
}

/// Reads a date or a moment: the `peilmoment` of a toets.
pub fn parse_moment(text: &Fragment, sink: &mut Sink) -> Option<Spanned<Literal>> {
    let tokens = lex::tokens(&text.text);
    Reader::new(text, &tokens, sink).read(Rule::moment_piece, 0..tokens.len(), |tree, nodes| {
        nodes.find(|node| node.as_rule() == Rule::literal).and_then(|node| tree.literal(node))
    })
}

/// Reads lines of cells: a text in YAML. Nothing where there are none (a diagnostic is given); `false` where not all of
/// it could be read.
pub fn parse_cells(text: &Fragment, sink: &mut Sink) -> (Option<CellTable>, bool) {
    let (table, whole, end) = cells::table(text, 0, sink);
    let rest = text.slice(end..text.text.len()).trimmed();
    if rest.text.is_empty() {
        return (table, whole);
    }
    sink.push(
        crate::diagnostic::Diagnostic::error("ML050", "een tabel bestaat uit regels die met `|` beginnen")
            .at(rest.whole())
            .help("schrijf `| kolom | kolom |` met de rijen eronder"),
    );
    (table, false)
}

/// Reads `vanaf D [tot D]`: the value of `geldig` in YAML.
pub fn parse_validity(text: &Fragment, sink: &mut Sink) -> Option<Spanned<Validity>> {
    let tokens = lex::tokens(&text.text);
    Reader::new(text, &tokens, sink).read(Rule::dates_piece, 0..tokens.len(), |tree, nodes| {
        nodes.find(|node| node.as_rule() == Rule::dates).and_then(|node| dated::dates(tree, node))
    })
}

/// Reads `te laag` or `te hoog`.
pub fn parse_direction(text: &Fragment, sink: &mut Sink) -> Option<Spanned<FaultDirection>> {
    let tokens = lex::tokens(&text.text);
    Reader::new(text, &tokens, sink).read(Rule::direction_piece, 0..tokens.len(), |tree, nodes| {
        nodes.find(|node| node.as_rule() == Rule::direction).map(|node| dated::direction(tree, node))
    })
}

/// The clause word for what others call it: `formule` is `berekening`.
pub fn clause_elsewhere(word: &str) -> Option<&'static str> {
    outline::elsewhere(word)
}
