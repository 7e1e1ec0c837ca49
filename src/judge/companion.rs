//! From the rows of a KPI's companions ([`crate::model::companion`]): how the observations behind its newest value are
//! spread, and its value per hour and weekday.

use super::row::Row;
use crate::measure::Member;
use crate::model::companion::{self, DISTRIBUTION, Edge, HEATMAP, HOURS};
use crate::model::expr::Comparison;
use crate::model::{BoundTest, Kpi};

/// Whether rows are of a companion, by the name of their KPI.
#[must_use]
pub fn is(kpi: &str) -> bool {
    kpi.ends_with(DISTRIBUTION) || kpi.ends_with(HEATMAP)
}

/// How observations are spread over classes, in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// The label of the period.
    pub period: String,
    pub classes: Vec<Class>,
    /// All observations.
    pub total: u64,
    /// The share of them, 0–100, that lies on the good side of the norm of that period; none without such a norm.
    pub within: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Where the class before it ends.
    pub from: Option<Edge>,
    /// None for the last.
    pub until: Option<Edge>,
    pub count: u64,
}

/// The distribution in the period of `row`; none where nothing was counted. `rows` are all rows of all companions.
#[must_use]
pub fn distribution(kpi: &Kpi, row: &Row, rows: &[Row]) -> Option<Distribution> {
    let name = format!("{}{DISTRIBUTION}", kpi.name);
    let own: Vec<&Row> =
        rows.iter().filter(|r| r.kpi == name && r.period_from == row.period_from && r.period == row.period).collect();
    let edges = companion::edges(kpi);
    let mut counts = vec![0; edges.len() + 1];
    for counted in own {
        if let ([(_, Member::Int(class))], Some(n)) = (counted.dimensions.as_slice(), counted.value)
            && let Some(count) = usize::try_from(*class).ok().and_then(|i| counts.get_mut(i))
        {
            *count = whole(n);
        }
    }
    let total: u64 = counts.iter().sum();
    let ends = |i: usize| edges.get(i).copied();
    let classes: Vec<Class> = counts
        .into_iter()
        .enumerate()
        .map(|(i, count)| Class { from: i.checked_sub(1).and_then(ends), until: ends(i), count })
        .collect();
    let within = row.test.and_then(|test| within(&test, &classes, total));
    (total > 0).then(|| Distribution { period: row.period.clone(), classes, total, within })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
fn whole(n: f64) -> u64 {
    n as u64
}

#[expect(clippy::cast_precision_loss, reason = "counts of observations")]
fn within(test: &BoundTest, classes: &[Class], total: u64) -> Option<f64> {
    let BoundTest::Compare(op, bound) = *test else { return None };
    let below = classes.iter().filter(|c| c.until.is_some_and(|e| e.value <= bound)).map(|c| c.count).sum::<u64>();
    let good = match op {
        Comparison::Less | Comparison::LessEqual => below,
        Comparison::Greater | Comparison::GreaterEqual => total - below,
        Comparison::Equal | Comparison::NotEqual => return None,
    };
    (total > 0).then(|| 100.0 * good as f64 / total as f64)
}

/// One cell of a heatmap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hour<'a> {
    /// From Monday, 1.
    pub weekday: i64,
    /// 0–23, local.
    pub hour: i64,
    pub row: &'a Row,
}

/// The value per weekday and hour over the whole range, in that order; empty where the KPI has no heatmap.
#[must_use]
pub fn heatmap<'a>(kpi: &Kpi, rows: &'a [Row]) -> Vec<Hour<'a>> {
    let name = format!("{}{HEATMAP}", kpi.name);
    let cell = |row: &'a Row| match row.dimensions.as_slice() {
        [(_, Member::Int(n))] if row.kpi == name => {
            Some(Hour { weekday: n.div_euclid(HOURS), hour: n.rem_euclid(HOURS), row })
        }
        _ => None,
    };
    let mut cells: Vec<Hour<'a>> = rows.iter().filter_map(cell).collect();
    cells.sort_by_key(|c| (c.weekday, c.hour));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Status;
    use crate::model::KpiId;
    use crate::report::sample;
    use crate::resolve::tests::{SOURCES, kpi, outcome};

    fn model(norm: &str) -> crate::model::Model {
        let text = kpi(&[("berekening", "gemiddelde(wachttijd)"), ("norm", norm)]);
        outcome(&[SOURCES, &text]).model
    }

    fn counted(name: &str, class: i64, n: f64) -> Row {
        let mut row = sample::row(name, "2026-01", Some(n), Status::NoNorm);
        row.dimensions = vec![("klasse".to_owned(), Member::Int(class))];
        row
    }

    fn judged(norm: Comparison) -> Row {
        let mut row = sample::row("k", "2026-01", Some(18.4), Status::Met);
        row.unit = "s".to_owned();
        row.test = Some(BoundTest::Compare(norm, 20.0));
        row
    }

    #[test]
    fn classes_end_where_the_norm_does() {
        for (norm, included) in [("<= 20 s", true), ("< 20 s", false), ("<= 17 s", true)] {
            let model = model(norm);
            let edges = companion::edges(model.kpi(KpiId(0)));
            let bound = if norm.ends_with("17 s") { 17.0 } else { 20.0 };
            let at: Vec<bool> =
                edges.iter().filter(|e| e.value.total_cmp(&bound).is_eq()).map(|e| e.included).collect();
            assert_eq!(at, [included], "{norm}");
            assert!(edges.windows(2).all(|w| w[0].value < w[1].value));
        }
    }

    #[test]
    fn counts_per_class_and_the_share_within_the_norm() {
        let model = model("<= 20 s");
        let kpi = model.kpi(KpiId(0));
        // Classes: up to 5, 10, 15, 20, 30 s …
        let rows = [counted("k#verdeling", 0, 70.0), counted("k#verdeling", 3, 3.0), counted("k#verdeling", 4, 27.0)];
        let found = distribution(kpi, &judged(Comparison::LessEqual), &rows).expect("a distribution");
        assert_eq!((found.total, found.within), (100, Some(73.0)));
        assert_eq!(found.classes.iter().map(|c| c.count).take(5).collect::<Vec<_>>(), [70, 0, 0, 3, 27]);
        // A lower bound is good from there on.
        let above = distribution(kpi, &judged(Comparison::GreaterEqual), &rows).expect("a distribution");
        assert_eq!(above.within, Some(27.0));
        // Nothing was counted in another period.
        let mut other = judged(Comparison::LessEqual);
        other.period = "2026-02".to_owned();
        assert_eq!(distribution(kpi, &other, &rows), None);
    }

    #[test]
    fn hours_and_weekdays_come_back() {
        let model = model("<= 20 s");
        let rows = [counted("k#uren", 7 * HOURS + 23, 2.0), counted("k#uren", HOURS, 1.0), counted("k", HOURS, 9.0)];
        let cells = heatmap(model.kpi(KpiId(0)), &rows);
        let found: Vec<_> = cells.iter().map(|c| (c.weekday, c.hour, c.row.value)).collect();
        assert_eq!(found, [(1, 0, Some(1.0)), (7, 23, Some(2.0))]);
    }
}
