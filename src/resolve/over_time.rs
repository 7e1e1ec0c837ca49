//! The functions that look at another stretch of time than the period: `vorige`, `vorig_jaar`, `lopend`, `cumulatief`,
//! `index` and `op_jaarbasis`. Whether that stretch suits the KPI's period is a rule of its own (`check/over_time.rs`).

use crate::calendar::{PeriodKind, Shift};
use crate::diagnostic::{Diagnostic, suggest};
use crate::model::{AggFunc, Formula, FormulaKind, Type, Unit};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Arg, Expr, ExprKind, Literal, Name};

use super::formula::Formulas;
use super::scope::suggested;
use super::{aggregate, echo, pointing};

/// The functions, and what else a formula may call beside aggregates.
pub(super) const NAMES: [&str; 8] =
    ["kpi", "aandeel", "vorige", "vorig_jaar", "lopend", "cumulatief", "index", "op_jaarbasis"];

/// The most units that `lopend` looks back.
const MOST: u32 = 1000;

/// Whether a function looks at another stretch of time.
pub(super) fn is_over_time(name: &str) -> bool {
    !matches!(name, "kpi" | "aandeel") && NAMES.contains(&name)
}

/// How a function is written.
pub(super) fn form(name: &str) -> &'static str {
    match name {
        "vorige" => "vorige(x)",
        "vorig_jaar" => "vorig_jaar(x)",
        "lopend" => "lopend(x, 12 maanden)",
        "cumulatief" => "cumulatief(x, jaar)",
        "index" => "index(x, basis 2005-K1)",
        _ => "op_jaarbasis(x)",
    }
}

impl Formulas<'_, '_> {
    pub(super) fn over_time(&mut self, name: &Name, args: &[Arg], span: Span) -> Option<Formula> {
        let Some((first, rest)) = args.split_first() else { return self.fail(wrong_count(name)) };
        let inner = self.subject(name, first);
        let word = name.value.as_str();
        if matches!(word, "vorige" | "vorig_jaar" | "op_jaarbasis") {
            if let Some(extra) = rest.first() {
                return self.fail(superfluous(name, extra));
            }
            let inner = inner?;
            return match word {
                "vorige" => Some(over(inner, Spanned::new(Shift::Previous, name.span), span)),
                "vorig_jaar" => Some(over(inner, Spanned::new(Shift::YearEarlier, name.span), span)),
                _ => self.yearly(inner, span),
            };
        }
        let [second] = rest else {
            return match rest.get(1) {
                None => self.fail(incomplete(name, first)),
                Some(extra) => self.fail(superfluous(name, extra)),
            };
        };
        if word == "index" {
            let Arg::Basis { period, .. } = second else { return self.fail(not_a_base(name, second)) };
            let kind = FormulaKind::Index(Box::new(inner?), Spanned::new(*period, span_of(second)));
            return Some(Formula { kind, unit: Unit::of(Type::Number), span });
        }
        let shift = match if word == "lopend" { window(second) } else { unit(second) } {
            Ok(shift) => shift,
            Err(diagnostic) => return self.fail(*diagnostic),
        };
        let inner = inner?;
        if let Some(other) = self.elsewhere(&inner) {
            return self.fail(nested(word, &inner, &other));
        }
        Some(over(inner, Spanned::new(shift, span_of(second)), span))
    }

    /// What a function looks at: a formula over rows or other KPIs.
    fn subject(&mut self, name: &Name, first: &Arg) -> Option<Formula> {
        let word = &name.value;
        let expr = match first {
            Arg::Value { expr, on: None, of: None, filter: None, per: None, .. } => expr,
            Arg::Value { filter: Some(filter), .. } | Arg::Where { filter, .. } => {
                return self.fail(
                    Diagnostic::error("ML206", format!("`waarbij` hoort binnen de aggregatie, niet in `{word}(…)`"))
                        .at(filter.span)
                        .help(format!("bijvoorbeeld `{}`", form(word).replacen('x', "aantal(waarbij …)", 1))),
                );
            }
            Arg::Value { per: Some(keys), .. } => {
                return self.fail(
                    Diagnostic::error("ML206", format!("`per …` hoort binnen de aggregatie, niet in `{word}(…)`"))
                        .at(keys.span)
                        .help(format!(
                            "bijvoorbeeld `{}`",
                            form(word).replacen('x', "gemiddelde(aantal() per klant)", 1)
                        )),
                );
            }
            Arg::EmptyCounts { span, .. } => {
                return self.fail(
                    aggregate::misplaced_empty_rule(*span)
                        .help("zet het bij de voorwaarde zelf: `percentage(voorwaarde, leeg telt …)`"),
                );
            }
            Arg::Basis { .. } => return self.fail(wrong_count(name)),
            Arg::Pointing { .. } => return self.fail(pointing::misplaced(name, first)),
            Arg::Value { span, .. } | Arg::DueBy { span, .. } | Arg::Within { span, .. } => {
                return self.fail(
                    Diagnostic::error("ML206", format!("`{word}` vraagt een berekening, zoals `aantal()`"))
                        .at(*span)
                        .help(format!("schrijf `{}`", form(word))),
                );
            }
        };
        let inner = self.formula(expr)?;
        let mut measures = false;
        inner.walk(&mut |part| measures |= matches!(part.kind, FormulaKind::Aggregate(_) | FormulaKind::Kpi(_)));
        if measures {
            return Some(inner);
        }
        self.fail(
            Diagnostic::error("ML209", format!("{} is in elke periode hetzelfde", echo::shown(expr)))
                .at(expr.span)
                .help(format!(
                    "`{word}` kijkt naar een berekening over rijen: `{}`",
                    form(word).replacen('x', "aantal()", 1)
                )),
        )
    }

    fn yearly(&mut self, inner: Formula, span: Span) -> Option<Formula> {
        if let Some(other) = self.elsewhere(&inner) {
            return self.fail(nested("op_jaarbasis", &inner, &other));
        }
        let unit = inner.unit;
        let mean = match &inner.kind {
            FormulaKind::Aggregate(a) => match a.func {
                AggFunc::Count | AggFunc::Sum => None,
                // Of a year there are not more different ones in proportion.
                func => Some(format!("`{}` groeit niet mee met de lengte van de periode", func.word())),
            },
            _ => None,
        };
        let why = mean.or_else(|| {
            matches!(unit.ty, Type::Percentage | Type::PercentPoint | Type::Score(..))
                .then(|| format!("{} groeit niet mee met de lengte van de periode", unit.ty.phrase()))
        });
        if let Some(why) = why {
            return self.fail(
                Diagnostic::error("ML245", why)
                    .at(inner.span)
                    .label(unit.to_string())
                    .help("`op_jaarbasis` rekent een aantal of een som om naar een heel jaar")
                    .help("over de laatste twaalf maanden: `lopend(…, 12 maanden)`"),
            );
        }
        let ty = if unit.ty == Type::Integer { Type::Number } else { unit.ty };
        Some(Formula { kind: FormulaKind::Yearly(Box::new(inner)), unit: Unit { ty, ..unit }, span })
    }

    /// What in a formula looks at another stretch of time than the one at hand: the name of the function, or of the KPI
    /// that has one.
    fn elsewhere(&self, formula: &Formula) -> Option<Elsewhere> {
        let mut found = None;
        formula.walk(&mut |part| {
            if found.is_some() {
                return;
            }
            if let Some(word) = word_of(&part.kind) {
                found = Some(Elsewhere { word, kpi: None, span: part.span });
            }
            let FormulaKind::Kpi(id) = part.kind else { return };
            let Some(other) = self.kpis.done.get(id.0).and_then(Option::as_ref) else { return };
            let inside = other.formula().and_then(|f| self.elsewhere(f)).map(|e| e.word);
            if let Some(word) = inside.or(other.method.window.map(|_| "altijd over")) {
                found = Some(Elsewhere { word, kpi: Some(other.name.clone()), span: part.span });
            }
        });
        found
    }
}

/// Something that looks at another stretch of time.
struct Elsewhere {
    word: &'static str,
    /// Inside that KPI.
    kpi: Option<String>,
    span: Span,
}

fn over(inner: Formula, shift: Spanned<Shift>, span: Span) -> Formula {
    let unit = inner.unit;
    Formula { kind: FormulaKind::Over(Box::new(inner), shift), unit, span }
}

fn word_of(kind: &FormulaKind) -> Option<&'static str> {
    match kind {
        FormulaKind::Over(_, shift) => Some(match shift.value {
            Shift::Previous => "vorige",
            Shift::YearEarlier => "vorig_jaar",
            Shift::Running(..) => "lopend",
            _ => "cumulatief",
        }),
        FormulaKind::Index(..) => Some("index"),
        FormulaKind::Yearly(_) => Some("op_jaarbasis"),
        _ => None,
    }
}

/// `lopend(vorige(x), …)`: which of the two comes first makes a difference, or no sense.
fn nested(word: &str, inner: &Formula, other: &Elsewhere) -> Diagnostic {
    let called = format!("{word}(…)");
    let what = match (&other.kpi, other.word) {
        (Some(kpi), "altijd over") => format!("`kpi({kpi})` gaat altijd over een eigen venster"),
        (Some(kpi), inside) => format!("`kpi({kpi})` gebruikt `{inside}`"),
        (None, inside) => format!("`{inside}` kijkt naar een andere tijd"),
    };
    let diagnostic = Diagnostic::error("ML248", format!("{what}, en dat kan niet binnen `{called}`")).at(other.span);
    let whole = inner.span == other.span && other.kpi.is_none();
    match (word, other.word) {
        (_, "vorige" | "vorig_jaar" | "index") if whole => {
            diagnostic.help(format!("zet `{}` buitenom: `{}({word}(…))`", other.word, other.word))
        }
        ("op_jaarbasis", "lopend" | "cumulatief") => {
            diagnostic.help("kies een van beide: de omrekening hoort bij de periode, niet bij een langer venster")
        }
        _ => diagnostic.help("reken eerst het venster uit, en kijk dan pas naar een andere periode"),
    }
}

fn wrong_count(name: &Name) -> Diagnostic {
    Diagnostic::error("ML206", format!("`{}` krijgt niet het juiste aantal argumenten", name.value))
        .at(name.span)
        .help(format!("schrijf `{}`", form(&name.value)))
}

fn superfluous(name: &Name, extra: &Arg) -> Diagnostic {
    Diagnostic::error("ML206", format!("dit hoort niet in `{}(…)`", name.value))
        .at(span_of(extra))
        .help(format!("schrijf `{}`", form(&name.value)))
}

/// The second argument is not there.
fn incomplete(name: &Name, first: &Arg) -> Diagnostic {
    let (lacking, text) = match name.value.as_str() {
        "lopend" => ("over hoe lang", "12 maanden"),
        "cumulatief" => ("vanaf het begin waarvan", "jaar"),
        _ => ("welke periode 100 is", "basis 2025"),
    };
    let diagnostic = Diagnostic::error("ML134", format!("`{}` zegt niet {lacking}", name.value)).at(name.span);
    let diagnostic = diagnostic.help(format!("schrijf bijvoorbeeld `{}`", form(&name.value)));
    if name.value == "index" { diagnostic } else { diagnostic.replace(span_of(first).after(), format!(", {text}")) }
}

fn not_a_base(name: &Name, second: &Arg) -> Diagnostic {
    let diagnostic = Diagnostic::error("ML134", format!("`{}` zegt niet welke periode 100 is", name.value))
        .at(span_of(second))
        .help("schrijf de basis als `basis 2005`, `basis 2005-K1` of `basis 2005-03`");
    match second {
        // `2005-K1` reads as a subtraction.
        Arg::Value { expr, on: None, of: None, filter: None, per: None, span } => {
            let text = echo::text(expr).replace(' ', "");
            match crate::calendar::PeriodName::read(&text) {
                Some(_) => diagnostic.replace(*span, format!("basis {text}")),
                None => diagnostic,
            }
        }
        _ => diagnostic,
    }
}

/// `12 maanden`
fn window(arg: &Arg) -> Result<Shift, Box<Diagnostic>> {
    let span = span_of(arg);
    let wrong = |message: String| Diagnostic::error("ML132", message).at(span);
    let Arg::Value { expr: Expr { kind: ExprKind::Literal(Literal::Quantity(number, unit)), .. }, .. } = arg else {
        let help = "schrijf een getal met dagen, weken of maanden, bijvoorbeeld `lopend(x, 12 maanden)`";
        return Err(Box::new(wrong("`lopend` vraagt een vaste lengte".to_owned()).help(help)));
    };
    let kind = match unit {
        ast::Unit::Days => PeriodKind::Day,
        ast::Unit::Weeks => PeriodKind::Week,
        ast::Unit::Months => PeriodKind::Month,
        _ => {
            let message = format!("`lopend` telt dagen, weken of maanden, geen {}", echo::unit_word(*unit));
            return Err(Box::new(wrong(message).help("bijvoorbeeld `lopend(x, 12 maanden)`")));
        }
    };
    match number.parse().ok().filter(|n| (1..=MOST).contains(n)) {
        Some(count) => Ok(Shift::Running(count, kind)),
        None => Err(Box::new(
            wrong(format!("`{number} {}` is geen lengte om over te rekenen", echo::unit_word(*unit)))
                .help(format!("kies een geheel getal van 1 tot en met {MOST}")),
        )),
    }
}

/// `jaar`
fn unit(arg: &Arg) -> Result<Shift, Box<Diagnostic>> {
    const UNITS: [PeriodKind; 6] = [
        PeriodKind::Year,
        PeriodKind::HalfYear,
        PeriodKind::Tertial,
        PeriodKind::Quarter,
        PeriodKind::Month,
        PeriodKind::Week,
    ];
    let span = span_of(arg);
    let written = match arg {
        Arg::Value { expr: Expr { kind: ExprKind::Path(path), .. }, on: None, of: None, filter: None, .. } => {
            path.text()
        }
        Arg::Value { expr, .. } => echo::text(expr),
        _ => String::new(),
    };
    if let Some(unit) = UNITS.into_iter().find(|unit| unit.word() == written) {
        return Ok(Shift::SoFar(unit));
    }
    let words = UNITS.map(PeriodKind::word);
    let diagnostic =
        Diagnostic::error("ML132", format!("`cumulatief` begint bij het begin van een periode, niet van `{written}`"))
            .at(span);
    let one = [("jaren", "jaar"), ("halfjaren", "halfjaar"), ("tertalen", "tertaal"), ("kwartalen", "kwartaal")];
    let one = one.iter().find(|(many, _)| *many == written).map(|(_, one)| *one);
    Err(Box::new(match one.or_else(|| suggest::nearest(&written, words)) {
        Some(near) => suggested(diagnostic, span, near),
        None => diagnostic.help(format!("kies uit: {}", words.join(", "))),
    }))
}

fn span_of(arg: &Arg) -> Span {
    match arg {
        Arg::Value { span, .. }
        | Arg::Where { span, .. }
        | Arg::Pointing { span, .. }
        | Arg::EmptyCounts { span, .. }
        | Arg::DueBy { span, .. }
        | Arg::Within { span, .. }
        | Arg::Basis { span, .. } => *span,
    }
}
