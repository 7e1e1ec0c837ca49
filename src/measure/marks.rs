//! What rows leave on a result by their `kenmerk` columns: which atoms tell that there is a mark, and with which reasons.
//! Only for tables that have such columns.

use std::collections::BTreeMap;

use super::build::Draft;
use super::leaf::{Atoms, LeafParts, Target};
use super::lower::{and, any, constant, filled, lower};
use super::request::{Leaf, LeafValue, Place, stock_taken};
use super::scan::AtomOp;
use crate::calendar::Period;
use crate::model::{Aggregate, ColumnRef, Model, RowExpr, RowKind, SourceUse, TableId, Type, Value};

/// The column that says why the other marks of its row are there.
const REASON: &str = "reden";

/// The marks on the cells of a reading by the rows of one source use.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkReading {
    pub place: Place,
    /// Index in [`super::Reading::windows`]: where the rows are looked at.
    pub window: usize,
    pub rows: MarkedRows,
}

/// Which rows leave their marks; numbers are indices of atoms.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkedRows {
    /// Those in the window.
    Window(Vec<MarkAtoms>),
    /// The one that `laatste` takes: a `Last` of which these columns are the last ties.
    Taken { last: usize, columns: Vec<MarkColumn> },
    /// Those that a `werkvoorraad` finds open, per end on the axis of beginnings; and the peilmoment in µs UTC and as a
    /// day.
    Open { ends: Vec<(i64, Vec<MarkAtoms>)>, peilmoment: i64, peilmoment_day: i64 },
}

/// One mark over some rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkAtoms {
    pub name: String,
    /// Of a `ja_nee`: how many rows say `ja`. A text is a mark where there is a reason.
    pub rows: Option<usize>,
    /// The different reasons.
    pub reasons: Option<usize>,
}

/// A column with marks, in the row that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkColumn {
    pub name: String,
    /// It says why the `ja_nee` marks of its row are there; a mark of its own where there are none.
    pub is_reason: bool,
}

/// A mark column of a table, as a value that may be empty.
struct Marked {
    name: String,
    value: RowExpr,
}

impl Marked {
    fn is_text(&self) -> bool {
        self.value.ty == Type::Text
    }

    fn is_reason(&self) -> bool {
        self.is_text() && self.name == REASON
    }
}

fn marked(model: &Model, table: TableId) -> Vec<Marked> {
    let columns = model.table(table).columns.iter().enumerate().filter(|(_, column)| column.mark);
    let of = |(index, column): (usize, &crate::model::Column)| {
        let kind = RowKind::Column(ColumnRef::own(index));
        let value = lower(&RowExpr { kind, ty: column.ty, span: column.span }, model.zone, 0).value;
        Marked { name: column.name.clone(), value }
    };
    columns.map(of).collect()
}

/// An aggregate with the rows behind it.
pub(super) struct Behind<'a> {
    pub model: &'a Model,
    pub used: &'a SourceUse,
    pub aggregate: &'a Aggregate,
    pub leaf: &'a Leaf,
    /// That of the source use and `--where`.
    pub filter: Option<&'a RowExpr>,
    pub peilmoment: i64,
}

impl Behind<'_> {
    /// Adds what tells the marks; `windows` are the stretches at hand, by their index in the reading.
    pub(super) fn reading(&self, draft: &mut Draft, windows: &[Option<Period>], window: usize) -> MarkReading {
        let (model, table) = (self.model, self.used.table);
        let place = self.leaf.place.clone();
        let column = self.aggregate.on.as_ref().unwrap_or(&self.used.axis);
        let mut target = Target { draft, axis: place.axis, windows: Vec::new(), sets: Vec::new() };
        let population = self.filter.and_then(|filter| {
            let lowered = lower(filter, model.zone, self.peilmoment);
            and([lowered.value].into_iter().chain(lowered.judgeable))
        });
        let parts = LeafParts::new(model, table, self.aggregate, self.filter, None, self.peilmoment);
        let rows = match (&self.leaf.value, self.aggregate.arg.as_ref().map(|arg| &arg.kind)) {
            (LeafValue::Last { last }, _) => {
                let (columns, values) = values(model, table);
                let last = parts.taken(&mut target, column, values).unwrap_or(*last);
                MarkedRows::Taken { last, columns }
            }
            (LeafValue::Stock(stock), Some(RowKind::Column(until))) => {
                let is_date = |column: &ColumnRef| model.column(table, column).ty == Type::Date;
                let mut ends = BTreeMap::new();
                for (instant, day) in
                    windows.iter().flatten().filter_map(|w| stock_taken(w, stock.peilmoment, stock.peilmoment_day))
                {
                    let bound = |column| if is_date(column) { day } else { instant };
                    let open = parts.open_at(column, until, bound(until));
                    let population = and(population.clone().into_iter().chain(open));
                    ends.entry(bound(column)).or_insert_with(|| atoms(model, table, population.as_ref(), &mut target));
                }
                let (peilmoment, peilmoment_day) = (stock.peilmoment, stock.peilmoment_day);
                MarkedRows::Open { ends: ends.into_iter().collect(), peilmoment, peilmoment_day }
            }
            _ => MarkedRows::Window(atoms(model, table, population.as_ref(), &mut target)),
        };
        MarkReading { place, window, rows }
    }
}

/// Adds what tells the marks of the rows of a population.
fn atoms(model: &Model, table: TableId, population: Option<&RowExpr>, atoms: &mut dyn Atoms) -> Vec<MarkAtoms> {
    let columns = marked(model, table);
    let rows = |more: Option<RowExpr>| and(population.cloned().into_iter().chain(more));
    let (yes_no, texts): (Vec<&Marked>, Vec<&Marked>) = columns.iter().partition(|column| !column.is_text());
    let reason = texts.iter().find(|column| column.is_reason()).map(|column| &column.value);
    let mut found = Vec::new();
    for column in &yes_no {
        let yes = rows(Some(column.value.clone()));
        let why = reason.map(|reason| and(yes.clone().into_iter().chain([filled(reason.clone(), true)])));
        found.push(MarkAtoms {
            name: column.name.clone(),
            rows: Some(atoms.atom(AtomOp::Count, yes)),
            reasons: reason.zip(why).map(|(reason, why)| atoms.atom(AtomOp::Texts(reason.clone()), why)),
        });
    }
    for column in &texts {
        // Where another mark takes the reason, it is no mark of its own.
        let alone = yes_no.iter().filter(|_| column.is_reason()).map(|other| not_yes(&other.value));
        let some = and([filled(column.value.clone(), true)].into_iter().chain(alone));
        let reasons = Some(atoms.atom(AtomOp::Texts(column.value.clone()), rows(some)));
        found.push(MarkAtoms { name: column.name.clone(), rows: None, reasons });
    }
    found
}

/// `nee`, or empty.
fn not_yes(x: &RowExpr) -> RowExpr {
    let no = RowExpr { kind: RowKind::Not(Box::new(x.clone())), ty: Type::Bool, span: x.span };
    any(vec![filled(x.clone(), false), no.clone()]).unwrap_or(no)
}

/// The mark columns of a table with their values in a row, never empty: `nee` and a text without letters mean nothing.
fn values(model: &Model, table: TableId) -> (Vec<MarkColumn>, Vec<RowExpr>) {
    let value = |column: Marked| {
        let is_reason = column.is_reason();
        let missing = if column.is_text() { Value::Text(String::new()) } else { Value::Bool(false) };
        let (ty, span) = (column.value.ty, column.value.span);
        let kind = RowKind::Coalesce(vec![column.value, constant(missing, ty)]);
        (MarkColumn { name: column.name, is_reason }, RowExpr { kind, ty, span })
    };
    marked(model, table).into_iter().map(value).unzip()
}

/// Whether rows of a table can leave marks.
pub(super) fn has_marks(model: &Model, table: TableId) -> bool {
    model.table(table).columns.iter().any(|column| column.mark)
}
