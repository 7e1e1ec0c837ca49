//! ML253: a shield that hides nothing.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::Model;

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        if let Some(shield) = kpi.method.shield.filter(|s| s.least < 2) {
            sink.push(
                Diagnostic::error("ML253", format!("`afschermen bij minder dan {}` verbergt niets", shield.least))
                    .at(shield.span)
                    .help("wie één persoon wil verbergen, schrijft minstens 2; gebruikelijk is `afschermen bij minder dan 5`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn one_is_never_fewer_than_one() {
        let gives = |n: &str, expected: &[(&str, &str)]| {
            assert_gives(
                &[("meetmethode", &format!("automatisch, per maand, afschermen bij minder dan {n}"))],
                expected,
            );
        };
        gives("1", &[("ML253", "1")]);
        gives("0", &[("ML253", "0")]);
        gives("2", &[]);
    }
}
