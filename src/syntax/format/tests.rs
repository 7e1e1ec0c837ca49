//! Formatting keeps what a file says, whatever it looks like.

use super::*;

fn formatted(text: &str, from: Notation, to: Notation) -> String {
    let mut sink = Sink::default();
    let found = format(SourceId(0), text, from, to, &mut sink);
    found.unwrap_or_else(|| panic!("{:?}\n{text}\n{}", sink.into_sorted(), unlike_text(text, from, to)))
}

/// What would have been written, and what it says otherwise.
fn unlike_text(text: &str, from: Notation, to: Notation) -> String {
    let mut sink = Sink::default();
    let file = from.parse(SourceId(0), text, &mut sink);
    let page = match from {
        Notation::Kpi => from_kpi::read(text, &file),
        Notation::Yaml => from_yaml::read(SourceId(0), text, &file, from == to, &mut sink).expect("an outline"),
    };
    let written = match to {
        Notation::Kpi => to_kpi::write(&page),
        Notation::Yaml => to_yaml::write(&page),
    };
    let mut sink = Sink::default();
    let again = to.parse(SourceId(0), &written, &mut sink);
    let (a, b) = (same::meaning(&file), same::meaning(&again));
    let at = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(80);
    let part = |s: &str| s.chars().skip(at).take(300).collect::<String>();
    format!("{written}\n{:?}\n{}\n{}", sink.into_sorted(), part(&a), part(&b))
}

#[test]
fn clauses_come_in_their_order_with_their_remarks() {
    let text = "kpi a \"A\" {\n// n\nnorm geen\neigenaar \"x\" // e\ndefinitie \"D.\"\n// end\n}";
    let wanted = "kpi a \"A\" {\n    definitie     \"D.\"\n    // n\n    norm          geen\n\n    \
                  eigenaar        \"x\"  // e\n    // end\n}\n";
    assert_eq!(formatted(text, Notation::Kpi, Notation::Kpi), wanted);
}
