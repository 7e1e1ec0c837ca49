//! The command line: reads the project from disk, calls the phases, prints, and turns the outcome into an exit code.
//! Together with `run` the only place that knows the file system, the terminal and the clock.

mod args;
mod check;
#[cfg(feature = "engine")]
mod check_data;
mod completions;
#[cfg(feature = "engine")]
mod connect;
mod convert;
mod difference;
mod explain;
mod fmt;
#[cfg(feature = "engine")]
mod infer;
mod init;
mod print;
mod project;
#[cfg(feature = "engine")]
mod report;
#[cfg(feature = "engine")]
mod run;
mod select;
mod test;
mod usage;
mod values;
mod write;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::{Cli, Command};
use print::Printer;

/// How a command ended; the contract of exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 0
    Well,
    /// 1: definitions or norms do not hold.
    DoesNotHold,
    /// 2: wrong use.
    WrongUse,
    /// 3: data, storage or engine failed.
    Failed,
    /// 130
    Interrupted,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::DoesNotHold => 1,
            Self::WrongUse => 2,
            Self::Failed => 3,
            Self::Interrupted => 130,
        }
    }
}

/// Runs the program with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    let command = Cli::command().mut_subcommands(|c| c.disable_help_flag(true));
    let parsed = command.try_get_matches().and_then(|m| Cli::from_arg_matches(&m));
    let outcome = match parsed {
        Ok(cli) => dispatch(&cli),
        Err(error) if !error.use_stderr() => {
            print::out(&error.render().to_string());
            Outcome::Well
        }
        Err(error) => {
            let command = Cli::command();
            let mut given = std::env::args().skip(1);
            let name = given.find_map(|a| command.find_subcommand(&a).map(|c| c.get_name().to_owned()));
            print::err(&usage::message(&error, name.as_deref()));
            Outcome::WrongUse
        }
    };
    ExitCode::from(outcome.code())
}

fn dispatch(cli: &Cli) -> Outcome {
    let printer = Printer::new(cli.global.color, cli.global.quiet, cli.global.verbose);
    match &cli.command {
        Command::Init(args) => init::run(args, &printer),
        Command::Check(args) => check::run(args, &cli.global, &printer),
        #[cfg(feature = "engine")]
        Command::Run(args) => run::run(args, &cli.global, &printer),
        #[cfg(feature = "engine")]
        Command::Report(args) => report::run(args, &cli.global, &printer),
        Command::Test(args) => test::run(args, &cli.global, &printer),
        Command::Explain(args) => explain::run(args, &cli.global, &printer),
        Command::Fmt(args) => fmt::run(args, &cli.global, &printer),
        Command::Convert(args) => convert::run(args, &printer),
        #[cfg(feature = "engine")]
        Command::Infer(args) => infer::run(args, &printer),
        Command::Completions(args) => completions::run(args),
    }
}
