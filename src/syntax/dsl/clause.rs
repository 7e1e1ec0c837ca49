//! The body of a clause, by its word. The same for `.kpi` files and for the values of a YAML file.

use super::grammar::Rule;
use super::lexical::shown;
use super::literal::{digits, normal};
use super::norm;
use super::piece::{Node, Nodes, Reader, Tree};
use super::time_span;
use crate::calendar::PeriodKind;
use crate::diagnostic::{Diagnostic, suggest};
use crate::source::Spanned;
use crate::syntax::ast::{Calculation, ClauseBody, ClauseWord, DimensionDef, ExprKind, Method, MethodWay, SourceRef};
use std::ops::Range;

/// The words that begin a part of a `meetmethode`, besides its way and its period.
pub(super) const METHOD_PARTS: [&str; 9] = [
    "minimaal",
    "kalender",
    "betrouwbaarheid",
    "afschermen",
    "weging",
    "waarnemingen",
    "altijd",
    "definitief",
    "nieuwe",
];

/// Reads what stands after a clause word.
pub(super) fn body(reader: &mut Reader, word: ClauseWord, range: Range<usize>) -> ClauseBody {
    let read = match word {
        ClauseWord::Definition | ClauseWord::Owner | ClauseWord::Note => {
            reader.read(Rule::text_piece, range, |tree, nodes| {
                nodes.find(|n| n.as_rule() == Rule::text).map(|n| ClauseBody::Text(tree.text(&n)))
            })
        }
        ClauseWord::Calculation => reader.read(Rule::calculation_piece, range, calculation),
        ClauseWord::Source => reader.read(Rule::sources_piece, range, sources),
        ClauseWord::Method => {
            let span = reader.span_over(range.clone());
            reader.read(Rule::method_piece, range, |tree, nodes| method(tree, nodes, span))
        }
        ClauseWord::Dimensions => reader.read(Rule::dimensions_piece, range, dimensions),
        ClauseWord::Norm => {
            reader.read(Rule::norm_piece, range, |tree, nodes| norm::items(tree, nodes).map(ClauseBody::Norm))
        }
        ClauseWord::Chain
        | ClauseWord::Perspective
        | ClauseWord::KpiKind
        | ClauseWord::Aspect
        | ClauseWord::Level
        | ClauseWord::ContributesTo
        | ClauseWord::Visualisation => reader.read(Rule::words_piece, range, |tree, nodes| {
            let words = nodes.filter(|n| n.as_rule() == Rule::ident).map(|n| tree.name(&n)).collect();
            Some(ClauseBody::Words(words))
        }),
    };
    read.unwrap_or(ClauseBody::Broken)
}

/// `geen "reden"`
fn none(tree: &mut Tree, node: Node) -> ClauseBody {
    ClauseBody::None(node.into_inner().find(|n| n.as_rule() == Rule::text).map(|n| tree.text(&n)))
}

fn calculation<'a>(tree: &mut Tree<'a, '_>, nodes: &mut Nodes<'a>) -> Option<ClauseBody> {
    let first = nodes.next()?;
    if first.as_rule() == Rule::none {
        return Some(none(tree, first));
    }
    let mut expr = tree.expr(first)?;
    if let Some(rule) = nodes.find(|n| n.as_rule() == Rule::empty_counts) {
        let span = tree.span(&rule);
        if let ExprKind::Call { args, .. } = &mut expr.kind {
            args.push(tree.empty_counts(rule));
        } else {
            tree.sink.push(
                Diagnostic::error("ML021", format!("{} hoort bij een aanroep", shown(rule.as_str().trim_end())))
                    .at(span)
                    .help("zet het binnen de haakjes van de functie waar het bij hoort"),
            );
            return None;
        }
    }
    Some(ClauseBody::Calculation(Calculation { expr }))
}

fn sources<'a>(tree: &mut Tree<'a, '_>, nodes: &mut Nodes<'a>) -> Option<ClauseBody> {
    let mut refs = Vec::new();
    for node in nodes {
        match node.as_rule() {
            Rule::none => return Some(none(tree, node)),
            Rule::w_afgeleid => return Some(ClauseBody::Derived(tree.span(&node))),
            Rule::source_ref => refs.push(source_ref(tree, node)),
            _ => {}
        }
    }
    refs.into_iter().collect::<Option<_>>().map(ClauseBody::Sources)
}

fn source_ref<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<SourceRef> {
    let span = tree.span(&node);
    let (mut path, mut alias, mut filter) = (None, None, None);
    for part in node.into_inner() {
        let at = tree.span(&part);
        let twice = match part.as_rule() {
            Rule::path => path.replace(tree.path(part)).is_some(),
            Rule::alias => alias.replace(alias_name(tree, part)?).is_some(),
            _ => filter.replace(tree.filter(part)?).is_some(),
        };
        if twice {
            tree.sink.push(
                Diagnostic::error("ML026", "dit staat er al: het mag maar één keer per bron")
                    .at(at)
                    .help("haal een van beide weg, of verbind twee voorwaarden met `en`"),
            );
            return None;
        }
    }
    Some(SourceRef { path: path?, alias, filter, span })
}

fn alias_name(tree: &Tree, node: Node) -> Option<crate::syntax::ast::Name> {
    node.into_inner().find(|n| n.as_rule() == Rule::ident).map(|n| tree.name(&n))
}

fn dimensions<'a>(tree: &mut Tree<'a, '_>, nodes: &mut Nodes<'a>) -> Option<ClauseBody> {
    let mut list = Vec::new();
    for node in nodes {
        match node.as_rule() {
            Rule::none => return Some(none(tree, node)),
            Rule::dimension => list.push(dimension(tree, node)),
            _ => {}
        }
    }
    list.into_iter().collect::<Option<_>>().map(ClauseBody::Dimensions)
}

fn dimension<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<DimensionDef> {
    let span = tree.span(&node);
    let (mut expr, mut name) = (None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::expr => expr = Some(tree.expr(part)?),
            Rule::alias => name = Some(alias_name(tree, part)?),
            _ => {}
        }
    }
    Some(DimensionDef { expr: expr?, name, span })
}

// ------------------------------------------------------------------------------------------------ meetmethode

fn method<'a>(tree: &mut Tree<'a, '_>, nodes: &mut Nodes<'a>, span: crate::source::Span) -> Option<ClauseBody> {
    let mut method = Method {
        way: None,
        period: None,
        axes: Vec::new(),
        minimum: None,
        calendar: None,
        confidence: None,
        shield: None,
        weight: None,
        observations: None,
        window: None,
        settles: None,
        baselines: Vec::new(),
        span,
    };
    let mut good = true;
    for node in nodes {
        let at = tree.span(&node);
        let twice = match node.as_rule() {
            Rule::none => return Some(none(tree, node)),
            Rule::way => {
                if let Some(found) = way(tree, &node) {
                    method.way.replace(found).is_some()
                } else {
                    good = false;
                    false
                }
            }
            Rule::period => {
                let twice = method.period.is_some();
                for part in node.into_inner() {
                    match part.as_rule() {
                        Rule::path => method.axes.push(tree.path(part)),
                        Rule::period_word => match period(tree, &part) {
                            Some(found) => method.period = Some(found),
                            None => good = false,
                        },
                        _ => {}
                    }
                }
                twice
            }
            Rule::by_calendar => {
                let name = node.into_inner().find(|n| n.as_rule() == Rule::ident)?;
                method.calendar.replace(tree.name(&name)).is_some()
            }
            Rule::minimum => {
                let number = node.into_inner().find(|n| n.as_rule() == Rule::integer)?;
                method.minimum.replace(tree.integer(&number)?).is_some()
            }
            Rule::confidence => {
                let number = node.into_inner().find(|n| n.as_rule() == Rule::number)?;
                method.confidence.replace(Spanned::new(digits(number.as_str()), at)).is_some()
            }
            Rule::shield => {
                let number = node.into_inner().find(|n| n.as_rule() == Rule::integer)?;
                method.shield.replace(tree.integer(&number)?).is_some()
            }
            rule @ (Rule::weight | Rule::observations) => {
                let expr = tree.expr(node.into_inner().find(|n| n.as_rule() == Rule::expr)?)?;
                let place = if rule == Rule::weight { &mut method.weight } else { &mut method.observations };
                place.replace(Box::new(expr)).is_some()
            }
            Rule::new_baseline => {
                let day = node.into_inner().find(|n| n.as_rule() == Rule::from)?;
                let day = tree.date(&day.into_inner().find(|n| n.as_rule() == Rule::date)?)?;
                let twice = method.baselines.iter().any(|known| known.value == day.value);
                method.baselines.push(day);
                twice
            }
            rule @ (Rule::always | Rule::settles) => {
                let node = node.into_inner().find(|n| n.as_rule() == Rule::span_of_time)?;
                match time_span::read(tree, node, rule == Rule::settles) {
                    Some(found) if rule == Rule::settles => method.settles.replace(found).is_some(),
                    Some(found) => method.window.replace(found).is_some(),
                    None => {
                        good = false;
                        false
                    }
                }
            }
            _ => false,
        };
        if twice {
            tree.sink
                .push(Diagnostic::error("ML026", "dit staat er al: een meetmethode noemt het maar één keer").at(at));
            good = false;
        }
    }
    method.baselines.sort_by_key(|day| day.value);
    good.then(|| ClauseBody::Method(Box::new(method)))
}

fn way(tree: &mut Tree, node: &Node) -> Option<Spanned<MethodWay>> {
    let span = tree.span(node);
    let word = normal(node.as_str());
    let way = match word.as_str() {
        "automatisch" => MethodWay::Automatic,
        "enquête" | "enquete" => MethodWay::Survey,
        "steekproef" => MethodWay::Sample,
        "handmatig" => MethodWay::Manual,
        "dagelijks" | "wekelijks" | "maandelijks" | "jaarlijks" => {
            let period = match word.as_str() {
                "dagelijks" => "per dag",
                "wekelijks" => "per week",
                "maandelijks" => "per maand",
                _ => "per jaar",
            };
            tree.sink.push(
                Diagnostic::error("ML024", format!("een periode begint met `per`: `{word}` wordt `{period}`"))
                    .at(span)
                    .help(format!("schrijf `{period}`"))
                    .replace(span, period),
            );
            return None;
        }
        _ => {
            let known: Vec<&str> =
                ["automatisch", "enquête", "steekproef", "handmatig"].into_iter().chain(METHOD_PARTS).collect();
            unknown_word(tree, &word, span, "wijze van meten", &known, "automatisch, enquête, steekproef of handmatig");
            return None;
        }
    };
    Some(Spanned::new(way, span))
}

fn period(tree: &mut Tree, node: &Node) -> Option<Spanned<PeriodKind>> {
    let span = tree.span(node);
    let word = normal(node.as_str().trim_end());
    if node.clone().into_inner().any(|n| n.as_rule() == Rule::w_hele) {
        return Some(Spanned::new(PeriodKind::Whole, span));
    }
    if let Some(period) = PeriodKind::ALL.into_iter().find(|p| p.word() == word) {
        return Some(Spanned::new(period, span));
    }
    let known = PeriodKind::ALL.map(PeriodKind::word);
    unknown_word(tree, &word, span, "periode", &known, &known.join(", "));
    None
}

fn unknown_word(tree: &mut Tree, word: &str, span: crate::source::Span, what: &str, known: &[&str], list: &str) {
    let mut diagnostic = Diagnostic::error("ML024", format!("{} is geen {what}", shown(word))).at(span);
    diagnostic = match suggest::nearest(word, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, near),
        None => diagnostic.help(format!("kies uit: {list}")),
    };
    tree.sink.push(diagnostic);
}
