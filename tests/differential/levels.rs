//! Generated calculations in two levels, shares of a total, and weighted ones.

use super::definitions::{condition, duration, nullable_condition, numeric, own_filter};
use super::rows::Random;

const RULES: [&str; 3] = ["leeg telt als nee", "leeg telt als ja", "leeg telt niet mee"];

/// `gemiddelde(aantal() per team)` and all its relatives.
pub fn groups(random: &mut Random) -> String {
    let keys = keys(random);
    let filter = group_filter(random);
    match random.below(9) {
        0 => format!("percentage({} per {keys}{filter}, {})", group_condition(random, true), random.pick(&RULES)),
        1 => format!("percentage({} per {keys}{filter})", group_condition(random, false)),
        2 => {
            let also = if random.below(2) == 0 { String::new() } else { format!(" en {}", condition(random, 1)) };
            format!("aantal(waarbij {}{also} per {keys})", {
                let n = random_bool(random);
                group_condition(random, n)
            })
        }
        3 => format!("percentiel({} per {keys}{filter}, {})", inner(random), random.pick(&["5", "50", "92.5"])),
        4 => {
            let inner = random.pick(&["aantal()", "som(vast)", "som(w)", "som(e)", "som(f)", "aantal(waarbij g > 3)"]);
            let top = random.pick(&["7%", "0.1%", "33.3%", "50%", "100%", "12.5%"]);
            format!("aandeel_van_top({top}, {inner} per {keys}{filter})")
        }
        5 => format!("gemiddelde(aantal() per {keys}) / {}(som(vast) per {keys}{filter})", outer(random)),
        _ => format!("{}({} per {keys}{filter})", outer(random), inner(random)),
    }
}

fn random_bool(random: &mut Random) -> bool {
    random.below(2) == 0
}

fn outer(random: &mut Random) -> &'static str {
    ["gemiddelde", "som", "minimum", "maximum", "mediaan"][usize::try_from(random.below(5)).expect("small")]
}

fn keys(random: &mut Random) -> String {
    random
        .pick(&["team", "soort", "g", "b", "f", "team.afd", "d", "vast", "(team, soort)", "(g, b, team.afd)"])
        .to_owned()
}

/// A quantity of a group.
fn inner(random: &mut Random) -> String {
    let number = |random: &mut Random| {
        let function = random.pick(&["som", "gemiddelde", "minimum", "maximum", "mediaan"]);
        format!("{function}({}{})", numeric(random, 1), own_filter(random))
    };
    match random.below(10) {
        0 => "aantal()".to_owned(),
        1 => format!("aantal(waarbij {})", condition(random, 1)),
        2 => format!("{}({})", random.pick(&["som", "gemiddelde", "maximum", "mediaan"]), duration(random)),
        3 => format!("percentage({}, {})", nullable_condition(random), random.pick(&RULES)),
        4 => format!("percentage(tijdig(t2, uiterlijk due), {})", random.pick(&RULES)),
        5 => format!("aantal_uniek({})", random.pick(&["soort", "g", "d", "f"])),
        6 => "laatste(f)".to_owned(),
        7 => random.pick(&["som(e)", "gemiddelde(e)", "maximum(t2) - minimum(t)", "som(e) / aantal()"]).to_owned(),
        8 => format!("{} + aantal()", number(random)),
        _ => number(random),
    }
}

fn group_condition(random: &mut Random, nullable: bool) -> String {
    if nullable {
        return match random.below(4) {
            0 => format!("maximum({}) > 30 s", duration(random)),
            1 => "laatste(soort) = \"x\"".to_owned(),
            2 => "tijdig(maximum(t2), uiterlijk maximum(due))".to_owned(),
            _ => "gemiddelde(g) > aantal()".to_owned(),
        };
    }
    match random.below(4) {
        0 => format!("aantal() > {}", random.below(6)),
        1 => format!("aantal(waarbij {}) >= 1", condition(random, 1)),
        2 => "som(g) tussen 3 en 15 of aantal() = 1".to_owned(),
        _ => "som(w) > 30 min en aantal_uniek(soort) > 1".to_owned(),
    }
}

/// A population of rows, of groups, of both, or none.
fn group_filter(random: &mut Random) -> String {
    match random.below(5) {
        0 => format!(" waarbij {}", condition(random, 1)),
        1 => format!(" waarbij {}", group_condition(random, true)),
        2 => format!(" waarbij {} en ({})", condition(random, 0), group_condition(random, false)),
        _ => String::new(),
    }
}

/// `aandeel(aantal())`
pub fn portion(random: &mut Random) -> String {
    let inner = match random.below(3) {
        0 => "aantal()".to_owned(),
        1 => format!("aantal(waarbij {})", condition(random, 1)),
        _ => format!("som({}{})", random.pick(&["vast", "w", "e", "f", "g"]), own_filter(random)),
    };
    match random.below(4) {
        0 => format!("aandeel({inner}) - aandeel(aantal())"),
        _ => format!("aandeel({inner})"),
    }
}

/// The aggregates that have a weighted form.
pub fn weighted(random: &mut Random) -> String {
    let filter = own_filter(random);
    match random.below(7) {
        0 => "aantal()".to_owned(),
        1 => format!("aantal(waarbij {}) / aantal()", condition(random, 1)),
        2 => format!("som({}{filter})", numeric(random, 1)),
        3 => format!("{}({}{filter})", random.pick(&["som", "gemiddelde"]), random.pick(&["w", "e", "s", "duurt"])),
        4 => format!("aandeel(aantal(waarbij {}))", condition(random, 1)),
        _ => format!("percentage({}{filter}, {})", nullable_condition(random), random.pick(&RULES)),
    }
}

/// The further answers of a meetmethode with a weight.
pub fn weight(random: &mut Random) -> &'static str {
    [
        ", weging vast",
        ", weging eerste_gevuld(f * f, 1)",
        ", weging afronden(vast / 4, 2)",
        ", weging als(b, 1.5, 0.5), waarnemingen som(vast)",
    ][usize::try_from(random.below(4)).expect("small")]
}
