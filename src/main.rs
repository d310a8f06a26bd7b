//! Reads `.env` and the command line, starts tracing, runs the command, prints one error chain.

use std::io::IsTerminal;
use std::process::ExitCode;

use cinepost::app;
use cinepost::cli::Cli;
use cinepost::cli::log::{self, Style};
use cinepost::config::Config;
use cinepost::domain::text;
use clap::Parser;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::MakeWriterExt;
use tracing_subscriber::util::SubscriberInitExt;

fn main() -> ExitCode {
    one_heap();
    if let Err(error) = cinepost::config::load_dotenv() {
        eprintln!("cinepost: {error:#}");
        return ExitCode::FAILURE;
    }
    let cli = Cli::parse();
    match start_tracing(&cli).and_then(|()| cinepost::cli::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Servers' words may be in it.
            eprintln!("cinepost: {}", text::lines(&format!("{error:#}"), usize::MAX));
            ExitCode::FAILURE
        }
    }
}

/// glibc gives threads heaps of their own, and what one thread frees, the others cannot use. Chunks of films are freed by other
/// threads than asked for them: with heaps apart each player of 40 Mbit/s cost 1.3 to 3.8 MiB, with one 0 to 0.8.
fn one_heap() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        #[expect(unsafe_code, reason = "a plain C call, before there is another thread")]
        // SAFETY: sets a number of the allocator; nothing else runs yet.
        unsafe {
            libc::mallopt(libc::M_ARENA_MAX, 1);
        }
    }
}

/// Logs go to standard error, so that what commands print can be piped, and to LOG_FILE. RUST_LOG chooses what, LOG_FORMAT=json is
/// for machines.
fn start_tracing(cli: &Cli) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(cli.default_log()));
    let file = match cli.kept_log() {
        // Nothing is made over wrong settings; the command itself reports them.
        Some(flags) => Config::to_serve(flags.clone()).map_or(Ok(None), |config| app::log_file(&config))?,
        None => None,
    };
    let style = match std::env::var("LOG_FORMAT").as_deref() {
        Ok("json") => Style::Json,
        // Colours are for terminals, not for files and container logs.
        _ => Style::Lines { colours: file.is_none() && std::io::stderr().is_terminal() },
    };
    match file {
        Some(file) => log::dispatch(filter, style, std::io::stderr.and(move || file.clone())).init(),
        None => log::dispatch(filter, style, std::io::stderr).init(),
    }
    Ok(())
}
