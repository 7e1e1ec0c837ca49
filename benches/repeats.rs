//! Which calls come again within seven days of the same caller, per month, over 20 million generated calls: reading,
//! looking and counting together. `repeats.py` asks DuckDB the same over the same files.
//!
//! `cargo bench --bench repeats` (the files are those of `--bench calls`; `MEETLAT_ROWS` makes fewer)

#[path = "calls/data.rs"]
mod data;

use std::collections::BTreeMap;
use std::time::Instant;

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

const DEFINITIONS: &str = r#"bronsysteem acd "Telefooncentrale" {
    tabel gesprek "Eén rij per aangeboden oproep" {
        gesprek_id        geheel     sleutel
        beller            tekst?     persoonsgegeven
        binnenkomst       tijdstip   meetmoment
    }
}
kpi herhaald "Herhaalverkeer" {
    definitie    "Deel van de oproepen van wie in de week ervoor ook al belde."
    berekening   percentage(herhaald(beller, binnen 7 dagen), leeg telt niet mee)
    bronsysteem  acd.gesprek
    meetmethode  automatisch, per maand
    dimensies    geen "alleen het totaal"
    norm         geen "ter informatie"
}
"#;
const THREADS: usize = 2;

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

fn main() {
    let rows = std::env::var("MEETLAT_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000_000);
    let folder = data::folder(rows).to_string_lossy().into_owned() + "/";
    let checked = compile();
    let model = checked.model();
    let table = model.tables.iter().find(|t| t.name == "gesprek").expect("the table").id;
    let connections = BTreeMap::from([(table, Connection::to(Location::Path(folder)))]);
    let question = Question {
        kpis: model.kpis.iter().map(|k| k.id).collect(),
        from: chrono::NaiveDate::from_ymd_opt(2025, 1, 1),
        until: chrono::NaiveDate::from_ymd_opt(2026, 1, 1),
        period: None,
        grouping: Grouping::Total,
        filters: BTreeMap::new(),
        peilmoment: Some(model.zone.midnight(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day"))),
    };
    println!("{rows} gesprekken, herhaald binnen 7 dagen per maand, {THREADS} kernen");
    let mut best = f64::MAX;
    for round in 1..=5 {
        let engine = Engine::new(Limits { memory: None, threads: Some(THREADS) }).expect("an engine");
        let start = Instant::now();
        let outcome = calculate(&checked, &engine, &connections, &question, &Silent);
        let seconds = start.elapsed().as_secs_f64();
        assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
        if round == 1 {
            for row in &outcome.rows {
                println!("    {} {:?} van {:?}", row.period, row.numerator, row.denominator);
            }
        }
        println!("ronde {round}: {seconds:.2} s");
        best = best.min(seconds);
    }
    println!("beste: {best:.2} s");
}
