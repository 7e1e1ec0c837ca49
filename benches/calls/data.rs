//! Twenty million generated calls of 2025 in ten Parquet files: 13 columns, naive local timestamps, ordered by time as an
//! export is.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;

const FILES: usize = 10;
const BATCH: usize = 100_000;
/// 2025-01-01 00:00 local, as naive µs.
const START: i64 = 1_735_689_600_000_000;
const YEAR: i64 = 365 * 86_400 * 1_000_000;
const SECOND: i64 = 1_000_000;

/// The folder with the files, made when it is not there.
pub fn folder(rows: usize) -> PathBuf {
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| PathBuf::from("target"), PathBuf::from);
    let folder = target.join(format!("bench-gesprekken-{rows}"));
    if folder.join("klaar").exists() {
        return folder;
    }
    fs::create_dir_all(&folder).expect("a folder");
    let mut random = Random(42);
    let each = rows / FILES;
    for file in 0..FILES {
        write(&folder.join(format!("gesprek-{file}.parquet")), file * each, each, rows, &mut random);
    }
    fs::write(folder.join("klaar"), "").expect("written");
    folder
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> i64 {
        i64::try_from(self.next() % n).expect("small")
    }
}

#[derive(Default)]
struct Columns {
    id: Vec<i64>,
    caller: Vec<String>,
    arrived: Vec<i64>,
    choice: Vec<Option<i64>>,
    answered: Vec<Option<i64>>,
    ended: Vec<i64>,
    wrap_up: Vec<Option<i64>>,
    direction: Vec<&'static str>,
    team: Vec<Option<String>>,
    subject: Vec<Option<String>>,
    outcome: Vec<&'static str>,
    transfers: Vec<i64>,
    fallback: Vec<bool>,
}

impl Columns {
    fn push(&mut self, id: i64, arrived: i64, random: &mut Random) {
        let waited = random.below(90) * SECOND / 2 + random.below(1_000_000);
        let answered = (random.below(100) >= 8).then_some(arrived + waited);
        self.id.push(id);
        self.caller.push(format!("b{:06x}", random.below(1_000_000)));
        self.arrived.push(arrived);
        self.choice.push((random.below(10) < 7).then_some(arrived + waited / 3));
        self.answered.push(answered);
        self.ended.push(answered.map_or(arrived + waited, |t| t + random.below(600) * SECOND));
        self.wrap_up.push((answered.is_some() && random.below(10) > 0).then(|| random.below(120)));
        self.direction.push(if random.below(10) > 0 { "inkomend" } else { "uitgaand" });
        self.team.push((random.below(50) > 0).then(|| format!("team {}", random.below(12))));
        self.subject.push((random.below(20) > 0).then(|| format!("onderwerp {}", random.below(24))));
        self.outcome.push(if answered.is_some() { "beantwoord" } else { "opgehangen" });
        self.transfers.push([0, 0, 0, 0, 0, 1, 1, 2][usize::try_from(random.below(8)).expect("small")]);
        self.fallback.push(random.below(20) == 0);
    }

    fn batch(self) -> RecordBatch {
        let moments = |list: Vec<Option<i64>>| Arc::new(TimestampMicrosecondArray::from(list)) as ArrayRef;
        let some = |list: Vec<i64>| list.into_iter().map(Some).collect();
        RecordBatch::try_from_iter([
            ("gesprek_id", Arc::new(Int64Array::from(self.id)) as ArrayRef),
            ("beller", Arc::new(StringArray::from(self.caller))),
            ("binnenkomst", moments(some(self.arrived))),
            ("laatste_keuze", moments(self.choice)),
            ("opgenomen", moments(self.answered)),
            ("beeindigd", moments(some(self.ended))),
            ("nawerk", Arc::new(Int64Array::from(self.wrap_up))),
            ("richting", Arc::new(StringArray::from(self.direction))),
            ("team", Arc::new(StringArray::from(self.team))),
            ("onderwerp", Arc::new(StringArray::from(self.subject))),
            ("uitkomst", Arc::new(StringArray::from(self.outcome))),
            ("doorverbindingen", Arc::new(Int64Array::from(self.transfers))),
            ("terugval", Arc::new(BooleanArray::from(self.fallback))),
        ])
        .expect("columns of one length")
    }
}

fn write(path: &std::path::Path, first: usize, rows: usize, total: usize, random: &mut Random) {
    let step = YEAR / i64::try_from(total).expect("small");
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer: Option<ArrowWriter<File>> = None;
    let mut done = 0;
    while done < rows {
        let mut columns = Columns::default();
        for _ in 0..BATCH.min(rows - done) {
            let id = i64::try_from(first + done).expect("small");
            columns.push(id, START + id * step + random.below(3) * SECOND, random);
            done += 1;
        }
        let batch = columns.batch();
        let writer = writer.get_or_insert_with(|| {
            let file = File::create(path).expect("a file");
            ArrowWriter::try_new(file, batch.schema(), Some(properties.clone())).expect("a writer")
        });
        writer.write(&batch).expect("written");
    }
    if let Some(writer) = writer {
        writer.close().expect("closed");
    }
}
