//! Attempts to put a call through, as the new exchange notes them; of the old one only their number is known.

use std::fmt::Write as _;

use chrono::Duration;

use crate::calls::Call;
use crate::rng::Rng;
use crate::year::{at, dutch, new_exchange};

/// Who is called first, per team, and who after that.
const SECOND: [(&str, f64); 4] =
    [("Vergunningen", 3.0), ("Openbare Ruimte", 3.0), ("Belastingen", 2.0), ("Werk en Inkomen", 2.0)];

/// One line per attempt. A call that was put through three times has three lines, taken or not.
pub fn csv(calls: &[Call]) -> Result<String, std::fmt::Error> {
    let mut rng = Rng::new(1_442);
    let mut text = "gesprek;volgnummer;laag;start;verbonden;teruggenomen;afdeling\n".to_owned();
    let since = at(new_exchange(), 0);
    for (number, call) in (1..).zip(calls).filter(|(_, c)| c.transfers > 0 && c.arrived >= since) {
        let Some(answered) = call.answered else { continue };
        let part = (call.ended - answered).num_seconds() / i64::from(call.transfers + 1);
        let mut layer = 1;
        for attempt in 1..=call.transfers {
            let start = answered + Duration::seconds(part * i64::from(attempt));
            let taken = rng.chance(if layer == 1 { 0.8 } else { 0.7 });
            let rings = rng.between(4, if taken { 24 } else { 55 }).min(part.max(1) - 1).max(0);
            let moment = Some(start + Duration::seconds(rings));
            let department = if layer == 1 { call.team.unwrap_or("KCC") } else { rng.pick(&SECOND) };
            let (start, connected, back) =
                (dutch(Some(start)), dutch(moment.filter(|_| taken)), dutch(moment.filter(|_| !taken)));
            writeln!(text, "g{number:06};{attempt};{layer};{start};{connected};{back};{department}")?;
            // Whoever was put through to the wrong person goes one further.
            if taken || rng.chance(0.5) {
                layer = (layer + 1).min(2);
            }
        }
    }
    Ok(text)
}
