//! Row expressions: from the syntax tree to typed expressions over one row.
//!
//! Every function gives an expression; after a mistake it is [`Rows::nothing`], of the type that fits everything, so that
//! one mistake gives one message.

use crate::diagnostic::Diagnostic;
use crate::model::expr::{Arithmetic, Comparison, arithmetic_type};
use crate::model::{Aggregate, ColumnKind, ColumnRef, Count, RowExpr, RowKind, TableId, Type, Value, text};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Expr, ExprKind, Path};

use super::scope::{Found, Log, Scope, World, find};
use super::{compare, constant, echo, literal};

/// Deeper expressions are refused; the reader's own limit lies lower.
const DEPTH: usize = 400;

/// Resolves expressions in one scope.
pub(super) struct Rows<'a, 'l> {
    pub world: World<'a>,
    pub scope: Scope<'a>,
    pub log: &'a mut Log<'l>,
    /// In a derived table: the aggregates that were found inside the expression, to become columns of their own, and
    /// the index that the first of them will have.
    pub lifted: Vec<Aggregate>,
    pub first_lifted: usize,
    /// In a column of a table: the counts of rows that point here, each with the index that it will have. None where such
    /// a count cannot stand.
    pub counts: Option<Vec<(usize, Count)>>,
    depth: usize,
}

impl<'a, 'l> Rows<'a, 'l> {
    pub fn new(world: World<'a>, scope: Scope<'a>, log: &'a mut Log<'l>) -> Self {
        Self { world, scope, log, lifted: Vec::new(), first_lifted: 0, counts: None, depth: 0 }
    }

    /// What stands for an expression that could not be resolved.
    pub fn nothing(&mut self, span: Span) -> RowExpr {
        self.log.poison();
        RowExpr { kind: RowKind::Constant(Value::Empty), ty: Type::Unknown, span }
    }

    pub fn error(&mut self, diagnostic: Diagnostic, span: Span) -> RowExpr {
        self.log.error(diagnostic);
        self.nothing(span)
    }

    /// An expression of any type.
    pub fn expr(&mut self, expr: &Expr) -> RowExpr {
        if self.depth >= DEPTH {
            let message = "deze uitdrukking is te diep genest";
            return self.error(Diagnostic::error("ML218", message).at(expr.span), expr.span);
        }
        self.depth += 1;
        let resolved = self.expr_inner(expr);
        self.depth -= 1;
        resolved
    }

    fn expr_inner(&mut self, expr: &Expr) -> RowExpr {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(value) => match literal::literal(value, span, self.world.model.zone) {
                Ok((value, ty)) => RowExpr { kind: RowKind::Constant(value), ty, span },
                Err(diagnostic) => self.error(*diagnostic, span),
            },
            ExprKind::Path(path) => self.path(path),
            ExprKind::Not(x) => {
                let x = self.condition(x);
                RowExpr { kind: RowKind::Not(Box::new(x)), ty: Type::Bool, span }
            }
            ExprKind::Negate(x) => self.negate(x, span),
            ExprKind::And(list) => {
                let list = list.iter().map(|x| self.condition(x)).collect();
                RowExpr { kind: RowKind::And(list), ty: Type::Bool, span }
            }
            ExprKind::Or(list) => {
                let list = list.iter().map(|x| self.condition(x)).collect();
                RowExpr { kind: RowKind::Or(list), ty: Type::Bool, span }
            }
            ExprKind::Compare(a, op, b) => self.comparison(a, comparison(op.value), b, span),
            ExprKind::Arithmetic(a, op, b) => self.arithmetic(a, op, b, span),
            ExprKind::In { value, negated, list } => {
                let found = self.in_list(value, list, span);
                negate(found, *negated)
            }
            ExprKind::Between { value, negated, low, high } => {
                let low = self.comparison(value, Comparison::GreaterEqual, low, span);
                if low.ty == Type::Unknown {
                    return low;
                }
                let high = self.comparison(value, Comparison::LessEqual, high, span);
                let both = RowExpr { kind: RowKind::And(vec![low, high]), ty: Type::Bool, span };
                negate(both, *negated)
            }
            ExprKind::IsEmpty { value, filled } => {
                let value = self.expr(value);
                RowExpr { kind: RowKind::Filled(Box::new(value), *filled), ty: Type::Bool, span }
            }
            ExprKind::Call { name, args } => self.call(name, args, span),
            ExprKind::Per { number, .. } => {
                let diagnostic = Diagnostic::error(
                    "ML209",
                    format!("`per {}` hoort bij een telling, niet bij één rij", number.value),
                )
                .at(span)
                .help(format!("zet het buiten de aggregatie: `aantal(…) per {} aantal(…)`", number.value));
                self.error(diagnostic, span)
            }
        }
    }

    /// An expression that must be `ja_nee`.
    pub fn condition(&mut self, expr: &Expr) -> RowExpr {
        let resolved = self.expr(expr);
        match resolved.ty {
            Type::Bool => resolved,
            Type::Unknown => self.nothing(expr.span),
            ty => {
                let mut diagnostic = Diagnostic::error(
                    "ML205",
                    format!("hier hoort een voorwaarde, maar {} is {}", echo::shown(expr), ty.phrase()),
                )
                .at(expr.span)
                .label(self.described(&resolved));
                diagnostic = match ty {
                    Type::Text => diagnostic.help(format!("vergelijk met een tekst: `{} = \"…\"`", echo::text(expr))),
                    _ if matches!(expr.kind, ExprKind::Literal(_)) => diagnostic
                        .help("herhaal wat u vergelijkt: `loket = 1 of loket = 2`, of kort: `loket in (1, 2)`"),
                    _ => diagnostic
                        .help(format!("vergelijk met een waarde, bijvoorbeeld `{} is gevuld`", echo::text(expr))),
                };
                self.error(diagnostic, expr.span)
            }
        }
    }

    fn path(&mut self, path: &Path) -> RowExpr {
        let span = path.span;
        match find(self.world, self.scope, path, self.log) {
            Found::Nothing => self.nothing(span),
            Found::Peilmoment => RowExpr { kind: RowKind::Peilmoment, ty: Type::Moment, span },
            Found::Column(column) => self.column(column, span),
            Found::Parameter(index) => self.parameter(index, span),
        }
    }

    /// A column as an expression; one without a known type was reported.
    pub fn column(&mut self, column: ColumnRef, span: Span) -> RowExpr {
        let Some(table) = self.scope.table() else { return self.nothing(span) };
        match self.world.model.column(table, &column).ty {
            Type::Unknown => self.nothing(span),
            ty => RowExpr { kind: RowKind::Column(column), ty, span },
        }
    }

    fn parameter(&mut self, index: usize, span: Span) -> RowExpr {
        let Some(parameter) = self.world.model.parameters.get(index) else { return self.nothing(span) };
        match (&parameter.value, parameter.ty) {
            (_, Type::Unknown) => self.nothing(span),
            (Some(value), ty) => RowExpr { kind: RowKind::Constant(value.clone()), ty, span },
            (None, _) => {
                let name = &parameter.name;
                let diagnostic = Diagnostic::error("ML107", format!("parameter `{name}` heeft nog geen waarde"))
                    .at(span)
                    .also(parameter.span, "hier staat hij, zonder waarde")
                    .help(format!("zet hem in meetlat.yaml onder `parameters:` als `{name}: …`"))
                    .help(format!("of geef hem mee met `--param {name}=…`"));
                self.error(diagnostic, span)
            }
        }
    }

    fn negate(&mut self, inner: &Expr, span: Span) -> RowExpr {
        let x = self.expr(inner);
        if x.ty == Type::Unknown {
            return self.nothing(span);
        }
        if !x.ty.is_quantity() {
            let diagnostic = Diagnostic::error("ML204", format!("`-` kan niet voor {}", x.ty.phrase()))
                .at(span)
                .label(self.described(&x));
            return self.error(diagnostic, span);
        }
        let ty = if matches!(x.ty, Type::Score(..)) { Type::Number } else { x.ty };
        let negated = RowExpr { kind: RowKind::Negate(Box::new(x)), ty, span };
        folded(negated)
    }

    fn arithmetic(&mut self, a: &Expr, op: &Spanned<ast::Arithmetic>, b: &Expr, span: Span) -> RowExpr {
        if let Some(moved) = self.moved_by_months(a, op, b, span) {
            return moved;
        }
        let (x, y) = (self.expr(a), self.expr(b));
        if let Some(moved) = self.moved((a, &x), op, (b, &y), span) {
            return moved;
        }
        let sign = arithmetic(op.value);
        match arithmetic_type(sign, x.ty, y.ty) {
            Some(Type::Unknown) => self.nothing(span),
            Some(ty) => {
                let both = RowExpr { kind: RowKind::Arithmetic(sign, Box::new(x), Box::new(y)), ty, span };
                folded(both)
            }
            None => {
                let (left, right) = (self.described(&x), self.described(&y));
                let diagnostic =
                    compare::arithmetic_mismatch((a, &x), op, (b, &y)).at(a.span).label(left).also(b.span, right);
                self.error(diagnostic, span)
            }
        }
    }

    fn comparison(&mut self, a: &Expr, op: Comparison, b: &Expr, span: Span) -> RowExpr {
        let (x, y) = (self.expr(a), self.expr(b));
        if x.ty == Type::Unknown || y.ty == Type::Unknown {
            return self.nothing(span);
        }
        if let Some(diagnostic) = compare::mismatch((a, &x), op, (b, &y)) {
            let (left, right) = (self.described(&x), self.described(&y));
            return self.error(diagnostic.at(a.span).label(left).also(b.span, right), span);
        }
        RowExpr { kind: RowKind::Compare(op, Box::new(x), Box::new(y)), ty: Type::Bool, span }
    }

    fn in_list(&mut self, value: &Expr, list: &[Expr], span: Span) -> RowExpr {
        let subject = self.expr(value);
        let mut values = Vec::new();
        let mut whole = subject.ty != Type::Unknown;
        for item in list {
            let resolved = self.expr(item);
            if resolved.ty == Type::Unknown || subject.ty == Type::Unknown {
                whole = false;
                continue;
            }
            if let Some(diagnostic) = compare::mismatch((value, &subject), Comparison::Equal, (item, &resolved)) {
                let (left, right) = (self.described(&subject), self.described(&resolved));
                self.log.error(diagnostic.at(value.span).label(left).also(item.span, right));
                whole = false;
                // The other items are probably the same mistake.
                break;
            }
            if let Some(constant) = constant::fold(&resolved) {
                values.push(constant::coerce(&constant, resolved.ty, subject.ty).unwrap_or(constant));
            } else {
                self.log.error(
                    Diagnostic::error("ML212", format!("{} is geen vaste waarde", echo::shown(item)))
                        .at(item.span)
                        .help(
                            "tussen de haakjes van `in` staan vaste waarden en parameters; gebruik anders `=` en `of`",
                        ),
                );
                whole = false;
            }
        }
        if whole {
            RowExpr { kind: RowKind::In(Box::new(subject), values), ty: Type::Bool, span }
        } else {
            self.nothing(span)
        }
    }

    /// `duur (opgenomen - laatste_keuze)`: the type, and for a computed column how it is computed.
    pub fn described(&self, expr: &RowExpr) -> String {
        let word = match expr.ty {
            Type::Integer | Type::Number => "getal zonder eenheid",
            ty => ty.word(),
        };
        if let (RowKind::Column(column), Some(table)) = (&expr.kind, self.scope.table()) {
            let model = self.world.model;
            let at: TableId = model.target(table, &column.via);
            // An aggregate that was lifted out of this expression is no column yet.
            let known = model.table(at).columns.get(column.column);
            if let Some(ColumnKind::Computed(definition)) = known.map(|c| &c.kind) {
                return format!("{word} ({})", text::expr(model, at, definition));
            }
        }
        word.to_owned()
    }
}

/// An expression of constants as the constant that it is.
pub(super) fn folded(expr: RowExpr) -> RowExpr {
    match constant::fold(&expr) {
        Some(value) => RowExpr { kind: RowKind::Constant(value), ..expr },
        None => expr,
    }
}

fn negate(expr: RowExpr, negated: bool) -> RowExpr {
    if !negated || expr.ty == Type::Unknown {
        return expr;
    }
    let span = expr.span;
    RowExpr { kind: RowKind::Not(Box::new(expr)), ty: Type::Bool, span }
}

/// The common type of alternatives (`als`, `eerste_gevuld`, `kleinste`), if there is one.
pub(super) fn unified(a: Type, b: Type) -> Option<Type> {
    match (a, b) {
        (Type::Unknown, other) | (other, Type::Unknown) => Some(other),
        _ if a == b => Some(a),
        _ => (a.is_plain_number() && b.is_plain_number()).then_some(Type::Number),
    }
}

/// An expression in the physical form of a common type: whole numbers beside others become floats.
pub(super) fn as_type(expr: RowExpr, ty: Type) -> RowExpr {
    if expr.ty != Type::Integer || ty == Type::Integer {
        return expr;
    }
    let span = expr.span;
    if let RowKind::Constant(value) = &expr.kind
        && let Some(value) = constant::coerce(value, expr.ty, ty)
    {
        return RowExpr { kind: RowKind::Constant(value), ty, span };
    }
    let one = RowExpr { kind: RowKind::Constant(Value::Float(1.0)), ty: Type::Number, span };
    RowExpr { kind: RowKind::Arithmetic(Arithmetic::Multiply, Box::new(expr), Box::new(one)), ty, span }
}

/// The model's word for a comparison.
pub(super) fn comparison(op: ast::Comparison) -> Comparison {
    match op {
        ast::Comparison::Equal => Comparison::Equal,
        ast::Comparison::NotEqual => Comparison::NotEqual,
        ast::Comparison::Less => Comparison::Less,
        ast::Comparison::LessEqual => Comparison::LessEqual,
        ast::Comparison::Greater => Comparison::Greater,
        ast::Comparison::GreaterEqual => Comparison::GreaterEqual,
    }
}

/// The model's word for an operation.
pub(super) fn arithmetic(op: ast::Arithmetic) -> Arithmetic {
    match op {
        ast::Arithmetic::Add => Arithmetic::Add,
        ast::Arithmetic::Subtract => Arithmetic::Subtract,
        ast::Arithmetic::Multiply => Arithmetic::Multiply,
        ast::Arithmetic::Divide => Arithmetic::Divide,
    }
}
