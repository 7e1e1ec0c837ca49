//! Verdicts for programs: JSON by the contract of `opdrachten.md`, and `JUnit` XML for build servers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Ran, Report, extra};
use crate::trial::coverage::Coverage;
use crate::trial::mutate::Mutation;
use crate::trial::{Difference, Trouble};

fn outcome(ran: &Ran<'_>) -> &'static str {
    if ran.verdict.passed() { "geslaagd" } else { "gezakt" }
}

/// `{"toetsen": [{"naam", "kpi", "uitkomst", …}]}`
pub fn json(report: &Report<'_>, coverage: Option<&[Coverage]>, mutation: Option<&[Mutation]>) -> String {
    let one = |ran: &Ran<'_>| {
        let (file, at) = report.place(ran.trial.name_span);
        let differences: Vec<Value> = ran.verdict.differences.iter().map(|d| difference(report, ran, d)).collect();
        let reasons: Vec<String> = ran.verdict.troubles.iter().map(reason).collect();
        json!({
            "naam": ran.trial.name,
            "kpi": ran.kpi,
            "uitkomst": outcome(ran),
            "bestand": file,
            "regel": at.line,
            "verschillen": differences,
            "redenen": reasons,
        })
    };
    let mut all = Map::new();
    all.insert("meetlat".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    all.insert("toetsen".to_owned(), report.ran.iter().map(one).collect());
    if let Some(list) = coverage {
        all.insert("dekking".to_owned(), extra::coverage_json(report, list));
    }
    if let Some(list) = mutation {
        all.insert("mutaties".to_owned(), extra::mutation_json(report, list));
    }
    format!("{}\n", serde_json::to_string_pretty(&Value::Object(all)).unwrap_or_default())
}

fn difference(report: &Report<'_>, ran: &Ran<'_>, difference: &Difference) -> Value {
    let row = ran.trial.expected.get(difference.row());
    let line = row.map(|r| report.place(r.span).1.line);
    let period = row.and_then(|r| r.period.as_ref()).map(|p| p.label.clone());
    let members: Map<String, Value> =
        row.iter().flat_map(|r| &r.members).map(|(name, member)| (name.clone(), json!(member))).collect();
    let (column, wanted, found) = match difference {
        Difference::Cell { cell, found, .. } => {
            let cell = row.and_then(|r| r.cells.get(*cell));
            (cell.map(|c| c.key.word()), cell.map(|c| c.written.clone()), Some(found.clone()))
        }
        Difference::NoRow { .. } | Difference::WhichPeriod { .. } => (None, None, None),
    };
    json!({"regel": line, "periode": period, "dimensies": members, "kolom": column, "verwacht": wanted, "gekregen": found})
}

fn reason(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Rows(wrong) => format!("{} {}", wrong.code, wrong.message),
        Trouble::Definitions(list) | Trouble::Engine(list) => {
            list.iter().map(|d| format!("{} {}", d.code, d.message)).collect::<Vec<_>>().join("\n")
        }
        Trouble::Disagreement(what) => format!("rekenmotor en naslagberekening verschillen: {what}"),
    }
}

/// A suite per KPI, a case per toets.
pub fn junit(report: &Report<'_>) -> String {
    let mut suites: BTreeMap<&str, Vec<&Ran<'_>>> = BTreeMap::new();
    for ran in &report.ran {
        suites.entry(ran.kpi).or_default().push(ran);
    }
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ =
        writeln!(xml, "<testsuites name=\"meetlat\" tests=\"{}\" failures=\"{}\">", report.ran.len(), report.failed());
    for (kpi, list) in suites {
        let failed = list.iter().filter(|ran| !ran.verdict.passed()).count();
        let _ = writeln!(xml, "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">", escaped(kpi), list.len());
        for ran in list {
            case(report, ran, &mut xml);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn case(report: &Report<'_>, ran: &Ran<'_>, xml: &mut String) {
    let (file, at) = report.place(ran.trial.name_span);
    let _ = write!(
        xml,
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\"",
        escaped(&ran.trial.name),
        escaped(ran.kpi),
        escaped(&file),
        at.line
    );
    if ran.verdict.passed() {
        xml.push_str("/>\n");
        return;
    }
    let told = |d: &Difference| {
        let row = ran.trial.expected.get(d.row());
        let line = row.map_or(0, |r| report.place(r.span).1.line);
        match d {
            Difference::Cell { cell, found, .. } => {
                let cell = row.and_then(|r| r.cells.get(*cell));
                let (word, written) = cell.map_or(("", ""), |c| (c.key.word(), c.written.as_str()));
                format!("regel {line}: {word} is {found}, en verwacht was {written}")
            }
            Difference::NoRow { .. } => format!("regel {line}: deze rij staat niet in het resultaat"),
            Difference::WhichPeriod { .. } => format!("regel {line}: er is meer dan één periode"),
        }
    };
    let all: Vec<String> =
        ran.verdict.differences.iter().map(told).chain(ran.verdict.troubles.iter().map(reason)).collect();
    let first = all.first().cloned().unwrap_or_default();
    let _ = write!(
        xml,
        ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
        escaped(&first),
        escaped(&all.join("\n"))
    );
}

/// Text in XML: the five signs, and no control characters but line ends and tabs.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
