//! Reading YAML itself: scalars of every style with their places, and the mistakes of YAML.

use super::*;
use proptest::prelude::*;

const FILE: SourceId = SourceId(0);

fn tree(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let node = read(FILE, text, &mut sink);
    (node, sink.into_sorted())
}

fn scalars<'a>(node: &'a Node, out: &mut Vec<&'a Node>) {
    match &node.kind {
        NodeKind::Scalar(_) => out.push(node),
        NodeKind::Sequence(items) => items.iter().for_each(|n| scalars(n, out)),
        NodeKind::Mapping(entries) => entries.iter().for_each(|(k, v)| {
            scalars(k, out);
            scalars(v, out);
        }),
    }
}

/// Decoded text, text under its span, and for `word` inside it the text under that word's span.
fn value(text: &str, word: &str) -> (String, String, String) {
    let (node, problems) = tree(text);
    assert!(problems.is_empty(), "{problems:?}");
    let node = node.expect("a tree");
    let mut all = Vec::new();
    scalars(&node, &mut all);
    let node = all.into_iter().find(|n| n.scalar().is_some_and(|s| s.fragment.text.contains(word))).expect("the word");
    let fragment = &node.scalar().expect("a scalar").fragment;
    let at = fragment.text.find(word).expect("the word");
    let place = fragment.span(at, at + word.len());
    (fragment.text.clone(), text[node.span.range()].into(), text[place.range()].into())
}

#[test]
fn every_style_has_exact_places_inside() {
    let plain = value("a: één € wacht <= 20\n", "wacht");
    assert_eq!(plain, ("één € wacht <= 20".into(), "één € wacht <= 20".into(), "wacht".into()));
    let double = value(r#"é: "één \u20ac \"wacht\" x""#, "wacht");
    assert_eq!(double, ("één € \"wacht\" x".into(), r#""één \u20ac \"wacht\" x""#.into(), "wacht".into()));
    assert_eq!(value(r#"é: "één \u20ac \"wacht\" x""#, "€").2, "\\u20ac");
    assert_eq!(value("a: 'it''s € wacht'", "wacht").2, "wacht");
    assert_eq!(value("a: 'it''s € wacht'", "'").2, "''");
    assert_eq!(
        value("a: plain é\n   twee\n\n   wacht € x\nb: 1", "wacht"),
        ("plain é twee\nwacht € x".into(), "plain é\n   twee\n\n   wacht € x".into(), "wacht".into())
    );
    assert_eq!(value("a: \"plain é  \n   twee\\\n   wacht € x\"\nb: 1", "wacht").2, "wacht");
    let literal = "a: |\n  é één\n    twee\n\n  wacht €\nb: 1";
    assert_eq!(
        value(literal, "wacht"),
        ("é één\n  twee\n\nwacht €\n".into(), "é één\n    twee\n\n  wacht €".into(), "wacht".into())
    );
    let folded = "a: >-\n  é één\n  twee\n\n  wacht €\n    in\n  x\n\nb: 1";
    assert_eq!(value(folded, "wacht").0, "é één twee\nwacht €\n  in\nx");
    assert_eq!(value(folded, "wacht").2, "wacht");
    assert_eq!(value(folded, "één").2, "één");
    assert_eq!(value("a: |2\n    é\n   wacht\n", "wacht").2, "wacht");
    assert_eq!(value("a: |\n\n\n  é\n  wacht\n", "wacht").2, "wacht");
}

#[test]
fn line_ends_and_byte_order_marks_do_not_shift() {
    let text = "\u{feff}a: |\r\n  één\r\n  wacht €\r\nb: \"e\u{301}én\r\n  twee\"\r\nc: plat\r\n  drie\r\n";
    for word in ["wacht", "één", "twee", "drie", "plat", "e\u{301}"] {
        assert_eq!(value(text, word).2, word, "{word}");
    }
    assert_eq!(value(text, "twee").0, "e\u{301}én twee");
    assert_eq!(value(text, "drie").0, "plat drie");
}

#[test]
fn texts_are_taken_as_written() {
    let (node, problems) = tree("a: [no, 1_000, 1.50, ja, ~, null, 2026-01-01, .nan, 1e999, 0x1F, on, 007]\n12: x\n");
    assert!(problems.is_empty(), "{problems:?}");
    let node = node.expect("a tree");
    let mut all = Vec::new();
    scalars(&node, &mut all);
    let texts: Vec<_> = all.iter().filter_map(|n| n.scalar()).map(|s| s.fragment.text.as_str()).collect();
    assert_eq!(
        texts,
        ["a", "no", "1_000", "1.50", "ja", "~", "null", "2026-01-01", ".nan", "1e999", "0x1F", "on", "007", "12", "x"]
    );
}

#[test]
fn an_alias_points_where_the_text_is() {
    let text = "a: &x wacht\nb: *x\nc: &m {d: 1}\ne:\n  <<: *m\n  f: 2\n";
    let (node, problems) = tree(text);
    assert!(problems.is_empty(), "{problems:?}");
    let node = node.expect("a tree");
    let NodeKind::Mapping(entries) = &node.kind else { panic!("a mapping") };
    let b = &entries[1].1;
    assert_eq!(&text[b.span.range()], "wacht");
    assert_eq!(&text[b.site().range()], "*x");
    let NodeKind::Mapping(merged) = &entries[3].1.kind else { panic!("a mapping") };
    assert_eq!(merged.len(), 2);
    assert_eq!(&text[entries[2].1.span.range()], "{d: 1}");
}

#[test]
fn every_duplicate_key_is_told_once() {
    let text = "a: 1\nb: 2\na: 3\nc: {d: 1, d: 2}\n";
    let (node, problems) = tree(text);
    assert!(node.is_some());
    assert_eq!(problems.iter().map(|d| d.code).collect::<Vec<_>>(), ["ML031", "ML031"]);
    assert_eq!(problems[0].span.map(Span::range), Some(10..11));
    assert_eq!(problems[0].related[0].0.range(), 0..1);
}

#[test]
fn a_slip_is_told_and_read_as_meant() {
    let text = "norm: >= 80%  # é\nx:\n  - >= 90%\n  - `tot` - a\n  - %5\n  - @a\nl: [>= 80%, `b`, \"| c\"]\nd: Let op: dit\ne: \"a\" = b\nf: *weg\ng: |x\nh: goed\n";
    let (node, problems) = tree(text);
    let found: Vec<_> = problems.iter().map(|d| (d.code, &text[d.span.expect("a place").range()])).collect();
    assert_eq!(
        found,
        [
            ("ML034", ">= 80%"),
            ("ML034", ">= 90%"),
            ("ML035", "`tot` - a"),
            ("ML035", "%5"),
            ("ML035", "@a"),
            ("ML035", ">= 80%"),
            ("ML035", "`b`"),
            ("ML035", "Let op: dit"),
            ("ML035", "\"a\" = b"),
            ("ML035", "*weg"),
            ("ML034", "|x"),
        ]
    );
    assert_eq!(problems[0].replacement.as_ref().map(|r| r.text.as_str()), Some("\">= 80%\""));
    assert_eq!(problems[8].replacement.as_ref().map(|r| r.text.as_str()), Some("'\"a\" = b'"));
    let node = node.expect("a tree");
    let mut all = Vec::new();
    scalars(&node, &mut all);
    let texts: Vec<_> = all.iter().filter_map(|n| n.scalar()).map(|s| s.fragment.text.as_str()).collect();
    for text in [">= 80%", "`tot` - a", "`b`", "| c", "Let op: dit", "\"a\" = b", "goed"] {
        assert!(texts.contains(&text), "{text} in {texts:?}");
    }
}

#[test]
fn unreadable_texts_get_one_message() {
    for (text, part) in [
        ("a:\n\tb: 1\n", "tab"),
        ("a: \"x\n", "aanhalingsteken"),
        ("a: [b, c\nd: 1\n", "`"),
        ("a: b]\n- c", ""),
        ("a: 1\n b: 2\n  c\n", ""),
        ("a: 1\n---\nb: 2\n", "dit bestand is één YAML-document"),
        ("a: \"\\q\"\n", "`\\`-teken"),
    ] {
        let (node, problems) = tree(text);
        assert!(node.is_none() && problems.len() == 1, "{text:?}: {problems:?}");
        assert!(problems[0].code == "ML030" && problems[0].message.contains(part), "{text:?}: {problems:?}");
        assert!(problems[0].span.is_some() && !problems[0].help.is_empty());
    }
    for (text, place) in [
        ("a:\n\tb: 1\n", "\t"),
        ("k:\n  a: \"é\n  b: 1\n", "\""),
        ("k:\n  a: [\"]\", b\n  b: 1\n", "["),
        ("k:\n  norm geen\n\n  b: 1\n", "norm geen"),
        ("k:\n  é: 1\n    è: 1\n", "è"),
    ] {
        let problems = tree(text).1;
        assert_eq!(problems.iter().map(|d| &text[d.span.expect("a place").range()]).collect::<Vec<_>>(), [place]);
    }
    assert_eq!(tree(""), (None, vec![]));
    assert_eq!(tree("# niets\n"), (None, vec![]));
    assert_eq!(tree(&"[".repeat(100_000)).1.len(), 1);
    assert_eq!(tree(&"- ".repeat(10_000)).1.len(), 1);
}

fn places_hold(text: &str) {
    let (node, problems) = tree(text);
    for d in &problems {
        let range = d.span.expect("a place").range();
        assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
    }
    let Some(node) = node else { return };
    let mut all = Vec::new();
    scalars(&node, &mut all);
    for node in all {
        assert!(text.get(node.span.range()).is_some(), "{:?} in {text:?}", node.span);
        let fragment = &node.scalar().expect("a scalar").fragment;
        for (at, c) in fragment.text.char_indices() {
            let range = fragment.span(at, at + c.len_utf8()).range();
            let there = text.get(range.clone());
            assert!(there.is_some(), "{range:?} in {text:?}");
            if c.is_alphanumeric() && there.is_some_and(|t| !t.starts_with('\\') && t.len() <= 4) {
                assert_eq!(there, Some(c.to_string().as_str()), "{text:?} {fragment:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        places_hold(&text);
    }

    #[test]
    fn yaml_like_text_never_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "a", "é", "€", ": ", "- ", "\n", "\r\n", "  ", "\t", "\"", "'", "''", "\\n", "\\", "\\u20ac", "|", ">", ">-", "|+", "[", "]",
        "{", "}", ", ", "&x ", "*x", "<<", "!t ", "!!int ", "!!binary ", "# c", "?", "---\n", "...", "%", "@", "`", "1_000", "no", "\u{feff}", "~", "= 3",
    ]), 0..24)) {
        places_hold(&parts.concat());
    }
}
