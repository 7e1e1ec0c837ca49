//! Secrets in meetlat.yaml: found, taken out of the tree, and reported without a word of them. A message's place would
//! show its line, so these messages have none: they name the key and the line's number.

use std::ops::RangeInclusive;

use crate::diagnostic::{Diagnostic, Sink};
use crate::source::Span;
use crate::syntax::yaml::node::{Node, NodeKind};

/// A secret stands in a file that is shared.
const SECRET: &str = "ML036";

/// Parts of keys that name a secret; compared without `_`, `-`, `.` and spaces.
const KEYS: [&str; 14] = [
    "wachtwoord",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "geheim",
    "token",
    "accountkey",
    "accesskey",
    "apikey",
    "privatekey",
    "sharedkey",
    "credential",
    "connectionstring",
];

/// Parts of values that carry a secret.
const VALUES: [&str; 11] = [
    "accountkey=",
    "accesskey=",
    "sharedaccesssignature=",
    "password=",
    "pwd=",
    "wachtwoord=",
    "?token=",
    "&token=",
    "access_token=",
    "secret=",
    "-----begin ",
];

/// A message shows its line and some lines around it.
const AROUND: usize = 2;

/// A secret that was found: the keys that lead to it, and its lines from 1.
pub struct Found {
    path: String,
    lines: RangeInclusive<usize>,
}

/// Takes every entry out of the tree that has a secret for a key or a value.
pub fn take_out(root: &mut Node, text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    walk(root, "", false, text, &mut found);
    found
}

fn walk(node: &mut Node, path: &str, names: bool, text: &str, found: &mut Vec<Found>) {
    let lines = |first: Span, last: Span| line(text, first.range().start)..=line(text, last.range().end);
    match &mut node.kind {
        NodeKind::Scalar(_) => {}
        NodeKind::Sequence(items) => items.retain_mut(|item| {
            let secret = item.scalar().is_some_and(|s| is_secret_value(&s.fragment.text));
            if secret {
                found.push(Found { path: path.to_owned(), lines: lines(item.site(), item.site()) });
            } else {
                walk(item, path, false, text, found);
            }
            !secret
        }),
        NodeKind::Mapping(entries) => entries.retain_mut(|(key, value)| {
            let name = key.scalar().map(|s| s.fragment.text.as_str()).unwrap_or_default();
            let secret_name = is_secret_value(name);
            let shown = if secret_name { "…" } else { name };
            let path = if path.is_empty() { shown.to_owned() } else { format!("{path}.{shown}") };
            // Under `kolommen` the keys are columns: `token` may well be one.
            let secret = secret_name
                || !names && is_secret_key(name) && !value.is_absent()
                || value.scalar().is_some_and(|s| is_secret_value(&s.fragment.text));
            if secret {
                found.push(Found { path, lines: lines(key.site(), value.site()) });
            } else {
                let names = name == "kolommen";
                walk(value, &path, names, text, found);
            }
            !secret
        }),
    }
}

/// Reports the secrets, and what else was found. No message shows a line that holds a secret or looks like it.
pub fn report(text: &str, found: Vec<Found>, others: Sink, sink: &mut Sink) {
    let mut hidden: Vec<RangeInclusive<usize>> = found.iter().map(|f| f.lines.clone()).collect();
    let looks = text.split('\n').enumerate().filter(|(_, line)| is_secret_line(line));
    hidden.extend(looks.map(|(n, _)| n + 1..=n + 1));
    for Found { path, lines } in found {
        let message = format!("in meetlat.yaml staat een geheim: `{path}` (regel {})", lines.start());
        sink.push(
            Diagnostic::error(SECRET, message)
                .help("haal het weg en geef het mee in de omgeving, of laat de opslag zelf de aanmelding regelen")
                .help("wie dit bestand kon lezen, kent het geheim: laat het vervangen"),
        );
    }
    for diagnostic in others.into_sorted() {
        let places = diagnostic.span.into_iter().chain(diagnostic.related.iter().map(|r| r.0));
        let shows = places.flat_map(|s| [s.range().start, s.range().end]).any(|at| {
            let here = line(text, at);
            hidden
                .iter()
                .any(|h| (*h.start()..=h.end() + AROUND).contains(&here) || (here..=here + AROUND).contains(h.start()))
        });
        sink.push(if shows { without_place(diagnostic, text) } else { diagnostic });
    }
}

/// The message with the number of its line for a place.
fn without_place(diagnostic: Diagnostic, text: &str) -> Diagnostic {
    let Some(span) = diagnostic.span else { return diagnostic };
    let message = format!("in meetlat.yaml, regel {}: {}", line(text, span.range().start), diagnostic.message);
    Diagnostic { help: diagnostic.help, ..Diagnostic::new(diagnostic.code, diagnostic.severity, message) }
}

/// The number of a byte's line, from 1.
fn line(text: &str, at: usize) -> usize {
    text.get(..at).map_or(1, |before| before.matches('\n').count() + 1)
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.')).flat_map(char::to_lowercase).collect()
}

fn is_secret_key(key: &str) -> bool {
    let key = bare(key);
    KEYS.iter().any(|k| key.contains(k)) || matches!(key.as_str(), "pwd" | "sastoken" | "sas")
}

fn is_secret_value(value: &str) -> bool {
    let lower = value.to_lowercase();
    let marked = VALUES.iter().any(|v| lower.contains(v)) || lower.contains("sig=") && lower.contains("se=");
    marked || has_password_in_url(value) || is_cloud_key(value)
}

/// `scheme://user:pass@host`
fn has_password_in_url(value: &str) -> bool {
    value.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
        authority.rsplit_once('@').is_some_and(|(user, _)| user.split_once(':').is_some_and(|(_, p)| !p.is_empty()))
    })
}

/// An AWS access key.
fn is_cloud_key(value: &str) -> bool {
    ["AKIA", "ASIA"].iter().any(|mark| {
        value.match_indices(mark).any(|(at, _)| {
            let rest = value.get(at + 4..).unwrap_or_default();
            rest.chars().take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit()).count() >= 16
        })
    })
}

/// A line of a file that could not be read, or of which the shape is wrong.
fn is_secret_line(line: &str) -> bool {
    let (mut rest, mut any) = (line, is_secret_value(line));
    while let Some(at) = rest.find(':') {
        let key = rest.get(..at).unwrap_or_default().trim_end().rsplit(['{', ',', ' ']).next().unwrap_or_default();
        any |= is_secret_key(key);
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    any
}
