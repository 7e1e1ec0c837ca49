//! Whole tables, as they are shown.

use super::*;
use crate::judge::{Mark, Status};
use crate::measure::Member;
use crate::report::sample::{day, row};

const MONTHS: [&str; 6] = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"];

fn heading() -> Heading {
    Heading {
        project: Some("Gemeente Voorbeeldstad".into()),
        from: day(2026, 1, 1),
        until: day(2026, 7, 1),
        peilmoment: day(2026, 7, 1).and_hms_opt(0, 0, 0),
    }
}

fn look(width: usize) -> Look {
    Look { color: false, width, by_members: false }
}

fn group(title: &str, kpis: &[&str]) -> Group {
    Group { title: title.into(), kpis: kpis.iter().map(|k| (*k).to_owned()).collect(), dimensions: Vec::new() }
}

fn status(value: f64) -> Status {
    match value {
        v if v >= 80.0 => Status::Met,
        v if v >= 75.0 => Status::Near,
        _ => Status::NotMet,
    }
}

fn service_level() -> Vec<Row> {
    let values = [78.2, 81.0, 79.96, 83.4, 64.9, 84.1];
    let mut rows: Vec<Row> =
        MONTHS.iter().zip(values).map(|(p, v)| row("servicelevel", p, Some(v), status(v))).collect();
    for r in &mut rows {
        r.title = "Binnen service level".into();
    }
    rows[4].marks = vec![Mark { mark: "onbetrouwbaar".into(), reason: "telefooncentrale defect (3–9 mei)".into() }];
    rows
}

fn waiting() -> Vec<Row> {
    let values = [24.0, 22.0, 23.0, 19.0, 58.0, 18.0];
    let make = |(p, v): (&&str, f64)| {
        let mut r = row("wachttijd", p, Some(v), if v <= 30.0 { Status::Met } else { Status::NotMet });
        r.title = "Gemiddelde wachttijd".into();
        (r.unit, r.norm) = ("s".into(), Some("<= 30 s".into()));
        r
    };
    MONTHS.iter().zip(values).map(make).collect()
}

fn repeats() -> Vec<Row> {
    let values = [11.3, 10.9, 11.8, 10.2, 12.0, 10.4];
    let mut rows: Vec<Row> =
        MONTHS.iter().zip(values).map(|(p, v)| row("herhaal", p, Some(v), Status::NoNorm)).collect();
    for r in &mut rows {
        r.title = "Herhaaloproepen (7 dagen)".into();
    }
    rows[5].marks = vec![Mark { mark: "voorlopig".into(), reason: "tot 8 juli".into() }];
    rows
}

fn answers() -> Vec<Row> {
    MONTHS
        .iter()
        .map(|p| {
            let mut r = row("antwoord", p, None, Status::NoData);
            r.title = "Volledig antwoord".into();
            r.marks = vec![Mark { mark: "onvolledige bron".into(), reason: "koppeling ontbreekt".into() }];
            r
        })
        .collect()
}

fn call_backs() -> Vec<Row> {
    let mut rows: Vec<Row> = MONTHS.iter().map(|p| row("terugbellen", p, Some(71.4), Status::NotMet)).collect();
    for r in &mut rows {
        r.title = "Terugbelafspraken op tijd nagekomen".into();
        r.norm = Some(">= 90%".into());
    }
    let mut members: Vec<Row> = Vec::new();
    for (team, value) in [("Noord", 95.0), ("Zuid", 40.0)] {
        for r in &rows {
            let mut m = r.clone();
            m.dimensions = vec![("team".into(), Member::Text(team.into()))];
            m.value = Some(value);
            m.status = if value >= 90.0 { Status::Met } else { Status::NotMet };
            members.push(m);
        }
    }
    rows.extend(members);
    rows
}

fn everything() -> Vec<Row> {
    [service_level(), waiting(), repeats(), answers(), call_backs()].concat()
}

fn groups() -> Vec<Group> {
    vec![
        group("Telefonie", &["servicelevel", "wachttijd", "herhaal", "antwoord"]),
        group("Afspraken", &["terugbellen"]),
    ]
}

fn skipped() -> Vec<Skipped> {
    let missing = |kpi: &str, names: &[&str]| Skipped {
        kpi: kpi.into(),
        why: SkipReason::NotConnected { sources: names.iter().map(|n| (*n).to_owned()).collect(), tables: Vec::new() },
    };
    vec![missing("a", &["web"]), missing("b", &["zaken", "email"]), missing("c", &["web"])]
}

#[test]
fn periods_across_and_what_is_wrong_first() {
    let text = table(&everything(), &heading(), &groups(), &skipped(), look(140));
    assert_eq!(
        text,
        "\
Gemeente Voorbeeldstad · januari – juni 2026 · peilmoment 1 juli 2026 00:00

Telefonie                                  jan        feb        mrt        apr        mei        jun   norm     laatste
Volledig antwoord                    geen geg.  geen geg.  geen geg.  geen geg.  geen geg.  geen geg.   ≥ 80 %   ? geen gegevens
    ! onvolledige bron: koppeling ontbreekt
Binnen service level                    78,2 %     81,0 %    79,96 %     83,4 %     64,9 %     84,1 %   ≥ 80 %   ✓ gehaald
                                       ~ bijna               ~ bijna              ✗ niet !
    ! mei onbetrouwbaar: telefooncentrale defect (3–9 mei)
Gemiddelde wachttijd                      24 s       22 s       23 s       19 s       58 s       18 s   ≤ 30 s   ✓ gehaald
                                                                                    ✗ niet
Herhaaloproepen (7 dagen)               11,3 %     10,9 %     11,8 %     10,2 %     12,0 %     10,4 %   –        geen norm
                                                                                                    ·            · jun voorlopig tot 8 juli

Afspraken                                  jan        feb        mrt        apr        mei        jun   norm     laatste
Terugbelafspraken op tijd nagekomen     71,4 %     71,4 %     71,4 %     71,4 %     71,4 %     71,4 %   ≥ 90 %   ✗ niet gehaald
                                        ✗ niet     ✗ niet     ✗ niet     ✗ niet     ✗ niet     ✗ niet

5 KPI's: 2 gehaald · 1 niet gehaald · 1 geen gegevens · 1 zonder norm.
3 KPI's overgeslagen: bronnen email, web en zaken zijn niet gekoppeld.
Niet gehaald: Terugbelafspraken op tijd nagekomen (jun 71,4 %, norm ≥ 90 %).
Meer: meetlat run terugbellen --by team
"
    );
}

#[test]
fn narrow_screens_keep_the_newest_periods() {
    let text = table(&everything(), &heading(), &groups(), &[], look(80));
    assert_eq!(
        text,
        "\
Gemeente Voorbeeldstad · januari – juni 2026 · peilmoment 1 juli 2026 00:00

Telefonie                      apr       mei       jun  norm    laatste
Volledig antwoord        geen geg. geen geg. geen geg.  ≥ 80 %  ? geen gegevens
    ! onvolledige bron: koppeling ontbreekt
Binnen service level        83,4 %    64,9 %    84,1 %  ≥ 80 %  ✓ gehaald
                                    ✗ niet !
    ! mei onbetrouwbaar: telefooncentrale defect (3–9 mei)
Gemiddelde wachttijd          19 s      58 s      18 s  ≤ 30 s  ✓ gehaald
                                      ✗ niet
Herhaaloproepen (7          10,2 %    12,0 %    10,4 %  –       geen norm
dagen)                                               ·
    · jun voorlopig tot 8 juli

Afspraken                      apr       mei       jun  norm    laatste
Terugbelafspraken op        71,4 %    71,4 %    71,4 %  ≥ 90 %  ✗ niet gehaald
tijd nagekomen              ✗ niet    ✗ niet    ✗ niet
Nog 3 eerdere maanden (jan t/m mrt): zie --to 2026-04-01 of --format csv.

5 KPI's: 2 gehaald · 1 niet gehaald · 1 geen gegevens · 1 zonder norm.
Niet gehaald: Terugbelafspraken op tijd nagekomen (jun 71,4 %, norm ≥ 90 %).
Meer: meetlat run terugbellen --by team
"
    );
}

#[test]
fn members_under_their_total() {
    let rows = call_backs();
    let text = table(&rows, &heading(), &[], &[], Look { by_members: true, ..look(120) });
    assert_eq!(
        text,
        "\
Gemeente Voorbeeldstad · januari – juni 2026 · peilmoment 1 juli 2026 00:00

KPI                                     jan     feb     mrt     apr     mei     jun   norm     laatste
Terugbelafspraken op tijd nagekomen  71,4 %  71,4 %  71,4 %  71,4 %  71,4 %  71,4 %   ≥ 90 %   ✗ niet gehaald
                                     ✗ niet  ✗ niet  ✗ niet  ✗ niet  ✗ niet  ✗ niet
  per team
    Noord                            95,0 %  95,0 %  95,0 %  95,0 %  95,0 %  95,0 %   ≥ 90 %   ✓ gehaald
    Zuid                             40,0 %  40,0 %  40,0 %  40,0 %  40,0 %  40,0 %   ≥ 90 %   ✗ niet gehaald
                                     ✗ niet  ✗ niet  ✗ niet  ✗ niet  ✗ niet  ✗ niet

1 KPI: 1 niet gehaald.
Niet gehaald: Terugbelafspraken op tijd nagekomen (jun 71,4 %, norm ≥ 90 %).
Meer: meetlat explain terugbellen
"
    );
}
#[test]
fn a_single_period_shows_what_the_value_was_made_of() {
    let mut met = row("servicelevel", "hele reeks", Some(81.25), Status::Met);
    met.title = "Binnen service level".into();
    (met.numerator, met.denominator, met.n) = (Some(13_000.0), Some(16_000.0), Some(16_000));
    let mut cost = row("kosten", "hele reeks", Some(2.5), Status::NotMet);
    cost.title = "Kosten per klantcontact".into();
    (cost.unit, cost.norm) = ("€".into(), Some("<= € 2.26".into()));
    (cost.numerator, cost.denominator, cost.n) = (Some(40_000.5), Some(16_000.2), Some(16_000));
    let mut survey = row("ces", "hele reeks", Some(12.0), Status::Met);
    survey.title = "Klantinspanning".into();
    (survey.unit, survey.norm) = ("procentpunt".into(), Some(">= 10 procentpunt".into()));
    (survey.lower, survey.upper) = (Some(9.94), Some(14.0));
    survey.marks = vec![Mark { mark: "voorlopig".into(), reason: String::new() }];
    let text = table(&[met, cost, survey], &heading(), &[], &[], look(120));
    assert_eq!(
        text,
        "\
Gemeente Voorbeeldstad · januari – juni 2026 · peilmoment 1 juli 2026 00:00

KPI                                   waarde    teller    noemer       n   norm          status
Kosten per klantcontact               € 2,50  40.000,5  16.000,2  16.000   ≤ € 2,26      ✗ niet gehaald
Binnen service level                  81,3 %    13.000    16.000  16.000   ≥ 80 %        ✓ gehaald
Klantinspanning                  12,0 %-punt         –         –     400   ≥ 10 %-punt   · voorlopig gehaald
                         (9,9 – 14,0 %-punt)

3 KPI's: 1 gehaald · 1 niet gehaald · 1 voorlopig.
Niet gehaald: Kosten per klantcontact (€ 2,50, norm ≤ € 2,26).
Meer: meetlat explain kosten
"
    );
}

#[test]
fn other_periods_years_and_changes() {
    let mut rows: Vec<Row> = ["2025-K3", "2025-K4", "2026-K1", "2026-K2", "2026-K3"]
        .iter()
        .zip([70.0, 76.0, 82.0, 83.0, 90.0])
        .map(|(p, v)| row("kwartaal", p, Some(v), status(v)))
        .collect();
    rows[0].norm = Some(">= 75%".into());
    rows[2].series_break = true;
    rows[4].marks = vec![Mark { mark: "voorlopig".into(), reason: "loopt nog".into() }];
    rows.extend(["2026-W05", "2026-W06"].map(|p| row("week", p, Some(12.0), Status::NoNorm)));
    rows.push(row("week", "2026-W07", None, Status::TooFew));
    let text = table(&rows, &heading(), &[], &[], look(100));
    assert_eq!(
        text,
        "\
Gemeente Voorbeeldstad · januari – juni 2026 · peilmoment 1 juli 2026 00:00

KPI       2025-K3  2025-K4  2026-K1  2026-K2  2026-K3   norm     laatste
kwartaal   70,0 %   76,0 %   82,0 %   83,0 %   90,0 %   ≥ 80 %   ✓ gehaald (2026-K2)
           ✗ niet  ~ bijna        !                 ·
    ! 2026-K1 reeksbreuk: een andere versie van de definitie
    · 2026-K3 voorlopig: loopt nog
    norm t/m 2025-K3: ≥ 75 %

KPI          W05     W06        W07   norm     laatste
week      12,0 %  12,0 %  te weinig   ≥ 80 %   ? te weinig waarnemingen
                                               norm t/m W06: geen

2 KPI's: 1 gehaald · 1 te weinig waarnemingen.
Meer: meetlat explain kwartaal
"
    );
}

#[test]
fn of_a_source_that_is_connected_in_part_the_tables_are_named() {
    let why = SkipReason::NotConnected {
        sources: vec!["web".into()],
        tables: vec!["zaken.besluit".into(), "zaken.bericht".into()],
    };
    let two = [Skipped { kpi: "x".into(), why }, skipped().remove(1)];
    assert!(table(&[], &heading(), &groups(), &two, look(200)).contains(
        "2 KPI's overgeslagen: bronnen email, web en zaken en tabellen zaken.bericht en zaken.besluit zijn niet gekoppeld."
    ));
    let why = SkipReason::NotConnected { sources: Vec::new(), tables: vec!["zaken.besluit".into()] };
    let one = [Skipped { kpi: "x".into(), why }];
    assert!(
        table(&[], &heading(), &groups(), &one, look(200))
            .contains("1 KPI overgeslagen: tabel zaken.besluit is niet gekoppeld.")
    );
}

#[test]
fn no_rows_at_all() {
    let other = Skipped { kpi: "x".into(), why: SkipReason::Other("bron acd is onleesbaar".into()) };
    assert_eq!(
        table(&[], &heading(), &groups(), &[skipped().remove(0), other], look(120)),
        "\
Gemeente Voorbeeldstad · januari – juni 2026 · peilmoment 1 juli 2026 00:00

Geen resultaten.
1 KPI overgeslagen: bron web is niet gekoppeld. Overgeslagen: x (bron acd is onleesbaar).
"
    );
}

#[test]
fn colour_only_adds() {
    let plain = table(&everything(), &heading(), &groups(), &skipped(), look(120));
    let coloured = table(&everything(), &heading(), &groups(), &skipped(), Look { color: true, ..look(120) });
    assert!(coloured.contains("\u{1b}[31m"));
    let mut stripped = coloured;
    for code in ["0", "1", "2", "31", "32", "33"] {
        stripped = stripped.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(stripped, plain);
}

#[test]
fn odd_rows_do_not_panic_and_cannot_steer_the_terminal() {
    let statuses = [
        Status::NotMeasurable,
        Status::NoData,
        Status::TooFew,
        Status::NoNorm,
        Status::Met,
        Status::Near,
        Status::NotMet,
    ];
    for value in [None, Some(f64::NAN), Some(f64::INFINITY), Some(-1e300), Some(0.0)] {
        for unit in ["", "%", "s", "€", "per ", "s per 0", "tekst"] {
            let mut rows = Vec::new();
            for s in statuses {
                for period in ["2026-01", "2026-02", "é", "hele reeks"] {
                    let mut r = row("k\u{1b}[2J", period, value, s);
                    r.title = "\u{1b}]0;x\u{7}".repeat(30);
                    r.unit = unit.into();
                    r.dimensions = vec![("d".into(), Member::Empty)];
                    r.marks = vec![Mark { mark: "m\n".into(), reason: "r".repeat(300) }; 9];
                    rows.push(r);
                }
            }
            for width in [0, 80] {
                let text = table(&rows, &heading(), &groups(), &skipped(), Look { by_members: true, ..look(width) });
                assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'), "{text}");
            }
        }
    }
}
