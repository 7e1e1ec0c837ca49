//! Case files: each definitions file under `tests/cases` is checked, and the messages a user sees are the snapshot.

use crate::command::meetlat;

#[test]
fn messages_on_case_files() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("cases/snapshots");
    settings.bind(|| {
        insta::glob!("cases/**/*.{kpi,yaml}", |path| {
            let dir = path.parent().expect("a folder");
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let ran = meetlat(dir, &["check", &name]);
            assert_eq!(ran.stdout, "", "check prints its messages to stderr");
            insta::assert_snapshot!(format!("exit {}\n\n{}", ran.code, ran.stderr));
        });
    });
}
