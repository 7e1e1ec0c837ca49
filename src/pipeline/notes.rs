//! What a calculation has to say beside its figures, in words: changes of a definition inside a period, spellings that no
//! member has, norms that the rows do not agree on, rows without a moment.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::calendar::{Period, PeriodKind};
use crate::combine::Unknown;
use crate::diagnostic::Diagnostic;
use crate::judge::Unsettled;
use crate::measure::{self, Request};
use crate::model::{Kpi, Model};

/// A definition that changes inside an asked period.
pub(super) fn cut(kpi: &Kpi, day: NaiveDate, period: &Period) -> Diagnostic {
    let nearest = if day - period.from <= period.until - day { period.from } else { period.until };
    let message = format!("de definitie van `{}` wisselt op {day}, midden in periode {}", kpi.name, period.label);
    let diagnostic = Diagnostic::error("ML658", message);
    if period.kind == PeriodKind::Whole {
        return diagnostic.help(format!("vraag een bereik dat daar begint of eindigt: --from {day} of --to {day}"));
    }
    diagnostic
        .help(format!("de dichtstbijzijnde grens van een {} is {nearest}", period.kind.word()))
        .help("vraag een kortere periode met --period, of een bereik dat aan één kant van die dag ligt")
}

/// No version holds in the asked range.
pub(super) fn not_valid(model: &Model, name: &str) -> Diagnostic {
    let days = |kpi: &Kpi| {
        let v = kpi.validity?;
        let parts = [v.from.map(|d| format!("vanaf {d}")), v.until.map(|d| format!("tot {d}"))];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    };
    let when: Vec<String> = model.versions(name).filter_map(days).collect();
    Diagnostic::warning("ML657", format!("in dit bereik geldt geen definitie van `{name}`"))
        .help(format!("zij geldt {}", when.join(", en ")))
}

pub(super) fn too_many(_: crate::calendar::TooManyPeriods, request: &Request) -> Diagnostic {
    let (from, until) = (request.from, request.until);
    Diagnostic::error("ML650", format!("van {from} tot {until} zijn te veel perioden om te tonen"))
        .help("staat er een verkeerde datum in de gegevens? vraag een kleiner bereik met --from en --to")
}

/// Spellings shown in one message.
const SHOWN: usize = 10;

pub(super) fn unknown_members(model: &Model, unknown: &Unknown) -> Diagnostic {
    let (table, dimension) = (model.table(unknown.table), model.dimension(unknown.dimension));
    let rows: u64 = unknown.spellings.iter().map(|(_, n)| n).sum();
    let (rows, form) = if rows == 1 { ("1 rij".to_owned(), "heeft") } else { (format!("{rows} rijen"), "hebben") };
    let shown = |(text, n): &(String, u64)| format!("{} ({n})", crate::model::text::quoted(text));
    let mut list: Vec<String> = unknown.spellings.iter().take(SHOWN).map(shown).collect();
    match unknown.spellings.len().saturating_sub(SHOWN) {
        0 => {}
        more => list.push(format!("en nog {more} andere")),
    }
    let message = format!(
        "{rows} van {} {form} een spelling die dimensie `{}` niet kent: {}",
        table.full_name(),
        dimension.name,
        list.join(", ")
    );
    let first = unknown.spellings.first().map_or_else(String::new, |(text, _)| crate::model::text::quoted(text));
    let member = dimension.members.first().map_or("lid", |m| m.name.as_str());
    Diagnostic::warning("ML614", message)
        .at(dimension.span)
        .help("die rijen staan in de uitkomsten als `(onbekend: …)`, en tellen mee in het totaal")
        .help(format!("zet elke spelling bij haar lid, bijvoorbeeld `{member} = {first}`, of maak er een lid van"))
}

pub(super) fn unsettled_norm(model: &Model, cell: &Unsettled) -> Diagnostic {
    let kpi = model.kpi(cell.kpi);
    let members: Vec<String> = cell.members.iter().map(|(name, member)| format!("{name} {member}")).collect();
    let place = if members.is_empty() { "het totaal".to_owned() } else { members.join(", ") };
    let others = match cell.others {
        0 => String::new(),
        1 => "; zo ook bij 1 andere uitkomst".to_owned(),
        n => format!("; zo ook bij {n} andere uitkomsten"),
    };
    let (period, why) = (&cell.period, &cell.why);
    let message = format!("de norm van `{}` is niet één waarde in {period} voor {place}: {why}{others}", kpi.name);
    let diagnostic = Diagnostic::error("ML615", message).at(kpi.norm_span).help(
        "meet per rij of zij op tijd is: `percentage(tijdig(gereed, uiterlijk termijn))`, met een percentage als norm",
    );
    match kpi.dimensions.first().filter(|_| kpi.norms.per.is_none()) {
        Some(dimension) => diagnostic.help(format!(
            "of geef alleen de leden waarbinnen zij één waarde is een norm: `norm per {} {{ overig … }}`",
            dimension.name
        )),
        None => diagnostic,
    }
}

pub(super) fn unplaced_rows(model: &Model, scan: &measure::Scan, placing: &BTreeSet<usize>, rows: u64) -> Diagnostic {
    let table = model.table(scan.table);
    let axes = scan.axes.iter().enumerate().filter(|(axis, _)| placing.contains(axis));
    let axes: Vec<&str> = axes.map(|(_, a)| model.column(scan.table, &a.column).name.as_str()).collect();
    let (rows, form) = if rows == 1 { ("1 rij".to_owned(), "heeft") } else { (format!("{rows} rijen"), "hebben") };
    Diagnostic::warning("ML651", format!("{rows} van {} {form} geen {}", table.full_name(), axes.join(" of ")))
        .help("zonder meetmoment hoort een rij bij geen periode; ze tellen nergens mee")
}
