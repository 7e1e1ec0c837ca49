//! Toetsen in YAML: `naam: {kpi, peilmoment, parameters, gegeven, verwacht}`. A table is a list with `kolom: waarde` per
//! row, or a text with lines of cells, which `dsl` reads.

use std::collections::BTreeMap;

use super::node::{Node, NodeKind};
use super::shape::{self, Entry};
use super::{Style, sources};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::Spanned;
use crate::syntax::ast::{Cell, CellRow, CellTable, Expr, ExprKind, GivenDef, Literal, Name, TrialDef};
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;

const KEYS: [&str; 5] = ["kpi", "peilmoment", "parameters", "gegeven", "verwacht"];
const TABLE_HELP: &str =
    "schrijf een lijst met een rij per streepje: `- {kolom: waarde}`, of een tekst met regels `| … |`";

/// One toets.
pub fn trial(entry: &Entry<'_>, sink: &mut Sink) -> TrialDef {
    let mut def = TrialDef {
        name: Spanned::new(entry.name.value.clone(), entry.name.span),
        kpi: None,
        moment: None,
        parameters: Vec::new(),
        given: Vec::new(),
        expected: None,
        broken: false,
        span: entry.span,
    };
    let before = sink.len();
    let help = "schrijf eronder `kpi: …`, `gegeven:` en `verwacht:`";
    let fields = shape::entries(entry.value, &entry.name.value, help, sink);
    for field in fields.iter().flatten() {
        let key = field.name.value.as_str();
        let elsewhere = |word: &str| match word {
            "parameter" => Some("parameters"),
            "gegevens" | "invoer" => Some("gegeven"),
            "verwachting" | "resultaat" => Some("verwacht"),
            _ => None,
        };
        let known = KEYS.into_iter().find(|k| *k == key);
        let known = known.or_else(|| shape::unknown_or(&field.name, "van een toets", &KEYS, elsewhere, sink));
        match known {
            Some("kpi") => def.kpi = name(field.value, sink),
            Some("peilmoment") => {
                let help = "schrijf een dag of een moment: `peilmoment: 2026-02-01`";
                def.moment = shape::scalar(field.value, "peilmoment", help, sink)
                    .and_then(|s| dsl::parse_moment(&s.fragment.trimmed(), sink));
            }
            Some("parameters") => parameters(field, &mut def, sink),
            Some("gegeven") => given(field, &mut def, sink),
            Some(_) => {
                let (table, whole) = table(field.value, "verwacht", sink);
                def.expected = table;
                def.broken |= !whole;
            }
            None => def.broken = true,
        }
    }
    def.broken |= fields.is_none() || sink.len() > before;
    def
}

/// The name of a KPI.
fn name(node: &Node, sink: &mut Sink) -> Option<Name> {
    let scalar = shape::scalar(node, "kpi", "schrijf de naam van de kpi: `kpi: balie_bezoekers`", sink)?;
    let path = sources::path(&scalar.fragment.trimmed(), sink)?;
    Some(Spanned::new(path.text(), path.span))
}

fn parameters(field: &Entry<'_>, def: &mut TrialDef, sink: &mut Sink) {
    let help = "schrijf `parameters: {wachtnorm: 30 s}`";
    for entry in shape::entries(field.value, "parameters", help, sink).unwrap_or_default() {
        let Some(scalar) = shape::scalar(entry.value, &entry.name.value, help, sink) else { continue };
        let fragment = scalar.fragment.trimmed();
        // YAML took the quotes off a text.
        let value = if matches!(scalar.style, Style::Plain) || fragment.text.starts_with('"') {
            dsl::parse_expr(&fragment, sink)
        } else {
            Some(quoted_value(&fragment))
        };
        def.parameters.extend(value.map(|value| (entry.name.clone(), value)));
    }
}

/// What stood in YAML's own quotes: a value of the language where it is one, otherwise a text.
fn quoted_value(fragment: &Fragment) -> Expr {
    let mut unheard = Sink::default();
    let read = dsl::parse_expr(fragment, &mut unheard);
    read.filter(|e| unheard.is_empty() && matches!(e.kind, ExprKind::Literal(_))).unwrap_or_else(|| Expr {
        span: fragment.whole(),
        kind: ExprKind::Literal(Literal::Text(fragment.text.clone())),
    })
}

fn given(field: &Entry<'_>, def: &mut TrialDef, sink: &mut Sink) {
    let help = "schrijf onder `gegeven` eerst de naam van een tabel: `balie.ticket:`";
    for entry in shape::entries(field.value, "gegeven", help, sink).unwrap_or_default() {
        let place = entry.name.span;
        let name = Fragment::mapped(
            place.source,
            entry.name.value.clone(),
            vec![(0, place.start as usize)],
            place.end as usize,
        );
        let path = sources::path(&name, sink);
        let (cells, whole) = table(entry.value, &entry.name.value, sink);
        def.broken |= !whole;
        if let Some((table, cells)) = path.zip(cells) {
            def.given.push(GivenDef { table, cells, span: entry.span });
        }
    }
}

/// The rows of a table, and whether all of it could be read.
fn table(node: &Node, what: &str, sink: &mut Sink) -> (Option<CellTable>, bool) {
    match &node.kind {
        NodeKind::Scalar(scalar) if !scalar.is_absent() => dsl::parse_cells(&scalar.fragment.trimmed(), sink),
        NodeKind::Sequence(items) => list(items, node, what, sink),
        _ => {
            shape::wrong(node, what, "een lijst van rijen", TABLE_HELP, sink);
            (None, false)
        }
    }
}

fn list(items: &[Node], node: &Node, what: &str, sink: &mut Sink) -> (Option<CellTable>, bool) {
    let mut head: Vec<Cell> = Vec::new();
    let mut found: Vec<(BTreeMap<usize, Cell>, crate::source::Span)> = Vec::new();
    let mut whole = true;
    for item in items {
        let Some(entries) = shape::entries(item, what, TABLE_HELP, sink) else {
            whole = false;
            continue;
        };
        let mut row = BTreeMap::new();
        for entry in entries {
            let column = head_cell(&entry);
            let known = head.iter().position(|c| c.text == column.text && c.quoted == column.quoted);
            let index = known.unwrap_or(head.len());
            if known.is_none() {
                head.push(column);
            }
            if let Some(cell) = cell(entry.value) {
                row.insert(index, cell);
            } else {
                shape::wrong(entry.value, &entry.name.value, "een waarde", TABLE_HELP, sink);
                whole = false;
            }
        }
        found.push((row, item.site()));
    }
    if head.is_empty() {
        if whole {
            let message = format!("de lijst van `{what}` heeft geen rijen met waarden");
            sink.push(Diagnostic::error(shape::SHAPE, message).at(node.site()).help(TABLE_HELP));
        }
        return (None, false);
    }
    let rows = found.into_iter().map(|(mut row, span)| {
        let cells = (0..head.len()).map(|index| row.remove(&index)).collect();
        CellRow { cells, span }
    });
    let rows = rows.collect();
    (Some(CellTable { head, rows, span: node.site() }), whole)
}

/// A key as the head of a column. `shape` has taken back-ticks off.
fn head_cell(entry: &Entry<'_>) -> Cell {
    let place = entry.name.span;
    let fragment =
        Fragment::mapped(place.source, entry.name.value.clone(), vec![(0, place.start as usize)], place.end as usize);
    Cell { text: entry.name.value.clone(), quoted: entry.ticked, fragment, span: place }
}

/// A value as a cell; nothing for a list or a block.
fn cell(node: &Node) -> Option<Cell> {
    let scalar = node.scalar()?;
    let fragment = scalar.fragment.trimmed();
    let (quoted, text) = match scalar.style {
        Style::Plain => (false, fragment.text.clone()),
        _ => (true, scalar.fragment.text.clone()),
    };
    Some(Cell { text, quoted, fragment, span: node.span })
}
