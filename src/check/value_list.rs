//! ML224: a comparison with a value that a column with a value list never has. It would be `nee` for ever.

use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::expr::Comparison;
use crate::model::{Column, Model, RowExpr, RowKind, TableId, Value, text};
use crate::source::Span;

use super::everywhere;

pub(super) fn check(model: &Model, sink: &mut Sink) {
    everywhere::visit(model, &mut |table, expr| {
        expr.walk(&mut |part| match &part.kind {
            RowKind::Compare(Comparison::Equal | Comparison::NotEqual, a, b) => {
                one(model, table, a, b, sink);
                one(model, table, b, a, sink);
            }
            RowKind::In(subject, values) => {
                for value in values {
                    held_against(model, table, subject, value, part.span, None, sink);
                }
            }
            _ => {}
        });
    });
}

fn one(model: &Model, table: TableId, subject: &RowExpr, other: &RowExpr, sink: &mut Sink) {
    if let RowKind::Constant(value) = &other.kind {
        held_against(model, table, subject, value, other.span, Some(other.span), sink);
    }
}

fn held_against(
    model: &Model,
    table: TableId,
    subject: &RowExpr,
    value: &Value,
    at: Span,
    literal: Option<Span>,
    sink: &mut Sink,
) {
    let RowKind::Column(reference) = &subject.kind else { return };
    let column = model.column(table, reference);
    let Some(values) = &column.values else { return };
    if values.iter().any(|known| same(known, value)) {
        return;
    }
    let written = text::value(model, value, column.ty);
    let mut diagnostic = Diagnostic::error(
        "ML224",
        format!("`{}` is nooit `{written}`: dat staat niet in haar lijst", text::column(model, table, reference)),
    )
    .at(at)
    .also(column.span, "de kolom met haar lijst");
    // Values of persons are not shown.
    if !column.personal {
        diagnostic = advise(model, diagnostic, column, values, value, literal);
    }
    sink.push(diagnostic);
}

fn advise(
    model: &Model,
    diagnostic: Diagnostic,
    column: &Column,
    values: &[Value],
    value: &Value,
    literal: Option<Span>,
) -> Diagnostic {
    let texts = values.iter().filter_map(|v| if let Value::Text(t) = v { Some(t.as_str()) } else { None });
    let near = match value {
        Value::Text(written) => suggest::nearest(written, texts),
        _ => None,
    };
    if let Some(near) = near {
        let near = text::quoted(near);
        let diagnostic = diagnostic.help(format!("bedoelde u `{near}`?"));
        return match literal {
            Some(span) => diagnostic.replace(span, near),
            None => diagnostic,
        };
    }
    let list: Vec<_> = values.iter().map(|v| format!("`{}`", text::value(model, v, column.ty))).collect();
    diagnostic.help(format!("de waarden zijn {}", list.join(", ")))
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        #[expect(clippy::cast_precision_loss, reason = "values in a list are small")]
        #[expect(clippy::float_cmp, reason = "a value is in the list or not")]
        (Value::Int(n), Value::Float(x)) | (Value::Float(x), Value::Int(n)) => *n as f64 == *x,
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::{SOURCES, assert_gives, kpi, outcome};

    #[test]
    fn values_outside_the_list_are_told() {
        let gives = |text: &str, expected: &[(&str, &str)]| assert_gives(&[("berekening", text)], expected);
        gives("percentage(richting = \"inkomend\")", &[]);
        gives("percentage(richting = \"ingaand\")", &[("ML224", "\"ingaand\"")]);
        gives("percentage(richting in (\"inkomend\", \"x\"))", &[("ML224", "richting in (\"inkomend\", \"x\")")]);
        gives("aantal(waarbij richting <> \"uit\")", &[("ML224", "\"uit\"")]);
    }

    #[test]
    fn the_nearest_value_is_offered() {
        let found = outcome(&[SOURCES, &kpi(&[("berekening", "aantal(waarbij richting = \"inkomed\")")])]);
        assert_eq!(found.list[0].help, ["bedoelde u `\"inkomend\"`?"]);
        assert_eq!(found.list[0].replacement.as_ref().map(|r| r.text.as_str()), Some("\"inkomend\""));
    }
}
