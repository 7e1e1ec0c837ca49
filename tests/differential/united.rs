//! Tables that unite others, and counts of rows that point here: generated tables (which parts, in which order, what each
//! column is in each of them) and KPIs over them.

use super::rows::Random;

/// What a part can give for each column: moments, numbers, conditions, texts, persons, cases.
struct Part {
    name: &'static str,
    key: &'static str,
    moments: &'static [&'static str],
    numbers: &'static [&'static str],
    conditions: &'static [&'static str],
    texts: &'static [&'static str],
    whom: &'static str,
    cases: &'static [&'static str],
}

const PARTS: [Part; 4] = [
    Part {
        name: "a.gesprek",
        key: "id",
        moments: &["t", "t2", "eerste_gevuld(t2, t)"],
        numbers: &["g", "vast", "dubbel", "f"],
        conditions: &["b", "g > 3", "w <= 1 uur", "soort = \"x\""],
        texts: &["soort", "team.afd", "\"a\""],
        whom: "wie",
        cases: &["g", "vast"],
    },
    Part {
        name: "mail",
        key: "nr",
        moments: &["tm", "tm", "eerste_gevuld(tm, ts)"],
        numbers: &["g", "nr", "h", "zk.m1"],
        conditions: &["g > h", "soort is gevuld", "zk.m1 > 1"],
        texts: &["soort", "\"m\"", "zk.soort"],
        whom: "wie",
        cases: &["zk"],
    },
    Part {
        name: "zaak",
        key: "id",
        moments: &["start"],
        numbers: &["m1", "id", "m2"],
        conditions: &["m1 = 0", "vlot", "m2 < m1"],
        texts: &["soort", "leeg"],
        whom: "leeg",
        cases: &["id", "leeg"],
    },
    Part {
        name: "a.reeks",
        key: "aantallen",
        moments: &["eerste", "laatste_keer"],
        numbers: &["aantallen", "totaal", "laatst"],
        conditions: &["totaal > 3"],
        texts: &["team", "\"r\""],
        whom: "leeg",
        cases: &["aantallen"],
    },
];

/// Of rows that count others: a condition over mail.
const COUNTED: [&str; 4] = ["g > 3", "soort = \"x\"", "wie is gevuld en g > h", "team.afd = \"noord\""];

/// The tables: one stored table, one that counts, and united ones on top of these and of those of the others.
pub fn tables(random: &mut Random) -> String {
    let (some, other) = (random.pick(&COUNTED), random.pick(&COUNTED));
    let all = united("alles", &chosen(random, 3), random);
    let more = united("veel", &chosen(random, 4), random);
    format!(
        r#"
bronsysteem u "U" {{
    tabel mail {{
        nr      geheel     sleutel
        tm      tijdstip?  meetmoment
        ts      tijdstip?
        soort   tekst?
        team    tekst?     -> a.team.code
        g       geheel?
        h       getal?
        wie     tekst?     persoonsgegeven
        zk      geheel?    -> zaak.id
    }}
    tabel zaak {{
        id      geheel     sleutel
        start   tijdstip?  meetmoment
        soort   tekst?     in ("x", "y", "z")
        vast    geheel
        m1      = aantal(mail via zk)
        m2      = aantal(u.mail via zk waarbij {some})
        m3      = aantal(alles via zk)
        m4      = aantal(alles via zk waarbij nummer > 2)
        vlot    = m1 > 1 of soort = "x"
        druk    = aantal(mail via zk waarbij {other}) + m3 > aantal(veel via zk waarbij ja_of_nee)
    }}
    {all}
    {more}
    tabel samen verenigt alles, mail {{
        nr      = nr, nr                 sleutel
        moment  = moment, ts             meetmoment
        tekst   = tekst, leeg
        nummer  = nummer, g * 2
        wie     = wie, wie
        bron    = bron, "mail"
        zk      = zk, zk
    }}
    tabel per_wie uit alles waarbij nummer is gevuld per wie {{
        eerst   = minimum(moment)        meetmoment
        hoeveel = aantal()
        som     = som(nummer)
        bron    = laatste(bron)
    }}
}}
"#
    )
}

/// Two or three of the first so many parts, perhaps one of them twice.
fn chosen(random: &mut Random, of: u64) -> Vec<&'static Part> {
    let count = 2 + random.below(2);
    (0..count).map(|_| &PARTS[usize::try_from(random.below(of)).expect("small")]).collect()
}

fn united(name: &str, parts: &[&Part], random: &mut Random) -> String {
    let names: Vec<&str> = parts.iter().map(|part| part.name).collect();
    let mut each = |pick: &mut dyn FnMut(&Part, &mut Random) -> String| {
        parts.iter().map(|part| pick(part, random)).collect::<Vec<_>>().join(", ")
    };
    let key = each(&mut |part, _| part.key.to_owned());
    let moment = each(&mut |part, random| random.pick(part.moments).to_owned());
    let end = each(&mut |part, random| random.pick(part.moments).to_owned());
    let number = each(&mut |part, random| random.pick(part.numbers).to_owned());
    // Not empty everywhere.
    let tail = each(&mut |part, random| {
        if random.below(3) == 0 { part.key.to_owned() } else { random.pick(part.numbers).to_owned() }
    });
    let yes = each(&mut |part, random| random.pick(part.conditions).to_owned());
    let text = parts.iter().enumerate().map(|(i, part)| if i == 0 { part.texts[0] } else { random.pick(part.texts) });
    let text = text.collect::<Vec<_>>().join(", ");
    let whom = parts.iter().map(|part| part.whom).collect::<Vec<_>>().join(", ");
    // Of cases alone nobody is known.
    let whom = if whom.contains("wie") { format!("wie = {whom}") } else { "wie = tekst  persoonsgegeven".to_owned() };
    let first = parts.iter().enumerate().map(|(i, part)| if i == 0 { part.cases[0] } else { random.pick(part.cases) });
    let cases = first.collect::<Vec<_>>().join(", ");
    let bron = (0..parts.len()).map(|i| format!("\"{}\"", ["een", "twee", "drie"][i])).collect::<Vec<_>>().join(", ");
    format!(
        "tabel {name} verenigt {} {{
        nr      = {key}  sleutel
        moment  = {moment}  meetmoment
        eind    = {end}
        nummer  = {number}
        staart  = {tail}
        ja_of_nee = {yes}
        tekst   = {text}
        {whom}
        zk      = {cases}  -> zaak.id
        bron    = {bron}
        duurt   = eind - moment
        dubbel  = nummer * 2 + staart
    }}",
        names.join(", ")
    )
}

/// One KPI over a table that unites, is united, counts or is counted.
pub fn kpi(number: usize, random: &mut Random) -> String {
    let (calculation, source, dimensions) = question(random);
    let period = random.pick(&["maand", "maand", "week", "kwartaal", "hele reeks"]);
    let shield = random.pick(&["", "", ", afschermen bij minder dan 3"]);
    format!(
        "kpi k{number} \"K\" {{ definitie \"x\" berekening {calculation} bronsysteem {source} \
         meetmethode automatisch, per {period}{shield} dimensies {dimensions} norm geen \"x\" }}\n"
    )
}

/// A calculation, the rows it is about, and its dimensions.
fn question(random: &mut Random) -> (String, String, &'static str) {
    let source = random.pick(&["alles", "alles", "samen", "zaak", "zaak", "veel", "per_wie", "mail"]);
    let calculation = match source {
        "alles" => random.pick(&[
            "aantal()",
            "som(nummer)",
            "gemiddelde(dubbel)",
            "mediaan(duurt)",
            "percentage(ja_of_nee, leeg telt als nee)",
            "percentage(duurt <= 20 dagen, leeg telt niet mee)",
            "percentage(herhaald(wie, binnen 7 dagen), leeg telt als nee)",
            "percentage(vervolgd(wie, binnen 36 uur), leeg telt als nee)",
            "percentage(herhaald(zk, bron, binnen 14 dagen), leeg telt als ja)",
            "percentage(tijdig(moment, eind, binnen 5 werkdagen), leeg telt als nee)",
            "aantal_uniek(wie)",
            "laatste(nummer op moment)",
            "laatste(bron op eind)",
            "werkvoorraad(moment, eind)",
            "gemiddelde(aantal() per wie)",
            "som(zk.m1)",
            "percentage(zk.druk, leeg telt als nee)",
            "aantal(waarbij zk.m3 > 2) / aantal(waarbij bron = \"een\")",
        ]),
        "samen" => random.pick(&[
            "aantal(waarbij bron = \"mail\")",
            "som(nummer)",
            "aantal_uniek(wie)",
            "percentage(vervolgd(wie, binnen 3 dagen), leeg telt als nee)",
            "maximum(nummer)",
            "percentage(bron in (\"een\", \"mail\"))",
            "aandeel(aantal())",
        ]),
        "veel" => random.pick(&[
            "som(staart)",
            "aantal()",
            "gemiddelde(nummer)",
            "percentage(eind > moment, leeg telt als ja)",
        ]),
        "zaak" => random.pick(&[
            "som(m1) + 1000 * som(m2)",
            "som(m3) + 1000 * som(m4)",
            "gemiddelde(m2)",
            "som(m2) + som(m4) / 1000",
            "percentage(druk)",
            "percentage(m3 = 0)",
            "maximum(m3)",
            "mediaan(m4)",
            "aantal(waarbij m1 > m2)",
            "percentage(vlot, leeg telt als nee)",
            "gemiddelde(som(m1) per soort)",
        ]),
        "per_wie" => random.pick(&["aantal()", "som(hoeveel)", "gemiddelde(som)", "aantal(waarbij bron = \"twee\")"]),
        _ => random.pick(&[
            "som(zk.m1) + 1000 * som(zk.m4)",
            "percentage(zk.m2 > 0, leeg telt niet mee)",
            "gemiddelde(zk.m3)",
        ]),
    };
    let dimensions = match source {
        "alles" => "bron, zk.soort als soort, uur(moment) als uur",
        "samen" => "bron, tekst",
        "veel" => "tekst, ja_of_nee",
        "zaak" => "soort, m1, druk",
        "per_wie" => "bron, hoeveel",
        _ => "soort, zk.m1 als m",
    };
    let filter = match (source, random.below(3)) {
        ("alles", 0) => " waarbij nummer > 1",
        ("alles", 1) => " waarbij zk.m1 > 0 of bron = \"twee\"",
        ("zaak", 0) => " waarbij m1 > 0",
        ("zaak", 1) => " waarbij niet druk",
        ("samen", 0) => " waarbij bron <> \"een\"",
        _ => "",
    };
    (calculation.to_owned(), format!("u.{source}{filter}"), dimensions)
}
