//! Tests of the `.kpi` notation as a whole.

use super::*;
use crate::source::{SourceMap, Span};

#[test]
fn scratch() {
    let Ok(path) = std::env::var("SCRATCH") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    for text in text.split("=====\n") {
        println!("-------------------------------------\n{text}");
        let mut map = SourceMap::default();
        let id = map.add("x", text);
        let mut sink = Sink::default();
        let file = parse_file(id, text, &mut sink);
        for d in sink.into_sorted() {
            let s = d.span.unwrap();
            println!("  {} {}  [{}] {:?}", d.code, d.message, map.text(s), d.help);
            if let Some(r) = &d.replacement { println!("      {:?} -> {:?}", map.text(r.span), r.text); }
        }
        if std::env::var("TREE").is_ok() { println!("{file:#?}"); }
        for d in &file.declarations { match d {
          crate::syntax::ast::Declaration::Kpi(k) => println!("  kpi {} {:?}", k.name.value, k.clauses.iter().map(|c| (c.word.value.word(), matches!(c.body, ClauseBody::Broken), map.text(c.span))).collect::<Vec<_>>()),
          crate::syntax::ast::Declaration::Source(s) => println!("  bron {} {:?}", s.name.value, s.tables.iter().map(|t| (&t.name.value, t.columns.iter().map(|c| (&c.name.value, matches!(c.kind, crate::syntax::ast::ColumnKind::Broken), map.text(c.span))).collect::<Vec<_>>(), t.requirements.len())).collect::<Vec<_>>()),
          other => println!("  {}", format!("{other:?}").chars().take(60).collect::<String>()),
        }}
    }
}
