//! From a KPI to its charts: which forms, and the data that each is drawn from. It chooses; `chart` draws.

use maud::{Markup, html};

use super::{figures, member};
use crate::judge::companion::{Class, Distribution as Spread, Hour};
use crate::judge::variation::{self, Change, Variation};
use crate::judge::{Row, Status};
use crate::model::companion::Edge;
use crate::model::form::Form;
use crate::report::chart::{
    self, BarChart, Bin, Bound, Cell, Direction, Distribution, Figure, HeatRow, Heatmap, Limits, LineChart, Point,
    Small, SmallMultiples, Sparkline, Special,
};
use crate::report::series::Series;
use crate::report::view::KpiView;
use crate::report::{number, words};

/// More members than this are not drawn: the eye compares no more.
const MEMBERS: usize = 6;

/// The course of a KPI in the forms that its definition chooses, as a line where it does not say.
pub fn course(kpi: &KpiView<'_>) -> Markup {
    let rows = &kpi.telling.rows;
    let points = points(rows, Some(&kpi.variation));
    html! {
        @for form in forms(kpi) {
            @match form {
                Form::Line => (chart::line(&line(kpi, rows, points.clone()))),
                Form::Bar => (chart::bar(&bars(kpi, rows, points.clone()))),
                Form::Figure => (chart::figure(&Figure {
                    id: id(kpi, "kengetal"), title: kpi.title.clone(), unit: unit(rows),
                    points: settled(kpi, points.clone()),
                })),
                Form::Distribution | Form::Heatmap | Form::None => {},
            }
        }
    }
}

/// Up to the figure that the page tells of: two numbers in large print would contradict each other.
fn settled(kpi: &KpiView<'_>, points: Vec<Point>) -> Vec<Point> {
    let told = kpi.latest().and_then(|latest| kpi.telling.rows.iter().position(|row| std::ptr::eq(*row, latest)));
    points.into_iter().take(told.map_or(usize::MAX, |place| place + 1)).collect()
}

/// The forms of the course: one point is no line.
fn forms(kpi: &KpiView<'_>) -> Vec<Form> {
    let asked: Vec<Form> = kpi.kpi.details.visualisation.iter().map(|form| form.value).collect();
    let fits = |form: &Form| match form {
        Form::Line => kpi.telling.rows.len() > 1,
        Form::Bar | Form::Figure => true,
        Form::Distribution | Form::Heatmap | Form::None => false,
    };
    let mut found: Vec<Form> = asked.iter().copied().filter(fits).collect();
    found.dedup();
    if found.is_empty() && !asked.contains(&Form::None) {
        found.push(if kpi.telling.rows.len() > 1 { Form::Line } else { Form::Figure });
    }
    found
}

fn line(kpi: &KpiView<'_>, rows: &[&Row], points: Vec<Point>) -> LineChart {
    let limits = kpi.variation.baselines.iter().filter_map(|baseline| {
        let limits = baseline.limits?;
        let (lower, upper) = limits.drawn;
        // From its first point that counts: before that there was nothing to be normal.
        let counts = |index: &usize| kpi.variation.points.get(*index).is_some_and(|p| p.left_out().is_none());
        let from = (baseline.from..baseline.until).find(counts)?;
        Some(Limits { from, until: baseline.until, centre: limits.centre, lower, upper })
    });
    LineChart {
        id: id(kpi, "lijn"),
        title: kpi.title.clone(),
        unit: unit(rows),
        points,
        references: chart::references(rows),
        limits: limits.collect(),
    }
}

fn bars(kpi: &KpiView<'_>, rows: &[&Row], points: Vec<Point>) -> BarChart {
    BarChart {
        id: id(kpi, "staaf"),
        title: kpi.title.clone(),
        unit: unit(rows),
        direction: Direction::Up,
        points,
        references: chart::references(rows),
    }
}

/// The members of a dimension: each its own course, or where there is one period each its own bar.
pub fn members(kpi: &KpiView<'_>, name: &str, list: &[Series<'_>]) -> Markup {
    let title = format!("{} per {}", kpi.title, words::clean(name));
    let unit = list.first().map(|one| unit(&one.rows)).unwrap_or_default();
    let id = format!("{}-{}", id(kpi, "leden"), kpi.members.iter().position(|(n, _)| n == name).unwrap_or(0));
    if list.iter().all(|one| one.rows.len() <= 1) {
        let points = list.iter().filter_map(|one| Some(bar(kpi, one.rows.last()?)));
        let points = points.collect();
        return chart::bar(&BarChart { id, title, unit, direction: Direction::Right, points, references: Vec::new() });
    }
    let shown = most(list);
    let small = |one: &&Series<'_>| {
        let rows = one.rows.get(one.rows.len().saturating_sub(figures::PERIODS)..).unwrap_or_default();
        Small { name: member::names(kpi.kpi, one.rows.first().copied()), points: points(rows, None) }
    };
    let items = shown.iter().map(small).collect();
    html! {
        @if shown.len() < list.len() {
            p.note { "De " (shown.len())  " waar de norm niet gehaald is of de meeste waarnemingen zijn; alle " (list.len()) " staan bij de cijfers van de onderdelen." }
        }
        (chart::small_multiples(&SmallMultiples { id, title, unit, items }))
    }
}

/// The members that miss their norm and those with the most observations in their newest period, in the order given.
fn most<'s, 'a>(list: &'s [Series<'a>]) -> Vec<&'s Series<'a>> {
    let count = |one: &Series<'_>| one.rows.last().and_then(|row| row.n).unwrap_or(0);
    let missed = |one: &Series<'_>| one.latest().is_some_and(|row| row.status == Status::NotMet);
    let rank = |(i, one): (usize, &Series<'_>)| (std::cmp::Reverse((missed(one), count(one))), i);
    let mut ranked: Vec<_> = list.iter().enumerate().map(rank).collect();
    ranked.sort_unstable();
    let mut kept: Vec<usize> = ranked.into_iter().take(MEMBERS).map(|(_, i)| i).collect();
    kept.sort_unstable();
    kept.into_iter().filter_map(|i| list.get(i)).collect()
}

fn bar(kpi: &KpiView<'_>, row: &Row) -> Point {
    let name = member::names(kpi.kpi, Some(row));
    Point { label: name.clone(), long_label: name, ..Point::of(row, false) }
}

/// A line without axes, up to the period that the status beside it is about.
pub fn spark(kpi: &KpiView<'_>) -> Markup {
    let newest = kpi.latest().map(|row| row.period_from);
    let until = kpi.telling.rows.iter().rposition(|row| Some(row.period_from) == newest).map_or(0, |i| i + 1);
    let rows = kpi.telling.rows.get(..until).unwrap_or_default();
    if rows.len() < 2 {
        return html! {};
    }
    chart::sparkline(&Sparkline { title: kpi.title.clone(), unit: unit(rows), points: points(rows, None) })
}

/// Hours down, weekdays across.
pub fn heatmap(kpi: &KpiView<'_>) -> Markup {
    const DAYS: [&str; 7] = ["ma", "di", "wo", "do", "vr", "za", "zo"];
    let cells = &kpi.heatmap;
    let hours = cells.iter().map(|c| c.hour);
    let (Some(first), Some(last)) = (hours.clone().min(), hours.max()) else { return html! {} };
    let cell = |hour: i64, day: i64| {
        let found = cells.iter().find(|c: &&Hour<'_>| (c.weekday, c.hour) == (day, hour));
        found
            .map_or(Cell { value: None, status: Status::NoData }, |c| Cell { value: c.row.value, status: c.row.status })
    };
    let rows = (first..=last).map(|hour| HeatRow {
        label: format!("{hour} – {} u", hour + 1),
        cells: (1..=7).map(|day| cell(hour, day)).collect(),
    });
    html! {
        h2 { "Per uur en weekdag" }
        (chart::heatmap(&Heatmap {
            id: id(kpi, "uren"),
            title: format!("{}, over de hele reeks", kpi.title),
            unit: unit(&kpi.telling.rows),
            corner: "uur".to_owned(),
            columns: DAYS.map(str::to_owned).to_vec(),
            rows: rows.collect(),
        }))
    }
}

/// How the observations behind the newest value are spread.
pub fn distribution(kpi: &KpiView<'_>) -> Markup {
    let (Some(spread), Some(row)) = (&kpi.distribution, kpi.latest()) else { return html! {} };
    let used =
        |c: &&Class| c.count > 0 || c.until.is_some_and(|e| on_norm(row, e)) || c.from.is_some_and(|e| on_norm(row, e));
    let first = spread.classes.iter().position(|c| used(&c)).unwrap_or(0);
    let last = spread.classes.iter().rposition(|c| used(&c)).unwrap_or(0);
    let bins = spread.classes.get(first..=last).unwrap_or_default().iter().map(|class| Bin {
        label: class_label(class, &row.unit),
        from: class.from.map(|e| e.value),
        until: class.until.map(|e| e.value),
        count: class.count,
    });
    html! {
        h2 { "Hoe liggen de waarden verspreid?" }
        (chart::distribution(&Distribution {
            id: id(kpi, "verdeling"),
            title: format!("{}, verdeling in {}", kpi.title, words::period_in_words(row)),
            unit: row.unit.clone(),
            bins: bins.collect(),
            norm: row.norm.as_deref().and_then(Bound::read),
            note: spread_note(spread, row),
        }))
    }
}

fn on_norm(row: &Row, edge: Edge) -> bool {
    matches!(row.test, Some(crate::model::BoundTest::Compare(_, bound)) if bound.total_cmp(&edge.value).is_eq())
}

/// `Het cijfer is 18,4 s; van de 2.311 waarnemingen voldoet 73,0 % aan de norm van ≤ 20 s.`
fn spread_note(spread: &Spread, row: &Row) -> String {
    let total = number::count(spread.total);
    match spread.within {
        Some(share) => format!(
            "Het cijfer is {}; van de {total} waarnemingen ligt {} zelf ook aan de goede kant van de norm ({}).",
            words::value(row),
            number::value(share, "%"),
            words::norm(row)
        ),
        None => format!("Het cijfer is {}, over {total} waarnemingen.", words::value(row)),
    }
}

/// `10 – 20 s`, `3 dagen`, `meer dan 5 min`
fn class_label(class: &Class, unit: &str) -> String {
    let text = |value: f64| number::benchmark(&value.to_string(), unit);
    match (class.from, class.until) {
        (None, Some(until)) if until.value < 0.0 => format!("minder dan {}", text(0.0)),
        (None, Some(until)) => format!("tot {}", text(until.value)),
        (Some(from), None) => format!("meer dan {}", text(from.value)),
        (Some(from), Some(until)) if unit != "s" => {
            let low = if from.included { from.value + 1.0 } else { from.value };
            let high = if until.included { until.value } else { until.value - 1.0 };
            if low >= high { text(high) } else { range(&text(low), &text(high)) }
        }
        (Some(from), Some(until)) => range(&text(from.value), &text(until.value)),
        (None, None) => String::new(),
    }
}

/// With the unit once where both have the same.
fn range(low: &str, high: &str) -> String {
    match (low.rsplit_once(' '), high.rsplit_once(' ')) {
        (Some((number, a)), Some((_, b))) if a == b => format!("{number} – {high}"),
        _ => format!("{low} – {high}"),
    }
}

fn points(rows: &[&Row], normal: Option<&Variation>) -> Vec<Point> {
    let years = rows.first().map(|r| r.period.get(..4)) != rows.last().map(|r| r.period.get(..4));
    let special = |index: usize| {
        let found = normal.and_then(|v| v.points.get(index)).and_then(variation::Point::special)?;
        Some(match found.change {
            Change::Improvement => Special::Improvement,
            Change::Concern => Special::Concern,
            Change::High | Change::Low => Special::Change,
        })
    };
    let point = |(index, row): (usize, &&Row)| Point { special: special(index), ..Point::of(row, years) };
    rows.iter().enumerate().map(point).collect()
}

fn unit(rows: &[&Row]) -> String {
    rows.first().map(|row| row.unit.clone()).unwrap_or_default()
}

fn id(kpi: &KpiView<'_>, what: &str) -> String {
    format!("{what}-{}", kpi.kpi.name)
}
