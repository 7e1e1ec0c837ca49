//! The lines below the table: how many stand how, what was left out, what is not met, and what to do next.

use super::layout::{Paint, Tone, wrap};
use super::{Group, Look, SkipReason, Skipped};
use crate::report::series::{Block, Entry, Series, Standing};
use crate::report::words::{self, clean};

/// All closing lines.
pub fn draw(blocks: &[Block<'_>], groups: &[Group], skipped: &[Skipped], look: Look) -> String {
    let paint = Paint { on: look.color };
    let entries: Vec<&Entry<'_>> = blocks.iter().flat_map(Block::entries).collect();
    let mut out = String::new();
    let mut say = |text: &str, tone: Tone| {
        for line in wrap(text, look.width) {
            out.extend([paint.with(tone, &line).as_str(), "\n"]);
        }
    };
    say(&counts(&entries), Tone::Plain);
    if let Some(text) = left_out(skipped) {
        say(&text, Tone::Plain);
    }
    let failing: Vec<String> =
        blocks.iter().flat_map(|b| b.entries().filter_map(move |entry| not_met(entry, b))).collect();
    if !failing.is_empty() {
        say(&format!("Niet gehaald: {}.", failing.join("; ")), Tone::Bad);
    }
    if let Some(text) = next(&entries, groups, look) {
        say(&format!("Meer: {text}"), Tone::Plain);
    }
    out
}

/// `14 KPI's: 8 gehaald · 2 bijna · 1 niet gehaald.`
pub fn counts(entries: &[&Entry<'_>]) -> String {
    const WORDS: [(Standing, &str); 9] = [
        (Standing::Met, "gehaald"),
        (Standing::Near, "bijna"),
        (Standing::NotMet, "niet gehaald"),
        (Standing::NoData, "geen gegevens"),
        (Standing::Shielded, "afgeschermd"),
        (Standing::TooFew, "te weinig waarnemingen"),
        (Standing::Preliminary, "voorlopig"),
        (Standing::NoNorm, "zonder norm"),
        (Standing::NotMeasurable, "niet meetbaar"),
    ];
    if entries.is_empty() {
        return "Geen resultaten.".to_owned();
    }
    let parts: Vec<String> = WORDS
        .iter()
        .filter_map(|(standing, word)| {
            let n = entries.iter().filter(|e| e.standing() == Some(*standing)).count();
            (n > 0).then(|| format!("{n} {word}"))
        })
        .collect();
    format!("{}: {}.", words::kpis(entries.len()), parts.join(" · "))
}

/// `24 KPI's overgeslagen: bronnen email en web en tabel zaken.besluit zijn niet gekoppeld.`
pub fn left_out(skipped: &[Skipped]) -> Option<String> {
    let (mut sources, mut tables): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut unconnected = 0;
    let mut others: Vec<(&str, Vec<String>)> = Vec::new();
    for s in skipped {
        match &s.why {
            SkipReason::NotConnected { sources: whole, tables: some } => {
                unconnected += 1;
                sources.extend(whole.iter().map(|n| clean(n)));
                tables.extend(some.iter().map(|n| clean(n)));
            }
            SkipReason::Other(reason) => match others.iter_mut().find(|(r, _)| r == reason) {
                Some((_, kpis)) => kpis.push(clean(&s.kpi)),
                None => others.push((reason, vec![clean(&s.kpi)])),
            },
        }
    }
    let mut out = Vec::new();
    if unconnected > 0 {
        let named = [named(&mut sources, "bron", "bronnen"), named(&mut tables, "tabel", "tabellen")];
        let named: Vec<String> = named.into_iter().flatten().collect();
        let what = match (sources.len() + tables.len(), named.join(" en ")) {
            (0, _) => "een bron is niet gekoppeld".to_owned(),
            (1, named) => format!("{named} is niet gekoppeld"),
            (_, named) => format!("{named} zijn niet gekoppeld"),
        };
        out.push(format!("{} overgeslagen: {what}.", words::kpis(unconnected)));
    }
    for (reason, kpis) in others {
        out.push(format!("Overgeslagen: {} ({}).", words::list(&kpis), clean(reason)));
    }
    (!out.is_empty()).then(|| out.join(" "))
}

/// `bronnen email en web`, each once and in order; nothing where there are none.
fn named(names: &mut Vec<String>, one: &str, more: &str) -> Option<String> {
    names.sort();
    names.dedup();
    let word = if names.len() == 1 { one } else { more };
    (!names.is_empty()).then(|| format!("{word} {}", words::list(names)))
}

/// `Terugbelafspraken (jun 71,4 %, norm ≥ 90 %)`
fn not_met(entry: &Entry<'_>, block: &Block<'_>) -> Option<String> {
    let s = entry.telling()?;
    let row = s.latest().filter(|r| Standing::of(r) == Standing::NotMet)?;
    let several = block.periods.len() > 1;
    let period = if several { format!("{} ", words::head(row, block.spans_years())) } else { String::new() };
    let member = if s.dimensions().is_empty() { String::new() } else { format!(", {}", s.members()) };
    Some(format!("{}{member} ({period}{}, norm {})", entry.title(), words::value(row), words::norm(row)))
}

/// The command that says more about the first thing that is wrong.
fn next(entries: &[&Entry<'_>], groups: &[Group], look: Look) -> Option<String> {
    let first = |standing| entries.iter().find(|e| e.standing() == Some(standing));
    if let Some(entry) = first(Standing::NotMet).or_else(|| first(Standing::Near)) {
        let kpi = clean(entry.kpi);
        let own = || groups.iter().flat_map(|g| &g.dimensions).find(|(name, _)| name == entry.kpi);
        let dimension = entry.members.iter().map(Series::dimensions).find_map(|d| d.first().copied());
        let dimension = dimension.or_else(|| own().map(|(_, dimension)| dimension.as_str()));
        return Some(match dimension {
            Some(name) if !look.by_members && entry.total.is_some() => {
                format!("meetlat run {kpi} --by {}", clean(name))
            }
            _ => format!("meetlat explain {kpi}"),
        });
    }
    first(Standing::NoData).or_else(|| entries.first()).map(|e| format!("meetlat explain {}", clean(e.kpi)))
}
