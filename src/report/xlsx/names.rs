//! Names of sheets: at most 31 characters, without those that a spreadsheet refuses, and each once, whatever its case.

use std::collections::BTreeSet;

use crate::report::words::clean;

/// The most UTF-16 units in a name.
const MOST: usize = 31;

/// The names that are taken, in lower case.
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    pub fn with<'n>(taken: impl IntoIterator<Item = &'n str>) -> Self {
        // Excel keeps these for itself.
        let own = ["history", "geschiedenis"].into_iter().map(str::to_owned);
        Self { taken: taken.into_iter().map(str::to_lowercase).chain(own).collect() }
    }

    /// A name that no other sheet has: the title, or where that is too long the shorter name, of which more is seen.
    pub fn unique(&mut self, title: &str, short: &str) -> String {
        let mut plain = plain(title);
        if plain.encode_utf16().count() > MOST {
            plain = self::plain(short);
        }
        let mut name = shortened(&plain, MOST);
        let mut n = 1;
        while !self.taken.insert(name.to_lowercase()) {
            n += 1;
            let end = format!(" ({n})");
            name = format!("{}{end}", shortened(&plain, MOST.saturating_sub(end.len())));
        }
        name
    }
}

/// Without `[ ] : * ? / \`, and without apostrophes at the ends.
fn plain(title: &str) -> String {
    let title = clean(title).replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
    let words: Vec<&str> = title.split_whitespace().collect();
    let name = words.join(" ");
    let name = name.trim_matches(['\'', ' ']);
    if name.is_empty() { "KPI".to_owned() } else { name.to_owned() }
}

/// With `…` where it is too long.
fn shortened(name: &str, most: usize) -> String {
    if name.encode_utf16().count() <= most {
        return name.to_owned();
    }
    let mut room = most.saturating_sub(1);
    let mut short = String::new();
    for c in name.chars() {
        if c.len_utf16() > room {
            break;
        }
        room -= c.len_utf16();
        short.push(c);
    }
    format!("{}…", short.trim_end_matches(['\'', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_and_unique() {
        let mut names = Names::with(["Overzicht"]);
        let cases = [
            ("Wachttijd", "Wachttijd"),
            ("WACHTTIJD", "WACHTTIJD (2)"),
            ("wachttijd", "wachttijd (3)"),
            ("overzicht", "overzicht (2)"),
            ("History", "History (2)"),
            ("a/b: [c]*?\\", "a b c"),
            ("'aan'", "aan"),
            ("'", "KPI"),
            ("", "KPI (2)"),
            ("=HYPERLINK(\"http://x\")", "=HYPERLINK(\"http x\")"),
        ];
        for (title, name) in cases {
            assert_eq!(names.unique(title, "naam"), name);
        }
        let long = "Percentage oproepen dat binnen de norm is";
        let cases = [
            ("op_tijd", "op_tijd"),
            ("percentage_oproepen_dat_binnen_de_norm_is", "percentage_oproepen_dat_binnen…"),
            ("percentage_oproepen_dat_binnen_de_week_is", "percentage_oproepen_dat_bi… (2)"),
            ("𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀", "𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀𝐀…"),
        ];
        for (short, name) in cases {
            let made = names.unique(long, short);
            assert_eq!(made, name);
            assert!(made.encode_utf16().count() <= MOST);
        }
    }
}
