//! The same toets on the engine, through the whole pipeline, and whether it agrees with the interpreter.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compare::place;
use super::{Answers, Ask, Trouble};
use crate::check::Checked;
use crate::interpret::Data;
use crate::judge::Row;
use crate::measure::Grouping;
use crate::pipeline::{Question, Silent, calculate};
use crate::run::engine::Engine;
use crate::run::source::{Connection, Location};

/// What goes wrong or differs.
pub(super) fn check(engine: &Engine, checked: &Checked, ask: &Ask, data: &Data, answers: &Answers) -> Vec<Trouble> {
    let connections: BTreeMap<_, _> = ask
        .tables
        .iter()
        .map(|id| {
            let rows = data.tables.get(id).cloned().unwrap_or_default();
            (*id, Connection::to(Location::Rows(Arc::new(rows))))
        })
        .collect();
    for (set, interpreted) in answers {
        let question = Question {
            kpis: ask.kpis.clone(),
            from: Some(ask.from),
            until: Some(ask.until),
            period: None,
            grouping: if set.is_empty() { Grouping::Total } else { Grouping::By(set.clone()) },
            filters: BTreeMap::new(),
            peilmoment: Some(ask.peilmoment),
        };
        let outcome = calculate(checked, engine, &connections, &question, &Silent);
        if !outcome.failures.is_empty() {
            return vec![Trouble::Engine(outcome.failures.into_iter().map(|(diagnostic, _)| diagnostic).collect())];
        }
        if let Some(what) = difference(interpreted, &outcome.rows) {
            return vec![Trouble::Disagreement(what)];
        }
    }
    Vec::new()
}

/// The first difference between the rows of the interpreter and those of the engine.
fn difference(interpreted: &[Row], planned: &[Row]) -> Option<String> {
    let sorted = |rows: &[Row]| {
        let mut rows: Vec<Row> = rows.to_vec();
        rows.sort_by_key(|row| (row.dimensions.len(), place(row)));
        rows
    };
    let (a, b) = (sorted(interpreted), sorted(planned));
    let places = |rows: &[Row]| rows.iter().map(place).collect::<Vec<_>>();
    if places(&a) != places(&b) {
        return Some(format!("rijen [{}] tegen [{}]", places(&a).join(", "), places(&b).join(", ")));
    }
    a.iter().zip(&b).find_map(|(a, b)| {
        let fields = unequal(a, b);
        (!fields.is_empty()).then(|| format!("{}: {}", place(a), fields.join("; ")))
    })
}

/// The fields in which two rows differ, with both values.
fn unequal(a: &Row, b: &Row) -> Vec<String> {
    let mut found = Vec::new();
    let mut number = |name: &str, a: Option<f64>, b: Option<f64>| {
        if !near(a, b) {
            let text = |x: Option<f64>| x.map_or_else(|| "leeg".to_owned(), |x| x.to_string());
            found.push(format!("{name} {} tegen {}", text(a), text(b)));
        }
    };
    number("waarde", a.value, b.value);
    number("teller", a.numerator, b.numerator);
    number("noemer", a.denominator, b.denominator);
    number("ondergrens", a.lower, b.lower);
    number("bovengrens", a.upper, b.upper);
    number("afstand", a.distance, b.distance);
    let rest = |row: &Row| {
        let marks: Vec<_> = row.marks.iter().map(|m| (m.mark.as_str(), m.reason.as_str())).collect();
        [
            format!("n {:?}", row.n),
            format!("n_leeg {:?}", row.n_empty),
            format!("norm {:?}", row.norm),
            format!("status {}", row.status.word()),
            format!("kenmerken {marks:?}"),
            format!("reeksbreuk {}", row.series_break),
            format!("versie {:?}", row.version),
        ]
    };
    for (a, b) in rest(a).into_iter().zip(rest(b)) {
        if a != b {
            found.push(format!("{a} tegen {b}"));
        }
    }
    found
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-6),
        (a, b) => a.is_none() && b.is_none(),
    }
}
