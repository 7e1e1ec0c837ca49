//! Reading and checking generated definitions: 1,000 and 10,000 KPIs in one file, in both notations. Linear means that
//! ten times as many take about ten times as long.
//!
//! `cargo bench --bench definitions`

use std::fmt::Write as _;
use std::time::Instant;

use meetlat::check::check;
use meetlat::diagnostic::Sink;
use meetlat::resolve::{Settings, resolve};
use meetlat::source::SourceMap;
use meetlat::syntax::{ast, dsl, yaml};

const SOURCE: &str = r#"
bronsysteem acd "Telefooncentrale" {
    tabel gesprek "Eén rij per aangeboden oproep" {
        gesprek_id    tekst     sleutel
        binnenkomst   tijdstip  meetmoment
        opgenomen     tijdstip?
        richting      tekst     in ("inkomend", "uitgaand")
        team          tekst?
        onderwerp     tekst?
        wachttijd     = opgenomen - binnenkomst
    }
}
"#;

fn kpi_text(count: usize) -> String {
    let mut text = SOURCE.to_owned();
    for i in 0..count {
        let _ = write!(
            text,
            r#"
kpi servicelevel_{i} "Binnen {s} seconden ({i})" {{
    definitie     "Deel van de aangeboden gesprekken dat binnen {s} seconden is opgenomen."
    berekening    percentage(opgenomen is gevuld en wachttijd <= {s} s)   // wie ophangt, telt als nee
    bronsysteem   acd.gesprek waarbij richting = "inkomend" en onderwerp <> "onderwerp {i}"
    meetmethode   automatisch, per maand op binnenkomst, minimaal 30 waarnemingen
    dimensies     team, onderwerp, uur(binnenkomst) als dagdeel
    norm          >= 80% vanaf 2026-01-01
                  >= 90% vanaf 2028-01-01
                  bijna >= 75%
    eigenaar      "Teamleider KCC"
    perspectief   klant
}}
"#,
            s = 10 + i % 50
        );
    }
    text
}

fn yaml_text(count: usize) -> String {
    let mut text = String::from("kpis:\n");
    for i in 0..count {
        let _ = write!(
            text,
            r#"  servicelevel_{i}:
    titel: Binnen {s} seconden ({i})
    definitie: Deel van de aangeboden gesprekken dat binnen {s} seconden is opgenomen.
    berekening: percentage(opgenomen is gevuld en wachttijd <= {s} s)
    bronsysteem: acd.gesprek waarbij richting = "inkomend" en onderwerp <> "onderwerp {i}"
    meetmethode: automatisch, per maand op binnenkomst, minimaal 30 waarnemingen
    dimensies: [team, onderwerp, uur(binnenkomst) als dagdeel]
    norm: [">= 80% vanaf 2026-01-01", ">= 90% vanaf 2028-01-01", "bijna >= 75%"]
    eigenaar: Teamleider KCC
"#,
            s = 10 + i % 50
        );
    }
    text
}

/// Seconds for reading and for resolving and checking.
fn measure(texts: &[(&str, String)]) -> (f64, f64) {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let start = Instant::now();
    let files: Vec<ast::File> = texts
        .iter()
        .map(|(name, text)| {
            let id = sources.add(*name, text.clone());
            if std::path::Path::new(name).extension().is_some_and(|e| e == "kpi") {
                dsl::parse_file(id, text, &mut sink)
            } else {
                yaml::parse_file(id, text, &mut sink)
            }
        })
        .collect();
    let read = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let model = resolve(&files, &Settings::default(), &mut sink);
    let checked = check(model, &mut sink);
    let rest = start.elapsed().as_secs_f64();
    assert!(checked.is_some(), "the generated definitions are right: {:?}", sink.into_sorted().first());
    (read, rest)
}

fn main() {
    println!(
        "{:<8} {:>8} {:>10} {:>10} {:>12} {:>12}",
        "notatie", "KPI's", "MB", "lezen s", "controle s", "µs per KPI"
    );
    for notation in ["kpi", "yaml"] {
        for count in [1_000, 10_000] {
            let texts = if notation == "kpi" {
                vec![("bench.kpi", kpi_text(count))]
            } else {
                vec![("bron.kpi", SOURCE.to_owned()), ("bench.yaml", yaml_text(count))]
            };
            let bytes: usize = texts.iter().map(|(_, t)| t.len()).sum();
            let (read, rest) = (0..3)
                .map(|_| measure(&texts))
                .fold((f64::MAX, f64::MAX), |best, one| if one.0 + one.1 < best.0 + best.1 { one } else { best });
            #[expect(clippy::cast_precision_loss, reason = "for show")]
            let (megabytes, each) = (bytes as f64 / 1e6, (read + rest) / count as f64 * 1e6);
            println!("{notation:<8} {count:>8} {megabytes:>10.2} {read:>10.3} {rest:>12.3} {each:>12.1}");
        }
    }
}
