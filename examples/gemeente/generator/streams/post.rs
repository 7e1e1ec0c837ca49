//! Letters, as the registration of post keeps them. Fewer come in, but from February to October 2025 the unit was short of
//! hands: what lay there grew, and was worked away in the winter after.

use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::rng::Rng;
use crate::streams::pace::{count, later, shift, slowness};
use crate::year::{day, days, is_open};

struct Letter {
    outgoing: bool,
    date: NaiveDate,
    registered: Option<NaiveDate>,
    department: Option<&'static str>,
    kind: Option<&'static str>,
    ready: Option<NaiveDate>,
    begun: bool,
}

const DEPARTMENTS: [(Option<&str>, f64); 5] = [
    (Some("Financiën"), 30.0),
    (Some("Sociaal Domein"), 28.0),
    (Some("Omgeving"), 22.0),
    (Some("Dienstverlening"), 17.0),
    (None, 3.0),
];
const KINDS: [(Option<&str>, f64); 6] = [
    (Some("brief"), 46.0),
    (Some("aanvraag"), 22.0),
    (Some("factuur"), 16.0),
    (Some("bezwaarschrift"), 9.0),
    (Some("klacht"), 3.0),
    (None, 2.0),
];

pub fn csv() -> Result<String, std::fmt::Error> {
    let mut text = "nummer;richting;ontvangen;geregistreerd;afdeling;soort;status;afgehandeld\n".to_owned();
    for (number, letter) in (1..).zip(letters()) {
        let way = if letter.outgoing { "uitgaand" } else { "inkomend" };
        let status = match (letter.ready, letter.begun) {
            (Some(_), _) => "afgehandeld",
            (None, true) => "in behandeling",
            (None, false) => "nieuw",
        };
        let dates = [Some(letter.date), letter.registered, letter.ready].map(dutch_day);
        let [date, registered, ready] = dates;
        let (department, kind) = (letter.department.unwrap_or_default(), letter.kind.unwrap_or_default());
        writeln!(text, "p{number:05};{way};{date};{registered};{department};{kind};{status};{ready}")?;
    }
    Ok(text)
}

fn dutch_day(date: Option<NaiveDate>) -> String {
    date.map(|d| d.format("%d-%m-%Y").to_string()).unwrap_or_default()
}

/// All letters in order of arrival. Each working day takes from the front of what lies there, not always in order.
fn letters() -> Vec<Letter> {
    let mut rng = Rng::new(32_033);
    let mut all: Vec<Letter> = Vec::new();
    let mut waiting: Vec<usize> = Vec::new();
    for date in days() {
        for _ in 0..count(&mut rng, date, 6.2 * shift(date, -0.25), 0.0) {
            waiting.push(all.len());
            all.push(letter(&mut rng, date, false));
        }
        for _ in 0..count(&mut rng, date, 0.9, 0.0) {
            let mut letter = letter(&mut rng, date, true);
            letter.ready = Some(date);
            all.push(letter);
        }
        let hands = hands(date) / slowness(date).sqrt();
        for _ in 0..if is_open(date) { rng.poisson(hands) } else { 0 } {
            if waiting.len() > 22 {
                let place = if rng.chance(0.7) { rng.between(0, 12) } else { rng.between(0, waiting.len() as i64 - 1) };
                let letter = &mut all[waiting.remove(place as usize)];
                letter.ready = Some(date.max(letter.date));
            }
        }
    }
    for place in waiting {
        all[place].begun = rng.chance(0.6);
    }
    all
}

/// How many letters the unit can handle on a day.
fn hands(date: NaiveDate) -> f64 {
    if date >= day(2025, 2, 1) && date < day(2025, 10, 15) {
        4.75
    } else if date >= day(2025, 10, 15) {
        6.4
    } else {
        7.1
    }
}

fn letter(rng: &mut Rng, date: NaiveDate, outgoing: bool) -> Letter {
    let registered = if rng.chance(0.82) { date } else { later(date, rng.between(1, 3)) };
    Letter {
        outgoing,
        date,
        registered: Some(registered).filter(|d| *d < day(2026, 7, 1)),
        department: rng.pick(&DEPARTMENTS),
        kind: rng.pick(&KINDS),
        ready: None,
        begun: false,
    }
}
