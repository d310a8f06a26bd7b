//! `cinepost health`: asks the program on this machine whether it is alive. For container health checks, where there is
//! no curl.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::config;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port that the program listens on [default: 8080]
    #[arg(long, env = "PORT", value_name = "PORT")]
    port: Option<String>,
}

/// Longer than a busy small machine takes, shorter than a container engine waits.
const PATIENCE: Duration = Duration::from_secs(4);

pub fn run(args: Args) -> anyhow::Result<()> {
    let address = (Ipv4Addr::LOCALHOST, config::port(args.port)?).into();
    let mut stream =
        TcpStream::connect_timeout(&address, PATIENCE).with_context(|| format!("nothing answers at {address}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut status = [0; 12];
    stream.read_exact(&mut status).with_context(|| format!("{address} does not answer"))?;
    match &status[9..] {
        b"200" => Ok(()),
        other => bail!("it answers {}", String::from_utf8_lossy(other)),
    }
}
