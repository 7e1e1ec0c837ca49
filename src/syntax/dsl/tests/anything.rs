//! Whatever the text: no panic, and every place lies inside it.

use super::*;

/// Everything holds that must hold for any text: no panic, spans inside the text, a message for what is broken.
fn survives(text: &str) {
    let (file, diagnostics) = read(text);
    for diagnostic in &diagnostics {
        let spans = diagnostic.related.iter().map(|r| r.0).chain(diagnostic.span);
        for span in spans.chain(diagnostic.replacement.as_ref().map(|r| r.span)) {
            assert!(text.get(span.range()).is_some(), "{diagnostic:?} in {text:?}");
        }
    }
    for kpi in kpis(&file) {
        for clause in &kpi.clauses {
            assert!(text.get(clause.span.range()).is_some());
            assert!(clause.body != ClauseBody::Broken || !diagnostics.is_empty());
        }
    }
    for word in ClauseWord::ALL {
        clause(word, text);
    }
    let _ = expression(text);
}

const SNIPPETS: [&str; 44] = [
    "kpi a \"A\" {",
    "}",
    "{",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "`",
    "norm",
    ">=",
    "80%",
    "berekening",
    "percentage(",
    "leeg telt als nee",
    "waarbij",
    "en",
    "of",
    "niet",
    "\n",
    ",",
    "tabel t {",
    "bronsysteem b {",
    "a tekst",
    "= x",
    "->",
    "?",
    "in (",
    "2026-1-1",
    "2026-01-01",
    "0,5",
    "//",
    "per 1000",
    "per x",
    "tussen 1 en 2",
    "is",
    "é€",
    "\u{feff}",
    "“",
    "als",
    "-",
    "tot en met",
    "1.000",
    "eis \"x\": a",
    "\r\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_survives(text in "\\PC{0,80}") {
        survives(&text);
    }

    #[test]
    fn any_words_survive(words in proptest::collection::vec(0..SNIPPETS.len(), 0..40)) {
        let text: Vec<&str> = words.iter().map(|&i| SNIPPETS[i]).collect();
        survives(&text.join(" "));
    }

    #[test]
    fn a_cut_or_changed_example_survives(start in 0..3000_usize, length in 0..60_usize, snippet in 0..SNIPPETS.len()) {
        let chars: Vec<char> = EXAMPLE.chars().collect();
        let start = start.min(chars.len());
        let end = (start + length).min(chars.len());
        let text: String = chars[..start].iter().chain(&SNIPPETS[snippet].chars().collect::<Vec<_>>()).chain(&chars[end..]).collect();
        survives(&text);
    }
}
