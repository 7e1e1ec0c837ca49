//! From settings and `--source` to connections: which file stands behind which table.

use std::collections::BTreeMap;
use std::path::Path;

use super::args::Global;
use super::project::{Compiled, environment};
use super::values;
use crate::calendar::Zone;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::suggest::nearest;
use crate::model::table::Origin;
use crate::model::{Model, TableId};
use crate::run::source::{ColumnMapping, Connection, Encoding, Format, Location};
use crate::source::Spanned;
use crate::syntax::settings::{ColumnSetting, SourceSetting};

/// The connections, with what is wrong in the settings.
pub struct Connections {
    pub tables: BTreeMap<TableId, Connection>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the chosen environment and the flags.
///
/// # Errors
/// One line for wrong use.
pub fn connect(compiled: &Compiled, global: &Global) -> Result<Connections, String> {
    let model = compiled.checked.model();
    let mut found = Connections { tables: BTreeMap::new(), diagnostics: Vec::new() };
    for setting in environment(&compiled.settings, global.env.as_deref())?.into_iter().flat_map(|e| &e.sources) {
        let connection = connection(setting, &compiled.root, &mut found.diagnostics);
        match stored_table(model, &setting.table.value) {
            Some(table) => {
                found.tables.insert(table, connection);
            }
            None => found.diagnostics.push(unknown_table(model, &setting.table)),
        }
    }
    for text in &global.source {
        let (name, path) =
            values::assignment(text).ok_or_else(|| format!("schrijf --source als BRON.TABEL=PAD, niet `{text}`"))?;
        let table = stored_table(model, name).ok_or_else(|| {
            let near = near_table(model, name).map(|n| format!("\n  hulp: bedoelde u `{n}`?")).unwrap_or_default();
            format!("de tabel `{name}` komt in de definities niet voor{near}")
        })?;
        // The path of the flag is relative to where the user stands; how to read it stays as the settings say.
        let known = found.tables.remove(&table).filter(|c| matches!(c.location, Location::Path(_)));
        let location = Location::Path(path.to_owned());
        let connection = match known {
            Some(known) => Connection { location, base: std::path::PathBuf::new(), ..known },
            None => Connection::to(location),
        };
        found.tables.insert(table, connection);
    }
    Ok(found)
}

fn stored_table(model: &Model, name: &str) -> Option<TableId> {
    model.tables.iter().find(|t| t.full_name() == name && matches!(t.origin, Origin::Stored)).map(|t| t.id)
}

fn near_table(model: &Model, name: &str) -> Option<String> {
    let names: Vec<String> = model
        .tables
        .iter()
        .filter(|t| matches!(t.origin, Origin::Stored))
        .map(crate::model::Table::full_name)
        .collect();
    nearest(name, names.iter().map(String::as_str)).map(str::to_owned)
}

fn unknown_table(model: &Model, name: &Spanned<String>) -> Diagnostic {
    let message = format!("de tabel `{}` komt in de definities niet voor", name.value);
    let d = Diagnostic::warning("ML065", message).at(name.span);
    match near_table(model, &name.value) {
        Some(near) => d.help(format!("bedoelde u `{near}`?")).replace(name.span, near),
        None => d.help("deze koppeling doet niets zolang geen bronsysteem de tabel noemt"),
    }
}

fn connection(setting: &SourceSetting, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Connection {
    let location = match (&setting.path, &setting.sql) {
        (_, Some(query)) => Location::Sql {
            query: query.value.clone(),
            from: setting.from.iter().map(|(n, s)| (n.value.clone(), connection(s, root, diagnostics))).collect(),
        },
        (path, None) => {
            let path = path.as_ref().map(|p| p.value.as_str()).unwrap_or_default();
            Location::Path(path.to_owned())
        }
    };
    let mut word = |text: &Option<Spanned<String>>, what: &str, known: &str| {
        if let Some(text) = text {
            diagnostics.push(
                Diagnostic::error("ML066", format!("`{}` is geen {what}", text.value))
                    .at(text.span)
                    .help(format!("kies uit {known}")),
            );
        }
    };
    let format = setting.format.as_ref().and_then(|f| Format::named(&f.value));
    if format.is_none() {
        word(&setting.format, "formaat", "parquet, csv, jsonl en xlsx");
    }
    let separator = setting.separator.as_ref().and_then(|s| match s.value.as_str() {
        "tab" | "\\t" => Some(b'\t'),
        s if s.len() == 1 => s.bytes().next(),
        _ => None,
    });
    if separator.is_none() {
        word(&setting.separator, "scheidingsteken", "`;`, `,`, `|` en tab");
    }
    let encoding = setting.encoding.as_ref().and_then(|e| Encoding::named(&e.value));
    if encoding.is_none() {
        word(&setting.encoding, "codering", "utf-8 en windows-1252");
    }
    let decimal_comma = match setting.decimal.as_ref().map(|d| d.value.as_str()) {
        Some(",") => true,
        Some(".") | None => false,
        Some(_) => {
            word(&setting.decimal, "decimaalteken", "`,` en `.`");
            false
        }
    };
    let zone = setting.time_zone.as_ref().and_then(|z| Zone::named(&z.value));
    if zone.is_none() {
        word(&setting.time_zone, "tijdzone", "namen zoals Europe/Amsterdam en UTC");
    }
    let columns = setting.columns.iter().map(|(name, c)| {
        let mapping = match c {
            ColumnSetting::Renamed(to) => ColumnMapping::Renamed(to.value.clone()),
            ColumnSetting::Absent { reason } => ColumnMapping::Absent(reason.as_ref().map(|r| r.value.clone())),
        };
        (name.value.clone(), mapping)
    });
    Connection {
        location,
        base: root.to_owned(),
        format,
        separator,
        encoding: encoding.unwrap_or_default(),
        sheet: setting.sheet.as_ref().map(|s| s.value.clone()),
        decimal_comma,
        dates: setting.dates.as_ref().map(|d| d.value.clone()),
        zone,
        columns: columns.collect(),
    }
}
