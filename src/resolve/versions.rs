//! The versions of a definition: several blocks of one name, each with days of its own. Puts them in order, lets an open
//! end run to the next beginning, and reports days with two definitions or none.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::Validity;
use crate::source::{Span, Spanned};
use crate::syntax::ast;

use super::names::{KpiEntry, twice};

/// Settles the validity of all KPIs.
pub(super) fn settle(kpis: &mut BTreeMap<&str, Vec<KpiEntry<'_>>>, sink: &mut Sink) {
    for versions in kpis.values_mut() {
        undated(versions, sink);
        for version in versions.iter_mut() {
            version.validity = version.def.validity.as_ref().map(|said| validity(said, sink));
        }
        versions.sort_by_key(|v| v.validity.map(|v| v.from));
        close(versions, sink);
    }
}

/// Of several blocks each needs its days. What is undated beside others is reported and left out.
fn undated(versions: &mut Vec<KpiEntry<'_>>, sink: &mut Sink) {
    if versions.len() < 2 || versions.iter().all(|v| v.def.validity.is_some()) {
        return;
    }
    let dated = versions.iter().any(|v| v.def.validity.is_some());
    let Some(first) = versions.first().map(|v| v.def) else { return };
    for version in versions.iter().skip(1) {
        // Of a mixed pair the block without days is the one to change.
        let (at, other) = match version.def.validity {
            Some(_) if first.validity.is_none() => (first, version.def),
            Some(_) => continue,
            None => (version.def, first),
        };
        let diagnostic = twice("kpi", &at.name, other.name.span);
        sink.push(if dated {
            diagnostic
                .help("zijn het versies van één definitie, geef dan ook deze haar dagen: `geldig vanaf 2026-01-01`")
        } else {
            diagnostic
                .help("geef een van beide een andere naam, of wijzig de eerste met `aanpassing`")
                .help("zijn het versies van één definitie, geef dan elk haar dagen: `geldig vanaf 2026-01-01`")
        });
    }
    if dated {
        versions.retain(|v| v.def.validity.is_some());
    } else {
        versions.truncate(1);
    }
}

/// The days as written. An end that does not lie behind the beginning is reported.
pub(super) fn validity(said: &Spanned<ast::Validity>, sink: &mut Sink) -> Validity {
    let (from, until) = (said.value.from.as_ref().map(|d| d.value), said.value.until.as_ref().map(|d| d.value));
    if let (Some(a), Some(b)) = (from, until)
        && a >= b
    {
        let place = said.value.until.as_ref().map_or(said.span, |d| d.span);
        sink.push(
            Diagnostic::error("ML144", "dit geldt op geen enkele dag: het einde ligt niet na het begin")
                .at(place)
                .help("`tot` sluit zijn dag uit; `tot en met` telt hem mee"),
        );
    }
    Validity { from, until, span: said.span }
}

/// Lets open ends run to the next beginning, and reports overlaps and gaps.
fn close(versions: &mut [KpiEntry<'_>], sink: &mut Sink) {
    for index in 1..versions.len() {
        let (before, after) = versions.split_at_mut(index);
        let (Some(before), Some(next)) = (before.last_mut(), after.first()) else { continue };
        let (Some(earlier), Some(later)) = (before.validity.as_mut(), next.validity) else { continue };
        let Some(from) = later.from.filter(|from| earlier.from != Some(*from)) else {
            sink.push(
                overlap("twee versies van deze kpi beginnen tegelijk".to_owned(), later.span, earlier.span)
                    .help("geef de latere een eigen begin: `geldig vanaf 2026-01-01`"),
            );
            continue;
        };
        match earlier.until {
            None => earlier.until = Some(from),
            Some(until) if until > from => sink.push(
                overlap(
                    format!("twee versies van deze kpi gelden tegelijk, van {from} tot {until}"),
                    later.span,
                    earlier.span,
                )
                .help(format!("laat de eerdere eindigen met `tot {from}`")),
            ),
            Some(until) if until < from => sink.push(
                Diagnostic::warning("ML141", format!("van {until} tot {from} geldt er geen definitie van deze kpi"))
                    .at(later.span)
                    .also(earlier.span, "deze eindigt eerder")
                    .help("voor perioden daarin geeft `run` geen uitkomst")
                    .help(format!("laat deze versie ingaan op {until}, of de vorige doorlopen tot {from}")),
            ),
            Some(_) => {}
        }
    }
}

fn overlap(message: String, later: Span, earlier: Span) -> Diagnostic {
    Diagnostic::error("ML140", message).at(later).also(earlier, "de andere")
}
