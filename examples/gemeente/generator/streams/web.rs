//! Visits to the website, as Parquet: those of visitors who agreed to be counted.

use std::error::Error;
use std::path::Path;

use chrono::NaiveDateTime;

use crate::rng::Rng;
use crate::streams::columns::{flags, ids, moments, texts, write as write_file};
use crate::streams::pace::{awake, count, office, shift};
use crate::year::days;

struct Visit {
    moment: NaiveDateTime,
    visitor: Option<String>,
    site: &'static str,
    device: Option<&'static str>,
    robot: bool,
    own: bool,
}

pub fn write(path: &Path) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::new(28_028);
    let mut visits = Vec::new();
    for date in days() {
        for part in [40.0, 42.0] {
            for _ in 0..count(&mut rng, date, part * shift(date, 0.2), 0.7) {
                let (robot, own) = rng.pick(&[((false, false), 88.0), ((true, false), 7.0), ((false, true), 5.0)]);
                visits.push(visit(&mut rng, date, robot, own));
            }
        }
    }
    visits.sort_by(|a, b| (a.moment, &a.visitor).cmp(&(b.moment, &b.visitor)));
    let columns = vec![
        ("bezoek_id", ids('w', visits.len())),
        ("moment", moments(visits.iter().map(|v| Some(v.moment)))),
        ("bezoeker", texts(visits.iter().map(|v| v.visitor.as_deref()))),
        ("site", texts(visits.iter().map(|v| Some(v.site)))),
        ("apparaat", texts(visits.iter().map(|v| v.device))),
        ("robot", flags(visits.iter().map(|v| Some(v.robot)))),
        ("eigen_netwerk", flags(visits.iter().map(|v| Some(v.own)))),
    ];
    write_file(path, columns, &["bezoek_id"])
}

fn visit(rng: &mut Rng, date: chrono::NaiveDate, robot: bool, own: bool) -> Visit {
    let moment = if own { office(rng, date) } else { awake(rng, date) };
    // Robots and the town hall itself have few addresses; the statistics keep minutes only.
    let pool = if robot {
        40.0
    } else if own {
        6.0
    } else {
        42_000.0
    };
    let number = (pool * rng.unit().powf(1.7)) as u32
        + if own {
            60_000
        } else if robot {
            61_000
        } else {
            0
        };
    let growing = shift(date, 0.4);
    Visit {
        moment: moment - chrono::Duration::seconds(moment.and_utc().timestamp() % 60),
        visitor: (!rng.chance(0.02)).then(|| format!("{number:04x}")),
        site: rng.pick(&[("www", 86.0), ("afspraken", 9.0), ("raad", 5.0)]),
        device: if robot {
            None
        } else if own {
            Some("computer")
        } else {
            Some(rng.pick(&[("telefoon", 52.0 * growing), ("computer", 41.0), ("tablet", 7.0)]))
        },
        robot,
        own,
    }
}
