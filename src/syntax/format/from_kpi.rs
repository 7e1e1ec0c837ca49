//! The outline of a `.kpi` text that reads without mistakes. The syntax tree says where each declaration, clause and column
//! stands; the texts and the remarks between them come from the file.

use super::cells;
use super::remark::{self, Above, Gap, Lead};
use super::tree::{Answer, Block, BlockWord, Entry, Kind, Page, Place, Title};
use crate::source::Span;
use crate::syntax::ast::{
    CalendarDef, CellTable, Clause, ClauseBody, ColumnDef, Declaration, DerivedFrom, FaultDef, File, KpiDef, Name,
    ParameterDef, ParameterKind, RequirementDef, SharedDimensionDef, SharedDimensionLine, SourceDef, StrategyBody,
    StrategyDef, StrategyKind, TableDef, Text, TrialDef, ValidRows,
};
use crate::syntax::dsl::words::{self, Token};

/// Reads the outline.
pub fn read(text: &str, file: &File) -> Page {
    let reader = Reader { text, tokens: words::tokens(text) };
    let items = file.declarations.iter().map(|d| reader.declaration(d)).collect();
    let run = reader.run(0, text.len(), items);
    let mut page = Page { end: run.end, ..Page::default() };
    page.entries = run.entries;
    page
}

/// An entry and where it stands.
struct Item {
    start: usize,
    end: usize,
    entry: Entry,
}

/// Entries in a row with what stands around them.
struct Run {
    /// Behind what stands before the first.
    open: Option<String>,
    entries: Vec<Entry>,
    end: Lead,
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl Reader<'_> {
    fn at(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn over(&self, span: Span) -> String {
        self.at(span.range().start, span.range().end).to_owned()
    }

    /// Puts entries in the order of the file, each with the remarks around it.
    fn run(&self, from: usize, to: usize, mut items: Vec<Item>) -> Run {
        items.sort_by_key(|item| item.start);
        let mut run = Run { open: None, entries: Vec::with_capacity(items.len()), end: Lead::new() };
        let mut at = from;
        for item in items {
            let gap = remark::gap(self.at(at, item.start), at == 0);
            let mut entry = item.entry;
            entry.lead.splice(0..0, gap.lines);
            run.put_behind(gap.behind);
            run.entries.push(entry);
            at = item.end;
        }
        let gap = remark::gap(self.at(at, to), at == 0);
        run.put_behind(gap.behind);
        run.end = gap.lines;
        run
    }

    /// The remarks between the words of a stretch.
    fn remarks_within(&self, start: usize, end: usize) -> Lead {
        let first = self.tokens.partition_point(|token| token.start < start);
        let inside: Vec<&Token> = self.tokens.iter().skip(first).take_while(|token| token.start < end).collect();
        let between = inside.windows(2).filter_map(|pair| match pair {
            [a, b] => Some(remark::gap(self.at(a.end, b.start), false)),
            _ => None,
        });
        between.flat_map(all_remarks).collect()
    }

    /// The opening brace of a block.
    fn brace(&self, start: usize) -> usize {
        let first = self.tokens.partition_point(|token| token.start < start);
        let brace = self.tokens.iter().skip(first).find(|token| token.kind == words::Kind::BraceOpen);
        brace.map_or(self.text.len(), |token| token.start)
    }

    fn declaration(&self, declaration: &Declaration) -> Item {
        match declaration {
            Declaration::Use(path) => {
                let range = path.span.range();
                self.plain(self.word_before(range.start), range.end, Kind::Use(path.value.clone()))
            }
            Declaration::Parameter(def) => self.parameter(def),
            Declaration::Source(def) => self.source(def),
            Declaration::SharedDimension(def) => self.dimension(def),
            Declaration::Trial(def) => self.trial(def),
            Declaration::Calendar(def) => self.calendar(def),
            Declaration::Fault(def) => self.fault(def),
            Declaration::Strategy(def) => self.strategy(def),
            Declaration::Kpi(def) => self.kpi(def),
            Declaration::Adjustment(def) => {
                let clauses = def.clauses.iter().map(|c| self.clause(c)).collect();
                let head = Head { word: BlockWord::Adjustment, name: &def.name, title: None, parts: Vec::new() };
                self.block(def.span, head, clauses)
            }
        }
    }

    /// An entry without a body; remarks between its words go before it.
    fn plain(&self, start: usize, end: usize, kind: Kind) -> Item {
        let mut entry = Entry::new(kind);
        entry.lead = self.remarks_within(start, end);
        Item { start, end, entry }
    }

    fn parameter(&self, def: &ParameterDef) -> Item {
        let (ty, value) = match &def.kind {
            ParameterKind::Read { ty, value } => (self.over(ty.span), value.as_ref().map(|v| self.over(v.span))),
            ParameterKind::Broken => (String::new(), None),
        };
        let range = def.span.range();
        let mut item = self.plain(range.start, range.end, Kind::Parameter { name: def.name.value.clone(), ty, value });
        // Those in the value stay there.
        if let ParameterKind::Read { value: Some(value), .. } = &def.kind {
            item.entry.lead = self.remarks_within(range.start, value.span.range().start + 1);
        }
        item
    }

    /// Where the word before a place begins.
    fn word_before(&self, at: usize) -> usize {
        let behind = self.tokens.partition_point(|token| token.start < at);
        behind.checked_sub(1).and_then(|index| self.tokens.get(index)).map_or(at, |token| token.start)
    }

    fn dimension(&self, def: &SharedDimensionDef) -> Item {
        let lines = def.lines.iter().map(|line| self.dimension_line(line)).collect();
        let head = Head { word: BlockWord::Dimension, name: &def.name, title: def.title.as_ref(), parts: Vec::new() };
        self.block(def.span, head, lines)
    }

    fn dimension_line(&self, line: &SharedDimensionLine) -> Item {
        let (place, key, from, span) = match line {
            SharedDimensionLine::Members { names, span } => {
                (Place::Members, String::new(), names.first().map(|n| n.span), span)
            }
            SharedDimensionLine::Spellings { member, texts, span } => {
                (Place::Spellings, member.value.clone(), texts.first().map(|t| t.span), span)
            }
            SharedDimensionLine::Group { name, members, span } => {
                (Place::Group, name.value.clone(), members.first().map(|m| m.span), span)
            }
            SharedDimensionLine::Binding { table, value, span } => {
                (Place::Binding, self.over(table.span), Some(value.span), span)
            }
        };
        let range = span.range();
        let from = from.map_or(range.end, |span| span.range().start);
        self.line(place, key, range.start, from, range.end)
    }

    /// A line of which the answer begins at `from`.
    fn line(&self, place: Place, key: String, start: usize, from: usize, end: usize) -> Item {
        let mut item = self.plain(start, from + 1, Kind::Line { place, key, written: self.at(from, end).to_owned() });
        item.end = end;
        item
    }

    fn trial(&self, def: &TrialDef) -> Item {
        let mut lines = Vec::new();
        if let Some(kpi) = &def.kpi {
            let range = kpi.span.range();
            lines.push(self.line(
                Place::TrialKpi,
                String::new(),
                self.word_before(range.start),
                range.start,
                range.end,
            ));
        }
        if let Some(moment) = &def.moment {
            let range = moment.span.range();
            let start = self.word_before(range.start);
            lines.push(self.line(Place::TrialMoment, String::new(), start, range.start, range.end));
        }
        for (name, value) in &def.parameters {
            let (start, range) = (self.word_before(name.span.range().start), value.span.range());
            lines.push(self.line(Place::TrialParameter, name.value.clone(), start, range.start, range.end));
        }
        for given in &def.given {
            let table = Some(self.over(given.table.span));
            lines.push(self.cells(given.span.range().start, given.table.span.range().end, table, &given.cells));
        }
        if let Some(expected) = &def.expected {
            let word = self.word_before(expected.span.range().start);
            lines.push(self.cells(word, word + "verwacht".len(), None, expected));
        }
        let head = Head { word: BlockWord::Trial, name: &def.name, title: None, parts: Vec::new() };
        self.block(def.span, head, lines)
    }

    fn calendar(&self, def: &CalendarDef) -> Item {
        let lines = def.clauses.iter().map(|clause| {
            let (range, word) = (clause.span.range(), clause.word.span.range().end);
            let first = self.tokens.partition_point(|token| token.start < word);
            let from = self.tokens.get(first).map_or(range.end, |token| token.start);
            self.line(Place::Calendar(clause.word.value), String::new(), range.start, from, range.end)
        });
        let lines = lines.collect();
        let head = Head { word: BlockWord::Calendar, name: &def.name, title: def.title.as_ref(), parts: Vec::new() };
        self.block(def.span, head, lines)
    }

    fn strategy(&self, def: &StrategyDef) -> Item {
        let lines = def.clauses.iter().map(|clause| {
            let (range, word) = (clause.span.range(), clause.word.span.range().end);
            if let StrategyBody::Text(text) = &clause.body {
                let answer = Answer::Text(text.value.clone());
                return self.plain(range.start, range.end, Kind::Clause { word: clause.word.value.word(), answer });
            }
            let first = self.tokens.partition_point(|token| token.start < word);
            let from = self.tokens.get(first).map_or(range.end, |token| token.start);
            self.line(Place::Strategy(clause.word.value), String::new(), range.start, from, range.end)
        });
        let lines = lines.collect();
        let word = if def.kind == StrategyKind::Goal { BlockWord::Goal } else { BlockWord::Chain };
        self.block(def.span, Head { word, name: &def.name, title: def.title.as_ref(), parts: Vec::new() }, lines)
    }

    fn fault(&self, def: &FaultDef) -> Item {
        let range = def.span.range();
        let mut validity = self.at(def.path.span.range().end, def.reason.span.range().start).to_owned();
        remark::take_all(&mut validity);
        let direction = def.direction.as_ref().map(|direction| self.over(direction.span));
        let (path, reason) = (self.over(def.path.span), def.reason.value.clone());
        self.plain(range.start, range.end, Kind::Fault { path, validity, reason, direction })
    }

    fn cells(&self, start: usize, head_end: usize, table: Option<String>, cells: &CellTable) -> Item {
        let (opened, rows, end) = cells::read(cells, self.text, head_end);
        let mut item = self.plain(start, head_end, Kind::Cells { table, rows });
        item.entry.behind = opened;
        Item { end, ..item }
    }

    fn kpi(&self, def: &KpiDef) -> Item {
        let clauses = def.clauses.iter().map(|c| self.clause(c)).collect();
        let validity = def.validity.as_ref().map(|validity| {
            let mut written = self.over(validity.span);
            remark::take_all(&mut written);
            ("geldig", written)
        });
        let parts = validity.into_iter().collect();
        let head = Head { word: BlockWord::Kpi, name: &def.name, title: def.title.as_ref(), parts };
        self.block(def.span, head, clauses)
    }

    fn source(&self, def: &SourceDef) -> Item {
        let tables = def.tables.iter().map(|t| self.table(t)).collect();
        let head = Head { word: BlockWord::Source, name: &def.name, title: def.title.as_ref(), parts: Vec::new() };
        self.block(def.span, head, tables)
    }

    fn table(&self, def: &TableDef) -> Item {
        let columns = def.columns.iter().map(|c| self.column(c));
        let valid = def.valid.iter().map(|valid| self.valid_rows(valid));
        let lines = valid.chain(columns).chain(def.requirements.iter().map(|r| self.requirement(r))).collect();
        let mut parts = def.derived.as_ref().map(|d| self.derived(d)).unwrap_or_default();
        if let Some(united) = &def.united {
            let paths: Vec<String> = united.parts.iter().map(|path| self.over(path.span)).collect();
            parts.push(("verenigt", paths.join(", ")));
        }
        for (_, written) in &mut parts {
            // These stand before the block.
            remark::take_all(written);
        }
        self.block(def.span, Head { word: BlockWord::Table, name: &def.name, title: def.title.as_ref(), parts }, lines)
    }

    fn derived(&self, derived: &DerivedFrom) -> Vec<(&'static str, String)> {
        let mut parts = vec![("uit", self.over(derived.base.span))];
        parts.extend(derived.filter.as_ref().map(|filter| ("waarbij", self.over(filter.span))));
        let keys: Vec<String> = derived.keys.iter().map(|key| self.over(key.span)).collect();
        parts.extend((!keys.is_empty()).then(|| ("per", keys.join(", "))));
        parts
    }

    /// An answer without the remarks before its first word, and those.
    fn answer(&self, start: usize, end: usize) -> (String, Lead) {
        let first = self.tokens.partition_point(|token| token.start < start);
        let first = self.tokens.get(first).map_or(end, |token| token.start.min(end));
        (self.at(first, end).to_owned(), all_remarks(remark::gap(self.at(start, first), false)))
    }

    fn column(&self, def: &ColumnDef) -> Item {
        let range = def.span.range();
        let (body, lead) = self.answer(def.name.span.range().end, range.end);
        let mut entry = Entry::new(Kind::Column { name: def.name.value.clone(), body });
        entry.lead = lead;
        Item { start: range.start, end: range.end, entry }
    }

    /// `geldig begin tot eind`: its place is that of its word.
    fn valid_rows(&self, valid: &ValidRows) -> Item {
        let range = valid.span.range();
        let word = self.tokens.partition_point(|token| token.start < range.start).saturating_sub(1);
        let start = self.tokens.get(word).map_or(range.start, |token| token.start);
        let mut written = self.over(valid.span);
        // These stand before the line.
        remark::take_all(&mut written);
        let mut item = self.plain(start, range.end, Kind::Line { place: Place::Validity, key: String::new(), written });
        item.entry.lead = self.remarks_within(start, range.end);
        item
    }

    fn requirement(&self, def: &RequirementDef) -> Item {
        let range = def.span.range();
        let condition = def.condition.as_ref().map(|c| self.over(c.span)).unwrap_or_default();
        let mut entry = Entry::new(Kind::Requirement { name: def.name.value.clone(), condition });
        let begin = def.condition.as_ref().map_or(range.end, |c| c.span.range().start + 1);
        entry.lead = self.remarks_within(range.start, begin);
        Item { start: range.start, end: range.end, entry }
    }

    fn clause(&self, clause: &Clause) -> Item {
        let range = clause.span.range();
        let word_end = clause.word.span.range().end;
        let written = || {
            let (written, lead) = self.answer(word_end, range.end);
            (Answer::Written(written), lead)
        };
        let (answer, lead) = match &clause.body {
            ClauseBody::Text(text) => {
                let answer = Answer::Text(text.value.clone());
                (answer, self.remarks_within(range.start, range.end))
            }
            _ => written(),
        };
        let mut entry = Entry::new(Kind::Clause { word: clause.word.value.word(), answer });
        entry.lead = lead;
        Item { start: range.start, end: range.end, entry }
    }

    fn block(&self, span: Span, head: Head, items: Vec<Item>) -> Item {
        let range = span.range();
        let brace = self.brace(range.start);
        let run = self.run(brace + 1, range.end.saturating_sub(1), items);
        let title = head.title.map(|t| Title { lead: Lead::new(), text: t.value.clone(), behind: None });
        let block = Block::new(head.word, head.name.value.clone());
        let mut entry = Entry::new(Kind::Block(Block {
            title,
            head: head.parts,
            open: run.open,
            entries: run.entries,
            end: run.end,
            ..block
        }));
        entry.lead = self.remarks_within(range.start, brace + 1);
        Item { start: range.start, end: range.end, entry }
    }
}

/// The head of a block.
struct Head<'a> {
    word: BlockWord,
    name: &'a Name,
    title: Option<&'a Text>,
    parts: Vec<(&'static str, String)>,
}

impl Run {
    /// A remark behind the last entry, or behind what stands before the first.
    fn put_behind(&mut self, remark: Option<String>) {
        match self.entries.last_mut() {
            Some(Entry { kind: Kind::Cells { rows, .. }, .. }) => {
                rows.last_mut().into_iter().for_each(|row| row.behind.clone_from(&remark));
            }
            // It may belong to the last answer of several.
            Some(Entry { kind: Kind::Clause { answer: Answer::Written(written), .. }, .. }) => {
                written.extend(remark.iter().map(|remark| format!("  {}", remark::kpi(remark))));
            }
            Some(last) => last.behind = remark,
            None => self.open = remark,
        }
    }
}

fn all_remarks(gap: Gap) -> Lead {
    let lines = gap.lines.into_iter().filter(|line| *line != Above::Blank);
    gap.behind.map(Above::Remark).into_iter().chain(lines).collect()
}
