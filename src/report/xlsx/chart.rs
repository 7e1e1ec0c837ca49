//! A line chart over cells of a sheet. Names of series are cells too: a name that is given as text could be a formula.

use rust_xlsxwriter::{
    Chart, ChartEmptyCells, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker,
    ChartMarkerType, ChartRange, ChartSolidFill, Color,
};

use super::pen::{At, INK};

/// Cells from the first up to and including the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: At,
    pub to: At,
}

/// A line of the chart.
pub struct Line {
    /// The cell with its name.
    pub name: At,
    pub values: Span,
    /// A norm is dashed and has no points.
    pub norm: bool,
}

/// Rows of the default height that a chart covers.
pub const ROWS: u32 = 16;

/// Okabe and Ito's colours, which also differ for the colour-blind; the first is the ink of the workbook.
const COLORS: [Color; 6] = [
    INK,
    Color::RGB(0x00E6_9F00),
    Color::RGB(0x0000_9E73),
    Color::RGB(0x00CC_79A7),
    Color::RGB(0x0056_B4E9),
    Color::RGB(0x00D5_5E00),
];

/// The most lines that can be told apart.
pub const MOST: usize = COLORS.len();

/// Different points, so that no line is told by its colour alone.
const POINTS: [ChartMarkerType; 6] = [
    ChartMarkerType::Circle,
    ChartMarkerType::Square,
    ChartMarkerType::Triangle,
    ChartMarkerType::Diamond,
    ChartMarkerType::X,
    ChartMarkerType::PlusSign,
];

/// Lines over the same categories. Missing values are gaps.
pub fn draw(sheet: &str, categories: Span, lines: &[Line], format: &str, alternative: &str) -> Chart {
    let range = |span: Span| ChartRange::new_from_range(sheet, span.from.0, span.from.1, span.to.0, span.to.1);
    let mut chart = Chart::new_line();
    let looks = COLORS.into_iter().zip(POINTS).cycle();
    for (line, (color, point)) in lines.iter().zip(looks) {
        let name = range(Span { from: line.name, to: line.name });
        let series = chart.add_series().set_name(&name).set_categories(&range(categories));
        series.set_values(&range(line.values));
        let mut stroke = ChartLine::new();
        let mut marker = ChartMarker::new();
        if line.norm {
            stroke.set_color(Color::RGB(0x00B5_5A00)).set_width(1.5).set_dash_type(ChartLineDashType::Dash);
            marker.set_none();
        } else {
            stroke.set_color(color).set_width(2.25);
            let fill = ChartSolidFill::new().set_color(color).clone();
            marker.set_type(point).set_size(6).set_format(ChartFormat::new().set_solid_fill(&fill));
        }
        series.set_format(ChartFormat::new().set_line(&stroke)).set_marker(&marker);
    }
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart.title().set_hidden();
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.y_axis().set_num_format(format);
    chart.y_axis().set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0x00D9_D9D9)));
    chart.set_width(960).set_height(ROWS * 20 - 10).set_alt_text(alternative);
    chart
}
