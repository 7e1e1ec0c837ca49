//! What no toets would notice: a KPI's definition is changed in one place at a time, by a fixed list of changes (taal.md
//! 9), and its toetsen run again on the interpreter. A change after which they all still pass has survived.

mod change;

use super::ask::Ask;
use super::part::Root;
use super::{Bench, compare, given, in_parallel};
use crate::check::Checked;
use crate::interpret::Data;
use crate::model::{KpiId, Trial};
use crate::source::Span;
use change::{Spot, changes};

/// The changes of one KPI's definition.
#[derive(Clone, Debug)]
pub struct Mutation {
    pub kpi: KpiId,
    pub total: usize,
    /// Those that no toets noticed, in the order of the definition.
    pub survivors: Vec<Survivor>,
}

/// A change that no toets noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    pub span: Span,
    /// What was changed, in words.
    pub told: String,
}

/// Changes the definitions of the KPIs that have toetsen; each is held against the toetsen that passed.
#[must_use]
pub fn mutate(bench: &Bench<'_>, passed: &[&Trial]) -> Vec<Mutation> {
    let mut kpis: Vec<KpiId> = passed.iter().map(|trial| trial.kpi).collect();
    kpis.sort_unstable();
    kpis.dedup();
    let of = |index: usize| {
        let kpi = *kpis.get(index)?;
        let trials: Vec<&Trial> = passed.iter().copied().filter(|trial| trial.kpi == kpi).collect();
        Some(of_kpi(bench, kpi, &trials))
    };
    in_parallel(kpis.len(), of).into_iter().flatten().collect()
}

/// A toets with everything that does not change with the definition.
struct Prepared<'a> {
    trial: &'a Trial,
    /// Index in the definitions that the toetsen run on.
    definitions: usize,
    data: Data,
    ask: Ask,
}

fn of_kpi(bench: &Bench<'_>, kpi: KpiId, trials: &[&Trial]) -> Mutation {
    // Toetsen with the same parameters share their definitions.
    let mut pristine: Vec<(&[(String, crate::model::Value)], &Checked)> = Vec::new();
    let mut prepared = Vec::new();
    for trial in trials {
        let Ok(checked) = bench.definitions(trial) else { continue };
        let known = pristine.iter().position(|(parameters, _)| *parameters == trial.parameters.as_slice());
        let definitions = known.unwrap_or(pristine.len());
        if known.is_none() {
            pristine.push((&trial.parameters, checked));
        }
        let data = given::data(checked.model(), trial);
        let ask = Ask::of(checked, trial, &data);
        prepared.push(Prepared { trial, definitions, data, ask });
    }
    let mut working: Vec<Checked> = pristine.iter().map(|(_, checked)| (*checked).clone()).collect();
    let Some((_, first)) = pristine.first() else { return Mutation { kpi, total: 0, survivors: Vec::new() } };
    let versions = first.model().versions(&first.model().kpi(kpi).name).map(|k| k.id);
    let list: Vec<_> = versions.flat_map(|id| changes(first.model(), id).into_iter().map(move |m| (id, m))).collect();
    let mut survivors = Vec::new();
    for (kpi, mutant) in &list {
        let kpi = *kpi;
        let mut noticed = false;
        for (index, ((_, original), work)) in pristine.iter().zip(&mut working).enumerate() {
            if !noticed && change::apply(work.tampered(), kpi, mutant) {
                let work: &Checked = work;
                noticed = prepared.iter().filter(|p| p.definitions == index).any(|p| !holds(work, p));
            }
            restore(work, original, kpi, &mutant.spot);
        }
        if !noticed {
            survivors.push(Survivor { span: mutant.span, told: mutant.told.clone() });
        }
    }
    Mutation { kpi, total: list.len(), survivors }
}

/// Whether a toets still passes.
fn holds(checked: &Checked, prepared: &Prepared<'_>) -> bool {
    let answers = prepared.ask.interpreted(checked, &prepared.data);
    compare::against(prepared.trial, &answers).is_empty()
}

/// Puts back what a change touched.
fn restore(work: &mut Checked, original: &Checked, kpi: KpiId, spot: &Spot) {
    let model = work.tampered();
    let table = match spot {
        Spot::Row(root, _) | Spot::Filter(root) => Root::table(*root),
        _ => None,
    };
    match table {
        Some(table) => {
            if let Some(slot) = model.tables.get_mut(table.0) {
                slot.clone_from(original.model().table(table));
            }
        }
        None => {
            if let Some(slot) = model.kpis.get_mut(kpi.0) {
                slot.clone_from(original.model().kpi(kpi));
            }
        }
    }
}
