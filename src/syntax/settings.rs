//! meetlat.yaml as a plain value: what the project says, and where. It takes the words as written; whether a path exists,
//! a format is known to this build or a parameter fits its type is for others to find out. Reads no files.
//!
//! A secret in it is an error, and no message of this file then shows a line of it.

mod secrets;

use crate::diagnostic::{Diagnostic, Sink, codes, suggest};
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::ast::{Name, Text};
use crate::syntax::fragment::Fragment;
use crate::syntax::yaml::node::{self, Node, NodeKind};
use crate::syntax::yaml::shape::{self, Entry};

/// A level or a format that does not exist.
const UNKNOWN_WORD: &str = "ML038";
/// A level for what has none.
const NO_RULE: &str = "ML039";

/// All of meetlat.yaml.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// `project: Gemeente Voorbeeldstad`
    pub project: Option<Text>,
    /// `definities: [definities/, "std:vng"]`
    pub definitions: Vec<Text>,
    /// `tijdzone: Europe/Amsterdam`
    pub time_zone: Option<Text>,
    /// `kalender: gemeente`: the calendar of whatever names none.
    pub calendar: Option<Text>,
    /// `omgevingen`; the first is the default.
    pub environments: Vec<Environment>,
    /// `parameters: {wachtnorm: 30 s}`: values still to be parsed.
    pub parameters: Vec<(Name, Fragment)>,
    /// `regels: {ML301: waarschuwing}`
    pub rules: Vec<(Spanned<String>, Spanned<RuleLevel>)>,
}

/// A set of places where the data is.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    pub name: Name,
    pub sources: Vec<SourceSetting>,
}

/// Where the rows of one table are and how they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceSetting {
    /// `acd.gesprek`; in `uit` the name that the query uses.
    pub table: Name,
    /// `pad`
    pub path: Option<Text>,
    /// `formaat`: parquet, csv, jsonl, …; by default what the path's ending says.
    pub format: Option<Text>,
    /// `blad`: the sheet of a workbook.
    pub sheet: Option<Text>,
    /// `scheiding`
    pub separator: Option<Text>,
    /// `codering`
    pub encoding: Option<Text>,
    /// `decimaal`
    pub decimal: Option<Text>,
    /// `datums`: `dd-mm-jjjj`
    pub dates: Option<Text>,
    /// `tijdzone` of naive timestamps, where it is not the project's.
    pub time_zone: Option<Text>,
    /// `kolommen`
    pub columns: Vec<(Name, ColumnSetting)>,
    /// `sql`: a query over the tables of `uit`.
    pub sql: Option<Text>,
    /// `uit`
    pub from: Vec<(Name, SourceSetting)>,
    pub span: Span,
}

/// What the file has for a column of the definition.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnSetting {
    /// It has another name there.
    Renamed(Text),
    /// `geen`, `geen "reden"`: it is not there.
    Absent { reason: Option<Text> },
}

/// How heavily a rule on the whole set counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    /// `uit`
    Off,
    /// `tip`
    Hint,
    /// `waarschuwing`
    Warning,
    /// `fout`
    Error,
}

impl RuleLevel {
    /// All of them, from light to heavy.
    pub const ALL: [Self; 4] = [Self::Off, Self::Hint, Self::Warning, Self::Error];

    /// The word in meetlat.yaml.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "uit",
            Self::Hint => "tip",
            Self::Warning => "waarschuwing",
            Self::Error => "fout",
        }
    }
}

const TOP: [&str; 7] = ["project", "definities", "tijdzone", "kalender", "omgevingen", "parameters", "regels"];
const ENVIRONMENT: [&str; 1] = ["bronnen"];
const SOURCE: [&str; 11] =
    ["pad", "formaat", "blad", "scheiding", "codering", "decimaal", "datums", "tijdzone", "kolommen", "sql", "uit"];

/// Reads meetlat.yaml. Mistakes go to the sink; what could be read is in the value.
pub fn parse(source: SourceId, text: &str, sink: &mut Sink) -> Settings {
    let mut own = Sink::default();
    let mut settings = Settings::default();
    let mut found = Vec::new();
    if let Some(mut root) = node::read(source, text, &mut own) {
        found = secrets::take_out(&mut root, text);
        top(&root, &mut settings, &mut own);
    }
    secrets::report(text, found, own, sink);
    settings
}

fn top(root: &Node, settings: &mut Settings, sink: &mut Sink) {
    let help = "dit bestand bestaat uit `sleutel: waarde`, bijvoorbeeld `project: Gemeente …`";
    for field in shape::entries(root, "meetlat.yaml", help, sink).unwrap_or_default() {
        match field.name.value.as_str() {
            "project" => settings.project = shape::text(field.value, "project", sink),
            "definities" => {
                let texts = shape::texts(field.value, "definities", sink);
                settings.definitions = texts.into_iter().map(|(n, f)| Spanned::new(f.text, n.span)).collect();
            }
            "tijdzone" => settings.time_zone = shape::text(field.value, "tijdzone", sink),
            "kalender" => settings.calendar = shape::text(field.value, "kalender", sink),
            "omgevingen" => {
                let help = "schrijf onder `omgevingen` eerst een naam: `lokaal:`";
                let entries = shape::entries(field.value, "omgevingen", help, sink).unwrap_or_default();
                settings.environments = entries.iter().map(|e| environment(e, sink)).collect();
            }
            "parameters" => {
                let help = "schrijf onder `parameters` elke waarde als `naam: waarde`";
                for entry in shape::entries(field.value, "parameters", help, sink).unwrap_or_default() {
                    if let Some(value) = shape::scalar(entry.value, &entry.name.value, help, sink) {
                        settings.parameters.push((entry.name.clone(), value.fragment.trimmed()));
                    }
                }
            }
            "regels" => {
                let help = "schrijf onder `regels` elke regel als `ML301: waarschuwing`";
                let entries = shape::entries(field.value, "regels", help, sink).unwrap_or_default();
                settings.rules = entries.iter().filter_map(|e| rule(e, sink)).collect();
            }
            _ => {
                shape::unknown(&field.name, "van meetlat.yaml", &TOP, sink);
            }
        }
    }
}

fn rule(entry: &Entry<'_>, sink: &mut Sink) -> Option<(Spanned<String>, Spanned<RuleLevel>)> {
    if !codes::adjustable().contains(&entry.name.value.as_str()) {
        sink.push(no_rule(&entry.name));
        return None;
    }
    let word = shape::text(entry.value, &entry.name.value, sink)?;
    if let Some(level) = RuleLevel::ALL.into_iter().find(|l| l.word() == word.value) {
        return Some((entry.name.clone(), Spanned::new(level, word.span)));
    }
    let message = format!("`{}` is geen zwaarte van een regel", word.value);
    let words = RuleLevel::ALL.map(RuleLevel::word);
    let diagnostic = Diagnostic::error(UNKNOWN_WORD, message).at(word.span);
    sink.push(match suggest::nearest(&word.value, words) {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(word.span, near),
        None => diagnostic.help("kies `uit`, `tip`, `waarschuwing` of `fout`"),
    });
    None
}

/// A code without a level: a mistake in writing it, or a message that always counts the same.
fn no_rule(name: &Name) -> Diagnostic {
    let adjustable = codes::adjustable();
    let upper = name.value.to_uppercase();
    let meant = [upper.clone(), format!("ML{upper}")].into_iter().find(|code| adjustable.contains(&code.as_str()));
    if let Some(meant) = meant {
        return Diagnostic::error(NO_RULE, format!("`{}` is geen regel", name.value))
            .at(name.span)
            .help(format!("bedoelde u `{meant}`?"))
            .replace(name.span, meant);
    }
    let message = if codes::page(&upper).is_some() {
        format!("de zwaarte van `{}` ligt vast", name.value)
    } else {
        format!("de regel `{}` bestaat niet", name.value)
    };
    let (sets, others): (Vec<&str>, Vec<&str>) = adjustable.into_iter().partition(|code| code.starts_with("ML3"));
    let range = sets.first().zip(sets.last()).map(|(first, last)| format!("{first} tot en met {last}"));
    Diagnostic::error(NO_RULE, message).at(name.span).help(format!(
        "de zwaarte is te kiezen van {}, en van {}",
        range.unwrap_or_default(),
        others.join(", ")
    ))
}

fn environment(entry: &Entry<'_>, sink: &mut Sink) -> Environment {
    let mut sources = Vec::new();
    let help = "schrijf eronder `bronnen:`";
    for field in shape::entries(entry.value, &entry.name.value, help, sink).unwrap_or_default() {
        if field.name.value == "bronnen" {
            let help = "schrijf onder `bronnen` elke tabel als `bron.tabel: {pad: …}`";
            let entries = shape::entries(field.value, "bronnen", help, sink).unwrap_or_default();
            sources.extend(entries.iter().filter_map(|e| source_setting(e, sink)));
        } else {
            shape::unknown(&field.name, "van een omgeving", &ENVIRONMENT, sink);
        }
    }
    Environment { name: entry.name.clone(), sources }
}

/// `acd.gesprek: {pad: …}` or `acd.gesprek: data/gesprek.parquet`. Nothing when it is neither, which is reported.
fn source_setting(entry: &Entry<'_>, sink: &mut Sink) -> Option<SourceSetting> {
    let mut setting = SourceSetting {
        table: entry.name.clone(),
        path: None,
        format: None,
        sheet: None,
        separator: None,
        encoding: None,
        decimal: None,
        dates: None,
        time_zone: None,
        columns: Vec::new(),
        sql: None,
        from: Vec::new(),
        span: entry.span,
    };
    let name = entry.name.value.as_str();
    let help = format!("schrijf `{name}: data/bestand.csv` of `{name}: {{pad: data/bestand.csv}}`");
    if !matches!(entry.value.kind, NodeKind::Mapping(_)) {
        let path = shape::scalar(entry.value, name, &help, sink)?;
        setting.path = Some(Spanned::new(path.fragment.text.trim().to_owned(), entry.value.span));
        return Some(setting);
    }
    for field in shape::entries(entry.value, name, &help, sink)? {
        let key = field.name.value.as_str();
        let slot = match key {
            "pad" => &mut setting.path,
            "formaat" => &mut setting.format,
            "blad" => &mut setting.sheet,
            "scheiding" => &mut setting.separator,
            "codering" => &mut setting.encoding,
            "decimaal" => &mut setting.decimal,
            "datums" => &mut setting.dates,
            "tijdzone" => &mut setting.time_zone,
            "sql" => &mut setting.sql,
            "kolommen" => {
                let help = "schrijf onder `kolommen` elke kolom als `naam: naam_in_het_bestand` of `naam: geen`";
                let entries = shape::entries(field.value, key, help, sink).unwrap_or_default();
                setting.columns = entries.iter().filter_map(|e| column(e, sink)).collect();
                continue;
            }
            "uit" => {
                let help = "schrijf onder `uit` elke tabel van de query als `naam: pad`";
                let entries = shape::entries(field.value, key, help, sink).unwrap_or_default();
                setting.from =
                    entries.iter().filter_map(|e| Some((e.name.clone(), source_setting(e, sink)?))).collect();
                continue;
            }
            _ => {
                shape::unknown(&field.name, "van een bron", &SOURCE, sink);
                continue;
            }
        };
        // A separator may be a tab or a space, so this text is not trimmed.
        let help = format!("schrijf `{key}: …` met de waarde op dezelfde regel");
        *slot = shape::scalar(field.value, key, &help, sink).map(|s| {
            let text = if key == "scheiding" { s.fragment.text.as_str() } else { s.fragment.text.trim() };
            Spanned::new(text.to_owned(), field.value.span)
        });
    }
    Some(setting)
}

/// `afgifte: uitgifte_ts`, `kosten: geen`, `kosten: geen "niet geregistreerd"`
fn column(entry: &Entry<'_>, sink: &mut Sink) -> Option<(Name, ColumnSetting)> {
    let help = format!("schrijf `{0}: naam_in_het_bestand` of `{0}: geen`", entry.name.value);
    let fragment = shape::scalar(entry.value, &entry.name.value, &help, sink)?.fragment.trimmed();
    let reason = fragment.text.strip_prefix("geen").and_then(|rest| {
        let bare = rest.trim();
        let bare = bare.strip_prefix('"').and_then(|r| r.strip_suffix('"')).filter(|_| bare.len() > 1);
        if rest.is_empty() { Some(None) } else { bare.filter(|_| rest.starts_with([' ', '\t'])).map(Some) }
    });
    let setting = match reason {
        None => ColumnSetting::Renamed(Spanned::new(fragment.text.clone(), entry.value.span)),
        Some(None) => ColumnSetting::Absent { reason: None },
        Some(Some(reason)) => {
            let start = fragment.text.find('"').unwrap_or_default();
            let span = fragment.span(start, fragment.text.len());
            ColumnSetting::Absent { reason: Some(Spanned::new(reason.to_owned(), span)) }
        }
    };
    Some((entry.name.clone(), setting))
}

#[cfg(test)]
#[path = "settings/tests.rs"]
mod tests;
