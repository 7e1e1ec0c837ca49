//! Dated definitions in a request: in which of its periods a version answers, and where the versions of what it calculates
//! with change. A stretch of periods in which all of them stay the same is one reading.

use chrono::{Days, NaiveDate};

use crate::calendar::{Period, Periods};
use crate::model::{FormulaKind, Kpi, KpiId, Model};

/// The stretches of periods in which a version answers, each with one meaning.
pub(super) fn stretches(model: &Model, kpi: &Kpi, periods: Periods) -> Vec<Periods> {
    if undated(model, kpi) {
        return vec![periods];
    }
    let mut found: Vec<(Vec<Option<KpiId>>, Periods)> = Vec::new();
    for period in periods.list.into_iter().filter(|p| kpi.holds_on(p.from)) {
        let used = used(model, kpi, period.from);
        match found.last_mut() {
            Some((same, stretch)) if *same == used => stretch.list.push(period),
            _ => found.push((used, Periods { kind: periods.kind, list: vec![period] })),
        }
    }
    found.into_iter().map(|(_, stretch)| stretch).collect()
}

/// Days that stand for all meanings that a version can have.
#[must_use]
pub fn telling_days(model: &Model, kpi: &Kpi) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = Vec::new();
    for of in std::iter::once(kpi).chain(model.versions_behind(kpi)) {
        let Some(validity) = of.validity else { continue };
        days.extend(validity.from);
        days.extend(validity.until);
    }
    days.extend(days.iter().min().and_then(|d| d.checked_sub_days(Days::new(1))));
    days.sort_unstable();
    days.dedup();
    days.retain(|day| kpi.holds_on(*day));
    if days.is_empty() { vec![NaiveDate::default()] } else { days }
}

/// The first period of a range in which a definition changes: that period would be half of the one and half of the other.
#[must_use]
pub fn cut<'p>(model: &Model, kpi: &Kpi, periods: &'p [Period]) -> Option<(NaiveDate, &'p Period)> {
    let mut days: Vec<NaiveDate> = Vec::new();
    for of in std::iter::once(kpi).chain(model.versions_behind(kpi)) {
        let Some(validity) = of.validity else { continue };
        days.extend(validity.from.into_iter().chain(validity.until));
    }
    days.sort_unstable();
    days.retain(|day| of_own_days(kpi, *day));
    let inside = |day: &NaiveDate| Some((*day, periods.iter().find(|p| p.from < *day && *day < p.until)?));
    days.iter().find_map(inside)
}

/// A day at which this version holds, or ends.
fn of_own_days(kpi: &Kpi, day: NaiveDate) -> bool {
    kpi.holds_on(day) || kpi.validity.is_some_and(|v| v.until == Some(day))
}

/// Whether a KPI means the same on every day.
fn undated(model: &Model, kpi: &Kpi) -> bool {
    kpi.validity.is_none() && model.versions_behind(kpi).iter().all(|k| k.validity.is_none())
}

/// The versions that a calculation uses on a day, in order of appearance.
fn used(model: &Model, kpi: &Kpi, day: NaiveDate) -> Vec<Option<KpiId>> {
    let mut found = Vec::new();
    let Some(formula) = kpi.formula() else { return found };
    formula.walk(&mut |part| {
        if let FormulaKind::Kpi(id) = part.kind {
            let version = model.version_on(id, day);
            found.push(version.map(|k| k.id));
            found.extend(version.map(|k| used(model, k, day)).unwrap_or_default());
        }
    });
    found
}
