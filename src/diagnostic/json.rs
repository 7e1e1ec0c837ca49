//! Diagnostics as JSON, the contract for programs: the keys and their order do not change. It prints nothing.

use serde_json::{Value, json};

use super::Diagnostic;
use crate::source::{Position, SourceMap, Span};

/// One diagnostic with the keys `code, ernst, bericht, bestand, van, tot, hulp, vervanging, verwant`; what is missing is
/// `null`. A replacement has no file of its own, so one outside the message's own file is left out.
#[must_use]
pub fn to_json(d: &Diagnostic, sources: &SourceMap) -> Value {
    let place = Place::of(d.span, sources);
    let help = (!d.help.is_empty()).then(|| d.help.join("\n"));
    let replacement = d
        .replacement
        .as_ref()
        .filter(|r| d.span.is_none_or(|s| s.source == r.span.source))
        .and_then(|r| Some((Place::of(Some(r.span), sources)?, &r.text)));
    let related: Vec<Value> = d
        .related
        .iter()
        .map(|(span, text)| {
            let place = Place::of(Some(*span), sources);
            json!({ "bestand": file(place.as_ref()), "van": from(place.as_ref()), "tot": until(place.as_ref()), "bericht": text })
        })
        .collect();
    json!({
        "code": d.code,
        "ernst": d.severity.word(),
        "bericht": d.message,
        "bestand": file(place.as_ref()),
        "van": from(place.as_ref()),
        "tot": until(place.as_ref()),
        "hulp": help,
        "vervanging": replacement.map(|(p, text)| json!({ "van": from(Some(&p)), "tot": until(Some(&p)), "tekst": text })),
        "verwant": related,
    })
}

/// A span in the terms of its file.
struct Place<'a> {
    name: &'a str,
    from: Position,
    until: Position,
}

impl<'a> Place<'a> {
    fn of(span: Option<Span>, sources: &'a SourceMap) -> Option<Self> {
        let span = span?;
        let file = sources.get(span.source)?;
        let range = span.range();
        let start = file.text.floor_char_boundary(range.start);
        let end = file.text.floor_char_boundary(range.end).max(start);
        Some(Self { name: &file.name, from: file.position(start), until: file.position(end) })
    }
}

fn file(place: Option<&Place<'_>>) -> Value {
    place.map_or(Value::Null, |p| p.name.into())
}

fn from(place: Option<&Place<'_>>) -> Value {
    place.map_or(Value::Null, |p| position(p.from))
}

fn until(place: Option<&Place<'_>>) -> Value {
    place.map_or(Value::Null, |p| position(p.until))
}

fn position(p: Position) -> Value {
    json!({ "regel": p.line, "kolom": p.column, "byte": p.byte })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn all_keys_in_order() {
        let mut sources = SourceMap::default();
        let a = sources.add("a.kpi", "één\nx € fout\n");
        let b = sources.add("b.kpi", "ander");
        let d = Diagnostic::error("ML201", "mis")
            .at(Span::new(a, 12..16))
            .also(Span::new(b, 0..5), "de ander")
            .help("een")
            .help("twee")
            .replace(Span::new(a, 12..16), "goed");
        assert_eq!(
            to_json(&d, &sources).to_string(),
            concat!(
                r#"{"code":"ML201","ernst":"fout","bericht":"mis","bestand":"a.kpi","#,
                r#""van":{"regel":2,"kolom":5,"byte":12},"tot":{"regel":2,"kolom":9,"byte":16},"#,
                r#""hulp":"een\ntwee","#,
                r#""vervanging":{"van":{"regel":2,"kolom":5,"byte":12},"tot":{"regel":2,"kolom":9,"byte":16},"tekst":"goed"},"#,
                r#""verwant":[{"bestand":"b.kpi","van":{"regel":1,"kolom":1,"byte":0},"tot":{"regel":1,"kolom":6,"byte":5},"#,
                r#""bericht":"de ander"}]}"#
            )
        );
    }

    #[test]
    fn missing_parts_are_null() {
        let mut sources = SourceMap::default();
        let a = sources.add("a.kpi", "é");
        let bare = Diagnostic::warning("ML601", "bron leeg").at(Span::new(SourceId(7), 0..1));
        assert_eq!(
            to_json(&bare, &sources).to_string(),
            r#"{"code":"ML601","ernst":"waarschuwing","bericht":"bron leeg","bestand":null,"van":null,"tot":null,"hulp":null,"vervanging":null,"verwant":[]}"#
        );
        // Inside a letter and beyond the end: clamped.
        let odd = to_json(&Diagnostic::hint("ML601", "x").at(Span::new(a, 1..99)), &sources);
        assert_eq!(odd["van"], json!({ "regel": 1, "kolom": 1, "byte": 0 }));
        assert_eq!(odd["tot"], json!({ "regel": 1, "kolom": 2, "byte": 2 }));
    }
}
