//! Formulas over small tables, by hand.

use crate::calendar::{HOUR, PeriodKind};
use crate::interpret::Answer;
use crate::interpret::testing::*;
use crate::model::expr::{Arithmetic, Comparison};
use crate::model::{AggFunc, Aggregate, Calculation, Formula, FormulaKind, KpiId, RowExpr, TableId, Type, Value};

/// Rows of (id, moment, team, number, day).
fn table(project: &mut Project, rows: &[(&str, &str, i64)]) -> TableId {
    let columns = vec![
        column("id", Type::Integer),
        column("moment", Type::Moment),
        column("team", Type::Text),
        column("getal", Type::Integer),
        column("dag", Type::Date),
    ];
    let rows = rows.iter().enumerate().map(|(i, (when, team, n))| {
        let id = Value::Int(i64::try_from(i).expect("few"));
        let team = if team.is_empty() { Value::Empty } else { text(team) };
        vec![id, moment(when), team, Value::Int(*n), date(&when[..10])]
    });
    project.table(Some(1), columns, rows.collect())
}

/// January and March have rows; February none.
fn project() -> (Project, TableId) {
    let mut project = Project::new();
    let rows = [
        ("2026-01-05 09:00", "a", 4),
        ("2026-01-31 23:59", "b", 6),
        ("2026-03-01 00:00", "a", 0),
        ("2026-03-02 00:00", "a", 8),
    ];
    let table = table(&mut project, &rows);
    (project, table)
}

fn number(func: AggFunc) -> Aggregate {
    agg(func, Some(col(3, Type::Integer)), Type::Integer)
}

fn is_team(team: &str) -> RowExpr {
    cmp(Comparison::Equal, col(2, Type::Text), lit(text(team), Type::Text))
}

fn constant(x: f64) -> Formula {
    formula(FormulaKind::Number(x))
}

fn quarter(project: &Project, kpi: KpiId) -> Vec<Answer> {
    project.ask(kpi, "2026-01-01", "2026-04-01", &[])
}

fn values(answers: &[Answer]) -> Vec<Option<f64>> {
    answers.iter().map(|a| a.value).collect()
}

#[test]
fn nothing_to_count_is_zero_only_where_the_source_has_rows() {
    let (mut project, table) = project();
    for func in [AggFunc::Sum, AggFunc::CountDistinct] {
        let kpi = project.kpi(&[(table, 1)], number(func).filtered(is_team("c")));
        assert_eq!(values(&quarter(&project, kpi)), [Some(0.0), None, Some(0.0)], "{func:?}");
    }
    for func in [AggFunc::Mean, AggFunc::Median, AggFunc::Percentile(90.0), AggFunc::Min, AggFunc::Max] {
        let kpi = project.kpi(&[(table, 1)], number(func).filtered(is_team("c")));
        assert_eq!(values(&quarter(&project, kpi)), [None, None, None], "{func:?}");
    }
    let kpi = project.kpi(&[(table, 1)], count().filtered(is_team("b")));
    let answers = quarter(&project, kpi);
    let figures: Vec<_> = answers.iter().map(Answer::figures).collect();
    assert_eq!(figures, [(Some(1.0), Some(1), Some(0)), (None, Some(0), Some(0)), (Some(0.0), Some(0), Some(0))]);
    // Presence is of the table, whatever the population, the member or `--where`.
    project.filter(kpi, 0, is_team("c"));
    project.filters = vec![Some(is_team("d"))];
    assert_eq!(values(&quarter(&project, kpi)), [Some(0.0), None, Some(0.0)]);
}

#[test]
fn the_day_of_the_clock_change() {
    let mut project = Project::new();
    let rows = [("2025-10-26 00:00", "", 1), ("2025-10-26 23:30", "", 1), ("2025-10-27 00:00", "", 1)];
    let table = table(&mut project, &rows);
    // An hour before the midnight that ends the day of 25 hours.
    let last = at("2025-10-27 00:00") - HOUR / 2;
    assert_eq!(last - at("2025-10-26 00:00"), 24 * HOUR + HOUR / 2);
    for axis in [1, 4] {
        let kpi = project.kpi(&[(table, axis)], count());
        let days = project.ask_per(PeriodKind::Day, kpi, "2025-10-26", "2025-10-28", &[]);
        assert_eq!(values(&days), [Some(2.0), Some(1.0)]);
        assert_eq!(days[0].period, "2025-10-26");
    }
}

#[test]
fn the_last_known_value_stays_until_the_next() {
    let mut project = Project::new();
    let rows = [
        ("2025-06-01 00:00", "a", 100),
        ("2026-02-15 00:00", "a", 110),
        ("2026-02-15 00:00", "b", 120),
        ("2026-04-01 00:00", "a", 130),
    ];
    let table = table(&mut project, &rows);
    for on in [1, 4] {
        let kpi = project.kpi(&[(table, 1)], number(AggFunc::Last).on(on));
        let answers = project.ask(kpi, "2025-05-01", "2025-07-01", &[]);
        assert_eq!(values(&answers), [None, Some(100.0)]);
        // Ties: the greatest key.
        assert_eq!(values(&quarter(&project, kpi)), [Some(100.0), Some(120.0), Some(120.0)]);
        assert_eq!(quarter(&project, kpi)[0].figures(), (Some(100.0), None, None));
    }
    // An empty value is no last value; a filter chooses.
    project.data.tables.get_mut(&table).expect("the table")[2][3] = Value::Empty;
    let kpi = project.kpi(&[(table, 1)], number(AggFunc::Last).on(1));
    assert_eq!(values(&quarter(&project, kpi)), [Some(100.0), Some(110.0), Some(110.0)]);
    let kpi = project.kpi(&[(table, 1)], number(AggFunc::Last).on(1).filtered(is_team("b")));
    assert_eq!(values(&quarter(&project, kpi)), [None, None, None]);
}

#[test]
fn a_ratio_over_two_sources() {
    let (mut project, visits) = project();
    let people = table(&mut project, &[("2025-01-01 00:00", "", 5_000)]);
    let last = number(AggFunc::Last).on(1).of(1);
    let per = FormulaKind::Per(Box::new(count().into()), 1000, Box::new(last.into()));
    let kpi = project.kpi(&[(visits, 1), (people, 1)], formula(per));
    let answers = quarter(&project, kpi);
    assert_eq!(values(&answers), [Some(0.4), None, Some(0.4)]);
    // n is that of the numerator: a stock counts no rows. The numerator is not scaled.
    assert_eq!(answers[0].figures(), (Some(0.4), Some(2), Some(0)));
    assert_eq!(answers[0].sides(), (Some(2.0), Some(5_000.0)));
    assert_eq!(answers[1].sides(), (None, Some(5_000.0)));
}

#[test]
fn shares_and_divisions() {
    let (mut project, table) = project();
    let team_a = || Box::new(Formula::from(number(AggFunc::Sum).filtered(is_team("a"))));
    let all = || Box::new(Formula::from(number(AggFunc::Sum)));
    let kpi = project.kpi(&[(table, 1)], formula(FormulaKind::Share(team_a(), all())));
    let answer = project.january(kpi);
    assert_eq!((answer.figures(), answer.sides()), ((Some(40.0), Some(2), Some(0)), (Some(4.0), Some(10.0))));
    // Division by zero: no value, but both sides are known.
    let nobody = number(AggFunc::Sum).filtered(is_team("c"));
    let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Divide, number(AggFunc::Sum), nobody));
    let answer = project.january(kpi);
    assert_eq!((answer.figures(), answer.sides()), ((None, Some(0), Some(0)), (Some(10.0), Some(0.0))));
    let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Divide, number(AggFunc::Sum), constant(4.0)));
    assert_eq!(project.january(kpi).figures(), (Some(2.5), Some(2), Some(0)));
}

#[test]
fn sums_of_parts_rest_on_the_smaller_n() {
    let (mut project, table) = project();
    project.data.tables.get_mut(&table).expect("the table")[1][3] = Value::Empty;
    let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Subtract, count(), number(AggFunc::Mean)));
    let answer = project.january(kpi);
    assert_eq!((answer.figures(), answer.sides()), ((Some(-2.0), Some(1), Some(1)), (None, None)));
    let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Multiply, constant(3.0), count()));
    assert_eq!(project.january(kpi).figures(), (Some(6.0), Some(2), Some(0)));
    let missing = number(AggFunc::Mean).filtered(is_team("c"));
    let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Add, count(), missing));
    assert_eq!(project.january(kpi).figures(), (None, Some(0), Some(0)));
    let kpi = project.kpi(&[(table, 1)], formula(FormulaKind::Negate(Box::new(count().into()))));
    assert_eq!(project.january(kpi).figures(), (Some(-2.0), Some(2), Some(0)));
}

#[test]
fn other_kpis_keep_their_own_population_and_lack_dimensions() {
    let (mut project, table) = project();
    let team = || vec![Some(col(2, Type::Text))];
    let with_team = project.kpi(&[(table, 1)], count());
    project.dimension(with_team, "team", Type::Text, team());
    let without = project.kpi(&[(table, 1)], number(AggFunc::Sum));
    project.filter(without, 0, cmp(Comparison::Greater, col(3, Type::Integer), lit(Value::Int(4), Type::Integer)));
    let kpi = |id| formula(FormulaKind::Kpi(id));
    let both = project.kpi(&[], binary(Arithmetic::Divide, kpi(with_team), kpi(without)));
    project.dimension(both, "team", Type::Text, Vec::new());
    let answer = project.january(both);
    assert_eq!((answer.value, answer.sides(), answer.n), (Some(2.0 / 6.0), (Some(2.0), Some(6.0)), Some(1)));
    let answers = project.ask(both, "2026-01-01", "2026-02-01", &["team"]);
    let labels: Vec<String> = answers.iter().map(|a| a.members[0].label()).collect();
    assert_eq!(labels, ["a", "b"]);
    assert_eq!(values(&answers), [Some(1.0 / 6.0), Some(1.0 / 6.0)]);
    let alone = project.kpi(&[], kpi(with_team));
    assert_eq!(
        (project.january(alone).figures(), project.january(alone).sides()),
        ((Some(2.0), Some(2), Some(0)), (None, None))
    );
}

#[test]
fn without_an_indicator_and_in_a_circle_there_is_no_value() {
    let (mut project, table) = project();
    let none = project.kpi(&[(table, 1)], count());
    project.model.kpis[none.0].calculation = Calculation::NotMeasurable { reason: "te duur".to_owned() };
    let answer = project.january(none);
    assert_eq!((answer.figures(), answer.sides()), ((None, None, None), (None, None)));
    let circle = project.kpi(&[], formula(FormulaKind::Kpi(KpiId(1))));
    assert_eq!(project.january(circle).value, None);
    assert!(project.ask(circle, "2026-01-01", "2026-02-01", &["team"]).is_empty());
}
