//! Result rows as JSON, the contract for programs (taal.md 8): the keys and their order do not change. It prints nothing
//! and calculates nothing.

use serde_json::{Map, Value, json};

use crate::judge::{Row, Shown};

/// The whole answer of `run --format json`. `peilmoment` is ISO 8601.
#[must_use]
pub fn document(version: &str, peilmoment: Option<String>, rows: &[Row], diagnoses: Vec<Value>) -> Value {
    let results = rows.iter().map(row).collect();
    let keys = [
        ("meetlat", version.into()),
        ("peilmoment", peilmoment.map_or(Value::Null, Value::String)),
        ("resultaten", Value::Array(results)),
        ("diagnoses", Value::Array(diagnoses)),
    ];
    Value::Object(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// One row per line.
#[must_use]
pub fn jsonl(rows: &[Row]) -> String {
    rows.iter().flat_map(|r| [row(r).to_string(), "\n".to_owned()]).collect()
}

/// One row with the keys of the contract. Members are texts, whatever their type.
#[must_use]
pub fn row(row: &Row) -> Value {
    let dimensions: Map<String, Value> =
        row.dimensions.iter().map(|(name, member)| (name.clone(), member.label().into())).collect();
    let marks: Vec<Value> = row.marks.iter().map(|m| json!({ "kenmerk": m.mark, "reden": m.reason })).collect();
    json!({
        "kpi": row.kpi,
        "titel": row.title,
        "versie": row.version.map(|d| d.to_string()),
        "periode": row.period,
        "periode_van": row.period_from.to_string(),
        "periode_tot": row.period_until.to_string(),
        "dimensies": dimensions,
        "waarde": number(row.value),
        "eenheid": row.unit,
        "teller": number(row.numerator),
        "noemer": number(row.denominator),
        "n": row.n,
        "n_leeg": row.n_empty,
        "ondergrens": number(row.lower),
        "bovengrens": number(row.upper),
        "norm": row.norm,
        "norm_soort": row.norm_kind,
        "afstand": number(row.distance),
        "status": row.status.word(),
        "kenmerken": marks,
        "reeksbreuk": row.series_break,
        "definitie_hash": row.definition_hash,
        "invoer_hash": row.input_hash,
        "referenties": row.references.iter().map(reference).collect::<Vec<_>>(),
    })
}

/// `{"soort": "streefnorm", "norm": ">= 95%"}`; of a benchmark its name, year and n.
fn reference(shown: &Shown) -> Value {
    let mut object = Map::new();
    object.insert("soort".to_owned(), shown.kind.into());
    match &shown.label {
        Some(label) => {
            object.insert("naam".to_owned(), label.as_str().into());
            object.insert("waarde".to_owned(), shown.text.as_str().into());
            object.insert("jaar".to_owned(), shown.year.into());
            object.insert("n".to_owned(), shown.n.into());
        }
        None => {
            object.insert("norm".to_owned(), shown.text.as_str().into());
        }
    }
    Value::Object(object)
}

/// The shortest form that reads back equal: `12`, `78.2`; what is no number is `null`.
pub(super) fn number(value: Option<f64>) -> Value {
    /// Below this every whole number has a float of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
        Some(v) if v.fract() == 0.0 && v.abs() < EXACT => Value::from(v as i64),
        Some(v) => serde_json::Number::from_f64(v).map_or(Value::Null, Value::Number),
        None => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Mark, Status};
    use crate::measure::Member;
    use crate::report::sample;

    #[test]
    fn a_row_has_all_keys_in_order() {
        let mut r = sample::row("servicelevel", "2026-01", Some(78.25), Status::Near);
        r.dimensions = vec![("team".into(), Member::Text("A".into())), ("uur".into(), Member::Int(8))];
        r.numerator = Some(313.0);
        r.marks = vec![Mark { mark: "voorlopig".into(), reason: "tot 8 juli".into() }];
        r.version = r.period_from.into();
        assert_eq!(
            jsonl(&[r]),
            concat!(
                r#"{"kpi":"servicelevel","titel":"servicelevel","versie":"2026-01-01","periode":"2026-01","#,
                r#""periode_van":"2026-01-01","periode_tot":"2026-02-01","dimensies":{"team":"A","uur":"8"},"#,
                r#""waarde":78.25,"eenheid":"%","teller":313,"noemer":null,"n":400,"n_leeg":null,"#,
                r#""ondergrens":null,"bovengrens":null,"norm":">= 80%","norm_soort":"norm","afstand":null,"#,
                r#""status":"bijna","kenmerken":[{"kenmerk":"voorlopig","reden":"tot 8 juli"}],"#,
                r#""reeksbreuk":false,"definitie_hash":"d0","invoer_hash":null,"referenties":[]}"#,
                "\n"
            )
        );
    }

    #[test]
    fn the_document() {
        assert_eq!(
            document("0.1.0", Some("2026-07-01T00:00:00".into()), &[], vec![json!({"code": "ML601"})]).to_string(),
            r#"{"meetlat":"0.1.0","peilmoment":"2026-07-01T00:00:00","resultaten":[],"diagnoses":[{"code":"ML601"}]}"#
        );
        assert_eq!(
            document("0.1.0", None, &[], Vec::new()).to_string(),
            r#"{"meetlat":"0.1.0","peilmoment":null,"resultaten":[],"diagnoses":[]}"#
        );
    }

    #[test]
    fn numbers_read_back_equal() {
        let text = |v| number(Some(v)).to_string();
        assert_eq!(text(12.0), "12");
        assert_eq!(text(-0.0), "0");
        assert_eq!(text(0.1 + 0.2), "0.30000000000000004");
        assert_eq!(text(1e300), "1e+300");
        assert_eq!(text(f64::NAN), "null");
        assert_eq!(text(1e18).parse::<f64>(), Ok(1e18));
    }
}
