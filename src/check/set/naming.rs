//! ML315: a name that says something else than the calculation measures: a longest service time that is a waiting time,
//! a mean that is a median. Looks at a few words of the title and at the columns that are calculated with, and says
//! nothing where these do not plainly contradict each other.

mod times;

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::table::Origin;
use crate::model::{AggFunc, Aggregate, FormulaKind, Kpi, Model, RowKind, Type};

/// What a name says, and what is measured instead.
struct Contradiction {
    said: String,
    measured: String,
}

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for kpi in set.kpis().filter(|k| super::calculates(k) && k.formula().is_some_and(|f| f.kpis().is_empty())) {
        // Without a title the name is the title.
        let title = kpi.title.to_lowercase().replace('_', " ");
        let found = times::contradiction(set.model, kpi, &title)
            .or_else(|| function(set.model, kpi, &title))
            .or_else(|| unit(kpi, &title));
        if let Some(Contradiction { said, measured }) = found {
            sink.push(
                Diagnostic::warning("ML315", format!("kpi `{}` heet “{}” en berekent {measured}", kpi.name, kpi.title))
                    .at(kpi.name_span)
                    .also(kpi.calculation_span, "wat er berekend wordt")
                    .help(format!(
                        "de naam zegt `{said}`: laat haar zeggen wat er gemeten wordt, of bereken wat zij zegt"
                    )),
            );
        }
    }
}

/// The words that a title begins with, or a part of it (`Balie: langste wachttijd`). Further on a word may be about
/// something else: `binnen de maximale wachttijd`.
fn first_words(title: &str) -> Vec<&str> {
    let parts = title.split([':', '–', '—', '(', ',']).flat_map(|part| part.split(" - "));
    parts.filter_map(|part| part.split_whitespace().find(|word| !["de", "het", "een"].contains(word))).collect()
}

/// A word for one function, over another.
fn function(model: &Model, kpi: &Kpi, title: &str) -> Option<Contradiction> {
    // Of groups, or of rows that are themselves summed up, a word may speak of what happens within them.
    let plain = |a: &&Aggregate| a.per.is_none() && is_stored(model, kpi, a) && a.func != AggFunc::Last;
    let aggregates = kpi.aggregates();
    if !aggregates.iter().all(plain) {
        return None;
    }
    let first = first_words(title);
    let said = |known: &[&'static str]| known.iter().copied().find(|word| first.contains(word));
    let columns = columns(model, kpi);
    let known = |word: &str| columns.iter().any(|column| column.contains(word.get(..3).unwrap_or(word)));
    let none = |funcs: fn(AggFunc) -> bool| !aggregates.iter().any(|a| funcs(a.func));
    let share = matches!(kpi.unit.ty, Type::Percentage | Type::PercentPoint);
    let ends: [End; 2] = [
        (&["langste", "hoogste", "grootste", "maximale", "maximum"], is_high, "geen maximum"),
        (&["kortste", "laagste", "kleinste", "minimale", "minimum"], is_low, "geen minimum"),
    ];
    for (words, funcs, measured) in ends {
        if let Some(word) = said(words).filter(|word| !share && none(funcs) && !known(word)) {
            return Some(Contradiction { said: word.to_owned(), measured: measured.to_owned() });
        }
    }
    let FormulaKind::Aggregate(only) = &kpi.formula()?.kind else { return None };
    let middle = [
        ("gemiddelde", !matches!(only.func, AggFunc::Mean | AggFunc::Percentage)),
        ("gemiddeld", !matches!(only.func, AggFunc::Mean | AggFunc::Percentage)),
        ("mediaan", !matches!(only.func, AggFunc::Median | AggFunc::Percentile(_))),
        ("mediane", !matches!(only.func, AggFunc::Median | AggFunc::Percentile(_))),
    ];
    let word = middle.into_iter().find(|(word, other)| *other && first.contains(word) && !known(word));
    if let Some((word, _)) = word {
        return Some(Contradiction { said: word.to_owned(), measured: format!("een `{}`", only.func.word()) });
    }
    distinct(model, kpi, only, title)
}

/// Words for the highest or the lowest, whether a function gives that, and what is there where none does.
type End = (&'static [&'static str], fn(AggFunc) -> bool, &'static str);

fn is_high(func: AggFunc) -> bool {
    matches!(func, AggFunc::Max | AggFunc::Percentile(_))
}

fn is_low(func: AggFunc) -> bool {
    matches!(func, AggFunc::Min | AggFunc::Percentile(_))
}

/// Different customers that are a number of rows. Where each row is one (`tabel klant`), that is the same.
fn distinct(model: &Model, kpi: &Kpi, only: &Aggregate, title: &str) -> Option<Contradiction> {
    if only.func != AggFunc::Count {
        return None;
    }
    let words: Vec<&str> = title.split_whitespace().collect();
    let (word, whom) = words.windows(2).find_map(|pair| match pair {
        [word @ ("unieke" | "verschillende"), whom] => Some((*word, *whom)),
        _ => None,
    })?;
    let table = &model.table(kpi.sources.get(only.source)?.table).name.to_lowercase();
    if whom.starts_with(table.as_str()) || table.starts_with(whom) {
        return None;
    }
    let measured = format!("een `{}`: wie vaker voorkomt, telt vaker", only.func.word());
    Some(Contradiction { said: word.to_owned(), measured })
}

/// A percentage that is none, a number that is a percentage.
fn unit(kpi: &Kpi, title: &str) -> Option<Contradiction> {
    let share = matches!(kpi.unit.ty, Type::Percentage | Type::PercentPoint);
    let mut words = title.split_whitespace();
    let (first, second) = (words.next()?, words.next().unwrap_or_default());
    let measured = || match kpi.unit.per {
        Some(n) => format!("een waarde per {n}"),
        None => kpi.unit.ty.phrase().to_owned(),
    };
    let counts_units =
        ["seconden", "minuten", "uren", "uur", "dagen", "werkdagen", "weken", "maanden", "euro", "euro's"];
    match first {
        "percentage" | "%" | "aandeel" if !share => {
            let said = if first == "%" { "percentage" } else { first };
            Some(Contradiction { said: said.to_owned(), measured: measured() })
        }
        "aantal" if share || (is_measure(kpi.unit.ty) && !counts_units.contains(&second)) => {
            Some(Contradiction { said: first.to_owned(), measured: measured() })
        }
        _ => None,
    }
}

fn is_measure(ty: Type) -> bool {
    matches!(ty, Type::Duration | Type::Money)
}

fn is_stored(model: &Model, kpi: &Kpi, aggregate: &Aggregate) -> bool {
    let used = kpi.sources.get(aggregate.source);
    used.is_some_and(|used| matches!(model.table(used.table).origin, Origin::Stored))
}

/// The columns that the calculation names, in lower case. An expression that is that of a calculated column is that
/// column too.
fn columns(model: &Model, kpi: &Kpi) -> Vec<String> {
    let mut found = Vec::new();
    for aggregate in kpi.aggregates() {
        let Some(used) = kpi.sources.get(aggregate.source) else { continue };
        let table = aggregate.table(used.table);
        if let Some(expr) = &aggregate.arg {
            expr.walk(&mut |part| {
                if let RowKind::Column(column) = &part.kind {
                    found.push(model.column(table, column).name.to_lowercase());
                }
            });
            found.extend(times::as_column(model, table, expr));
        }
    }
    found.sort();
    found.dedup();
    found
}
