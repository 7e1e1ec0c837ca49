//! Verdicts for people: what was given, what was expected and what came out, side by side.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::{Ran, Report};
use crate::diagnostic::Diagnostic;
use crate::model::Trial;
use crate::trial::{Difference, Trouble, made_up};

/// More lines of a given table are not shown.
const LINES: usize = 14;

/// All verdicts, those that failed in full.
pub fn report(report: &Report<'_>, verbose: bool) -> String {
    let mut text = String::new();
    for ran in report.ran.iter().filter(|ran| !ran.verdict.passed()) {
        failed(report, ran, &mut text);
    }
    if verbose || report.failed() == 0 {
        passed(report, verbose, &mut text);
    }
    let (all, failed) = (report.ran.len(), report.failed());
    let words = if all == 1 { "1 toets".to_owned() } else { format!("{all} toetsen") };
    let _ = match failed {
        0 => writeln!(text, "✓ {words} geslaagd"),
        _ => writeln!(text, "✗ {words}: {} geslaagd, {failed} gezakt", all - failed),
    };
    text
}

/// Per KPI how many; with `-v` their names.
fn passed(report: &Report<'_>, verbose: bool, text: &mut String) {
    let mut kpis: BTreeMap<&str, Vec<&Ran<'_>>> = BTreeMap::new();
    for ran in report.ran.iter().filter(|ran| ran.verdict.passed()) {
        kpis.entry(ran.kpi).or_default().push(ran);
    }
    let width = kpis.keys().map(|kpi| kpi.width()).max().unwrap_or(0);
    for (kpi, list) in kpis {
        let count = if list.len() == 1 { "1 toets".to_owned() } else { format!("{} toetsen", list.len()) };
        let _ = writeln!(text, "✓ {kpi}{}  {count}", " ".repeat(width - kpi.width()));
        for ran in list.iter().filter(|_| verbose) {
            let _ = writeln!(text, "    {}", ran.trial.name);
        }
    }
    text.push('\n');
}

fn failed(report: &Report<'_>, ran: &Ran<'_>, text: &mut String) {
    let (file, at) = report.place(ran.trial.name_span);
    let _ = writeln!(text, "✗ {}\n  {} · {file}:{}\n", ran.trial.name, ran.kpi, at.line);
    if !ran.verdict.differences.is_empty() {
        given(report, ran.trial, text);
        expected(report, ran, text);
    }
    for trouble in &ran.verdict.troubles {
        match trouble {
            Trouble::Definitions(list) => {
                let _ = writeln!(text, "  Met de parameters van deze toets kloppen de definities niet:");
                messages(list, text);
            }
            Trouble::Rows(wrong) => {
                let line = wrong.span.map(|span| report.place(span).1.line);
                let line = line.map(|line| format!(", regel {line}")).unwrap_or_default();
                let _ = writeln!(text, "  Met de gegeven rijen is niet te rekenen:");
                let _ = writeln!(text, "    {} {}{line}", wrong.code, wrong.message);
            }
            Trouble::Engine(list) => {
                let _ = writeln!(text, "  De rekenmotor kan deze toets niet uitrekenen:");
                messages(list, text);
            }
            Trouble::Disagreement(what) => {
                let _ = writeln!(
                    text,
                    "  De rekenmotor komt anders uit dan de naslagberekening. Dat is een fout in Meetlat: meld haar.\n    {what}"
                );
            }
        }
        text.push('\n');
    }
}

fn messages(list: &[Diagnostic], text: &mut String) {
    for diagnostic in list {
        let _ = writeln!(text, "    {} {}", diagnostic.code, diagnostic.message);
    }
}

/// The given rows as they were written.
fn given(report: &Report<'_>, trial: &Trial, text: &mut String) {
    for given in &trial.given {
        let table = report.model.table(given.table);
        let _ = writeln!(text, "  gegeven {}", table.full_name());
        let rows = given.rows.iter().map(|row| (report.place(row.span).1.line, report.sources.text(row.span)));
        let head = head_line(report, given);
        let lines: Vec<String> = head.into_iter().chain(rows.map(|(_, row)| row.trim().to_owned())).collect();
        for line in lines.iter().take(LINES) {
            let _ = writeln!(text, "    {line}");
        }
        if lines.len() > LINES {
            let _ = writeln!(text, "    … en nog {} rijen", lines.len() - LINES);
        }
        let names: Vec<&str> = made_up(table, given).iter().map(|c| c.name.as_str()).collect();
        if !names.is_empty() {
            let _ = writeln!(text, "    (vanzelf gevuld: {})", names.join(", "));
        }
        text.push('\n');
    }
    if trial.given.is_empty() {
        let _ = writeln!(text, "  er zijn geen rijen gegeven\n");
    }
}

/// The line with the columns, where the rows are lines of cells.
fn head_line(report: &Report<'_>, given: &crate::model::trial::Given) -> Option<String> {
    let whole = report.sources.text(given.span);
    whole.lines().map(str::trim).find(|line| line.starts_with('|')).map(str::to_owned)
}

/// Each expected row with a difference: expected above, found below.
fn expected(report: &Report<'_>, ran: &Ran<'_>, text: &mut String) {
    let trial = ran.trial;
    let mut good = 0;
    for (index, row) in trial.expected.iter().enumerate() {
        let mine: Vec<&Difference> = ran.verdict.differences.iter().filter(|d| d.row() == index).collect();
        if mine.is_empty() {
            good += 1;
            continue;
        }
        let mut columns = vec![[String::new(), "verwacht".to_owned(), "gekregen".to_owned()]];
        if let Some(period) = &row.period {
            columns.push(["periode".to_owned(), period.label.clone(), period.label.clone()]);
        }
        columns.extend(row.members.iter().map(|(name, member)| [name.clone(), member.clone(), member.clone()]));
        let mut told = Vec::new();
        for (place, cell) in row.cells.iter().enumerate() {
            let found = mine.iter().find_map(|d| match d {
                Difference::Cell { cell, found, .. } if *cell == place => Some(found),
                _ => None,
            });
            if let Some(found) = found {
                told.push(format!("{} is {found}, en verwacht was {}", cell.key.word(), cell.written));
            }
            let shown = found.map_or_else(|| cell.written.clone(), |found| format!("{found} ✗"));
            columns.push([cell.key.word().to_owned(), cell.written.clone(), shown]);
        }
        let missing = mine.iter().find_map(|d| why_no_row(report, trial, d));
        for line in 0..3 {
            if line == 2 && missing.is_some() {
                text.push_str("  gekregen  ✗ geen rij\n");
                continue;
            }
            let cells = columns.iter().map(|c| pad(&c[line], c.iter().map(|x| x.width()).max().unwrap_or(0)));
            let joined = cells.collect::<Vec<_>>().join("  ");
            let _ = writeln!(text, "  {}", joined.trim_end());
        }
        let (_, at) = report.place(row.span);
        let _ = writeln!(text, "\n  regel {}: {}\n", at.line, missing.unwrap_or_else(|| told.join("; ")));
    }
    let _ = match good {
        0 => Ok(()),
        1 => writeln!(text, "  (1 andere verwachte rij klopt)\n"),
        n => writeln!(text, "  ({n} andere verwachte rijen kloppen)\n"),
    };
}

/// Why an expected row is not there.
fn why_no_row(report: &Report<'_>, trial: &Trial, difference: &Difference) -> Option<String> {
    match difference {
        Difference::Cell { .. } => None,
        Difference::WhichPeriod { periods, .. } => Some(format!(
            "er is meer dan één periode ({}): schrijf onder `periode` welke u bedoelt",
            periods.join(", ")
        )),
        Difference::NoRow { there, .. } => {
            let reads: Vec<String> = crate::measure::stored_tables(report.model, &[trial.kpi])
                .into_keys()
                .filter(|id| !trial.given.iter().any(|g| g.table == *id && !g.rows.is_empty()))
                .map(|id| report.model.table(id).full_name())
                .collect();
            let there = if there.is_empty() {
                "er zijn er geen".to_owned()
            } else {
                format!("wel: {}", there.iter().take(8).cloned().collect::<Vec<_>>().join(", "))
            };
            let source = if reads.is_empty() {
                String::new()
            } else {
                format!("; deze kpi leest ook {}, en daarvan zijn geen rijen gegeven", reads.join(" en "))
            };
            Some(format!("deze rij staat niet in het resultaat ({there}){source}"))
        }
    }
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}
