//! ML314: a norm without direction. `= 80%` is met by exactly 80 and by nothing else; nobody means that, except of none
//! and of all.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::expr::Comparison;
use crate::model::{BoundTest, Kpi, Type, text};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for kpi in set.kpis() {
        for (_, norms) in kpi.norms.all() {
            for bound in &norms.bounds {
                let BoundTest::Compare(op @ (Comparison::Equal | Comparison::NotEqual), value) = bound.test else {
                    continue;
                };
                if op == Comparison::Equal && is_end(kpi, value) {
                    continue;
                }
                let shown = text::quantity(value, &kpi.unit);
                sink.push(
                    Diagnostic::warning(
                        "ML314",
                        format!("de norm `{} {shown}` van `{}` heeft geen richting", op.sign(), kpi.name),
                    )
                    .at(bound.span)
                    .help(format!("is meer beter, schrijf `>= {shown}`; is minder beter, schrijf `<= {shown}`"))
                    .help("moet het ertussen liggen, schrijf `tussen … en …`"),
                );
            }
        }
    }
}

/// None at all, or one of those there should be; of a percentage all of them too.
fn is_end(kpi: &Kpi, value: f64) -> bool {
    let ends: &[f64] = match kpi.unit.ty {
        Type::Percentage => &[0.0, 100.0],
        Type::Integer | Type::Number if kpi.unit.per.is_none() => &[0.0, 1.0],
        _ => &[0.0],
    };
    ends.contains(&value)
}
