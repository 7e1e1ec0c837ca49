//! The shipped library and the pages of messages stand inside the program: it is built again when a file joins them.

fn main() {
    for folder in ["kpi-defs", "src/diagnostic/codes", "src/cli/init"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
