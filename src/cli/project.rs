//! Finding and reading a project: its settings, its definitions files and everything they take in.

#[cfg(feature = "engine")]
pub mod unset;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::args::Global;
use super::values;
use crate::calendar::Zone;
use crate::check::{self, Checked, check};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::library;
use crate::model::Value;
use crate::resolve;
use crate::source::{SourceMap, Span, Spanned};
use crate::syntax::ast::{Declaration, Expr, File};
use crate::syntax::fragment::Fragment;
use crate::syntax::settings::{self, Settings};
use crate::syntax::{dsl, yaml};

/// The file that makes a folder a project.
pub const SETTINGS_FILE: &str = "meetlat.yaml";

/// A project as read, with what was wrong in it.
#[cfg_attr(feature = "engine", derive(Clone))]
pub struct Project {
    /// Paths in meetlat.yaml are relative to this folder.
    pub root: PathBuf,
    pub sources: SourceMap,
    pub files: Vec<File>,
    pub settings: Settings,
    pub parameters: Vec<(Spanned<String>, Expr)>,
    pub zone: Zone,
    pub sink: Sink,
    /// The definitions files on disk, in the order in which they were read.
    pub disk: Vec<PathBuf>,
    /// What is asked of the library, without `std:`, and where.
    packages: Vec<(String, Span)>,
    read: BTreeSet<String>,
}

/// A project of which the definitions hold.
#[cfg_attr(not(feature = "engine"), expect(dead_code, reason = "only calculating needs the rest"))]
pub struct Compiled {
    pub root: PathBuf,
    pub sources: SourceMap,
    pub settings: Settings,
    pub files: Vec<File>,
    /// What the definitions were resolved with.
    pub resolved_with: resolve::Settings,
    pub checked: Checked,
    /// Warnings and hints.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compiled {
    /// The same definitions with other values for some parameters.
    ///
    /// # Errors
    /// What does not hold with these.
    pub fn variant(&self, parameters: &[(String, Value)]) -> Result<Checked, Vec<Diagnostic>> {
        let mut sink = Sink::default();
        let model = resolve::with(&self.files, &self.resolved_with, parameters, &mut sink);
        let checked = check(model, &mut sink);
        checked.ok_or_else(|| sink.into_sorted().into_iter().filter(|d| d.severity == Severity::Error).collect())
    }
}

impl Project {
    /// Reads the project of `global`, or only `paths` when there are any.
    ///
    /// # Errors
    /// One line for wrong use: no project where one was named, or an unknown path.
    pub fn read(global: &Global, paths: &[PathBuf]) -> Result<Self, String> {
        let root = find_root(global, paths)?;
        let mut project = Self {
            root: root.clone().unwrap_or_else(|| PathBuf::from(".")),
            sources: SourceMap::default(),
            files: Vec::new(),
            settings: Settings::default(),
            parameters: Vec::new(),
            zone: Zone::default(),
            sink: Sink::default(),
            disk: Vec::new(),
            packages: Vec::new(),
            read: BTreeSet::new(),
        };
        if let Some(root) = &root {
            project.read_settings(&root.join(SETTINGS_FILE));
        }
        project.command_parameters(&global.param)?;
        if paths.is_empty() {
            project.read_definitions();
        }
        for path in paths {
            if !path.exists() {
                return Err(format!("`{}` bestaat niet", path.display()));
            }
            project.read_path(path, None);
        }
        project.take_in_packages();
        Ok(project)
    }

    /// Resolves and checks. The sources and all diagnostics in order, and the compiled project when nothing is wrong.
    pub fn compile(self) -> Result<Compiled, (SourceMap, Vec<Diagnostic>)> {
        self.compiled(false)
    }

    /// As [`Self::compile`], and holds the definitions against the rules for a whole set too.
    pub fn compile_as_a_set(self) -> Result<Compiled, (SourceMap, Vec<Diagnostic>)> {
        self.compiled(true)
    }

    /// As [`Self::compile`], but a KPI that uses a parameter without a value does not stop the others: it is left out, and
    /// its error is told. Not where a `named` KPI is one of those.
    #[cfg(feature = "engine")]
    pub fn compile_to_run(self, named: &[String]) -> Result<Compiled, (SourceMap, Vec<Diagnostic>)> {
        let spare = self.clone();
        let (sources, told) = match self.compile() {
            Ok(compiled) => return Ok(compiled),
            Err(failed) => failed,
        };
        let left =
            unset::without(&spare.files, &told).filter(|(_, names)| !named.iter().any(|name| names.contains(name)));
        let Some((files, _)) = left else { return Err((sources, told)) };
        let Ok(mut compiled) = (Self { files, ..spare }).compile() else { return Err((sources, told)) };
        compiled.diagnostics.extend(told.into_iter().filter(|d| d.severity == Severity::Error));
        Ok(compiled)
    }

    fn compiled(mut self, as_a_set: bool) -> Result<Compiled, (SourceMap, Vec<Diagnostic>)> {
        let settings = resolve::Settings {
            zone: self.zone,
            parameters: std::mem::take(&mut self.parameters),
            calendar: self.settings.calendar.clone(),
        };
        let model = resolve::resolve(&self.files, &settings, &mut self.sink);
        let checked = check(model, &mut self.sink);
        if let Some(checked) = checked.as_ref().filter(|_| as_a_set) {
            let shipped = self.sources.iter().filter(|(_, file)| file.name.starts_with("std:")).map(|(id, _)| id);
            check::set::check(checked, &shipped.collect(), &mut self.sink);
        }
        let diagnostics = self.leveled();
        match checked {
            Some(checked) => Ok(Compiled {
                root: self.root,
                sources: self.sources,
                settings: self.settings,
                files: self.files,
                resolved_with: settings,
                checked,
                diagnostics,
            }),
            None => Err((self.sources, diagnostics)),
        }
    }

    /// The diagnostics with the levels that the project sets. An error stays one.
    fn leveled(&mut self) -> Vec<Diagnostic> {
        let (rules, sources) = (&self.settings.rules, &self.sources);
        let level = |d: &Diagnostic| rules.iter().find(|(code, _)| code.value == d.code).map(|(_, level)| level.value);
        let mut list = std::mem::take(&mut self.sink).into_sorted();
        list.retain(|d| d.severity == Severity::Error || level(d) != Some(settings::RuleLevel::Off));
        // A tip about the shipped library is for those who write it.
        let shipped =
            |d: &Diagnostic| d.span.and_then(|s| sources.get(s.source)).is_some_and(|f| f.name.starts_with("std:"));
        list.retain(|d| d.severity != Severity::Hint || !shipped(d));
        for d in list.iter_mut().filter(|d| d.severity != Severity::Error) {
            d.severity = match level(d) {
                Some(settings::RuleLevel::Hint) => Severity::Hint,
                Some(settings::RuleLevel::Warning) => Severity::Warning,
                Some(settings::RuleLevel::Error) => Severity::Error,
                Some(settings::RuleLevel::Off) | None => d.severity,
            };
        }
        list
    }

    fn read_settings(&mut self, path: &Path) {
        let Some(text) = self.text(path, None) else { return };
        let id = self.sources.add(self.shown(path), text.clone());
        self.settings = settings::parse(id, &text, &mut self.sink);
        if let Some(zone) = &self.settings.time_zone {
            match Zone::named(&zone.value) {
                Some(found) => self.zone = found,
                None => self.sink.push(
                    Diagnostic::error("ML060", format!("`{}` is geen tijdzone", zone.value))
                        .at(zone.span)
                        .help("schrijf een naam zoals `Europe/Amsterdam`"),
                ),
            }
        }
        for (name, value) in self.settings.parameters.clone() {
            if let Some(expr) = dsl::parse_expr(&value, &mut self.sink) {
                self.parameters.push((name, expr));
            }
        }
    }

    /// `--param`: these come after those of meetlat.yaml and win.
    fn command_parameters(&mut self, list: &[String]) -> Result<(), String> {
        for text in list {
            let (name, value) =
                values::assignment(text).ok_or_else(|| format!("schrijf --param als NAAM=WAARDE, niet `{text}`"))?;
            let id = self.sources.add("--param", text.as_str());
            let at = text.len() - value.len();
            let fragment = Fragment::verbatim(id, value, at);
            if let Some(expr) = dsl::parse_expr(&fragment, &mut self.sink) {
                self.parameters.retain(|(known, _)| known.value != name);
                self.parameters.push((Spanned::new(name.to_owned(), Span::new(id, 0..name.len())), expr));
            }
        }
        Ok(())
    }

    fn read_definitions(&mut self) {
        let listed = self.settings.definitions.clone();
        if listed.is_empty() {
            let default = self.root.join("definities");
            let folder = if default.is_dir() { default } else { self.root.clone() };
            self.read_path(&folder, None);
        }
        for entry in listed {
            let root = self.root.clone();
            self.take_in(&entry.value, &root, entry.span);
        }
    }

    /// `std:…`, or a file or folder relative to `base`; an ending may be left out.
    fn take_in(&mut self, path: &str, base: &Path, at: Span) {
        if let Some(inner) = path.strip_prefix("std:") {
            self.packages.push((inner.to_owned(), at));
            return;
        }
        let plain = base.join(path);
        let found = [plain.clone(), with_ending(&plain, "kpi"), with_ending(&plain, "yaml")]
            .into_iter()
            .find(|candidate| candidate.exists());
        match found {
            Some(found) => self.read_path(&found, Some(at)),
            None => self.sink.push(
                Diagnostic::error("ML061", format!("`{path}` bestaat niet"))
                    .at(at)
                    .help("schrijf een bestand of map naast dit bestand, of een pakket zoals `std:vng`"),
            ),
        }
    }

    /// Takes in what was asked of the library, once all other files have been read.
    fn take_in_packages(&mut self) {
        let mut at = 0;
        while let Some((path, span)) = self.packages.get(at).cloned() {
            self.take_in_library(&path, span);
            at += 1;
        }
    }

    /// Whether a file of the library has been read as a file of the author's: who checks the library's own folder.
    fn is_here(&self, name: &str, text: &str) -> bool {
        let path = Path::new(name.trim_start_matches("std:"));
        self.sources.iter().any(|(_, file)| Path::new(&file.name).ends_with(path) && file.text == text)
    }

    fn take_in_library(&mut self, path: &str, at: Span) {
        let files = library::files(path);
        if files.is_empty() {
            let known = library::paths();
            let mut d = Diagnostic::error("ML062", format!("het pakket `std:{path}` bestaat niet")).at(at);
            d = match nearest(path, known.iter().map(String::as_str)) {
                Some(near) => d.help(format!("bedoelde u `std:{near}`?")),
                None => d.help(format!("er zijn: {}", known.join(", "))),
            };
            self.sink.push(d);
        }
        for (name, text) in files {
            if self.read.insert(name.clone()) && !self.is_here(&name, text) {
                self.parse(name, text, None);
            }
        }
    }

    /// Reads a definitions file, or all in a folder and the folders in it, in order of name.
    fn read_path(&mut self, path: &Path, at: Option<Span>) {
        if path.is_dir() {
            for inner in definition_files(path) {
                self.read_path(&inner, at);
            }
            return;
        }
        let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if !self.read.insert(identity.to_string_lossy().into_owned()) {
            return;
        }
        self.disk.push(path.to_owned());
        if let Some(text) = self.text(path, at) {
            let base = path.parent().map(Path::to_owned);
            self.parse(self.shown(path), &text, base);
        }
    }

    fn parse(&mut self, name: String, text: &str, base: Option<PathBuf>) {
        let is_yaml = Path::new(&name).extension().is_some_and(|e| e == "yaml" || e == "yml");
        let id = self.sources.add(name, text);
        let file = if is_yaml {
            yaml::parse_file(id, text, &mut self.sink)
        } else {
            dsl::parse_file(id, text, &mut self.sink)
        };
        let uses: Vec<Spanned<String>> = file
            .declarations
            .iter()
            .filter_map(|d| if let Declaration::Use(path) = d { Some(path.clone()) } else { None })
            .collect();
        self.files.push(file);
        let base = base.unwrap_or_else(|| self.root.clone());
        for path in uses {
            self.take_in(&path.value, &base, path.span);
        }
    }

    /// The text of a file; what is wrong with it is told.
    fn text(&mut self, path: &Path, at: Option<Span>) -> Option<String> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let why = read_problem(error.kind());
                let mut d = Diagnostic::error("ML063", format!("`{}` {why}", self.shown(path)));
                d.span = at;
                self.sink.push(d);
                return None;
            }
        };
        String::from_utf8(bytes).ok().or_else(|| {
            let d = Diagnostic::error("ML064", format!("`{}` is geen UTF-8-tekst", self.shown(path)))
                .help("bewaar het bestand in uw editor als UTF-8");
            self.sink.push(d);
            None
        })
    }

    /// A path as the user knows it: inside the project relative to it.
    fn shown(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.root).ok().filter(|p| !p.as_os_str().is_empty());
        inside.unwrap_or(path).to_string_lossy().into_owned()
    }
}

/// The environment to use.
///
/// # Errors
/// One line when there is no environment of that name.
#[cfg(feature = "engine")]
pub fn environment<'a>(
    settings: &'a Settings,
    name: Option<&str>,
) -> Result<Option<&'a settings::Environment>, String> {
    let Some(name) = name else { return Ok(settings.environments.first()) };
    let known = || settings.environments.iter().map(|e| e.name.value.as_str());
    settings.environments.iter().find(|e| e.name.value == name).map(Some).ok_or_else(|| {
        let near = nearest(name, known()).map(|n| format!("; bedoelde u `{n}`?")).unwrap_or_default();
        format!("de omgeving `{name}` staat niet in meetlat.yaml{near}")
    })
}

/// Why a file could not be read, as the rest of a sentence.
pub fn read_problem(kind: std::io::ErrorKind) -> &'static str {
    match kind {
        std::io::ErrorKind::NotFound => "bestaat niet",
        std::io::ErrorKind::PermissionDenied => "mag niet gelezen worden",
        std::io::ErrorKind::IsADirectory => "is een map",
        _ => "kan niet gelezen worden",
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// The project's folder: the named one, or the nearest parent with a meetlat.yaml. None when single paths are checked
/// outside any project.
fn find_root(global: &Global, paths: &[PathBuf]) -> Result<Option<PathBuf>, String> {
    if let Some(dir) = &global.project {
        return match (dir.is_dir(), dir.join(SETTINGS_FILE).is_file()) {
            (false, _) => Err(format!("de map `{}` bestaat niet", dir.display())),
            (true, false) => Err(format!(
                "in `{}` staat geen meetlat.yaml\n  hulp: maak een project met `meetlat init {}`",
                dir.display(),
                dir.display()
            )),
            (true, true) => Ok(Some(dir.clone())),
        };
    }
    let start = paths.first().cloned().unwrap_or_else(|| PathBuf::from("."));
    let start = start.canonicalize().unwrap_or(start);
    let here = std::env::current_dir().ok();
    let found = start.ancestors().find(|folder| folder.join(SETTINGS_FILE).is_file());
    match found {
        Some(folder) if here.as_deref() == Some(folder) => Ok(Some(PathBuf::from("."))),
        Some(folder) => Ok(Some(folder.to_owned())),
        None if paths.is_empty() => Err("hier en in de mappen erboven staat geen meetlat.yaml\n  \
             hulp: maak een project met `meetlat init`, of wijs er een aan met --project MAP"
            .to_owned()),
        None => Ok(None),
    }
}

/// The definitions files in a folder and the folders in it, in order of name; a file is itself.
pub fn definition_files_under(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    definition_files(path).iter().flat_map(|inner| definition_files_under(inner)).collect()
}

/// The definitions files and folders in a folder, in order of name; hidden folders, `data` folders and meetlat.yaml itself
/// are passed over.
fn definition_files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|e| e.ok().map(|e| e.path())).collect();
    entries.sort();
    entries.retain(|path| {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if path.is_dir() {
            !name.starts_with('.') && name != "data"
        } else {
            name != SETTINGS_FILE && matches!(ending, "kpi" | "yaml" | "yml")
        }
    });
    entries
}
