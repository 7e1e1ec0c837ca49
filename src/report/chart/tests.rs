//! Tests of the charts as a whole.

use super::*;

/// A page of all forms, to look at: `MEETLAT_GALLERY=/tmp/gallery.html cargo test chart::tests::gallery`.
#[test]
fn gallery() {
    let (page, sizes) = samples::page();
    for form in ["class=\"g\"", "class=\"gk\"", "class=\"gm\"", "class=\"gh\""] {
        assert!(page.contains(form), "{form}");
    }
    if let Some(path) = std::env::var_os("MEETLAT_GALLERY") {
        std::fs::write(path, &page).expect("a file");
        for (form, bytes) in sizes {
            println!("{form}: {bytes}");
        }
    }
}
