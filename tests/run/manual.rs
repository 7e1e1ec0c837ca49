//! `init`, `explain`, and the manual: what docs/handleiding.md says is what happens.

use std::fs;

use super::{Project, has};
use crate::command::root;

fn empty() -> Project {
    Project { dir: tempfile::tempdir().expect("a folder") }
}

#[test]
fn a_new_project_works_at_once() {
    let project = empty();
    let ran = project.meetlat(&["init"]);
    assert_eq!(ran.code, 0);
    has(&ran.stdout, &["gemaakt: ./meetlat.yaml\n", "gemaakt: ./definities/balie.kpi\n"]);
    assert_eq!(ran.stderr, "\nControleer de definities:  meetlat check\nBereken de KPI's:          meetlat run\n");
    assert_eq!(project.fails(0, &["check"]), "✓ 2 KPI's kloppen, in 1 bestand\n");
    let text = project.well(&["run"]);
    has(&text, &["Mijn gemeente · 2 januari – 27 maart 2026", "2 KPI's: 2 niet gehaald."]);
    // Once is enough.
    project.write("definities/balie.kpi", "// van mij\n");
    let text = project.fails(2, &["init"]);
    assert_eq!(text, "fout: in `.` staat al een meetlat.yaml; er is niets veranderd\n");
    assert_eq!(project.read("definities/balie.kpi"), "// van mij\n");
    project.well(&["init", "ander"]);
    project.well(&["run", "--project", "ander"]);
}

#[test]
fn explanations() {
    let project = Project::sample();
    let text = project.well(&["explain", "op_tijd"]);
    has(
        &text,
        &[
            "Percentage oproepen dat binnen de norm is opgenomen (op_tijd)\nstaat in definities/telefoon.kpi:",
            "Wat is het?\n    Deel van de oproepen",
            "Hoe wordt het berekend?\n    percentage(",
            "Uit welke bron?\n    telefoon.oproep",
            "Hoe wordt het gemeten?\n    automatisch, per maand",
            "Waarnaar uitgesplitst?\n    team",
            "Wat is de norm?\n    >= 60%",
        ],
    );
    assert!(project.well(&["explain", "ML201"]).starts_with("# ML201 · "));
    assert!(project.well(&["explain", "ml201"]).starts_with("# ML201 · "));
    assert_eq!(project.fails(2, &["explain", "onbekend"]), "fout: de KPI `onbekend` bestaat niet\n");
    has(&project.fails(2, &["explain", "op_tjid"]), &["bedoelde u `op_tijd`?"]);
    has(&project.fails(2, &["explain", "ML999"]), &["fout: de code `ML999` bestaat niet"]);
    has(
        &project.well(&["explain", "op_tijd", "--plan", "logical"]),
        &["onderdelen over telefoon.oproep", "Aggregate:"],
    );
    has(&project.well(&["explain", "op_tijd", "--plan", "physical"]), &["AggregateExec"]);
    has(&project.fails(3, &["explain", "brieven", "--plan", "logical"]), &["fout[ML654]"]);
    let failing = ["explain", "op_tijd", "--plan", "logical", "--source", "telefoon.oproep=nix.csv"];
    has(&project.fails(3, &failing), &["fout[ML601]: `nix.csv` bestaat niet"]);
    // Codes are explained anywhere; KPIs only in a project.
    let outside = empty();
    outside.well(&["explain", "ML201"]);
    has(&outside.fails(2, &["run"]), &["fout: hier en in de mappen erboven staat geen meetlat.yaml"]);
}

/// The bodies of the fenced blocks in `language`.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).filter_map(|part| part.split("```").next()).map(str::to_owned).collect()
}

/// Follows the manual step by step. A console block `uitvoer` after a command holds what the program prints.
#[test]
fn the_manual() {
    let manual = fs::read_to_string(root().join("docs/handleiding.md")).expect("the manual");
    let project = empty();
    project.well(&["init", "mijn-kpis"]);
    let project = Project::copy(&project.path().join("mijn-kpis"));
    for name in ["meetlat.yaml", "definities", "data"] {
        assert!(project.path().join(name).exists(), "{name}");
    }
    let kpi = blocks(&manual, "kpi");
    project.write("data/gesprekken.csv", &blocks(&manual, "csv")[0]);
    project.write("meetlat.yaml", &blocks(&manual, "yaml")[0]);
    // Step 5: the mistake; the block shows what `check` says.
    project.write("definities/telefoon.kpi", format!("{}\n{}", kpi[0], blocks(&manual, "kpi-fout")[0]));
    let shown = blocks(&manual, "text");
    assert_eq!(project.fails(1, &["check"]), shown[0]);
    // Its second question, once that is mended.
    project.edit("definities/telefoon.kpi", "definities/telefoon.kpi", "<= 20)", "<= 20 s)");
    assert_eq!(project.fails(1, &["check"]), shown[1]);
    // Step 6: the five answers in the table.
    let choices = [
        ("percentage(wachttijd <= 20 s, leeg telt als nee)", "", 60.0),
        ("percentage(wachttijd <= 20 s, leeg telt als ja)", "", 80.0),
        ("percentage(wachttijd <= 20 s, leeg telt niet mee)", "", 75.0),
        ("percentage(wachttijd <= 20 s)", " waarbij opgenomen is gevuld", 75.0),
        ("percentage(opgenomen is gevuld en wachttijd <= 20 s)", "", 60.0),
    ];
    let wrong = project.read("definities/telefoon.kpi");
    for (formula, population, value) in choices {
        let text = wrong.replace("percentage(wachttijd <= 20 s)", formula);
        project.write(
            "definities/telefoon.kpi",
            text.replace("   centrale.oproep\n", &format!("   centrale.oproep{population}\n")),
        );
        assert_eq!(project.rows(&["telefoon_op_tijd"])[0]["waarde"].as_f64(), Some(value), "{formula}");
        assert!(manual.contains(formula) && manual.contains(&format!("= {value} %")), "{formula}");
    }
    // Steps 6 to 8: the KPI as it should be.
    project.write("definities/telefoon.kpi", format!("{}\n{}", kpi[0], kpi[1]));
    assert_eq!(project.fails(0, &["check"]), shown[2]);
    assert_eq!(project.well(&["run", "telefoon_op_tijd"]), shown[3]);
    assert_eq!(project.well(&["run", "telefoon_op_tijd", "--by", "team"]), shown[4]);
    assert_eq!(project.well(&["explain", "telefoon_op_tijd"]), shown[5]);
    project.edit("data/gesprekken.csv", "ander.csv", "09:03:45", "09:03:15");
    let other = ["telefoon_op_tijd", "--source", "centrale.oproep=ander.csv"];
    assert_eq!(project.rows(&other)[0]["waarde"], 80);
}
