//! The clauses that are told and reported but not calculated: owner, chain, perspective and the rest.

use crate::diagnostic::{Diagnostic, suggest};
use crate::model::form::Form;
use crate::model::kpi::Details;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{ClauseBody, ClauseWord, Name};

use super::scope::{Log, suggested};

/// Takes one clause in; nothing happens for the six answers.
pub(super) fn take(details: &mut Details, word: ClauseWord, body: &ClauseBody, log: &mut Log<'_>) {
    let text = || match body {
        ClauseBody::Text(text) => Some(text.value.clone()),
        _ => None,
    };
    let words: &[Name] = match body {
        ClauseBody::Words(words) => words,
        ClauseBody::Broken => {
            log.poison();
            &[]
        }
        _ => &[],
    };
    let all = || words.iter().map(|w| w.value.clone()).collect::<Vec<_>>();
    match word {
        ClauseWord::Owner => details.owner = text(),
        ClauseWord::Note => details.note = text(),
        ClauseWord::Chain => details.chain = all(),
        ClauseWord::ContributesTo => details.contributes_to = words.to_vec(),
        ClauseWord::Visualisation => details.visualisation = forms(words, log),
        ClauseWord::Perspective => details.perspective = one(word, words, &["klant", "intern"], log),
        ClauseWord::KpiKind => details.kpi_kind = one(word, words, &["proces", "resultaat"], log),
        ClauseWord::Aspect => {
            details.aspect = one(word, words, &["productiviteit", "kwaliteit", "tijdigheid", "veiligheid"], log);
        }
        ClauseWord::Level => details.level = one(word, words, &["strategisch", "tactisch", "operationeel"], log),
        ClauseWord::Definition
        | ClauseWord::Calculation
        | ClauseWord::Source
        | ClauseWord::Method
        | ClauseWord::Dimensions
        | ClauseWord::Norm => {}
    }
}

/// The forms; one that does not exist is told and left out.
fn forms(words: &[Name], log: &mut Log<'_>) -> Vec<Spanned<Form>> {
    let known: Vec<&str> = Form::ALL.into_iter().map(Form::word).collect();
    let one = |word: &Name, log: &mut Log<'_>| {
        let name = one(ClauseWord::Visualisation, std::slice::from_ref(word), &known, log)?;
        let form = Form::ALL.into_iter().find(|form| form.word() == name)?;
        Some(Spanned { value: form, span: word.span })
    };
    words.iter().filter_map(|word| one(word, log)).collect()
}

/// One word out of a few.
fn one(clause: ClauseWord, words: &[Name], known: &[&str], log: &mut Log<'_>) -> Option<String> {
    let choices = || known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
    if let [_, second, ..] = words {
        let span: Span = second.span.to(words.last().map_or(second.span, |w| w.span));
        log.error(
            Diagnostic::error("ML112", format!("`{}` heeft één antwoord", clause.word()))
                .at(span)
                .help(format!("kies er één: {}", choices())),
        );
    }
    let word = words.first()?;
    if known.contains(&word.value.as_str()) {
        return Some(word.value.clone());
    }
    let diagnostic =
        Diagnostic::error("ML112", format!("`{}` is geen antwoord op `{}`", word.value, clause.word())).at(word.span);
    log.error(match suggest::nearest(&word.value, known.iter().copied()) {
        Some(near) => suggested(diagnostic, word.span, near),
        None => diagnostic.help(format!("kies uit {}", choices())),
    });
    None
}
