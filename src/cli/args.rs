//! The command line as clap sees it. Help texts are Dutch.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::syntax::format::Notation;

const TEMPLATE: &str = "{about-with-newline}\nGebruik: {usage}\n\n{all-args}{after-help}";
const ARGUMENTS: &str = "Waarover";

/// KPI-definities voor klantcontact: controleren, berekenen, uitleggen.
#[derive(Debug, Parser)]
#[command(
    name = "meetlat",
    version,
    about = "KPI-definities controleren, berekenen en uitleggen",
    help_template = TEMPLATE,
    override_usage = "meetlat [OPTIES] OPDRACHT",
    subcommand_help_heading = "Opdrachten",
    subcommand_value_name = "OPDRACHT",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = "Begin met: meetlat init mijn-kpis"
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Algemene opties")]
pub struct Global {
    /// De map van het project (anders: de dichtstbijzijnde map erboven met een meetlat.yaml)
    #[arg(long, global = true, value_name = "MAP")]
    pub project: Option<PathBuf>,
    /// De omgeving uit meetlat.yaml (anders: de eerste)
    #[arg(long, global = true, value_name = "NAAM")]
    pub env: Option<String>,
    /// Geef een parameter een andere waarde; mag vaker
    #[arg(long, global = true, value_name = "NAAM=WAARDE")]
    pub param: Vec<String>,
    /// Lees een tabel ergens anders vandaan; mag vaker
    #[arg(long, global = true, value_name = "BRON.TABEL=PAD")]
    pub source: Vec<String>,
    /// Kleur in de uitvoer: auto (de standaard), always of never
    #[arg(
        long,
        global = true,
        value_name = "WANNEER",
        default_value = "auto",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub color: Color,
    /// Alleen het resultaat, geen toelichting
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Meer vertellen over wat er gebeurt
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Toon deze hulp
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// Toon de versie
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Maak een nieuw project: instellingen, definities, voorbeelddata
    #[command(help_template = TEMPLATE, override_usage = "meetlat init [OPTIES] [MAP]")]
    Init(InitArgs),
    /// Lees en controleer definities
    #[command(help_template = TEMPLATE, override_usage = "meetlat check [OPTIES] [PAD]…")]
    Check(CheckArgs),
    /// Bereken KPI's en houd ze tegen hun norm
    #[cfg(feature = "engine")]
    #[command(help_template = TEMPLATE, override_usage = "meetlat run [OPTIES] [KPI]…")]
    Run(RunArgs),
    /// Maak een rapport om te lezen: wat aandacht vraagt, strategiekaart, een bladzijde per KPI
    #[cfg(feature = "engine")]
    #[command(help_template = TEMPLATE, override_usage = "meetlat report [OPTIES] [KPI]…")]
    Report(ReportArgs),
    /// Voer de toetsen uit die bij de definities staan
    #[command(help_template = TEMPLATE, override_usage = "meetlat test [OPTIES] [FILTER|PAD]…")]
    Test(TestArgs),
    /// Leg een KPI uit in gewone taal, of een meldingscode
    #[command(help_template = TEMPLATE, override_usage = "meetlat explain [OPTIES] KPI|CODE")]
    Explain(ExplainArgs),
    /// Zet definities in hun vaste vorm
    #[command(help_template = TEMPLATE, override_usage = "meetlat fmt [OPTIES] [PAD]…")]
    Fmt(FmtArgs),
    /// Zet een definitiebestand om naar de andere notatie
    #[command(help_template = TEMPLATE, override_usage = "meetlat convert [OPTIES] --to kpi|yaml BESTAND")]
    Convert(ConvertArgs),
    /// Stel een bronsysteem voor bij een gegevensbestand
    #[cfg(feature = "engine")]
    #[command(help_template = TEMPLATE, override_usage = "meetlat infer [OPTIES] BESTAND")]
    Infer(InferArgs),
    /// Aanvulling van opdrachten voor een shell
    #[command(help_template = TEMPLATE, override_usage = "meetlat completions [OPTIES] SHELL")]
    Completions(CompletionsArgs),
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct InitArgs {
    /// Waar het project komt (anders: hier)
    #[arg(value_name = "MAP", default_value = ".", hide_default_value = true, help_heading = ARGUMENTS)]
    pub dir: PathBuf,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct CheckArgs {
    /// Bestanden of mappen (anders: het hele project)
    #[arg(value_name = "PAD", help_heading = ARGUMENTS)]
    pub paths: Vec<PathBuf>,
    /// Houd de bronnen ook tegen de echte gegevens: sleutels, lege cellen, waardelijsten, `eis`-regels, verwijzingen
    #[cfg(feature = "engine")]
    #[arg(long)]
    pub data: bool,
    /// De vorm van de uitvoer: text (de standaard) of json
    #[arg(long, value_name = "VORM", default_value = "text", hide_possible_values = true, hide_default_value = true)]
    pub format: CheckFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    Text,
    Json,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct TestArgs {
    /// Een deel van de naam van een toets of een KPI, of een bestand of map met definities (anders: alle toetsen)
    #[arg(value_name = "FILTER|PAD", help_heading = ARGUMENTS)]
    pub subjects: Vec<String>,
    /// Toon welke delen van de definities geen toets beslist
    #[arg(long)]
    pub coverage: bool,
    /// Verander de definities telkens één ding, en toon wat geen toets merkt
    #[arg(long)]
    pub mutate: bool,
    /// De vorm van de uitvoer: text (de standaard), json of junit
    #[arg(long, value_name = "VORM", default_value = "text", hide_possible_values = true, hide_default_value = true)]
    pub format: TestFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    Text,
    Json,
    Junit,
}

/// What `run` and `report` are about.
#[cfg(feature = "engine")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct Scope {
    /// De namen van KPI's (anders: alle waarvan de bronnen gekoppeld zijn)
    #[arg(value_name = "KPI", help_heading = ARGUMENTS)]
    pub kpis: Vec<String>,
    /// Alle KPI's van een klantketen
    #[arg(long, value_name = "NAAM", conflicts_with_all = ["kpis", "all"])]
    pub chain: Option<String>,
    /// Alle KPI's van een niveau (strategisch, tactisch, operationeel)
    #[arg(long, value_name = "NAAM", conflicts_with_all = ["kpis", "all"])]
    pub level: Option<String>,
    /// Alle KPI's (de standaard)
    #[arg(long, conflicts_with = "kpis")]
    pub all: bool,
    /// De eerste dag
    #[arg(long, value_name = "JJJJ-MM-DD")]
    pub from: Option<chrono::NaiveDate>,
    /// De dag na de laatste: die telt zelf niet meer mee
    #[arg(long, value_name = "JJJJ-MM-DD")]
    pub to: Option<chrono::NaiveDate>,
    /// Een andere periode dan die van de KPI: dag, week, maand, kwartaal, tertaal, halfjaar, jaar, hele-reeks
    #[arg(long, value_name = "PERIODE", value_parser = super::values::period)]
    pub period: Option<crate::calendar::PeriodKind>,
    /// Alleen de rijen waarvoor dit geldt, bijvoorbeeld 'team = "A"'
    #[arg(long = "where", value_name = "VOORWAARDE")]
    pub filter: Option<String>,
    /// Het peilmoment (anders: de eerste middernacht na de nieuwste gegevens)
    #[arg(long, value_name = "MOMENT", value_parser = super::values::moment)]
    pub as_of: Option<chrono::NaiveDateTime>,
    /// Het meeste geheugen dat de rekenmotor gebruikt, bijvoorbeeld 4GB
    #[arg(long, value_name = "GROOTTE", value_parser = super::values::memory)]
    pub memory: Option<usize>,
    /// Hoeveel kernen de rekenmotor gebruikt (anders: alle)
    #[arg(long, value_name = "AANTAL")]
    pub threads: Option<std::num::NonZeroUsize>,
}

#[cfg(feature = "engine")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct RunArgs {
    #[command(flatten)]
    pub scope: Scope,
    /// Het totaal en de combinaties van deze dimensies
    #[arg(long, value_name = "DIMENSIE,…", value_delimiter = ',', conflicts_with_all = ["by_each", "total"])]
    pub by: Vec<String>,
    /// Het totaal en elke dimensie apart
    #[arg(long, conflicts_with = "total")]
    pub by_each: bool,
    /// Alleen het totaal
    #[arg(long)]
    pub total: bool,
    /// De vorm van de uitvoer: table (de standaard), json, jsonl, csv, md (Markdown), xlsx (een werkboek voor Excel en
    /// LibreOffice) of parquet (een verzameling van uitkomsten, die elke keer aangevuld wordt)
    #[arg(long, value_name = "VORM", default_value = "table", hide_possible_values = true, hide_default_value = true)]
    pub format: RunFormat,
    /// Schrijf naar een bestand: als geheel, of niet; nodig bij xlsx en parquet
    #[arg(long, value_name = "BESTAND")]
    pub output: Option<PathBuf>,
    /// Eindig met code 1 als een norm in de laatste periode niet gehaald is
    #[arg(long)]
    pub fail_on_norm: bool,
}

/// A report of all that `run` calculates, with each dimension.
#[cfg(feature = "engine")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct ReportArgs {
    #[command(flatten)]
    pub scope: Scope,
    /// De vorm van het rapport: html (de standaard), xlsx (een werkboek voor Excel en LibreOffice) of md (Markdown)
    #[arg(long, value_name = "VORM", default_value = "html", hide_possible_values = true, hide_default_value = true)]
    pub format: ReportFormat,
    /// Waar het rapport komt (anders: rapport.html); - is het scherm
    #[arg(long, value_name = "BESTAND")]
    pub output: Option<PathBuf>,
}

#[cfg(feature = "engine")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Html,
    Xlsx,
    Md,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RunFormat {
    Table,
    Json,
    Jsonl,
    Csv,
    Md,
    Xlsx,
    Parquet,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct ExplainArgs {
    /// De naam van een KPI, of een code zoals ML201
    #[arg(value_name = "KPI|CODE", help_heading = ARGUMENTS)]
    pub subject: String,
    /// Toon ook het plan van de rekenmotor: logical of physical
    #[cfg(feature = "engine")]
    #[arg(long, value_name = "SOORT", hide_possible_values = true)]
    pub plan: Option<PlanKind>,
}

#[cfg(feature = "engine")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlanKind {
    Logical,
    Physical,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct FmtArgs {
    /// Bestanden of mappen (anders: het hele project); `-` leest een tekst van de invoer
    #[arg(value_name = "PAD", help_heading = ARGUMENTS)]
    pub paths: Vec<PathBuf>,
    /// Schrijf niets: toon wat er zou veranderen, en eindig dan met code 1
    #[arg(long)]
    pub check: bool,
    /// Bij `-`: de notatie van de invoer, kpi (de standaard) of yaml
    #[arg(long = "as", value_name = "NOTATIE", hide_possible_values = true)]
    pub notation: Option<NotationName>,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct ConvertArgs {
    /// Het bestand
    #[arg(value_name = "BESTAND", help_heading = ARGUMENTS)]
    pub file: PathBuf,
    /// De notatie: kpi of yaml
    #[arg(long, value_name = "NOTATIE", hide_possible_values = true)]
    pub to: NotationName,
    /// Schrijf naar een bestand in plaats van naar het scherm
    #[arg(long, value_name = "BESTAND")]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NotationName {
    Kpi,
    Yaml,
}

impl From<NotationName> for Notation {
    fn from(name: NotationName) -> Self {
        match name {
            NotationName::Kpi => Self::Kpi,
            NotationName::Yaml => Self::Yaml,
        }
    }
}

#[cfg(feature = "engine")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct InferArgs {
    /// Een Parquet-, csv-, jsonl- of xlsx-bestand, een patroon, of een map met zulke bestanden
    #[arg(value_name = "BESTAND", help_heading = ARGUMENTS)]
    pub file: String,
    /// Hoe bronsysteem en tabel heten (anders: naar het bestand)
    #[arg(long = "as", value_name = "BRON.TABEL")]
    pub name: Option<String>,
    /// Het blad van een rekenblad
    #[arg(long, value_name = "BLAD")]
    pub sheet: Option<String>,
    /// Schrijf naar een bestand in plaats van naar het scherm
    #[arg(long, value_name = "BESTAND")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Opties")]
pub struct CompletionsArgs {
    /// bash, zsh, fish, elvish of powershell
    #[arg(value_name = "SHELL", hide_possible_values = true, help_heading = ARGUMENTS)]
    pub shell: clap_complete::Shell,
}
