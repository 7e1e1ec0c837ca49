//! `onbetrouwbaar`: results whose rows may lie in a known measuring fault.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::row::Mark;
use crate::calendar::days_in_words;
use crate::combine::Figure;
use crate::measure::touched;
use crate::model::{Fault, Kpi, KpiId, Model, TableId};

/// The mark of a result that touches a fault.
pub const UNRELIABLE: &str = "onbetrouwbaar";

/// The tables behind results, each worked out once.
pub(super) struct Faults<'a> {
    model: &'a Model,
    behind: BTreeMap<(KpiId, Vec<String>, NaiveDate), BTreeSet<TableId>>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self { model, behind: BTreeMap::new() }
    }

    /// A mark per fault that shares a day with what was looked at, in a table that the figure comes from.
    pub(super) fn marks(&mut self, kpi: &Kpi, figure: &Figure) -> Vec<Mark> {
        let model = self.model;
        let in_time =
            |fault: &&Fault| figure.looked_at.iter().any(|(from, until)| fault.validity.touches(*from, *until));
        let found: Vec<&Fault> = model.faults.iter().filter(in_time).collect();
        if found.is_empty() {
            return Vec::new();
        }
        let names: Vec<String> = figure.dimensions.iter().map(|(name, _)| name.clone()).collect();
        let key = (kpi.id, names, figure.period.from);
        let behind =
            self.behind.entry(key).or_insert_with_key(|(_, names, day)| touched::tables(model, kpi, names, *day));
        found.into_iter().filter(|fault| fault.tables.iter().any(|t| behind.contains(t))).map(mark).collect()
    }
}

/// `telefooncentrale defect (3 – 9 mei 2026); te laag`
fn mark(fault: &Fault) -> Mark {
    let days = match (fault.validity.from, fault.validity.until) {
        (Some(from), Some(until)) => days_in_words(from, until),
        (Some(from), None) => format!("vanaf {from}"),
        (None, Some(until)) => format!("tot {until}"),
        (None, None) => String::new(),
    };
    let days = if days.is_empty() { days } else { format!(" ({days})") };
    let direction = fault.direction.map(|d| format!("; {}", d.words())).unwrap_or_default();
    Mark { mark: UNRELIABLE.to_owned(), reason: format!("{}{days}{direction}", fault.reason) }
}
