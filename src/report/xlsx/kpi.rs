//! The sheet of one KPI: a chart of its values and norm over time, its total as a table, remarks, and its members.

use rust_xlsxwriter::{Format, Worksheet};

use super::chart::{self, Line, Span};
use super::pen::{self, At, Look, Pen};
use super::{Input, OVERVIEW, Problem, Sheet, tab};
use crate::judge::Row;
use crate::report::number::scale::{Scale, bounds};
use crate::report::series::Series;
use crate::report::{table, words};

/// What stands in a column of the table of the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Period,
    From,
    Last,
    Value,
    Low,
    High,
    Norm,
    NormTop,
    Distance,
    Status,
    Numerator,
    Denominator,
    Count,
    Empty,
    Marks,
}

/// Widths of the first columns; periods and the table of the total share them.
const WIDTH: f64 = 12.0;
/// The last of the columns over which the definition stands.
const WIDE: u16 = 10;
/// More periods than this stand with the rows only.
const MOST_PERIODS: usize = 370;

pub fn draw(kpi: &Sheet<'_>, input: &Input<'_>) -> Result<Worksheet, Problem> {
    let (mut sheet, mut pen) = tab(&kpi.name)?;
    sheet.set_column_width(0, 26)?;
    let total: &[&Row] = kpi.entry.total.as_ref().map_or(&[], |s| &s.rows);
    let columns = columns(total);
    let periods = periods(&kpi.entry.members);
    let most = columns.len().max(periods.len() + 2);
    for column in 1..u16::try_from(most).unwrap_or(u16::MAX) {
        sheet.set_column_width(column, WIDTH)?;
    }
    let latest = (!kpi.entry.members.is_empty()).then(|| u16::try_from(periods.len() + 1).unwrap_or(u16::MAX));
    for status in place(&columns, Column::Status).into_iter().chain(latest) {
        sheet.set_column_width(status, 26)?;
    }
    let mut at = heading(&mut sheet, &mut pen, kpi, input)?;
    let telling: Vec<&Row> = kpi.entry.telling().map_or(Vec::new(), |s| s.rows.clone());
    let scale = scale(kpi, telling.last().copied());
    let charted = telling.iter().filter(|r| r.value.is_some()).count() > 1;
    let above = at;
    if charted {
        at += chart::ROWS + 1;
    }
    let mut lines = Vec::new();
    let mut categories = None;
    if !total.is_empty() {
        let head = at;
        at = totals(&mut sheet, &mut pen, head, total, &columns, &scale)?;
        let (first, last) = (head + 1, at.saturating_sub(1));
        categories = Some(Span { from: (first, 0), to: (last, 0) });
        for (column, norm) in [(Column::Value, false), (Column::Norm, true), (Column::NormTop, true)] {
            if let Some(c) = place(&columns, column) {
                lines.push(Line { name: (head, c), values: Span { from: (first, c), to: (last, c) }, norm });
            }
        }
        at = remarks(&mut sheet, &mut pen, at + 1, kpi)?;
    }
    let members = members(&mut sheet, &mut pen, at + 1, kpi, &periods, &scale)?;
    if total.is_empty() {
        (categories, lines) = (members.categories, members.lines);
    }
    if let (true, Some(categories)) = (charted, categories) {
        let words = format!("{}: waarden en norm per periode", kpi.entry.title());
        let drawn = chart::draw(&kpi.name, categories, &lines, &scale.format(scale.decimals), &words);
        sheet.insert_chart(above, 0, &drawn)?;
    }
    Ok(sheet)
}

/// Title, the way back and the definition; gives the first free row.
fn heading(sheet: &mut Worksheet, pen: &mut Pen, kpi: &Sheet<'_>, input: &Input<'_>) -> Result<u32, Problem> {
    pen.text(sheet, (0, 0), &kpi.entry.title(), Look::Title)?;
    sheet.set_row_height(0, 24)?;
    pen.link(sheet, (1, 0), OVERVIEW, "‹ Overzicht")?;
    let about = format!("{} · {} · {}", words::clean(kpi.entry.kpi), kpi.group, words::heading(&input.heading));
    pen.text(sheet, (1, 1), &about, Look::Quiet)?;
    // Of several versions the newest stands here; all stand with the definitions.
    let newest = input.definitions.iter().rfind(|d| d.kpi == kpi.entry.kpi);
    let Some((_, lines)) = newest.and_then(|d| d.answers.first()) else { return Ok(3) };
    let text = lines.join(" ");
    // A cell over several columns does not grow with its text.
    sheet.merge_range(2, 0, 2, WIDE, "", &Format::new())?;
    pen::height(sheet, 2, &[(&text, 130.0)])?;
    pen.text(sheet, (2, 0), &text, Look::Wrapped)?;
    Ok(4)
}

/// One scale for all that stands on the sheet.
fn scale(kpi: &Sheet<'_>, newest: Option<&Row>) -> Scale {
    let unit = newest.map_or("", |r| r.unit.as_str());
    let all = kpi.entry.total.iter().chain(kpi.entry.members.iter().filter(|_| kpi.entry.total.is_none()));
    let rows = all.flat_map(|s| s.rows.iter());
    let values = rows.flat_map(|r| r.value.into_iter().chain(r.norm.as_deref().map_or(Vec::new(), bounds)));
    Scale::of(values, unit)
}

/// The columns that the rows fill.
fn columns(rows: &[&Row]) -> Vec<Column> {
    let any = |has: &dyn Fn(&Row) -> bool| rows.iter().any(|r| has(r));
    let several = |n: usize| any(&|r| r.norm.as_deref().is_some_and(|text| bounds(text).len() >= n));
    let all = [
        (Column::Period, true),
        (Column::From, true),
        (Column::Last, true),
        (Column::Value, true),
        (Column::Low, any(&|r| r.lower.is_some())),
        (Column::High, any(&|r| r.upper.is_some())),
        (Column::Norm, several(1)),
        (Column::NormTop, several(2)),
        (Column::Distance, any(&|r| r.distance.is_some())),
        (Column::Status, true),
        (Column::Numerator, any(&|r| r.numerator.is_some())),
        (Column::Denominator, any(&|r| r.denominator.is_some())),
        (Column::Count, any(&|r| r.n.is_some())),
        (Column::Empty, any(&|r| r.n_empty.is_some_and(|n| n > 0))),
        (Column::Marks, any(&|r| !r.marks.is_empty() || r.series_break)),
    ];
    all.into_iter().filter(|(_, shown)| *shown).map(|(column, _)| column).collect()
}

fn place(columns: &[Column], column: Column) -> Option<u16> {
    columns.iter().position(|c| *c == column).and_then(|i| u16::try_from(i).ok())
}

fn head(column: Column, several: bool) -> (&'static str, Look) {
    match column {
        Column::Period => ("Periode", Look::Head),
        Column::From => ("Van", Look::Head),
        Column::Last => ("Tot en met", Look::Head),
        Column::Value => ("Waarde", Look::HeadRight),
        Column::Low => ("Ondergrens", Look::HeadRight),
        Column::High => ("Bovengrens", Look::HeadRight),
        Column::Norm if several => ("Norm, van", Look::HeadRight),
        Column::Norm => ("Norm", Look::HeadRight),
        Column::NormTop => ("Norm, tot", Look::HeadRight),
        Column::Distance => ("Afstand", Look::HeadRight),
        Column::Status => ("Status", Look::HeadApart),
        Column::Numerator => ("Teller", Look::HeadRight),
        Column::Denominator => ("Noemer", Look::HeadRight),
        Column::Count => ("n", Look::HeadRight),
        Column::Empty => ("Leeg", Look::HeadRight),
        Column::Marks => ("Kenmerken", Look::HeadApart),
    }
}

/// The rows of the total from `at`; gives the row below them.
fn totals(
    sheet: &mut Worksheet,
    pen: &mut Pen,
    at: u32,
    rows: &[&Row],
    columns: &[Column],
    scale: &Scale,
) -> Result<u32, Problem> {
    let several = columns.contains(&Column::NormTop);
    for (i, column) in (0..).zip(columns) {
        let (text, look) = head(*column, several);
        pen.text(sheet, (at, i), text, look)?;
    }
    let mut line = at;
    for row in rows {
        line += 1;
        for (i, column) in (0..).zip(columns) {
            cell(sheet, pen, (line, i), row, *column, scale)?;
        }
    }
    if let Some(status) = place(columns, Column::Status) {
        pen::statuses(sheet, (at + 1, status), (line, status))?;
    }
    Ok(line + 1)
}

fn cell(sheet: &mut Worksheet, pen: &mut Pen, at: At, row: &Row, column: Column, scale: &Scale) -> Result<(), Problem> {
    let decimals = row.value.map_or(scale.decimals, |v| scale.decimals_against(v, row.norm.as_deref()));
    let bound = |n: usize| row.norm.as_deref().and_then(|text| bounds(text).get(n).copied());
    let mut number = |sheet: &mut Worksheet, n: Option<f64>, format: String| {
        pen.number(sheet, at, n.map(|v| scale.number(v)), &format)
    };
    match column {
        Column::Value => number(sheet, row.value, scale.format(decimals)),
        Column::Low => number(sheet, row.lower, scale.format(scale.decimals)),
        Column::High => number(sheet, row.upper, scale.format(scale.decimals)),
        Column::Norm => number(sheet, bound(0), scale.format(scale.decimals)),
        Column::NormTop => number(sheet, bound(1), scale.format(scale.decimals)),
        Column::Distance => number(sheet, row.distance, scale.signed(decimals)),
        Column::Period => pen.text(sheet, at, &row.period, Look::Plain),
        Column::From => pen.date(sheet, at, row.period_from),
        Column::Last => pen.date(sheet, at, row.period_until.pred_opt().unwrap_or(row.period_until)),
        Column::Status => pen.text(sheet, at, &words::status(row), Look::Apart),
        Column::Numerator => pen.plain(sheet, at, row.numerator),
        Column::Denominator => pen.plain(sheet, at, row.denominator),
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
        Column::Count => pen.plain(sheet, at, row.n.map(|n| n as f64)),
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
        Column::Empty => pen.plain(sheet, at, row.n_empty.map(|n| n as f64)),
        Column::Marks => {
            let mut marks: Vec<String> = row.marks.iter().map(|m| m.mark.clone()).collect();
            marks.extend(row.series_break.then(|| "reeksbreuk".to_owned()));
            pen.text(sheet, at, &marks.join(", "), Look::Apart)
        }
    }
}

/// What a reader must know of the total, as under the table in the terminal.
fn remarks(sheet: &mut Worksheet, pen: &mut Pen, at: u32, kpi: &Sheet<'_>) -> Result<u32, Problem> {
    let Some(total) = &kpi.entry.total else { return Ok(at) };
    let mut line = at;
    for note in table::notes(total, &total.rows, kpi.years) {
        pen.text(sheet, (line, 0), &note, Look::Quiet)?;
        line += 1;
    }
    Ok(line)
}

/// The newest periods of the members, a row of each.
fn periods<'a>(members: &[Series<'a>]) -> Vec<&'a Row> {
    let mut periods: Vec<&Row> = members.iter().flat_map(|s| s.rows.iter().copied()).collect();
    periods.sort_by_key(|r| r.period_from);
    periods.dedup_by_key(|r| r.period_from);
    let older = periods.len().saturating_sub(MOST_PERIODS);
    periods.split_off(older)
}

/// What a chart can draw of the members: those of the first dimension.
#[derive(Default)]
struct Drawn {
    categories: Option<Span>,
    lines: Vec<Line>,
}

/// A table per dimension from `at`: members down, periods across, and how each stands.
fn members(
    sheet: &mut Worksheet,
    pen: &mut Pen,
    at: u32,
    kpi: &Sheet<'_>,
    periods: &[&Row],
    scale: &Scale,
) -> Result<Drawn, Problem> {
    let mut drawn = Drawn::default();
    let mut line = at;
    let mut dimensions = Vec::new();
    let last = u16::try_from(periods.len()).unwrap_or(u16::MAX);
    for series in &kpi.entry.members {
        if series.dimensions() != dimensions {
            dimensions = series.dimensions();
            line += 1;
            pen.text(sheet, (line, 0), &format!("Per {}", dimensions.join(", ")), Look::Head)?;
            for (i, period) in (1..).zip(periods) {
                pen.text(sheet, (line, i), &period.period, Look::HeadRight)?;
            }
            pen.text(sheet, (line, last + 1), "Laatste status", Look::HeadApart)?;
            if drawn.categories.is_none() {
                drawn.categories = Some(Span { from: (line, 1), to: (line, last) });
            }
            line += 1;
        }
        pen.text(sheet, (line, 0), &series.members(), Look::Plain)?;
        for (i, period) in (1..).zip(periods) {
            let Some(row) = series.at(period.period_from) else { continue };
            let decimals = row.value.map_or(scale.decimals, |v| scale.decimals_against(v, row.norm.as_deref()));
            pen.number(sheet, (line, i), row.value.map(|v| scale.number(v)), &scale.format(decimals))?;
        }
        let status = series.latest().map(words::status).unwrap_or_default();
        pen.text(sheet, (line, last + 1), &status, Look::Apart)?;
        let charted = kpi.entry.members.first().map(Series::dimensions) == Some(series.dimensions());
        if charted && drawn.lines.len() < chart::MOST {
            let values = Span { from: (line, 1), to: (line, last) };
            drawn.lines.push(Line { name: (line, 0), values, norm: false });
        }
        line += 1;
    }
    if line > at {
        pen::statuses(sheet, (at, last + 1), (line, last + 1))?;
    }
    Ok(drawn)
}
