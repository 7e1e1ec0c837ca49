//! Scans over small tables in memory, against values counted by hand; with one and with several threads.

mod fixture;
mod tables;

use fixture::*;

use super::*;
use crate::measure::{AtomOp, HolisticOp, Member, Quantity};
use crate::model::RowExpr;
use crate::model::Type;
use crate::model::expr::{Arithmetic, Comparison, RowFunction};

fn int(n: i128) -> Quantity {
    Quantity::Int(n)
}

fn float(x: f64) -> Quantity {
    Quantity::Float(x)
}

#[test]
fn counts_and_sums_by_period_and_team() {
    let inbound = compare(Comparison::Equal, col("richting"), text("in"));
    let atoms = vec![
        atom(AtomOp::Count, None),
        atom(AtomOp::Count, Some(inbound.clone())),
        atom(AtomOp::Sum(col("wacht")), Some(inbound.clone())),
        atom(AtomOp::Sum(col("score")), None),
        atom(AtomOp::Min(col("wacht")), None),
        atom(AtomOp::Max(col("score")), None),
        atom(AtomOp::Count, Some(compare(Comparison::LessEqual, col("wacht"), duration(20)))),
    ];
    let scan = scan(atoms, vec![col("team")], vec![vec![0]]);
    let cells = run(&scan);
    // Rows without a moment are counted apart; rows outside the bounds are not there.
    assert_eq!(cells.unplaced, vec![1]);
    let found = lines(&cells.grains[0]);
    let expected = vec![
        ("0 A", vec![int(2), int(2), int(40_000_000), float(0.1 + 0.2), int(10_000_000), float(0.2), int(1)]),
        ("0 (leeg)", vec![int(1), int(0), Quantity::None, Quantity::None, Quantity::None, Quantity::None, int(0)]),
        ("1 A", vec![int(1), int(0), Quantity::None, float(1e16), int(5_000_000), float(1e16), int(1)]),
        ("1 B", vec![int(2), int(1), Quantity::None, float(8.0), int(20_000_000), float(9.0), int(1)]),
    ];
    assert_eq!(found, named(expected));
}

#[test]
fn a_choice_that_cannot_be_empty_because_of_its_condition() {
    let sum = arith(Arithmetic::Add, col("score"), col("klant"), Type::Number);
    let condition = compare(Comparison::Greater, constant(Value::Float(9.0), Type::Number), sum);
    let otherwise = constant(Value::Float(3.0), Type::Number);
    let choice = RowKind::If(Box::new(condition), Box::new(col("score")), Box::new(otherwise));
    let choice = RowExpr { kind: choice, ty: Type::Number, span: nowhere() };
    let cells = run(&scan(vec![atom(AtomOp::Sum(choice), None), atom(AtomOp::Count, None)], vec![], vec![vec![]]));
    assert!(lines(&cells.grains[0]).iter().all(|(_, values)| matches!(values[0], Quantity::Float(_))));
}

#[test]
fn several_grains_are_rollups_of_the_finest() {
    let atoms = vec![atom(AtomOp::Count, None), atom(AtomOp::Sum(col("wacht")), None)];
    let dimensions = vec![col("team"), col("richting"), function(RowFunction::HourOf, col("moment"))];
    let fine = run(&scan(atoms.clone(), dimensions.clone(), vec![vec![0, 1, 2]]));
    let several = run(&scan(atoms, dimensions, vec![vec![], vec![1], vec![0, 2], vec![0, 1, 2], vec![1]]));
    assert_eq!(several.unplaced, vec![1]);
    assert_eq!(several.grains[3], fine.grains[0]);
    assert_eq!(several.grains[1], several.grains[4]);
    for (table, kept) in several.grains.iter().zip([vec![], vec![1], vec![0, 2]]) {
        let mut rolled: BTreeMap<CellKey, (i128, Option<i128>)> = BTreeMap::new();
        for (key, values) in &fine.grains[0].cells {
            let members = kept.iter().map(|&d: &usize| key.members[d].clone()).collect();
            let entry = rolled.entry(CellKey { slot: key.slot, members }).or_default();
            if let Quantity::Int(n) = values[0] {
                entry.0 += n;
            }
            if let Quantity::Int(n) = values[1] {
                *entry.1.get_or_insert(0) += n;
            }
        }
        let rolled: BTreeMap<CellKey, Vec<Quantity>> = rolled
            .into_iter()
            .map(|(key, (n, sum))| (key, vec![int(n), sum.map_or(Quantity::None, Quantity::Int)]))
            .collect();
        assert_eq!(table.cells, rolled);
    }
}

#[test]
fn members_of_every_type_and_local_hours() {
    let dimensions = vec![
        function(RowFunction::HourOf, col("moment")),
        col("open"),
        function(RowFunction::DateOf, col("moment")),
        col("score"),
    ];
    let scan = scan(vec![atom(AtomOp::Count, None)], dimensions, vec![vec![0, 1, 2, 3]]);
    let found: Vec<String> = lines(&run(&scan).grains[0]).into_iter().map(|(key, _)| key).collect();
    // 2026-10-25: 02:30 comes twice, an hour apart.
    let expected = [
        "0 9 nee 2026-10-24 0.1",
        "0 9 (leeg) 2026-10-24 (leeg)",
        "0 23 ja 2026-10-24 0.2",
        "1 2 nee 2026-10-25 10000000000000000",
        "1 2 ja 2026-10-25 -1",
        "1 12 ja 2026-10-25 9",
    ];
    assert_eq!(found, expected);
}

#[test]
fn several_axes_have_their_own_cells() {
    let mut scan = scan(vec![atom(AtomOp::Count, None)], vec![col("team")], vec![vec![]]);
    scan.axes.push(Axis {
        column: ColumnRef::own(index("dag")),
        is_date: true,
        bounds: vec![i64::MIN, 20_000, 20_002],
    });
    scan.atoms.push(Atom { axis: 1, ..atom(AtomOp::Count, None) });
    scan.grains.push(Grain { axis: 1, dimensions: vec![0] });
    let cells = run(&scan);
    assert_eq!(cells.unplaced, vec![1, 2]);
    assert_eq!(
        lines(&cells.grains[0]),
        named(vec![("0", vec![int(3), Quantity::None]), ("1", vec![int(3), Quantity::None])])
    );
    assert_eq!(
        lines(&cells.grains[1]),
        named(vec![
            ("0 A", vec![Quantity::None, int(1)]),
            ("1 A", vec![Quantity::None, int(3)]),
            ("1 B", vec![Quantity::None, int(1)]),
            ("1 (leeg)", vec![Quantity::None, int(1)]),
        ])
    );
}

#[test]
fn an_axis_without_grains_still_counts_its_unplaced_rows() {
    let mut scan = scan(vec![], vec![], vec![]);
    scan.axes.push(Axis { column: ColumnRef::own(index("dag")), is_date: true, bounds: vec![0, 1] });
    let cells = run(&scan);
    assert_eq!(cells.unplaced, vec![1, 2]);
    assert!(cells.grains.is_empty());
}

#[test]
fn the_latest_row_with_ties() {
    let last = |value: RowExpr| AtomOp::Last { value, order: col("moment"), ties: vec![col("id")] };
    let atoms = vec![atom(last(col("wacht")), None), atom(last(col("score")), Some(col("open")))];
    let cells = run(&scan(atoms, vec![col("team")], vec![vec![0]]));
    let tie = |order: &str, id: &str, value: Quantity| Quantity::Last {
        order: at(order),
        ties: vec![Member::Text(id.to_owned())],
        value: Box::new(value),
    };
    assert_eq!(
        lines(&cells.grains[0]),
        named(vec![
            ("0 A", vec![tie("2026-10-24 21:30", "g2", int(30_000_000)), tie("2026-10-24 21:30", "g2", float(0.2))]),
            ("0 (leeg)", vec![Quantity::None, Quantity::None]),
            ("1 A", vec![tie("2026-10-25 00:30", "g4", int(5_000_000)), Quantity::None]),
            ("1 B", vec![tie("2026-10-25 11:00", "g6", int(20_000_000)), tie("2026-10-25 11:00", "g6", float(9.0))]),
        ])
    );
}

#[test]
fn distinct_values_by_set() {
    let scan = holistic(HolisticOp::Distinct(col("klant")), vec![vec![], vec![0], vec![0, 1], vec![1]]);
    let cells = run(&scan);
    let by_set = &cells.holistic[0];
    assert_eq!(lines(&by_set[0]), named(vec![("0", vec![int(2)]), ("1", vec![int(2)])]));
    assert_eq!(lines(&by_set[1]), named(vec![("0 A", vec![int(2)]), ("1 A", vec![int(1)]), ("1 B", vec![int(2)])]));
    assert_eq!(
        lines(&by_set[2]),
        named(vec![
            ("0 A in", vec![int(2)]),
            ("1 A uit", vec![int(1)]),
            ("1 B in", vec![int(1)]),
            ("1 B uit", vec![int(1)])
        ])
    );
    assert_eq!(lines(&by_set[3]), named(vec![("0 in", vec![int(2)]), ("1 in", vec![int(1)]), ("1 uit", vec![int(2)])]));
    let one = holistic(HolisticOp::Distinct(col("klant")), vec![vec![0]]);
    assert_eq!(run(&one).holistic[0][0], by_set[1]);
}

#[test]
fn distinct_values_that_are_a_dimension_as_well() {
    let cells = run(&holistic(HolisticOp::Distinct(col("team")), vec![vec![], vec![0], vec![1]]));
    assert_eq!(lines(&cells.holistic[0][0]), named(vec![("0", vec![int(1)]), ("1", vec![int(2)])]));
    assert_eq!(
        lines(&cells.holistic[0][1]),
        named(vec![("0 A", vec![int(1)]), ("1 A", vec![int(1)]), ("1 B", vec![int(1)])])
    );
    assert_eq!(
        lines(&cells.holistic[0][2]),
        named(vec![("0 in", vec![int(1)]), ("1 in", vec![int(1)]), ("1 uit", vec![int(2)])])
    );
}

#[test]
fn percentiles_by_set() {
    let asked = vec![0.0, 50.0, 95.0];
    let cells = run(&holistic(HolisticOp::Percentiles(col("wacht"), asked.clone()), vec![vec![], vec![0]]));
    let five = [10e6, 20e6, 29e6].map(float);
    assert_eq!(lines(&cells.holistic[0][0])[0], ("0".to_owned(), [five.to_vec(), vec![int(2)]].concat()));
    let team = lines(&cells.holistic[0][1]);
    assert_eq!(team.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["0 A", "1 A", "1 B"]);
    assert_eq!(team[2].1, vec![float(20e6), float(20e6), float(20e6), int(1)]);
    let floats = run(&holistic(HolisticOp::Percentiles(col("score"), asked), vec![vec![]]));
    assert_eq!(lines(&floats.holistic[0][0])[1].1[..2], [float(-1.0), float(9.0)]);
}

#[test]
fn three_valued_logic_and_arithmetic() {
    use Arithmetic::{Add, Divide, Multiply, Subtract};
    let empty = || constant(Value::Empty, Type::Bool);
    let yes = || constant(Value::Bool(true), Type::Bool);
    let no = || constant(Value::Bool(false), Type::Bool);
    let number = |x: f64| constant(Value::Float(x), Type::Number);
    let whole = |n: i64| constant(Value::Int(n), Type::Integer);
    let euro = |n: i128| constant(Value::Money(n * 10_000), Type::Money);
    let us = |n: i64| constant(Value::Int(n), Type::Duration);
    let equal = |a: RowExpr, b: RowExpr| compare(Comparison::Equal, a, b);
    let none = |x: RowExpr| boolean(RowKind::Filled(Box::new(x), false));
    let select = |c: RowExpr, a: RowExpr, b: RowExpr| RowExpr {
        ty: a.ty,
        kind: RowKind::If(Box::new(c), Box::new(a), Box::new(b)),
        span: nowhere(),
    };
    let round = |x: RowExpr, n: i64| RowExpr {
        ty: x.ty,
        kind: RowKind::Function(RowFunction::Round, vec![x, whole(n)]),
        span: nowhere(),
    };
    let two = |f: RowFunction, a: RowExpr, b: RowExpr| RowExpr {
        ty: a.ty,
        kind: RowKind::Function(f, vec![a, b]),
        span: nowhere(),
    };
    let truths = vec![
        boolean(RowKind::Not(Box::new(boolean(RowKind::And(vec![empty(), no()]))))),
        none(boolean(RowKind::And(vec![empty(), yes()]))),
        boolean(RowKind::Or(vec![empty(), yes(), no()])),
        none(boolean(RowKind::Or(vec![empty(), no()]))),
        none(boolean(RowKind::Not(Box::new(empty())))),
        none(equal(col("leeg"), whole(1))),
        none(boolean(RowKind::In(Box::new(col("leeg")), vec![Value::Int(1)]))),
        boolean(RowKind::In(Box::new(col("id")), ["g1", "g2", "g3"].map(|id| Value::Text(id.into())).to_vec())),
        equal(select(empty(), whole(1), whole(2)), whole(2)),
        equal(coalesce(vec![col("leeg"), whole(7)]), whole(7)),
        equal(arith(Divide, whole(7), whole(2), Type::Number), number(3.5)),
        none(arith(Divide, whole(7), whole(0), Type::Number)),
        none(arith(Divide, us(7), whole(0), Type::Duration)),
        equal(arith(Divide, us(7), whole(2), Type::Duration), us(4)),
        equal(arith(Multiply, us(7), number(-0.5), Type::Duration), us(-4)),
        equal(arith(Multiply, number(0.5), us(7), Type::Duration), us(4)),
        equal(arith(Divide, us(7), us(2), Type::Number), number(3.5)),
        equal(arith(Divide, euro(5), euro(2), Type::Number), number(2.5)),
        equal(arith(Subtract, whole(7), number(0.5), Type::Number), number(6.5)),
        equal(arith(Add, whole(i64::MAX), whole(1), Type::Integer), whole(i64::MIN)),
        compare(Comparison::Less, whole(3), number(3.5)),
        equal(arith(Multiply, number(-1.0), number(0.0), Type::Number), number(0.0)),
        none(two(RowFunction::Least, whole(1), col("leeg"))),
        equal(two(RowFunction::Greatest, whole(1), whole(4)), whole(4)),
        equal(round(number(-2.5), 0), number(-3.0)),
        equal(round(constant(Value::Money(12_345), Type::Money), 1), constant(Value::Money(12_000), Type::Money)),
        two_texts(RowFunction::StartsWith, text("50% af"), text("50%")),
        two_texts(RowFunction::Contains, text("een_twee"), text("_t")),
        boolean(RowKind::Not(Box::new(two_texts(RowFunction::Contains, text("een twee"), text("_t"))))),
        equal(boolean_negate(whole(3)), whole(-3)),
    ];
    let atoms: Vec<Atom> = truths.into_iter().map(|truth| atom(AtomOp::Count, Some(truth))).collect();
    let cells = run(&scan(atoms.clone(), vec![], vec![vec![]]));
    let found = &lines(&cells.grains[0])[0].1;
    for (index, value) in found.iter().enumerate() {
        assert_eq!(value, &int(3), "{:?}", atoms[index].filter);
    }
}

#[test]
fn sums_beyond_64_bits_and_floats_in_any_order() {
    let big = arith(
        Arithmetic::Add,
        arith(
            Arithmetic::Multiply,
            coalesce(vec![col("leeg"), constant(Value::Int(0), Type::Integer)]),
            constant(Value::Int(0), Type::Integer),
            Type::Integer,
        ),
        constant(Value::Int(i64::MAX), Type::Integer),
        Type::Integer,
    );
    let cells = run(&scan(vec![atom(AtomOp::Sum(big), None)], vec![], vec![vec![]]));
    assert_eq!(lines(&cells.grains[0])[0].1, vec![int(3 * i128::from(i64::MAX))]);
}

#[test]
fn plans_are_shown_and_errors_are_words() {
    let (model, stored) = small();
    let engine = engine(2);
    let scan = scan(vec![atom(AtomOp::Count, None)], vec![col("team")], vec![vec![], vec![0]]);
    for physical in [false, true] {
        let shown = engine.explain(&model, &scan, &stored, 0, physical).expect("a plan");
        assert!(shown.starts_with("-- acd.gesprek op moment\n") && shown.contains("periode("), "{shown}");
    }
    let error = engine.execute(&model, &scan, &StoredPlans::new(), 0).expect_err("no plan");
    assert_eq!(error.code, "ML700");
    assert!(error.message.starts_with("de rekenmotor kan niet verder"), "{}", error.message);
}

#[test]
fn the_extent_of_a_column() {
    let (model, stored) = small();
    let engine = engine(2);
    let extent = |name| engine.extent(&model, TableId(0), index(name), &stored).expect("an extent");
    assert_eq!(extent("dag"), (Some(19_000), Some(20_001)));
    assert_eq!(extent("leeg"), (None, None));
    assert!(engine.extent(&model, TableId(0), 0, &StoredPlans::new()).is_err());
}
