//! The one place of each remark and empty line, whatever the notation in which they were written: what one notation can
//! keep apart and the other cannot is made the same here. So a file that went to the other notation and back has the same
//! bytes.

use super::answer;
use super::parts::{are_versions, sections};
use super::remark::{self, Above, Lead};
use super::tree::{Answer, Block, BlockWord, Entry, Kind, Page, Place};
use crate::syntax::ast::ClauseWord;
use crate::syntax::dsl::words;

/// Puts the remarks of a file in their places.
pub fn settle(page: &mut Page) {
    page.entries.iter_mut().for_each(entry);
    versions(&mut page.entries);
    let opens: Vec<usize> = sections(&page.entries).into_iter().map(|section| section.range.start).collect();
    for (index, entry) in page.entries.iter_mut().enumerate() {
        let whole = whole(entry);
        (entry.above, entry.lead) =
            if opens.binary_search(&index).is_ok() { split(without_first_blank(whole)) } else { (Lead::new(), whole) };
    }
    // What stands above the first declaration, apart from it, belongs to the file.
    if let Some(first) = page.entries.first_mut() {
        let above = std::mem::take(&mut first.above);
        page.header = tidy(joined(std::mem::take(&mut page.header), above));
    }
    page.header = remark::trimmed(&page.header);
    page.end = end(&page.end, page.entries.is_empty() && page.header.is_empty());
}

fn entry(entry: &mut Entry) {
    match &mut entry.kind {
        Kind::Block(_) => block(entry),
        Kind::Clause { answer: Answer::Text(_), .. }
        | Kind::Parameter { value: None, .. }
        | Kind::Use(_)
        | Kind::Fault { .. } => {}
        Kind::Column { body, .. } => {
            outer(body, &mut entry.lead, &mut entry.behind);
            entry.lead.extend(column_remarks(body).into_iter().map(Above::Remark));
        }
        Kind::Clause { answer: Answer::Written(written), .. }
        | Kind::Parameter { value: Some(written), .. }
        | Kind::Requirement { condition: written, .. }
        | Kind::Line { written, .. } => {
            outer(written, &mut entry.lead, &mut entry.behind);
        }
        Kind::Cells { rows, .. } => {
            for row in rows {
                row.lead.retain(|line| *line != Above::Blank);
            }
        }
    }
}

/// Takes the remarks before the first word of an answer and behind its last one out of it. One of these stands behind the
/// line, others before it.
fn outer(written: &mut String, lead: &mut Lead, behind: &mut Option<String>) {
    let tokens = words::tokens(written);
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
    let all = |gap: remark::Gap| {
        let lines: Vec<String> = remark::remarks(&gap.lines).map(str::to_owned).collect();
        gap.behind.into_iter().chain(lines)
    };
    let before = all(remark::gap(written.get(..first.start).unwrap_or_default(), true));
    let after = all(remark::gap(written.get(last.end..).unwrap_or_default(), false));
    lead.extend(before.map(Above::Remark));
    let mut after: Vec<String> = after.chain(behind.take()).collect();
    *behind = after.pop();
    lead.extend(after.into_iter().map(Above::Remark));
    *written = written.get(first.start..last.end).unwrap_or_default().to_owned();
}

/// Takes the remarks between the type and the options of a column out of it: those have no place in an aligned line.
fn column_remarks(body: &mut String) -> Vec<String> {
    let (mut ty, mut options) = answer::column(&answer::read(body));
    let derived = ty.first().is_some_and(answer::is_equals);
    let mut taken = Vec::new();
    if derived {
        let between = ty.last_mut().filter(|_| !options.is_empty()).and_then(|piece| piece.behind.take());
        taken.extend(between);
    } else {
        taken.extend(answer::take_outer_remarks(&mut ty));
    }
    taken.extend(answer::take_outer_remarks(&mut options));
    if !taken.is_empty() {
        ty.extend(options);
        *body = answer::lines(&answer::doc(&ty), 0);
    }
    taken
}

fn block(entry: &mut Entry) {
    let Kind::Block(block) = &mut entry.kind else { return };
    block.entries.iter_mut().for_each(self::entry);
    in_order(block);
    let mut first: Lead = Lead::new();
    for (_, written) in &mut block.head {
        entry.lead.extend(remark::take_all(written).into_iter().map(Above::Remark));
    }
    if let Some(title) = &mut block.title {
        entry.lead.extend(std::mem::take(&mut title.lead));
        match (&block.open, title.behind.take()) {
            (None, behind) => block.open = behind,
            (Some(_), behind) => first.extend(behind.map(Above::Remark)),
        }
    }
    // A remark behind the closing brace is the last one inside it.
    block.end.extend(entry.behind.take().map(Above::Remark));
    let mut before: Option<&'static str> = None;
    for (index, child) in block.entries.iter_mut().enumerate() {
        let mut whole = whole(child);
        if index == 0 {
            whole = without_first_blank(joined_close(std::mem::take(&mut first), whole));
        }
        let section = child.kind.section();
        (child.above, child.lead) = if section.is_some() && section != before && has_names(child) {
            let blank = remark::begins_blank(&whole);
            let (mut above, lead) = split(without_first_blank(whole));
            if blank {
                above.insert(0, Above::Blank);
            }
            (above, lead)
        } else {
            (Lead::new(), whole)
        };
        before = section;
    }
    let end_of = std::mem::take(&mut block.end);
    block.end = end(&first.into_iter().chain(end_of).collect(), block.entries.is_empty());
}

/// Under the key of its section stand names (or a list), and not its own answer.
fn has_names(entry: &Entry) -> bool {
    !matches!(
        &entry.kind,
        Kind::Line {
            place: Place::Members | Place::Validity | Place::TrialKpi | Place::TrialMoment | Place::Strategy(_),
            ..
        } | Kind::Cells { table: None, .. }
    )
}

/// The versions of a definition have no line for a remark behind their opening.
fn versions(entries: &mut [Entry]) {
    let among = |index: usize| {
        let pair = |a: Option<&Entry>, b: Option<&Entry>| a.zip(b).is_some_and(|(a, b)| are_versions(a, b));
        let before = index.checked_sub(1).and_then(|i| entries.get(i));
        pair(before, entries.get(index)) || pair(entries.get(index), entries.get(index + 1))
    };
    let found: Vec<usize> = (0..entries.len()).filter(|&index| among(index)).collect();
    for index in found {
        let Some(entry) = entries.get_mut(index) else { continue };
        let Kind::Block(block) = &mut entry.kind else { continue };
        entry.lead.extend(block.open.take().map(Above::Remark));
    }
}

// ------------------------------------------------------------------------------------------------ order

/// The lines of a block by what they are, each kind in the order in which it was written. An empty line before one that
/// moved goes.
fn in_order(block: &mut Block) {
    let mut order: Vec<usize> = (0..block.entries.len()).collect();
    order.sort_by_key(|&index| block.entries.get(index).map(|entry| place(block.word, entry)));
    let clauses = matches!(block.word, BlockWord::Kpi | BlockWord::Adjustment);
    let mut entries: Vec<Entry> = Vec::with_capacity(order.len());
    let mut last: Option<usize> = None;
    for index in order {
        let Some(entry) = block.entries.get(index) else { continue };
        let mut entry = entry.clone();
        let moved = index.checked_sub(1) != last;
        // The empty line behind the six answers is the printer's own.
        let turn = block.word == BlockWord::Kpi && entries.last().is_some_and(is_one_of_six) && !is_one_of_six(&entry);
        if clauses && (moved || turn) {
            entry.lead = without_first_blank(entry.lead);
        }
        entries.push(entry);
        last = Some(index);
    }
    block.entries = entries;
}

/// One of the six answers of a KPI.
pub fn is_one_of_six(entry: &Entry) -> bool {
    match &entry.kind {
        Kind::Clause { word, .. } => ClauseWord::of(word).is_some_and(|word| ClauseWord::SIX.contains(&word)),
        _ => false,
    }
}

/// Where an entry stands in its block.
fn place(block: BlockWord, entry: &Entry) -> (Option<ClauseWord>, usize) {
    let answers = matches!(block, BlockWord::Kpi | BlockWord::Adjustment);
    let place = match &entry.kind {
        Kind::Line { place: Place::Calendar(word), .. } => *word as usize,
        Kind::Line { place: Place::Strategy(word), .. } => 1 + *word as usize,
        Kind::Clause { word, .. } if answers => return (ClauseWord::of(word), 0),
        Kind::Clause { .. } | Kind::Line { place: Place::Members | Place::TrialKpi | Place::Validity, .. } => 0,
        Kind::Line { place: Place::Spellings | Place::TrialMoment, .. } | Kind::Column { .. } => 1,
        Kind::Line { place: Place::Group | Place::TrialParameter, .. } | Kind::Requirement { .. } => 2,
        Kind::Line { place: Place::Binding, .. } | Kind::Cells { table: Some(_), .. } => 3,
        _ => 4,
    };
    (None, place)
}

// ------------------------------------------------------------------------------------------------ lines

/// All lines before an entry. What stands above the key of its section stands apart from what stands below it.
fn whole(entry: &mut Entry) -> Lead {
    tidy(joined(std::mem::take(&mut entry.above), std::mem::take(&mut entry.lead)))
}

/// Two stretches of lines with an empty line between them.
fn joined(above: Lead, lead: Lead) -> Lead {
    if remark::remarks(&above).next().is_none() {
        return above.into_iter().chain(lead).collect();
    }
    above.into_iter().chain(std::iter::once(Above::Blank)).chain(lead).collect()
}

/// Two stretches of lines, without an empty line of the second one at its begin.
fn joined_close(above: Lead, lead: Lead) -> Lead {
    if above.is_empty() { lead } else { above.into_iter().chain(without_first_blank(lead)).collect() }
}

/// Each empty line once.
fn tidy(lead: Lead) -> Lead {
    let mut kept = Lead::with_capacity(lead.len());
    for line in lead {
        if line != Above::Blank || kept.last() != Some(&Above::Blank) {
            kept.push(line);
        }
    }
    kept
}

fn without_first_blank(mut lead: Lead) -> Lead {
    if remark::begins_blank(&lead) {
        lead.remove(0);
    }
    lead
}

/// Cuts at the last empty line.
fn split(lead: Lead) -> (Lead, Lead) {
    match lead.iter().rposition(|line| *line == Above::Blank) {
        Some(at) => {
            let rest = lead.get(at + 1..).unwrap_or_default().to_vec();
            (lead.into_iter().take(at).collect(), rest)
        }
        None => (Lead::new(), lead),
    }
}

/// The remarks at the end of something; `alone`: nothing stands before them.
fn end(lead: &Lead, alone: bool) -> Lead {
    let blank = remark::begins_blank(lead) && !alone;
    let kept = remark::trimmed(lead);
    if blank && !kept.is_empty() { std::iter::once(Above::Blank).chain(kept).collect() } else { kept }
}
