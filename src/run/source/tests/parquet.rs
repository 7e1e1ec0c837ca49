//! Parquet files of every make.

use arrow::array::*;
use arrow::datatypes::{DataType, Int32Type, TimeUnit};
use datafusion::physical_plan::{ExecutionPlan, displayable};

use super::*;
use crate::calendar::{HOUR, SECOND};

/// One column of `ty` read from `array`.
async fn read_one(column: Column, array: ArrayRef) -> Result<Vec<Value>, SourceError> {
    let dir = tempfile::tempdir().expect("a folder");
    let name = column.name.clone();
    put_parquet(dir.path(), "a.parquet", vec![(&name, array)]);
    rows(&table(vec![column]), &at(dir.path(), "a.parquet")).await.map(first)
}

#[tokio::test]
async fn texts() {
    let expected = Ok(vec![text("a"), Value::Empty, text("")]);
    let list = vec![Some("a"), None, Some("")];
    let dictionary: DictionaryArray<Int32Type> = list.clone().into_iter().collect();
    for array in [
        shared(StringArray::from(list.clone())),
        shared(LargeStringArray::from(list.clone())),
        shared(StringViewArray::from(list)),
        shared(dictionary),
    ] {
        assert_eq!(read_one(column("x", Type::Text), array).await, expected);
    }
    assert_eq!(read_one(column("x", Type::Text), shared(Int32Array::from(vec![7]))).await, Ok(vec![text("7")]));
}

#[tokio::test]
async fn numbers() {
    let seven = || Ok(vec![Value::Int(7)]);
    for array in [
        shared(Int8Array::from(vec![7])),
        shared(UInt16Array::from(vec![7])),
        shared(Int64Array::from(vec![7])),
        shared(UInt64Array::from(vec![7])),
        shared(Float64Array::from(vec![7.0])),
        shared(Decimal128Array::from(vec![700]).with_precision_and_scale(9, 2).expect("fits")),
    ] {
        assert_eq!(read_one(column("x", Type::Integer), array).await, seven());
    }
    let decimal = || shared(Decimal128Array::from(vec![Some(435), None]).with_precision_and_scale(9, 2).expect("fits"));
    assert_eq!(read_one(column("x", Type::Money), decimal()).await, Ok(vec![Value::Money(43_500), Value::Empty]));
    assert_eq!(read_one(column("x", Type::Number), decimal()).await, Ok(vec![Value::Float(4.35), Value::Empty]));
    let floats = shared(Float32Array::from(vec![Some(1.5), Some(f32::NAN)]));
    assert_eq!(read_one(column("x", Type::Percentage), floats).await, Ok(vec![Value::Float(1.5), Value::Empty]));
    let truths = [shared(BooleanArray::from(vec![true, false])), shared(Int8Array::from(vec![1, 0]))];
    for array in truths {
        assert_eq!(read_one(column("x", Type::Bool), array).await, Ok(vec![Value::Bool(true), Value::Bool(false)]));
    }
    let odd = read_one(column("x", Type::Bool), shared(Int8Array::from(vec![2]))).await.expect_err("2 is no truth");
    assert_eq!((odd.code, odd.message.as_str()), ("ML604", "`a.parquet`: kolom `x`: `2` is niet ja of nee (1 of 0)"));
    let half = shared(Float64Array::from(vec![0.5]));
    let mut secret = column("x", Type::Integer);
    secret.personal = true;
    let odd = read_one(secret, half).await.expect_err("no whole number");
    assert_eq!(odd.message, "`a.parquet`: kolom `x`: een waarde is niet een geheel getal");
}

#[tokio::test]
async fn moments_and_days() {
    let t = 1_767_603_600; // 2026-01-05 09:00
    let local = Ok(vec![Value::Int(t * SECOND - HOUR)]);
    let zoned = Ok(vec![Value::Int(t * SECOND)]);
    let moment = || column("x", Type::Moment);
    for (array, unit) in [
        (shared(TimestampSecondArray::from(vec![t])), TimeUnit::Second),
        (shared(TimestampMillisecondArray::from(vec![t * 1000])), TimeUnit::Millisecond),
        (shared(TimestampMicrosecondArray::from(vec![t * SECOND])), TimeUnit::Microsecond),
        (shared(TimestampNanosecondArray::from(vec![t * SECOND * 1000 + 999])), TimeUnit::Nanosecond),
    ] {
        assert_eq!(read_one(moment(), Arc::clone(&array)).await, local, "{unit:?}");
        let with = arrow::compute::cast(&array, &DataType::Timestamp(unit, Some("UTC".into()))).expect("casts");
        assert_eq!(read_one(moment(), with).await, zoned, "{unit:?}");
    }
    let day = || column("x", Type::Date);
    let fifth = Ok(vec![Value::Int(20_458)]);
    assert_eq!(read_one(day(), shared(Date32Array::from(vec![20_458]))).await, fifth);
    assert_eq!(read_one(day(), shared(Date64Array::from(vec![20_458 * 86_400_000]))).await, fifth);
    assert_eq!(read_one(day(), shared(TimestampSecondArray::from(vec![20_459 * 86_400 - 1]))).await, fifth);
    // half past eleven in the evening, UTC, is the next day here
    let late = TimestampSecondArray::from(vec![20_458 * 86_400 - 1800]).with_timezone("UTC");
    assert_eq!(read_one(day(), shared(late)).await, fifth);
}

#[tokio::test]
async fn local_moments_follow_the_clock_across_both_changes() {
    let zone = Zone::default();
    // every 15 minutes of the days around 30 March and 26 October 2025
    let locals: Vec<i64> = [1_743_200_000_i64, 1_761_350_000]
        .iter()
        .flat_map(|start| (0..300).map(move |i| (start / 900 + i) * 900 * SECOND))
        .collect();
    let expected: Vec<Value> = locals
        .iter()
        .map(|&t| Value::Int(zone.instant(chrono::DateTime::from_timestamp_micros(t).expect("a moment").naive_utc())))
        .collect();
    let array = shared(TimestampMicrosecondArray::from(locals));
    assert_eq!(read_one(column("x", Type::Moment), array).await, Ok(expected));
}

#[tokio::test]
async fn durations() {
    let ninety = Ok(vec![Value::Int(90 * SECOND), Value::Empty]);
    let minutes = || duration("x", StoredUnit::Minutes);
    assert_eq!(read_one(minutes(), shared(Float64Array::from(vec![Some(1.5), None]))).await, ninety);
    let seconds = duration("x", StoredUnit::Seconds);
    assert_eq!(read_one(seconds.clone(), shared(Int32Array::from(vec![Some(90), None]))).await, ninety);
    let fine = shared(Float64Array::from(vec![0.1, 1.000_000_4]));
    assert_eq!(read_one(seconds, fine).await, Ok(vec![Value::Int(100_000), Value::Int(SECOND)]));
    let own = shared(DurationMillisecondArray::from(vec![Some(90_000), None]));
    assert_eq!(read_one(column("x", Type::Duration), own).await, ninety);
}

#[tokio::test]
async fn files_may_differ() {
    let dir = tempfile::tempdir().expect("a folder");
    let a = |v: Vec<i32>| shared(Int32Array::from(v));
    put_parquet(dir.path(), "d/1.parquet", vec![("n", a(vec![1])), ("s", shared(StringArray::from(vec!["a"])))]);
    let wide = shared(Int64Array::from(vec![None, Some(2)]));
    let view = shared(StringViewArray::from(vec!["b", "c"]));
    put_parquet(
        dir.path(),
        "d/2.parquet",
        vec![("s", view), ("n", wide), ("m", shared(Float64Array::from(vec![1.0, 2.0])))],
    );
    let table = table(vec![column("n", Type::Integer), column("s", Type::Text), column("m", Type::Number)]);
    let e = Value::Empty;
    let expected = vec![
        vec![Value::Int(1), text("a"), e.clone()],
        vec![e, text("b"), Value::Float(1.0)],
        vec![Value::Int(2), text("c"), Value::Float(2.0)],
    ];
    for path in ["d", "d/", "d/*.parquet", "d/?.parquet"] {
        assert_eq!(rows(&table, &at(dir.path(), path)).await, Ok(expected.clone()), "{path}");
    }
}

#[tokio::test]
async fn hive_folders_become_columns() {
    let dir = tempfile::tempdir().expect("a folder");
    for (day, n) in [("2026-01-05", 1), ("2026-01-06", 2)] {
        let name = format!("odd [x] é/dag={day}/team=Burger%20zaken/deel.parquet");
        put_parquet(dir.path(), &name, vec![("n", shared(Int32Array::from(vec![n])))]);
    }
    put_parquet(
        dir.path(),
        "odd [x] é/dag=2026-01-06/team=Burger%20zaken/_weg.parquet",
        vec![("n", shared(Int32Array::from(vec![9])))],
    );
    let table = table(vec![column("n", Type::Integer), column("dag", Type::Date), column("team", Type::Text)]);
    let connection = at(dir.path(), "odd [x] é");
    let mut read = rows(&table, &connection).await.expect("reads");
    read.sort_by_key(|row| format!("{row:?}"));
    let team = || text("Burger zaken");
    let expected =
        vec![vec![Value::Int(1), Value::Int(20_458), team()], vec![Value::Int(2), Value::Int(20_459), team()]];
    assert_eq!(read, expected);
    let one = at(dir.path(), "odd [x] é/dag=2026-01-05/team=Burger%20zaken/deel.parquet");
    let narrow = super::table(vec![column("n", Type::Integer)]);
    assert_eq!(rows(&narrow, &one).await.map(first), Ok(vec![Value::Int(1)]));
}

#[tokio::test]
async fn a_folder_that_grows_is_seen_anew() {
    let dir = tempfile::tempdir().expect("a folder");
    let table = table(vec![column("n", Type::Integer), column("jaar", Type::Integer)]);
    let ctx = SessionContext::new();
    let mut found = Vec::new();
    for year in 2024..2027 {
        put_parquet(dir.path(), &format!("d/jaar={year}/a.parquet"), vec![("n", shared(Int32Array::from(vec![year])))]);
        let rows = read_values(&ctx, &table, &at(dir.path(), "d"), Zone::default()).await.expect("reads");
        found.push(rows.len());
    }
    assert_eq!(found, [1, 2, 3]);
    put_parquet(dir.path(), "d/jaar=2024/a.parquet", vec![("n", shared(Int32Array::from(vec![1, 2, 3])))]);
    assert_eq!(read_values(&ctx, &table, &at(dir.path(), "d"), Zone::default()).await.map(|r| r.len()), Ok(5));
    put_parquet(dir.path(), "d/jaar=2024/los/a.parquet", vec![("n", shared(Int32Array::from(vec![1])))]);
    let error = read_values(&ctx, &table, &at(dir.path(), "d"), Zone::default()).await.expect_err("a stray file");
    assert_eq!(error.code, "ML608");
}

#[tokio::test]
async fn bounds_skip_files_and_keep_empty_values() {
    let dir = tempfile::tempdir().expect("a folder");
    for n in 0..4_i64 {
        let values = TimestampMillisecondArray::from(vec![Some(n * 10_000_000_000), (n == 3).then_some(0).or(None)]);
        put_parquet(dir.path(), &format!("d/{n}.parquet"), vec![("t", shared(values))]);
    }
    put_parquet(
        dir.path(),
        "d/leeg.parquet",
        vec![("t", shared(TimestampMillisecondArray::from(vec![None, Some(1)])))],
    );
    let table = table(vec![column("t", Type::Moment)]);
    let ctx = SessionContext::new();
    let columns = BTreeSet::from([0]);
    let lo = 9_000_000_000_000;
    let wanted = Wanted { columns: &columns, bounds: Some((0, lo, lo + 2_000_000_000_000)) };
    let opened = open(&ctx, &table, &at(dir.path(), "d"), Zone::default(), &wanted).await.expect("opens");
    let frame = ctx.execute_logical_plan(opened.plan).await.expect("plans");
    let plan = frame.create_physical_plan().await.expect("plans");
    let shown = displayable(plan.as_ref()).indent(false).to_string();
    assert!(shown.contains("pruning_predicate"), "{shown}");
    let batches = datafusion::physical_plan::collect(Arc::clone(&plan), ctx.task_ctx()).await.expect("reads");
    let values: Vec<Option<i64>> = batches
        .iter()
        .flat_map(|b| b.column(0).as_primitive::<arrow::datatypes::Int64Type>().iter().collect::<Vec<_>>())
        .collect();
    assert!(values.contains(&Some(10_000_000_000_000 - HOUR)), "{values:?}");
    assert!(values.contains(&None), "{values:?}");
    assert!(!values.contains(&Some(20_000_000_000_000 - HOUR)), "nothing was skipped: {values:?} {}", metrics(&plan));
}

fn metrics(plan: &Arc<dyn ExecutionPlan>) -> String {
    datafusion::physical_plan::display::DisplayableExecutionPlan::with_metrics(plan.as_ref()).indent(true).to_string()
}

#[tokio::test]
async fn rows_without_columns_can_be_counted() {
    let dir = tempfile::tempdir().expect("a folder");
    put_parquet(dir.path(), "a.pq", vec![("n", shared(Int32Array::from(vec![1, 2, 3])))]);
    let table = table(vec![column("n", Type::Integer)]);
    let ctx = SessionContext::new();
    let wanted = Wanted { columns: &BTreeSet::new(), bounds: None };
    let opened = open(&ctx, &table, &at(dir.path(), "a.pq"), Zone::default(), &wanted).await.expect("opens");
    let frame = ctx.execute_logical_plan(opened.plan.clone()).await.expect("plans");
    assert_eq!(frame.count().await.expect("counts"), 3);
    let batches = ctx.execute_logical_plan(opened.plan).await.expect("plans").collect().await.expect("reads");
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 3);
}
