//! The first sheet: a line per KPI with how it stands, what is wrong first.

use rust_xlsxwriter::Worksheet;

use super::pen::{self, Look};
use super::{Input, OVERVIEW, Problem, Sheet, tab};
use crate::judge::Row;
use crate::report::number::scale::Scale;
use crate::report::series::{Block, Entry};
use crate::report::words::clean;
use crate::report::{series, table, words};

const HEADS: [(&str, f64, Look); 8] = [
    ("KPI", TITLE, Look::Head),
    ("Onderdeel", GROUP, Look::Head),
    ("Periode", 11.0, Look::Head),
    ("Waarde", 13.0, Look::HeadRight),
    ("Norm", 15.0, Look::HeadRight),
    ("Afstand", 14.0, Look::HeadRight),
    ("Status", STATUS, Look::HeadApart),
    ("Kenmerken", MARKS, Look::Head),
];
/// Widths of the columns whose texts are broken.
const TITLE: f64 = 56.0;
const GROUP: f64 = 28.0;
const STATUS: f64 = 26.0;
const MARKS: f64 = 46.0;

pub fn draw(blocks: &[Block<'_>], sheets: &[Sheet<'_>], input: &Input<'_>) -> Result<Worksheet, Problem> {
    let (mut sheet, mut pen) = tab(OVERVIEW)?;
    let entries: Vec<&Entry<'_>> = blocks.iter().flat_map(Block::entries).collect();
    pen.text(&mut sheet, (0, 0), input.heading.project.as_deref().unwrap_or("Resultaten"), Look::Title)?;
    sheet.set_row_height(0, 24)?;
    let when = words::Heading { project: None, ..input.heading.clone() };
    pen.text(&mut sheet, (1, 0), &words::heading(&when), Look::Plain)?;
    pen.text(&mut sheet, (2, 0), &table::counts(&entries), Look::Plain)?;
    pen.text(&mut sheet, (3, 0), &table::left_out(input.skipped).unwrap_or_default(), Look::Quiet)?;
    pen.link(&mut sheet, (4, 0), super::DEFINITIONS, "Definities")?;
    pen.link(&mut sheet, (4, 1), super::ROWS, "Alle rijen")?;
    let head = 6;
    for (column, (text, width, look)) in (0..).zip(HEADS) {
        sheet.set_column_width(column, width)?;
        pen.text(&mut sheet, (head, column), text, look)?;
    }
    sheet.set_row_height(head, 20)?;
    let mut at = head;
    for kpi in sheets {
        at += 1;
        line(&mut sheet, &mut pen, at, kpi)?;
    }
    let last = u16::try_from(HEADS.len().saturating_sub(1)).unwrap_or(0);
    if at > head {
        pen::statuses(&mut sheet, (head + 1, 6), (at, 6))?;
        sheet.autofilter(head, 0, at, last)?;
    }
    sheet.set_freeze_panes(head + 1, 1)?;
    sheet.set_repeat_rows(head, head)?;
    Ok(sheet)
}

fn line(sheet: &mut Worksheet, pen: &mut pen::Pen, at: u32, kpi: &Sheet<'_>) -> Result<(), Problem> {
    pen.link(sheet, (at, 0), &kpi.name, &kpi.entry.title())?;
    pen.text(sheet, (at, 1), kpi.group, Look::Wrapped)?;
    let Some((series, row)) = kpi.entry.telling().and_then(|s| Some((s, s.latest()?))) else { return Ok(()) };
    let scale = Scale::of(row.value.into_iter(), &row.unit);
    let decimals = row.value.map_or(scale.decimals, |v| scale.decimals_against(v, row.norm.as_deref()));
    pen.text(sheet, (at, 2), &row.period, Look::Plain)?;
    pen.number(sheet, (at, 3), row.value.map(|v| scale.number(v)), &scale.format(decimals))?;
    pen.text(sheet, (at, 4), &words::norm(row), Look::Right)?;
    pen.number(sheet, (at, 5), row.distance.map(|v| scale.number(v)), &scale.signed(decimals))?;
    let status = words::status(row);
    // Without a total the worst of the members tells how it stands.
    let status = if row.dimensions.is_empty() { status } else { format!("{status} ({})", series.members()) };
    let marks = marks(row);
    pen.text(sheet, (at, 6), &status, Look::Apart)?;
    pen.text(sheet, (at, 7), &marks, Look::Wrapped)?;
    let texts = [(kpi.entry.title(), TITLE), (kpi.group.to_owned(), GROUP), (status, STATUS), (marks, MARKS)];
    let texts = texts.each_ref().map(|(text, width)| (text.as_str(), *width));
    pen::height(sheet, at, &texts)
}

/// The marks of a row with their reasons, and whether its definition differs from that of the period before.
fn marks(row: &Row) -> String {
    let texts = row.marks.iter().map(|m| match clean(&m.reason).as_str() {
        "" => clean(&m.mark),
        until if m.mark == series::PRELIMINARY && until.starts_with("tot ") => format!("{} {until}", clean(&m.mark)),
        reason => format!("{}: {reason}", clean(&m.mark)),
    });
    let broken = row.series_break.then(|| "reeksbreuk: een andere versie van de definitie".to_owned());
    texts.chain(broken).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Mark, Status};
    use crate::report::sample;

    #[test]
    fn marks_in_one_line() {
        let mut row = sample::row("a", "2026-01", None, Status::NoData);
        row.marks = vec![
            Mark { mark: "voorlopig".into(), reason: "tot 8 juli".into() },
            Mark { mark: "onbetrouwbaar".into(), reason: "storing".into() },
            Mark { mark: "raming".into(), reason: String::new() },
        ];
        row.series_break = true;
        assert_eq!(
            marks(&row),
            "voorlopig tot 8 juli; onbetrouwbaar: storing; raming; reeksbreuk: een andere versie van de definitie"
        );
    }
}
