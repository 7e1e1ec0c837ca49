//! Counter visits: tickets through a queue per location and kind, and the products they led to. It must not know how
//! they are stored.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

use crate::rng::Rng;
use crate::year::{at, bustle, days, is_open, is_summer, shift};

/// One ticket; moments are naive local times.
pub struct Ticket {
    pub id: String,
    pub location: &'static str,
    pub domain: &'static str,
    pub by_appointment: bool,
    pub appointment: Option<NaiveDateTime>,
    pub issued: NaiveDateTime,
    pub called: Option<NaiveDateTime>,
    pub started: Option<NaiveDateTime>,
    pub ended: Option<NaiveDateTime>,
    pub wrapped_up: Option<NaiveDateTime>,
}

/// One line of products of a visit.
pub struct Product {
    pub ticket: String,
    pub name: &'static str,
    pub ordered: bool,
    pub count: u32,
    /// In cents.
    pub fee: Option<u32>,
    pub day: NaiveDate,
}

/// A counter location: walk-ins and appointments per average day, desks for each. The second desk for walk-ins is
/// open until `quiet`, and not at all in the summer.
struct Location {
    name: &'static str,
    walk_ins: f64,
    appointments: f64,
    walk_in_desks: usize,
    appointment_desks: usize,
    quiet: i64,
}

const LOCATIONS: [Location; 2] = [
    Location {
        name: "Stadskantoor",
        walk_ins: 16.5,
        appointments: 23.5,
        walk_in_desks: 2,
        appointment_desks: 1,
        quiet: 14 * 3600,
    },
    Location {
        name: "Servicepunt Andréplein",
        walk_ins: 5.5,
        appointments: 9.0,
        walk_in_desks: 1,
        appointment_desks: 1,
        quiet: 14 * 3600,
    },
];

/// Who stands alone has lunch as well.
const LUNCH: (i64, i64) = (12 * 3600, 12 * 3600 + 2_400);

/// Walk-ins fall by a tenth in the two years: more and more is done by appointment, or at home.
const WALK_INS_PER_YEAR: f64 = -0.05;

const DOMAINS: [(&str, f64); 4] =
    [("burgerzaken", 78.0), ("parkeren", 8.0), ("sociaal domein", 9.0), ("omgeving", 5.0)];

/// A product of the civil registry: its name, fee in cents, and whether it is collected on a later visit.
const PRODUCTS: [((&str, u32, bool), f64); 6] = [
    (("paspoort", 8_695, true), 30.0),
    (("identiteitskaart", 8_175, true), 24.0),
    (("rijbewijs", 5_210, true), 22.0),
    (("uittreksel BRP", 1_860, false), 12.0),
    (("verhuizing", 0, false), 7.0),
    (("verklaring omtrent gedrag", 4_135, false), 5.0),
];

/// Opening and closing second of the day: until eight on Thursdays in the town hall, mornings only elsewhere.
fn hours(location: &Location, date: NaiveDate) -> (i64, i64) {
    let close = if location.name != "Stadskantoor" {
        13 * 3600
    } else if date.weekday() == Weekday::Thu {
        20 * 3600
    } else {
        17 * 3600
    };
    (8 * 3600 + 1800, close)
}

/// All tickets in order of issue, and their products.
pub fn visits() -> (Vec<Ticket>, Vec<Product>) {
    let mut rng = Rng::new(2_352);
    let mut tickets = Vec::new();
    for date in days().filter(|d| is_open(*d)) {
        for location in &LOCATIONS {
            let (open, close) = hours(location, date);
            let evening = if close > 17 * 3600 { 1.25 } else { 1.0 };
            let mean = location.walk_ins * shift(date, WALK_INS_PER_YEAR);
            let walk_ins = walk_ins(&mut rng, mean * bustle(date) * evening, open, close);
            queue(&mut rng, date, location, close, walk_ins, &mut tickets);
            let appointments = appointments(&mut rng, location.appointments * bustle(date) * evening, open, close);
            queue(&mut rng, date, location, close, appointments, &mut tickets);
        }
    }
    tickets.sort_by_key(|t| t.issued);
    for (number, ticket) in tickets.iter_mut().enumerate() {
        ticket.id = format!("t{:05}", number + 1);
    }
    let products = products(&mut rng, &tickets);
    (tickets, products)
}

/// Arrival of a person: the second of the ticket, and of the appointment if there is one.
type Arrival = (i64, Option<i64>);

/// Walk-ins come mostly in the morning and around lunch.
fn walk_ins(rng: &mut Rng, mean: f64, open: i64, close: i64) -> Vec<Arrival> {
    (0..rng.poisson(mean))
        .map(|_| {
            let part = rng.pick(&[(0.0, 3.0), (0.2, 3.2), (0.4, 3.4), (0.6, 2.2), (0.8, 1.0)]);
            let second = open + ((part + 0.2 * rng.unit()) * (close - open - 600) as f64) as i64;
            (second, None)
        })
        .collect()
}

/// Appointments stand on ten minutes; most people are early, some come late, and who forgot takes no ticket at all.
fn appointments(rng: &mut Rng, mean: f64, open: i64, close: i64) -> Vec<Arrival> {
    let slots = (close - open) / 600 - 1;
    (0..rng.poisson(mean))
        .filter_map(|_| {
            let agreed = open + 600 * rng.between(0, slots - 1);
            let early = 270.0 + 240.0 * rng.normal();
            let forgot = rng.chance(0.06);
            (!forgot).then(|| ((agreed - early as i64).max(open - 600), Some(agreed)))
        })
        .collect()
}

/// Serves people in the order in which they may be called; an appointment is not called more than four minutes early.
fn queue(
    rng: &mut Rng,
    date: NaiveDate,
    location: &Location,
    close: i64,
    arrivals: Vec<Arrival>,
    tickets: &mut Vec<Ticket>,
) {
    let mut arrivals: Vec<(i64, Arrival)> = arrivals
        .into_iter()
        .map(|(second, agreed)| (agreed.map_or(second, |a| second.max(a - 240)), (second, agreed)))
        .collect();
    arrivals.sort_unstable();
    let by_appointment = arrivals.iter().any(|a| a.1.1.is_some());
    let desks = if by_appointment { location.appointment_desks } else { location.walk_in_desks };
    let mut free = vec![8 * 3600 + 1800_i64; desks];
    for (ready, (second, agreed)) in arrivals {
        let alone = !by_appointment && (is_summer(date) || ready >= location.quiet);
        let open = if alone { 1 } else { desks };
        if alone && is_summer(date) && (LUNCH.0..LUNCH.1).contains(&ready) {
            free[0] = free[0].max(LUNCH.1);
        }
        let desk = (0..open).min_by_key(|&i| free[i]).unwrap_or(0);
        let called = free[desk].max(ready) + rng.between(4, 20);
        let gone = rng.chance(0.018) || called - second > 420 + rng.waiting(3_600.0);
        let lost = rng.chance(0.002);
        let mut ticket = Ticket {
            id: String::new(),
            location: location.name,
            domain: rng.pick(&DOMAINS),
            by_appointment,
            appointment: agreed.filter(|_| !rng.chance(0.01)).map(|a| at(date, a)),
            issued: at(date, second),
            called: (!lost).then(|| at(date, called)),
            started: None,
            ended: None,
            wrapped_up: None,
        };
        if lost {
            tickets.push(ticket);
            continue;
        }
        if gone {
            free[desk] = called + 45;
            tickets.push(ticket);
            continue;
        }
        let start = called + rng.between(8, 55);
        let end = start + rng.duration(if by_appointment { 440.0 } else { 500.0 }, 0.5).clamp(40, 3_600);
        let wrapped_up = end + rng.between(15, 120);
        free[desk] = wrapped_up;
        ticket.started = Some(at(date, start));
        if rng.chance(0.004) {
            // Forgotten: never closed.
        } else if rng.chance(0.002) && end < close {
            // Forgotten, and closed when the lights went out.
            ticket.ended = Some(at(date, close + 2_700));
            ticket.wrapped_up = ticket.ended;
        } else {
            ticket.ended = Some(at(date, end));
            ticket.wrapped_up = (!rng.chance(0.04)).then(|| at(date, wrapped_up));
        }
        tickets.push(ticket);
    }
}

/// What was ordered and handed over. A few lines name a ticket that does not exist: they are in the data on purpose.
fn products(rng: &mut Rng, tickets: &[Ticket]) -> Vec<Product> {
    let mut all = Vec::new();
    for (number, ticket) in tickets.iter().enumerate() {
        if ticket.started.is_none() {
            continue;
        }
        let day = ticket.issued.date();
        let id = if number % 2_500 == 1_234 { format!("x{number:05}") } else { ticket.id.clone() };
        if ticket.domain != "burgerzaken" {
            if rng.chance(0.35) {
                let name = if ticket.domain == "parkeren" { "parkeervergunning" } else { "aanvraag" };
                all.push(Product { ticket: id, name, ordered: true, count: 1, fee: None, day });
            }
            continue;
        }
        match rng.between(1, 100) {
            1..=56 => {
                let lines = rng.pick(&[(1, 84.0), (2, 14.0), (3, 2.0)]);
                for _ in 0..lines {
                    let (name, fee, later) = rng.pick(&PRODUCTS);
                    let count = if name == "uittreksel BRP" { rng.pick(&[(1, 8.0), (2, 2.0)]) } else { 1 };
                    let paid = (!rng.chance(0.02)).then_some(fee * count);
                    all.push(Product { ticket: id.clone(), name, ordered: true, count, fee: paid, day });
                    if !later {
                        all.push(Product { ticket: id.clone(), name, ordered: false, count, fee: None, day });
                    }
                }
            }
            57..=90 => {
                let (name, _, _) = rng.pick(&PRODUCTS[..3]);
                let count = rng.pick(&[(1, 88.0), (2, 9.0), (3, 3.0)]);
                all.push(Product { ticket: id, name, ordered: false, count, fee: None, day });
            }
            _ => {}
        }
    }
    all
}
