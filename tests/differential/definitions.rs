//! Generated definitions: KPIs as text over fixed tables, so that the whole way from text to number is under test.

use super::levels;
use super::rows::Random;

/// Two stored tables, a table that relations point at, and a derived one.
pub const TABLES: &str = r#"
bronsysteem a "A" {
    tabel gesprek {
        id        geheel      sleutel
        t         tijdstip?   meetmoment
        t2        tijdstip?
        d         datum?
        due       tijdstip?
        due_dag   datum?
        soort     tekst?      in ("x", "y", "z")
        team      tekst?      -> team.code
        w         duur?
        g         geheel?
        f         getal?
        e         bedrag?
        b         ja_nee?
        wie       tekst?      persoonsgegeven
        s         score(1..10)?
        vast      geheel
        duurt     = t2 - t
        dubbel    = g * 2 + vast
    }
    tabel team {
        code      tekst       sleutel
        afd       tekst?
        norm      duur?
    }
    tabel reeks uit gesprek waarbij vast > 2 per team {
        eerste    = minimum(t)                       meetmoment
        aantallen = aantal()
        totaal    = som(g waarbij soort = "x")
        laatst    = laatste(f waarbij f is gevuld)
        duur_som  = som(w)
        langst    = maximum(w) - minimum(w)
    }
    tabel stand {
        nr        geheel      sleutel
        dag       datum       meetmoment
        soort     tekst       in ("x", "y", "z")
        inw       geheel
    }
}
"#;

/// One KPI block.
pub fn kpi(number: usize, random: &mut Random) -> String {
    let (calculation, source, dimensions) = match random.below(12) {
        8 => (levels::groups(random), format!("a.gesprek{}", filter(random)), "soort, team.afd als afd, team"),
        9 => (levels::groups(random), format!("a.gesprek{}", filter(random)), "soort, uur(t) als uur"),
        10 => (levels::portion(random), format!("a.gesprek{}", filter(random)), "soort, team.afd als afd, team"),
        11 => {
            let source = format!("a.gesprek{}", filter(random));
            return block(number, &levels::weighted(random), &source, "soort, b", levels::weight(random));
        }
        0 => (several(random), "a.gesprek, a.stand".to_owned(), "soort"),
        1 => (over_groups(random), "a.reeks".to_owned(), "team"),
        _ => (formula(random), format!("a.gesprek{}", filter(random)), "soort, team.afd als afd, uur(t) als uur"),
    };
    let method = if random.below(8) == 0 && source.starts_with("a.gesprek") && !source.contains(',') {
        ", waarnemingen som(vast waarbij g is gevuld)"
    } else {
        ""
    };
    let method = format!("{method}{}", shield(random));
    block(number, &calculation, &source, dimensions, &method)
}

fn block(number: usize, calculation: &str, source: &str, dimensions: &str, method: &str) -> String {
    format!(
        "kpi k{number} \"K\" {{ definitie \"x\" berekening {calculation} bronsysteem {source} \
         meetmethode automatisch, per maand{method} dimensies {dimensions} norm geen \"x\" }}\n"
    )
}

/// Two versions of one definition: a percentage, and another one from October on.
pub fn versions(number: usize, random: &mut Random) -> String {
    let mut one = |days: &str| {
        format!(
            "kpi k{number} \"K\" geldig {days} {{ definitie \"x\" berekening {} bronsysteem a.gesprek{} \
             meetmethode automatisch, per maand{} dimensies soort, team.afd als afd norm geen \"x\" }}\n",
            percentage(random),
            filter(random),
            shield(random)
        )
    };
    one("tot 2025-10-01") + &one("vanaf 2025-10-01")
}

/// A KPI that calculates with another one.
pub fn asker(number: usize, with: usize) -> String {
    format!(
        "kpi k{number} \"K\" {{ definitie \"x\" berekening 2 * kpi(k{with}) bronsysteem afgeleid \
         meetmethode automatisch, per maand dimensies soort norm geen \"x\" }}\n"
    )
}

fn shield(random: &mut Random) -> &'static str {
    if random.below(3) == 0 { ", afschermen bij minder dan 4" } else { "" }
}

fn filter(random: &mut Random) -> String {
    if random.below(2) == 0 { String::new() } else { format!(" waarbij {}", condition(random, 1)) }
}

fn formula(random: &mut Random) -> String {
    match random.below(8) {
        0 => format!("{} / {}", number(random), number(random)),
        1 => format!("{} - {}", percentage(random), percentage(random)),
        2 => format!("percentage({} van {})", count(random), count(random)),
        3 => format!("{} + 2 * {}", count(random), count(random)),
        4 => format!("{} per 1000 {}", count(random), count(random)),
        5 => percentage(random),
        _ => aggregate(random),
    }
}

fn several(random: &mut Random) -> String {
    let condition = random.pick(&["gesprek.soort = \"x\"", "gesprek.g > 3", "gesprek.b"]);
    match random.below(3) {
        0 => format!("aantal(gesprek waarbij {condition}) per 1000 laatste(stand.inw op dag)"),
        1 => "som(gesprek.g) / laatste(stand.inw op dag waarbij stand.soort = \"x\")".to_owned(),
        _ => format!("aantal(gesprek waarbij {condition}) / som(stand.inw)"),
    }
}

fn over_groups(random: &mut Random) -> String {
    random
        .pick(&[
            "gemiddelde(aantallen)",
            "som(totaal)",
            "maximum(langst)",
            "mediaan(duur_som)",
            "percentage(aantallen > 3)",
            "gemiddelde(laatst waarbij aantallen >= 2)",
            "aantal(waarbij totaal > 10)",
        ])
        .to_owned()
}

pub fn own_filter(random: &mut Random) -> String {
    if random.below(3) == 0 { format!(" waarbij {}", condition(random, 1)) } else { String::new() }
}

fn count(random: &mut Random) -> String {
    match random.below(4) {
        0 => "aantal()".to_owned(),
        1 => format!("aantal_uniek({}{})", random.pick(&["soort", "team", "g", "d", "team.afd"]), own_filter(random)),
        _ => format!("aantal(waarbij {})", condition(random, 2)),
    }
}

/// An aggregate without unit.
fn number(random: &mut Random) -> String {
    match random.below(3) {
        0 => format!("som({}{})", numeric(random, 1), own_filter(random)),
        1 => format!("gemiddelde({}{})", numeric(random, 1), own_filter(random)),
        _ => count(random),
    }
}

fn percentage(random: &mut Random) -> String {
    let rule = random.pick(&["leeg telt als nee", "leeg telt als ja", "leeg telt niet mee"]);
    let filter = own_filter(random);
    match random.below(5) {
        0 => {
            let (done, due) = (random.pick(&["t2", "d", "t"]), random.pick(&["due", "due_dag"]));
            format!("percentage(tijdig({done}, uiterlijk {due}){filter}, {rule})")
        }
        1 => format!(
            "percentage(tijdig(t2, uiterlijk due) en {}{filter}, {rule})",
            random.pick(&["g > 2", "b", "niet b", "soort = \"x\""])
        ),
        _ => format!("percentage({}{filter}, {rule})", nullable_condition(random)),
    }
}

fn aggregate(random: &mut Random) -> String {
    let function = random.pick(&["som", "gemiddelde", "minimum", "maximum", "mediaan", "percentiel"]);
    let argument = match random.below(4) {
        0 => duration(random),
        1 => "e".to_owned(),
        2 => "s".to_owned(),
        _ => numeric(random, 2),
    };
    let filter = own_filter(random);
    if function == "percentiel" {
        let p = random.pick(&["5", "50", "90", "99.5"]);
        return format!("percentiel({argument}{filter}, {p})");
    }
    format!("{function}({argument}{filter})")
}

pub fn duration(random: &mut Random) -> String {
    random
        .pick(&[
            "w",
            "duurt",
            "w + 30 s",
            "w * 1.5",
            "eerste_gevuld(w, duurt)",
            "team.norm",
            "grootste(w, 1 min)",
            "w - team.norm",
        ])
        .to_owned()
}

pub fn numeric(random: &mut Random, depth: u32) -> String {
    if depth == 0 {
        return random.pick(&["g", "f", "vast", "s", "dubbel", "3", "2.5"]).to_owned();
    }
    let (a, b) = (numeric(random, depth - 1), numeric(random, depth - 1));
    match random.below(10) {
        0 => format!("({a} + {b})"),
        1 => format!("({a} - {b})"),
        2 => format!("({a} * {b})"),
        3 => format!("({a} / {b})"),
        4 => format!("als({}, {a}, {b})", condition(random, depth - 1)),
        5 => format!("eerste_gevuld({a}, {b}, 7)"),
        6 => format!("kleinste({a}, {b})"),
        7 => format!("afronden(f * {b}, 1)"),
        8 => random.pick(&["uur(t)", "weekdag(t2)", "maand(d)", "week(t)", "w / team.norm", "e / € 2.50"]).to_owned(),
        _ => a,
    }
}

/// A condition that can always be empty, so that the rule for empty answers is never superfluous.
pub fn nullable_condition(random: &mut Random) -> String {
    let both = |a: String, b: &str| format!("{a} {b}");
    match random.below(5) {
        0 => format!("{} <= {}", duration(random), random.pick(&["20 s", "1 min", "0.5 uur"])),
        1 => format!("{} > {}", random.pick(&["g", "f", "s", "dubbel"]), numeric(random, 1)),
        2 => both("niet b of".to_owned(), random.pick(&["g = 3", "soort = \"y\"", "f < 0"])),
        3 => random
            .pick(&["b", "soort in (\"x\", \"y\")", "team.afd = \"noord\"", "d >= 2025-10-01", "e > € 5"])
            .to_owned(),
        _ => format!("g tussen {} en 8", random.pick(&["1", "vast", "f"])),
    }
}

pub fn condition(random: &mut Random, depth: u32) -> String {
    if depth == 0 {
        return match random.below(6) {
            0 => format!("{} is gevuld", random.pick(&["t2", "g", "f", "soort", "team", "b", "team.afd"])),
            1 => format!("{} is leeg", random.pick(&["t2", "g", "team", "w"])),
            2 => format!("vast {} {}", random.pick(&["<", ">=", "<>", "="]), random.below(8)),
            3 => "t2 <= peilmoment".to_owned(),
            4 => "begint_met(team, \"te\") en bevat(team, \"1\")".to_owned(),
            _ => nullable_condition(random),
        };
    }
    let (a, b) = (condition(random, depth - 1), condition(random, depth - 1));
    match random.below(4) {
        0 => format!("({a}) en ({b})"),
        1 => format!("({a}) of ({b})"),
        2 => format!("niet ({a})"),
        _ => a,
    }
}
