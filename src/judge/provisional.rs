//! Whether a figure may still change: what it measures has not ended at the peilmoment, or is not yet `definitief`.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::row::Mark;
use crate::calendar::{Period, PeriodKind, month_name};
use crate::model::kpi::Settles;
use crate::model::{Kpi, Model};

/// The mark of a figure that may still change.
pub const PROVISIONAL: &str = "voorlopig";

/// That mark; none of one that is final.
pub(super) fn mark(model: &Model, kpi: &Kpi, period: &Period, peilmoment: i64) -> Option<Mark> {
    let measured = measured(model, kpi, period);
    let last = settled(model, kpi, period);
    if model.zone.midnight(last) <= peilmoment && measured.end <= peilmoment {
        return None;
    }
    let day = date(last, measured.until);
    let reason = if measured.end <= peilmoment {
        format!("tot {day}")
    } else {
        let what = if kpi.method.window.is_some() { "wat gemeten wordt" } else { "de periode" };
        let then = if last > measured.until { format!("; definitief op {day}") } else { String::new() };
        format!("{what} eindigt na het peilmoment{then}")
    };
    Some(Mark { mark: PROVISIONAL.to_owned(), reason })
}

/// What is measured for a period: the period, or always another stretch.
fn measured(model: &Model, kpi: &Kpi, period: &Period) -> Period {
    kpi.method.window.and_then(|shift| shift.of(period, model.zone)).unwrap_or_else(|| period.clone())
}

/// The day on which the figure is final: its own, or that of the KPIs that it is made of.
fn settled(model: &Model, kpi: &Kpi, period: &Period) -> NaiveDate {
    let measured = measured(model, kpi, period);
    let own = kpi.method.settles.and_then(|settles| later(measured.until, settles)).unwrap_or(measured.until);
    let others = kpi.formula().map(super::super::model::kpi::Formula::kpis).unwrap_or_default();
    let others = others.into_iter().filter_map(|id| model.version_on(id, period.from));
    others.map(|other| settled(model, other, &measured)).fold(own, NaiveDate::max)
}

fn later(day: NaiveDate, settles: Settles) -> Option<NaiveDate> {
    let count = u64::from(settles.count);
    match settles.unit.months() {
        Some(months) => day.checked_add_months(Months::new(settles.count.checked_mul(months)?)),
        None if settles.unit == PeriodKind::Week => day.checked_add_days(Days::new(count * 7)),
        None => day.checked_add_days(Days::new(count)),
    }
}

/// `8 juli`, with its year where that is not the year of what was measured.
fn date(day: NaiveDate, end: NaiveDate) -> String {
    let text = format!("{} {}", day.day(), month_name(day.month()));
    let same = end.pred_opt().is_some_and(|last| last.year() == day.year());
    if same { text } else { format!("{text} {}", day.year()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Periods, Zone};
    use crate::resolve::tests::{SOURCES, kpi, outcome};

    fn told(methods: &[&str], from: &str, peilmoment: &str) -> Option<String> {
        let texts: Vec<String> = methods
            .iter()
            .enumerate()
            .map(|(i, method)| {
                let answers = [
                    ("meetmethode", *method),
                    ("berekening", if i == 0 && methods.len() > 1 { "kpi(k1)" } else { "aantal()" }),
                ];
                let answers = if i == 0 && methods.len() > 1 {
                    [answers[0], answers[1], ("bronsysteem", "afgeleid")].to_vec()
                } else {
                    answers.to_vec()
                };
                kpi(&answers).replace("kpi k ", &format!("kpi k{i} "))
            })
            .collect();
        let texts: Vec<&str> = [SOURCES].into_iter().chain(texts.iter().map(String::as_str)).collect();
        let outcome = outcome(&texts);
        assert_eq!(outcome.list, [], "{:#?}", outcome.list);
        let model = outcome.model;
        let kpi = model.kpi_named("k0").expect("the kpi");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let from = day(from);
        let kind = kpi.method.period.expect("a period");
        let periods = Periods::over(kind, from, from.succ_opt().expect("a day"), Zone::default()).expect("few");
        mark(&model, kpi, &periods.list[0], Zone::default().midnight(day(peilmoment))).map(|mark| mark.reason)
    }

    #[test]
    fn final_some_days_after_the_period() {
        let june = |peilmoment| told(&["automatisch, per maand, definitief na 7 dagen"], "2026-06-01", peilmoment);
        assert_eq!(june("2026-06-20").as_deref(), Some("de periode eindigt na het peilmoment; definitief op 8 juli"));
        assert_eq!(june("2026-07-01").as_deref(), Some("tot 8 juli"));
        assert_eq!(june("2026-07-07").as_deref(), Some("tot 8 juli"));
        assert_eq!(june("2026-07-08"), None);
        let december = told(&["automatisch, per maand, definitief na 1 maand"], "2026-12-01", "2027-01-02");
        assert_eq!(december.as_deref(), Some("tot 1 februari 2027"));
        let week = told(&["automatisch, per week, definitief na 2 weken"], "2026-06-01", "2026-06-08");
        assert_eq!(week.as_deref(), Some("tot 22 juni"));
    }

    #[test]
    fn without_a_delay_the_end_of_the_period_counts() {
        let june = |peilmoment| told(&["automatisch, per maand"], "2026-06-01", peilmoment);
        assert_eq!(june("2026-06-30").as_deref(), Some("de periode eindigt na het peilmoment"));
        assert_eq!(june("2026-07-01"), None);
    }

    #[test]
    fn what_is_always_measured_counts_instead_of_the_period() {
        let may =
            |peilmoment| told(&["automatisch, per maand, altijd over afgelopen kwartaal"], "2026-05-01", peilmoment);
        assert_eq!(may("2026-05-10"), None);
        assert_eq!(may("2026-03-10").as_deref(), Some("wat gemeten wordt eindigt na het peilmoment"));
    }

    #[test]
    fn a_kpi_of_kpis_waits_for_them() {
        let methods = ["automatisch, per maand", "automatisch, per maand, definitief na 7 dagen"];
        assert_eq!(told(&methods, "2026-06-01", "2026-07-01").as_deref(), Some("tot 8 juli"));
    }
}
