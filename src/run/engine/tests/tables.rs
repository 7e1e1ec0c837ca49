//! Relations, computed columns and derived tables.

use std::collections::BTreeSet;

use super::fixture::*;
use super::{float, int};
use crate::measure::{AtomOp, Quantity, Scan, ScanCells};
use crate::model::expr::{Arithmetic, Comparison, RowFunction};
use crate::model::table::{Column, ColumnKind, Origin};
use crate::model::{AggFunc, Aggregate, EmptyRule, Model, RowExpr, Type};
use crate::plan::{StoredPlans, required_columns};

fn reference(via: &[usize], column: usize, ty: Type) -> RowExpr {
    RowExpr { kind: RowKind::Column(ColumnRef { via: via.to_vec(), column }), ty, span: nowhere() }
}

/// Visits (id, day, team → team) of teams (code, name, department → department, computed "no name") of departments
/// (code, name).
fn chain() -> (Model, StoredPlans) {
    let no_name = boolean(RowKind::Filled(Box::new(reference(&[], 1, Type::Text)), false));
    let tables = vec![
        table(0, "afdeling", Origin::Stored, vec![stored("code", Type::Integer), stored("naam", Type::Text)]),
        table(
            1,
            "team",
            Origin::Stored,
            vec![
                stored("code", Type::Text),
                stored("naam", Type::Text),
                related(stored("afdeling", Type::Integer), 0, 0),
                column("naamloos", Type::Bool, ColumnKind::Computed(no_name)),
                stored("ongelezen", Type::Text),
            ],
        ),
        table(
            2,
            "bezoek",
            Origin::Stored,
            vec![
                stored("id", Type::Integer),
                stored("dag", Type::Date),
                related(stored("team", Type::Text), 1, 0),
                // Through the relation, so computed columns may look further.
                column("van_afdeling", Type::Text, ColumnKind::Computed(reference(&[2, 2], 1, Type::Text))),
            ],
        ),
    ];
    let departments = plan(vec![("code", ints(&[Some(1), Some(2)])), ("naam", texts(&[Some("Balie"), None]))]);
    let teams = plan(vec![
        ("code", texts(&[Some("A"), Some("B"), Some("C"), None])),
        ("naam", texts(&[Some("Alfa"), None, Some("Charlie"), Some("spook")])),
        ("afdeling", ints(&[Some(1), Some(9), Some(2), Some(1)])),
    ]);
    let visits = plan(vec![
        ("id", ints(&[1, 2, 3, 4, 5, 6].map(Some))),
        ("dag", ints(&[0, 0, 0, 0, 1, 1].map(Some))),
        ("team", texts(&[Some("A"), Some("B"), Some("X"), None, Some("A"), Some("C")])),
    ]);
    let stored = StoredPlans::from([(TableId(0), departments), (TableId(1), teams), (TableId(2), visits)]);
    (Model { tables, ..Model::default() }, stored)
}

fn by_day(table: usize, axis: usize, dimensions: Vec<RowExpr>, atoms: Vec<Atom>) -> Scan {
    Scan {
        table: TableId(table),
        axes: vec![Axis { column: ColumnRef::own(axis), is_date: true, bounds: vec![0, 1, 2] }],
        grains: vec![Grain { axis: 0, dimensions: (0..dimensions.len()).collect() }],
        dimensions,
        atoms,
        holistic: Vec::new(),
    }
}

#[test]
fn relations_keep_every_row_and_give_empty_where_they_point_at_nothing() {
    let (model, stored) = chain();
    let dimensions =
        vec![reference(&[2], 1, Type::Text), reference(&[2], 3, Type::Bool), reference(&[], 3, Type::Text)];
    let scan = by_day(2, 1, dimensions, vec![atom(AtomOp::Count, None)]);
    let cells = run_on(&model, &scan, &stored);
    assert_eq!(
        lines(&cells.grains[0]),
        named(vec![
            ("0 Alfa nee Balie", vec![int(1)]),
            ("0 (leeg) ja (leeg)", vec![int(1)]),
            ("0 (leeg) (leeg) (leeg)", vec![int(2)]),
            ("1 Alfa nee Balie", vec![int(1)]),
            ("1 Charlie nee (leeg)", vec![int(1)]),
        ])
    );
    let columns = required_columns(&model, &scan);
    let expected = [(TableId(0), vec![0, 1]), (TableId(1), vec![0, 1, 2]), (TableId(2), vec![1, 2])]
        .map(|(t, c)| (t, c.into_iter().collect::<BTreeSet<_>>()));
    assert_eq!(columns, BTreeMap::from(expected));
}

#[test]
fn a_key_that_occurs_twice_is_an_error() {
    let (mut model, mut stored) = chain();
    let twice = plan(vec![
        ("code", texts(&[Some("B"), Some("A"), Some("B"), None, None])),
        ("naam", texts(&[None; 5])),
        ("afdeling", ints(&[None; 5])),
    ]);
    stored.insert(TableId(1), twice);
    let scan = by_day(2, 1, vec![reference(&[2], 1, Type::Text)], vec![atom(AtomOp::Count, None)]);
    let error = engine(2).execute(&model, &scan, &stored, 0).expect_err("twice");
    assert_eq!(error.code, "ML703");
    assert_eq!(error.message, "de sleutel `code` van acd.team komt meer dan eens voor, bijvoorbeeld `B`");
    model.tables[1].columns[0].personal = true;
    let error = engine(2).execute(&model, &scan, &stored, 0).expect_err("twice");
    assert_eq!(error.message, "de sleutel `code` van acd.team komt meer dan eens voor");
}

fn aggregate(func: AggFunc, arg: Option<RowExpr>, filter: Option<RowExpr>, ty: Type) -> Column {
    let on = matches!(func, AggFunc::Last).then(|| ColumnRef::own(1));
    let aggregate = Aggregate { func, source: 0, arg, filter, empty: None, on, per: None, ty, span: nowhere() };
    column(func.word(), ty, ColumnKind::Aggregated(aggregate))
}

/// Cases (number, day, customer, days taken, score, mail) and customers derived from them.
fn derived() -> (Model, StoredPlans) {
    let cases = vec![
        stored("nummer", Type::Integer),
        stored("dag", Type::Date),
        stored("klant", Type::Text),
        stored("duur", Type::Days),
        stored("score", Type::Number),
        stored("geldig", Type::Bool),
    ];
    let days = || Some(reference(&[], 3, Type::Days));
    let score = || Some(reference(&[], 4, Type::Number));
    let long = || {
        boolean(RowKind::Compare(
            Comparison::Greater,
            Box::new(reference(&[], 3, Type::Days)),
            Box::new(constant(Value::Int(2), Type::Days)),
        ))
    };
    let mut said_no = aggregate(AggFunc::Percentage, Some(long()), None, Type::Percentage);
    if let ColumnKind::Aggregated(a) = &mut said_no.kind {
        a.empty = Some(EmptyRule::No);
    }
    let per_customer = vec![
        column("klant", Type::Text, ColumnKind::Key(2)),
        aggregate(AggFunc::Min, Some(reference(&[], 1, Type::Date)), None, Type::Date),
        aggregate(AggFunc::Count, None, Some(long()), Type::Integer),
        aggregate(AggFunc::CountDistinct, days(), None, Type::Integer),
        aggregate(AggFunc::Sum, days(), Some(long()), Type::Days),
        aggregate(AggFunc::Sum, score(), None, Type::Number),
        aggregate(AggFunc::Mean, days(), None, Type::Days),
        aggregate(AggFunc::Mean, score(), None, Type::Number),
        aggregate(AggFunc::Median, days(), None, Type::Days),
        aggregate(AggFunc::Percentile(25.0), score(), None, Type::Number),
        aggregate(AggFunc::Max, score(), None, Type::Number),
        aggregate(AggFunc::Percentage, Some(long()), None, Type::Percentage),
        said_no,
        aggregate(AggFunc::Last, days(), None, Type::Days),
        aggregate(AggFunc::Last, Some(reference(&[], 2, Type::Text)), None, Type::Text),
        column(
            "dubbel",
            Type::Integer,
            ColumnKind::Computed(arith(
                Arithmetic::Multiply,
                reference(&[], 2, Type::Integer),
                constant(Value::Int(2), Type::Integer),
                Type::Integer,
            )),
        ),
    ];
    let valid = reference(&[], 5, Type::Bool);
    let mut cases = table(0, "zaak", Origin::Stored, cases);
    cases.columns[2] = related(cases.columns[2].clone(), 1, 0);
    let customers = table(1, "klant", Origin::Derived { base: TableId(0), filter: Some(valid) }, per_customer);
    let rows = plan(vec![
        ("nummer", ints(&[1, 2, 3, 4, 5, 6, 7].map(Some))),
        ("dag", ints(&[0, 1, 1, 1, 0, 1, 0].map(Some))),
        ("klant", texts(&[Some("a"), Some("a"), Some("a"), Some("b"), None, Some("a"), Some("c")])),
        ("duur", ints(&[Some(2), Some(3), Some(5), None, Some(9), Some(99), None])),
        (
            "score",
            std::sync::Arc::new(arrow::array::Float64Array::from(vec![
                Some(0.1),
                Some(0.2),
                None,
                Some(4.0),
                Some(9.0),
                Some(99.0),
                None,
            ])),
        ),
        (
            "geldig",
            std::sync::Arc::new(arrow::array::BooleanArray::from(vec![
                Some(true),
                Some(true),
                Some(true),
                Some(true),
                Some(true),
                None,
                Some(true),
            ])),
        ),
    ]);
    (Model { tables: vec![cases, customers], ..Model::default() }, StoredPlans::from([(TableId(0), rows)]))
}

/// The values of columns of the derived table, per customer.
fn customers(columns: &[(usize, Type)]) -> Vec<(String, Vec<Quantity>)> {
    let (model, stored) = derived();
    let atoms = columns.iter().map(|&(c, ty)| atom(AtomOp::Sum(reference(&[], c, ty)), None)).collect();
    let cells: ScanCells = run_on(&model, &by_day(1, 1, vec![reference(&[], 0, Type::Text)], atoms), &stored);
    lines(&cells.grains[0])
}

#[test]
fn every_aggregate_of_a_derived_table() {
    let none = || Quantity::None;
    let columns = [
        (2, Type::Integer),
        (3, Type::Integer),
        (4, Type::Days),
        (5, Type::Number),
        (6, Type::Days),
        (7, Type::Number),
        (8, Type::Days),
        (9, Type::Number),
        (10, Type::Number),
        (11, Type::Percentage),
        (12, Type::Percentage),
        (13, Type::Days),
        (15, Type::Integer),
    ];
    let sum = 0.1 + 0.2;
    let a = vec![
        int(2),
        int(3),
        int(8),
        float(sum),
        int(3),
        float(sum / 2.0),
        int(3),
        float(0.1 + 0.25 * (0.2 - 0.1)),
        float(0.2),
        float(200.0 / 3.0),
        float(200.0 / 3.0),
        int(5),
        int(4),
    ];
    let b = vec![
        int(0),
        int(0),
        int(0),
        float(4.0),
        none(),
        float(4.0),
        none(),
        float(4.0),
        float(4.0),
        none(),
        float(0.0),
        none(),
        int(0),
    ];
    let c = vec![
        int(0),
        int(0),
        int(0),
        float(0.0),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        float(0.0),
        none(),
        int(0),
    ];
    let found = customers(&columns);
    assert_eq!(found, named(vec![("0 a", a), ("0 c", c), ("1 b", b)]));
}

#[test]
fn a_relation_to_a_derived_table_and_only_its_columns_are_read() {
    let (model, stored) = derived();
    let dimensions = vec![reference(&[2], 15, Type::Integer), reference(&[2], 14, Type::Text)];
    let scan = by_day(0, 1, dimensions, vec![atom(AtomOp::Count, None)]);
    let cells = run_on(&model, &scan, &stored);
    assert_eq!(
        lines(&cells.grains[0]),
        named(vec![
            ("0 0 c", vec![int(1)]),
            ("0 4 a", vec![int(1)]),
            ("0 (leeg) (leeg)", vec![int(1)]),
            ("1 0 b", vec![int(1)]),
            ("1 4 a", vec![int(3)]),
        ])
    );
    // Number (a tie of `laatste`), day, customer, days (the count's filter), valid; not the score.
    assert_eq!(required_columns(&model, &scan), BTreeMap::from([(TableId(0), BTreeSet::from([0, 1, 2, 3, 5]))]));
}

#[test]
fn timely_in_computed_columns_and_derived_tables_takes_the_row_along() {
    let (mut model, stored) = derived();
    // "done" on `dag` (a day), "due" on a column that is a day as well: judged once the peilmoment lies past that day.
    let timely = boolean(RowKind::Timely {
        done: Box::new(reference(&[], 1, Type::Date)),
        due: Box::new(reference(&[], 1, Type::Date)),
    });
    model.tables[0].columns.push(column("tijdig", Type::Bool, ColumnKind::Computed(timely.clone())));
    model.tables[1].columns[11] = aggregate(AggFunc::Percentage, Some(timely), None, Type::Percentage);
    let noon = model.zone.midnight(crate::calendar::day_of(1).expect("a day")) + 12 * crate::calendar::HOUR;
    let yes = reference(&[], 6, Type::Bool);
    let not = boolean(RowKind::Not(Box::new(yes.clone())));
    let atoms = vec![atom(AtomOp::Count, Some(yes)), atom(AtomOp::Count, Some(not)), atom(AtomOp::Count, None)];
    let scan = by_day(0, 1, vec![], atoms);
    let cells = engine(2).execute(&model, &scan, &stored, noon).expect("cells");
    assert_eq!(
        lines(&cells.grains[0]),
        named(vec![("0", vec![int(3), int(0), int(3)]), ("1", vec![int(0), int(0), int(4)])])
    );
    let share = atom(AtomOp::Sum(reference(&[], 11, Type::Percentage)), None);
    let scan = by_day(1, 1, vec![reference(&[], 0, Type::Text)], vec![share]);
    let cells = engine(2).execute(&model, &scan, &stored, noon).expect("cells");
    assert_eq!(
        lines(&cells.grains[0]),
        named(vec![("0 a", vec![float(100.0)]), ("0 c", vec![float(100.0)]), ("1 b", vec![Quantity::None]),])
    );
}

#[test]
fn dates_of_moments_only() {
    let (model, stored) = derived();
    let month = RowExpr { ty: Type::Integer, ..function(RowFunction::MonthOf, reference(&[], 1, Type::Date)) };
    let scan = by_day(0, 1, vec![month], vec![atom(AtomOp::Count, None)]);
    let cells = run_on(&model, &scan, &stored);
    assert_eq!(lines(&cells.grains[0]), named(vec![("0 1", vec![int(3)]), ("1 1", vec![int(4)])]));
}
