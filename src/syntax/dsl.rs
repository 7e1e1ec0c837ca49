//! The `.kpi` notation, read with pest. The only place that knows pest.

use crate::diagnostic::Sink;
use crate::source::{SourceId, Spanned};
use crate::syntax::ast::{ClauseBody, ClauseWord, ColumnDef, Expr, File, Name, TypeName};
use crate::syntax::fragment::Fragment;

/// Reads a whole `.kpi` file. Mistakes go to the sink; what could be read is in the tree.
pub fn parse_file(_source: SourceId, _text: &str, _sink: &mut Sink) -> File {
    File::default()
}

/// Reads the body of one clause (what stands after the clause word): for YAML values.
pub fn parse_clause(_word: Spanned<ClauseWord>, _body: &Fragment, _sink: &mut Sink) -> ClauseBody {
    ClauseBody::Broken
}

/// Reads one expression: parameters, requirements, `--where`. Nothing when it could not be read (a diagnostic is given).
pub fn parse_expr(_text: &Fragment, _sink: &mut Sink) -> Option<Expr> {
    None
}

/// Reads what stands after a column's name: `tekst? -> team.code` or `= fte * 36 uur`.
pub fn parse_column(_name: Name, _body: &Fragment, _sink: &mut Sink) -> Option<ColumnDef> {
    None
}

/// Reads a type: `duur`, `score(1..10)`.
pub fn parse_type(_text: &Fragment, _sink: &mut Sink) -> Option<TypeName> {
    None
}
