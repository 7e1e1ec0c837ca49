//! Parts of variation and assurance. Whole series are worked out by hand in `tests/variatie`.

use chrono::{Months, NaiveDate};

use super::*;
use crate::calendar::{Period, PeriodKind, Periods, Zone};
use crate::check::Checked;
use crate::combine::Figure;
use crate::judge::{Circumstances, judge};
use crate::resolve::tests::{SOURCES, kpi, outcome};

#[track_caller]
fn limits(values: &[f64], percentage: bool) -> Limits {
    limits::of(values, percentage).expect("limits")
}

#[track_caller]
fn about(found: f64, expected: f64) {
    assert!((found - expected).abs() < 0.005, "{found} is not about {expected}");
}

/// The example of the reference implementation, with the figures that it prints under its chart (vignette *Deviations
/// from Excel defaults*).
#[test]
fn the_example_of_the_reference_implementation() {
    let values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1].map(f64::from);
    let found = limits(&values, false);
    about(found.centre, 1.94);
    about(found.upper, 4.60);
    about(found.lower, -0.72);
    let special = rules::special(&values, &found, limits::tolerance(&values));
    let marked: Vec<_> = special.iter().enumerate().filter_map(|(i, s)| s.map(|s| (i, s))).collect();
    assert_eq!(marked, [(4, (Rule::OutsideLimit, Side::High))]);
}

#[test]
fn equal_values_have_exactly_one_limit() {
    // The mean of 13 times 0.1 is not 0.1 in floats.
    let found = limits(&[0.1; 13], false);
    assert_eq!((found.lower, found.centre, found.upper), (0.1, 0.1, 0.1));
    let special = rules::special(&[0.1; 13], &found, limits::tolerance(&[0.1; 13]));
    assert!(special.iter().all(Option::is_none));
}

#[test]
fn screening_never_takes_all_variation_away() {
    // Once 3, twelve times 0: ranges 3 and 3 among ten zeros; their mean is 6/12, and 3 ≥ 3.267 × 0.5.
    let mut values = [0.0; 13];
    values[6] = 3.0;
    about(limits(&values, false).moving_range, 0.5);
}

#[test]
fn percentages_are_cut_for_drawing_only() {
    let values: Vec<f64> = (0..14).map(|i| if i % 2 == 0 { 96.0 } else { 100.0 }).collect();
    let found = limits(&values, true);
    about(found.upper, 98.0 + 2.66 * 4.0);
    assert_eq!(found.drawn, (found.lower, 100.0));
    assert_eq!(limits(&values, false).drawn, (found.lower, found.upper));
    // A percentage that can lie over 100 is not cut.
    let values: Vec<f64> = values.iter().map(|v| v + 4.0).collect();
    let found = limits(&values, true);
    assert_eq!(found.drawn, (found.lower, found.upper));
}

#[test]
fn numbers_out_of_reach_have_no_limits() {
    assert_eq!(limits::of(&[f64::MAX, -f64::MAX, f64::MAX], false), None);
    assert_eq!(limits::of(&[], false), None);
    assert_eq!(limits::of(&[1.0], false), None);
}

#[test]
fn no_rows_have_no_verdict() {
    let found = of(&[]);
    assert_eq!((found.points.len(), found.baselines.len()), (0, 0));
    assert_eq!(found.verdict, Verdict::TooFew { points: 0 });
    assert_eq!(found.verdict.variation(), "te weinig punten (0 van 13)");
}

/// The rows of a KPI with these answers, month by month from January 2024.
fn judged(answers: &[(&str, &str)], values: &[f64], peilmoment: &str) -> Vec<Row> {
    let outcome = outcome(&[SOURCES, &kpi(answers)]);
    assert_eq!(outcome.list, [], "{:#?}", outcome.list);
    let checked = Checked::trusted(outcome.model);
    let kpi = checked.model().kpi_named("k").expect("the kpi").id;
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    let first = day("2024-01-01");
    let until = first + Months::new(u32::try_from(values.len()).expect("few"));
    let periods = Periods::over(PeriodKind::Month, first, until, Zone::default()).expect("few");
    let figure = |(period, value): (Period, &f64)| Figure {
        kpi,
        period,
        dimensions: Vec::new(),
        value: Some(*value),
        numerator: None,
        denominator: None,
        n: Some(100),
        n_empty: None,
        limits: Vec::new(),
        marks: crate::combine::Marks::new(),
        persons: None,
        sample: None,
        looked_at: Vec::new(),
    };
    let figures: Vec<Figure> = periods.list.into_iter().zip(values).map(figure).collect();
    let circumstances =
        Circumstances { peilmoment: Zone::default().midnight(day(peilmoment)), ..Circumstances::default() };
    judge(&checked, &figures, &circumstances)
}

/// From a definition to a verdict: its `nieuwe basis`, its norm on the day, and what is still provisional.
#[test]
fn the_rows_of_a_definition_carry_what_is_needed() {
    let values: Vec<f64> =
        (0..28).map(|i| if i % 2 == 0 { 49.0 } else { 51.0 } + if i < 14 { 0.0 } else { 30.0 }).collect();
    let answers = [
        ("meetmethode", "automatisch, per maand, nieuwe basis vanaf 2025-03-01"),
        ("norm", ">= 40 >= 76 vanaf 2026-01-01 streefnorm <= 10"),
    ];
    let rows = judged(&answers, &values, "2026-04-20");
    let found = of(&rows.iter().collect::<Vec<_>>());
    assert_eq!(
        found.baselines.iter().map(|b| (b.from, b.until, b.used)).collect::<Vec<_>>(),
        [(0, 14, 14), (14, 28, 13)]
    );
    assert_eq!(found.baseline(14).and_then(|b| b.centre).map(|c| (c * 100.0).round()), Some(7992.0));
    assert_eq!(found.points.last().and_then(Point::left_out), Some(LeftOut::Provisional));
    assert_eq!(found.direction, Some(Direction::Higher));
    // Limits 79.92 ± 5.32: beyond 40, and not beyond the 76 of now.
    let judged = Verdict::Judged { point: 26, change: None, assurance: Some(Assurance::HitOrMiss) };
    assert_eq!(found.verdict, judged);
    // Without a norm the streefnorm has the direction.
    let rows = self::judged(&[("norm", "geen \"x\" streefnorm <= 10")], &values, "2026-05-01");
    assert_eq!(of(&rows.iter().collect::<Vec<_>>()).direction, Some(Direction::Lower));
}
