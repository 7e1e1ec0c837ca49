//! Toetsen: the KPI, the tables and the columns they name, and every cell as a value of its column's type. A mistake is
//! told at its cell; a toets with one is left out of the model.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::table::Origin;
use crate::model::trial::{Given, GivenRow};
use crate::model::{ColumnKind, Kpi, Table, Trial, Type, Value};
use crate::syntax::ast::{Cell, CellTable, GivenDef, Literal, TrialDef};

use super::formula::unknown_kpi;
use super::names::Names;
use super::scope::{Log, World, listed, suggested};
use super::source_use::{self, TableIds};
use super::{cell, expected, parameter};

/// The column that says how often a row is there; a real column of that name stands in back-ticks.
const TIMES: &str = "keer";

/// More given rows than this are no example any more.
const MOST_ROWS: usize = 100_000;

/// All toetsen without mistakes, in order of file and place.
pub(super) fn resolve(world: World<'_>, names: &Names<'_>, ids: &TableIds<'_>, sink: &mut Sink) -> Vec<Trial> {
    let one = |def: &&TrialDef| {
        let mut log = Log::new(sink);
        let trial = Reader { world, names, ids, log: &mut log }.trial(def);
        trial.filter(|_| !log.broken && !def.broken)
    };
    names.trials.iter().filter_map(one).collect()
}

struct Reader<'a, 'l, 's> {
    world: World<'a>,
    names: &'a Names<'a>,
    ids: &'a TableIds<'a>,
    log: &'l mut Log<'s>,
}

impl<'a> Reader<'a, '_, '_> {
    /// Nothing where the KPI is not known; what else is wrong breaks the log.
    fn trial(&mut self, def: &TrialDef) -> Option<Trial> {
        self.complete(def);
        let given: Vec<Given> = def.given.iter().filter_map(|g| self.given(g)).collect();
        self.once(def, &given);
        let parameters = self.parameters(def);
        let kpi = self.kpi(def)?;
        let expected = def.expected.as_ref().map(|table| expected::rows(kpi, table, self.log));
        let peilmoment = def.moment.as_ref().and_then(|moment| match moment.value {
            Literal::Date(day) => Some(self.world.model.zone.midnight(day)),
            Literal::Moment(local) => Some(self.world.model.zone.instant(local)),
            _ => None,
        });
        Some(Trial {
            name: def.name.value.clone(),
            kpi: kpi.id,
            peilmoment,
            parameters,
            given,
            expected: expected.unwrap_or_default(),
            span: def.span,
            name_span: def.name.span,
        })
    }

    /// A toets has a KPI and something to expect.
    fn complete(&mut self, def: &TrialDef) {
        if def.broken {
            return;
        }
        if def.kpi.is_none() {
            self.log.error(
                Diagnostic::error("ML501", "deze toets zegt niet welke kpi zij toetst")
                    .at(def.name.span)
                    .help("schrijf `kpi naam` als eerste onderdeel"),
            );
        }
        let rows = def.expected.as_ref().map(|table| table.rows.len());
        if rows.is_none_or(|n| n == 0) {
            let diagnostic = match &def.expected {
                Some(table) => Diagnostic::error("ML502", "onder `verwacht` staat geen enkele rij").at(table.span),
                None => Diagnostic::error("ML502", "deze toets verwacht niets").at(def.name.span),
            };
            self.log
                .error(diagnostic.help("schrijf `verwacht` met een tabel: `| periode | waarde |` en een rij eronder"));
        }
    }

    fn kpi(&mut self, def: &TrialDef) -> Option<&'a Kpi> {
        let name = def.kpi.as_ref()?;
        let found = self.world.model.kpi_named(&name.value);
        if found.is_none() && !self.names.kpis.contains_key(name.value.as_str()) {
            let known = self.names.kpis.keys().copied();
            let mut diagnostic = unknown_kpi(&name.value, name.span, known);
            diagnostic.code = "ML501";
            self.log.error(diagnostic);
        }
        found
    }

    fn parameters(&mut self, def: &TrialDef) -> Vec<(String, Value)> {
        let mut found = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (name, value) in &def.parameters {
            if let Some(&first) = places.get(&name.value) {
                self.log.error(
                    Diagnostic::error("ML508", format!("parameter `{}` krijgt twee keer een waarde", name.value))
                        .at(name.span)
                        .also(first, "de eerste keer")
                        .help("haal een van beide weg"),
                );
                continue;
            }
            places.insert(name.value.clone(), name.span);
            if let Some(value) = parameter::given(self.world.model, name, value, self.log) {
                found.insert(name.value.clone(), value);
            }
        }
        found.into_iter().collect()
    }

    /// The rows of one table; nothing when the table is not known or cannot be given.
    fn given(&mut self, def: &GivenDef) -> Option<Given> {
        let id = source_use::find(self.names, self.ids, &def.table, self.log)?;
        let table = self.world.model.table(id);
        if let Origin::Derived { base, .. } = table.origin {
            let base = self.world.model.table(base).full_name();
            self.log.error(
                Diagnostic::error(
                    "ML503",
                    format!("`{}` is een afgeleide tabel: haar rijen volgen vanzelf", def.table.text()),
                )
                .at(def.table.span)
                .help(format!("geef rijen van `{base}`, waaruit zij ontstaat")),
            );
            return None;
        }
        if let Origin::United { parts } = &table.origin {
            let parts: Vec<String> =
                parts.iter().map(|&part| format!("`{}`", self.world.model.table(part).full_name())).collect();
            self.log.error(
                Diagnostic::error(
                    "ML503",
                    format!("`{}` verenigt andere tabellen: haar rijen volgen vanzelf", def.table.text()),
                )
                .at(def.table.span)
                .help(format!("geef rijen van {}", parts.join(" of "))),
            );
            return None;
        }
        let columns = self.columns(table, &def.cells)?;
        let rows = self.rows(table, &columns, &def.cells);
        let columns = columns.into_iter().filter_map(|c| if let Head::Column(index) = c { Some(index) } else { None });
        Some(Given { table: id, columns: columns.collect(), rows, span: def.span })
    }

    /// What each column of the head is; nothing where one is unknown.
    fn columns(&mut self, table: &Table, cells: &CellTable) -> Option<Vec<Head>> {
        let mut found = Vec::new();
        for head in &cells.head {
            if head.text == TIMES && !head.quoted {
                found.push(Head::Times);
                continue;
            }
            let Some(index) = table.column_named(&head.text) else {
                if self.world.is_incomplete(table.id) {
                    self.log.poison();
                } else {
                    self.log.error(unknown_column(table, head));
                }
                continue;
            };
            let column = &table.columns[index];
            if column.ty == Type::Unknown {
                self.log.poison();
            } else if !matches!(column.kind, ColumnKind::Stored { .. }) {
                self.log.error(
                    Diagnostic::error("ML504", format!("kolom `{}` wordt berekend en is niet te geven", head.text))
                        .at(head.span)
                        .also(column.span, "hier staat hoe")
                        .help("geef de kolommen waaruit zij volgt"),
                );
            } else {
                found.push(Head::Column(index));
            }
        }
        (found.len() == cells.head.len()).then_some(found)
    }

    fn rows(&mut self, table: &Table, heads: &[Head], cells: &CellTable) -> Vec<GivenRow> {
        let mut rows = Vec::new();
        let mut keys: BTreeMap<Vec<String>, crate::source::Span> = BTreeMap::new();
        for row in &cells.rows {
            let mut values = Vec::new();
            let mut times = 1;
            let mut key = Vec::new();
            for (head, cell) in heads.iter().zip(&row.cells) {
                match head {
                    Head::Times => times = self.times(cell.as_ref()).unwrap_or(1),
                    Head::Column(index) => {
                        let column = &table.columns[*index];
                        let value = cell::value(self.world.model, column, cell.as_ref(), self.log);
                        if column.key {
                            key.extend(value.as_ref().map(|value| format!("{value:?}")));
                        }
                        values.push(value);
                    }
                }
            }
            // Where rows are valid for a time, a key may return; that is looked at when the toets runs.
            if table.valid.is_none() && !table.key.is_empty() && key.len() == table.key.len() {
                self.distinct(&mut keys, key, times, row.span);
            }
            rows.push(GivenRow { values, times, span: row.span });
        }
        let total: usize = rows.iter().map(|r| r.times).sum();
        if total > MOST_ROWS {
            self.log.error(
                Diagnostic::error(
                    "ML505",
                    format!("een toets geeft hoogstens {MOST_ROWS} rijen, en dit zijn er {total}"),
                )
                .at(cells.span)
                .help("neem kleinere getallen onder `keer`"),
            );
        }
        rows
    }

    /// A row with its own key is there once.
    fn distinct(
        &mut self,
        keys: &mut BTreeMap<Vec<String>, crate::source::Span>,
        key: Vec<String>,
        times: usize,
        span: crate::source::Span,
    ) {
        if times > 1 {
            self.log.error(
                Diagnostic::error("ML510", "een rij met een eigen sleutel is er hoogstens één keer")
                    .at(span)
                    .help("laat de sleutelkolom weg: dan krijgt elke rij er vanzelf een"),
            );
        } else if let Some(first) = keys.get(&key) {
            self.log.error(
                Diagnostic::error("ML510", "deze sleutel staat er al")
                    .at(span)
                    .also(*first, "de eerste rij")
                    .help("geef elke rij een eigen sleutel, of laat de sleutelkolom weg"),
            );
        } else {
            keys.insert(key, span);
        }
    }

    fn times(&mut self, cell: Option<&Cell>) -> Option<usize> {
        let cell = cell.filter(|c| !c.is_blank())?;
        let times = cell.text.replace('_', "").parse::<usize>().ok();
        if times.is_none() {
            self.log.error(
                Diagnostic::error("ML505", format!("onder `{TIMES}` hoort een heel getal, niet `{}`", cell.text))
                    .at(cell.span)
                    .help("hoe vaak deze rij er is"),
            );
        }
        times
    }

    /// Each table is given once.
    fn once(&mut self, def: &TrialDef, given: &[Given]) {
        let mut seen = BTreeSet::new();
        for one in given {
            if !seen.insert(one.table) {
                let name = self.world.model.table(one.table).full_name();
                let first = given.iter().find(|g| g.table == one.table).map_or(def.span, |g| g.span);
                self.log.error(
                    Diagnostic::error("ML508", format!("`{name}` wordt twee keer gegeven"))
                        .at(one.span)
                        .also(first, "de eerste keer")
                        .help("zet alle rijen van een tabel bij elkaar"),
                );
            }
        }
    }
}

/// What a column of a given table is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// How often.
    Times,
    Column(usize),
}

fn unknown_column(table: &Table, head: &Cell) -> Diagnostic {
    let stored = || {
        let columns = table.columns.iter().filter(|c| matches!(c.kind, ColumnKind::Stored { .. }));
        columns.map(|c| c.name.as_str())
    };
    let diagnostic =
        Diagnostic::error("ML504", format!("`{}` heeft geen kolom `{}`", table.full_name(), head.text)).at(head.span);
    match suggest::nearest(&head.text, stored()) {
        Some(near) => suggested(diagnostic, head.span, near),
        None => diagnostic.help(format!("de kolommen zijn {}", listed(stored()))),
    }
}
