//! Three ways to one number: the fused plan of all KPIs, the plan of each KPI alone, and the reference interpreter must
//! agree on generated definitions and generated rows. A case is a seed; a failing one prints the seed, the KPI and both
//! answers, and `MEETLAT_SEED=n` runs that one alone (`n-m` a range), `MEETLAT_CASES=n` more of them.

mod dated;
mod definitions;
mod levels;
mod over_time;
mod rows;
mod united;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use meetlat::calendar::{PeriodKind, Zone};
use meetlat::check::{Checked, check};
use meetlat::diagnostic::Sink;
use meetlat::interpret::{self, Answer, Data};
use meetlat::judge::Row;
use meetlat::measure::Grouping;
use meetlat::model::norm::Limit;
use meetlat::model::{BoundTest, Kpi, KpiId, Model, RowExpr, TableId, text};
use meetlat::pipeline::{Question, Silent, calculate};
use meetlat::resolve::{Settings, resolve, resolve_filter};
use meetlat::run::engine::{Engine, Limits};
use meetlat::run::source::Connection;
use meetlat::source::{SourceMap, Span, Spanned};
use meetlat::syntax::dsl;
use meetlat::syntax::fragment::Fragment;
use rows::Random;

/// What `--where` may say.
const WHERE: [&str; 4] =
    ["soort = \"x\"", "vast > 4", "soort in (\"x\", \"y\") en g is gevuld", "herhaald(soort, binnen 2 dagen)"];

/// A condition for every KPI that can have it.
fn filters(model: &Model, text: &str) -> BTreeMap<KpiId, Vec<Option<RowExpr>>> {
    let mut sources = SourceMap::default();
    let id = sources.add("--where", text);
    let expr = dsl::parse_expr(&Fragment::verbatim(id, text, 0), &mut Sink::default()).expect("an expression");
    let mut found = BTreeMap::new();
    // What a filter means for a KPI of KPIs is not settled: the plan applies that of the other, the interpreter none.
    if model.kpis.iter().any(|kpi| kpi.sources.is_empty()) {
        return found;
    }
    for kpi in &model.kpis {
        let mut sink = Sink::default();
        let list = resolve_filter(model, kpi, &expr, &mut sink);
        if !sink.has_errors() {
            found.insert(kpi.id, list);
        }
    }
    found
}

/// Cases per run of the tests.
const CASES: u64 = 60;

/// Compiles generated definitions one KPI at a time, so that one that the checks refuse does not take the rest along.
/// How many were refused is counted: too many would mean that the generator tests little.
fn compile(season: NaiveDate, random: &mut Random, dated: bool) -> (Checked, String, usize) {
    let mut text =
        definitions::TABLES.to_owned() + dated::TABLES + &definitions::calendars(random) + &united::tables(random);
    let mut refused = 0;
    let mut known = Vec::new();
    for number in 0..11 {
        let kpi = match number {
            6 if dated => definitions::versions(number, random),
            7 if dated => definitions::asker(number, number - 1),
            8.. => united::kpi(number, random),
            _ => definitions::kpi(number, &known, season, random),
        };
        match try_compile(&format!("{text}{kpi}")) {
            Ok(_) => {
                text.push_str(&kpi);
                known.push(number);
            }
            Err(_) => refused += 1,
        }
    }
    let checked = try_compile(&text).unwrap_or_else(|e| panic!("the tables alone compile: {e}"));
    (checked, text, refused)
}

fn try_compile(text: &str) -> Result<Checked, String> {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let id = sources.add("test.kpi", text);
    let file = dsl::parse_file(id, text, &mut sink);
    let settings = Settings {
        zone: Zone::default(),
        parameters: Vec::new(),
        calendar: Some(Spanned::new("k1".to_owned(), Span::new(id, 0..0))),
    };
    let model = resolve(&[file], &settings, &mut sink);
    let checked = check(model, &mut sink);
    checked.ok_or_else(|| {
        let told: Vec<String> = sink.into_sorted().iter().map(|d| format!("{} {}", d.code, d.message)).collect();
        told.join("\n")
    })
}

struct Case {
    seed: u64,
    checked: Checked,
    text: String,
    data: Data,
    connections: BTreeMap<TableId, Connection>,
    peilmoment: i64,
    /// Another than the KPIs' own.
    period: Option<PeriodKind>,
    /// The asked range.
    from: NaiveDate,
    until: NaiveDate,
    /// `--where`, of every KPI that has the columns.
    filters: BTreeMap<KpiId, Vec<Option<RowExpr>>>,
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).expect("a day")
}

impl Case {
    fn question(&self, kpis: Vec<KpiId>, grouping: Grouping) -> Question {
        Question {
            kpis,
            from: Some(self.from),
            until: Some(self.until),
            period: self.period,
            grouping,
            filters: self.filters.clone(),
            peilmoment: Some(self.peilmoment),
        }
    }

    fn engine(&self, engine: &Engine, kpis: Vec<KpiId>, grouping: Grouping) -> Vec<Row> {
        let question = self.question(kpis, grouping);
        let outcome = calculate(&self.checked, engine, &self.connections, &question, &Silent);
        assert!(
            outcome.failures.is_empty() && outcome.unconnected.is_empty(),
            "seed {}: {:?} {:?}\n{}",
            self.seed,
            outcome.failures,
            outcome.unconnected,
            self.text
        );
        outcome.rows
    }

    fn interpreter(&self, kpi: KpiId, dimensions: &[String]) -> Vec<Answer> {
        let question = interpret::Question {
            kpi,
            period: self.period.or(self.checked.model().kpi(kpi).method.period).expect("a period"),
            from: self.from,
            until: self.until,
            dimensions,
            peilmoment: self.peilmoment,
            filters: self.filters.get(&kpi).map(Vec::as_slice).unwrap_or_default(),
        };
        interpret::answer(&self.checked, &self.data, &question)
    }
}

/// One figure in a form that both sides have.
#[derive(Clone, Debug)]
struct Figure {
    key: String,
    value: Option<f64>,
    numerator: Option<f64>,
    denominator: Option<f64>,
    n: Option<u64>,
    n_empty: Option<u64>,
    /// The bound in words, or that there is not one.
    norm: String,
    /// What rows say of it.
    marks: String,
}

fn of_row(row: &Row) -> Figure {
    let members: Vec<String> = row.dimensions.iter().map(|(_, m)| m.label()).collect();
    Figure {
        key: format!("{} {members:?}", row.period),
        value: row.value,
        numerator: row.numerator,
        denominator: row.denominator,
        n: row.n,
        n_empty: row.n_empty,
        norm: match row.marks.iter().find(|m| m.mark == "norm niet eenduidig") {
            Some(mark) => mark.reason.split(", ").next().unwrap_or_default().to_owned(),
            None => row.norm.clone().unwrap_or_default(),
        },
        marks: dated::marks_of_row(row),
    }
}

/// The norm of a row from what the interpreter says of its rows.
fn norm_of(kpi: &Kpi, dimensions: &[String], answer: &Answer) -> String {
    let row: Vec<(String, String)> =
        dimensions.iter().cloned().zip(answer.members.iter().map(meetlat::measure::Member::label)).collect();
    let Some(bound) = kpi.norms.of_row(&row).and_then(|norms| norms.bounds.first()) else { return String::new() };
    let BoundTest::Data(op, index) = bound.test else { return text::bound(&bound.test, &kpi.unit) };
    let value = |x| text::quantity(x, &kpi.unit);
    match answer.limits[index] {
        Limit::None => String::new(),
        Limit::One(x) => text::bound(&BoundTest::Compare(op, x), &kpi.unit),
        Limit::Several { low, high, .. } if value(low) == value(high) => format!("de norm is {}", value(low)),
        Limit::Several { low, high, .. } => format!("de norm loopt van {} tot {}", value(low), value(high)),
    }
}

/// As shown: over fewer persons than `least` nothing is.
fn of_answer(kpi: &Kpi, dimensions: &[String], answer: &Answer, least: u64) -> Figure {
    if answer.persons.is_some_and(|n| n > 0 && n < least) {
        let hidden = Answer {
            value: None,
            numerator: None,
            denominator: None,
            n: None,
            n_empty: None,
            persons: None,
            marks: BTreeMap::new(),
            ..answer.clone()
        };
        return of_answer(kpi, dimensions, &hidden, 0);
    }

    let members: Vec<String> = answer.members.iter().map(meetlat::measure::Member::label).collect();
    Figure {
        key: format!("{} {members:?}", answer.period),
        value: answer.value,
        numerator: answer.numerator,
        denominator: answer.denominator,
        n: answer.n,
        n_empty: answer.n_empty,
        norm: norm_of(kpi, dimensions, answer),
        marks: dated::marks_of_answer(answer),
    }
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-6),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// The first difference between two answers to one question.
fn difference(mut a: Vec<Figure>, mut b: Vec<Figure>) -> Option<String> {
    a.sort_by(|x, y| x.key.cmp(&y.key));
    b.sort_by(|x, y| x.key.cmp(&y.key));
    let keys = |list: &[Figure]| list.iter().map(|f| f.key.clone()).collect::<Vec<_>>();
    if keys(&a) != keys(&b) {
        return Some(format!("rows {:?}\n  and {:?}", keys(&a), keys(&b)));
    }
    a.iter().zip(&b).find_map(|(x, y)| {
        let same = near(x.value, y.value)
            && near(x.numerator, y.numerator)
            && near(x.denominator, y.denominator)
            && x.n == y.n
            && x.n_empty == y.n_empty
            && x.norm == y.norm
            && x.marks == y.marks;
        (!same).then(|| format!("{x:?}\n  and {y:?}"))
    })
}

fn run_case(seed: u64, engine: &Engine) -> (usize, usize) {
    let mut random = Random(seed);
    let kinds = [PeriodKind::Month, PeriodKind::Week, PeriodKind::Quarter, PeriodKind::Whole, PeriodKind::Day];
    let period = usize::try_from(random.below(10)).ok().and_then(|i| kinds.get(i)).copied();
    let season = over_time::season(&mut random);
    // A version begins on the first of October, where no week and no whole range begins.
    let dated = !matches!(period, Some(PeriodKind::Week | PeriodKind::Whole));
    let (checked, text, refused) = compile(season, &mut random, dated);
    let folder = tempfile::tempdir().expect("a folder");
    let (data, connections) = rows::generate(checked.model(), folder.path(), season, &mut random);
    let zone = checked.model().zone;
    let peilmoment = zone.midnight(later(season, 75)) + random.below(86_400) * 1_000_000;
    // Ranges that cut through the data, so that rows outside them matter to rows inside.
    let (from, until) = match random.below(3) {
        0 => (season, later(season, 91)),
        1 => (later(season, 49), later(season, 63)),
        _ => (later(season, 56), later(season, 57)),
    };
    let filters = if random.below(3) == 0 { filters(checked.model(), random.pick(&WHERE)) } else { BTreeMap::new() };
    let case = Case { seed, checked, text, data, connections, peilmoment, period, from, until, filters };
    let model = case.checked.model();
    let all: Vec<KpiId> = model.kpis.iter().map(|k| k.id).collect();
    let fused = case.engine(engine, all, Grouping::ByEach);
    let mut figures = 0;
    for kpi in &model.kpis {
        let alone = case.engine(engine, vec![kpi.id], Grouping::ByEach);
        let least = |period: &str| {
            let row = fused.iter().find(|r| r.kpi == kpi.name && r.period == period);
            row.and_then(|r| model.shield_on(kpi, r.period_from)).unwrap_or(0)
        };
        let mut sets = vec![Vec::new()];
        sets.extend(kpi.dimensions.iter().map(|d| vec![d.name.clone()]));
        for set in sets {
            let of_set = |rows: &[Row]| {
                let mine = |r: &&Row| {
                    let version = kpi.validity.and_then(|v| v.from);
                    r.kpi == kpi.name
                        && r.version == version
                        && r.dimensions.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>() == set
                };
                rows.iter().filter(mine).map(of_row).collect::<Vec<_>>()
            };
            let interpreted: Vec<Figure> =
                case.interpreter(kpi.id, &set).iter().map(|a| of_answer(kpi, &set, a, least(&a.period))).collect();
            figures += interpreted.len();
            for (name, other) in [("single plan", of_set(&alone)), ("interpreter", interpreted)] {
                if let Some(what) = difference(of_set(&fused), other) {
                    panic!(
                        "seed {seed}: fused plan and {name} differ for {} by {set:?}, {:?}:\n  {what}\n{}",
                        kpi.name, case.period, case.text
                    );
                }
            }
        }
    }
    (figures, refused)
}

#[test]
fn fused_plan_single_plan_and_interpreter_agree() {
    let engine = Engine::new(Limits { memory: None, threads: Some(2) }).expect("an engine");
    let only = std::env::var("MEETLAT_SEED").ok().and_then(|asked| {
        let (from, until) = asked.split_once('-').unwrap_or((&asked, &asked));
        Some(from.parse().ok()?..=until.parse().ok()?)
    });
    let cases = std::env::var("MEETLAT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let seeds: Vec<u64> = only.clone().unwrap_or(1..=cases).collect();
    let (mut figures, mut refused) = (0, 0);
    for &seed in &seeds {
        let (more, not) = run_case(seed, &engine);
        figures += more;
        refused += not;
    }
    println!("{} cases, {figures} figures, {refused} generated KPIs refused by the checks", seeds.len());
    let generated = seeds.len() * 8;
    assert!(only.is_some() || refused * 3 < generated, "{refused} of {generated} generated KPIs were refused");
}
