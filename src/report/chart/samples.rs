//! Charts to test and to look at.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::*;

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// Months from January 2025 on, with norm `>= 80%` and statuses that go with it.
pub(super) fn months(values: &[Option<f64>]) -> Vec<Point> {
    let point = |(at, value): (usize, &Option<f64>)| {
        let (month, year) = (MONTHS[at % 12], 2025 + at / 12);
        let status = match value {
            None => Status::NoData,
            Some(v) if *v >= 80.0 => Status::Met,
            Some(v) if *v >= 75.0 => Status::Near,
            Some(_) => Status::NotMet,
        };
        let label = format!("{} {}", &month[..3], year % 100);
        let mut point = Point::new(&label, &format!("{month} {year}"), *value, status);
        point.norm = Bound::read(">= 80%");
        point
    };
    values.iter().enumerate().map(point).collect()
}

pub(super) fn line_chart(id: &str, unit: &str, points: Vec<Point>) -> LineChart {
    LineChart {
        id: id.to_owned(),
        title: "Percentage binnen service level".to_owned(),
        unit: unit.to_owned(),
        points,
        references: Vec::new(),
        limits: Vec::new(),
    }
}

/// Twenty-four months with everything that a line can show.
pub(super) fn rich() -> LineChart {
    let values = [
        68.2, 70.1, 71.5, 69.9, 73.8, 75.2, 74.1, 77.0, 78.3, 79.96, 81.2, 80.4, 76.3, 0.0, 0.0, 82.0, 84.1, 85.9,
        88.2, 83.3, 86.4, 91.0, 87.2, 78.2,
    ];
    let mut points = months(&values.map(|v| if v > 0.0 { Some(v) } else { None }));
    for (at, point) in points.iter_mut().enumerate() {
        if at < 12 {
            point.norm = Bound::read(">= 75%");
            if point.value.is_some_and(|v| v >= 75.0) {
                point.status = Status::Met;
            }
        }
        if at == 13 {
            point.status = Status::Shielded;
        }
        if at == 12 {
            point.series_break = Some("reeksbreuk: nieuwe telefooncentrale".to_owned());
        }
        if at == 17 {
            point.status = Status::TooFew;
        }
        if at == 19 {
            point.certainty = Certainty::Unreliable;
            point.note = "onbetrouwbaar: storing in de centrale".to_owned();
        }
        if at == 21 {
            point.special = Some(Special::Improvement);
        }
        if at == 3 {
            point.special = Some(Special::Concern);
        }
        if at == 23 {
            point.certainty = Certainty::Provisional;
        }
    }
    let reference = |label: &str, value| Reference { label: label.to_owned(), value, from: 0, until: 24 };
    LineChart {
        references: vec![
            reference("streefnorm ≥ 90 %", 90.0),
            reference("benchmark landelijk 76,2 %", 76.2),
            reference("richtlijn ≥ 20 %", 20.0),
        ],
        limits: vec![
            Limits { from: 0, until: 12, centre: 74.0, lower: 68.0, upper: 80.0 },
            Limits { from: 12, until: 24, centre: 84.0, lower: 78.0, upper: 90.5 },
        ],
        ..line_chart("rijk", "%", points)
    }
}

fn with(mut points: Vec<Point>, norm: &str, status: Status) -> Vec<Point> {
    for p in &mut points {
        p.norm = Bound::read(norm);
        p.status = if p.value.is_some() { status } else { p.status };
    }
    points
}

fn members(names: &[(&str, Option<f64>)]) -> Vec<Point> {
    let values: Vec<Option<f64>> = names.iter().map(|n| n.1).collect();
    let mut points = months(&values);
    for (point, (name, _)) in points.iter_mut().zip(names) {
        point.label = (*name).to_owned();
        point.long_label = (*name).to_owned();
    }
    points
}

const NAMES: [(&str, Option<f64>); 8] = [
    ("Burgerzaken", Some(92.1)),
    ("Belastingen", Some(84.0)),
    ("Vergunningen, toezicht en handhaving openbare ruimte", Some(79.3)),
    ("Werk & inkomen", Some(77.7)),
    ("Jeugd", Some(61.0)),
    ("<script>alert(1)</script>", Some(12.0)),
    ("(leeg)", None),
    ("(onbekend: xyz)", Some(0.0)),
];

pub(super) fn bars(direction: Direction, unit: &str, points: Vec<Point>) -> BarChart {
    let id = if direction == Direction::Up { "op" } else { "lig" };
    let references = vec![Reference { label: "streefnorm ≥ 90 %".into(), value: 90.0, from: 0, until: points.len() }];
    let references = if unit == "%" { references } else { Vec::new() };
    BarChart { id: id.to_owned(), title: "Staven".to_owned(), unit: unit.to_owned(), direction, points, references }
}

pub(super) fn small(n: usize) -> SmallMultiples {
    let items = (0..n).zip(0i32..).map(|(i, shift)| {
        let values: Vec<Option<f64>> = (0..24)
            .map(|m| (m != 5 || i != 2).then(|| 60.0 + f64::from((m * 7 + shift * 13) % 23) + f64::from(m) / 2.0))
            .collect();
        Small { name: NAMES[i % NAMES.len()].0.to_owned(), points: months(&values) }
    });
    SmallMultiples { id: "klein".into(), title: "Per afdeling".into(), unit: "%".into(), items: items.collect() }
}

pub(super) fn spread() -> Distribution {
    let week = 604_800.0;
    let bins = [
        ("minder dan 1 week", None, Some(week), 412),
        ("1 – 2 weken", Some(week), Some(2.0 * week), 655),
        ("2 – 4 weken", Some(2.0 * week), Some(4.0 * week), 1310),
        ("4 – 8 weken", Some(4.0 * week), Some(8.0 * week), 910),
        ("8 – 26 weken", Some(8.0 * week), Some(26.0 * week), 240),
        ("26 weken of meer", Some(26.0 * week), None, 1),
    ];
    Distribution {
        id: "verdeling".into(),
        title: "Doorlooptijd van aanvragen".into(),
        unit: "s".into(),
        bins: bins.into_iter().map(|(l, from, until, count)| Bin { label: l.into(), from, until, count }).collect(),
        norm: Bound::read("<= 4838400 s"),
        note: "93,2 % is binnen de norm van 8 weken.".into(),
    }
}

pub(super) fn heat() -> Heatmap {
    let days = ["ma", "di", "wo", "do", "vr"];
    let rows = (8..18).map(|hour| HeatRow {
        label: format!("{hour}:00"),
        cells: (0..5)
            .map(|day| {
                let value = 20.0 + f64::from((hour * 37 + day * 53) % 240);
                match (hour, day) {
                    (12, 2) => Cell { value: None, status: Status::NoData },
                    (17, 4) => Cell { value: Some(3.0), status: Status::Shielded },
                    (8, 0) => Cell { value: Some(40.0), status: Status::TooFew },
                    _ => Cell { value: Some(value), status: Status::NoNorm },
                }
            })
            .collect(),
    });
    Heatmap {
        id: "hitte".into(),
        title: "Gemiddelde wachttijd".into(),
        unit: "s".into(),
        corner: "uur".into(),
        columns: days.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

pub(super) fn key_figure() -> Figure {
    Figure { id: "getal".into(), title: "Klanttevredenheid".into(), unit: "%".into(), points: rich().points }
}

/// Every form, with a name.
pub(super) fn all() -> Vec<(&'static str, Markup)> {
    let some = |values: &[f64]| months(&values.iter().copied().map(Some).collect::<Vec<_>>());
    let durations = [310.0, 295.0, 340.0, 410.0, 380.0, 290.0, 270.0, 260.0, 255.0, 300.0, 320.0, 280.0];
    let mut intervals = some(&[71.0, 74.0, 69.0, 82.0]);
    for p in &mut intervals {
        (p.low, p.high) = (p.value.map(|v| v - 6.5), p.value.map(|v| v + 6.0));
    }
    let band = with(some(&[84.0, 88.0, 86.0, 92.0, 89.0, 81.0]), "tussen 85% en 90%", Status::Met);
    let many: Vec<Option<f64>> = (0..120).map(|i| Some(70.0 + f64::from((i * 17) % 29))).collect();
    let up = some(&[71.0, 74.0, 69.0, 82.0, 85.0, 88.0, 90.0, 92.0, 91.0, 86.0, 79.0, 83.0]);
    vec![
        ("lijn, alles", line(&rich())),
        ("lijn, 12 maanden duur", line(&line_chart("duur", "s", with(some(&durations), "<= 300 s", Status::Near)))),
        ("lijn, band", line(&line_chart("band", "%", band))),
        ("lijn, interval", line(&line_chart("interval", "%", intervals))),
        ("lijn, 120 perioden", line(&line_chart("veel", "%", months(&many)))),
        ("lijn, één punt", line(&line_chart("een", "%", some(&[81.0])))),
        ("lijn, geen waarde", line(&line_chart("geen", "%", months(&[None; 12])))),
        ("lijn, negatief", line(&line_chart("neg", "€", with(some(&[-4e5, 2e5, 9e5, -1e5]), "> 0", Status::Met)))),
        ("staaf, maanden", bar(&bars(Direction::Up, "%", up))),
        ("staaf, 24 aantallen", bar(&bars(Direction::Up, "aantal", with(rich().points, "", Status::NoNorm)))),
        ("staaf, leden", bar(&bars(Direction::Right, "%", members(&NAMES)))),
        ("kengetal", figure(&key_figure())),
        ("verdeling", distribution(&spread())),
        ("warmtekaart", heatmap(&heat())),
        ("klein, 8", small_multiples(&small(8))),
    ]
}

/// A page of all, and how many bytes each takes.
pub(super) fn page() -> (String, Vec<(&'static str, usize)>) {
    let all = all();
    let sizes = all.iter().map(|(name, m)| (*name, m.0.len())).collect();
    let style = "body{font:16px/1.45 system-ui,sans-serif;margin:1.5rem auto;max-width:60rem;padding:0 1rem;\
                 background:var(--g-bg);color:var(--g-ink)}h2{font-size:1.1rem;margin:2rem 0 .5rem}";
    let page = html! {
        (DOCTYPE)
        html lang="nl" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { "Grafieken" }
                style { (PreEscaped(CSS)) (PreEscaped(style)) }
            }
            body { @for (name, chart) in &all { h2 { (name) } (chart) } }
        }
    };
    (page.into_string(), sizes)
}
