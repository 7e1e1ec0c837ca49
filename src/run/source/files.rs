//! Which files a path stands for: one file, a pattern or a folder (with `sleutel=waarde` folders in it).
//!
//! Looks at names and sizes only, never at contents. Order is by path, so that a run is repeatable.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::{IS_FOLDER, NO_FORMAT, NOT_FOUND, SourceError, io_error};
use super::{Connection, Format};

/// One file of a source.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Absolute, without links.
    pub path: PathBuf,
    /// As it stands in messages: in the words of the connection.
    pub shown: String,
    /// Names and values of the `sleutel=waarde` folders between the folder of the connection and the file.
    pub keys: Vec<(String, String)>,
    pub bytes: u64,
}

/// The files behind a path: at least one.
#[derive(Clone, Debug)]
pub struct Located {
    pub files: Vec<SourceFile>,
    pub format: Format,
    /// The folder itself (absolute) where the files lie in `sleutel=waarde` folders.
    pub hive: Option<PathBuf>,
    /// The path of the connection.
    pub shown: String,
}

/// Finds the files of `given`, a path of `connection`.
pub fn locate(given: &str, connection: &Connection) -> Result<Located, SourceError> {
    if let Some((scheme, _)) = given.split_once("://") {
        return Err(SourceError::new(NO_FORMAT, format!("opslag `{scheme}://` zit niet in deze versie van meetlat"))
            .help("zet de bestanden in een map die deze machine kan lezen"));
    }
    let path = connection.base.join(given);
    match fs::metadata(&path) {
        Ok(meta) if meta.is_dir() => folder(given, &path, connection.format),
        Ok(meta) => {
            let format = connection.format.or_else(|| Format::of_name(given)).ok_or_else(|| unknown_format(given))?;
            let file = file(&path, given, Vec::new(), meta.len())?;
            Ok(Located { files: vec![file], format, hive: None, shown: given.to_owned() })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && given.contains(['*', '?', '[']) => {
            matching(given, &path, connection)
        }
        Err(error) => Err(io_error(error.kind(), given)),
    }
}

fn file(path: &Path, shown: &str, keys: Vec<(String, String)>, bytes: u64) -> Result<SourceFile, SourceError> {
    let path = fs::canonicalize(path).map_err(|e| io_error(e.kind(), shown))?;
    Ok(SourceFile { path, shown: shown.to_owned(), keys, bytes })
}

fn unknown_format(shown: &str) -> SourceError {
    let extension = Path::new(shown).extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    if matches!(extension.as_str(), "xls" | "xlsb" | "ods") {
        return SourceError::new(
            NO_FORMAT,
            format!("`{shown}` is een rekenblad; dat leest deze versie van meetlat niet"),
        )
        .help("bewaar het als .xlsx, of sla het blad op als csv (UTF-8)");
    }
    SourceError::new(NO_FORMAT, format!("het formaat van `{shown}` is niet aan de naam te zien"))
        .help("zet bij de bron in meetlat.yaml `formaat: parquet`, `csv`, `jsonl` of `xlsx`")
        .help("bekende extensies: .parquet, .pq, .csv, .tsv, .txt, .jsonl, .ndjson, .json, .xlsx")
}

fn matching(given: &str, path: &Path, connection: &Connection) -> Result<Located, SourceError> {
    // the folder of the project is no pattern, whatever stands in its name
    let base = glob::Pattern::escape(&connection.base.to_string_lossy());
    let pattern = if Path::new(given).is_absolute() || base.is_empty() {
        path.to_string_lossy().into_owned()
    } else {
        format!("{base}/{given}")
    };
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
    let found = glob::glob_with(&pattern, options).map_err(|_| {
        SourceError::new(NOT_FOUND, format!("`{given}` is geen geldig patroon"))
            .help("gebruik `*` voor een stuk van een naam, `?` voor één teken en `[ab]` voor een keuze")
    })?;
    let mut files = Vec::new();
    let mut folders = 0;
    for path in found {
        let path = path.map_err(|e| io_error(e.error().kind(), &e.path().to_string_lossy()))?;
        let shown = path.strip_prefix(&connection.base).unwrap_or(&path).to_string_lossy().into_owned();
        let meta = fs::metadata(&path).map_err(|e| io_error(e.kind(), &shown))?;
        if meta.is_dir() {
            folders += 1;
        } else {
            files.push(file(&path, &shown, Vec::new(), meta.len())?);
        }
    }
    if files.is_empty() && folders > 0 {
        return Err(SourceError::new(IS_FOLDER, format!("`{given}` past alleen op mappen, niet op bestanden"))
            .help(format!("bedoelde u `{}/*`?", given.trim_end_matches('/'))));
    }
    if files.is_empty() {
        return Err(SourceError::new(NOT_FOUND, format!("geen bestand past op `{given}`"))
            .help("controleer het pad van de bron in meetlat.yaml"));
    }
    let format = match connection.format {
        Some(format) => format,
        None => one_format(&files, given)?,
    };
    Ok(Located { files, format, hive: None, shown: given.to_owned() })
}

/// The format that the names of all files tell.
fn one_format(files: &[SourceFile], given: &str) -> Result<Format, SourceError> {
    let mut format = None;
    for file in files {
        let this = Format::of_name(&file.shown).ok_or_else(|| unknown_format(&file.shown))?;
        if format.is_some_and(|f| f != this) {
            return Err(SourceError::new(NO_FORMAT, format!("`{given}` bevat bestanden van verschillend formaat"))
                .help("kies er één met een patroon, zoals `map/*.parquet`, of met `formaat:`"));
        }
        format = Some(this);
    }
    format.ok_or_else(|| unknown_format(given))
}

fn folder(given: &str, root: &Path, wanted: Option<Format>) -> Result<Located, SourceError> {
    let shown_root = given.trim_end_matches('/');
    let mut files = Vec::new();
    let mut depths = Vec::new();
    let mut seen = 0;
    let mut waiting = vec![(root.to_path_buf(), String::new(), Vec::new(), 0)];
    while let Some((folder, inner, keys, depth)) = waiting.pop() {
        let entries = fs::read_dir(&folder).map_err(|e| io_error(e.kind(), &format!("{shown_root}{inner}")))?;
        for entry in entries {
            let entry = entry.map_err(|e| io_error(e.kind(), given))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // what tools leave behind: _SUCCESS, _temporary, .crc
            if name.starts_with(['.', '_']) {
                continue;
            }
            let shown = format!("{shown_root}{inner}/{name}");
            let meta = fs::metadata(entry.path()).map_err(|e| io_error(e.kind(), &shown))?;
            if meta.is_dir() {
                let mut keys = keys.clone();
                keys.extend(name.split_once('=').map(|(k, v)| (k.to_owned(), decoded(v))));
                // a link may lead back up
                if depth < 64 {
                    waiting.push((entry.path(), format!("{inner}/{name}"), keys, depth + 1));
                }
                continue;
            }
            seen += 1;
            let this = Format::of_name(&name);
            if this.is_some() && (wanted.is_none() || wanted == this) {
                files.push(file(&entry.path(), &shown, keys.clone(), meta.len())?);
                depths.push(depth);
            }
        }
    }
    // one level of folders per key: a file that lies otherwise would be passed over by the engine
    let astray = files.iter().zip(&depths).find(|(f, depth)| !f.keys.is_empty() && f.keys.len() != **depth);
    if let Some((file, _)) = astray {
        let text = format!("`{}` ligt in een map zonder `sleutel=waarde`, en andere mappen hebben dat wel", file.shown);
        return Err(SourceError::new(NO_FORMAT, text).help("gebruik in de hele map dezelfde indeling"));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let Some(first) = files.first() else {
        let what = if seen == 0 { "is leeg" } else { "bevat geen bestanden die meetlat kan lezen" };
        return Err(SourceError::new(NOT_FOUND, format!("map `{given}` {what}"))
            .help("bekende extensies: .parquet, .pq, .csv, .tsv, .txt, .jsonl, .ndjson, .json, .xlsx"));
    };
    let format = one_format(&files, given)?;
    let names = |file: &SourceFile| file.keys.iter().map(|(k, _)| k.clone()).collect::<Vec<_>>();
    let keys = names(first);
    if let Some(other) = files.iter().find(|f| names(f) != keys) {
        return Err(SourceError::new(
            NO_FORMAT,
            format!("`{}` ligt in andere mappen met `sleutel=waarde` dan `{}`", other.shown, first.shown),
        )
        .help("gebruik in de hele map dezelfde indeling"));
    }
    let hive =
        if keys.is_empty() { None } else { Some(fs::canonicalize(root).map_err(|e| io_error(e.kind(), given))?) };
    Ok(Located { files, format, hive, shown: given.to_owned() })
}

/// `Burger%20zaken` as `Burger zaken`; a text that is not so encoded stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digit =
            |at: usize| after.get(at).and_then(|&c| char::from(c).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        if let (b'%', Some(high), Some(low)) = (first, digit(0), digit(1)) {
            bytes.push(high * 16 + low);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
