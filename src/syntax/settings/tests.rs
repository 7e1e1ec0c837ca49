//! Reading meetlat.yaml: what it says, and which mistakes give which messages.

use proptest::prelude::*;

use super::*;

const FILE: SourceId = SourceId(0);

fn read(text: &str) -> (Settings, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let settings = parse(FILE, text, &mut sink);
    (settings, sink.into_sorted())
}

const EXAMPLE: &str = r#"project: Gemeente Voorbeeldstad
definities: [definities/, "std:vng"]
tijdzone: Europe/Amsterdam
omgevingen:
  lokaal:                                   # the first one is the default
    bronnen:
      acd.gesprek:   {pad: "data/acd/*.parquet"}
      balie.ticket:  {pad: data/balie.csv, scheiding: ";", codering: windows-1252, decimaal: ",", datums: dd-mm-jjjj, kolommen: {afgifte: uitgifte_ts, kosten: geen, token: 'geen "é, niet"'}}
      kto.enquete:   {pad: data/enquete.xlsx, blad: Antwoorden}
      email.bericht: {sql: "SELECT … FROM ruw", uit: {ruw: data/mail.jsonl}}
      zaken.zaak: data/zaken.parquet
  productie:
    bronnen:
      acd.gesprek:   {pad: "abfss://kcc@lake.dfs.core.windows.net/acd/", formaat: delta}
parameters: {wachtnorm: 30 s}
regels: {ML301: waarschuwing, ML305: uit}
"#;

#[test]
fn the_example_of_the_contract_is_read() {
    let (settings, problems) = read(EXAMPLE);
    assert_eq!(problems, vec![]);
    assert_eq!(settings.project.as_ref().map(|p| p.value.as_str()), Some("Gemeente Voorbeeldstad"));
    assert_eq!(settings.definitions.iter().map(|d| d.value.as_str()).collect::<Vec<_>>(), ["definities/", "std:vng"]);
    assert_eq!(
        settings.environments.iter().map(|e| e.name.value.as_str()).collect::<Vec<_>>(),
        ["lokaal", "productie"]
    );
    let sources = &settings.environments[0].sources;
    assert_eq!(sources[0].table.value, "acd.gesprek");
    let ticket = &sources[1];
    let text = |t: &Option<Text>| t.as_ref().map(|t| t.value.clone()).unwrap_or_default();
    assert_eq!([text(&ticket.separator), text(&ticket.decimal), text(&ticket.dates)], [";", ",", "dd-mm-jjjj"]);
    assert!(matches!(&ticket.columns[0].1, ColumnSetting::Renamed(t) if t.value == "uitgifte_ts"));
    assert_eq!(ticket.columns[1].1, ColumnSetting::Absent { reason: None });
    let ColumnSetting::Absent { reason: Some(reason) } = &ticket.columns[2].1 else { panic!() };
    assert_eq!((reason.value.as_str(), &EXAMPLE[reason.span.range()]), ("é, niet", "\"é, niet\""));
    assert_eq!(text(&sources[2].sheet), "Antwoorden");
    assert_eq!(text(&sources[3].from[0].1.path), "data/mail.jsonl");
    assert_eq!(text(&sources[4].path), "data/zaken.parquet");
    assert_eq!(settings.parameters[0].1.text, "30 s");
    assert_eq!(&EXAMPLE[settings.parameters[0].1.whole().range()], "30 s");
    assert_eq!(settings.rules[1].1.value, RuleLevel::Off);
}

#[test]
fn all_mistakes_come_at_once() {
    let text = "projekt: x\nomgevingen:\n  l:\n    bronen: {}\n    bronnen:\n      a.b: [x]\n      a.c: {paad: x, scheiding: , kolommen: [x]}\nregels: {ML301: waarschuwin, ML302: heel erg}\n";
    let (_, problems) = read(text);
    let told: Vec<_> = problems.iter().map(|d| (d.code, &text[d.span.expect("a place").range()])).collect();
    assert_eq!(
        told,
        [
            ("ML032", "projekt"),
            ("ML032", "bronen"),
            ("ML033", "[x]"),
            ("ML032", "paad"),
            ("ML033", ""),
            ("ML033", "[x]"),
            ("ML038", "waarschuwin"),
            ("ML038", "heel erg"),
        ]
    );
}

#[test]
fn only_rules_have_a_level() {
    let text = "regels: {ML305: uit, ML231: fout, ml306: tip, 301: tip, ML201: uit, ML614: uit, ML399: tip}\n";
    let (settings, problems) = read(text);
    let known: Vec<&str> = settings.rules.iter().map(|(code, _)| code.value.as_str()).collect();
    assert_eq!(known, ["ML305", "ML231"]);
    let told: Vec<(&str, &str, Option<&str>)> = problems
        .iter()
        .map(|d| (d.code, d.message.as_str(), d.replacement.as_ref().map(|r| r.text.as_str())))
        .collect();
    assert_eq!(
        told,
        [
            ("ML039", "`ml306` is geen regel", Some("ML306")),
            ("ML039", "`301` is geen regel", Some("ML301")),
            ("ML039", "de zwaarte van `ML201` ligt vast", None),
            ("ML039", "de zwaarte van `ML614` ligt vast", None),
            ("ML039", "de regel `ML399` bestaat niet", None),
        ]
    );
    let help = "de zwaarte is te kiezen van ML301 tot en met ML317, en van ML019, ";
    assert!(problems.last().is_some_and(|d| d.help[0].starts_with(help)), "{problems:?}");
}

#[test]
fn a_secret_is_an_error_and_is_never_shown() {
    for text in [
        "omgevingen:\n  p:\n    bronnen:\n      a.b: {pad: x, wachtwoord: hunter2}\n",
        "omgevingen:\n  p:\n    bronnen:\n      a.b: {paad: x, Account-Key: hunter2}\n",
        "omgevingen:\n  p:\n    bronnen:\n      a.b: \"postgres://ik:hunter2@host/db\"\n",
        "omgevingen:\n  p:\n    bronnen:\n      a.b: {pad: \"az://x?AccountKey=hunter2\"}\n",
        "definities: [\"https://ik:hunter2@host/x\"]\n",
        "token: >= hunter2\n",
        "token: @hunter2\n",
        "wachtwoord: {diep: hunter2}\n",
        "parameters: {api_key: [hunter2]}\n",
        "\"https://ik:hunter2@host\": x\n",
    ] {
        let (settings, problems) = read(text);
        assert!(problems.iter().any(|d| d.code == "ML036"), "{text}: {problems:?}");
        assert!(problems.iter().all(|d| d.span.is_none()), "{text}: {problems:?}");
        assert!(!format!("{problems:?} {settings:?}").contains("hunter2"), "{text}: {problems:?}");
    }
    let (_, problems) = read("projekt: x\n\n\n\n\nwachtwoord: a\nregels: {ML301: y}\n\n\n\n\nfoutje: 1\n");
    let placed: Vec<_> = problems.iter().map(|d| (d.code, d.span.is_some())).collect();
    assert_eq!(placed, [("ML032", true), ("ML032", true), ("ML036", false), ("ML038", false)]);
    let (_, problems) = read("wachtwoord: \"hunter2\nproject: x\n");
    assert!(problems.iter().all(|d| d.code == "ML030" && d.span.is_none()), "{problems:?}");
    assert_eq!(problems.len(), 1);
}

#[test]
fn what_only_looks_like_a_secret_is_none() {
    for text in [
        "omgevingen: {p: {bronnen: {a.b: {pad: \"abfss://kcc@lake.dfs.core.windows.net/acd/\"}}}}\n",
        "omgevingen: {p: {bronnen: {a.b: {pad: \"s3://emmer/12:30@x\", kolommen: {token: wachtwoord}}}}}\n",
        "omgevingen: {p: {bronnen: {a.b: {sql: \"select token from t where token = 'inkomend'\", uit: {t: x.csv}}}}}\n",
    ] {
        assert_eq!(read(text).1, vec![], "{text}");
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn file_like_text_never_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "project: ", "omgevingen:", "bronnen:", "pad: ", "kolommen: ", "uit: ", "regels: ", "a: ", "a.b: ", "geen", " \"", "\"", "\n",
        "\n  ", "\n    ", "\n      ", "{", "}", "[", "]", ", ", "é", "://a:b@", "token: ", "AKIA0123456789ABCDEF", "@", "geen \"x\"",
    ]), 0..24)) {
        let text = parts.concat();
        for d in read(&text).1 {
            prop_assert!(d.span.is_none_or(|s| text.get(s.range()).is_some()), "{d:?}");
        }
    }
}
