//! KPIs: their clauses gathered, the six answers resolved one by one, and the order in which KPIs need each other.

use std::collections::BTreeMap;

use crate::calendar::Shift;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::kpi::{Confidence, Details, Method, Settles, Shield};
use crate::model::{
    Calculation, CalendarId, Formula, FormulaKind, Kpi, KpiId, Model, Norms, RowExpr, SourceUse, Table, Type, Unit,
};
use crate::source::Span;
use crate::syntax::ast::{self, Clause, ClauseBody, ClauseWord, Expr, ExprKind, MethodWay, NormItem};

use super::formula::{Formulas, Kpis};
use super::names::{KpiEntry, Names};
use super::norm::no_reason;
use super::scope::{Log, World};
use super::source_use::{self, Sources, TableIds};
use super::{calendar, details, dimension, literal, norm, order, weight};

/// Resolves all KPIs; those with mistakes are left out.
/// The groups of calculations in two levels go to `groups`: tables behind those of the model.
pub(super) fn resolve(
    world: World<'_>,
    names: &Names<'_>,
    ids: &TableIds<'_>,
    groups: &mut Vec<Table>,
    sink: &mut Sink,
) -> Vec<Kpi> {
    let entries: Vec<(&str, &KpiEntry<'_>)> =
        names.kpis.iter().flat_map(|(name, versions)| versions.iter().map(|entry| (*name, entry))).collect();
    let mut numbers: BTreeMap<&str, Vec<KpiId>> = BTreeMap::new();
    for (i, (name, _)) in entries.iter().enumerate() {
        numbers.entry(name).or_default().push(KpiId(i));
    }
    let clauses: Vec<BTreeMap<ClauseWord, &Clause>> = entries.iter().map(|(_, entry)| gather(entry, sink)).collect();
    let edges: Vec<Vec<usize>> = clauses
        .iter()
        .map(|clauses| {
            let mut needs = Vec::new();
            if let Some(ClauseBody::Calculation(calculation)) = clauses.get(&ClauseWord::Calculation).map(|c| &c.body) {
                references(&calculation.expr, &mut |name| {
                    needs.extend(numbers.get(name).into_iter().flatten().map(|id| id.0));
                });
            }
            needs
        })
        .collect();
    let mut done: Vec<Option<Kpi>> = vec![None; entries.len()];
    for group in order::components(&edges) {
        if let Some(circle) = order::circle(&edges, &group) {
            report_circle(&entries, &clauses, &circle, sink);
            continue;
        }
        for at in group {
            let (name, entry) = entries[at];
            let mut log = Log::new(sink);
            let kpis = Kpis { ids: &numbers, done: &done };
            let named = named_calendar(&clauses[at], world.model, &mut log);
            let world = World { calendar: named.or(world.calendar), ..world };
            let build = Build { calendar: named, world, names, ids, kpis, clauses: &clauses[at], name, entry };
            let kpi = build.kpi(KpiId(at), groups, &mut log);
            if !log.broken {
                done[at] = kpi;
            }
        }
    }
    for ids in numbers.values() {
        one_unit(ids, &done, sink);
    }
    renumber(done)
}

/// The calendar that a meetmethode names. An unknown one is reported; the KPI is left out then, so any will do.
fn named_calendar(clauses: &BTreeMap<ClauseWord, &Clause>, model: &Model, log: &mut Log<'_>) -> Option<CalendarId> {
    let Some(ClauseBody::Method(method)) = clauses.get(&ClauseWord::Method).map(|c| &c.body) else { return None };
    let found = calendar::find(model, method.calendar.as_ref()?, log.sink);
    if found.is_none() {
        log.poison();
    }
    Some(found.unwrap_or(CalendarId(0)))
}

/// The versions of one definition give one series, so they have one unit.
fn one_unit(ids: &[KpiId], done: &[Option<Kpi>], sink: &mut Sink) {
    let mut measured = ids.iter().filter_map(|id| done.get(id.0)?.as_ref()).filter(|k| k.formula().is_some());
    let Some(first) = measured.next() else { return };
    for kpi in measured.filter(|k| k.unit != first.unit) {
        let message = format!("deze versie van `{}` is in `{}`, de eerste in `{}`", kpi.name, kpi.unit, first.unit);
        sink.push(
            Diagnostic::error("ML143", message)
                .at(kpi.calculation_span)
                .also(first.calculation_span, "de eerste versie")
                .help("wat een andere eenheid heeft, is een andere kpi: geef haar een eigen naam"),
        );
    }
}

/// Leaves out the empty places and numbers the rest anew.
fn renumber(done: Vec<Option<Kpi>>) -> Vec<Kpi> {
    let mut next = 0;
    let places: Vec<usize> = done
        .iter()
        .map(|kpi| {
            next += usize::from(kpi.is_some());
            next.saturating_sub(1)
        })
        .collect();
    let mut kpis: Vec<Kpi> = done.into_iter().flatten().collect();
    for (at, kpi) in kpis.iter_mut().enumerate() {
        kpi.id = KpiId(at);
        if let Calculation::Formula(formula) = &mut kpi.calculation {
            renumber_formula(formula, &places);
        }
    }
    kpis
}

fn renumber_formula(formula: &mut Formula, places: &[usize]) {
    match &mut formula.kind {
        FormulaKind::Kpi(id) => id.0 = places[id.0],
        FormulaKind::Number(_) | FormulaKind::Aggregate(_) => {}
        FormulaKind::Negate(x)
        | FormulaKind::Over(x, _)
        | FormulaKind::Index(x, _)
        | FormulaKind::Yearly(x)
        | FormulaKind::Portion(x) => {
            renumber_formula(x, places);
        }
        FormulaKind::Binary(_, a, b) | FormulaKind::Per(a, _, b) | FormulaKind::Share(a, b) => {
            renumber_formula(a, places);
            renumber_formula(b, places);
        }
    }
}

/// The clauses by word, with the adjustments put over them.
fn gather<'a>(entry: &KpiEntry<'a>, sink: &mut Sink) -> BTreeMap<ClauseWord, &'a Clause> {
    let mut clauses: BTreeMap<ClauseWord, &Clause> = BTreeMap::new();
    take(&mut clauses, &entry.def.clauses, sink);
    let mut adjusted: BTreeMap<ClauseWord, &Clause> = BTreeMap::new();
    for adjustment in &entry.adjustments {
        take(&mut adjusted, &adjustment.clauses, sink);
    }
    clauses.extend(adjusted);
    clauses
}

fn take<'a>(clauses: &mut BTreeMap<ClauseWord, &'a Clause>, list: &'a [Clause], sink: &mut Sink) {
    for clause in list {
        let word = clause.word.value;
        if let Some(first) = clauses.get(&word) {
            sink.push(
                Diagnostic::error("ML111", format!("`{}` is al beantwoord", word.word()))
                    .at(clause.word.span)
                    .also(first.word.span, "het eerste antwoord")
                    .help("laat een van beide weg"),
            );
        } else {
            clauses.insert(word, clause);
        }
    }
}

/// The names of the KPIs that a calculation refers to.
fn references(expr: &Expr, visit: &mut impl FnMut(&str)) {
    match &expr.kind {
        ExprKind::Call { name, args } => {
            for arg in args {
                let ast::Arg::Value { expr, of, .. } = arg else { continue };
                match &expr.kind {
                    ExprKind::Path(path) if name.value == "kpi" => visit(&path.text()),
                    _ => references(expr, visit),
                }
                if let Some(of) = of {
                    references(of, visit);
                }
            }
        }
        ExprKind::Negate(x) => references(x, visit),
        ExprKind::Arithmetic(a, _, b) => {
            references(a, visit);
            references(b, visit);
        }
        ExprKind::Per { value, base, .. } => {
            references(value, visit);
            if let Some(base) = base {
                references(base, visit);
            }
        }
        _ => {}
    }
}

fn report_circle(
    entries: &[(&str, &KpiEntry<'_>)],
    clauses: &[BTreeMap<ClauseWord, &Clause>],
    circle: &[usize],
    sink: &mut Sink,
) {
    let place = |i: usize| clauses[i].get(&ClauseWord::Calculation).map_or(entries[i].1.def.name.span, |c| c.span);
    let Some(&first) = circle.first() else { return };
    let words: Vec<_> = circle.iter().chain(circle.first()).map(|&i| format!("`{}`", entries[i].0)).collect();
    let message = if circle.len() == 1 {
        format!("kpi `{}` rekent met zichzelf", entries[first].0)
    } else {
        format!("kpi's rekenen in een kring met elkaar: {}", words.join(" → "))
    };
    let mut diagnostic = Diagnostic::error("ML109", message).at(place(first));
    for &i in circle.iter().skip(1) {
        diagnostic = diagnostic.also(place(i), "hoort bij de kring");
    }
    sink.push(diagnostic.help("haal één van de verwijzingen weg, of reken daar met de bron zelf"));
}

/// Everything that one KPI is built from.
struct Build<'a> {
    world: World<'a>,
    names: &'a Names<'a>,
    ids: &'a TableIds<'a>,
    kpis: Kpis<'a>,
    clauses: &'a BTreeMap<ClauseWord, &'a Clause>,
    name: &'a str,
    entry: &'a KpiEntry<'a>,
    /// The calendar that its meetmethode names.
    calendar: Option<CalendarId>,
}

impl Build<'_> {
    fn kpi(&self, id: KpiId, groups: &mut Vec<Table>, log: &mut Log<'_>) -> Option<Kpi> {
        let def = self.entry.def;
        for word in ClauseWord::SIX {
            match self.clauses.get(&word) {
                None => log.error(self.missing(word)),
                Some(clause) if clause.body == ClauseBody::Broken => log.poison(),
                Some(_) => {}
            }
        }
        let definition = self.definition(log);
        let method_def = match self.body(ClauseWord::Method) {
            Some(ClauseBody::Method(method)) => Some(method.as_ref()),
            _ => None,
        };
        let (mut sources, no_source) = self.sources(log);
        let axes = if self.source_unread() {
            log.poison();
            Vec::new()
        } else {
            source_use::axes(self.world, &sources.uses, method_def.map_or(&[], |m| &m.axes), log)
        };
        sources.see(&axes);
        let weights = weight::resolve(self.world, &sources.uses, method_def.and_then(|m| m.weight.as_deref()), log);
        let calculation = self.calculation(&sources, &axes, &weights, no_source, groups, log);
        let formula = match &calculation {
            Some(Calculation::Formula(formula)) => Some(formula),
            _ => None,
        };
        let mut method = self.method(method_def, formula, log);
        if let Some(said) = method_def.and_then(|m| m.observations.as_deref()) {
            method.observations = weight::observations(self.world, &sources.uses, &axes, said, log);
        }
        let sources = self.finish_sources(sources, axes, weights, formula, log);
        let parts: Vec<&Kpi> =
            formula.map(|f| f.kpis().iter().flat_map(|id| self.kpis.versions(*id)).collect()).unwrap_or_default();
        let dimensions = self.dimensions(&sources.0, &parts, calculation.is_some(), log);
        let norms = self.norms(calculation.as_ref(), &sources.0, &dimensions, log);
        let mut told = Details::default();
        for (word, clause) in self.clauses {
            told.places.insert(word.word(), clause.span);
            details::take(&mut told, *word, &clause.body, log);
        }
        let calculation = calculation?;
        let unit = match &calculation {
            Calculation::Formula(formula) => formula.unit,
            Calculation::NotMeasurable { .. } => self.stated_unit(),
        };
        Some(Kpi {
            id,
            name: self.name.to_owned(),
            validity: self.entry.validity,
            title: def.title.as_ref().map_or_else(|| self.name.to_owned(), |t| t.value.clone()),
            definition,
            calculation,
            sources: sources.1,
            method,
            dimensions,
            norms,
            unit,
            details: told,
            span: def.span,
            name_span: def.name.span,
            calculation_span: self.span(ClauseWord::Calculation),
            norm_span: self.span(ClauseWord::Norm),
            dimensions_span: self.span(ClauseWord::Dimensions),
        })
    }

    fn body(&self, word: ClauseWord) -> Option<&ClauseBody> {
        self.clauses.get(&word).map(|clause| &clause.body)
    }

    /// There is no `bronsysteem`, or it could not be read; either way that has been said.
    fn source_unread(&self) -> bool {
        matches!(self.body(ClauseWord::Source), None | Some(ClauseBody::Broken))
    }

    fn span(&self, word: ClauseWord) -> Span {
        self.clauses.get(&word).map_or(self.entry.def.name.span, |clause| clause.span)
    }

    /// One of the six questions without an answer.
    fn missing(&self, word: ClauseWord) -> Diagnostic {
        let (question, example) = match word {
            ClauseWord::Definition => ("wat is het precies?", "definitie \"Deel van de … dat …\""),
            ClauseWord::Calculation => ("hoe wordt het berekend?", "berekening percentage(…)"),
            ClauseWord::Source => ("uit welke bron komt het?", "bronsysteem acd.gesprek"),
            ClauseWord::Method => ("hoe en hoe vaak wordt het gemeten?", "meetmethode automatisch, per maand"),
            ClauseWord::Dimensions => ("waarnaar wordt het uitgesplitst?", "dimensies team"),
            _ => ("wanneer is het goed genoeg?", "norm >= 80%"),
        };
        let without = if word == ClauseWord::Definition {
            String::new()
        } else {
            format!(", of `{} geen \"reden\"`", word.word())
        };
        Diagnostic::error("ML110", format!("kpi `{}` heeft geen `{}`: {question}", self.name, word.word()))
            .at(self.entry.def.name.span)
            .help(format!("schrijf bijvoorbeeld `{example}`{without}"))
    }

    /// The reason of a `geen`; a missing one is reported.
    fn reason(&self, word: ClauseWord, reason: Option<&ast::Text>, log: &mut Log<'_>) -> String {
        if let Some(reason) = reason.filter(|r| !r.value.trim().is_empty()) {
            reason.value.clone()
        } else {
            log.error(no_reason(word.word(), self.span(word)));
            String::new()
        }
    }

    fn definition(&self, log: &mut Log<'_>) -> String {
        match self.body(ClauseWord::Definition) {
            Some(ClauseBody::Text(text)) if text.value.trim().is_empty() => {
                log.error(self.missing(ClauseWord::Definition).at(text.span));
                String::new()
            }
            Some(ClauseBody::Text(text)) => text.value.clone(),
            _ => String::new(),
        }
    }

    fn sources(&self, log: &mut Log<'_>) -> (Sources, Option<&'static str>) {
        match self.body(ClauseWord::Source) {
            Some(ClauseBody::Sources(refs)) => (source_use::resolve(self.world, self.names, self.ids, refs, log), None),
            Some(ClauseBody::Derived(_)) => (Sources::default(), Some("afgeleid")),
            Some(ClauseBody::None(reason)) => {
                self.reason(ClauseWord::Source, reason.as_ref(), log);
                (Sources::default(), Some("geen"))
            }
            _ => (Sources::default(), None),
        }
    }

    fn calculation(
        &self,
        sources: &Sources,
        axes: &[Option<crate::model::ColumnRef>],
        weights: &[Option<RowExpr>],
        no_source: Option<&'static str>,
        groups: &mut Vec<Table>,
        log: &mut Log<'_>,
    ) -> Option<Calculation> {
        let expr = match self.body(ClauseWord::Calculation)? {
            ClauseBody::Calculation(calculation) => &calculation.expr,
            ClauseBody::None(reason) => {
                let reason = self.reason(ClauseWord::Calculation, reason.as_ref(), log);
                return Some(Calculation::NotMeasurable { reason });
            }
            _ => return None,
        };
        let (uses, filters) = (&sources.uses, &sources.filters);
        let mut formulas =
            Formulas { world: self.world, uses, axes, filters, weights, kpis: self.kpis, no_source, groups, log };
        let formula = formulas.formula(expr)?;
        let mut measures = false;
        formula.walk(&mut |part| measures |= matches!(part.kind, FormulaKind::Aggregate(_) | FormulaKind::Kpi(_)));
        if !measures {
            log.error(
                Diagnostic::error("ML209", "deze berekening kijkt naar geen enkele rij en geen andere kpi")
                    .at(expr.span)
                    .help("gebruik een aggregatie, zoals `aantal()` of `gemiddelde(kolom)`"),
            );
            return None;
        }
        Some(Calculation::Formula(formula))
    }

    fn method(&self, said: Option<&ast::Method>, formula: Option<&Formula>, log: &mut Log<'_>) -> Method {
        let Some(said) = said else {
            if let Some(ClauseBody::None(reason)) = self.body(ClauseWord::Method) {
                self.reason(ClauseWord::Method, reason.as_ref(), log);
                if formula.is_some() {
                    log.error(
                        Diagnostic::error("ML118", "wie iets berekent, zegt ook per welke periode")
                            .at(self.span(ClauseWord::Method))
                            .help("schrijf bijvoorbeeld `meetmethode automatisch, per maand`"),
                    );
                }
            }
            return Method::default();
        };
        let mut lacking = |what: &str, help: &str| {
            log.error(
                Diagnostic::error("ML110", format!("de meetmethode van `{}` zegt niet {what}", self.name))
                    .at(said.span)
                    .help(help.to_owned()),
            );
        };
        if said.way.is_none() {
            lacking("hoe er gemeten wordt", "begin met `automatisch`, `enquête`, `steekproef` of `handmatig`");
        }
        if said.period.is_none() {
            lacking("per welke periode", "schrijf bijvoorbeeld `per maand`");
        }
        Method {
            way: said.way.as_ref().map(|way| match way.value {
                MethodWay::Automatic => "automatisch",
                MethodWay::Survey => "enquête",
                MethodWay::Sample => "steekproef",
                MethodWay::Manual => "handmatig",
            }),
            period: said.period.as_ref().map(|period| period.value),
            minimum: said.minimum.as_ref().map(|n| n.value),
            window: said.window.as_ref().map(|w| Shift::Past(w.value.count, w.value.unit)),
            settles: said.settles.as_ref().map(|s| Settles { count: s.value.count, unit: s.value.unit }),
            baselines: said.baselines.clone(),
            calendar: self.calendar,
            confidence: said
                .confidence
                .as_ref()
                .map(|c| Confidence { level: c.value.parse().unwrap_or(f64::NAN), span: c.span }),
            shield: said.shield.as_ref().map(|n| Shield { least: n.value, span: n.span }),
            observations: None,
        }
    }

    /// The source uses with their axes. A source that is only asked for its last known value has that value's axis.
    fn finish_sources(
        &self,
        sources: Sources,
        axes: Vec<Option<crate::model::ColumnRef>>,
        weights: Vec<Option<RowExpr>>,
        formula: Option<&Formula>,
        log: &mut Log<'_>,
    ) -> (Vec<super::scope::Use>, Vec<SourceUse>) {
        let mut found = Vec::new();
        let several = sources.uses.len() > 1;
        let parts = sources.uses.iter().zip(axes).zip(sources.filters).zip(weights).zip(&sources.spans).enumerate();
        for (index, ((((u, axis), filter), weight), &span)) in parts {
            let axis = axis.or_else(|| {
                let mut on = None;
                formula?.walk(&mut |part| {
                    if let FormulaKind::Aggregate(aggregate) = &part.kind
                        && aggregate.source == index
                        && on.is_none()
                    {
                        on.clone_from(&aggregate.on);
                    }
                });
                on
            });
            match (u.table, axis) {
                (Some(table), Some(axis)) => {
                    found.push(SourceUse { alias: u.alias.clone(), table, filter, axis, weight, span });
                }
                (None, _) => log.poison(),
                (Some(_), None) => match source_use::no_axis(self.world, u, several, span) {
                    Some(diagnostic) if !log.broken => log.error(diagnostic),
                    _ => log.poison(),
                },
            }
        }
        (sources.uses, found)
    }

    fn norms(
        &self,
        calculation: Option<&Calculation>,
        uses: &[super::scope::Use],
        dimensions: &[crate::model::Dimension],
        log: &mut Log<'_>,
    ) -> Norms {
        let Some(ClauseBody::Norm(items)) = self.body(ClauseWord::Norm) else { return Norms::default() };
        let formula = match calculation {
            Some(Calculation::Formula(formula)) => Some(formula),
            _ => None,
        };
        let unit = match calculation {
            None => None,
            Some(Calculation::Formula(formula)) => Some(formula.unit),
            Some(Calculation::NotMeasurable { .. }) => Some(self.stated_unit()),
        };
        let subject = norm::Subject { unit, formula, uses, dimensions };
        norm::resolve(self.world, subject, items, self.span(ClauseWord::Norm), log)
    }

    /// The unit of a KPI that is not measurable: that of its first norm value.
    fn stated_unit(&self) -> Unit {
        let plain = Unit::of(Type::Number);
        let Some(ClauseBody::Norm(items)) = self.body(ClauseWord::Norm) else { return plain };
        let first = first_value(items);
        match first.map(|value| &value.kind) {
            Some(ExprKind::Literal(value)) => literal::literal(value, self.entry.def.span, self.world.model.zone)
                .ok()
                .filter(|(_, ty)| ty.is_quantity())
                .map_or(plain, |(_, ty)| Unit::of(ty)),
            Some(ExprKind::Per { number, .. }) => Unit { ty: Type::Number, per: Some(number.value) },
            _ => plain,
        }
    }

    fn dimensions(
        &self,
        uses: &[super::scope::Use],
        parts: &[&Kpi],
        whole: bool,
        log: &mut Log<'_>,
    ) -> Vec<crate::model::Dimension> {
        match self.body(ClauseWord::Dimensions) {
            Some(ClauseBody::Dimensions(defs)) => {
                // Without sources the dimensions come from the calculation: no second message when that is broken.
                let broken = uses.is_empty() && (!whole || self.source_unread());
                let not_measurable = uses.is_empty() && parts.is_empty();
                if broken || not_measurable {
                    if broken {
                        log.poison();
                    }
                    return Vec::new();
                }
                dimension::resolve(self.world, uses, parts, defs, log)
            }
            Some(ClauseBody::None(reason)) => {
                self.reason(ClauseWord::Dimensions, reason.as_ref(), log);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}

/// The first value in a norm clause.
fn first_value(items: &[NormItem]) -> Option<&Expr> {
    items.iter().find_map(|item| match item {
        NormItem::Bound { test, .. } | NormItem::Target { test, .. } | NormItem::Guideline { test, .. } => {
            Some(match test {
                ast::Test::Compare(_, value) | ast::Test::Between(value, _) => value,
            })
        }
        NormItem::Benchmark { value, .. } => Some(value),
        NormItem::PerMember { entries, .. } => entries.iter().find_map(|entry| first_value(&entry.items)),
        NormItem::None { .. } | NormItem::Near { .. } => None,
    })
}

/// The sources of a resolved KPI, as names see them.
pub(super) fn uses_of(_model: &Model, kpi: &Kpi) -> Vec<super::scope::Use> {
    let seen =
        |s: &SourceUse| super::scope::Seen { axis: Some(s.axis.clone()), population: s.filter.clone(), span: s.span };
    let used = |s: &SourceUse| super::scope::Use { alias: s.alias.clone(), table: Some(s.table), seen: Some(seen(s)) };
    kpi.sources.iter().map(used).collect()
}
