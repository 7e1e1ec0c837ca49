//! What a report as a whole document (a workbook, Markdown) is made from. Plain values: a report asks nobody for more.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::explain;
use super::series::Group;
use super::table::Skipped;
use super::words::Heading;
use crate::judge::Row;
use crate::model::identity;
use crate::model::{Kpi, Model};

/// Results with what a reader needs beside them.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    pub heading: Heading,
    pub rows: &'a [Row],
    pub groups: &'a [Group],
    pub skipped: &'a [Skipped],
    /// Of every KPI that was asked, each version by itself.
    pub definitions: &'a [Definition],
    /// Rows of members too, where a report would show totals only.
    pub by_members: bool,
    /// The version of the program.
    pub version: &'a str,
}

/// One version of a KPI's definition in plain Dutch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    pub kpi: String,
    pub title: String,
    /// The first day of a dated version.
    pub valid_from: Option<NaiveDate>,
    /// `versie 2 van 3: geldt vanaf 2026-01-01`
    pub validity: Option<String>,
    /// Questions with the lines of their answers.
    pub answers: Vec<(&'static str, Vec<String>)>,
}

impl Definition {
    #[must_use]
    pub fn of(model: &Model, kpi: &Kpi) -> Self {
        Self {
            kpi: kpi.name.clone(),
            title: kpi.title.clone(),
            valid_from: kpi.validity.and_then(|v| v.from),
            validity: explain::validity_line(model, kpi),
            answers: explain::answers(model, kpi),
        }
    }
}

/// What tells two reports apart, in place of the time at which they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// `2026-07-01 00:00`
    pub peilmoment: Option<String>,
    /// Of all definition hashes in the rows.
    pub definitions: String,
    /// Of all input hashes in the rows; none when no row has one.
    pub input: Option<String>,
    pub version: String,
}

impl Input<'_> {
    #[must_use]
    pub fn origin(&self) -> Origin {
        let input = self.rows.iter().filter_map(|r| r.input_hash.as_deref()).collect();
        Origin {
            peilmoment: self.heading.peilmoment.map(|at| at.format("%Y-%m-%d %H:%M").to_string()),
            definitions: together(&self.rows.iter().map(|r| r.definition_hash.as_str()).collect()),
            input: Some(input).filter(|all: &BTreeSet<&str>| !all.is_empty()).map(|all| together(&all)),
            version: self.version.to_owned(),
        }
    }
}

/// One hash of several, whatever their order.
fn together(hashes: &BTreeSet<&str>) -> String {
    let all: Vec<&str> = hashes.iter().copied().collect();
    identity::short_hash(all.join("\n").as_bytes())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::judge::Status;
    use crate::report::sample;

    pub(crate) fn input(rows: &[Row]) -> Input<'_> {
        let heading =
            Heading { project: None, from: sample::day(2026, 1, 1), until: sample::day(2026, 7, 1), peilmoment: None };
        Input { heading, rows, groups: &[], skipped: &[], definitions: &[], by_members: false, version: "1" }
    }

    #[test]
    fn the_origin_follows_the_hashes_and_not_their_order() {
        let mut a = sample::row("a", "2026-01", None, Status::NoData);
        let b = sample::row("b", "2026-01", None, Status::NoData);
        a.definition_hash = "d1".into();
        a.input_hash = Some("i".into());
        let first = input(&[a.clone(), b.clone(), a.clone()]).origin();
        let second = input(&[b.clone(), a]).origin();
        assert_eq!(first, second);
        let other = input(std::slice::from_ref(&b)).origin();
        assert_ne!(first.definitions, other.definitions);
        assert!(first.input.is_some() && other.input.is_none());
    }
}
