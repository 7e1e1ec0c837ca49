//! Markdown: what stands where, and that texts stay texts.

use super::*;
use crate::judge::{Mark, Status};
use crate::measure::Member;
use crate::report::sample::{self, row};
use crate::report::series::Group;
use crate::report::table::{SkipReason, Skipped};
use crate::report::words::Heading;

fn text(rows: &[Row], groups: &[Group], by_members: bool) -> String {
    let until = sample::day(2026, 4, 1);
    let heading = Heading {
        project: Some("Gemeente # <b>X</b>".to_owned()),
        from: sample::day(2026, 1, 1),
        until,
        peilmoment: until.and_hms_opt(0, 0, 0),
    };
    let skipped = [Skipped {
        kpi: "brieven".into(),
        why: SkipReason::NotConnected { sources: vec!["post".into()], tables: Vec::new() },
    }];
    markdown(&Input { heading, rows, groups, skipped: &skipped, definitions: &[], by_members, version: "0.1.0" })
}

fn group(title: &str, kpis: &[&str]) -> Group {
    Group { title: title.into(), kpis: kpis.iter().map(|k| (*k).to_owned()).collect(), dimensions: Vec::new() }
}

#[test]
fn what_is_not_met_comes_first_and_every_group_is_a_table() {
    let mut rows = vec![
        row("goed", "2026-01", Some(85.0), Status::Met),
        row("goed", "2026-02", None, Status::NoData),
        row("slecht", "2026-01", Some(81.0), Status::Met),
        row("slecht", "2026-02", Some(64.94), Status::NotMet),
        row("bijna", "2026-02", Some(79.96), Status::Near),
    ];
    rows[3].marks = vec![Mark { mark: "onbetrouwbaar".into(), reason: "storing".into() }];
    let groups = [group("Telefoon", &["goed", "slecht"]), group("Balie", &["bijna"])];
    assert_eq!(
        text(&rows, &groups, false),
        "\
# Gemeente \\# \\<b\\>X\\</b\\>

januari – maart 2026 · peilmoment 1 april 2026 00:00

3 KPI's: 1 gehaald · 1 bijna · 1 niet gehaald.

1 KPI overgeslagen: bron post is niet gekoppeld.

## Niet gehaald

| KPI | periode | waarde | norm | kenmerken |
| --- | --- | ---: | ---: | --- |
| slecht | 2026-02 | 64,9 % | ≥ 80 % | onbetrouwbaar |

## Bijna gehaald

| KPI | periode | waarde | norm | kenmerken |
| --- | --- | ---: | ---: | --- |
| bijna | 2026-02 | 79,96 % | ≥ 80 % |  |

## Telefoon

| KPI | jan | feb | norm | laatste |
| --- | ---: | ---: | ---: | --- |
| slecht | 81,0 % | 64,9 % ✗ niet ! | ≥ 80 % | ✗ niet gehaald |
| goed | 85,0 % | geen geg. | ≥ 80 % | ✓ gehaald (jan) |

- ! feb onbetrouwbaar: storing (slecht)

## Balie

| KPI | jan | feb | norm | laatste |
| --- | ---: | ---: | ---: | --- |
| bijna |  | 79,96 % \\~ bijna | ≥ 80 % | \\~ bijna |

*meetlat 0.1.0, definities "
            .to_owned()
            + &definitions(&rows)
            + "*\n"
    );
}

fn definitions(rows: &[Row]) -> String {
    let heading =
        Heading { project: None, from: sample::day(2026, 1, 1), until: sample::day(2026, 2, 1), peilmoment: None };
    Input { heading, rows, groups: &[], skipped: &[], definitions: &[], by_members: false, version: "" }
        .origin()
        .definitions
}

#[test]
fn a_single_period_shows_what_it_was_made_of_and_members_say_of_what() {
    let mut total = row("a", "2026-01", Some(85.0), Status::Met);
    (total.numerator, total.denominator) = (Some(340.0), Some(400.0));
    let mut member = row("a", "2026-01", Some(50.0), Status::NotMet);
    member.dimensions = vec![("team".into(), Member::Text("A|B".into()))];
    let rows = [total, member];
    let lines = |by_members| {
        let text = text(&rows, &[], by_members);
        text.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| -")).map(str::to_owned).collect::<Vec<_>>()
    };
    let head = "| KPI | jan | teller | noemer | n | norm | status |";
    let total = "| a | 85,0 % | 340 | 400 | 400 | ≥ 80 % | ✓ gehaald |";
    assert_eq!(lines(false), [head, total]);
    let member = "| – team: A\\|B | 50,0 % ✗ niet | – | – | 400 | ≥ 80 % | ✗ niet gehaald |";
    assert_eq!(lines(true), [head, total, member]);
}

#[test]
fn a_shared_remark_stands_once() {
    let mut rows = Vec::new();
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        let mut total = row(name, "2026-01", Some(85.0), Status::Met);
        total.marks = vec![Mark { mark: "voorlopig".into(), reason: "tot 8 juli".into() }];
        let mut member = total.clone();
        member.dimensions = vec![("team".into(), Member::Text("Noord".into()))];
        rows.extend([total, member]);
    }
    let text = text(&rows, &[], true);
    let notes: Vec<&str> = text.lines().filter(|l| l.starts_with("- ")).collect();
    assert_eq!(notes, ["- · voorlopig tot 8 juli (a; b; c; d; e; en nog 2)"]);
}

#[test]
fn only_the_newest_periods_stand_beside_each_other() {
    let months: Vec<String> = (1..=12).map(|m| format!("2025-{m:02}")).chain(["2026-01".to_owned()]).collect();
    let rows: Vec<Row> = months.iter().map(|m| row("a", m, Some(85.0), Status::Met)).collect();
    let text = text(&rows, &[], false);
    assert!(text.contains("| KPI | feb 25 |") && text.contains("| jan 26 | norm |"), "{text}");
    assert!(text.contains("Nog 1 eerdere maand: zie --to 2025-02-01."), "{text}");
}

#[test]
fn texts_of_others_are_never_markup() {
    let cases = [
        ("a|b", "a\\|b"),
        ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
        ("`code` *vet* _schuin_ ~weg~", "\\`code\\` \\*vet\\* \\_schuin\\_ \\~weg\\~"),
        ("[x](http://x)", "\\[x\\](http\\://x)"),
        ("regel 1\n# regel 2", "regel 1 \\# regel 2"),
        ("\\| @piet &amp; $x$", "\\\\\\| \\@piet \\&amp; \\$x\\$"),
        ("  10:30 uur  ", "10:30 uur"),
    ];
    for (given, written) in cases {
        assert_eq!(escaped(given), written);
    }
}
