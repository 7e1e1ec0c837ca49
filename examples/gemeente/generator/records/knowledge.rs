//! The knowledge base: its articles each month, marks for their contents, and the work processes behind the products. It
//! grew old until an editor came in September 2025.

use chrono::{Days, Months, NaiveDate};

use super::{Sheet, along, decimal, dutch_day, mark, months, office_moment};
use crate::rng::Rng;
use crate::year::day;

const SUBJECTS: [&str; 6] = ["burgerzaken", "belastingen", "afval", "parkeren", "vergunningen", "sociaal domein"];
const KINDS: [(&str, f64); 3] = [("product", 5.0), ("vraag en antwoord", 4.0), ("script", 2.0)];

/// Months that an article stays good.
const FRESH: u32 = 12;

struct Article {
    subject: &'static str,
    kind: &'static str,
    needed: i64,
    filled: i64,
    checked: NaiveDate,
    dated: bool,
}

pub fn sheets() -> Vec<Sheet> {
    let mut rng = Rng::new(77_003);
    vec![articles(&mut rng), sample(&mut rng), processes(&mut rng)]
}

/// Every article as it stands on the last day of each month.
fn articles(rng: &mut Rng) -> Sheet {
    let mut sheet = Sheet::new(
        "artikelen.csv",
        "artikel;peildatum;onderwerp;soort;gecontroleerd;houdbaar_tot;gevulde_onderdelen;nodige_onderdelen",
    );
    let mut all: Vec<Article> = (0..42_usize)
        .map(|n| {
            let needed = rng.between(5, 12);
            Article {
                subject: SUBJECTS[n % SUBJECTS.len()],
                kind: rng.pick(&KINDS),
                needed,
                filled: (needed as f64 * (0.62 + 0.35 * rng.unit())) as i64,
                checked: day(2024, 6, 30) - Days::new(rng.between(0, 420) as u64),
                dated: !rng.chance(0.07),
            }
        })
        .collect();
    for month in months() {
        let last = month + Months::new(1) - Days::new(1);
        let editor = last >= day(2025, 9, 1);
        for (number, article) in (1..).zip(&mut all) {
            let due = article.checked + Months::new(FRESH) <= last;
            if rng.chance(if editor { 0.07 } else { 0.02 }) || due && rng.chance(if editor { 0.5 } else { 0.11 }) {
                article.checked = last - Days::new(rng.between(0, 25) as u64);
                article.dated |= editor;
                article.filled = (article.filled + rng.between(0, 2)).min(article.needed);
            }
            let until = if article.dated { dutch_day(article.checked + Months::new(FRESH)) } else { String::new() };
            sheet.row(&[
                &format!("a{number:02}"),
                &dutch_day(last),
                article.subject,
                article.kind,
                &dutch_day(article.checked),
                &until,
                &article.filled.to_string(),
                &article.needed.to_string(),
            ]);
        }
    }
    sheet
}

/// Some forty articles a quarter, marked by a reader.
fn sample(rng: &mut Rng) -> Sheet {
    let mut sheet = Sheet::new("beoordelingen.csv", "beoordeling_id;artikel;moment;onderwerp;soort;cijfer");
    for number in 1..=320_u32 {
        let quarter = day(2024, 7, 1) + Months::new((number - 1) / 40 * 3);
        let moment = office_moment(rng, quarter + Days::new(7), 11).date();
        let article = rng.between(1, 42);
        let subject = SUBJECTS[(article as usize - 1) % SUBJECTS.len()];
        let given = mark(rng, 6.5 + 1.1 * along(moment), 1.0);
        let given = if rng.chance(0.04) { String::new() } else { decimal(f64::from(given), 0) };
        sheet.row(&[
            &format!("k{number:03}"),
            &format!("a{article:02}"),
            &dutch_day(moment),
            subject,
            rng.pick(&KINDS),
            &given,
        ]);
    }
    sheet
}

/// The processes as they were described, one after another, and since when they run without handwork.
fn processes(rng: &mut Rng) -> Sheet {
    let mut sheet = Sheet::new("processen.csv", "proces_id;product;afdeling;beschreven;geautomatiseerd;vervallen");
    let departments = [
        ("Dienstverlening", 5.0),
        ("Financiën", 3.0),
        ("Omgeving", 3.0),
        ("Sociaal Domein", 2.0),
        ("Openbare Ruimte", 2.0),
    ];
    let products =
        ["uittreksel", "verhuizing", "parkeervergunning", "kwijtschelding", "kapvergunning", "melding", "rijbewijs"];
    for number in 1..=48_u32 {
        let described = day(2024, 7, 1) + Days::new(u64::from(number) * 13 + rng.between(0, 12) as u64);
        // The first few already ran by themselves before they were described.
        let automated = match number {
            1..=6 => Some(day(2023, 2, 1) + Months::new(number * 2)),
            _ if rng.chance(0.42) => Some(described + Days::new(rng.between(20, 150) as u64)),
            _ => None,
        };
        let automated = automated.filter(|d| *d <= day(2026, 6, 30));
        let ended = (number == 4).then_some(day(2025, 11, 1));
        sheet.row(&[
            &format!("w{number:02}"),
            products[number as usize % products.len()],
            rng.pick(&departments),
            &dutch_day(described),
            &automated.map(dutch_day).unwrap_or_default(),
            &ended.map(dutch_day).unwrap_or_default(),
        ]);
    }
    sheet
}
