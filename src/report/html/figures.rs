//! The figures under a chart, as tables: one series with all its columns, and the members of a dimension by period.

use maud::{Markup, html};

use super::parts;
use crate::judge::Row;
use crate::judge::variation::{Point, Variation};
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
            norm: any(&|r| r.norm.is_some()),
            parts: any(&|r| r.numerator.is_some()),
            count: any(&counted),
            interval: any(&|r| r.lower.is_some()),
            remarks: special || any(&|r| !r.marks.is_empty() || r.series_break),
        }
    }
}

/// One series: a line per period, newest first.
pub fn series(rows: &[&Row], variation: &Variation, caption: &str) -> Markup {
    let columns = Columns::of(rows, variation);
    html! {
        details.figures {
            summary { "Cijfers" }
            div.scroll tabindex="0" role="group" aria-label={ "Cijfers: " (caption) } {
                table.fig {
                    caption { (caption) }
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
                th.t scope="col" { "Periode" }
                th scope="col" { "Waarde" }
                @if columns.norm { th scope="col" { "Norm" } th scope="col" { "Afstand" } }
                th.t scope="col" { "Status" }
                @if columns.parts { th scope="col" { "Teller" } th scope="col" { "Noemer" } }
                @if columns.count { th scope="col" { "Aantal" } }
                @if columns.interval { th scope="col" { "Interval" } }
                @if columns.remarks { th.t scope="col" { "Bijzonderheden" } }
            }
        }
    }
}

fn line(row: &Row, columns: Columns, variation: &Variation, index: usize) -> Markup {
    let class = match parts::class(Standing::of(row)) {
        "bad" => "t bad",
        "near" => "t near",
        _ => "t",
    };
    html! {
        tr {
            th scope="row" { (row.period) }
            td { (words::value(row)) }
            @if columns.norm {
                td { (words::norm(row)) }
                td { @if let Some(d) = row.distance { (number::value(d, distance_unit(row))) } }
            }
            td class=(class) { (words::status(row)) }
            @if columns.parts { td { (plain(row.numerator)) } td { (plain(row.denominator)) } }
            @if columns.count { td { @if let Some(n) = row.n { (number::count(n)) } } }
            @if columns.interval {
                td {
                    @if let Some((low, high)) = row.lower.zip(row.upper) { (number::interval(low, high, &row.unit)) }
                }
            }
            @if columns.remarks { td.t { (remarks(row, variation, index).join("; ")) } }
        }
    }
}

fn distance_unit(row: &Row) -> &str {
    if row.unit == "%" { "procentpunt" } else { &row.unit }
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

/// The members of a dimension down, the periods across, with a sign for each status that is not `gehaald`.
pub fn members(list: &[Series<'_>], caption: &str) -> Markup {
    let mut periods: Vec<&Row> = list.iter().flat_map(|s| s.rows.iter().copied()).collect();
    periods.sort_by_key(|row| row.period_from);
    periods.dedup_by_key(|row| row.period_from);
    let earlier = periods.len().saturating_sub(PERIODS);
    periods.drain(..earlier);
    let kind = periods.first().and_then(|row| kind(row));
    html! {
        details.figures {
            summary { "Cijfers" }
            div.scroll tabindex="0" role="group" aria-label={ "Cijfers: " (caption) } {
                table.wide-table {
                    caption {
                        (caption) ". ✗ niet gehaald, ~ bijna, · voorlopig, ! bijzonderheid."
                        @if earlier > 0 { " Zonder " (words::earlier(earlier, kind)) ", zie meetlat run --by-each." }
                    }
                    thead {
                        tr {
                            td {}
                            @for period in &periods { th scope="col" { (period.period) } }
                        }
                    }
                    tbody {
                        @for one in list {
                            tr {
                                th scope="row" { (one.members()) }
                                @for period in &periods { (cell(one.at(period.period_from))) }
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
    html! { td { (words::value(row)) @if !sign.is_empty() { " " (sign) } } }
}
