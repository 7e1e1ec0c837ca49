//! Calculations: formulas over aggregates and other KPIs, with their units.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, suggest};
use crate::model::expr::arithmetic_type;
use crate::model::{AggFunc, ColumnRef, Formula, FormulaKind, Kpi, KpiId, RowExpr, RowKind, Table, Type, Unit};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Arg, Expr, ExprKind, Name, Path};

use super::expr::{Rows, arithmetic, unified};
use super::scope::{Found, Log, Scope, Use, World, find, qualifier, suggested, try_column};
use super::{aggregate, constant, echo, function, groups, literal, over_time, weight};

/// The KPIs of the project, those that this one needs already resolved.
#[derive(Clone, Copy)]
pub(super) struct Kpis<'a> {
    /// Per name its versions in order of time.
    pub ids: &'a BTreeMap<&'a str, Vec<KpiId>>,
    /// By id; none where the KPI has errors.
    pub done: &'a [Option<Kpi>],
}

impl<'a> Kpis<'a> {
    /// All versions of the KPI that a formula refers to.
    pub fn versions(self, id: KpiId) -> Vec<&'a Kpi> {
        let ids = self.ids.values().find(|ids| ids.contains(&id));
        ids.into_iter().flatten().filter_map(|id| self.done.get(id.0)?.as_ref()).collect()
    }
}

/// Resolves one calculation.
pub(super) struct Formulas<'a, 'l> {
    pub world: World<'a>,
    pub uses: &'a [Use],
    pub axes: &'a [Option<ColumnRef>],
    /// The populations and the weights of the sources.
    pub filters: &'a [Option<RowExpr>],
    pub weights: &'a [Option<RowExpr>],
    pub kpis: Kpis<'a>,
    /// Why there are no sources: `afgeleid`, `geen`; for messages.
    pub no_source: Option<&'static str>,
    /// The groups of calculations in two levels, to become tables of the model.
    pub groups: &'a mut Vec<Table>,
    pub log: &'a mut Log<'l>,
}

impl Formulas<'_, '_> {
    /// A formula; nothing after a mistake.
    pub fn formula(&mut self, expr: &Expr) -> Option<Formula> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(value) => match literal::literal(value, span, self.world.model.zone) {
                Ok((value, ty)) if ty.is_quantity() => Some(number(constant::base(&value, ty)?, ty, span)),
                Ok((_, ty)) => self.fail(
                    Diagnostic::error(
                        "ML210",
                        format!("{} is {}, en daar is niet mee te rekenen", echo::shown(expr), ty.phrase()),
                    )
                    .at(span),
                ),
                Err(diagnostic) => self.fail(*diagnostic),
            },
            ExprKind::Path(path) => self.path(path),
            ExprKind::Negate(x) => {
                let x = self.formula(x)?;
                let unit = x.unit;
                Some(Formula { kind: FormulaKind::Negate(Box::new(x)), unit, span })
            }
            ExprKind::Arithmetic(a, op, b) => self.arithmetic(a, op, b, span),
            ExprKind::Per { value, number, base: Some(base) } => self.per(value, number, base, span),
            ExprKind::Per { number, base: None, .. } => self.fail(
                Diagnostic::error("ML206", format!("achter `per {}` staat niet waardoor gedeeld wordt", number.value))
                    .at(span)
                    .help(format!(
                        "bijvoorbeeld `aantal(ticket) per {} laatste(bevolking.inwoners op peildatum)`",
                        number.value
                    )),
            ),
            ExprKind::Call { name, args } => self.call(expr, name, args),
            ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare(..)
            | ExprKind::In { .. }
            | ExprKind::Between { .. }
            | ExprKind::IsEmpty { .. } => {
                let written = echo::text(expr);
                self.fail(
                    Diagnostic::error(
                        "ML209",
                        format!("een berekening geeft een getal, maar {} is ja of nee", echo::shown(expr)),
                    )
                    .at(span)
                    .help(format!("het deel van de rijen waarvoor dit geldt: `percentage({written})`"))
                    .help(format!("of hun aantal: `aantal(waarbij {written})`"))
                    .replace(span, format!("percentage({written})")),
                )
            }
        }
    }

    pub(super) fn fail<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.log.error(diagnostic);
        None
    }

    /// A name outside an aggregate: a parameter, or a column that still has to be summed up.
    fn path(&mut self, path: &Path) -> Option<Formula> {
        let parameters = &self.world.model.parameters;
        let simple = path.segments.len() == 1;
        if simple
            && parameters.binary_search_by(|p| p.name.as_str().cmp(&path.text())).is_ok()
            && self.column(path).is_none()
        {
            let expr = Expr { kind: ExprKind::Path(path.clone()), span: path.span };
            let resolved = Rows::new(self.world, Scope::Constant("een berekening"), self.log).expr(&expr);
            if resolved.ty == Type::Unknown {
                return None;
            }
            let value = constant::fold(&resolved)?;
            if resolved.ty.is_quantity() {
                return Some(number(constant::base(&value, resolved.ty)?, resolved.ty, path.span));
            }
            return self.fail(
                Diagnostic::error(
                    "ML210",
                    format!("`{}` is {}, en daar is niet mee te rekenen", path.text(), resolved.ty.phrase()),
                )
                .at(path.span),
            );
        }
        if let Some(column) = self.column(path) {
            let written = echo::path(path);
            let diagnostic = Diagnostic::error(
                "ML209",
                format!("`{written}` heeft per rij een waarde: hoe worden de rijen samengenomen?"),
            )
            .at(path.span)
            .label(column.ty.word());
            let ty = column.ty;
            if ty == Type::Unknown {
                self.log.poison();
                return None;
            }
            return self.fail(match ty {
                Type::Bool => diagnostic.help(format!("bijvoorbeeld `percentage({written})`")),
                ty if ty.is_quantity() => diagnostic
                    .help(format!("bijvoorbeeld `gemiddelde({written})`, `mediaan({written})` of `som({written})`")),
                _ => diagnostic.help(format!("bijvoorbeeld `aantal_uniek({written})`")),
            });
        }
        if self.uses.iter().any(|u| u.table.is_none_or(|t| self.world.is_incomplete(t))) {
            self.log.poison();
            return None;
        }
        let text = path.text();
        if simple && let Some(near) = self.kpis.ids.keys().find(|k| **k == text) {
            return self.fail(
                Diagnostic::error("ML101", format!("`{text}` is een kpi en geen kolom"))
                    .at(path.span)
                    .help(format!("schrijf `kpi({near})`"))
                    .replace(path.span, format!("kpi({near})")),
            );
        }
        match self.uses {
            [_] => {
                // Reports the unknown column with its nearest name.
                if let Found::Nothing =
                    find(self.world, Scope::Use { uses: self.uses, index: 0, qualified: false }, path, self.log)
                {
                    return None;
                }
                self.fail(Diagnostic::error("ML209", format!("`{text}` is geen aggregatie")).at(path.span))
            }
            _ => self.fail(
                Diagnostic::error("ML101", format!("`{}` is hier niet bekend", echo::path(path))).at(path.span).help(
                    "een berekening bestaat uit aggregaties zoals `aantal()`, `kpi(naam)`, getallen en parameters",
                ),
            ),
        }
    }

    /// The column that a path names in one of the sources.
    fn column(&self, path: &Path) -> Option<&crate::model::Column> {
        let model = self.world.model;
        let index = qualifier(self.world, self.uses, path);
        self.uses.iter().enumerate().find_map(|(i, u)| {
            let table = u.table?;
            let segments = match index {
                Some(found) if found == i && self.uses.len() > 1 => {
                    super::scope::strip(self.world, self.uses, i, path)?
                }
                Some(found) if found != i => return None,
                _ => &path.segments,
            };
            try_column(model, table, segments)
                .or_else(|| try_column(model, table, super::scope::strip(self.world, self.uses, i, path)?))
                .map(|c| model.column(table, &c))
        })
    }

    fn arithmetic(&mut self, a: &Expr, op: &Spanned<ast::Arithmetic>, b: &Expr, span: Span) -> Option<Formula> {
        let (x, y) = (self.formula(a), self.formula(b));
        let (x, y) = (x?, y?);
        let sign = arithmetic(op.value);
        let Some(unit) = unit_of(sign, x.unit, y.unit) else {
            let diagnostic = if x.unit.per.is_none() && y.unit.per.is_none() {
                super::compare::arithmetic_mismatch((a, &typed(&x)), op, (b, &typed(&y)))
            } else {
                Diagnostic::error("ML204", format!("`{}` {} `{}` kan niet", x.unit, op.value.sign(), y.unit))
                    .help("breng beide kanten op dezelfde eenheid")
            };
            return self.fail(diagnostic.at(a.span).label(x.unit.to_string()).also(b.span, y.unit.to_string()));
        };
        Some(Formula { kind: FormulaKind::Binary(sign, Box::new(x), Box::new(y)), unit, span })
    }

    fn per(&mut self, value: &Expr, number: &Spanned<u64>, base: &Expr, span: Span) -> Option<Formula> {
        let (x, y) = (self.formula(value), self.formula(base));
        let (x, y) = (x?, y?);
        if number.value == 0 {
            return self.fail(Diagnostic::error("ML211", "`per 0` heeft geen betekenis").at(number.span));
        }
        let ratio = unit_of(crate::model::expr::Arithmetic::Divide, x.unit, y.unit).map(|unit| unit.ty);
        let (Some(ty), None, None) = (ratio, x.unit.per, y.unit.per) else {
            let message =
                format!("`per {}` deelt door een aantal, niet zo: `{}` per `{}`", number.value, x.unit, y.unit);
            return self.fail(
                Diagnostic::error("ML204", message)
                    .at(value.span)
                    .label(x.unit.to_string())
                    .also(base.span, y.unit.to_string()),
            );
        };
        let unit = Unit { ty, per: Some(number.value) };
        Some(Formula { kind: FormulaKind::Per(Box::new(x), number.value, Box::new(y)), unit, span })
    }

    fn call(&mut self, expr: &Expr, name: &Name, args: &[Arg]) -> Option<Formula> {
        let span = expr.span;
        if name.value == "kpi" {
            return self.other_kpi(args, span);
        }
        if over_time::is_over_time(&name.value) {
            return self.over_time(name, args, span);
        }
        if name.value == "percentage"
            && let Some(Arg::Value { of: Some(whole), .. }) = args.first()
        {
            return self.share(args, whole, span);
        }
        if name.value == "aandeel" {
            return self.portion(name, args, span);
        }
        if aggregate::is_aggregate(&name.value) {
            return self.aggregate(name, args, span);
        }
        if function::is_row_function(&name.value) {
            let written = echo::text(expr);
            let help = if matches!(name.value.as_str(), "tijdig" | "herhaald" | "vervolgd" | "begint_met" | "bevat") {
                format!("bijvoorbeeld `percentage({written})`")
            } else {
                format!("zet het binnen een aggregatie, bijvoorbeeld `gemiddelde({written})`")
            };
            return self.fail(
                Diagnostic::error(
                    "ML209",
                    format!("`{}(…)` geeft per rij een waarde: hoe worden de rijen samengenomen?", name.value),
                )
                .at(span)
                .help(help),
            );
        }
        self.fail(function::unknown_function(name, &over_time::NAMES))
    }

    fn aggregate(&mut self, name: &Name, args: &[Arg], span: Span) -> Option<Formula> {
        if self.uses.is_empty() {
            return if let Some(answer) = self.no_source {
                self.fail(
                    Diagnostic::error(
                        "ML118",
                        format!("`{}(…)` telt over rijen, maar het bronsysteem is `{answer}`", name.value),
                    )
                    .at(span)
                    .help("noem de tabel in `bronsysteem`, bijvoorbeeld `bronsysteem acd.gesprek`")
                    .help("of reken alleen met `kpi(…)`"),
                )
            } else {
                self.log.poison();
                None
            };
        }
        let two_levels = name.value == "aandeel_van_top" || groups::asked(args).is_some();
        let mut found = if two_levels {
            groups::resolve(self, name, args, span)?
        } else {
            aggregate::over_uses(self.world, self.uses, self.axes, name, args, span, self.log)?
        };
        if let Some(weight) = self.weights.get(found.source).and_then(Option::as_ref)
            && let Err(diagnostic) = weight::applied(&mut found, weight)
        {
            return self.fail(*diagnostic);
        }
        let unit = Unit::of(found.ty);
        if !found.ty.is_quantity() {
            return self.fail(
                Diagnostic::error(
                    "ML210",
                    format!("`{}` geeft hier {}, en een kpi is een hoeveelheid", name.value, found.ty.phrase()),
                )
                .at(span)
                .help("een kpi is een aantal, percentage, duur, bedrag, score of aantal dagen"),
            );
        }
        Some(Formula { kind: FormulaKind::Aggregate(Box::new(found)), unit, span })
    }

    /// `percentage(A van B)`
    fn share(&mut self, args: &[Arg], whole: &Expr, span: Span) -> Option<Formula> {
        let [Arg::Value { expr, on: None, filter, per: None, .. }] = args else {
            let extra = args.iter().find_map(|arg| match arg {
                Arg::EmptyCounts { span, .. } => Some(*span),
                _ => None,
            });
            return self.fail(match extra {
                Some(rule) => aggregate::misplaced_empty_rule(rule)
                    .help("zet het bij de voorwaarde zelf: `percentage(voorwaarde, leeg telt …)`"),
                None => Diagnostic::error("ML206", "`percentage(A van B)` heeft verder geen argumenten").at(span),
            });
        };
        if let Some(filter) = filter {
            return self.fail(
                Diagnostic::error("ML206", "bij `percentage(A van B)` hoort `waarbij` binnen A of B")
                    .at(filter.span)
                    .help("bijvoorbeeld `percentage(aantal(waarbij …) van aantal())`"),
            );
        }
        let (x, y) = (self.formula(expr), self.formula(whole));
        let (x, y) = (x?, y?);
        if x.unit.per != y.unit.per || unified(x.unit.ty, y.unit.ty).is_none() {
            return self.fail(
                Diagnostic::error(
                    "ML204",
                    format!("een deel en zijn geheel hebben dezelfde eenheid, niet `{}` van `{}`", x.unit, y.unit),
                )
                .at(expr.span)
                .label(x.unit.to_string())
                .also(whole.span, y.unit.to_string()),
            );
        }
        let kind = FormulaKind::Share(Box::new(x), Box::new(y));
        Some(Formula { kind, unit: Unit::of(Type::Percentage), span })
    }

    /// `aandeel(A)`
    fn portion(&mut self, name: &Name, args: &[Arg], span: Span) -> Option<Formula> {
        let [Arg::Value { expr, on: None, of: None, filter: None, per: None, .. }] = args else {
            let message = "`aandeel` vraagt één aggregatie, met haar eigen `waarbij` binnen haar haakjes";
            return self.fail(
                Diagnostic::error("ML206", message)
                    .at(if args.is_empty() { name.span } else { span })
                    .help("schrijf `aandeel(aantal())` of `aandeel(som(kolom waarbij …))`"),
            );
        };
        let inner = self.formula(expr)?;
        let adds_up = matches!(&inner.kind, FormulaKind::Aggregate(a)
            if a.per.is_none() && matches!(a.func, AggFunc::Count | AggFunc::Sum));
        if !adds_up {
            return self.fail(groups::no_portion(expr));
        }
        Some(Formula { kind: FormulaKind::Portion(Box::new(inner)), unit: Unit::of(Type::Percentage), span })
    }

    fn other_kpi(&mut self, args: &[Arg], span: Span) -> Option<Formula> {
        let [
            Arg::Value {
                expr: Expr { kind: ExprKind::Path(path), .. },
                on: None,
                of: None,
                filter: None,
                per: None,
                ..
            },
        ] = args
        else {
            return self.fail(
                Diagnostic::error("ML206", "`kpi` vraagt de naam van een kpi").at(span).help("schrijf `kpi(naam)`"),
            );
        };
        let name = path.text();
        let Some(ids) = self.kpis.ids.get(name.as_str()) else {
            return self.fail(unknown_kpi(&name, path.span, self.kpis.ids.keys().copied()));
        };
        // The first stands for all versions; which one is meant depends on the period.
        let versions: Vec<&Kpi> = ids.iter().filter_map(|id| self.kpis.done.get(id.0)?.as_ref()).collect();
        let (Some(&id), Some(first)) = (ids.first(), versions.first().filter(|_| versions.len() == ids.len())) else {
            self.log.poison();
            return None;
        };
        let Some(kpi) = versions.iter().find(|k| k.formula().is_some()) else {
            let message = format!("`{name}` is niet meetbaar: er is geen waarde om mee te rekenen");
            return self.fail(
                Diagnostic::error("ML210", message).at(path.span).also(first.calculation_span, "hier staat `geen`"),
            );
        };
        Some(Formula { kind: FormulaKind::Kpi(id), unit: kpi.unit, span })
    }
}

/// A KPI that does not exist, with the nearest name.
pub(super) fn unknown_kpi<'a>(name: &str, span: Span, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let diagnostic = Diagnostic::error("ML105", format!("kpi `{name}` bestaat niet")).at(span);
    match suggest::nearest(name, known) {
        Some(near) => suggested(diagnostic, span, near),
        None => diagnostic.help("staat zijn bestand in `definities:` van meetlat.yaml, of achter `gebruik`?"),
    }
}

fn number(value: f64, ty: Type, span: Span) -> Formula {
    Formula { kind: FormulaKind::Number(value), unit: Unit::of(ty), span }
}

/// A formula as an expression of its type, for the words of messages.
fn typed(formula: &Formula) -> RowExpr {
    RowExpr { kind: RowKind::Peilmoment, ty: formula.unit.ty, span: formula.span }
}

/// The unit of `a op b`.
fn unit_of(op: crate::model::expr::Arithmetic, a: Unit, b: Unit) -> Option<Unit> {
    use crate::model::expr::Arithmetic::{Add, Divide, Multiply, Subtract};
    let ty = arithmetic_type(op, a.ty, b.ty).or_else(|| days_by_number(op, a.ty, b.ty))?;
    let per = match (op, a.per, b.per) {
        (_, None, None) => None,
        (Add | Subtract, x, y) if x == y => x,
        (Multiply, Some(n), None) if b.ty.is_plain_number() => Some(n),
        (Multiply, None, Some(n)) if a.ty.is_plain_number() => Some(n),
        (Divide, Some(n), None) if b.ty.is_plain_number() => Some(n),
        (Divide, Some(x), Some(y)) if x == y => None,
        _ => return None,
    };
    Some(Unit { ty, per })
}

/// In a formula days are no longer whole (a mean), so they may be multiplied and divided by any number.
fn days_by_number(op: crate::model::expr::Arithmetic, a: Type, b: Type) -> Option<Type> {
    use crate::model::expr::Arithmetic::{Divide, Multiply};
    let days = |ty| matches!(ty, Type::Days | Type::Workdays);
    match op {
        Multiply | Divide if days(a) && b.is_plain_number() => Some(a),
        Multiply if a.is_plain_number() && days(b) => Some(b),
        _ => None,
    }
}
