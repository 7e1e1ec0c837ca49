//! Generated definitions over rows that are valid for a time, and over rows that mark the results they take part in.

use std::collections::BTreeMap;

use meetlat::interpret::Answer;
use meetlat::judge::Row;
use meetlat::model::table::Table;
use meetlat::model::{Type, Value};

use super::rows::Random;

/// Relations at a moment: days and moments on either side, by a computed column, as second hop, in a derived table.
pub const TABLES: &str = r#"
bronsysteem z "Z" {
    tabel zaak {
        id        geheel      sleutel
        t         tijdstip?   meetmoment
        d         datum?
        t2        tijdstip?
        soort     tekst?      -> afspraak.soort geldig op t
        vast      geheel      -> tarief.vast geldig op d
        raming    ja_nee?     kenmerk
        twijfel   tekst?      kenmerk
        reden     tekst?      kenmerk
        wie       tekst?      persoonsgegeven
        dag_soort = soort     -> afspraak.soort geldig op d
        duurt     = t2 - t
    }
    tabel afspraak {
        geldig    begin tot eind
        soort     tekst       sleutel
        begin     datum?
        eind      datum?
        termijn   duur?
        groep     geheel?     -> tarief.vast geldig op begin
    }
    tabel tarief {
        geldig    van tot en met laatst
        vast      geheel      sleutel
        van       tijdstip?
        laatst    tijdstip?
        prijs     geheel?
    }
    tabel per_soort uit zaak waarbij vast > 2 per soort {
        eerste      = minimum(t)                          meetmoment
        afgesproken = maximum(soort.termijn)
        goedkoopste = minimum(vast)                       -> tarief.vast geldig op eerste
        raming      = aantal(waarbij raming) > 0          kenmerk
        reden       = laatste(reden)                      kenmerk
    }
}
"#;

/// What `kenmerk` texts say; the last says nothing.
pub const REASONS: [&str; 4] = ["sensor stuk", "geschat", " geschat ", "  "];

const MARKS: [&str; 3] = ["raming", "twijfel", "reden"];

/// One KPI over these tables.
pub fn kpi(number: usize, random: &mut Random) -> String {
    let (calculation, source, dimensions) = if random.below(5) == 0 {
        (
            random.pick(&[
                "som(afgesproken)",
                "aantal(waarbij goedkoopste.prijs > 4)",
                "som(goedkoopste.prijs) / aantal()",
                "laatste(goedkoopste.prijs op eerste)",
            ]),
            "z.per_soort",
            "goedkoopste.prijs als prijs",
        )
    } else {
        (
            random.pick(&[
                "percentage(duurt <= soort.termijn, leeg telt als nee)",
                "gemiddelde(soort.termijn)",
                "gemiddelde(duurt - dag_soort.termijn)",
                "som(vast.prijs waarbij dag_soort.termijn is gevuld)",
                "aantal(waarbij soort.groep.prijs > 3)",
                "maximum(dag_soort.groep.prijs) - minimum(vast.prijs)",
                "laatste(vast waarbij vast.prijs is gevuld op t)",
                "laatste(vast.prijs op d)",
                "werkvoorraad(t, t2)",
                "werkvoorraad(d, t2 waarbij vast.prijs > 4)",
                "lopend(aantal(), 2 maanden)",
                "aantal() - vorige(aantal())",
                "gemiddelde(som(vast.prijs) per soort)",
                "mediaan(vast.prijs)",
                "aantal_uniek(soort.groep.prijs)",
            ]),
            "z.zaak",
            random.pick(&["soort, soort.groep.prijs als groep", "vast.prijs als prijs", "dag_soort.groep als groep"]),
        )
    };
    let filter = if source == "z.zaak" {
        random.pick(&["", "", " waarbij soort.termijn > 30 min", " waarbij vast.prijs > 2", " waarbij niet raming"])
    } else {
        ""
    };
    let shield = random.pick(&["", "", "", ", afschermen bij minder dan 4"]);
    let shield = if source == "z.zaak" { shield } else { "" };
    format!(
        "kpi k{number} \"K\" {{ definitie \"x\" berekening {calculation} bronsysteem {source}{filter} \
         meetmethode automatisch, per maand{shield} dimensies {dimensions} norm geen \"x\" }}\n"
    )
}

/// Gives the rows of each key times that follow each other, with gaps and moments at which nothing is valid.
pub fn settle(table: &Table, rows: &mut [Vec<Value>], start: i64, random: &mut Random) {
    let (Some(valid), [key, ..]) = (table.valid, table.key.as_slice()) else { return };
    let is_date = table.columns[valid.from].ty == Type::Date;
    let (unit, step) = if is_date { (1, 1) } else { (86_400_000_000, 1_800_000_000) };
    let mut free: BTreeMap<String, i64> = BTreeMap::new();
    let last: BTreeMap<String, usize> =
        rows.iter().enumerate().map(|(index, row)| (format!("{:?}", row[*key]), index)).collect();
    for (index, row) in rows.iter_mut().enumerate() {
        let name = format!("{:?}", row[*key]);
        let first = !free.contains_key(&name);
        let from = *free.get(&name).unwrap_or(&((start - 30) * unit)) + random.below(3) * step;
        let until = from + random.below(if is_date { 12 } else { 400 }) * step;
        // `tot en met` holds a moment more.
        free.insert(name.clone(), until + i64::from(valid.inclusive));
        row[valid.from] = if first && random.below(3) == 0 { Value::Empty } else { Value::Int(from) };
        let open = last.get(&name) == Some(&index) && random.below(2) == 0;
        row[valid.until] = if open { Value::Empty } else { Value::Int(until) };
    }
    if random.below(2) == 0 {
        rows.reverse();
    }
}

/// The marks that rows gave a result.
pub fn marks_of_row(row: &Row) -> String {
    let own = row.marks.iter().filter(|mark| MARKS.contains(&mark.mark.as_str()));
    own.map(|mark| format!("{}: {}", mark.mark, mark.reason)).collect::<Vec<_>>().join(", ")
}

/// The same of an answer, as shown.
pub fn marks_of_answer(answer: &Answer) -> String {
    let words = answer
        .marks
        .iter()
        .map(|(name, why)| format!("{name}: {}", why.iter().cloned().collect::<Vec<_>>().join("; ")));
    words.collect::<Vec<_>>().join(", ")
}
