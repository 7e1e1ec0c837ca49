//! Generated rows: the same values for the interpreter and, as files, for the engine. Parquet and JSON lines in turn;
//! moments around the autumn clock change, many empty cells, a table that is sometimes empty.

use std::collections::BTreeMap;
use std::path::Path;

use super::dated;
use chrono::NaiveDate;
use meetlat::calendar::{day_number, day_of};
use meetlat::interpret::Data;
use meetlat::model::{ColumnKind, Model, TableId, Type, Value, table::Origin, table::Table};
use meetlat::run::source::{Connection, Location};

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> i64 {
        i64::try_from(self.next() % n).expect("small")
    }

    pub fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as u64)).expect("small")]
    }
}

const DAY: i64 = 86_400_000_000;
/// 2025-03-29 22:00 UTC, in µs.
const SPRING: i64 = 1_743_285_600_000_000;

/// Rows of every stored table, and files with the same rows.
pub fn generate(
    model: &Model,
    folder: &Path,
    season: NaiveDate,
    random: &mut Random,
) -> (Data, BTreeMap<TableId, Connection>) {
    let mut data = Data { tables: BTreeMap::new() };
    let mut connections = BTreeMap::new();
    for table in model.tables.iter().filter(|t| matches!(t.origin, Origin::Stored)) {
        let count = match table.name.as_str() {
            "team" => 4,
            "stand" => random.below(15),
            _ => [0, 3, 40, 150][usize::try_from(random.below(4)).expect("small")],
        };
        let start = i64::from(day_number(season));
        let mut rows: Vec<Vec<Value>> = (0..count).map(|i| row(table, i, start, random)).collect();
        dated::settle(table, &mut rows, start, random);
        let path = folder.join(format!("{}.jsonl", table.name));
        std::fs::write(&path, json_lines(table, &rows)).expect("written");
        let location = Location::Path(path.to_string_lossy().into_owned());
        connections.insert(table.id, Connection::to(location));
        data.tables.insert(table.id, rows);
    }
    (data, connections)
}

/// Of the members of the shared dimensions, and of none.
const SPELLINGS: [&str; 14] = [
    "telefoon",
    "TELEFOON",
    " tel. ",
    "Een telefoongesprek met de gemeente",
    "balie",
    "Balie\t",
    "web",
    "e-mail",
    "Mailtje",
    "fax",
    "FAX ",
    "een heel lange spelling die niemand kent",
    "(onbekend: fax)",
    "   ",
];

fn row(table: &Table, index: i64, start: i64, random: &mut Random) -> Vec<Value> {
    table
        .columns
        .iter()
        .map(|column| {
            if !matches!(column.kind, ColumnKind::Stored { .. }) {
                return Value::Empty;
            }
            // The first row has all columns: a JSON column that no row has does not exist.
            if column.nullable && index > 0 && random.below(5) == 0 {
                return Value::Empty;
            }
            match (table.name.as_str(), column.name.as_str()) {
                ("team", "code") => Value::Text(format!("team{index}")),
                // One team that does not exist.
                (_, "team") => Value::Text(format!("team{}", random.below(5))),
                ("team", "afd") => Value::Text(random.pick(&["noord", "zuid"]).to_owned()),
                (_, "wie") => Value::Text(format!("p{}", random.below(9))),
                (_, "soort") => Value::Text(random.pick(&["x", "y", "z"]).to_owned()),
                // Spellings as sources have them.
                (_, "kan") => Value::Text(random.pick(&SPELLINGS).to_owned()),
                (_, "id" | "nr") => Value::Int(index),
                (_, "twijfel" | "reden") => Value::Text(random.pick(&dated::REASONS).to_owned()),
                (_, "n") => Value::Int(random.below(14) - 4),
                // Around the beginning of summer time, 30 March 2025 01:00 UTC; now and then another decade.
                (_, "v") if random.below(2) == 0 => Value::Int(SPRING + random.below(16) * 1_800_000_000),
                (_, "v") => Value::Int(SPRING + random.below(40 * 86_400) * 1_000_000),
                ("gesprek", "d") if random.below(80) == 0 => Value::Int(random.below(6) * 8_000),
                _ => value(column.ty, start, random),
            }
        })
        .collect()
}

/// `start`: the first day of the season.
fn value(ty: Type, start: i64, random: &mut Random) -> Value {
    // One in six is of the year before.
    let back = if matches!(ty, Type::Moment | Type::Date) && random.below(6) == 0 { 365 } else { 0 };
    match ty {
        Type::Bool => Value::Bool(random.below(2) == 0),
        // A hundred days; from September 2025 on a heap of moments in the hours around the end of summer time (26 October
        // 01:00 UTC).
        Type::Moment if random.below(4) == 0 => Value::Int((start - back + 55) * DAY + random.below(8) * 1_800_000_000),
        Type::Moment => Value::Int((start - back + random.below(100)) * DAY + random.below(86_400_000) * 1_000),
        Type::Date => Value::Int(start - back + random.below(100)),
        Type::Duration => Value::Int(random.below(7_200) * 1_000_000 + random.below(2) * 500_000),
        Type::Money => Value::Money(i128::from(random.below(200_000) - 50_000)),
        #[expect(clippy::cast_precision_loss, reason = "small")]
        Type::Number => Value::Float((random.below(20_001) - 10_000) as f64 / 128.0),
        #[expect(clippy::cast_precision_loss, reason = "small")]
        Type::Score(low, _) => Value::Float(low + random.below(19) as f64 / 2.0),
        _ => Value::Int(random.below(10)),
    }
}

fn json_lines(table: &Table, rows: &[Vec<Value>]) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let mut object = serde_json::Map::new();
        for (column, value) in table.columns.iter().zip(row) {
            // The first row names all columns, also those that happen to be empty throughout.
            let stored = matches!(column.kind, ColumnKind::Stored { .. });
            if !value.is_empty() || (index == 0 && stored) {
                object.insert(column.name.clone(), cell(column.ty, value));
            } else if index == 0 && matches!(column.kind, ColumnKind::Stored { .. }) {
                // A column in which all is empty is there all the same.
                object.insert(column.name.clone(), serde_json::Value::Null);
            }
        }
        text.push_str(&serde_json::Value::Object(object).to_string());
        text.push('\n');
    }
    text
}

fn cell(ty: Type, value: &Value) -> serde_json::Value {
    match (ty, value) {
        (Type::Moment, Value::Int(t)) => {
            let moment = chrono::DateTime::from_timestamp_micros(*t).expect("in range");
            moment.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string().into()
        }
        (Type::Date, Value::Int(d)) => day_of(i32::try_from(*d).expect("small")).expect("a day").to_string().into(),
        (Type::Duration, Value::Int(us)) => {
            let seconds = us / 1_000_000;
            let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            format!("{h}:{m:02}:{s:02}.{:06}", us % 1_000_000).into()
        }
        (_, Value::Int(n)) => (*n).into(),
        (_, Value::Float(x)) => (*x).into(),
        (_, Value::Bool(b)) => (*b).into(),
        (_, Value::Text(t)) => t.clone().into(),
        (_, Value::Money(m)) => {
            let sign = if *m < 0 { "-" } else { "" };
            format!("{sign}{}.{:04}", m.abs() / 10_000, m.abs() % 10_000).into()
        }
        (_, Value::Empty) => serde_json::Value::Null,
    }
}
