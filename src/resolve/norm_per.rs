//! `norm per kanaal { … }`: a norm for each member of one dimension, for the others together, and for the total.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, suggest};
use crate::model::norm::MemberNorms;
use crate::model::{Dimension, Norms, RowKind, Type, Value, text};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Literal, NormItem, NormMember, Path};

use super::echo;
use super::norm::Reader;
use super::scope::{listed, suggested};

/// The member of an empty value.
const EMPTY: &str = "(leeg)";

/// Resolves the block per member of a norm clause, if it has one. `norms` are those of the rest of the clause.
pub(super) fn resolve(reader: &mut Reader<'_, '_, '_>, norms: &mut Norms, items: &[NormItem]) {
    let mut blocks = items.iter().filter_map(|item| match item {
        NormItem::PerMember { dimension, entries, span } => Some((dimension, entries, *span)),
        _ => None,
    });
    let Some((path, entries, span)) = blocks.next() else { return };
    if let Some((_, _, second)) = blocks.next() {
        reader.log.error(
            Diagnostic::error("ML415", "een kpi heeft een norm per lid van één dimensie")
                .at(second)
                .also(span, "de eerste")
                .help("kies de dimensie waarop gestuurd wordt; de andere krijgt een eigen kpi"),
        );
    }
    beside(reader, norms, items, span);
    let Some(dimension) = dimension(reader, path) else { return };
    let mut found = MemberNorms {
        dimension: dimension.name.clone(),
        named: Vec::new(),
        rest: None,
        total_references: Vec::new(),
        span,
    };
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for entry in entries {
        let of_entry = reader.norms(&entry.items, entry.span, false);
        for member in &entry.members {
            let Some(label) = label(reader, dimension, member) else { continue };
            if let Some(&first) = seen.get(&label) {
                reader.log.error(
                    Diagnostic::error("ML413", format!("`{label}` staat er al"))
                        .at(member.span())
                        .also(first, "de eerste keer")
                        .help("elk lid heeft één norm; zet de grenzen bij elkaar, of laat een van beide weg"),
                );
                continue;
            }
            seen.insert(label.clone(), member.span());
            match member {
                NormMember::Named(_) => found.named.push((label, of_entry.clone())),
                NormMember::Rest(_) => found.rest = Some(of_entry.clone()),
                NormMember::Total(_) => {
                    norms.bounds.clone_from(&of_entry.bounds);
                    norms.none.clone_from(&of_entry.none);
                    found.total_references.clone_from(&of_entry.references);
                }
            }
        }
    }
    forgotten(reader, dimension, &found, span);
    norms.per = Some(Box::new(found));
}

/// A bound of the whole beside the block.
fn beside(reader: &mut Reader<'_, '_, '_>, norms: &Norms, items: &[NormItem], block: Span) {
    let loose = items.iter().find_map(|item| match item {
        NormItem::Bound { span, .. } | NormItem::None { span, .. } => Some(*span),
        _ => None,
    });
    if let Some(loose) = loose {
        let written = norms.bounds.first().zip(reader.subject.unit).map(|(b, unit)| text::bound(&b.test, &unit));
        let written = written.unwrap_or_else(|| "geen".to_owned());
        reader.log.error(
            Diagnostic::error("ML415", "naast een norm per lid staat er ook een norm voor het geheel")
                .at(loose)
                .also(block, "de norm per lid")
                .help(format!("zet hem tussen de accolades: `totaal {written}` voor het totaal, `overig {written}` voor de overige leden")),
        );
    }
}

/// The KPI's dimension of that name.
fn dimension<'a>(reader: &mut Reader<'a, '_, '_>, path: &Path) -> Option<&'a Dimension> {
    let subject = reader.subject;
    let wanted = path.text();
    let found = subject.dimensions.iter().find(|d| d.name == wanted);
    if found.is_none() && !reader.log.broken {
        let message = format!("deze kpi heeft geen dimensie `{}`", echo::path(path));
        let diagnostic = Diagnostic::error("ML411", message).at(path.span);
        let known = subject.dimensions.iter().map(|d| d.name.as_str());
        reader.log.error(match suggest::nearest(&wanted, known.clone()) {
            Some(near) => suggested(diagnostic, path.span, near),
            None if subject.dimensions.is_empty() => {
                diagnostic.help(format!("zet haar bij de dimensies: `dimensies {}`", echo::path(path)))
            }
            None => diagnostic.help(format!("zet haar bij de dimensies, of kies uit {}", listed(known))),
        });
    }
    found
}

/// What a member is called in results; an unknown one is reported.
fn label(reader: &mut Reader<'_, '_, '_>, dimension: &Dimension, member: &NormMember) -> Option<String> {
    let named = match member {
        NormMember::Rest(_) => return Some("overig".to_owned()),
        NormMember::Total(_) => return Some("totaal".to_owned()),
        NormMember::Named(named) => named,
    };
    let Some(label) = of_type(&named.value, dimension.ty) else {
        reader.log.error(wrong_form(named, dimension));
        return None;
    };
    match known(reader, dimension) {
        Some(known) if !known.contains(&label) && label != EMPTY => {
            reader.log.error(unknown(reader, dimension, &label, named.span, &known));
            None
        }
        _ => Some(label),
    }
}

/// The label of a literal as a member of a dimension of some type.
fn of_type(value: &Literal, ty: Type) -> Option<String> {
    match (value, ty) {
        (Literal::Text(text), Type::Text) => Some(text.clone()),
        (Literal::Text(text), _) if text == EMPTY => Some(text.clone()),
        (Literal::Bool(yes), Type::Bool) => Some(if *yes { "ja" } else { "nee" }.to_owned()),
        (Literal::Number(digits), Type::Integer | Type::Days | Type::Workdays) => Some(digits.clone()),
        (Literal::Date(day), Type::Date) => Some(day.to_string()),
        _ => None,
    }
}

fn wrong_form(named: &Spanned<Literal>, dimension: &Dimension) -> Diagnostic {
    let written = match &named.value {
        Literal::Text(text) => text.clone(),
        Literal::Bool(yes) => if *yes { "ja" } else { "nee" }.to_owned(),
        Literal::Number(digits) => digits.clone(),
        Literal::Date(day) => day.to_string(),
        _ => String::new(),
    };
    let message = format!("`{written}` is geen lid van `{}`: dat is {}", dimension.name, dimension.ty.phrase());
    let diagnostic = Diagnostic::error("ML412", message).at(named.span);
    match dimension.ty {
        Type::Text => {
            let fixed = text::quoted(&written);
            diagnostic.help(format!("schrijf `{fixed}`")).replace(named.span, fixed)
        }
        Type::Bool => diagnostic.help("schrijf `ja` of `nee`"),
        Type::Date => diagnostic.help("schrijf een datum: `2026-01-31`"),
        _ => diagnostic.help("schrijf een geheel getal"),
    }
}

/// All members that a dimension can have, where that is declared: by a `dimensie`, or by the values of its column.
fn known(reader: &Reader<'_, '_, '_>, dimension: &Dimension) -> Option<Vec<String>> {
    let model = reader.world.model;
    if let Some((id, level)) = dimension.shared {
        let shared = model.dimension(id);
        return (!shared.incomplete).then(|| shared.labels(level).into_iter().map(str::to_owned).collect());
    }
    let mut all = Vec::new();
    for (used, expr) in reader.subject.uses.iter().zip(&dimension.exprs) {
        let Some(expr) = expr else { continue };
        let RowKind::Column(column) = &expr.kind else { return None };
        let values = model.column(used.table?, column).values.as_ref()?;
        all.extend(values.iter().map(|v| match v {
            Value::Text(text) => text.clone(),
            other => text::value(model, other, dimension.ty),
        }));
    }
    (!all.is_empty()).then_some(all)
}

fn unknown(
    reader: &Reader<'_, '_, '_>,
    dimension: &Dimension,
    label: &str,
    span: Span,
    known: &[String],
) -> Diagnostic {
    let message = format!("`{label}` is geen lid van dimensie `{}`", dimension.name);
    let diagnostic = Diagnostic::error("ML412", message).at(span);
    let shared = dimension.shared.map(|(id, level)| (reader.world.model.dimension(id), level));
    let spelled = shared.and_then(|(d, level)| d.member_spelled(label).map(|at| d.label(at, level)));
    match spelled.or_else(|| suggest::nearest(label, known.iter().map(String::as_str))) {
        Some(near) => {
            let written = if text::name(near).starts_with('`') { text::quoted(near) } else { near.to_owned() };
            diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, written)
        }
        None => diagnostic.help(format!("de leden zijn {}", listed(known.iter().map(String::as_str)))),
    }
}

/// Members without a norm, where nothing is said of the others.
fn forgotten(reader: &mut Reader<'_, '_, '_>, dimension: &Dimension, found: &MemberNorms, span: Span) {
    if found.rest.is_some() || reader.log.broken {
        return;
    }
    let Some(known) = known(reader, dimension) else { return };
    let without: Vec<&str> =
        known.iter().map(String::as_str).filter(|k| !found.named.iter().any(|(label, _)| label == k)).collect();
    if without.is_empty() {
        return;
    }
    let verb = if without.len() == 1 { "heeft" } else { "hebben" };
    reader.log.sink.push(
        Diagnostic::hint("ML416", format!("{} {verb} geen norm", listed(without.iter().copied())))
            .at(span)
            .help("is dat de bedoeling, schrijf dan `overig geen`"),
    );
}
