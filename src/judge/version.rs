//! Which version of a definition a period is calculated with, and whether the series breaks there.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::{Formula, Kpi, KpiId, Model, identity};

/// What a row tells of its definition.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub hash: String,
    /// A new version begins in this period: of the KPI itself, or of one that it calculates with.
    pub breaks: bool,
}

/// The versions of all KPIs, each worked out once per day on which something may differ.
pub(super) struct Versions<'a> {
    model: &'a Model,
    /// Per KPI whether days matter.
    dated: BTreeMap<KpiId, bool>,
    known: BTreeMap<(KpiId, Option<NaiveDate>), Version>,
}

impl<'a> Versions<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self { model, dated: BTreeMap::new(), known: BTreeMap::new() }
    }

    /// Of the period that begins on `from`; `until` is exclusive.
    pub(super) fn of(&mut self, kpi: &Kpi, from: NaiveDate, until: NaiveDate) -> Version {
        let model = self.model;
        let dated = *self.dated.entry(kpi.id).or_insert_with(|| {
            kpi.validity.is_some() || model.versions_behind(kpi).iter().any(|k| k.validity.is_some())
        });
        let make = || Version {
            hash: identity::definition_hash(model, kpi, from),
            breaks: dated && breaks(model, kpi, from, until),
        };
        self.known.entry((kpi.id, dated.then_some(from))).or_insert_with(make).clone()
    }
}

/// Whether a version that has a predecessor begins in a period: of a KPI, or of one that it calculates with then.
fn breaks(model: &Model, kpi: &Kpi, from: NaiveDate, until: NaiveDate) -> bool {
    let begins = kpi.validity.and_then(|v| v.from).is_some_and(|day| from <= day && day < until);
    let parts = kpi.formula().map(Formula::kpis).unwrap_or_default();
    (begins && model.has_earlier_version(kpi))
        || parts.into_iter().filter_map(|id| model.version_on(id, from)).any(|part| breaks(model, part, from, until))
}
