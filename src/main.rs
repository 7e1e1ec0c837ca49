//! The `meetlat` program: everything is in the library.

fn main() -> std::process::ExitCode {
    meetlat::cli::main()
}
