//! Generated definitions: KPIs as text over fixed tables, so that the whole way from text to number is under test.

use chrono::NaiveDate;
use meetlat::calendar::PeriodKind;

use super::dated;
use super::levels;
use super::over_time;
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
        v         tijdstip?
        n         werkdagen?
        vast      geheel
        kan       tekst?
        duurt     = t2 - t
        dubbel    = g * 2 + vast
        door      = werkdagen(t, t2)
        klaar     = datum(t) + n
    }
    tabel team {
        code      tekst       sleutel
        afd       tekst?
        norm      duur?
        kan       tekst?
    }
    tabel reeks uit gesprek waarbij vast > 2 per team {
        eerste    = minimum(t)                       meetmoment
        aantallen = aantal()
        totaal    = som(g waarbij soort = "x")
        laatst    = laatste(f waarbij f is gevuld)
        duur_som  = som(w)
        langst    = maximum(w) - minimum(w)
        laatste_keer = maximum(t2)
    }
    tabel stand {
        nr        geheel      sleutel
        dag       datum       meetmoment
        soort     tekst       in ("x", "y", "z")
        inw       geheel
        kan       tekst?
    }
}
dimensie kanaal {
    leden     telefoon, balie, web, `e-mail`
    telefoon  = "Tel.", "een telefoongesprek met de gemeente"
    `e-mail`  = "mail", "MAILTJE"
    groep     mens = telefoon, balie
    in        a.gesprek = kan
    in        a.team = als(kan is leeg, afd, kan)
    in        a.stand = kan
}
dimensie herkomst {
    leden     eigen, ander
    groep     alle = eigen, ander
    in        a.gesprek = "Eigen"
    in        a.stand = als(soort = "x", "eigen", soort)
}
dimensie plek {
    leden     telefoon, balie
    in        a.team = kan
}
"#;

/// How many pairs of calendars there are: each costs its sums once per process.
const CALENDARS: u64 = 6;

/// Two calendars; `k1` is the project's.
pub fn calendars(random: &mut Random) -> String {
    let mut chance = Random(1_000 + random.next() % CALENDARS);
    format!("{}{}", calendar("k1", &mut chance), calendar("k2", &mut chance))
}

/// A calendar with hours that change, nights over the clock changes, closed days. It always has hours.
fn calendar(name: &str, random: &mut Random) -> String {
    let mut lines = vec!["open zo 00:30 - 04:15".to_owned()];
    lines.push(
        random
            .pick(&[
                "feestdagen geen",
                "feestdagen termijnenwet",
                "feestdagen cao_gemeenten",
                "feestdagen termijnenwet feestdagen cao_gemeenten vanaf 2025-04-20",
                "feestdagen termijnenwet feestdagen geen vanaf 2025-04-15 tot 2025-06-01",
            ])
            .to_owned(),
    );
    lines.push(
        random
            .pick(&[
                "",
                "werkdagen ma, di, wo, do, vr",
                "werkdagen ma, di, wo, do, vr, za, zo",
                "werkdagen ma, wo werkdagen di, do, za vanaf 2025-10-08",
                "werkdagen ma, di, wo, do werkdagen vr vanaf 2025-09-20 tot 2025-10-20",
            ])
            .to_owned(),
    );
    for _ in 0..4 {
        lines.push(
            random
                .pick(&[
                    "open ma, di, wo 08:30 - 17:00 vanaf 2025-01-01",
                    "open ma 08:30 - 12:00 vanaf 2025-02-01 open ma 13:00 - 17:30 vanaf 2025-02-01",
                    "open do 09:00 - 20:00 open do 10:00 - 16:00 vanaf 2025-10-09",
                    "open vr 08:30 - 12:00 vanaf 2025-09-12 tot 2025-11-01",
                    "open za 00:00 - 24:00",
                    "gesloten 2025-10-27, 2025-11-03 \"dicht\"",
                    "gesloten 2025-10-26, 2025-03-31",
                ])
                .to_owned(),
        );
    }
    lines.sort();
    lines.dedup();
    format!("kalender {name} {{\n    {}\n}}\n", lines.join("\n    "))
}

/// A KPI over shared dimensions with a norm: per member, from the data, or both.
fn normed(number: usize, random: &mut Random) -> String {
    let (calculation, values) = match random.below(4) {
        0 => ("aantal()", ["3", "vast", "grootste(g, 1)", "2"]),
        1 => ("gemiddelde(w)", ["20 min", "team.norm", "eerste_gevuld(team.norm, 1 uur)", "30 min"]),
        2 => ("som(e)", ["€ 10", "e", "eerste_gevuld(e, € 1)", "€ 2.50"]),
        _ => ("gemiddelde(g)", ["4", "vast", "g", "2.5"]),
    };
    let bound = |random: &mut Random| {
        let value = random.pick(&values);
        let value = if value.contains('(') { format!("({value})") } else { value.to_owned() };
        format!("{} {value}", random.pick(&[">=", "<", "<=", ">"]))
    };
    let (dimensions, members): (&str, &[&str]) = match random.below(5) {
        0 => ("kanaal", &["telefoon", "balie", "\"e-mail\"", "\"(leeg)\""]),
        1 => ("kanaal.groep", &["mens", "web", "`e-mail`"]),
        2 => ("team.plek als plek", &["telefoon", "balie"]),
        3 => ("vast", &["1", "2", "7"]),
        _ => ("b", &["ja", "nee"]),
    };
    let name = dimensions.rsplit(' ').next().unwrap_or_default();
    let norm = if random.below(3) == 0 {
        bound(random)
    } else {
        let named = random.pick(members).to_owned();
        let of_named = bound(random);
        let rest = if random.below(2) == 0 { "geen".to_owned() } else { bound(random) };
        let total = if random.below(2) == 0 { String::new() } else { format!(" totaal {}", bound(random)) };
        format!("per {name} {{ {named} {of_named} overig {rest}{total} }}")
    };
    format!(
        "kpi k{number} \"K\" {{ definitie \"x\" berekening {calculation} bronsysteem a.gesprek{} \
         meetmethode automatisch, per maand dimensies {dimensions} norm {norm} }}\n",
        filter(random)
    )
}

/// One KPI block. `known` are the numbers of those before it that compiled, `season` is when the data begins.
pub fn kpi(number: usize, known: &[usize], season: NaiveDate, random: &mut Random) -> String {
    if random.below(6) == 0 {
        return normed(number, random);
    }
    if random.below(6) == 0 {
        return dated::kpi(number, random);
    }
    let period = over_time::period(random);
    let (calculation, source, dimensions) = match random.below(13) {
        8 => (levels::groups(random), format!("a.gesprek{}", filter(random)), "soort, team.afd als afd, team"),
        9 => (levels::groups(random), format!("a.gesprek{}", filter(random)), "kanaal, uur(t) als uur"),
        10 => (levels::portion(random), format!("a.gesprek{}", filter(random)), "kanaal, team.afd als afd, team"),
        11 => {
            let source = format!("a.gesprek{}", filter(random));
            let calculation = over_time::wrapped(levels::weighted(random), period, season, random);
            let method = format!("{}{}", levels::weight(random), over_time::always(random));
            return block(number, &calculation, &source, "soort, b", period, &method);
        }
        12 if !known.is_empty() => (others(known, random), "afgeleid".to_owned(), "soort, afd"),
        0 => (several(random), "a.gesprek, a.stand".to_owned(), random.pick(&["soort", "kanaal", "soort, herkomst"])),
        1 => (over_groups(random), "a.reeks".to_owned(), "team"),
        _ => (
            formula(random),
            format!("a.gesprek{}", filter(random)),
            random.pick(&[
                "soort, team.afd als afd, uur(t) als uur",
                "soort, kanaal",
                "team.plek als plek, team.afd als afd",
            ]),
        ),
    };
    let mut dimensions = dimensions.to_owned();
    if source.starts_with("a.gesprek") && !source.contains(',') {
        dimensions += &repeated_dimension(random);
    }
    let calculation = over_time::wrapped(calculation, period, season, random);
    let observations = if random.below(8) == 0 && source.starts_with("a.gesprek") && !source.contains(',') {
        ", waarnemingen som(vast waarbij g is gevuld)"
    } else {
        random.pick(&["", "", "", ", kalender k2"])
    };
    let method = format!("{observations}{}{}", over_time::always(random), shield(random));
    block(number, &calculation, &source, &dimensions, period, &method)
}

fn block(number: usize, calculation: &str, source: &str, dimensions: &str, period: PeriodKind, method: &str) -> String {
    let period = period.word();
    format!(
        "kpi k{number} \"K\" {{ definitie \"x\" berekening {calculation} bronsysteem {source} \
         meetmethode automatisch, per {period}{method} dimensies {dimensions} norm geen \"x\" }}\n"
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
    match random.below(9) {
        8 => stock(random),
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
    match random.below(5) {
        0 => format!("aantal(gesprek waarbij {condition}) per 1000 laatste(stand.inw op dag)"),
        1 => "som(gesprek.g) / laatste(stand.inw op dag waarbij stand.soort = \"x\")".to_owned(),
        2 => "aantal(stand waarbij herhaald(stand.soort, binnen 3 dagen)) + werkvoorraad(gesprek.t, gesprek.due)"
            .to_owned(),
        3 => "werkvoorraad(gesprek.d, gesprek.t2 waarbij soort = \"x\") / laatste(stand.inw op dag)".to_owned(),
        _ => format!("aantal(gesprek waarbij {condition}) / som(stand.inw)"),
    }
}

/// A calculation with other KPIs.
fn others(known: &[usize], random: &mut Random) -> String {
    let mut pick = || known[usize::try_from(random.below(known.len() as u64)).expect("small")];
    let (a, b) = (pick(), pick());
    match random.below(3) {
        0 => format!("kpi(k{a})"),
        1 => format!("kpi(k{a}) / kpi(k{b})"),
        _ => format!("kpi(k{a}) - vorige(kpi(k{a}))"),
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
            "percentage(vervolgd(laatst is leeg, binnen 5 dagen), leeg telt niet mee)",
            "aantal(waarbij herhaald(aantallen, binnen 3 weken))",
            "werkvoorraad(eerste, laatste_keer)",
        ])
        .to_owned()
}

/// Whether a row comes again, or is followed.
fn repeats(random: &mut Random) -> String {
    let key =
        random.pick(&["soort", "team", "b", "vast", "g", "d", "team.afd", "soort, vast", "b, team.afd", "datum(t2)"]);
    let window =
        random.pick(&["0 dagen", "1 dag", "3 dagen", "7 dagen", "2 weken", "30 min", "90 min", "24 uur", "1 s"]);
    format!("{}({key}, binnen {window})", random.pick(&["herhaald", "vervolgd"]))
}

fn repeated_dimension(random: &mut Random) -> String {
    if random.below(6) == 0 { format!(", {} als weer", repeats(random)) } else { String::new() }
}

/// The rows that are open.
fn stock(random: &mut Random) -> String {
    let from = random.pick(&["t", "d", "t2"]);
    let until = random.pick(&["due", "due_dag", "d", "t2"]);
    let until = if from == until { "due" } else { until };
    format!("werkvoorraad({from}, {until}{})", own_filter(random))
}

pub fn own_filter(random: &mut Random) -> String {
    match random.below(12) {
        0..=2 => format!(" waarbij {}", condition(random, 1)),
        3 => format!(" waarbij {}", repeats(random)),
        4 => format!(" waarbij {} en niet {}", condition(random, 1), repeats(random)),
        _ => String::new(),
    }
}

fn count(random: &mut Random) -> String {
    match random.below(6) {
        0 => "aantal()".to_owned(),
        4 => format!("aantal(waarbij {})", repeats(random)),
        5 => stock(random),
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
    match random.below(8) {
        6 => format!("percentage({}{filter}, {rule})", repeats(random)),
        7 => format!("percentage({} of {}{filter}, {rule})", repeats(random), nullable_condition(random)),
        2 => {
            let (from, done) = (random.pick(&["t", "t2", "v"]), random.pick(&["t2", "t", "d"]));
            let day = random.pick(&["0 werkdagen", "3 werkdagen", "n", "10 dagen", "2 weken", "1 maand", "7 maanden"]);
            let within = if done == "d" { day } else { random.pick(&[day, "36 uur", "90 min", "w"]) };
            let more = random.pick(&["", " en g > 2", " of b"]);
            format!("percentage(tijdig({from}, {done}, binnen {within}){more}{filter}, {rule})")
        }
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
    let argument = match random.below(5) {
        4 => working(random),
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

/// Working days and working time, between all kinds of columns.
fn working(random: &mut Random) -> String {
    let any = ["t", "t2", "d", "due", "due_dag", "v"];
    let (a, b) = (random.pick(&any), random.pick(&any));
    let (from, to) = (random.pick(&["t", "v", "t2"]), random.pick(&["t2", "due", "v"]));
    let by = random.pick(&["", "", ", k1", ", k2"]);
    match random.below(5) {
        0 | 1 => format!("werkdagen({a}, {b}{by})"),
        2 | 3 => format!("werktijd({from}, {to}{by})"),
        _ => random.pick(&["door", "door + n", "werkdagen(d, klaar)", "klaar - d", "werktijd(t, t2) - w"]).to_owned(),
    }
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
    match random.below(6) {
        5 => {
            let moved = random.pick(&["+ 3 werkdagen", "- 2 werkdagen", "+ n", "- n", "+ 1 maand", "- 14 maanden"]);
            let other = random.pick(&["due_dag", "datum(t2)", "klaar"]);
            random
                .pick(&[
                    "door <= 5 werkdagen",
                    "werktijd(t, due) > 8 uur",
                    "werkdagen(t, due) > n",
                    &format!("d {moved} >= {other}"),
                    &format!("datum(t) {moved} < {other}"),
                ])
                .to_owned()
        }
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
