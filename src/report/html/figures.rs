//! The figures under a chart, as tables whose heads need no `scope` (they stand in the first row and column): one series with all its columns, and the members of a dimension by period.

use maud::{Markup, html};

use super::{member, parts};
use crate::judge::variation::{Point, Variation};
use crate::judge::{Row, Status};
use crate::model::Kpi;
use crate::report::series::{Series, Standing, kind};
use crate::report::{number, words};

/// Members over more periods than this are told of the newest only; a run gives all.
pub const PERIODS: usize = 24;

/// Which columns a series has; the rest would be empty or say the same twice.
#[expect(clippy::struct_excessive_bools, reason = "one for each column")]
#[derive(Clone, Copy, Debug)]
struct Columns {
    norm: bool,
    parts: bool,
    count: bool,
    interval: bool,
    remarks: bool,
}

impl Columns {
    fn of(rows: &[&Row], variation: &Variation) -> Self {
        let any = |has: &dyn Fn(&Row) -> bool| rows.iter().any(|row| has(row));
        let special = variation.points.iter().any(|p| p.special().is_some());
        #[expect(clippy::cast_precision_loss, reason = "a count of observations beside a denominator")]
        let counted =
            |row: &Row| row.n.is_some_and(|n| row.denominator.is_none_or(|d| d.total_cmp(&(n as f64)).is_ne()));
        Self {
            norm: any(&|r| r.norm.is_some() || r.status != Status::NoNorm),
            parts: any(&|r| r.numerator.is_some()),
            count: any(&counted),
            interval: any(&|r| r.lower.is_some()),
            remarks: special || any(&|r| !r.marks.is_empty() || r.series_break),
        }
    }
}

/// One series: a line per period, newest first.
pub fn series(rows: &[&Row], variation: &Variation) -> Markup {
    let columns = Columns::of(rows, variation);
    html! {
        details.figures {
            summary { "Cijfers" }
            div.scroll tabindex="0" role="group" aria-label="Cijfers" {
                table.fig.norm[columns.norm] {
                    (head(columns))
                    tbody {
                        @for (index, row) in rows.iter().enumerate().rev() { (line(row, columns, variation, index)) }
                    }
                }
            }
        }
    }
}

fn head(columns: Columns) -> Markup {
    html! {
        thead {
            tr {
                th.t { "Periode" }
                th { "Waarde" }
                @if columns.norm { th { "Norm" } th { "Afstand" } }
                @if columns.norm { th.t { "Status" } }
                @if columns.parts { th { "Teller" } th { "Noemer" } }
                @if columns.count { th { "Aantal" } }
                @if columns.interval { th { "Interval" } }
                @if columns.remarks { th.t { "Bijzonderheden" } }
            }
        }
    }
}

fn line(row: &Row, columns: Columns, variation: &Variation, index: usize) -> Markup {
    let class = match parts::class(Standing::of(row)) {
        "bad" => Some("bad"),
        "near" => Some("near"),
        _ => None,
    };
    html! {
        tr {
            th { (row.period) }
            td { (words::value(row)) }
            @if columns.norm {
                td { (words::norm(row)) }
                td { @if let Some(d) = row.distance { (number::value(d, number::difference_unit(&row.unit))) } }
            }
            @if columns.norm { td class=[class] { (words::status(row)) } }
            @if columns.parts { td { (plain(row.numerator)) } td { (plain(row.denominator)) } }
            @if columns.count { td { @if let Some(n) = row.n { (number::count(n)) } } }
            @if columns.interval {
                td {
                    @if let Some((low, high)) = row.lower.zip(row.upper) { (number::interval(low, high, &row.unit)) }
                }
            }
            @if columns.remarks {
                @let told = remarks(row, variation, index).join("; ");
                @if told.is_empty() { td {} } @else { td.t { (told) } }
            }
        }
    }
}

fn plain(value: Option<f64>) -> String {
    value.map(|v| number::plain(v, 2)).unwrap_or_default()
}

fn remarks(row: &Row, variation: &Variation, index: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for mark in &row.marks {
        let reason = words::clean(&mark.reason);
        out.push(if reason.is_empty() { mark.mark.clone() } else { format!("{}: {reason}", mark.mark) });
    }
    if row.series_break {
        out.push("reeksbreuk: de definitie veranderde".to_owned());
    }
    if let Some(special) = variation.points.get(index).and_then(Point::special) {
        out.push(format!("{}: {}", special.change.word(), special.why()));
    }
    out
}

/// The members of all dimensions down, the periods across, with a sign for each status that is not `gehaald`.
pub fn members(kpi: &Kpi, dimensions: &[(String, Vec<Series<'_>>)], caption: &str) -> Markup {
    let mut periods: Vec<&Row> = dimensions.iter().flat_map(|(_, list)| list).flat_map(|s| s.rows.clone()).collect();
    periods.sort_by_key(|row| row.period_from);
    periods.dedup_by_key(|row| row.period_from);
    let earlier = periods.len().saturating_sub(PERIODS);
    periods.drain(..earlier);
    let kind = periods.first().and_then(|row| kind(row));
    let percent = periods.first().is_some_and(|row| row.unit == "%");
    let caption = format!("{caption}, uitgesplitst{}", if percent { ", in %" } else { "" });
    html! {
        @if !periods.is_empty() {
            details.figures {
                summary { "Cijfers van de onderdelen" }
                div.scroll tabindex="0" role="group" aria-label="Cijfers" {
                    table.wide-table {
                        caption {
                            (caption) ". ✗ niet gehaald, ~ bijna, · voorlopig, ! bijzonderheid, – geen gegevens."
                            @if earlier > 0 { " Zonder " (words::earlier(earlier, kind)) ", zie meetlat run --by-each." }
                        }
                        thead { tr { td {} @for period in &periods { th { (period.period) } } } }
                        @for (name, list) in dimensions {
                            tbody {
                                tr { th scope="rowgroup" colspan=(periods.len() + 1) { "Per " (words::clean(name)) } }
                                @for one in list {
                                    tr {
                                        th { (member::names(kpi, one.rows.first().copied())) }
                                        @for period in &periods { (cell(one.at(period.period_from))) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell(row: Option<&Row>) -> Markup {
    let Some(row) = row else { return html! { td {} } };
    let sign: String = [
        match row.status {
            crate::judge::Status::NotMet => "✗",
            crate::judge::Status::Near => "~",
            _ => "",
        },
        if Standing::of(row) == Standing::Preliminary { "·" } else { "" },
        if row.series_break || row.marks.iter().any(|m| m.mark != crate::report::series::PRELIMINARY) {
            "!"
        } else {
            ""
        },
    ]
    .concat();
    // The caption says what a dash is, and that they are percentages.
    if row.value.is_none() && row.status == Status::NoData {
        return html! { td { "–" } };
    }
    let value = words::value(row);
    let value = if row.unit == "%" { value.trim_end_matches(" %") } else { &value };
    html! { td { (value) @if !sign.is_empty() { " " (sign) } } }
}
