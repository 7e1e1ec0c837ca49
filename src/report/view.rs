//! What a report tells, as data: per KPI its series, what is normal for them, what needs attention, and where it belongs.
//! Everything shown comes from the result rows; nothing is calculated here. It knows no markup.

use std::collections::BTreeMap;

use super::input::Input;
use super::series::{self, Entry, Series, Standing};
use super::words::clean;
use crate::calendar::PeriodKind;
use crate::judge::attention::{self, Attention};
use crate::judge::companion::{self, Distribution, Hour};
use crate::judge::variation::{self, Assurance, Variation, Verdict};
use crate::judge::{Row, Status};
use crate::measure::Member;
use crate::model::{Kpi, Model};

/// A whole report.
#[derive(Clone, Debug)]
pub struct View<'a> {
    pub model: &'a Model,
    pub input: &'a Input<'a>,
    /// In the order of their titles.
    pub kpis: Vec<KpiView<'a>>,
}

/// One KPI.
#[derive(Clone, Debug)]
pub struct KpiView<'a> {
    /// The newest version of its definition.
    pub kpi: &'a Kpi,
    pub title: String,
    /// The total, or where it has none its worst member.
    pub telling: Series<'a>,
    pub variation: Variation,
    pub attention: Attention<'a>,
    /// By dimension (its names joined): the series of its members.
    pub members: Vec<(String, Vec<Series<'a>>)>,
    pub steering: Steering,
    /// How the observations behind the newest value are spread.
    pub distribution: Option<Distribution>,
    /// Empty where it has none.
    pub heatmap: Vec<Hour<'a>>,
}

/// At which level a KPI steers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Steering {
    Strategic,
    Tactical,
    Operational,
}

impl Steering {
    pub const ALL: [Self; 3] = [Self::Strategic, Self::Tactical, Self::Operational];

    /// The word in definitions.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Strategic => "strategisch",
            Self::Tactical => "tactisch",
            Self::Operational => "operationeel",
        }
    }

    /// What the definition says; otherwise by how often it is measured.
    fn of(kpi: &Kpi, kind: Option<PeriodKind>) -> Self {
        let said = kpi.details.level.as_deref().and_then(|l| Self::ALL.into_iter().find(|s| s.word() == l));
        said.unwrap_or(match kind.or(kpi.method.period) {
            Some(PeriodKind::Day | PeriodKind::Week) => Self::Operational,
            Some(PeriodKind::Month) => Self::Tactical,
            _ => Self::Strategic,
        })
    }
}

impl<'a> View<'a> {
    #[must_use]
    /// `companions` are the rows of the KPIs' companions: what is drawn beside their own values.
    pub fn of(model: &'a Model, input: &'a Input<'a>, companions: &'a [Row]) -> Self {
        let newest: BTreeMap<&str, &Kpi> = model.kpis.iter().map(|k| (k.name.as_str(), k)).collect();
        let rows: Vec<&Row> = input.rows.iter().collect();
        let mut kpis: Vec<KpiView<'a>> = series::entries(&rows)
            .into_iter()
            .filter_map(|entry| KpiView::of(newest.get(entry.kpi).copied()?, entry, companions))
            .collect();
        kpis.sort_by(|a, b| (a.title.to_lowercase(), &a.kpi.name).cmp(&(b.title.to_lowercase(), &b.kpi.name)));
        Self { model, input, kpis }
    }

    /// A KPI by its name.
    #[must_use]
    pub fn kpi(&self, name: &str) -> Option<&KpiView<'a>> {
        self.kpis.iter().find(|k| k.kpi.name == name)
    }

    /// Those that are so, what is wrong first and then by title.
    #[must_use]
    pub fn worst_first(&self, chosen: impl Fn(&KpiView<'a>) -> bool) -> Vec<&KpiView<'a>> {
        let mut list: Vec<&KpiView<'a>> = self.kpis.iter().filter(|kpi| chosen(kpi)).collect();
        list.sort_by_key(|kpi| kpi.standing().rank());
        list
    }

    /// How many KPIs stand so.
    #[must_use]
    pub fn count(&self, standing: Standing) -> usize {
        self.kpis.iter().filter(|k| k.standing() == standing).count()
    }
}

impl<'a> KpiView<'a> {
    fn of(kpi: &'a Kpi, entry: Entry<'a>, companions: &'a [Row]) -> Option<Self> {
        let mut telling = entry.telling()?.clone();
        // A source that begins later than others has nothing to show before.
        let begun = telling.rows.iter().position(|row| row.status != Status::NoData).unwrap_or(0);
        telling.rows.drain(..begun);
        let kind = telling.rows.first().and_then(|row| series::kind(row));
        let mut members: Vec<(String, Vec<Series<'a>>)> = Vec::new();
        for one in entry.members {
            let name = one.dimensions().join(" × ");
            match members.iter_mut().find(|(known, _)| *known == name) {
                Some((_, list)) => list.push(one),
                None => members.push((name, vec![one])),
            }
        }
        Some(Self {
            kpi,
            title: clean(if kpi.title.is_empty() { &kpi.name } else { &kpi.title }),
            variation: variation::of(&telling.rows),
            attention: attention::of(&telling.rows),
            steering: Steering::of(kpi, kind),
            distribution: telling.latest().and_then(|row| companion::distribution(kpi, row, companions)),
            heatmap: companion::heatmap(kpi, companions),
            telling,
            members,
        })
    }

    /// The row that tells how it stands: the newest with a verdict that does not change any more, otherwise the newest.
    #[must_use]
    pub fn latest(&self) -> Option<&'a Row> {
        self.telling.latest()
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.latest().map_or(Standing::NoData, Standing::of)
    }

    /// What its periods are.
    #[must_use]
    pub fn kind(&self) -> Option<PeriodKind> {
        self.telling.rows.first().and_then(|row| series::kind(row))
    }

    /// The page of this KPI inside the report.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("kpi-{}", self.kpi.name)
    }

    /// What the variation says of keeping the norm; nothing where the newest verdict says otherwise. A process that has
    /// just changed is not what its limits were calculated from.
    #[must_use]
    pub fn assurance(&self) -> Option<Assurance> {
        let Verdict::Judged { assurance, .. } = self.variation.verdict else { return None };
        let status = self.attention.latest.map(|row| row.status);
        assurance.filter(|told| {
            !matches!(
                (told, status),
                (Assurance::ConsistentlyFails, Some(Status::Met))
                    | (Assurance::ConsistentlyMeets, Some(Status::NotMet))
            )
        })
    }

    /// The worst member that misses its norm in the period in which the telling series meets it.
    #[must_use]
    pub fn hidden_miss(&self) -> Option<&'a Row> {
        let met = self.attention.latest.filter(|row| row.status == Status::Met)?;
        let missed = |s: &Series<'a>| {
            let now = |m: &attention::Miss<'_>| m.row.status == Status::NotMet && m.row.period_from == met.period_from;
            attention::of(&s.rows).miss.filter(now)
        };
        // Rows without a team are nobody's to steer by.
        let named = |s: &&Series<'a>| s.rows.iter().all(|r| r.dimensions.iter().all(|(_, m)| *m != Member::Empty));
        let worst = self.members.iter().flat_map(|(_, list)| list).filter(named).filter_map(missed);
        let far = |m: &attention::Miss<'_>| m.relative.unwrap_or(0.0);
        worst.max_by(|a, b| far(a).total_cmp(&far(b))).map(|m| m.row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::input::tests::input;
    use crate::report::sample;
    use crate::resolve::tests::{SOURCES, kpi, outcome};

    fn with_team(mut row: Row, team: Member, distance: f64) -> Row {
        row.dimensions = vec![("team".to_owned(), team)];
        row.distance = Some(distance);
        row
    }

    /// A total that is met, over members of which some are not.
    fn rows() -> Vec<Row> {
        let text = |t: &str| Member::Text(t.to_owned());
        vec![
            sample::row("k", "2026-01", Some(82.0), Status::Met),
            with_team(sample::row("k", "2026-01", Some(70.0), Status::NotMet), text("A"), -10.0),
            with_team(sample::row("k", "2026-01", Some(60.0), Status::NotMet), text("B"), -20.0),
            with_team(sample::row("k", "2026-01", Some(5.0), Status::NotMet), Member::Empty, -75.0),
            with_team(sample::row("k", "2026-01", Some(95.0), Status::Met), text("C"), 15.0),
        ]
    }

    #[test]
    fn the_worst_named_member_behind_a_total_that_is_met() {
        let model = outcome(&[SOURCES, &kpi(&[])]).model;
        let rows = rows();
        let input = input(&rows);
        let view = View::of(&model, &input, &[]);
        let one = view.kpi("k").expect("the KPI");
        assert_eq!(one.standing(), Standing::Met);
        assert_eq!(one.hidden_miss().map(|r| r.value), Some(Some(60.0)));
        assert_eq!(one.members.iter().map(|(n, list)| (n.as_str(), list.len())).collect::<Vec<_>>(), [("team", 4)]);
        assert_eq!((view.count(Standing::Met), view.count(Standing::NotMet)), (1, 0));
    }
}
