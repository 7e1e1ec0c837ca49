//! A KPI in plain Dutch: its six answers, what it depends on, and who it is for.

use chrono::NaiveDate;

use crate::measure::touched;
use crate::model::expr::{Direction, Repeats, Window};
use crate::model::named::in_base;
use crate::model::norm::{Reference, ReferenceKind};
use crate::model::sampling::{Sampled, sampled};
use crate::model::table::Origin;
use crate::model::{
    AggFunc, Aggregate, Bound, BoundTest, Calculation, ColumnKind, Dimension, EmptyRule, Formula, FormulaKind, Kpi,
    Level, Model, Norms, RowExpr, RowKind, SharedDimension, SourceUse, TableId, Validity, Value, text,
};
use crate::report::{number, working_days};

mod column;
mod dated;
mod over_time;

/// The text; `place` is where the definition stands. Parameters are named where the model knows their places
/// ([`crate::model::named::Named::of`]).
#[must_use]
pub fn kpi(model: &Model, kpi: &Kpi, place: Option<&str>) -> String {
    let mut out = format!("{} ({})\n", kpi.title, kpi.name);
    if let Some(place) = place {
        out.push_str(&format!("staat in {place}\n"));
    }
    if let Some(line) = validity_line(model, kpi) {
        out.push_str(&format!("{line}\n"));
    }
    for (question, lines) in answers(model, kpi) {
        out.push_str(&format!("\n{question}\n"));
        for line in lines {
            out.push_str(&format!("    {line}\n"));
        }
    }
    out
}

/// The questions about a KPI with their answers, line by line; without those that have no answer.
#[must_use]
pub fn answers(model: &Model, kpi: &Kpi) -> Vec<(&'static str, Vec<String>)> {
    let answers = [
        ("Wat is het?", vec![kpi.definition.clone()]),
        ("Hoe wordt het berekend?", calculation(model, kpi)),
        ("Uit welke bron?", sources(model, kpi)),
        ("Hoe wordt het gemeten?", method(model, kpi)),
        ("Waarnaar uitgesplitst?", dimensions(model, kpi)),
        ("Wat is de norm?", norms(model, kpi)),
        ("Van wie en waarvoor?", details(model, kpi)),
    ];
    answers.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
}

/// When the definition holds, if it is dated.
#[must_use]
pub fn validity_line(model: &Model, kpi: &Kpi) -> Option<String> {
    kpi.validity.map(|validity| version(model, kpi, validity))
}

/// `versie 2 van 3: geldt vanaf 2026-01-01 tot 2027-01-01`
fn version(model: &Model, kpi: &Kpi, validity: Validity) -> String {
    let days = [validity.from.map(|d| format!(" vanaf {d}")), validity.until.map(|d| format!(" tot {d}"))];
    let days: String = days.into_iter().flatten().collect();
    let versions: Vec<_> = model.versions(&kpi.name).collect();
    match versions.iter().position(|k| k.id == kpi.id) {
        Some(index) if versions.len() > 1 => format!("versie {} van {}: geldt{days}", index + 1, versions.len()),
        _ => format!("geldt{days}"),
    }
}

fn calculation(model: &Model, kpi: &Kpi) -> Vec<String> {
    match &kpi.calculation {
        Calculation::NotMeasurable { reason } => vec![format!("Niet meetbaar: {reason}")],
        Calculation::Formula(formula) => {
            let mut lines = vec![text::formula(model, kpi, formula), format!("Eenheid: {}", kpi.unit)];
            parts(model, kpi, formula, &mut lines);
            lines.extend(working_days::lines(model, kpi));
            lines
        }
    }
}

/// What a reader must know of the aggregates in a formula.
fn parts(model: &Model, kpi: &Kpi, formula: &Formula, lines: &mut Vec<String>) {
    match &formula.kind {
        FormulaKind::Number(_) => {}
        FormulaKind::Negate(x) => parts(model, kpi, x, lines),
        FormulaKind::Over(x, shift) => {
            push(lines, over_time::shift(shift.value));
            parts(model, kpi, x, lines);
        }
        FormulaKind::Index(x, base) => {
            push(lines, format!("index: wat het in {} was, is 100.", base.value));
            parts(model, kpi, x, lines);
        }
        FormulaKind::Yearly(x) => {
            let line = "op_jaarbasis: maal de dagen in het jaar, gedeeld door de dagen in de periode.";
            push(lines, line.to_owned());
            parts(model, kpi, x, lines);
        }
        FormulaKind::Portion(x) => {
            push(
                lines,
                "Het deel dat een lid heeft in het totaal van alle leden samen; in het totaal zelf is dat 100%."
                    .to_owned(),
            );
            parts(model, kpi, x, lines);
        }
        FormulaKind::Binary(_, a, b) | FormulaKind::Per(a, _, b) | FormulaKind::Share(a, b) => {
            parts(model, kpi, a, lines);
            parts(model, kpi, b, lines);
        }
        FormulaKind::Kpi(id) => {
            let other = model.kpi(*id);
            push(lines, format!("{} is de KPI “{}”, opnieuw berekend over dezelfde periode.", other.name, other.title));
        }
        FormulaKind::Aggregate(a) => {
            for line in two_levels(model, kpi, a) {
                push(lines, line);
            }
            if let Some(line) = empty_rule(a) {
                push(lines, line.to_owned());
            }
            for line in computed(model, kpi, a) {
                push(lines, line);
            }
            for line in looking(model, kpi, a) {
                push(lines, line);
            }
        }
    }
}

fn push(lines: &mut Vec<String>, line: String) {
    if !lines.contains(&line) {
        lines.push(line);
    }
}

/// What the groups of an aggregate in two levels are.
fn two_levels(model: &Model, kpi: &Kpi, a: &Aggregate) -> Vec<String> {
    if a.per.is_none() {
        return Vec::new();
    }
    let keys = text::group_keys(model, kpi, a);
    let keys = keys.trim_start();
    let mut lines = vec![format!(
        "Eerst worden de rijen van een periode (en van een lid van de dimensie) samengenomen {keys}, daarna de groepen; een rij zonder sleutel telt nergens mee."
    )];
    if let AggFunc::TopShare(p) = a.func {
        lines.push(format!(
            "Teller: de {p}% grootste groepen, naar boven afgerond op een hele groep; noemer: alle groepen samen."
        ));
    }
    lines
}

fn empty_rule(a: &Aggregate) -> Option<&'static str> {
    Some(match a.empty? {
        EmptyRule::No => "Waar het antwoord leeg is, telt het als nee.",
        EmptyRule::Yes => "Waar het antwoord leeg is, telt het als ja.",
        EmptyRule::Skip => "Waar het antwoord leeg is, telt de rij niet mee.",
    })
}

/// The computed columns that an aggregate uses, with how they are calculated.
fn computed(model: &Model, kpi: &Kpi, a: &Aggregate) -> Vec<String> {
    let Some(used) = kpi.sources.get(a.source) else { return Vec::new() };
    let mut lines = Vec::new();
    over_rows(model, a, &mut |expr| columns(model, used.table, expr, &mut lines));
    used.filter.iter().for_each(|expr| columns(model, used.table, expr, &mut lines));
    lines
}

/// The expressions of an aggregate that are over the rows of its source: in two levels those of its inner aggregates.
fn over_rows(model: &Model, a: &Aggregate, visit: &mut impl FnMut(&RowExpr)) {
    let Some(groups) = &a.per else {
        a.arg.iter().chain(&a.filter).for_each(visit);
        return;
    };
    groups.keys.iter().chain(&groups.rows).for_each(&mut *visit);
    for column in &model.table(groups.table).columns {
        if let ColumnKind::Aggregated(inner) = &column.kind {
            over_rows(model, inner, visit);
        }
    }
}

fn columns(model: &Model, of: TableId, expr: &RowExpr, lines: &mut Vec<String>) {
    expr.walk(&mut |part| {
        if let RowKind::Column(reference) = &part.kind
            && let Some(line) = column::line(model, of, reference)
        {
            push(lines, line);
        }
    });
}

/// What an aggregate sees of rows outside its period.
fn looking(model: &Model, kpi: &Kpi, a: &Aggregate) -> Vec<String> {
    let Some(used) = kpi.sources.get(a.source) else { return Vec::new() };
    let name = |column| text::column(model, used.table, column);
    let mut lines = Vec::new();
    if let (AggFunc::Stock, Some(from), Some(RowExpr { kind: RowKind::Column(until), .. })) = (a.func, &a.on, &a.arg) {
        let (from, until) = (name(from), name(until));
        lines.push(format!(
            "Een rij staat open vanaf {from} tot {until}; zolang {until} leeg is, blijft zij open. Geteld wordt de stand \
             op het einde van de periode, of op het peilmoment als dat eerder is; van perioden wordt niets opgeteld."
        ));
    }
    let dimensions = kpi.dimensions.iter().filter_map(|d| d.exprs.get(a.source)?.as_ref());
    let mut look = |expr: &RowExpr| {
        expr.walk(&mut |part| {
            if let RowKind::Repeats(repeats) = &part.kind {
                push(&mut lines, repeated(model, used, repeats));
            }
        });
    };
    dimensions.for_each(&mut look);
    over_rows(model, a, &mut look);
    lines
}

fn repeated(model: &Model, used: &SourceUse, repeats: &Repeats) -> String {
    let keys: Vec<String> = repeats.keys.iter().map(|key| text::expr(model, used.table, key)).collect();
    let (word, side) = match repeats.direction {
        Direction::Earlier => ("herhaald", "ervoor"),
        Direction::Later => ("vervolgd", "erna"),
    };
    let axis = text::expr(model, used.table, &repeats.axis);
    let population =
        repeats.population.as_ref().map_or(String::new(), |p| format!(" waarbij {}", text::expr(model, used.table, p)));
    let reach = match repeats.window {
        Window::Days(0) => format!("op dezelfde dag, {side}"),
        Window::Days(1) => format!("op dezelfde dag of de dag {side}"),
        Window::Days(n) => format!("op dezelfde dag of een van de {n} dagen {side}"),
        Window::Micros(_) => format!("niet meer dan {} {side}", text::reach(repeats.window)),
    };
    format!(
        "{word}: er is een rij van {}{population} met dezelfde {} ({axis}) {reach}, ook buiten de periode en de \
         uitsplitsing.",
        used.alias,
        keys.join(" en "),
    )
}

fn sources(model: &Model, kpi: &Kpi) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, used) in kpi.sources.iter().enumerate() {
        let table = model.table(used.table);
        let title = table.title.as_ref().map(|t| format!(": {t}")).unwrap_or_default();
        lines.push(format!("{}{title}", table.full_name()));
        if let Origin::Derived { base, .. } = &table.origin {
            lines.push(format!("    afgeleid van {}", model.table(*base).full_name()));
        }
        if let Origin::United { parts } = &table.origin {
            let names: Vec<String> = parts.iter().map(|&part| model.table(part).full_name()).collect();
            lines.push(format!("    alle rijen van {}", names.join(", en die van ")));
        }
        if let Some(filter) = &used.filter {
            lines.push(format!("    alleen de rijen waarbij {}", text::expr(model, used.table, filter)));
        }
        let more = dated::relations(model, kpi, index).into_iter().chain(dated::marks(model, used.table));
        lines.extend(more.map(|line| format!("    {line}")));
    }
    if lines.is_empty() && matches!(kpi.calculation, Calculation::Formula(_)) {
        lines.push("Afgeleid van andere KPI's.".to_owned());
    }
    lines
}

fn method(model: &Model, kpi: &Kpi) -> Vec<String> {
    let mut lines = Vec::new();
    let period = kpi.method.period.map(|p| format!("per {}", p.word()));
    let first: Vec<String> = kpi.method.way.map(str::to_owned).into_iter().chain(period).collect();
    if !first.is_empty() {
        lines.push(first.join(", "));
    }
    for used in &kpi.sources {
        let axis = &model.column(used.table, &used.axis).name;
        lines.push(format!("een rij van {} hoort bij de periode van {axis}", used.alias));
    }
    for used in &kpi.sources {
        if let Some(weight) = &used.weight {
            lines.push(format!("elke rij telt zo zwaar als {}", text::expr(model, used.table, weight)));
        }
    }
    lines.extend(kpi.method.window.map(over_time::window));
    if let Some(settles) = kpi.method.settles {
        let after = text::units(settles.count, settles.unit);
        lines.push(format!("voorlopig tot {after} na het eind van de periode, daarna definitief"));
    }
    let days: Vec<String> = kpi.method.baselines.iter().map(|day| day.value.to_string()).collect();
    if !days.is_empty() {
        lines.push(format!("wat normaal is, wordt opnieuw bepaald vanaf {}", days.join(" en vanaf ")));
    }
    if let Some(observations) = &kpi.method.observations {
        lines.push(format!("het aantal waarnemingen is {}", text::aggregate(model, kpi, observations)));
    }
    if let Some(n) = kpi.method.minimum {
        lines.push(format!("onder {} waarnemingen geen oordeel", number::count(n)));
    }
    if let Some(confidence) = kpi.method.confidence {
        let how = match sampled(model, kpi) {
            Ok(Sampled::Difference(..)) => "normaal interval met multinomiale variantie",
            _ => "interval van Wilson",
        };
        lines.push(format!("met een marge van {}% betrouwbaarheid ({how})", confidence.level));
    }
    lines.extend(shield(model, kpi));
    lines.extend(faults(model, kpi));
    lines
}

/// Who is hidden, and by what persons are told apart.
fn shield(model: &Model, kpi: &Kpi) -> Option<String> {
    let day = kpi.validity.and_then(|v| v.from).unwrap_or_default();
    let least = model.shield_on(kpi, day)?;
    let by = kpi.sources.iter().find_map(|used| {
        let column = model.table(used.table).columns.get(model.person(used.table)?)?;
        Some(format!("verschillende {}", column.name))
    });
    let whom = by.unwrap_or_else(|| "waarnemingen".to_owned());
    Some(format!("een uitkomst over minder dan {least} {whom} wordt afgeschermd"))
}

/// The known measuring faults that its results can touch.
fn faults(model: &Model, kpi: &Kpi) -> Vec<String> {
    let names: Vec<String> = kpi.dimensions.iter().map(|d| d.name.clone()).collect();
    let day = kpi.validity.and_then(|v| v.from).unwrap_or_default();
    let behind = touched::tables(model, kpi, &names, day);
    let hit = model.faults.iter().filter(|f| f.tables.iter().any(|t| behind.contains(t)));
    hit.map(|fault| {
        let days =
            [fault.validity.from.map(|d| format!(" vanaf {d}")), fault.validity.until.map(|d| format!(" tot {d}"))];
        let days: String = days.into_iter().flatten().collect();
        let direction = fault.direction.map(|d| format!(", {}", d.words())).unwrap_or_default();
        format!("onbetrouwbaar{days}: {}{direction}", fault.reason)
    })
    .collect()
}

fn dimensions(model: &Model, kpi: &Kpi) -> Vec<String> {
    let mut lines = Vec::new();
    for d in &kpi.dimensions {
        if let Some((id, level)) = d.shared {
            shared(model, kpi, d, (model.dimension(id), level), &mut lines);
            continue;
        }
        let exprs: Vec<String> = kpi
            .sources
            .iter()
            .zip(&d.exprs)
            .filter_map(|(used, expr)| Some(text::expr(model, used.table, expr.as_ref()?)))
            .filter(|t| *t != d.name)
            .collect();
        lines.push(if exprs.is_empty() { d.name.clone() } else { format!("{} ({})", d.name, exprs.join("; ")) });
    }
    lines
}

/// A shared dimension: its members or groups, and where each source has them.
fn shared(
    model: &Model,
    kpi: &Kpi,
    d: &Dimension,
    (dimension, level): (&SharedDimension, Level),
    lines: &mut Vec<String>,
) {
    let of_group = |label: &str| {
        let group = dimension.groups.iter().find(|g| level == Level::Group && g.name == label)?;
        let members: Vec<&str> = group.members.iter().map(|m| dimension.label(*m, Level::Member)).collect();
        Some(format!("{label} ({})", members.join(", ")))
    };
    let labels: Vec<String> =
        dimension.labels(level).into_iter().map(|label| of_group(label).unwrap_or_else(|| label.to_owned())).collect();
    lines.push(format!("{}: {}", d.name, labels.join(", ")));
    for (used, expr) in kpi.sources.iter().zip(&d.exprs) {
        let Some(RowKind::Member(_, _, spelling)) = expr.as_ref().map(|e| &e.kind) else { continue };
        lines.push(match &spelling.kind {
            RowKind::Constant(Value::Text(text)) => {
                let member = dimension.member_spelled(text).map_or(text.as_str(), |at| dimension.label(at, level));
                format!("    elke rij van {} hoort bij {member}", used.alias)
            }
            _ => format!("    in {} volgens {}", used.alias, text::expr(model, used.table, spelling)),
        });
    }
}

fn norms(model: &Model, kpi: &Kpi) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(per) = &kpi.norms.per {
        lines.push(format!("per lid van {}:", per.dimension));
        for (label, norms) in &per.named {
            member_norm(model, kpi, label, norms, &mut lines);
        }
        match &per.rest {
            Some(rest) => member_norm(model, kpi, "elk ander lid", rest, &mut lines),
            None => lines.push("    elk ander lid: geen norm".to_owned()),
        }
        let total = Norms { references: per.total_references.clone(), per: None, ..kpi.norms.clone() };
        member_norm(model, kpi, "het totaal", &total, &mut lines);
    } else {
        lines.extend(kpi.norms.bounds.iter().map(|b| bound(model, kpi, b)));
        if let Some(reason) = &kpi.norms.none {
            lines.push(format!("geen norm: {reason}"));
        }
    }
    if !kpi.norms.data.is_empty() {
        lines.push(
            "De norm staat in de gegevens: een uitkomst krijgt een oordeel als al haar rijen dezelfde waarde hebben."
                .to_owned(),
        );
    }
    lines.extend(kpi.norms.references.iter().map(|r| reference(model, kpi, r)));
    lines
}

/// `    telefoon: >= 80% vanaf 2026-01-01`
fn member_norm(model: &Model, kpi: &Kpi, label: &str, norms: &Norms, lines: &mut Vec<String>) {
    let mut own: Vec<String> = norms.bounds.iter().map(|b| bound(model, kpi, b)).collect();
    if own.is_empty() {
        own.push(norms.none.as_ref().map_or_else(|| "geen norm".to_owned(), |why| format!("geen norm: {why}")));
    }
    own.extend(norms.references.iter().map(|r| reference(model, kpi, r)));
    lines.push(format!("    {label}: {}", own.join("; ")));
}

fn reference(model: &Model, kpi: &Kpi, reference: &Reference) -> String {
    let inside = model.named.within(reference.span);
    let text = match &reference.kind {
        ReferenceKind::Target(test) => format!("streefnorm {}", named_test(model, kpi, test, &inside)),
        ReferenceKind::Guideline(test) => format!("richtlijn {}", named_test(model, kpi, test, &inside)),
        ReferenceKind::Benchmark { label, value, year, n } => {
            let year = year.map(|y| format!(" ({y})")).unwrap_or_default();
            let n = n.map(|n| format!(", n = {}", number::count(n))).unwrap_or_default();
            format!("benchmark {label}: {}{year}{n}", number::value(*value, &kpi.unit.to_string()))
        }
    };
    format!("{text}{}", validity(reference.from, reference.until))
}

fn bound(model: &Model, kpi: &Kpi, b: &Bound) -> String {
    let near = b.near.as_ref().map(|near| format!(" (bijna: {})", text::bound_of(model, kpi, near)));
    let test = named_test(model, kpi, &b.test, &model.named.within(b.span));
    format!("{test}{}{}", validity(b.from, b.until), near.unwrap_or_default())
}

/// `<= wachtnorm (30 s)`; of a sum `<= 35 s (met wachtnorm)`. `inside` are the parameters that are named in it.
fn named_test(model: &Model, kpi: &Kpi, test: &BoundTest, inside: &[usize]) -> String {
    let shown = |bound: f64| {
        let text = text::quantity(bound, &kpi.unit);
        let parameters = inside.iter().filter_map(|&at| model.parameters.get(at));
        let mut same = parameters.filter(|p| p.value.as_ref().and_then(|v| in_base(v, p.ty)) == Some(bound));
        same.next().map_or_else(|| model.beside(&text, inside), |p| format!("{} ({text})", text::name(&p.name)))
    };
    match test {
        BoundTest::Compare(op, bound) if !inside.is_empty() => format!("{} {}", op.sign(), shown(*bound)),
        BoundTest::Between(low, high) if !inside.is_empty() => format!("tussen {} en {}", shown(*low), shown(*high)),
        _ => text::bound_of(model, kpi, test),
    }
}

fn validity(from: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    let from = from.map(|d| format!(" vanaf {d}")).unwrap_or_default();
    let until = until.map(|d| format!(" tot {d}")).unwrap_or_default();
    format!("{from}{until}")
}

/// `Klantcontact (van Directeur Dienstverlening, voor het doel: Inwoners bereiken ons snel)`; the name alone where the
/// chain is not declared.
fn chain(model: &Model, name: &str) -> String {
    let Some(chain) = model.chains.iter().find(|c| c.name == name) else { return name.to_owned() };
    let titles = |name: &String| model.goals.iter().find(|g| g.name == *name).map(|g| g.title.clone());
    let goals: Vec<String> = chain.goals.iter().filter_map(titles).collect();
    let owner = chain.owner.as_ref().map(|o| format!("van {o}"));
    let word = if goals.len() == 1 { "het doel" } else { "de doelen" };
    let goals = (!goals.is_empty()).then(|| format!("voor {word}: {}", goals.join(", ")));
    let more: Vec<String> = owner.into_iter().chain(goals).collect();
    if more.is_empty() { chain.title.clone() } else { format!("{} ({})", chain.title, more.join(", ")) }
}

fn details(model: &Model, kpi: &Kpi) -> Vec<String> {
    let d = &kpi.details;
    let one = |word: &str, value: &Option<String>| value.as_ref().map(|v| format!("{word}: {v}"));
    let many = |word: &str, list: &[String]| (!list.is_empty()).then(|| format!("{word}: {}", list.join(", ")));
    let chains: Vec<String> = d.chain.iter().map(|name| chain(model, name)).collect();
    let forms: Vec<String> = d.visualisation.iter().map(|form| form.value.word().to_owned()).collect();
    let served: Vec<String> = d.contributes_to.iter().map(|name| name.value.clone()).collect();
    [
        one("eigenaar", &d.owner),
        many("klantketen", &chains),
        one("perspectief", &d.perspective),
        one("soort", &d.kpi_kind),
        one("aspect", &d.aspect),
        one("niveau", &d.level),
        many("draagt bij aan", &served),
        many("visualisatie", &forms),
        one("toelichting", &d.note),
    ]
    .into_iter()
    .flatten()
    .collect()
}
