//! The figures under a chart, as tables: one series with all its columns, and the members of a dimension by period.

use maud::{Markup, html};

use super::{member, parts};
use crate::judge::Row;
use crate::judge::variation::Variation;
use crate::model::Kpi;
use crate::report::series::{Series, Standing};
use crate::report::{number, words};

/// One series: a line per period, newest first.
pub fn series(rows: &[&Row], variation: &Variation, caption: &str) -> Markup {
    let any = |has: &dyn Fn(&Row) -> bool| rows.iter().any(|row| has(row));
    let parts = any(&|r| r.numerator.is_some());
    let interval = any(&|r| r.lower.is_some());
    let marks =
        any(&|r| !r.marks.is_empty() || r.series_break) || variation.points.iter().any(|p| p.special().is_some());
    html! {
        details.figures {
            summary { "Cijfers" }
            div.scroll tabindex="0" role="group" aria-label={ "Cijfers: " (caption) } {
                table {
                    caption { (caption) }
                    thead {
                        tr {
                            th scope="col" { "Periode" }
                            th.number scope="col" { "Waarde" }
                            th.number scope="col" { "Norm" }
                            th.number scope="col" { "Afstand" }
                            th scope="col" { "Status" }
                            @if parts { th.number scope="col" { "Teller" } th.number scope="col" { "Noemer" } }
                            th.number scope="col" { "Aantal" }
                            @if interval { th.number scope="col" { "Interval" } }
                            @if marks { th scope="col" { "Bijzonderheden" } }
                        }
                    }
                    tbody {
                        @for (index, row) in rows.iter().enumerate().rev() {
                            tr {
                                th scope="row" { (row.period) }
                                td.number { (words::value(row)) }
                                td.number { (words::norm(row)) }
                                td.number { @if let Some(d) = row.distance { (number::value(d, distance_unit(row))) } }
                                td { (parts::status(row)) }
                                @if parts { td.number { (plain(row.numerator)) } td.number { (plain(row.denominator)) } }
                                td.number { @if let Some(n) = row.n { (number::count(n)) } }
                                @if interval {
                                    td.number {
                                        @if let Some((low, high)) = row.lower.zip(row.upper) {
                                            (number::interval(low, high, &row.unit))
                                        }
                                    }
                                }
                                @if marks { td { (remarks(row, variation, index).join("; ")) } }
                            }
                        }
                    }
                }
            }
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
    if let Some(special) = variation.points.get(index).and_then(|p| p.special()) {
        out.push(format!("{}: {}", special.change.word(), special.why()));
    }
    out
}

/// The members of a dimension down, the periods across, with a sign for each status that is not `gehaald`.
pub fn members(kpi: &Kpi, list: &[Series<'_>], caption: &str) -> Markup {
    let mut periods: Vec<&Row> = list.iter().flat_map(|s| s.rows.iter().copied()).collect();
    periods.sort_by_key(|row| row.period_from);
    periods.dedup_by_key(|row| row.period_from);
    html! {
        details.figures {
            summary { "Cijfers" }
            div.scroll tabindex="0" role="group" aria-label={ "Cijfers: " (caption) } {
                table.wide-table {
                    caption { (caption) ". ✗ niet gehaald, ~ bijna, · voorlopig, ! bijzonderheid." }
                    thead {
                        tr {
                            td {}
                            @for period in &periods { th.number scope="col" { (period.period) } }
                        }
                    }
                    tbody {
                        @for one in list {
                            tr {
                                th scope="row" { (member::names(kpi, one.rows.first().copied())) }
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
