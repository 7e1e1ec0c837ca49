//! The status of a figure: exactly one, the first that applies (taal.md 8).

use super::row::Status;
use crate::combine::Figure;
use crate::model::{BoundTest, Calculation, Kpi};

/// Judges the unrounded value. `hidden`: the cell is not shown.
pub(super) fn status(kpi: &Kpi, figure: &Figure, hidden: bool, norm: Option<(BoundTest, Option<BoundTest>)>) -> Status {
    if matches!(kpi.calculation, Calculation::NotMeasurable { .. }) {
        return Status::NotMeasurable;
    }
    let Some(value) = figure.value else { return Status::NoData };
    if hidden {
        return Status::Shielded;
    }
    if let (Some(minimum), Some(n)) = (kpi.method.minimum, figure.n)
        && n < minimum
    {
        return Status::TooFew;
    }
    let Some((test, near)) = norm else { return Status::NoNorm };
    if test.holds(value) {
        Status::Met
    } else if near.is_some_and(|near| near.holds(value)) {
        Status::Near
    } else {
        Status::NotMet
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Period, PeriodKind};
    use crate::model::expr::Comparison;
    use crate::model::kpi::{Details, Method};
    use crate::model::{Bound, Formula, FormulaKind, KpiId, Norms, Type, Unit};
    use crate::source::{SourceId, Span};

    const SPAN: Span = Span { source: SourceId(0), start: 0, end: 0 };

    fn kpi(test: BoundTest, near: Option<BoundTest>) -> Kpi {
        let unit = Unit::of(Type::Percentage);
        Kpi {
            id: KpiId(0),
            name: "k".into(),
            title: "K".into(),
            validity: None,
            definition: String::new(),
            calculation: Calculation::Formula(Formula { kind: FormulaKind::Number(1.0), unit, span: SPAN }),
            sources: Vec::new(),
            method: Method { minimum: Some(30), ..Method::default() },
            dimensions: Vec::new(),
            norms: Norms {
                bounds: vec![Bound { test, from: None, until: None, near, span: SPAN }],
                ..Norms::default()
            },
            unit,
            details: Details::default(),
            span: SPAN,
            name_span: SPAN,
            calculation_span: SPAN,
            norm_span: SPAN,
            dimensions_span: SPAN,
        }
    }

    fn judged(test: BoundTest, near: Option<BoundTest>, value: Option<f64>, n: u64) -> Status {
        let kpi = kpi(test, near);
        let day = chrono::NaiveDate::default();
        let period = Period { kind: PeriodKind::Day, label: String::new(), from: day, until: day, start: 0, end: 1 };
        let figure = Figure {
            kpi: kpi.id,
            period,
            dimensions: Vec::new(),
            value,
            numerator: None,
            denominator: None,
            n: Some(n),
            n_empty: None,
            limits: Vec::new(),
            marks: crate::combine::Marks::new(),
            persons: None,
            sample: None,
            looked_at: Vec::new(),
        };
        status(&kpi, &figure, false, super::super::norm::of(&kpi, &figure).judged())
    }

    #[test]
    fn exactly_the_bound_fails_a_strict_norm() {
        let strict = BoundTest::Compare(Comparison::Greater, 80.0);
        assert_eq!(judged(strict, None, Some(80.0), 100), Status::NotMet);
        assert_eq!(judged(BoundTest::Compare(Comparison::GreaterEqual, 80.0), None, Some(80.0), 100), Status::Met);
    }

    #[test]
    fn the_unrounded_value_is_judged() {
        let norm = BoundTest::Compare(Comparison::GreaterEqual, 80.0);
        let near = Some(BoundTest::Compare(Comparison::GreaterEqual, 75.0));
        assert_eq!(judged(norm, near, Some(79.96), 100), Status::Near);
        assert_eq!(judged(norm, near, Some(74.99), 100), Status::NotMet);
    }

    #[test]
    fn missing_comes_before_few_and_few_before_the_norm() {
        let norm = BoundTest::Between(10.0, 20.0);
        assert_eq!(judged(norm, None, None, 0), Status::NoData);
        assert_eq!(judged(norm, None, Some(15.0), 29), Status::TooFew);
        assert_eq!(judged(norm, None, Some(15.0), 30), Status::Met);
    }
}
