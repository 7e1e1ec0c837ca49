//! Norms: values, validity and their mistakes.

use super::{SOURCES, assert_gives, kpi, outcome};
use crate::model::text;

/// The bounds of a norm over a calculation, as canonical text with their validity.
#[track_caller]
fn bounds(calculation: &str, norm: &str) -> Vec<String> {
    let outcome = outcome(&[SOURCES, &kpi(&[("berekening", calculation), ("norm", norm)])]);
    assert_eq!(outcome.list, [], "{:#?}", outcome.list);
    let kpi = outcome.model.kpi_named("k").expect("the kpi");
    let day = |day: Option<chrono::NaiveDate>| day.map_or("…".to_owned(), |d| d.to_string());
    kpi.norms
        .bounds
        .iter()
        .map(|b| {
            let near = b.near.map_or(String::new(), |n| format!(" bijna {}", text::bound(&n, &kpi.unit)));
            format!("{}{near} {} {}", text::bound(&b.test, &kpi.unit), day(b.from), day(b.until))
        })
        .collect()
}

#[track_caller]
fn gives(calculation: &str, norm: &str, expected: &[(&str, &str)]) {
    assert_gives(&[("berekening", calculation), ("norm", norm)], expected);
}

#[test]
fn values_are_in_the_base_of_the_unit() {
    assert_eq!(bounds("percentage(vip)", "tussen 85% en 90%"), ["tussen 85% en 90% … …"]);
    assert_eq!(bounds("gemiddelde(wachttijd)", "<= 10 min bijna < 12 min"), ["<= 600 s bijna < 720 s … …"]);
    assert_eq!(bounds("gemiddelde(wachttijd)", "<= (2 * wachtnorm)"), ["<= 40 s … …"]);
    assert_eq!(bounds("gemiddelde(wachttijd)", "<= wachtnorm"), ["<= 20 s … …"]);
    assert_eq!(bounds("som(kosten) / aantal()", "<= € 2.26"), ["<= € 2.26 … …"]);
    assert_eq!(bounds("aantal() per 1000 som(keren)", "<= 5 per 1000"), ["<= 5 per 1000 … …"]);
    assert_eq!(bounds("aantal() per 1000 som(keren)", "<= 5"), ["<= 5 per 1000 … …"]);
    assert_eq!(bounds("percentage(vip) - percentage(vip)", "> -5 procentpunt"), ["> -5 procentpunt … …"]);
    assert_eq!(bounds("aantal()", "= 0"), ["= 0 … …"]);
    assert_eq!(bounds("gemiddelde(cijfer)", ">= 7.5"), [">= 7.5 … …"]);
}

#[test]
fn validity_is_sorted_and_closed() {
    assert_eq!(
        bounds("aantal()", ">= 9 vanaf 2028-01-01 >= 8 vanaf 2026-01-01 bijna >= 7 >= 6"),
        [">= 6 … 2026-01-01", ">= 8 bijna >= 7 2026-01-01 2028-01-01", ">= 9 2028-01-01 …"]
    );
}

#[test]
fn mistakes() {
    gives("percentage(vip)", ">= 80", &[("ML401", "80")]);
    gives("gemiddelde(wachttijd)", "<= 20%", &[("ML401", "20%")]);
    gives("percentage(vip) - percentage(vip)", ">= 20%", &[("ML401", "20%")]);
    gives("aantal() per 1000 som(keren)", "<= 5 per 100", &[("ML401", "5 per 100")]);
    gives("aantal()", ">= 8 >= 9", &[("ML402", ">= 9")]);
    gives(
        "aantal()",
        ">= 8 vanaf 2026-01-01 tot 2028-01-01 >= 9 vanaf 2027-01-01",
        &[("ML402", ">= 9 vanaf 2027-01-01")],
    );
    gives(
        "aantal()",
        ">= 8 vanaf 2026-01-01 tot 2027-01-01 >= 9 vanaf 2028-01-01",
        &[("ML403", ">= 9 vanaf 2028-01-01")],
    );
    gives("aantal()", ">= 8 vanaf 2026-01-01 tot 2025-01-01", &[("ML404", "2025-01-01")]);
    gives("percentage(vip)", "> 100%", &[("ML405", "> 100%")]);
    gives("percentage(vip)", "< 0%", &[("ML405", "< 0%")]);
    gives("percentage(vip)", ">= 100%", &[]);
    gives("percentage(vip)", "tussen 90% en 85%", &[("ML406", "tussen 90% en 85%")]);
    gives("percentage(vip)", ">= 80% bijna >= 85%", &[("ML407", "bijna >= 85%")]);
    gives("percentage(vip)", ">= 80% bijna <= 75%", &[("ML407", "bijna <= 75%")]);
    gives("percentage(vip)", "bijna >= 75% >= 80%", &[("ML408", "bijna >= 75%")]);
    gives("percentage(vip)", "geen \"x\" >= 80%", &[("ML409", "geen \"x\"")]);
    gives(
        "percentage(vip)",
        "geen \"x\" streefnorm >= 80% richtlijn >= 85% benchmark \"l\" 76.2% (2005, n = 815)",
        &[],
    );
    gives("percentage(vip)", "streefnorm >= 80%", &[("ML110", "norm streefnorm >= 80%")]);
    gives("percentage(vip)", ">= team", &[("ML401", "team")]);
    gives("percentage(vip)", ">= teem", &[("ML104", "teem")]);
    gives("percentage(vip)", ">= (80% / 0)", &[("ML212", "(80% / 0)")]);
    gives("percentage(vip)", ">= 80 bijna >= 70%", &[("ML401", "80")]);
}
