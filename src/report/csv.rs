//! Result rows as CSV (RFC 4180, UTF-8, lines end in `\n`): the columns of taal.md 8, with one column `dim_NAAM` per
//! dimension. Written by hand, because the `csv` crate is there with the engine only. It prints nothing.

use super::json;
use crate::judge::{Mark, Row};
use crate::measure::Member;

/// A header and one line per row. Numbers have a decimal point and full precision.
#[must_use]
pub fn csv(rows: &[Row]) -> String {
    let dimensions = dimensions(rows);
    let mut header: Vec<String> =
        ["kpi", "titel", "versie", "periode", "periode_van", "periode_tot"].map(str::to_owned).to_vec();
    header.extend(dimensions.iter().map(|name| quoted(&format!("dim_{name}"))));
    header.extend(
        [
            "waarde",
            "eenheid",
            "teller",
            "noemer",
            "n",
            "n_leeg",
            "ondergrens",
            "bovengrens",
            "norm",
            "norm_soort",
            "afstand",
            "status",
            "kenmerken",
            "reeksbreuk",
            "definitie_hash",
            "invoer_hash",
        ]
        .map(str::to_owned),
    );
    let mut out = header.join(",");
    out.push('\n');
    for row in rows {
        out.push_str(&line(row, &dimensions).join(","));
        out.push('\n');
    }
    out
}

/// The names of all dimensions, in order of occurrence.
pub(super) fn dimensions(rows: &[Row]) -> Vec<&str> {
    let mut dimensions: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|r| &r.dimensions) {
        if !dimensions.contains(&name.as_str()) {
            dimensions.push(name);
        }
    }
    dimensions
}

/// `voorlopig: tot 8 juli; raming`
pub(super) fn marks(row: &Row) -> String {
    let told = |m: &Mark| if m.reason.is_empty() { m.mark.clone() } else { format!("{}: {}", m.mark, m.reason) };
    row.marks.iter().map(told).collect::<Vec<_>>().join("; ")
}

fn line(row: &Row, dimensions: &[&str]) -> Vec<String> {
    let count = |n: Option<u64>| n.map_or(String::new(), |n| n.to_string());
    let mut cells = vec![
        text(&row.kpi),
        text(&row.title),
        row.version.map_or(String::new(), |d| d.to_string()),
        text(&row.period),
        row.period_from.to_string(),
        row.period_until.to_string(),
    ];
    for name in dimensions {
        let member = row.dimensions.iter().find(|(n, _)| n == name).map(|(_, m)| m);
        cells.push(match member {
            Some(Member::Text(t)) => text(t),
            Some(other) => other.label(),
            None => String::new(),
        });
    }
    cells.extend([
        number(row.value),
        text(&row.unit),
        number(row.numerator),
        number(row.denominator),
        count(row.n),
        count(row.n_empty),
        number(row.lower),
        number(row.upper),
        text(row.norm.as_deref().unwrap_or("")),
        text(row.norm_kind),
        number(row.distance),
        text(row.status.word()),
        text(&marks(row)),
        row.series_break.to_string(),
        text(&row.definition_hash),
        text(row.input_hash.as_deref().unwrap_or("")),
    ]);
    cells
}

fn number(value: Option<f64>) -> String {
    match json::number(value) {
        serde_json::Value::Null => String::new(),
        number => number.to_string(),
    }
}

/// A text cell that a spreadsheet would run as a formula gets an apostrophe before it.
fn text(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { quoted(&format!("'{cell}")) } else { quoted(cell) }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r', ';', '\t']) || cell.trim() != cell {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Status;
    use crate::report::sample;

    #[test]
    fn dimensions_are_columns_in_order_of_occurrence() {
        let total = sample::row("a", "2026-01", Some(78.25), Status::Near);
        let mut team = sample::row("a", "2026-01", None, Status::NoData);
        team.dimensions = vec![("team".into(), Member::Text("Noord, \"west\"".into()))];
        team.n = None;
        team.norm = None;
        team.norm_kind = "geen";
        team.marks = vec![
            Mark { mark: "voorlopig".into(), reason: "tot 8 juli".into() },
            Mark { mark: "raming".into(), reason: String::new() },
        ];
        let mut hour = sample::row("a", "2026-01", Some(-1.5), Status::NotMet);
        hour.dimensions = vec![("uur".into(), Member::Int(-8))];
        assert_eq!(
            csv(&[total, team, hour]),
            "\
kpi,titel,versie,periode,periode_van,periode_tot,dim_team,dim_uur,waarde,eenheid,teller,noemer,n,n_leeg,ondergrens,bovengrens,norm,norm_soort,afstand,status,kenmerken,reeksbreuk,definitie_hash,invoer_hash
a,a,,2026-01,2026-01-01,2026-02-01,,,78.25,%,,,400,,,,>= 80%,norm,,bijna,,false,d0,
a,a,,2026-01,2026-01-01,2026-02-01,\"Noord, \"\"west\"\"\",,,%,,,,,,,,geen,,geen gegevens,\"voorlopig: tot 8 juli; raming\",false,d0,
a,a,,2026-01,2026-01-01,2026-02-01,,-8,-1.5,%,,,400,,,,>= 80%,norm,,niet gehaald,,false,d0,
"
        );
    }

    #[test]
    fn formulas_are_neutralised_in_text_only() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+31", "'+31"),
            ("-5", "'-5"),
            ("@som", "'@som"),
            ("\tx", "\"'\tx\""),
            ("\rx", "\"'\rx\""),
            ("=\"a\"", "\"'=\"\"a\"\"\""),
            ("a=b", "a=b"),
            (" a", "\" a\""),
            ("één", "één"),
        ];
        for (cell, written) in cases {
            assert_eq!(text(cell), written);
        }
        assert_eq!(number(Some(-5.0)), "-5");
    }
}
