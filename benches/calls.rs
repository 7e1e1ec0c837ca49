//! Twelve telephone KPIs × (total, team, onderwerp) by month in Europe/Amsterdam over 20 million generated calls, beside
//! plain aggregates over the same columns, files and threads in the same process.
//!
//! `cargo bench --bench calls` (the file is made once, in the target folder; `MEETLAT_ROWS` makes it smaller)

#[path = "calls/data.rs"]
mod data;

use std::collections::BTreeMap;
use std::time::Instant;

use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
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

const DEFINITIONS: &str = include_str!("calls/definities.kpi");
const THREADS: usize = 2;

/// Plain aggregates over every column that the KPIs touch: what reading them costs.
const BASELINE: &str = "select count(*), min(binnenkomst), max(laatste_keuze), max(opgenomen), max(beeindigd), \
    sum(nawerk), max(richting), max(team), max(onderwerp), max(uitkomst), sum(doorverbindingen), max(terugval) from gesprek";

fn compile() -> Checked {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let id = sources.add("definities.kpi", DEFINITIONS);
    let file = dsl::parse_file(id, DEFINITIONS, &mut sink);
    let settings = Settings { zone: Zone::default(), parameters: Vec::new(), calendar: None };
    let model = resolve(&[file], &settings, &mut sink);
    let checked = check(model, &mut sink);
    checked.unwrap_or_else(|| panic!("the definitions hold: {:?}", sink.into_sorted()))
}

fn baseline(folder: &str) -> f64 {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(THREADS));
        context.register_parquet("gesprek", folder, ParquetReadOptions::default()).await.expect("the files");
        let start = Instant::now();
        let frame = context.sql(BASELINE).await.expect("a plan");
        let rows = frame.collect().await.expect("rows");
        assert_eq!(rows.iter().map(datafusion::arrow::array::RecordBatch::num_rows).sum::<usize>(), 1);
        start.elapsed().as_secs_f64()
    })
}

fn meetlat(checked: &Checked, folder: &str) -> (f64, usize) {
    let model = checked.model();
    let table = model.tables.iter().find(|t| t.name == "gesprek").expect("the table").id;
    let connection = Connection::to(Location::Path(folder.to_owned()));
    let question = Question {
        kpis: model.kpis.iter().map(|k| k.id).collect(),
        from: chrono::NaiveDate::from_ymd_opt(2025, 1, 1),
        until: chrono::NaiveDate::from_ymd_opt(2026, 1, 1),
        period: None,
        grouping: Grouping::ByEach,
        filters: BTreeMap::new(),
        peilmoment: Some(model.zone.midnight(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day"))),
    };
    let engine = Engine::new(Limits { memory: None, threads: Some(THREADS) }).expect("an engine");
    let start = Instant::now();
    let outcome = calculate(checked, &engine, &BTreeMap::from([(table, connection)]), &question, &Silent);
    let seconds = start.elapsed().as_secs_f64();
    assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
    assert!(outcome.rows.iter().all(|r| r.value.is_some()), "every figure has a value");
    (seconds, outcome.rows.len())
}

fn main() {
    let rows = std::env::var("MEETLAT_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000_000);
    let folder = data::folder(rows).to_string_lossy().into_owned() + "/";
    let checked = compile();
    println!(
        "{rows} gesprekken, {} KPI's × (totaal, team, onderwerp) × 12 maanden, {THREADS} kernen",
        checked.model().kpis.len()
    );
    let mut best = (f64::MAX, f64::MAX);
    for round in 1..=5 {
        let plain = baseline(&folder);
        let (ours, figures) = meetlat(&checked, &folder);
        println!(
            "ronde {round}: kale aggregaten {plain:.2} s, meetlat {ours:.2} s, verhouding {:.2} ({figures} cijfers)",
            ours / plain
        );
        best = (best.0.min(plain), best.1.min(ours));
    }
    println!("beste: kale aggregaten {:.2} s, meetlat {:.2} s, verhouding {:.2}", best.0, best.1, best.1 / best.0);
}
