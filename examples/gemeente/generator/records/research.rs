//! Research into the telephone: test calls by an agency twice a year, with the texts that were heard, calls that were
//! listened in on, and benchmarks. Small samples, on purpose.

use chrono::{Days, NaiveDate};

use super::{Sheet, decimal, dutch_day, noted, office_moment, yes};
use crate::calls;
use crate::rng::Rng;
use crate::year::{day, dutch};

/// A round of test calls, and how well the town does in it.
struct Round {
    name: &'static str,
    first: NaiveDate,
    answered: f64,
    wait: f64,
    on_hold: f64,
    /// Whether the agency noted when a caller was put on hold.
    hold_noted: bool,
    transferred: f64,
    reached: f64,
    satisfied: f64,
    /// How many ways of saying the same thing there are.
    wordings: i64,
}

const CALLS: u32 = 62;

fn rounds() -> [Round; 4] {
    let round = |name, first, answered, wait, on_hold, hold_noted| Round {
        name,
        first,
        answered,
        wait,
        on_hold,
        hold_noted,
        transferred: 0.0,
        reached: 0.0,
        satisfied: 0.0,
        wordings: 0,
    };
    [
        Round {
            transferred: 0.44,
            reached: 0.50,
            satisfied: 0.72,
            wordings: 7,
            ..round("najaar 2024", day(2024, 10, 7), 0.93, 16.0, 0.15, false)
        },
        Round {
            transferred: 0.38,
            reached: 0.62,
            satisfied: 0.75,
            wordings: 6,
            ..round("voorjaar 2025", day(2025, 3, 10), 0.95, 14.5, 0.12, true)
        },
        Round {
            transferred: 0.33,
            reached: 0.74,
            satisfied: 0.80,
            wordings: 4,
            ..round("najaar 2025", day(2025, 10, 6), 0.97, 12.0, 0.08, true)
        },
        Round {
            transferred: 0.27,
            reached: 0.82,
            satisfied: 0.84,
            wordings: 2,
            ..round("voorjaar 2026", day(2026, 3, 9), 0.99, 10.5, 0.05, true)
        },
    ]
}

pub fn sheets() -> Vec<Sheet> {
    let mut rng = Rng::new(2_011);
    let [tests, texts] = test_calls(&mut rng);
    vec![tests, texts, benchmark(), taking_part(), listened_in(&mut rng)]
}

fn test_calls(rng: &mut Rng) -> [Sheet; 2] {
    let mut tests = Sheet::new(
        "testgesprekken.csv",
        "testgesprek_id;onderzoek;moment;afdeling;opgenomen;wachttijd;in_de_wacht;wacht_direct;doorverbonden;\
         doorverbinding_geslaagd;doorverbind_wachttijd;terugnametijd;terugbelafspraak;teruggebeld;antwoord;vriendelijkheid",
    );
    let mut texts = Sheet::new("meldteksten.csv", "testgesprek;soort;moment;locatie;tekst;kern");
    let mut number = 0;
    for round in rounds() {
        for _ in 0..CALLS {
            number += 1;
            test_call(rng, &round, &format!("m{number:03}"), &mut tests, &mut texts);
        }
    }
    [tests, texts]
}

fn test_call(rng: &mut Rng, round: &Round, id: &str, tests: &mut Sheet, texts: &mut Sheet) {
    let moment = office_moment(rng, round.first, 4);
    let when = dutch(Some(moment));
    let answered = rng.chance(round.answered);
    let on_hold = answered.then(|| rng.chance(round.on_hold));
    let at_once = on_hold.filter(|_| round.hold_noted).map(|held| held && rng.chance(0.3));
    let transferred = answered.then(|| rng.chance(round.transferred));
    let tried = transferred == Some(true);
    let reached = tried.then(|| rng.chance(round.reached));
    let seconds = |it: Option<i64>| it.map(|s| s.to_string()).unwrap_or_default();
    let wait = answered.then(|| rng.duration(round.wait, 0.45).clamp(3, 90));
    let other = (reached == Some(true)).then(|| rng.duration(34.0, 0.6));
    let back = (reached == Some(false)).then(|| rng.duration(58.0, 0.7).max(9));
    let promised =
        (reached == Some(false) && rng.chance(0.6)).then(|| moment.date() + Days::new(rng.between(0, 2) as u64));
    let called =
        promised.filter(|_| rng.chance(0.35 + round.reached / 2.0)).map(|d| d + Days::new(rng.between(0, 3) as u64));
    let rest = 1.0 - round.satisfied;
    let answers = [("tevreden", round.satisfied), ("minder tevreden", 0.7 * rest), ("niet tevreden", 0.3 * rest)];
    let kindness = [
        ("zeer vriendelijk", 0.3),
        ("vriendelijk", round.satisfied - 0.2),
        ("minder vriendelijk", 0.16),
        ("niet vriendelijk", 0.03),
    ];
    let judged = |rng: &mut Rng, from: &[(&'static str, f64)]| if answered { rng.pick(from) } else { "" };
    let department =
        rng.pick(&[("burgerzaken", 4.0), ("belastingen", 2.0), ("sociaal domein", 2.0), ("openbare ruimte", 2.0)]);
    tests.row(&[
        id,
        round.name,
        &when,
        department,
        yes(answered),
        &seconds(wait),
        noted(on_hold),
        noted(at_once),
        noted(transferred),
        noted(reached),
        &seconds(other),
        &seconds(back),
        &promised.map(dutch_day).unwrap_or_default(),
        &called.map(dutch_day).unwrap_or_default(),
        judged(rng, &answers),
        judged(rng, &kindness),
    ]);
    if answered {
        for (kind, heard) in
            [("opnemen", true), ("wacht", on_hold == Some(true)), ("doorverbinden", tried), ("afsluiten", true)]
        {
            if heard {
                let [text, gist] = wording(kind, rng.between(0, round.wordings - 1));
                let place = rng.pick(&[("Stadskantoor", 4.0), ("Servicepunt Andréplein", 1.0)]);
                texts.row(&[id, kind, &when, place, &text, &gist]);
            }
        }
    }
}

/// What is said, and what it comes down to. The higher the number, the further from the script; the odd ones differ from
/// the one before in a word only.
fn wording(kind: &str, number: i64) -> [String; 2] {
    let (gists, small): ([&str; 4], &str) = match kind {
        "opnemen" => (
            ["Gemeente Voorbeeldstad, goedemiddag", "Klantcontactcentrum, zegt u het maar", "Met de gemeente", "Hallo"],
            ", u spreekt met een medewerker",
        ),
        "wacht" => {
            (["Een ogenblik alstublieft", "Ik zoek het voor u op", "Blijft u even hangen", "Momentje"], ", tot zo")
        }
        "doorverbinden" => (
            [
                "Ik verbind u door",
                "Ik zet u door naar mijn collega",
                "Dan moet u bij een ander zijn",
                "Ik probeer het even",
            ],
            ", blijft u aan de lijn",
        ),
        _ => (["Kan ik nog iets voor u doen", "Prettige dag verder", "Tot ziens", "Dag"], ", bedankt voor het bellen"),
    };
    let gist = gists[(number as usize / 2).min(3)];
    let small = if number % 2 == 1 { small } else { "" };
    [format!("{gist}{small}"), gist.to_owned()]
}

/// Means that were already worked out by others, two measures a year. Few people were asked at the small location.
fn benchmark() -> Sheet {
    let mut sheet = Sheet::new("rapportcijfers.csv", "meting;locatie;maat;moment;cijfer;respondenten");
    let rows = [
        ("benchmark 2024", day(2024, 11, 14), "Stadskantoor", [(6.9, 212), (6.4, 245)]),
        ("benchmark 2024", day(2024, 11, 14), "Servicepunt Andréplein", [(7.6, 4), (7.1, 9)]),
        ("benchmark 2025", day(2025, 11, 13), "Stadskantoor", [(7.2, 231), (6.8, 260)]),
        ("benchmark 2025", day(2025, 11, 13), "Servicepunt Andréplein", [(7.8, 37), (7.3, 41)]),
    ];
    for (name, date, place, measures) in rows {
        for (measure, (mean, people)) in ["eerste", "tweede"].into_iter().zip(measures) {
            sheet.row(&[name, place, measure, &dutch_day(date), &decimal(mean, 1), &people.to_string()]);
        }
    }
    sheet
}

fn taking_part() -> Sheet {
    let mut sheet = Sheet::new("deelname.csv", "meting;uiterlijk;deelgenomen;aangeleverd");
    let rows = [
        ("benchmark publiekszaken 2024", day(2024, 11, 29), true, Some(day(2024, 11, 27))),
        ("landelijke bellijst 2024", day(2024, 12, 13), false, None),
        ("waarderingsonderzoek 2025", day(2025, 4, 30), true, Some(day(2025, 5, 6))),
        ("benchmark publiekszaken 2025", day(2025, 11, 28), true, Some(day(2025, 11, 20))),
        ("landelijke bellijst 2025", day(2025, 12, 12), true, Some(day(2025, 12, 12))),
        ("waarderingsonderzoek 2026", day(2026, 4, 30), true, Some(day(2026, 4, 21))),
    ];
    for (name, due, joined, sent) in rows {
        sheet.row(&[name, &dutch_day(due), yes(joined), &sent.map(dutch_day).unwrap_or_default()]);
    }
    sheet
}

/// Every so often a call that was answered: could it have been dealt with at once, and was the answer right?
fn listened_in(rng: &mut Rng) -> Sheet {
    let mut sheet = Sheet::new(
        "beluisterd.csv",
        "gesprek;moment;onderwerp;direct_te_beantwoorden;belemmering;antwoord_juist;antwoord_volledig",
    );
    let why = [("geen script", 3.0), ("geen toegang tot applicatie", 4.0), ("te complex", 3.0)];
    for (number, call) in (1_usize..).zip(calls::calls()) {
        if number % 397 != 0 || call.outcome != "beantwoord" || call.direction != "inkomend" {
            continue;
        }
        let possible = rng.chance(0.83);
        let sure = !rng.chance(0.05);
        let right = rng.chance(0.9);
        sheet.row(&[
            &format!("g{number:06}"),
            &dutch(Some(call.arrived)),
            call.subject.unwrap_or_default(),
            noted(sure.then_some(possible)),
            if possible || !sure { "" } else { rng.pick(&why) },
            yes(right),
            yes(right && rng.chance(0.85)),
        ]);
    }
    sheet
}
