//! Telephone calls: a queue per team, with people who hang up when waiting takes too long, on the old exchange and on
//! the new one. It must not know how calls are stored.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate, NaiveDateTime};

use crate::opening::phone_hours;
use crate::rng::Rng;
use crate::year::{at, bustle, day, days, is_broken, is_open, new_exchange, shift};

/// One call; moments are naive local times.
#[derive(Clone)]
pub struct Call {
    pub caller: Option<String>,
    pub number: &'static str,
    pub external: bool,
    pub direction: &'static str,
    pub arrived: NaiveDateTime,
    pub last_choice: Option<NaiveDateTime>,
    pub answered: Option<NaiveDateTime>,
    pub ended: NaiveDateTime,
    pub wrap_up: Option<i32>,
    pub outcome: &'static str,
    pub fallback: &'static str,
    pub team: Option<&'static str>,
    pub subject: Option<&'static str>,
    pub transfers: i32,
    pub callback: bool,
    /// Seconds on hold right after the call was answered.
    pub held: Option<i32>,
    pub calamity: Option<bool>,
}

/// How an exchange, or the weeks in which it was new, handles calls.
struct Exchange {
    /// Of the spare staff of a team, the part that is there.
    spare: f64,
    /// Places that stand empty, because people are in training.
    away: i64,
    /// Seconds that the telephone rings.
    ring: (i64, i64),
    /// How often a caller is put on hold at once.
    hold: f64,
}

const OLD: Exchange = Exchange { spare: 0.66, away: 0, ring: (3, 10), hold: 0.11 };
const CHANGING: Exchange = Exchange { spare: 0.66, away: 1, ring: (4, 14), hold: 0.16 };
const SETTLING: Exchange = Exchange { spare: 1.2, away: 0, ring: (2, 8), hold: 0.05 };
const NEW: Exchange = Exchange { spare: 1.5, away: 0, ring: (2, 7), hold: 0.03 };

/// The exchange on a day: three weeks of change, five weeks of getting used to it.
fn exchange(date: NaiveDate) -> &'static Exchange {
    match (date - new_exchange()).num_days() {
        ..0 => &OLD,
        0..21 => &CHANGING,
        21..56 => &SETTLING,
        _ => &NEW,
    }
}

/// Whether a calamity was declared: a burst water main, and the first days of the broken exchange.
fn is_calamity(date: NaiveDate) -> bool {
    date == water_main() || (is_broken(date) && date < day(2026, 5, 7))
}

/// The day on which half the town had no water, and called.
fn water_main() -> NaiveDate {
    day(2025, 2, 12)
}

/// What the exchange notes of a calamity: the old one only that there is one, the new one also that there is none.
fn calamity(date: NaiveDate) -> Option<bool> {
    let declared = is_calamity(date);
    (declared || date >= new_exchange()).then_some(declared)
}

/// A team: its code, share of the calls, spare staff (in square roots of the load), and subjects.
struct Team {
    code: &'static str,
    share: f64,
    spare: f64,
    subjects: &'static [(&'static str, f64)],
}

const TEAMS: [Team; 3] = [
    Team {
        code: "KCC",
        share: 0.62,
        spare: 0.92,
        subjects: &[("burgerzaken", 4.0), ("afval", 2.5), ("parkeren", 1.5), ("vergunningen", 1.2), ("overig", 1.0)],
    },
    Team {
        code: "BEL",
        share: 0.21,
        spare: 1.25,
        subjects: &[("belastingen", 5.0), ("kwijtschelding", 2.0), ("parkeren", 0.5)],
    },
    Team { code: "SOC", share: 0.17, spare: 1.05, subjects: &[("Wmo", 3.0), ("uitkering", 3.0), ("jeugd", 1.0)] },
];

/// The half hours from 8:30 to 17:00 and their weight: a morning peak and a lunch peak.
const PROFILE: [f64; 17] = [0.9, 1.4, 1.6, 1.5, 1.4, 1.2, 1.1, 1.2, 1.2, 1.0, 0.9, 1.0, 1.0, 0.9, 0.8, 0.6, 0.4];
const OPENING: i64 = 8 * 3600 + 1800;
const HALF_HOUR: i64 = 1800;
/// Calls to the general number on an average day, at the start; there are fewer every year.
const PER_DAY: f64 = 150.0;
const PER_YEAR: f64 = -0.09;
/// Seconds of talk and wrap-up together, as the planner reckons.
const PLANNED_HANDLING: f64 = 262.0;

/// All calls of the two years, in order of arrival.
pub fn calls() -> Vec<Call> {
    let mut rng = Rng::new(14_085);
    let (mut all, mut again) = (Vec::new(), Vec::new());
    for date in days() {
        if is_open(date) {
            for team in &TEAMS {
                office_day(&mut rng, date, team, &mut again, &mut all);
            }
            outgoing(&mut rng, date, &mut all);
        }
        night_line(&mut rng, date, &mut all);
    }
    clock_changes(&mut all);
    all.sort_by_key(|c| c.arrived);
    all
}

/// A pseudonym; some callers withhold their number, some call far more often than others.
fn caller(rng: &mut Rng) -> Option<String> {
    let number = (22_000.0 * rng.unit().powf(1.5)) as u32;
    (!rng.chance(0.09)).then(|| format!("b{number:05}"))
}

/// Somebody who calls for the same thing again.
struct Again {
    date: NaiveDate,
    team: &'static str,
    caller: String,
    subject: Option<&'static str>,
}

/// Who hangs up often calls again within the hour; who was answered sometimes does some days later.
const AGAIN_TODAY: f64 = 0.45;
const AGAIN_LATER: f64 = 0.045;

/// The calls of one team on one day, through a queue that serves in order of arrival.
fn office_day(rng: &mut Rng, date: NaiveDate, team: &Team, again: &mut Vec<Again>, all: &mut Vec<Call>) {
    let planned = PER_DAY * team.share * bustle(date) * shift(date, PER_YEAR);
    let hours = phone_hours(date);
    let is_answered = |second: i64| hours.iter().any(|(open, close)| (open * 60..close * 60).contains(&second));
    let mut arrivals = arrivals(rng, date, team, planned, again);
    let mut number = arrivals.len();
    let exchange = exchange(date);
    let broken = is_broken(date);
    let ill = i64::from(rng.chance(0.13));
    // The second of the day at which each place is free again.
    let mut places: Vec<i64> = vec![0; 12];
    let weights: f64 = PROFILE.iter().sum();
    while let Some(((arrival, _), before)) = arrivals.pop_first() {
        if !is_answered(arrival) {
            continue;
        }
        let slot = (arrival - OPENING) / HALF_HOUR;
        let load = planned * PROFILE[slot as usize] / weights * PLANNED_HANDLING / HALF_HOUR as f64;
        let lunch = i64::from((7..=9).contains(&slot) && load > 1.2);
        let spare = team.spare * exchange.spare * load.sqrt();
        let staff = ((load + spare).ceil() as i64 - ill - lunch - exchange.away).max(1);
        let staff = if broken { (staff / 2).max(1) } else { staff } as usize;
        let mut call = one_call(rng, date, (team, exchange), arrival, &mut places[..staff]);
        if let Some(before) = before {
            call.caller = Some(before.caller);
            call.subject = call.subject.and(before.subject.or(call.subject));
        }
        if let Some(caller) = call.caller.clone() {
            let same = Again { date, team: team.code, caller, subject: call.subject };
            if call.outcome == "opgehangen" && rng.chance(AGAIN_TODAY) {
                let second = (call.ended - at(date, 0)).num_seconds() + 40 + rng.waiting(1_300.0);
                arrivals.insert((second, number), Some(same));
                number += 1;
            } else if call.outcome == "beantwoord" && rng.chance(AGAIN_LATER) {
                again.push(Again { date: date + Duration::days(rng.between(1, 6)), ..same });
            }
        }
        // The broken exchange lost most of its log.
        if !(broken && rng.chance(0.65)) {
            all.push(call);
        }
    }
}

/// Who call a team on a day, by second of the day and a number that keeps them apart.
fn arrivals(
    rng: &mut Rng,
    date: NaiveDate,
    team: &Team,
    planned: f64,
    again: &mut Vec<Again>,
) -> BTreeMap<(i64, usize), Option<Again>> {
    let real = planned * (1.0 + 0.12 * rng.normal()).max(0.6) * if date == water_main() { 1.8 } else { 1.0 };
    let weights: f64 = PROFILE.iter().sum();
    let mut arrivals = BTreeMap::new();
    for (slot, weight) in (0_i64..).zip(PROFILE) {
        for _ in 0..rng.poisson(real * weight / weights) {
            let second = OPENING + slot * HALF_HOUR + rng.between(0, HALF_HOUR - 1);
            arrivals.insert((second, arrivals.len()), None);
        }
    }
    let (today, later) = std::mem::take(again).into_iter().partition(|a| a.date == date && a.team == team.code);
    *again = later;
    let today: Vec<Again> = today;
    for same in today {
        arrivals.insert((OPENING + rng.between(0, 16 * HALF_HOUR), arrivals.len()), Some(same));
    }
    arrivals
}

/// One call to the general number.
fn one_call(
    rng: &mut Rng,
    date: NaiveDate,
    (team, exchange): (&Team, &Exchange),
    arrival: i64,
    places: &mut [i64],
) -> Call {
    let moment = |second: i64| at(date, second);
    let mut call = Call {
        caller: caller(rng),
        number: "algemeen",
        external: !rng.chance(0.06),
        direction: "inkomend",
        arrived: moment(arrival),
        last_choice: None,
        answered: None,
        ended: moment(arrival),
        wrap_up: None,
        outcome: "opgehangen",
        fallback: rng.pick(&[("geen", 95.6), ("intern", 3.2), ("extern", 1.2)]),
        team: None,
        subject: None,
        transfers: 0,
        callback: false,
        held: None,
        calamity: calamity(date),
    };
    let menu = rng.between(5, 34);
    if rng.chance(0.02) {
        // Hung up in the menu.
        call.ended = moment(arrival + rng.between(1, 24));
        return call;
    }
    let chose = rng.chance(0.92);
    call.last_choice = chose.then(|| moment(arrival + menu));
    if rng.chance(0.05) {
        call.outcome = "keuzemenu";
        call.ended = moment(arrival + menu + rng.between(12, 75));
        return call;
    }
    call.team = Some(if rng.chance(0.0004) { "TST" } else { team.code });
    // Without a choice the call is put in the queue almost at once.
    let queued = if chose { arrival + menu } else { arrival + 3 };
    let place = (0..places.len()).min_by_key(|&i| places[i]).unwrap_or(0);
    let broken = is_broken(date);
    let ring = if broken { rng.between(30, 240) } else { rng.between(exchange.ring.0, exchange.ring.1) };
    let answer = places[place].max(queued) + ring;
    let patience = if rng.chance(0.035) { rng.between(1, 7) } else { 9 + rng.waiting(260.0) };
    if answer - queued > patience {
        call.ended = moment(queued + patience);
        if broken && rng.chance(0.15) {
            call.outcome = "overloop";
        }
        return call;
    }
    if answer - queued > 900 {
        call.outcome = "verlopen";
        call.ended = moment(queued + 900);
        return call;
    }
    let talk = rng.duration(if team.code == "SOC" { 205.0 } else { 170.0 }, 0.62).clamp(8, 3600);
    let wrap_up = if rng.chance(0.05) { 0 } else { rng.between(12, 110) };
    places[place] = answer + talk + wrap_up;
    call.outcome = "beantwoord";
    call.answered = Some(moment(answer));
    call.ended = moment(answer + talk);
    call.wrap_up = (!rng.chance(0.04)).then_some(wrap_up as i32);
    call.subject = (!rng.chance(0.06)).then(|| rng.pick(team.subjects));
    call.transfers = rng.pick(&[(0, 84.0), (1, 11.5), (2, 3.3), (3, 1.0), (4, 0.2)]);
    call.callback = rng.chance(0.055);
    call.held = rng.chance(exchange.hold).then(|| rng.between(5, 60).min(talk) as i32);
    call
}

/// Calls that the teams make themselves.
fn outgoing(rng: &mut Rng, date: NaiveDate, all: &mut Vec<Call>) {
    for _ in 0..rng.poisson(5.0) {
        let start = OPENING + rng.between(0, 30_000);
        let answer = start + rng.between(6, 25);
        let reached = rng.chance(0.8);
        let talk = rng.duration(140.0, 0.6).clamp(8, 3600);
        all.push(Call {
            caller: None,
            number: "algemeen",
            external: true,
            direction: "uitgaand",
            arrived: at(date, start),
            last_choice: None,
            answered: reached.then(|| at(date, answer)),
            ended: at(date, if reached { answer + talk } else { answer }),
            wrap_up: None,
            outcome: if reached { "beantwoord" } else { "verlopen" },
            fallback: "geen",
            team: Some(rng.pick(&[("KCC", 3.0), ("BEL", 1.0), ("SOC", 1.5)])),
            subject: None,
            transfers: 0,
            callback: false,
            held: None,
            calamity: calamity(date),
        });
    }
}

/// The small number that is answered day and night.
fn night_line(rng: &mut Rng, date: NaiveDate, all: &mut Vec<Call>) {
    for _ in 0..rng.poisson(5.6) {
        let second = rng.between(0, 86_399);
        // Calls in the hours of a clock change are made by hand, see below.
        if clock_change(date) && second < 4 * 3600 {
            continue;
        }
        let wait = 2 + rng.waiting(11.0);
        let left = rng.chance(0.04);
        all.push(night_call(rng, at(date, second), wait, left));
    }
}

/// One call to the number that is answered day and night.
fn night_call(rng: &mut Rng, arrived: NaiveDateTime, wait: i64, left: bool) -> Call {
    let answered = arrived + Duration::seconds(wait);
    let talk = rng.duration(120.0, 0.5).clamp(10, 1800);
    Call {
        caller: caller(rng),
        number: "24-uurslijn",
        external: true,
        direction: "inkomend",
        arrived,
        last_choice: None,
        answered: (!left).then_some(answered),
        ended: if left { answered } else { answered + Duration::seconds(talk) },
        wrap_up: None,
        outcome: if left { "opgehangen" } else { "beantwoord" },
        fallback: "geen",
        team: Some("24U"),
        subject: (!left).then(|| rng.pick(&[("openbare ruimte", 4.0), ("riolering", 2.0), ("overlast", 2.0)])),
        transfers: 0,
        callback: rng.chance(0.1),
        held: None,
        calamity: calamity(arrived.date()),
    }
}

/// Whether the clock changes on a day.
fn clock_change(date: NaiveDate) -> bool {
    [day(2024, 10, 27), day(2025, 3, 30), day(2025, 10, 26), day(2026, 3, 29)].contains(&date)
}

/// Calls around the clock changes. On 26 October 2025 the hour from two to three comes twice, and the export does
/// not say which one is meant: one of these calls began in the first and ended in the second, so that its end seems
/// to lie before its start. It is in the data on purpose.
fn clock_changes(all: &mut Vec<Call>) {
    let mut rng = Rng::new(2610);
    let (before, autumn) = (day(2024, 10, 27), day(2025, 10, 26));
    for (date, start, length) in [
        (autumn, 5_700, 300),
        (autumn, 7_500, 240),
        (autumn, 8_400, 660),
        (autumn, 9_660, 180),
        (autumn, 10_320, -2_700),
        (before, 6_540, 420),
        (before, 8_700, 300),
        (before, 10_020, 360),
    ] {
        let mut call = night_call(&mut rng, at(date, start), 9, false);
        call.ended = at(date, start + length);
        if length < 0 {
            call.answered = None;
            call.outcome = "opgehangen";
            call.subject = None;
        }
        all.push(call);
    }
    // Begun before, ended after the hour that does not exist: seven minutes, not sixty-seven.
    for date in [day(2026, 3, 29), day(2025, 3, 30)] {
        let mut call = night_call(&mut rng, at(date, 2 * 3600 - 180), 12, false);
        call.ended = at(date, 3 * 3600 + 240);
        all.push(call);
    }
}
