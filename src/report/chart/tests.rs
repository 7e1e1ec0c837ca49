//! Tests of the charts as a whole.

use super::samples::{all, bars, heat, key_figure, line_chart, months, page, rich, small, spread};
use super::*;
use crate::judge::Shown;
use crate::report::sample;

/// A page of all forms, to look at: `MEETLAT_GALLERY=/tmp/gallery.html cargo test chart::tests::gallery`.
#[test]
fn gallery() {
    let (page, sizes) = page();
    for form in ["class=\"g\"", "class=\"gk\"", "class=\"gm\"", "class=\"gh\""] {
        assert!(page.contains(form), "{form}");
    }
    if let Some(path) = std::env::var_os("MEETLAT_GALLERY") {
        std::fs::write(path, &page).expect("a file");
        for (form, bytes) in sizes {
            println!("{form}: {bytes}");
        }
    }
}

fn some(values: &[f64]) -> Vec<Point> {
    months(&values.iter().copied().map(Some).collect::<Vec<_>>())
}

/// All values of an attribute.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect()
}

/// What stands in elements of one name.
fn inside<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
    let (start, end) = (format!("<{element}"), format!("</{element}>"));
    let parts = html.split(&start).skip(1).filter_map(|rest| rest.split(&end).next());
    parts.filter_map(|part| part.split_once('>').map(|(_, text)| text)).collect()
}

/// Opened and closed in turn, no bare text that is markup, no coordinate that is no number.
fn sound(name: &str, html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1) {
        let inner = tag.split('>').next().unwrap_or_default();
        let element = inner.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        match () {
            () if inner.starts_with('/') => assert_eq!(open.pop(), Some(element), "{name}"),
            () if inner.ends_with('/') => {}
            () => open.push(element),
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    for bad in ["NaN", "inf", "geen getal", "<script"] {
        assert!(!html.contains(bad), "{name}: {bad}");
    }
    for d in attributes(html, "d") {
        let known = |l: char| l.is_ascii_digit() || "MHVLhvlmaz.- ".contains(l);
        assert!(d.chars().all(known), "{name}: {d}");
    }
}

#[test]
fn every_form_is_sound_and_the_same_each_time() {
    let again = all();
    for ((name, chart), (_, same)) in all().iter().zip(&again) {
        sound(name, &chart.0);
        assert_eq!(chart.0, same.0, "{name}");
    }
}

#[test]
fn texts_of_others_stay_texts() {
    let evil = "<script>alert(\"x\")</script>&'";
    let mut points = some(&[71.0, 82.0]);
    for p in &mut points {
        p.label = evil.into();
        p.long_label = evil.into();
        p.note = evil.into();
        p.series_break = Some(evil.into());
    }
    let reference = Reference { label: evil.into(), value: 80.0, from: 0, until: 2 };
    let line_of = LineChart {
        title: evil.into(),
        id: evil.into(),
        references: vec![reference.clone()],
        ..line_chart("x", "%", points.clone())
    };
    let mut standing = bars(Direction::Up, "%", points.clone());
    standing.title = evil.into();
    standing.references = vec![reference];
    let lying = BarChart { direction: Direction::Right, ..standing.clone() };
    let mut hot = heat();
    hot.title = evil.into();
    hot.corner = evil.into();
    hot.columns.iter_mut().for_each(|c| *c = evil.into());
    hot.rows.iter_mut().for_each(|r| r.label = evil.into());
    let mut divided = spread();
    divided.note = evil.into();
    divided.bins.iter_mut().for_each(|b| b.label = evil.into());
    let many = SmallMultiples {
        id: evil.into(),
        title: evil.into(),
        unit: evil.into(),
        items: vec![Small { name: evil.into(), points: points.clone() }],
    };
    let one = Figure { id: evil.into(), title: evil.into(), unit: evil.into(), points };
    let drawn = [
        line(&line_of),
        bar(&standing),
        bar(&lying),
        heatmap(&hot),
        distribution(&divided),
        small_multiples(&many),
        figure(&one),
    ];
    for chart in drawn {
        sound("evil", &chart.0);
        assert!(chart.0.contains("&lt;script&gt;"));
    }
}

#[test]
fn strange_series_are_drawn_without_harm() {
    let cases: [(&str, Vec<Point>); 12] = [
        ("nothing", Vec::new()),
        ("no value", months(&[None; 6])),
        ("one point", some(&[81.0])),
        ("all equal", some(&[5.0; 8])),
        ("zeros", some(&[0.0; 3])),
        ("negative", some(&[-5.0, -9.5, -7.0])),
        ("both sides", some(&[-5.0, 3.0])),
        ("huge", some(&[1e9, 2.5e9, 9e8])),
        ("beyond", some(&[1e300, -1e300, f64::MAX])),
        ("tiny", some(&[1e-9, 3e-9])),
        ("no number", some(&[f64::NAN, f64::INFINITY, 4.0])),
        ("120 periods", some(&(0..120).map(f64::from).collect::<Vec<_>>())),
    ];
    for (name, points) in cases {
        for unit in ["%", "s", "€", "aantal", "getal", "procentpunt"] {
            let mut unnormed = points.clone();
            for p in &mut unnormed {
                p.norm = None;
            }
            for points in [points.clone(), unnormed] {
                let items = vec![Small { name: "A".into(), points: points.clone() }];
                let (id, title) = (String::from("k"), String::from("t"));
                let one = Figure { id: id.clone(), title: title.clone(), unit: unit.into(), points: points.clone() };
                let drawn = [
                    line(&line_chart("x", unit, points.clone())),
                    bar(&bars(Direction::Up, unit, points.clone())),
                    bar(&bars(Direction::Right, unit, points.clone())),
                    figure(&one),
                    small_multiples(&SmallMultiples { id, title, unit: unit.into(), items }),
                ];
                for chart in &drawn {
                    sound(&format!("{name} in {unit}"), &chart.0);
                }
            }
        }
    }
}

/// The commands of the line itself.
fn drawn_line(points: Vec<Point>) -> String {
    let html = line(&line_chart("x", "%", points)).0;
    let after = html.split("class=\"l\" d=\"").nth(1).unwrap_or_default();
    after.split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn the_line_stops_where_a_value_lacks_or_stands_apart() {
    let values = [70.0, 72.0, 74.0, 76.0, 78.0, 80.0];
    let starts = |change: &dyn Fn(&mut Vec<Point>)| {
        let mut points = some(&values);
        change(&mut points);
        drawn_line(points).matches('M').count()
    };
    assert_eq!(starts(&|_| {}), 1);
    assert_eq!(starts(&|p| p[2].value = None), 2);
    assert_eq!(starts(&|p| p[2].status = Status::Shielded), 2);
    assert_eq!(starts(&|p| p[2].status = Status::TooFew), 2);
    assert_eq!(starts(&|p| p[2].certainty = Certainty::Unreliable), 2);
    assert_eq!(starts(&|p| p[2].certainty = Certainty::Provisional), 1);
    assert_eq!(starts(&|p| p[3].series_break = Some("reeksbreuk".into())), 2);
    // Lonely points are marks and no lines.
    assert_eq!(starts(&|p| [0, 2, 4].into_iter().for_each(|i| p[i].value = None)), 0);
}

#[test]
fn what_is_shielded_is_nowhere() {
    let mut points = some(&[81.0, 87.654_321, 83.0]);
    points[1].status = Status::Shielded;
    points[1].low = Some(86.543);
    points[1].high = Some(88.765);
    let one =
        |points: &[Point]| Figure { id: "f".into(), title: "t".into(), unit: "%".into(), points: points.to_vec() };
    let items = vec![Small { name: "A".into(), points: points[..2].to_vec() }];
    let cell = Cell { value: Some(87.654_321), status: Status::Shielded };
    let other = Cell { value: Some(3.0), status: Status::Met };
    let hot = Heatmap {
        columns: vec!["a".into(), "b".into()],
        rows: vec![HeatRow { label: "r".into(), cells: vec![cell, other] }],
        ..heat()
    };
    let drawn = [
        line(&line_chart("x", "%", points.clone())),
        bar(&bars(Direction::Up, "%", points.clone())),
        bar(&bars(Direction::Right, "%", points.clone())),
        figure(&one(&points)),
        figure(&one(&points[..2])),
        small_multiples(&SmallMultiples { id: "k".into(), title: "t".into(), unit: "%".into(), items }),
        heatmap(&hot),
    ];
    for chart in &drawn {
        for part in ["87,", "86,5", "88,7", "88,8"] {
            assert!(!chart.0.contains(part), "{part}: {}", chart.0);
        }
    }
    // The highest is of what is shown, and the axis does not give it away.
    let shown = line(&line_chart("x", "%", some(&[81.0, 83.0]))).0;
    let ticks = |html: &str| inside(html, "text").iter().filter(|t| t.ends_with(" %")).count();
    assert_eq!(ticks(&drawn[0].0), ticks(&shown));
    assert!(drawn[0].0.contains("1 periode afgeschermd"));
}

#[test]
fn each_status_has_its_own_shape() {
    let mut shapes = std::collections::BTreeSet::new();
    for mark in mark::Mark::ALL {
        let mut path = svg::Path::default();
        mark.trace(&mut path, 7.0, 7.0, 4.5);
        let hollow = mark.class().ends_with(" o");
        assert!(shapes.insert((hollow, path.draw("").0)), "{mark:?} looks like another");
    }
}

#[test]
fn norms_are_steps() {
    let mut points = some(&[70.0, 72.0, 74.0, 76.0]);
    points[0].norm = Bound::read(">= 60%");
    points[1].norm = Bound::read(">= 60%");
    points[3].norm = None;
    let html = line(&line_chart("x", "%", points.clone())).0;
    let steps = html.split("class=\"n\" d=\"").nth(1).and_then(|d| d.split('"').next()).unwrap_or_default();
    // The first level, then up to the second; the last period has none.
    assert_eq!(
        (steps.matches('M').count(), steps.matches('H').count(), steps.matches('V').count()),
        (2, 2, 1),
        "{steps}"
    );
    assert!(html.contains(">≥ 60 %<") && html.contains("norm ≥ 80 %"));
    for p in &mut points {
        p.norm = Bound::read("tussen 70% en 75%");
    }
    let band = line(&line_chart("x", "%", points)).0;
    assert!(band.contains("class=\"nb\"") && band.contains("norm 70 – 75 %"));
}

#[test]
fn a_broken_axis_is_marked_and_a_whole_one_not() {
    let teeth = |points| line(&line_chart("x", "%", points)).0.contains("l8-4m-8-1l8-4");
    assert!(teeth(some(&[78.0, 84.0])));
    assert!(!teeth(some(&[5.0, 84.0])));
    assert!(!bar(&bars(Direction::Up, "%", some(&[78.0, 84.0]))).0.contains("l8-4m-8-1l8-4"));
}

#[test]
fn sentences_say_what_is_there() {
    let said = |points: &[Point]| tell::series(points, "%", tell::Of::Periods);
    assert_eq!(said(&[]), "Geen waarden in 0 perioden.");
    assert_eq!(said(&some(&[81.0])), "81,0 % in januari 2025; norm ≥ 80 %; gehaald in 1 periode met een oordeel.");
    assert_eq!(
        said(&some(&[70.0, 79.96, 90.0])),
        "Van 70,0 % in januari 2025 naar 90,0 % in maart 2025; hoogste 90,0 % in maart 2025; laagste 70,0 % in januari \
         2025; norm ≥ 80 %; 1 keer niet en 1 keer bijna gehaald in 3 perioden met een oordeel."
    );
    let mut points = some(&[95.0, 82.0, 82.0, 70.0, 99.0]);
    points[0].status = Status::TooFew;
    points[3].certainty = Certainty::Unreliable;
    points[4].value = None;
    points[2].series_break = Some("reeksbreuk".into());
    points[2].certainty = Certainty::Provisional;
    assert_eq!(
        said(&points),
        "Van 82,0 % in februari 2025 naar 82,0 % (voorlopig) in maart 2025; hoogste 82,0 % (2 keer); laagste 82,0 % (2 \
         keer); vanaf maart 2025 niet te vergelijken met daarvoor; norm ≥ 80 %; gehaald in 2 perioden met een oordeel; 1 \
         periode geen gegevens, 1 periode te weinig waarnemingen, niet meegeteld en 1 periode onbetrouwbaar, niet \
         meegeteld."
    );
}

#[test]
fn changes_are_told_only_where_they_mean_something() {
    let change = |points: Vec<Point>| {
        let html = figure(&Figure { id: "f".into(), title: "t".into(), unit: "%".into(), points }).0;
        html.split("class=\"gc\">").nth(1).and_then(|t| t.split('<').next()).map(str::to_owned)
    };
    assert_eq!(change(some(&[80.0])), None);
    assert_eq!(change(some(&[80.0, 82.5])).as_deref(), Some("2,5 %-punt hoger dan in januari 2025"));
    assert_eq!(change(some(&[82.5, 80.0])).as_deref(), Some("2,5 %-punt lager dan in januari 2025"));
    assert_eq!(change(some(&[80.0, 80.0])).as_deref(), Some("gelijk aan januari 2025"));
    assert_eq!(change(some(&[80.0, 80.01])).as_deref(), Some("vrijwel gelijk aan januari 2025"));
    assert_eq!(change(months(&[None, Some(80.0)])).as_deref(), Some("januari 2025: geen gegevens"));
    assert_eq!(change(months(&[Some(80.0), None])), None);
    let with = |change_last: fn(&mut Point)| {
        let mut points = some(&[80.0, 90.0]);
        change_last(&mut points[1]);
        change(points).unwrap_or_default()
    };
    assert_eq!(
        with(|p| p.series_break = Some("reeksbreuk".into())),
        "niet te vergelijken met januari 2025: reeksbreuk"
    );
    assert!(with(|p| p.status = Status::TooFew).ends_with("februari 2025 te weinig waarnemingen"));
}

#[test]
fn classes_keep_the_norm_between_them_or_say_that_it_is_within() {
    assert!(distribution(&spread()).0.contains(">norm ≤ 56 dagen<"));
    let mut within = spread();
    within.norm = Bound::read("<= 3024000 s");
    assert!(distribution(&within).0.contains("norm ≤ 35 dagen ligt in deze klasse"));
    let mut none = spread();
    none.bins.iter_mut().for_each(|b| b.count = 0);
    let html = distribution(&none).0;
    sound("no durations", &html);
    assert!(html.contains("Geen gegevens."));
}

#[test]
fn cells_print_their_value_and_why_one_lacks() {
    let html = heatmap(&heat()).0;
    assert_eq!(html.matches("<td").count(), 50);
    assert!(html.contains("<td class=\"hx\">–</td>") && html.contains("<td class=\"hx\">*</td>"));
    assert!(html.contains("– geen gegevens") && html.contains("* afgeschermd") && html.contains("te weinig"));
    let steps: Vec<&str> = (0..7).map(|n| ["h0", "h1", "h2", "h3", "h4", "h5", "h6"][n]).collect();
    assert!(steps.iter().all(|s| html.contains(&format!("<td class=\"{s}\">"))));
    // One value only: one step, and no legend of steps that are not there.
    let cell = Cell { value: Some(4.0), status: Status::NoNorm };
    let rows = vec![HeatRow { label: "8".into(), cells: vec![cell] }];
    let single = heatmap(&Heatmap { columns: vec!["ma".into(), "di".into()], rows, unit: "aantal".into(), ..heat() }).0;
    assert!(single.contains("<td class=\"h0\">4</td><td class=\"hx\">–</td>") && !single.contains("h6"));
}

#[test]
fn rows_become_points_and_references() {
    let target =
        |text: &str| Shown { kind: "streefnorm", text: text.into(), test: None, label: None, year: None, n: None };
    let mark = Shown {
        kind: "benchmark",
        text: "76.2%".into(),
        test: None,
        label: Some("landelijk".into()),
        year: Some(2005),
        n: Some(815),
    };
    let mut rows: Vec<Row> = ["2026-01", "2026-02", "2026-03"]
        .iter()
        .map(|period| sample::row("a", period, Some(78.25), Status::Near))
        .collect();
    rows[0].references = vec![target(">= 90%"), mark.clone()];
    rows[1].references = vec![target(">= 90%"), mark];
    rows[2].references = vec![target(">= 95%")];
    rows[2].series_break = true;
    let found = references(&rows.iter().collect::<Vec<_>>());
    let told: Vec<(&str, f64, usize, usize)> =
        found.iter().map(|r| (r.label.as_str(), r.value, r.from, r.until)).collect();
    assert_eq!(
        told,
        [
            ("streefnorm ≥ 90 %", 90.0, 0, 2),
            ("benchmark landelijk 76,2 %", 76.2, 0, 2),
            ("streefnorm ≥ 95 %", 95.0, 2, 3)
        ]
    );
    rows[2].marks = vec![crate::judge::Mark { mark: "voorlopig".into(), reason: "tot 8 april".into() }];
    let point = Point::of(&rows[2], true);
    assert_eq!((point.label.as_str(), point.long_label.as_str()), ("mrt 26", "maart 2026"));
    assert_eq!(point.certainty, Certainty::Provisional);
    assert_eq!(point.note, "voorlopig: tot 8 april");
    assert_eq!(point.series_break.as_deref(), Some("reeksbreuk"));
    assert_eq!(point.norm, Bound::read(">= 80%"));
    assert_eq!(Bound::read("volgens de wet"), None);
}

#[test]
fn charts_are_small() {
    let per_member = small_multiples(&small(8)).0.len() / 8;
    assert!(per_member < 1000, "{per_member}");
    let year: Vec<f64> = (0..24).map(|i| 70.0 + f64::from(i % 20)).collect();
    let two_years = line(&line_chart("x", "%", some(&year))).0.len();
    assert!(two_years < 6500, "{two_years}");
    assert!(line(&rich()).0.len() < 9000);
    assert!(figure(&key_figure()).0.len() < 1500);
    assert!(CSS.len() < 9000, "{}", CSS.len());
}

#[test]
fn a_small_line_to_the_letter() {
    let spark = Sparkline { title: "Bereikbaarheid".into(), unit: "%".into(), points: some(&[78.0, 81.5, 84.0]) };
    insta::assert_snapshot!(sparkline(&spark).0);
    insta::assert_snapshot!(line(&line_chart("x", "%", some(&[78.0, 81.5]))).0.replace("><", ">\n<"));
}

/// The custom properties of one block of the style.
fn properties(block: &str) -> std::collections::BTreeMap<&str, &str> {
    let pairs = block.split(['{', ';', '}', '\n']).filter_map(|line| line.trim().split_once(':'));
    pairs.filter(|(name, _)| name.starts_with("--g-")).collect()
}

fn luminance(colour: &str) -> f64 {
    let part = |from: usize| {
        let hex = colour.get(from..from + 2).expect("six digits");
        let v = f64::from(u8::from_str_radix(hex, 16).expect("a colour")) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn colours_have_enough_contrast_in_light_and_dark_and_print() {
    let blocks: Vec<&str> = CSS.split(":root").filter(|b| b.contains("--g-bg:#")).collect();
    assert_eq!(blocks.len(), 4, "light, dark by the system, dark by choice, print");
    for block in &blocks {
        let of = properties(block);
        let bg = of["--g-bg"];
        for text in ["--g-ink", "--g-soft", "--g-ref"] {
            assert!(contrast(of[text], bg) >= 4.5, "{text} {}", contrast(of[text], bg));
            assert!(text == "--g-ref" || contrast(of[text], of["--g-band"]) >= 4.5, "{text} on the band");
        }
        for shape in ["line", "bar", "norm", "ok", "nr", "no", "un", "up", "dn", "axis"] {
            let ratio = contrast(of[format!("--g-{shape}").as_str()], bg);
            assert!(ratio >= 3.0, "{shape} {ratio}");
        }
        for (step, text) in [(0, "t0"), (1, "t0"), (2, "t0"), (3, "t0"), (4, "t4"), (5, "t4"), (6, "t4")] {
            let ratio = contrast(of[format!("--g-h{step}").as_str()], of[format!("--g-{text}").as_str()]);
            assert!(ratio >= 4.5, "h{step} {ratio}");
        }
    }
    // The two ways to dark are the same dark.
    assert_eq!(properties(blocks[1]), properties(blocks[2]));
}
