//! The sheet with what every KPI means: per definition its questions and answers.

use rust_xlsxwriter::Worksheet;

use super::pen::{self, Look};
use super::{DEFINITIONS, Definition, Input, OVERVIEW, Problem, Sheet, tab};

const HEADS: [(&str, f64); 3] = [("KPI", TITLE), ("Vraag", 26.0), ("Antwoord", ANSWER)];

/// Widths of the columns whose texts are broken.
const TITLE: f64 = 50.0;
const ANSWER: f64 = 110.0;

pub fn draw(sheets: &[Sheet<'_>], input: &Input<'_>) -> Result<Worksheet, Problem> {
    let (mut sheet, mut pen) = tab(DEFINITIONS)?;
    pen.text(&mut sheet, (0, 0), DEFINITIONS, Look::Title)?;
    sheet.set_row_height(0, 24)?;
    pen.link(&mut sheet, (1, 0), OVERVIEW, "‹ Overzicht")?;
    for (column, (text, width)) in (0..).zip(HEADS) {
        sheet.set_column_width(column, width)?;
        pen.text(&mut sheet, (3, column), text, Look::Head)?;
    }
    let mut at = 3;
    for definition in input.definitions {
        for (i, (question, answer)) in lines(definition, input).into_iter().enumerate() {
            at += 1;
            let own = sheets.iter().find(|s| s.entry.kpi == definition.kpi);
            match own {
                Some(own) if i == 0 => pen.link(&mut sheet, (at, 0), &own.name, &definition.title)?,
                // Every line says of which KPI it is, for those who filter.
                _ => pen.text(&mut sheet, (at, 0), &definition.title, Look::Quiet)?,
            }
            pen::height(&mut sheet, at, &[(&definition.title, TITLE), (&answer, ANSWER)])?;
            pen.text(&mut sheet, (at, 1), &question, Look::Plain)?;
            pen.text(&mut sheet, (at, 2), &answer, Look::Wrapped)?;
        }
    }
    if at > 3 {
        sheet.autofilter(3, 0, at, 2)?;
    }
    sheet.set_freeze_panes(4, 1)?;
    sheet.set_repeat_rows(3, 3)?;
    Ok(sheet)
}

/// Questions and answers, and by what name and hash programs know the definition.
fn lines(definition: &Definition, input: &Input<'_>) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> =
        definition.answers.iter().map(|(question, lines)| ((*question).to_owned(), lines.join("\n"))).collect();
    let mut name = vec![definition.kpi.clone()];
    name.extend(definition.validity.clone());
    let own = |r: &&crate::judge::Row| r.kpi == definition.kpi && r.version == definition.valid_from;
    name.extend(input.rows.iter().find(own).map(|r| format!("hash {}", r.definition_hash)));
    lines.push(("Naam en versie".to_owned(), name.join("\n")));
    lines
}
