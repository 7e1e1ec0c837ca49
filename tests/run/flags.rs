//! Which KPIs, which range, which rows: the flags of `run`, and what they say to wrong use.

use super::{Project, has};

#[test]
fn wrong_use() {
    let project = Project::sample();
    for (args, said) in [
        (&["run", "op_tjid"][..], "fout: de KPI `op_tjid` bestaat niet\n  hulp: bedoelde u `op_tijd`?\n"),
        (&["run", "zomaar"], "fout: de KPI `zomaar` bestaat niet\n"),
        (&["rnu"], "fout: `rnu` is geen opdracht\n  hulp: bedoelde u `run`?\n  meer: meetlat --help\n"),
        (&[], "fout: welke opdracht?\n  meer: meetlat --help\n"),
        (
            &["run", "--formt"],
            "fout: `--formt` bestaat hier niet\n  hulp: bedoelde u `--format`?\n  meer: meetlat run --help\n",
        ),
        (
            &["run", "op_tijd", "--by", "taem"],
            "fout: geen van deze KPI's heeft de dimensie `taem`\n  hulp: bedoelde u `team`?\n",
        ),
        (
            &["run", "op_tijd", "--by", "uur"],
            "fout: geen van deze KPI's heeft de dimensie `uur`\n  hulp: er zijn `team`\n",
        ),
        (
            &["run", "--from", "2026-13-01"],
            "fout: `2026-13-01` past niet bij `--from <JJJJ-MM-DD>`: schrijf een datum als 2026-01-31\n  meer: meetlat run --help\n",
        ),
        (
            &["run", "--from", "2026-03-01", "--to", "2026-03-01"],
            "fout: --to 2026-03-01 ligt niet na --from 2026-03-01; --to is de dag na de laatste\n",
        ),
        (
            &["run", "--period", "eeuw"],
            "fout: `eeuw` past niet bij `--period <PERIODE>`: kies uit dag, week, maand, kwartaal, tertaal, halfjaar, jaar, hele-reeks\n  meer: meetlat run --help\n",
        ),
        (
            &["run", "--as-of", "gisteren"],
            "fout: `gisteren` past niet bij `--as-of <MOMENT>`: schrijf een moment als 2026-07-01 of 2026-07-01T00:00\n  meer: meetlat run --help\n",
        ),
        (
            &["run", "--threads", "0"],
            "fout: `0` past niet bij `--threads <AANTAL>`: schrijf een heel getal boven nul\n  meer: meetlat run --help\n",
        ),
        (
            &["run", "--memory", "veel"],
            "fout: `veel` past niet bij `--memory <GROOTTE>`: schrijf een grootte als 4GB of 512MB\n  meer: meetlat run --help\n",
        ),
        (
            &["run", "--format", "xml"],
            "fout: `xml` past niet bij `--format <VORM>`: kies uit table, json, jsonl, csv, md, xlsx, parquet\n  hulp: bedoelde u `xlsx`?\n  meer: meetlat run --help\n",
        ),
        (&["run", "op_tijd", "--all"], "fout: `KPI` gaat niet samen met `--all`\n  meer: meetlat run --help\n"),
        (
            &["run", "--by", "team", "--total"],
            "fout: `--by <DIMENSIE,…>` gaat niet samen met `--total`\n  meer: meetlat run --help\n",
        ),
        (&["run", "--from"], "fout: `--from <JJJJ-MM-DD>` mist een waarde\n  meer: meetlat run --help\n"),
        (&["run", "--env", "lokal"], "fout: de omgeving `lokal` staat niet in meetlat.yaml; bedoelde u `lokaal`?\n"),
        (
            &["run", "--source", "telefon.oproep=a.csv"],
            "fout: de tabel `telefon.oproep` komt in de definities niet voor\n  hulp: bedoelde u `telefoon.oproep`?\n",
        ),
        (&["run", "--source", "a.csv"], "fout: schrijf --source als BRON.TABEL=PAD, niet `a.csv`\n"),
        (&["run", "--param", "wachtnorm"], "fout: schrijf --param als NAAM=WAARDE, niet `wachtnorm`\n"),
        (
            &["run", "--chain", "klantcontct"],
            "fout: geen KPI heeft de klantketen `klantcontct`\n  hulp: bedoelde u `klantcontact`?\n",
        ),
        (&["run", "--project", "nergens"], "fout: de map `nergens` bestaat niet\n"),
    ] {
        let ran = project.meetlat(args);
        assert_eq!((ran.code, ran.stderr.as_str(), ran.stdout.as_str()), (2, said, ""), "{args:?}");
    }
}

#[test]
fn help_is_dutch() {
    let project = Project::sample();
    for command in [&[][..], &["init"], &["check"], &["run"], &["explain"], &["completions"]] {
        for flag in ["--help", "-h"] {
            let text = project.well(&[command, &[flag]].concat());
            has(&text, &["Gebruik: meetlat", "Toon deze hulp"]);
            for word in ["OPTIONS", "COMMAND", "Print", "Commands", "[default", "Arguments"] {
                assert!(!text.contains(word), "`{word}` in\n{text}");
            }
        }
    }
    assert!(project.well(&["--version"]).starts_with("meetlat "));
}

#[test]
fn which_kpis() {
    let project = Project::sample();
    let kpis = |args: &[&str]| {
        let mut names: Vec<String> =
            project.rows(args).iter().map(|r| r["kpi"].as_str().expect("a name").to_owned()).collect();
        names.dedup();
        names
    };
    let all = ["leges", "op_tijd", "per_afdeling", "stappen", "tickets_per_oproep", "wachttijd"];
    assert_eq!(kpis(&["--total"]), all);
    assert_eq!(kpis(&["--all", "--total"]), all);
    assert_eq!(kpis(&["--chain", "klantcontact"]), ["op_tijd"]);
    assert_eq!(kpis(&["--level", "tactisch"]), ["op_tijd"]);
    // In the order in which they were named, each once.
    assert_eq!(kpis(&["wachttijd", "leges", "wachttijd", "--total"]), ["wachttijd", "leges"]);
}

#[test]
fn which_members() {
    let project = Project::sample();
    let months = ["--from", "2026-01-01", "--to", "2026-02-01"];
    let values = |args: &[&str]| project.values(&[args, &months[..]].concat());
    let total = "2026-01 50 niet gehaald";
    let teams = ["2026-01 A 100 gehaald", "2026-01 B 0 niet gehaald"];
    assert_eq!(values(&["op_tijd", "--total"]), [total]);
    let each = [total, teams[0], teams[1]];
    assert_eq!(values(&["op_tijd"]), each);
    assert_eq!(values(&["op_tijd", "--by-each"]), each);
    assert_eq!(values(&["op_tijd", "--by", "team"]), each);
    assert_eq!(values(&["op_tijd", "--by", "team,team"]), each);
    // Of two dimensions: the total and the combinations.
    project.edit("definities/balie.kpi", "definities/balie.kpi", "dimensies     loket", "dimensies     loket, team");
    let both = ["2026-01 5 geen norm", "2026-01 1+A 4.5 geen norm", "2026-01 2+B 5.5 geen norm"];
    assert_eq!(values(&["leges", "--by", "loket,team"]), both);
    assert_eq!(values(&["leges", "--by-each"]).len(), 5);
}

#[test]
fn which_rows() {
    let project = Project::sample();
    let where_ = |kpi: &str, filter: &str| project.values(&[kpi, "--total", "--where", filter]);
    let a = ["2026-01 100 gehaald", "2026-02 null geen gegevens", "2026-03 50 niet gehaald"];
    assert_eq!(where_("op_tijd", "team = \"A\""), a);
    assert_eq!(where_("op_tijd", "wachttijd <= 15 s")[0], "2026-01 100 gehaald");
    // Of two sources: each that has the column.
    let both = ["2026-01 500 geen norm", "2026-02 null geen gegevens", "2026-03 0 geen norm"];
    assert_eq!(where_("tickets_per_oproep", "team = \"A\""), both);
    assert_eq!(where_("tickets_per_oproep", "loket = \"1\"")[0], "2026-01 250 geen norm");

    let wrong = |args: &[&str]| project.fails(2, &[&["run"], args].concat());
    let text = wrong(&["op_tijd", "--where", "taem = \"A\""]);
    has(&text, &["fout[ML101]: `telefoon.oproep` heeft geen kolom `taem`", "1 │ taem = \"A\"", "bedoelde u `team`?"]);
    has(&wrong(&["op_tijd", "--where", "team"]), &["fout[ML205]: hier hoort een voorwaarde"]);
    has(&wrong(&["op_tijd", "--where", "team = \"A"]), &["fout[ML004]"]);
    has(&wrong(&["op_tijd", "leges", "--where", "loket = \"1\""]), &["`telefoon.oproep` heeft geen kolom `loket`"]);
    // One mistake, one message, however many sources there are.
    let text = wrong(&["--where", "lket = \"1\""]);
    assert_eq!(text.matches("fout[").count(), 1, "{text}");
    has(&text, &["bedoelde u `loket`?"]);
    // KPIs that were not named and cannot answer it are left out, and that is told.
    let ran = project.meetlat(&["run", "--where", "loket = \"1\""]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    has(&ran.stderr, &["waarschuwing[ML656]", "overgeslagen: `op_tijd`, `per_afdeling`, `stappen`, `wachttijd`"]);
    has(&ran.stdout, &["Leges per volgnummer", "(de bron mist"]);
    assert!(!ran.stdout.contains("Gemiddelde wachttijd"));
}

#[test]
fn which_range() {
    let project = Project::sample();
    let periods = |args: &[&str]| project.values(&[&["op_tijd", "--total"], args].concat());
    assert_eq!(periods(&["--from", "2026-02-01"]), ["2026-02 null geen gegevens", "2026-03 50 niet gehaald"]);
    assert_eq!(periods(&["--to", "2026-02-01"]), ["2026-01 50 niet gehaald"]);
    assert_eq!(periods(&["--period", "hele-reeks"]), ["hele reeks 50 niet gehaald"]);
    assert_eq!(periods(&["--period", "kwartaal"]), ["2026-K1 50 niet gehaald"]);
    // Outside all data: the period where the question begins or ends.
    assert_eq!(periods(&["--from", "2030-01-01"]), ["2030-01 null geen gegevens"]);
    assert_eq!(periods(&["--to", "2020-01-15"]), ["2020-01 null geen gegevens"]);

    let notes = |args: &[&str]| project.fails(0, &[&["run", "op_tijd", "--from", "2026-01-01", "--to"], args].concat());
    assert_eq!(
        notes(&["2026-01-31"]),
        "tip[ML652]: --to 2026-01-31 telt die dag zelf niet mee\n  hulp: voor de hele maand: --to 2026-02-01\n  \
         meer: meetlat explain ML652\n\n"
    );
    has(&notes(&["2026-01-15"]), &["tip[ML653]: het bereik begint of eindigt midden in een maand"]);
    assert_eq!(notes(&["2026-02-01"]), "");
    assert_eq!(notes(&["2026-01-31", "-q"]), "");

    let text = project.fails(3, &["run", "op_tijd", "--from", "1000-01-01", "--period", "dag"]);
    has(&text, &["fout[ML650]: van 1000-01-01 tot 2026-04-01 zijn te veel perioden om te tonen"]);
}

#[test]
fn as_of_and_preliminary() {
    let project = Project::sample();
    let args = ["op_tijd", "--total", "--as-of", "2026-03-15"];
    let rows = project.rows(&args);
    assert_eq!(rows[0]["kenmerken"].as_array().map(Vec::len), Some(0));
    assert_eq!(rows[2]["kenmerken"][0]["kenmerk"], "voorlopig");
    let text = project.well(&[&["run"], &args[..]].concat());
    has(&text, &["peilmoment 15 maart 2026 00:00", "✗ niet ·", "✗ niet gehaald (jan)", "· mrt voorlopig"]);
    // Told once, under all KPIs that it is about.
    let text = project.well(&["run", "op_tijd", "wachttijd", "--total", "--as-of", "2026-03-15"]);
    assert_eq!(text.matches("voorlopig: de periode eindigt na het peilmoment").count(), 1, "{text}");
    has(&project.well(&["run", "op_tijd", "--as-of", "2026-04-02T12:30"]), &["peilmoment 2 april 2026 12:30"]);
}

#[test]
fn fail_on_norm() {
    let project = Project::sample();
    let code = |args: &[&str]| project.meetlat(&[&["run", "--fail-on-norm"], args].concat()).code;
    assert_eq!(code(&["op_tijd"]), 1);
    assert_eq!(code(&["leges"]), 0);
    // March has too few rows for a verdict: January counts, as in the table.
    assert_eq!(code(&["wachttijd"]), 0);
    project.edit("definities/telefoon.kpi", "definities/telefoon.kpi", "<= 30 s", "<= 10 s");
    has(&project.well(&["run", "wachttijd"]), &["✗ niet gehaald (jan)"]);
    assert_eq!(code(&["wachttijd"]), 1);
    // What may still change decides nothing.
    assert_eq!(code(&["op_tijd", "--from", "2026-03-01", "--as-of", "2026-03-15"]), 0);
}

#[test]
fn parameters() {
    let project = Project::sample();
    let run = |args: &[&str]| project.rows(&[&["op_tijd", "--total"], args].concat())[0].clone();
    let (plain, strict) = (run(&[]), run(&["--param", "wachtnorm=5 s"]));
    assert_eq!((&plain["waarde"], &strict["waarde"]), (&50.into(), &0.into()));
    assert_ne!(plain["definitie_hash"], strict["definitie_hash"]);
    assert_eq!(plain["invoer_hash"], strict["invoer_hash"]);
    assert_eq!(run(&["--param", "wachtnorm=20 s"]), plain);
    has(&project.fails(1, &["run", "--param", "wachtnrm=5 s"]), &["fout[ML104]: parameter `wachtnrm` bestaat niet"]);
    has(&project.fails(1, &["run", "--param", "wachtnorm=5"]), &["hulp: schrijf `5 s`"]);
}

#[test]
fn explain_names_the_parameters_behind_values() {
    let project = Project::sample();
    let file = "definities/telefoon.kpi";
    let explained = |name: &str| project.well(&["explain", name]);
    has(&explained("op_tijd"), &["percentage(wachttijd <= wachtnorm (20 s), leeg telt als nee)"]);
    project.edit(file, file, "norm          <= 30 s", "norm          <= wachtnorm streefnorm <= (wachtnorm - 5 s)");
    has(&explained("wachttijd"), &["<= wachtnorm (20 s)\n", "streefnorm <= 15 s (met wachtnorm)\n"]);
    project
        .edit(file, file, "duur = 20 s", "duur = 20 s\nparameter teams: tekst = \"t1\"\nparameter stap: geheel = 3")
        .edit(file, file, "wachttijd <= wachtnorm,", "wachttijd <= 2 * wachtnorm of team in (teams, \"t2\"),")
        .edit(file, file, "som(stappen)", "som(stappen) / stap");
    has(&explained("op_tijd"), &["wachttijd <= 40 s (met wachtnorm) of team in (teams (\"t1\"), \"t2\")"]);
    has(&explained("stappen"), &["som(stappen) / stap (3)"]);
    // A name is no part of what is defined: another name gives the same results, and hashes.
    let hashes = || project.rows(&["--total"]).iter().map(|row| row["definitie_hash"].clone()).collect::<Vec<_>>();
    let before = hashes();
    let text = project.read(file);
    project.write(file, text.replace("wachtnorm", "norm_voor_wachten"));
    has(&explained("wachttijd"), &["<= norm_voor_wachten (20 s)\n"]);
    assert_eq!(hashes(), before);
    // The other notation says the same.
    let yaml = project.well(&["convert", file, "--to", "yaml"]);
    std::fs::remove_file(project.path().join(file)).expect("removed");
    project.write("definities/telefoon.yaml", yaml);
    has(&explained("op_tijd"), &["wachttijd <= 40 s (met norm_voor_wachten) of team in (teams (\"t1\"), \"t2\")"]);
}

#[test]
fn a_source_that_is_connected_in_part_is_told_by_its_table() {
    let project = Project::sample();
    project.edit("meetlat.yaml", "meetlat.yaml", "      telefoon.team: {pad: data/teams.csv}\n", "");
    let told = project.meetlat(&["run"]).stdout;
    has(&told, &["bron post en tabel telefoon.team zijn niet gekoppeld."]);
}

#[test]
fn quiet_gives_results_only() {
    let project = Project::sample();
    let (plain, quiet) = (project.meetlat(&["run"]), project.meetlat(&["run", "-q"]));
    assert_eq!((plain.stdout, quiet.stderr.as_str()), (quiet.stdout, ""));
    let text = project.fails(3, &["run", "-q", "--source", "balie.ticket=nix.csv"]);
    has(&text, &["fout[ML601]"]);
}

#[test]
fn a_parameter_without_a_value_stops_only_the_kpis_that_use_it() {
    let project = Project::sample();
    let file = "definities/telefoon.kpi";
    project.edit(file, file, "parameter wachtnorm: duur = 20 s", "parameter wachtnorm: duur");
    let ran = project.meetlat(&["run"]);
    has(&ran.stderr, &["fout[ML107]: parameter `wachtnorm` heeft nog geen waarde"]);
    assert!(ran.code == 1 && !ran.stdout.is_empty(), "{}\n{}", ran.code, ran.stderr);
    assert!(!ran.stdout.contains("op_tijd"), "{}", ran.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&project.meetlat(&["run", "--format", "json"]).stdout).expect("JSON");
    let told = json["diagnoses"].as_array().expect("a list");
    assert!(told.iter().any(|d| d["code"] == "ML107") && json["resultaten"][0]["kpi"].is_string(), "{json}");
    // Asked for by name it is an error, and so it is for `check`.
    assert_eq!(project.meetlat(&["run", "op_tijd"]).code, 1);
    assert_eq!(project.meetlat(&["check"]).code, 1);
    assert!(project.rows(&["--param", "wachtnorm=20 s"]).iter().any(|row| row["kpi"] == "op_tijd"));
}
