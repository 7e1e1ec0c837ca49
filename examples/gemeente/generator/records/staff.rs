//! Teams, their size each month, and the goals they agree on. Until June 2025 one person leads both the contact centre and
//! the 24-hour line, which is more people than one can lead.

use chrono::{Datelike, NaiveDate};

use super::{Sheet, along, decimal, dutch_day, months};
use crate::rng::Rng;
use crate::year::day;

/// Code, name, department, line, its people in July 2024 and in June 2026, and who leads it.
const TEAMS: [(&str, &str, &str, &str, f64, f64, &str); 9] = [
    ("KCC", "Klantcontactcentrum", "Dienstverlening", "eerste lijn", 17.0, 16.0, "tl01"),
    ("BAL", "Balie Publiekszaken", "Dienstverlening", "eerste lijn", 14.0, 14.0, "tl02"),
    ("DIG", "Digitale dienstverlening", "Dienstverlening", "eerste lijn", 5.0, 8.0, "tl09"),
    ("24U", "24-uurslijn", "Openbare Ruimte", "eerste lijn", 6.0, 6.0, "tl01"),
    ("BEL", "Belastingen", "Financiën", "tweede lijn", 9.0, 9.0, "tl03"),
    ("SOC", "Loket Sociaal Domein", "Sociaal Domein", "tweede lijn", 11.0, 12.0, "tl04"),
    ("VTH", "Vergunningen", "Omgeving", "vakafdeling", 13.0, 12.0, "tl05"),
    ("BUR", "Burgerzaken", "Dienstverlening", "vakafdeling", 8.0, 8.0, "tl06"),
    ("OPR", "Openbare ruimte", "Openbare Ruimte", "vakafdeling", 15.0, 15.0, "tl07"),
];

const TOPICS: [&str; 5] = ["snelheid", "kwaliteit", "kanalen", "medewerkers", "training"];

pub fn sheets() -> Vec<Sheet> {
    let mut rng = Rng::new(31_337);
    let mut teams = Sheet::new("teamlijst.csv", "code;naam;afdeling;lijn");
    for (code, name, department, line, ..) in TEAMS {
        teams.row(&[code, name, department, line]);
    }
    let mut sizes = Sheet::new("teamstanden.csv", "team;peildatum;teamleider;medewerkers;fte");
    for month in months() {
        for (code, _, _, _, from, to, leader) in TEAMS {
            let people = (from + (to - from) * along(month) + 0.25 * rng.normal()).round();
            let full_time = people * 0.82 + 0.2 * rng.normal();
            let leader = leader_of(code, leader, month);
            sizes.row(&[code, &dutch_day(month), leader, &people.to_string(), &decimal(full_time, 1)]);
        }
    }
    vec![teams, sizes, goals(&mut rng)]
}

fn leader_of(code: &str, usual: &'static str, month: NaiveDate) -> &'static str {
    match code {
        // Somebody of their own since the summer of 2025.
        "24U" if month >= day(2025, 6, 1) => "tl08",
        // The post was open for four months.
        "SOC" if month >= day(2025, 9, 1) && month < day(2026, 1, 1) => "",
        _ => usual,
    }
}

/// More teams have goals on all topics each year, and more of those goals say what value is to be reached.
fn goals(rng: &mut Rng) -> Sheet {
    let mut sheet = Sheet::new("teamdoelen.csv", "doel_id;team;vastgesteld;onderwerp;target");
    let mut number = 0;
    for (agreed, has_topic, has_target) in
        [(day(2024, 9, 16), 0.80, 0.45), (day(2025, 1, 20), 0.92, 0.66), (day(2026, 1, 19), 0.98, 0.86)]
    {
        for (code, ..) in TEAMS {
            // This team never joined in before 2026.
            if code == "OPR" && agreed.year() < 2026 {
                continue;
            }
            for topic in TOPICS {
                if !rng.chance(has_topic) {
                    continue;
                }
                number += 1;
                let target = match topic {
                    "snelheid" | "kwaliteit" => rng.between(14, 19) * 5,
                    "kanalen" => rng.between(4, 8) * 5,
                    "medewerkers" => rng.between(5, 8),
                    _ => rng.between(2, 6) * 4,
                };
                let target = if rng.chance(has_target) { target.to_string() } else { String::new() };
                sheet.row(&[&format!("d{number:03}"), code, &dutch_day(agreed), topic, &target]);
            }
        }
    }
    sheet
}
