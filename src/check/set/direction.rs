//! ML314: a norm without direction. `= 80%` is met by exactly 80 and by nothing else; nobody means that, except of none
//! and of all.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::expr::Comparison;
use crate::model::{BoundTest, Kpi, Type, text};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for kpi in set.all() {
        for (_, norms) in kpi.norms.all() {
            for bound in norms.bounds.iter().filter(|bound| set.own(bound.span)) {
                let limit = match bound.test {
                    BoundTest::Compare(Comparison::Equal, value) if is_end(kpi, value) => continue,
                    BoundTest::Compare(op @ (Comparison::Equal | Comparison::NotEqual), _)
                    | BoundTest::Data(op @ (Comparison::Equal | Comparison::NotEqual), _) => {
                        let shown = text::bound_of(set.model, kpi, &bound.test);
                        shown.strip_prefix(op.sign()).map_or(shown.clone(), |rest| rest.trim().to_owned())
                    }
                    _ => continue,
                };
                let shown = text::bound_of(set.model, kpi, &bound.test);
                sink.push(
                    Diagnostic::warning("ML314", format!("de norm `{shown}` van `{}` heeft geen richting", kpi.name))
                        .at(bound.span)
                        .help(format!("is meer beter, schrijf `>= {limit}`; is minder beter, schrijf `<= {limit}`"))
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
