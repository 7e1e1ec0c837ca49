//! ML417 and ML418: a `nieuwe basis vanaf` inside a reporting period, or on a day on which the definition does not hold.
//! Neither changes a figure; both make something else of the chart than the author wrote.

use chrono::NaiveDate;

use crate::calendar::PeriodKind;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Kpi, Model};
use crate::source::Spanned;

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        for day in &kpi.method.baselines {
            if let Some(diagnostic) = outside(kpi, day).or_else(|| inside(kpi, day)) {
                sink.push(diagnostic);
            }
        }
    }
}

/// The version does not hold on that day; on its own first day the series breaks already.
fn outside(kpi: &Kpi, day: &Spanned<NaiveDate>) -> Option<Diagnostic> {
    let validity = kpi.validity.filter(|validity| !validity.holds_on(day.value))?;
    Some(
        Diagnostic::warning("ML418", format!("op {} geldt deze definitie niet, dus doet de nieuwe basis niets", day.value))
            .at(day.span)
            .also(validity.span, "wanneer zij geldt")
            .help("zet haar in de versie die op die dag geldt; waar een nieuwe versie begint, begint vanzelf een nieuwe basis"),
    )
}

fn inside(kpi: &Kpi, day: &Spanned<NaiveDate>) -> Option<Diagnostic> {
    let period = kpi.method.period.filter(|period| *period != PeriodKind::Whole)?;
    let (first, next) = period.around(day.value)?;
    let message = format!(
        "de nieuwe basis begint op {}, midden in periode {} (de kpi is per {})",
        day.value,
        period.label(first),
        period.word()
    );
    let help = format!(
        "heel periode {} hoort nu bij de nieuwe basis; schrijf {first}, of {next} als zij nog bij de oude hoort",
        period.label(first)
    );
    Some(Diagnostic::warning("ML417", message).at(day.span).help(help).replace(day.span, first.to_string()))
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::{SOURCES, assert_gives, assert_text_gives, kpi, outcome};

    #[track_caller]
    fn gives(part: &str, expected: &[(&str, &str)]) {
        assert_gives(&[("meetmethode", &format!("automatisch, per kwartaal, {part}"))], expected);
    }

    #[test]
    fn the_first_day_of_a_period_is_fine() {
        gives("nieuwe basis vanaf 2025-04-01", &[]);
        gives("nieuwe basis vanaf 2025-04-01, minimaal 3 waarnemingen, nieuwe basis vanaf 2026-01-01", &[]);
    }

    #[test]
    fn a_day_inside_a_period_is_told() {
        gives("nieuwe basis vanaf 2025-05-01", &[("ML417", "2025-05-01")]);
        let text = kpi(&[("meetmethode", "automatisch, per kwartaal, nieuwe basis vanaf 2025-05-01")]);
        let found = outcome(&[SOURCES, &text]).list;
        assert_eq!(found[0].replacement.as_ref().map(|r| r.text.as_str()), Some("2025-04-01"));
    }

    #[test]
    fn mistakes() {
        gives(
            "nieuwe basis vanaf 2025-04-01, nieuwe basis vanaf 2025-04-01",
            &[("ML026", "nieuwe basis vanaf 2025-04-01")],
        );
        gives("nieuwe basis vanaf 2025-04-31", &[("ML006", "2025-04-31")]);
        gives("nieuwe basis 2025-04-01", &[("ML001", "2025-04-01")]);
        gives("nieuwe basis", &[("ML001", "")]);
        gives("nieuwe", &[("ML001", "")]);
        gives("niewe basis vanaf 2025-04-01", &[("ML001", "basis")]);
    }

    #[test]
    fn a_day_on_which_the_version_does_not_hold_is_told() {
        let version = |validity: &str, day: &str| {
            kpi(&[("meetmethode", &format!("automatisch, per kwartaal, nieuwe basis vanaf {day}"))]).replacen(
                "\" {",
                &format!("\" geldig {validity} {{"),
                1,
            )
        };
        assert_text_gives(&version("vanaf 2025-01-01", "2025-04-01"), &[]);
        assert_text_gives(&version("vanaf 2025-01-01", "2024-04-01"), &[("ML418", "2024-04-01")]);
        assert_text_gives(&version("tot 2026-01-01", "2026-01-01"), &[("ML418", "2026-01-01")]);
    }

    /// A new baseline changes no value, status or norm: it only says what is normal.
    #[test]
    fn the_hash_does_not_follow_it() {
        let hash = |part: &str| {
            let outcome = outcome(&[SOURCES, &kpi(&[("meetmethode", &format!("automatisch, per maand{part}"))])]);
            assert_eq!(outcome.list, [], "{:#?}", outcome.list);
            let kpi = outcome.model.kpi_named("k").expect("the kpi");
            crate::model::identity::definition_hash(&outcome.model, kpi, chrono::NaiveDate::default())
        };
        assert_eq!(hash(""), hash(", nieuwe basis vanaf 2025-04-01"));
    }

    #[test]
    fn in_order_of_time_however_written() {
        let text = kpi(&[(
            "meetmethode",
            "automatisch, per maand, nieuwe basis vanaf 2026-01-01, nieuwe basis vanaf 2025-01-01",
        )]);
        let outcome = outcome(&[SOURCES, &text]);
        let method = &outcome.model.kpi_named("k").expect("the kpi").method;
        let before = |day: &str| method.baseline_before(day.parse().expect("a day")).map(|d| d.to_string());
        assert_eq!(before("2025-01-01"), None);
        assert_eq!(before("2025-02-01").as_deref(), Some("2025-01-01"));
        assert_eq!(before("2026-01-01").as_deref(), Some("2025-01-01"));
        assert_eq!(before("2026-02-01").as_deref(), Some("2026-01-01"));
    }
}
