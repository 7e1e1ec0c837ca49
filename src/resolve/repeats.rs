//! `herhaald(…)` and `vervolgd(…)`: what identifies a row, how far it looks, and whether it may look here at all.

use crate::diagnostic::Diagnostic;
use crate::model::expr::{Direction, Repeats, Window};
use crate::model::{ColumnRef, RowExpr, RowKind, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{Arg, Expr, Name};

use super::expr::Rows;
use super::scope::{Scope, Seen};
use super::{compare, constant, echo, source_use};

/// The direction that a function's name means.
pub(super) fn direction(word: &str) -> Option<Direction> {
    [Direction::Earlier, Direction::Later].into_iter().find(|d| d.word() == word)
}

impl Rows<'_, '_> {
    pub(super) fn repeats(&mut self, direction: Direction, name: &Name, args: &[Arg], span: Span) -> RowExpr {
        let Some(seen) = self.seen(name, span) else { return self.nothing(span) };
        let (windows, keys): (Vec<&Arg>, Vec<&Arg>) = args.iter().partition(|arg| matches!(arg, Arg::Within { .. }));
        if keys.is_empty() || windows.len() > 1 {
            return self.wrong_count(name, span);
        }
        let window = windows.first().and_then(|arg| if let Arg::Within { expr, .. } = arg { Some(expr) } else { None });
        let Some(keys) = self.plain_arguments(name, keys) else { return self.nothing(span) };
        let keys: Vec<Option<RowExpr>> = keys.into_iter().map(|key| self.key(name, key)).collect();
        let Some(window) = window else {
            if keys.iter().any(Option::is_none) {
                return self.nothing(span);
            }
            return self.no_window(name, span);
        };
        let Some(axis) = self.axis(&seen, span) else { return self.nothing(span) };
        let window = self.window(name, window, &axis);
        match (keys.into_iter().collect::<Option<Vec<_>>>(), window) {
            (Some(keys), Some(window)) => {
                let repeats = Repeats { direction, keys, window, axis, population: seen.population };
                RowExpr { kind: RowKind::Repeats(Box::new(repeats)), ty: Type::Bool, span }
            }
            _ => self.nothing(span),
        }
    }

    /// What the rows here see of each other; nothing where they see nothing (reported).
    fn seen(&mut self, name: &Name, span: Span) -> Option<Seen> {
        let word = &name.value;
        let here = match self.scope {
            Scope::Use { uses, index, .. } => {
                let used = uses.get(index)?;
                if let Some(seen) = &used.seen {
                    return Some(seen.clone());
                }
                "de `waarbij` van het bronsysteem zegt juist welke rijen elkaar zien"
            }
            Scope::Table(_) | Scope::Derived { .. } => "een tabel weet niet op welk meetmoment en over welke rijen",
            Scope::Groups(_) => {
                "het gaat hier om groepen; zet het in een aggregatie van hun rijen of los achter `waarbij`"
            }
            Scope::Constant(_) => "hier is geen rij",
        };
        let diagnostic = Diagnostic::error("ML237", format!("`{word}(…)` kan hier niet: {here}"))
            .at(span)
            .help(format!("gebruik `{word}(…)` in de berekening van een kpi, bijvoorbeeld `percentage({word}(…))`"))
            .help(format!("alleen sommige rijen tellen kan daar ook: `aantal(waarbij niet {word}(…))`"));
        self.log.error(diagnostic);
        None
    }

    fn key(&mut self, name: &Name, arg: &Expr) -> Option<RowExpr> {
        let key = self.expr(arg);
        let mut nested = None;
        key.walk(&mut |part| {
            if matches!(part.kind, RowKind::Repeats(_)) {
                nested = Some(part.span);
            }
        });
        if let Some(span) = nested {
            let message = format!("de sleutel van `{}` kan zelf niet naar andere rijen kijken", name.value);
            self.log
                .error(Diagnostic::error("ML237", message).at(span).help("noem de kolom die zegt wie of wat het is"));
            return None;
        }
        match key.ty {
            Type::Unknown => None,
            Type::Text | Type::Bool | Type::Integer | Type::Date | Type::Days | Type::Workdays => Some(key),
            ty => {
                let label = self.described(&key);
                self.log.error(
                    Diagnostic::error("ML207", format!("{} is {} en geen sleutel", echo::shown(arg), ty.phrase()))
                        .at(arg.span)
                        .label(label)
                        .help(format!(
                            "een sleutel zegt wie of wat er terugkomt: `{}(beller, binnen 7 dagen)`",
                            name.value
                        )),
                );
                None
            }
        }
    }

    fn no_window(&mut self, name: &Name, span: Span) -> RowExpr {
        let before_bracket = span.end.saturating_sub(1).max(span.start);
        let at = Span { start: before_bracket, end: before_bracket, ..span };
        let diagnostic = Diagnostic::error("ML236", format!("`{}` zegt niet hoe ver er gekeken wordt", name.value))
            .at(span)
            .help("zet er `, binnen 7 dagen` achter")
            .replace(at, ", binnen 7 dagen");
        self.error(diagnostic, span)
    }

    /// The moment of a row, on which the table's key breaks ties.
    fn axis(&mut self, seen: &Seen, span: Span) -> Option<RowExpr> {
        let table = self.scope.table()?;
        let this = self.world.model.table(table);
        if self.world.is_incomplete(table) {
            self.log.poison();
            return None;
        }
        let Some(axis) = &seen.axis else {
            let Scope::Use { uses, index, .. } = self.scope else { return None };
            let told = uses.get(index).and_then(|u| source_use::no_axis(self.world, u, uses.len() > 1, seen.span));
            if let Some(diagnostic) = told {
                self.log.error(diagnostic);
            }
            self.log.poison();
            return None;
        };
        if this.key.is_empty() {
            let message =
                format!("`{}` heeft geen sleutel: welke van twee rijen van één moment is de eerste?", this.full_name());
            self.log.error(
                Diagnostic::error("ML125", message)
                    .at(span)
                    .also(this.span, "hier staat de tabel")
                    .help("zet `sleutel` achter de kolom die elke rij haar eigen nummer geeft"),
            );
            return None;
        }
        let ty = self.world.model.column(table, axis).ty;
        Some(RowExpr { kind: RowKind::Column(ColumnRef { ..axis.clone() }), ty, span })
    }

    /// The window as a constant: calendar days, or a length of time where the axis has hours.
    fn window(&mut self, name: &Name, written: &Expr, axis: &RowExpr) -> Option<Window> {
        let before = self.log.broken;
        let found = Rows::new(self.world, Scope::Constant("een venster"), self.log).expr(written);
        if found.ty == Type::Unknown {
            return None;
        }
        let value = constant::fold(&found);
        let shown = echo::shown(written);
        let bad = |message: String| Diagnostic::error("ML236", message).at(written.span);
        let diagnostic = match (value, found.ty) {
            (Some(Value::Int(n)), Type::Days) if n >= 0 => return Some(Window::Days(n)),
            (Some(Value::Int(n)), Type::Duration) if n > 0 && axis.ty == Type::Moment => {
                return Some(Window::Micros(n));
            }
            (Some(Value::Int(n)), Type::Duration) if n > 0 => {
                bad(format!("{shown} is een duur, maar het meetmoment is een datum zonder tijd"))
                    .help("schrijf het venster in dagen: `binnen 7 dagen`")
            }
            (Some(Value::Int(_)), Type::Days | Type::Duration) => bad(format!(
                "{shown} is geen venster: het reikt nergens"
            ))
            .help(format!("`{}` kijkt zelf de goede kant op; schrijf bijvoorbeeld `binnen 7 dagen`", name.value)),
            (_, Type::Workdays) => bad(format!("{shown} telt werkdagen, en een venster telt kalenderdagen of uren"))
                .help("schrijf bijvoorbeeld `binnen 7 dagen`"),
            _ => {
                let diagnostic = bad(format!("{shown} is geen venster: dagen of uren?"));
                match compare::bare_number(written) {
                    Some(n) => {
                        let fixed = format!("{n} dagen");
                        diagnostic.help(format!("schrijf `{fixed}`")).replace(written.span, fixed)
                    }
                    None => diagnostic.help("schrijf een vaste tijd: `binnen 7 dagen` of `binnen 24 uur`"),
                }
            }
        };
        self.log.broken = before;
        self.log.error(diagnostic);
        None
    }
}
