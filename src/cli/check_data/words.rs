//! What `check --data` says of a table, in Dutch. Values of personal data are never shown.

use super::Looked;
use crate::calendar::day_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::measure::arrival::{Arrival, Remote};
use crate::measure::audit::{Breach, Expectation};
use crate::model::table::Table;
use crate::model::{Model, Value, text};
use crate::report::number;
use crate::run::engine::audit::{Broken, ClockChanges, Repeated};
use crate::run::engine::valid::{NEVER_VALID, ONE_AT_A_TIME, OVERLAP, REVERSED, WrongTimes};

/// All that is to be said of a table beside `others`.
pub fn diagnostics(model: &Model, looked: &Looked, others: &[&Arrival]) -> Vec<Diagnostic> {
    let (table, audit) = (model.table(looked.id), &looked.audit);
    let mut list: Vec<Diagnostic> = audit.repeated.iter().map(|found| repeated(model, table, found)).collect();
    if audit.rows == 0 {
        list.push(Diagnostic::warning("ML620", format!("`{}` heeft geen rijen", table.full_name())).at(table.span));
    }
    for broken in &audit.breaches {
        list.extend(looked.expected.get(broken.expectation).map(|e| breach(model, table, e, broken, audit.rows)));
    }
    list.extend(wrong_times(table, &audit.times));
    list.extend(looked.clock.iter().filter_map(|changes| clock(table, *changes)));
    let placed: u64 = audit.days.iter().map(|(_, rows)| rows).sum();
    list.extend(unplaced(table, audit.rows.saturating_sub(placed)));
    if let Some(arrival) = &looked.arrival {
        list.extend(arrived(table, arrival, others));
    }
    list
}

/// Rows without a meetmoment, where that may be: elsewhere each is an empty cell that should be filled.
fn unplaced(table: &Table, rows: u64) -> Option<Diagnostic> {
    let axis = table.columns.get(table.axis?).filter(|axis| axis.nullable && rows > 0)?;
    let have = counted(rows, "rij van", "rijen van");
    let verb = if rows == 1 { "heeft" } else { "hebben" };
    let message = format!("{have} `{}` {verb} geen `{}`", table.full_name(), axis.name);
    let diagnostic = Diagnostic::warning("ML651", message).at(axis.span);
    Some(diagnostic.help("zonder meetmoment hoort een rij bij geen periode; ze tellen nergens mee"))
}

/// Rows of one key that are valid at the same moment, and rows that end before they begin.
fn wrong_times(table: &Table, times: &WrongTimes) -> Vec<Diagnostic> {
    let name = table.full_name();
    let [overlapping, reversed] = &times.examples;
    let mut list = Vec::new();
    if times.overlapping > 0 {
        let part = counted(times.overlapping, "rij begint", "rijen beginnen");
        let message = format!("{part} in `{name}` terwijl een andere rij van dezelfde sleutel nog geldt");
        list.push(with_examples(Diagnostic::error(OVERLAP, message), overlapping).help(ONE_AT_A_TIME));
    }
    if times.reversed > 0 {
        let part = counted(times.reversed, "rij van", "rijen van");
        let verb = if times.reversed == 1 { "eindigt voordat zij begint" } else { "eindigen voordat zij beginnen" };
        let message = format!("{part} `{name}` {verb}");
        list.push(with_examples(Diagnostic::error(REVERSED, message), reversed).help(NEVER_VALID));
    }
    list.into_iter().map(|diagnostic| diagnostic.at(table.span)).collect()
}

/// Local times that the clock shows twice, or skips. Times that do not exist are a sign that they are not local at all.
fn clock(table: &Table, changes: ClockChanges) -> Option<Diagnostic> {
    let column = table.columns.get(changes.column)?;
    let twice = counted(changes.twice, "tijd komt twee keer voor", "tijden komen twee keer voor");
    let never = counted(changes.never, "tijd bestaat niet", "tijden bestaan niet");
    let what = match (changes.twice, changes.never) {
        (0, 0) => return None,
        (_, 0) => twice,
        (0, _) => never,
        _ => format!("{twice} en {never}"),
    };
    let name = table.full_name();
    let message = format!("`{}` van `{name}`: {what}, doordat de klok dan verzet wordt", column.name);
    let severity = if changes.never == 0 { Severity::Hint } else { Severity::Warning };
    let diagnostic = Diagnostic { severity, ..Diagnostic::warning("ML627", message) }.at(column.span);
    let diagnostic = if changes.twice == 0 {
        diagnostic
    } else {
        diagnostic.help("een tijd die twee keer voorkomt (najaar), telt als de eerste")
    };
    Some(if changes.never == 0 {
        diagnostic
            .help("zet er in de bron bij hoe ver de tijd van UTC ligt (`02:30+01:00`) als het verschil ertoe doet")
    } else {
        diagnostic
            .help("een tijd die niet bestaat (voorjaar), schuift een uur op")
            .help("staan de tijden in UTC, zet dan `tijdzone: UTC` bij de bron")
    })
}

/// Where the rows stop early, leave a hole, or lie years apart.
fn arrived(table: &Table, arrival: &Arrival, others: &[&Arrival]) -> Vec<Diagnostic> {
    let name = table.full_name();
    let axis = table.axis.and_then(|axis| table.columns.get(axis));
    let column = axis.map_or("", |column| column.name.as_str());
    let mut list = Vec::new();
    for (remote, side, end) in [(arrival.remote[0], "voor", arrival.oldest), (arrival.remote[1], "na", arrival.newest)]
    {
        let Some(Remote { rows, day }) = remote else { continue };
        let lies = if rows == 1 { "ligt" } else { "liggen" };
        let message =
            format!("`{column}` van `{name}`: {} {lies} jaren {side} alle andere", counted(rows, "rij", "rijen"));
        let others = if side == "voor" { "de andere beginnen op" } else { "de andere houden op bij" };
        list.push(
            Diagnostic::warning("ML626", message)
                .help(format!("bijvoorbeeld {}; {others} {}", date(day), date(end)))
                .help("is dat een tikfout, of wat een systeem invult als het de datum niet weet, verbeter haar dan"),
        );
    }
    let usual = arrival.usual.map(|days| format!("gewoonlijk komt er binnen {} een volgende", days_in_words(days)));
    if let Some((from, until)) = arrival.holes.first() {
        let more = arrival.holes.len() - 1;
        let also = match more {
            0 => String::new(),
            _ => format!(" (en nog {} zulke gaten)", number::count(more as u64))
                .replace(" 1 zulke gaten", " één zo'n gat"),
        };
        let message = format!("`{name}` heeft geen rijen tussen {} en {}{also}", date(*from), date(*until));
        let diagnostic = Diagnostic::warning("ML629", message);
        let diagnostic = usual.iter().fold(diagnostic, |diagnostic, usual| diagnostic.help(usual.clone()));
        list.push(diagnostic.help("is er niets gebeurd, dan klopt het; anders mist er een levering"));
    }
    if let Some(reached) = arrival.stops_before(others) {
        let message = format!(
            "`{name}` houdt op bij {}, en de meeste andere tabellen gaan verder, tot {}",
            date(arrival.newest),
            date(reached)
        );
        let diagnostic = Diagnostic::warning("ML628", message);
        let diagnostic = usual.iter().fold(diagnostic, |diagnostic, usual| diagnostic.help(usual.clone()));
        list.push(diagnostic.help("mist er een levering, dan is wat er na die dag uit komt te laag of leeg"));
    }
    let at = axis.map_or(table.span, |column| column.span);
    list.into_iter().map(|diagnostic| diagnostic.at(at)).collect()
}

fn date(day: i64) -> String {
    i32::try_from(day).ok().and_then(day_of).map_or_else(|| day.to_string(), |day| day.to_string())
}

fn days_in_words(days: i64) -> String {
    if days == 1 { "een dag".to_owned() } else { format!("{days} dagen") }
}

fn repeated(model: &Model, table: &Table, found: &Repeated) -> Diagnostic {
    let names: Vec<String> =
        table.row_key().iter().filter_map(|&k| table.columns.get(k)).map(|c| format!("`{}`", c.name)).collect();
    let message = format!(
        "de sleutel {} van `{}` is niet uniek: {} in {}",
        names.join(" en "),
        table.full_name(),
        counted(found.keys, "waarde staat vaker", "waarden staan vaker"),
        counted(found.rows, "rij", "rijen")
    );
    let shown: Vec<String> = found
        .examples
        .iter()
        .filter_map(|(key, n)| Some(format!("{} ({n} keer)", cells(model, table, &table.row_key(), key)?)))
        .collect();
    let diagnostic = with_examples(Diagnostic::error("ML621", message).at(table.span), &shown);
    diagnostic.help("haal dubbele rijen uit de bron, of neem een kolom bij de sleutel")
}

fn breach(model: &Model, table: &Table, e: &Expectation, broken: &Broken, rows: u64) -> Diagnostic {
    let name = table.full_name();
    let column = e.column.and_then(|c| table.columns.get(c)).map_or("", |c| c.name.as_str());
    let part = format!("{} van de {}", number::count(broken.rows), counted(rows, "rij", "rijen"));
    let diagnostic = match e.kind {
        Breach::Empty => Diagnostic::error("ML622", format!("`{column}` van `{name}` is leeg in {part}"))
            .help("mag de kolom leeg zijn, schrijf dan `?` achter haar type; de KPI's zeggen dan wat leeg betekent"),
        Breach::Unlisted => {
            let message = format!("`{column}` van `{name}` heeft in {part} een waarde die niet in haar lijst staat");
            Diagnostic::warning("ML623", message)
                .help("vul de lijst achter `in` aan, of laat de bron deze waarde verbeteren")
        }
        Breach::Requirement(at) => {
            let rule = table.requirements.get(at).map_or("", |r| r.name.as_str());
            Diagnostic::warning("ML624", format!("eis “{rule}” van `{name}` klopt niet in {part}"))
        }
        Breach::Orphan => {
            Diagnostic::warning("ML625", format!("`{column}` van `{name}` verwijst in {part} naar niets"))
                .help("wat via deze verwijzing gezocht wordt, is in die rijen leeg")
        }
        Breach::Doubtful => {
            Diagnostic::warning("ML626", format!("`{column}` van `{name}` ligt in {part} voor 1900 of na 2100"))
                .help("zo'n datum vult een systeem vaak in als het de echte niet weet; maak er een lege cel van")
        }
    };
    let example = |(key, value): &(Vec<Value>, Option<Value>)| example(model, table, e, key, value.as_ref());
    let shown: Vec<String> = broken.examples.iter().filter_map(example).collect();
    with_examples(diagnostic.at(e.span), &shown)
}

fn with_examples(diagnostic: Diagnostic, examples: &[String]) -> Diagnostic {
    if examples.is_empty() { diagnostic } else { diagnostic.help(format!("bijvoorbeeld {}", examples.join(", "))) }
}

/// A row that breaks a rule: the value in question, and its key.
fn example(model: &Model, table: &Table, e: &Expectation, key: &[Value], value: Option<&Value>) -> Option<String> {
    let columns: Vec<usize> = table.key.iter().copied().filter(|k| Some(*k) != e.column).collect();
    let which = if columns.is_empty() { None } else { cells(model, table, &columns, key) };
    let shown = e.column.zip(value).filter(|(_, v)| !v.is_empty()).and_then(|(c, v)| cell(model, table, c, v));
    match (shown, which) {
        (Some(shown), Some(which)) => Some(format!("{shown} ({which})")),
        (shown, which) => shown.or(which),
    }
}

/// `ticket_id = "7"`; nothing where one of them is personal.
fn cells(model: &Model, table: &Table, columns: &[usize], values: &[Value]) -> Option<String> {
    let part =
        |(c, v): (&usize, &Value)| Some(format!("{} = {}", table.columns.get(*c)?.name, cell(model, table, *c, v)?));
    let parts: Option<Vec<String>> = columns.iter().zip(values).map(part).collect();
    parts.map(|parts| parts.join(", "))
}

fn cell(model: &Model, table: &Table, column: usize, value: &Value) -> Option<String> {
    let column = table.columns.get(column)?;
    (!column.personal).then(|| text::value(model, value, column.ty))
}

pub fn counted(n: u64, one: &str, more: &str) -> String {
    format!("{} {}", number::count(n), if n == 1 { one } else { more })
}
