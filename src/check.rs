//! The rules that a resolved model must keep, one file per rule. What comes out is [`Checked`], the only thing that the
//! calculating phases accept.

mod confidence;
mod empty;
mod empty_count;
mod everywhere;
mod form;
mod lacking_dimension;
mod lost_mark;
mod new_baseline;
mod norm_change;
pub mod over_time;
mod personal;
mod portion;
mod score_range;
pub mod set;
mod shield;
mod shield_groups;
mod value_list;
mod version_boundary;
mod weight;

use crate::diagnostic::Sink;
use crate::model::{Kpi, KpiId, Model, companion};

/// A model without errors. Made by [`check`] only.
#[derive(Clone, Debug)]
pub struct Checked(Model);

impl Checked {
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.0
    }

    /// The model, to change a definition on purpose: whether a toets notices (`trial::mutate`). What comes of it is no
    /// definition of the author's.
    pub(crate) fn tampered(&mut self) -> &mut Model {
        &mut self.0
    }

    /// The same definitions with the companions of some KPIs ([`companion`]), and their ids. They keep every rule, as the
    /// KPIs do that they are made of.
    #[must_use]
    pub fn with_companions(&self, kpis: &[KpiId]) -> (Self, Vec<KpiId>) {
        let mut model = self.0.clone();
        let mut made = Vec::new();
        for &id in kpis {
            for kpi in companion::of(self.0.kpi(id)) {
                let id = KpiId(model.kpis.len());
                made.push(id);
                model.kpis.push(Kpi { id, ..kpi });
            }
        }
        (Self(model), made)
    }

    /// For tests of calculations that the rules would refuse.
    #[cfg(test)]
    pub(crate) fn trusted(model: Model) -> Self {
        Self(model)
    }
}

/// A rule: looks at the whole model and leaves what it finds.
type Rule = fn(&Model, &mut Sink);

/// All rules; their order does not matter.
const RULES: [Rule; 17] = [
    empty::check,
    empty_count::check,
    personal::check,
    lacking_dimension::check,
    form::check,
    lost_mark::check,
    new_baseline::check,
    norm_change::check,
    value_list::check,
    score_range::check,
    confidence::check,
    shield::check,
    shield_groups::check,
    version_boundary::check,
    weight::check,
    portion::check,
    over_time::check,
];

/// Holds a model against all rules. Nothing when it, or what came before, has errors.
pub fn check(model: Model, sink: &mut Sink) -> Option<Checked> {
    for rule in RULES {
        rule(&model, sink);
    }
    (!sink.has_errors()).then_some(Checked(model))
}
