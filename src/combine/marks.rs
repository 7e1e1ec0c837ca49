//! The marks that rows leave on a cell: by name, with their different reasons.

use std::collections::{BTreeMap, BTreeSet};

use super::rollup::Rollups;
use crate::calendar::Period;
use crate::measure::request::stock_taken;
use crate::measure::{MarkAtoms, MarkColumn, MarkReading, MarkedRows, Member, Place, Quantity, Reading};

/// By the name of the mark: why, where that is said.
pub type Marks = BTreeMap<String, BTreeSet<String>>;

/// The marks on a cell of a reading.
pub(super) fn marks(
    reading: &Reading,
    set: usize,
    members: &[Member],
    index: usize,
    rollups: &mut Rollups<'_>,
) -> Marks {
    let mut found = Marks::new();
    for marks in &reading.marks {
        let window = reading.windows.get(marks.window).and_then(|list| list.get(index)?.as_ref());
        if let Some(window) = window {
            Cell::of(marks, set, members, window, rollups).add(&mut found);
        }
    }
    found
}

struct Cell<'c, 'a> {
    marks: &'c MarkReading,
    dimensions: Vec<usize>,
    members: Vec<Member>,
    window: &'c Period,
    rollups: &'c mut Rollups<'a>,
}

impl<'c, 'a> Cell<'c, 'a> {
    fn of(
        marks: &'c MarkReading,
        set: usize,
        members: &[Member],
        window: &'c Period,
        rollups: &'c mut Rollups<'a>,
    ) -> Self {
        let place = &marks.place;
        let dimensions = place.dimensions(set);
        let mapping = place.sets.get(set).map(Vec::as_slice).unwrap_or_default();
        let member = |d: &usize| mapping.iter().position(|m| *m == Some(*d)).and_then(|i| members.get(i)).cloned();
        let members = dimensions.iter().filter_map(member).collect();
        Self { marks, dimensions, members, window, rollups }
    }

    fn add(mut self, found: &mut Marks) {
        let place = &self.marks.place;
        let slots = self.rollups.segments(place, self.window);
        match &self.marks.rows {
            MarkedRows::Window(atoms) => self.over(atoms, &slots, found),
            MarkedRows::Taken { last, columns } => {
                if let Quantity::Last { ties, .. } = self.atom(*last, 0..slots.end) {
                    let ties = ties.get(ties.len().saturating_sub(columns.len())..).unwrap_or_default();
                    of_row(columns, ties, found);
                }
            }
            MarkedRows::Open { ends, peilmoment, peilmoment_day } => {
                let Some((instant, day)) = stock_taken(self.window, *peilmoment, *peilmoment_day) else { return };
                let end = if self.rollups.is_date(place) { day } else { instant };
                let slots = self.rollups.until(place.scan, place.axis, instant, day);
                if let Some((_, atoms)) = ends.iter().find(|(at, _)| *at == end) {
                    self.over(atoms, &slots, found);
                }
            }
        }
    }

    fn over(&mut self, atoms: &[MarkAtoms], slots: &std::ops::Range<usize>, found: &mut Marks) {
        for mark in atoms {
            let rows = mark.rows.map(|rows| matches!(self.atom(rows, slots.clone()), Quantity::Int(n) if n > 0));
            let reasons = mark.reasons.map(|reasons| self.atom(reasons, slots.clone()));
            let reasons = if let Some(Quantity::Texts(texts)) = reasons { texts } else { BTreeSet::new() };
            let said: BTreeSet<String> = reasons.iter().filter_map(|text| reason(text)).collect();
            if rows.unwrap_or(!said.is_empty()) {
                found.entry(mark.name.clone()).or_default().extend(said);
            }
        }
    }

    fn atom(&mut self, atom: usize, slots: std::ops::Range<usize>) -> Quantity {
        let place: &Place = &self.marks.place;
        self.rollups.atom(place, self.dimensions.clone(), &self.members, atom, slots)
    }
}

/// The marks of one row, from its values.
fn of_row(columns: &[MarkColumn], values: &[Member], found: &mut Marks) {
    let row = || columns.iter().zip(values);
    let text = |value: &Member| if let Member::Text(text) = value { reason(text) } else { None };
    let why = row().find(|(column, _)| column.is_reason).and_then(|(_, value)| text(value));
    let mut taken = false;
    for (column, _) in row().filter(|(_, value)| **value == Member::Bool(true)) {
        taken = true;
        found.entry(column.name.clone()).or_default().extend(why.clone());
    }
    for (column, value) in row().filter(|(column, _)| !(column.is_reason && taken)) {
        if let Some(text) = text(value) {
            found.entry(column.name.clone()).or_default().insert(text);
        }
    }
}

/// A text that says something.
fn reason(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_belongs_to_the_marks_of_its_row() {
        let column = |name: &str| MarkColumn { name: name.to_owned(), is_reason: name == "reden" };
        let columns = [column("raming"), column("onbetrouwbaar"), column("reden"), column("bron")];
        let text = |text: &str| Member::Text(text.to_owned());
        let of = |raming, onbetrouwbaar, reden: &str, bron: &str| {
            let mut found = Marks::new();
            let values = [Member::Bool(raming), Member::Bool(onbetrouwbaar), text(reden), text(bron)];
            of_row(&columns, &values, &mut found);
            let shown = found.into_iter().map(|(name, why)| format!("{name}={}", Vec::from_iter(why).join("|")));
            shown.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(true, false, "geschat", ""), "raming=geschat");
        assert_eq!(of(true, true, " ", "cbs"), "bron=cbs onbetrouwbaar= raming=");
        assert_eq!(of(false, false, "let op", "cbs"), "bron=cbs reden=let op");
        assert_eq!(of(false, false, "", ""), "");
    }
}
