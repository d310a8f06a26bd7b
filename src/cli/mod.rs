//! Floor 5: the commands, one file each. They decode flags, ask `app` and flows, and print.

mod backup;
mod catalogs;
mod channel;
mod check;
mod demo;
mod doctor;
mod export;
mod health;
mod history;
mod inside;
mod jobs;
mod limits;
mod list;
pub mod log;
mod log_lines;
mod names;
mod owner_link;
mod parse;
mod person;
mod qr;
mod review;
mod serve;
mod sim;
mod stream;
mod subtitles;
mod titles;

use anyhow::Context;

use crate::config::Flags;

/// Forward a film to your Telegram channel, watch it in Stremio.
#[derive(Debug, clap::Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Run the cinema (also what happens without a command)
    Serve(Flags),
    /// The whole product on this machine with no account: simulated Telegram, sample library
    Demo(demo::Args),
    /// The simulated Telegram alone, for other clients and for benchmarks
    Sim(sim::Args),
    /// Say what a release name tells
    Parse(parse::Args),
    /// Check every setting, bot, channel, database and key, and say how to mend each
    Doctor(Flags),
    /// Add, remove or list the watched channels, also while the program runs
    Channel(channel::Args),
    /// Make lists of titles, each a catalog in Stremio for who may see it, also while the program runs
    List(Box<list::Args>),
    /// Show and choose which catalogs stand in Stremio, and in which order, also while the program runs
    Catalogs(Box<catalogs::Args>),
    /// Compare what stands here with the channels, and put right what differs, also while the program runs
    Check(check::Args),
    /// Add, invite, list and change people, or take their access away, also while the program runs
    Person(person::Args),
    /// What runs by itself and what was queued: how far it is, what it did; run, cancel and retry jobs, also while the program runs
    Jobs(Box<jobs::Args>),
    /// Show the files that need a person, and say what they are; asks on a terminal, also while the program runs
    Review(Box<review::Args>),
    /// Show which subtitles stand beside a film or an episode, and move those that come too early or too late, also while the program runs
    Subtitles(Box<subtitles::Args>),
    /// Show what files hold inside: tracks, languages, subtitles; and look into them anew, also while the program runs
    Inside(Box<inside::Args>),
    /// Make the title index now, see how it stands, ask it for a name; also while the program runs
    Titles(Box<titles::Args>),
    /// Print the last lines of LOG_FILE, without secrets
    Log(log_lines::Args),
    /// Show who watches what now, on every instance, and end a stream
    Stream(stream::Args),
    /// Show and set what people may use, and see what they used, also while the program runs
    Limits(limits::Args),
    /// Show and set which addresses, people and chats are let in, also while the program runs
    Access(limits::AccessArgs),
    /// Show what somebody watched, and forget it
    History(history::Args),
    /// Write everything that cannot be fetched again into one file, also while the program runs
    Backup(Box<backup::Args>),
    /// Make a library of a backup, on this machine or in another database; the program must not run
    Restore(Box<backup::RestoreArgs>),
    /// Write the library as files for Jellyfin, Emby and Kodi, into a folder or a zip, also while the program runs
    Export(Box<export::Args>),
    /// Print a new one-time link to the owner's page
    OwnerLink(Flags),
    /// Ask the running program whether it is alive (for container health checks)
    Health(health::Args),
}

impl Cli {
    /// The settings of a command whose log may be kept in a file: other commands must not write into the running program's.
    pub fn kept_log(&self) -> Option<&Flags> {
        match &self.command {
            None => Some(&self.flags),
            Some(Command::Serve(flags)) => Some(flags),
            Some(_) => None,
        }
    }

    /// The log filter unless RUST_LOG is set: events for the program that runs on its own, only problems for commands whose output
    /// a person reads.
    pub fn default_log(&self) -> &'static str {
        match self.command {
            None | Some(Command::Serve(_)) => "info,grammers_mtsender=warn,grammers_mtproto=warn,actix_server=warn",
            Some(_) => "warn,grammers_mtsender=error,grammers_mtproto=error",
        }
    }
}

/// Runs the command.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    let command = cli.command.unwrap_or(Command::Serve(cli.flags));
    match command {
        Command::Parse(args) => parse::run(&args),
        Command::Health(args) => health::run(args),
        Command::Serve(flags) => block_on(serve::run(flags)),
        Command::Demo(args) => block_on(demo::run(args)),
        Command::Sim(args) => block_on(sim::run(args)),
        Command::Doctor(flags) => block_on(doctor::run(flags)),
        Command::Channel(args) => block_on(channel::run(args)),
        Command::List(args) => block_on(list::run(*args)),
        Command::Catalogs(args) => block_on(catalogs::run(*args)),
        Command::Check(args) => block_on(check::run(args)),
        Command::Person(args) => block_on(person::run(args)),
        Command::Jobs(args) => block_on(jobs::run(*args)),
        Command::Review(args) => block_on(review::run(*args)),
        Command::Subtitles(args) => block_on(subtitles::run(*args)),
        Command::Inside(args) => block_on(inside::run(*args)),
        Command::Titles(args) => block_on(titles::run(*args)),
        Command::Log(args) => block_on(log_lines::run(args)),
        Command::Stream(args) => block_on(stream::run(args)),
        Command::Limits(args) => block_on(limits::run(args)),
        Command::Access(args) => block_on(limits::run_access(args)),
        Command::History(args) => block_on(history::run(args)),
        Command::Backup(args) => block_on(backup::run(*args)),
        Command::Restore(args) => block_on(backup::run_restore(*args)),
        Command::Export(args) => block_on(export::run(*args)),
        Command::OwnerLink(flags) => block_on(owner_link::run(flags)),
    }
}

fn block_on(command: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("the system gives no threads or sockets")?.block_on(command)
}
