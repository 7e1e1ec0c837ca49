//! The catalogue of diagnostic codes: one page each, under `codes/`. Its examples run as tests (`tests/codes.rs`).

use include_dir::{Dir, include_dir};

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/diagnostic/codes");

/// The page of a code (`ML201`, in any case), in Dutch Markdown. Its first line is `# ML201 · …`.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    PAGES.get_file(format!("{}.md", code.to_uppercase()))?.contents_utf8()
}

/// The messages about definitions that are never more than a warning, and no rule about a whole set (ML3xx): it
/// calculates, and the project may think otherwise of it.
const WARNINGS: [&str; 16] = [
    "ML019", "ML037", "ML139", "ML141", "ML221", "ML223", "ML225", "ML231", "ML244", "ML269", "ML277", "ML410",
    "ML416", "ML417", "ML418", "ML511",
];

/// The codes whose level a project may set, in order.
#[must_use]
pub fn adjustable() -> Vec<&'static str> {
    all().into_iter().filter(|code| code.starts_with("ML3") || WARNINGS.contains(code)).collect()
}

/// All codes that have a page, in order.
#[must_use]
pub fn all() -> Vec<&'static str> {
    let mut codes: Vec<&str> =
        PAGES.files().filter_map(|f| f.path().file_stem()?.to_str()).filter(|c| c.starts_with("ML")).collect();
    codes.sort_unstable();
    codes
}
