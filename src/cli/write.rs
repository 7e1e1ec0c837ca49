//! Writing a text or bytes: to stdout, or to a file as a whole or not at all.

use std::io::Write as _;
use std::path::Path;

use super::print;

/// Writes the text; a file appears as a whole or not at all, and keeps its rights. `-` is the standard output.
///
/// # Errors
/// A sentence for the user.
pub fn write(path: Option<&Path>, text: &str) -> Result<(), String> {
    let Some(path) = path.filter(|p| *p != Path::new("-")) else {
        print::out(text);
        return Ok(());
    };
    whole(path, text.as_bytes())
}

/// Writes the bytes to a file as a whole, or not at all.
///
/// # Errors
/// A sentence for the user.
pub fn whole(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let problem = |e: &std::io::Error| {
        let why = match e.kind() {
            std::io::ErrorKind::NotFound => "de map bestaat niet",
            std::io::ErrorKind::PermissionDenied => "hier mag niet geschreven worden",
            std::io::ErrorKind::StorageFull => "de schijf is vol",
            std::io::ErrorKind::IsADirectory => "dat is een map",
            std::io::ErrorKind::ReadOnlyFilesystem => "de schijf is alleen te lezen",
            _ => "schrijven lukt niet",
        };
        format!("`{}` is niet geschreven: {why}", path.display())
    };
    if path.is_dir() {
        return Err(problem(&std::io::ErrorKind::IsADirectory.into()));
    }
    // Where a link stands, the file behind it is written.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.deel", std::process::id()));
    let part = target.with_file_name(name);
    let rights = target.metadata().ok().map(|m| m.permissions());
    let written = std::fs::File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| rights.map_or(Ok(()), |rights| std::fs::set_permissions(&part, rights)))
        .and_then(|()| std::fs::rename(&part, &target));
    written.map_err(|e| {
        let _ = std::fs::remove_file(&part);
        problem(&e)
    })
}
