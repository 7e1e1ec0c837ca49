//! `meetlat completions SHELL`

use clap::CommandFactory;

use super::Outcome;
use super::args::{Cli, CompletionsArgs};

pub fn run(args: &CompletionsArgs) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "meetlat", &mut text);
    super::print::out(&String::from_utf8_lossy(&text));
    Outcome::Well
}
