//! Variation and assurance on series that were worked out by hand: the files in `tests/variatie`. A file has the points in
//! a table (`bij`: what is the matter with a point; `verwacht`: what it must be, blank for normal variation) and the
//! verdicts as a list. Numbers are compared at the decimals that are written.

#[path = "variatie/rows.rs"]
pub mod rows;

use std::fs;

use meetlat::judge::Row;
use meetlat::judge::variation::{self, Baseline, Point, Variation};
use rows::Written;

use crate::command::root;

/// A case as written.
struct Case {
    unit: String,
    series: Vec<Written>,
    /// Per point.
    expected: Vec<String>,
    /// The lines of the list, without their dash.
    verdicts: Vec<String>,
}

impl Case {
    fn read(text: &str) -> Self {
        let told = |word: &str| {
            text.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(": ")).map(|rest| rest.trim().to_owned())
        };
        let (mut norm, streefnorm, richtlijn) = (told("norm"), told("streefnorm"), told("richtlijn"));
        let mut case = Self {
            unit: told("eenheid").unwrap_or_default(),
            series: Vec::new(),
            expected: Vec::new(),
            verdicts: Vec::new(),
        };
        for line in text.lines() {
            if let Some(verdict) = line.strip_prefix("- ") {
                case.verdicts.push(verdict.trim().to_owned());
            }
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let ["", number, value, with, expected, ""] = cells.as_slice() else { continue };
            if number.parse() != Ok(case.series.len() + 1) {
                assert!(case.series.is_empty(), "the points are numbered: {line}");
                continue;
            }
            let mut point = Written { value: value.parse().ok(), ..Written::default() };
            assert!(point.value.is_some() || value.is_empty(), "{line}");
            for what in with.split(',').map(str::trim).filter(|what| !what.is_empty()) {
                match what {
                    "reeksbreuk" => point.version = true,
                    "nieuwe basis" => point.baseline = true,
                    "norm geen" => norm = None,
                    _ => match what.strip_prefix("norm ") {
                        Some(test) => norm = Some(test.to_owned()),
                        None => point.told.push(what.to_owned()),
                    },
                }
            }
            point.norm.clone_from(&norm);
            (point.streefnorm, point.richtlijn) = (streefnorm.clone(), richtlijn.clone());
            case.series.push(point);
            case.expected.push((*expected).to_owned());
        }
        case
    }

    /// What is not as expected.
    fn wrong(&self) -> Vec<String> {
        let rows = rows::rows(&self.series, &self.unit);
        let found = of(&rows);
        let points = found.points.iter().copied().map(point).zip(&self.expected).enumerate();
        let mut wrong: Vec<String> = points
            .filter(|(_, (found, expected))| found != *expected)
            .map(|(index, (found, expected))| format!("punt {}: `{found}`, niet `{expected}`", index + 1))
            .collect();
        assert_eq!(found.points.len(), self.expected.len());
        let mut baselines = found.baselines.iter();
        for line in &self.verdicts {
            let told = match line.split_once(": ") {
                Some((word, expected)) if word.starts_with("basis ") => baselines.next().map_or_else(
                    || "er is geen basis meer".to_owned(),
                    |b| format!("basis {}–{}: {}", b.from + 1, b.until, baseline(b, expected)),
                ),
                Some(("beeld", _)) => format!("beeld: {}", found.verdict.variation()),
                Some(("zekerheid", _)) => format!("zekerheid: {}", found.verdict.assurance().unwrap_or("geen")),
                Some((with, _)) if with.starts_with("norm ") => format!("{with}: {}", self.against(with)),
                _ => "dit is geen oordeel".to_owned(),
            };
            if told != *line {
                wrong.push(format!("`{told}`, niet `{line}`"));
            }
        }
        wrong.extend(baselines.map(|b| format!("nog een basis: {b:?}")));
        wrong
    }

    /// The assurance of the series with another norm: `norm >= 44.68`.
    fn against(&self, norm: &str) -> &'static str {
        let test = norm.strip_prefix("norm ").map(str::to_owned);
        let series: Vec<Written> = self.series.iter().map(|p| Written { norm: test.clone(), ..p.clone() }).collect();
        of(&rows::rows(&series, &self.unit)).verdict.assurance().unwrap_or("geen")
    }
}

fn of(rows: &[Row]) -> Variation {
    variation::of(&rows.iter().collect::<Vec<_>>())
}

fn point(point: Point) -> String {
    match point {
        Point::LeftOut(why) => format!("apart: {}", why.word()),
        Point::Unjudged => "–".to_owned(),
        Point::Common => String::new(),
        Point::Special(special) => format!("{}: {}", special.change.word(), special.why()),
    }
}

/// A baseline with as many decimals as `expected` has, number by number.
fn baseline(found: &Baseline, expected: &str) -> String {
    let number = |word: &str, nth: usize, value: f64| {
        let written = expected.split(", ").find_map(|part| part.strip_prefix(word)).unwrap_or_default();
        let digits = written.split(" en ").nth(nth).and_then(|n| n.trim().split_once('.')).map_or(0, |(_, d)| d.len());
        format!("{value:.digits$}")
    };
    let pair =
        |word: &str, low: f64, high: f64| format!("{word} {} en {}", number(word, 0, low), number(word, 1, high));
    let Some(limits) = found.limits else {
        let centre = found.centre.map_or("geen".to_owned(), |centre| number("gemiddelde", 0, centre));
        return format!("gemiddelde {centre}, {} van 13 punten", found.used);
    };
    let mut parts = vec![
        format!("gemiddelde {}", number("gemiddelde", 0, limits.centre)),
        format!("bereik {}", number("bereik", 0, limits.moving_range)),
        pair("grenzen", limits.lower, limits.upper),
        pair("bijna", limits.near_lower, limits.near_upper),
    ];
    if expected.contains("getekend") {
        parts.push(pair("getekend", limits.drawn.0, limits.drawn.1));
    }
    parts.join(", ")
}

#[test]
fn series_worked_out_by_hand() {
    let mut paths: Vec<_> =
        fs::read_dir(root().join("tests/variatie")).expect("the folder").map(|e| e.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "md"));
    paths.sort();
    assert!(paths.len() >= 20, "only {} cases", paths.len());
    let mut wrong = Vec::new();
    for path in paths {
        let case = Case::read(&fs::read_to_string(&path).expect("text"));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        assert!(!case.series.is_empty() && !case.verdicts.is_empty(), "{name} has points and verdicts");
        wrong.extend(case.wrong().into_iter().map(|what| format!("{name}: {what}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn rows_of_one_kpi_and_one_combination_are_one_series() {
    let mut rows = rows::rows(&vec![Written { value: Some(1.0), ..Written::default() }; 6], "aantal");
    let member = |name: &str| vec![("kanaal".to_owned(), meetlat::measure::Member::Text(name.to_owned()))];
    for (index, name) in [(1, "balie"), (3, "web"), (5, "balie")] {
        rows[index].dimensions = member(name);
    }
    rows[4].kpi = "ander".to_owned();
    rows.swap(1, 5);
    let found: Vec<Vec<&str>> =
        variation::series(&rows).iter().map(|series| series.iter().map(|row| row.period.as_str()).collect()).collect();
    assert_eq!(found, [vec!["2020-01", "2020-03"], vec!["2020-02", "2020-06"], vec!["2020-04"], vec!["2020-05"]]);
}
