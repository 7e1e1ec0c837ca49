//! Working days and working time over 20 million generated calls, beside the same pass with a plain subtraction.
//!
//! `cargo bench --bench workdays` (the file is that of `calls`, made once; `MEETLAT_ROWS` makes it smaller)

#[path = "calls/data.rs"]
mod data;

use std::collections::BTreeMap;
use std::time::Instant;

use chrono::NaiveDate;
use meetlat::calendar::Zone;
use meetlat::check::{Checked, check};
use meetlat::diagnostic::Sink;
use meetlat::measure::Grouping;
use meetlat::pipeline::{Question, Silent, calculate};
use meetlat::resolve::{Settings, resolve};
use meetlat::run::engine::{Engine, Limits};
use meetlat::run::source::{Connection, Location};
use meetlat::source::SourceMap;
use meetlat::syntax::dsl;

/// The source of `calls`.
const DEFINITIONS: &str = include_str!("calls/definities.kpi");
const THREADS: usize = 2;
const ROUNDS: usize = 5;

/// A town hall with a lunch break on Fridays, evening opening from September on and closed days.
const CALENDAR: &str = r#"
kalender gemeente "Gemeentehuis" {
    feestdagen   cao_gemeenten
    open         ma, di, wo, do  08:30 - 17:00
    open         vr              08:30 - 12:00
    open         vr              13:00 - 17:00
    open         do              08:30 - 20:00  vanaf 2025-09-01
    gesloten     2025-05-30, 2025-12-24  "collectief verlof"
}
"#;

/// The pass with which the others are compared, and those. A call is seconds or minutes long; the third pair of columns
/// lies far apart for most rows.
const PASSES: [(&str, &str); 5] = [
    ("aftrekken", "som(beeindigd - binnenkomst)"),
    ("werkdagen", "som(werkdagen(binnenkomst, beeindigd))"),
    ("werktijd", "som(werktijd(binnenkomst, beeindigd))"),
    ("werkdagen tot vaste dag", "som(werkdagen(binnenkomst, 2026-01-01))"),
    ("tijdig binnen 1 werkdag", "percentage(tijdig(binnenkomst, beeindigd, binnen 1 werkdag))"),
];

/// One KPI over the calls: a name and a calculation.
fn compile(calculation: &str) -> Checked {
    let tables = DEFINITIONS.split("\nkpi ").next().expect("the source comes first");
    let text = format!(
        "{tables}\n{CALENDAR}\nkpi proef \"Proef\" {{ definitie \"x\" berekening {calculation} \
         bronsysteem acd.gesprek meetmethode automatisch, per maand op binnenkomst dimensies geen \"x\" norm geen \"x\" }}"
    );
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let id = sources.add("workdays.kpi", text.as_str());
    let file = dsl::parse_file(id, &text, &mut sink);
    let settings = Settings { zone: Zone::default(), parameters: Vec::new(), calendar: None };
    let model = resolve(&[file], &settings, &mut sink);
    let checked = check(model, &mut sink);
    checked.unwrap_or_else(|| panic!("the definitions hold: {:?}", sink.into_sorted()))
}

/// Seconds of one run, and the sum of its figures as a proof that it counted.
fn run(checked: &Checked, folder: &str) -> (f64, f64) {
    let model = checked.model();
    let table = model.tables.iter().find(|t| t.name == "gesprek").expect("the table").id;
    let connection = Connection::to(Location::Path(folder.to_owned()));
    let new_year = NaiveDate::from_ymd_opt(2026, 1, 1);
    let question = Question {
        kpis: model.kpis.iter().map(|k| k.id).collect(),
        from: NaiveDate::from_ymd_opt(2025, 1, 1),
        until: new_year,
        period: None,
        grouping: Grouping::Total,
        filters: BTreeMap::new(),
        peilmoment: new_year.map(|day| model.zone.midnight(day)),
    };
    let engine = Engine::new(Limits { memory: None, threads: Some(THREADS) }).expect("an engine");
    let start = Instant::now();
    let outcome = calculate(checked, &engine, &BTreeMap::from([(table, connection)]), &question, &Silent);
    let seconds = start.elapsed().as_secs_f64();
    assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
    assert_eq!(outcome.rows.len(), 12, "a figure per month");
    (seconds, outcome.rows.iter().filter_map(|row| row.value).sum())
}

fn main() {
    let rows = std::env::var("MEETLAT_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000_000);
    let folder = data::folder(rows).to_string_lossy().into_owned() + "/";
    println!("{rows} gesprekken, één KPI × 12 maanden, {THREADS} kernen; beste van {ROUNDS} rondes");
    let passes: Vec<(&str, Checked)> = PASSES.iter().map(|(name, text)| (*name, compile(text))).collect();
    let mut best = [f64::MAX; PASSES.len()];
    let mut sums = [0.0; PASSES.len()];
    for _ in 0..ROUNDS {
        // In turn, so that whatever else the machine does falls on all of them.
        for (index, (_, checked)) in passes.iter().enumerate() {
            let (seconds, sum) = run(checked, &folder);
            best[index] = best[index].min(seconds);
            sums[index] = sum;
        }
    }
    for (index, (name, _)) in passes.iter().enumerate() {
        println!("{name}: {:.3} s, verhouding {:.2} (som {})", best[index], best[index] / best[0], sums[index]);
    }
}
