//! What the gate at the entrance counted, per week and location; an estimate where it was broken. Kept by hand.

use std::fmt::Write as _;

use crate::rng::Rng;
use crate::year::{bustle, day, days, is_open, shift};

/// The counted weeks: whole weeks only.
pub fn csv() -> Result<String, std::fmt::Error> {
    let mut rng = Rng::new(8_841);
    let mut text = "week;locatie;binnengekomen;raming;reden\n".to_owned();
    for monday in days().step_by(7).take_while(|d| *d < day(2026, 6, 29)) {
        let busy: f64 = monday.iter_days().take(7).filter(|d| is_open(*d)).map(|d| bustle(d) * shift(d, -0.03)).sum();
        for (place, per_day) in [("Servicepunt Andréplein", 34.0), ("Stadskantoor", 96.0)] {
            let mut count = (busy * per_day * (1.0 + 0.06 * rng.normal())).round();
            let (estimate, reason) = if (place.starts_with("Service")
                && (day(2025, 12, 8)..day(2025, 12, 29)).contains(&monday))
                || (place == "Stadskantoor" && (day(2024, 9, 16)..day(2024, 9, 30)).contains(&monday))
            {
                (true, "telpoort stuk")
            } else if monday == day(2026, 2, 16) || monday == day(2025, 2, 24) {
                (true, "vakantie: geteld op drie van de vijf dagen")
            } else if place == "Stadskantoor" && monday == day(2026, 5, 11) {
                count += 240.0;
                (false, "inclusief open dag")
            } else {
                (false, "")
            };
            let estimate = if estimate { "ja" } else { "nee" };
            writeln!(text, "{};{place};{count};{estimate};{reason}", monday.format("%d-%m-%Y"))?;
        }
    }
    Ok(text)
}
