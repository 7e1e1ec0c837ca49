//! `meetlat init [DIR]`: a small project that works at once. Files that exist are never overwritten.

use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use super::Outcome;
use super::args::InitArgs;
use super::print::{self, Printer};
use super::project::{SETTINGS_FILE, read_problem};

static TEMPLATE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/init");

pub fn run(args: &InitArgs, printer: &Printer) -> Outcome {
    let dir = &args.dir;
    if dir.join(SETTINGS_FILE).exists() {
        print::err(&format!("fout: in `{}` staat al een meetlat.yaml; er is niets veranderd", dir.display()));
        return Outcome::WrongUse;
    }
    let mut made = Vec::new();
    if let Err((path, why)) = write(&TEMPLATE, dir, &mut made) {
        print::err(&format!("fout: `{path}` kan niet gemaakt worden: {why}"));
        return Outcome::Failed;
    }
    made.sort();
    for path in &made {
        print::out(&format!("gemaakt: {path}\n"));
    }
    let flag = if dir == Path::new(".") { String::new() } else { format!(" --project {}", dir.display()) };
    printer.note(&format!("\nControleer de definities:  meetlat check{flag}"));
    #[cfg(feature = "engine")]
    printer.note(&format!("Bereken de KPI's:          meetlat run{flag}"));
    Outcome::Well
}

/// Writes a folder of the template; what is there already stays.
fn write(folder: &Dir<'_>, root: &Path, made: &mut Vec<String>) -> Result<(), (String, String)> {
    for entry in folder.entries() {
        let name = entry.path().to_string_lossy().replace("editorconfig", ".editorconfig");
        let path = root.join(&name);
        let problem = |e: std::io::Error| (path.display().to_string(), read_problem_or_write(&e));
        match entry {
            DirEntry::Dir(inner) => write(inner, root, made)?,
            DirEntry::File(file) if !path.exists() => {
                if let Some(parent) = path.parent() {
                    std::fs::create_dir_all(parent).map_err(problem)?;
                }
                std::fs::write(&path, file.contents()).map_err(problem)?;
                made.push(path.display().to_string());
            }
            DirEntry::File(_) => {}
        }
    }
    Ok(())
}

fn read_problem_or_write(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => "hier mag niet geschreven worden".to_owned(),
        kind => format!("de plek {}", read_problem(kind)),
    }
}
