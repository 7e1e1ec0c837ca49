//! Cases, the requests of customers that hold them together, and the checks of their quality. Support at home (WMO) misses
//! its term structurally; what is open on the last day stays open.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::rng::Rng;
use crate::streams::columns::{dates, ids, texts, write};
use crate::streams::pace::{count, iso_day, known_day, later, shift, slowness, yes_no};
use crate::year::{day, days, is_open};

/// A type of case: code, department, working days that the agreement allows, the usual working days, their spread, share.
struct Kind {
    code: &'static str,
    department: &'static str,
    allowed: Option<i64>,
    usual: f64,
    spread: f64,
    share: f64,
}

const KINDS: [Kind; 8] = [
    Kind { code: "VERH", department: "Dienstverlening", allowed: Some(3), usual: 1.3, spread: 0.45, share: 25.0 },
    Kind { code: "UITT", department: "Dienstverlening", allowed: Some(2), usual: 0.9, spread: 0.4, share: 14.0 },
    Kind { code: "PARK", department: "Openbare Ruimte", allowed: Some(5), usual: 3.4, spread: 0.4, share: 14.0 },
    Kind { code: "MOR", department: "Openbare Ruimte", allowed: Some(5), usual: 3.2, spread: 0.55, share: 20.0 },
    Kind { code: "KWIJ", department: "Financiën", allowed: Some(30), usual: 21.0, spread: 0.3, share: 9.0 },
    Kind { code: "WMO", department: "Sociaal Domein", allowed: Some(30), usual: 34.0, spread: 0.28, share: 9.0 },
    Kind { code: "OMG", department: "Omgeving", allowed: Some(40), usual: 31.0, spread: 0.25, share: 6.0 },
    Kind { code: "BEZW", department: "Juridische Zaken", allowed: None, usual: 52.0, spread: 0.3, share: 3.0 },
];

pub struct Case {
    pub id: String,
    pub request: Option<usize>,
    pub kind: Option<usize>,
    pub channel: &'static str,
    pub customer: Option<String>,
    pub start: NaiveDate,
    due: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    asked: Option<bool>,
    status: Option<bool>,
}

struct Request {
    customer: Option<String>,
    channel: &'static str,
    received: NaiveDate,
    promised: Option<NaiveDate>,
    direction: Option<&'static str>,
}

pub struct Cases {
    pub cases: Vec<Case>,
    requests: Vec<Request>,
}

/// All requests and cases, in order of the day on which they came.
pub fn cases() -> Cases {
    let mut rng = Rng::new(118_124);
    let mut all = Cases { cases: Vec::new(), requests: Vec::new() };
    for date in days().filter(|d| is_open(*d)) {
        for _ in 0..count(&mut rng, date, 5.6 * shift(date, 0.1), 0.0) {
            request(&mut rng, date, &mut all);
        }
    }
    all.cases.sort_by_key(|c| c.start);
    for (number, case) in (1..).zip(&mut all.cases) {
        case.id = format!("z{number:05}");
    }
    all
}

fn request(rng: &mut Rng, date: NaiveDate, all: &mut Cases) {
    let customer = (!rng.chance(0.03)).then(|| format!("k{:04x}", (22_000.0 * rng.unit().powf(1.5)) as u32));
    let digital = 40.0 * shift(date, 0.5);
    let channel = rng.pick(&[("web", digital), ("balie", 24.0), ("telefoon", 16.0), ("post", 13.0), ("e-mail", 9.0)]);
    let shares: Vec<(usize, f64)> = KINDS.iter().enumerate().map(|(i, k)| (i, k.share)).collect();
    let first = rng.pick(&shares);
    let mut kinds = vec![first];
    for _ in 0..rng.pick(&[(0, 82.0), (1, 14.0), (2, 4.0)]) {
        // A house move often comes with a parking permit; much else comes with support at home.
        kinds.push(if first == 0 { 2 } else { rng.pick(&[(1, 3.0), (5, 2.0), (4, 2.0), (3, 1.0)]) });
    }
    let longest = kinds.iter().filter_map(|k| KINDS[*k].allowed).max();
    let held = !rng.chance(0.08);
    let number = held.then(|| {
        let slack = rng.between(1, 3);
        all.requests.push(Request {
            customer: customer.clone(),
            channel,
            received: date,
            promised: longest.filter(|_| !rng.chance(0.06)).map(|days| later(date, days + slack)),
            direction: rng.pick(&[(Some("eerste lijn"), 84.0), (Some("accountmanager"), 11.0), (None, 5.0)]),
        });
        all.requests.len()
    });
    for kind in kinds {
        let case = case(rng, date, kind, channel, customer.clone());
        all.cases.push(Case { request: number, ..case });
    }
}

fn case(rng: &mut Rng, date: NaiveDate, kind: usize, channel: &'static str, customer: Option<String>) -> Case {
    let what = &KINDS[kind];
    let wait = rng.pick(&[(0, 80.0), (1, 12.0), (2, 5.0), (4, 3.0)]);
    let start = if wait == 0 { date } else { later(date, wait) };
    let asked = rng.chance(if channel == "web" { 0.12 } else { 0.25 });
    let slow = slowness(start).sqrt() * if asked { 1.2 } else { 1.0 };
    let working = rng.duration(what.usual * slow, what.spread).max(0);
    let ends = if working == 0 { start } else { later(start, working) };
    let automatic = what.code == "UITT" || (what.code == "VERH" && date >= day(2025, 1, 1));
    let status = automatic || channel == "web" || what.code == "MOR";
    Case {
        id: String::new(),
        request: None,
        kind: (!rng.chance(0.006)).then_some(kind),
        channel,
        customer,
        start,
        due: what.allowed.map(|days| later(start, days)),
        end: known_day(ends).filter(|_| !rng.chance(0.004)),
        asked: (!rng.chance(0.05)).then_some(asked),
        status: (automatic || what.code == "MOR" || !rng.chance(0.03)).then_some(status),
    }
}

pub fn cases_csv(all: &Cases) -> Result<String, std::fmt::Error> {
    let head =
        "zaak_id,klantaanvraag,zaaktype,kanaal,klant,afdeling,start,uiterlijk,eind,navraag,statusinfo,resultaat\n";
    let mut text = head.to_owned();
    for c in all.cases.iter().filter(|c| known_day(c.start).is_some()) {
        let request = c.request.map(|n| format!("a{n:05}")).unwrap_or_default();
        let (code, department) = c.kind.map(|k| (KINDS[k].code, KINDS[k].department)).unwrap_or_default();
        let days = [Some(c.start), c.due, c.end].map(iso_day).join(",");
        let customer = c.customer.as_deref().unwrap_or_default();
        let result = match (c.end, c.asked) {
            (None, _) => "",
            (Some(end), Some(true)) if end.weekday() == Weekday::Fri => "ingetrokken",
            _ => "verleend",
        };
        let asked = if c.end.is_some() { yes_no(c.asked) } else { "" };
        let (id, channel, status) = (&c.id, c.channel, yes_no(c.status));
        writeln!(text, "{id},{request},{code},{channel},{customer},{department},{days},{asked},{status},{result}")?;
    }
    Ok(text)
}

pub fn write_requests(path: &Path, all: &Cases) -> Result<(), Box<dyn Error>> {
    let rows = &all.requests;
    let columns = vec![
        ("aanvraag_id", ids('a', rows.len())),
        ("klant", texts(rows.iter().map(|r| r.customer.as_deref()))),
        ("kanaal", texts(rows.iter().map(|r| Some(r.channel)))),
        ("ontvangen", dates(rows.iter().map(|r| Some(r.received)))),
        ("toegezegd", dates(rows.iter().map(|r| r.promised))),
        ("regie", texts(rows.iter().map(|r| r.direction))),
    ];
    write(path, columns, &["aanvraag_id"])
}

/// Every few weeks some closed cases are held against the demands of the agreement.
pub fn checks_csv(all: &Cases) -> Result<String, std::fmt::Error> {
    let mut rng = Rng::new(124_124);
    let mut rows: Vec<(NaiveDate, String)> = Vec::new();
    for c in &all.cases {
        let (Some(end), Some(kind)) = (c.end, c.kind) else { continue };
        if !rng.chance(0.11) {
            continue;
        }
        let moment = later(end, rng.between(3, 12));
        for demand in ["volledig", "leesbare brief", "grondslag"] {
            let meets = rng.chance(if KINDS[kind].code == "WMO" { 0.86 } else { 0.955 });
            let meets = (!rng.chance(0.03)).then_some(meets);
            if known_day(moment).is_some() {
                let department = KINDS[kind].department;
                rows.push((moment, format!("{},{department},{moment},{demand},{}", c.id, yes_no(meets))));
            }
        }
    }
    rows.sort();
    let mut text = "toets_id,zaak,afdeling,moment,eis,voldoet\n".to_owned();
    for (number, (_, row)) in (1..).zip(rows) {
        writeln!(text, "q{number:04},{row}")?;
    }
    Ok(text)
}
