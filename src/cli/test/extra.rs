//! What toetsen decide (`--coverage`) and what they would notice (`--mutate`), as text and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Report;
use crate::model::{KpiId, Model};
use crate::source::Span;
use crate::trial::coverage::Coverage;
use crate::trial::mutate::Mutation;

fn percent(part: usize, of: usize) -> String {
    let tenths = (part * 1000 + of / 2).checked_div(of).unwrap_or(1000);
    format!("{},{} %", tenths / 10, tenths % 10)
}

fn line(report: &Report<'_>, span: Span, told: &str) -> String {
    let (file, at) = report.place(span);
    format!("    {file}:{}  {told}", at.line)
}

/// Per KPI how much is decided, and what is not.
pub fn coverage_text(report: &Report<'_>, list: &[Coverage], without: &[&str]) -> String {
    let mut text = String::from("\nDekking: welke delen van de definities een toets beslist\n\n");
    let (mut sides, mut reached) = (0, 0);
    for one in list {
        sides += one.sides;
        reached += one.reached;
        let name = &report.model.kpi(one.kpi).name;
        let _ = writeln!(text, "  {name}: {} van {} ({})", one.reached, one.sides, percent(one.reached, one.sides));
        for gap in &one.gaps {
            let _ = writeln!(text, "{}", line(report, gap.span, &gap.told));
        }
    }
    let _ = writeln!(text, "\n  samen: {reached} van {sides} ({})", percent(reached, sides));
    if !without.is_empty() {
        let _ = writeln!(text, "  zonder toets: {}", without.join(", "));
    }
    text
}

/// Per KPI how many changes were noticed, and which were not.
pub fn mutation_text(report: &Report<'_>, list: &[Mutation]) -> String {
    let mut text = String::from("\nMutaties: wat een toets merkt als de definitie één ding anders zegt\n\n");
    let (mut total, mut noticed) = (0, 0);
    for one in list {
        let killed = one.total - one.survivors.len();
        total += one.total;
        noticed += killed;
        let name = &report.model.kpi(one.kpi).name;
        let _ = writeln!(text, "  {name}: {killed} van {} gemerkt ({})", one.total, percent(killed, one.total));
        for survivor in &one.survivors {
            let _ = writeln!(text, "{}", line(report, survivor.span, &survivor.told));
        }
    }
    let _ = writeln!(text, "\n  samen: {noticed} van {total} gemerkt ({})", percent(noticed, total));
    if noticed < total {
        text.push_str("  Wat overblijft merkt geen toets: schrijf er een bij, of ga na dat het geen verschil maakt.\n");
    }
    text
}

fn place(report: &Report<'_>, span: Span, told: &str) -> Value {
    let (file, at) = report.place(span);
    json!({"bestand": file, "regel": at.line, "tekst": told})
}

pub fn coverage_json(report: &Report<'_>, list: &[Coverage]) -> Value {
    let one = |c: &Coverage| {
        let gaps: Vec<Value> = c.gaps.iter().map(|gap| place(report, gap.span, &gap.told)).collect();
        json!({
            "kpi": report.model.kpi(c.kpi).name,
            "toetsen": c.trials,
            "delen": c.sides,
            "beslist": c.reached,
            "niet_beslist": gaps,
        })
    };
    list.iter().map(one).collect()
}

pub fn mutation_json(report: &Report<'_>, list: &[Mutation]) -> Value {
    let one = |m: &Mutation| {
        let survivors: Vec<Value> = m.survivors.iter().map(|s| place(report, s.span, &s.told)).collect();
        json!({
            "kpi": report.model.kpi(m.kpi).name,
            "mutaties": m.total,
            "gemerkt": m.total - m.survivors.len(),
            "niet_gemerkt": survivors,
        })
    };
    list.iter().map(one).collect()
}

/// The KPIs without a toets: those of the project itself, not those that it takes in from the library.
pub fn without_trials<'m>(report: &Report<'_>, model: &'m Model, tested: &[KpiId]) -> Vec<&'m str> {
    let own = |span: Span| !report.place(span).0.starts_with("std:");
    let mut names: Vec<&str> = model
        .kpis
        .iter()
        .filter(|kpi| own(kpi.name_span) && !tested.iter().any(|id| model.kpi(*id).name == kpi.name))
        .map(|kpi| kpi.name.as_str())
        .collect();
    names.dedup();
    names
}
