//! Results as Markdown (CommonMark with tables, as GitHub and GitLab read it), for a wiki or a merge request: what is not
//! met first, then a table per group with remarks under it. Texts of others are escaped: they are never markup.

use super::input::Input;
use super::series::{self, Block, Entry, Series, Standing};
use super::words::{self, clean};
use super::{number, table};
use crate::judge::Row;

/// More periods than this do not fit beside each other.
const MOST_PERIODS: usize = 12;
/// Of more series than this that share a remark, the rest is counted.
const MOST_NAMES: usize = 5;

/// The whole text, ending with a line end.
#[must_use]
pub fn markdown(input: &Input<'_>) -> String {
    let blocks = series::blocks(input.rows, input.groups);
    let entries: Vec<&Entry<'_>> = blocks.iter().flat_map(Block::entries).collect();
    let project = input.heading.project.as_deref().unwrap_or("Resultaten");
    let when = words::heading(&words::Heading { project: None, ..input.heading.clone() });
    let mut out = format!("# {}\n\n{}\n\n{}\n", escaped(project), escaped(&when), escaped(&table::counts(&entries)));
    if let Some(text) = table::left_out(input.skipped) {
        out.push_str(&format!("\n{}\n", escaped(&text)));
    }
    wrong(&blocks, &mut out);
    let several = blocks.len() > 1;
    for block in &blocks {
        for (title, entries) in &block.groups {
            let kind = block.kind.filter(|_| several).map(|k| format!(" · per {}", k.word())).unwrap_or_default();
            let kind = if kind.ends_with("hele-reeks") { " · hele reeks".to_owned() } else { kind };
            out.push_str(&format!("\n## {}{kind}\n\n", escaped(title)));
            group(block, entries, input.by_members, &mut out);
        }
    }
    let origin = input.origin();
    let data = origin.input.map(|hash| format!(", invoer {hash}")).unwrap_or_default();
    let version = escaped(&origin.version);
    out.push_str(&format!("\n*meetlat {version}, definities {}{data}*\n", origin.definitions));
    out
}

/// What is not met, and then what nearly is.
fn wrong(blocks: &[Block<'_>], out: &mut String) {
    for (standing, title) in [(Standing::NotMet, "Niet gehaald"), (Standing::Near, "Bijna gehaald")] {
        let mut lines = Vec::new();
        for entry in blocks.iter().flat_map(Block::entries).filter(|e| e.standing() == Some(standing)) {
            let Some((series, row)) = entry.telling().and_then(|s| Some((s, s.latest()?))) else { continue };
            let members = if row.dimensions.is_empty() { String::new() } else { format!(", {}", series.members()) };
            lines.push(vec![
                format!("{}{members}", entry.title()),
                row.period.clone(),
                words::value(row),
                words::norm(row),
                row.marks.iter().map(|m| clean(&m.mark)).collect::<Vec<_>>().join(", "),
            ]);
        }
        if !lines.is_empty() {
            out.push_str(&format!("\n## {title}\n\n"));
            draw(&["KPI", "periode", "waarde", "norm", "kenmerken"], &[2, 3], &lines, out);
        }
    }
}

/// The table of one group and its remarks.
fn group(block: &Block<'_>, entries: &[Entry<'_>], by_members: bool, out: &mut String) {
    let years = block.spans_years();
    let (hidden, shown) = block.periods.split_at(block.periods.len().saturating_sub(MOST_PERIODS));
    let mut lines = Vec::new();
    let mut notes: Vec<(String, Vec<String>)> = Vec::new();
    for entry in entries {
        let members = if by_members || entry.total.is_none() { entry.members.as_slice() } else { &[] };
        let total = entry.total.iter().map(|s| (entry.title(), s));
        let members = members.iter().map(|s| {
            let name = format!("{}: {}", s.dimensions().join(", "), s.members());
            (if entry.total.is_none() { format!("{}, {name}", entry.title()) } else { format!("– {name}") }, s)
        });
        let mut told = Vec::new();
        for (name, series) in total.chain(members) {
            let own = table::notes(series, shown, years);
            let whose = if series.dimensions().is_empty() || entry.total.is_none() {
                name.clone()
            } else {
                format!("{} {name}", entry.title())
            };
            // What the total says already, its members do not say again.
            for note in own.iter().filter(|note| !told.contains(*note)) {
                match notes.iter_mut().find(|(text, _)| text == note) {
                    Some((_, names)) => names.push(whose.clone()),
                    None => notes.push((note.clone(), vec![whose.clone()])),
                }
            }
            if series.dimensions().is_empty() {
                told = own;
            }
            lines.push(line(name, series, shown, years));
        }
    }
    if let [only] = shown {
        let heads = ["KPI", &words::head(only, years), "teller", "noemer", "n", "norm", "status"];
        draw(&heads, &[1, 2, 3, 4, 5], &lines, out);
    } else {
        let periods: Vec<String> = shown.iter().map(|p| words::head(p, years)).collect();
        let mut heads = vec!["KPI"];
        heads.extend(periods.iter().map(String::as_str));
        heads.extend(["norm", "laatste"]);
        let numbers: Vec<usize> = (1..=periods.len() + 1).collect();
        draw(&heads, &numbers, &lines, out);
    }
    if let Some(last) = hidden.last() {
        let text = format!("Nog {}: zie --to {}.", words::earlier(hidden.len(), block.kind), last.period_until);
        out.push_str(&format!("\n{}\n", escaped(&text)));
    }
    if !notes.is_empty() {
        out.push('\n');
    }
    for (note, names) in notes {
        let rest = names.len().saturating_sub(MOST_NAMES);
        let mut shown: Vec<String> = names.iter().take(MOST_NAMES).map(|n| escaped(n)).collect();
        shown.extend((rest > 0).then(|| format!("en nog {rest}")));
        out.push_str(&format!("- {} ({})\n", escaped(&note), shown.join("; ")));
    }
}

fn line(name: String, series: &Series<'_>, shown: &[&Row], years: bool) -> Vec<String> {
    let mut cells = vec![name];
    let told = |r: &Row| {
        let mark = words::mark(r);
        if mark.is_empty() { words::value(r) } else { format!("{} {mark}", words::value(r)) }
    };
    cells.extend(shown.iter().map(|p| series.at(p.period_from).map(told).unwrap_or_default()));
    let Some(latest) = series.latest() else { return cells };
    if shown.len() == 1 {
        let part = |n: Option<f64>| n.map_or_else(|| "–".to_owned(), |n| number::plain(n, 2));
        cells.extend([part(latest.numerator), part(latest.denominator)]);
        cells.push(latest.n.map_or_else(|| "–".to_owned(), number::count));
    }
    let newest = shown.last().is_none_or(|p| p.period_from == latest.period_from);
    let status = words::status(latest);
    let when = words::head(latest, years);
    cells.extend([words::norm(latest), if newest { status } else { format!("{status} ({when})") }]);
    cells
}

/// A table; the columns at `numbers` are aligned at the right.
fn draw(heads: &[&str], numbers: &[usize], lines: &[Vec<String>], out: &mut String) {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&row(heads.iter().map(|h| escaped(h)).collect()));
    let rules = (0..heads.len()).map(|i| if numbers.contains(&i) { "---:" } else { "---" }.to_owned());
    out.push_str(&row(rules.collect()));
    for line in lines {
        out.push_str(&row(line.iter().map(|cell| escaped(cell)).collect()));
    }
}

/// A text that is nothing but text, on one line, also in a cell of a table. Never the start of a line: what begins a list
/// there means nothing further on.
fn escaped(text: &str) -> String {
    let text = clean(text);
    let text = text.trim();
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.chars().enumerate() {
        let special = match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '@' | '&' | '#' => true,
            // A bare address becomes a link.
            ':' => text.chars().skip(i + 1).take(2).eq("//".chars()),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests;
