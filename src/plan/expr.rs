//! Row expressions as DataFusion expressions: three-valued logic, arithmetic by type. It knows one table's rows, as
//! [`Tables::rows`](super::table::Tables::rows) gives them; not sources, periods or aggregates.

use arrow::datatypes::DataType;
use datafusion::common::{Column, Result, ScalarValue, plan_err};
use datafusion::logical_expr::{Expr, Operator, binary_expr, cast, when};

use super::functions::{Operation, Part, Working, calculate, is_text, local_part, member_of, months_after, working};
use super::repeats::Known;
use crate::measure::lower::{Lowered, lower};
use crate::model::expr::{Arithmetic, Comparison, RowFunction};
use crate::model::table::Origin;
use crate::model::{CalendarId, ColumnKind, ColumnRef, Model, RowExpr, RowKind, TableId, Type, Value};

/// The Arrow type of a language type inside the engine.
#[must_use]
pub fn physical(ty: Type) -> DataType {
    match ty {
        Type::Text => DataType::Utf8View,
        Type::Bool => DataType::Boolean,
        Type::Integer | Type::Days | Type::Workdays | Type::Date | Type::Moment | Type::Duration | Type::Money => {
            DataType::Int64
        }
        Type::Number | Type::Score(..) | Type::Percentage | Type::PercentPoint => DataType::Float64,
        Type::Unknown => DataType::Null,
    }
}

/// The name that a column has in a table's rows: `c3`, or `v1_4_c3` through relation columns 1 and 4. Free of the
/// author's words, so that no name can clash or need quoting.
#[must_use]
pub fn column_name(reference: &ColumnRef) -> String {
    let mut name = if reference.via.is_empty() { String::new() } else { "v".to_owned() };
    for hop in &reference.via {
        name += &format!("{hop}_");
    }
    name + &format!("c{}", reference.column)
}

/// A column of the engine's own naming.
#[must_use]
pub fn named(name: impl Into<String>) -> Expr {
    Expr::Column(Column::from_name(name))
}

/// Minus zero as zero, so that floats that are equal compare and group as equal.
#[must_use]
pub fn plain_zero(expr: Expr) -> Expr {
    if matches!(expr, Expr::Literal(..)) { expr } else { binary_expr(expr, Operator::Plus, float_literal(0.0)) }
}

#[must_use]
pub fn bool_literal(value: bool) -> Expr {
    literal(ScalarValue::Boolean(Some(value)))
}

#[must_use]
pub fn int_literal(value: i64) -> Expr {
    literal(ScalarValue::Int64(Some(value)))
}

#[must_use]
pub fn float_literal(value: f64) -> Expr {
    literal(ScalarValue::Float64(Some(value)))
}

fn literal(value: ScalarValue) -> Expr {
    Expr::Literal(value, None)
}

/// A text and the constant that it is compared with, where one side is a constant.
fn text_and_constant<'e>(a: &'e RowExpr, b: &'e RowExpr) -> Option<(&'e RowExpr, &'e str)> {
    match (&a.kind, &b.kind) {
        (_, RowKind::Constant(Value::Text(text))) if a.ty == Type::Text => Some((a, text)),
        (RowKind::Constant(Value::Text(text)), _) if b.ty == Type::Text => Some((b, text)),
        _ => None,
    }
}

/// The conjunction, as a tree of little depth; none of none.
#[must_use]
pub fn all_of(list: Vec<Expr>) -> Option<Expr> {
    joined(list, Operator::And)
}

/// The rows of one table, as expressions see them.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub model: &'a Model,
    pub table: TableId,
    /// µs UTC
    pub peilmoment: i64,
    /// What rows have been found to see of each other.
    pub repeats: &'a [Known],
}

impl Scope<'_> {
    /// An expression in the table's plain columns and its relations: computed columns filled in, `tijdig` and
    /// `peilmoment` lowered, spans dropped.
    #[must_use]
    pub fn ready(&self, expr: &RowExpr) -> Lowered {
        lower(&self.inlined(expr), self.model.zone, self.peilmoment)
    }

    /// The name of a column: in groups also that of their table, as several tables of groups meet in one plan.
    pub(super) fn column_name(&self, reference: &ColumnRef) -> String {
        let name = column_name(reference);
        match self.model.table(self.table).origin {
            Origin::Groups { .. } => format!("g{}_{name}", self.table.0),
            _ => name,
        }
    }

    /// The expression that is a column of this table.
    #[must_use]
    pub fn own(&self, column: usize, like: &RowExpr) -> RowExpr {
        let reference = ColumnRef::own(column);
        let ty = self.model.column(self.table, &reference).ty;
        RowExpr { kind: RowKind::Column(reference), ty, span: like.span }
    }

    fn inlined(&self, expr: &RowExpr) -> RowExpr {
        let one = |x: &RowExpr| Box::new(self.inlined(x));
        let list = |list: &[RowExpr]| list.iter().map(|x| self.inlined(x)).collect();
        let kind = match &expr.kind {
            RowKind::Column(reference) if reference.via.is_empty() => {
                if let ColumnKind::Computed(inner) = &self.model.column(self.table, reference).kind {
                    return self.inlined(inner);
                }
                expr.kind.clone()
            }
            RowKind::Column(_) | RowKind::Constant(_) | RowKind::Peilmoment => expr.kind.clone(),
            RowKind::Not(x) => RowKind::Not(one(x)),
            RowKind::Negate(x) => RowKind::Negate(one(x)),
            RowKind::And(parts) => RowKind::And(list(parts)),
            RowKind::Or(parts) => RowKind::Or(list(parts)),
            RowKind::Compare(op, a, b) => RowKind::Compare(*op, one(a), one(b)),
            RowKind::Arithmetic(op, a, b) => RowKind::Arithmetic(*op, one(a), one(b)),
            RowKind::In(x, values) => RowKind::In(one(x), values.clone()),
            RowKind::Filled(x, filled) => RowKind::Filled(one(x), *filled),
            RowKind::If(condition, a, b) => RowKind::If(one(condition), one(a), one(b)),
            RowKind::Coalesce(parts) => RowKind::Coalesce(list(parts)),
            RowKind::Function(function, args) => RowKind::Function(*function, list(args)),
            RowKind::Timely { done, due } => RowKind::Timely { done: one(done), due: one(due) },
            RowKind::Member(id, level, x) => RowKind::Member(*id, *level, one(x)),
            RowKind::Repeats(repeats) => RowKind::Repeats(Box::new(repeats.map(|x| self.inlined(x)))),
        };
        RowExpr { kind, ty: expr.ty, span: expr.span }
    }

    /// A ready expression over the table's rows, in the physical form of its type.
    ///
    /// # Errors
    /// When the expression breaks the model's promises (types, lowering): a fault of ours, not of the user.
    pub fn expr(&self, expr: &RowExpr) -> Result<Expr> {
        Ok(match &expr.kind {
            RowKind::Column(reference) => named(self.column_name(reference)),
            RowKind::Constant(value) => constant(value, &physical(expr.ty))?,
            RowKind::Peilmoment => int_literal(self.peilmoment),
            RowKind::Not(x) => Expr::Not(Box::new(self.cast(x, &DataType::Boolean)?)),
            RowKind::Negate(x) => Expr::Negative(Box::new(self.expr(x)?)),
            RowKind::And(list) => self.logic(list, Operator::And)?,
            RowKind::Or(list) => self.logic(list, Operator::Or)?,
            RowKind::Compare(op, a, b) => self.compare(*op, a, b)?,
            RowKind::Arithmetic(op, a, b) => self.arithmetic(*op, a, b, expr.ty)?,
            RowKind::In(x, values) => self.within(x, values)?,
            RowKind::Filled(x, true) => Expr::IsNotNull(Box::new(self.expr(x)?)),
            RowKind::Filled(x, false) => Expr::IsNull(Box::new(self.expr(x)?)),
            RowKind::If(condition, a, b) => {
                let ty = physical(expr.ty);
                when(self.cast(condition, &DataType::Boolean)?, self.cast(a, &ty)?).otherwise(self.cast(b, &ty)?)?
            }
            RowKind::Coalesce(list) => {
                let ty = physical(expr.ty);
                let list = list.iter().map(|x| self.cast(x, &ty)).collect::<Result<Vec<_>>>()?;
                datafusion::functions::core::expr_fn::coalesce(list)
            }
            RowKind::Function(function, args) => self.function(*function, args, expr.ty)?,
            RowKind::Member(id, level, x) => {
                member_of(self.model.dimension(*id), *level, self.cast(x, &DataType::Utf8View)?)
            }
            RowKind::Timely { .. } => return plan_err!("a condition in time that was not lowered"),
            RowKind::Repeats(repeats) => super::repeats::answer(self, repeats)?,
        })
    }

    /// The expression as another physical type.
    pub(super) fn cast(&self, expr: &RowExpr, ty: &DataType) -> Result<Expr> {
        if let RowKind::Constant(value) = &expr.kind {
            return constant(value, ty);
        }
        let own = physical(expr.ty);
        let inner = self.expr(expr)?;
        Ok(if own == *ty || *ty == DataType::Null { inner } else { cast(inner, ty.clone()) })
    }

    fn logic(&self, list: &[RowExpr], op: Operator) -> Result<Expr> {
        let parts = list.iter().map(|x| self.cast(x, &DataType::Boolean)).collect::<Result<Vec<_>>>()?;
        Ok(joined(parts, op).unwrap_or_else(|| bool_literal(op == Operator::And)))
    }

    fn compare(&self, op: Comparison, a: &RowExpr, b: &RowExpr) -> Result<Expr> {
        if let (Comparison::Equal | Comparison::NotEqual, Some((value, text))) = (op, text_and_constant(a, b)) {
            let same = is_text(self.expr(value)?, vec![text.to_owned()]);
            return Ok(if op == Comparison::Equal { same } else { Expr::Not(Box::new(same)) });
        }
        let op = match op {
            Comparison::Equal => Operator::Eq,
            Comparison::NotEqual => Operator::NotEq,
            Comparison::Less => Operator::Lt,
            Comparison::LessEqual => Operator::LtEq,
            Comparison::Greater => Operator::Gt,
            Comparison::GreaterEqual => Operator::GtEq,
        };
        let ty = common(&physical(a.ty), &physical(b.ty));
        let (a, b) = (self.cast(a, &ty)?, self.cast(b, &ty)?);
        Ok(if ty == DataType::Float64 { binary_expr(plain_zero(a), op, plain_zero(b)) } else { binary_expr(a, op, b) })
    }

    fn within(&self, x: &RowExpr, values: &[Value]) -> Result<Expr> {
        let texts = values.iter().map(|v| if let Value::Text(text) = v { Some(text.clone()) } else { None });
        if let (Type::Text, Some(texts)) = (x.ty, texts.collect()) {
            return Ok(is_text(self.expr(x)?, texts));
        }
        let own = physical(x.ty);
        let floats = values.iter().any(|v| matches!(v, Value::Float(_)));
        let ty = if floats && own == DataType::Int64 { DataType::Float64 } else { own };
        let list = values.iter().map(|v| constant(v, &ty)).collect::<Result<Vec<_>>>()?;
        let x = self.cast(x, &ty)?;
        let x = if ty == DataType::Float64 { plain_zero(x) } else { x };
        Ok(x.in_list(list, false))
    }

    /// By the physical forms of both sides and of the result.
    fn arithmetic(&self, op: Arithmetic, a: &RowExpr, b: &RowExpr, ty: Type) -> Result<Expr> {
        use DataType::{Float64, Int64};
        let plain = match op {
            Arithmetic::Add => Some(Operator::Plus),
            Arithmetic::Subtract => Some(Operator::Minus),
            Arithmetic::Multiply => Some(Operator::Multiply),
            Arithmetic::Divide => None,
        };
        if physical(ty) != Int64 {
            let (a, b) = (self.cast(a, &Float64)?, self.cast(b, &Float64)?);
            return Ok(match plain {
                Some(op) => binary_expr(a, op, b),
                None => calculate(Operation::Divide, vec![a, b]),
            });
        }
        let float = |x: &RowExpr| physical(x.ty) == Float64;
        Ok(match (plain, float(a), float(b)) {
            (Some(op), false, false) => binary_expr(self.cast(a, &Int64)?, op, self.cast(b, &Int64)?),
            (Some(Operator::Multiply), false, true) => {
                calculate(Operation::MultiplyIntByFloat, vec![self.cast(a, &Int64)?, self.expr(b)?])
            }
            (Some(Operator::Multiply), true, false) => {
                calculate(Operation::MultiplyIntByFloat, vec![self.cast(b, &Int64)?, self.expr(a)?])
            }
            (None, false, false) => calculate(Operation::DivideInt, vec![self.cast(a, &Int64)?, self.cast(b, &Int64)?]),
            (None, false, true) => calculate(Operation::DivideIntByFloat, vec![self.cast(a, &Int64)?, self.expr(b)?]),
            _ => return plan_err!("{op:?} of {} and {} is no {}", a.ty.word(), b.ty.word(), ty.word()),
        })
    }

    fn function(&self, function: RowFunction, args: &[RowExpr], ty: Type) -> Result<Expr> {
        let part = |part: Part, arg: &RowExpr| -> Result<Expr> {
            let zone = (arg.ty != Type::Date).then_some(self.model.zone);
            Ok(local_part(part, zone, self.cast(arg, &DataType::Int64)?))
        };
        Ok(match (function, args) {
            (RowFunction::DateOf, [x]) if x.ty == Type::Date => self.expr(x)?,
            (RowFunction::DateOf, [x]) => part(Part::Day, x)?,
            (RowFunction::HourOf, [x]) => part(Part::Hour, x)?,
            (RowFunction::WeekdayOf, [x]) => part(Part::Weekday, x)?,
            (RowFunction::WeekOf, [x]) => part(Part::Week, x)?,
            (RowFunction::MonthOf, [x]) => part(Part::Month, x)?,
            (RowFunction::Least, list) => self.extreme(Operation::Least, list, ty)?,
            (RowFunction::Greatest, list) => self.extreme(Operation::Greatest, list, ty)?,
            (RowFunction::Round, [x, decimals]) => self.round(x, decimals)?,
            (RowFunction::StartsWith, [text, start]) => datafusion::functions::string::expr_fn::starts_with(
                self.cast(text, &DataType::Utf8View)?,
                self.cast(start, &DataType::Utf8View)?,
            ),
            (RowFunction::Contains, [text, piece]) => datafusion::functions::string::expr_fn::contains(
                self.cast(text, &DataType::Utf8View)?,
                self.cast(piece, &DataType::Utf8View)?,
            ),
            (RowFunction::AddMonths, [day, months]) => {
                months_after(self.cast(day, &DataType::Int64)?, self.cast(months, &DataType::Int64)?)
            }
            (RowFunction::Workdays(id), [a, b]) => {
                let what = Working::Days { from_day: a.ty == Type::Date, to_day: b.ty == Type::Date };
                self.by_calendar(what, id, a, b)?
            }
            (RowFunction::WorkingTime(id), [a, b]) => self.by_calendar(Working::Time, id, a, b)?,
            (RowFunction::AddWorkdays(id), [day, n]) => self.by_calendar(Working::AddDays, id, day, n)?,
            _ => return plan_err!("{} with {} arguments", function.word(), args.len()),
        })
    }

    fn by_calendar(&self, what: Working, id: CalendarId, a: &RowExpr, b: &RowExpr) -> Result<Expr> {
        let Some(calendar) = self.model.calendars.get(id.0) else {
            return plan_err!("a calendar that the model does not have");
        };
        let (a, b) = (self.cast(a, &DataType::Int64)?, self.cast(b, &DataType::Int64)?);
        Ok(working(what, &calendar.rules, self.model.zone, a, b))
    }

    fn extreme(&self, operation: Operation, list: &[RowExpr], ty: Type) -> Result<Expr> {
        let ty = match physical(ty) {
            DataType::Null => list.iter().fold(DataType::Null, |ty, x| common(&ty, &physical(x.ty))),
            ty => ty,
        };
        let ty = if ty == DataType::Float64 { ty } else { DataType::Int64 };
        let mut rest = list.iter().map(|x| self.cast(x, &ty));
        let Some(first) = rest.next() else {
            return plan_err!("the least of nothing");
        };
        rest.try_fold(first?, |so_far, next| Ok(calculate(operation, vec![so_far, next?])))
    }

    /// Decimals count in the base of the unit: euro and seconds.
    fn round(&self, x: &RowExpr, decimals: &RowExpr) -> Result<Expr> {
        let RowKind::Constant(Value::Int(decimals)) = decimals.kind else {
            return plan_err!("rounding to decimals that are no constant");
        };
        let decimals = u8::try_from(decimals.clamp(0, 15)).unwrap_or(0);
        let base_decimals: u8 = match x.ty {
            Type::Money => 4,
            Type::Duration => 6,
            _ => 0,
        };
        let inner = self.expr(x)?;
        Ok(match physical(x.ty) {
            DataType::Float64 => calculate(Operation::RoundFloat(decimals), vec![inner]),
            _ if decimals >= base_decimals => inner,
            _ => {
                let step = 10_i64.pow(u32::from(base_decimals - decimals));
                calculate(Operation::RoundInt(step), vec![inner])
            }
        })
    }
}

/// The physical form in which two sides meet.
fn common(a: &DataType, b: &DataType) -> DataType {
    match (a, b) {
        (DataType::Null, other) | (other, DataType::Null) => other.clone(),
        (a, b) if a == b => a.clone(),
        _ => DataType::Float64,
    }
}

/// Operands joined pairwise, so that the tree is as shallow as can be.
fn joined(mut list: Vec<Expr>, op: Operator) -> Option<Expr> {
    while list.len() > 1 {
        let mut next = Vec::with_capacity(list.len().div_ceil(2));
        let mut items = list.into_iter();
        while let Some(a) = items.next() {
            next.push(match items.next() {
                Some(b) => binary_expr(a, op, b),
                None => a,
            });
        }
        list = next;
    }
    list.pop()
}

/// A constant in a physical form.
fn constant(value: &Value, ty: &DataType) -> Result<Expr> {
    let scalar = match (value, ty) {
        (Value::Empty, _) => ScalarValue::try_from(ty)?,
        (Value::Bool(b), _) => ScalarValue::Boolean(Some(*b)),
        (Value::Text(text), _) => ScalarValue::Utf8View(Some(text.clone())),
        #[expect(clippy::cast_precision_loss, reason = "an integer constant among floats")]
        (Value::Int(n), DataType::Float64) => ScalarValue::Float64(Some(*n as f64)),
        (Value::Int(n), _) => ScalarValue::Int64(Some(*n)),
        #[expect(clippy::cast_precision_loss, reason = "an amount divided by another")]
        (Value::Money(m), DataType::Float64) => ScalarValue::Float64(Some(*m as f64)),
        (Value::Money(m), _) => match i64::try_from(*m) {
            Ok(m) => ScalarValue::Int64(Some(m)),
            Err(_) => return plan_err!("an amount beyond 64 bits"),
        },
        #[expect(clippy::cast_possible_truncation, reason = "a whole number written as a float")]
        (Value::Float(x), DataType::Int64) if x.fract() == 0.0 => ScalarValue::Int64(Some(*x as i64)),
        (Value::Float(x), _) => ScalarValue::Float64(Some(*x + 0.0)),
    };
    Ok(literal(scalar))
}
