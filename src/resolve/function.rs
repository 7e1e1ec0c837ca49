//! Calls inside row expressions: their names, numbers of arguments and types.

use crate::diagnostic::{Diagnostic, suggest};
use crate::model::expr::RowFunction;
use crate::model::{Aggregate, ColumnKind, ColumnRef, RowExpr, RowKind, Type, Value, text};
use crate::source::Span;
use crate::syntax::ast::{Arg, Expr, Name};

use super::aggregate::{self, AGGREGATES};
use super::expr::{Rows, as_type, unified};
use super::scope::{Grouped, Scope, suggested};
use super::{compare, echo, over_time, pointing, repeats};

/// The row functions, with their form as shown in help texts.
const FUNCTIONS: [(&str, &str); 17] = [
    ("als", "als(voorwaarde, dan, anders)"),
    ("eerste_gevuld", "eerste_gevuld(a, b, …)"),
    ("datum", "datum(tijdstip)"),
    ("uur", "uur(tijdstip)"),
    ("weekdag", "weekdag(tijdstip)"),
    ("week", "week(tijdstip)"),
    ("maand", "maand(tijdstip)"),
    ("kleinste", "kleinste(a, b, …)"),
    ("grootste", "grootste(a, b, …)"),
    ("afronden", "afronden(getal, decimalen)"),
    ("begint_met", "begint_met(tekst, \"…\")"),
    ("bevat", "bevat(tekst, \"…\")"),
    ("werkdagen", "werkdagen(begin, einde)"),
    ("werktijd", "werktijd(begin, einde)"),
    // Two forms: the help text puts the whole in back-ticks.
    ("tijdig", "tijdig(begin, einde, binnen 5 werkdagen)` of `tijdig(einde, uiterlijk termijn)"),
    ("herhaald", "herhaald(sleutel, binnen 7 dagen)"),
    ("vervolgd", "vervolgd(sleutel, binnen 7 dagen)"),
];

/// Functions of the language that this version does not have yet.
const LATER: [&str; 2] = ["ongeveer", "stand"];

/// What spreadsheets and databases call them.
const ELSEWHERE: [(&str, &str); 26] = [
    ("if", "als"),
    ("coalesce", "eerste_gevuld"),
    ("ifnull", "eerste_gevuld"),
    ("nvl", "eerste_gevuld"),
    ("min", "minimum"),
    ("max", "maximum"),
    ("avg", "gemiddelde"),
    ("gem", "gemiddelde"),
    ("average", "gemiddelde"),
    ("mean", "gemiddelde"),
    ("sum", "som"),
    ("count", "aantal"),
    ("tel", "aantal"),
    ("aantal_als", "aantal"),
    ("aantallen", "aantal"),
    ("median", "mediaan"),
    ("percentile", "percentiel"),
    ("round", "afronden"),
    ("afrond", "afronden"),
    ("distinct", "aantal_uniek"),
    ("uniek", "aantal_uniek"),
    ("last", "laatste"),
    ("hour", "uur"),
    ("month", "maand"),
    ("date", "datum"),
    ("dag", "datum"),
];

/// Whether a name is a row function.
pub(super) fn is_row_function(name: &str) -> bool {
    FUNCTIONS.iter().any(|(word, _)| *word == name)
}

/// A function of the language that cannot be calculated yet, and what can be done now.
fn later(word: &str) -> Diagnostic {
    let message = format!("`{word}(…)` kan deze versie van Meetlat nog niet berekenen");
    let diagnostic = Diagnostic::error("ML117", message);
    match word {
        "ongeveer" => diagnostic.help("laat `ongeveer` weg: de exacte uitkomst kan wel"),
        "stand" => diagnostic
            .help("hoeveel er open staat: `werkvoorraad(ontvangen, afgehandeld)`")
            .help("levert de bron de stand per dag, gebruik dan `laatste(kolom op peildatum)`"),
        _ => diagnostic,
    }
    .help("of laat de kpi nu zonder uitkomst: `berekening geen \"wacht op een volgende versie van Meetlat\"`")
}

/// A function name that means nothing (here): unknown, or not yet.
pub(super) fn unknown_function(name: &Name, also: &[&'static str]) -> Diagnostic {
    let word = name.value.as_str();
    if LATER.contains(&word) {
        return later(word).at(name.span);
    }
    let diagnostic = Diagnostic::error("ML106", format!("de functie `{word}` bestaat niet")).at(name.span);
    let lower = word.to_lowercase();
    if let Some((_, ours)) = ELSEWHERE.iter().find(|(theirs, _)| *theirs == lower) {
        return suggested(diagnostic, name.span, ours);
    }
    let names =
        || FUNCTIONS.iter().map(|(w, _)| *w).chain(AGGREGATES.iter().map(|(w, _)| *w)).chain(also.iter().copied());
    match suggest::nearest(word, names()) {
        Some(near) => suggested(diagnostic, name.span, near),
        None => diagnostic.help("`meetlat explain ML106` noemt alle functies"),
    }
}

impl Rows<'_, '_> {
    pub(super) fn call(&mut self, name: &Name, args: &[Arg], span: Span) -> RowExpr {
        if aggregate::is_aggregate(&name.value) || matches!(name.value.as_str(), "kpi" | "aandeel") {
            return self.aggregate_here(name, args, span);
        }
        if over_time::is_over_time(&name.value) {
            let word = &name.value;
            let diagnostic =
                Diagnostic::error("ML208", format!("`{word}(…)` gaat over een periode, niet over één rij"))
                    .at(span)
                    .help(format!(
                        "zet het om de aggregatie heen: `{}`",
                        over_time::form(word).replacen('x', "aantal()", 1)
                    ));
            return self.error(diagnostic, span);
        }
        if !is_row_function(&name.value) {
            return self.error(unknown_function(name, &[]), span);
        }
        if name.value == "tijdig" {
            return self.timely(name, args, span);
        }
        if let Some(direction) = repeats::direction(&name.value) {
            return self.repeats(direction, name, args, span);
        }
        let Some(args) = self.plain_arguments(name, args) else { return self.nothing(span) };
        if matches!(name.value.as_str(), "werkdagen" | "werktijd") {
            return self.working(name, &args, span);
        }
        self.function(name, &args, span)
    }

    /// The arguments without any of the additions that belong to aggregates.
    pub(super) fn plain_arguments<'e>(
        &mut self,
        name: &Name,
        args: impl IntoIterator<Item = &'e Arg>,
    ) -> Option<Vec<&'e Expr>> {
        let mut plain = Vec::new();
        for arg in args {
            let extra = match arg {
                Arg::Value { expr, on: None, of: None, filter: None, per: None, .. } => {
                    plain.push(expr);
                    continue;
                }
                Arg::Value { per: Some(per), .. } | Arg::Where { per: Some(per), .. } => ("per", per.span),
                Arg::Value { span, filter: Some(_), .. } | Arg::Where { span, .. } => ("waarbij", *span),
                Arg::Value { span, on: Some(_), .. } => ("op", *span),
                Arg::Value { span, .. } => ("van", *span),
                Arg::EmptyCounts { span, .. } => {
                    self.log.error(aggregate::misplaced_empty_rule(*span));
                    return None;
                }
                Arg::Pointing { .. } => {
                    self.log.error(pointing::misplaced(name, arg));
                    return None;
                }
                Arg::DueBy { span, .. } => ("uiterlijk", *span),
                Arg::Within { span, .. } => ("binnen", *span),
                Arg::Basis { span, .. } => ("basis", *span),
            };
            self.log.error(
                Diagnostic::error("ML206", format!("`{}` kan niet binnen `{}(…)`", extra.0, name.value)).at(extra.1),
            );
            return None;
        }
        Some(plain)
    }

    pub(super) fn wrong_count(&mut self, name: &Name, span: Span) -> RowExpr {
        let form = FUNCTIONS.iter().find(|(word, _)| *word == name.value).map_or("", |(_, form)| form);
        let diagnostic =
            Diagnostic::error("ML206", format!("`{}` krijgt niet het juiste aantal argumenten", name.value))
                .at(span)
                .help(format!("schrijf `{form}`"));
        self.error(diagnostic, span)
    }

    fn function(&mut self, name: &Name, args: &[&Expr], span: Span) -> RowExpr {
        let word = name.value.as_str();
        let function = match word {
            "als" => return self.choice(name, args, span),
            "eerste_gevuld" => {
                if args.is_empty() {
                    return self.wrong_count(name, span);
                }
                let Some((list, ty)) = self.same_type(name, args) else { return self.nothing(span) };
                return RowExpr { kind: RowKind::Coalesce(list), ty, span };
            }
            "datum" => RowFunction::DateOf,
            "uur" => RowFunction::HourOf,
            "weekdag" => RowFunction::WeekdayOf,
            "week" => RowFunction::WeekOf,
            "maand" => RowFunction::MonthOf,
            "kleinste" => RowFunction::Least,
            "grootste" => RowFunction::Greatest,
            "afronden" => RowFunction::Round,
            "begint_met" => RowFunction::StartsWith,
            _ => RowFunction::Contains,
        };
        match (function, args) {
            (RowFunction::Least | RowFunction::Greatest, [_, _, ..]) => self.extreme(name, function, args, span),
            (RowFunction::Round, [value, decimals]) => self.round(value, decimals, span),
            (RowFunction::StartsWith | RowFunction::Contains, [text, part]) => {
                let text = self.of_type(name, text, "een tekst", |ty| ty == Type::Text);
                let part = self.of_type(name, part, "een tekst", |ty| ty == Type::Text);
                let (Some(text), Some(part)) = (text, part) else { return self.nothing(span) };
                RowExpr { kind: RowKind::Function(function, vec![text, part]), ty: Type::Bool, span }
            }
            (
                RowFunction::DateOf
                | RowFunction::HourOf
                | RowFunction::WeekdayOf
                | RowFunction::WeekOf
                | RowFunction::MonthOf,
                [moment],
            ) => {
                let days = function != RowFunction::HourOf;
                let what = if days { "een tijdstip of datum" } else { "een tijdstip" };
                let fits = |ty| ty == Type::Moment || (days && ty == Type::Date);
                let Some(x) = self.of_type(name, moment, what, fits) else { return self.nothing(span) };
                let ty = if function == RowFunction::DateOf { Type::Date } else { Type::Integer };
                RowExpr { kind: RowKind::Function(function, vec![x]), ty, span }
            }
            _ => self.wrong_count(name, span),
        }
    }

    /// An argument of a type that fits; a wrong one is reported.
    fn of_type(&mut self, name: &Name, arg: &Expr, what: &str, fits: impl Fn(Type) -> bool) -> Option<RowExpr> {
        let x = self.expr(arg);
        self.fitting(name, arg, x, what, fits)
    }

    /// A resolved argument, where its type fits; a wrong one is reported.
    pub(super) fn fitting(
        &mut self,
        name: &Name,
        arg: &Expr,
        x: RowExpr,
        what: &str,
        fits: impl Fn(Type) -> bool,
    ) -> Option<RowExpr> {
        if x.ty == Type::Unknown {
            return None;
        }
        if fits(x.ty) {
            return Some(x);
        }
        let diagnostic = Diagnostic::error(
            "ML207",
            format!("`{}` vraagt {what}, maar {} is {}", name.value, echo::shown(arg), x.ty.phrase()),
        )
        .at(arg.span)
        .label(self.described(&x));
        self.log.error(diagnostic);
        None
    }

    /// Arguments of one common type.
    fn same_type(&mut self, name: &Name, args: &[&Expr]) -> Option<(Vec<RowExpr>, Type)> {
        let list: Vec<RowExpr> = args.iter().map(|arg| self.expr(arg)).collect();
        let mut ty = Type::Unknown;
        for (x, arg) in list.iter().zip(args) {
            if x.ty == Type::Unknown {
                return None;
            }
            let Some(common) = unified(ty, x.ty) else {
                let first = list.first().map_or(x, |first| first);
                let message = format!(
                    "`{}` krijgt {} en {}: dat is niet hetzelfde",
                    name.value,
                    first.ty.phrase(),
                    x.ty.phrase()
                );
                let mut diagnostic = Diagnostic::error("ML213", message)
                    .at(arg.span)
                    .label(self.described(x))
                    .also(first.span, self.described(first));
                let fixed = compare::bare_number(arg).and_then(|n| super::constant::with_unit(&n, first.ty));
                diagnostic = match fixed {
                    Some(fixed) => diagnostic.help(format!("schrijf `{fixed}`")).replace(arg.span, fixed),
                    None => diagnostic.help("geef waarden van dezelfde soort"),
                };
                self.log.error(diagnostic);
                return None;
            };
            ty = common;
        }
        Some((list.into_iter().map(|x| as_type(x, ty)).collect(), ty))
    }

    fn choice(&mut self, name: &Name, args: &[&Expr], span: Span) -> RowExpr {
        let [condition, yes, no] = args else { return self.wrong_count(name, span) };
        let condition = self.condition(condition);
        let Some((branches, ty)) = self.same_type(name, &[yes, no]) else { return self.nothing(span) };
        match (condition.ty, <[RowExpr; 2]>::try_from(branches)) {
            (Type::Bool, Ok([yes, no])) => {
                RowExpr { kind: RowKind::If(Box::new(condition), Box::new(yes), Box::new(no)), ty, span }
            }
            _ => self.nothing(span),
        }
    }

    fn extreme(&mut self, name: &Name, function: RowFunction, args: &[&Expr], span: Span) -> RowExpr {
        let Some((list, ty)) = self.same_type(name, args) else { return self.nothing(span) };
        if !ty.is_ordered() {
            let message = format!("`{}` vraagt waarden met een volgorde, niet {}", name.value, ty.phrase());
            return self.error(Diagnostic::error("ML207", message).at(span), span);
        }
        RowExpr { kind: RowKind::Function(function, list), ty, span }
    }

    fn round(&mut self, value: &Expr, decimals: &Expr, span: Span) -> RowExpr {
        let (x, n) = (self.expr(value), self.expr(decimals));
        if x.ty == Type::Unknown || n.ty == Type::Unknown {
            return self.nothing(span);
        }
        if !matches!(&n.kind, RowKind::Constant(Value::Int(0..=6)) if n.ty == Type::Integer) {
            let message = format!("{} is geen aantal decimalen", echo::shown(decimals));
            let diagnostic = Diagnostic::error("ML207", message)
                .at(decimals.span)
                .help("schrijf een vast geheel getal van 0 tot en met 6");
            return self.error(diagnostic, span);
        }
        let ty = match x.ty {
            Type::Integer | Type::Money | Type::Percentage | Type::PercentPoint => x.ty,
            Type::Number | Type::Score(..) => Type::Number,
            _ => {
                let mut diagnostic = Diagnostic::error("ML207", format!("`afronden` kan niet voor {}", x.ty.phrase()))
                    .at(value.span)
                    .label(self.described(&x));
                if x.ty == Type::Duration {
                    diagnostic = diagnostic
                        .help(format!("deel eerst door een eenheid: `afronden({} / 1 min, 0)`", echo::text(value)));
                }
                return self.error(diagnostic, span);
            }
        };
        RowExpr { kind: RowKind::Function(RowFunction::Round, vec![x, n]), ty, span }
    }

    fn timely(&mut self, name: &Name, args: &[Arg], span: Span) -> RowExpr {
        let fits = |ty| matches!(ty, Type::Moment | Type::Date);
        if let [
            Arg::Value { expr: from, on: None, of: None, filter: None, .. },
            Arg::Value { expr: done, on: None, of: None, filter: None, .. },
            Arg::Within { expr: within, .. },
        ] = args
        {
            let x = self.of_type(name, from, "een tijdstip of datum", fits);
            let y = self.of_type(name, done, "een tijdstip of datum", fits);
            let (Some(x), Some(y)) = (x, y) else { return self.nothing(span) };
            let Some(due) = self.due_within((from, x), (done, &y), within, span) else { return self.nothing(span) };
            return RowExpr { kind: RowKind::Timely { done: Box::new(y), due: Box::new(due) }, ty: Type::Bool, span };
        }
        let [Arg::Value { expr: done, on: None, of: None, filter: None, per: None, .. }, Arg::DueBy { expr: due, .. }] =
            args
        else {
            return self.wrong_count(name, span);
        };
        let x = self.of_type(name, done, "een tijdstip of datum", fits);
        let y = self.of_type(name, due, "een tijdstip of datum", fits);
        let (Some(x), Some(y)) = (x, y) else { return self.nothing(span) };
        if x.ty == Type::Date && y.ty == Type::Moment {
            let due_text = echo::text(due);
            let diagnostic = Diagnostic::error(
                "ML202",
                format!("{} is een datum en wordt getoetst aan het tijdstip {}", echo::shown(done), echo::shown(due)),
            )
            .at(due.span)
            .label(self.described(&y))
            .also(done.span, self.described(&x))
            .help(format!("toets op de dag: `uiterlijk datum({due_text})`"))
            .replace(due.span, format!("datum({due_text})"));
            return self.error(diagnostic, span);
        }
        RowExpr { kind: RowKind::Timely { done: Box::new(x), due: Box::new(y) }, ty: Type::Bool, span }
    }

    /// An aggregate where one row is spoken about: allowed in a derived table's columns, where it becomes a column.
    fn aggregate_here(&mut self, name: &Name, args: &[Arg], span: Span) -> RowExpr {
        if args.iter().any(|arg| matches!(arg, Arg::Pointing { .. })) {
            return self.pointing(name, args, span);
        }
        if let (Scope::Groups(grouped), false) = (self.scope, matches!(name.value.as_str(), "kpi" | "aandeel")) {
            let found = aggregate::inside_groups(self.world, grouped, name, args, span, self.log);
            return self.lift_once(grouped, found, span);
        }
        let Scope::Derived { base, .. } = self.scope else {
            let word = &name.value;
            let here = if matches!(self.scope, Scope::Groups(_)) { "de rijen van een groep" } else { "één rij" };
            let message = format!("`{word}(…)` kijkt naar veel rijen, maar hier gaat het om {here}");
            let mut diagnostic = Diagnostic::error("ML208", message).at(span);
            diagnostic = match self.scope {
                Scope::Use { .. } => diagnostic
                    .help("reken eerst per groep in een afgeleide tabel: `tabel … uit … per …`")
                    .help("of zet de aggregatie buiten de andere: `gemiddelde(…) - gemiddelde(…)`"),
                Scope::Table(_) => diagnostic
                    .help("maak een afgeleide tabel: `tabel naam uit tabel per kolom { … }` en verwijs daarnaar"),
                Scope::Groups(_) => diagnostic
                    .help("per groep staan hier alleen aggregaties over de rijen, zoals `aantal()` of `som(kolom)`"),
                Scope::Constant(_) | Scope::Derived { .. } => diagnostic,
            };
            return self.error(diagnostic, span);
        };
        if let word @ ("kpi" | "aandeel") = name.value.as_str() {
            let message = format!("`{word}(…)` kan alleen in een berekening");
            let diagnostic = Diagnostic::error("ML208", message).at(span);
            return self.error(diagnostic, span);
        }
        let Some(base) = base else { return self.nothing(span) };
        let found = aggregate::over_base(self.world, base, name, args, span, self.log);
        self.lift(found, span)
    }

    /// An aggregate over the rows of a group: the same one written twice is one column.
    fn lift_once(&mut self, grouped: Grouped<'_>, found: Option<Aggregate>, span: Span) -> RowExpr {
        let table = grouped.rows().table();
        let written = |a: &Aggregate| table.map(|table| text::derived_aggregate(self.world.model, table, a));
        let same = found.as_ref().and_then(|new| self.lifted.iter().position(|old| written(old) == written(new)));
        match (same, found) {
            (Some(column), Some(found)) => {
                let kind = RowKind::Column(ColumnRef::own(self.first_lifted + column));
                RowExpr { kind, ty: found.ty, span }
            }
            (_, found) => self.lift(found, span),
        }
    }

    /// The index of the next column that comes out of this expression.
    pub(super) fn next_lifted(&self) -> usize {
        self.first_lifted + self.lifted.len() + self.counts.as_ref().map_or(0, Vec::len)
    }

    /// An aggregate as a column of its own.
    fn lift(&mut self, found: Option<Aggregate>, span: Span) -> RowExpr {
        match found {
            Some(found) => {
                let column = self.next_lifted();
                let ty = found.ty;
                self.lifted.push(found);
                RowExpr { kind: RowKind::Column(ColumnRef::own(column)), ty, span }
            }
            None => self.nothing(span),
        }
    }
}

/// Whether an expression is one aggregate call and nothing else.
pub(super) fn is_single_aggregate(expr: &Expr) -> bool {
    matches!(&expr.kind, crate::syntax::ast::ExprKind::Call { name, .. } if aggregate::is_aggregate(&name.value))
}

/// Takes over `personal` from what is used, except where only its presence shows.
pub(super) fn uses_personal(world: super::scope::World<'_>, table: crate::model::TableId, expr: &RowExpr) -> bool {
    if matches!(expr.kind, RowKind::Filled(..) | RowKind::Repeats(_)) {
        return false;
    }
    if let RowKind::Column(column) = &expr.kind {
        let found = world.model.column(table, column);
        return found.personal && !matches!(found.kind, ColumnKind::Computed(_) if found.ty == Type::Unknown);
    }
    expr.children().into_iter().any(|child| uses_personal(world, table, child))
}
