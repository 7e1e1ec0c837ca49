//! ML410: a norm that changes inside a period. The norm of the period's first day counts, so part of that period is
//! judged by a norm that no longer holds.

use chrono::NaiveDate;

use crate::calendar::PeriodKind;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::Model;
use crate::source::Span;

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        let Some(period) = kpi.method.period.filter(|p| *p != PeriodKind::Whole) else { continue };
        // The same change of several members is told once, at the first.
        let mut told: Vec<Span> = Vec::new();
        let all = kpi.norms.all();
        let bounds = all.iter().flat_map(|(_, norms)| norms.bounds.iter().enumerate().map(move |at| (norms, at)));
        for (norms, (index, bound)) in bounds {
            if told.contains(&bound.span) {
                continue;
            }
            told.push(bound.span);
            let next = norms.bounds.get(index + 1).and_then(|b| b.from);
            // An end at which the next bound begins is told there.
            let end = bound.until.filter(|day| Some(*day) != next);
            for day in [bound.from, end].into_iter().flatten() {
                let first: NaiveDate = period.start(day);
                if first != day {
                    sink.push(
                        Diagnostic::warning(
                            "ML410",
                            format!(
                                "de norm verandert op {day}, midden in een periode (de kpi is per {})",
                                period.word()
                            ),
                        )
                        .at(bound.span)
                        .help(format!(
                            "de norm van de eerste dag telt: de hele periode vanaf {first} krijgt de norm die dan geldt"
                        ))
                        .help("laat de norm ingaan op de eerste dag van een periode"),
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn a_change_inside_a_period_is_told() {
        let gives = |norm: &str, expected: &[(&str, &str)]| {
            assert_gives(&[("meetmethode", "automatisch, per kwartaal"), ("norm", norm)], expected);
        };
        gives(">= 8 vanaf 2026-01-01 >= 9 vanaf 2026-04-01", &[]);
        gives(">= 8 >= 9 vanaf 2026-05-01", &[("ML410", ">= 9 vanaf 2026-05-01")]);
        gives(">= 8 tot 2026-05-01", &[("ML410", ">= 8 tot 2026-05-01")]);
        gives(">= 8 tot en met 2026-03-31", &[]);
    }
}
