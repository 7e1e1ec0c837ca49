//! What a definition is, as one hash: calculation, population, axes, dimensions, minimum and norm with everything they
//! use (computed columns, derived tables, other KPIs, parameters filled in). Titles, owners and notes do not count, and
//! neither does the notation, the file or the order.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::named::Named;
use super::table::Origin;
use super::{
    AggFunc, Aggregate, Calculation, ColumnKind, Formula, FormulaKind, Kpi, KpiId, Model, Norms, RowExpr, RowKind,
    SharedId, TableId, text,
};

/// Sixteen hexadecimal digits of the SHA-256 of the canonical definition, with the versions of other KPIs that hold on a
/// day.
#[must_use]
pub fn definition_hash(model: &Model, kpi: &Kpi, day: NaiveDate) -> String {
    if !model.named.is_empty() {
        // What a parameter is called is no part of a definition.
        return definition_hash(&Model { named: Named::default(), ..model.clone() }, kpi, day);
    }
    let mut canon = Canon {
        model,
        day,
        out: String::new(),
        columns: BTreeSet::new(),
        dated: BTreeSet::new(),
        kpis: BTreeSet::new(),
    };
    canon.kpi(kpi);
    canon.line(&format!("norm {:?}", norms(model, kpi, &kpi.norms)));
    for limit in &kpi.norms.data {
        if let Some(used) = kpi.sources.get(limit.source) {
            canon.expr("norm uit", used.table, Some(&limit.expr));
        }
    }
    if let Some(per) = &kpi.norms.per {
        let of = |norms: &Norms| self::norms(model, kpi, norms);
        let mut named: Vec<_> = per.named.iter().map(|(label, norms)| (label, of(norms))).collect();
        named.sort();
        canon.line(&format!("norm per {} {named:?} overig {:?}", per.dimension, per.rest.as_ref().map(of)));
    }
    short_hash(canon.out.as_bytes())
}

/// Sixteen hexadecimal digits of the SHA-256 of some bytes.
#[must_use]
pub fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The bounds without their places.
fn norms(model: &Model, kpi: &Kpi, norms: &Norms) -> Vec<String> {
    let bound = |b: &super::Bound| {
        let near = b.near.as_ref().map(|n| text::bound_of(model, kpi, n));
        format!("{} {:?} {:?} {near:?}", text::bound_of(model, kpi, &b.test), b.from, b.until)
    };
    norms.bounds.iter().map(bound).collect()
}

struct Canon<'a> {
    model: &'a Model,
    day: NaiveDate,
    out: String,
    columns: BTreeSet<(TableId, usize)>,
    dated: BTreeSet<(TableId, usize)>,
    kpis: BTreeSet<KpiId>,
}

impl Canon<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn kpi(&mut self, kpi: &Kpi) {
        if !self.kpis.insert(kpi.id) {
            return;
        }
        match &kpi.calculation {
            Calculation::NotMeasurable { .. } => self.line("berekening geen"),
            Calculation::Formula(formula) => {
                self.line(&format!("berekening {}", text::formula(self.model, kpi, formula)));
                self.formula(kpi, formula);
            }
        }
        for used in &kpi.sources {
            let table = self.model.table(used.table).full_name();
            let axis = &self.model.column(used.table, &used.axis).name;
            self.line(&format!("bron {table} als {} op {axis} {:?}", used.alias, used.axis.via));
            self.rows(used.table);
            if !matches!(self.model.column(used.table, &used.axis).kind, ColumnKind::Stored { .. }) {
                self.column(self.model.target(used.table, &used.axis.via), used.axis.column);
            }
            self.expr("waarbij", used.table, used.filter.as_ref());
            self.expr("weging", used.table, used.weight.as_ref());
        }
        if let Some(observations) = &kpi.method.observations {
            self.line(&format!("waarnemingen {}", text::aggregate(self.model, kpi, observations)));
            if let Some(used) = kpi.sources.get(observations.source) {
                self.aggregate(used.table, observations);
            }
        }
        for dimension in &kpi.dimensions {
            self.line(&format!("dimensie {}", dimension.name));
            if let Some((id, level)) = dimension.shared {
                self.shared(id, level);
            }
            for (used, expr) in kpi.sources.iter().zip(&dimension.exprs) {
                self.expr("is", used.table, expr.as_ref());
            }
        }
        self.line(&format!("per {:?} minimaal {:?}", kpi.method.period, kpi.method.minimum));
        if let Some(window) = kpi.method.window {
            self.line(&text::window(window));
        }
        if let Some(settles) = kpi.method.settles {
            self.line(&format!("definitief na {}", text::units(settles.count, settles.unit)));
        }
        if let Some(confidence) = kpi.method.confidence {
            self.line(&format!("betrouwbaarheid {:?}", confidence.level));
        }
        if let Some(shield) = kpi.method.shield {
            self.line(&format!("afschermen {}", shield.least));
        }
    }

    /// Which text is which member; not in which order reports show them.
    fn shared(&mut self, id: SharedId, level: super::Level) {
        let dimension = self.model.dimension(id);
        let mut spelled: Vec<(String, &str)> = Vec::new();
        for (at, member) in dimension.members.iter().enumerate() {
            let label = dimension.label(at, level);
            let texts = [&member.name].into_iter().chain(&member.spellings);
            spelled.extend(texts.map(|t| (super::dimension::fold(t), label)));
        }
        spelled.sort();
        self.line(&format!("leden van {} {level:?} {spelled:?}", dimension.name));
    }

    fn formula(&mut self, kpi: &Kpi, formula: &Formula) {
        match &formula.kind {
            FormulaKind::Number(_) => {}
            FormulaKind::Negate(x)
            | FormulaKind::Over(x, _)
            | FormulaKind::Index(x, _)
            | FormulaKind::Yearly(x)
            | FormulaKind::Portion(x) => {
                self.formula(kpi, x);
            }
            FormulaKind::Binary(_, a, b) | FormulaKind::Per(a, _, b) | FormulaKind::Share(a, b) => {
                self.formula(kpi, a);
                self.formula(kpi, b);
            }
            FormulaKind::Kpi(id) => {
                self.line(&format!("kpi {}", self.model.kpi(*id).name));
                if let Some(other) = self.model.version_on(*id, self.day) {
                    self.kpi(other);
                }
            }
            FormulaKind::Aggregate(a) => {
                if let Some(used) = kpi.sources.get(a.source) {
                    self.aggregate(used.table, a);
                    if let Some(on) = a.on.as_ref().filter(|_| a.func == AggFunc::Stock) {
                        let ty = self.model.column(used.table, on).ty;
                        self.reached(used.table, &RowExpr { kind: RowKind::Column(on.clone()), ty, span: a.span });
                    }
                }
            }
        }
    }

    /// Adds the columns that an aggregate over `source` reads; its own text stands in the formula.
    fn aggregate(&mut self, source: TableId, a: &Aggregate) {
        a.arg.iter().chain(&a.filter).for_each(|e| self.reached(a.table(source), e));
        if let Some(groups) = &a.per {
            groups.keys.iter().chain(&groups.rows).for_each(|e| self.reached(source, e));
        }
    }

    fn expr(&mut self, word: &str, table: TableId, expr: Option<&RowExpr>) {
        if let Some(expr) = expr {
            self.line(&format!("{word} {}", text::expr(self.model, table, expr)));
            self.reached(table, expr);
        }
    }

    /// Adds the columns that an expression reads, with how they come about.
    fn reached(&mut self, table: TableId, expr: &RowExpr) {
        let model = self.model;
        let mut found = BTreeSet::new();
        let mut calendars = BTreeSet::new();
        let mut dated = BTreeSet::new();
        expr.walk(&mut |part| {
            if let RowKind::Function(function, _) = &part.kind {
                calendars.extend(function.calendar());
            }
            if let RowKind::Column(reference) = &part.kind {
                for end in 0..reference.via.len() {
                    let here = model.target(table, &reference.via[..end]);
                    found.insert((here, reference.via[end]));
                    dated.insert((here, reference.via[end]));
                }
                found.insert((model.target(table, &reference.via), reference.column));
            }
        });
        for id in calendars {
            self.line(&format!("kalender {:?}", model.calendar(id).rules));
        }
        for (table, column) in found {
            self.column(table, column);
        }
        for (table, column) in dated {
            self.dated(table, column);
        }
    }

    /// At which moment a relation looks, and when the rows that it looks at are valid.
    fn dated(&mut self, id: TableId, column: usize) {
        let model = self.model;
        let table = model.table(id);
        let Some(relation) = table.columns[column].relation else { return };
        let (Some(at), Some(valid)) = (relation.at, model.table(relation.table).valid) else { return };
        let target = model.table(relation.table);
        let name =
            |table: &super::Table, column: usize| format!("{}.{}", table.full_name(), table.columns[column].name);
        let (from, until) = (name(target, valid.from), name(target, valid.until));
        let line =
            format!("{} geldig op {} van {from} tot {until} {}", name(table, column), name(table, at), valid.inclusive);
        if self.dated.insert((id, column)) {
            self.line(&line);
            self.column(id, at);
            self.column(relation.table, valid.from);
            self.column(relation.table, valid.until);
        }
    }

    /// Which rows a derived or united table has.
    fn rows(&mut self, id: TableId) {
        let model = self.model;
        let table = model.table(id);
        if matches!(table.origin, Origin::Stored | Origin::Groups { .. }) || !self.columns.insert((id, usize::MAX)) {
            return;
        }
        match &table.origin {
            Origin::Derived { base, filter } => {
                self.line(&format!("uit {}", model.table(*base).full_name()));
                self.rows(*base);
                self.expr("waarbij", *base, filter.as_ref());
                for &key in &table.key {
                    self.column(id, key);
                }
            }
            Origin::United { parts } => {
                let names: Vec<String> = parts.iter().map(|&part| model.table(part).full_name()).collect();
                self.line(&format!("verenigt {}", names.join(", ")));
                for &part in parts {
                    self.rows(part);
                }
            }
            Origin::Stored | Origin::Groups { .. } => {}
        }
    }

    fn column(&mut self, id: TableId, index: usize) {
        if !self.columns.insert((id, index)) {
            return;
        }
        let model = self.model;
        let table = model.table(id);
        let column = &table.columns[index];
        self.line(&format!("kolom {}.{} {:?} {}", table.full_name(), column.name, column.ty, column.nullable));
        match &column.kind {
            ColumnKind::Stored { unit, .. } => self.line(&format!("opgeslagen {unit:?}")),
            ColumnKind::Computed(expr) => self.expr("=", id, Some(expr)),
            ColumnKind::Key(base) => {
                if let Origin::Derived { base: from, .. } = table.origin {
                    self.column(from, *base);
                }
            }
            ColumnKind::United(list) => {
                self.rows(id);
                if let Origin::United { parts } = &table.origin {
                    list.iter().zip(parts).for_each(|(expr, &part)| self.expr("deel", part, Some(expr)));
                }
            }
            ColumnKind::Counted(count) => {
                let other = model.table(count.table);
                let via = &other.columns[count.via].name;
                self.line(&format!("aantal {} via {via}", other.full_name()));
                self.rows(count.table);
                self.column(count.table, count.via);
                self.expr("waarbij", count.table, count.filter.as_ref());
            }
            ColumnKind::Aggregated(a) => {
                if let Origin::Groups { base } = &table.origin {
                    self.aggregate(*base, a);
                }
                if let Origin::Derived { base, filter } = &table.origin {
                    self.line(&format!("uit {} {}", model.table(*base).full_name(), a.func.word()));
                    self.rows(*base);
                    self.expr("waarbij", *base, filter.as_ref());
                    self.expr("over", *base, a.arg.as_ref());
                    self.expr("van", *base, a.filter.as_ref());
                }
            }
        }
    }
}
