//! The lines of one block: a column per period, or for a single period its value with numerator and denominator.

use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

use super::Look;
use super::layout::{Cell, Column, Paint, Tone, row, wrap};
use crate::judge::{Mark, Row, Status};
use crate::report::number;
use crate::report::series::{Block, Entry, Series};
use crate::report::words::clean;
use crate::report::{series, words};

/// More remarks than this about one series are counted.
const MOST_NOTES: usize = 4;

/// A line of the block before its columns have a width.
enum Item {
    Head(Vec<Cell>),
    Cells(Vec<Cell>),
    /// Remarks under a series.
    Notes(Vec<String>),
    Gap,
}

/// Spaces between columns.
struct Gaps {
    /// Between numbers.
    small: usize,
    /// Before words.
    large: usize,
}

impl Gaps {
    fn of(look: Look) -> Self {
        if look.width < 100 { Self { small: 1, large: 2 } } else { Self { small: 2, large: 3 } }
    }
}

/// One block, each group under its own head.
pub fn draw(block: &Block<'_>, look: Look) -> String {
    let names = names_width(block, look);
    let gaps = Gaps::of(look);
    let number = Column { gap: gaps.small, width: 0, right: true };
    let words = Column { gap: gaps.large, width: 0, right: false };
    let name = |width| Column { gap: 0, width, right: false };
    if let [period] = block.periods.as_slice() {
        let mut columns = vec![name(0), number, number, number, number, words, words];
        // There is room for names beside the few columns that a single period has.
        let unwrapped = single(block, period, usize::from(u16::MAX), look);
        widen(&mut columns, 0, &unwrapped);
        let others: usize = columns.iter().skip(1).map(|c| c.gap + c.width).sum();
        if let Some(first) = columns.first_mut() {
            first.width = first.width.min(look.width.saturating_sub(others).max(names));
            return print(single(block, period, first.width, look), columns, look);
        }
    }
    let mut columns = vec![name(names)];
    let years = block.spans_years();
    let (shown, hidden) = fitting(block, names, years, look);
    columns.extend(shown.iter().map(|_| number));
    columns.extend([words, words]);
    let mut out = print(many(block, &shown, names, years, look), columns, look);
    if let (Some(first), Some(last)) = (hidden.first(), hidden.last()) {
        let when = match (words::head(first, years), words::head(last, years)) {
            (one, same) if one == same => one,
            (one, other) => format!("{one} t/m {other}"),
        };
        let until = last.period_until;
        let which = words::earlier(hidden.len(), block.kind);
        let text = format!("Nog {which} ({when}): zie --to {until} of --format csv.");
        for line in wrap(&text, look.width) {
            out.extend([line.as_str(), "\n"]);
        }
    }
    out
}

/// The width of the names: as much as they need, up to a third of the screen.
fn names_width(block: &Block<'_>, look: Look) -> usize {
    let titles = block.entries().map(|e| e.title().width());
    let members = block.entries().flat_map(|e| shown_members(e, look)).map(|s| s.members().width() + 4);
    let groups = block.groups.iter().map(|(title, _)| title.width());
    let most = titles.chain(members).chain(groups).max().unwrap_or(0);
    most.clamp(8, (look.width * 3 / 10).clamp(16, 40))
}

/// Members are shown when asked, and when there is no total to show instead.
fn shown_members<'e, 'a>(entry: &'e Entry<'a>, look: Look) -> &'e [Series<'a>] {
    if look.by_members || entry.total.is_none() { &entry.members } else { &[] }
}

fn all_series<'e, 'a>(entry: &'e Entry<'a>, look: Look) -> impl Iterator<Item = &'e Series<'a>> {
    entry.total.iter().chain(shown_members(entry, look))
}

/// The newest periods that fit beside names, norm and status, and those before them. At least one fits.
fn fitting<'a>(block: &Block<'a>, names: usize, years: bool, look: Look) -> (Vec<&'a Row>, Vec<&'a Row>) {
    let gaps = Gaps::of(look);
    let newest = block.periods.last().map(|p| p.period_from);
    let mut widths: Vec<usize> = block.periods.iter().map(|p| words::head(p, years).width()).collect();
    let (mut norm, mut last) = ("norm".width(), "laatste".width());
    for s in block.entries().flat_map(|e| all_series(e, look)) {
        for (period, width) in block.periods.iter().zip(&mut widths) {
            if let Some(r) = s.at(period.period_from) {
                *width = (*width).max(words::value(r).width()).max(words::mark(r).width());
            }
        }
        if let Some(r) = s.latest() {
            norm = norm.max(words::norm(r).width());
            last = last.max(latest(r, newest, years).width());
        }
    }
    let mut room = look.width.saturating_sub(names + norm + last + 2 * gaps.large);
    let mut fit = 0;
    for width in widths.iter().rev() {
        if fit > 0 && width + gaps.small > room {
            break;
        }
        room = room.saturating_sub(width + gaps.small);
        fit += 1;
    }
    let (hidden, shown) = block.periods.split_at(block.periods.len().saturating_sub(fit));
    (shown.to_vec(), hidden.to_vec())
}

/// The status of the telling period, with its name when that is not the newest.
fn latest(r: &Row, newest: Option<NaiveDate>, years: bool) -> String {
    let status = words::status(r);
    if newest == Some(r.period_from) { status } else { format!("{status} ({})", words::head(r, years)) }
}

/// Periods across.
fn many(block: &Block<'_>, shown: &[&Row], names: usize, years: bool, look: Look) -> Vec<Item> {
    let newest = shown.last().map(|p| p.period_from);
    let cells = |name: Cell, s: &Series<'_>| {
        let mut cells = vec![name];
        for period in shown {
            cells.push(s.at(period.period_from).map_or_else(Cell::default, |r| {
                let mut cell = Cell::of(words::value(r), tone(r));
                let mark = words::mark(r);
                if !mark.is_empty() {
                    cell.lines.push((mark, tone(r)));
                }
                cell
            }));
        }
        if let Some(r) = s.latest() {
            cells.push(Cell::plain(words::norm(r)));
            cells.push(Cell::of(latest(r, newest, years), tone(r)));
        }
        cells
    };
    let head = |title: &str| {
        let mut cells = vec![Cell::wrapped(title, names, 0, Tone::Title)];
        cells.extend(shown.iter().map(|p| Cell::of(words::head(p, years), Tone::Title)));
        cells.extend(["norm", "laatste"].map(|t| Cell::of(t, Tone::Title)));
        cells
    };
    let notes = |s: &Series<'_>| notes(s, shown, years);
    items(block, names, look, &head, &cells, &notes)
}

/// One period: its value and what it was made of.
fn single(block: &Block<'_>, period: &Row, names: usize, look: Look) -> Vec<Item> {
    let part = |n: Option<f64>| Cell::plain(n.map_or_else(|| "–".to_owned(), |n| number::plain(n, 2)));
    let cells = |name: Cell, s: &Series<'_>| {
        let mut cells = vec![name];
        if let Some(r) = s.latest() {
            let mut value = Cell::of(words::value(r), tone(r));
            if let (Some(low), Some(high)) = (r.lower, r.upper) {
                value.lines.push((format!("({})", number::interval(low, high, &r.unit)), Tone::Quiet));
            }
            let n = r.n.map_or_else(|| "–".to_owned(), number::count);
            cells.extend([value, part(r.numerator), part(r.denominator), Cell::plain(n)]);
            cells.extend([Cell::plain(words::norm(r)), Cell::of(words::status(r), tone(r))]);
        }
        cells
    };
    let head = |title: &str| {
        let title = words::period(period).map_or_else(|| title.to_owned(), |p| format!("{title} · {p}"));
        let mut cells = vec![Cell::wrapped(&title, names, 0, Tone::Title)];
        cells.extend(["waarde", "teller", "noemer", "n", "norm", "status"].map(|t| Cell::of(t, Tone::Title)));
        cells
    };
    let notes = |s: &Series<'_>| notes(s, &[period], false);
    items(block, names, look, &head, &cells, &notes)
}

/// All groups, KPIs and members as items.
fn items(
    block: &Block<'_>,
    names: usize,
    look: Look,
    head: &dyn Fn(&str) -> Vec<Cell>,
    cells: &dyn Fn(Cell, &Series<'_>) -> Vec<Cell>,
    notes: &dyn Fn(&Series<'_>) -> Vec<String>,
) -> Vec<Item> {
    let mut items = Vec::new();
    for (title, entries) in &block.groups {
        if !items.is_empty() {
            items.push(Item::Gap);
        }
        items.push(Item::Head(head(title)));
        for entry in entries {
            let name = Cell::wrapped(&entry.title(), names, 0, Tone::Plain);
            let mut told = Vec::new();
            match &entry.total {
                Some(total) => {
                    items.push(Item::Cells(cells(name, total)));
                    told = notes(total);
                    items.push(Item::Notes(told.clone()));
                }
                None => items.push(Item::Cells(vec![name])),
            }
            let mut dimensions = Vec::new();
            for member in shown_members(entry, look) {
                if member.dimensions() != dimensions {
                    dimensions = member.dimensions();
                    let per = format!("per {}", clean(&dimensions.join(", ")));
                    items.push(Item::Cells(vec![Cell::wrapped(&per, names, 2, Tone::Quiet)]));
                }
                let name = Cell::wrapped(&member.members(), names, 4, Tone::Plain);
                items.push(Item::Cells(cells(name, member)));
                items.push(Item::Notes(notes(member).into_iter().filter(|n| !told.contains(n)).collect()));
            }
        }
    }
    items
}

/// Remarks about the shown periods of a series: marks with their reason, breaks, an earlier norm.
pub fn notes(s: &Series<'_>, shown: &[&Row], years: bool) -> Vec<String> {
    let rows: Vec<&Row> = shown.iter().filter_map(|p| s.at(p.period_from)).collect();
    let mut list: Vec<(&str, String, Vec<usize>)> = Vec::new();
    for (i, r) in rows.iter().enumerate() {
        // Of one period the status says so already.
        let said = |m: &&Mark| m.mark == series::PRELIMINARY && m.reason.is_empty() && shown.len() == 1;
        let marks = r.marks.iter().filter(|m| !said(m)).map(|m| {
            let icon = if m.mark == series::PRELIMINARY { "·" } else { "!" };
            let reason = clean(&m.reason);
            let text = match reason.as_str() {
                "" => clean(&m.mark),
                until if until.starts_with("tot ") => format!("{} {until}", clean(&m.mark)),
                reason => format!("{}: {reason}", clean(&m.mark)),
            };
            (icon, text)
        });
        let broken = r.series_break.then(|| ("!", "reeksbreuk: een andere versie van de definitie".to_owned()));
        for (icon, text) in marks.chain(broken) {
            match list.iter_mut().find(|(_, t, _)| *t == text) {
                Some((_, _, at)) => at.push(i),
                None => list.push((icon, text, vec![i])),
            }
        }
    }
    let mut out: Vec<String> = list
        .into_iter()
        .map(|(icon, text, at)| {
            if at.len() == rows.len() {
                format!("{icon} {text}")
            } else {
                format!("{icon} {} {text}", when(&rows, &at, years))
            }
        })
        .collect();
    for (r, next) in rows.iter().zip(rows.iter().skip(1)) {
        if r.norm != next.norm {
            let bound = r.norm.as_ref().map_or_else(|| "geen".to_owned(), |_| words::norm(r));
            out.push(format!("norm t/m {}: {bound}", words::head(r, years)));
        }
    }
    out.extend(references(&rows));
    let newest = s.latest().filter(|r| shown.len() > 1 && shown.iter().any(|p| p.period_from == r.period_from));
    if let Some((r, (low, high))) = newest.and_then(|r| Some((r, r.lower.zip(r.upper)?))) {
        out.push(format!("± {}: {}", words::head(r, years), number::interval(low, high, &r.unit)));
    }
    if out.len() > MOST_NOTES {
        let more = out.len() - MOST_NOTES;
        out.truncate(MOST_NOTES);
        out.push(format!("en nog {more} (zie --format json)"));
    }
    out
}

/// What the newest total may be held against without being judged by it.
fn references(rows: &[&Row]) -> Option<String> {
    let newest = rows.last().filter(|r| r.dimensions.is_empty() && !r.references.is_empty())?;
    let shown = newest.references.iter().map(|r| {
        let value = number::norm(&r.text, &newest.unit);
        let year = match (r.year, r.n) {
            (Some(year), Some(n)) => format!(" ({year}, n = {})", number::count(n)),
            (Some(year), None) => format!(" ({year})"),
            _ => String::new(),
        };
        match &r.label {
            Some(label) => format!("{} {} {}{year}", r.kind, clean(label), number::benchmark(&r.text, &newest.unit)),
            None => format!("{} {value}", r.kind),
        }
    });
    Some(format!("ter vergelijking: {}", shown.collect::<Vec<_>>().join(", ")))
}

/// `mei`, `mrt, mei`, `jan t/m jun`, `5 perioden`
fn when(rows: &[&Row], at: &[usize], years: bool) -> String {
    let head = |i: &usize| rows.get(*i).map_or(String::new(), |r| words::head(r, years));
    match at {
        [first, .., last] if at.len() > 2 && last - first + 1 == at.len() => {
            format!("{} t/m {}", head(first), head(last))
        }
        _ if at.len() > 3 => format!("{} perioden", at.len()),
        _ => at.iter().map(head).collect::<Vec<_>>().join(", "),
    }
}

/// What may still change usually does so for many series at once: such a remark is taken out and told once.
fn take_shared(items: &mut [Item]) -> Vec<String> {
    let all = |items: &[Item]| -> Vec<String> {
        let notes = items.iter().filter_map(|i| if let Item::Notes(notes) = i { Some(notes) } else { None });
        notes.flatten().filter(|note| note.starts_with("· ")).cloned().collect()
    };
    let (mut once, mut shared) = (Vec::new(), Vec::new());
    for note in all(items) {
        if !once.contains(&note) {
            once.push(note);
        } else if !shared.contains(&note) {
            shared.push(note);
        }
    }
    for item in items {
        if let Item::Notes(notes) = item {
            notes.retain(|note| !shared.contains(note));
        }
    }
    shared
}

/// Gives the columns from `first` on the width that their cells need.
fn widen(columns: &mut [Column], first: usize, items: &[Item]) {
    for item in items {
        if let Item::Head(cells) | Item::Cells(cells) = item {
            for (column, cell) in columns.iter_mut().zip(cells).skip(first) {
                column.width = column.width.max(cell.width());
            }
        }
    }
}

/// Gives the columns their width and prints the items. Remarks stand in the last column where they fit there, beside the
/// further lines of their row; otherwise under it.
fn print(mut items: Vec<Item>, mut columns: Vec<Column>, look: Look) -> String {
    let paint = Paint { on: look.color };
    let shared = take_shared(&mut items);
    items.push(Item::Notes(shared));
    widen(&mut columns, 1, &items);
    let last = columns.len().saturating_sub(1);
    let before: usize =
        columns.iter().take(last).map(|c| c.gap + c.width).sum::<usize>() + columns.last().map_or(0, |c| c.gap);
    let room = look.width.saturating_sub(before);
    let mut out = String::new();
    let mut items = items.into_iter().peekable();
    while let Some(item) = items.next() {
        match item {
            Item::Gap => out.push('\n'),
            Item::Head(cells) => out.push_str(&row(&cells, &columns, paint)),
            Item::Cells(mut cells) => {
                let fits = |notes: &Vec<String>| notes.iter().all(|n| n.width() <= room);
                if let (Some(Item::Notes(notes)), Some(cell)) = (items.peek_mut(), cells.get_mut(last))
                    && fits(notes)
                {
                    cell.lines.extend(notes.drain(..).map(|n| (n, Tone::Plain)));
                }
                out.push_str(&row(&cells, &columns, paint));
            }
            Item::Notes(notes) => {
                for line in notes.iter().flat_map(|n| wrap(n, look.width.saturating_sub(4))) {
                    out.extend(["    ", line.as_str(), "\n"]);
                }
            }
        }
    }
    out
}

pub fn tone(row: &Row) -> Tone {
    match row.status {
        Status::NotMet => Tone::Bad,
        Status::Near => Tone::Near,
        Status::Met => Tone::Good,
        Status::NoData | Status::Shielded | Status::TooFew | Status::NotMeasurable => Tone::Quiet,
        Status::NoNorm => Tone::Plain,
    }
}
