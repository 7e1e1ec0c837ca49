//! Contacts as the customer contact system keeps them: what clerks write down, of every channel. More and more of the
//! telephone calls are. Who is not helped at once, often comes back within a week.

use chrono::{Duration, NaiveDate, NaiveDateTime};

use crate::rng::Rng;
use crate::streams::cases::Case;
use crate::streams::pace::{awake, count, done, known, later, office, shift, slowness};
use crate::year::{at, day, days, is_open};

pub struct Contact {
    pub moment: NaiveDateTime,
    pub channel: &'static str,
    pub subject: Option<&'static str>,
    pub by_customer: bool,
    pub customer: Option<u32>,
    pub clerk: Option<u32>,
    pub team: Option<&'static str>,
    pub department: Option<&'static str>,
    pub case: Option<String>,
    pub seconds: Option<i32>,
    pub level: Option<i32>,
    pub line: Option<&'static str>,
    pub next: Option<&'static str>,
    pub passed: Option<NaiveDateTime>,
    pub due: Option<NaiveDateTime>,
    pub ready: Option<NaiveDateTime>,
    pub right: Option<bool>,
}

/// A subject, the team behind it, its department, and its share.
const SUBJECTS: [((&str, &str, &str), f64); 9] = [
    (("burgerzaken", "BUR", "Dienstverlening"), 27.0),
    (("afval", "OPR", "Openbare Ruimte"), 15.0),
    (("belastingen", "BEL", "Financiën"), 15.0),
    (("Wmo", "SOC", "Sociaal Domein"), 12.0),
    (("uitkering", "SOC", "Sociaal Domein"), 8.0),
    (("parkeren", "OPR", "Openbare Ruimte"), 8.0),
    (("vergunningen", "VTH", "Omgeving"), 7.0),
    (("kwijtschelding", "BEL", "Financiën"), 4.0),
    (("overig", "BUR", "Dienstverlening"), 4.0),
];

/// A channel as it is written down: contacts per average working day, growth in two years, and what is left when closed.
const CHANNELS: [(&str, f64, f64, f64); 7] = [
    ("telefoon", 45.0, 0.38, 0.0),
    ("balie", 9.0, -0.05, 0.0),
    ("e-mail", 6.0, 0.15, 0.2),
    ("webformulier", 5.0, 0.4, 0.4),
    ("WhatsApp", 2.2, 0.6, 0.4),
    ("brief", 2.4, -0.25, 0.0),
    ("chat", 2.5, 0.3, 0.0),
];

/// All contacts in order of their moment.
pub fn contacts(cases: &[Case]) -> Vec<Contact> {
    let mut rng = Rng::new(103_115);
    let mut all = Vec::new();
    let mut back: Vec<(NaiveDate, u32, (&str, &str, &str))> = Vec::new();
    for date in days() {
        let first = cases.partition_point(|c| c.start < date - Duration::days(40));
        let recent = &cases[first..cases.partition_point(|c| c.start <= date)];
        let due: Vec<_> = back.iter().filter(|b| b.0 == date).map(|b| (b.1, b.2)).collect();
        for (customer, subject) in due {
            let contact = one(&mut rng, date, "telefoon", subject, Some(customer), recent);
            all.push(contact);
        }
        for (channel, mean, total, closed) in CHANNELS {
            for _ in 0..count(&mut rng, date, mean * shift(date, total), closed) {
                let subject = rng.pick(&SUBJECTS);
                let customer = customer(&mut rng, channel);
                let contact = one(&mut rng, date, channel, subject, customer, recent);
                let unhelped = matches!(contact.next, Some("klant komt terug" | "doorverwezen" | "terugbelverzoek"));
                let caller = customer.filter(|_| contact.by_customer);
                if let Some(customer) = caller.filter(|_| rng.chance(if unhelped { 0.34 } else { 0.05 })) {
                    back.push((later(date, rng.between(1, 4)), customer, subject));
                }
                all.push(contact);
            }
        }
        back.retain(|b| b.0 > date);
    }
    all.sort_by_key(|c| c.moment);
    misspell(&mut all);
    all
}

/// Clerks who type a channel by hand.
fn misspell(all: &mut [Contact]) {
    for (place, text) in [(4_004, "fax"), (12_345, "tlefoon"), (20_202, "tlefoon"), (31_313, "Teams")] {
        if let Some(contact) = all.get_mut(place) {
            contact.channel = text;
        }
    }
}

/// A customer by number, if known. Some two dozen of them come more than once a week.
fn customer(rng: &mut Rng, channel: &str) -> Option<u32> {
    if rng.chance(if channel == "telefoon" { 0.14 } else { 0.07 }) {
        return None;
    }
    if rng.chance(0.09) {
        return Some(60_000 + rng.between(0, 25) as u32);
    }
    Some((22_000.0 * rng.unit().powf(1.5)) as u32)
}

fn one(
    rng: &mut Rng,
    date: NaiveDate,
    channel: &'static str,
    (subject, team, department): (&'static str, &'static str, &'static str),
    customer: Option<u32>,
    recent: &[Case],
) -> Contact {
    let live = matches!(channel, "telefoon" | "balie" | "chat");
    let front = match channel {
        "telefoon" => "KCC",
        "balie" => "BAL",
        _ => "DIG",
    };
    let moment = if live { office(rng, date) } else { awake(rng, date) };
    let level = rng.pick(&[(Some(1), 46.0), (Some(2), 27.0), (Some(3), 17.0), (Some(4), 7.0), (None, 3.0)]);
    let line = line(rng, level);
    let next = next(rng, line, live, date);
    let callback = next == Some("terugbelverzoek");
    let linked = if callback { 0.22 + if date >= day(2026, 1, 1) { 0.33 } else { 0.0 } } else { 0.12 };
    let case = (!recent.is_empty() && (next == Some("zaak") || rng.chance(linked)))
        .then(|| recent[rng.between(0, recent.len() as i64 - 1) as usize].id.clone());
    let talk = match channel {
        "telefoon" => rng.duration(235.0, 0.6),
        "balie" => rng.duration(480.0, 0.5),
        "chat" => rng.duration(540.0, 0.5),
        _ => rng.duration(300.0, 0.5),
    };
    let passed = (line == Some("tweede lijn") && live && rng.chance(0.94))
        .then(|| moment + Duration::seconds(rng.between(40, 240)));
    let ready = ready(rng, channel, moment, talk, next, passed);
    let right = next == Some("geen") && rng.chance(0.94) || next == Some("doorverbonden") && rng.chance(0.4);
    Contact {
        moment,
        channel,
        subject: (!rng.chance(0.03)).then_some(subject),
        by_customer: !rng.chance(0.05),
        customer,
        clerk: (!rng.chance(0.01)).then(|| rng.between(1, 22) as u32),
        team: (live || rng.chance(0.9)).then_some(if line == Some("eerste lijn") { front } else { team }),
        department: (!rng.chance(0.02)).then_some(department),
        case,
        seconds: (!rng.chance(0.02)).then_some(talk as i32),
        level,
        line,
        next,
        passed,
        due: (!rng.chance(0.01)).then(|| due(channel, moment)),
        ready: ready.and_then(known),
        right: (!rng.chance(0.25)).then_some(right),
    }
}

fn line(rng: &mut Rng, level: Option<i32>) -> Option<&'static str> {
    let weights = match level {
        Some(1) => [95.0, 4.0, 1.0],
        Some(2) => [58.0, 38.0, 4.0],
        Some(_) => [12.0, 14.0, 74.0],
        None => [70.0, 10.0, 20.0],
    };
    let [first, second, department] = weights;
    rng.pick(&[
        (Some("eerste lijn"), first),
        (Some("tweede lijn"), second),
        (Some("vakafdeling"), department),
        (None, 1.0),
    ])
}

/// What still has to happen. In August more calls end in a note to call back.
fn next(rng: &mut Rng, line: Option<&str>, live: bool, date: NaiveDate) -> Option<&'static str> {
    let helped = if line == Some("vakafdeling") { 44.0 } else { 82.0 + 4.0 * shift(date, 1.0) };
    let call_back = if live { 5.5 * slowness(date) } else { 1.0 };
    rng.pick(&[
        (Some("geen"), helped),
        (Some("terugbelverzoek"), call_back),
        (Some("doorverbonden"), if live { 7.0 } else { 1.0 }),
        (Some("zaak"), 7.0),
        (Some("doorverwezen"), 3.0),
        (Some("klant komt terug"), 2.5),
        (None, 1.2),
    ])
}

/// When it must be done, by the promise of its channel.
fn due(channel: &str, moment: NaiveDateTime) -> NaiveDateTime {
    let date = moment.date();
    let end_of = |date: NaiveDate| at(date, 86_399);
    match channel {
        "telefoon" | "balie" | "chat" => end_of(later(date, 1)),
        "WhatsApp" => moment + Duration::hours(24),
        "brief" => end_of(later(date, 20)),
        _ => end_of(later(date, 5)),
    }
}

/// When nothing had to be done any more.
fn ready(
    rng: &mut Rng,
    channel: &str,
    moment: NaiveDateTime,
    talk: i64,
    next: Option<&str>,
    passed: Option<NaiveDateTime>,
) -> Option<NaiveDateTime> {
    let slow = slowness(moment.date());
    let better = if moment.date() >= day(2026, 1, 5) { 0.68 } else { 1.0 };
    if rng.chance(0.012) {
        return None;
    }
    if matches!(channel, "telefoon" | "balie" | "chat") {
        if let Some(passed) = passed {
            return Some(passed + Duration::seconds(rng.duration(430.0, 0.75)));
        }
        let later_on = matches!(next, Some("terugbelverzoek" | "klant komt terug" | "doorverwezen"));
        let days = if later_on { rng.duration(1.6 * slow, 0.7) } else { 0 };
        let end = moment + Duration::seconds(talk);
        return Some(if days > 0 { done(rng, end, days) } else { end });
    }
    let (median, spread) = match channel {
        "WhatsApp" => (0.0, 0.0),
        "brief" => (11.0, 0.5),
        _ => (3.0 * better, 0.7),
    };
    if median == 0.0 {
        let quick = is_open(moment.date()) && !rng.chance(0.12 * slow);
        let minutes = rng.duration(60.0 * slow, 0.8);
        return Some(if quick { moment + Duration::minutes(minutes) } else { done(rng, moment, 1) });
    }
    let days = rng.duration(median * slow, spread).max(0);
    Some(done(rng, moment, days))
}
