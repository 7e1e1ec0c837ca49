//! ML225: a score compared with a number outside its range: always `ja`, or always `nee`.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Model, RowExpr, RowKind, TableId, Type, Value, text};

use super::everywhere;

pub(super) fn check(model: &Model, sink: &mut Sink) {
    everywhere::visit(model, &mut |table, expr| {
        expr.walk(&mut |part| {
            if let RowKind::Compare(_, a, b) = &part.kind {
                one(model, table, a, b, sink);
                one(model, table, b, a, sink);
            }
        });
    });
}

fn one(model: &Model, table: TableId, score: &RowExpr, other: &RowExpr, sink: &mut Sink) {
    let (Type::Score(low, high), RowKind::Constant(value)) = (score.ty, &other.kind) else { return };
    let number = match value {
        #[expect(clippy::cast_precision_loss, reason = "held against a small range")]
        Value::Int(n) => *n as f64,
        Value::Float(x) => *x,
        _ => return,
    };
    if (low..=high).contains(&number) {
        return;
    }
    sink.push(
        Diagnostic::warning(
            "ML225",
            format!("`{}` loopt van {low} tot en met {high}; {number} komt niet voor", text::expr(model, table, score)),
        )
        .at(other.span)
        .label(format!("buiten {low}..{high}"))
        .help("deze vergelijking heeft altijd dezelfde uitkomst: controleer het getal of de schaal"),
    );
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn numbers_outside_the_scale_are_told() {
        let gives = |text: &str, expected: &[(&str, &str)]| assert_gives(&[("berekening", text)], expected);
        gives("aantal(waarbij cijfer >= 6)", &[]);
        gives("aantal(waarbij cijfer >= 60)", &[("ML225", "60")]);
        gives("aantal(waarbij cijfer = 0)", &[("ML225", "0")]);
    }
}
