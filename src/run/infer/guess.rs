//! From what a column holds to what it seems to mean: type, unit, key, time axis, personal data, value list. Each guess
//! says on what it rests.

use std::collections::BTreeMap;

use super::personal;
use super::profile::Column;
use super::shape::PATTERNS;
use super::{Found, names};

/// How a source writes its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// All as text (CSV): a number or a day is whatever reads as one.
    Text,
    /// Some typed, some as text (JSON, sheets).
    Mixed,
    /// Typed (Parquet): text means text.
    Typed,
}

/// A column of the proposal.
#[derive(Clone, Debug)]
pub struct Guess {
    /// Its name in the file.
    pub physical: String,
    /// Its name in the definition.
    pub name: String,
    /// `tekst`, `duur in s`
    pub ty: String,
    pub nullable: bool,
    pub personal: bool,
    /// All values, where they are few.
    pub values: Vec<String>,
    /// What the proposal rests on, each in a few words.
    pub evidence: Vec<String>,
}

/// What a column holds, as far as its values tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Nothing,
    Text,
    Whole,
    Fraction,
    Money,
    Share,
    Truth,
    Day,
    Moment,
    Clock,
}

const DIFFERENT: &str = "allemaal anders";

/// The most values of a list.
const LIST: usize = 12;

/// The guesses of all columns, with a key of one column and a time axis where there are such.
pub fn guess(rows: u64, columns: &[Column], written: Written) -> Found {
    let writing = Writing::of(columns, written);
    let physical: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
    let names = names::columns(&physical);
    let mut guesses: Vec<Guess> =
        columns.iter().zip(names).map(|(column, name)| one(rows, column, name, written, &writing)).collect();
    let key = key(columns, &guesses);
    let axis = axis(&guesses);
    if let Some(guess) = key.and_then(|at| guesses.get_mut(at)) {
        guess.evidence.retain(|e| e != DIFFERENT);
        guess.evidence.insert(0, "in elke rij gevuld en anders".to_owned());
    }
    let mut settings = Vec::new();
    if writing.comma {
        settings.push(("decimaal", ",".to_owned()));
    }
    if let Some(pattern) = writing.pattern.and_then(|at| PATTERNS.get(at)) {
        settings.push(("datums", (*pattern).to_owned()));
    }
    Found { rows, columns: guesses, key: key.into_iter().collect(), axis, settings, remarks: Vec::new() }
}

/// What all columns of a file have in common.
struct Writing {
    comma: bool,
    pattern: Option<usize>,
}

impl Writing {
    fn of(columns: &[Column], written: Written) -> Self {
        if written == Written::Typed {
            return Self { comma: false, pattern: None };
        }
        // A comma decides where a point cannot: `1.204` alone is either.
        let only = |comma: bool| {
            columns.iter().any(|c| {
                let s = &c.shapes;
                let (these, others) = if comma { (s.comma, s.point) } else { (s.point, s.comma) };
                these > 0 && s.whole + these == c.texts && others < these
            })
        };
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for pattern in columns.iter().filter_map(|c| c.shapes.pattern(c.texts)) {
            *votes.entry(pattern).or_default() += 1;
        }
        let best = votes.values().max().copied();
        Self { comma: only(true), pattern: votes.into_iter().find(|(_, n)| Some(*n) == best).map(|(at, _)| at) }
    }
}

fn one(rows: u64, column: &Column, name: String, written: Written, writing: &Writing) -> Guess {
    let holds = holds(column, written, writing);
    let suspicion = column.suspicion.verdict();
    let word =
        personal::word(&name).filter(|_| matches!(holds, Holds::Text | Holds::Whole | Holds::Day | Holds::Nothing));
    let mut evidence = Vec::new();
    let ty = match suspicion {
        Some(_) if !matches!(holds, Holds::Text | Holds::Nothing) => {
            if written == Written::Typed {
                "geheel".to_owned()
            } else {
                "tekst".to_owned()
            }
        }
        _ => type_of(holds, column, &name, &mut evidence),
    };
    if column.empty > 0 {
        evidence.push(format!("{} leeg", share(column.empty, rows)));
    }
    if let Some((kind, percent)) = suspicion {
        evidence.push(format!("lijken {} ({percent} %)", kind.words()));
    } else if let Some(word) = word {
        evidence.push(format!("de naam zegt `{word}`"));
    }
    let personal = suspicion.is_some() || word.is_some();
    let values = if personal { Vec::new() } else { list(column, holds, &ty) };
    if !personal && ty != "ja_nee" {
        describe(column, holds, &mut evidence);
    }
    if written == Written::Typed
        && holds == Holds::Text
        && column.shapes.day + column.shapes.moment == column.texts
        && column.texts > 0
    {
        evidence.push("als tekst bewaard, en lijkt een datum".to_owned());
    }
    Guess {
        physical: column.name.clone(),
        name,
        ty,
        nullable: column.empty > 0 || column.filled == 0,
        personal,
        values,
        evidence,
    }
}

/// What the values are, all of them.
fn holds(column: &Column, written: Written, writing: &Writing) -> Holds {
    let n = column.filled;
    let s = &column.shapes;
    if n == 0 {
        return Holds::Nothing;
    }
    if column.bools == n {
        return Holds::Truth;
    }
    if column.durations == n {
        return Holds::Clock;
    }
    if column.decimals == n {
        return Holds::Money;
    }
    if column.texts == 0 {
        return match () {
            () if column.ints == n => Holds::Whole,
            () if column.ints + column.floats + column.decimals == n => Holds::Fraction,
            () if column.days == n => Holds::Day,
            () if column.days + column.moments == n => Holds::Moment,
            () => Holds::Text,
        };
    }
    if written == Written::Typed {
        return Holds::Text;
    }
    let texts = column.texts;
    let numeric = column.ints + column.floats;
    let dated = column.days + column.moments;
    let of_pattern = writing.pattern.and_then(|at| s.patterns.get(at)).copied().unwrap_or_default();
    let fractions = if writing.comma { s.comma } else { s.point };
    match () {
        () if dated + s.day == n => Holds::Day,
        () if dated + s.day + s.moment == n => Holds::Moment,
        () if of_pattern.0 == texts && dated == 0 => Holds::Day,
        () if of_pattern.0 + of_pattern.1 + s.day + s.moment + dated == n => Holds::Moment,
        () if s.truth == texts && column.bools + texts == n && s.bits < texts => Holds::Truth,
        () if s.euro == texts => Holds::Money,
        () if s.share == texts => Holds::Share,
        () if s.whole + numeric == n && column.floats == 0 => Holds::Whole,
        () if s.whole + fractions + numeric == n && s.zeros == 0 => Holds::Fraction,
        () if s.clock == texts && column.durations + texts == n => Holds::Clock,
        () => Holds::Text,
    }
}

/// The type in the words of the language, with the unit that name and range make likely.
fn type_of(holds: Holds, column: &Column, name: &str, evidence: &mut Vec<String>) -> String {
    let parts: Vec<&str> = name.split('_').collect();
    let says = |words: &[&'static str]| words.iter().copied().find(|word| parts.contains(word));
    let within = |low: f64, high: f64| column.numbers.is_some_and(|(a, b)| low <= a && b <= high);
    match holds {
        Holds::Text | Holds::Nothing => "tekst".to_owned(),
        Holds::Truth => "ja_nee".to_owned(),
        Holds::Day => "datum".to_owned(),
        Holds::Moment => "tijdstip".to_owned(),
        Holds::Clock => "duur".to_owned(),
        Holds::Money => "bedrag".to_owned(),
        Holds::Share => "percentage".to_owned(),
        Holds::Whole | Holds::Fraction => {
            let units: [(&str, &[&str]); 3] = [
                ("s", &["s", "sec", "secs", "seconden", "seconds"]),
                ("min", &["min", "minuten", "minutes"]),
                ("uur", &["uur", "uren", "hours", "hrs"]),
            ];
            for (unit, words) in units {
                if let Some(word) = says(words) {
                    evidence.push(format!("`{word}` in de naam: een duur"));
                    return format!("duur in {unit}");
                }
            }
            let money = ["bedrag", "bedragen", "kosten", "leges", "prijs", "tarief", "opbrengst", "euro", "eur"];
            if let Some(word) = says(&money) {
                evidence.push(format!("`{word}` in de naam: een bedrag"));
                return "bedrag".to_owned();
            }
            if let Some(word) = says(&["percentage", "pct", "perc", "procent"]) {
                evidence.push(format!("`{word}` in de naam: een percentage"));
                return "percentage".to_owned();
            }
            if let Some(word) =
                says(&["cijfer", "rapportcijfer", "score", "oordeel", "waardering", "aanbeveling", "nps"])
                && within(0.0, 10.0)
            {
                let low = u8::from(within(1.0, 10.0) && !matches!(word, "aanbeveling" | "nps"));
                evidence.push(format!("`{word}` in de naam, en van {low} tot 10"));
                return format!("score({low}..10)");
            }
            if holds == Holds::Whole
                && within(0.0, 1.0)
                && says(&["is", "heeft", "ja", "vlag", "flag", "bool"]).is_some()
            {
                evidence.push("alleen 0 en 1".to_owned());
                return "ja_nee".to_owned();
            }
            if holds == Holds::Whole { "geheel".to_owned() } else { "getal".to_owned() }
        }
    }
}

/// A list of values that comes back often enough to be one.
fn list(column: &Column, holds: Holds, ty: &str) -> Vec<String> {
    let Some(few) = column.few.as_ref().filter(|_| holds == Holds::Text && ty == "tekst") else { return Vec::new() };
    let short = few.keys().all(|value| value.chars().count() <= 30);
    let often = (2..=LIST).contains(&few.len()) && few.len() as u64 * 10 <= column.filled;
    if short && often { few.keys().cloned().collect() } else { Vec::new() }
}

/// How many and from where to where.
fn describe(column: &Column, holds: Holds, evidence: &mut Vec<String>) {
    match holds {
        Holds::Text if column.is_different() && column.filled > 1 => evidence.push(DIFFERENT.to_owned()),
        Holds::Text => {
            if let Some(few) = &column.few {
                let count = few.len();
                evidence.push(if count == 1 { "1 waarde".to_owned() } else { format!("{count} verschillende") });
            }
        }
        Holds::Day | Holds::Moment => {
            if let Some((low, high)) = column.text_span() {
                let day = |n: i64| i32::try_from(n).ok().and_then(crate::calendar::day_of).map(|d| d.to_string());
                if let (Some(low), Some(high)) = (day(low), day(high)) {
                    evidence.push(if low == high { low } else { format!("{low} – {high}") });
                }
            }
        }
        Holds::Whole | Holds::Fraction | Holds::Money | Holds::Share => {
            if let Some((low, high)) = column.numbers {
                evidence.push(format!("{} – {}", dutch(low), dutch(high)));
            }
        }
        Holds::Nothing => evidence.push("nergens gevuld".to_owned()),
        Holds::Truth | Holds::Clock => {}
    }
}

/// A number as people here write it.
fn dutch(x: f64) -> String {
    let text = x.to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    format!("{sign}{}{}", thousands(digits), fraction.map_or(String::new(), |f| format!(",{f}")))
}

/// Digits with a dot between thousands.
pub fn thousands(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// A part of the rows, in Dutch.
fn share(part: u64, rows: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    let percent = part as f64 * 100.0 / rows.max(1) as f64;
    if percent < 0.1 { "minder dan 0,1 %".to_owned() } else { format!("{percent:.1} %").replace('.', ",") }
}

/// How well a name suits a key: lower is better.
fn key_rank(name: &str) -> usize {
    let parts: Vec<&str> = name.split('_').collect();
    let words = ["id", "nr", "nummer", "key", "sleutel", "instance", "code", "uuid", "guid"];
    words.iter().position(|word| parts.contains(word) || name.ends_with(word)).unwrap_or(words.len())
}

/// The best column that is filled and different in every row.
fn key(columns: &[Column], guesses: &[Guess]) -> Option<usize> {
    let fits = |at: &usize| columns[*at].is_key() && matches!(guesses[*at].ty.as_str(), "tekst" | "geheel" | "datum");
    (0..columns.len()).filter(fits).min_by_key(|&at| (key_rank(&guesses[at].name), at))
}

/// Pairs of columns that may together be a key, the likeliest first.
pub fn pairs(columns: &[Column], found: &Found) -> Vec<Vec<usize>> {
    let fits = |at: &usize| {
        let (column, guess) = (&columns[*at], &found.columns[*at]);
        column.empty == 0 && column.filled > 0 && matches!(guess.ty.as_str(), "tekst" | "geheel" | "datum" | "tijdstip")
    };
    let open: Vec<usize> = (0..columns.len()).filter(fits).collect();
    let mut pairs: Vec<(usize, Vec<usize>)> = Vec::new();
    for (i, &a) in open.iter().enumerate() {
        for &b in &open[i + 1..] {
            let dated = |at: usize| usize::from(!matches!(found.columns[at].ty.as_str(), "datum" | "tijdstip"));
            let rank =
                key_rank(&found.columns[a].name).min(key_rank(&found.columns[b].name)) * 2 + dated(a).min(dated(b));
            pairs.push((rank, vec![a, b]));
        }
    }
    pairs.sort();
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// The column that best says when a row happened: filled everywhere, and named like a beginning.
fn axis(guesses: &[Guess]) -> Option<usize> {
    let words = [
        "binnenkomst",
        "aanmaak",
        "aangemaakt",
        "ontvangst",
        "ontvangen",
        "moment",
        "timestamp",
        "tijdstip",
        "begin",
        "start",
        "aanvang",
        "created",
        "plaatsgevonden",
        "ts",
        "peildatum",
        "datum",
        "dag",
        "tijd",
    ];
    let rank = |name: &str| {
        let parts: Vec<&str> = name.split('_').collect();
        words.iter().position(|word| parts.contains(word) || name.starts_with(word)).unwrap_or(words.len())
    };
    let fits = |guess: &&(usize, &Guess)| !guess.1.nullable && matches!(guess.1.ty.as_str(), "tijdstip" | "datum");
    let all: Vec<(usize, &Guess)> = guesses.iter().enumerate().collect();
    let best = all.iter().filter(fits).min_by_key(|(at, guess)| (guess.ty != "tijdstip", rank(&guess.name), *at));
    best.map(|(at, _)| *at)
}
