//! Calendars as users meet them: figures worked out by hand, in both notations, and what `explain` says.

use super::{Project, has};

const SETTINGS: &str = "project: Proef\nomgevingen:\n  lokaal:\n    bronnen:\n      zaken.zaak: {pad: zaken.csv}\n";

/// Friday afternoon to Monday morning; over Easter, with Good Friday and Easter Monday; not answered yet; on Sunday,
/// over the beginning of summer time.
const ROWS: &str = "nummer,ontvangen,beantwoord,soort\n\
    1,2026-01-02T16:00:00,2026-01-05T09:00:00,a\n\
    2,2026-04-02T10:00:00,2026-04-08T10:00:00,a\n\
    3,2026-01-02T16:00:00,,b\n\
    4,2026-03-29T01:30:00,2026-03-30T10:00:00,b\n";

const SOURCE: &str = r#"
bronsysteem zaken "Zaken" {
    tabel zaak "Eén rij per zaak" {
        nummer      tekst      sleutel
        ontvangen   tijdstip   meetmoment
        beantwoord  tijdstip?
        soort       tekst
        duurde      = werkdagen(ontvangen, beantwoord)
    }
}
"#;

const CALENDAR: &str = r#"
kalender gemeente "Gemeentehuis" {
    feestdagen   cao_gemeenten
    werkdagen    ma, di, wo, do, vr
    open         ma, di, wo, vr  08:30 - 17:00
    open         do              08:30 - 20:00  vanaf 2025-09-01
    open         zo              00:00 - 04:00
    gesloten     2026-04-07      "verhuizing"
}
"#;

const IN_YAML: &str = "kalenders:\n  gemeente:\n    titel: Gemeentehuis\n    feestdagen: cao_gemeenten\n    werkdagen: [ma, di, wo, do, vr]\n    \
    open: [\"ma, di, wo, vr 08:30 - 17:00\", do 08:30 - 20:00 vanaf 2025-09-01, zo 00:00 - 04:00]\n    \
    gesloten: [2026-04-07 \"verhuizing\"]\n";

fn kpi(name: &str, calculation: &str) -> String {
    format!(
        "kpi {name} \"{name}\" {{ definitie \"x\" berekening {calculation} bronsysteem zaken.zaak \
         meetmethode automatisch, per hele reeks dimensies nummer norm geen \"x\" }}\n"
    )
}

fn project(calendar: (&str, &str)) -> Project {
    let project = Project::sample();
    project.write("meetlat.yaml", SETTINGS).write("zaken.csv", ROWS);
    std::fs::remove_dir_all(project.path().join("definities")).expect("removed");
    let kpis = [
        ("dagen", "som(duurde)"),
        ("tijd", "som(werktijd(ontvangen, beantwoord))"),
        ("optijd", "percentage(tijdig(ontvangen, beantwoord, binnen 2 werkdagen))"),
        ("groepen", "gemiddelde(som(werkdagen(ontvangen, beantwoord)) per soort)"),
    ];
    let text: String = kpis.iter().map(|(name, calculation)| kpi(name, calculation)).collect();
    project.write("definities/zaken.kpi", format!("{SOURCE}{text}"));
    if !calendar.0.is_empty() {
        project.write(calendar.0, calendar.1);
    }
    project
}

/// Per case: working days, hours of working time, and whether it was in time.
fn figures(project: &Project) -> Vec<(Option<f64>, Option<f64>, Option<f64>)> {
    let rows = project.rows(&["--by", "nummer", "--as-of", "2026-04-11T00:00"]);
    let value = |kpi: &str, case: usize| {
        let row = rows.iter().find(|r| r["kpi"] == kpi && r["dimensies"]["nummer"] == case.to_string().as_str());
        row.and_then(|r| r["waarde"].as_f64())
    };
    (1..=4).map(|n| (value("dagen", n), value("tijd", n).map(|s| s / 3600.0), value("optijd", n))).collect()
}

#[test]
fn working_days_of_a_municipality() {
    for calendar in [("definities/kalender.kpi", CALENDAR), ("definities/kalender.yaml", IN_YAML)] {
        let project = project(calendar);
        let expected = [
            // Friday 16:00 – 17:00, Sunday 00:00 – 04:00, Monday 08:30 – 09:00.
            (Some(1.0), Some(5.5), Some(100.0)),
            // Friday (no holiday here) and Wednesday: Easter Monday is free, Tuesday the town hall moves. Thursday 10:00 –
            // 20:00, Friday, Sunday, Wednesday 08:30 – 10:00. Due on the second working day: Wednesday itself.
            (Some(2.0), Some(10.0 + 8.5 + 4.0 + 1.5), Some(100.0)),
            // Due on Tuesday 6 January and not done.
            (Some(0.0), Some(0.0), Some(0.0)),
            // From 01:30 to 04:00 is an hour and a half that night; then Monday 08:30 – 10:00.
            (Some(1.0), Some(1.5 + 1.5), Some(100.0)),
        ];
        assert_eq!(figures(&project), expected, "{}", calendar.0);
    }
    // Without a calendar: the Algemene termijnenwet. Working time cannot be told then.
    let bare = project(("", ""));
    has(&bare.fails(1, &["check"]), &["ML232", "kalender gemeente { open ma, di, wo, do, vr 08:30 - 17:00 }"]);
}

#[test]
fn explain_tells_the_calendar() {
    let project = project(("definities/kalender.kpi", CALENDAR));
    has(
        &project.well(&["explain", "tijd"]),
        &[
            "werktijd(a, b) telt de tijd tussen a en b die binnen de openingstijden valt.",
            "Kalender gemeente (Gemeentehuis):\n        feestdagen van de CAO Gemeenten\n        \
             open ma, di, wo, vr 08:30 - 17:00\n        open do 08:30 - 20:00 vanaf 2025-09-01\n        \
             open zo 00:00 - 04:00\n        gesloten 2026-04-07 (verhuizing)\n",
        ],
    );
    // Through a computed column, as a term, and inside groups.
    for name in ["dagen", "optijd", "groepen"] {
        has(&project.well(&["explain", name]), &["Kalender gemeente", "werkdagen ma, di, wo, do, vr"]);
    }
}
