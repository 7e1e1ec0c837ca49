//! The program's judgement of series, for the second opinion in `variation.py`: reads a series per line as JSON, writes what
//! `judge::variation` makes of it per line as JSON. Decides nothing itself.

#[path = "../variatie/rows.rs"]
mod rows;

use std::io::{BufRead, Write, stdin, stdout};

use meetlat::judge::variation::{self, Baseline, Point, Variation};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Series {
    unit: String,
    points: Vec<rows::Written>,
}

fn main() {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let line = line.expect("text");
        let series: Series = serde_json::from_str(&line).expect("a series");
        let rows = rows::rows(&series.points, &series.unit);
        let found = variation::of(&rows.iter().collect::<Vec<_>>());
        writeln!(out, "{}", told(&found)).expect("a reader");
    }
}

fn told(found: &Variation) -> Value {
    json!({
        "points": found.points.iter().copied().map(point).collect::<Vec<_>>(),
        "baselines": found.baselines.iter().map(baseline).collect::<Vec<_>>(),
        "variation": found.verdict.variation(),
        "assurance": found.verdict.assurance(),
    })
}

fn point(point: Point) -> String {
    match point {
        Point::LeftOut(why) => format!("apart: {}", why.word()),
        Point::Unjudged => "onbeoordeeld".to_owned(),
        Point::Common => "normaal".to_owned(),
        Point::Special(special) => format!("{:?} {:?} {}", special.rule, special.side, special.change.word()),
    }
}

fn baseline(found: &Baseline) -> Value {
    let limits = found
        .limits
        .map(|l| json!([l.centre, l.moving_range, l.lower, l.upper, l.near_lower, l.near_upper, l.drawn.0, l.drawn.1]));
    json!({ "from": found.from, "until": found.until, "used": found.used, "centre": found.centre, "limits": limits })
}
