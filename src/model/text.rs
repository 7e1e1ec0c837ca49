//! Canonical Dutch text of resolved expressions, in the language's own syntax with parameters filled in: for `explain`,
//! for hashes of definitions and for result rows.

use super::expr::{Arithmetic, ColumnRef, Comparison, MONEY_SCALE, RowExpr, RowFunction, RowKind, Value, Window};
use super::kpi::{AggFunc, Aggregate, EmptyRule, Formula, FormulaKind, Groups, Kpi};
use super::norm::BoundTest;
use super::table::{ColumnKind, Count, Origin, TableId};
use super::types::{Type, Unit};
use super::{Model, Parameter};
use crate::calendar::{HOUR, MINUTE, PeriodKind, SECOND, Shift, day_of};
use crate::source::Span;

/// How tightly an expression binds; loose first.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const ADD: u8 = 5;
const MULTIPLY: u8 = 6;
const UNARY: u8 = 7;
const ATOM: u8 = 8;

const RESERVED: [&str; 15] =
    ["en", "of", "niet", "in", "tussen", "is", "leeg", "ja", "nee", "waarbij", "per", "op", "als", "vanaf", "tot"];

/// A row expression over `table`.
#[must_use]
pub fn expr(model: &Model, table: TableId, expr: &RowExpr) -> String {
    Printer { model, table, prefix: None }.expr(expr).0
}

/// An aggregate of a KPI; its columns are qualified where the KPI has several sources.
#[must_use]
pub fn aggregate(model: &Model, kpi: &Kpi, aggregate: &Aggregate) -> String {
    let Some(source) = kpi.sources.get(aggregate.source) else { return aggregate.func.word().to_owned() };
    let prefix = (kpi.sources.len() > 1).then_some(source.alias.as_str());
    Printer { model, table: source.table, prefix }.aggregate(aggregate)
}

/// ` per klant`: the groups of an aggregate in two levels, nothing of others.
#[must_use]
pub fn group_keys(model: &Model, kpi: &Kpi, aggregate: &Aggregate) -> String {
    let (Some(source), Some(groups)) = (kpi.sources.get(aggregate.source), &aggregate.per) else {
        return String::new();
    };
    let prefix = (kpi.sources.len() > 1).then_some(source.alias.as_str());
    format!(" {}", Printer { model, table: source.table, prefix }.keys(groups))
}

/// An aggregate of a derived table, over the rows of its base.
#[must_use]
pub fn derived_aggregate(model: &Model, base: TableId, aggregate: &Aggregate) -> String {
    Printer { model, table: base, prefix: None }.aggregate(aggregate)
}

/// A column as a path from `table`: `team.afdeling`.
#[must_use]
pub fn column(model: &Model, table: TableId, column: &ColumnRef) -> String {
    Printer { model, table, prefix: None }.column(column).0
}

/// A calculation.
#[must_use]
pub fn formula(model: &Model, kpi: &Kpi, formula: &Formula) -> String {
    formula_text(model, kpi, formula).0
}

/// A bound in the unit of its KPI: `>= 80%`, `tussen 85% en 90%`, `<= 600 s`, `<= 5 per 1000`.
#[must_use]
pub fn bound(test: &BoundTest, unit: &Unit) -> String {
    match test {
        BoundTest::Compare(op, value) => format!("{} {}", op.sign(), quantity(*value, unit)),
        BoundTest::Between(low, high) => format!("tussen {} en {}", quantity(*low, unit), quantity(*high, unit)),
        BoundTest::Data(op, _) => format!("{} (een waarde uit de gegevens)", op.sign()),
    }
}

/// A bound of a KPI, with the expression where its value comes from the data: `<= dvo.termijn`.
#[must_use]
pub fn bound_of(model: &Model, kpi: &Kpi, test: &BoundTest) -> String {
    let BoundTest::Data(op, index) = test else { return bound(test, &kpi.unit) };
    let limit = kpi.norms.data.get(*index);
    let Some((limit, used)) = limit.and_then(|l| Some((l, kpi.sources.get(l.source)?))) else {
        return bound(test, &kpi.unit);
    };
    let prefix = (kpi.sources.len() > 1).then_some(used.alias.as_str());
    format!("{} {}", op.sign(), Printer { model, table: used.table, prefix }.at(&limit.expr, ATOM))
}

/// A number in the base of its unit, as the language writes it: `80%`, `600 s`, `€ 2.26`, `5 per 1000`.
#[must_use]
pub fn quantity(value: f64, unit: &Unit) -> String {
    // No -0.
    let value = value + 0.0;
    let text = match unit.ty {
        Type::Percentage => format!("{value}%"),
        Type::PercentPoint => format!("{value} procentpunt"),
        Type::Duration => format!("{value} s"),
        Type::Money if value.fract() == 0.0 => format!("€ {value}"),
        Type::Money => {
            let text = value.to_string();
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            format!("€ {text}{}", "0".repeat(2_usize.saturating_sub(decimals)))
        }
        Type::Days => format!("{value} dagen"),
        Type::Workdays => format!("{value} werkdagen"),
        _ => value.to_string(),
    };
    unit.per.map_or(text.clone(), |n| format!("{text} per {n}"))
}

/// A constant of a type.
#[must_use]
pub fn value(model: &Model, value: &Value, ty: Type) -> String {
    match value {
        Value::Empty => "leeg".to_owned(),
        Value::Bool(true) => "ja".to_owned(),
        Value::Bool(false) => "nee".to_owned(),
        Value::Text(text) => quoted(text),
        Value::Money(n) => money(*n),
        Value::Float(x) => quantity(*x, &Unit::of(ty)),
        Value::Int(n) => match ty {
            Type::Date => i32::try_from(*n).ok().and_then(day_of).map_or_else(|| n.to_string(), |day| day.to_string()),
            Type::Moment => model.zone.local(*n).map_or_else(
                || n.to_string(),
                |t| {
                    let whole = t.format("%S%.f").to_string() == "00";
                    t.format(if whole { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S%.f" }).to_string()
                },
            ),
            Type::Duration if *n != 0 && n % HOUR == 0 => format!("{} uur", n / HOUR),
            Type::Duration if *n != 0 && n % MINUTE == 0 => format!("{} min", n / MINUTE),
            Type::Duration => format!("{} s", decimal(i128::from(*n), i128::from(SECOND))),
            Type::Days if *n == 1 => "1 dag".to_owned(),
            Type::Days => format!("{n} dagen"),
            Type::Workdays if *n == 1 => "1 werkdag".to_owned(),
            Type::Workdays => format!("{n} werkdagen"),
            Type::Percentage => format!("{n}%"),
            Type::PercentPoint => format!("{n} procentpunt"),
            _ => n.to_string(),
        },
    }
}

/// How far a row looks: `7 dagen`, `24 uur`.
#[must_use]
pub fn reach(window: Window) -> String {
    match window {
        Window::Days(1) => "1 dag".to_owned(),
        Window::Days(n) => format!("{n} dagen"),
        Window::Micros(n) if n % HOUR == 0 => format!("{} uur", n / HOUR),
        Window::Micros(n) if n % MINUTE == 0 => format!("{} min", n / MINUTE),
        Window::Micros(n) => format!("{} s", decimal(i128::from(n), i128::from(SECOND))),
    }
}

/// A name as the language writes it: in back-ticks where it is reserved or odd.
#[must_use]
pub fn name(word: &str) -> String {
    let mut chars = word.chars();
    let plain = chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
        && !RESERVED.contains(&word);
    if plain { word.to_owned() } else { format!("`{word}`") }
}

/// A text literal.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn money(tenthousandths: i128) -> String {
    let text = decimal(tenthousandths, MONEY_SCALE);
    match text.split_once('.') {
        Some((_, decimals)) if decimals.len() < 2 => format!("€ {text}0"),
        _ => format!("€ {text}"),
    }
}

/// `n / scale` (a power of ten) without superfluous zeros.
fn decimal(n: i128, scale: i128) -> String {
    let sign = if n < 0 { "-" } else { "" };
    let (n, scale) = (n.unsigned_abs(), scale.unsigned_abs());
    let width = scale.to_string().len() - 1;
    let rest = format!("{:0width$}", n % scale);
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{rest}", n / scale)
}

fn wrap((text, binds): (String, u8), least: u8) -> String {
    if binds < least { format!("({text})") } else { text }
}

fn arithmetic(op: Arithmetic, a: (String, u8), b: (String, u8)) -> (String, u8) {
    let level = if matches!(op, Arithmetic::Add | Arithmetic::Subtract) { ADD } else { MULTIPLY };
    (format!("{} {} {}", wrap(a, level), op.sign(), wrap(b, level + 1)), level)
}

/// A number of units of time: `12 maanden`, `1 jaar`.
#[must_use]
pub fn units(count: u32, unit: PeriodKind) -> String {
    let word = match unit {
        PeriodKind::Day => ["dag", "dagen"],
        PeriodKind::Week => ["week", "weken"],
        PeriodKind::Month => ["maand", "maanden"],
        PeriodKind::Quarter => ["kwartaal", "kwartalen"],
        PeriodKind::Tertial => ["tertaal", "tertalen"],
        PeriodKind::HalfYear => ["halfjaar", "halfjaren"],
        PeriodKind::Year => ["jaar", "jaar"],
        PeriodKind::Whole => ["hele reeks", "hele reeksen"],
    };
    format!("{count} {}", word[usize::from(count != 1)])
}

/// What is always measured, as a `meetmethode` says it: `altijd over afgelopen kwartaal`.
#[must_use]
pub fn window(shift: Shift) -> String {
    match shift {
        Shift::Past(1, unit) => format!("altijd over afgelopen {}", unit.word()),
        Shift::Past(count, unit) => format!("altijd over afgelopen {}", units(count, unit)),
        other => shift_text(other).0.to_owned(),
    }
}

/// The function that looks at another stretch of time, and its further argument.
fn shift_text(shift: Shift) -> (&'static str, String) {
    match shift {
        Shift::Previous => ("vorige", String::new()),
        Shift::YearEarlier => ("vorig_jaar", String::new()),
        Shift::Running(count, unit) => ("lopend", format!(", {}", units(count, unit))),
        Shift::SoFar(unit) => ("cumulatief", format!(", {}", unit.word())),
        // Not written as functions.
        Shift::Past(count, unit) => ("afgelopen", format!(", {}", units(count, unit))),
        Shift::To(name) => ("in", format!(", {name}")),
    }
}

/// Conditions that must all hold; a single one stands as it is.
fn conjunction(mut list: Vec<(String, u8)>) -> String {
    match list.pop() {
        Some((only, _)) if list.is_empty() => only,
        last => list
            .into_iter()
            .chain(last)
            .map(|c| if c.1 == AND { c.0 } else { wrap(c, NOT) })
            .collect::<Vec<_>>()
            .join(" en "),
    }
}

fn formula_text(model: &Model, kpi: &Kpi, formula: &Formula) -> (String, u8) {
    let part = |f: &Formula| formula_text(model, kpi, f);
    match &formula.kind {
        FormulaKind::Number(x) => {
            let text = model.with_parameters(&quantity(*x, &formula.unit), false, formula.span);
            (text, if *x < 0.0 { UNARY } else { ATOM })
        }
        FormulaKind::Aggregate(a) => (aggregate(model, kpi, a), ATOM),
        FormulaKind::Kpi(id) => (format!("kpi({})", name(&model.kpi(*id).name)), ATOM),
        FormulaKind::Negate(x) => (format!("-{}", wrap(part(x), ATOM)), UNARY),
        FormulaKind::Binary(op, a, b) => arithmetic(*op, part(a), part(b)),
        FormulaKind::Per(a, n, b) => (format!("{} per {n} {}", wrap(part(a), ATOM), wrap(part(b), ATOM)), UNARY),
        FormulaKind::Share(a, b) => (format!("percentage({} van {})", part(a).0, part(b).0), ATOM),
        FormulaKind::Over(x, shift) => {
            let (word, argument) = shift_text(shift.value);
            (format!("{word}({}{argument})", part(x).0), ATOM)
        }
        FormulaKind::Index(x, base) => (format!("index({}, basis {})", part(x).0, base.value), ATOM),
        FormulaKind::Yearly(x) => (format!("op_jaarbasis({})", part(x).0), ATOM),
        FormulaKind::Portion(x) => (format!("aandeel({})", part(x).0), ATOM),
    }
}

/// Writes expressions over the rows of one table.
#[derive(Clone, Copy)]
struct Printer<'a> {
    model: &'a Model,
    table: TableId,
    /// The alias in front of every column.
    prefix: Option<&'a str>,
}

impl Printer<'_> {
    fn expr(&self, expr: &RowExpr) -> (String, u8) {
        match &expr.kind {
            RowKind::Column(column) => self.column(column),
            RowKind::Constant(constant) => {
                let text = value(self.model, constant, expr.ty);
                let text = self.model.with_parameters(&text, expr.ty == Type::Text, expr.span);
                let binds = if text.starts_with('-') { UNARY } else { ATOM };
                (text, binds)
            }
            RowKind::Peilmoment => ("peilmoment".to_owned(), ATOM),
            RowKind::Not(x) => match &x.kind {
                RowKind::In(value, list) => (self.list(value, "niet in", list, x.span), COMPARE),
                RowKind::And(parts) => match self.between(parts, "niet tussen") {
                    Some(text) => (text, COMPARE),
                    None => (format!("niet {}", self.at(x, NOT)), NOT),
                },
                _ => (format!("niet {}", self.at(x, NOT)), NOT),
            },
            RowKind::Negate(x) => (format!("-{}", self.at(x, ATOM)), UNARY),
            RowKind::And(list) => match self.between(list, "tussen") {
                Some(text) => (text, COMPARE),
                None => (self.joined(list, " en "), AND),
            },
            RowKind::Or(list) => (self.joined(list, " of "), OR),
            RowKind::Compare(op, a, b) => (self.compare(*op, a, b), COMPARE),
            RowKind::Arithmetic(op, a, b) => arithmetic(*op, self.expr(a), self.expr(b)),
            RowKind::In(value, list) => (self.list(value, "in", list, expr.span), COMPARE),
            RowKind::Filled(x, filled) => {
                (format!("{} is {}", self.at(x, ADD), if *filled { "gevuld" } else { "leeg" }), COMPARE)
            }
            RowKind::If(condition, yes, no) => {
                (format!("als({}, {}, {})", self.expr(condition).0, self.expr(yes).0, self.expr(no).0), ATOM)
            }
            RowKind::Coalesce(list) => (self.call("eerste_gevuld", list), ATOM),
            RowKind::Function(RowFunction::AddWorkdays(_) | RowFunction::AddMonths, list) => self.moved(expr, list),
            RowKind::Function(function, list) => (self.function(*function, list), ATOM),
            // The dimension's own name stands beside it, wherever this is shown.
            RowKind::Member(_, _, x) => self.expr(x),
            RowKind::Timely { done, due } => {
                (format!("tijdig({}, uiterlijk {})", self.expr(done).0, self.expr(due).0), ATOM)
            }
            RowKind::Repeats(repeats) => {
                let keys = self.call(repeats.direction.word(), &repeats.keys);
                let inside = self.parameters(expr.span, &repeats.keys);
                let window = reach(repeats.window);
                let window = match inside.as_slice() {
                    [only] => format!("{} ({window})", name(&only.name)),
                    _ => window,
                };
                (format!("{}, binnen {window})", keys.strip_suffix(')').unwrap_or(&keys)), ATOM)
            }
        }
    }

    /// The parameters that are named in an expression, outside some parts of it.
    fn parameters(&self, span: Span, without: &[RowExpr]) -> Vec<&Parameter> {
        let mut found = self.model.named.within(span);
        let parts: Vec<usize> = without.iter().flat_map(|part| self.model.named.within(part.span)).collect();
        found.retain(|at| !parts.contains(at));
        found.into_iter().filter_map(|at| self.model.parameters.get(at)).collect()
    }

    fn at(&self, expr: &RowExpr, least: u8) -> String {
        wrap(self.expr(expr), least)
    }

    fn compare(&self, op: Comparison, a: &RowExpr, b: &RowExpr) -> String {
        format!("{} {} {}", self.at(a, ADD), op.sign(), self.at(b, ADD))
    }

    fn call(&self, word: &str, list: &[RowExpr]) -> String {
        let args: Vec<_> = list.iter().map(|x| self.expr(x).0).collect();
        format!("{word}({})", args.join(", "))
    }

    fn function(&self, function: RowFunction, list: &[RowExpr]) -> String {
        let mut args: Vec<String> = list.iter().map(|x| self.expr(x).0).collect();
        // A calendar that goes without saying is not said.
        let other = function.calendar().filter(|id| self.model.default_calendar != Some(*id));
        args.extend(other.map(|id| name(&self.model.calendar(id).name)));
        format!("{}({})", function.word(), args.join(", "))
    }

    /// `d + 5 werkdagen`, `d - termijn`, `d + 12 maanden`
    fn moved(&self, expr: &RowExpr, list: &[RowExpr]) -> (String, u8) {
        let [day, by] = list else { return ("leeg".to_owned(), ATOM) };
        let (sign, by) = match &by.kind {
            RowKind::Constant(Value::Int(n)) => {
                let months = matches!(expr.kind, RowKind::Function(RowFunction::AddMonths, _));
                let unit = if months { "maanden" } else { "werkdagen" };
                let text = format!("{} {unit}", n.unsigned_abs());
                (if *n < 0 { "-" } else { "+" }, self.model.with_parameters(&text, false, by.span))
            }
            RowKind::Negate(x) => ("-", self.at(x, MULTIPLY)),
            _ => ("+", self.at(by, MULTIPLY)),
        };
        (format!("{} {sign} {by}", self.at(day, ADD)), ADD)
    }

    /// Parts of `en` and `of`; each in brackets that is itself one of these.
    fn joined(&self, list: &[RowExpr], word: &str) -> String {
        list.iter().map(|x| self.at(x, NOT)).collect::<Vec<_>>().join(word)
    }

    fn list(&self, subject: &RowExpr, word: &str, list: &[Value], span: Span) -> String {
        let inside = self.parameters(span, std::slice::from_ref(subject));
        let shown = |item: &Value| {
            let text = value(self.model, item, subject.ty);
            let named = inside.iter().find(|p| p.value.as_ref() == Some(item));
            named.map_or(text.clone(), |p| format!("{} ({text})", name(&p.name)))
        };
        let items: Vec<_> = list.iter().map(shown).collect();
        format!("{} {word} ({})", self.at(subject, ADD), items.join(", "))
    }

    /// `x >= a en x <= b` is `x tussen a en b`.
    fn between(&self, parts: &[RowExpr], word: &str) -> Option<String> {
        let [low, high] = parts else { return None };
        match (&low.kind, &high.kind) {
            (RowKind::Compare(Comparison::GreaterEqual, x, a), RowKind::Compare(Comparison::LessEqual, y, b))
                if self.expr(x) == self.expr(y) =>
            {
                Some(format!("{} {word} {} en {}", self.at(x, ADD), self.at(a, ADD), self.at(b, ADD)))
            }
            _ => None,
        }
    }

    fn column(&self, column: &ColumnRef) -> (String, u8) {
        let mut at = self.table;
        let mut path: Vec<String> = self.prefix.map(name).into_iter().collect();
        for &step in &column.via {
            let relation = &self.model.table(at).columns[step];
            path.push(name(&relation.name));
            at = relation.relation.map_or(at, |r| r.table);
        }
        let table = self.model.table(at);
        let last = &table.columns[column.column];
        if let (ColumnKind::Aggregated(aggregate), Origin::Groups { base }) = (&last.kind, &table.origin) {
            return (Self { table: *base, ..*self }.aggregate(aggregate), ATOM);
        }
        // A column without a name of its own: an aggregate inside the expression of a derived column.
        if let (true, ColumnKind::Aggregated(aggregate), Origin::Derived { base, .. }) =
            (last.name.starts_with('#'), &last.kind, &table.origin)
        {
            return (derived_aggregate(self.model, *base, aggregate), ATOM);
        }
        // And one in which rows that point here are counted.
        if let (true, ColumnKind::Counted(count)) = (last.name.starts_with('#'), &last.kind) {
            return (counted(self.model, at, count), ATOM);
        }
        path.push(name(&last.name));
        (path.join("."), ATOM)
    }

    /// `per klant`, `per (klant, product)`
    fn keys(&self, groups: &Groups) -> String {
        match groups.keys.as_slice() {
            [only] => format!("per {}", self.expr(only).0),
            several => format!("per ({})", several.iter().map(|k| self.expr(k).0).collect::<Vec<_>>().join(", ")),
        }
    }

    fn aggregate(&self, aggregate: &Aggregate) -> String {
        let over = Self { table: aggregate.table(self.table), ..*self };
        let mut inside = match (&aggregate.arg, self.prefix) {
            (Some(arg), _) => over.expr(arg).0,
            (None, Some(alias)) if aggregate.per.is_none() => name(alias),
            (None, _) => String::new(),
        };
        if let (AggFunc::Stock, Some(from)) = (aggregate.func, &aggregate.on) {
            inside = format!("{}, {inside}", self.column(from).0);
        } else if let Some(on) = &aggregate.on {
            inside.push_str(" op ");
            inside.push_str(&self.column(on).0);
        }
        let mut conditions: Vec<(String, u8)> = aggregate.filter.iter().map(|f| over.expr(f)).collect();
        if let Some(groups) = &aggregate.per {
            inside.push_str(if inside.is_empty() { "" } else { " " });
            inside.push_str(&self.keys(groups));
            conditions.splice(..0, groups.rows.iter().map(|f| self.expr(f)));
        }
        if !conditions.is_empty() {
            inside.push_str(if inside.is_empty() { "waarbij " } else { " waarbij " });
            inside.push_str(&conjunction(conditions));
        }
        if let AggFunc::TopShare(p) = aggregate.func {
            inside = format!("{p}%, {inside}");
        }
        if let AggFunc::Percentile(p) = aggregate.func {
            // The number follows the argument itself: `percentiel(x waarbij c, 95)`.
            inside.push_str(", ");
            inside.push_str(&p.to_string());
        }
        inside.push_str(match aggregate.empty {
            None => "",
            Some(EmptyRule::No) => ", leeg telt als nee",
            Some(EmptyRule::Yes) => ", leeg telt als ja",
            Some(EmptyRule::Skip) => ", leeg telt niet mee",
        });
        format!("{}({inside})", aggregate.func.word())
    }
}

/// `aantal(contact via zaak waarbij kanaal = "telefoon")`, seen from the rows of a table.
#[must_use]
pub fn counted(model: &Model, here: TableId, count: &Count) -> String {
    let other = model.table(count.table);
    let near = model.table(here).source == other.source;
    let table = if near { name(&other.name) } else { format!("{}.{}", name(&other.source), name(&other.name)) };
    let filter = count.filter.as_ref().map(|f| format!(" waarbij {}", expr(model, count.table, f)));
    let via = other.columns.get(count.via).map_or(String::new(), |c| name(&c.name));
    format!("aantal({table} via {via}{})", filter.unwrap_or_default())
}
