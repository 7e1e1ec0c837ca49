//! Values in a grid of two divisions: a table, so that each value is text, with colour as a second voice.

use maud::{Markup, PreEscaped, html};

use super::{Cell, Heatmap};
use crate::judge::Status;
use crate::report::number::{self, Scale};

/// The steps of the palette, `h0` through `h6`.
const STEPS: [&str; 7] = ["h0", "h1", "h2", "h3", "h4", "h5", "h6"];

/// A table of values with a legend of its colours; cells without a value are hatched.
pub fn heatmap(chart: &Heatmap) -> Markup {
    let values: Vec<f64> = chart.rows.iter().flat_map(|r| &r.cells).filter_map(shown).collect();
    let shades = Shades::of(&values, &chart.unit);
    let name = format!("{}-t", chart.id);
    html! {
        div class="gr gt" role="group" tabindex="0" aria-labelledby=(name) {
            table class="gh" {
                caption id=(name) { (chart.title) @if !shades.unit.is_empty() { " (" (shades.unit) ")" } }
                thead { tr {
                    th scope="col" { (chart.corner) }
                    @for column in &chart.columns { th scope="col" { (column) } }
                } }
                tbody { @for row in &chart.rows { tr {
                    th scope="row" { (row.label) }
                    @for at in 0..chart.columns.len() { (cell(row.cells.get(at), &shades)) }
                } } }
            }
        }
        (legend(&shades, chart))
    }
}

fn shown(cell: &Cell) -> Option<f64> {
    let hidden = matches!(cell.status, Status::Shielded | Status::NoData | Status::NotMeasurable);
    cell.value.filter(|v| v.is_finite() && !hidden)
}

fn cell(cell: Option<&Cell>, shades: &Shades) -> Markup {
    match cell.and_then(|c| Some((shown(c)?, c.status))) {
        Some((value, Status::TooFew)) => html! { td class="hf" { "(" (shades.text(value)) ")" } },
        Some((value, _)) => PreEscaped(format!(r#"<td class="{}">{}</td>"#, shades.class(value), shades.text(value))),
        None => {
            let why = cell.map_or(Status::NoData, |c| c.status);
            html! { td class="hx" { (short(why)) } }
        }
    }
}

/// Why a cell is empty, in a sign that the legend explains.
fn short(status: Status) -> &'static str {
    match status {
        Status::Shielded => "*",
        _ => "–",
    }
}

/// How values become steps and text.
struct Shades {
    low: f64,
    high: f64,
    scale: Scale,
    decimals: usize,
    unit: String,
}

impl Shades {
    fn of(values: &[f64], unit: &str) -> Self {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let largest = low.abs().max(high.abs());
        let scale = number::scale(if largest.is_finite() { largest } else { 0.0 }, unit);
        let parts: Vec<&str> =
            [scale.before.trim(), scale.after.trim()].into_iter().filter(|p| !p.is_empty()).collect();
        let unit = parts.join(" ");
        let spread = (high - low) / scale.factor;
        let whole = values.iter().all(|v| (v / scale.factor).fract() == 0.0);
        let decimals = match () {
            () if whole || spread >= 50.0 => 0,
            () if spread >= 1.0 || !spread.is_finite() => 1,
            () => 2,
        };
        Self { low, high, scale, decimals, unit }
    }

    fn text(&self, value: f64) -> String {
        number::decimal(value / self.scale.factor, self.decimals)
    }

    /// From where a step runs.
    fn from(&self, step: usize) -> f64 {
        self.low + (self.high - self.low) * super::svg::f(step) / super::svg::f(STEPS.len())
    }

    fn class(&self, value: f64) -> &'static str {
        let step = (1..STEPS.len()).filter(|s| self.high > self.low && value >= self.from(*s)).count();
        STEPS.get(step).copied().unwrap_or("h0")
    }
}

fn legend(shades: &Shades, chart: &Heatmap) -> Markup {
    let cells: Vec<Option<&Cell>> =
        chart.rows.iter().flat_map(|r| (0..chart.columns.len()).map(|at| r.cells.get(at))).collect();
    let lacks = |wanted: &str| {
        cells.iter().any(|c| c.and_then(shown).is_none() && short(c.map_or(Status::NoData, |c| c.status)) == wanted)
    };
    let few = cells.iter().flatten().any(|c| c.status == Status::TooFew && shown(c).is_some());
    let several = shades.high > shades.low;
    html! {
        ul class="gl hl" {
            @if several {
                @for (at, class) in STEPS.iter().enumerate() {
                    li class=(class) { (shades.text(shades.from(at))) @if at + 1 == STEPS.len() { " – " (shades.text(shades.high)) } @else { " –" } }
                }
            }
            @if few { li { "(…) te weinig waarnemingen" } }
            @if lacks("–") { li class="hx" { "– geen gegevens" } }
            @if lacks("*") { li class="hx" { "* afgeschermd" } }
        }
    }
}
